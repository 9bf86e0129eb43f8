//! The columns of the index, opened when first needed and kept: opening one costs as much as many a whole query.

use super::bits::Bits;
use super::schema::{NUMBER, STORY_KEY};
use super::stories::Stories;
use super::write::number;
use index_schema::{FIELDS, Field, Kind};
use std::sync::{Arc, OnceLock};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, Term};

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
    pub(super) fn names(&self) -> Option<&StrColumn> {
        match self {
            Opened::Names(names) => Some(names),
            _ => None,
        }
    }

    /// The values of days, where there are any.
    pub(super) fn days(&self) -> Option<&Column<i64>> {
        match self {
            Opened::Days(days) => Some(days),
            _ => None,
        }
    }

    /// A document's values: ordinals of names, days as they are; one that stands twice comes twice.
    pub(super) fn values(&self, doc: DocId) -> impl Iterator<Item = i64> {
        let (names, days) = match self {
            Opened::Absent => (None, None),
            Opened::Names(names) => (Some(names.ords().values_for_doc(doc)), None),
            Opened::Days(days) => (None, Some(days.values_for_doc(doc))),
        };
        names.into_iter().flatten().map(|ordinal| ordinal as i64).chain(days.into_iter().flatten())
    }

    /// Gives the values of documents, each behind the document's place among them.
    pub(super) fn each(&self, docs: &[DocId], mut give: impl FnMut(u32, i64)) {
        match self {
            Opened::Names(names) if !names.ords().get_cardinality().is_multivalue() => {
                let mut found = vec![None; docs.len()];
                names.ords().first_vals(docs, &mut found);
                for (place, ordinal) in (0..).zip(found) {
                    ordinal.into_iter().for_each(|ordinal| give(place, ordinal as i64));
                }
            }
            _ => {
                for (place, &doc) in (0..).zip(docs) {
                    self.values(doc).for_each(|value| give(place, value));
                }
            }
        }
    }

    /// Whether a document has more than one value.
    pub(super) fn several(&self, doc: DocId) -> bool {
        self.values(doc).nth(1).is_some()
    }
}

/// The columns opened so far, by segment and field.
pub(super) struct Columns {
    opened: Vec<OnceLock<Opened>>,
    stories: Vec<OnceLock<Option<Arc<Stories>>>>,
    articles: Vec<OnceLock<Arc<Bits>>>,
    ids: Vec<OnceLock<Arc<Ids>>>,
}

/// The ids of a segment's documents, an article's and its statements' next to each other.
pub(super) struct Ids {
    pub(super) articles: StrColumn,
    numbers: Column<u64>,
}

impl Ids {
    /// The ordinal of a document's article, the greatest where there is none.
    pub(super) fn article(&self, doc: DocId) -> u64 {
        self.articles.ords().first(doc).unwrap_or(u64::MAX)
    }

    /// The number of a statement in its article, 0 for the article itself.
    pub(super) fn number(&self, doc: DocId) -> u64 {
        self.numbers.first(doc).unwrap_or(0)
    }
}

impl Columns {
    pub(super) fn new(segments: usize) -> Columns {
        Columns {
            opened: vec![OnceLock::new(); segments * FIELDS.len()],
            stories: vec![OnceLock::new(); segments],
            ids: vec![OnceLock::new(); segments],
            articles: vec![OnceLock::new(); segments],
        }
    }

    /// The column of a `Keyword` or `Day` field.
    pub(super) fn open(
        &self,
        segment: u32,
        reader: &SegmentReader,
        field: Field,
    ) -> tantivy::Result<&Opened> {
        let place = &self.opened[segment as usize * FIELDS.len() + field as usize];
        if let Some(opened) = place.get() {
            return Ok(opened);
        }
        let columns = reader.fast_fields();
        let opened = match field.spec().kind {
            Kind::Day => columns.column_opt::<i64>(field.name())?.map(Opened::Days),
            _ => columns.str(field.name())?.map(Opened::Names),
        };
        Ok(place.get_or_init(|| opened.unwrap_or(Opened::Absent)))
    }

    /// The stories; `None` where no document of the segment is in one.
    pub(super) fn stories(
        &self,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<&Option<Arc<Stories>>> {
        let place = &self.stories[segment as usize];
        if place.get().is_none() {
            let keys = reader.fast_fields().column_opt::<u64>(STORY_KEY)?;
            place.get_or_init(|| keys.map(|keys| Arc::new(Stories::new(keys))));
        }
        Ok(place.get().unwrap_or(&None))
    }

    /// Which documents of a segment are articles.
    pub(super) fn articles(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<&Arc<Bits>> {
        let place = &self.articles[segment as usize];
        if let Some(opened) = place.get() {
            return Ok(opened);
        }
        let article = Term::from_field_text(number(Field::Kind), "article");
        let kinds = reader.inverted_index(article.field())?;
        let mut articles = Bits::none(reader.max_doc());
        if let Some(mut held) = kinds.read_block_postings(&article, IndexRecordOption::Basic)? {
            while !held.docs().is_empty() {
                articles.set(held.docs().iter().copied());
                held.advance();
            }
        }
        Ok(place.get_or_init(|| Arc::new(articles)))
    }

    /// The ids of a segment's documents: every document has one.
    pub(super) fn ids(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<&Arc<Ids>> {
        let place = &self.ids[segment as usize];
        if let Some(opened) = place.get() {
            return Ok(opened);
        }
        let missing = || tantivy::TantivyError::SchemaError("the index has no column of ids".to_owned());
        let articles = self.open(segment, reader, Field::Article)?.names().ok_or_else(missing)?.clone();
        let numbers = reader.fast_fields().u64(NUMBER)?;
        Ok(place.get_or_init(|| Arc::new(Ids { articles, numbers })))
    }
}
