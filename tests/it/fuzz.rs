//! Whatever is typed is read or refused, and what is read is asked and shown, within bounds.
//!
//! The same queries at every run. `ONRECORD_SECONDS=SECONDS` goes on with new ones for so long.

use onrecord::answer::{By, Distinct, Order, OwnFilters, Unit};
use onrecord::ask::{self, Question, Reads};
use onrecord::index::{Location, Reader};
use onrecord::query::parse::parse;
use onrecord::render;
use std::time::{Duration, Instant};

use crate::run::{Dice, Run, repository};

/// Words of the corpus and of the language, signs, and what breaks programs.
const PIECES: &[&str] = &[
    "harris",
    "Harris",
    "harbor",
    "the",
    "of",
    "said",
    "statements",
    "statements by ",
    "what did ",
    " say on ",
    "who said ",
    " about ",
    " on ",
    "North Korea",
    "Iran",
    "since 2023",
    "in March 2024",
    "between 2010 and ",
    "last week",
    "mayor of ",
    "quotes from ",
    "\"",
    "“",
    "”",
    "„",
    "«",
    "'",
    "’",
    "(",
    ")",
    "((",
    "))",
    "-",
    "--",
    "!",
    " NOT ",
    " OR ",
    " AND ",
    " && ",
    " || ",
    " NEAR/3 ",
    " NEAR ",
    " PRE/2 ",
    "NEAR/99999999999",
    " ",
    "  ",
    "\t",
    "\n",
    "speaker:",
    "speaker:\"",
    "country:",
    "about:",
    "date:",
    "dates:",
    "said:",
    "title:",
    "title:(",
    "text:",
    "kind:",
    "quote:",
    "source:",
    "byline:",
    "role:",
    "org:",
    "lang:",
    "id:",
    "story:",
    "conf:",
    "nofield:",
    "KR",
    "south korea",
    "2024",
    "2024-02-30",
    "2024-03-04",
    "..",
    ">=",
    "<",
    "0000",
    "9999-12-31",
    "99999999999999999999",
    "*",
    "**",
    "?",
    "a*",
    "*a*",
    "?a?b?",
    "har*",
    "*r*r*",
    "~",
    "~1",
    "~2",
    "~9",
    "\"harbor talks\"~3",
    "\"a b\"~4294967296",
    "\\",
    "\\\"",
    ":",
    "::",
    ",",
    ";",
    "/",
    "[",
    "]",
    "{",
    "}",
    "^2",
    "+",
    "&",
    "|",
    "#",
    "%",
    "é",
    "e\u{301}",
    "İ",
    "ß",
    "ﬁ",
    "東京",
    "北京大学",
    "ไทย",
    "🙂",
    "👩\u{200d}👧",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{202e}",
    "\u{ad}",
    "\u{2028}",
    "U.S.",
    "10:30",
    "anti-missile",
    "a.b.c.d",
    "http://a.example/?q=1",
    "unknown",
];

/// Mostly a few pieces, sometimes very many, sometimes one again and again.
fn query(dice: &mut Dice) -> String {
    let pieces = match dice.below(20) {
        0 => dice.below(3_000),
        1 => return PIECES[dice.below(PIECES.len())].repeat(dice.below(3_000)),
        _ => dice.below(14),
    };
    let mut query = String::new();
    for _ in 0..pieces {
        query.push_str(PIECES[dice.below(PIECES.len())]);
        if dice.below(3) == 0 {
            query.push(' ');
        }
    }
    query
}

#[test]
fn no_words_panic_or_run_away() {
    let seconds = std::env::var("ONRECORD_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let run = Run::new();
    run.run(&["index", "-q", repository("corpus/sample").to_str().unwrap()]);
    let reader = Reader::open(&Location::of(&run.folder().join(".onrecord"))).unwrap();
    let mut dice = Dice::new(1);
    let (mut read, mut asked) = (0u64, 0);
    let mut slowest = (Duration::ZERO, String::new());
    while read < 600 || until.is_some_and(|until| Instant::now() < until) {
        read += 1;
        let typed = query(&mut dice);
        let started = Instant::now();
        asked += usize::from(is_asked(&reader, &typed, dice.below(5)));
        if slowest.0 < started.elapsed() {
            slowest = (started.elapsed(), typed);
        }
    }
    let shown: String = slowest.1.chars().take(200).collect();
    println!("{read} queries, {asked} of them asked; the slowest took {:?}: {shown:?}", slowest.0);
    assert!(asked as u64 * 4 > read, "{asked} of {read}: the generator writes nothing that can be asked");
}

/// Reads it in both ways, asks and shows; `false` where it was refused.
fn is_asked(reader: &Reader, typed: &str, order: usize) -> bool {
    let Ok(literal) = parse(typed) else {
        assert!(ask::read(reader, typed, Reads::AsMeant).unwrap().is_err());
        return false;
    };
    // A word is at most one clause, and a clause is printed in not much more than was typed.
    assert!(literal.to_string().len() <= 64 * typed.len() + 64, "{typed:?}");
    let reading = ask::read(reader, typed, Reads::AsMeant).unwrap().unwrap();
    for query in [&literal, &reading.query] {
        let orders =
            [Order::Relevance, Order::Recent { half_life: 9 }, Order::Newest, Order::Oldest, Order::Speaker];
        let distinct = [Distinct::Document, Distinct::Story, Distinct::Article][order % 3];
        let order = orders[order];
        let question = Question { query: query.clone(), order, distinct, skip: 0, limit: 3, snippet: 120 };
        let answer = ask::search(reader, &question).unwrap();
        assert!(answer.hits.len() <= 3);
        render::hits::text(&answer, 40);
        let by = [(index_schema::Field::Speaker, None), (index_schema::Field::Date, Some(Unit::Year))];
        let by = by.map(|(field, unit)| By { field, unit });
        reader.facets(query, &by, OwnFilters::Ignored, distinct).unwrap();
        reader.spelled(query).unwrap();
    }
    true
}
