//! The noun `Ledger`: what an index was made from, file by file, so that the next run reads only what changed.

use crate::article::Day;
use crate::story::Fingerprint;
use std::collections::BTreeMap;

/// All files read, by absolute path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub files: BTreeMap<String, FileRecord>,
}

/// One file as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRecord {
    /// Its path as the user named it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Time of its last change, nanoseconds since 1970-01-01 UTC.
    pub modified: i64,
    /// xxh3 of its bytes.
    pub hash: u64,
    /// Whether it was read to its end; `false` after an interrupted run.
    pub whole: bool,
    /// Why it, or a part of it, could not be read; the next run tries again.
    pub error: Option<String>,
    /// The articles found in it, in file order.
    pub articles: Vec<ArticleRecord>,
}

/// One article in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Its id in the index.
    pub id: String,
    /// xxh3 of all that was read of it, but for where it stands.
    pub hash: u64,
    /// xxh3 of its title, day and text: two articles of one identity are one story.
    pub identity: u64,
    /// Where it stands: `path:line` as shown.
    pub place: String,
    pub published: Option<Day>,
    /// A sketch of its text; `None` for short ones.
    pub fingerprint: Option<Fingerprint>,
    /// The story it was indexed under, where that has several articles.
    pub story: Option<String>,
}
