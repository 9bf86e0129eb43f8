//! The first documents of a query in the order asked for; equals come newest first, then by id, so that they never
//! change places.

use super::columns::{Columns, Ids, Opened};
use super::count;
use super::groups::{Group, Groups, Hashes};
use super::tally::spelled;
use crate::answer::Order;
use crate::index::counts::Told;
use index_schema::Field;
use std::cmp::{Ordering, Reverse};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::io;
use std::sync::{Mutex, PoisonError};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery, Weight};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader};

/// As many documents as most pages and those that nearly stood on them.
const FEW: usize = 128;

/// A document with its score.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranked {
    pub score: Score,
    pub address: DocAddress,
}

/// What documents are ordered by, and where that stands.
#[derive(Clone, Copy)]
pub(super) struct Ranking<'i> {
    order: Order,
    /// The newest day of all segments, where age counts.
    newest: i64,
    columns: &'i Columns,
    searcher: &'i Searcher,
}

/// A document that one segment puts forward; the greater rank comes first.
#[derive(Clone, Copy)]
pub(super) struct Found {
    rank: u32,
    score: Score,
    address: DocAddress,
}

/// Scores that differ in the last bits only are equal: the order in which a sum is taken must not show.
fn rank_of_score(score: Score) -> u32 {
    score.max(0.0).to_bits() >> 7
}

/// The greatest score whose rank is below that of the documents wanted.
fn below(rank: u32) -> Score {
    if rank == 0 { Score::MIN } else { Score::from_bits((rank << 7) - 1) }
}

/// Later days have greater ranks.
fn rank_of_day(day: i64) -> u32 {
    (day.clamp(i64::from(i32::MIN) + 1, i64::from(i32::MAX) - 1) - i64::from(i32::MIN)) as u32
}

/// What the documents of one segment are ordered by.
struct Keys {
    order: Order,
    /// The newest day of all segments, where age counts.
    newest: i64,
    days: Option<Column<i64>>,
    speakers: Option<StrColumn>,
    ids: Ids,
}

/// Orders documents of one rank, the greater first: later days, then articles by id, each before its statements, and
/// those as their ids are spelled.
type AmongEquals = (Option<i64>, Reverse<u64>, Reverse<(u64, u64)>);

impl Keys {
    /// The score that counts: never more than the query's, so that what the query's passes over is not missed.
    fn score(&self, doc: DocId, score: Score) -> Score {
        let Order::Recent { half_life } = self.order else { return score };
        let Some(day) = self.day(doc) else { return 0.0 };
        let age = self.newest.saturating_sub(day).max(0) as f64;
        (f64::from(score) * (-age / f64::from(half_life.max(1))).exp2()) as Score
    }

    /// Greater comes first; what lacks the thing comes last, as 0. Ranks of speakers compare within the segment only.
    fn rank(&self, doc: DocId, score: Score) -> u32 {
        match self.order {
            Order::Relevance | Order::Recent { .. } => rank_of_score(score),
            Order::Newest => self.day(doc).map_or(0, rank_of_day),
            Order::Oldest => self.day(doc).map_or(0, |day| u32::MAX - rank_of_day(day)),
            Order::Speaker => {
                let name = self.speakers.as_ref().and_then(|speakers| speakers.ords().first(doc));
                name.map_or(0, |name| u32::MAX - name as u32)
            }
        }
    }

    fn day(&self, doc: DocId) -> Option<i64> {
        self.days.as_ref()?.first(doc)
    }

    /// Articles are told apart by their ordinals, which compare within the segment only.
    fn among_equals(&self, doc: DocId) -> AmongEquals {
        let number = self.ids.number(doc);
        (self.day(doc), Reverse(self.ids.article(doc)), Reverse(as_spelled(number)))
    }
}

/// Numbers in the order of their digits: 1, 10, 11, 2.
fn as_spelled(number: u64) -> (u64, u64) {
    const TEN_DIGITS: u64 = 1_000_000_000;
    let mut digits = number;
    while digits != 0 && digits < TEN_DIGITS {
        digits *= 10;
    }
    (digits, number)
}

