//! A file's record in the ledger as JSON: one line beside a local index, one document or more on a cluster.

use crate::ledger::{ArticleRecord, FileRecord};
use crate::story::Fingerprint;
use serde::{Deserialize, Serialize};
use std::hash::Hash;

/// A file, or a part of one that holds many articles.
#[derive(Hash, Serialize, Deserialize)]
pub(super) struct FileLine {
    path: String,
    name: String,
    size: u64,
    modified: i64,
    hash: u64,
    whole: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    no_article: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    map: Option<String>,
    articles: Vec<ArticleLine>,
}

/// Short keys: a ledger of a million articles stays small.
#[derive(Hash, Serialize, Deserialize)]
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

impl FileLine {
    /// The record, whole.
    pub(super) fn whole(path: &str, record: &FileRecord) -> FileLine {
        FileLine::of(path, record, &record.articles)
    }

    /// The record in parts of at most so many articles, of which the first tells of the file itself.
    #[cfg(feature = "opensearch")]
    pub(super) fn parts(path: &str, record: &FileRecord, articles: usize) -> impl Iterator<Item = FileLine> {
        let first = FileLine::of(path, record, record.articles.get(..articles).unwrap_or(&record.articles));
        let rest = record.articles.chunks(articles).skip(1);
        std::iter::once(first)
            .chain(rest.map(move |articles| FileLine::of(path, &FileRecord::default(), articles)))
    }

    fn of(path: &str, file: &FileRecord, articles: &[ArticleRecord]) -> FileLine {
        FileLine {
            path: path.to_owned(),
            name: file.name.clone(),
            size: file.size,
            modified: file.modified,
            hash: file.hash,
            whole: file.whole,
            error: file.error.clone(),
            no_article: file.no_article.clone(),
            format: file.format.clone(),
            map: file.map.clone(),
            articles: articles.iter().map(ArticleLine::from).collect(),
        }
    }

    /// The file's path.
    #[cfg(feature = "opensearch")]
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// A hash of all it says.
    #[cfg(feature = "opensearch")]
    pub(super) fn sum(&self) -> u64 {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        self.hash(&mut hasher);
        hasher.digest()
    }

    /// The file's path and what is known of it.
    pub(super) fn into_record(self) -> (String, FileRecord) {
        let FileLine { path, name, size, modified, hash, whole, error, no_article, format, map, articles } =
            self;
        let articles = articles.into_iter().map(ArticleRecord::from).collect();
        (path, FileRecord { name, size, modified, hash, whole, error, no_article, format, map, articles })
    }
}
