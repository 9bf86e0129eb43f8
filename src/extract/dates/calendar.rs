//! Days and months as they are written: `March 5, 2007`, `Monday`, `5/3/07`, `Christmas Day`.

use super::holidays;
use super::phrase::{Lean, Meaning, Part, Phrase, TimeOfDay, Year};
use super::words::{Word, Words};
use super::years::year_after;
use crate::extract::tokens::TokenKind;
use std::sync::LazyLock;

/// `March 5, 2007`, `March 5`, `March 2007`, `March last year`, `March`.
pub(super) fn month_led(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
    let (month, after, short) = month(words, at)?;
    if let Some(day) = day_of_month(words, after).filter(|&day| exists(month, day))
        && !measures(words, after + 1)
    {
        if (month, day) == (9, 11)
            && matches!(words.raw(after + 1), "attack" | "attacks" | "terror" | "terrorist")
        {
            return None;
        }
        let (year, end) = year_after(words, after + 1).unwrap_or((Year::Open(lean), after + 1));
        return Some(with_part(words, Phrase::date(at, end, Meaning::Calendar(year, Part::Day(month, day)))));
    }
    if let Some((year, end)) = year_after(words, after) {
        return Some(Phrase::date(at, end, Meaning::Calendar(year, Part::Month(month))));
    }
    let is_name = is_name(words, at, after);
    let bare = short && !words.is(after - 1, b'.');
    let named = lean != Lean::Open
        || introduced(words, at) && !(bare && is_name) && !((short || is_name) && joined(words, at));
    let name_like = bare || matches!(month, 3 | 5) || matches!(month, 4 | 6 | 8) && is_name;
    if name_like && !named {
        return None;
    }
    Some(Phrase::date(at, after, Meaning::Calendar(Year::Open(lean), Part::Month(month))))
}

/// `Monday`, `Monday night`, `Monday, Oct. 26, 1998`.
pub(super) fn weekday_led(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
    let (weekday, short) = match words.get(at) {
        Word::Weekday(weekday) => (weekday, false),
        Word::WeekdayShort(weekday) => (weekday, true),
        _ => return None,
    };
    let mut next = at + 1;
    next += usize::from(short && words.is(next, b'.'));
    next += usize::from(words.is(next, b','));
    let dated = match words.get(next) {
        Word::Month(_) | Word::MonthShort(_) => month_led(words, next, Lean::Open),
        Word::Digits(..) | Word::Ordinal(_) => day_led(words, next),
        _ => None,
    };
    if let Some(date) = dated.filter(|date| matches!(date.meaning, Meaning::Calendar(_, Part::Day(..)))) {
        return Some(date.from(at));
    }
    if short || in_a_name(words, at) {
        return None;
    }
    Some(with_part(words, Phrase::date(at, at + 1, Meaning::Weekday(weekday, lean))))
}

/// `11 December 2009`, `the 5th of May`.
pub(super) fn day_led(words: &Words, at: usize) -> Option<Phrase> {
    let day = day_of_month(words, at)?;
    let named = words.hyphened(at + 1).unwrap_or(at + 1 + usize::from(words.get(at + 1) == Word::Of));
    let (month, after, _) = month(words, named)?;
    if !exists(month, day) {
        return None;
    }
    let (year, end) =
        year_after(words, words.hyphened(after).unwrap_or(after)).unwrap_or((Year::Open(Lean::Open), after));
    Some(with_part(words, Phrase::date(at, end, Meaning::Calendar(year, Part::Day(month, day)))))
}

/// `2007-03-05`, `3/5/2007`, `05.03.2007`.
pub(super) fn figures(words: &Words, at: usize) -> Option<Phrase> {
    let date = |end, year: i32, month: u16, day: u16| {
        let year = if year < 70 {
            year + 2000
        } else if year < 100 {
            year + 1900
        } else {
            year
        };
        ((1..=12).contains(&month) && (1..=31).contains(&day) && (1000..=2100).contains(&year)).then(|| {
            Phrase::date(at, end, Meaning::Calendar(Year::Stated(year), Part::Day(month as u8, day as u8)))
        })
    };
    let joined =
        |mark: u8| (1..=4).all(|n| words.glued(at + n)) && words.is(at + 1, mark) && words.is(at + 3, mark);
    match (words.get(at), words.get(at + 2), words.get(at + 4)) {
        (Word::Digits(year, 4), Word::Digits(month, 2), Word::Digits(day, 2))
            if joined(b'-') || joined(b'/') =>
        {
            date(at + 5, year.into(), month, day)
        }
        // Day first where the figures allow nothing else; month first else, as American papers write.
        (Word::Digits(first, 1 | 2), Word::Digits(second, 1 | 2), Word::Digits(year, 2 | 4))
            if joined(b'/') =>
        {
            let (month, day) = if first > 12 { (second, first) } else { (first, second) };
            date(at + 5, year.into(), month, day)
        }
        (Word::Dotted, ..) => {
            let mut parts = words.raw(at).split('.');
            let day = parts.next()?.parse().ok()?;
            let month = parts.next()?.parse().ok()?;
            let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
            parts.next().is_none().then(|| date(at + 1, year, month, day))?
        }
        _ => None,
    }
}

