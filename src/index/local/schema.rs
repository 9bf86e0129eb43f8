//! The tantivy schema that follows from the table of fields.

use index_schema::{FIELDS, Kind};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

/// What the analyzer of `Words` fields is called. No analyzer is registered: `postings` cuts texts itself, and questions
/// come in terms.
pub(super) const WORDS: &str = "words";
/// What that of `Stems` fields is called.
pub(super) const STEMS: &str = "stems";
/// The name of tantivy's own for keywords.
const WHOLE: &str = "raw";

/// The field behind those of the table, which holds what a hit gives back; see `kept`.
pub(super) const KEPT: &str = "kept";
/// The field behind that, a number in place of the name that `story` is: told apart without reading names.
pub(super) const STORY_KEY: &str = "story_key";
/// The last one: the number of a statement in its article, 0 for the article itself; with `article` it says the id.
pub(super) const NUMBER: &str = "number";

/// tantivy's number of the field that stands so many places behind those of the table.
const fn behind(places: u32) -> Field {
    Field::from_field_id(FIELDS.len() as u32 + places)
}

/// tantivy's numbers of these fields.
pub(super) const KEPT_FIELD: Field = behind(0);
#[cfg(test)]
pub(super) const STORY_KEY_FIELD: Field = behind(1);
pub(super) const NUMBER_FIELD: Field = behind(2);

/// The schema; a field's number is its row in the table, so that `tantivy::schema::Field::from_field_id(field as u32)`
/// is the field.
pub(super) fn schema() -> Schema {
    let mut builder = Schema::builder();
    for spec in FIELDS {
        let positions = IndexRecordOption::WithFreqsAndPositions;
        match spec.kind {
            Kind::Words => builder.add_text_field(spec.name, indexed(WORDS, positions, true)),
            Kind::Stems => {
                builder.add_text_field(spec.name, indexed(STEMS, IndexRecordOption::WithFreqs, true))
            }
            Kind::Names => builder.add_text_field(spec.name, indexed(WORDS, IndexRecordOption::Basic, false)),
            // a name weighs the same however many stand beside it
            Kind::Keyword => {
                let whole = indexed(WHOLE, IndexRecordOption::Basic, false);
                builder.add_text_field(spec.name, whole.set_fast(WHOLE))
            }
            // ranges are looked up in the column
            Kind::Day => builder.add_i64_field(spec.name, FAST),
            Kind::Id | Kind::Stored => builder.add_text_field(spec.name, TextOptions::default()),
        };
    }
    builder.add_bytes_field(KEPT, STORED);
    builder.add_u64_field(STORY_KEY, FAST);
    builder.add_u64_field(NUMBER, FAST);
    builder.build()
}

fn indexed(analyzer: &str, record: IndexRecordOption, lengths: bool) -> TextOptions {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(record).set_fieldnorms(lengths);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema as tantivy writes it down, for the golden file.
pub fn schema_json() -> String {
    serde_json::to_string_pretty(&schema()).expect("a schema is plain data")
}
