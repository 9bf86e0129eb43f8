//! The noun `Ledger`: what an index was made from, file by file, so that the next run reads only what changed.

use crate::article::Day;
use crate::story::Fingerprint;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Begins the key of a path that is not UTF-8; no path holds it.
const NOT_UTF8: char = '\0';

/// All files read, by the [`key`] of their absolute path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub files: BTreeMap<String, Arc<FileRecord>>,
}

impl Ledger {
    /// How many files were read for articles, whether or not any was found.
    pub fn read(&self) -> usize {
        self.files.values().filter(|file| file.no_article.is_none()).count()
    }

    /// The files at and under a path, by their keys.
    pub fn under(&self, path: &Path) -> impl Iterator<Item = &String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let plain = key(&path);
        // a folder whose own name is UTF-8 may hold files whose names are not
        let strange = match plain.starts_with(NOT_UTF8) {
            true => None,
            false => Some(format!("{NOT_UTF8}{}", plain.replace('\\', "\\x5C"))),
        };
        [plain].into_iter().chain(strange).flat_map(move |from| {
            let path = path.clone();
            let keys = self.files.range(from.clone()..).map(|(key, _)| key);
            keys.take_while(move |key| key.starts_with(&from))
                .filter(move |key| self::path(key).starts_with(&path))
        })
    }
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
    /// Why it is no article, though whole: an image without an ending. Nothing to try again.
    pub no_article: Option<String>,
    /// What it is, as people say: `HTML`, `CSV, TSV`; empty where that cannot be told.
    pub format: String,
    /// Which columns were taken for what, where it holds a table; see `read::columns`.
    pub map: Option<String>,
    /// The articles found in it, in file order.
    pub articles: Vec<ArticleRecord>,
}

impl FileRecord {
    /// Makes the next run read the file and write these articles whatever they are.
    pub fn forget(&mut self, ids: &BTreeSet<String>) {
        self.whole = false;
        self.articles
            .iter_mut()
            .filter(|article| ids.contains(&article.id))
            .for_each(|article| article.hash = 0);
    }
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

/// The path as a string that [`path`] turns back: the path itself, or where it is not UTF-8, each byte that is none as
/// `\xE9` and each backslash as `\x5C` behind a NUL.
pub fn key(path: &Path) -> String {
    if let Some(path) = path.to_str() {
        return path.to_owned();
    }
    let mut key = String::from(NOT_UTF8);
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        key.push_str(&chunk.valid().replace('\\', "\\x5C"));
        for byte in chunk.invalid() {
            key.push_str(&format!("\\x{byte:02X}"));
        }
    }
    key
}

/// The path of a [`key`].
pub fn path(key: &str) -> PathBuf {
    #[cfg(unix)]
    if let Some(written) = key.strip_prefix(NOT_UTF8) {
        use std::os::unix::ffi::OsStringExt;
        let mut parts = written.split("\\x");
        let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
            bytes.extend(u8::from_str_radix(code, 16).ok());
            bytes.extend(rest.as_bytes());
        }
        return std::ffi::OsString::from_vec(bytes).into();
    }
    PathBuf::from(key)
}

#[cfg(test)]
mod tests {
    use super::{key, path};
    use std::path::Path;

    #[cfg(unix)]
    #[test]
    fn every_path_comes_back_from_its_key() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let check = |bytes: &[u8], expected: &str| {
            let name = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(key(name), expected);
            assert_eq!(path(expected), name);
        };
        check(b"/news/rain.txt", "/news/rain.txt");
        check("/news/café\\xE9.txt".as_bytes(), "/news/café\\xE9.txt");
        check(b"/news/caf\xe9.txt", "\0/news/caf\\xE9.txt");
        check(b"/news/\\xE9\xff\xfe", "\0/news/\\x5CxE9\\xFF\\xFE");
    }
}
