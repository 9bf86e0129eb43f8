//! Years and decades: `1996`, `of last year`, `nineteen ninety-six`, `the '80s`.

use super::calendar::{introduced, measures};
use super::periods::period_of_year;
use super::phrase::{Meaning, Part, Phrase, Year};
use super::values;
use super::words::{Unit, Word, Words};
use crate::extract::tokens::TokenKind;

/// A year alone: `in 1996`, `the 1996 campaign`.
pub(super) fn year_led(words: &Words, at: usize) -> Option<Phrase> {
    let Word::Digits(year, 4) = words.get(at) else { return None };
    let glued_before =
        words.glued(at) && !matches!(words.before(at), Word::Mark(b'(' | b'-' | b'`' | b'"' | b'\'' | b'/'));
    let money = matches!(words.before(at), Word::Mark(b'$' | b'#' | b'+'))
        || matches!(words.raw(at.wrapping_sub(1)), "No" | "£" | "€");
    if glued_before || money || measures(words, at + 1) {
        return None;
    }
    let introduced = introduced(words, at) || words.is(at.wrapping_sub(1), b'(');
    let capital = |at| words.get(at) == Word::Other && words.kind(at) == Some(TokenKind::Capital);
    if capital(at + 1) && !introduced && (capital(at.wrapping_sub(1)) || words.before(at) == Word::Possessive)
    {
        return None;
    }
    let counts = words.kind(at + 1) == Some(TokenKind::Lower)
        && words.get(at + 1) == Word::Other
        && words.raw(at + 1).ends_with('s')
        && !words.raw(at + 1).ends_with("ss")
        && !matches!(words.raw(at + 1), "was" | "is" | "has");
    let plausible =
        if introduced { (1000..=2100).contains(&year) } else { (1900..=2050).contains(&year) && !counts };
    if !plausible {
        return None;
    }
    period_of_year(words, at, at, year.into())
        .or_else(|| Some(Phrase::date(at, at + 1, Meaning::Calendar(Year::Stated(year.into()), Part::Whole))))
}

/// The year that two figures stand for.
fn short(figures: u16) -> i32 {
    i32::from(figures) + if figures < 50 { 2000 } else { 1900 }
}

/// `'82` after a preposition.
pub(super) fn short_year(words: &Words, at: usize) -> Option<Phrase> {
    match words.get(at + 1) {
        Word::Digits(year, 2) if introduced(words, at) && words.glued(at + 1) => {
            Some(Phrase::date(at, at + 2, Meaning::Calendar(Year::Stated(short(year)), Part::Whole)))
        }
        Word::Decade(_) => decade_led(words, at, at + 1),
        _ => None,
    }
}

pub(super) fn spoken_year_alone(words: &Words, at: usize) -> Option<Phrase> {
    let (year, end) = spoken_year(words, at)?;
    let spoken_thousand = year == 2000 && !matches!(words.before(at), Word::In | Word::Preposition);
    let counts = words.kind(end) == Some(TokenKind::Lower)
        && words.get(end) == Word::Other
        && words.raw(end).ends_with('s');
    (!spoken_thousand && !counts)
        .then(|| Phrase::date(at, end, Meaning::Calendar(Year::Stated(year), Part::Whole)))
}

/// `the 1990s`, `'90s`, `the nineties`.
pub(super) fn decade_led(words: &Words, first: usize, at: usize) -> Option<Phrase> {
    let Word::Decade(decade) = words.get(at) else { return None };
    let age = matches!(words.before(first), Word::Its) || matches!(words.get(first), Word::Its);
    let spelled = words.kind(at) == Some(TokenKind::Lower);
    if age || spelled && first == at {
        return None;
    }
    let decade = if decade < 100 { 1900 + decade } else { decade };
    Some(Phrase::date(first, at + 1, Meaning::Fixed(values::decade(decade.into()))))
}

