//! Lines of a width: text with marks laid out for a terminal.

use super::safe;
use crate::article::Span;
use unicode_width::UnicodeWidthStr;

pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const DIM: &str = "\x1b[2m";
pub(super) const CYAN: &str = "\x1b[36m";
pub(super) const MARK: &str = "\x1b[1;33m";
pub(super) const PLAIN: &str = "\x1b[0m";

/// The columns a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A piece of text in one style; `""` is none.
pub(super) struct Piece {
    pub text: String,
    pub style: &'static str,
}

impl Piece {
    pub(super) fn new(text: &str, style: &'static str) -> Piece {
        Piece { text: safe::line(text), style }
    }
}

/// The text in pieces: what is marked in `style`, the rest in `rest`.
pub(super) fn pieces(text: &str, marks: &[Span], rest: &'static str, style: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for mark in marks {
        pieces.push(Piece::new(&text[at..mark.start], rest));
        pieces.push(Piece::new(mark.of(text), style));
        at = mark.end;
    }
    pieces.push(Piece::new(&text[at..], rest));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Lays pieces out in lines of at most `columns`, broken at spaces, or anywhere in a word longer than a line. Styles
/// begin and end within a line.
pub(super) fn lines(pieces: &[Piece], columns: usize) -> Vec<String> {
    let columns = columns.max(10);
    // words with what styles their parts; a word may go over from one piece into the next
    let mut words: Vec<Vec<(String, &'static str)>> = vec![Vec::new()];
    for piece in pieces {
        for (number, part) in piece.text.split(' ').enumerate() {
            if number > 0 {
                words.push(Vec::new());
            }
            if let (false, Some(word)) = (part.is_empty(), words.last_mut()) {
                word.push((part.to_owned(), piece.style));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    let mut lines = Vec::new();
    let mut line = Line::default();
    for word in words {
        let wide: usize = word.iter().map(|(part, _)| width(part)).sum();
        if line.columns > 0 && line.columns + 1 + wide > columns {
            lines.push(std::mem::take(&mut line).end());
        }
        if line.columns > 0 {
            line.space(word[0].1);
        }
        for (part, style) in word {
            if wide <= columns {
                line.push(&part, style);
                continue;
            }
            for c in part.chars() {
                let mut buffer = [0; 4];
                let c = &*c.encode_utf8(&mut buffer);
                if line.columns + width(c) > columns {
                    lines.push(std::mem::take(&mut line).end());
                }
                line.push(c, style);
            }
        }
    }
    if line.columns > 0 {
        lines.push(line.end());
    }
    lines
}

#[derive(Default)]
struct Line {
    text: String,
    style: &'static str,
    columns: usize,
}

impl Line {
    /// A space is marked where what stands before and after it is.
    fn space(&mut self, next: &'static str) {
        let style = if self.style == next { next } else { "" };
        self.push(" ", style);
    }

    fn push(&mut self, text: &str, style: &'static str) {
        if style != self.style {
            if !self.style.is_empty() {
                self.text.push_str(PLAIN);
            }
            self.text.push_str(style);
            self.style = style;
        }
        self.text.push_str(text);
        self.columns += width(text);
    }

    fn end(mut self) -> String {
        if !self.style.is_empty() {
            self.text.push_str(PLAIN);
        }
        self.text
    }
}

/// The text cut to so many columns, with `…` where it was cut.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += width(c.encode_utf8(&mut [0; 4]));
        if taken > columns {
            break;
        }
        out.push(c);
    }
    let mut out = out.trim_end().to_owned();
    out.push('…');
    out
}

/// `1,234,567`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{MARK, cut, lines, number, pieces};
    use crate::article::Span;

    #[test]
    fn text_is_laid_out_with_its_marks() {
        let text = "the harbour master spoke of a storm";
        let marked = pieces(text, &[Span::new(4, 18), Span::new(30, 35)], "", MARK);
        assert_eq!(
            lines(&marked, 20),
            ["the \x1b[1;33mharbour master\x1b[0m", "spoke of a \x1b[1;33mstorm\x1b[0m"]
        );
        assert_eq!(lines(&pieces("aaaaaaaaaaaaaaaaaaaaaaa", &[], "", ""), 10).len(), 3);
        assert_eq!(lines(&pieces("北京北京北京北京", &[], "", ""), 10).len(), 2);
        assert_eq!(lines(&[], 10), Vec::<String>::new());
    }

    #[test]
    fn long_lines_are_cut_by_columns() {
        assert_eq!(cut("harbour", 7), "harbour");
        assert_eq!(cut("harbour", 5), "harb…");
        assert_eq!(cut("北京北京", 5), "北京…");
        assert_eq!(number(1234567), "1,234,567");
    }
}
