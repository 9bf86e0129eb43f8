//! The verb index: documents in, answers out.

mod error;
pub mod local;
pub mod remote;

pub use error::IndexError;
