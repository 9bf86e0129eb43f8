//! The best documents of a query, by score and then by id, so that equal scores never change places.

use super::write::number;
use index_schema::Field;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

/// A document with what it is ordered by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranked {
    pub score: Score,
    pub address: DocAddress,
}

/// Collects the first `limit` documents by falling score, then rising id.
///
/// tantivy's own order by (score, string) visits every document; this one lets it skip blocks that cannot hold a
/// better one, and looks up an id only where scores are equal.
pub(super) struct Best {
    pub limit: usize,
}

/// Scores that differ in the last bits only are equal: the order in which a sum is taken must not show.
fn rank(score: Score) -> u32 {
    score.max(0.0).to_bits() >> 7
}

/// The greatest score whose rank is below that of the documents wanted.
fn below(rank: u32) -> Score {
    if rank == 0 { Score::MIN } else { Score::from_bits((rank << 7) - 1) }
}

/// Greater is better: rank, then the smaller ordinal of the id.
type Key = (u32, Reverse<u64>);

impl Collector for Best {
    type Fruit = Vec<Ranked>;
    type Child = BestOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        BestOfSegment::new(self.limit, segment, reader)
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Vec<Found>> {
        let mut best = BestOfSegment::new(self.limit, segment, reader)?;
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        let alive = reader.alive_bitset();
        weight.for_each_pruning(Score::MIN, reader, &mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                best.collect(doc, score);
            }
            best.threshold
        })?;
        Ok(best.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Found>>) -> tantivy::Result<Vec<Ranked>> {
        let mut all: Vec<Found> = fruits.into_iter().flatten().collect();
        all.sort_by(|a, b| rank(b.score).cmp(&rank(a.score)).then_with(|| a.id.cmp(&b.id)));
        all.truncate(self.limit);
        Ok(all.into_iter().map(|found| Ranked { score: found.score, address: found.address }).collect())
    }
}

/// A document that one segment puts forward.
pub(super) struct Found {
    score: Score,
    id: String,
    address: DocAddress,
}

pub(super) struct BestOfSegment {
    limit: usize,
    segment: u32,
    ids: tantivy::columnar::StrColumn,
    heap: BinaryHeap<Reverse<(Key, DocId, OrderedScore)>>,
    threshold: Score,
}

/// A score as a heap can hold it; never compared, since ids differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OrderedScore(u32);

impl BestOfSegment {
    fn new(limit: usize, segment: u32, reader: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        let ids = id_column(reader)?;
        let heap = BinaryHeap::with_capacity(limit.min(1 << 12) + 1);
        Ok(BestOfSegment { limit, segment, ids, heap, threshold: Score::MIN })
    }
}

/// The column of ids; the schema gives every document one.
pub(super) fn id_column(reader: &SegmentReader) -> tantivy::Result<tantivy::columnar::StrColumn> {
    let missing = || tantivy::TantivyError::SchemaError("the index has no column of ids".to_owned());
    reader.fast_fields().str(Field::Id.name())?.ok_or_else(missing)
}

fn ordinal(ids: &Column<u64>, doc: DocId) -> u64 {
    ids.first(doc).unwrap_or(u64::MAX)
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Vec<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let rank = rank(score);
        let full = self.heap.len() >= self.limit;
        let id = ordinal(self.ids.ords(), doc);
        let key = (rank, Reverse(id));
        let entry = Reverse((key, doc, OrderedScore(score.to_bits())));
        if !full {
            self.heap.push(entry);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && key > worst.0.0
        {
            *worst = entry;
        }
        if self.heap.len() >= self.limit
            && let Some(Reverse((key, ..))) = self.heap.peek()
        {
            self.threshold = below(key.0);
        }
    }

    fn harvest(self) -> Vec<Found> {
        let mut found = Vec::with_capacity(self.heap.len());
        for Reverse(((_, Reverse(ordinal)), doc, OrderedScore(bits))) in self.heap {
            let mut id = String::new();
            // an id that cannot be read sorts first and is reported when its document is
            let _ = self.ids.ord_to_str(ordinal, &mut id);
            found.push(Found { score: Score::from_bits(bits), id, address: DocAddress::new(self.segment, doc) });
        }
        found
    }
}

/// The documents of a query grouped by `field`, the best of each group: every group, best first.
pub(super) struct BestOfGroups {
    pub field: Field,
}

impl Collector for BestOfGroups {
    type Fruit = Vec<Ranked>;
    type Child = GroupsOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<GroupsOfSegment> {
        let missing = || tantivy::TantivyError::SchemaError(format!("no column `{}`", self.field.name()));
        let groups = reader.fast_fields().str(self.field.name())?.ok_or_else(missing)?;
        debug_assert_eq!(number(self.field).field_id(), self.field as u32);
        Ok(GroupsOfSegment { segment, ids: id_column(reader)?, groups, best: Default::default() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(String, Found)>>) -> tantivy::Result<Vec<Ranked>> {
        let better = |a: &Found, b: &Found| rank(b.score).cmp(&rank(a.score)).then_with(|| a.id.cmp(&b.id));
        let mut all: Vec<(String, Found)> = fruits.into_iter().flatten().collect();
        all.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| better(one, other)));
        all.dedup_by(|later, first| later.0 == first.0);
        all.sort_by(|(_, one), (_, other)| better(one, other));
        Ok(all.into_iter().map(|(_, found)| Ranked { score: found.score, address: found.address }).collect())
    }
}

pub(super) struct GroupsOfSegment {
    segment: u32,
    ids: tantivy::columnar::StrColumn,
    groups: tantivy::columnar::StrColumn,
    /// By the group's ordinal.
    best: std::collections::BTreeMap<u64, (Key, DocId, Score)>,
}

impl SegmentCollector for GroupsOfSegment {
    type Fruit = Vec<(String, Found)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(group) = self.groups.ords().first(doc) else { return };
        let key = (rank(score), Reverse(ordinal(self.ids.ords(), doc)));
        let best = self.best.entry(group).or_insert((key, doc, score));
        if key > best.0 {
            *best = (key, doc, score);
        }
    }

    fn harvest(self) -> Vec<(String, Found)> {
        let mut found = Vec::with_capacity(self.best.len());
        for (group, ((_, Reverse(ordinal)), doc, score)) in self.best {
            let (mut name, mut id) = (String::new(), String::new());
            let _ = self.groups.ord_to_str(group, &mut name);
            let _ = self.ids.ord_to_str(ordinal, &mut id);
            found.push((name, Found { score, id, address: DocAddress::new(self.segment, doc) }));
        }
        found
    }
}
