//! The groups of a segment's documents, where several of them count as one.

use super::columns::Columns;
use super::tally::spelled;
use crate::index::counts::Told;
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use tantivy::columnar::column_index::Set;
use tantivy::columnar::{Column, ColumnIndex, StrColumn};
use tantivy::{DocId, SegmentReader, TERMINATED};
use xxhash_rust::xxh3::xxh3_128;

/// What tells the documents of one segment apart.
pub(super) struct Groups {
    stories: Option<Column<u64>>,
    names: Option<StrColumn>,
    /// Whether a document in no other group is one of its own.
    own: bool,
    segment: u32,
    /// The first document that may be in a group, from the last one looked for on.
    next: DocId,
    /// How many are in a story before it, once one was looked for.
    before: Option<u32>,
}

/// A group within its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// By the story's key.
    Story(u64),
    /// By the ordinal of a name.
    Named(u64),
    /// The document itself.
    Own(DocId),
}

/// What groups are called in every segment.
pub(super) struct Hashes {
    segment: u32,
    names: BTreeMap<u64, u128>,
}

impl Hashes {
    /// A story's key, the hash (xxh3, 128 bit) of a name, or beyond all keys a document's number.
    pub(super) fn of(&self, group: Group) -> Option<u128> {
        match group {
            Group::Story(key) => Some(key.into()),
            Group::Named(ordinal) => self.names.get(&ordinal).copied(),
            Group::Own(doc) => Some((u128::from(self.segment) + 1) << 64 | u128::from(doc)),
        }
    }
}

impl Groups {
    pub(super) fn open(
        columns: &Columns,
        segment: u32,
        reader: &SegmentReader,
        told: Told,
    ) -> tantivy::Result<Groups> {
        let (stories, field) = match told.by {
            Some(Field::Story) => (columns.stories(segment, reader)?, told.or_id.then_some(Field::Id)),
            other => (None, other),
        };
        let own = field == Some(Field::Id);
        let names = match field.filter(|_| !own) {
            Some(field) => columns.open(segment, reader, field)?.names(),
            None => None,
        };
        Ok(Groups { stories, names, own, segment, next: 0, before: None })
    }

    /// The documents, rising from call to call, in stretches that are in no group, and one by one those that are.
    pub(super) fn split<'d>(&mut self, docs: &'d [DocId], give: &mut dyn FnMut(&'d [DocId], Option<Group>)) {
        let mut rest = docs;
        while let Some(&first) = rest.first() {
            if self.next < first {
                self.seek(first);
            }
            let (alone, others) = rest.split_at(rest.partition_point(|&doc| doc < self.next));
            if !alone.is_empty() {
                give(alone, None);
            }
            rest = others;
            if let Some((grouped, after)) = others.split_at_checked(1)
                && grouped[0] == self.next
            {
                give(grouped, self.of(grouped[0]));
                rest = after;
            }
        }
    }

    /// Goes to the first document from `doc` on that is in a group. Few are in a story: it is often the next of them.
    fn seek(&mut self, doc: DocId) {
        let named = self.names.is_some() || self.own;
        let index = self.stories.as_ref().filter(|_| !named).map(|stories| &stories.index);
        self.next = match index {
            None if named => doc,
            Some(ColumnIndex::Full) => doc,
            Some(ColumnIndex::Optional(docs)) => {
                let at = |rank: u32| if rank < docs.num_non_nulls() { docs.select(rank) } else { TERMINATED };
                let after = self.before.map(|before| (before + 1, at(before + 1)));
                let far = || {
                    let rank = docs.rank(doc);
                    (rank, at(rank))
                };
                let (before, next) = after.filter(|(_, next)| *next >= doc).unwrap_or_else(far);
                self.before = Some(before);
                next
            }
            Some(ColumnIndex::Multivalued(docs)) => docs.next_non_null_doc(doc).unwrap_or(TERMINATED),
            Some(ColumnIndex::Empty { .. }) | None => TERMINATED,
        };
    }

    /// The group of a document; `None` where it only needs to be counted.
    pub(super) fn of(&self, doc: DocId) -> Option<Group> {
        let story = || self.stories.as_ref()?.first(doc).map(Group::Story);
        let named = || self.names.as_ref()?.ords().first(doc).map(Group::Named);
        story().or_else(named).or_else(|| self.own.then_some(Group::Own(doc)))
    }

    pub(super) fn hashes(&self, groups: impl Iterator<Item = Group>) -> io::Result<Hashes> {
        let ordinal = |group| match group {
            Group::Story(_) | Group::Own(_) => None,
            Group::Named(ordinal) => Some(ordinal),
        };
        let rising: BTreeSet<u64> = groups.filter_map(ordinal).collect();
        let rising: Vec<u64> = rising.into_iter().collect();
        let names = self.names.as_ref().map_or(Ok(Vec::new()), |names| spelled(names, &rising))?;
        let names = names.iter().map(|name| xxh3_128(name.as_bytes()));
        Ok(Hashes { segment: self.segment, names: rising.into_iter().zip(names).collect() })
    }
}
