//! What a query finds in a segment: block by block, or marked in windows of documents, a bit for each.
//!
//! What holds each of several words is found by the rarest of them: in a window where that stands often the others are
//! marked too, and in one where it stands but a few times they are looked for.

use super::bits::ones;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

/// Words of 64 bits in a window.
pub(super) const WORDS: usize = 64;

/// A bit for each of so many documents, from one on whose number is a multiple of 64.
pub(super) type Window = [u64; WORDS];

/// The queries of which any may find a document, where it is made of such; else itself.
pub(super) fn parts(query: &dyn Query) -> Vec<&dyn Query> {
    match query.downcast_ref::<BooleanQuery>() {
        Some(union)
            if union.get_minimum_number_should_match() == 1
                && union.clauses().iter().all(|(occur, _)| *occur == Occur::Should) =>
        {
            union.clauses().iter().flat_map(|(_, any)| parts(&**any)).collect()
        }
        _ => vec![query],
    }
}

/// One of those, ready to be asked of segments.
pub(super) enum Part<'q> {
    Term(&'q Term),
    /// Each of them, at least one.
    All(Vec<&'q Term>),
    Other(Box<dyn Weight>),
}

impl<'q> Part<'q> {
    pub(super) fn new(query: &'q dyn Query, searcher: &Searcher) -> tantivy::Result<Part<'q>> {
        Ok(match (query.downcast_ref::<TermQuery>(), all_of(query)) {
            (Some(term), _) => Part::Term(term.term()),
            (None, Some(terms)) => Part::All(terms),
            (None, None) => Part::Other(query.weight(EnableScoring::disabled_from_searcher(searcher))?),
        })
    }

    /// Where it finds something.
    pub(super) fn open(&self, reader: &SegmentReader) -> tantivy::Result<Option<Source>> {
        Ok(match self {
            Part::Term(term) => Blocks::of_term(term, reader)?.map(Source::One),
            Part::All(terms) => {
                let all = terms.iter().map(|term| Blocks::of_term(term, reader));
                let all = all.collect::<tantivy::Result<Option<Vec<Blocks>>>>()?;
                all.map(|all| Source::All(All::new(all, reader.max_doc())))
            }
            Part::Other(weight) => Some(Source::One(Blocks::of_scorer(weight.scorer(reader, 1.0)?))),
        })
    }
}

/// The words of a query that asks for each of several, and for nothing else.
fn all_of(query: &dyn Query) -> Option<Vec<&Term>> {
    let clauses = query.downcast_ref::<BooleanQuery>()?.clauses();
    let words = clauses.iter().map(|(occur, clause)| match clause.downcast_ref::<TermQuery>() {
        Some(word) if *occur == Occur::Must => Some(word.term()),
        _ => None,
    });
    words.collect::<Option<Vec<_>>>().filter(|words| !words.is_empty())
}

/// What a part of a query finds in a segment.
pub(super) enum Source {
    One(Blocks),
    All(All),
}

impl Source {
    /// Nothing before it is left to be found.
    pub(super) fn doc(&self) -> DocId {
        match self {
            Source::One(blocks) => blocks.doc(),
            Source::All(all) => all.rarest.doc(),
        }
    }

    /// Passes over the documents of a window from `base` on, and marks them in it.
    pub(super) fn mark(&mut self, base: DocId, window: &mut Window) {
        match self {
            Source::One(blocks) => blocks.fill(base, window),
            Source::All(all) => all.mark(base, window),
        }
    }
}

/// The documents that hold each of several words.
pub(super) struct All {
    rarest: Blocks,
    /// The others, with how many documents of a window hold one on average.
    others: Vec<(Blocks, u32)>,
}

impl All {
    fn new(mut all: Vec<Blocks>, documents: DocId) -> All {
        all.sort_by_key(Blocks::length);
        let rarest = all.remove(0);
        let windows = documents.div_ceil(64 * WORDS as u32).max(1);
        let others = all.into_iter().map(|blocks| (blocks.length() / windows, blocks));
        All { rarest, others: others.map(|(dense, blocks)| (blocks, dense)).collect() }
    }

    fn mark(&mut self, base: DocId, window: &mut Window) {
        /// To look for so many documents costs as much as to pass over this many.
        const LOOKED_FOR: u32 = 8;
        let mut found = [0; WORDS];
        self.rarest.fill(base, &mut found);
        for (other, dense) in &mut self.others {
            if found.iter().map(|word| word.count_ones()).sum::<u32>() * LOOKED_FOR < *dense {
                for (first, word) in (base..).step_by(64).zip(&mut found) {
                    let held = ones(*word).filter(|bit| {
                        other.seek(first + bit);
                        other.doc() == first + bit
                    });
                    *word = held.fold(0, |word, bit| word | 1 << bit);
                }
            } else {
                let mut theirs = [0; WORDS];
                other.seek(base);
                other.fill(base, &mut theirs);
                found.iter_mut().zip(theirs).for_each(|(word, theirs)| *word &= theirs);
            }
        }
        window.iter_mut().zip(found).for_each(|(word, found)| *word |= found);
    }
}

/// Documents in blocks.
pub(super) struct Blocks {
    from: From,
    /// The place in its block.
    at: usize,
}

enum From {
    Term(Box<BlockSegmentPostings>),
    Other { docs: Box<dyn Scorer>, block: Box<[DocId; COLLECT_BLOCK_BUFFER_LEN]>, length: usize },
}

impl Blocks {
    fn of_term(term: &Term, reader: &SegmentReader) -> tantivy::Result<Option<Blocks>> {
        let postings =
            reader.inverted_index(term.field())?.read_block_postings(term, IndexRecordOption::Basic)?;
        Ok(postings.map(|postings| Blocks { from: From::Term(Box::new(postings)), at: 0 }))
    }

    fn of_scorer(docs: Box<dyn Scorer>) -> Blocks {
        let mut blocks = Blocks { from: From::Other { docs, block: Box::new([0; _]), length: 0 }, at: 0 };
        blocks.next_block();
        blocks
    }

    /// About how many documents they are.
    fn length(&self) -> u32 {
        match &self.from {
            From::Term(postings) => postings.doc_freq(),
            From::Other { docs, .. } => docs.size_hint(),
        }
    }

    /// Passes over all that stand before the document.
    fn seek(&mut self, doc: DocId) {
        if self.doc() >= doc {
            return;
        }
        if let From::Term(postings) = &mut self.from {
            self.at = postings.seek(doc);
            return;
        }
        while self.block().last().is_some_and(|last| *last < doc) {
            self.next_block();
        }
        self.at += self.block().partition_point(|before| *before < doc);
    }

    /// What is left of its block; empty at the end.
    pub(super) fn block(&self) -> &[DocId] {
        let block = match &self.from {
            From::Term(postings) => postings.docs(),
            From::Other { block, length, .. } => &block[..*length],
        };
        block.get(self.at..).unwrap_or_default()
    }

    pub(super) fn next_block(&mut self) {
        self.at = 0;
        match &mut self.from {
            From::Term(postings) => postings.advance(),
            From::Other { docs, block, length } => *length = docs.fill_buffer(block),
        }
    }

    fn doc(&self) -> DocId {
        self.block().first().copied().unwrap_or(TERMINATED)
    }

    /// Passes over the documents of a window from `base` on, and marks them in it.
    fn fill(&mut self, base: DocId, window: &mut Window) {
        let end = base + 64 * WORDS as u32;
        loop {
            let block = self.block();
            let within = match block.last() {
                None => return,
                Some(last) if *last < end => block.len(),
                Some(_) => block.partition_point(|doc| *doc < end),
            };
            for doc in &block[..within] {
                window[(doc - base) as usize / 64 % WORDS] |= 1 << (doc % 64);
            }
            if within < block.len() {
                self.at += within;
                return;
            }
            self.next_block();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, WORDS, ones};
    use proptest::prelude::*;
    use tantivy::query::{BooleanQuery, Query, TermQuery};
    use tantivy::schema::{IndexRecordOption, STRING, Schema};
    use tantivy::{DocId, Index, IndexWriter, TantivyDocument, Term};

    const DOCUMENTS: DocId = 12_000;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_holds_all_words_is_found_however_often_each_stands(
            // from where on, and in each of how many documents
            words in proptest::collection::vec((0..DOCUMENTS, prop_oneof![1u32..5, 100u32..900]), 1..4),
        ) {
            let mut schema = Schema::builder();
            let field = schema.add_text_field("words", STRING);
            let index = Index::create_in_ram(schema.build());
            let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
            let holds = |doc: DocId, (first, step): (DocId, u32)| doc >= first && doc.is_multiple_of(step);
            for doc in 0..DOCUMENTS {
                let mut document = TantivyDocument::new();
                let held = (0..).zip(&words).filter(|(_, word)| holds(doc, **word));
                held.for_each(|(name, _): (u32, _)| document.add_text(field, name.to_string()));
                writer.add_document(document).unwrap();
            }
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let word = |name: usize| -> Box<dyn Query> {
                let term = Term::from_field_text(field, &name.to_string());
                Box::new(TermQuery::new(term, IndexRecordOption::Basic))
            };
            let all = BooleanQuery::intersection((0..words.len()).map(word).collect());
            let part = Part::new(&all, &searcher).unwrap();
            prop_assert!(matches!(part, Part::All(_)));
            let mut found = Vec::new();
            if let Some(mut source) = part.open(searcher.segment_reader(0)).unwrap() {
                while source.doc() < DOCUMENTS {
                    let base = source.doc() / 64 * 64;
                    let mut window = [0; WORDS];
                    source.mark(base, &mut window);
                    let docs = |(first, word): (DocId, u64)| ones(word).map(move |bit| first + bit);
                    found.extend((base..).step_by(64).zip(window).flat_map(docs));
                }
            }
            let expected = (0..DOCUMENTS).filter(|&doc| words.iter().all(|&word| holds(doc, word)));
            prop_assert_eq!(found, Vec::from_iter(expected));
        }
    }
}
