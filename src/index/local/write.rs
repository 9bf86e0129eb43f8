//! Opening a local index and writing documents into it; nothing is seen before `commit`, and a commit is whole or not
//! there.

use super::ledger::Saved;
use super::plain::plain;
use super::readable::Readable;
use super::removal::{Removal, Written};
use super::segment::NewSegment;
use super::{ledger, schema};
use crate::article::Day;
use crate::document::Document;
use crate::index::IndexError;
use crate::ledger::Ledger;
use index_schema::{Field, VERSION};
use jiff::civil::date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use tantivy::directory::Advice;
use tantivy::directory::error::{LockError, OpenDirectoryError};
use tantivy::directory::{Directory, MmapDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyError, Term};

/// Memory for documents on their way to disk, in bytes: a segment is written when it is full.
const BUFFER: usize = 256 << 20;

/// The least that tantivy's own writer takes; no document goes through it.
const LEAST_BUFFER: usize = 15_000_000;

/// zstd's level for stored texts: what the third saves, half a percent of the index, costs a sixth of its time.
const STORE_LEVEL: i32 = 2;

/// Bytes that are packed together, of which a hit has to unpack all: twice tantivy's own, which saves a sixteenth.
const STORE_BLOCK: usize = 32 << 10;

/// An index in a folder.
pub struct LocalIndex {
    dir: PathBuf,
    pub(super) index: Index,
}

/// What a commit says of itself, as JSON in tantivy's commit payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) version: u32,
    /// The file beside the index that lists what was read for this commit; `None` before the first.
    ledger: Option<Saved>,
}

/// What `meta.json` says beside the schema and the segments.
#[derive(Deserialize)]
struct Committed {
    payload: Option<String>,
}

/// The version of the last commit, read without the schema once more; `None` where it is not understood.
fn version(directory: &Readable) -> Result<Option<u32>, TantivyError> {
    let meta = directory.atomic_read(Path::new("meta.json"))?;
    let Committed { payload } = serde_json::from_slice(&meta)?;
    Ok(match payload {
        None => Some(VERSION),
        Some(payload) => serde_json::from_str::<Payload>(&payload).ok().map(|payload| payload.version),
    })
}

impl LocalIndex {
    /// The index in `dir`. Errors: none there, of another version, unreadable.
    pub fn open(dir: &Path) -> Result<LocalIndex, IndexError> {
        LocalIndex::open_mapped(dir, |data| MmapDirectory::open(data))
    }

    /// The same for a few reads here and there: read-ahead would fetch much that nobody asked for.
    #[cfg(unix)]
    pub(super) fn open_scattered(dir: &Path) -> Result<LocalIndex, IndexError> {
        LocalIndex::open_mapped(dir, |data| MmapDirectory::open_with_madvice(data, Advice::Random))
    }

    #[cfg(not(unix))]
    pub(super) fn open_scattered(dir: &Path) -> Result<LocalIndex, IndexError> {
        LocalIndex::open(dir)
    }

    fn open_mapped(
        dir: &Path,
        map: fn(&Path) -> Result<MmapDirectory, OpenDirectoryError>,
    ) -> Result<LocalIndex, IndexError> {
        let data = data_dir(dir);
        if !data.join("meta.json").is_file() {
            return Err(IndexError::missing(dir.display()));
        }
        let directory = Readable(map(&data).map_err(|cause| cannot_open(dir, cause))?);
        let index = Index::open(directory.clone()).map_err(|cause| cannot_open(dir, cause))?;
        let version = version(&directory).map_err(|cause| cannot_open(dir, cause))?;
        if version != Some(VERSION) || index.schema() != schema::schema() {
            return Err(IndexError::version(
                dir.display(),
                version.filter(|&found| found != VERSION),
                VERSION,
            ));
        }
        Ok(LocalIndex { dir: dir.to_path_buf(), index })
    }

    /// The index in `dir`, made if there is none.
    pub fn open_or_create(dir: &Path) -> Result<LocalIndex, IndexError> {
        match LocalIndex::open(dir) {
            Err(error) if error.is_not_found() => LocalIndex::create(dir),
            opened => opened,
        }
    }

    fn create(dir: &Path) -> Result<LocalIndex, IndexError> {
        let making = |cause: Box<dyn std::error::Error + Send + Sync>| {
            IndexError::new(format!("cannot make an index in `{}`", dir.display()), plain(cause))
        };
        let data = data_dir(dir);
        std::fs::create_dir_all(&data).map_err(|cause| making(cause.into()))?;
        let directory = MmapDirectory::open(&data).map_err(|cause| making(cause.into()))?;
        let index = Index::builder()
            .schema(schema::schema())
            .settings(IndexSettings {
                docstore_compression: Compressor::Zstd(ZstdCompressor {
                    compression_level: Some(STORE_LEVEL),
                }),
                docstore_blocksize: STORE_BLOCK,
                ..IndexSettings::default()
            })
            .open_or_create(directory)
            .map_err(|cause| making(cause.into()))?;
        Ok(LocalIndex { dir: dir.to_path_buf(), index })
    }

