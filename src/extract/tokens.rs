//! Words, numbers and marks of a text, in order: what every rule of extraction reads.

use crate::article::Span;
use crate::block::{self, BLOCK, PlainWord};

/// What a token is, by its characters alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word without capitals, or of a script that has none.
    Lower,
    /// A word that begins with a capital: `Harris`, `McCain`, `I`.
    Capital,
    /// A word of two or more capitals, with or without dots: `NATO`, `U.S.`.
    Upper,
    /// A word with a capital further in: `iPhone`.
    Mixed,
    /// Begins with a digit: `11`, `2,500`, `3.5`, `54th`, `1990s`.
    Number,
    /// The possessive ending, apart from its word: `'s`, or the bare mark after an s.
    Possessive,
    /// One mark: a comma, a quotation mark, a bracket, a dash.
    Mark,
    /// An end of line within a paragraph, where lines are not merely wrapped.
    Line,
    /// One or more blank lines: the end of a paragraph.
    Break,
}

/// One token; hyphenated words are several, glued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: u32,
    pub end: u32,
    pub kind: TokenKind,
    /// Nothing stands between it and the token before it.
    pub glued: bool,
}

impl Token {
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The token's characters.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    pub fn is_word(&self) -> bool {
        matches!(self.kind, TokenKind::Lower | TokenKind::Capital | TokenKind::Upper | TokenKind::Mixed)
    }

    /// Whether a line or a paragraph ends here.
    pub fn ends_line(&self) -> bool {
        matches!(self.kind, TokenKind::Line | TokenKind::Break)
    }

    /// A word that begins with a capital letter.
    pub fn is_capitalised(&self) -> bool {
        matches!(self.kind, TokenKind::Capital | TokenKind::Upper)
    }
}

/// Where the tokens `first..end` stand, at least one.
pub(super) fn span(tokens: &[Token], first: usize, end: usize) -> Span {
    Span::new(tokens[first].start as usize, tokens[end - 1].end as usize)
}

/// Cuts the text into tokens. Texts of 4 GiB and more are cut at that length.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut newlines = 0;
    let mut last_end = 0;
    let mut lines = 0;
    let limit = text.len().min(u32::MAX as usize);
    while at < limit {
        let first = bytes[at];
        let space = match first {
            b' ' | b'\t'..=b'\r' => 1,
            ..128 => 0,
            _ => char_at(text, at).filter(|c| c.is_whitespace()).map_or(0, char::len_utf8),
        };
        if space > 0 {
            newlines += usize::from(first == b'\n');
            at += space;
            continue;
        }
        if newlines > 0 && !tokens.is_empty() {
            let kind = if newlines > 1 { TokenKind::Break } else { TokenKind::Line };
            lines += usize::from(kind == TokenKind::Line);
            tokens.push(Token { start: last_end as u32, end: at as u32, kind, glued: false });
        }
        newlines = 0;
        let (end, kind) = match plain_token(&bytes[at..]) {
            Some((length, kind)) => (at + length, kind),
            None => token_at(text, at, tokens.last()),
        };
        tokens.push(Token { start: at as u32, end: end as u32, kind, glued: last_end == at && at > 0 });
        last_end = end;
        at = end;
    }
    if is_wrapped(text, lines) {
        tokens.retain(|token| token.kind != TokenKind::Line);
    }
    tokens
}

/// Whether so many ends of lines only wrap the text, as wires and plain mail do at some 70 characters: they part nothing.
fn is_wrapped(text: &str, lines: usize) -> bool {
    lines > 3 && (40..=100).contains(&(text.len() / (lines + 1)))
}

/// The character at byte `at`, which one begins at.
fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// How long the token is that the bytes begin with, and its kind, where it is a plain word or a mark that is never more.
#[inline]
fn plain_token(rest: &[u8]) -> Option<(usize, TokenKind)> {
    match *rest.first()? {
        b'A'..=b'Z' | b'a'..=b'z' => plain_word(rest),
        b'0'..=b'9' | b'\'' | 128.. => None,
        _ => Some((1, TokenKind::Mark)),
    }
}

fn token_at(text: &str, at: usize, before: Option<&Token>) -> (usize, TokenKind) {
    let first = char_at(text, at).expect("only asked within the text");
    if first.is_ascii_digit() {
        return (number_end(text, at), TokenKind::Number);
    }
    if first.is_alphabetic() {
        return word_at(text, at);
    }
    let mark_end = at + first.len_utf8();
    if is_apostrophe(first) && before.is_some_and(|token| token.end as usize == at && token.is_word()) {
        let mut rest = text[mark_end..].chars();
        let next = rest.next();
        let after = rest.next();
        let ends = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        if matches!(next, Some('s' | 'S')) && ends(after) {
            return (mark_end + 1, TokenKind::Possessive);
        }
    }
    (mark_end, TokenKind::Mark)
}

