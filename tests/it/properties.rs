//! What holds of extraction and of the query parser whatever the text is.

use jiff::civil::date;
use onrecord::article::{Article, Span};
use onrecord::extract;
use onrecord::findings::Findings;
use onrecord::query::parse::parse;
use onrecord::render::findings::{csv, json, text};
use proptest::prelude::*;
use serde_json::Value;

/// Pieces of news and of what is no news: names, reporting, quotation marks of all kinds, dates, places, abbreviations,
/// blanks, control characters, marks that combine, letters of one to four bytes.
const PIECES: &[&str] = &[
    "the minister",
    "Ada Moss",
    "Mr. Moss",
    "President Ilse Brandt",
    "she",
    "He",
    "officials",
    "a spokesman for the bank",
    "Sen. J. R. O’Neil Jr.",
    "the 1990s",
    "said",
    " said.",
    "told reporters",
    "according to",
    "added that",
    "asked whether",
    "warned",
    "who",
    "that",
    ", ",
    ". ",
    ".",
    "? ",
    "!",
    "; ",
    ": ",
    " — ",
    "–",
    "-",
    "…",
    "...",
    "“",
    "”",
    "‘",
    "’",
    "\"",
    "'",
    "«",
    "»",
    "„",
    "「",
    "」",
    "``",
    "''",
    "(",
    ")",
    "[",
    "]",
    "{",
    "<",
    "&",
    "/",
    "\\",
    "Sept. 11, 2023",
    "on Monday",
    "last week",
    "two days ago",
    "2023-09-11",
    "31 February",
    "Feb. 30",
    "in March",
    "the third quarter of 2019",
    "99/99/9999",
    "0000-00-00",
    "9999-12-31",
    "noon",
    "25:61",
    "a year earlier",
    "every Tuesday",
    "the late 1800s",
    "1,000,000.5",
    "-1",
    "½",
    "99999999999999999999",
    "Georgia",
    "Jordan",
    "South Korea",
    "the U.S.",
    "Paris, Texas",
    "New York-based",
    "LONDON (AP) —",
    "Turkey",
    "Congo",
    "U.N.",
    "No.",
    "St.",
    "a.m.",
    "I",
    "A",
    "é",
    "e\u{301}",
    "\u{301}",
    "İ",
    "ß",
    "ﬁ",
    "東京",
    "安倍氏は「",
    "年9月11日",
    "🙂",
    "👩\u{200d}👩\u{200d}👧",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{ad}",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\t",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "\n\n\n",
    "Q:",
    "A:",
    "Harris:",
    "* ",
    "1. ",
    "http://a.example/b?c=d",
    "a@b.example",
    "#tag",
];

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => prop::sample::select(PIECES).prop_map(str::to_owned),
        4 => prop::sample::select(PIECES).prop_map(|piece| format!("{piece} ")),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z]{1,9} ".prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Sentences as news has them, of the same names and words, so that rules meet each other.
fn news() -> impl Strategy<Value = String> {
    let who = prop::sample::select(vec![
        "Ada Moss",
        "Moss",
        "she",
        "The mayor of Tbilisi",
        "Officials",
        "the Bank of Ruritania",
        "it",
    ]);
    let how = prop::sample::select(vec![
        "said",
        "told Reuters on Friday",
        "warned",
        "asked",
        "denied",
        "wrote in May 2021",
    ]);
    let what = prop::sample::select(vec![
        "that rain would fall in Chad",
        "“the train is late”",
        "‘no,’",
        "to wait",
        "“Rain falls.",
        "it was “a mess” in 2020",
    ]);
    let shape = prop::sample::select(vec![
        "{who} {how} {what}. ",
        "{what}, {who} {how}. ",
        "{what}, {how} {who}, {what}.\n\n",
        "{who}: {what}\n",
    ]);
    let sentence = (who, how, what, shape).prop_map(|(who, how, what, shape)| {
        shape.replace("{who}", who).replace("{how}", how).replace("{what}", what)
    });
    prop::collection::vec(sentence, 0..12).prop_map(|sentences| sentences.concat())
}

fn article() -> impl Strategy<Value = Article> {
    let days = vec![
        None,
        Some(date(2023, 9, 11)),
        Some(date(2024, 2, 29)),
        Some(date(-9999, 1, 1)),
        Some(date(9999, 12, 31)),
    ];
    let text =
        prop_oneof![any_text(), news(), (news(), any_text(), news()).prop_map(|(a, b, c)| a + &b + &c)];
    let line = "[^\n]{0,40}";
    (text, any_text(), prop::sample::select(days), prop::option::of(any_text()), prop::option::of(line))
        .prop_map(|(text, title, published, dateline, source)| {
            let lang = Some("en".to_owned());
            Article { text, title, published, dateline, source, lang, ..Article::default() }
        })
}

