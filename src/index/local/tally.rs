//! Counting facets: one pass over the documents of a query counts every facet asked for, exactly, in every segment.

use super::columns::{Columns, Opened};
use super::ranked::{Group, group, group_names};
use crate::index::counts::{Counted, Held};
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentReader, TantivyError};

/// Counts the values of several fields over the same documents. A period of days is counted in the field of its own
/// where there is one.
pub(super) struct Tally<'i> {
    pub counted: Vec<Field>,
    pub columns: &'i Columns,
}

/// The count of each value of one column; days stand as `i64` columns and come as their number.
pub(super) type Counts = Vec<(Counted, u64)>;

impl Collector for Tally<'_> {
    type Fruit = Vec<Counts>;
    type Child = TallyOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<TallyOfSegment> {
        let open = |&field: &Field| Ok(CountedColumn::new(self.columns.open(segment, reader, field)?));
        Ok(TallyOfSegment { columns: self.counted.iter().map(open).collect::<tantivy::Result<_>>()? })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<Vec<Counts>>>) -> tantivy::Result<Vec<Counts>> {
        let mut whole: Vec<Counts> = vec![Vec::new(); self.counted.len()];
        let mut several = false;
        for segment in segments {
            for (all, counts) in whole.iter_mut().zip(segment.map_err(TantivyError::from)?) {
                several |= !all.is_empty();
                all.extend(counts);
            }
        }
        if several {
            for counts in &mut whole {
                // a stable sort: it makes use of the order in which each segment's values come
                counts.sort_by(|(a, _), (b, _)| a.cmp(b));
                counts.dedup_by(|(later, count), (first, sum)| {
                    let same = later == first;
                    *sum += if same { *count } else { 0 };
                    same
                });
            }
        }
        Ok(whole)
    }
}

pub(super) struct TallyOfSegment {
    columns: Vec<CountedColumn>,
}

/// One column of a segment with the counts of its values.
enum CountedColumn {
    Absent,
    Names { names: StrColumn, single: bool, counts: Ordinals, found: Vec<Option<u64>> },
    Days { days: Column<i64>, counts: HashMap<i64, u32> },
}

/// How often each ordinal was met: a list while it is short against the number of ordinals, then a count for each.
enum Ordinals {
    Met { list: Vec<u32>, of: usize },
    Counts(Vec<u32>),
}

impl Ordinals {
    fn add(&mut self, ordinal: u64) {
        match self {
            Ordinals::Counts(counts) => counts[ordinal as usize] += 1,
            Ordinals::Met { list, of } => {
                list.push(ordinal as u32);
                if list.len() > 64 + *of / 16 {
                    let mut counts = vec![0; *of];
                    for &ordinal in list.iter() {
                        counts[ordinal as usize] += 1;
                    }
                    *self = Ordinals::Counts(counts);
                }
            }
        }
    }

    /// The ordinals met, rising, each with its count.
    fn counts(self) -> (Vec<u64>, Vec<u64>) {
        match self {
            Ordinals::Counts(counts) => {
                let met = counts.iter().enumerate().filter(|(_, count)| **count > 0);
                met.map(|(ordinal, &count)| (ordinal as u64, u64::from(count))).unzip()
            }
            Ordinals::Met { mut list, .. } => {
                list.sort_unstable();
                let runs = list.chunk_by(|a, b| a == b);
                runs.map(|run| (u64::from(run[0]), run.len() as u64)).unzip()
            }
        }
    }
}

impl CountedColumn {
    fn new(opened: Opened) -> CountedColumn {
        match opened {
            Opened::Absent => CountedColumn::Absent,
            Opened::Days(days) => CountedColumn::Days { days, counts: HashMap::new() },
            Opened::Names(names) => CountedColumn::Names {
                single: !names.ords().get_cardinality().is_multivalue(),
                counts: Ordinals::Met { list: Vec::new(), of: names.num_terms() },
                names,
                found: Vec::new(),
            },
        }
    }

    fn count(&mut self, docs: &[DocId]) {
        match self {
            CountedColumn::Absent => {}
            CountedColumn::Names { names, single: true, counts, found } => {
                found.resize(docs.len(), None);
                names.ords().first_vals(docs, found);
                match counts {
                    Ordinals::Counts(counts) => {
                        for &ordinal in found.iter().flatten() {
                            counts[ordinal as usize] += 1;
                        }
                    }
                    few => found.iter().flatten().for_each(|&ordinal| few.add(ordinal)),
                }
            }
            CountedColumn::Names { names, counts, found, .. } => {
                for &doc in docs {
                    found.clear();
                    for ordinal in names.ords().values_for_doc(doc) {
                        // a value that stands twice in a document is one
                        if !found.contains(&Some(ordinal)) {
                            found.push(Some(ordinal));
                            counts.add(ordinal);
                        }
                    }
                }
            }
            CountedColumn::Days { days, counts } => {
                for &doc in docs {
                    let mut last = None;
                    for day in days.values_for_doc(doc) {
                        if last.replace(day) != Some(day) {
                            *counts.entry(day).or_default() += 1;
                        }
                    }
                }
            }
        }
    }

