//! A segment in the making: documents come in, tantivy's files of it come out.

use super::postings::Postings;
use super::prepared::{Prepared, Ready};
use index_schema::{FIELDS, Kind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::{FastFieldsWriter, write_alive_bitset};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Schema;
use tantivy::store::StoreWriter;
use tantivy::{BitSet, DocId};

/// What was added since the last segment was written.
pub(super) struct NewSegment {
    segment: Segment,
    schema: Schema,
    postings: Postings,
    lengths: FieldNormsWriter,
    columns: FastFieldsWriter,
    store: StoreWriter,
    documents: DocId,
    /// The documents of each article that stand in it.
    articles: HashMap<Arc<str>, Vec<Range<DocId>>>,
    removed: Vec<Range<DocId>>,
}

impl NewSegment {
    pub(super) fn new(segment: Segment) -> tantivy::Result<NewSegment> {
        let (schema, index) = (segment.schema(), segment.index());
        let settings = index.settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            settings.docstore_compress_dedicated_thread,
        )?;
        let tokenizers = index.fast_field_tokenizer().clone();
        Ok(NewSegment {
            postings: Postings::new(),
            lengths: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?,
            store,
            documents: 0,
            articles: HashMap::new(),
            removed: Vec::new(),
            schema,
            segment,
        })
    }

    /// Adds the documents of an article.
    pub(super) fn add(
        &mut self,
        article: &Arc<str>,
        documents: impl Iterator<Item = Prepared>,
    ) -> tantivy::Result<()> {
        let start = self.documents;
        for document in documents {
            self.add_document(&document)?;
        }
        self.articles.entry(Arc::clone(article)).or_default().push(start..self.documents);
        Ok(())
    }

    fn add_document(&mut self, document: &Prepared) -> tantivy::Result<()> {
        let number = self.documents;
        for values in document.values.chunk_by(|ours, theirs| ours.0 == theirs.0) {
            let field = values[0].0;
            let place = field.field_id() as usize;
            let Some(spec) = FIELDS.get(place) else { continue };
            let texts = values.iter().filter_map(|(_, value)| match value {
                Ready::Text(text) => Some(text),
                _ => None,
            });
            match spec.kind {
                Kind::Keyword => texts.for_each(|name| self.postings.add_whole(number, place, name)),
                Kind::Names => texts.for_each(|name| {
                    self.postings.add_text(number, place, name);
                }),
                Kind::Words | Kind::Stems => {
                    let length = texts.map(|text| self.postings.add_text(number, place, text)).sum();
                    self.lengths.record(number, field, length);
                }
                Kind::Id | Kind::Day | Kind::Stored => {}
            }
        }
        self.columns.add_document(document)?;
        self.store.store(document, &self.schema)?;
        self.documents += 1;
        Ok(())
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
        let mut columns = segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
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

#[cfg(test)]
mod tests {
    use super::NewSegment;
    use crate::document::Document;
    use crate::index::local::prepared::Prepared;
    use crate::index::local::{analyze, schema};
    use index_schema::{FIELDS, Field, Kind};
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::sync::Arc;
    use tantivy::index::{Segment, SegmentComponent};
    use tantivy::indexer::IndexWriterOptions;
    use tantivy::{Index, IndexWriter};

    fn index() -> Index {
        let builder = Index::builder().schema(schema::schema()).tokenizers(analyze::analyzers());
        builder.create_in_ram().unwrap()
    }

    fn writer(index: &Index) -> IndexWriter<Prepared> {
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

    fn prepared(documents: &[Document]) -> impl Iterator<Item = Prepared> {
        documents.iter().map(|document| Prepared::new(document.clone(), b"kept".to_vec()))
    }

    fn same_as_tantivys(documents: &[Document]) {
        let (theirs, ours) = (index(), index());
        let mut writer_of_theirs = writer(&theirs);
        prepared(documents).for_each(|document| {
            writer_of_theirs.add_document(document).unwrap();
        });
        writer_of_theirs.commit().unwrap();
        let mut writer_of_ours = writer(&ours);
        let mut new = NewSegment::new(writer_of_ours.new_segment()).unwrap();
        new.add(&Arc::from("a"), prepared(documents)).unwrap();
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
            documents in proptest::collection::vec(
                proptest::collection::vec((0..FIELDS.len(), "([Tt]rains?|élan|U\\.S\\.|[ab]{0,20}|[., ]){0,6}"), 1..8),
                1..12,
            ),
        ) {
            let documents: Vec<Document> = documents
                .into_iter()
                .map(|values| {
                    let mut document = Document::default();
                    for (place, text) in values {
                        let spec = &FIELDS[place];
                        match spec.kind {
                            Kind::Day => document.day(spec.field, date(2024, 1, text.len() as i8 % 28 + 1)),
                            _ => document.text(spec.field, text),
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
            new.add(&Arc::from(id), prepared(&two(id))).unwrap();
        }
        new.remove("b");
        new.remove("x");
        new.add(&Arc::from("b"), prepared(&two("b")[..1])).unwrap();
        new.remove("a");
        writer.add_segment(new.write().unwrap().unwrap()).unwrap();
        writer.commit().unwrap();
        let reader = index.reader().unwrap().searcher();
        assert_eq!((reader.segment_reader(0).max_doc(), reader.num_docs()), (7, 3));
        assert!(!reader.segment_reader(0).is_deleted(4) && reader.segment_reader(0).is_deleted(2));

        let mut none = NewSegment::new(writer.new_segment()).unwrap();
        none.add(&Arc::from("d"), prepared(&two("d"))).unwrap();
        none.remove("d");
        assert!(none.write().unwrap().is_none());
    }
}
