//! The moment of publication as machines and people write it: `2023-09-11T15:26:00Z`, `Sept. 11, 2023 - 15:26`, `11 сентября 2023 г.`

use super::page::head;
use crate::article::Day;
use jiff::civil::{DateTime, Time};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A day, and the time of that day where it is written, as its source's clock showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) at: Option<DateTime>,
    pub(super) zone: Zone,
}

/// In which time zone a moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// As machines store it: the source's own day may be the next or the one before.
    Utc,
    /// With the source's own offset.
    Own,
    Untold,
}

/// How a source writes dates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// The language of its months; English and any other in which a name means one month come after.
    pub(super) lang: [u8; 2],
    /// Whether `9/11/2023` is in September.
    pub(super) month_first: bool,
    /// The first year it can mean.
    pub(super) since: i16,
}

impl Default for Style {
    fn default() -> Style {
        Style { lang: *b"en", month_first: true, since: 1500 }
    }
}

/// A date in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The byte it begins at.
    pub(super) start: usize,
    pub(super) moment: Moment,
}

/// Of longer texts only the beginning is looked at.
const LOOKED_AT: usize = 400;

/// The first moment in `written`, whatever words stand around it; `None` without a whole day.
pub(super) fn moment(written: &str) -> Option<Moment> {
    moments(written, Style::default()).next().map(|found| found.moment)
}

/// All moments in `written`, in order.
pub(super) fn moments(written: &str, style: Style) -> impl Iterator<Item = Found> {
    let written = head(written, LOOKED_AT);
    let stamp = stamp(written.trim());
    let tokens = match stamp {
        None if written.bytes().any(|byte| byte.is_ascii_digit()) || !written.is_ascii() => tokens(written),
        _ => Vec::new(),
    };
    let mut at = 0;
    let spelled = std::iter::from_fn(move || {
        while at < tokens.len() {
            let start = at;
            at += 1;
            if let Some((day, next)) = day(&tokens, start, style) {
                at = next;
                let time = time(&tokens, next).or_else(|| time_before(&tokens, start));
                return Some(Found {
                    start: tokens[start].0,
                    moment: Moment {
                        day,
                        at: time.map(|time| day.to_datetime(time)),
                        zone: if time.is_some() { zone(&tokens[next..]) } else { Zone::Untold },
                    },
                });
            }
        }
        None
    });
    stamp.map(|moment| Found { start: 0, moment }).into_iter().chain(spelled)
}

/// `20230911152600`, or seconds or milliseconds since 1970.
fn stamp(written: &str) -> Option<Moment> {
    if !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| written.get(from..to)?.parse::<i8>().ok();
    match written.len() {
        14 => {
            let day = compact(written.get(..8)?.parse().ok()?)?;
            let time = Time::new(number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).ok()?;
            Some(Moment { day, at: Some(day.to_datetime(time)), zone: Zone::Untold })
        }
        10 | 13 => {
            let at = jiff::Timestamp::from_second(written.get(..10)?.parse().ok()?).ok()?;
            let at = jiff::tz::Offset::UTC.to_datetime(at);
            Some(Moment { day: at.date(), at: Some(at), zone: Zone::Utc })
        }
        _ => None,
    }
}

/// The day of a number such as 20230911.
pub(super) fn compact(number: i32) -> Option<Day> {
    calendar(number / 10_000, number / 100 % 100, number % 100)
}

/// A day from its numbers; years of the Thai Buddhist calendar are 543 ahead.
fn calendar(year: i32, month: i32, day: i32) -> Option<Day> {
    let year = if (2533..=2643).contains(&year) { year - 543 } else { year };
    if !(1500..2200).contains(&year) {
        return None;
    }
    Day::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// Its value and how many digits it has.
    Number(i32, usize),
    /// In lower case.
    Word(String),
    Mark(char),
}

/// Numbers, words and the marks between them, each with the byte it begins at; `11th`, `15h26`, `T15` fall apart.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if let Some(digit) = digit(c) {
            let (mut value, mut count) = (digit, 1);
            while let Some(digit) = chars.peek().and_then(|&(_, c)| self::digit(c)) {
                value = value.saturating_mul(10).saturating_add(digit);
                count += 1;
                chars.next();
            }
            tokens.push((start, Token::Number(value, count)));
        } else if c.is_alphabetic() {
            // 年, 月, 日 and 년, 월, 일 stand alone, whatever follows them.
            let alone = |c: char| matches!(c, '年' | '月' | '日' | '년' | '월' | '일');
            let mut word: String = c.to_lowercase().collect();
            while let Some(&(_, next)) = chars.peek()
                && !alone(c)
                && !alone(next)
                && (next.is_alphabetic() || is_joiner(next))
            {
                word.extend(next.to_lowercase());
                chars.next();
            }
            tokens.push((start, Token::Word(word)));
        } else if !c.is_whitespace() {
            tokens.push((start, Token::Mark(c)));
        }
    }
    tokens
}

