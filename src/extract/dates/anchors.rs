//! Lays time phrases on the calendar: from the day of publication, or from the date the story last named.

use super::holidays;
use super::phrase::{Anchor, Lean, Meaning, Part, Phrase, TimeOfDay, Year};
use super::tense::{self, Direction};
use super::values;
use super::words::{Unit, Words};
use crate::article::Day;
use crate::findings::TimexType;

/// What the story has said so far about when.
pub(super) struct Story {
    published: Option<Day>,
    /// The day, month, quarter or year last named.
    named: Option<Named>,
    /// The day last named, and the sentence that named it.
    day: Option<(Day, usize)>,
    /// The number of the sentence being read.
    sentence: usize,
    /// The year the sentence is headed by: `1988 - On January 4 the dollar fell`.
    heading: Option<i32>,
    /// The quarter the story's figures are for.
    quarter: Option<(i32, u8)>,
    /// The year the story last stated with each month, December first, and the sentence it stood in.
    years: [Option<(i32, usize)>; 12],
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Day(Day),
    Week(Day),
    Weekend(Day),
    Month(i32, u8),
    Quarter(i32, u8),
    Half(i32, u8),
    Season(i32, &'static str),
    Year(i32),
    Decade(i32),
    Century(i32),
}

impl Story {
    pub(super) fn new(published: Option<Day>) -> Story {
        Story {
            published,
            named: None,
            day: None,
            sentence: 0,
            heading: None,
            quarter: None,
            years: [None; 12],
        }
    }

    /// Goes to the sentence of that number.
    pub(super) fn begin_sentence(&mut self, number: usize) {
        self.sentence = number;
        self.heading = None;
    }

    /// The phrase's type and value; `None` where the calendar has no such day.
    pub(super) fn value(&mut self, words: &Words, phrase: &Phrase) -> Option<(TimexType, String)> {
        let direction = || tense::direction(words, phrase.first, phrase.end);
        let (named, unnamed) = match &phrase.meaning {
            Meaning::Fixed(value) => return Some((phrase.kind, value.clone())),
            &Meaning::Calendar(year, part) => {
                let named = match self.year(year, part, direction) {
                    Some(year) => Some(self.in_year(year, part)?),
                    None => None,
                };
                (named, unanchored_part(part))
            }
            &Meaning::Weekday(weekday, lean) => (
                self.published
                    .and_then(|from| nearest_weekday(from, weekday, lean, direction))
                    .map(Named::Day),
                values::any_weekday(weekday),
            ),
            &Meaning::Shifted(unit, by, anchor) => match unit {
                Unit::Second | Unit::Minute | Unit::Hour => {
                    let value = if by < 0 { "PAST_REF" } else { "FUTURE_REF" };
                    return Some((phrase.kind, value.to_owned()));
                }
                _ => (self.shifted(unit, by, anchor), unanchored(unit)),
            },
            &Meaning::Reported(by, unit) => (self.reported(by, unit), "XXXX".to_owned()),
            Meaning::SomeDay => {
                let day = self.day.filter(|&(_, sentence)| sentence == self.sentence).map(|(day, _)| day);
                (day.or(self.published).map(Named::Day), "XXXX-XX-XX".to_owned())
            }
        };
        // ISO 8601 has years of four figures.
        let named = named.filter(|&named| (0..=9999).contains(&first_year(named)));
        if let Some(named) = named {
            self.remember(named);
            if let Meaning::Calendar(Year::Stated(year), Part::Month(month) | Part::Day(month, _)) =
                phrase.meaning
            {
                self.years[usize::from(month) % 12] = Some((year, self.sentence));
            }
            if let (Named::Year(year), 0, true) = (named, phrase.first, words.is(phrase.end, b'-')) {
                self.heading = Some(year);
            }
            if let (Named::Quarter(year, quarter), Meaning::Calendar(Year::Open(_), _)) =
                (named, &phrase.meaning)
            {
                self.report(year, quarter);
            }
        }
        let value = named.map_or(unnamed, value);
        Some((phrase.kind, phrase.time.map_or(value.clone(), |time| with_time(&value, time))))
    }

    fn remember(&mut self, named: Named) {
        self.named = Some(named);

        if let Named::Day(day) = named {
            self.day = Some((day, self.sentence));
        }
    }

