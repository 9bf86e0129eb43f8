//! The index in a folder: tantivy, one writer, any number of readers.

#[cfg(test)]
mod analyze;
mod kept;
mod ledger;
mod plain;
mod readable;
mod repair;
mod schema;
mod vocabulary;
mod lists;
mod postings;
mod segment;
mod removal;
mod write;
mod ask;
mod translate;
mod near;
mod bits;
mod columns;
mod stories;
mod groups;
mod exact;
mod ranked;
mod sources;
mod count;
mod tally;
mod word;
mod words;

pub use ask::{LocalReader, Place};
pub use schema::schema_json;
pub use write::{LocalIndex, LocalWriter};