impl<'i> Ranking<'i> {
    pub(super) fn new(
        order: Order,
        columns: &'i Columns,
        searcher: &'i Searcher,
    ) -> tantivy::Result<Ranking<'i>> {
        let mut ranking = Ranking { order, newest: i64::MIN, columns, searcher };
        if matches!(order, Order::Recent { .. }) {
            for segment in 0..searcher.segment_readers().len() as u32 {
                let newest = ranking.days(segment)?.map_or(i64::MIN, |days| days.max_value());
                ranking.newest = ranking.newest.max(newest);
            }
        }
        Ok(ranking)
    }

    fn keys(&self, segment: u32) -> tantivy::Result<Keys> {
        let reader = self.searcher.segment_reader(segment);
        let days = self.days(segment)?;
        let speakers = match self.order {
            Order::Speaker => self.columns.open(segment, reader, Field::Speaker)?.names(),
            _ => None,
        };
        Ok(Keys {
            order: self.order,
            newest: self.newest,
            days,
            speakers,
            ids: self.columns.ids(segment, reader)?,
        })
    }

    fn days(&self, segment: u32) -> tantivy::Result<Option<Column<i64>>> {
        let reader = self.searcher.segment_reader(segment);
        Ok(match self.columns.open(segment, reader, Field::Date)? {
            Opened::Days(days) => Some(days),
            _ => None,
        })
    }

    /// Whether documents are scored.
    fn weighs(&self) -> bool {
        matches!(self.order, Order::Relevance | Order::Recent { .. })
    }

    /// Whether the first of what the query finds are found without a look at all of it: tantivy passes over documents
    /// where all clauses are words.
    pub(super) fn passes_over(&self, query: &dyn Query) -> bool {
        let of_words = |query: &BooleanQuery| {
            let word = |(occur, clause): &(Occur, Box<dyn Query>)| {
                *occur != Occur::MustNot && clause.is::<TermQuery>()
            };
            query.clauses().iter().all(word)
        };
        self.weighs()
            && Visits::of(query) == Visits::Promising
            && (query.is::<TermQuery>() || query.downcast_ref().is_some_and(of_words))
    }

    /// The first `limit` finds of all segments, in order. Days and ids are read only where equals meet.
    fn in_order(&self, mut found: Vec<Found>, limit: usize) -> tantivy::Result<Vec<Found>> {
        if self.order == Order::Speaker {
            self.rank_speakers(&mut found)?;
        }
        if found.len() > limit {
            let worst = found.select_nth_unstable_by_key(limit - 1, |found| Reverse(found.rank)).1.rank;
            found.retain(|found| found.rank >= worst);
        }
        self.sort(&mut found)?;
        found.truncate(limit);
        Ok(found)
    }

    fn sort(&self, found: &mut [Found]) -> tantivy::Result<()> {
        let by_rank = |a: &Found, b: &Found| b.rank.cmp(&a.rank).then_with(|| a.address.cmp(&b.address));
        found.sort_unstable_by(by_rank);
        let equals = |a: &Found, b: &Found| a.rank == b.rank;
        if found.chunk_by(equals).all(|equals| equals.len() == 1) {
            return Ok(());
        }
        let mut keys = BTreeMap::new();
        for found in found.iter() {
            if let Entry::Vacant(free) = keys.entry(found.address.segment_ord) {
                free.insert(self.keys(found.address.segment_ord)?);
            }
        }
        let key = |found: &Found| keys[&found.address.segment_ord].among_equals(found.address.doc_id);
        let mut unsettled = Vec::new();
        for equals in found.chunk_by_mut(equals).filter(|equals| equals.len() > 1) {
            equals.sort_by_cached_key(|found| {
                let (day, article, number) = key(found);
                (Reverse(day), found.address.segment_ord, Reverse((article, number)))
            });
            for day in equals.chunk_by(|a, b| key(a).0 == key(b).0) {
                if day[0].address.segment_ord != day[day.len() - 1].address.segment_ord {
                    unsettled.extend(day.iter().map(|found| (found.address.segment_ord, key(found).1.0)));
                }
            }
        }
        if unsettled.is_empty() {
            return Ok(());
        }
        let ids = self.spelled(unsettled, |segment| Some(&keys.get(&segment)?.ids.articles))?;
        for equals in found.chunk_by_mut(equals).filter(|equals| equals.len() > 1) {
            // a stable sort: ids that need no spelling stand in order
            equals.sort_by(|a, b| {
                let ((day, article, number), (other_day, other, other_number)) = (key(a), key(b));
                let id = |found: &Found, article: u64| ids.get(&(found.address.segment_ord, article));
                other_day.cmp(&day).then_with(|| match (id(a, article.0), id(b, other.0)) {
                    (Some(id), Some(other)) => id.cmp(other).then(other_number.cmp(&number)),
                    _ => Ordering::Equal,
                })
            });
        }
        Ok(())
    }

    /// Gives names of speakers ranks that compare across segments.
    fn rank_speakers(&self, found: &mut [Found]) -> tantivy::Result<()> {
        let named = |found: &Found| (found.address.segment_ord, u64::from(u32::MAX - found.rank));
        let speakers = (0..self.searcher.segment_readers().len() as u32)
            .map(|segment| Ok(self.keys(segment)?.speakers))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let with_speaker = found.iter().filter(|found| found.rank > 0).map(named).collect();
        let names = self.spelled(with_speaker, |segment| speakers[segment as usize].as_ref())?;
        let rising: BTreeSet<&String> = names.values().collect();
        let ranks: HashMap<&String, u32> =
            rising.into_iter().zip(0..).map(|(name, place)| (name, u32::MAX - place)).collect();
        for found in found.iter_mut() {
            found.rank = names.get(&named(found)).map_or(0, |name| ranks[name]);
        }
        Ok(())
    }

    /// The first of each group and those that are in none, in the order in which they come.
    pub(super) fn firsts(&self, found: Vec<Ranked>, told: Told) -> tantivy::Result<Vec<Ranked>> {
        if told.by.is_none() {
            return Ok(found);
        }
        let mut segments: Vec<Option<(Groups, Vec<Group>)>> = Vec::new();
        segments.resize_with(self.searcher.segment_readers().len(), || None);
        let mut grouped = Vec::with_capacity(found.len());
        for found in &found {
            let DocAddress { segment_ord, doc_id } = found.address;
            let (groups, met) = match &mut segments[segment_ord as usize] {
                Some(opened) => opened,
                unopened => {
                    let reader = self.searcher.segment_reader(segment_ord);
                    let groups = Groups::open(self.columns, segment_ord, reader, told)?;
                    unopened.insert((groups, Vec::new()))
                }
            };
            let group = groups.of(doc_id);
            met.extend(group);
            grouped.push(group);
        }
        if grouped.iter().all(Option::is_none) {
            return Ok(found);
        }
        let hashes = |(groups, met): (Groups, Vec<Group>)| groups.hashes(met.into_iter());
        let hashes = segments.into_iter().map(|segment| segment.map(hashes).transpose());
        let hashes: Vec<Option<Hashes>> = hashes.collect::<io::Result<_>>()?;
        let mut met: HashSet<u128> = HashSet::new();
        let hash = |found: &Ranked, group| hashes[found.address.segment_ord as usize].as_ref()?.of(group);
        let mut is_first = |found: &Ranked, group: Option<Group>| {
            group.and_then(|group| hash(found, group)).is_none_or(|hash| met.insert(hash))
        };
        let firsts = found.into_iter().zip(grouped);
        Ok(firsts.filter_map(|(found, group)| is_first(&found, group).then_some(found)).collect())
    }

    /// The strings of ordinals in a column of each segment.
    fn spelled<'c>(
        &self,
        mut ordinals: Vec<(u32, u64)>,
        column: impl Fn(u32) -> Option<&'c StrColumn>,
    ) -> tantivy::Result<HashMap<(u32, u64), String>> {
        ordinals.sort_unstable();
        ordinals.dedup();
        let mut strings = HashMap::with_capacity(ordinals.len());
        for of_segment in ordinals.chunk_by(|one, other| one.0 == other.0) {
            let Some(column) = column(of_segment[0].0) else { continue };
            let rising: Vec<u64> = of_segment.iter().map(|&(_, ordinal)| ordinal).collect();
            strings.extend(of_segment.iter().copied().zip(spelled(column, &rising)?));
        }
        Ok(strings)
    }
}

