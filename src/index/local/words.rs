//! The words of a local index: how frequent they are, and which are like another.

use super::ask::LocalReader;
use super::write::number;
use crate::index::IndexError;
use index_schema::Field;
use std::collections::BTreeMap;
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

impl LocalReader {
    /// In how many documents each of the terms stands.
    pub(in crate::index) fn frequencies(
        &self,
        field: Field,
        terms: &[String],
    ) -> Result<Vec<u64>, IndexError> {
        let frequency = |term: &String| self.searcher().doc_freq(&Term::from_field_text(number(field), term));
        let found: tantivy::Result<Vec<u64>> = terms.iter().map(frequency).collect();
        found.map_err(|cause| self.failed(cause))
    }

    /// The words of a field that are so many edits or fewer from `word`, each with the number of its documents.
    pub(in crate::index) fn similar(
        &self,
        field: Field,
        word: &str,
        edits: u8,
    ) -> Result<BTreeMap<String, u64>, IndexError> {
        let run = || {
            let near = FuzzyTermQuery::new(Term::from_field_text(number(field), word), edits, true);
            let mut found: BTreeMap<String, u64> = BTreeMap::new();
            for reader in self.searcher().segment_readers() {
                let inverted = reader.inverted_index(number(field))?;
                let mut terms = inverted.terms().search(near.automaton()?).into_stream()?;
                while terms.advance() {
                    let frequency = u64::from(terms.value().doc_freq);
                    *found.entry(String::from_utf8_lossy(terms.key()).into_owned()).or_default() += frequency;
                }
            }
            Ok(found)
        };
        run().map_err(|cause| self.failed(cause))
    }
}
