//! The verb compose: an article and its findings become documents, one for the article and one for each statement.
//!
//! The only place that decides what one document is; every count depends on it.

use crate::article::{Article, CodePoints, Day, place};
use crate::document::{Document, UNKNOWN};
use crate::findings::{Findings, Speaker, SpeakerKind, Statement};
use crate::spans::Spans;
use crate::terms;
use index_schema::Field;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// The article's document, then one for each statement in text order.
pub fn documents(article: &Article, findings: &Findings) -> Vec<Document> {
    let mut documents = Vec::with_capacity(1 + findings.statements.len());
    let shared = shared(article, findings);
    documents.push(article_document(article, findings, &shared));
    let mut points = CodePoints::new(&article.text);
    let mut lines = Lines { article, byte: 0, line: 0 };
    for (number, statement) in findings.statements.iter().enumerate() {
        let mut document = document(format!("{}#{}", article.id, number + 1), "statement", &shared);
        document.text(Field::Path, place(&article.path, lines.of(statement.spans[0].start)));
        add_statement(&mut document, article, statement, &mut points);
        documents.push(document);
    }
    documents
}

/// Says which story an article's documents belong to, that has several articles. A statement has with it the words that
/// all versions of the story repeat.
pub fn set_story(documents: &mut [Document], story: &str) {
    for document in documents {
        let words = document.first(Field::Text).unwrap_or_default();
        let story = match document.first(Field::Kind) {
            Some("statement") => format!("{story}#{:08x}", xxh3_64(terms::folded(words).as_bytes()) as u32),
            _ => story.to_owned(),
        };
        document.text(Field::Story, story);
    }
}

/// What an article and its statements have in common, so that every facet works on both.
fn shared(article: &Article, findings: &Findings) -> Document {
    let mut document = Document::default();
    document.text(Field::Article, article.id.as_str());
    document.text(Field::TitleStem, article.title.as_str());
    for name in &article.byline {
        document.text(Field::Byline, name.as_str());
    }
    document.text(Field::Source, article.source.as_deref().unwrap_or_default());
    document.text(Field::Lang, article.lang.as_deref().unwrap_or_default());
    if let Some(day) = article.published {
        document.day(Field::Date, day);
        document.text(Field::Month, month(day));
        document.text(Field::Year, format!("{:04}", day.year()));
    }
    if let Some(at) = article.published_at {
        document.text(Field::PublishedAt, at.to_string());
    }
    for counted in findings.countries.iter().filter(|counted| counted.about) {
        document.text(Field::About, counted.country.code());
    }
    document.text(Field::Filed, findings.dateline_country.map(|c| c.code().to_owned()).unwrap_or_default());
    document.text(Field::Home, findings.source_country.map(|c| c.code().to_owned()).unwrap_or_default());
    document
}

/// A document with what the article and its statements have in common.
fn document(id: String, kind: &str, shared: &Document) -> Document {
    // as many more as a statement has of its own
    let mut document = Document { values: Vec::with_capacity(shared.values.len() + 20) };
    document.text(Field::Id, id);
    document.text(Field::Kind, kind);
    document.values.extend_from_slice(&shared.values);
    document
}

fn article_document(article: &Article, findings: &Findings, shared: &Document) -> Document {
    let mut document = document(article.id.clone(), "article", shared);
    let (title, body): (Arc<str>, Arc<str>) = (article.title.as_str().into(), article.text.as_str().into());
    document.text(Field::Title, Arc::clone(&title));
    document.text(Field::Url, article.url.as_deref().unwrap_or_default());
    document.text(Field::Body, Arc::clone(&body));
    document.text(Field::Text, Arc::clone(&body));
    // A plain word is one lookup in one field. The title stands there twice: a word in it counts for more.
    document.text(Field::Stem, Arc::clone(&title));
    document.text(Field::Stem, title);
    document.text(Field::Stem, body);
    for caption in &article.captions {
        document.text(Field::Stem, caption.as_str());
        document.text(Field::Captions, caption.as_str());
    }
    document.text(Field::Path, article.place());
    let mut days: Vec<Day> = findings.dates.iter().filter_map(|timex| timex.day()).collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        document.day(Field::Dates, day);
    }
    for counted in findings.countries.iter().filter(|counted| counted.mentions > 0) {
        document.text(Field::Country, counted.country.code());
    }
    document
}

