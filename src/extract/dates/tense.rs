//! Whether the words around a date let it lie ahead of the day of writing or behind it.

use super::words::{Word, Words};
use crate::extract::tokens::TokenKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Back,
    Ahead,
    Unknown,
}

/// How far a verb may stand from the date it governs, in words.
const REACH: usize = 30;

/// The direction the nearest verb gives to the date at `first..end`: the one before it, else the one after it.
pub(super) fn direction(words: &Words, first: usize, end: usize) -> Direction {
    let mut infinitive = false;
    for at in (first.saturating_sub(REACH)..first).rev() {
        infinitive |= words.get(at) == Word::To;
        if let Some(direction) = verb(words, at, infinitive) {
            return direction;
        }
    }
    if matches!(words.raw(first.wrapping_sub(1)), "by" | "until" | "till") && first > 1 {
        return Direction::Ahead;
    }
    for at in end..(end + REACH).min(words.len()) {
        if words.is(at, b';') {
            break;
        }
        if let Some(direction) = verb(words, at, words.get(at + 1) == Word::To) {
            return direction;
        }
    }
    Direction::Unknown
}

/// The direction of the word at `at`, where it is a sign of tense. `infinitive`: `to` stands between it and the date.
fn verb(words: &Words, at: usize, infinitive: bool) -> Option<Direction> {
    let before = words.before(at);
    let after_be =
        matches!(before, Word::Be) || matches!(words.raw(at.wrapping_sub(1)), "was" | "were" | "been");
    match words.get(at) {
        Word::Ahead if words.raw(at + 1) == "not" && matches!(words.raw(at), "could" | "can") => {
            Some(Direction::Back)
        }
        Word::Ahead => Some(Direction::Ahead),
        Word::Intent if infinitive || after_be => Some(Direction::Ahead),
        Word::Be if before == Word::To && words.raw(at) == "be" => Some(Direction::Ahead),
        // In `will be held`, `to have` and `must have` the word before decides.
        Word::Back | Word::Intent | Word::Other if words.raw(at.wrapping_sub(1)) == "be" => None,
        Word::Back if matches!(before, Word::Ahead | Word::To) => None,
        Word::Back | Word::Intent => Some(Direction::Back),
        Word::Other if is_past_form(words, at) => Some(Direction::Back),
        _ => None,
    }
}

fn is_past_form(words: &Words, at: usize) -> bool {
    let raw = words.raw(at);
    words.kind(at) == Some(TokenKind::Lower)
        && raw.len() > 4
        && raw.ends_with("ed")
        && !raw.ends_with("eed")
        && !words.glued(at)
}