fn lies_in(text: &str, span: Span) -> bool {
    span.start < span.end && text.get(span.start..span.end).is_some()
}

fn in_order(spans: impl Iterator<Item = Span>) -> bool {
    let spans: Vec<Span> = spans.collect();
    spans.windows(2).all(|pair| pair[0].end <= pair[1].start)
}

fn check_spans(text: &str, findings: &Findings) -> Result<(), TestCaseError> {
    let places = || findings.places.iter().map(|place| place.span);
    let dates = || findings.dates.iter().map(|timex| timex.span);
    prop_assert!(places().all(|span| lies_in(text, span)) && in_order(places()), "{:?}", findings.places);
    prop_assert!(dates().all(|span| lies_in(text, span)) && in_order(dates()), "{:?}", findings.dates);
    for statement in &findings.statements {
        prop_assert!(!statement.spans.is_empty(), "{statement:?}");
        prop_assert!(in_order(statement.spans.iter().copied()), "{statement:?}");
        let speaker = statement.speaker.as_ref().map(|speaker| speaker.span);
        let mut spans = statement.spans.iter().copied().chain(statement.cue).chain(speaker);
        prop_assert!(spans.all(|span| lies_in(text, span)), "{statement:?}");
    }
    let starts: Vec<usize> = findings.statements.iter().map(|statement| statement.spans[0].start).collect();
    prop_assert!(starts.is_sorted(), "{starts:?}");
    Ok(())
}

/// The part of the text between two counts of code points.
fn slice(text: &str, span: &Value) -> String {
    let at = |end: usize| span[end].as_u64().map_or(usize::MAX, |at| at as usize);
    text.chars().skip(at(0)).take(at(1).saturating_sub(at(0))).collect()
}

fn check_json(article: &Article, findings: &Findings) -> Result<(), TestCaseError> {
    let line = json(article, findings);
    let line_ends = ['\n', '\u{85}', '\u{2028}', '\u{2029}'];
    prop_assert!(!line.contains(line_ends), "{line:?}");
    let row: Value = serde_json::from_str(&line).unwrap();
    prop_assert_eq!(&row["text"], &article.text);
    for date in row["dates"].as_array().unwrap() {
        prop_assert_eq!(&date["text"], &slice(&article.text, &date["span"]));
    }
    for statement in row["statements"].as_array().unwrap() {
        let spans = statement["spans"].as_array().unwrap();
        let words: Vec<String> = spans.iter().map(|span| slice(&article.text, span)).collect();
        prop_assert_eq!(&statement["text"], &words.join(" … "));
        if !statement["cue"].is_null() {
            prop_assert_eq!(&statement["cue"], &slice(&article.text, &statement["cue_span"]));
        }
        let speaker = &statement["speaker"];
        if !speaker.is_null() {
            prop_assert_eq!(&speaker["mention"], &slice(&article.text, &speaker["span"]));
        }
    }
    Ok(())
}

proptest! {
    // `PROPTEST_CASES` sets how many.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn extraction_is_total_and_points_into_the_text(article in article()) {
        let findings = extract::extract(&article);
        check_spans(&article.text, &findings)?;
        check_json(&article, &findings)?;
        csv(&article, &findings);
        text(&article, &findings);
        prop_assert_eq!(findings, extract::extract(&article));
    }

    #[test]
    fn queries_are_read_or_refused(typed in any_query()) {
        match parse(&typed) {
            // What a query was read as can be typed again.
            Ok(query) => prop_assert!(parse(&query.to_string()).is_ok(), "{query}"),
            Err(error) => {
                prop_assert!(!error.message().is_empty());
                prop_assert!(typed.get(error.at()).is_some(), "{:?} in {typed:?}", error.at());
            }
        }
    }
}

fn any_query() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "harris",
        "statements",
        "\"",
        "(",
        ")",
        "-",
        "NOT ",
        "OR ",
        "AND ",
        " ",
        "speaker:",
        "country:",
        "KR",
        "date:",
        "2023-09",
        "..",
        ">=",
        "<",
        "*",
        "?",
        "~",
        "~2",
        "NEAR/3 ",
        "[",
        "]",
        "{",
        "}",
        " TO ",
        ",",
        "|",
        ":",
        "\\",
        "é",
        "東京",
        "\u{0}",
        "🙂",
        "\"a b\"~3",
        "lang:en",
        "^",
        "+",
        "'",
        "“",
        "”",
        "said:",
        "last week",
        "by",
        "about",
        "U.S.",
        "99999999999",
    ]);
    prop_oneof![
        4 => prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}
