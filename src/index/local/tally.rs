//! Counting facets: one pass over the documents of a query counts every facet asked for, exactly, in every segment.

use super::columns::{Columns, Opened};
use super::groups::{Group, Groups};
use super::kept::legible;
use crate::index::counts::{Counted, Held, Told, together};
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentReader, TantivyError};

/// Counts the values of several fields over the same documents, each told apart in its own way. A period of days is
/// counted in the field of its own where there is one.
pub(super) struct Tally<'i> {
    pub counted: Vec<(Field, Told)>,
    pub columns: &'i Columns,
}

/// What holds each value of one column; days stand as `i64` columns and come as their number.
pub(super) type Counts = Vec<(Counted, Held)>;

impl Collector for Tally<'_> {
    type Fruit = Vec<Counts>;
    type Child = TallyOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<TallyOfSegment> {
        let open = |&(field, told): &(Field, Told)| {
            let values = self.columns.open(segment, reader, field)?.clone();
            let groups = Groups::open(self.columns, segment, reader, told)?;
            Ok(Counter { counts: CountedColumn::new(values.clone()), values, groups, grouped: Vec::new() })
        };
        Ok(TallyOfSegment { counters: self.counted.iter().map(open).collect::<tantivy::Result<_>>()? })
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
            whole.iter_mut().for_each(together);
        }
        Ok(whole)
    }
}

pub(super) struct TallyOfSegment {
    counters: Vec<Counter>,
}

/// Counts the values of one column in a segment.
struct Counter {
    values: Opened,
    counts: CountedColumn,
    groups: Groups,
    /// The documents that may count together with others.
    grouped: Vec<DocId>,
}

impl Counter {
    fn count(&mut self, docs: &[DocId]) {
        self.counts.count(docs);
        self.groups.among(docs, &self.values, &mut self.grouped);
    }

    fn counts(self) -> io::Result<Counts> {
        let mut counts: Vec<(i64, Held)> = self.counts.counts();
        let groups: Vec<Option<Group>> =
            self.grouped.iter().map(|&doc| self.groups.of_one_among(doc)).collect();
        // each value with the places of those that have it
        let mut met: Vec<(i64, u32)> = Vec::with_capacity(groups.len());
        self.values.each(&self.grouped, |place, value| met.push((value, place)));
        met.retain(|&(_, place)| groups[place as usize].is_some());
        if !met.is_empty() {
            met.sort_unstable();
            met.dedup();
            let hashes = self.groups.hashes(groups.iter().copied().flatten())?;
            let mut rest = counts.iter_mut();
            for met in met.chunk_by(|a, b| a.0 == b.0) {
                let Some((_, held)) = rest.find(|(value, _)| *value == met[0].0) else { break };
                held.documents -= met.len() as u64;
                held.groups.reserve(met.len());
                let names = met.iter().filter_map(|&(_, place)| hashes.of(groups[place as usize]?));
                held.groups.extend(names);
            }
        }
        let (values, held): (Vec<i64>, Vec<Held>) = counts.into_iter().unzip();
        let named: Vec<Counted> = match &self.values {
            Opened::Names(names) => {
                let ordinals: Vec<u64> = values.into_iter().map(|value| value as u64).collect();
                spelled(names, &ordinals)?.into_iter().map(Counted::Name).collect()
            }
            _ => values.into_iter().map(Counted::Day).collect(),
        };
        Ok(named.into_iter().zip(held).collect())
    }
}

/// One column of a segment with the counts of its values.
enum CountedColumn {
    Absent,
    Names { names: StrColumn, single: bool, counts: Ordinals, found: Vec<Option<u64>> },
    Days { days: Column<i64>, counts: HashMap<i64, u32>, found: Vec<i64> },
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
    fn counts(self) -> Vec<(i64, Held)> {
        match self {
            Ordinals::Counts(counts) => {
                let met = counts.iter().enumerate().filter(|(_, count)| **count > 0);
                met.map(|(ordinal, &count)| (ordinal as i64, Held::documents(count.into()))).collect()
            }
            Ordinals::Met { mut list, .. } => {
                list.sort_unstable();
                let runs = list.chunk_by(|a, b| a == b);
                runs.map(|run| (i64::from(run[0]), Held::documents(run.len() as u64))).collect()
            }
        }
    }
}

