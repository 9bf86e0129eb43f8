//! A file's record in the ledger as JSON: one line beside a local index, one document or more on a cluster.

use crate::ledger::{ArticleRecord, FileRecord};
use crate::story::Fingerprint;
use serde::{Deserialize, Serialize};

/// A file, or a part of one that holds many articles.
#[derive(Serialize, Deserialize)]
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

impl FileLine {
    /// The record, whole.
    pub(super) fn whole(path: &str, record: &FileRecord) -> FileLine {
        FileLine {
            path: path.to_owned(),
            name: record.name.clone(),
            size: record.size,
            modified: record.modified,
            hash: record.hash,
            whole: record.whole,
            error: record.error.clone(),
            no_article: record.no_article.clone(),
            format: record.format.clone(),
            map: record.map.clone(),
            articles: record.articles.iter().map(ArticleLine::from).collect(),
        }
    }

    /// The record in parts of at most `articles` articles, each complete but for the others' articles.
    #[cfg(feature = "opensearch")]
    pub(super) fn parts(path: &str, record: &FileRecord, articles: usize) -> Vec<FileLine> {
        let head = FileLine::whole(path, &FileRecord { articles: Vec::new(), ..record.clone() });
        if record.articles.is_empty() {
            return vec![head];
        }
        let part = |articles: &[ArticleRecord]| FileLine {
            articles: articles.iter().map(ArticleLine::from).collect(),
            path: head.path.clone(),
            name: head.name.clone(),
            error: head.error.clone(),
            no_article: head.no_article.clone(),
            format: head.format.clone(),
            map: head.map.clone(),
            ..head
        };
        record.articles.chunks(articles).map(part).collect()
    }

    /// The file's path and what is known of it.
    pub(super) fn into_record(self) -> (String, FileRecord) {
        let FileLine { path, name, size, modified, hash, whole, error, no_article, format, map, articles } =
            self;
        let articles = articles.into_iter().map(ArticleRecord::from).collect();
        (path, FileRecord { name, size, modified, hash, whole, error, no_article, format, map, articles })
    }
}
