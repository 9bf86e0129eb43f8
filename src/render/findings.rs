//! What `extract` prints: the JSON that is a promise to strangers, CSV, and a text for people.

use super::{one_line, safe};
use crate::article::{Article, CodePoints};
use crate::findings::{CountryCount, Findings, Speaker, Statement};
use serde::Serialize;
use std::fmt::Write;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// One article and what was found in it, as a line of JSON without its newline. Offsets are Unicode code points into
/// `text`, half-open.
pub fn json(article: &Article, findings: &Findings) -> String {
    let mut points = CodePoints::new(&article.text);
    let row = Row {
        id: &article.id,
        path: &article.path,
        url: article.url.as_deref(),
        title: &article.title,
        byline: &article.byline,
        source: article.source.as_deref(),
        lang: article.lang.as_deref(),
        published: article.published.map(|day| day.to_string()),
        published_at: article.published_at.map(|at| at.to_string()),
        dateline: article.dateline.as_deref(),
        dateline_country: findings.dateline_country.as_ref().map(|country| country.code()),
        source_country: findings.source_country.as_ref().map(|country| country.code()),
        captions: &article.captions,
        text: &article.text,
        statements: findings.statements.iter().map(|s| statement(article, s, &mut points)).collect(),
        countries: findings
            .countries
            .iter()
            .map(|c| CountryRow { code: c.country.code(), mentions: c.mentions, about: c.about })
            .collect(),
        dates: findings
            .dates
            .iter()
            .map(|timex| DateRow {
                span: points.span(timex.span),
                text: timex.span.of(&article.text),
                kind: timex.kind.name(),
                value: &timex.value,
            })
            .collect(),
    };
    one_line(serde_json::to_string(&row).expect("strings and numbers only"))
}

/// The names of the columns of [`csv()`].
pub const CSV_HEADER: &str = "article,path,title,published,kind,speaker,mention,speaker_kind,role,organisation,\
    speaker_country,said_on,countries,confidence,start,end,text\n";

/// One row for each statement; offsets are those of its first and last character, code points.
pub fn csv(article: &Article, findings: &Findings) -> String {
    let mut points = CodePoints::new(&article.text);
    let mut rows = csv::Writer::from_writer(Vec::new());
    for statement in &findings.statements {
        let speaker = statement.speaker.as_ref();
        let words = |value: Option<&String>| value.map_or(String::new(), |value| safe::cell(value));
        let countries: Vec<&str> = statement.countries.iter().map(|country| country.code()).collect();
        let (first, last) = (statement.spans[0], statement.spans[statement.spans.len() - 1]);
        rows.write_record([
            safe::cell(&article.id),
            safe::cell(&article.path),
            safe::cell(&article.title),
            article.published.map_or(String::new(), |day| day.to_string()),
            statement.quote.name().to_owned(),
            words(speaker.and_then(|s| s.name.as_ref())),
            speaker.map_or(String::new(), |s| safe::cell(s.span.of(&article.text))),
            speaker.map_or(String::new(), |s| s.kind.name().to_owned()),
            words(speaker.and_then(|s| s.role.as_ref())),
            words(speaker.and_then(|s| s.organisation.as_ref())),
            speaker.and_then(|s| s.country).map_or(String::new(), |c| c.code().to_owned()),
            statement.said_on.map_or(String::new(), |day| day.to_string()),
            countries.join(" "),
            statement.confidence.name().to_owned(),
            points.at(first.start).to_string(),
            points.at(last.end).to_string(),
            safe::cell(&statement.words(&article.text)),
        ])
        .expect("writing into memory");
    }
    String::from_utf8(rows.into_inner().expect("writing into memory")).expect("made of strings")
}

