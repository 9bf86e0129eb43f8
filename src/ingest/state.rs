//! How the files of a ledger stand now: what `check` compares.

use super::plan::stat;
use crate::ledger::{self, Ledger};
use crate::read::Source;

/// In numbers of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub changed: usize,
    pub gone: usize,
    /// Not read to their ends when the run was cut short.
    pub unfinished: usize,
    /// Could not be read, wholly or in part.
    pub failed: usize,
}

/// Compares the ledger with the files it names.
pub fn state(ledger: &Ledger) -> State {
    let mut state = State::default();
    for (path, file) in ledger.files.iter().filter(|(path, _)| *path != "-") {
        let source = Source::named(ledger::path(path), &file.name);
        match stat(&source, Some(file)) {
            Ok(now) => state.changed += usize::from(now.hash != file.hash),
            Err(cause) => state.gone += usize::from(cause.kind() == std::io::ErrorKind::NotFound),
        }
        state.unfinished += usize::from(!file.whole);
        state.failed += usize::from(file.error.is_some());
    }
    state
}
