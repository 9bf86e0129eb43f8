//! The columns of the index, opened when first needed and kept: opening one costs as much as many a whole query.

use index_schema::{Field, Kind};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

/// One column of a segment.
#[derive(Clone)]
pub(super) enum Opened {
    /// No document of the segment has a value.
    Absent,
    Names(StrColumn),
    /// Days since 1970-01-01.
    Days(Column<i64>),
}

impl Opened {
    /// The values of names, where there are any.
    pub(super) fn names(self) -> Option<StrColumn> {
        match self {
            Opened::Names(names) => Some(names),
            _ => None,
        }
    }
}

/// The columns opened so far, by segment and name.
#[derive(Default)]
pub(super) struct Columns {
    opened: Mutex<HashMap<(u32, &'static str), Opened>>,
}

impl Columns {
    pub(super) fn open(
        &self,
        segment: u32,
        reader: &SegmentReader,
        name: &'static str,
    ) -> tantivy::Result<Opened> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = opened.get(&(segment, name)) {
            return Ok(column.clone());
        }
        let days = Field::named(name).is_some_and(|field| field.spec().kind == Kind::Day);
        let column = if days {
            reader.fast_fields().column_opt::<i64>(name)?.map_or(Opened::Absent, Opened::Days)
        } else {
            reader.fast_fields().str(name)?.map_or(Opened::Absent, Opened::Names)
        };
        opened.insert((segment, name), column.clone());
        Ok(column)
    }

    /// The ids of a segment's documents: the schema gives every document one.
    pub(super) fn ids(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<StrColumn> {
        let missing = || tantivy::TantivyError::SchemaError("the index has no column of ids".to_owned());
        self.open(segment, reader, Field::Id.name())?.names().ok_or_else(missing)
    }
}