/// The year said after a month or a quarter: `, 2007`, `of last year`, `a year ago`.
pub(super) fn year_after(words: &Words, at: usize) -> Option<(Year, usize)> {
    if words.is(at, b',') {
        return match words.get(at + 1) {
            Word::Digits(..) => stated_year(words, at + 1).map(|(year, end)| (Year::Stated(year), end)),
            _ => None,
        };
    }
    let at = at + usize::from(matches!(words.get(at), Word::Of));
    year_reference(words, at)
}

/// `2007`, `last year`, `this fiscal year`, `the previous year`, `a year ago`.
fn year_reference(words: &Words, at: usize) -> Option<(Year, usize)> {
    if let Some((year, end)) = stated_year(words, at) {
        return Some((Year::Stated(year), end));
    }
    let fiscal = |at: usize| at + usize::from(words.get(at) == Word::Fiscal);
    let is_year = |at: usize| words.get(at) == Word::Single(Unit::Year);
    match words.get(at) {
        Word::Last | Word::Past if is_year(fiscal(at + 1)) => Some((Year::Shifted(-1), fiscal(at + 1) + 1)),
        Word::This | Word::Current if is_year(fiscal(at + 1)) => Some((Year::Shifted(0), fiscal(at + 1) + 1)),
        Word::Next if is_year(fiscal(at + 1)) => Some((Year::Shifted(1), fiscal(at + 1) + 1)),
        Word::Mark(b'\'') => match words.get(at + 1) {
            Word::Digits(year, 2) if words.glued(at + 1) => Some((Year::Stated(short(year)), at + 2)),
            _ => None,
        },
        Word::That if is_year(at + 1) => Some((Year::Story(0), at + 2)),
        Word::The => match words.get(at + 1) {
            Word::Previous | Word::Following | Word::Same | Word::Last | Word::Next | Word::Current
                if is_year(fiscal(at + 2)) =>
            {
                let year = match words.get(at + 1) {
                    Word::Previous => Year::Story(-1),
                    Word::Following => Year::Story(1),
                    Word::Same => Year::Story(0),
                    Word::Last => Year::Shifted(-1),
                    Word::Next => Year::Shifted(1),
                    _ => Year::Shifted(0),
                };
                Some((year, fiscal(at + 2) + 1))
            }
            Word::Single(Unit::Year) if matches!(words.get(at + 2), Word::Before | Word::Earlier) => {
                Some((Year::Story(-1), at + 3))
            }
            _ => None,
        },
        Word::A if is_year(at + 1) => match words.get(at + 2) {
            Word::Ago => Some((Year::Shifted(-1), at + 3)),
            Word::Earlier | Word::Before => Some((Year::Story(-1), at + 3)),
            Word::Later => Some((Year::Story(1), at + 3)),
            _ => None,
        },
        _ => None,
    }
}

/// A year in four figures or as it is spoken: `nineteen ninety-six`.
pub(super) fn stated_year(words: &Words, at: usize) -> Option<(i32, usize)> {
    match words.get(at) {
        Word::Digits(year @ 1000..=2100, 4) if !measures(words, at + 1) => Some((year.into(), at + 1)),
        Word::Count(_) => spoken_year(words, at),
        _ => None,
    }
}

fn spoken_year(words: &Words, at: usize) -> Option<(i32, usize)> {
    match (words.get(at), words.get(at + 1)) {
        (Word::Count(century @ 18..=20), Word::Count(tens @ 10..=90)) => {
            let hyphen = words.hyphened(at + 2).unwrap_or(at + 2);
            match words.get(hyphen) {
                Word::Count(ones @ 1..=9) if tens >= 20 => {
                    Some((i32::from(century * 100 + tens + ones), hyphen + 1))
                }
                _ => Some((i32::from(century * 100 + tens), at + 2)),
            }
        }
        (Word::Count(2), Word::Count(1000)) => {
            let and = at + 2 + usize::from(words.get(at + 2) == Word::And);
            match words.get(and) {
                Word::Count(ones @ 1..=19) => Some((i32::from(2000 + ones), and + 1)),
                _ => Some((2000, at + 2)),
            }
        }
        _ => None,
    }
}
