//! Who is one speaker: `speakers.toml`, which the user keeps beside an index.

use super::IndexError;
use crate::query::aliases::Aliases;
use std::io::ErrorKind;
use std::path::Path;

/// What `speakers.toml` in the folder says; nothing where there is none.
pub(super) fn read(beside: &Path) -> Result<Aliases, IndexError> {
    let path = beside.join("speakers.toml");
    let cannot = |why: String| IndexError::new(format!("cannot read `{}`", path.display()), why);
    match std::fs::read_to_string(&path) {
        Ok(text) => Aliases::read(&text).map_err(cannot),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Aliases::default()),
        Err(cause) if cause.kind() == ErrorKind::InvalidData => Err(cannot(cause.to_string())),
        Err(cause) => Err(cannot(cause.kind().to_string())),
    }
}