    /// Figures are for a quarter that is over, where the story names one.
    fn report(&mut self, year: i32, quarter: u8) {
        let over = stretch(Part::Quarter(quarter), year)
            .zip(self.published)
            .is_some_and(|((_, end), published)| end < published);
        if over || self.quarter.is_none() {
            self.quarter = Some((year, quarter));
        }
    }

    fn year(&self, year: Year, part: Part, direction: impl Fn() -> Direction) -> Option<i32> {
        match year {
            Year::Stated(year) => Some(year),
            Year::Shifted(by) => Some(i32::from(self.published?.year()) + by),
            Year::Story(by) => {
                Some(self.named.map(first_year).or(self.published.map(|day| i32::from(day.year())))? + by)
            }
            Year::Open(Lean::Open) if self.heading.is_some() => self.heading,
            Year::Open(lean) => {
                let published = self.published?;
                let year = open_year(published, part, lean, direction)?;
                // `In April 2019 they met. On April 24 …`
                let stated = match part {
                    Part::Day(month, _) if lean == Lean::Open && !is_near(published, part, year) => {
                        self.years[usize::from(month) % 12]
                    }
                    _ => None,
                };
                let just_now = stated.filter(|(_, sentence)| sentence + 2 >= self.sentence);
                Some(just_now.map_or(year, |(year, _)| year))
            }
        }
    }

    fn in_year(&self, year: i32, part: Part) -> Option<Named> {
        Some(match part {
            Part::Whole => Named::Year(year),
            Part::Month(month) => Named::Month(year, month),
            Part::Day(month, day) => Named::Day(calendar_day(year, month, day)?),
            Part::Quarter(0) => match self.quarter {
                Some((_, quarter)) => Named::Quarter(year, quarter),
                None => Named::Year(year),
            },
            Part::Quarter(quarter) => Named::Quarter(year, quarter),
            Part::Half(half) => Named::Half(year, half),
            Part::Season(season) => Named::Season(year, season),
            Part::Holiday(holiday) => Named::Day(holidays::day(holiday, year)?),
        })
    }

    /// The day the story is telling of: the day last named, if that was just now or in the week of publication.
    fn telling(&self) -> Option<Day> {
        let Some(published) = self.published else { return self.day.map(|(day, _)| day) };
        let told = self.day.filter(|&(day, sentence)| {
            let lately = day <= published && plus_days(day, 7).is_some_and(|after| after >= published);
            lately || sentence + 1 >= self.sentence
        });
        Some(told.map_or(published, |(day, _)| day))
    }

    fn shifted(&self, unit: Unit, by: i32, anchor: Anchor) -> Option<Named> {
        let base = match anchor {
            Anchor::Published => Named::Day(self.published?),
            Anchor::Telling if matches!(unit, Unit::Day | Unit::Week) => Named::Day(self.telling()?),
            Anchor::Story | Anchor::Telling => match unit {
                Unit::Day | Unit::Week => Named::Day(self.day.map(|(day, _)| day).or(self.published)?),
                Unit::Weekend => Named::Day(self.published?),
                _ => self.named.or(self.published.map(Named::Day))?,
            },
        };
        let day = first_day(base)?;
        let year = i32::from(day.year());
        Some(match unit {
            Unit::Day => Named::Day(plus_days(day, by)?),
            Unit::Week | Unit::Fortnight => Named::Week(plus_days(day, by.checked_mul(7)?)?),
            Unit::Weekend => {
                // `the weekend` of a weekday's paper is the one gone by.
                let gone = anchor == Anchor::Story && day.weekday().to_monday_one_offset() < 6;
                Named::Weekend(plus_days(day, by.checked_mul(7)? - if gone { 7 } else { 0 })?)
            }
            Unit::Month => {
                let months = year * 12 + i32::from(day.month()) - 1 + by;
                Named::Month(months.div_euclid(12), (months.rem_euclid(12) + 1) as u8)
            }
            Unit::Quarter => {
                let quarters = year * 4 + (i32::from(day.month()) - 1) / 3 + by;
                Named::Quarter(quarters.div_euclid(4), (quarters.rem_euclid(4) + 1) as u8)
            }
            Unit::Year => Named::Year(year + by),
            Unit::Decade => Named::Decade(year + by.checked_mul(10)?),
            Unit::Century => Named::Century(year + by.checked_mul(100)?),
            Unit::Second | Unit::Minute | Unit::Hour => return None,
        })
    }

