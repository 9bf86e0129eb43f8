//! Counting what a query finds, each story once: in windows of documents, a bit for each.
//!
//! Few documents are in a story. Where the bits of a window and those of the stories meet, the story is looked up; all
//! others are only counted. What any of several queries may find is counted by those, which share a window.

use super::bits::{Bits, ones};
use super::columns::Columns;
use super::stories::Stories;
use crate::answer::Distinct;
use crate::index::counts::AsTheyAre;
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

const WORDS: usize = 64;

/// A bit for each of so many documents, from one on whose number is a multiple of 64.
type Window = [u64; WORDS];

/// How many documents there are, and how many of them are in how many stories.
#[derive(Default)]
pub(super) struct Sum {
    documents: u64,
    members: u64,
    stories: HashSet<u64, AsTheyAre>,
}

impl Sum {
    /// How many count where each document does, or one document of each story.
    pub(super) fn of(&self, distinct: Distinct) -> u64 {
        match distinct {
            Distinct::Story => self.documents - self.members + self.stories.len() as u64,
            Distinct::Document | Distinct::Article => self.documents,
        }
    }

    fn add_window(&mut self, base: DocId, window: &Window, stories: Option<&Stories>) {
        let documents = window.iter().map(|word| u64::from(word.count_ones())).sum();
        self.documents += documents;
        let Some(stories) = stories else { return };
        if stories.are_dear(documents) {
            let keys = docs(base, window).filter_map(|doc| stories.key(doc));
            return keys.for_each(|story| self.add_member(story));
        }
        let members = stories.members().words_from(base);
        for (first, (word, members)) in (base..).step_by(64).zip(window.iter().zip(members)) {
            ones(word & members).for_each(|bit| self.add_member(stories.key_of(first + bit)));
        }
    }

    fn add_sum(&mut self, other: Sum) {
        self.documents += other.documents;
        self.members += other.members;
        self.stories.extend(other.stories);
    }

    fn add_member(&mut self, story: u64) {
        if self.members == 0 {
            // growing step by step costs more than most queries' stories
            self.stories.reserve(256);
        }
        self.members += 1;
        self.stories.insert(story);
    }
}

/// The documents of a window.
fn docs(base: DocId, window: &Window) -> impl Iterator<Item = DocId> {
    let words = (base..).step_by(64).zip(window);
    words.flat_map(|(first, word)| ones(*word).map(move |bit| first + bit))
}

/// What is summed up beside all that is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    Nothing,
    Articles,
}

/// The stories of a segment, where documents of one count as one.
fn told_apart<'c>(
    distinct: Distinct,
    columns: &'c Columns,
    segment: u32,
    reader: &SegmentReader,
) -> tantivy::Result<Option<&'c Arc<Stories>>> {
    match distinct {
        Distinct::Story => Ok(columns.stories(segment, reader)?.as_ref()),
        Distinct::Document | Distinct::Article => Ok(None),
    }
}

/// Sums up all that the query finds, and what of it is summed up apart, to be counted as `distinct` says.
pub(super) fn sums(
    searcher: &Searcher,
    columns: &Columns,
    query: &dyn Query,
    distinct: Distinct,
    apart: Apart,
) -> tantivy::Result<[Sum; 2]> {
    let parts = parts(query).into_iter().map(|part| Part::new(part, searcher));
    let parts: Vec<Part> = parts.collect::<tantivy::Result<_>>()?;
    let mut sums = <[Sum; 2]>::default();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let mut sources = Vec::with_capacity(parts.len());
        for part in &parts {
            sources.extend(part.open(reader)?);
        }
        let stories = told_apart(distinct, columns, segment, reader)?.map(|stories| &**stories);
        let apart = match apart {
            Apart::Nothing => None,
            Apart::Articles => Some(&**columns.articles(segment, reader)?),
        };
        match (&mut sources[..], reader.alive_bitset()) {
            ([Source::One(blocks)], None) => {
                while !blocks.block().is_empty() {
                    add_block(&mut sums, blocks.block(), stories, apart);
                    blocks.next_block();
                }
            }
            (sources, alive) => loop {
                let base = sources.iter().map(Source::doc).min().unwrap_or(TERMINATED) / 64 * 64;
                if base >= reader.max_doc() {
                    break;
                }
                let mut window = [0; WORDS];
                sources.iter_mut().for_each(|source| source.mark(base, &mut window));
                if let Some(alive) = alive {
                    for (first, word) in (base..).step_by(64).zip(&mut window) {
                        let alive = ones(*word).filter(|bit| alive.is_alive(first + bit));
                        *word = alive.fold(0, |word, bit| word | 1 << bit);
                    }
                }
                add_windows(&mut sums, base, &mut window, stories, apart);
            },
        }
    }
    Ok(sums)
}

