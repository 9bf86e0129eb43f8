//! Time phrases in the words of a sentence, not yet laid on a calendar.

use super::holidays::{self, Holiday};
use super::values::{self, Amount};
use super::words::{Unit, Word, Words};
use crate::extract::tokens::TokenKind;
use crate::findings::TimexType;

/// A stretch of words, `first..end`, that names a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phrase {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) kind: TimexType,
    pub(super) meaning: Meaning,
    pub(super) time: Option<TimeOfDay>,
}

/// What a phrase says before it is anchored.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A value that needs no anchor: `PRESENT_REF`, `P3D`, `198`.
    Fixed(String),
    Calendar(Year, Part),
    Weekday(i8, Lean),
    /// So many units before or after the anchor.
    Shifted(Unit, i32, Anchor),
    /// The quarter, month or year the story's figures are for, so many years from it; `the year-ago quarter`.
    Reported(i32, Unit),
    /// The time of day alone.
    SomeDay,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Year {
    Stated(i32),
    /// Years from publication.
    Shifted(i32),
    /// Years from the date last mentioned.
    Story(i32),
    Open(Lean),
}

/// A part of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Whole,
    Month(u8),
    Day(u8, u8),
    Quarter(u8),
    Half(u8),
    Season(&'static str),
    Holiday(Holiday),
}

