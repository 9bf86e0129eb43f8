//! Time phrases in the words of a sentence: which words may begin one, and what narrows or widens it.

use super::amounts::{amount_of, counted};
use super::calendar::{another_day, day_led, figures, holiday, month_led, weekday_led, with_part};
use super::clock::clock_led;
use super::nouns::{bare_unit, noun_phrase};
use super::periods::{fiscal, part_of_year, season_led};
use super::phrase::{Anchor, Lean, Meaning, Phrase, TimeOfDay, Year};
use super::values::{self, Amount};
use super::words::{Unit, Word, Words};
use super::years::{decade_led, short_year, spoken_year_alone, year_led};
use crate::extract::tokens::TokenKind;
use crate::findings::TimexType;

/// The time phrases of a sentence, in order, not overlapping.
pub(super) fn phrases(words: &Words, found: &mut Vec<Phrase>) {
    found.clear();
    let mut at = 0;
    while at < words.len() {
        if matches!(words.get(at), Word::Other | Word::Back | Word::Ahead) {
            at += 1;
            continue;
        }
        let Some(mut phrase) = phrase(words, at) else {
            at += 1;
            continue;
        };
        let floor = found.last().map_or(0, |last| last.end);
        let first = lead_in(words, phrase.first, floor);
        at = phrase.end.max(at + 1);
        let more = another_day(words, &phrase);
        // `April 24 to 26, 2019`
        if let (Meaning::Calendar(year @ Year::Open(_), _), Some(Meaning::Calendar(stated, _))) =
            (&mut phrase.meaning, more.as_ref().map(|more| &more.meaning))
        {
            *year = *stated;
        }
        found.push(phrase.from(first));
        if let Some(more) = more {
            at = more.end;
            found.push(more);
        }
    }
}

/// The time phrase that begins at `at`, with what narrows it: `the end of`, `early`.
fn phrase(words: &Words, at: usize) -> Option<Phrase> {
    match words.get(at) {
        Word::The if words.get(at + 1) == Word::EdgeOf && words.get(at + 2) == Word::Of => {
            let inner = modified(words, at + 3).or_else(|| simple(words, at + 3));
            inner.filter(|found| found.kind == TimexType::Date).map(|found| found.from(at))
        }
        _ => modified(words, at).or_else(|| simple(words, at)),
    }
}

/// The time phrase that begins at `at` with a word of its own.
pub(super) fn simple(words: &Words, at: usize) -> Option<Phrase> {
    use Word::*;
    if in_capitals(words, at) {
        return None;
    }
    match words.get(at) {
        Month(_) | MonthShort(_) => month_led(words, at, Lean::Open),
        Weekday(_) | WeekdayShort(_) => weekday_led(words, at, Lean::Open),
        Weekdays(day) => Some(Phrase::set(at, at + 1, values::any_weekday(day))),
        Day(by) => Some(with_part(
            words,
            Phrase::date(at, at + 1, Meaning::Shifted(Unit::Day, by.into(), Anchor::Published)),
        )),
        Tonight => Some(
            Phrase::date(at, at + 1, Meaning::Shifted(Unit::Day, 0, Anchor::Published))
                .at(TimeOfDay::Part("NI"), at + 1),
        ),
        Digits(..) | Number | Dotted | Clock(_) => number_led(words, at),
        Count(_) => counted(words, at).or_else(|| spoken_year_alone(words, at)),
        Several | Half => counted(words, at),
        Ordinal(_) | QuarterNumber(_) | HalfNumber(_) => part_of_year(words, at, at),
        Decade(_) => decade_led(words, at, at),
        Season(_) => season_led(words, at, at, Lean::Open, false),
        Hour(_) => clock_led(words, at),
        // `as soon as` and `the soon-to-open terminal` are no dates.
        Reference("FUTURE_REF")
            if matches!(words.raw(at + 1), "as" | "after")
                || matches!(words.raw(at.wrapping_sub(1)), "time" | "that" | "too" | "how")
                || words.hyphened(at + 1).is_some() =>
        {
            None
        }
        Reference(value) => Some(Phrase::reference(at, at + 1, value)),
        // A `daily` with a name is a newspaper.
        Set(_) if words.get(at + 1) == Other && words.kind(at + 1) == Some(TokenKind::Capital) => None,
        Set(value) => Some(Phrase::set(at, at + 1, value.to_owned())),
        Each => each(words, at),
        Per => match words.get(at + 1) {
            Single(unit) => Some(Phrase::set(at, at + 2, values::duration(values::Amount::Exact(1.0), unit))),
            _ => None,
        },

        Fiscal => fiscal(words, at, at),
        Single(_) | Plural(_) => bare_unit(words, at),
        Mark(b'\'') => short_year(words, at),
        The | A | This | That | These | Those | Its | Last | Past | Previous | Next | Coming | Following
        | Same | Current | Latest | Recent | FutureNoun => noun_phrase(words, at),
        Holiday => holiday(words, at, Lean::Open),
        _ => None,
    }
}

