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
    match words.raw(first.wrapping_sub(1)) {
        "until" | "till" => return Direction::Ahead,
        "by" if first > 1 => return Direction::Ahead,
        _ => {}
    }
    // In `Wednesday's ruling` and `its Wednesday ruling` the date belongs to the noun, whatever the verb before it does.
    let possessive = words.get(end) == Word::Possessive || words.before(first) == Word::Possessive;
    let mut infinitive = false;
    let reach = if possessive { 0 } else { REACH };
    for at in (first.saturating_sub(reach)..first).rev() {
        infinitive |= words.get(at) == Word::To;
        if let Some(direction) = verb(words, at, infinitive) {
            return direction;
        }
    }
    for at in end..(end + REACH).min(words.len()) {
        if words.is(at, b';') {
            break;
        }
        let planned = words.get(at + 1) == Word::To && !is_past_form(words, at);
        if let Some(direction) = verb(words, at, planned) {
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
        // `a better-than-expected result`
        _ if words.glued(at) && before == Word::Mark(b'-') => None,
        Word::Other if words.raw(at) == "according" => Some(Direction::Back),
        Word::Be if words.get(at + 1) == Word::To => Some(Direction::Ahead),
        Word::Ahead if words.raw(at) == "could" && denied(words, at) => Some(Direction::Back),
        Word::Ahead => Some(Direction::Ahead),
        Word::Intent if infinitive || after_be => Some(Direction::Ahead),
        Word::Be if before == Word::To && words.raw(at) == "be" => Some(Direction::Ahead),
        // In `will be held`, `to have` and `must have` the word before decides.
        Word::Back | Word::Intent | Word::Other if words.raw(at.wrapping_sub(1)) == "be" => None,
        Word::Back if matches!(before, Word::Ahead | Word::To) => None,
        Word::Intent if !is_past_form(words, at) => None,
        Word::Back | Word::Intent => Some(Direction::Back),
        Word::Other if is_past_form(words, at) => Some(Direction::Back),
        _ => None,
    }
}

/// Whether `could` at `at` tells of what was not possible: `could not be reached Friday`.
fn denied(words: &Words, at: usize) -> bool {
    (at.saturating_sub(6)..at + 2)
        .any(|at| matches!(words.raw(at), "not" | "nor" | "neither" | "Neither" | "never"))
}

/// Whether the word at `at` looks like a past tense, and not like an adjective: `newly appointed`, `its proposed`.
fn is_past_form(words: &Words, at: usize) -> bool {
    let raw = words.raw(at);
    let before = words.before(at);
    let adjective =
        matches!(before, Word::The | Word::A | Word::Its | Word::These | Word::Those | Word::Possessive)
            || words.raw(at.wrapping_sub(1)) == "newly";
    !adjective
        && words.kind(at) == Some(TokenKind::Lower)
        && raw.len() > 4
        && raw.ends_with("ed")
        && !raw.ends_with("eed")
        && !raw.starts_with("un")
}
