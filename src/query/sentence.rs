//! A query of plain words taken apart: its words, the clauses that stand as they are, the days it names.

use super::intent::Known;
use super::parse::parse;
use super::tokens::{Token, What, tokens};
use super::{Query, dates};
use crate::article::Day;
use crate::terms;
use std::collections::BTreeSet;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A query of plain words, with the clauses that stand as they are.
pub(super) struct Sentence {
    /// Folded.
    pub words: Vec<String>,
    /// Those of the words that were typed with a capital, where others were not.
    pub capitals: BTreeSet<String>,
    pub filters: Vec<Query>,
    pub days: Option<dates::Days>,
}

impl Sentence {
    /// `None` where operators or parentheses say that the query is meant as typed.
    pub(super) fn of<E>(typed: &str, known: &mut Known<E>) -> Result<Option<Sentence>, E> {
        let Ok(tokens) = tokens(typed) else { return Ok(None) };
        let mut sentence =
            Sentence { words: Vec::new(), capitals: BTreeSet::new(), filters: Vec::new(), days: None };
        if !tokens.iter().any(|token| matches!(&token.what, What::Word(_))) {
            return Ok(None);
        }
        let mut rest: &[Token] = &tokens;
        while let [token, after @ ..] = rest {
            rest = after;
            let mut end = token.at.end;
            match &token.what {
                What::Word(word) if word.contains(['*', '~']) => return Ok(None),
                What::Word(word) => {
                    let words = terms::words(word);
                    if word.starts_with(char::is_uppercase) && typed.chars().any(char::is_lowercase) {
                        sentence.capitals.extend(words.iter().cloned());
                    }
                    sentence.words.extend(words);
                    continue;
                }
                What::Quoted { text, slop: None } => {
                    let words = terms::words(text);
                    if !words.is_empty() && !known(&words, &[])?.is_empty() {
                        sentence.words.extend(words);
                        continue;
                    }
                }
                What::Quoted { .. } => {}
                What::Field(_) | What::Minus | What::Not => {
                    // with the value or the word that it is about
                    while let [next, after @ ..] = rest {
                        rest = after;
                        end = next.at.end;
                        match next.what {
                            What::Word(_) | What::Quoted { .. } => break,
                            What::Field(_) | What::Minus => {}
                            _ => return Ok(None),
                        }
                    }
                }
                _ => return Ok(None),
            }
            match typed.get(token.at.start..end).map(parse) {
                Some(Ok(filter)) => sentence.filters.push(filter),
                _ => return Ok(None),
            }
        }
        Ok(Some(sentence))
    }

    /// Takes `since 2023`, `in September 2023`, `between 2010 and 2012` out of the words.
    pub(super) fn take_days(&mut self) {
        for at in 0..self.words.len() {
            let last = at + 1 == self.words.len() || at + 2 == self.words.len();
            let bare =
                || period_at(&self.words[at..]).filter(|(_, length)| last && at + length == self.words.len());
            let bare = || bare().map(|((first, last), length)| ((Some(first), Some(last)), length));
            let Some((days, length)) = days_at(&self.words[at..]).or_else(bare) else { continue };
            self.words.drain(at..at + length);
            self.days = Some(days);
            return;
        }
    }
}

/// The days that the words begin by naming, and how many words that takes.
fn days_at(words: &[String]) -> Option<(dates::Days, usize)> {
    let preposition = words.first()?.as_str();
    match preposition {
        "between" | "from" => {
            let ((first, _), one) = period_at(&words[1..])?;
            let joined =
                words.get(1 + one).is_some_and(|word| matches!(word.as_str(), "and" | "to" | "until"));
            if !joined {
                return (preposition == "from").then_some(((Some(first), None), 1 + one));
            }
            let ((_, last), other) = period_at(&words[2 + one..])?;
            (first <= last).then_some(((Some(first), Some(last)), 2 + one + other))
        }
        "since" | "after" | "before" | "until" | "till" | "in" | "during" | "on" => {
            let ((first, last), length) = period_at(&words[1..])?;
            let days = match preposition {
                "since" => (Some(first), None),
                "after" => (Some(last.tomorrow().unwrap_or(Day::MAX)), None),
                "before" => (None, Some(first.yesterday().unwrap_or(Day::MIN))),
                "until" | "till" => (None, Some(last)),
                _ => (Some(first), Some(last)),
            };
            Some((days, 1 + length))
        }
        _ => None,
    }
}

/// `2023`, `2023 09 11` (as typed with dashes), `september 2023`, `11 september 2023`, `september 11 2023`.
fn period_at(words: &[String]) -> Option<((Day, Day), usize)> {
    let number = |at: usize, most: usize| {
        words.get(at).filter(|w| w.len() <= most && w.bytes().all(|b| b.is_ascii_digit()))
    };
    let year =
        |at: usize| words.get(at).filter(|w| w.len() == 4 && (w.starts_with("19") || w.starts_with("20")));
    let month = |at: usize| {
        let word = words.get(at)?;
        MONTHS.iter().position(|m| word.starts_with(m) && word.len() >= 3).map(|place| place + 1)
    };
    let read = |typed: String, length: usize| dates::period(&typed).ok().map(|period| (period, length));
    if let Some(year) = year(0) {
        let full = number(1, 2).zip(number(2, 2)).and_then(|(m, d)| read(format!("{year}-{m}-{d}"), 3));
        let part = || number(1, 2).and_then(|m| read(format!("{year}-{m}"), 2));
        return full.or_else(part).or_else(|| read(year.clone(), 1));
    }
    if let Some(month) = month(0) {
        if let Some((day, year)) = number(1, 2).zip(year(2)) {
            return read(format!("{year}-{month}-{day}"), 3);
        }
        return year(1).and_then(|year| read(format!("{year}-{month}"), 2));
    }
    let ((day, month), year) = number(0, 2).zip(month(1)).zip(year(2))?;
    read(format!("{year}-{month}-{day}"), 3)
}
