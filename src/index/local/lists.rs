//! Lists of terms: for each its documents, laid into place in two passes, as one sorts by counting, and written.

use super::vocabulary::Vocabulary;
use std::io;
use std::ops::Range;
use tantivy::DocId;
use tantivy::postings::FieldSerializer;

/// For each term its documents in order, with a position or how often it stands there.
#[derive(Default)]
pub(super) struct Lists {
    terms: Vec<List>,
    /// One list behind the other, and behind them what is left of an earlier field.
    all: Vec<(DocId, u32)>,
}

/// Where a term's list ends, and the last document in it.
#[derive(Clone, Copy)]
struct List {
    end: u32,
    last: DocId,
}

impl List {
    const EMPTY: List = List { end: 0, last: DocId::MAX };

    /// Adds documents that follow each other, of which the first may be its last one; how many of them it had.
    fn meets(&mut self, documents: &Range<DocId>) -> u32 {
        let last = std::mem::replace(&mut self.last, documents.end - 1);
        let had = if documents.contains(&last) { last - documents.start + 1 } else { 0 };
        self.end += documents.end - documents.start - had;
        had
    }
}

impl Lists {
    /// Lays out each position, of texts by document.
    pub(super) fn lay_places<T: Iterator<Item = (Range<DocId>, W)>, W: Iterator<Item = u32> + Clone>(
        &mut self,
        terms: usize,
        texts: impl Fn() -> T,
    ) {
        self.clear(terms);
        for (documents, text) in texts() {
            text.for_each(|term| self.terms[term as usize].end += documents.len() as u32);
        }
        self.start();
        let (mut last, mut position) = (None, 0);
        for (documents, text) in texts() {
            for document in documents {
                if last != Some(document) {
                    (last, position) = (Some(document), 0);
                }
                for term in text.clone() {
                    let end = &mut self.terms[term as usize].end;
                    self.all[*end as usize] = (document, position);
                    *end += 1;
                    position += 1;
                }
                // no phrase reaches from one value into the next
                position += 1;
            }
        }
    }

    /// Lays out how often a term stands in a document.
    pub(super) fn lay_counts<T: Iterator<Item = (Range<DocId>, W)>, W: Iterator<Item = u32>>(
        &mut self,
        terms: usize,
        texts: impl Fn() -> T,
    ) {
        self.clear(terms);
        for (documents, text) in texts() {
            text.for_each(|term| _ = self.terms[term as usize].meets(&documents));
        }
        self.start();
        for (documents, text) in texts() {
            for term in text {
                let list = &mut self.terms[term as usize];
                let end = list.end as usize;
                let had = list.meets(&documents);
                self.all[end - had as usize..end].iter_mut().for_each(|(_, count)| *count += 1);
                let new = self.all[end..list.end as usize].iter_mut();
                new.zip(documents.start + had..).for_each(|(new, document)| *new = (document, 1));
            }
        }
    }

    fn clear(&mut self, terms: usize) {
        self.terms.clear();
        self.terms.resize(terms, List::EMPTY);
    }

    /// Where each list ends by its length becomes where it begins; all are still to be filled.
    fn start(&mut self) {
        let mut all = 0;
        for list in &mut self.terms {
            all += std::mem::replace(list, List { end: all, ..List::EMPTY }).end;
        }
        if self.all.len() < all as usize {
            self.all = vec![(0, 0); all as usize];
        }
    }

    fn list(&self, term: u32) -> &[(DocId, u32)] {
        let term = term as usize;
        let start = term.checked_sub(1).map_or(0, |before| self.terms[before].end);
        &self.all[start as usize..self.terms[term].end as usize]
    }

    /// The terms that stand anywhere, in order, with their lists.
    fn each<'l>(
        &'l self,
        terms: &'l Vocabulary,
        sorted: &'l [u32],
    ) -> impl Iterator<Item = (&'l [u8], &'l [(DocId, u32)])> {
        let lists = sorted.iter().map(|&term| (term, self.list(term))).filter(|(_, list)| !list.is_empty());
        lists.map(|(term, list)| (terms.string(term).as_bytes(), list))
    }

    pub(super) fn write_places(
        &self,
        terms: &Vocabulary,
        sorted: &[u32],
        to: &mut FieldSerializer,
    ) -> io::Result<()> {
        let mut steps = Vec::new();
        for (term, list) in self.each(terms, sorted) {
            to.new_term(term, documents(list).count() as u32, true)?;
            for places in documents(list) {
                steps.clear();
                let mut before = 0;
                for &(_, place) in places {
                    steps.push(place - before);
                    before = place;
                }
                to.write_doc(places[0].0, steps.len() as u32, &steps);
            }
            to.close_term()?;
        }
        Ok(())
    }

    /// Writes how often each term stands in each document; `shared` are the words of each term, and the lists of places
    /// of these words, which are to be counted with them.
    pub(super) fn write_counts(
        &self,
        shared: Option<(&Lists, &Lists)>,
        terms: &Vocabulary,
        sorted: &[u32],
        to: &mut FieldSerializer,
    ) -> io::Result<()> {
        let mut counts: Vec<(DocId, u32)> = Vec::new();
        for &term in sorted {
            counts.clear();
            counts.extend(self.list(term));
            if let Some((words_of, places)) = shared {
                for &(word, _) in words_of.list(term) {
                    counts.extend(
                        documents(places.list(word)).map(|places| (places[0].0, places.len() as u32)),
                    );
                }
                counts.sort_by_key(|&(document, _)| document); // a few lists, each of them in order
                counts.dedup_by(|next, kept| {
                    next.0 == kept.0 && {
                        kept.1 += next.1;
                        true
                    }
                });
            }
            if counts.is_empty() {
                continue;
            }
            to.new_term(terms.string(term).as_bytes(), counts.len() as u32, true)?;
            counts.iter().for_each(|&(document, count)| to.write_doc(document, count, &[]));
            to.close_term()?;
        }
        Ok(())
    }

    pub(super) fn write_documents(
        &self,
        terms: &Vocabulary,
        sorted: &[u32],
        to: &mut FieldSerializer,
    ) -> io::Result<()> {
        for (term, list) in self.each(terms, sorted) {
            to.new_term_without_freq(term)?;
            list.iter().for_each(|&(document, _)| to.write_doc(document, 0, &[]));
            to.close_term()?;
        }
        Ok(())
    }
}

/// A term's places by document.
fn documents(list: &[(DocId, u32)]) -> impl Iterator<Item = &[(DocId, u32)]> {
    list.chunk_by(|ours, theirs| ours.0 == theirs.0)
}
