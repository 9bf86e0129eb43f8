//! Time expressions in the text, with their values (TimeML TIMEX3), and the days statements were made on.

mod words;
mod lexicon;
mod phrase;
mod grammar;
mod calendar;
mod years;
mod periods;
mod clock;
mod amounts;
mod nouns;
mod holidays;
mod tense;
mod anchors;
mod values;
mod said;

pub(super) use lexicon::time_words;
pub use said::said_on;

use super::sentences::Sentence;
use super::tokens::Token;
use super::words::Word;
use crate::article::{Article, Span};
use crate::findings::Timex;

/// The time expressions of the article's text, in order, not overlapping.
///
/// What depends on the day of writing is anchored to the day of publication; without one it keeps `X` for what the
/// text does not say (`XXXX-WXX-1`).
pub fn dates(article: &Article, tokens: &[Token], known: &[Word], sentences: &[Sentence]) -> Vec<Timex> {
    let mut words = words::Words::new(&article.text, tokens, known);
    let mut story = anchors::Story::new(article.published);
    let mut phrases = Vec::new();
    let mut found = Vec::new();
    for (number, sentence) in sentences.iter().enumerate() {
        words.read(sentence);
        if !words.may_hold_time() {
            continue;
        }
        story.begin_sentence(number);
        grammar::phrases(&words, &mut phrases);
        for phrase in &phrases {
            let (Some(first), Some(last)) =
                (words.token(phrase.first), words.token(phrase.end.saturating_sub(1)))
            else {
                continue;
            };
            let span = Span::new(first.start as usize, last.end as usize);
            if let Some((kind, value)) = story.value(&words, phrase) {
                found.push(Timex { span, kind, value });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{sentences::sentences, tokens::tokens, words::words};
    use super::dates;
    use crate::article::Article;

    /// Every expression of the text as `words=value`, published on Monday 2023-09-11 or as told.
    fn found(text: &str, published: Option<&str>) -> Vec<String> {
        let article = Article {
            text: text.to_owned(),
            published: published.map(|day| day.parse().unwrap()),
            ..Article::default()
        };
        let tokens = tokens(text);
        let sentences = sentences(text, &tokens);
        dates(&article, &tokens, &words(text, &tokens), &sentences)
            .iter()
            .map(|date| format!("{}={}", date.span.of(text), date.value))
            .collect()
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(found(text, Some("2023-09-11")), expected, "in {text:?}");
    }

    fn check_on(published: &str, text: &str, expected: &[&str]) {
        assert_eq!(found(text, Some(published)), expected, "in {text:?} of {published}");
    }

    #[test]
    fn full_dates() {
        check("It opened on March 5, 2007.", &["March 5, 2007=2007-03-05"]);
        check("It opened on 5 March 2007 in Bern.", &["5 March 2007=2007-03-05"]);
        check("It opened on the 5th of March, 2007.", &["the 5th of March, 2007=2007-03-05"]);
        check("Monday, Sept. 4, 2023, was a holiday.", &["Monday, Sept. 4, 2023=2023-09-04"]);
        check("Updated 2021-12-31 at noon.", &["2021-12-31=2021-12-31", "noon=2021-12-31T12:00"]);
        check("Due 3/14/2015 or 25/12/2014.", &["3/14/2015=2015-03-14", "25/12/2014=2014-12-25"]);
        check("Vom 05.03.2019.", &["05.03.2019=2019-03-05"]);
        check("11-Sep-2021, 2021/09/12", &["11-Sep-2021=2021-09-11", "2021/09/12=2021-09-12"]);
        check("the first Monday in October 2021", &["the first Monday in October 2021=2021-10-04"]);
        check("the last Friday of May 2022", &["the last Friday of May 2022=2022-05-27"]);
        check("MARCH 5, 2007", &["MARCH 5, 2007=2007-03-05"]);
        check("the strike of Oct 3rd 1999 ended", &["Oct 3rd 1999=1999-10-03"]);
        check("From April 24 to 26, 2019, he rode.", &["April 24=2019-04-24", "26, 2019=2019-04-26"]);
    }

    #[test]
    fn partial_dates() {
        check("It rose in March 2018 and in January.", &["March 2018=2018-03", "January=2023-01"]);
        check("The vote is set for next May.", &["next May=2024-05"]);
        check("She resigned last October.", &["last October=2022-10"]);
        check("It will open in December.", &["December=2023-12"]);
        check("It opened in December.", &["December=2022-12"]);
        check("They met on Aug. 30.", &["Aug. 30=2023-08-30"]);
        check("They will meet on Nov. 30.", &["Nov. 30=2023-11-30"]);
        check_on("2024-01-10", "He was shot on Nov. 30.", &["Nov. 30=2023-11-30"]);
        check("She left in May of last year.", &["May of last year=2022-05"]);
        check("on April 24 and 26 of that year", &["April 24=2023-04-24", "26 of that year=2023-04-26"]);
        check("He was born in 1954.", &["1954=1954"]);
        check("the 1996 election", &["1996=1996"]);
        check("in '82 and March '07", &["'82=1982", "March '07=2007-03"]);
        check("in nineteen ninety-six", &["nineteen ninety-six=1996"]);
    }

    #[test]
    fn weekdays_by_tense_and_by_word() {
        check("He said on Sunday that it was over.", &["Sunday=2023-09-10"]);
        check(
            "He said Monday that talks will begin on Wednesday.",
            &["Monday=2023-09-11", "Wednesday=2023-09-13"],
        );
        check("The train left on Thursday night.", &["Thursday night=2023-09-07TNI"]);
        check("Markets stay closed until Friday.", &["Friday=2023-09-15"]);
        check("Next Tuesday he goes home.", &["Next Tuesday=2023-09-12"]);
        check("He fell last Monday.", &["last Monday=2023-09-04"]);
        check("The plan could come as soon as Thursday.", &["Thursday=2023-09-14"]);
        check("She could not be reached Friday.", &["Friday=2023-09-08"]);
        check("Friday's ruling will be appealed.", &["Friday=2023-09-15"]);
        check("They vowed to fight Friday's ruling.", &["Friday=2023-09-08"]);
        check(
            "Every Friday they march, and on Sundays they rest.",
            &["Every Friday=XXXX-WXX-5", "Sundays=XXXX-WXX-7"],
        );
    }

    #[test]
    fn relative_to_publication() {
        check(
            "Yesterday and the day before yesterday.",
            &["Yesterday=2023-09-10", "the day before yesterday=2023-09-09"],
        );
        check("It opens tomorrow morning.", &["tomorrow morning=2023-09-12TMO"]);
        check("Two weeks ago, and five years ago.", &["Two weeks ago=2023-08-28", "five years ago=2018"]);
        check("It ended three months ago.", &["three months ago=2023-06"]);
        check(
            "last week, this month, next year",
            &["last week=2023-W36", "this month=2023-09", "next year=2024"],
        );
        check("earlier this year and late last year", &["earlier this year=2023", "late last year=2022"]);
        check("by the end of the year", &["the end of the year=2023"]);
        check("He slept last night.", &["last night=2023-09-10TNI"]);
        check("It rained over the weekend.", &["over the weekend=2023-W36-WE"]);
        check("two days from now", &["two days from now=2023-09-13"]);
        check("at year-end", &["year-end=2023"]);
        check_on("2024-03-01", "last month", &["last month=2024-02"]);
        check_on("2024-01-03", "in the fourth quarter", &["the fourth quarter=2023-Q4"]);
    }

    #[test]
    fn relative_to_the_story() {
        check(
            "He came on March 3, 2010. He left two days later.",
            &["March 3, 2010=2010-03-03", "two days later=2010-03-05"],
        );
        check("She won in 1998. That year he lost.", &["1998=1998", "That year=1998"]);
        check(
            "On June 6, 1944, it began; the next day it rained.",
            &["June 6, 1944=1944-06-06", "the next day=1944-06-07"],
        );
        check(
            "In March 2003 it fell. The following month it rose.",
            &["March 2003=2003-03", "The following month=2003-04"],
        );
        check("They met in April 2019. On April 24 he left.", &["April 2019=2019-04", "April 24=2019-04-24"]);
        check("1988 - On January 4 it fell.", &["1988=1988", "January 4=1988-01-04"]);
        check(
            "It crashed on March 9, 2009. It was bad. It was sad. Shares rose on the day.",
            &["March 9, 2009=2009-03-09", "the day=2023-09-11"],
        );
        check(
            "He arrived on Thursday. The same day he left.",
            &["Thursday=2023-09-07", "The same day=2023-09-07"],
        );
    }

    #[test]
    fn business_periods() {
        check(
            "third-quarter profit rose from a year earlier",
            &["third-quarter=2023-Q3", "a year earlier=2022-Q3"],
        );
        check("the first half of 2022", &["the first half of 2022=2022-H1"]);
        check(
            "In the second quarter it earned more than in the year-ago quarter.",
            &["the second quarter=2023-Q2", "the year-ago quarter=2022-Q2"],
        );
        check("in Q1 2020 and H2 2019", &["Q1 2020=2020-Q1", "H2 2019=2019-H2"]);
        check("next year's first quarter", &["next year's first quarter=2024-Q1"]);
        check("for fiscal 2021", &["fiscal 2021=2021"]);
        check("the final quarter of last year", &["the final quarter of last year=2022-Q4"]);
    }

    #[test]
    fn seasons_decades_centuries() {
        check("last winter and next spring", &["last winter=2022-WI", "next spring=2024-SP"]);
        check("in the summer of 1969", &["the summer of 1969=1969-SU"]);
        check(
            "the 1990s, the '80s and the early nineties",
            &["the 1990s=199", "the '80s=198", "the early nineties=199"],
        );
        check("in the mid-1980s", &["the mid-1980s=198"]);
        check("a 19th-century house of the 20th century", &["19th-century=18", "the 20th century=19"]);
    }

    #[test]
    fn holidays_of_the_year() {
        check("He was found on Thanksgiving Day.", &["Thanksgiving Day=2022-11-24"]);
        check("It will end by Christmas.", &["Christmas=2023-12-25"]);
        check("On Easter Sunday 2024", &["Easter Sunday 2024=2024-03-31"]);
        check("Christmas sales were good.", &[]);
    }

    #[test]
    fn durations_and_sets() {
        check("for two and a half years", &["two and a half years=P2.5Y"]);
        check("a five-year plan of 18 months", &["five-year=P5Y", "18 months=P18M"]);
        check("the last three months", &["the last three months=P3M"]);
        check("several days; a few weeks; decades", &["several days=PXD", "a few weeks=PXW", "decades=PXDE"]);
        check("more than four hours", &["more than four hours=PT4H"]);
        check("2 1/2 years", &["2 1/2 years=P2.5Y"]);
        check("half an hour", &["half an hour=PT30M"]);
        check("a hundred years", &["a hundred years=P100Y"]);
        check("twenty-four hours", &["twenty-four hours=PT24H"]);
        check("every day, each July, twice a week", &["every day=P1D", "each July=XXXX-07", "a week=P1W"]);
    }

    #[test]
    fn times_of_day() {
        check("at 10 p.m. Wednesday", &["10 p.m. Wednesday=2023-09-06T22:00"]);
        check("at 12:30 UTC today", &["12:30 UTC today=2023-09-11T12:30Z"]);
        check("at 6:40am on Sept. 9", &["6:40am on Sept. 9=2023-09-09T06:40"]);
        check("on this morning", &["this morning=2023-09-11TMO"]);
        check("Tonight at 8 p.m.", &["Tonight=2023-09-11TNI", "8 p.m.=2023-09-11T20:00"]);
        check("won 10:40 in sets", &[]);
    }

    #[test]
    fn references() {
        check("now, currently, recently", &["now=PRESENT_REF", "currently=PRESENT_REF", "recently=PAST_REF"]);
        check("in the future, as in the past,", &["the future=FUTURE_REF", "the past=PAST_REF"]);
    }

    #[test]
    fn what_only_looks_like_time() {
        check("She may march on with May and June Carter.", &[]);
        check("The Sunday Times and Black Friday", &[]);
        check("the 54-year-old, aged 12 years old", &[]);
        check("a second man took 2000 people and $1995", &[]);
        check("He shot Jan Kavan and the Sun set.", &[]);
        check("as soon as the fall of Kabul", &[]);
        check("after the Sept. 11 attacks of 9/11", &[]);
        check("CBS's \"60 Minutes\" and \"This Week\"", &[]);
        check("three-quarters of the 3.5 million", &[]);
    }

    #[test]
    fn without_a_day_of_publication() {
        let check = |text: &str, expected: &[&str]| assert_eq!(found(text, None), expected, "in {text:?}");
        check("He said on Monday", &["Monday=XXXX-WXX-1"]);
        check("in March", &["March=XXXX-03"]);
        check("last year and yesterday", &["last year=XXXX", "yesterday=XXXX-XX-XX"]);
        check(
            "On May 3, 2001 he came; the next day he left.",
            &["May 3, 2001=2001-05-03", "the next day=2001-05-04"],
        );
    }

    #[test]
    fn absurd_dates_do_no_harm() {
        check(
            "on June 31, the 99th of May, 30 February 2001",
            &["June=2023-06", "May=2023-05", "February 2001=2001-02"],
        );
        check("99999999999999 years ago", &["years ago=PAST_REF"]);
        check("9999999 years ago", &["9999999 years ago=XXXX"]);
        check("in the year 99999", &[]);
        for text in [
            "a",
            "the",
            "last",
            "Monday,",
            "a.m. p.m. 12:",
            "’90s '",
            "1/2/3/4/5/6",
            "two and a",
            "half a",
            "to to to 5 to",
            "Sept",
            "every",
            "the end of the end of",
            "-year",
            "0 days ago",
            "May 0",
            "00:00 UTC",
            "24:59",
        ] {
            found(text, Some("0001-01-01"));
            found(text, Some("9999-12-31"));
            found(text, None);
        }
        for text in
            ["next century", "next decade", "tomorrow", "a year later", "9000000 days from now", "last week"]
        {
            found(text, Some("9999-12-31"));
            found(text, Some("-009999-01-01"));
        }
        let long =
            "the end of ".repeat(20_000) + "early ".repeat(20_000).as_str() + &"late last ".repeat(20_000);
        found(&long, Some("2023-09-11"));
    }

    /// Random soups of the words the rules know.
    #[test]
    fn soups_of_time_words_give_spans_in_order() {
        let mut soup: Vec<&str> = include_str!("tables/time_words.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split('\t').next())
            .collect();
        soup.extend([
            ",",
            ".",
            "-",
            "'",
            "’s",
            "(",
            "/",
            "9",
            "31",
            "0",
            "1996",
            "9999",
            "99999",
            "'90s",
            "10:40",
            "2.5",
            "30th",
            "February",
            "Friday",
            "Sept.",
            "May",
            "\n",
            "\n\n",
            "é",
            "May 5",
            "1/2/3",
            "Easter",
            "Ash Wednesday",
            "New Year's",
        ]);
        let mut state: u64 = 1;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for round in 0..20_000 {
            let mut text = String::new();
            for _ in 0..next(30) {
                text += soup[next(soup.len())];
                text += [" ", " ", " ", "-", ""][next(5)];
            }
            let published = ["2023-09-11", "0001-01-01", "9999-12-31", "2024-02-29"][round % 4];
            let article = Article { text, published: published.parse().ok(), ..Article::default() };
            let tokens = tokens(&article.text);
            let sentences = sentences(&article.text, &tokens);
            let mut end = 0;
            for date in dates(&article, &tokens, &words(&article.text, &tokens), &sentences) {
                assert!(end <= date.span.start && date.span.start < date.span.end, "{:?}", article.text);
                assert!(article.text.get(date.span.start..date.span.end).is_some(), "{:?}", article.text);
                end = date.span.end;
            }
        }
    }
}
