//! The groups of a segment's documents, where several of them count as one.

use super::columns::{Columns, Opened};
use super::stories::Stories;
use super::tally::spelled;
use crate::index::counts::Told;
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};
use xxhash_rust::xxh3::xxh3_128;

/// What tells the documents of one segment apart.
pub(super) struct Groups {
    stories: Option<Arc<Stories>>,
    names: Option<StrColumn>,
    /// Whether a document in no other group is one of its own.
    own: bool,
    segment: u32,
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
            Some(Field::Story) => {
                (columns.stories(segment, reader)?.clone(), told.or_id.then_some(Field::Id))
            }
            other => (None, other),
        };
        let own = field == Some(Field::Id);
        let names = match field.filter(|_| !own) {
            Some(field) => columns.open(segment, reader, field)?.names().cloned(),
            None => None,
        };
        Ok(Groups { stories, names, own, segment })
    }

    /// Adds to `grouped` those of the documents that may count together with others. One that is a group of its own is met
    /// again only where it has several values.
    pub(super) fn among(&self, docs: &[DocId], values: &Opened, grouped: &mut Vec<DocId>) {
        if self.names.is_some() {
            grouped.extend(docs);
        } else if self.own {
            let in_story = |doc| self.stories.as_ref().is_some_and(|stories| stories.members().has(doc));
            grouped.extend(docs.iter().copied().filter(|&doc| in_story(doc) || values.several(doc)));
        } else if let Some(stories) = &self.stories {
            grouped.extend(stories.among(docs));
        }
    }

    /// The group of a document that is [among](Groups::among) those.
    pub(super) fn of_one_among(&self, doc: DocId) -> Option<Group> {
        match &self.stories {
            Some(stories) if !self.own => Some(Group::Story(stories.key_of(doc))),
            _ => self.of(doc),
        }
    }

    /// The group of a document; `None` where it only needs to be counted.
    pub(super) fn of(&self, doc: DocId) -> Option<Group> {
        let story = || self.stories.as_ref()?.key(doc).map(Group::Story);
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
