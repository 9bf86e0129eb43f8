//! Times of day: `10 p.m. EST Monday`, `12:00 UTC`, `noon`.

use super::calendar::day_led;
use super::grammar::simple;
use super::phrase::{Meaning, Part, Phrase, TimeOfDay};
use super::words::{Unit, Word, Words};
use crate::findings::TimexType;

/// `10 p.m. EST Monday`, `12:00 UTC`, `noon Thursday`, `at 8:30`.
pub(super) fn clock_led(words: &Words, at: usize) -> Option<Phrase> {
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
            _ => simple(words, day),
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
