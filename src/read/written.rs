//! A date as pages write it: in digits of many orders, with the names of months in many languages.

use super::metadata::{Metadata, host};
use super::page::head;
use crate::article::Day;
use jiff::civil::DateTime;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A day, and the moment where the time of day is given, both in the time zone the page writes them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) at: Option<DateTime>,
    pub(super) zone: Zone,
}

/// In which time zone a moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// As machines store it: the page's own day may be the next or the one before.
    Utc,
    /// With the page's own offset.
    Own,
    Untold,
}

/// How the page writes dates in digits, and in which language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    lang: [u8; 2],
    month_first: bool,
}

impl Order {
    pub(super) fn of(metadata: &Metadata) -> Order {
        let locale = metadata.locale();
        let lang = locale.get(..2).map_or([b'e', b'n'], |code| [code.as_bytes()[0], code.as_bytes()[1]]);
        // English without a region, and nothing in the address that says otherwise, is mostly American.
        let region = locale.get(3..5).unwrap_or("");
        let elsewhere = metadata
            .url()
            .as_deref()
            .and_then(host)
            .and_then(|host| host.rsplit('.').next().map(str::to_owned))
            .is_some_and(|top| {
                matches!(
                    &*top,
                    "uk" | "au"
                        | "nz"
                        | "ie"
                        | "in"
                        | "za"
                        | "pk"
                        | "ng"
                        | "ke"
                        | "sg"
                        | "my"
                        | "hk"
                        | "lk"
                        | "bd"
                        | "gh"
                        | "de"
                        | "fr"
                        | "it"
                        | "es"
                        | "nl"
                        | "eu"
                )
            });
        let month_first = &lang == b"en" && matches!(region, "" | "us" | "ca" | "ph") && !elsewhere;
        Order { lang, month_first }
    }

    fn lang(&self) -> &str {
        std::str::from_utf8(&self.lang).unwrap_or("en")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// Its value and how many digits it has.
    Number(i32, usize),
    Word(&'t str),
    Mark(char),
}

/// The first whole date in a text: day, month and year, and the time of day if it follows.
pub(super) fn written(text: &str, order: Order) -> Option<Moment> {
    let lower = head(text, 400).to_lowercase();
    let tokens = tokens(&lower);
    (0..tokens.len()).find_map(|at| {
        let (day, next) = whole(&tokens, at, order)?;
        let rest = tokens.get(next..).unwrap_or_default();
        let at = time(rest).map(|(hour, minute, second)| day.at(hour, minute, second, 0));
        let zone = match at {
            Some(_) => zone(rest),
            None => Zone::Untold,
        };
        Some(Moment { day, at, zone })
    })
}

/// The zone among the tokens after a date: `Z`, `GMT`, `+00:00`, or an offset of hours.
fn zone(tokens: &[Token]) -> Zone {
    let number = |token: Option<&Token>| match token {
        Some(&Token::Number(value, _)) => Some(value),
        _ => None,
    };
    let found = tokens.iter().enumerate().take(12).find_map(|(n, token)| match token {
        Token::Word("z" | "utc" | "gmt") => Some(Zone::Utc),
        Token::Mark('+' | '-') if n > 2 => match number(tokens.get(n + 1))? {
            0 => Some(Zone::Utc),
            1..=14 | 100..=1400 => Some(Zone::Own),
            _ => None,
        },
        _ => None,
    });
    found.unwrap_or(Zone::Untold)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if let Some(digit) = c.to_digit(10).or_else(|| other_digit(c)) {
            let (mut value, mut count) = (digit as i32, 1);
            while let Some(digit) = chars.peek().and_then(|&(_, c)| c.to_digit(10).or_else(|| other_digit(c)))
            {
                value = value.saturating_mul(10).saturating_add(digit as i32);
                count += 1;
                chars.next();
            }
            tokens.push(Token::Number(value, count));
        } else if c.is_alphabetic() {
            let mut end = start + c.len_utf8();
            // 年, 月, 日 and 년, 월, 일 stand alone, whatever follows them.
            let alone = |c: char| matches!(c, '年' | '月' | '日' | '년' | '월' | '일');
            while let Some(&(at, next)) = chars.peek()
                && !alone(c)
                && !alone(next)
                && (next.is_alphabetic() || is_joiner(next))
            {
                end = at + next.len_utf8();
                chars.next();
            }
            tokens.push(Token::Word(&text[start..end]));
        } else if !c.is_whitespace() {
            tokens.push(Token::Mark(c));
        }
    }
    tokens
}

/// Marks inside words: vowel signs and joiners of other scripts.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e30}'..='\u{e4e}' | '\u{200c}' | '\u{200d}')
        && !c.is_numeric()
}

/// Digits of other scripts: Arabic, Persian, Devanagari, Bengali, Gujarati, Thai and full width.
fn other_digit(c: char) -> Option<u32> {
    [0x660, 0x6f0, 0x966, 0x9e6, 0xae6, 0xe50, 0xff10]
        .into_iter()
        .find_map(|zero| (c as u32).checked_sub(zero).filter(|&digit| digit < 10))
}