/// Marks inside words: vowel signs and joiners of other scripts.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e30}'..='\u{e4e}' | '\u{200c}' | '\u{200d}')
        && !c.is_numeric()
}

/// The value of a digit: of ours, or Arabic, Persian, Devanagari, Bengali, Gujarati, Thai or full width.
fn digit(c: char) -> Option<i32> {
    [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xae6, 0xe50, 0xff10]
        .into_iter()
        .find_map(|zero| (c as u32).checked_sub(zero).filter(|&digit| digit < 10))
        .map(|digit| digit as i32)
}

/// The day whose first token this is, and the token after it.
fn day(tokens: &[(usize, Token)], start: usize, style: Style) -> Option<(Day, usize)> {
    let (day, next) = numeric(tokens, start, style).or_else(|| named(tokens, start, style))?;
    (day.year() >= style.since).then_some((day, next))
}

/// `2023-09-11`, `20230911`, `11.9.2023`, `9/11/2023`, `2023年9月11日`.
fn numeric(tokens: &[(usize, Token)], start: usize, style: Style) -> Option<(Day, usize)> {
    use Token::{Mark, Number, Word};
    let get = |at: usize| tokens.get(at).map(|(_, token)| token);
    // The `1:30` of `10.1:30` begins no date.
    if start > 1
        && matches!(get(start - 1), Some(Mark('.' | '/' | ':' | '$' | '€' | '£')))
        && matches!(get(start - 2), Some(Number(..)))
    {
        return None;
    }
    let number = |at: usize, digits: std::ops::RangeInclusive<usize>| match get(at) {
        Some(&Number(value, length)) if digits.contains(&length) => Some(value),
        _ => None,
    };
    if let Some(day) = number(start, 8..=8) {
        return Some((compact(day)?, start + 1));
    }
    let (first, second, third) =
        (number(start, 1..=4)?, number(start + 2, 1..=2)?, number(start + 4, 1..=4)?);
    let year_first = number(start, 4..=4).is_some();
    match (get(start + 1)?, get(start + 3)?) {
        (Word(year), Word(month))
            if year_first && matches!(&**year, "年" | "년") && matches!(&**month, "月" | "월") =>
        {
            Some((calendar(first, second, third)?, start + 6))
        }
        (Mark(mark @ ('-' | '/' | '.' | '–' | '‐')), Mark(again)) if mark == again => {
            let (year, month, day) = if year_first {
                (first, second, third)
            } else {
                number(start + 4, 4..=4)?;
                number(start, 1..=2)?;
                let month_first = second > 12 || first <= 12 && *mark != '.' && style.month_first;
                if month_first { (third, first, second) } else { (third, second, first) }
            };
            Some((calendar(year, month, day)?, start + 5))
        }
        _ => None,
    }
}

/// `11 September 2023`, `Sept. 11th, 2023`, `11. September 2023`, `11 de marzo de 2023`, `2023. szeptember 11.`
fn named(tokens: &[(usize, Token)], start: usize, style: Style) -> Option<(Day, usize)> {
    let mut parts = [None; 3];
    let mut found = 0;
    // Marks and small words between two parts, three at most.
    let mut between = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(start) {
        parts[found] = Some(match token {
            Token::Number(year, 4) => Part::Year(*year),
            Token::Number(day, 1 | 2) => Part::Day(*day),
            Token::Word(word) => match month(word, style.lang()) {
                Some(month) => Part::Month(month.into()),
                None if found > 0 && between < 3 && is_between(word) => {
                    between += 1;
                    continue;
                }
                None => return None,
            },
            Token::Mark('.' | ',' | '-' | '/' | 'º') if found > 0 && between < 3 => {
                between += 1;
                continue;
            }
            _ => return None,
        });
        (found, between) = (found + 1, 0);
        if found == 3 {
            use Part::{Day, Month, Year};
            let [Some(first), Some(second), Some(third)] = parts else { return None };
            return match (first, second, third) {
                (Day(day), Month(month), Year(year))
                | (Month(month), Day(day), Year(year))
                | (Year(year), Month(month), Day(day)) => Some((calendar(year, month, day)?, at + 1)),
                _ => None,
            };
        }
    }
    None
}

#[derive(Clone, Copy)]
enum Part {
    Year(i32),
    Month(i32),
    Day(i32),
}