/// `Christmas Day`, `by Christmas`, `last Easter`.
pub(super) fn holiday(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
    let (holiday, end, bare) = holidays::holiday(words, at)?;
    // A bare `Christmas` is a season, a trade, a spirit: a day only where the words date by it.
    let dated = !bare
        || lean != Lean::Open
        || matches!(words.before(at), Word::Preposition | Word::Before | Word::After);
    if !dated {
        return None;
    }
    let (year, end) = year_after(words, end).unwrap_or((Year::Open(lean), end));
    Some(Phrase::date(at, end, Meaning::Calendar(year, Part::Holiday(holiday))))
}

/// The second day of `April 24 and 25` and `April 24-26`.
pub(super) fn another_day(words: &Words, phrase: &Phrase) -> Option<Phrase> {
    let Meaning::Calendar(year, Part::Day(month, _)) = phrase.meaning else { return None };
    let joined = matches!(words.get(phrase.end), Word::And | Word::To | Word::Or | Word::Mark(b'-'))
        || words.raw(phrase.end) == "through";
    let last_is_day = phrase.end.checked_sub(1).is_some_and(|at| day_of_month(words, at).is_some());
    let at = phrase.end + 1;
    if !joined || !last_is_day {
        return None;
    }
    let day = day_of_month(words, at)?;
    let (year, end) = match year_after(words, at + 1) {
        Some(stated) => stated,
        None => (year, at + 1),
    };
    let counts = matches!(words.get(end), Word::Other | Word::Plural(_) | Word::Single(_) | Word::Month(_))
        && words.kind(end) == Some(TokenKind::Lower)
        || matches!(
            words.get(end),
            Word::Meridiem { .. } | Word::Mark(b'%') | Word::Month(_) | Word::MonthShort(_)
        );
    (!counts).then(|| Phrase::date(at, end, Meaning::Calendar(year, Part::Day(month, day))))
}

/// The month at `at` and where it ends, its abbreviating dot included.
fn month(words: &Words, at: usize) -> Option<(u8, usize, bool)> {
    match words.get(at) {
        Word::Month(month) => Some((month, at + 1, false)),
        Word::MonthShort(month) => {
            let dot = words.is(at + 1, b'.') && words.glued(at + 1);
            Some((month, at + 1 + usize::from(dot), true))
        }
        _ => None,
    }
}

/// A day of the month in figures: `9`, `9th`.
fn day_of_month(words: &Words, at: usize) -> Option<u8> {
    match words.get(at) {
        Word::Digits(day @ 1..=31, 1 | 2) => Some(day as u8),
        Word::Ordinal(day @ 1..=31) if words.kind(at) == Some(TokenKind::Number) => Some(day as u8),
        _ => None,
    }
}

/// Whether the month has that day in some year.
fn exists(month: u8, day: u8) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= last
}

/// A part of the day after it: `Monday morning`.
pub(super) fn with_part(words: &Words, phrase: Phrase) -> Phrase {
    match words.get(phrase.end) {
        Word::DayPart(part) => {
            let end = phrase.end + 1;
            phrase.at(TimeOfDay::Part(part), end)
        }
        _ => phrase,
    }
}

/// Whether the word at `at` stands between capitalised words, as a name would.
pub(super) fn is_name(words: &Words, at: usize, after: usize) -> bool {
    let name =
        |at| words.get(at) == Word::Other && words.token(at).is_some_and(|token| token.is_capitalised());
    name(after) || at.checked_sub(1).is_some_and(name)
}

/// Whether the word at `at` is one of several, as names are too.
fn joined(words: &Words, at: usize) -> bool {
    matches!(words.before(at), Word::And | Word::Or | Word::Of | Word::To)
}

/// Whether the word before `at` leads a date in.
pub(super) fn introduced(words: &Words, at: usize) -> bool {
    use Word::*;
    matches!(
        words.before(at),
        In | Preposition
            | From
            | Of
            | To
            | Before
            | After
            | Between
            | Early
            | This
            | Last
            | Next
            | And
            | Or
            | Month(_)
    ) || words.is(at.wrapping_sub(1), b'-') && words.before(at.wrapping_sub(1)) == Early
}

/// Whether the number before `at` counts things: `5 percent`, `5 years`.
pub(super) fn measures(words: &Words, at: usize) -> bool {
    matches!(words.get(at), Word::Plural(_) | Word::Mark(b'%'))
        || matches!(words.raw(at), "percent" | "million" | "billion" | "people")
}

/// Whether the weekday is part of a name: `the Sunday Times`, `Black Friday`, `Monday Night Football`.
fn in_a_name(words: &Words, at: usize) -> bool {
    static NAMES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let lines = include_str!("../tables/weekday_names.tsv").lines();
        lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
    });
    let capital = |at| words.kind(at) == Some(TokenKind::Capital);
    let named_by = |at: usize, place: &str| capital(at) && NAMES.contains(&(words.raw(at), place));
    named_by(at + 1, "after")
        || at.checked_sub(1).is_some_and(|before| named_by(before, "before"))
        || words.raw(at + 1) == "Night" && capital(at + 2)
}