/// Which of the many Mondays: `last`, `this`, `next`, or for the tense to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lean {
    Open,
    Last,
    This,
    Next,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    Published,
    /// The date last mentioned.
    Story,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TimeOfDay {
    /// `MO`, `AF`, `EV`, `NI`.
    Part(&'static str),
    /// Minutes from midnight, and whether it is universal time.
    Clock(u16, bool),
}

impl Phrase {
    fn new(first: usize, end: usize, kind: TimexType, meaning: Meaning) -> Phrase {
        Phrase { first, end, kind, meaning, time: None }
    }

    fn date(first: usize, end: usize, meaning: Meaning) -> Phrase {
        Phrase::new(first, end, TimexType::Date, meaning)
    }

    fn duration(first: usize, end: usize, amount: Amount, unit: Unit) -> Phrase {
        Phrase::new(first, end, TimexType::Duration, Meaning::Fixed(values::duration(amount, unit)))
    }

    fn at(self, time: TimeOfDay, end: usize) -> Phrase {
        Phrase { end, kind: TimexType::Time, time: Some(time), ..self }
    }

    fn from(self, first: usize) -> Phrase {
        Phrase { first, ..self }
    }
}

/// The time phrases of a sentence, in order, not overlapping.
pub(super) fn phrases(words: &Words, found: &mut Vec<Phrase>) {
    found.clear();
    let mut at = 0;
    while at < words.len() {
        let Some(phrase) = phrase(words, at) else {
            at += 1;
            continue;
        };
        let floor = found.last().map_or(0, |last| last.end);
        let first = lead_in(words, phrase.first, floor);
        at = phrase.end.max(at + 1);
        let more = another_day(words, &phrase);
        found.push(phrase.from(first));
        if let Some(more) = more {
            at = more.end;
            found.push(more);
        }
    }
}

/// The time phrase that begins at `at`.
fn phrase(words: &Words, at: usize) -> Option<Phrase> {
    use Word::*;
    if in_capitals(words, at) {
        return None;
    }
    match words.get(at) {
        Month(_) | MonthShort(_) => month_led(words, at, Lean::Open),
        Weekday(_) | WeekdayShort(_) => weekday_led(words, at, Lean::Open),
        Weekdays(day) => Some(set(at, at + 1, values::any_weekday(day))),
        Day(by) => Some(with_part(
            words,
            Phrase::date(at, at + 1, Meaning::Shifted(Unit::Day, by.into(), Anchor::Published)),
        )),
        Tonight => Some(
            Phrase::date(at, at + 1, Meaning::Shifted(Unit::Day, 0, Anchor::Published))
                .at(TimeOfDay::Part("NI"), at + 1),
        ),
        Digits(..) | Number | Clock(_) => number_led(words, at),
        Count(_) => counted(words, at).or_else(|| spoken_year_alone(words, at)),
        Several | Half => counted(words, at),
        Ordinal(_) | QuarterNumber(_) => part_of_year(words, at, at),
        Decade(_) => decade_led(words, at, at),
        Season(_) => season_led(words, at, at, Lean::Open, false),
        Hour(_) => clock_led(words, at),
        // `as soon as` and `the soon-to-open terminal` are no dates.
        Reference("FUTURE_REF") if words.raw(at + 1) == "as" || words.hyphened(at + 1).is_some() => None,
        Reference(value) => Some(Phrase::date(at, at + 1, Meaning::Fixed(value.to_owned()))),
        // A `daily` with a name is a newspaper.
        Set(_) if words.get(at + 1) == Other && words.kind(at + 1) == Some(TokenKind::Capital) => None,
        Set(value) => Some(set(at, at + 1, value.to_owned())),
        Each => each(words, at),
        Per => match words.get(at + 1) {
            Single(unit) => Some(set(at, at + 2, values::duration(values::Amount::Exact(1.0), unit))),
            _ => None,
        },
        Early | Earlier | Later => modified(words, at),
        Fiscal => fiscal(words, at, at),
        Single(_) | Plural(_) => bare_unit(words, at),
        Mark(b'\'') => short_year(words, at),
        The | A | This | That | These | Those | Its | Last | Past | Previous | Next | Coming | Following
        | Same | Current | Latest | Recent | FutureNoun => noun_phrase(words, at),
        Holiday => holiday(words, at, Lean::Open),
        _ => None,
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

fn set(first: usize, end: usize, value: String) -> Phrase {
    Phrase::new(first, end, TimexType::Set, Meaning::Fixed(value))
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

// Calendar dates

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

/// `March 5, 2007`, `March 5`, `March 2007`, `March last year`, `March`.
fn month_led(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
    let (month, after, short) = month(words, at)?;
    if let Some(day) = day_of_month(words, after)
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
    let named = lean != Lean::Open || introduced(words, at) && !(short && joined(words, at));
    let name_like = short && !words.is(after - 1, b'.')
        || matches!(month, 3 | 5)
        || matches!(month, 4 | 6 | 8) && is_name(words, at, after);
    if name_like && !named {
        return None;
    }
    Some(Phrase::date(at, after, Meaning::Calendar(Year::Open(lean), Part::Month(month))))
}

/// Whether the word at `at` stands between capitalised words, as a name would.
fn is_name(words: &Words, at: usize, after: usize) -> bool {
    let name =
        |at| words.get(at) == Word::Other && words.token(at).is_some_and(|token| token.is_capitalised());
    name(after) || at.checked_sub(1).is_some_and(name)
}

/// Whether the word at `at` is one of several, as names are too.
fn joined(words: &Words, at: usize) -> bool {
    matches!(words.before(at), Word::And | Word::Or | Word::Of | Word::To)
}

/// Whether the word before `at` leads a date in.
fn introduced(words: &Words, at: usize) -> bool {
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
fn measures(words: &Words, at: usize) -> bool {
    matches!(words.get(at), Word::Plural(_) | Word::Mark(b'%'))
        || matches!(words.raw(at), "percent" | "million" | "billion" | "people")
}

/// The year said after a month or a quarter: `, 2007`, `of last year`, `a year ago`.
fn year_after(words: &Words, at: usize) -> Option<(Year, usize)> {
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
fn stated_year(words: &Words, at: usize) -> Option<(i32, usize)> {
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

fn spoken_year_alone(words: &Words, at: usize) -> Option<Phrase> {
    let (year, end) = spoken_year(words, at)?;
    let spoken_thousand = year == 2000 && !matches!(words.before(at), Word::In | Word::Preposition);
    let counts = words.get(end) == Word::Other && words.raw(end).ends_with('s');
    (!spoken_thousand && !counts)
        .then(|| Phrase::date(at, end, Meaning::Calendar(Year::Stated(year), Part::Whole)))
}

/// `Monday`, `Monday night`, `Monday, Oct. 26, 1998`.
fn weekday_led(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
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
    if short || in_a_title(words, at) {
        return None;
    }
    Some(with_part(words, Phrase::date(at, at + 1, Meaning::Weekday(weekday, lean))))
}

/// Whether the weekday is part of a name: `the Sunday Times`, `Black Friday`.
fn in_a_title(words: &Words, at: usize) -> bool {
    matches!(
        words.raw(at + 1),
        "Times"
            | "Telegraph"
            | "Mail"
            | "Express"
            | "Mirror"
            | "Herald"
            | "Post"
            | "Independent"
            | "Mass"
            | "School"
    ) || matches!(words.raw(at + 1), "Night") && matches!(words.raw(at + 2), "Live" | "Football")
        || at.checked_sub(1).is_some_and(|before| {
            matches!(
                words.raw(before),
                "Black" | "Bloody" | "Super" | "Cyber" | "Giving" | "Sheffield" | "Ash" | "Palm"
            )
        })
}

/// A part of the day after it: `Monday morning`.
fn with_part(words: &Words, phrase: Phrase) -> Phrase {
    match words.get(phrase.end) {
        Word::DayPart(part) => {
            let end = phrase.end + 1;
            phrase.at(TimeOfDay::Part(part), end)
        }
        _ => phrase,
    }
}

/// `11 December 2009`, `the 5th of May`.
fn day_led(words: &Words, at: usize) -> Option<Phrase> {
    let day = day_of_month(words, at)?;
    let named = at + 1 + usize::from(words.get(at + 1) == Word::Of);
    let (month, after, _) = month(words, named)?;
    let (year, end) = year_after(words, after).unwrap_or((Year::Open(Lean::Open), after));
    Some(with_part(words, Phrase::date(at, end, Meaning::Calendar(year, Part::Day(month, day)))))
}

/// The second day of `April 24 and 25` and `April 24-26`.
fn another_day(words: &Words, phrase: &Phrase) -> Option<Phrase> {
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

/// `2007-03-05`, `3/5/2007`, `05.03.2007`.
fn figures(words: &Words, at: usize) -> Option<Phrase> {
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
        (Word::Digits(year, 4), Word::Digits(month, 2), Word::Digits(day, 2)) if joined(b'-') => {
            date(at + 5, year.into(), month, day)
        }
        // Day first where the figures allow nothing else; month first else, as American papers write.
        (Word::Digits(first, 1 | 2), Word::Digits(second, 1 | 2), Word::Digits(year, 2 | 4))
            if joined(b'/') =>
        {
            let (month, day) = if first > 12 { (second, first) } else { (first, second) };
            date(at + 5, year.into(), month, day)
        }
        (Word::Number, ..) => {
            let mut parts = words.raw(at).split('.');
            let day = parts.next()?.parse().ok()?;
            let month = parts.next()?.parse().ok()?;
            let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
            parts.next().is_none().then(|| date(at + 1, year, month, day))?
        }
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

/// A year alone: `in 1996`, `the 1996 campaign`.
fn year_led(words: &Words, at: usize) -> Option<Phrase> {
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

/// `'82` after a preposition.
fn short_year(words: &Words, at: usize) -> Option<Phrase> {
    match words.get(at + 1) {
        Word::Digits(year, 2) if introduced(words, at) && words.glued(at + 1) => {
            let year = i32::from(year) + if year < 30 { 2000 } else { 1900 };
            Some(Phrase::date(at, at + 2, Meaning::Calendar(Year::Stated(year), Part::Whole)))
        }
        Word::Decade(_) => decade_led(words, at, at + 1),
        _ => None,
    }
}

/// The reported period of a stated year: `1988 third quarter`, `1988 quarter`, `1988 period`, `1988 fiscal year`.
fn period_of_year(words: &Words, first: usize, at: usize, year: i32) -> Option<Phrase> {
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

/// `the 1990s`, `'90s`, `the nineties`.
fn decade_led(words: &Words, first: usize, at: usize) -> Option<Phrase> {
    let Word::Decade(decade) = words.get(at) else { return None };
    let age = matches!(words.before(first), Word::Its) || matches!(words.get(first), Word::Its);
    let spelled = words.kind(at) == Some(TokenKind::Lower);
    if age || spelled && first == at {
        return None;
    }
    let decade = if decade < 100 { 1900 + decade } else { decade };
    Some(Phrase::date(first, at + 1, Meaning::Fixed(values::decade(decade.into()))))
}

// Quarters, halves and seasons

/// `third quarter of 1990`, `first half of this year`, `20th century`, `5th of May`, `first nine months`.
fn part_of_year(words: &Words, first: usize, at: usize) -> Option<Phrase> {
    if let Word::QuarterNumber(number) = words.get(at) {
        let (year, end) = year_after(words, at + 1).unwrap_or((Year::Open(Lean::Open), at + 1));
        return Some(Phrase::date(first, end, Meaning::Calendar(year, Part::Quarter(number))));
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
        Word::Single(Unit::Century) if number > 0 => {
            Some(Phrase::date(first, next + 1, Meaning::Fixed(values::century(i32::from(number) - 1))))
        }
        Word::Digits(..) | Word::Count(_) | Word::Several => {
            let (amount, unit, end) = amount_of(words, next)?;
            Some(Phrase::duration(first, end, amount, unit))
        }
        _ => None,
    }
}

/// `last spring`, `the summer of 1990`, `summer`.
fn season_led(words: &Words, first: usize, at: usize, lean: Lean, determined: bool) -> Option<Phrase> {
    let Word::Season(season) = words.get(at) else { return None };
    let after = year_after(words, at + 1);
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
fn fiscal(words: &Words, first: usize, at: usize) -> Option<Phrase> {
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

// Times of day

/// `10 p.m. EST Monday`, `12:00 UTC`, `noon Thursday`, `at 8:30`.
fn clock_led(words: &Words, at: usize) -> Option<Phrase> {
    let (minutes, mut end, sure) = match words.get(at) {
        Word::Digits(hour @ 1..=12, 1 | 2) => match words.get(at + 1) {
            Word::Meridiem { afternoon } => ((hour % 12 + 12 * u16::from(afternoon)) * 60, at + 2, true),
            _ => return None,
        },
        Word::Digits(clock, 4) if clock / 100 <= 24 && clock % 100 < 60 => match words.get(at + 1) {
            Word::Zone { universal: true } => (clock / 100 * 60 + clock % 100, at + 1, true),
            _ => return None,
        },
        Word::Clock(minutes) => match words.get(at + 1) {
            Word::Meridiem { afternoon } if minutes < 13 * 60 => {
                (minutes % (12 * 60) + 12 * 60 * u16::from(afternoon), at + 2, true)
            }
            _ => (minutes, at + 1, words.raw(at).ends_with(['m', 'M'])),
        },
        Word::Hour(hour) => (if hour == "12:00" { 12 * 60 } else { 24 * 60 }, at + 1, true),
        _ => return None,
    };
    let mut universal = false;
    let mut zoned = false;
    if let Word::Zone { universal: zone } = words.get(end) {
        universal = zone;
        zoned = true;
        end += 1;
        end += usize::from(words.raw(end) == "Time" || words.raw(end) == "time");
    }
    let placed = matches!(
        words.before(at),
        Word::Preposition | Word::Before | Word::After | Word::From | Word::To | Word::Between
    );
    if !sure && !zoned && !placed {
        return None;
    }
    let time = TimeOfDay::Clock(minutes, universal);
    let mut day = end + usize::from(words.is(end, b','));
    day += usize::from(words.raw(day) == "on");
    let dated = match words.get(day) {
        Word::Weekday(_)
        | Word::Month(_)
        | Word::MonthShort(_)
        | Word::Day(_)
        | Word::Digits(..)
        | Word::This
        | Word::Last
        | Word::Next => match words.get(day) {
            Word::Digits(..) => day_led(words, day),
            _ => phrase(words, day),
        },
        _ => None,
    };
    let dated = dated.filter(|date| {
        date.kind == TimexType::Date && names_a_day(&date.meaning) || date.kind == TimexType::Time
    });
    Some(match dated {
        Some(date) => {
            let end = date.end;
            date.from(at).at(time, end)
        }
        None => Phrase::date(at, end, Meaning::SomeDay).at(time, end),
    })
}

fn names_a_day(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Calendar(_, Part::Day(..) | Part::Holiday(_))
            | Meaning::Weekday(..)
            | Meaning::Shifted(Unit::Day, ..)
    )
}

// Amounts of time

/// A number and where it ends: `18`, `2.5`, `twenty-four`, `two and a half`, `two to three`, `several`.
fn amount(words: &Words, at: usize) -> Option<(Amount, usize)> {
    let (first, mut end) = match words.get(at) {
        Word::Digits(..) | Word::Number => {
            let raw = words.raw(at);
            let plain: String = raw.chars().filter(|&c| c != ',').collect();
            (Amount::Exact(plain.parse().ok().filter(|value: &f64| *value < 1e7)?), at + 1)
        }
        Word::Count(_) => counted_out(words, at)?,
        Word::Several => {
            let of = at + 1 + usize::from(words.get(at + 1) == Word::Of);
            (
                if words.raw(at).eq_ignore_ascii_case("couple") { Amount::Exact(2.0) } else { Amount::Vague },
                of,
            )
        }
        Word::A => match words.get(at + 1) {
            Word::Several if matches!(words.raw(at + 1), "few" | "couple") => return amount(words, at + 1),
            Word::Count(12 | 100 | 1000) => return counted_out(words, at + 1),
            _ => return None,
        },
        Word::Half => match words.get(at + 1) {
            Word::A => (Amount::Exact(0.5), at + 2),
            _ => return None,
        },
        _ => return None,
    };
    let Amount::Exact(number) = first else { return Some((first, end)) };
    if words.get(end) == Word::And && words.get(end + 1) == Word::A && words.get(end + 2) == Word::Half {
        return Some((Amount::Exact(number + 0.5), end + 3));
    }
    if matches!(words.get(end), Word::To | Word::Or | Word::Mark(b'-'))
        && matches!(words.get(end + 1), Word::Digits(..) | Word::Count(_))
        && let Some((_, after)) = single_amount(words, end + 1)
    {
        end = after;
    }
    Some((first, end))
}

/// A number without `to` or `and a half`.
fn single_amount(words: &Words, at: usize) -> Option<(Amount, usize)> {
    match words.get(at) {
        Word::Digits(value, _) => Some((Amount::Exact(value.into()), at + 1)),
        Word::Count(_) => counted_out(words, at),
        _ => None,
    }
}

/// A number in words: `two hundred and fifty`, `twenty-four`.
fn counted_out(words: &Words, at: usize) -> Option<(Amount, usize)> {
    let mut total: f64 = 0.0;
    let mut current: f64 = 0.0;
    let mut end = at;
    // No number of days or years in news needs more words than these.
    for _ in 0..8 {
        let next = match words.get(end) {
            _ if end == at => end,
            Word::And if current >= 100.0 => end + 1,
            _ => words.hyphened(end).unwrap_or(end),
        };
        let Word::Count(value) = words.get(next) else { break };
        match value {
            1000 => {
                total += current.max(1.0) * 1000.0;
                current = 0.0;
            }
            100 | 12 if current < 100.0 => current = current.max(1.0) * f64::from(value),
            _ if current == 0.0
                || current >= 100.0
                || (value < 10 && current >= 20.0 && current % 10.0 == 0.0) =>
            {
                current += f64::from(value);
            }
            _ => break,
        }
        end = next + 1;
    }
    (end > at).then_some((Amount::Exact(total + current), end))
}

/// An amount with its unit: `five-year`, `five straight trading days`, `a couple of years`.
fn amount_of(words: &Words, at: usize) -> Option<(Amount, Unit, usize)> {
    let (amount, mut next) = amount(words, at)?;
    if let Some(hyphened) = words.hyphened(next) {
        next = hyphened;
    }
    while words.get(next) == Word::Filler && next < at + 8 {
        next += 1;
    }
    match words.get(next) {
        // `the 1988 quarter`, `three-quarters`
        Word::Single(_) if matches!(words.get(at), Word::Digits(1900..=2100, 4)) => None,
        Word::Plural(Unit::Quarter) if words.is(next - 1, b'-') => None,
        Word::Single(unit) | Word::Plural(unit) => Some((amount, unit, next + 1)),
        Word::Fiscal if matches!(words.get(next + 1), Word::Plural(_)) => match words.get(next + 1) {
            Word::Plural(unit) => Some((amount, unit, next + 2)),
            _ => None,
        },
        _ => None,
    }
}

/// `five years`, `five years ago`, `five-year`.
fn counted(words: &Words, at: usize) -> Option<Phrase> {
    let (amount, unit, end) = amount_of(words, at)?;
    measured(words, at, amount, unit, end)
}

/// An amount of time that ends at `end`, with what follows it: `ago`, `earlier`, `from now`.
fn measured(words: &Words, first: usize, amount: Amount, unit: Unit, end: usize) -> Option<Phrase> {
    let (amount, end) = match (amount, words.get(end), words.get(end + 1), words.get(end + 2)) {
        (Amount::Exact(number), Word::And, Word::A, Word::Half) => (Amount::Exact(number + 0.5), end + 3),
        _ => (amount, end),
    };
    let hyphen = words.hyphened(end);
    // Ages are not times: `a 54-year-old man`, `five years old`.
    if unit == Unit::Year && words.get(hyphen.unwrap_or(end)) == Word::Old {
        return None;
    }
    let shift = |by: i32, anchor: Anchor, end: usize| {
        let meaning = match amount {
            Amount::Exact(number) if unit == Unit::Year && number == 1.0 && by < 0 => {
                Meaning::Reported(-1, unit)
            }
            Amount::Exact(number) => shifted(number, unit, by, anchor),
            Amount::Vague if anchor == Anchor::Story => {
                return Phrase::duration(first, end, amount, unit);
            }
            Amount::Vague => Meaning::Fixed(if by < 0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned()),
        };
        Phrase::date(first, end, meaning)
    };
    let next = hyphen.unwrap_or(end);
    let word = words.get(next);
    Some(match word {
        Word::Ago => shift(-1, Anchor::Published, next + 1),
        Word::Earlier => shift(-1, Anchor::Story, next + 1),
        Word::Later => shift(1, Anchor::Story, next + 1),
        Word::Hence => shift(1, Anchor::Published, next + 1),
        Word::From if words.raw(next + 1) == "now" => shift(1, Anchor::Published, next + 2),
        Word::Before | Word::After => {
            if !stands_alone(words, next + 1) {
                return Some(Phrase::duration(first, end, amount, unit));
            }
            shift(if word == Word::Before { -1 } else { 1 }, Anchor::Story, next + 1)
        }
        _ => Phrase::duration(first, end, amount, unit),
    })
}

/// Whether nothing that `before` or `after` could govern follows.
fn stands_alone(words: &Words, at: usize) -> bool {
    matches!(
        words.get(at),
        Word::Edge | Word::In | Word::Preposition | Word::And | Word::Back | Word::Mark(_)
    ) && !matches!(words.get(at), Word::Mark(b'"' | b'`' | b'\'' | b'$'))
}

fn shifted(number: f64, unit: Unit, by: i32, anchor: Anchor) -> Meaning {
    let (unit, times) = match unit {
        Unit::Week => (Unit::Day, 7.0),
        Unit::Fortnight => (Unit::Day, 14.0),
        Unit::Decade => (Unit::Year, 10.0),
        Unit::Century => (Unit::Year, 100.0),
        Unit::Quarter => (Unit::Month, 3.0),
        unit => (unit, 1.0),
    };
    // Beyond a million units there is no calendar; the anchor then refuses it.
    Meaning::Shifted(unit, by * (number * times).min(1e6) as i32, anchor)
}

// Noun phrases

/// `last week`, `the past three months`, `this morning`, `the third quarter`, `that year`, `a year earlier`.
fn noun_phrase(words: &Words, first: usize) -> Option<Phrase> {
    use Word::*;
    let mut at = first;
    let determiner = match words.get(at) {
        word @ (The | A | This | That | These | Those | Its) => {
            at += 1;
            word
        }
        _ => Edge,
    };
    if determiner == A
        && let Some((amount, unit, end)) = amount_of(words, first)
    {
        return measured(words, first, amount, unit, end);
    }
    while matches!(words.get(at), Whole) && at < first + 3 {
        at += 1;
    }
    if determiner != Edge && words.get(at) == Early {
        at = words.hyphened(at + 1).unwrap_or(at + 1);
    }
    if determiner == The && words.get(at) == EdgeOf && words.get(at + 1) == Of {
        return phrase(words, at + 2)
            .filter(|found| found.kind == TimexType::Date)
            .map(|found| found.from(first));
    }
    let shift = match words.get(at) {
        word @ (Last | Past | Previous | Next | Coming | Following | Same | Current | Latest | Recent) => {
            at += 1;
            word
        }
        _ => Edge,
    };
    while matches!(words.get(at), Whole) && at < first + 5 {
        at += 1;
    }
    if !(determiner == A && shift == Edge)
        && (determiner != Edge || shift != Edge)
        && let Some((amount, unit, end)) = amount_of(words, at)
    {
        return match (shift, words.get(end)) {
            (Edge, _) => measured(words, first, amount, unit, end),
            _ => Some(Phrase::duration(first, end, amount, unit)),
        };
    }
    let lean = match (determiner, shift) {
        (_, Last | Past | Previous) => Lean::Last,
        (_, Next | Coming | Following) => Lean::Next,
        (This, _) | (_, Current) => Lean::This,
        _ => Lean::Open,
    };
    let leaning = lean != Lean::Open;
    match words.get(at) {
        Single(unit) => one_unit(words, first, determiner, shift, unit, at + 1),
        Plural(unit) => units(first, determiner, shift, unit, at + 1),
        DayPart(part) => part_of_day(words, first, determiner, shift, part, at + 1),
        Weekday(_) if leaning => weekday_led(words, at, lean).map(|found| found.from(first)),
        Month(_) | MonthShort(_) if leaning => month_led(words, at, lean).map(|found| found.from(first)),
        Holiday if leaning => holiday(words, at, lean).map(|found| found.from(first)),
        Season(_) => season_led(words, first, at, lean, determiner != Edge),
        Decade(_) if determiner == The => decade_led(words, first, at),
        Ordinal(_) | QuarterNumber(_) => part_of_year(words, first, at),
        Fiscal if shift == Edge && determiner != This => fiscal(words, first, at),
        Fiscal if words.get(at + 1) == Single(Unit::Year) => {
            one_unit(words, first, determiner, shift, Unit::Year, at + 2)
        }
        Period if determiner != A => reported_period(words, first, determiner, shift, at + 1),
        Digits(year @ 1900..=2100, 4) if determiner == The => period_of_year(words, first, at, year.into()),
        Mark(b'\'') if determiner == The && matches!(words.get(at + 1), Decade(_)) => {
            decade_led(words, first, at + 1)
        }
        FutureNoun if determiner == The || words.raw(first.wrapping_sub(1)) == "near" => {
            Some(fixed(first, at + 1, "FUTURE_REF"))
        }
        _ if shift == Past && determiner == The && ends_noun(words, at) => Some(fixed(first, at, "PAST_REF")),
        _ if shift == Recent => Some(fixed(first, at, "PAST_REF")),
        _ if shift == Current && determiner == Edge => Some(fixed(first, at, "PRESENT_REF")),
        _ => None,
    }
}

fn fixed(first: usize, end: usize, value: &str) -> Phrase {
    Phrase::date(first, end, Meaning::Fixed(value.to_owned()))
}

/// Whether no noun follows that the words before `at` could modify.
fn ends_noun(words: &Words, at: usize) -> bool {
    match words.get(at) {
        Word::Other => false,
        Word::Mark(b'-' | b'"' | b'`') => false,
        _ => true,
    }
}

/// One unit with its determiner: `the week`, `last week`, `that year`, `the day before`, `a year ago`.
fn one_unit(
    words: &Words,
    first: usize,
    determiner: Word,
    shift: Word,
    unit: Unit,
    end: usize,
) -> Option<Phrase> {
    use Word::*;
    if let Some(hyphened) = words.hyphened(end)
        && matches!(words.get(hyphened), Ago | Earlier)
    {
        return year_ago(words, first, unit, hyphened + 1);
    }
    if words.get(words.hyphened(end).unwrap_or(end)) == Old && unit == Unit::Year {
        return None;
    }
    if determiner == A && shift == Edge {
        if unit == Unit::Quarter {
            return None;
        }
        let found = measured(words, first, Amount::Exact(1.0), unit, end)?;
        let rate = matches!(words.before(first), Times | Digits(..) | Number)
            || matches!(words.raw(first.wrapping_sub(1)), "million" | "billion" | "percent" | "%");
        let rate = rate && found.kind == TimexType::Duration;
        return Some(if rate { Phrase { kind: TimexType::Set, ..found } } else { found });
    }
    if shift == Edge && matches!(determiner, The | Edge) {
        match words.get(end) {
            Before | After if unit == Unit::Day && matches!(words.get(end + 1), Day(_)) => {
                let by = if words.get(end) == Before { -2 } else { 2 };
                return Some(Phrase::date(
                    first,
                    end + 2,
                    Meaning::Shifted(Unit::Day, by, Anchor::Published),
                ));
            }
            word @ (Before | After | Earlier | Later)
                if determiner == The && stands_alone(words, end + 1) =>
            {
                let by = if matches!(word, Before | Earlier) { -1 } else { 1 };
                return Some(Phrase::date(first, end + 1, Meaning::Shifted(unit, by, Anchor::Story)));
            }
            Before | After => return None,
            Previous => return Some(Phrase::date(first, end + 1, Meaning::Shifted(unit, -1, Anchor::Story))),
            _ => {}
        }
    }
    let of_year = year_after(words, end);
    if let (Same | Edge, Unit::Quarter | Unit::Month, Some((Year::Shifted(by) | Year::Story(by), end))) =
        (shift, unit, of_year)
    {
        return Some(Phrase::date(first, end, Meaning::Reported(by, unit)));
    }
    let (by, anchor) = match (determiner, shift) {
        (_, Last | Past)
            if matches!(unit, Unit::Decade | Unit::Century | Unit::Hour | Unit::Minute | Unit::Day) =>
        {
            return Some(Phrase::duration(first, end, Amount::Exact(1.0), unit));
        }
        (_, Last | Past) => (-1, Anchor::Published),
        (_, Previous) => (-1, Anchor::Story),
        (The, Next) if unit == Unit::Day => (1, Anchor::Story),
        (_, Next | Coming) => (1, Anchor::Published),
        (_, Following) => (1, Anchor::Story),
        (_, Same) => (0, Anchor::Story),
        (_, Latest) if unit == Unit::Quarter => {
            return Some(Phrase::date(first, end, Meaning::Reported(0, unit)));
        }
        (_, Current | Latest) | (This, Edge) => (0, Anchor::Published),
        (That, Edge) => (0, Anchor::Story),
        (The, Edge) => match unit {
            Unit::Day => (0, Anchor::Story),
            Unit::Weekend => (0, Anchor::Story),
            Unit::Week | Unit::Month => (0, Anchor::Published),
            Unit::Quarter => return Some(Phrase::date(first, end, Meaning::Reported(0, unit))),
            Unit::Year => {
                if let Some((year, end)) = stated_year(words, end) {
                    return Some(Phrase::date(
                        first,
                        end,
                        Meaning::Calendar(Year::Stated(year), Part::Whole),
                    ));
                }
                if matches!(words.raw(end), "ended" | "ending" | "to") {
                    return Some(Phrase::duration(first, end, Amount::Exact(1.0), unit));
                }
                (0, Anchor::Published)
            }
            _ => return None,
        },
        _ => return None,
    };
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour | Unit::Fortnight) {
        return None;
    }
    // `this year's third quarter`
    if unit == Unit::Year && words.get(end) == Possessive {
        let next = end + 1 + usize::from(words.get(end + 1) == Fiscal);
        if let Ordinal(number @ 1..=4) = words.get(next)
            && words.get(words.hyphened(next + 1).unwrap_or(next + 1)) == Single(Unit::Quarter)
        {
            let end = words.hyphened(next + 1).unwrap_or(next + 1) + 1;
            let year = if anchor == Anchor::Story { Year::Story(by) } else { Year::Shifted(by) };
            return Some(Phrase::date(first, end, Meaning::Calendar(year, Part::Quarter(number as u8))));
        }
        if matches!(words.get(next), Single(Unit::Quarter) | Period) {
            return Some(Phrase::date(first, next + 1, Meaning::Reported(by, Unit::Quarter)));
        }
        if matches!(words.get(next), EdgeOf) {
            return Some(Phrase::date(first, next + 1, Meaning::Shifted(unit, by, anchor)));
        }
    }
    let found = Phrase::date(first, end, Meaning::Shifted(unit, by, anchor));
    Some(if unit == Unit::Day { with_part(words, found) } else { found })
}

/// `year-ago quarter`, `year-earlier period`, `year-earlier`.
fn year_ago(words: &Words, first: usize, unit: Unit, end: usize) -> Option<Phrase> {
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
fn reported_period(words: &Words, first: usize, determiner: Word, shift: Word, end: usize) -> Option<Phrase> {
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

/// Units without a number: `recent years`, `these days`, `the next weeks`.
fn units(first: usize, determiner: Word, shift: Word, unit: Unit, end: usize) -> Option<Phrase> {
    match (determiner, shift) {
        (Word::These, Word::Edge) => Some(fixed(first, end, "PRESENT_REF")),
        (Word::Those, Word::Edge) => Some(fixed(first, end, "PAST_REF")),
        _ if matches!(unit, Unit::Second | Unit::Quarter) => None,
        _ => Some(Phrase::duration(first, end, Amount::Vague, unit)),
    }
}

/// `this morning`, `last night`, `that evening`.
fn part_of_day(
    words: &Words,
    first: usize,
    determiner: Word,
    shift: Word,
    part: &'static str,
    end: usize,
) -> Option<Phrase> {
    let (by, anchor) = match (determiner, shift) {
        (This, Word::Edge) => (0, Anchor::Published),
        (_, Word::Last) => (-1, Anchor::Published),
        (That, Word::Edge) | (_, Word::Same) => (0, Anchor::Story),
        (The, Word::Next | Word::Following) => (1, Anchor::Story),
        (The, Word::Previous) => (-1, Anchor::Story),
        (The, Word::Edge) if matches!(words.before(first), Word::In | Word::Preposition) => {
            (0, Anchor::Story)
        }
        _ => return None,
    };
    use Word::{That, The, This};
    Some(Phrase::date(first, end, Meaning::Shifted(Unit::Day, by, anchor)).at(TimeOfDay::Part(part), end))
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
            return Some(set(at, end, values::duration(amount, unit)));
        }
        _ => return None,
    };
    Some(set(at, next + 1, value))
}

/// `early next week`, `late in the day`, `mid-1990s`, `earlier this year`.
fn modified(words: &Words, at: usize) -> Option<Phrase> {
    let mut next = words.hyphened(at + 1).unwrap_or(at + 1);
    let inside = matches!(words.get(next), Word::In) || words.raw(next) == "on";
    if inside {
        next += 1;
        if !matches!(words.get(next), Word::The | Word::This | Word::That | Word::Weekday(_)) {
            return None;
        }
    }
    match words.get(next) {
        Word::Early | Word::Earlier | Word::Later | Word::Mark(_) => None,
        _ => phrase(words, next)
            .filter(|found| matches!(found.kind, TimexType::Date | TimexType::Time))
            .map(|found| found.from(at)),
    }
}

/// A unit without determiner: `year-end`, `year's end`, `decades`, `years ago`.
fn bare_unit(words: &Words, at: usize) -> Option<Phrase> {
    match words.get(at) {
        Word::Plural(Unit::Second | Unit::Quarter) => None,
        // `60 Minutes`
        Word::Plural(_) if at > 0 && words.kind(at) == Some(TokenKind::Capital) => None,
        Word::Plural(unit) => measured(words, at, Amount::Vague, unit, at + 1),
        Word::Single(unit) => {
            let next =
                words.hyphened(at + 1).unwrap_or(at + 1 + usize::from(words.get(at + 1) == Word::Possessive));
            match words.get(next) {
                Word::EdgeOf if matches!(unit, Unit::Year | Unit::Month) && words.raw(next) == "end" => {
                    Some(Phrase::date(at, next + 1, Meaning::Shifted(unit, 0, Anchor::Published)))
                }
                Word::Ago | Word::Earlier if next > at + 1 => year_ago(words, at, unit, next + 1),
                _ if words.raw(next) == "long" && next > at + 1 => {
                    Some(Phrase::duration(at, next + 1, Amount::Exact(1.0), unit))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// `Christmas Day`, `by Christmas`, `last Easter`.
fn holiday(words: &Words, at: usize, lean: Lean) -> Option<Phrase> {
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
