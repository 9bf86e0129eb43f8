//! The tantivy schema that follows from the table of fields.

use super::analyze;
use index_schema::{FIELDS, Kind, Spec};
use tantivy::schema::{
    FAST, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

/// The schema; a field's number is its row in the table, so that `tantivy::schema::Field::from_field_id(field as u32)`
/// is the field.
pub(super) fn schema() -> Schema {
    let mut builder = Schema::builder();
    for spec in FIELDS {
        match spec.kind {
            Kind::Words => builder.add_text_field(
                spec.name,
                text(spec, analyze::WORDS, IndexRecordOption::WithFreqsAndPositions),
            ),
            Kind::Stems => {
                builder.add_text_field(spec.name, text(spec, analyze::STEMS, IndexRecordOption::WithFreqs))
            }
            Kind::Keyword if spec.stored => builder.add_text_field(spec.name, STRING | FAST | STORED),
            Kind::Keyword => builder.add_text_field(spec.name, STRING | FAST),
            Kind::Day if spec.stored => {
                builder.add_i64_field(spec.name, NumericOptions::from(INDEXED | FAST | STORED))
            }
            Kind::Day => builder.add_i64_field(spec.name, NumericOptions::from(INDEXED | FAST)),
            Kind::Stored => builder.add_text_field(spec.name, STORED),
        };
    }
    builder.build()
}

fn text(spec: &Spec, analyzer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(record);
    let options = TextOptions::default().set_indexing_options(indexing);
    if spec.stored { options.set_stored() } else { options }
}

/// The schema as tantivy writes it down, for the golden file.
pub fn schema_json() -> String {
    serde_json::to_string_pretty(&schema()).expect("a schema is plain data")
}
