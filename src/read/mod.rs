//! The verb read: from files to articles, whatever the files are.
//!
//! In two steps, so that the dear one can run on many threads: [`pieces`] cuts a file into the pieces that hold one
//! article each (a row, a record, a whole page), and [`article`] turns one piece into an article.

mod body;
mod byline;
mod decode;
mod error;
mod guard;
mod html;
mod jsonl;
mod metadata;
mod page;
mod parts;
mod plain;
mod published;
mod rendering;
mod written;

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

/// What a piece holds, told by its content first and its name second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    Html,
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
        Ok(_) => {
            let format = if is_page(&source.name, &bytes) { Format::Html } else { Format::Plain };
            each(Ok(Piece { format, bytes, path: source.name.clone(), line: 1 }))
        }
        Err(cause) => each(Err(ReadError::io(&source.name, cause))),
    }
}

/// Whether a file is a web page, by its name or its first words.
fn is_page(name: &str, bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    name.ends_with(".html")
        || name.ends_with(".htm")
        || memchr::memmem::find(&head, b"<html").is_some()
        || memchr::memmem::find(&head, b"<!doctype html").is_some()
}

/// Turns one piece into an article.
pub fn article(piece: &Piece) -> Result<Article, ReadError> {
    match piece.format {
        Format::Html => html::article(piece),
        Format::JsonRow => jsonl::article(piece),
        Format::Plain => plain::article(piece),
    }
}
