//! The schemas that follow from the table of fields are the ones checked in: a change shows in review.

use crate::run::golden;

#[test]
fn the_tantivy_schema_follows_from_the_table() {
    golden("index_schema/derived/local.json", &onrecord::index::local::schema_json());
}

#[test]
fn the_opensearch_mapping_follows_from_the_table() {
    golden("index_schema/derived/remote.json", &onrecord::index::remote::mapping_json());
}
