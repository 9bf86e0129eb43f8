//! The index in a folder: tantivy, one writer, any number of readers.

mod analyze;
mod ledger;
mod schema;
mod write;

pub use schema::schema_json;
pub use write::{LocalIndex, LocalWriter};
