//! The verb read: from files to articles, whatever the files are.
//!
//! In two steps, so that the dear one can run on many threads: [`pieces`] cuts a file into the pieces that hold one
//! article each (a row, a record, a whole page), and [`article`] turns one piece into an article.

mod error;
mod jsonl;
mod plain;

pub use error::ReadError;

use crate::article::Article;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A file to read: where it is, and how the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `None` is stdin.
    pub path: Option<PathBuf>,
    /// The path as shown and stored, `/` between its parts; `-` for stdin.
    pub name: String,
}

impl Source {
    pub fn file(path: &Path) -> Source {
        Source { path: Some(path.to_path_buf()), name: path.to_string_lossy().into_owned() }
    }
}

impl Source {
    pub fn named(path: &str, name: &str) -> Source {
        Source { path: Some(path.into()), name: name.to_owned() }
    }
    pub fn size(&self) -> u64 {
        self.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map_or(0, |meta| meta.len())
    }
}
pub struct WalkOptions;
impl WalkOptions {
    pub fn new(_: &[String], _: &[String]) -> Result<WalkOptions, ReadError> {
        Ok(WalkOptions)
    }
    pub fn with_hidden(self, _: bool) -> WalkOptions {
        self
    }
}
pub fn walk<'w>(
    paths: &'w [PathBuf],
    _: &'w WalkOptions,
) -> impl Iterator<Item = Result<Source, ReadError>> + 'w {
    paths
        .iter()
        .flat_map(|p| walkdir::WalkDir::new(p).sort_by_file_name())
        .filter_map(|e| e.ok())
        .filter(|e| e.file_type().is_file())
        .map(|e| Ok(Source::file(e.path())))
}

/// What a piece holds, told by its content first and its name second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    JsonRow,
}

/// The bytes of one article, not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub format: Format,
    pub bytes: Vec<u8>,
    /// The article's path: the source's name, with `#member` inside a container.
    pub path: String,
    /// The line of the file on which it begins, from 1; 0 where lines mean nothing.
    pub line: u32,
}

/// Cuts one file into pieces and hands each on, in file order; an error in one piece does not stop the rest.
pub fn pieces(source: &Source, each: &mut dyn FnMut(Result<Piece, ReadError>)) {
    let opened: Box<dyn Read> = match &source.path {
        None => Box::new(std::io::stdin()),
        Some(path) => match std::fs::File::open(path) {
            Ok(file) => Box::new(file),
            Err(cause) => return each(Err(ReadError::io(&source.name, cause))),
        },
    };
    let mut reader = BufReader::new(opened);
    if source.name.ends_with(".jsonl") || source.name == "-" {
        let mut line = 0;
        loop {
            let mut bytes = Vec::new();
            match reader.read_until(b'\n', &mut bytes) {
                Ok(0) => return,
                Ok(_) => {}
                Err(cause) => return each(Err(ReadError::io(&source.name, cause))),
            }
            line += 1;
            if !bytes.trim_ascii().is_empty() {
                each(Ok(Piece { format: Format::JsonRow, bytes, path: source.name.clone(), line }));
            }
        }
    }
    let mut bytes = Vec::new();
    match reader.read_to_end(&mut bytes) {
        Ok(_) => each(Ok(Piece { format: Format::Plain, bytes, path: source.name.clone(), line: 1 })),
        Err(cause) => each(Err(ReadError::io(&source.name, cause))),
    }
}

/// Turns one piece into an article.
pub fn article(piece: &Piece) -> Result<Article, ReadError> {
    match piece.format {
        Format::JsonRow => jsonl::article(piece),
        Format::Plain => plain::article(piece),
    }
}
