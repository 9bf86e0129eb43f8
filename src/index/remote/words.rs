//! The words of an index on a cluster: how frequent they are, and which are like another.

use super::ask::RemoteReader;
use crate::index::IndexError;
use index_schema::Field;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Words looked up at one time.
const AT_ONCE: usize = 1_000;
/// The most words like one.
const ALIKE: usize = 1_000;

impl RemoteReader {
    /// In how many documents each of the terms stands.
    pub(in crate::index) fn frequencies(
        &self,
        field: Field,
        terms: &[String],
    ) -> Result<Vec<u64>, IndexError> {
        let mut frequencies = Vec::new();
        for terms in terms.chunks(AT_ONCE) {
            let filters: Vec<Json> =
                terms.iter().map(|word| json!({ "term": { field.name(): word } })).collect();
            let body = json!({ "size": 0, "aggs": { "words": { "filters": { "filters": filters } } } });
            let reply = self.search(&body)?;
            let buckets = reply["aggregations"]["words"]["buckets"].as_array().map(Vec::as_slice);
            let counts =
                buckets.unwrap_or_default().iter().map(|bucket| bucket["doc_count"].as_u64().unwrap_or(0));
            frequencies.extend(counts);
        }
        Ok(frequencies)
    }

    /// The words of a field that are so many edits or fewer from `word`, each with the number of its documents.
    pub(in crate::index) fn similar(
        &self,
        field: Field,
        word: &str,
        edits: u8,
    ) -> Result<BTreeMap<String, u64>, IndexError> {
        let term = json!({
            "field": field.name(), "suggest_mode": "always", "sort": "frequency", "max_edits": edits,
            "string_distance": "damerau_levenshtein", "prefix_length": 0, "min_word_length": 1, "accuracy": 0.0,
            "size": ALIKE, "shard_size": ALIKE,
        });
        let body = json!({ "size": 0, "suggest": { "alike": { "text": word, "term": term } } });
        let reply = self.search(&body)?;
        let found = reply["suggest"]["alike"].as_array().into_iter().flatten();
        let options = found.flat_map(|word| word["options"].as_array().into_iter().flatten());
        let pair = |option: &Json| Some((option["text"].as_str()?.to_owned(), option["freq"].as_u64()?));
        Ok(options.filter_map(pair).collect())
    }
}
