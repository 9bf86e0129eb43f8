//! The best documents of a query, by score and then by id, so that equal scores never change places.

use super::columns::Columns;
use index_schema::Field;
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader};

/// A document with what it is ordered by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranked {
    pub score: Score,
    pub address: DocAddress,
}

/// Collects the first `limit` documents by falling score, then rising id.
///
/// tantivy's own order by (score, string) visits every document; this one lets it skip blocks that cannot hold a
/// better one, and reads an id only where equal scores of two segments meet.
pub(super) struct Best<'i> {
    pub limit: usize,
    pub columns: &'i Columns,
    pub searcher: &'i Searcher,
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

impl Collector for Best<'_> {
    type Fruit = Vec<Ranked>;
    type Child = BestOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        let ids = self.columns.ids(segment, reader)?;
        let heap = BinaryHeap::with_capacity(self.limit.min(1 << 12) + 1);
        Ok(BestOfSegment { limit: self.limit, segment, ids, heap, threshold: Score::MIN })
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
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        let mut best = self.for_segment(segment, reader)?;
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
        let mut spelled: HashMap<DocAddress, String> = HashMap::new();
        let ranks = |found: &Found| rank(found.score);
        all.sort_unstable_by(|a, b| ranks(b).cmp(&ranks(a)).then_with(|| a.address.cmp(&b.address)));
        for at in 1..all.len() {
            let (one, other) = (&all[at - 1], &all[at]);
            if ranks(one) == ranks(other) && one.address.segment_ord != other.address.segment_ord {
                // every document of this rank is compared by its id
                for found in all.iter().filter(|found| ranks(found) == ranks(other)) {
                    if let Entry::Vacant(unspelled) = spelled.entry(found.address) {
                        unspelled.insert(self.id(found)?);
                    }
                }
            }
        }
        all.sort_by(|a, b| {
            ranks(b).cmp(&ranks(a)).then_with(|| match (spelled.get(&a.address), spelled.get(&b.address)) {
                (Some(a), Some(b)) => a.cmp(b),
                _ => a.ordinal.cmp(&b.ordinal),
            })
        });
        all.truncate(self.limit);
        Ok(all.into_iter().map(|found| Ranked { score: found.score, address: found.address }).collect())
    }
}

impl Best<'_> {
    fn id(&self, found: &Found) -> tantivy::Result<String> {
        let segment = found.address.segment_ord;
        let ids = self.columns.ids(segment, self.searcher.segment_reader(segment))?;
        let mut id = String::new();
        ids.ord_to_str(found.ordinal, &mut id)?;
        Ok(id)
    }
}

/// A document that one segment puts forward, with the ordinal of its id there.
pub(super) struct Found {
    score: Score,
    ordinal: u64,
    address: DocAddress,
}

pub(super) struct BestOfSegment {
    limit: usize,
    segment: u32,
    ids: StrColumn,
    heap: BinaryHeap<Reverse<(Key, DocId, OrderedScore)>>,
    threshold: Score,
}

/// A score as a heap can hold it; never compared, since ids differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OrderedScore(u32);

fn ordinal(ids: &Column<u64>, doc: DocId) -> u64 {
    ids.first(doc).unwrap_or(u64::MAX)
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Vec<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let entry = |ids: &StrColumn| {
            let key = (rank(score), Reverse(ordinal(ids.ords(), doc)));
            Reverse((key, doc, OrderedScore(score.to_bits())))
        };
        if self.heap.len() < self.limit {
            self.heap.push(entry(&self.ids));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && rank(score) >= worst.0.0.0
        {
            let entry = entry(&self.ids);
            if entry.0.0 > worst.0.0 {
                *worst = entry;
            }
        }
        if self.heap.len() >= self.limit
            && let Some(Reverse((key, ..))) = self.heap.peek()
        {
            self.threshold = below(key.0);
        }
    }

    fn harvest(self) -> Vec<Found> {
        let found = |Reverse(((_, Reverse(ordinal)), doc, OrderedScore(bits)))| Found {
            score: Score::from_bits(bits),
            ordinal,
            address: DocAddress::new(self.segment, doc),
        };
        self.heap.into_iter().map(found).collect()
    }
}

/// The documents of a query grouped by `field`, the best of each group: every group, best first.
pub(super) struct BestOfGroups<'i> {
    pub field: Field,
    pub columns: &'i Columns,
}

impl Collector for BestOfGroups<'_> {
    type Fruit = Vec<Ranked>;
    type Child = GroupsOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<GroupsOfSegment> {
        let groups = self.columns.open(segment, reader, self.field.name())?.names();
        let ids = self.columns.ids(segment, reader)?;
        Ok(GroupsOfSegment { segment, ids, groups, best: BTreeMap::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Grouped>>) -> tantivy::Result<Vec<Ranked>> {
        let better =
            |a: &Grouped, b: &Grouped| rank(b.score).cmp(&rank(a.score)).then_with(|| a.id.cmp(&b.id));
        let mut all: Vec<Grouped> = fruits.into_iter().flatten().collect();
        all.sort_by(|a, b| a.group.cmp(&b.group).then_with(|| better(a, b)));
        all.dedup_by(|later, first| later.group == first.group);
        all.sort_by(better);
        Ok(all.into_iter().map(|found| Ranked { score: found.score, address: found.address }).collect())
    }
}

/// The best document of a group in one segment.
pub(super) struct Grouped {
    group: String,
    id: String,
    score: Score,
    address: DocAddress,
}

pub(super) struct GroupsOfSegment {
    segment: u32,
    ids: StrColumn,
    groups: Option<StrColumn>,
    /// By the group.
    best: BTreeMap<Group, (Key, DocId, Score)>,
}

/// The ordinal of a group's name, or, for a document in no group, that of its own id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    Named(u64),
    Alone(u64),
}

/// The group of a document.
pub(super) fn group(groups: Option<&StrColumn>, ids: &StrColumn, doc: DocId) -> Group {
    match groups.and_then(|groups| groups.ords().first(doc)) {
        Some(name) => Group::Named(name),
        None => Group::Alone(ordinal(ids.ords(), doc)),
    }
}

/// The group's name.
pub(super) fn group_name(
    groups: Option<&StrColumn>,
    ids: &StrColumn,
    group: Group,
) -> std::io::Result<String> {
    let mut name = String::new();
    match (group, groups) {
        (Group::Named(ordinal), Some(groups)) => groups.ord_to_str(ordinal, &mut name)?,
        (Group::Named(ordinal) | Group::Alone(ordinal), _) => ids.ord_to_str(ordinal, &mut name)?,
    };
    Ok(name)
}

impl SegmentCollector for GroupsOfSegment {
    type Fruit = Vec<Grouped>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let group = group(self.groups.as_ref(), &self.ids, doc);
        let key = (rank(score), Reverse(ordinal(self.ids.ords(), doc)));
        let best = self.best.entry(group).or_insert((key, doc, score));
        if key > best.0 {
            *best = (key, doc, score);
        }
    }

    fn harvest(self) -> Vec<Grouped> {
        let mut found = Vec::with_capacity(self.best.len());
        for (group, ((_, Reverse(ordinal)), doc, score)) in self.best {
            let group = group_name(self.groups.as_ref(), &self.ids, group).unwrap_or_default();
            let mut id = String::new();
            let _ = self.ids.ord_to_str(ordinal, &mut id);
            found.push(Grouped { group, id, score, address: DocAddress::new(self.segment, doc) });
        }
        found
    }
}