    /// The period the figures are for, `by` years from it.
    fn reported(&self, by: i32, unit: Unit) -> Option<Named> {
        if let Some((year, quarter)) = self.quarter {
            return Some(Named::Quarter(year + by, quarter));
        }
        match (unit, self.named) {
            (Unit::Month | Unit::Quarter, Some(Named::Month(year, month))) => {
                Some(Named::Month(year + by, month))
            }
            (Unit::Quarter, _) => match self.shifted(Unit::Quarter, -1, Anchor::Published)? {
                Named::Quarter(year, quarter) => Some(Named::Quarter(year + by, quarter)),
                other => Some(other),
            },
            (Unit::Month, _) => self.shifted(Unit::Month, by.checked_mul(12)?, Anchor::Published),
            _ => self.shifted(Unit::Year, by, Anchor::Published),
        }
    }
}

fn plus_days(day: Day, days: i32) -> Option<Day> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The day, where the calendar has it.
fn calendar_day(year: i32, month: u8, day: u8) -> Option<Day> {
    Day::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

fn first_year(named: Named) -> i32 {
    match named {
        Named::Day(day) | Named::Week(day) | Named::Weekend(day) => day.year().into(),
        Named::Month(year, _)
        | Named::Quarter(year, _)
        | Named::Half(year, _)
        | Named::Season(year, _)
        | Named::Year(year)
        | Named::Decade(year)
        | Named::Century(year) => year,
    }
}

fn first_day(named: Named) -> Option<Day> {
    match named {
        Named::Day(day) | Named::Week(day) | Named::Weekend(day) => Some(day),
        Named::Month(year, month) => calendar_day(year, month, 1),
        Named::Quarter(year, quarter) => calendar_day(year, quarter * 3 - 2, 1),
        Named::Half(year, half) => calendar_day(year, half * 6 - 5, 1),
        Named::Season(year, season) => calendar_day(year, first_month(season), 1),
        Named::Year(year) | Named::Decade(year) | Named::Century(year) => calendar_day(year, 1, 1),
    }
}

/// The month a season begins in, in the north.
fn first_month(season: &str) -> u8 {
    match season {
        "SP" => 3,
        "SU" => 6,
        "FA" => 9,
        _ => 12,
    }
}

fn value(named: Named) -> String {
    match named {
        Named::Day(day) => day.to_string(),
        Named::Week(day) => values::week(day),
        Named::Weekend(day) => format!("{}-WE", values::week(day)),
        Named::Month(year, month) => values::month(year, month),
        Named::Quarter(year, quarter) => values::quarter(year, quarter),
        Named::Half(year, half) => format!("{year:04}-H{half}"),
        Named::Season(year, season) => format!("{year:04}-{season}"),
        Named::Year(year) => values::year(year),
        Named::Decade(year) => values::decade(year),
        Named::Century(year) => values::century(year.div_euclid(100)),
    }
}

/// TimeML writes `X` for what is not known.
fn unanchored_part(part: Part) -> String {
    match part {
        Part::Whole => "XXXX".to_owned(),
        Part::Month(month) => format!("XXXX-{month:02}"),
        Part::Day(month, day) => format!("XXXX-{month:02}-{day:02}"),
        Part::Quarter(0) => "XXXX-QX".to_owned(),
        Part::Quarter(quarter) => format!("XXXX-Q{quarter}"),
        Part::Half(half) => format!("XXXX-H{half}"),
        Part::Season(season) => format!("XXXX-{season}"),
        Part::Holiday(_) => "XXXX-XX-XX".to_owned(),
    }
}

fn unanchored(unit: Unit) -> String {
    match unit {
        Unit::Week | Unit::Fortnight => "XXXX-WXX",
        Unit::Weekend => "XXXX-WXX-WE",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Year => "XXXX",
        Unit::Decade => "XXX",
        Unit::Century => "XX",
        Unit::Day | Unit::Second | Unit::Minute | Unit::Hour => "XXXX-XX-XX",
    }
    .to_owned()
}

fn with_time(day: &str, time: TimeOfDay) -> String {
    match time {
        TimeOfDay::Part(part) => format!("{day}T{part}"),
        TimeOfDay::Clock(minutes, universal) => {
            format!("{day}T{:02}:{:02}{}", minutes / 60, minutes % 60, if universal { "Z" } else { "" })
        }
    }
}

fn nearest_weekday(from: Day, weekday: i8, lean: Lean, direction: impl Fn() -> Direction) -> Option<Day> {
    let back = i32::from(from.weekday().to_monday_one_offset() - weekday).rem_euclid(7);
    let ahead = (7 - back) % 7;
    let days = match lean {
        Lean::Last => -if back == 0 { 7 } else { back },
        Lean::Next => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        Lean::This => ahead,
        Lean::Open => match direction() {
            Direction::Ahead => ahead,
            Direction::Back | Direction::Unknown => -back,
        },
    };
    plus_days(from, days)
}

/// The year of a month, day, quarter or season that is named without one.
fn open_year(from: Day, part: Part, lean: Lean, direction: impl Fn() -> Direction) -> Option<i32> {
    let this_year = i32::from(from.year());
    // Wide enough for the 29th of February.
    let years = this_year - 8..=this_year + 8;
    let last = |before: &dyn Fn(Day, Day) -> bool| {
        years.clone().rev().find(|&year| stretch(part, year).is_some_and(|(first, end)| before(first, end)))
    };
    let next = |after: &dyn Fn(Day, Day) -> bool| {
        years.clone().find(|&year| stretch(part, year).is_some_and(|(first, end)| after(first, end)))
    };
    let begun = || last(&|first, _| first <= from);
    let not_over = || next(&|_, end| end >= from);
    match lean {
        Lean::Last => last(&|_, end| end < from),
        Lean::Next => next(&|first, _| first > from),
        Lean::This => Some(this_year),
        Lean::Open => {
            let nearest = nearest(from, part, begun(), not_over());
            let told = match direction() {
                Direction::Back => begun(),
                Direction::Ahead => not_over(),
                Direction::Unknown => None,
            };
            // A date so near is meant whatever the tense of the verb that was taken to govern it; and a quarter is
            // still spoken of as ahead in the weeks between its end and its report.
            let near = || nearest.is_some_and(|year| is_near(from, part, year));
            match part {
                Part::Quarter(_) if direction() != Direction::Back => nearest,
                _ if told.is_none() || near() => nearest,
                _ => told,
            }
        }
    }
}

fn nearest(from: Day, part: Part, back: Option<i32>, ahead: Option<i32>) -> Option<i32> {
    let far = |year: Option<i32>| year.and_then(|year| distance(from, part, year)).unwrap_or(i32::MAX);
    if far(ahead) < far(back) { ahead } else { back }
}

/// Whether the part of that year lies within two months of `from`; a month within six weeks.
fn is_near(from: Day, part: Part, year: i32) -> bool {
    let near = if matches!(part, Part::Month(_)) { 45 } else { 60 };
    distance(from, part, year).is_some_and(|days| days < near)
}

/// Days between `from` and the part in that year, 0 within it.
fn distance(from: Day, part: Part, year: i32) -> Option<i32> {
    let (first, last) = stretch(part, year)?;
    let end = if from < first { first } else { from.min(last) };
    Some(end.since(from).ok()?.get_days().abs())
}

/// The first and the last day of the part of the year.
fn stretch(part: Part, year: i32) -> Option<(Day, Day)> {
    let months = |first: u8, count: i32| {
        let last = i32::from(first) - 1 + count;
        let after = calendar_day(year + last / 12, (last % 12) as u8 + 1, 1)?;
        Some((calendar_day(year, first, 1)?, plus_days(after, -1)?))
    };
    match part {
        Part::Whole => months(1, 12),
        Part::Month(month) => months(month, 1),
        Part::Quarter(quarter) => months(quarter.max(1) * 3 - 2, 3),
        Part::Half(half) => months(half * 6 - 5, 6),
        Part::Season(season) => months(first_month(season), 3),
        Part::Day(month, day) => calendar_day(year, month, day).map(|day| (day, day)),
        Part::Holiday(holiday) => holidays::day(holiday, year).map(|day| (day, day)),
    }
}
