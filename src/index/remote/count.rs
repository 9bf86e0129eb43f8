//! Counting on a cluster: facets and tables of two, exact or an error.

use super::ask::{RemoteReader, group};
use crate::answer::{By, Cross, Distinct, Facet, OwnFilters};
use crate::index::IndexError;
use crate::index::counts::{self, Counted, Held, column, fall_together};
use crate::query::Query;
use index_schema::{Field, Kind};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashSet};
use xxhash_rust::xxh3::xxh3_128;

/// Values asked for at one time; a field of more is counted page by page.
const VALUES: usize = 10_000;
const MILLISECONDS_A_DAY: i64 = 86_400_000;

impl RemoteReader {
    /// Each facet with all its values.
    pub fn facets(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Option<Distinct>,
    ) -> Result<Vec<Facet>, IndexError> {
        let base = |by: &By| match own {
            OwnFilters::Ignored => query.without(by.field),
            OwnFilters::Kept => query.clone(),
        };
        let bases: Vec<Query> = by.iter().map(base).collect();
        let asked = by.iter().copied().zip(&bases);
        let simple: (Vec<By>, Vec<Query>) = asked
            .clone()
            .filter(|(by, _)| group_told(distinct, &[*by]).is_none())
            .map(|(by, base)| (by, base.clone()))
            .unzip();
        let mut simply = self.counted(query, &simple.0, &simple.1)?.into_iter();
        let mut facets = Vec::with_capacity(by.len());
        for (by, base) in asked {
            let counts = match group_told(distinct, &[by]) {
                None => simply.next().unwrap_or_default(),
                told => self.grouped(base, column(by).name(), told)?,
            };
            facets.push(counts::facet(by, base, counts, &self.aliases));
        }
        Ok(facets)
    }

    /// All facets in one request: over what every one of them asks for, each with a filter of what only it does not let
    /// go.
    fn counted(
        &self,
        query: &Query,
        by: &[By],
        bases: &[Query],
    ) -> Result<Vec<Vec<(Counted, Held)>>, IndexError> {
        let common = bases.iter().fold(query.clone(), |common, base| {
            Query::all(common.clauses().iter().filter(|clause| base.clauses().contains(clause)).cloned())
        });
        let mut aggregations = Map::new();
        for (number, (by, base)) in by.iter().zip(bases).enumerate() {
            let terms = json!({ "field": column(*by).name(), "size": VALUES, "shard_size": VALUES });
            let mine = base.clauses().iter().filter(|clause| !common.clauses().contains(clause)).cloned();
            let filter = self.translated(&Query::all(mine));
            aggregations.insert(
                number.to_string(),
                json!({ "filter": filter, "aggs": { "values": { "terms": terms } } }),
            );
        }
        let body = json!({ "size": 0, "query": self.translated(&common), "aggs": aggregations });
        let reply = if by.is_empty() { Json::Null } else { self.search(&body)? };
        let mut all = Vec::new();
        for (number, (by, base)) in by.iter().zip(bases).enumerate() {
            let values = &reply["aggregations"][number.to_string()]["values"];
            let exact = values["doc_count_error_upper_bound"] == 0 && values["sum_other_doc_count"] == 0;
            let mut counts = Vec::new();
            if exact {
                for bucket in values["buckets"].as_array().into_iter().flatten() {
                    counts.extend(named(column(*by).name(), &bucket["key"]).zip(documents(bucket)));
                }
            } else {
                let column = column(*by).name();
                self.tuples(&self.translated(base), &[column], &mut |bucket| {
                    counts.extend(named(column, &bucket["key"][part(0)]).zip(documents(bucket)));
                })?;
            }
            all.push(counts);
        }
        Ok(all)
    }

    /// The groups that hold each value of a column.
    fn grouped(
        &self,
        query: &Query,
        column: &'static str,
        group: Option<&'static str>,
    ) -> Result<Vec<(Counted, Held)>, IndexError> {
        let tuples = self.tupled(query, &[column], group)?;
        Ok(tuples.into_iter().filter_map(|(tuple, held)| Some((tuple.into_iter().next()?, held))).collect())
    }