/// A date that begins at this token, and the token after it.
fn whole(tokens: &[Token], at: usize, order: Order) -> Option<(Day, usize)> {
    use Token::{Mark, Number, Word};
    let get = |n: usize| tokens.get(at + n).copied();
    // The `1:30` of `10.1:30` begins no date.
    if at > 0
        && matches!(tokens[at - 1], Mark('.' | '/' | ':' | '$' | '€' | '£'))
        && matches!(get(0), Some(Number(..)))
        && at > 1
        && matches!(tokens[at - 2], Number(..))
    {
        return None;
    }
    match (get(0)?, get(1), get(2), get(3), get(4)) {
        (
            Number(y, 4),
            Some(Mark(a @ ('-' | '/' | '.' | '–'))),
            Some(Number(m, 1..=2)),
            Some(Mark(b)),
            Some(Number(d, 1..=2)),
        ) if a == b => Some((year(y, m, d)?, at + 5)),
        (
            Number(y, 4),
            Some(Word("年" | "년")),
            Some(Number(m, 1..=2)),
            Some(Word("月" | "월")),
            Some(Number(d, 1..=2)),
        ) => Some((year(y, m, d)?, at + 6)),
        (
            Number(a, 1..=2),
            Some(Mark(p @ ('-' | '/' | '.'))),
            Some(Number(b, 1..=2)),
            Some(Mark(q)),
            Some(Number(y, 4)),
        ) if p == q => {
            let first = p != '.' && order.month_first;
            let (d, m) = match () {
                () if a > 12 => (a, b),
                () if b > 12 || first => (b, a),
                () => (a, b),
            };
            Some((year(y, m, d)?, at + 5))
        }
        (Number(n, 8), ..) => Some((compact(n)?, at + 1)),
        (Number(d, 1..=2), ..) => {
            let mut next = 1;
            while matches!(
                get(next),
                Some(
                    Mark('.' | '-' | ',' | '/')
                        | Word(
                            "st" | "nd"
                                | "rd"
                                | "th"
                                | "of"
                                | "de"
                                | "del"
                                | "er"
                                | "º"
                                | "ª"
                                | "a"
                                | "η"
                                | "ης"
                        )
                )
            ) && next < 3
            {
                next += 1;
            }
            let Some(Word(name)) = get(next) else { return None };
            let m = month(name, order.lang())?;
            next += 1;
            while matches!(
                get(next),
                Some(Mark('.' | ',' | '-' | '/') | Word("de" | "del" | "of" | "г" | "р"))
            ) && next < 6
            {
                next += 1;
            }
            match get(next)? {
                Number(y, 4) => Some((year(y, m.into(), d)?, at + next + 1)),
                _ => None,
            }
        }
        (Word(name), ..) => {
            let m = month(name, order.lang())?;
            let mut next = 1;
            while matches!(get(next), Some(Mark('.' | '-' | '/'))) && next < 3 {
                next += 1;
            }
            let Some(Number(d, 1..=2)) = get(next) else { return None };
            next += 1;
            while matches!(
                get(next),
                Some(Mark('.' | ',' | '-' | '/') | Word("st" | "nd" | "rd" | "th" | "de"))
            ) && next < 6
            {
                next += 1;
            }
            match get(next)? {
                Number(y, 4) => Some((year(y, m.into(), d)?, at + next + 1)),
                _ => None,
            }
        }
        (Number(y, 4), ..) => {
            let mut next = 1;
            while matches!(get(next), Some(Mark('.' | ',' | '-' | '/'))) && next < 3 {
                next += 1;
            }
            let Some(Word(name)) = get(next) else { return None };
            let m = month(name, order.lang())?;
            match get(next + 1)? {
                Number(d, 1..=2) => Some((year(y, m.into(), d)?, at + next + 2)),
                Mark('-' | '.') => match get(next + 2)? {
                    Number(d, 1..=2) => Some((year(y, m.into(), d)?, at + next + 3)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// A day from its numbers; years of the Thai Buddhist calendar are 543 ahead.
fn year(year: i32, month: i32, number: i32) -> Option<Day> {
    let year = if (2533..=2643).contains(&year) { year - 543 } else { year };
    day(year.try_into().ok()?, month.try_into().ok()?, number.try_into().ok()?)
}

/// The time of day, if the tokens after a date begin with one: `T15:26:00`, `at 3:26 pm`, `- 15:26`.
fn time(tokens: &[Token]) -> Option<(i8, i8, i8)> {
    use Token::{Mark, Number, Word};
    let start = tokens.iter().take(4).position(|token| matches!(token, Number(..)))?;
    let rest = &tokens[start..];
    let (Some(&Number(hour, 1..=2)), Some(Mark(':' | '.') | Word("h")), Some(&Number(minute, 2))) =
        (rest.first(), rest.get(1), rest.get(2))
    else {
        return None;
    };
    let (second, next) = match (rest.get(3), rest.get(4)) {
        (Some(Mark(':')), Some(&Number(second, 2))) => (second, 5),
        _ => (0, 3),
    };
    let hour = match rest.get(next..).unwrap_or_default() {
        [Word("pm"), ..] | [Word("p"), Mark('.'), Word("m"), ..] if hour < 12 => hour + 12,
        [Word("am"), ..] | [Word("a"), Mark('.'), Word("m"), ..] if hour == 12 => 0,
        _ => hour,
    };
    ((0..24).contains(&hour) && minute < 60 && second < 60).then_some((
        hour as i8,
        minute as i8,
        second as i8,
    ))
}

/// The number of a month by its name: in the page's language, in English, in any in which the name means one month.
pub(super) fn month(name: &str, lang: &str) -> Option<i8> {
    let find = |lang: &str| MONTHS.get(name)?.iter().find(|(of, _)| *of == lang).map(|&(_, month)| month);
    find(lang).or_else(|| find("en")).or_else(|| {
        let all = MONTHS.get(name)?;
        let (_, first) = *all.first()?;
        (name.chars().count() > 2 && all.iter().all(|&(_, month)| month == first)).then_some(first)
    })
}

static MONTHS: LazyLock<HashMap<&'static str, Vec<(&'static str, i8)>>> = LazyLock::new(|| {
    let mut months: HashMap<&str, Vec<(&str, i8)>> = HashMap::new();
    for line in include_str!("tables/months.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let lang = cells.next().unwrap_or("");
        for (cell, number) in cells.zip(1..) {
            for name in cell.split('|') {
                months.entry(name).or_default().push((lang, number));
            }
        }
    }
    months
});

/// The day of a number such as 20230911.
pub(super) fn compact(number: i32) -> Option<Day> {
    day((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8)
}

/// A day that a page can have come out on.
pub(super) fn day(year: i16, month: i8, day: i8) -> Option<Day> {
    (1990..=2100).contains(&year).then(|| Day::new(year, month, day).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Order, written};

    fn reads(text: &str, lang: &str, month_first: bool, expected: &str) {
        let order = Order { lang: [lang.as_bytes()[0], lang.as_bytes()[1]], month_first };
        let found = written(text, order).map(|moment| match moment.at {
            Some(at) => at.to_string(),
            None => moment.day.to_string(),
        });
        assert_eq!(found.as_deref().unwrap_or(""), expected, "{text}");
    }

    #[test]
    fn dates_as_pages_write_them() {
        for (text, expected) in [
            ("2023-09-11", "2023-09-11"),
            ("2023-09-11T15:26:00+09:00", "2023-09-11T15:26:00"),
            ("2023/9/11 15:26", "2023-09-11T15:26:00"),
            ("20230911", "2023-09-11"),
            ("Mon, 11 Sep 2023 15:26:07 GMT", "2023-09-11T15:26:07"),
            ("Published : Sept. 11, 2023 - 15:26", "2023-09-11T15:26:00"),
            ("September 11th, 2023 at 3:26 pm", "2023-09-11T15:26:00"),
            ("12:05 a.m., Monday", ""),
            ("11 September 2023 12:05 am", "2023-09-11T00:05:00"),
            ("the 11th of September, 2023", "2023-09-11"),
            ("9/11/2023", "2023-09-11"),
            ("13/9/2023", "2023-09-13"),
            ("11.9.2023", "2023-09-11"),
            ("2023. szeptember 11.", "2023-09-11"),
            ("2023年9月11日 15:26", "2023-09-11T15:26:00"),
            ("2023년 9월 11일", "2023-09-11"),
            ("May 2023", ""),
            ("30 February 2023", ""),
            ("call 555-12-2023", ""),
            ("1.2.3.2023", ""),
            ("", ""),
        ] {
            reads(text, "en", true, expected);
        }
        reads("9/11/2023", "en", false, "2023-11-09");
    }

    #[test]
    fn dates_in_other_languages() {
        for (text, lang, expected) in [
            ("11. September 2023", "de", "2023-09-11"),
            ("Mo., 3. Jän. 2022", "de", "2022-01-03"),
            ("11 septembre 2023 à 15h26", "fr", "2023-09-11T15:26:00"),
            ("1er août 2023", "fr", "2023-08-01"),
            ("11 de septiembre de 2023", "es", "2023-09-11"),
            ("11 de março de 2023", "pt", "2023-03-11"),
            ("11 сентября 2023 г.", "ru", "2023-09-11"),
            ("11 вересня 2023", "uk", "2023-09-11"),
            ("11 listopada 2023", "pl", "2023-11-11"),
            ("11. listopada 2023.", "hr", "2023-10-11"),
            ("11 सितंबर 2023", "hi", "2023-09-11"),
            ("١١ سبتمبر ٢٠٢٣", "ar", "2023-09-11"),
            ("11 กันยายน 2566", "th", "2023-09-11"),
            ("11 Eylül 2023", "tr", "2023-09-11"),
            ("11 september 2023", "zz", "2023-09-11"),
        ] {
            reads(text, lang, false, expected);
        }
    }
}
