//! A typed query is cut into its pieces: words, quoted words, operators, names of fields.

use super::error::QueryError;
use super::searchable;
use index_schema::{Field, Kind};
use std::ops::Range;

/// The farthest apart words can be asked to stand.
const FARTHEST: u32 = 1_000;

/// One piece of a typed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub at: Range<usize>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Open,
    Close,
    Minus,
    And,
    Or,
    Not,
    /// `NEAR/5`, `PRE/5`
    Near {
        distance: u32,
        ordered: bool,
    },
    /// `speaker:`, what follows it being its value
    Field(String),
    /// words between quotation marks, with the number after `~`
    Quoted {
        text: String,
        slop: Option<u32>,
    },
    Word(String),
}

impl What {
    /// Whether it is `*`, which asks for everything.
    pub(super) fn is_everything(&self) -> bool {
        matches!(self, What::Word(word) if word == "*")
    }
}

fn opens_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‟')
}

/// Cuts a typed query into its pieces.
pub(super) fn tokens(typed: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = typed[at..].chars().next() {
        let end = at + c.len_utf8();
        let value_wanted = tokens.last().is_some_and(|t| matches!(t.what, What::Field(_)) && t.at.end == at);
        let what = match c {
            _ if c.is_whitespace() => {
                at = end;
                continue;
            }
            '(' => What::Open,
            ')' => What::Close,
            '-' | '−' | '–' | '!' if !value_wanted && begins_clause(&typed[end..]) => What::Minus,
            _ if opens_quote(c) => {
                let (text, after) = quoted(typed, at, end)?;
                let (slop, after) = tilde(typed, after)?;
                tokens.push(Token { at: at..after, what: What::Quoted { text, slop } });
                at = after;
                continue;
            }
            _ => {
                let (what, after) = bare(typed, at, value_wanted)?;
                tokens.push(Token { at: at..after, what });
                at = after;
                continue;
            }
        };
        tokens.push(Token { at: at..end, what });
        at = end;
    }
    Ok(tokens)
}

/// Whether a clause follows, so that a minus before it means *not*.
fn begins_clause(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_alphanumeric() || opens_quote(c) || matches!(c, '(' | '*'))
}

/// The text between quotation marks from byte `start`, and where it ends.
fn quoted(typed: &str, open: usize, start: usize) -> Result<(String, usize), QueryError> {
    let mut text = String::new();
    let mut chars = typed[start..].char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            _ if opens_quote(c) => return Ok((text, start + offset + c.len_utf8())),
            _ => text.push(c),
        }
    }
    Err(QueryError::new("this quotation mark is never closed", open..start)
        .hint("close it, or leave it out to search the words"))
}

/// The number after `~` at byte `at`, and where it ends.
fn tilde(typed: &str, at: usize) -> Result<(Option<u32>, usize), QueryError> {
    let Some(rest) = typed[at..].strip_prefix('~') else { return Ok((None, at)) };
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = at + 1 + digits;
    match rest[..digits].parse() {
        Ok(number) if number <= FARTHEST => Ok((Some(number), end)),
        _ => Err(QueryError::new("`~` after a phrase wants a number up to 1000", at..end)
            .hint("\"missile launch\"~3 finds the words with at most 3 others between them")),
    }
}

/// A word, an operator or a field's name from byte `at`, and where it ends.
fn bare(typed: &str, at: usize, value: bool) -> Result<(What, usize), QueryError> {
    let rest = &typed[at..];
    if !value && let Some((name, length)) = field_name(rest) {
        return Ok((What::Field(name.to_owned()), at + length));
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || opens_quote(c);
    let length = rest.find(stop).unwrap_or(rest.len());
    let word = &rest[..length];
    let end = at + length;
    let what = match word {
        _ if value => What::Word(word.to_owned()),
        "AND" | "&&" => What::And,
        "OR" | "||" | "|" => What::Or,
        "NOT" => What::Not,
        _ => match word
            .strip_prefix("NEAR")
            .map(|n| (n, false))
            .or(word.strip_prefix("PRE").map(|n| (n, true)))
        {
            Some(("", ordered)) => What::Near { distance: 10, ordered },
            Some((number, ordered)) if number.starts_with('/') => match number[1..].parse() {
                Ok(distance) if (1..=FARTHEST).contains(&distance) => What::Near { distance, ordered },
                _ => {
                    return Err(QueryError::new(format!("`{word}` wants a number from 1 to 1000"), at..end)
                        .hint("missile NEAR/5 launch finds the two within 5 words of each other"));
                }
            },
            _ => What::Word(word.to_owned()),
        },
    };
    Ok((what, end))
}

/// The field's name that the text begins with and how long it is with its colon, if a value follows. After the name of
/// a field there is, spaces may stand between, as in `speaker: merkel`; after any other word they make it a word.
fn field_name(text: &str) -> Option<(&str, usize)> {
    let colon = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '_'))?;
    let (name, after) = (&text[..colon], text[colon..].strip_prefix(':')?);
    let value = after.trim_start();
    let spaces = after.len() - value.len();
    let follows = match spaces {
        0 => value.starts_with(|c: char| c != ')'),
        _ => Field::named(name).is_some_and(|field| searchable(field) && may_be_value(field, value)),
    };
    (colon > 0 && follows).then_some((name, colon + 1 + spaces))
}

/// Whether the text begins as a value of the field does: `said: yes` is speech, `said: 2023` a day.
fn may_be_value(field: Field, text: &str) -> bool {
    match field.spec().kind {
        Kind::Day => text.starts_with(['<', '>']) || text.bytes().take_while(u8::is_ascii_digit).count() == 4,
        _ => text.starts_with(|c: char| c.is_alphanumeric() || opens_quote(c) || matches!(c, '(' | '*')),
    }
}
