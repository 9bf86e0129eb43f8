//! Days as people type them: a day, a month, a year, ranges and comparisons.

use super::error::QueryError;
use crate::article::Day;

/// From and to, both included, open where `None`.
pub type Days = (Option<Day>, Option<Day>);

/// Reads `2023`, `2023-09`, `2023-09-01`, `A..B`, `A..`, `..B`, `>A`, `>=A`, `<A`, `<=A`. Errors count bytes of `typed`.
pub fn days(typed: &str) -> Result<Days, QueryError> {
    for (sign, keep_after, included) in
        [(">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false)]
    {
        if let Some(rest) = typed.strip_prefix(sign) {
            let (first, last) = period(rest).map_err(|error| error.moved(sign.len()))?;
            return Ok(match (keep_after, included) {
                (true, true) => (Some(first), None),
                (true, false) => (Some(last.tomorrow().unwrap_or(Day::MAX)), None),
                (false, true) => (None, Some(last)),
                (false, false) => (None, Some(first.yesterday().unwrap_or(Day::MIN))),
            });
        }
    }
    let Some(dots) = typed.find("..") else {
        let (first, last) = period(typed)?;
        return Ok((Some(first), Some(last)));
    };
    let (start, end) = (&typed[..dots], &typed[dots + 2..]);
    let from = if start.is_empty() { None } else { Some(period(start)?.0) };
    let to = if end.is_empty() { None } else { Some(period(end).map_err(|e| e.moved(dots + 2))?.1) };
    match (from, to) {
        (None, None) => Err(QueryError::new("a range needs a day", 0..typed.len())
            .hint("2023-09-01..2023-09-15, 2023.. or ..2023")),
        (Some(first), Some(last)) if first > last => {
            Err(QueryError::new(format!("the range `{typed}` ends before it begins"), 0..typed.len())
                .hint(format!("did you mean `{end}..{start}`?")))
        }
        range => Ok(range),
    }
}

/// The first and the last day of a year, a month or a day.
pub fn period(typed: &str) -> Result<(Day, Day), QueryError> {
    let all = 0..typed.len();
    let unreadable = || {
        QueryError::new(format!("`{typed}` is no date"), all.clone())
            .hint("a date is 2023, 2023-09 or 2023-09-11, a range 2023-09-01..2023-09-15 or >=2023-09")
    };
    let parts: Vec<&str> = typed.split(['-', '/']).collect();
    let digits = |part: &str, most: usize| {
        (!part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())
            .flatten()
    };
    let year = parts
        .first()
        .filter(|part| part.len() == 4)
        .and_then(|part| digits(part, 4))
        .ok_or_else(unreadable)?;
    let month = match parts.get(1) {
        Some(part) => Some(digits(part, 2).ok_or_else(unreadable)?),
        None => None,
    };
    let day = match parts.get(2) {
        Some(part) => Some(digits(part, 2).ok_or_else(unreadable)?),
        None => None,
    };
    if parts.len() > 3 {
        return Err(unreadable());
    }
    let Some(month) = month else {
        let first = Day::new(year, 1, 1).map_err(|_| unreadable())?;
        return Ok((first, first.last_of_year()));
    };
    let Ok(first) = Day::new(year, i8::try_from(month).unwrap_or(0), 1) else {
        return Err(QueryError::new(format!("no such month: `{typed}`"), all).hint("months go from 01 to 12"));
    };
    let Some(day) = day else {
        return Ok((first, first.last_of_month()));
    };
    match Day::new(year, first.month(), i8::try_from(day).unwrap_or(0)) {
        Ok(day) => Ok((day, day)),
        Err(_) => Err(QueryError::new(format!("no such day: `{typed}`"), all).hint(format!(
            "{year:04}-{:02} has {} days",
            first.month(),
            first.days_in_month()
        ))),
    }
}

/// The shortest way to type the days: `2023`, `2023-09`, `2023-09-11`, `2023-09-01..2023-09-15`, `>=2023-09-01`.
pub fn print((from, to): Days) -> String {
    match (from, to) {
        (Some(from), Some(to)) => match whole_period(from, to) {
            Some(period) => period,
            None => format!("{from}..{to}"),
        },
        (Some(from), None) => format!(">={from}"),
        (None, Some(to)) => format!("<={to}"),
        (None, None) => "*".to_owned(),
    }
}

fn whole_period(from: Day, to: Day) -> Option<String> {
    if from == to {
        Some(from.to_string())
    } else if from == from.first_of_year() && to == from.last_of_year() {
        Some(format!("{:04}", from.year()))
    } else if from == from.first_of_month() && to == from.last_of_month() {
        Some(format!("{:04}-{:02}", from.year(), from.month()))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{days, print};

    fn check(typed: &str, expected: &str) {
        let shown = match days(typed) {
            Ok((from, to)) => {
                let show = |day: Option<crate::article::Day>| day.map(|d| d.to_string()).unwrap_or_default();
                format!("{}..{}", show(from), show(to))
            }
            Err(error) => format!("{} @{:?}", error.message(), error.at()),
        };
        assert_eq!(shown, expected, "{typed}");
    }

    #[test]
    fn days_are_read() {
        check("2023", "2023-01-01..2023-12-31");
        check("2023-02", "2023-02-01..2023-02-28");
        check("2024-2", "2024-02-01..2024-02-29");
        check("2023-09-11", "2023-09-11..2023-09-11");
        check("2023/09/11", "2023-09-11..2023-09-11");
        check("2023-09-01..2023-09-15", "2023-09-01..2023-09-15");
        check("2022..2023-02", "2022-01-01..2023-02-28");
        check("2022..", "2022-01-01..");
        check("..2022", "..2022-12-31");
        check(">=2023-09", "2023-09-01..");
        check(">2023-09", "2023-10-01..");
        check("<2023", "..2022-12-31");
        check("<=2023", "..2023-12-31");
    }

    #[test]
    fn impossible_days_are_refused() {
        check("2023-02-30", "no such day: `2023-02-30` @0..10");
        check("2023-13", "no such month: `2023-13` @0..7");
        check("2023-00-01", "no such month: `2023-00-01` @0..10");
        check("2023-09-15..2023-09-01", "the range `2023-09-15..2023-09-01` ends before it begins @0..22");
        check("..", "a range needs a day @0..2");
        check(">=", "`` is no date @2..2");
        check("23", "`23` is no date @0..2");
        check("2023-09-11-12", "`2023-09-11-12` is no date @0..13");
        check("2022..20233", "`20233` is no date @6..11");
        check("١٢٣٤", "`١٢٣٤` is no date @0..8");
        check("-2023", "`-2023` is no date @0..5");
    }

    #[test]
    fn what_is_printed_reads_back() {
        for typed in
            ["2023", "2023-09", "2023-09-11", "2023-09-01..2023-09-15", "2021..2022", ">2020", "<2020"]
        {
            let read = days(typed).expect("readable");
            assert_eq!(days(&print(read)), Ok(read), "{typed}");
        }
    }
}
