//! A segment in the making: documents come in, tantivy's files of it come out.

use super::kept;
use super::postings::Postings;
use super::schema::{NUMBER, STORY_KEY};
use super::write::{days, number};
use crate::document::{Document, Value};
use index_schema::{FIELDS, Field, Kind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use tantivy::columnar::{ColumnType, ColumnarWriter};
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::write_alive_bitset;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::store::StoreWriter;
use tantivy::{BitSet, DocId};
use xxhash_rust::xxh3::xxh3_64;

/// What was added since the last segment was written.
pub(super) struct NewSegment {
    segment: Segment,
    postings: Postings,
    lengths: FieldNormsWriter,
    columns: ColumnarWriter,
    store: StoreWriter,
    /// What is stored of the document that is being added.
    stored: Vec<u8>,
    documents: DocId,
    /// The documents of each article that stand in it.
    articles: HashMap<Arc<str>, Vec<Range<DocId>>>,
    removed: Vec<Range<DocId>>,
}

impl NewSegment {
    pub(super) fn new(segment: Segment) -> tantivy::Result<NewSegment> {
        let settings = segment.index().settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            settings.docstore_compress_dedicated_thread,
        )?;
        Ok(NewSegment {
            postings: Postings::new(),
            lengths: FieldNormsWriter::for_schema(&segment.schema()),
            columns: columns(),
            store,
            stored: Vec::new(),
            documents: 0,
            articles: HashMap::new(),
            removed: Vec::new(),
            segment,
        })
    }

    /// Adds the documents of an article.
    pub(super) fn add(&mut self, documents: &[Document]) -> tantivy::Result<()> {
        let start = self.documents;
        for (document, kept) in documents.iter().zip(kept::pack(documents)) {
            self.add_document(document);
            self.stored.clear();
            kept::store(&kept, &mut self.stored);
            self.store.store_bytes(&self.stored)?;
            self.documents += 1;
        }
        let article = documents.first().and_then(|first| first.first(Field::Article)).unwrap_or_default();
        self.articles.entry(article.into()).or_default().push(start..self.documents);
        Ok(())
    }

    fn add_document(&mut self, document: &Document) {
        let doc = self.documents;
        let mut lengths = [0; FIELDS.len()];
        for (field, value) in &document.values {
            let (spec, place) = (field.spec(), *field as usize);
            match (spec.kind, value) {
                (Kind::Keyword, Value::Text(text)) => {
                    self.postings.add_whole(doc, place, text);
                }
                (Kind::Names | Kind::Words | Kind::Stems, Value::Text(text)) => {
                    lengths[place] += self.postings.add_text(doc, place, text);
                }
                (Kind::Day, Value::Day(day)) => self.columns.record_numerical(doc, spec.name, days(*day)),
                _ => {}
            }
        }
        for spec in FIELDS.iter().filter(|spec| matches!(spec.kind, Kind::Words | Kind::Stems)) {
            self.lengths.record(doc, number(spec.field), lengths[spec.field as usize]);
        }
        if let Some(story) = document.first(Field::Story) {
            self.columns.record_numerical(doc, STORY_KEY, xxh3_64(story.as_bytes()));
        }
        if let (Some(id), Some(article)) = (document.first(Field::Id), document.first(Field::Article)) {
            let number = kept::number_of(id, article).unwrap_or(0);
            self.columns.record_numerical(doc, NUMBER, u64::from(number));
        }
    }

    /// Takes an article out again.
    pub(super) fn remove(&mut self, article: &str) {
        self.removed.extend(self.articles.remove(article).into_iter().flatten());
    }

    /// About the bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.postings.memory() + self.columns.mem_usage() + self.store.mem_usage() + self.lengths.mem_usage()
    }

    /// Writes what is not written yet: the segment is whole then, and still to be made part of the index. `None` where
    /// all was taken out again.
    pub(super) fn write(mut self) -> tantivy::Result<Option<SegmentMeta>> {
        if self.articles.is_empty() {
            return Ok(None);
        }
        let mut segment = self.segment.with_max_doc(self.documents);
        self.store.close()?;
        // one column behind the other, so that the memory of one at a time is at hand
        for spec in FIELDS.iter().filter(|spec| spec.kind == Kind::Keyword) {
            for (documents, name) in self.postings.names(spec.field as usize) {
                documents.for_each(|document| self.columns.record_str(document, spec.name, name));
            }
        }
        let mut columns = segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(self.documents, None, &mut columns)?;
        columns.terminate()?;
        self.lengths.fill_up_to_max_doc(self.documents);
        let to = segment.open_write(SegmentComponent::FieldNorms)?;
        self.lengths.serialize(FieldNormsSerializer::from_write(to)?, None)?;
        let lengths = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        self.postings.write(&lengths, InvertedIndexSerializer::open(&segment)?)?;
        if !self.removed.is_empty() {
            let mut alive = BitSet::with_max_value_and_full(self.documents);
            self.removed.into_iter().flatten().for_each(|document| alive.remove(document));
            // Taken out before any commit can have been numbered.
            segment = segment.with_delete_meta(self.documents - alive.len() as u32, 0);
            let mut to = segment.open_write(SegmentComponent::Delete)?;
            write_alive_bitset(&alive, &mut to)?;
            to.terminate()?;
        }
        segment.meta().untrack_temp_docstore();
        Ok(Some(segment.meta().clone()))
    }
}

