//! Holidays that newspapers date things by, and the day they fall on.

use super::words::Words;
use crate::article::Day;
use jiff::civil::Weekday;
use std::sync::LazyLock;

/// How the day of a holiday follows from the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holiday {
    Fixed {
        month: i8,
        day: i8,
    },
    /// So many days after Easter Sunday.
    Easter {
        after: i16,
    },
    /// The `nth` weekday of the month, -1 for the last, and so many days after it.
    Nth {
        month: i8,
        nth: i8,
        weekday: i8,
        after: i16,
    },
}

static HOLIDAYS: LazyLock<Vec<(Vec<&'static str>, Holiday)>> = LazyLock::new(|| {
    include_str!("../tables/holidays.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (name, rule) = line.split_once('\t')?;
            Some((name.split(' ').collect(), read(rule)))
        })
        .collect()
});

fn read(rule: &str) -> Holiday {
    let mut numbers =
        rule.split(' ').skip(1).map(|number| number.parse::<i16>().expect("rules are made of numbers"));
    let mut next = || numbers.next().expect("rules are complete");
    match rule.split(' ').next() {
        Some("easter") => Holiday::Easter { after: next() },
        Some("nth") => {
            Holiday::Nth { month: next() as i8, nth: next() as i8, weekday: next() as i8, after: next() }
        }
        _ => Holiday::Fixed { month: next() as i8, day: next() as i8 },
    }
}

/// The longest holiday name that begins at `at`, where it ends, and whether it is of one word.
pub(super) fn holiday(words: &Words, at: usize) -> Option<(Holiday, usize, bool)> {
    let same = |part: &str, at: usize| {
        let raw = words.raw(at);
        raw.eq_ignore_ascii_case(part) || part.starts_with('\'') && (raw == "’s" || raw == "’" || raw == "'")
    };
    HOLIDAYS
        .iter()
        .filter(|(name, _)| name.iter().enumerate().all(|(n, part)| same(part, at + n)))
        .max_by_key(|(name, _)| name.len())
        .map(|(name, holiday)| (*holiday, at + name.len(), name.len() == 1))
}

/// The day of the holiday in that year.
pub(super) fn day(holiday: Holiday, year: i32) -> Option<Day> {
    let year = i16::try_from(year).ok()?;
    match holiday {
        Holiday::Fixed { month, day } => Day::new(year, month, day).ok(),
        Holiday::Easter { after } => plus(easter(year)?, after),
        Holiday::Nth { month, nth, weekday, after } => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            plus(Day::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?, after)
        }
    }
}

fn plus(day: Day, days: i16) -> Option<Day> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Easter Sunday, after Gauss as the "anonymous Gregorian algorithm" has it (Meeus, Astronomical Algorithms, 1991).
fn easter(year: i16) -> Option<Day> {
    let year = i32::from(year);
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    Day::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}
