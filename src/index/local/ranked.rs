//! The first documents of a query in the order asked for; equals come newest first, then by id, so that they never
//! change places.

use super::columns::{Columns, Ids, Opened};
use super::exact::{self, Exact};
use super::groups::{Group, Groups, Hashes};
use super::sources;
use super::tally::spelled;
use super::word::Word;
use crate::answer::Order;
use crate::index::counts::{AsTheyAre, Told};
use index_schema::Field;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery, Weight};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader};

/// As many documents as most pages and those that nearly stood on them.
const FEW: usize = 80;

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
    /// Read once it is among the first.
    day: Option<i64>,
}

/// Whether documents are scored.
fn weighs(order: Order) -> bool {
    matches!(order, Order::Relevance | Order::Recent { .. })
}

/// Scores that differ in the last bits only are equal: the order in which a sum is taken must not show.
fn rank_of_score(score: Score) -> u32 {
    score.max(0.0).to_bits() >> 7
}

/// Whether a sum of so many scores has another rank if they are added in another order.
fn wavers(score: Score, added: u32) -> bool {
    let bits = score.max(0.0).to_bits();
    bits.saturating_sub(added) >> 7 != bits.saturating_add(added) >> 7
}

/// The greatest score with which no sum of so many has the rank of the documents wanted, whatever is rounded on the way.
fn below(rank: u32, added: u32) -> Score {
    let slack = if added > 1 { 2 * added } else { 0 };
    if rank == 0 { Score::MIN } else { Score::from_bits(((rank << 7) - 1).saturating_sub(slack)) }
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
    ids: Arc<Ids>,
}

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
}

/// Orders documents of one segment: articles by id, told by their ordinals, each before its statements, and those as
/// their ids are spelled.
fn by_id(ids: &Ids, doc: DocId) -> (u64, (u64, u64)) {
    (ids.article(doc), as_spelled(ids.number(doc)))
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
                let newest = ranking.days(segment)?.map_or(i64::MIN, Column::max_value);
                ranking.newest = ranking.newest.max(newest);
            }
        }
        Ok(ranking)
    }

    fn keys(&self, segment: u32) -> tantivy::Result<Keys> {
        let speakers = match self.order {
            Order::Speaker => self.speakers(segment)?.cloned(),
            _ => None,
        };
        Ok(Keys {
            order: self.order,
            newest: self.newest,
            days: self.days(segment)?.cloned(),
            speakers,
            ids: Arc::clone(self.ids(segment)?),
        })
    }

    fn column(&self, segment: u32, field: Field) -> tantivy::Result<&'i Opened> {
        self.columns.open(segment, self.searcher.segment_reader(segment), field)
    }

    fn days(&self, segment: u32) -> tantivy::Result<Option<&'i Column<i64>>> {
        Ok(self.column(segment, Field::Date)?.days())
    }

    fn speakers(&self, segment: u32) -> tantivy::Result<Option<&'i StrColumn>> {
        Ok(self.column(segment, Field::Speaker)?.names())
    }

    fn ids(&self, segment: u32) -> tantivy::Result<&'i Arc<Ids>> {
        self.columns.ids(segment, self.searcher.segment_reader(segment))
    }

    /// Whether the first of what the query finds are found without a look at all of it: tantivy passes over documents
    /// where a word or all of several are asked for. Of any of several it does so too, but to weigh all costs less beside
    /// a count of them.
    pub(super) fn passes_over(&self, query: &dyn Query) -> bool {
        let of_words = |query: &BooleanQuery| {
            let word =
                |(occur, clause): &(Occur, Box<dyn Query>)| *occur == Occur::Must && clause.is::<TermQuery>();
            query.clauses().iter().all(word)
        };
        weighs(self.order)
            && Visits::of(query) == Visits::Promising
            && (query.is::<TermQuery>() || query.downcast_ref().is_some_and(of_words))
    }

    /// The first `limit` finds of all segments, in order. Ids are read only where equals meet.
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
        for found in &mut *found {
            let days = self.days(found.address.segment_ord)?;
            found.day = days.and_then(|days| days.first(found.address.doc_id));
        }
        found.sort_unstable_by_key(|found| (Reverse((found.rank, found.day)), found.address));
        let segment = |found: &Found| found.address.segment_ord;
        let equal = |a: &Found, b: &Found| (a.rank, a.day) == (b.rank, b.day);
        let together = |a: &Found, b: &Found| equal(a, b) && segment(a) == segment(b);
        for together in found.chunk_by_mut(together).filter(|together| together.len() > 1) {
            let ids = self.ids(segment(&together[0]))?;
            together.sort_by_cached_key(|found| by_id(ids, found.address.doc_id));
        }
        let of_several = |equals: &[Found]| segment(&equals[0]) != segment(&equals[equals.len() - 1]);
        if !found.chunk_by(equal).any(of_several) {
            return Ok(());
        }
        let segments = 0..self.searcher.segment_readers().len() as u32;
        let ids = segments.map(|segment| self.ids(segment)).collect::<tantivy::Result<Vec<_>>>()?;
        let ids = |segment: u32| ids[segment as usize];
        let article = |found: &Found| (segment(found), ids(segment(found)).article(found.address.doc_id));
        let unsettled = found.chunk_by(equal).filter(|equals| of_several(equals)).flatten();
        let spelled =
            self.spelled(unsettled.map(article).collect(), |segment| Some(&ids(segment).articles))?;
        for equals in found.chunk_by_mut(equal).filter(|equals| of_several(equals)) {
            equals.sort_by_cached_key(|found| {
                let (_, number) = by_id(ids(segment(found)), found.address.doc_id);
                (spelled.get(&article(found)), number)
            });
        }
        Ok(())
    }

    /// Gives names of speakers ranks that compare across segments.
    fn rank_speakers(&self, found: &mut [Found]) -> tantivy::Result<()> {
        let named = |found: &Found| (found.address.segment_ord, u64::from(u32::MAX - found.rank));
        let speakers = (0..self.searcher.segment_readers().len() as u32)
            .map(|segment| self.speakers(segment))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let with_speaker = found.iter().filter(|found| found.rank > 0).map(named).collect();
        let names = self.spelled(with_speaker, |segment| speakers[segment as usize])?;
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
        let segments = (0..).zip(self.searcher.segment_readers());
        let groups = segments.map(|(segment, reader)| Groups::open(self.columns, segment, reader, told));
        let groups = groups.collect::<tantivy::Result<Vec<_>>>()?;
        let group = |found: &Ranked| groups[found.address.segment_ord as usize].of(found.address.doc_id);
        let grouped: Vec<Option<Group>> = found.iter().map(group).collect();
        if grouped.iter().all(Option::is_none) {
            return Ok(found);
        }
        let hashes = (0..).zip(&groups).map(|(segment, groups)| {
            let of_segment =
                found.iter().zip(&grouped).filter(|(found, _)| found.address.segment_ord == segment);
            groups.hashes(of_segment.filter_map(|(_, group)| *group))
        });
        let hashes = hashes.collect::<io::Result<Vec<Hashes>>>()?;
        let mut met: HashSet<u128, AsTheyAre> = HashSet::default();
        let firsts = found.into_iter().zip(grouped).filter(|(found, group)| {
            let hash = group.and_then(|group| hashes[found.address.segment_ord as usize].of(group));
            hash.is_none_or(|hash| met.insert(hash))
        });
        Ok(firsts.map(|(found, _)| found).collect())
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
    query: &'i dyn Query,
    /// Not 0.
    limit: usize,
    visits: Visits,
    /// How many scores are added up for a document at most.
    added: u32,
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
        if sources::parts(query).len() > MOST_WORDS { Visits::All } else { Visits::Promising }
    }
}

