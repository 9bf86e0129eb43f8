//! onrecord: read **files** → **article** → extract **findings** (statements, places, dates) → compose **documents** →
//! **index** → **query** → **answer** → render.

pub mod block;
pub mod terms;
pub mod read;
pub mod article;
pub mod extract;
pub mod findings;
pub mod compose;
pub mod document;
pub mod spans;
pub mod story;
pub mod ledger;
pub mod index;
pub mod query;
pub mod answer;
pub mod render;
pub mod pipeline;
pub mod ingest;
pub mod extraction;
pub mod ask;
pub mod cli;
