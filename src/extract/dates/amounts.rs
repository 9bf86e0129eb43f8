//! Amounts of time, and dates so far from another: `five years`, `two weeks ago`, `a day later`.

use super::phrase::{Anchor, Meaning, Phrase};
use super::values::Amount;
use super::words::{Unit, Word, Words};

/// `five years`, `five years ago`, `five-year`.
pub(super) fn counted(words: &Words, at: usize) -> Option<Phrase> {
    let (amount, unit, end) = amount_of(words, at)?;
    measured(words, at, amount, unit, end)
}

/// An amount of time that ends at `end`, with what follows it: `ago`, `earlier`, `from now`.
pub(super) fn measured(
    words: &Words,
    first: usize,
    amount: Amount,
    unit: Unit,
    end: usize,
) -> Option<Phrase> {
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
            Amount::Vague if anchor == Anchor::Telling => {
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
        Word::Earlier => shift(-1, Anchor::Telling, next + 1),
        Word::Later => shift(1, Anchor::Telling, next + 1),
        Word::Hence => shift(1, Anchor::Published, next + 1),
        Word::From if words.raw(next + 1) == "now" => shift(1, Anchor::Published, next + 2),
        Word::Before | Word::After => {
            if !stands_alone(words, next + 1) {
                return Some(Phrase::duration(first, end, amount, unit));
            }
            shift(if word == Word::Before { -1 } else { 1 }, Anchor::Telling, next + 1)
        }
        _ => Phrase::duration(first, end, amount, unit),
    })
}

/// An amount with its unit: `five-year`, `five straight trading days`, `a couple of years`.
pub(super) fn amount_of(words: &Words, at: usize) -> Option<(Amount, Unit, usize)> {
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
    if words.get(end) == Word::Digits(1, 1)
        && words.is(end + 1, b'/')
        && words.get(end + 2) == Word::Digits(2, 1)
    {
        return Some((Amount::Exact(number + 0.5), end + 3));
    }
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

/// Whether nothing that `before` or `after` could govern follows.
pub(super) fn stands_alone(words: &Words, at: usize) -> bool {
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
