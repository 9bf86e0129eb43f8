//! The removal of an article: out of every segment that was written before it, and of none that comes after.
//!
//! tantivy hands a segment that it did not fill itself all removals that lie before it, old ones too.

use std::sync::{Arc, Mutex};
use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

/// The segments that a writer wrote, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Written(Arc<Mutex<Vec<SegmentId>>>);

impl Written {
    /// Notes a segment, before it becomes part of the index.
    pub(super) fn push(&self, segment: SegmentId) {
        self.0.lock().expect("no holder panics: it only pushes and looks").push(segment);
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no holder panics: it only pushes and looks").len()
    }

    /// Whether the segment was written when there were that many already.
    fn has_since(&self, count: usize, segment: SegmentId) -> bool {
        self.0.lock().expect("no holder panics: it only pushes and looks")[count..].contains(&segment)
    }
}

/// Finds what is to be removed.
#[derive(Clone, Debug)]
pub(super) struct Removal {
    article: TermQuery,
    written: Written,
    /// How many segments were written when it was asked for.
    before: usize,
}

impl Removal {
    /// Removes the documents that have the term.
    pub(super) fn new(article: Term, written: &Written) -> Removal {
        let article = TermQuery::new(article, IndexRecordOption::Basic);
        Removal { article, written: written.clone(), before: written.count() }
    }
}

impl Query for Removal {
    fn weight(&self, scoring: EnableScoring) -> tantivy::Result<Box<dyn Weight>> {
        let article = self.article.weight(scoring)?;
        Ok(Box::new(Removing { article, written: self.written.clone(), before: self.before }))
    }
}

struct Removing {
    article: Box<dyn Weight>,
    written: Written,
    before: usize,
}

impl Weight for Removing {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.written.has_since(self.before, segment.segment_id()) {
            return Ok(Box::new(EmptyScorer));
        }
        self.article.scorer(segment, boost)
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        self.article.explain(segment, document)
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::index::local::{LocalIndex, LocalWriter};
    use crate::ledger::Ledger;
    use index_schema::Field;
    use std::collections::BTreeSet;

    fn put(writer: &mut LocalWriter, article: &str) {
        let mut document = Document::default();
        document.text(Field::Id, article);
        document.text(Field::Article, article);
        document.text(Field::Kind, "article");
        writer.remove(article);
        writer.add(vec![document]).unwrap();
    }

    #[test]
    fn what_is_put_again_is_there_once_whenever_it_is_committed() {
        for commits in 0..8 {
            let folder = tempfile::tempdir().unwrap();
            let index = LocalIndex::open_or_create(folder.path()).unwrap();
            let mut writer = index.writer().unwrap();
            for step in 0..4 {
                put(&mut writer, "a");
                put(&mut writer, ["b", "c"][step % 2]);
                if commits >> step & 1 == 1 || step == 3 {
                    writer.commit(&Ledger::default(), &BTreeSet::new()).unwrap();
                }
            }
            writer.close().unwrap();
            let searcher = index.index.reader().unwrap().searcher();
            assert_eq!(searcher.num_docs(), 3, "{commits:b}");
        }
    }
}