/// Words inside a date, in some language: `11th`, `11 de marzo`, `1er août`, `η`, `2023 г`.
fn is_between(word: &str) -> bool {
    matches!(
        word,
        "st" | "nd" | "rd" | "th" | "of" | "de" | "del" | "er" | "º" | "ª" | "a" | "η" | "ης" | "г" | "р"
    )
}

/// The time of day among the few tokens after a date: `T15:26:00`, `at 3:26 p.m.`, `- 15h26`, `3 pm`.
fn time(tokens: &[(usize, Token)], from: usize) -> Option<Time> {
    (from..tokens.len().min(from + 8))
        .find_map(|start| clock(tokens, start, start == from))
        .map(|(time, _)| time)
}

/// The time of day before a date: `3 p.m., March 14, 2019`, `10:15 on Jan. 3, 2020`.
fn time_before(tokens: &[(usize, Token)], date: usize) -> Option<Time> {
    (date.saturating_sub(8)..date).find_map(|start| {
        let (time, next) = clock(&tokens[..date], start, false)?;
        let near = tokens[next..date].iter().all(|(_, token)| !matches!(token, Token::Number(..)));
        near.then_some(time)
    })
}

/// The time of day that begins at this token, and the token after it; `15.26` only where `dotted`, or with `Uhr` or `am`.
fn clock(tokens: &[(usize, Token)], start: usize, dotted: bool) -> Option<(Time, usize)> {
    use Token::{Mark, Number, Word};
    let get = |at: usize| tokens.get(start + at).map(|(_, token)| token);
    let word = |at: usize, any: &[&str]| matches!(get(at), Some(Word(word)) if any.contains(&word.as_str()));
    // Whether a half of the day stands there, which, and how many tokens it has.
    let half = |at: usize| {
        let spelled = matches!(get(at + 1), Some(Mark('.'))) && word(at + 2, &["m"]);
        match () {
            () if word(at, &["pm"]) => Some((true, 1)),
            () if word(at, &["am"]) => Some((false, 1)),
            () if spelled && word(at, &["p"]) => Some((true, 3)),
            () if spelled && word(at, &["a"]) => Some((false, 3)),
            () => None,
        }
    };
    let small = |value: i32| i8::try_from(value).ok();
    if let Some(&Number(value, 6)) = get(0)
        && start > 0
        && matches!(&tokens[start - 1].1, Word(t) if t == "t")
    {
        let time =
            Time::new(small(value / 10_000)?, small(value / 100 % 100)?, small(value % 100)?, 0).ok()?;
        return Some((time, start + 1));
    }
    let Some(&Number(hour, 1 | 2)) = get(0) else { return None };
    let (minute, mut next) = match (get(1), get(2)) {
        (Some(Mark(':')), Some(&Number(minute, 2))) => (minute, 3),
        (Some(Word(h)), Some(&Number(minute, 2))) if h == "h" => (minute, 3),
        (Some(Mark('.')), Some(&Number(minute, 2))) if dotted || half(3).is_some() || word(3, &["uhr"]) => {
            (minute, 3)
        }
        _ if half(1).is_some() => (0, 1),
        _ => return None,
    };
    let mut second = 0;
    if let (Some(Mark(':')), Some(&Number(value, 2))) = (get(next), get(next + 1)) {
        (second, next) = (value, next + 2);
    }
    let hour = match half(next) {
        Some((true, _)) if hour < 12 => hour + 12,
        Some((false, _)) if hour == 12 => 0,
        _ => hour,
    };
    next += half(next).map_or(0, |(_, length)| length);
    // A leap second is the one before it.
    let time = Time::new(small(hour)?, small(minute)?, small(second)?.min(59), 0).ok()?;
    Some((time, start + next))
}

/// The zone among the tokens after a date: `Z`, `GMT`, `+00:00`, or an offset of hours.
fn zone(tokens: &[(usize, Token)]) -> Zone {
    let found = tokens.iter().enumerate().take(12).find_map(|(at, (_, token))| match token {
        Token::Word(word) if matches!(&**word, "z" | "utc" | "gmt") => Some(Zone::Utc),
        Token::Mark('+' | '-') if at > 1 => match tokens.get(at + 1)?.1 {
            Token::Number(0, _) => Some(Zone::Utc),
            Token::Number(1..=14 | 100..=1400, _) => Some(Zone::Own),
            _ => None,
        },
        _ => None,
    });
    found.unwrap_or(Zone::Untold)
}

impl Style {
    fn lang(&self) -> &str {
        std::str::from_utf8(&self.lang).unwrap_or("en")
    }
}