    /// How many documents, or which groups, hold each tuple of values.
    fn tupled(
        &self,
        query: &Query,
        columns: &[&'static str],
        group: Option<&'static str>,
    ) -> Result<BTreeMap<Vec<Counted>, Held>, IndexError> {
        let sources: Vec<&str> = columns.iter().copied().chain(group).collect();
        let mut tupled: BTreeMap<Vec<Counted>, Held> = BTreeMap::new();
        self.tuples(&self.translated(query), &sources, &mut |bucket| {
            let values = columns
                .iter()
                .enumerate()
                .map(|(number, column)| named(column, &bucket["key"][part(number)]));
            let Some(tuple) = values.collect::<Option<Vec<Counted>>>() else { return };
            let held = match group {
                None => documents(bucket),
                Some(_) => {
                    let name = bucket["key"][part(columns.len())].as_str().unwrap_or_default();
                    Some(Held::Groups(HashSet::from([xxh3_128(name.as_bytes())])))
                }
            };
            match (tupled.get_mut(&tuple), held) {
                (Some(all), Some(held)) => all.add(held),
                (None, Some(held)) => {
                    tupled.insert(tuple, held);
                }
                (_, None) => {}
            }
        })?;
        Ok(tupled)
    }

    /// Two facets crossed: each value of `rows` with the counts of every value of `columns` within it.
    pub fn cross(
        &self,
        query: &Query,
        rows: By,
        columns: By,
        distinct: Option<Distinct>,
    ) -> Result<Cross, IndexError> {
        let told = group_told(distinct, &[rows, columns]);
        let tupled = self.tupled(query, &[column(rows).name(), column(columns).name()], told)?;
        let mut facets = self.facets(query, &[rows, columns], OwnFilters::Kept, distinct)?.into_iter();
        let (Some(rows), Some(columns)) = (facets.next(), facets.next()) else { unreachable!() };
        Ok(counts::cross(rows, columns, tupled, &self.aliases))
    }

    /// Gives the bucket of every tuple of values of these properties, page by page: exact, however many there are.
    pub(super) fn tuples(
        &self,
        query: &Json,
        properties: &[&'static str],
        give: &mut dyn FnMut(&Json),
    ) -> Result<(), IndexError> {
        // by their number: one property may stand twice
        let named = |(number, name)| json!({ part(number): { "terms": { "field": name } } });
        let sources: Vec<Json> = properties.iter().enumerate().map(named).collect();
        let mut composite = json!({ "size": VALUES, "sources": sources });
        loop {
            let body = json!({ "size": 0, "query": query, "aggs": { "tuples": { "composite": composite } } });
            let tuples = &self.search(&body)?["aggregations"]["tuples"];
            tuples["buckets"].as_array().into_iter().flatten().for_each(&mut *give);
            if tuples["after_key"].is_null() {
                return Ok(());
            }
            composite["after"] = tuples["after_key"].clone();
        }
    }
}

/// The property that tells apart the things that are counted, where that is not simply documents.
fn group_told(distinct: Option<Distinct>, by: &[By]) -> Option<&'static str> {
    let documents = || by.iter().any(|&by| fall_together(by)).then_some(Field::Id.name());
    distinct.map(group).or_else(documents)
}

/// What a tuple calls the value of its property of that number.
fn part(number: usize) -> String {
    number.to_string()
}

/// A value in a bucket's key: days come as milliseconds.
fn named(column: &str, key: &Json) -> Option<Counted> {
    match Field::named(column).map(|field| field.spec().kind) {
        Some(Kind::Day) => key.as_i64().map(|at| Counted::Day(at.div_euclid(MILLISECONDS_A_DAY))),
        _ => key.as_str().map(|name| Counted::Name(name.to_owned())),
    }
}

fn documents(bucket: &Json) -> Option<Held> {
    bucket["doc_count"].as_u64().map(Held::Documents)
}
