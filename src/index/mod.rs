//! The verb index: documents in, answers out.

mod error;
pub mod local;

pub use error::IndexError;
