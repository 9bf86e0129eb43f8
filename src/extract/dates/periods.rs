//! Parts of a year: quarters, halves, seasons, and the periods companies report on.

use super::amounts::amount_of;
use super::calendar::{day_led, is_name};
use super::holidays::Holiday;
use super::phrase::{Lean, Meaning, Part, Phrase, Year};
use super::values::{self, Amount};
use super::words::{Unit, Word, Words};
use super::years::year_after;
use crate::extract::tokens::TokenKind;

/// `third quarter of 1990`, `first half of this year`, `20th century`, `5th of May`, `first nine months`.
pub(super) fn part_of_year(words: &Words, first: usize, at: usize) -> Option<Phrase> {
    let numbered = match words.get(at) {
        Word::QuarterNumber(number) => Some(Part::Quarter(number)),
        Word::HalfNumber(number) => Some(Part::Half(number)),
        _ => None,
    };
    if let Some(part) = numbered {
        let (year, end) = year_after(words, at + 1).unwrap_or((Year::Open(Lean::Open), at + 1));
        return Some(Phrase::date(first, end, Meaning::Calendar(year, part)));
    }
    let Word::Ordinal(number) = words.get(at) else { return None };
    if let Some(date) = day_led(words, at) {
        return Some(date.from(first));
    }
    let fiscal = |at: usize| at + usize::from(words.get(at) == Word::Fiscal);
    let next = fiscal(words.hyphened(at + 1).unwrap_or(at + 1));
    match words.get(next) {
        Word::Single(Unit::Quarter) => {
            let part = match number {
                1..=4 => Part::Quarter(number as u8),
                -1 => Part::Quarter(4),
                _ => return None,
            };
            let (year, end) = year_after(words, next + 1).unwrap_or((Year::Open(Lean::Open), next + 1));
            Some(Phrase::date(first, end, Meaning::Calendar(year, part)))
        }
        Word::Half if (1..=2).contains(&number) => {
            let after = year_after(words, next + 1);
            let hyphened = next > at + 1;
            let (year, end) = match after {
                Some(after) => after,
                None if hyphened => (Year::Open(Lean::Open), next + 1),
                None => return None,
            };
            Some(Phrase::date(first, end, Meaning::Calendar(year, Part::Half(number as u8))))
        }
        Word::Single(Unit::Century) | Word::Plural(Unit::Century) if number > 0 => {
            Some(Phrase::date(first, next + 1, Meaning::Fixed(values::century(i32::from(number) - 1))))
        }
        Word::Weekday(weekday) => weekday_of_month(words, first, number, weekday, next),
        Word::Digits(..) | Word::Count(_) | Word::Several => {
            let (amount, unit, end) = amount_of(words, next)?;
            Some(Phrase::duration(first, end, amount, unit))
        }
        _ => None,
    }
}

/// `first Monday in October`, `last Friday of May 2022`: the `nth` such weekday, -1 for the last; its word is at `at`.
pub(super) fn weekday_of_month(
    words: &Words,
    first: usize,
    nth: i8,
    weekday: i8,
    at: usize,
) -> Option<Phrase> {
    if !matches!(words.get(at + 1), Word::In | Word::Of) || !(-1..=5).contains(&nth) {
        return None;
    }
    let (Word::Month(month) | Word::MonthShort(month)) = words.get(at + 2) else { return None };
    let (year, end) = year_after(words, at + 3).unwrap_or((Year::Open(Lean::Open), at + 3));
    let day = Holiday::Nth { month: month as i8, nth, weekday, after: 0 };
    Some(Phrase::date(first, end, Meaning::Calendar(year, Part::Holiday(day))))
}