fn add_statement(document: &mut Document, article: &Article, statement: &Statement, points: &mut CodePoints) {
    let words: Arc<str> = statement.words(&article.text).into();
    document.text(Field::Stem, Arc::clone(&words));
    document.text(Field::Text, words);
    for country in &statement.countries {
        document.text(Field::Country, country.code());
    }
    document.text(Field::Quote, statement.quote.name());
    document.text(Field::Conf, statement.confidence.name());
    if let Some(day) = statement.said_on {
        document.day(Field::Said, day);
        document.text(Field::SaidStated, if statement.said_on_stated { "yes" } else { "no" });
    }
    document.text(Field::Cue, statement.cue.map(|span| span.of(&article.text)).unwrap_or_default());
    document.text(Field::Spans, spans(statement, points).to_string());
    add_speaker(document, article, statement.speaker.as_ref());
}

fn add_speaker(document: &mut Document, article: &Article, speaker: Option<&Speaker>) {
    let Some(speaker) = speaker else {
        document.text(Field::Speaker, UNKNOWN);
        document.text(Field::SpeakerKind, UNKNOWN);
        return;
    };
    document.text(Field::Mention, speaker.span.of(&article.text));
    document.text(Field::SpeakerKind, if speaker.name.is_some() { speaker.kind.name() } else { UNKNOWN });
    match &speaker.name {
        Some(name) => name_and_words(document, Field::Speaker, Field::SpeakerWords, name),
        None => document.text(Field::Speaker, UNKNOWN),
    }
    name_and_words(document, Field::Role, Field::RoleWords, speaker.role.as_deref().unwrap_or_default());
    let organisation = speaker.organisation.as_deref().unwrap_or_default();
    name_and_words(document, Field::Org, Field::OrgWords, organisation);
    // the initials a body is known by
    let initials = |name: &str| terms::initials(name).unwrap_or_default();
    if let Some(name) = speaker.name.as_deref().filter(|_| speaker.kind == SpeakerKind::Organisation) {
        document.text(Field::SpeakerWords, initials(name));
    }
    document.text(Field::OrgWords, initials(organisation));
    document.text(Field::SpeakerCountry, speaker.country.map(|c| c.code().to_owned()).unwrap_or_default());
}

fn name_and_words(document: &mut Document, whole: Field, words: Field, name: &str) {
    let name: Arc<str> = name.into();
    document.text(whole, Arc::clone(&name));
    document.text(words, name);
}

fn month(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Finds the file's line for rising offsets into the article's text, in one pass.
struct Lines<'a> {
    article: &'a Article,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the file on which byte `at` of the text stands, from 1; 0 where lines mean nothing.
    fn of(&mut self, at: usize) -> u32 {
        if self.article.line_numbers.is_empty() {
            return self.article.line;
        }
        if at < self.byte {
            (self.byte, self.line) = (0, 0);
        }
        self.line += self.article.text[self.byte..at].bytes().filter(|&byte| byte == b'\n').count();
        self.byte = at;
        self.article.line_numbers.get(self.line).copied().unwrap_or(self.article.line)
    }
}

/// Where the statement, its cue and its speaker stand.
fn spans(statement: &Statement, points: &mut CodePoints) -> Spans {
    Spans {
        statement: statement.spans.iter().map(|&span| points.span(span)).collect(),
        cue: statement.cue.map(|span| points.span(span)),
        speaker: statement.speaker.as_ref().map(|speaker| points.span(speaker.span)),
    }
}