/// No values yet, of the types that the schema says.
fn columns() -> ColumnarWriter {
    let mut columns = ColumnarWriter::default();
    for spec in FIELDS {
        match spec.kind {
            Kind::Keyword => columns.record_column_type(spec.name, ColumnType::Str, false),
            Kind::Day => columns.record_column_type(spec.name, ColumnType::I64, false),
            Kind::Words | Kind::Stems | Kind::Names | Kind::Id | Kind::Stored => {}
        }
    }
    for name in [STORY_KEY, NUMBER] {
        columns.record_column_type(name, ColumnType::U64, false);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::NewSegment;
    use crate::document::{Document, Text, Value};
    use crate::index::local::analyze;
    use crate::index::local::kept;
    use crate::index::local::schema::{self, KEPT_FIELD, NUMBER_FIELD, STORY_KEY_FIELD};
    use crate::index::local::write::{days, number};
    use index_schema::{FIELDS, Field, Kind};
    use jiff::civil::date;
    use proptest::prelude::*;
    use tantivy::index::{Segment, SegmentComponent};
    use tantivy::indexer::IndexWriterOptions;
    use tantivy::{Index, IndexWriter, TantivyDocument};
    use xxhash_rust::xxh3::xxh3_64;

    fn index() -> Index {
        let builder = Index::builder().schema(schema::schema()).tokenizers(analyze::analyzers());
        builder.create_in_ram().unwrap()
    }

    fn writer(index: &Index) -> IndexWriter {
        let options =
            IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(15_000_000);
        index.writer_with_options(options.build()).unwrap()
    }

    fn article(id: &str, text: &str) -> Document {
        let mut document = Document::default();
        document.text(Field::Article, id);
        document.text(Field::Text, text);
        document
    }

    fn segment(index: &Index) -> Segment {
        let segments = index.searchable_segments().unwrap();
        assert_eq!(segments.len(), 1);
        segments[0].clone()
    }

    /// The documents as tantivy takes them.
    fn for_tantivy(documents: &[Document]) -> impl Iterator<Item = TantivyDocument> {
        documents.iter().zip(kept::pack(documents)).map(|(document, kept)| {
            let mut theirs = TantivyDocument::new();
            for (field, value) in &document.values {
                match (field.spec().kind, value) {
                    (Kind::Id | Kind::Stored, _) => {}
                    (_, Value::Text(text)) => theirs.add_text(number(*field), &**text),
                    (_, Value::Day(day)) => theirs.add_i64(number(*field), days(*day)),
                }
            }
            theirs.add_bytes(KEPT_FIELD, &kept);
            if let Some(story) = document.first(Field::Story) {
                theirs.add_u64(STORY_KEY_FIELD, xxh3_64(story.as_bytes()));
            }
            if let (Some(id), Some(article)) = (document.first(Field::Id), document.first(Field::Article)) {
                theirs.add_u64(NUMBER_FIELD, kept::number_of(id, article).unwrap_or(0).into());
            }
            theirs
        })
    }

    fn same_as_tantivys(documents: &[Document]) {
        let (theirs, ours) = (index(), index());
        let mut writer_of_theirs = writer(&theirs);
        for_tantivy(documents).for_each(|document| {
            writer_of_theirs.add_document(document).unwrap();
        });
        writer_of_theirs.commit().unwrap();
        let mut writer_of_ours = writer(&ours);
        let mut new = NewSegment::new(writer_of_ours.new_segment()).unwrap();
        new.add(documents).unwrap();
        writer_of_ours.add_segment(new.write().unwrap().unwrap()).unwrap();
        writer_of_ours.commit().unwrap();
        use SegmentComponent::{FastFields, FieldNorms, Positions, Postings, Store, Terms};
        for component in [Terms, Postings, Positions, FieldNorms, FastFields, Store] {
            let bytes = |index: &Index| {
                segment(index).open_read(component.clone()).unwrap().read_bytes().unwrap().as_slice().to_vec()
            };
            assert!(bytes(&ours) == bytes(&theirs), "{component:?} differ for {documents:?}");
        }
    }

    #[test]
    fn long_lists_are_written_as_tantivy_writes_them() {
        let texts =
            (0..700).map(|n| format!("The train {} stopped, and {n} more stops the training.", n % 7));
        let texts: Vec<Document> = texts.map(|text| article("a", &text)).collect();
        same_as_tantivys(&texts);
        same_as_tantivys(&[article("a", &"train and train again. ".repeat(3000)), article("b", "train")]);
        same_as_tantivys(&[article(&"n".repeat(70_000), "a name that is too long"), article("b", "")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn a_segment_is_what_tantivy_makes_of_the_documents(
            texts in proptest::collection::vec("([Tt]rains?|élan|U\\.S\\.|[ab]{0,20}|[., ]){0,6}", 1..6),
            documents in proptest::collection::vec(
                proptest::collection::vec((0..FIELDS.len(), 0usize..6), 1..8),
                1..12,
            ),
        ) {
            let texts: Vec<Text> = texts.into_iter().map(Text::from).collect();
            let documents: Vec<Document> = documents
                .into_iter()
                .map(|values| {
                    let mut document = Document::default();
                    for (place, text) in values {
                        let (spec, text) = (&FIELDS[place], &texts[text % texts.len()]);
                        match spec.kind {
                            Kind::Day => document.day(spec.field, date(2024, 1, text.len() as i8 % 28 + 1)),
                            // what searches a text by its words searches it by their stems
                            Kind::Words => {
                                document.text(spec.field, text.clone());
                                let stems = if spec.field == Field::Text { Field::Stem } else { Field::TitleStem };
                                document.text(stems, text.clone());
                            }
                            _ => document.text(spec.field, text.clone()),
                        }
                    }
                    document
                })
                .collect();
            same_as_tantivys(&documents);
        }
    }

    #[test]
    fn what_is_taken_out_again_is_not_there() {
        let index = index();
        let mut writer = writer(&index);
        let mut new = NewSegment::new(writer.new_segment()).unwrap();
        let two = |id: &str| [article(id, "one"), article(id, "two")];
        for id in ["a", "b", "c"] {
            new.add(&two(id)).unwrap();
        }
        new.remove("b");
        new.remove("x");
        new.add(&two("b")[..1]).unwrap();
        new.remove("a");
        writer.add_segment(new.write().unwrap().unwrap()).unwrap();
        writer.commit().unwrap();
        let reader = index.reader().unwrap().searcher();
        assert_eq!((reader.segment_reader(0).max_doc(), reader.num_docs()), (7, 3));
        assert!(!reader.segment_reader(0).is_deleted(4) && reader.segment_reader(0).is_deleted(2));

        let mut none = NewSegment::new(writer.new_segment()).unwrap();
        none.add(&two("d")).unwrap();
        none.remove("d");
        assert!(none.write().unwrap().is_none());
    }
}