/// The number of a month by its name: in one language, in English, in any in which the name means one month.
pub(super) fn month(name: &str, lang: &str) -> Option<i8> {
    let all = MONTHS.get(name)?;
    let find = |lang: &str| all.iter().find(|(of, _)| *of == lang).map(|&(_, month)| month);
    find(lang).or_else(|| find("en")).or_else(|| {
        let (_, first) = *all.first()?;
        (name.chars().count() > 2 && all.iter().all(|&(_, month)| month == first)).then_some(first)
    })
}

static MONTHS: LazyLock<HashMap<&'static str, Vec<(&'static str, i8)>>> = LazyLock::new(|| {
    let mut months: HashMap<&str, Vec<(&str, i8)>> = HashMap::new();
    for line in rows(include_str!("tables/months.tsv")) {
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

/// The rows of a table, without its remarks.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::{Moment, Style, moment, moments};

    fn shown(moment: Moment) -> String {
        moment.at.map_or_else(|| moment.day.to_string(), |at| at.to_string())
    }

    fn check(written: &str, expected: &str) {
        assert_eq!(moment(written).map(shown).as_deref().unwrap_or(""), expected, "{written}");
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
        check("Mon, 11 Sep 2023 15:26:07 GMT", "2023-09-11T15:26:07");
        check("1694445960", "2023-09-11T15:26:00");
        check("1694445960000", "2023-09-11T15:26:00");
        check("2023/9/1", "2023-09-01");
        check("2023/9/11 15:26", "2023-09-11T15:26:00");
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
        check("September 11th, 2023 at 3:26 pm", "2023-09-11T15:26:00");
        check("11 September 2023 at 10.15pm", "2023-09-11T22:15:00");
        check("11 September 2023 12:05 am", "2023-09-11T00:05:00");
        check("the 11th of September, 2023", "2023-09-11");
        check("11-Sep-2023", "2023-09-11");
        check("11-Sep-23", "");
        check("09/11/2023", "2023-09-11");
        check("9/11/2023", "2023-09-11");
        check("13/9/2023", "2023-09-13");
        check("11.09.2023", "2023-09-11");
        check("2023. 9. 11.", "2023-09-11");
        check("10:15 on Tuesday", "");
        check("12:05 a.m., Monday", "");
        check("May 2020", "");
        check("May 2020 11 people", "");
        check("2019 11 May 2020", "2020-05-11");
        check("30 February 2023", "");
        check("call 555-12-2023", "");
        check("1.2.3.2023", "");
    }

    #[test]
    fn other_languages() {
        for (text, lang, expected) in [
            ("11. September 2023", "de", "2023-09-11"),
            ("11. Sept. 2023, 10:15 Uhr", "de", "2023-09-11T10:15:00"),
            ("11.9.2023 10.15 Uhr", "de", "2023-09-11T10:15:00"),
            ("Mo., 3. Jän. 2022", "de", "2022-01-03"),
            ("le 11 août 2023 à 15h26", "fr", "2023-08-11T15:26:00"),
            ("1er août 2023", "fr", "2023-08-01"),
            ("11 de septiembre de 2023", "es", "2023-09-11"),
            ("11 de março de 2023", "pt", "2023-03-11"),
            ("11 сентября 2023 г.", "ru", "2023-09-11"),
            ("11 вересня 2023", "uk", "2023-09-11"),
            ("11 listopada 2023", "pl", "2023-11-11"),
            ("11. listopada 2023.", "hr", "2023-10-11"),
            ("2023. szeptember 11.", "hu", "2023-09-11"),
            ("11 सितंबर 2023", "hi", "2023-09-11"),
            ("١١ سبتمبر ٢٠٢٣", "ar", "2023-09-11"),
            ("11 กันยายน 2566", "th", "2023-09-11"),
            ("11 Eylül 2023", "tr", "2023-09-11"),
            ("2023年9月11日 15:26", "ja", "2023-09-11T15:26:00"),
            ("2023년 9월 11일", "ko", "2023-09-11"),
            ("11 september 2023", "zz", "2023-09-11"),
            ("9/11/2023", "fr", "2023-11-09"),
        ] {
            let style =
                Style { lang: [lang.as_bytes()[0], lang.as_bytes()[1]], month_first: false, since: 1990 };
            let found = moments(text, style).next().map(|found| shown(found.moment));
            assert_eq!(found.as_deref().unwrap_or(""), expected, "{text}");
        }
    }

    #[test]
    fn several_in_a_line() {
        let text = "Last updated 04 Jun 2020, originally created 17 Jun 2019";
        let found: Vec<_> =
            moments(text, Style::default()).map(|found| (found.start, shown(found.moment))).collect();
        assert_eq!(found, [(13, "2020-06-04".to_owned()), (45, "2019-06-17".to_owned())]);
    }
}
