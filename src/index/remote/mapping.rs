//! The OpenSearch mapping that follows from the table of fields.

use crate::query::forgiving;
use index_schema::{FIELDS, Kept, Kind, Spec, VERSION};
use serde_json::{Map, Value, json};

/// Settings and mapping of a new index, as the body of its creation, for the golden file.
pub fn mapping_json() -> String {
    serde_json::to_string_pretty(&mapping()).expect("plain data")
}

/// The property that keeps a field's own text where the field itself holds its folded words.
pub(super) fn kept(spec: &Spec) -> Option<String> {
    (spec.kind == Kind::Words && spec.kept != Kept::Not).then(|| format!("{}_kept", spec.name))
}

/// The property by which names spelled alike are found: the field's values, folded.
pub(super) fn alike(spec: &Spec) -> Option<String> {
    (spec.kind == Kind::Keyword && forgiving(spec.field)).then(|| format!("{}_alike", spec.name))
}

/// The story, else the document itself: by what hits are grouped where stories count once.
pub(super) const STORY_OR_ID: &str = "story_or_id";

/// The run that wrote a document, so that what it replaces can be told from it.
pub(super) const WRITTEN: &str = "written";

pub(super) fn mapping() -> Value {
    let stored = json!({ "type": "keyword", "index": false, "doc_values": false });
    // the longest term Lucene takes has 32,766 bytes
    let keyword = json!({ "type": "keyword", "ignore_above": 8000 });
    let mut properties = Map::new();
    let mut unkept = Vec::new();
    for spec in FIELDS {
        let property = match spec.kind {
            Kind::Words => json!({ "type": "text", "analyzer": "words", "index_options": "positions" }),
            Kind::Stems => json!({ "type": "text", "analyzer": "stems", "index_options": "freqs" }),
            Kind::Names => {
                json!({ "type": "text", "analyzer": "words", "index_options": "docs", "norms": false })
            }
            Kind::Id | Kind::Keyword => keyword.clone(),
            Kind::Day => json!({ "type": "date", "format": "strict_date" }),
            Kind::Stored => stored.clone(),
        };
        properties.insert(spec.name.to_owned(), property);
        if spec.kept == Kept::Not || matches!(spec.kind, Kind::Words | Kind::Stems | Kind::Names) {
            unkept.push(spec.name.to_owned());
        }
        if let Some(kept) = kept(spec) {
            properties.insert(kept, stored.clone());
        }
        if let Some(alike) = alike(spec) {
            properties.insert(alike.clone(), keyword.clone());
            unkept.push(alike);
        }
    }
    for name in [STORY_OR_ID, WRITTEN] {
        properties.insert(name.to_owned(), keyword.clone());
        unkept.push(name.to_owned());
    }
    // Words arrive folded and cut as `terms` does it, so both analyzers only split at spaces. The similarity is BM25 with
    // the factor (k1 + 1), as tantivy computes it.
    json!({
        "settings": {
            "analysis": { "analyzer": {
                "words": { "type": "custom", "tokenizer": "whitespace" },
                "stems": { "type": "custom", "tokenizer": "whitespace" },
            } },
            "similarity": { "default": { "type": "LegacyBM25", "k1": 1.2, "b": 0.75 } },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": { "version": VERSION },
            "_source": { "excludes": unkept },
            "properties": properties,
        },
    })
}
