//! The moment of publication as machines and people write it: `2023-09-11T15:26:00Z`, `Sept. 11, 2023 - 15:26`.

use crate::article::Day;
use jiff::civil::{DateTime, Time};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static MONTHS: LazyLock<HashMap<&str, i8>> = LazyLock::new(|| {
    rows(include_str!("tables/months.txt"))
        .zip(1..)
        .flat_map(|(names, month)| names.split(' ').map(move |name| (name, month)))
        .collect()
});

static DATE_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| rows(include_str!("tables/date_words.txt")).flat_map(str::split_whitespace).collect());

/// The rows of a table, without its remarks.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

/// A day, and the time of that day where it is written, as its source's clock showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) at: Option<DateTime>,
}

impl Moment {
    fn new(day: Day, time: Option<Time>) -> Moment {
        Moment { day, at: time.map(|time| day.to_datetime(time)) }
    }
}

/// Longer than any date that somebody writes.
const LONGEST: usize = 120;

/// The moment in `written`, whatever words stand around it; `None` without a whole day.
pub(super) fn moment(written: &str) -> Option<Moment> {
    parse(written).map(|(moment, _)| moment)
}

/// The moment in `written`, which says nothing else: no word that has no business in a date.
pub(super) fn only_moment(written: &str) -> Option<Moment> {
    parse(written).filter(|(_, strange)| !strange).map(|(moment, _)| moment)
}

/// The moment, and whether strange words stand beside it.
fn parse(written: &str) -> Option<(Moment, bool)> {
    let written = written.trim();
    if written.len() > LONGEST {
        return None;
    }
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(written).map(|moment| (moment, false));
    }
    let tokens = tokens(written);
    let day = day(&tokens)?;
    let time = time(&tokens, day.end.max(1) - 1).or_else(|| time(&tokens, 0));
    let strange = tokens.iter().any(
        |token| matches!(token, Token::Word(word) if !known(word) && !MONTHS.contains_key(word.as_str())),
    );
    Some((Moment::new(day.day, time), strange))
}