/// The `limit` best ranks met so far, the worst on top.
type Ranks = BinaryHeap<Reverse<u32>>;

impl<'i> Best<'i> {
    /// The collector of the first `limit` documents of the query, at least one.
    pub(super) fn new(ranking: Ranking<'i>, query: &'i dyn Query, limit: usize, visits: Visits) -> Best<'i> {
        let limit = limit.max(1);
        let ranks = Mutex::new(Ranks::with_capacity(limit.min(FEW)));
        let added = if weighs(ranking.order) { exact::added(query) } else { 0 };
        Best { ranking, query, limit, visits, added, ranks }
    }

    /// Finds them.
    pub(super) fn find(&self) -> tantivy::Result<Vec<Ranked>> {
        let searcher = self.ranking.searcher;
        let word = if self.requires_scoring() { Word::of(self.query, searcher)? } else { None };
        let Some(word) = word else { return searcher.search(self.query, self) };
        let of_segment = |(segment, reader): (u32, &SegmentReader)| {
            let is_alive = is_alive(reader);
            let beyond = exact::beyond_bounds(self.query, searcher, reader)?;
            self.of_segment(segment, reader, |best| {
                word.weigh(segment, reader, beyond, best.passed, |doc, score| {
                    if is_alive(doc) {
                        best.consider(doc, score);
                    }
                    best.passed
                })
            })
        };
        let found = (0..).zip(searcher.segment_readers()).map(of_segment).collect::<tantivy::Result<_>>()?;
        self.merge_fruits(found)
    }

    /// The first of one segment, by a visit to all that may be among them; the best of segments before it are known.
    fn of_segment(
        &self,
        segment: u32,
        reader: &SegmentReader,
        visit: impl FnOnce(&mut BestOfSegment) -> tantivy::Result<()>,
    ) -> tantivy::Result<Vec<Found>> {
        let mut best = self.for_segment(segment, reader)?;
        // names of speakers have ranks of their own in each segment
        let shared = self.ranking.order != Order::Speaker;
        let ranks = || self.ranks.lock().unwrap_or_else(PoisonError::into_inner);
        if shared {
            best.ranks = std::mem::take(&mut ranks());
            best.pass();
        }
        visit(&mut best)?;
        best.settle();
        if shared {
            *ranks() = std::mem::take(&mut best.ranks);
        }
        Ok(best.harvest())
    }
}

fn is_alive(reader: &SegmentReader) -> impl Fn(DocId) -> bool + use<'_> {
    let alive = reader.alive_bitset();
    move |doc| alive.is_none_or(|alive| alive.is_alive(doc))
}

