//! What of the files is to be read: what the ledger does not know as it is.

use crate::ledger::{self, FileRecord};
use crate::read::{self, ReadError, Source};
use std::ops::ControlFlow;
use std::time::UNIX_EPOCH;
use xxhash_rust::xxh3::Xxh3;

/// A file whose last change is younger than this when it is read may change again within the clock's own step; its
/// bytes are compared, not its time. Nanoseconds.
const CLOCK_STEP: i64 = 2_000_000_000;

/// One step of the work, in file order.
pub(super) enum Step {
    Unchanged(Stat),
    /// A file the ledger knows that cannot be looked at now: what the index holds of it stays.
    Unread(ReadError),
    Begin(Stat),
    Piece(read::Piece),
    Failed(ReadError),
    /// What the file turned out to be, and the columns a table in it was read under.
    End(read::About, Option<String>),
}

/// What a file was when it was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stat {
    pub(super) size: u64,
    pub(super) modified: i64,
    pub(super) hash: u64,
}

/// Takes a step of the file of that number, with its bytes.
pub(super) type Give<'g> = dyn FnMut((usize, Step), usize) -> ControlFlow<()> + 'g;

/// Feeds one file's steps: nothing but its name where it has not changed since the ledger was written.
pub(super) fn feed(
    number: usize,
    source: &Source,
    options: &read::Options,
    known: Option<&FileRecord>,
    give: &mut Give,
) -> ControlFlow<()> {
    let stat = match stat(source, known) {
        Ok(stat) => stat,
        Err(cause) => {
            let error = ReadError::io(&source.name, cause);
            if known.is_some() {
                return give((number, Step::Unread(error)), 0);
            }
            give((number, Step::Begin(Stat::default())), 0)?;
            give((number, Step::Failed(error)), 0)?;
            return give((number, Step::End(read::About::default(), None)), 0);
        }
    };
    if known.is_some_and(|known| {
        known.whole
            && known.error.is_none()
            && known.hash == stat.hash
            && known.size == stat.size
            && (options.map.is_empty()
                || known.map.as_ref().is_none_or(|map| *map == read::columns_written(&options.map)))
    }) {
        return give((number, Step::Unchanged(stat)), 0);
    }
    give((number, Step::Begin(stat)), 0)?;
    let mut flow = ControlFlow::Continue(());
    // a table that was read under some columns stays under them, until others are named
    let map = known.and_then(|known| known.map.as_deref()).filter(|_| options.map.is_empty());
    let map = map.map_or_else(|| options.map.clone(), |map| read::columns(map).unwrap_or_default());
    let options = read::Options { map, ..options.clone() };
    let about = read::pieces(source, &options, &mut |piece| {
        if flow.is_continue() {
            flow = match piece {
                Ok(piece) => {
                    let bytes = piece.bytes.len();
                    give((number, Step::Piece(piece)), bytes)
                }
                Err(error) => give((number, Step::Failed(error)), 0),
            };
        }
    });
    flow?;
    let map = about.has_table.then(|| read::columns_written(&options.map));
    give((number, Step::End(about, map)), 0)
}

/// Size, time and hash of a file; the hash is taken from the ledger where size and time are as it says.
pub(super) fn stat(source: &Source, known: Option<&FileRecord>) -> std::io::Result<Stat> {
    let Some(path) = &source.path else { return Ok(Stat::default()) };
    let meta = std::fs::metadata(path)?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
    let now = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as i64);
    if let Some(known) =
        known.filter(|k| k.size == meta.len() && k.modified == modified && now - modified > CLOCK_STEP)
    {
        return Ok(Stat { size: known.size, modified, hash: known.hash });
    }
    let mut hasher = Xxh3::new();
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match std::io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(Stat { size: meta.len(), modified, hash: hasher.digest() }),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// What the ledger knows a file by: its absolute path.
pub(super) fn key(source: &Source) -> String {
    let Some(path) = &source.path else { return "-".to_owned() };
    ledger::key(&std::path::absolute(path).unwrap_or_else(|_| path.clone()))
}

/// Whether the file is no longer there. One that may not be looked at is not gone, nor are the articles of stdin.
pub(super) fn is_gone(key: &str) -> bool {
    key != "-" && matches!(ledger::path(key).try_exists(), Ok(false))
}
