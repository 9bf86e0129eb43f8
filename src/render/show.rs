//! One article with its statements marked, or one statement in its place.

use super::export::{document_fields, spans};
use super::safe;
use super::wrap::{self, BOLD, DIM, PLAIN, Piece};
use crate::document::{Document, UNKNOWN};
use index_schema::Field;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The colours of speakers, in the order in which they first speak.
const COLOURS: [&str; 6] = ["\x1b[33m", "\x1b[36m", "\x1b[32m", "\x1b[35m", "\x1b[34m", "\x1b[31m"];

/// The article: what it is, its text with every statement in its speaker's colour, who speaks. With `around`, only the
/// statement at that place with so many characters about it.
pub fn text(
    article: &Document,
    statements: &[Document],
    around: Option<(usize, usize)>,
    columns: usize,
) -> String {
    let mut out = head(article, columns);
    let text = article.first(Field::Text).unwrap_or_default();
    let byte = byte_of_points(text);
    let colours = colours(statements);
    let mut marked: Vec<(usize, usize, &'static str)> = Vec::new();
    for statement in statements {
        let colour = colours.get(statement.first(Field::Speaker).unwrap_or(UNKNOWN)).copied().unwrap_or(DIM);
        for [start, end] in spans(statement).statement {
            marked.push((byte(start), byte(end), colour));
        }
    }
    marked.sort_unstable();
    let (from, to) = match around.and_then(|(place, about)| Some((statements.get(place)?, about))) {
        Some((statement, about)) => {
            let spans = spans(statement).statement;
            let start = spans.first().map_or(0, |span| span[0]);
            let end = spans.last().map_or(0, |span| span[1]);
            (byte(start.saturating_sub(about)), byte(end.saturating_add(about)))
        }
        None => (0, text.len()),
    };
    out.push('\n');
    let lines = paragraphs(text, from, to);
    for (start, end) in lines {
        let mut pieces = Vec::new();
        let mut at = start;
        for &(mark_start, mark_end, colour) in &marked {
            let (mark_start, mark_end) = (mark_start.clamp(at, end), mark_end.clamp(at, end));
            if mark_start < mark_end {
                pieces.push(Piece::new(&text[at..mark_start], ""));
                pieces.push(Piece::new(&text[mark_start..mark_end], colour));
                at = mark_end;
            }
        }
        pieces.push(Piece::new(&text[at..end], ""));
        for line in wrap::lines(&pieces, columns.min(100)) {
            out.push_str(&line);
            out.push('\n');
        }
        out.push('\n');
    }
    out.push_str(&match around.and_then(|(place, _)| statements.get(place)) {
        Some(statement) => spoken(std::slice::from_ref(statement), &colours, columns),
        None => spoken(statements, &colours, columns),
    });
    out
}

fn head(article: &Document, columns: usize) -> String {
    let mut out = String::new();
    for line in wrap::lines(&[Piece::new(article.first(Field::Title).unwrap_or("(no title)"), BOLD)], columns)
    {
        out.push_str(&line);
        out.push('\n');
    }
    let mut facts: Vec<String> = Vec::new();
    let day = article.first_day(Field::Date).map(|day| day.to_string());
    facts.extend(article.first(Field::PublishedAt).map(|at| at.replace('T', " ")).or(day));
    facts.extend(article.first(Field::Source).map(str::to_owned));
    let byline: Vec<&str> = article.all(Field::Byline).collect();
    if !byline.is_empty() {
        facts.push(format!("by {}", byline.join(", ")));
    }
    let about: Vec<&str> = article.all(Field::About).collect();
    if !about.is_empty() {
        facts.push(format!("about {}", about.join(" ")));
    }
    for line in [facts.join(" · "), article.all(Field::Path).collect::<Vec<_>>().join("  ")] {
        if !line.is_empty() {
            out.push_str(&format!("{DIM}{}{PLAIN}\n", safe::line(&line)));
        }
    }
    out.extend(article.first(Field::Url).map(|url| format!("{DIM}{}{PLAIN}\n", safe::line(url))));
    out
}

/// Who says what: one line for each statement, its speaker in the colour of the text above.
fn spoken(statements: &[Document], colours: &BTreeMap<String, &'static str>, columns: usize) -> String {
    let mut out = String::new();
    for statement in statements {
        let name = statement.first(Field::Speaker).unwrap_or(UNKNOWN);
        let colour = colours.get(name).copied().unwrap_or(DIM);
        let number = statement.first(Field::Id).and_then(|id| id.rsplit_once('#')).map_or("", |(_, n)| n);
        let details: Vec<String> = [
            statement.first(Field::Role).map(str::to_owned),
            statement.first(Field::Org).map(str::to_owned),
            statement.first(Field::SpeakerCountry).map(str::to_owned),
            statement.first(Field::Quote).map(str::to_owned),
            statement.first_day(Field::Said).map(|day| format!("said {day}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let number = safe::line(number);
        let line = [
            Piece::new(&format!("{number:>3}  "), DIM),
            Piece::new(name, colour),
            Piece::new("  ", ""),
            Piece::new(&details.join(" · "), DIM),
        ];
        let mut lines = wrap::lines(&line, columns);
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &" ".repeat(3usize.saturating_sub(number.len())));
        }
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn colours(statements: &[Document]) -> BTreeMap<String, &'static str> {
    let mut colours = BTreeMap::new();
    for statement in statements {
        let name = statement.first(Field::Speaker).unwrap_or(UNKNOWN);
        if name != UNKNOWN && !colours.contains_key(name) {
            colours.insert(name.to_owned(), COLOURS[colours.len() % COLOURS.len()]);
        }
    }
    colours
}

/// The byte at which a code point of the text begins; beyond the end, the end.
fn byte_of_points(text: &str) -> impl Fn(usize) -> usize {
    let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    let end = text.len();
    move |point| bytes.get(point).copied().unwrap_or(end)
}

/// The lines of the text between two bytes that hold more than white space.
fn paragraphs(text: &str, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut at = from;
    for line in text[from..to].split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let start = end - text[at..end].trim_start().len();
        if start < end {
            lines.push((start, end));
        }
        at += line.len();
    }
    lines
}

/// The article with all its statements as one object.
pub fn json(article: &Document, statements: &[Document]) -> Value {
    let mut object = document_fields(article);
    let statements: Vec<Value> =
        statements.iter().map(|statement| Value::Object(document_fields(statement))).collect();
    object.insert("statements".into(), json!(statements));
    Value::Object(object)
}

/// One statement as an object.
pub fn statement_json(statement: &Document) -> Value {
    Value::Object(document_fields(statement))
}
