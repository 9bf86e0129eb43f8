//! Asking a cluster how much there is: counts that are exact, or an error.

use super::cluster::RemoteIndex;
use super::translate::translate;
use crate::index::IndexError;
use crate::query::Query;
use crate::query::aliases::Aliases;
use index_schema::Field;
use serde_json::json;
use std::collections::BTreeMap;

/// Values asked for at one time; a field of more is counted page by page.
const VALUES: usize = 10_000;

impl RemoteIndex {
    /// How many documents the query finds.
    pub fn count(&self, query: &Query) -> Result<u64, IndexError> {
        let query = translate(query, &Aliases::default());
        let body = json!({ "size": 0, "track_total_hits": true, "query": query });
        let reply = self.search(&self.alias, &body)?;
        match reply["hits"]["total"]["value"].as_u64() {
            Some(count) => Ok(count),
            None => Err(self.failed("ask", "its answer holds no count".to_owned())),
        }
    }

    /// Every value of a `Keyword` field among the documents of the query, with the number of those that have it.
    pub fn counts(&self, query: &Query, field: Field) -> Result<BTreeMap<String, u64>, IndexError> {
        let query = translate(query, &Aliases::default());
        let terms = json!({ "field": field.name(), "size": VALUES, "shard_size": VALUES });
        let body = json!({ "size": 0, "query": query, "aggs": { "values": { "terms": terms } } });
        let values = &self.search(&self.alias, &body)?["aggregations"]["values"];
        if values["doc_count_error_upper_bound"] == 0 && values["sum_other_doc_count"] == 0 {
            return Ok(counted(values, |key| key.as_str()));
        }
        let mut counts = BTreeMap::new();
        let mut composite =
            json!({ "size": VALUES, "sources": [{ "value": { "terms": { "field": field.name() } } }] });
        loop {
            let body = json!({ "size": 0, "query": query, "aggs": { "values": { "composite": composite } } });
            let values = &self.search(&self.alias, &body)?["aggregations"]["values"];
            counts.extend(counted(values, |key| key["value"].as_str()));
            if values["after_key"].is_null() {
                return Ok(counts);
            }
            composite["after"] = values["after_key"].clone();
        }
    }
}

fn counted<'v>(
    values: &'v serde_json::Value,
    name: impl Fn(&'v serde_json::Value) -> Option<&'v str>,
) -> BTreeMap<String, u64> {
    let buckets = values["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let pair = |bucket: &'v serde_json::Value| {
        Some((name(&bucket["key"])?.to_owned(), bucket["doc_count"].as_u64()?))
    };
    buckets.iter().filter_map(pair).collect()
}
