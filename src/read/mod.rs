//! The verb read: from files to articles, whatever the files are.
//!
//! In two steps, so that the dear one can run on many threads: [`pieces`] cuts a file into the pieces that hold one
//! article each (a row, a record, a whole page), and [`article`] turns one piece into an article. [`walk()`] comes
//! before both and finds the files.

mod error;
mod walk;
mod watch;
mod sniff;
mod cut;
mod archive;
mod border;
mod decode;
mod plain;
mod header;
mod caption;
mod furniture;
mod names;
mod moment;
mod date_line;
mod language;
mod markdown;
mod html;
mod guard;
mod page;
mod byline;
mod parts;
mod body;
mod metadata;
mod json_ld;
mod published;
mod rendering;
mod jsonl;
mod json;
mod table;
mod warc;
mod mail;
mod feed;
mod newsml;
mod xml;
mod pdf;
mod epub;

pub use border::guarded;
pub use error::ReadError;
pub use walk::{WalkOptions, walk, walk_part};
pub use watch::{Touched, Watch};

use crate::article::Article;
use cut::{Cut, Place};
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
        Source { path: Some(path.to_path_buf()), name: walk::shown(path) }
    }

    /// The file at `path`, as it was named before.
    pub fn named(path: PathBuf, name: &str) -> Source {
        Source { path: Some(path), name: name.to_owned() }
    }

    /// Its bytes; 0 where that cannot be known.
    pub fn size(&self) -> u64 {
        self.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).map_or(0, |meta| meta.len())
    }

    pub fn stdin() -> Source {
        Source { path: None, name: "-".to_owned() }
    }
}

/// How files are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub limits: Limits,
    /// For tables: which column holds a field, as field and column; see [`columns`].
    pub map: Vec<(String, String)>,
}

/// What one file may cost; what is larger is reported and passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one text or one row of data. A long book has 2 MB, and extraction holds some twenty times its text.
    pub article: usize,
    /// Bytes of one thing that has to be held whole: a page with its pictures in it, a PDF, a message, a feed, an
    /// archive inside an archive.
    pub file: usize,
    /// Bytes a file may unpack to, whatever its own size.
    pub unpacked: u64,
    /// Beyond that, how many times its own size it may unpack to. News packs to a fifth, rows alike to a fiftieth.
    pub ratio: u64,
    /// How deep archives may lie in each other.
    pub depth: u8,
}

/// Megabytes that the longest text may have, where nothing else is said.
pub const LARGEST: u16 = 6;

impl Limits {
    /// Texts of up to so many megabytes, and files that are held whole in proportion.
    pub fn of_texts(megabytes: u16) -> Limits {
        let bytes = usize::from(megabytes) << 20;
        Limits { article: bytes, file: bytes.saturating_mul(10), unpacked: 32 << 20, ratio: 100, depth: 4 }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::of_texts(LARGEST)
    }
}

/// Reads `text=body,date=published`, by which a user says what the columns of a table are.
pub fn columns(written: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = written.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| {
        let (field, column) = pair.split_once('=').ok_or_else(|| {
            format!("`{pair}` is not of the form FIELD=COLUMN\nhint: for instance `--map text=body,date=published`")
        })?;
        let field = field.trim().to_lowercase();
        if !jsonl::FIELDS.contains(&field.as_str()) {
            return Err(format!("no field `{field}` to map\nhint: the fields are `{}`", jsonl::FIELDS.join("`, `")));
        }
        Ok((field, column.trim().to_owned()))
    });
    pairs.collect()
}

/// What [`columns`] reads.
pub fn columns_written(map: &[(String, String)]) -> String {
    let pairs: Vec<String> = map.iter().map(|(field, column)| format!("{field}={column}")).collect();
    pairs.join(",")
}

/// What a piece holds, told by its content first and its name second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Plain,
    Markdown,
    Html,
    JsonRow,
    /// A message: MHTML and EML.
    Mail,
    Nitf,
    NewsMl,
    Pdf,
}

/// What a file turned out to be as it was cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its format as people say, `HTML`; of an archive what it is, of one packed file what is in it.
    pub format: Option<&'static str>,
    /// Whether a table is in it, so that [`Options::map`] matters.
    pub has_table: bool,
}

impl About {
    /// The outermost format stands.
    fn is(&mut self, format: &'static str) {
        self.format.get_or_insert(format);
    }
}

/// The bytes of one article, not yet understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub format: Format,
    pub bytes: Vec<u8>,
    /// The article's path: the source's name, with `#member` inside a container.
    pub path: String,
    /// The line of the file on which it begins, from 1; 0 where lines mean nothing.
    pub line: u32,
    /// The encoding that the container declares for the bytes: a label of HTTP or MIME.
    pub charset: Option<String>,
    /// What the container says of the article (a feed its title, a crawl its URL); it stands over what the bytes say.
    pub given: Option<Box<Article>>,
}