/// Collects the first `limit` documents.
///
/// tantivy's own order by several keys visits every document; this one lets it skip blocks of postings that cannot hold
/// a better score than the best of this segment and of those before it.
pub(super) struct Best<'i> {
    ranking: Ranking<'i>,
    /// Not 0.
    limit: usize,
    visits: Visits,
    ranks: Mutex<Ranks>,
}

/// Which documents are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visits {
    /// Those that may be among the first.
    Promising,
    /// All: finding out what is promising costs more with each of many words.
    All,
}

impl Visits {
    /// What is cheaper for a query.
    pub(super) fn of(query: &dyn Query) -> Visits {
        const MOST_WORDS: usize = 16;
        if count::parts(query).len() > MOST_WORDS { Visits::All } else { Visits::Promising }
    }
}

/// The `limit` best ranks met so far, the worst on top.
type Ranks = BinaryHeap<Reverse<u32>>;

impl<'i> Best<'i> {
    /// The collector of the first `limit` documents, at least one.
    pub(super) fn new(ranking: Ranking<'i>, limit: usize, visits: Visits) -> Best<'i> {
        Best { ranking, limit: limit.max(1), visits, ranks: Mutex::default() }
    }
}

impl Collector for Best<'_> {
    type Fruit = Vec<Ranked>;
    type Child = BestOfSegment;

