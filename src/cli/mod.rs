//! The command line: what people type, and what they see of an ingest.

mod args;
mod asking;
mod hits;
mod counting;
mod saved;
mod screen;
mod closing;
mod trouble;
mod progress;
mod interrupt;
mod run;

pub use args::command;
pub use run::{Outcome, report, run};