/// Adds documents, and what of them is summed up apart.
fn add_block([all, some]: &mut [Sum; 2], docs: &[DocId], stories: Option<&Stories>, apart: Option<&Bits>) {
    all.documents += docs.len() as u64;
    if let Some(apart) = apart {
        some.documents += docs.iter().map(|&doc| u64::from(apart.has(doc))).sum::<u64>();
    }
    let Some(stories) = stories else { return };
    for doc in stories.among(docs) {
        let story = stories.key_of(doc);
        all.add_member(story);
        if apart.is_some_and(|apart| apart.has(doc)) {
            some.add_member(story);
        }
    }
}

/// Adds what is in a window, and what of it is summed up apart.
fn add_windows(
    [all, some]: &mut [Sum; 2],
    base: DocId,
    window: &mut Window,
    stories: Option<&Stories>,
    apart: Option<&Bits>,
) {
    all.add_window(base, window, stories);
    if let Some(apart) = apart {
        window.iter_mut().zip(apart.words_from(base)).for_each(|(word, apart)| *word &= apart);
        some.add_window(base, window, stories);
    }
}

/// Sums up all that passes by another collector, and the articles of it.
pub(super) struct Summing<'i> {
    pub columns: &'i Columns,
    pub distinct: Distinct,
}

pub(super) struct SummingOfSegment {
    sums: [Sum; 2],
    stories: Option<Arc<Stories>>,
    articles: Arc<Bits>,
    base: DocId,
    window: Window,
}

impl SummingOfSegment {
    fn close_window(&mut self) {
        let (stories, articles) = (self.stories.as_deref(), Some(&*self.articles));
        add_windows(&mut self.sums, self.base, &mut self.window, stories, articles);
        self.window = [0; WORDS];
    }
}

impl Collector for Summing<'_> {
    type Fruit = [Sum; 2];
    type Child = SummingOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<SummingOfSegment> {
        Ok(SummingOfSegment {
            sums: Default::default(),
            stories: told_apart(self.distinct, self.columns, segment, reader)?.cloned(),
            articles: self.columns.articles(segment, reader)?.clone(),
            base: 0,
            window: [0; WORDS],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<[Sum; 2]>) -> tantivy::Result<[Sum; 2]> {
        let mut sums = <[Sum; 2]>::default();
        for of_segment in segments {
            sums.iter_mut().zip(of_segment).for_each(|(sum, more)| sum.add_sum(more));
        }
        Ok(sums)
    }
}

impl SegmentCollector for SummingOfSegment {
    type Fruit = [Sum; 2];

    #[inline]
    fn collect(&mut self, doc: DocId, _: Score) {
        if doc >= self.base + 64 * WORDS as u32 {
            self.close_window();
            self.base = doc / 64 * 64;
        }
        self.window[(doc - self.base) as usize / 64 % WORDS] |= 1 << (doc % 64);
    }

    fn harvest(mut self) -> [Sum; 2] {
        self.close_window();
        self.sums
    }
}

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
enum Part<'q> {
    Term(&'q Term),
    /// Each of them, at least one.
    All(Vec<&'q Term>),
    Other(Box<dyn Weight>),
}

impl<'q> Part<'q> {
    fn new(query: &'q dyn Query, searcher: &Searcher) -> tantivy::Result<Part<'q>> {
        Ok(match (query.downcast_ref::<TermQuery>(), all_of(query)) {
            (Some(term), _) => Part::Term(term.term()),
            (None, Some(terms)) => Part::All(terms),
            (None, None) => Part::Other(query.weight(EnableScoring::disabled_from_searcher(searcher))?),
        })
    }

    /// Where it finds something.
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Option<Source>> {
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
enum Source {
    One(Blocks),
    All(All),
}

impl Source {
    /// Nothing before it is left to be found.
    fn doc(&self) -> DocId {
        match self {
            Source::One(blocks) => blocks.doc(),
            Source::All(all) => all.rarest.doc(),
        }
    }

    /// Passes over the documents of a window from `base` on, and marks them in it.
    fn mark(&mut self, base: DocId, window: &mut Window) {
        match self {
            Source::One(blocks) => blocks.fill(base, window),
            Source::All(all) => all.mark(base, window),
        }
    }
}

/// The documents that hold each of several words.
struct All {
    rarest: Blocks,
    /// The others, with how many documents of a window hold one on average.
    others: Vec<(Blocks, u32)>,
}

impl All {
    fn new(mut all: Vec<Blocks>, documents: DocId) -> All {
        all.sort_by_key(Blocks::length);
        let rarest = all.remove(0);
        let windows = documents.div_ceil(64 * WORDS as u32);
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
struct Blocks {
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
    fn block(&self) -> &[DocId] {
        let block = match &self.from {
            From::Term(postings) => postings.docs(),
            From::Other { block, length, .. } => &block[..*length],
        };
        block.get(self.at..).unwrap_or_default()
    }

    fn next_block(&mut self) {
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