impl CountedColumn {
    fn new(opened: Opened) -> CountedColumn {
        match opened {
            Opened::Absent => CountedColumn::Absent,
            Opened::Days(days) => CountedColumn::Days { days, counts: HashMap::new(), found: Vec::new() },
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
            CountedColumn::Days { days, counts, found } => {
                for &doc in docs {
                    found.clear();
                    for day in days.values_for_doc(doc) {
                        if !found.contains(&day) {
                            found.push(day);
                            *counts.entry(day).or_default() += 1;
                        }
                    }
                }
            }
        }
    }

    /// The values met, rising, with what holds them.
    fn counts(self) -> Vec<(i64, Held)> {
        match self {
            CountedColumn::Absent => Vec::new(),
            CountedColumn::Names { counts, .. } => counts.counts(),
            CountedColumn::Days { counts, .. } => {
                let mut days: Vec<(i64, u32)> = counts.into_iter().collect();
                days.sort_unstable();
                days.into_iter().map(|(day, count)| (day, Held::documents(count.into()))).collect()
            }
        }
    }
}

/// The strings of rising ordinals.
pub(super) fn spelled(names: &StrColumn, ordinals: &[u64]) -> io::Result<Vec<String>> {
    let mut spelled = Vec::with_capacity(ordinals.len());
    names.dictionary().sorted_ords_to_term_cb(ordinals, |bytes| {
        spelled.push(legible(bytes).into_owned());
    })?;
    Ok(spelled)
}

impl SegmentCollector for TallyOfSegment {
    type Fruit = io::Result<Vec<Counts>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        for counter in &mut self.counters {
            counter.count(docs);
        }
    }

    fn harvest(self) -> io::Result<Vec<Counts>> {
        self.counters.into_iter().map(Counter::counts).collect()
    }
}

/// Counts each tuple of values of `counted`.
pub(super) struct Tuples<'i> {
    pub counted: Vec<Field>,
    pub columns: &'i Columns,
    pub told: Told,
}

/// The tuples with what holds them.
pub(super) type Tupled = BTreeMap<Vec<Counted>, Held>;

impl Collector for Tuples<'_> {
    type Fruit = Tupled;
    type Child = TuplesOfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<TuplesOfSegment> {
        let open = |&field: &Field| self.columns.open(segment, reader, field).cloned();
        Ok(TuplesOfSegment {
            columns: self.counted.iter().map(open).collect::<tantivy::Result<_>>()?,
            groups: Groups::open(self.columns, segment, reader, self.told)?,
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
    groups: Groups,
    /// By tuple the documents that are in no group, and the groups of the others.
    held: HashMap<Vec<i64>, (u64, BTreeSet<Group>)>,
}

impl SegmentCollector for TuplesOfSegment {
    type Fruit = io::Result<Tupled>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let mut tuples: Vec<Vec<i64>> = vec![Vec::new()];
        for column in &self.columns {
            let mut values: Vec<i64> = column.values(doc).collect();
            values.sort_unstable();
            values.dedup();
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
        let group = self.groups.of(doc);
        for tuple in tuples {
            let (documents, groups) = self.held.entry(tuple).or_default();
            *documents += u64::from(group.is_none());
            groups.extend(group);
        }
    }

    fn harvest(self) -> io::Result<Tupled> {
        let met = self.held.values().flat_map(|(_, groups)| groups.iter().copied());
        let hashes = self.groups.hashes(met)?;
        let mut tupled = Tupled::new();
        for (tuple, (documents, groups)) in &self.held {
            let tuple = self.columns.iter().zip(tuple).map(|(column, &value)| spelled_out(column, value));
            let groups = groups.iter().filter_map(|&group| hashes.of(group)).collect();
            tupled.insert(tuple.collect::<io::Result<_>>()?, Held { documents: *documents, groups });
        }
        Ok(tupled)
    }
}
