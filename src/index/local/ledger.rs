//! The ledger's file beside a local index: JSON lines (`zstdcat ledger-*` shows them), to which each commit adds the files
//! that changed, the last line of a file holding. They are packed in pages, each a zstd frame with its own checksum. A
//! commit names the ledger with its length and checksum; what stands beyond belongs to no commit.

use super::plain::plain;
use crate::index::IndexError;
use crate::index::record::FileLine;
use crate::ledger::Ledger;
use memchr::memmem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;
use zstd::zstd_safe;

/// A ledger is written whole again when it has grown to twice its size and by this many bytes.
const SLACK: u64 = 1 << 16;

/// Bytes of JSON that make a page: what a broken byte can cost.
const PAGE: usize = 1 << 16;
/// zstd's.
const LEVEL: i32 = 3;

/// The ledger's file as a commit names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) name: String,
    bytes: u64,
    /// Bytes it had when it was last written whole.
    whole: u64,
    /// The sum of its pages' xxh3.
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
    let bytes = bytes(&dir.join(&saved.name), saved.bytes)?;
    let mut ledger = Ledger::default();
    let (mut rest, mut sum) = (&bytes[..], 0u64);
    while !rest.is_empty() {
        let length = zstd_safe::find_frame_compressed_size(rest).map_err(|_| wrong())?;
        let (page, after) = rest.split_at_checked(length).ok_or_else(wrong)?;
        sum = sum.wrapping_add(xxh3_64(page));
        take(page, &mut ledger)?;
        rest = after;
    }
    if (bytes.len() as u64, sum) == (saved.bytes, saved.sum) { Ok(ledger) } else { Err(wrong()) }
}

/// A file up to so many bytes.
fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong")
}

/// Takes what a page says: a file with its record, or the name of one that is gone.
fn take(page: &[u8], ledger: &mut Ledger) -> io::Result<()> {
    let lines = zstd::decode_all(page).map_err(|_| wrong())?;
    for line in lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        if line.starts_with(b"\"") {
            ledger.files.remove(&serde_json::from_slice::<String>(line)?);
        } else {
            let (path, record) = serde_json::from_slice::<FileLine>(line)?.into_record();
            ledger.files.insert(path, Arc::new(record));
        }
    }
    Ok(())
}

/// The sound pages of a ledger that [`load`] refuses, or of the one written last where that is not there.
pub(super) fn sound(dir: &Path, saved: &Saved) -> Ledger {
    let path = dir.join(&saved.name);
    if path.exists() {
        sound_pages(&path, saved.bytes)
    } else {
        newest(dir).map(|path| sound_pages(&path, u64::MAX)).unwrap_or_default()
    }
}

/// The sound pages of a ledger, up to so many bytes.
pub(super) fn sound_pages(path: &Path, most: u64) -> Ledger {
    let bytes = bytes(path, most).unwrap_or_default();
    let mut ledger = Ledger::default();
    // A page may begin wherever a frame does; what is none, or broken, is passed over.
    for at in memmem::find_iter(&bytes, &zstd_safe::MAGICNUMBER.to_le_bytes()) {
        let rest = &bytes[at..];
        let page = zstd_safe::find_frame_compressed_size(rest).ok().and_then(|length| rest.get(..length));
        if let Some(page) = page {
            // what of it is no ledger's is passed over too
            let _ = take(page, &mut ledger);
        }
    }
    ledger
}

/// The ledger written last.
pub(super) fn newest(dir: &Path) -> Option<PathBuf> {
    let number = |path: &PathBuf| -> Option<u64> {
        path.file_name()?.to_str()?.strip_prefix("ledger-")?.strip_suffix(".jsonl.zst")?.parse().ok()
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
    let mut packer = zstd::bulk::Compressor::new(LEVEL)?;
    packer.set_parameter(zstd_safe::CParameter::ChecksumFlag(true))?;
    let mut lines = Vec::new();
    let mut paths = paths.peekable();
    while let Some(path) = paths.next() {
        match ledger.files.get(path) {
            Some(record) => serde_json::to_writer(&mut lines, &FileLine::whole(path, record))?,
            None => serde_json::to_writer(&mut lines, path)?,
        }
        lines.push(b'\n');
        if lines.len() >= PAGE || paths.peek().is_none() {
            let page = packer.compress(&lines)?;
            file.write_all(&page)?;
            saved.bytes += page.len() as u64;
            saved.sum = saved.sum.wrapping_add(xxh3_64(&page));
            lines.clear();
        }
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
