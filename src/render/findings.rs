//! The JSON of `extract`: one object per article, a promise to strangers.

use crate::article::{Article, CodePoints};
use crate::findings::{Findings, Speaker, Statement};
use serde::Serialize;

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
    serde_json::to_string(&row).expect("strings and numbers only")
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
