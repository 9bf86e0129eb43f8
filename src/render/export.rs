//! Hits for programs: JSON, JSON Lines, CSV, BibTeX and CSL, keys and columns being promises to strangers.

use super::safe;
use crate::answer::Hit;
use crate::article::Span;
use crate::document::Document;
use crate::spans::Spans;
use index_schema::Field;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// One hit as an object.
pub fn json(hit: &Hit) -> Value {
    let document = &hit.document;
    let mut object = document_fields(document);
    let statement = document.first(Field::Kind) == Some("statement");
    if !statement {
        object.remove("text");
    }
    object.insert("score".into(), score(hit));
    object.insert("snippet".into(), json!(hit.snippet.text));
    object.insert("marks".into(), json!(in_code_points(&hit.snippet.text, &hit.snippet.marks)));
    let versions = hit.versions.as_ref();
    object.insert("more_versions".into(), json!(versions.map_or(0, |versions| versions.more)));
    object.insert("versions".into(), json!(versions.map(|versions| versions.query.to_string())));
    Value::Object(object)
}

/// With four digits after the point: the last bits of a sum mean nothing.
fn score(hit: &Hit) -> Value {
    json!((f64::from(hit.score) * 1e4).round() / 1e4)
}

/// What is known of an article or a statement, under the names of `extract` where both say the same.
pub(super) fn document_fields(document: &Document) -> Map<String, Value> {
    let statement = document.first(Field::Kind) == Some("statement");
    let text = |field: Field| json!(document.first(field));
    let all = |field: Field| json!(document.all(field).collect::<Vec<_>>());
    let day = |field: Field| json!(document.first_day(field).map(|day| day.to_string()));
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("kind", text(Field::Kind));
    put("id", text(Field::Id));
    put("article", text(Field::Article));
    if statement {
        put("speaker", text(Field::Speaker));
        put("speaker_kind", text(Field::SpeakerKind));
        put("mention", text(Field::Mention));
        put("role", text(Field::Role));
        put("organisation", text(Field::Org));
        put("speaker_country", text(Field::SpeakerCountry));
        put("quote", text(Field::Quote));
        put("cue", text(Field::Cue));
        put("said_on", day(Field::Said));
        put("said_on_stated", json!(document.first(Field::SaidStated) == Some("yes")));
        put("confidence", text(Field::Conf));
    }
    put("text", text(Field::Text));
    put("title", text(Field::Title));
    put("byline", all(Field::Byline));
    put("source", text(Field::Source));
    put("lang", text(Field::Lang));
    put("url", text(Field::Url));
    put("published", day(Field::Date));
    put("published_at", text(Field::PublishedAt));
    put("countries", all(Field::Country));
    put("about", all(Field::About));
    put("path", text(Field::Path));
    if statement {
        let spans = spans(document);
        // from the first character of the statement to its last
        let ends = spans.statement.first().zip(spans.statement.last());
        put("span", json!(ends.map(|(first, last)| [first[0], last[1]])));
        put("spans", json!(spans.statement));
        put("cue_span", json!(spans.cue));
        put("speaker_span", json!(spans.speaker));
    } else {
        put("paths", all(Field::Path));
        put("captions", all(Field::Captions));
    }
    object
}

pub(super) fn spans(document: &Document) -> Spans {
    document.first(Field::Spans).and_then(|spans| spans.parse().ok()).unwrap_or_default()
}

fn in_code_points(text: &str, marks: &[Span]) -> Vec<[usize; 2]> {
    let mut points = crate::article::CodePoints::new(text);
    marks.iter().map(|&mark| points.span(mark)).collect()
}

/// The columns of [`csv()`].
const COLUMNS: [&str; 19] = [
    "kind",
    "id",
    "article",
    "score",
    "speaker",
    "role",
    "organisation",
    "speaker_country",
    "quote",
    "said_on",
    "text",
    "title",
    "byline",
    "source",
    "url",
    "published",
    "countries",
    "path",
    "span",
];

/// The names of the columns.
pub fn csv_header() -> String {
    row(COLUMNS.map(str::to_owned))
}

