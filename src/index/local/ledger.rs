//! The ledger's file beside a local index: JSON Lines to which each commit adds the files that changed, the last line of
//! a file holding. A commit names it with its length and checksum; what stands beyond belongs to no commit.

use super::plain::plain;
use crate::index::IndexError;
use crate::index::record::FileLine;
use crate::ledger::Ledger;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// A ledger is written whole again when it has grown to twice its size and by this many bytes.
const SLACK: u64 = 1 << 16;

/// The ledger's file as a commit names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) name: String,
    bytes: u64,
    /// Bytes it had when it was last written whole.
    whole: u64,
    /// The sum of its lines' xxh3.
    sum: u64,
}

/// Reads a ledger; `dir` is the index's folder.
pub(super) fn load(dir: &Path, saved: &Saved) -> Result<Ledger, IndexError> {
    read(dir, saved).map_err(|cause| {
        IndexError::new(format!("cannot read `{}`", dir.join(&saved.name).display()), plain(cause))
            .with_hint("`onrecord check --repair` mends it from the files")
    })
}

fn read(dir: &Path, saved: &Saved) -> io::Result<Ledger> {
    let mut ledger = Ledger::default();
    let mut lines = BufReader::new(File::open(dir.join(&saved.name))?.take(saved.bytes));
    let mut line = Vec::new();
    let (mut bytes, mut sum) = (0, 0u64);
    while lines.read_until(b'\n', &mut line)? > 0 {
        bytes += line.len() as u64;
        sum = sum.wrapping_add(xxh3_64(&line));
        if line.starts_with(b"\"") {
            ledger.files.remove(&serde_json::from_slice::<String>(&line)?);
        } else {
            let (path, record) = serde_json::from_slice::<FileLine>(&line)?.into_record();
            ledger.files.insert(path, Arc::new(record));
        }
        line.clear();
    }
    if (bytes, sum) == (saved.bytes, saved.sum) {
        Ok(ledger)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"))
    }
}

/// Adds the files that changed since `before` was saved, or writes all under the new name where there was none or
/// most of it would be out of date. Safe on disk when it returns.
pub(super) fn save(
    dir: &Path,
    before: Option<&Saved>,
    name: String,
    ledger: &Ledger,
    changed: &BTreeSet<String>,
) -> io::Result<Saved> {
    match before.filter(|before| before.bytes <= 2 * before.whole + SLACK) {
        Some(before) => {
            let mut file = File::options().write(true).open(dir.join(&before.name))?;
            file.set_len(before.bytes)?;
            file.seek(SeekFrom::End(0))?;
            add(file, before.clone(), ledger, changed.iter())
        }
        None => {
            let file = File::create(dir.join(&name))?;
            let saved = add(file, Saved { name, bytes: 0, whole: 0, sum: 0 }, ledger, ledger.files.keys())?;
            Ok(Saved { whole: saved.bytes, ..saved })
        }
    }
}

fn add<'l>(
    file: File,
    mut saved: Saved,
    ledger: &Ledger,
    paths: impl Iterator<Item = &'l String>,
) -> io::Result<Saved> {
    let mut file = BufWriter::new(file);
    for path in paths {
        let mut line = match ledger.files.get(path) {
            Some(record) => serde_json::to_vec(&FileLine::whole(path, record))?,
            None => serde_json::to_vec(path)?,
        };
        line.push(b'\n');
        file.write_all(&line)?;
        saved.bytes += line.len() as u64;
        saved.sum = saved.sum.wrapping_add(xxh3_64(&line));
    }
    file.into_inner()?.sync_all()?;
    Ok(saved)
}

/// Removes every ledger but the one of that name.
pub(super) fn sweep(dir: &Path, keep: Option<&str>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("ledger-") && Some(&*name) != keep {
            // A ledger left behind costs its bytes and nothing else.
            let _ = fs::remove_file(entry.path());
        }
    }
}