impl Collector for Best<'_> {
    type Fruit = Vec<Ranked>;
    type Child = BestOfSegment;

    fn for_segment(&self, segment: u32, _: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        // two scores have one sum
        let exact = (self.added > 2).then(|| Exact::new(self.query, self.ranking.searcher, segment));
        Ok(BestOfSegment {
            limit: self.limit,
            segment,
            added: self.added,
            exact,
            keys: self.ranking.keys(segment)?,
            ranks: Ranks::new(),
            passed: Score::MIN,
            candidates: Vec::with_capacity(FEW),
        })
    }

    fn requires_scoring(&self) -> bool {
        weighs(self.ranking.order)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Found>> {
        let is_alive = is_alive(reader);
        self.of_segment(segment, reader, |best| {
            if self.requires_scoring() && self.visits == Visits::All {
                weight.for_each(reader, &mut |doc, score| {
                    if is_alive(doc) {
                        best.collect(doc, score);
                    }
                })
            } else if self.requires_scoring() {
                let beyond = exact::beyond_bounds(self.query, self.ranking.searcher, reader)?;
                weight.for_each_pruning(best.passed / beyond, reader, &mut |doc, score| {
                    if is_alive(doc) {
                        best.collect(doc, score);
                    }
                    best.passed / beyond
                })
            } else {
                weight.for_each_no_score(reader, &mut |docs| {
                    docs.iter().filter(|&&doc| is_alive(doc)).for_each(|&doc| best.collect(doc, 0.0));
                })
            }
        })
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Found>>) -> tantivy::Result<Vec<Ranked>> {
        let found = fruits.into_iter().reduce(|mut all, found| {
            all.extend(found);
            all
        });
        let found = self.ranking.in_order(found.unwrap_or_default(), self.limit)?;
        Ok(found.into_iter().map(|found| Ranked { score: found.score, address: found.address }).collect())
    }
}

pub(super) struct BestOfSegment {
    limit: usize,
    segment: u32,
    added: u32,
    exact: Option<Exact>,
    keys: Keys,
    ranks: Ranks,
    /// The greatest score with which a document is not wanted.
    passed: Score,
    /// Documents that were among the best, or equal to the worst of them, when they were met.
    candidates: Vec<(u32, DocId, Score)>,
}

impl BestOfSegment {
    /// The least rank that is still wanted.
    fn worst(&self) -> Option<u32> {
        if self.ranks.len() < self.limit { None } else { self.ranks.peek().map(|worst| worst.0) }
    }

    fn pass(&mut self) {
        if weighs(self.keys.order) {
            self.passed = self.worst().map_or(Score::MIN, |worst| below(worst, self.added));
        }
    }

    fn consider(&mut self, doc: DocId, score: Score) {
        let mut counted = self.keys.score(doc, score);
        if let Some(exact) = self.exact.as_mut().filter(|_| wavers(counted, self.added)) {
            counted = self.keys.score(doc, exact.score(doc).unwrap_or(score));
        }
        let score = counted;
        let rank = self.keys.rank(doc, score);
        match self.worst() {
            None => self.ranks.push(Reverse(rank)),
            Some(worst) if rank < worst => return,
            Some(worst) if rank == worst => {}
            Some(_) => {
                self.ranks.peek_mut().into_iter().for_each(|mut worst| *worst = Reverse(rank));
            }
        }
        self.pass();
        if self.candidates.len() >= self.limit.saturating_mul(4).saturating_add(64) {
            self.settle();
        }
        self.candidates.push((rank, doc, score));
    }

    /// Drops the candidates that others have overtaken.
    fn settle(&mut self) {
        let Some(worst) = self.worst() else { return };
        self.candidates.retain(|candidate| candidate.0 >= worst);
        if self.candidates.len() <= self.limit {
            return;
        }
        // some of the worst must go: days are read for them only, and ids where days are equal
        let mut equals = Vec::with_capacity(self.candidates.len());
        let worst = self.candidates.extract_if(.., |candidate| candidate.0 == worst);
        equals.extend(worst.map(|equal| (Reverse(self.keys.day(equal.1)), equal)));
        let wanted = self.limit - self.candidates.len();
        equals.select_nth_unstable_by(wanted - 1, |(day, (_, doc, _)), (other_day, (_, other, _))| {
            let ids = &self.keys.ids;
            day.cmp(other_day).then_with(|| by_id(ids, *doc).cmp(&by_id(ids, *other)))
        });
        self.candidates.extend(equals[..wanted].iter().map(|&(_, equal)| equal));
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Vec<Found>;

    #[inline]
    fn collect(&mut self, doc: DocId, score: Score) {
        if score > self.passed {
            self.consider(doc, score);
        }
    }

    fn harvest(self) -> Vec<Found> {
        let address = |doc| DocAddress::new(self.segment, doc);
        let found = |&(rank, doc, score): &(u32, DocId, Score)| Found {
            rank,
            score,
            address: address(doc),
            day: None,
        };
        self.candidates.iter().map(found).collect()
    }
}
