//! The table of words with a meaning in time: what each can do.

use super::words::{Unit, Word};
use std::sync::LazyLock;

/// The meanings of `tables/time_words.tsv`, one after the other; the first is that of every other word.
pub(super) static MEANINGS: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let meanings = rows().map(|(_, class, value)| meaning(class, value));
    std::iter::once(Word::Other).chain(meanings).collect()
});

/// The words of the table, each with the number of its meaning.
pub(in crate::extract) fn time_words() -> impl Iterator<Item = (&'static str, u16)> {
    rows().map(|(word, ..)| word).zip(1..)
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("../tables/time_words.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

fn meaning(class: &str, value: &'static str) -> Word {
    fn number<T: std::str::FromStr>(value: &str) -> T {
        value.parse().ok().expect("numeric classes of the table have numbers")
    }
    match class {
        "month" => Word::Month(number(value)),
        "month-short" => Word::MonthShort(number(value)),
        "weekday" => Word::Weekday(number(value)),
        "weekdays" => Word::Weekdays(number(value)),
        "weekday-short" => Word::WeekdayShort(number(value)),
        "unit" => Word::Single(unit(value)),
        "units" => Word::Plural(unit(value)),
        "count" => Word::Count(number(value)),
        "ordinal" => Word::Ordinal(number(value)),
        "decade" => Word::Decade(number::<u16>(value) * 10),
        "season" => Word::Season(value),
        "seasons" => Word::Seasons(value),
        "part" => Word::DayPart(value),
        "hour" => Word::Hour(value),
        "meridiem" => Word::Meridiem { afternoon: value == "pm" },
        "zone" => Word::Zone { universal: value == "UTC" },
        "day" => Word::Day(number(value)),
        "tonight" => Word::Tonight,
        "last" => Word::Last,
        "past" => Word::Past,
        "previous" => Word::Previous,
        "next" => Word::Next,
        "coming" => Word::Coming,
        "following" => Word::Following,
        "same" => Word::Same,
        "current" => Word::Current,
        "latest" => Word::Latest,
        "recent" => Word::Recent,
        "whole" => Word::Whole,
        "the" => Word::The,
        "a" => Word::A,
        "this" => Word::This,
        "that" => Word::That,
        "these" => Word::These,
        "those" => Word::Those,
        "its" => Word::Its,
        "each" => Word::Each,
        "per" => Word::Per,
        "ago" => Word::Ago,
        "earlier" => Word::Earlier,
        "later" => Word::Later,
        "hence" => Word::Hence,
        "before" => Word::Before,
        "after" => Word::After,
        "from" => Word::From,
        "of" => Word::Of,
        "in" => Word::In,
        "to" => Word::To,
        "and" => Word::And,
        "or" => Word::Or,
        "between" => Word::Between,
        "preposition" => Word::Preposition,
        "early" => Word::Early,
        "edge" => Word::EdgeOf,
        "several" => Word::Several,
        "half" => Word::Half,
        "filler" => Word::Filler,
        "fiscal" => Word::Fiscal,
        "period" => Word::Period,
        "quarter-number" => Word::QuarterNumber(number(value)),
        "half-number" => Word::HalfNumber(number(value)),
        "reference" => Word::Reference(value),
        "future-noun" => Word::FutureNoun,
        "set" => Word::Set(value),
        "times" => Word::Times,
        "approximately" => Word::Approximately,
        "holiday" => Word::Holiday,
        "old" => Word::Old,
        "ahead" => Word::Ahead,
        "intent" => Word::Intent,
        "back" => Word::Back,
        "be" => Word::Be,
        _ => unreachable!("class `{class}` of the table has no meaning"),
    }
}

fn unit(value: &str) -> Unit {
    match value {
        "TS" => Unit::Second,
        "TM" => Unit::Minute,
        "TH" => Unit::Hour,
        "D" => Unit::Day,
        "WE" => Unit::Weekend,
        "W" => Unit::Week,
        "FN" => Unit::Fortnight,
        "M" => Unit::Month,
        "Q" => Unit::Quarter,
        "Y" => Unit::Year,
        "DE" => Unit::Decade,
        _ => Unit::Century,
    }
}
