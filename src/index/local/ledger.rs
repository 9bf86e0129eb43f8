//! The ledger's file beside a local index: JSON Lines, written anew with each commit, which names it.

use super::plain::plain;
use crate::index::IndexError;
use crate::index::record::FileLine;
use crate::ledger::Ledger;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// Reads the ledger of that name; `dir` is the index's folder.
pub(super) fn load(dir: &Path, name: &str) -> Result<Ledger, IndexError> {
    let path = dir.join(name);
    let failed = |cause: io::Error| {
        IndexError::new(format!("cannot read `{}`", path.display()), plain(cause))
            .with_hint("run `onrecord index --fresh PATH...` to build the index anew from the files")
    };
    let mut ledger = Ledger::default();
    for line in BufReader::new(File::open(&path).map_err(failed)?).lines() {
        let line: FileLine =
            serde_json::from_str(&line.map_err(failed)?).map_err(|cause| failed(cause.into()))?;
        let (path, record) = line.into_record();
        ledger.files.insert(path, record);
    }
    Ok(ledger)
}

/// Writes the ledger under that name, safe on disk when it returns.
pub(super) fn save(dir: &Path, name: &str, ledger: &Ledger) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(dir.join(name))?);
    for (path, record) in &ledger.files {
        let line = FileLine::whole(path, record);
        serde_json::to_writer(&mut file, &line)?;
        file.write_all(b"\n")?;
    }
    file.into_inner()?.sync_all()
}

/// Removes every ledger but the one of that name.
pub(super) fn sweep(dir: &Path, keep: &str) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("ledger-") && name != keep {
            // A ledger left behind costs its bytes and nothing else.
            let _ = fs::remove_file(entry.path());
        }
    }
}