    fn for_segment(&self, segment: u32, _: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        Ok(BestOfSegment {
            limit: self.limit,
            segment,
            keys: self.ranking.keys(segment)?,
            ranks: Ranks::with_capacity(self.limit.min(FEW)),
            candidates: Vec::with_capacity(FEW),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.ranking.weighs()
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Found>> {
        let mut best = self.for_segment(segment, reader)?;
        // names of speakers have ranks of their own in each segment
        let shared = self.ranking.order != Order::Speaker;
        let ranks = || self.ranks.lock().unwrap_or_else(PoisonError::into_inner);
        if shared {
            best.ranks = std::mem::take(&mut ranks());
        }
        let alive = reader.alive_bitset();
        let is_alive = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc));
        if self.requires_scoring() && self.visits == Visits::All {
            weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    best.collect(doc, score);
                }
            })?;
        } else if self.requires_scoring() {
            let threshold = |best: &BestOfSegment| best.worst().map_or(Score::MIN, below);
            weight.for_each_pruning(threshold(&best), reader, &mut |doc, score| {
                if is_alive(doc) {
                    best.collect(doc, score);
                }
                threshold(&best)
            })?;
        } else {
            weight.for_each_no_score(reader, &mut |docs| {
                docs.iter().filter(|&&doc| is_alive(doc)).for_each(|&doc| best.collect(doc, 0.0));
            })?;
        }
        best.settle();
        if shared {
            *ranks() = std::mem::take(&mut best.ranks);
        }
        Ok(best.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Found>>) -> tantivy::Result<Vec<Ranked>> {
        let found = self.ranking.in_order(fruits.concat(), self.limit)?;
        Ok(found.into_iter().map(|found| Ranked { score: found.score, address: found.address }).collect())
    }
}

pub(super) struct BestOfSegment {
    limit: usize,
    segment: u32,
    keys: Keys,
    ranks: Ranks,
    /// Documents that were among the best, or equal to the worst of them, when they were met.
    candidates: Vec<(u32, DocId, Score)>,
}

impl BestOfSegment {
    /// The least rank that is still wanted.
    fn worst(&self) -> Option<u32> {
        if self.ranks.len() < self.limit { None } else { self.ranks.peek().map(|worst| worst.0) }
    }

    /// Drops the candidates that others have overtaken.
    fn settle(&mut self) {
        let Some(worst) = self.worst() else { return };
        self.candidates.retain(|candidate| candidate.0 >= worst);
        if self.candidates.len() > self.limit {
            self.candidates.select_nth_unstable_by_key(self.limit - 1, |&(rank, doc, _)| {
                // days and ids are read for the worst only, of which some must go
                Reverse((rank, (rank == worst).then(|| self.keys.among_equals(doc))))
            });
            self.candidates.truncate(self.limit);
        }
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Vec<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let score = self.keys.score(doc, score);
        let rank = self.keys.rank(doc, score);
        if self.ranks.len() < self.limit {
            self.ranks.push(Reverse(rank));
        } else if let Some(mut worst) = self.ranks.peek_mut() {
            if rank < worst.0 {
                return;
            }
            if rank > worst.0 {
                *worst = Reverse(rank);
            }
        }
        if self.candidates.len() >= self.limit.saturating_mul(4).saturating_add(64) {
            self.settle();
        }
        self.candidates.push((rank, doc, score));
    }

    fn harvest(self) -> Vec<Found> {
        let address = |doc| DocAddress::new(self.segment, doc);
        let found = |&(rank, doc, score): &(u32, DocId, Score)| Found { rank, score, address: address(doc) };
        self.candidates.iter().map(found).collect()
    }
}
