//! Units with a determiner: `last week`, `the past three months`, `this morning`, `that year`, `year-end`.

use super::amounts::{amount_of, measured, stands_alone};
use super::calendar::{holiday, month_led, weekday_led, with_part};
use super::periods::{
    fiscal, part_of_year, period_of_year, reported_period, season_led, weekday_of_month, year_ago,
};
use super::phrase::{Anchor, Lean, Meaning, Part, Phrase, TimeOfDay, Year};
use super::values::Amount;
use super::words::{Unit, Word, Words};
use super::years::{decade_led, stated_year, year_after};
use crate::extract::tokens::TokenKind;
use crate::findings::TimexType;

/// `last week`, `the past three months`, `this morning`, `the third quarter`, `that year`, `a year earlier`.
pub(super) fn noun_phrase(words: &Words, first: usize) -> Option<Phrase> {
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
        return if shift == Edge {
            measured(words, first, amount, unit, end)
        } else {
            Some(Phrase::duration(first, end, amount, unit))
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
        Weekday(weekday) if shift == Last && words.get(at + 1) == Of => {
            weekday_of_month(words, first, -1, weekday, at)
        }
        Weekday(_) if leaning => weekday_led(words, at, lean).map(|found| found.from(first)),
        Month(_) | MonthShort(_) if leaning => month_led(words, at, lean).map(|found| found.from(first)),
        Holiday if leaning => holiday(words, at, lean).map(|found| found.from(first)),
        Season(_) => season_led(words, first, at, lean, determiner != Edge),
        Decade(_) if determiner == The => decade_led(words, first, at),
        Ordinal(_) | QuarterNumber(_) | HalfNumber(_) => {
            part_of_year(words, if determiner == A { at } else { first }, at)
        }
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
            Some(Phrase::reference(first, at + 1, "FUTURE_REF"))
        }
        _ if shift == Past && determiner == The && ends_noun(words, at) => {
            Some(Phrase::reference(first, at, "PAST_REF"))
        }
        _ if shift == Recent => Some(Phrase::reference(first, at, "PAST_REF")),
        _ if shift == Current && determiner == Edge => Some(Phrase::reference(first, at, "PRESENT_REF")),
        _ => None,
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
                return Some(Phrase::date(first, end + 1, Meaning::Shifted(unit, by, Anchor::Telling)));
            }
            Before | After => return None,
            Previous => {
                return Some(Phrase::date(first, end + 1, Meaning::Shifted(unit, -1, Anchor::Telling)));
            }
            _ => {}
        }
    }
    let of_year = year_after(words, end);
    if let (Same | Edge, Unit::Quarter | Unit::Month, Some((Year::Shifted(by) | Year::Story(by), end))) =
        (shift, unit, of_year)
    {
        return Some(Phrase::date(first, end, Meaning::Reported(by, unit)));
    }
    // `year-on-year`, `the week ended Nov. 10`
    if words.hyphened(end).is_some_and(|next| matches!(words.raw(next), "on" | "over" | "to")) {
        return None;
    }
    let to_a_day = determiner == The && shift == Edge && matches!(words.raw(end), "ended" | "ending" | "to");
    if to_a_day && unit != Unit::Quarter {
        return Some(Phrase::duration(first, end, Amount::Exact(1.0), unit));
    }
    let (by, anchor) = match (determiner, shift) {
        (_, Last | Past)
            if matches!(unit, Unit::Decade | Unit::Century | Unit::Hour | Unit::Minute | Unit::Day) =>
        {
            return Some(Phrase::duration(first, end, Amount::Exact(1.0), unit));
        }
        (_, Last | Past) => (-1, Anchor::Published),
        (_, Previous) => (-1, Anchor::Telling),
        (The, Next) if unit == Unit::Day => (1, Anchor::Telling),
        (_, Next | Coming) => (1, Anchor::Published),
        (_, Following) => (1, Anchor::Telling),
        (_, Same) => (0, Anchor::Story),
        (_, Latest) if unit == Unit::Quarter => {
            return Some(Phrase::date(first, end, Meaning::Reported(0, unit)));
        }
        (_, Current | Latest) | (This, Edge) => (0, Anchor::Published),
        (That, Edge) => (0, Anchor::Story),
        (The, Edge) => match unit {
            // `the day of the vote`, `the day the vote was held`
            Unit::Day if names_its_day(words, end) => return None,
            Unit::Day => (0, Anchor::Telling),
            // `the week of the vote`, `the week of March 3`
            _ if words.get(end) == Of && unit != Unit::Quarter => return None,
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
                if matches!(words.get(end), Number | Digits(..)) {
                    return None;
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
            let year = if anchor == Anchor::Published { Year::Shifted(by) } else { Year::Story(by) };
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

/// Whether the words at `at` say which day `the day` is: `of the vote`, `when it rained`, `he was born`.
fn names_its_day(words: &Words, at: usize) -> bool {
    words.get(at) == Word::Of
        || matches!(
            words.raw(at),
            "when" | "that" | "he" | "she" | "they" | "it" | "we" | "I" | "after" | "before"
        )
        || words.get(at) == Word::Other && words.kind(at) == Some(TokenKind::Capital)
}

/// Units without a number: `recent years`, `these days`, `the next weeks`.
fn units(first: usize, determiner: Word, shift: Word, unit: Unit, end: usize) -> Option<Phrase> {
    match (determiner, shift) {
        (Word::These, Word::Edge) => Some(Phrase::reference(first, end, "PRESENT_REF")),
        (Word::Those, Word::Edge) => Some(Phrase::reference(first, end, "PAST_REF")),
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
    // `the night of March 3` is as good a date as its day.
    if words.get(end) == Word::Of {
        return None;
    }
    let (by, anchor) = match (determiner, shift) {
        (This, Word::Edge) => (0, Anchor::Published),
        (_, Word::Last) => (-1, Anchor::Published),
        (That, Word::Edge) | (_, Word::Same) => (0, Anchor::Story),
        (The, Word::Next | Word::Following) => (1, Anchor::Telling),
        (The, Word::Previous) => (-1, Anchor::Telling),
        (The, Word::Edge) if matches!(words.before(first), Word::In | Word::Preposition) => {
            (0, Anchor::Story)
        }
        _ => return None,
    };
    use Word::{That, The, This};
    Some(Phrase::date(first, end, Meaning::Shifted(Unit::Day, by, anchor)).at(TimeOfDay::Part(part), end))
}

/// A unit without determiner: `year-end`, `year's end`, `decades`, `years ago`.
pub(super) fn bare_unit(words: &Words, at: usize) -> Option<Phrase> {
    match words.get(at) {
        Word::Plural(Unit::Second | Unit::Quarter) => None,
        // `60 Minutes`
        Word::Plural(_) if at > 0 && words.kind(at) == Some(TokenKind::Capital) => None,
        // `released minutes of the meeting`, `work long hours`
        Word::Plural(Unit::Minute | Unit::Hour)
            if !matches!(words.before(at), Word::In | Word::Preposition | Word::After)
                && !matches!(words.raw(at.wrapping_sub(1)), "just" | "only" | "within")
                && !matches!(
                    words.get(at + 1),
                    Word::Ago | Word::Before | Word::After | Word::Later | Word::Earlier
                ) =>
        {
            None
        }
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

/// Whether no noun follows that the words before `at` could modify.
fn ends_noun(words: &Words, at: usize) -> bool {
    use Word::*;
    match words.get(at) {
        Mark(mark) => !matches!(mark, b'-' | b'"' | b'`' | b'$'),
        Edge | The | And | Or | In | To | Preposition | Ahead | Back | Be => true,
        Other => matches!(words.raw(at), "he" | "she" | "it" | "they" | "we" | "I" | "who" | "there"),
        _ => false,
    }
}