    fn counts(self) -> io::Result<Counts> {
        match self {
            CountedColumn::Absent => Ok(Vec::new()),
            CountedColumn::Names { names, counts, .. } => {
                let (ordinals, counts) = counts.counts();
                let named = spelled(&names, &ordinals)?;
                Ok(named.into_iter().map(Counted::Name).zip(counts).collect())
            }
            CountedColumn::Days { counts, .. } => {
                let mut days: Counts =
                    counts.into_iter().map(|(day, count)| (Counted::Day(day), u64::from(count))).collect();
                days.sort_unstable();
                Ok(days)
            }
        }
    }
}

/// The strings of rising ordinals.
pub(super) fn spelled(names: &StrColumn, ordinals: &[u64]) -> io::Result<Vec<String>> {
    let mut spelled = Vec::with_capacity(ordinals.len());
    names.dictionary().sorted_ords_to_term_cb(ordinals, |bytes| {
        spelled.push(String::from_utf8_lossy(bytes).into_owned());
    })?;
    Ok(spelled)
}

impl SegmentCollector for TallyOfSegment {
    type Fruit = io::Result<Vec<Counts>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        for column in &mut self.columns {
            column.count(docs);
        }
    }

    fn harvest(self) -> io::Result<Vec<Counts>> {
        self.columns.into_iter().map(CountedColumn::counts).collect()
    }
}

/// Counts, for each tuple of values of `columns`, how many groups (`distinct`, else documents) hold it.
pub(super) struct Tuples<'i> {
    pub counted: Vec<Field>,
    pub columns: &'i Columns,
    pub distinct: Option<Field>,
}

/// The tuples with the groups that hold them.
pub(super) type Tupled = BTreeMap<Vec<Counted>, Held>;

impl Collector for Tuples<'_> {
    type Fruit = Tupled;
    type Child = TuplesOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<TuplesOfSegment> {
        let open = |&field: &Field| self.columns.open(segment, reader, field);
        let groups = match self.distinct {
            Some(field) => self.columns.open(segment, reader, field)?.names(),
            None => None,
        };
        Ok(TuplesOfSegment {
            columns: self.counted.iter().map(open).collect::<tantivy::Result<_>>()?,
            groups,
            ids: self.columns.ids(segment, reader)?,
            distinct: self.distinct.is_some(),
            held: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<io::Result<Tupled>>) -> tantivy::Result<Tupled> {
        let mut whole = Tupled::new();
        for segment in segments {
            for (tuple, held) in segment.map_err(TantivyError::from)? {
                match whole.entry(tuple) {
                    std::collections::btree_map::Entry::Vacant(free) => {
                        free.insert(held);
                    }
                    std::collections::btree_map::Entry::Occupied(mut taken) => taken.get_mut().add(held),
                }
            }
        }
        Ok(whole)
    }
}

/// A document's values, each once: ordinals of names, days as they are.
fn values(column: &Opened, doc: DocId) -> Vec<i64> {
    let mut values: Vec<i64> = match column {
        Opened::Absent => Vec::new(),
        Opened::Names(names) => names.ords().values_for_doc(doc).map(|ordinal| ordinal as i64).collect(),
        Opened::Days(days) => days.values_for_doc(doc).collect(),
    };
    values.sort_unstable();
    values.dedup();
    values
}

fn spelled_out(column: &Opened, value: i64) -> io::Result<Counted> {
    match column {
        Opened::Names(names) => {
            let mut name = String::new();
            names.ord_to_str(value as u64, &mut name)?;
            Ok(Counted::Name(name))
        }
        _ => Ok(Counted::Day(value)),
    }
}

pub(super) struct TuplesOfSegment {
    columns: Vec<Opened>,
    groups: Option<StrColumn>,
    ids: StrColumn,
    distinct: bool,
    /// Documents by tuple, or their groups.
    held: HashMap<Vec<i64>, (u64, HashSet<Group>)>,
}

impl SegmentCollector for TuplesOfSegment {
    type Fruit = io::Result<Tupled>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let mut tuples: Vec<Vec<i64>> = vec![Vec::new()];
        for column in &self.columns {
            let values = values(column, doc);
            tuples = tuples
                .iter()
                .flat_map(|tuple| {
                    values.iter().map(|&value| {
                        let mut longer = tuple.clone();
                        longer.push(value);
                        longer
                    })
                })
                .collect();
        }
        let group = self.distinct.then(|| group(self.groups.as_ref(), &self.ids, doc));
        for tuple in tuples {
            let (count, groups) = self.held.entry(tuple).or_default();
            *count += 1;
            groups.extend(group);
        }
    }

    fn harvest(self) -> io::Result<Tupled> {
        let met: BTreeSet<Group> =
            self.held.values().flat_map(|(_, groups)| groups.iter().copied()).collect();
        let names = group_names(self.groups.as_ref(), &self.ids, met.iter().copied())?;
        let hash = |name: String| xxhash_rust::xxh3::xxh3_128(name.as_bytes());
        let hashes: HashMap<Group, u128> = met.into_iter().zip(names.into_iter().map(hash)).collect();
        let mut tupled = Tupled::new();
        for (tuple, (count, groups)) in &self.held {
            let tuple = self.columns.iter().zip(tuple).map(|(column, &value)| spelled_out(column, value));
            let tuple = tuple.collect::<io::Result<Vec<Counted>>>()?;
            let held = if self.distinct {
                Held::Groups(groups.iter().filter_map(|group| hashes.get(group)).copied().collect())
            } else {
                Held::Documents(*count)
            };
            tupled.insert(tuple, held);
        }
        Ok(tupled)
    }
}
