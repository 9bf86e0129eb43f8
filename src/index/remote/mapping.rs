//! The OpenSearch mapping that follows from the table of fields.

use index_schema::{FIELDS, Kind, VERSION};
use serde_json::{Map, Value, json};

/// Settings and mapping of a new index, as the body of its creation, for the golden file.
pub fn mapping_json() -> String {
    serde_json::to_string_pretty(&mapping()).expect("plain data")
}

fn mapping() -> Value {
    let mut properties = Map::new();
    for spec in FIELDS {
        let property = match spec.kind {
            Kind::Words => json!({ "type": "text", "analyzer": "words", "index_options": "positions" }),
            Kind::Stems => json!({ "type": "text", "analyzer": "stems", "index_options": "freqs" }),
            Kind::Keyword => json!({ "type": "keyword" }),
            Kind::Day => json!({ "type": "date", "format": "strict_date" }),
            Kind::Stored => json!({ "type": "keyword", "index": false, "doc_values": false }),
        };
        properties.insert(spec.name.to_owned(), property);
    }
    // Words arrive folded and cut as `terms` does it, so both analyzers only split at spaces.
    json!({
        "settings": { "analysis": { "analyzer": {
            "words": { "type": "custom", "tokenizer": "whitespace" },
            "stems": { "type": "custom", "tokenizer": "whitespace" },
        } } },
        "mappings": { "dynamic": "strict", "_meta": { "version": VERSION }, "properties": properties },
    })
}