/// One hit as a row; several values stand in one cell with `; ` between them.
pub fn csv(hit: &Hit) -> String {
    let mut object = document_fields(&hit.document);
    object.insert("score".into(), score(hit));
    if hit.document.first(Field::Kind) != Some("statement") {
        object.insert("text".into(), json!(hit.snippet.text));
    }
    row(COLUMNS.map(|column| match object.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => safe::cell(text),
        Some(Value::Array(values)) if column == "span" => {
            values.iter().map(Value::to_string).collect::<Vec<_>>().join("-")
        }
        Some(Value::Array(values)) => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            safe::cell(&texts.join("; "))
        }
        Some(other) => other.to_string(),
    }))
}

pub(super) fn row(cells: impl IntoIterator<Item = String>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells).is_ok() && writer.flush().is_ok();
    debug_assert!(written, "writing to memory does not fail");
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The article of a hit as a BibTeX entry; `None` for a statement's copy of an article given before.
pub fn bibtex(hit: &Hit) -> String {
    let document = &hit.document;
    let mut out = format!("@misc{{{},\n", key(document));
    let mut put = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name} = {{{}}},", bibtex_text(value));
    };
    let authors: Vec<String> = document.all(Field::Byline).map(|author| format!("{{{author}}}")).collect();
    if !authors.is_empty() {
        // each name braced: it is not ours to say which part is the family's
        put("author", &authors.join(" and ").replace(['{', '}'], ""));
    }
    put("title", document.first(Field::Title).unwrap_or("(no title)"));
    if let Some(source) = document.first(Field::Source) {
        put("howpublished", source);
    }
    if let Some(day) = document.first_day(Field::Date) {
        put("year", &format!("{:04}", day.year()));
        put("month", &day.month().to_string());
        put("date", &day.to_string());
    }
    if let Some(url) = document.first(Field::Url) {
        put("url", url);
    }
    out.push_str("}\n");
    out
}

/// Characters that TeX takes for its own stand for themselves; braces go.
fn bibtex_text(text: &str) -> String {
    let mut out = String::new();
    for c in safe::line(text).chars() {
        match c {
            '{' | '}' | '\\' => out.push(' '),
            '%' | '&' | '#' | '$' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            c => out.push(c),
        }
    }
    out
}

/// The article of a hit as a CSL-JSON item.
pub fn csl(hit: &Hit) -> Value {
    #[derive(Serialize)]
    struct Name<'d> {
        literal: &'d str,
    }
    let document = &hit.document;
    let authors: Vec<Name> = document.all(Field::Byline).map(|literal| Name { literal }).collect();
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| item.insert(key.to_owned(), value);
    put("id", json!(key(document)));
    put("type", json!("article-newspaper"));
    put("title", json!(document.first(Field::Title)));
    if !authors.is_empty() {
        put("author", json!(authors));
    }
    if let Some(source) = document.first(Field::Source) {
        put("container-title", json!(source));
    }
    if let Some(day) = document.first_day(Field::Date) {
        put("issued", json!({ "date-parts": [[day.year(), day.month(), day.day()]] }));
    }
    if let Some(url) = document.first(Field::Url) {
        put("URL", json!(url));
    }
    if let Some(lang) = document.first(Field::Lang) {
        put("language", json!(lang));
    }
    Value::Object(item)
}

/// A key that stays: the first author's or the outlet's last word, the year, and a hash of the article's id.
fn key(document: &Document) -> String {
    let name = document.first(Field::Byline).or(document.first(Field::Source)).unwrap_or("article");
    let word: String = crate::terms::words(name).pop().unwrap_or_default();
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let word = if word.is_empty() { "article" } else { &word };
    let year = document.first_day(Field::Date).map_or(String::new(), |day| format!("{:04}", day.year()));
    let id = document.first(Field::Article).unwrap_or_default();
    format!("{word}{year}-{:08x}", xxhash_rust::xxh3::xxh3_64(id.as_bytes()) >> 32)
}