/// `last spring`, `the summer of 1990`, `summer`.
pub(super) fn season_led(
    words: &Words,
    first: usize,
    at: usize,
    lean: Lean,
    determined: bool,
) -> Option<Phrase> {
    let Word::Season(season) = words.get(at) else { return None };
    let after = year_after(words, at + 1);
    // `Winter Park`
    if after.is_none() && words.kind(at) == Some(TokenKind::Capital) && is_name(words, at, at + 1) {
        return None;
    }
    // `fall` and `spring` are first of all verbs and nouns.
    let ambiguous = matches!(words.raw(at), "fall" | "spring" | "Fall" | "Spring");
    let in_season = matches!(words.before(first), Word::In | Word::Early | Word::Preposition | Word::Of);
    let of_something = words.get(at + 1) == Word::Of;
    if after.is_none()
        && lean == Lean::Open
        && (ambiguous && !(in_season && (determined || words.raw(at).starts_with(['s', 'S'])))
            || of_something)
    {
        return None;
    }
    let (year, end) = after.unwrap_or((Year::Open(lean), at + 1));
    Some(Phrase::date(first, end, Meaning::Calendar(year, Part::Season(season))))
}

/// `fiscal 1990`, `the fiscal year`, `the fiscal third quarter`.
pub(super) fn fiscal(words: &Words, first: usize, at: usize) -> Option<Phrase> {
    let next = words.hyphened(at + 1).unwrap_or(at + 1);
    match words.get(next) {
        Word::Digits(year @ 1900..=2100, 4) => {
            let year = year.into();
            period_of_year(words, first, next, year).or_else(|| {
                Some(Phrase::date(first, next + 1, Meaning::Calendar(Year::Stated(year), Part::Whole)))
            })
        }
        Word::Ordinal(_) => part_of_year(words, first, next),
        Word::Single(Unit::Year) => match words.get(next + 1) {
            Word::Digits(year @ 1900..=2100, 4) => {
                Some(Phrase::date(first, next + 2, Meaning::Calendar(Year::Stated(year.into()), Part::Whole)))
            }
            _ => Some(Phrase::duration(first, next + 1, Amount::Exact(1.0), Unit::Year)),
        },
        _ => None,
    }
}

/// The reported period of a stated year: `1988 third quarter`, `1988 quarter`, `1988 period`, `1988 fiscal year`.
pub(super) fn period_of_year(words: &Words, first: usize, at: usize, year: i32) -> Option<Phrase> {
    match words.get(at + 1) {
        Word::Ordinal(number @ 1..=4) if words.get(at + 2) == Word::Single(Unit::Quarter) => Some(
            Phrase::date(first, at + 3, Meaning::Calendar(Year::Stated(year), Part::Quarter(number as u8))),
        ),
        Word::Season(season) => {
            Some(Phrase::date(first, at + 2, Meaning::Calendar(Year::Stated(year), Part::Season(season))))
        }
        Word::Single(Unit::Quarter) | Word::Period => {
            Some(Phrase::date(first, at + 2, Meaning::Calendar(Year::Stated(year), Part::Quarter(0))))
        }
        _ => None,
    }
}

/// `year-ago quarter`, `year-earlier period`, `year-earlier`.
pub(super) fn year_ago(words: &Words, first: usize, unit: Unit, end: usize) -> Option<Phrase> {
    if unit != Unit::Year {
        return None;
    }
    let reported = |end| Some(Phrase::date(first, end, Meaning::Reported(-1, Unit::Year)));
    match words.get(end) {
        Word::Period | Word::Single(Unit::Quarter) => reported(end + 1),
        Word::Ordinal(_) => match part_of_year(words, first, end)? {
            Phrase { meaning: Meaning::Calendar(_, part), end, .. } => {
                Some(Phrase::date(first, end, Meaning::Calendar(Year::Shifted(-1), part)))
            }
            _ => None,
        },
        _ => reported(end),
    }
}

/// `the latest period`, `the same period last year`.
pub(super) fn reported_period(
    words: &Words,
    first: usize,
    determiner: Word,
    shift: Word,
    end: usize,
) -> Option<Phrase> {
    if let Some((Year::Shifted(by) | Year::Story(by), end)) = year_after(words, end) {
        return Some(Phrase::date(first, end, Meaning::Reported(by, Unit::Quarter)));
    }
    match shift {
        Word::Latest | Word::Current | Word::Same => {
            Some(Phrase::date(first, end, Meaning::Reported(0, Unit::Quarter)))
        }
        Word::Edge if determiner == Word::The => None,
        _ => None,
    }
}
