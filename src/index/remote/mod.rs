//! The index on an OpenSearch cluster: its mapping so far, kept beside the local schema so that the two never part.

mod mapping;

pub use mapping::mapping_json;