/// For people: the article's head, then each statement under its speaker, then countries and days.
pub fn text(article: &Article, findings: &Findings) -> String {
    let mut out = format!("{BOLD}{}{PLAIN}\n", safe::line(&article.title));
    let mut head: Vec<String> = Vec::new();
    head.extend(article.published.map(|day| day.to_string()));
    head.extend(article.source.iter().map(|source| safe::line(source)));
    if !article.byline.is_empty() {
        head.push(format!("by {}", safe::line(&article.byline.join(", "))));
    }
    head.push(safe::line(&article.place()));
    let _ = writeln!(out, "{DIM}{}{PLAIN}", head.join("  "));
    for statement in &findings.statements {
        let (name, about) = match &statement.speaker {
            Some(speaker) => {
                let name = speaker.name.as_deref().unwrap_or_else(|| speaker.span.of(&article.text));
                let country = speaker.country.as_ref().map(|country| country.code());
                let parts = [speaker.role.as_deref(), speaker.organisation.as_deref(), country];
                (safe::line(name), parts.into_iter().flatten().map(safe::line).collect::<Vec<_>>().join(", "))
            }
            None => ("unknown".to_owned(), String::new()),
        };
        let said = statement.said_on.map_or(String::new(), |day| format!("  {day}"));
        let about = if about.is_empty() { about } else { format!(", {about}") };
        let _ = writeln!(out, "\n  {BOLD}{name}{PLAIN}{about}{DIM}{said}  {}{PLAIN}", statement.quote.name());
        let _ = writeln!(out, "    {}", safe::line(&statement.words(&article.text)));
    }
    let starred = |c: &CountryCount| format!("{}{}", c.country.code(), if c.about { "*" } else { "" });
    let countries: Vec<String> = findings.countries.iter().map(starred).collect();
    if !countries.is_empty() {
        let _ = writeln!(out, "\n  {DIM}countries{PLAIN} {}", countries.join(" "));
    }
    let mut dates: Vec<&str> = findings.dates.iter().map(|timex| timex.value.as_str()).collect();
    dates.sort_unstable();
    dates.dedup();
    if !dates.is_empty() {
        let _ = writeln!(out, "  {DIM}dates{PLAIN} {}", dates.join(" "));
    }
    out.push('\n');
    out
}

fn statement<'a>(
    article: &'a Article,
    statement: &'a Statement,
    points: &mut CodePoints,
) -> StatementRow<'a> {
    StatementRow {
        kind: statement.quote.name(),
        spans: statement.spans.iter().map(|&span| points.span(span)).collect(),
        text: statement.words(&article.text),
        cue: statement.cue.map(|span| span.of(&article.text)),
        cue_span: statement.cue.map(|span| points.span(span)),
        speaker: statement.speaker.as_ref().map(|s| speaker(article, s, points)),
        confidence: statement.confidence.name(),
        countries: statement.countries.iter().map(|country| country.code()).collect(),
        said_on: statement.said_on.map(|day| day.to_string()),
        said_on_stated: statement.said_on_stated,
    }
}

fn speaker<'a>(article: &'a Article, speaker: &'a Speaker, points: &mut CodePoints) -> SpeakerRow<'a> {
    SpeakerRow {
        kind: speaker.kind.name(),
        mention: speaker.span.of(&article.text),
        span: points.span(speaker.span),
        name: speaker.name.as_deref(),
        role: speaker.role.as_deref(),
        organisation: speaker.organisation.as_deref(),
        country: speaker.country.as_ref().map(|country| country.code()),
    }
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    path: &'a str,
    url: Option<&'a str>,
    title: &'a str,
    byline: &'a [String],
    source: Option<&'a str>,
    lang: Option<&'a str>,
    published: Option<String>,
    published_at: Option<String>,
    dateline: Option<&'a str>,
    dateline_country: Option<&'a str>,
    source_country: Option<&'a str>,
    captions: &'a [String],
    text: &'a str,
    statements: Vec<StatementRow<'a>>,
    countries: Vec<CountryRow<'a>>,
    dates: Vec<DateRow<'a>>,
}

#[derive(Serialize)]
struct StatementRow<'a> {
    kind: &'static str,
    spans: Vec<[usize; 2]>,
    text: String,
    cue: Option<&'a str>,
    cue_span: Option<[usize; 2]>,
    speaker: Option<SpeakerRow<'a>>,
    confidence: &'static str,
    countries: Vec<&'a str>,
    said_on: Option<String>,
    said_on_stated: bool,
}

#[derive(Serialize)]
struct SpeakerRow<'a> {
    kind: &'static str,
    mention: &'a str,
    span: [usize; 2],
    name: Option<&'a str>,
    role: Option<&'a str>,
    organisation: Option<&'a str>,
    country: Option<&'a str>,
}

#[derive(Serialize)]
struct CountryRow<'a> {
    code: &'a str,
    mentions: usize,
    about: bool,
}

#[derive(Serialize)]
struct DateRow<'a> {
    span: [usize; 2],
    text: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'a str,
}
