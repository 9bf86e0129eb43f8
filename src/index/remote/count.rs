//! Counting on a cluster: facets and tables of two, exact or an error.

use super::ask::RemoteReader;
use super::mapping::STORY_OR_ID;
use super::totals::Counts;
use crate::answer::{By, Cross, Distinct, Facet, OwnFilters, Totals};
use crate::index::IndexError;
use crate::index::counts::{self, Counted, Held, Told, column};
use crate::query::Query;
use index_schema::{Field, Kind};
use serde_json::{Value as Json, json};
use xxhash_rust::xxh3::xxh3_128;

/// Values asked for at one time, fewer than OpenSearch's `search.max_buckets`; a field of more is counted page by page.
const VALUES: usize = 60_000;
const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// What is counted at one time: documents by the tuples of their values.
pub(super) struct Asked {
    /// The documents, in the cluster's words.
    pub(super) within: Json,
    pub(super) properties: Vec<&'static str>,
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
        let counted = self.tuples(beside, &wanted, &mut |number, bucket| counts.add(number, bucket))?;
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
        Ok(counts::cross(rows, columns, next(), &self.aliases))
    }

    fn facet(&self, wanted: &Wanted, counts: Tuples) -> Facet {
        let single = |(tuple, held): (Vec<Counted>, Held)| Some((tuple.into_iter().next()?, held));
        let counts = counts.into_iter().filter_map(single).collect();
        counts::facet(wanted.by[0], &wanted.within, counts, &self.aliases)
    }

    /// What holds each tuple of values, for each that is wanted; the buckets of what is asked beside them are given.
    fn tuples(
        &self,
        beside: Vec<Asked>,
        wanted: &[Wanted],
        give: &mut dyn FnMut(usize, &Json),
    ) -> Result<Vec<Tuples>, IndexError> {
        let first = beside.len();
        let mut asked = beside;
        let mut whose = Vec::new();
        for (number, wanted) in wanted.iter().enumerate() {
            for (part, group) in parts(wanted.told) {
                let within = self.translated(&Query::all([wanted.within.clone(), part]));
                let columns = wanted.by.iter().map(|&by| column(by).name());
                asked.push(Asked { within, properties: columns.chain(group).collect() });
                whose.push((number, group.is_some()));
            }
        }
        let mut tuples = vec![Vec::new(); wanted.len()];
        self.buckets(&asked, &mut |number, bucket| {
            if number < first {
                return give(number, bucket);
            }
            let (whose, grouped) = whose[number - first];
            let columns = wanted[whose].by.iter().enumerate();
            let values = columns.map(|(place, &by)| named(column(by), value(bucket, place)));
            let Some(tuple) = values.collect::<Option<Vec<Counted>>>() else { return };
            let held = if grouped {
                let name = value(bucket, tuple.len()).as_str().unwrap_or_default();
                Held { documents: 0, groups: vec![xxh3_128(name.as_bytes())] }
            } else {
                Held::documents(bucket["doc_count"].as_u64().unwrap_or(0))
            };
            tuples[whose].push((tuple, held));
        })?;
        tuples.iter_mut().for_each(counts::together);
        Ok(tuples)
    }

    /// Gives every bucket of each that is asked, by its number: exact, however many there are. All are asked together; of
    /// those with more buckets than fit an answer, the rest again.
    pub(super) fn buckets(
        &self,
        asked: &[Asked],
        give: &mut dyn FnMut(usize, &Json),
    ) -> Result<(), IndexError> {
        let mut open: Vec<(usize, Json)> =
            asked.iter().enumerate().map(|(number, asked)| (number, asked.first())).collect();
        while !open.is_empty() {
            let body = |(number, values): &(usize, Json)| json!({ "size": 0, "query": asked[*number].within, "aggs": { "values": values } });
            let bodies: Vec<Json> = open.iter().map(body).collect();
            let replies = self.index.counts(&bodies)?;
            let mut rest = Vec::new();
            for ((number, _), reply) in open.into_iter().zip(replies) {
                let values = &reply["aggregations"]["values"];
                let paged = values["sum_other_doc_count"].is_null();
                let buckets = if paged { values["buckets"].as_array() } else { exact(values) };
                let buckets = buckets.map(Vec::as_slice);
                buckets.unwrap_or_default().iter().for_each(|bucket| give(number, bucket));
                match buckets {
                    Some(buckets) if !paged || buckets.len() < VALUES => {}
                    _ => rest.push((number, asked[number].page(&values["after_key"]))),
                }
            }
            open = rest;
        }
        Ok(())
    }
}

impl Asked {
    /// The first aggregation that may do.
    fn first(&self) -> Json {
        match &self.properties[..] {
            [name] => json!({ "terms": { "field": name, "size": VALUES, "shard_size": VALUES } }),
            _ => self.page(&Json::Null),
        }
    }

    /// Tuples in their order, those after that one.
    fn page(&self, after: &Json) -> Json {
        // by their number: one property may stand twice
        let named = |(number, name)| json!({ key(number): { "terms": { "field": name } } });
        let sources: Vec<Json> = self.properties.iter().enumerate().map(named).collect();
        let mut composite = json!({ "size": VALUES, "sources": sources });
        if !after.is_null() {
            composite["after"] = after.clone();
        }
        json!({ "composite": composite })
    }
}

/// The buckets of a terms aggregation that holds every value with its exact count.
pub(super) fn exact(values: &Json) -> Option<&Vec<Json>> {
    let exact = values["doc_count_error_upper_bound"] == 0 && values["sum_other_doc_count"] == 0;
    values["buckets"].as_array().filter(|_| exact)
}

/// The value of that number in a bucket's tuple.
pub(super) fn value(bucket: &Json, number: usize) -> &Json {
    match &bucket["key"] {
        Json::Object(tuple) => tuple.get(&key(number)).unwrap_or(&Json::Null),
        single => single,
    }
}

/// Tuples of values with what holds them.
type Tuples = Vec<(Vec<Counted>, Held)>;

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
}

/// A part of the documents, and the property that tells apart what is counted there, where that is not documents.
type Part = (Query, Option<&'static str>);

/// The documents in parts, so that no more of them than must are counted by their groups.
fn parts(told: Told) -> Vec<Part> {
    match told {
        Told { by: None, .. } => vec![(Query::Everything, None)],
        Told { by: Some(_), or_id: true } => vec![(Query::Everything, Some(STORY_OR_ID))],
        Told { by: Some(Field::Story), .. } => {
            let in_story = Query::Present(Field::Story);
            vec![(Query::Not(Box::new(in_story.clone())), None), (in_story, Some(Field::Story.name()))]
        }
        Told { by: Some(field), .. } => vec![(Query::Everything, Some(field.name()))],
    }
}

/// What a tuple calls the value of its property of that number.
fn key(number: usize) -> String {
    number.to_string()
}

/// A value in a bucket's key: days come as milliseconds.
fn named(column: Field, key: &Json) -> Option<Counted> {
    match column.spec().kind {
        Kind::Day => key.as_i64().map(|at| Counted::Day(at.div_euclid(MILLISECONDS_A_DAY))),
        _ => key.as_str().map(|name| Counted::Name(name.to_owned())),
    }
}