fn number_led(words: &Words, at: usize) -> Option<Phrase> {
    figures(words, at)
        .or_else(|| clock_led(words, at))
        .or_else(|| day_led(words, at))
        .or_else(|| counted(words, at))
        .or_else(|| year_led(words, at))
}

/// `early next week`, `late in the day`, `mid-1990s`, `earlier this year`.
fn modified(words: &Words, at: usize) -> Option<Phrase> {
    if !matches!(words.get(at), Word::Early | Word::Earlier | Word::Later) {
        return None;
    }
    let mut next = words.hyphened(at + 1).unwrap_or(at + 1);
    let inside = matches!(words.get(next), Word::In) || words.raw(next) == "on";
    if inside {
        next += 1;
        if !matches!(words.get(next), Word::The | Word::This | Word::That | Word::Weekday(_)) {
            return None;
        }
    }
    simple(words, next)
        .filter(|found| matches!(found.kind, TimexType::Date | TimexType::Time))
        .map(|found| found.from(at))
}

/// Where the phrase begins with its approximators: `about`, `more than`, `at least`, `up to`.
fn lead_in(words: &Words, first: usize, floor: usize) -> usize {
    let before = |back: usize| first.checked_sub(back).filter(|&at| at >= floor);
    if before(1).is_some_and(|at| words.get(at) == Word::Approximately) {
        return first - 1;
    }
    match (before(2).map(|at| words.raw(at)), before(1).map(|at| words.raw(at))) {
        (Some("more" | "less" | "fewer"), Some("than"))
        | (Some("at"), Some("least" | "most"))
        | (Some("up"), Some("to")) => first - 2,
        _ => first,
    }
}

/// Whether the words at `at` are a title: `This Week`, `60 Minutes`.
fn in_capitals(words: &Words, at: usize) -> bool {
    let next = |at| matches!(words.get(at), Word::Single(_) | Word::Plural(_) | Word::DayPart(_));
    let capital = |at| words.kind(at) == Some(TokenKind::Capital);
    let led = capital(at) || words.kind(at) == Some(TokenKind::Number);
    led && next(at + 1)
        && capital(at + 1)
        && !matches!(words.get(at), Word::Weekday(_) | Word::Month(_) | Word::Holiday)
}

/// `every day`, `each July`, `every Monday morning`.
fn each(words: &Words, at: usize) -> Option<Phrase> {
    let mut next = at + 1;
    while matches!(words.get(next), Word::Whole | Word::Filler) && next < at + 3 {
        next += 1;
    }
    let value = match words.get(next) {
        Word::Single(unit) => values::duration(Amount::Exact(1.0), unit),
        Word::Weekday(day) => values::any_weekday(day),
        Word::Month(month) => format!("XXXX-{month:02}"),
        Word::Season(season) => format!("XXXX-{season}"),
        Word::DayPart(part) => format!("XXXX-XX-XXT{part}"),
        Word::Digits(..) | Word::Count(_) | Word::Several => {
            let (amount, unit, end) = amount_of(words, next)?;
            return Some(Phrase::set(at, end, values::duration(amount, unit)));
        }
        _ => return None,
    };
    Some(Phrase::set(at, next + 1, value))
}