    /// Takes the index in `dir` away, for one built anew; what the user keeps beside it (`speakers.toml`) stays.
    pub fn remove(dir: &Path) -> Result<(), IndexError> {
        if let Ok(index) = LocalIndex::open(dir) {
            drop(index.writer()?);
        }
        match std::fs::remove_dir_all(data_dir(dir)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cannot_write(dir, cause)),
            _ => {
                ledger::sweep(dir, None);
                Ok(())
            }
        }
    }

    /// The folder it lies in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the last commit was made from.
    pub fn ledger(&self) -> Result<Ledger, IndexError> {
        match self.saved()? {
            Some(saved) => ledger::load(&self.dir, &saved),
            None => Ok(Ledger::default()),
        }
    }

    pub(super) fn saved(&self) -> Result<Option<Saved>, IndexError> {
        let metas = self.index.load_metas().map_err(|cause| cannot_open(&self.dir, cause))?;
        let payload = metas.payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
        Ok(payload.and_then(|payload| payload.ledger))
    }

    /// The one writer. Errors: another process holds it, the folder cannot be written.
    pub fn writer(&self) -> Result<LocalWriter, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(LEAST_BUFFER)
            .num_merge_threads(1)
            .build();
        let writer = self.index.writer_with_options(options).map_err(|cause| match cause {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::locked(&self.dir),
            cause => cannot_write(&self.dir, cause),
        })?;
        let saved = self.saved()?;
        // A writer that was killed around its commit has left another's ledger, or its own.
        ledger::sweep(&self.dir, saved.as_ref().map(|saved| saved.name.as_str()));
        Ok(LocalWriter { dir: self.dir.clone(), writer, saved, segment: None, written: Written::default() })
    }

    /// A writer whose first commit writes the ledger whole.
    pub(super) fn writer_of_new_ledger(&self) -> Result<LocalWriter, IndexError> {
        Ok(LocalWriter { saved: None, ..self.writer()? })
    }

    /// The bytes its files take on disk.
    pub fn bytes(&self) -> u64 {
        let directory = self.index.directory();
        let files = directory.list_managed_files();
        files
            .iter()
            .filter_map(|file| std::fs::metadata(data_dir(&self.dir).join(file)).ok())
            .map(|file| file.len())
            .sum()
    }
}

/// Where tantivy's own files lie.
pub(super) fn data_dir(dir: &Path) -> PathBuf {
    dir.join("data")
}

/// Writes documents; dropped without `commit`, it leaves the index as it was.
pub struct LocalWriter {
    dir: PathBuf,
    /// Commits, removes and merges; segments are made here.
    writer: IndexWriter,
    /// The ledger of the last commit.
    saved: Option<Saved>,
    /// What was added since the last segment was written.
    segment: Option<Box<NewSegment>>,
    written: Written,
}

impl LocalWriter {
    /// Adds the documents of one article, which stay behind each other; seen after `commit`.
    pub fn add(&mut self, documents: Vec<Document>) -> Result<(), IndexError> {
        self.take(&documents).map_err(|cause| cannot_write(&self.dir, cause))
    }

    fn take(&mut self, documents: &[Document]) -> tantivy::Result<()> {
        let segment = match &mut self.segment {
            Some(segment) => segment,
            None => self.segment.insert(Box::new(NewSegment::new(self.writer.new_segment())?)),
        };
        segment.add(documents)?;
        if segment.memory() > BUFFER { self.write_segment() } else { Ok(()) }
    }

    fn write_segment(&mut self) -> tantivy::Result<()> {
        match self.segment.take().map(|segment| segment.write()).transpose()?.flatten() {
            Some(segment) => {
                self.written.push(segment.id());
                self.writer.add_segment(segment)
            }
            None => Ok(()),
        }
    }

    /// Takes an article and its statements out; seen after `commit`.
    pub fn remove(&mut self, article: &str) {
        if let Some(segment) = &mut self.segment {
            segment.remove(article);
        }
        let article = Term::from_field_text(number(Field::Article), article);
        let removal = Removal::new(article, &self.written);
        self.writer.delete_query(Box::new(removal)).expect("a term of a field that is indexed");
    }

    /// Makes all that was added and removed since the last commit visible, at once, together with the ledger of what
    /// it was made from; `changed` are the files in which that differs from the last commit's. On an error the last
    /// commit stands.
    pub fn commit(&mut self, ledger: &Ledger, changed: &BTreeSet<String>) -> Result<(), IndexError> {
        self.write_segment().map_err(|cause| cannot_write(&self.dir, cause))?;
        let mut prepared = self.writer.prepare_commit().map_err(|cause| cannot_write(&self.dir, cause))?;
        let name = format!("ledger-{}.jsonl.zst", prepared.opstamp());
        let saved = ledger::save(&self.dir, self.saved.as_ref(), name, ledger, changed)
            .map_err(|cause| cannot_write(&self.dir, cause))?;
        let payload = Payload { version: VERSION, ledger: Some(saved.clone()) };
        prepared.set_payload(&serde_json::to_string(&payload).expect("plain data"));
        prepared.commit().map_err(|cause| cannot_write(&self.dir, cause))?;
        if self.saved.as_ref().is_none_or(|before| before.name != saved.name) {
            ledger::sweep(&self.dir, Some(&saved.name));
        }
        self.saved = Some(saved);
        Ok(())
    }

    /// Waits for merges to end and gives the writer's lock back.
    pub fn close(self) -> Result<(), IndexError> {
        self.writer.wait_merging_threads().map_err(|cause| cannot_write(&self.dir, cause))
    }
}

/// tantivy's number of the field.
pub(super) fn number(field: Field) -> tantivy::schema::Field {
    tantivy::schema::Field::from_field_id(field as u32)
}

/// Days since 1970-01-01, as `Day` fields hold them.
pub(super) fn days(day: Day) -> i64 {
    day.duration_since(date(1970, 1, 1)).as_hours() / 24
}

pub(super) fn cannot_open(
    dir: &Path,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> IndexError {
    IndexError::new(format!("cannot open the index in `{}`", dir.display()), plain(cause)).with_hint(
        "`onrecord check` looks for damage; `onrecord index --fresh PATH...` builds it anew from the files",
    )
}

pub(super) fn cannot_write(
    dir: &Path,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> IndexError {
    IndexError::new(format!("cannot write the index in `{}`", dir.display()), plain(cause))
        .with_hint("the last commit stands; run `onrecord index` again to finish")
}
