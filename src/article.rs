//! The noun `Article`: one news story as it was read, before anything is found in it.

use jiff::civil::{Date, DateTime};
use xxhash_rust::xxh3::Xxh3;

/// A calendar day, proleptic Gregorian.
pub type Day = Date;

/// A half-open stretch of an article's text, in bytes, on character boundaries.
///
/// Offsets leave the program as Unicode code points (see [`CodePoints`]); inside they are bytes, so that
/// `&text[span.start..span.end]` is the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, both in bytes.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The words the span stands for.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// One news story: its words and what its source says about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The row's own id where the input has one, else a hash of title, day and text (16 hex digits).
    pub id: String,
    /// The file it was read from, as the user named it, `/` between its parts; `-` for stdin. An article inside a
    /// container adds its member: `crawl.warc.gz#12`.
    pub path: String,
    /// The line of the file on which the article begins, from 1; 0 where lines mean nothing (a page, a PDF).
    pub line: u32,
    /// For plain text: the file's line number (from 1) of each line of `text`. Empty elsewhere.
    pub line_numbers: Vec<u32>,
    pub url: Option<String>,
    pub title: String,
    /// The names of its authors, without `By`.
    pub byline: Vec<String>,
    /// The outlet: a site's name or its host (`The Korea Herald`, `koreaherald.com`).
    pub source: Option<String>,
    /// ISO 639-1 code.
    pub lang: Option<String>,
    pub published: Option<Day>,
    /// The moment of publication, in the time zone its source wrote it in.
    pub published_at: Option<DateTime>,
    /// Where and when the story was filed, where the input gives it apart from the text: `LONDON, Feb 26 -`.
    pub dateline: Option<String>,
    /// The body, as a reader would copy it. Every offset points into it.
    pub text: String,
    /// Photo captions, kept apart from the body.
    pub captions: Vec<String>,
}

impl Article {
    /// What makes two articles the same story told in the same words: xxh3 of title, day and text.
    pub fn identity(&self) -> u64 {
        let mut hasher = Xxh3::new();
        hasher.update(self.title.as_bytes());
        hasher.update(b"\0");
        hasher.update(self.published.map(|day| day.to_string()).unwrap_or_default().as_bytes());
        hasher.update(b"\0");
        hasher.update(self.text.as_bytes());
        hasher.digest()
    }

    /// Where it begins: `path:line`, or the path alone where lines mean nothing.
    pub fn place(&self) -> String {
        place(&self.path, self.line)
    }
}

/// A place in a file as people write it: `path:line`, or the path alone where lines mean nothing (line 0).
pub fn place(path: &str, line: u32) -> String {
    if line == 0 { path.to_owned() } else { format!("{path}:{line}") }
}

/// Turns byte offsets into code points, in one pass over rising offsets and by starting over for falling ones.
pub struct CodePoints<'t> {
    text: &'t str,
    byte: usize,
    count: usize,
}

impl<'t> CodePoints<'t> {
    pub fn new(text: &'t str) -> CodePoints<'t> {
        CodePoints { text, byte: 0, count: 0 }
    }

    /// The number of code points before `byte`, which lies on a character boundary of the text.
    pub fn at(&mut self, byte: usize) -> usize {
        if byte >= self.byte {
            self.count += self.text[self.byte..byte].chars().count();
        } else if self.byte - byte < byte {
            self.count -= self.text[byte..self.byte].chars().count();
        } else {
            self.count = self.text[..byte].chars().count();
        }
        self.byte = byte;
        self.count
    }

    /// The span as `[start, end]` in code points.
    pub fn span(&mut self, span: Span) -> [usize; 2] {
        [self.at(span.start), self.at(span.end)]
    }
}

#[cfg(test)]
mod tests {
    use super::{CodePoints, Span};

    #[test]
    fn code_points_count_characters_in_any_order() {
        let text = "“Éire” – naïve";
        let mut points = CodePoints::new(text);
        for (points_before, (byte, _)) in
            text.char_indices().enumerate().collect::<Vec<_>>().into_iter().rev()
        {
            assert_eq!(points.at(byte), points_before);
        }
        assert_eq!(points.span(Span::new(0, text.len())), [0, 14]);
    }
}
