//! Counting on a cluster: facets and tables of two, exact or an error.

use super::ask::RemoteReader;
use super::buckets::{Bucket, MOST};
use super::mapping::STORY_OR_ID;
use super::totals::Counts;
use crate::answer::{By, Cross, Distinct, Facet, OwnFilters, Totals};
use crate::index::IndexError;
use crate::index::counts::{self, Counted, Held, Told, column};
use crate::query::Query;
use index_schema::Field;
use serde_json::{Value as Json, json};

/// What is counted at one time: documents by the tuples of their values.
#[derive(PartialEq)]
pub(super) struct Asked {
    /// The documents, in the cluster's words.
    pub(super) within: Json,
    /// One field, or two.
    pub(super) fields: Vec<Field>,
    /// The property whose values are counted in place of documents; documents without one are counted each.
    pub(super) group: Option<&'static str>,
}

impl RemoteReader {
    /// Each facet with all its values.
    pub fn facets(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<Vec<Facet>, IndexError> {
        let wanted: Vec<Wanted> = by.iter().map(|&by| Wanted::facet(query, by, own, distinct)).collect();
        let counted = self.tuples(Vec::new(), &wanted, &mut |_, _| {})?;
        Ok(wanted.iter().zip(counted).map(|(wanted, counts)| self.facet(wanted, counts)).collect())
    }

    /// How many the query finds, and each facet.
    pub fn counted(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<(Totals, Vec<Facet>), IndexError> {
        let wanted: Vec<Wanted> = by.iter().map(|&by| Wanted::facet(query, by, own, distinct)).collect();
        let mut counts = Counts::new(distinct);
        let beside = self.asked(query, distinct);
        let counted = self.tuples(beside, &wanted, &mut |number, buckets| counts.add(number, buckets))?;
        let facets = wanted.iter().zip(counted).map(|(wanted, counts)| self.facet(wanted, counts));
        Ok((counts.totals, facets.collect()))
    }

    /// Two facets crossed: each value of `rows` with the counts of every value of `columns` within it.
    pub fn cross(
        &self,
        query: &Query,
        rows: By,
        columns: By,
        distinct: Distinct,
    ) -> Result<Cross, IndexError> {
        let [rows, columns] = [rows, columns].map(|by| Wanted::facet(query, by, OwnFilters::Kept, distinct));
        let by = [rows.by[0], columns.by[0]];
        let cells = Wanted { within: query.clone(), by: by.to_vec(), told: Told::apart(distinct, &by) };
        let wanted = [rows, columns, cells];
        let mut counted = self.tuples(Vec::new(), &wanted, &mut |_, _| {})?.into_iter();
        let [rows, columns, _] = &wanted;
        let mut next = || counted.next().unwrap_or_default();
        let (rows, columns) = (self.facet(rows, next()), self.facet(columns, next()));
        let cells =
            next().into_iter().map(|((row, column), held)| ([row].into_iter().chain(column).collect(), held));
        Ok(counts::cross(rows, columns, cells, &self.aliases))
    }

    fn facet(&self, wanted: &Wanted, counts: Tuples) -> Facet {
        let counts = counts.into_iter().map(|((value, _), held)| (value, held)).collect();
        counts::facet(wanted.by[0], &wanted.within, counts, &self.aliases)
    }

    /// What holds each tuple of values, for each that is wanted; the buckets of what is asked beside them are given.
    fn tuples(
        &self,
        beside: Vec<Asked>,
        wanted: &[Wanted],
        give: &mut dyn FnMut(usize, Vec<Bucket>),
    ) -> Result<Vec<Tuples>, IndexError> {
        let first = beside.len();
        let mut asked = beside;
        let mut places = Vec::with_capacity(wanted.len());
        for one in wanted {
            let fields = match &one.by[..] {
                // days that are asked for anyway tell their months and years
                [By { field: Field::Date, .. }] if wanted.iter().any(|other| one.has_days_of(other)) => {
                    vec![Field::Date]
                }
                by => by.iter().map(|&by| column(by)).collect(),
            };
            let one = Asked { within: self.translated(&one.within), fields, group: group(one.told) };
            let before = asked[first..].iter().position(|other| *other == one);
            places.push(before.unwrap_or(asked.len() - first));
            if before.is_none() {
                asked.push(one);
            }
        }
        let mut tuples = vec![Vec::new(); asked.len() - first];
        self.buckets(&asked, &mut |number, buckets| match number.checked_sub(first) {
            // the first page stays where it was read
            Some(number) if tuples[number].is_empty() => {
                tuples[number] = buckets.into_iter().map(tuple).collect();
            }
            Some(number) => tuples[number].extend(buckets.into_iter().map(tuple)),
            None => give(number, buckets),
        })?;
        tuples.iter_mut().for_each(counts::together);
        let mut counted = Vec::with_capacity(places.len());
        for (number, place) in places.iter().enumerate() {
            let again = places[number + 1..].contains(place);
            counted.push(if again { tuples[*place].clone() } else { std::mem::take(&mut tuples[*place]) });
        }
        Ok(counted)
    }

    /// Gives the buckets of each that is asked, by its number: exact, however many there are. All are asked together; of
    /// those with more buckets than fit an answer, the rest again.
    pub(super) fn buckets(
        &self,
        asked: &[Asked],
        give: &mut dyn FnMut(usize, Vec<Bucket>),
    ) -> Result<(), IndexError> {
        let mut open: Vec<(usize, Json)> = (0..asked.len()).map(|number| (number, Json::Null)).collect();
        while !open.is_empty() {
            let body = |(number, after): &(usize, Json)| {
                let asked = &asked[*number];
                json!({ "size": 0, "query": asked.within, "aggs": { "values": asked.page(MOST, after) } })
            };
            let bodies: Vec<Json> = open.iter().map(body).collect();
            let mut rest = Vec::new();
            for ((number, _), page) in open.into_iter().zip(self.index.counts(&bodies)?) {
                if page.buckets.len() == MOST {
                    rest.push((number, page.after));
                }
                give(number, page.buckets);
            }
            open = rest;
        }
        Ok(())
    }
}

impl Asked {
    /// The aggregation of so many buckets, those after that one. Unlike one of terms it is exact by itself, and at half
    /// the cost where there are many values.
    pub(super) fn page(&self, size: usize, after: &Json) -> Json {
        let named = |(number, field): (usize, &Field)| {
            (number.to_string(), json!({ "terms": { "field": field.name() } }))
        };
        let group = |property| {
            ("group".to_owned(), json!({ "terms": { "field": property, "missing_bucket": true } }))
        };
        let sources = self.fields.iter().enumerate().map(named).chain(self.group.map(group));
        let sources: Vec<Json> = sources.map(|(name, source)| json!({ name: source })).collect();
        let mut composite = json!({ "size": size, "sources": sources });
        if !after.is_null() {
            composite["after"] = after.clone();
        }
        json!({ "composite": composite })
    }
}

/// Tuples of values with what holds them.
type Tuples = Vec<((Counted, Option<Counted>), Held)>;

/// One count that is wanted: the values of a facet, or the tuples of two.
struct Wanted {
    within: Query,
    by: Vec<By>,
    told: Told,
}

impl Wanted {
    fn facet(query: &Query, by: By, own: OwnFilters, distinct: Distinct) -> Wanted {
        let within = match own {
            OwnFilters::Ignored => query.without(by.field),
            OwnFilters::Kept => query.clone(),
        };
        Wanted { within, by: vec![by], told: Told::apart(distinct, &[by]) }
    }

    /// Whether `days` are the days that this period is made of.
    fn has_days_of(&self, days: &Wanted) -> bool {
        days.within == self.within && matches!(days.by[..], [by] if column(by) == Field::Date)
    }
}

fn tuple(Bucket { key, documents }: Bucket) -> ((Counted, Option<Counted>), Held) {
    let held = match key.group {
        Some(group) => Held { documents: 0, groups: vec![group.number()] },
        None => Held::documents(documents),
    };
    ((key.value, key.second), held)
}

/// The property that holds what is told apart.
fn group(told: Told) -> Option<&'static str> {
    match told {
        Told { by: Some(Field::Story), or_id: true } => Some(STORY_OR_ID),
        Told { by, .. } => by.map(Field::name),
    }
}
