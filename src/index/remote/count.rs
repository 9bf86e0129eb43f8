//! Counting on a cluster: facets and tables of two, exact or an error.

use super::ask::RemoteReader;
use super::mapping::STORY_OR_ID;
use crate::answer::{By, Cross, Distinct, Facet, OwnFilters};
use crate::index::IndexError;
use crate::index::counts::{self, Counted, Held, Told, column};
use crate::query::Query;
use index_schema::{Field, Kind};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
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
        distinct: Distinct,
    ) -> Result<Vec<Facet>, IndexError> {
        let base = |by: &By| match own {
            OwnFilters::Ignored => query.without(by.field),
            OwnFilters::Kept => query.clone(),
        };
        let asked: Vec<(By, Query, Vec<Part>)> =
            by.iter().map(|by| (*by, base(by), parts(Told::apart(distinct, &[*by])))).collect();
        let mut simple: (Vec<By>, Vec<Query>) = Default::default();
        for (by, base, parts) in &asked {
            for (part, _) in parts.iter().filter(|(_, group)| group.is_none()) {
                simple.0.push(*by);
                simple.1.push(Query::all([base.clone(), part.clone()]));
            }
        }
        let mut simply = self.counted(&simple.0, &simple.1)?.into_iter();
        let mut facets = Vec::with_capacity(by.len());
        for (by, base, parts) in asked {
            let mut counts = Vec::new();
            for part in parts {
                match part.1 {
                    None => counts.extend(simply.next().unwrap_or_default()),
                    Some(_) => {
                        let tupled = self.tupled(&base, &[column(by).name()], &[part])?.into_iter();
                        counts.extend(
                            tupled.filter_map(|(tuple, held)| Some((tuple.into_iter().next()?, held))),
                        );
                    }
                }
            }
            counts::together(&mut counts);
            facets.push(counts::facet(by, &base, counts, &self.aliases));
        }
        Ok(facets)
    }

    /// All facets in one request: over what every one of them asks for, each with a filter of what only it does not let
    /// go.
    fn counted(&self, by: &[By], bases: &[Query]) -> Result<Vec<Vec<(Counted, Held)>>, IndexError> {
        let first = bases.first().cloned().unwrap_or(Query::Everything);
        let common = bases.iter().fold(first, |common, base| {
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
                    counts.extend(
                        named(column(*by).name(), &bucket["key"]).map(|value| (value, documents(bucket))),
                    );
                }
            } else {
                let column = column(*by).name();
                self.tuples(&self.translated(base), &[column], &mut |bucket| {
                    let value = named(column, &bucket["key"][key(0)]);
                    counts.extend(value.map(|value| (value, documents(bucket))));
                })?;
            }
            all.push(counts);
        }
        Ok(all)
    }

    /// What holds each tuple of values, among the documents of each of the parts.
    fn tupled(
        &self,
        query: &Query,
        columns: &[&'static str],
        parts: &[Part],
    ) -> Result<BTreeMap<Vec<Counted>, Held>, IndexError> {
        let mut tupled: BTreeMap<Vec<Counted>, Held> = BTreeMap::new();
        for (part, group) in parts {
            let sources: Vec<&str> = columns.iter().copied().chain(*group).collect();
            let within = self.translated(&Query::all([query.clone(), part.clone()]));
            self.tuples(&within, &sources, &mut |bucket| {
                let values = columns
                    .iter()
                    .enumerate()
                    .map(|(number, column)| named(column, &bucket["key"][key(number)]));
                let Some(tuple) = values.collect::<Option<Vec<Counted>>>() else { return };
                let held = match group {
                    None => documents(bucket),
                    Some(_) => {
                        let name = bucket["key"][key(columns.len())].as_str().unwrap_or_default();
                        Held { documents: 0, groups: vec![xxh3_128(name.as_bytes())] }
                    }
                };
                tupled.entry(tuple).or_default().add(held);
            })?;
        }
        Ok(tupled)
    }

    /// Two facets crossed: each value of `rows` with the counts of every value of `columns` within it.
    pub fn cross(
        &self,
        query: &Query,
        rows: By,
        columns: By,
        distinct: Distinct,
    ) -> Result<Cross, IndexError> {
        let parts = parts(Told::apart(distinct, &[rows, columns]));
        let tupled = self.tupled(query, &[column(rows).name(), column(columns).name()], &parts)?;
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
        let named = |(number, name)| json!({ key(number): { "terms": { "field": name } } });
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
fn named(column: &str, key: &Json) -> Option<Counted> {
    match Field::named(column).map(|field| field.spec().kind) {
        Some(Kind::Day) => key.as_i64().map(|at| Counted::Day(at.div_euclid(MILLISECONDS_A_DAY))),
        _ => key.as_str().map(|name| Counted::Name(name.to_owned())),
    }
}

fn documents(bucket: &Json) -> Held {
    Held::documents(bucket["doc_count"].as_u64().unwrap_or(0))
}