/// An apostrophe, straight or curly.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Digits with inner commas, dots and colons, and any letters glued to them (`54th`, `1990s`, `10am`).
fn number_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() {
        let inner =
            matches!(bytes[end], b',' | b'.' | b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(bytes[end].is_ascii_alphanumeric() || inner) {
            break;
        }
        end += 1;
    }
    end
}

/// How long a word is, with its kind, that is all plain ASCII letters and digits; `None` where it may go on behind them.
fn plain_word(rest: &[u8]) -> Option<(usize, TokenKind)> {
    let PlainWord { length, capitals, .. } = block::plain_word(*rest.first_chunk()?);
    match rest.get(length)? {
        b'\'' | 128.. => return None,
        b'.' if length == 1 => return None,
        _ if length == BLOCK => return None,
        _ => {}
    }
    Some((length, kind(length, capitals, rest[0].is_ascii_uppercase())))
}

/// Letters and digits; dots inside abbreviations of single letters (`U.S.`, `a.m.`) and apostrophes inside a word
/// (`don't`, `O'Brien`) belong to it, a possessive ending does not.
fn word_at(text: &str, at: usize) -> (usize, TokenKind) {
    let mut end = at;
    let mut letters = 0;
    let mut capitals = 0;
    let mut first_capital = false;
    let mut run = 0; // letters since the last dot
    let mut dots = 0;
    let chars = text[at..].char_indices();
    for (offset, c) in chars {
        if c.is_alphanumeric() || is_combining(c) {
            if c.is_uppercase() {
                capitals += 1;
                first_capital |= letters == 0;
            }
            letters += 1;
            run += 1;
        } else if c == '.' && run == 1 && letters == dots + 1 {
            // `U.` continues only into a letter that is itself followed by a dot; a lone initial keeps none.
            let mut ahead = text[at + offset + 1..].chars();
            let initial_next = ahead.next().is_some_and(char::is_alphabetic) && ahead.next() == Some('.');
            if !initial_next && dots == 0 {
                break;
            }
            dots += 1;
            run = 0;
            if !initial_next {
                end = at + offset + 1;
                break;
            }
        } else if is_apostrophe(c) && run > 0 {
            let mut ahead = text[at + offset + c.len_utf8()..].chars();
            let next = ahead.next();
            let possessive =
                matches!(next, Some('s' | 'S')) && !ahead.next().is_some_and(char::is_alphanumeric);
            if possessive || !next.is_some_and(char::is_alphabetic) {
                break;
            }
        } else {
            break;
        }
        end = at + offset + c.len_utf8();
    }
    (end, kind(letters, capitals, first_capital))
}

/// The kind of a word by how many letters it has and how many of them are capitals.
fn kind(letters: usize, capitals: usize, first_capital: bool) -> TokenKind {
    if capitals == 0 {
        TokenKind::Lower
    } else if capitals > 1 && capitals == letters {
        TokenKind::Upper
    } else if first_capital {
        TokenKind::Capital
    } else {
        TokenKind::Mixed
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{5b0}'..='\u{5c7}' | '\u{64b}'..='\u{65f}')
}

#[cfg(test)]
mod tests {
    use super::{plain_word, tokens, word_at};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_word_is_what_is_read_letter_by_letter(word in "[A-Za-z][A-Za-z0-9]{0,18}[-'.’, é]{0,3}[a-zS]{0,2}") {
            let text = format!("{word}{:20}", "");
            if let Some(plain) = plain_word(text.as_bytes()) {
                prop_assert_eq!(plain, word_at(&text, 0));
            }
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens(text).iter().map(|token| token.of(text)).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn words_numbers_and_marks() {
        check(
            "Harris's “huge mistake,” he said.",
            &["Harris", "'s", "“", "huge", "mistake", ",", "”", "he", "said", "."],
        );
        check("don't O'Brien U.S. D. Smith", &["don't", "O'Brien", "U.S.", "D", ".", "Smith"]);
        check(
            "10:40 a.m. on Sept. 9, 2,500 men",
            &["10:40", "a.m.", "on", "Sept", ".", "9", ",", "2,500", "men"],
        );
        check("North-South (AP)", &["North", "-", "South", "(", "AP", ")"]);
        check("one\ntwo\n\nthree", &["one", "\n", "two", "\n\n", "three"]);
        check("in the U.S.-led force", &["in", "the", "U.S.", "-", "led", "force"]);
        check("Café\u{301} 北京", &["Café\u{301}", "北京"]);
    }

    #[test]
    fn every_token_lies_on_character_boundaries() {
        for text in ["", ".", "’s", "a.", "A.B", "A.B.", "É’s", "\u{0}\u{feff}x", "1.", "1,a", "x’’s"]
        {
            for token in tokens(text) {
                assert!(
                    text.get(token.start as usize..token.end as usize).is_some_and(|word| !word.is_empty()),
                    "{text:?}"
                );
            }
        }
    }
}