impl Piece {
    /// A piece of which nothing else is known.
    pub fn new(format: Format, path: &str, bytes: Vec<u8>) -> Piece {
        Piece { format, bytes, path: path.to_owned(), line: 0, charset: None, given: None }
    }
}

/// Cuts one file into pieces and hands each on, in file order; an error in one piece does not stop the rest.
pub fn pieces(source: &Source, options: &Options, each: &mut dyn FnMut(Result<Piece, ReadError>)) -> About {
    let mut cut = Cut::new(options, each);
    cut_source(source, &mut cut);
    cut.about
}

fn cut_source(source: &Source, cut: &mut Cut) {
    let place = Place::new(&source.name);
    let Some(path) = &source.path else { return cut.stdin(&place) };
    if sniff::is_beside(&source.name) {
        return cut.error(ReadError::not_article(&source.name, "not an article by its name"));
    }
    // Looked at before it is opened: opening a pipe waits for somebody to write.
    let opened = std::fs::metadata(path).and_then(|about| match walk::oddity(&about.file_type()) {
        Some(what) => Err(std::io::Error::other(format!("{what}, not a file"))),
        None if about.is_dir() => Err(std::io::Error::other("a folder, not a file")),
        None => Ok((std::fs::File::open(path)?, about.len())),
    });
    match opened {
        Ok((file, length)) => cut.file(file, length, &place),
        Err(cause) => cut.error(ReadError::io(&source.name, cause)),
    }
}

/// Turns one piece into an article.
pub fn article(piece: &Piece) -> Result<Article, ReadError> {
    let read = match piece.format {
        Format::Plain => plain::article,
        Format::Markdown => markdown::article,
        Format::Html => html::article,
        Format::JsonRow => jsonl::article,
        Format::Mail => mail::article,
        Format::Nitf => newsml::nitf,
        Format::NewsMl => newsml::item,
        Format::Pdf => pdf::article,
    };
    let article = finish(border::guard(&piece.path, || read(piece))?, piece);
    if article.text.is_empty() && article.title.is_empty() {
        return Err(ReadError::content(&piece.path, piece.line, "no text in it"));
    }
    if article.text.len() > MOST_MARKS && !is_words(&article.text) {
        return Err(ReadError::content(&piece.path, piece.line, "marks rather than words"));
    }
    Ok(article)
}

/// A text larger than this, in bytes, has to be of words: each mark costs extraction as much as a word.
const MOST_MARKS: usize = 1 << 20;

/// Whether at least half of a text is letters, figures and blanks.
fn is_words(text: &str) -> bool {
    let marks = text.bytes().filter(u8::is_ascii_punctuation).count();
    marks * 2 <= text.len()
}

/// The beginning of a text, at most so many bytes, ending between characters.
fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// Adds what the piece knows of its article and what follows from the article itself.
fn finish(mut article: Article, piece: &Piece) -> Article {
    article.path.clone_from(&piece.path);
    article.line = piece.line;
    if let Some(given) = &piece.given {
        let or = |given: &Option<String>, found: Option<String>| given.clone().or(found);
        if !given.title.is_empty() {
            article.title.clone_from(&given.title);
        }
        if !given.byline.is_empty() {
            article.byline.clone_from(&given.byline);
        }
        if given.published.is_some() {
            (article.published, article.published_at) = (given.published, given.published_at);
        }
        article.url = or(&given.url, article.url);
        article.source = or(&given.source, article.source);
        article.lang = or(&given.lang, article.lang);
    }
    if article.source.is_none() {
        article.source = article.url.as_deref().and_then(jsonl::host);
    }
    // An agency that signs beside its people is the source already.
    if article.byline.len() > 1
        && let Some(source) = &article.source
    {
        article.byline.retain(|name| name != source);
    }
    // A row's text is its owner's, to the last blank.
    if piece.format != Format::JsonRow {
        article.text.truncate(article.text.trim_end().len());
    }
    if article.lang.is_none() {
        article.lang = language::language(&article.text).map(str::to_owned);
    }
    if article.id.is_empty() {
        // The same story has the same id, wherever it was found.
        article.id = format!("{:016x}", article.identity());
    }
    article
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_are_checked() {
        assert_eq!(
            columns("text=Body, date=When"),
            Ok(vec![("text".into(), "Body".into()), ("date".into(), "When".into())])
        );
        assert!(columns("text").unwrap_err().starts_with("`text` is not of the form FIELD=COLUMN"));
        assert!(columns("body=x").unwrap_err().starts_with("no field `body` to map"));
    }
}