/// `20230911`, `20230911152600`, seconds or milliseconds since 1970.
fn digits(written: &str) -> Option<Moment> {
    let number = |from: usize, to: usize| written.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| number(from, to).map(|number| number as i8);
    let compact = || {
        let day = Day::new(number(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
        (1500..2200).contains(&day.year()).then_some(day)
    };
    match written.len() {
        8 => Some(Moment::new(compact()?, None)),
        14 => {
            let time = Time::new(small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()?;
            Some(Moment::new(compact()?, Some(time)))
        }
        10 | 13 => {
            let seconds = written.get(..10)?.parse().ok()?;
            let at = jiff::Timestamp::from_second(seconds).ok()?;
            let at = jiff::tz::Offset::UTC.to_datetime(at);
            Some(Moment { day: at.date(), at: Some(at) })
        }
        _ => None,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A number and how many digits it has.
    Number(u32, usize),
    /// Lower case, without a final dot.
    Word(String),
    Mark(char),
}

/// Numbers, words and the marks between them; `11th`, `15h26`, `20230911T152600Z` fall into their parts.
fn tokens(written: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = written.chars().peekable();
    while let Some(first) = rest.next() {
        if first.is_ascii_digit() {
            let mut value = first as u32 - '0' as u32;
            let mut length = 1;
            while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                value = value.saturating_mul(10).saturating_add(digit);
                length += 1;
                rest.next();
            }
            tokens.push(Token::Number(value, length));
        } else if let Some(mark) = match first {
            '年' | '년' | '月' | '월' => Some('-'),
            '日' | '일' => Some(' '),
            _ => None,
        } {
            tokens.push(Token::Mark(mark));
        } else if first.is_alphabetic() {
            let mut word: String = first.to_lowercase().collect();
            // A dot belongs to the word inside `a.m.`, and ends it in `Sept. 11`.
            while let Some(c) = rest.next_if(|&c| c.is_alphabetic() || c == '.') {
                word.extend(c.to_lowercase());
            }
            tokens.push(Token::Word(word.trim_end_matches('.').to_owned()));
        } else if !first.is_whitespace() {
            tokens.push(Token::Mark(first));
        }
    }
    // `20230911T152600Z`: eight digits are a day, six after them a time.
    tokens.iter().flat_map(split_compact).collect()
}

fn split_compact(token: &Token) -> Vec<Token> {
    let Token::Number(value, length) = *token else { return vec![token.clone()] };
    let parts: &[(u32, usize, char)] = match length {
        8 => &[(value / 10_000, 4, '-'), (value / 100 % 100, 2, '-'), (value % 100, 2, ' ')],
        6 => &[(value / 10_000, 2, ':'), (value / 100 % 100, 2, ':'), (value % 100, 2, ' ')],
        _ => return vec![token.clone()],
    };
    parts
        .iter()
        .flat_map(|&(value, length, mark)| [Token::Number(value, length), Token::Mark(mark)])
        .filter(|token| *token != Token::Mark(' '))
        .collect()
}

/// A day and the index of the token after it.
struct Found {
    day: Day,
    end: usize,
}

/// The first day that the tokens spell.
fn day(tokens: &[Token]) -> Option<Found> {
    (0..tokens.len()).find_map(|start| {
        let (day, length) = numeric(&tokens[start..]).or_else(|| named(&tokens[start..]))?;
        Some(Found { day, end: start + length })
    })
}

/// `2023-09-11`, `2023/9/11`, `11.9.2023`, `9/11/2023`.
fn numeric(tokens: &[Token]) -> Option<(Day, usize)> {
    let &[
        Token::Number(first, first_length),
        Token::Mark(mark),
        Token::Number(second, second_length),
        Token::Mark(again),
        Token::Number(third, third_length),
        ..,
    ] = tokens
    else {
        return None;
    };
    if !matches!(mark, '-' | '/' | '.' | '–' | '‐') || (again != mark && again != '-') {
        return None;
    }
    if second_length > 2 {
        return None;
    }
    let (year, month, of_month) = match (first_length, third_length) {
        (4, ..=2) => (first, second, third),
        (..=2, 4) => {
            // Americans put the month first and write slashes; where that gives no day, the other way round.
            let month_first = mark == '/' && first <= 12 || second > 12;
            if month_first { (third, first, second) } else { (third, second, first) }
        }
        _ => return None,
    };
    Some((calendar(year, month, of_month)?, 5))
}

/// `11 September 2023`, `Sept. 11, 2023`, `September 11th, 2023`, `11. September 2023`, `11-Sep-2023`.
fn named(tokens: &[Token]) -> Option<(Day, usize)> {
    let mut found = [None; 3];
    let mut order = 0;
    for (index, token) in tokens.iter().enumerate().take(9) {
        let (slot, value) = match token {
            Token::Word(word) => match MONTHS.get(word.as_str()) {
                Some(&month) => (1, month as u32),
                None if matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "de" | "of" | "er") => continue,
                None => return None,
            },
            Token::Number(value, 4) => (0, *value),
            Token::Number(value, 1 | 2) => (2, *value),
            Token::Mark(',' | '.' | '-' | '/' | 'º') => continue,
            Token::Number(..) | Token::Mark(_) => return None,
        };
        if found[slot].is_some() {
            return None;
        }
        found[slot] = Some(value);
        order += 1;
        if order == 3 {
            return Some((calendar(found[0]?, found[1]?, found[2]?)?, index + 1));
        }
    }
    None
}

fn calendar(year: u32, month: u32, day: u32) -> Option<Day> {
    if !(1500..2200).contains(&year) {
        return None;
    }
    Day::new(year as i16, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The first time of day at or after `from`: `15:26`, `3:26:10 p.m.`, `15h26`, `10.15 am`, `3 pm`.
fn time(tokens: &[Token], from: usize) -> Option<Time> {
    (from..tokens.len()).find_map(|start| {
        let tokens = &tokens[start..];
        let &Token::Number(hour, 1 | 2) = tokens.first()? else { return None };
        let minute = match tokens.get(1..3) {
            Some([Token::Mark(':'), Token::Number(minute, 2)]) => Some((*minute, 3)),
            Some([Token::Word(h), Token::Number(minute, 2)]) if h == "h" => Some((*minute, 3)),
            Some([Token::Mark('.'), Token::Number(minute, 2)]) if half(tokens.get(3)).is_some() => {
                Some((*minute, 3))
            }
            _ if half(tokens.get(1)).is_some() => Some((0, 1)),
            _ => None,
        };
        let (minute, mut next) = minute?;
        let mut second = 0;
        if let Some([Token::Mark(':'), Token::Number(value, 2)]) = tokens.get(next..next + 2) {
            (second, next) = (*value, next + 2);
        }
        let hour = match half(tokens.get(next)) {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let small = |value: u32| i8::try_from(value).ok();
        Time::new(small(hour)?, small(minute)?, small(second)?.min(59), 0).ok()
    })
}

/// Whether a token says the half of the day: the second (`pm`) or the first (`am`).
fn half(token: Option<&Token>) -> Option<bool> {
    let Some(Token::Word(word)) = token else { return None };
    match word.as_str() {
        "pm" | "p.m" => Some(true),
        "am" | "a.m" => Some(false),
        _ => None,
    }
}

fn known(word: &str) -> bool {
    DATE_WORDS.contains(word) || word == "t"
}

#[cfg(test)]
mod tests {
    use super::{moment, only_moment};

    fn check(written: &str, expected: &str) {
        let found = moment(written).map(|moment| match moment.at {
            Some(at) => at.to_string(),
            None => moment.day.to_string(),
        });
        assert_eq!(found.as_deref().unwrap_or(""), expected, "{written}");
    }

    #[test]
    fn machines() {
        check("2006-10-20", "2006-10-20");
        check("2006-10-20T22:15:00Z", "2006-10-20T22:15:00");
        check("2006-10-20T22:15:00.123+02:00", "2006-10-20T22:15:00");
        check("2006-10-20 22:15:00", "2006-10-20T22:15:00");
        check("20230911T152600Z", "2023-09-11T15:26:00");
        check("20230911", "2023-09-11");
        check("20230911152600", "2023-09-11T15:26:00");
        check("Mon, 11 Sep 2023 15:26:00 GMT", "2023-09-11T15:26:00");
        check("1694445960", "2023-09-11T15:26:00");
        check("1694445960000", "2023-09-11T15:26:00");
        check("2023/9/1", "2023-09-01");
        check("2017-02-29", "");
        check("2023-09", "");
        check("99999999999999999999", "");
        check("", "");
    }

    #[test]
    fn people() {
        check("Published : Sept. 11, 2023 - 15:26", "2023-09-11T15:26:00");
        check("Jan 3, 2020 10:15 AM ET", "2020-01-03T10:15:00");
        check("January 3rd, 2020, 12:05 a.m.", "2020-01-03T00:05:00");
        check("3 p.m., March 14, 2019", "2019-03-14T15:00:00");
        check("11 September 2023 at 10.15pm", "2023-09-11T22:15:00");
        check("11. Sept. 2023, 10:15 Uhr", "2023-09-11T10:15:00");
        check("11 de septiembre de 2023", "2023-09-11");
        check("le 11 août 2023 à 15h26", "2023-08-11T15:26:00");
        check("11-Sep-2023", "2023-09-11");
        check("09/11/2023", "2023-09-11");
        check("25/12/2023", "2023-12-25");
        check("11.09.2023", "2023-09-11");
        check("2023年9月11日 15:26", "2023-09-11T15:26:00");
        check("2023. 9. 11.", "2023-09-11");
        check("10:15 on Tuesday", "");
        check("May 2020", "");
    }

    #[test]
    fn a_sentence_is_no_date() {
        assert!(only_moment("Published Monday, Sept. 11, 2023 at 3:26 p.m. EDT").is_some());
        assert!(only_moment("The council met on Sept. 11, 2023").is_none());
    }
}
