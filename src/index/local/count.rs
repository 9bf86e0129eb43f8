//! Counting what a query finds, each story once: in windows of documents, a bit for each.
//!
//! Few documents are in a story. Where the bits of a window and those of the stories meet, the story is looked up; all
//! others are only counted. What any of several queries may find is counted by those, which share a window.

use super::bits::{Bits, ones};
use super::columns::Columns;
use super::sources::{Part, Source, WORDS, Window, parts};
use super::stories::Stories;
use crate::answer::Distinct;
use crate::index::counts::AsTheyAre;
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Query;
use tantivy::{DocId, Score, Searcher, SegmentReader, TERMINATED};

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
