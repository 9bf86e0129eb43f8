//! What a time phrase says, before it is laid on a calendar.

use super::holidays::Holiday;
use super::values::{self, Amount};
use super::words::Unit;
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
    /// The date last mentioned: `that year`.
    Story,
    /// The day the story is telling of: `the next day`, `two days later`.
    Telling,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TimeOfDay {
    /// `MO`, `AF`, `EV`, `NI`.
    Part(&'static str),
    /// Minutes from midnight, and whether it is universal time.
    Clock(u16, bool),
}

impl Phrase {
    pub(super) fn new(first: usize, end: usize, kind: TimexType, meaning: Meaning) -> Phrase {
        Phrase { first, end, kind, meaning, time: None }
    }

    pub(super) fn date(first: usize, end: usize, meaning: Meaning) -> Phrase {
        Phrase::new(first, end, TimexType::Date, meaning)
    }

    pub(super) fn duration(first: usize, end: usize, amount: Amount, unit: Unit) -> Phrase {
        Phrase::new(first, end, TimexType::Duration, Meaning::Fixed(values::duration(amount, unit)))
    }

    pub(super) fn set(first: usize, end: usize, value: String) -> Phrase {
        Phrase::new(first, end, TimexType::Set, Meaning::Fixed(value))
    }

    /// `PRESENT_REF`, `PAST_REF`, `FUTURE_REF`.
    pub(super) fn reference(first: usize, end: usize, value: &str) -> Phrase {
        Phrase::date(first, end, Meaning::Fixed(value.to_owned()))
    }

    pub(super) fn at(self, time: TimeOfDay, end: usize) -> Phrase {
        Phrase { end, kind: TimexType::Time, time: Some(time), ..self }
    }

    pub(super) fn from(self, first: usize) -> Phrase {
        Phrase { first, ..self }
    }
}
