//! The ledger's file beside a local index: lines of a checksum and JSON, to which each commit adds the files that changed,
//! the last line of a file holding. A commit names it with its length and checksum; what stands beyond belongs to no
//! commit.

use super::plain::plain;
use crate::index::IndexError;
use crate::index::record::FileLine;
use crate::ledger::Ledger;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
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
    let file = File::open(dir.join(&saved.name))?.take(saved.bytes);
    let (ledger, bytes, sum) = lines(file, Broken::IsAnError)?;
    if (bytes, sum) == (saved.bytes, saved.sum) { Ok(ledger) } else { Err(wrong()) }
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong")
}

/// What becomes of a line whose checksum is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    IsAnError,
    IsPassedOver,
}

/// What the lines say, with their bytes and the sum of their hashes.
fn lines(file: impl Read, broken: Broken) -> io::Result<(Ledger, u64, u64)> {
    let mut ledger = Ledger::default();
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    let (mut bytes, mut sum) = (0, 0u64);
    while lines.read_until(b'\n', &mut line)? > 0 {
        bytes += line.len() as u64;
        sum = sum.wrapping_add(xxh3_64(&line));
        match (checked(&line), broken) {
            (Some(json), _) if json.starts_with(b"\"") => {
                ledger.files.remove(&serde_json::from_slice::<String>(json)?);
            }
            (Some(json), _) => {
                let (path, record) = serde_json::from_slice::<FileLine>(json)?.into_record();
                ledger.files.insert(path, Arc::new(record));
            }
            (None, Broken::IsAnError) => return Err(wrong()),
            (None, Broken::IsPassedOver) => {}
        }
        line.clear();
    }
    Ok((ledger, bytes, sum))
}

/// The JSON of a line, if it is as it was written.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = line.split_at_checked(17)?;
    let sum = std::str::from_utf8(sum).ok()?.strip_suffix(' ')?;
    (u64::from_str_radix(sum, 16) == Ok(xxh3_64(json))).then_some(json)
}

/// The sound lines of a ledger that [`load`] refuses, or of the one written last where that is not there.
pub(super) fn sound(dir: &Path, saved: &Saved) -> Ledger {
    let path = dir.join(&saved.name);
    if path.exists() {
        sound_lines(&path, saved.bytes)
    } else {
        newest(dir).map(|path| sound_lines(&path, u64::MAX)).unwrap_or_default()
    }
}

/// The sound lines of a ledger, up to so many bytes.
pub(super) fn sound_lines(path: &Path, most: u64) -> Ledger {
    let read = File::open(path).ok().and_then(|file| lines(file.take(most), Broken::IsPassedOver).ok());
    read.map(|(ledger, ..)| ledger).unwrap_or_default()
}

/// The ledger written last.
pub(super) fn newest(dir: &Path) -> Option<PathBuf> {
    let number = |path: &PathBuf| -> Option<u64> {
        path.file_name()?.to_str()?.strip_prefix("ledger-")?.strip_suffix(".jsonl")?.parse().ok()
    };
    let paths = fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    paths.filter(|path| number(path).is_some()).max_by_key(number)
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
        let mut json = match ledger.files.get(path) {
            Some(record) => serde_json::to_vec(&FileLine::whole(path, record))?,
            None => serde_json::to_vec(path)?,
        };
        json.push(b'\n');
        let mut line = format!("{:016x} ", xxh3_64(&json)).into_bytes();
        line.append(&mut json);
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
