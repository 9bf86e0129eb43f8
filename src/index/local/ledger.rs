//! The ledger's file beside a local index: JSON Lines, written anew with each commit, which names it.

use super::plain::plain;
use crate::index::IndexError;
use crate::ledger::{ArticleRecord, FileRecord, Ledger};
use crate::story::Fingerprint;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

#[derive(Serialize, Deserialize)]
struct FileLine {
    path: String,
    name: String,
    size: u64,
    modified: i64,
    hash: u64,
    whole: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    articles: Vec<ArticleLine>,
}

/// Short keys: a ledger of a million articles stays small.
#[derive(Serialize, Deserialize)]
struct ArticleLine {
    id: String,
    #[serde(rename = "h")]
    hash: u64,
    #[serde(rename = "i")]
    identity: u64,
    #[serde(rename = "p")]
    place: String,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    story: Option<String>,
}

impl From<ArticleLine> for ArticleRecord {
    fn from(line: ArticleLine) -> ArticleRecord {
        let ArticleLine { id, hash, identity, place, published, fingerprint, story } = line;
        let published = published.and_then(|day| day.parse().ok());
        let fingerprint = fingerprint.and_then(|hex| Fingerprint::from_hex(&hex));
        ArticleRecord { id, hash, identity, place, published, fingerprint, story }
    }
}

impl From<&ArticleRecord> for ArticleLine {
    fn from(record: &ArticleRecord) -> ArticleLine {
        ArticleLine {
            id: record.id.clone(),
            hash: record.hash,
            identity: record.identity,
            place: record.place.clone(),
            published: record.published.map(|day| day.to_string()),
            fingerprint: record.fingerprint.map(Fingerprint::to_hex),
            story: record.story.clone(),
        }
    }
}

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
        let FileLine { path, name, size, modified, hash, whole, error, articles } = line;
        let articles = articles.into_iter().map(ArticleRecord::from).collect();
        ledger.files.insert(path, FileRecord { name, size, modified, hash, whole, error, articles });
    }
    Ok(ledger)
}

/// Writes the ledger under that name, safe on disk when it returns.
pub(super) fn save(dir: &Path, name: &str, ledger: &Ledger) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(dir.join(name))?);
    for (path, record) in &ledger.files {
        let line = FileLine {
            path: path.clone(),
            name: record.name.clone(),
            size: record.size,
            modified: record.modified,
            hash: record.hash,
            whole: record.whole,
            error: record.error.clone(),
            articles: record.articles.iter().map(ArticleLine::from).collect(),
        };
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
