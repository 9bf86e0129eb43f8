//! The verb compose: an article and its findings become documents, one for the article and one for each statement.
//!
//! The only place that decides what one document is; every count depends on it.

use crate::article::{Article, CodePoints, Day, Span, place};
use crate::document::{Document, Text, UNKNOWN, Value};
use crate::findings::{Findings, Speaker, SpeakerKind, Statement};
use crate::spans::Spans;
use crate::terms;
use index_schema::Field;
use std::fmt;
use std::fmt::Write;
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// The article's document, then one for each statement in text order.
pub fn documents(article: &Article, findings: &Findings) -> Vec<Document> {
    let mut drafts = Drafts::default();
    let title = drafts.own(&article.title);
    drafts.add_shared(article, findings, title);
    drafts.add_article(article, findings, title);
    let mut points = CodePoints::new(&article.text);
    let mut lines = Lines { article, byte: 0, line: 0 };
    let mut path = (article.line, drafts.path);
    for (number, statement) in findings.statements.iter().enumerate() {
        let line = lines.of(statement.spans[0].start);
        if line != path.0 {
            path = (line, drafts.own(&place(&article.path, line)));
        }
        drafts.begin(format_args!("{}#{}", article.id, number + 1), "statement");
        drafts.add(Field::Path, path.1);
        drafts.add_statement(article, statement, &mut points);
    }
    drafts.documents(article)
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

/// An article's documents in the making. What they say that is no slice of the body is written into one string, which
/// they share: they have more values than anything else has, and all of them go from one thread to another.
#[derive(Default)]
struct Drafts {
    own: String,
    values: Vec<(Field, Drawn)>,
    /// What an article and its statements have in common, among `values`.
    shared: Range<usize>,
    /// Where each document begins in them.
    starts: Vec<usize>,
    /// Where the article stands.
    path: Drawn,
}

/// A value in the making.
#[derive(Clone, Copy)]
enum Drawn {
    Own(Span),
    Body(Span),
    Day(Day),
}

impl Default for Drawn {
    fn default() -> Drawn {
        Drawn::Own(Span::new(0, 0))
    }
}

impl Drafts {
    /// A text that is none of the body's.
    fn own(&mut self, text: &str) -> Drawn {
        let start = self.own.len();
        self.own.push_str(text);
        Drawn::Own(Span::new(start, self.own.len()))
    }

    fn written(&mut self, text: fmt::Arguments) -> Drawn {
        let start = self.own.len();
        self.own.write_fmt(text).expect("a string takes all");
        Drawn::Own(Span::new(start, self.own.len()))
    }

    /// Adds a value; an empty text is left out.
    fn add(&mut self, field: Field, value: Drawn) {
        if !matches!(value, Drawn::Own(span) | Drawn::Body(span) if span.start == span.end) {
            self.values.push((field, value));
        }
    }

    fn text(&mut self, field: Field, text: &str) {
        let text = self.own(text);
        self.add(field, text);
    }

    /// Begins the next document; what it shares with the others comes behind its kind.
    fn begin(&mut self, id: fmt::Arguments, kind: &str) {
        self.starts.push(self.values.len());
        let id = self.written(id);
        self.add(Field::Id, id);
        self.text(Field::Kind, kind);
    }

    /// What an article and its statements have in common, so that every facet works on both.
    fn add_shared(&mut self, article: &Article, findings: &Findings, title: Drawn) {
        self.text(Field::Article, &article.id);
        self.add(Field::TitleStem, title);
        for name in &article.byline {
            self.text(Field::Byline, name);
        }
        self.text(Field::Source, article.source.as_deref().unwrap_or_default());
        self.text(Field::Lang, article.lang.as_deref().unwrap_or_default());
        if let Some(day) = article.published {
            self.add(Field::Date, Drawn::Day(day));
            let month = self.written(format_args!("{:04}-{:02}", day.year(), day.month()));
            self.add(Field::Month, month);
            let year = self.written(format_args!("{:04}", day.year()));
            self.add(Field::Year, year);
        }
        if let Some(at) = article.published_at {
            let at = self.written(format_args!("{at}"));
            self.add(Field::PublishedAt, at);
        }
        for counted in findings.countries.iter().filter(|counted| counted.about) {
            self.text(Field::About, counted.country.code());
        }
        self.text(Field::Filed, findings.dateline_country.as_ref().map_or("", |country| country.code()));
        self.text(Field::Home, findings.source_country.as_ref().map_or("", |country| country.code()));
        self.shared = 0..self.values.len();
    }

    fn add_article(&mut self, article: &Article, findings: &Findings, title: Drawn) {
        let body = Drawn::Body(Span::new(0, article.text.len()));
        self.begin(format_args!("{}", article.id), "article");
        self.add(Field::Title, title);
        self.text(Field::Url, article.url.as_deref().unwrap_or_default());
        self.add(Field::Body, body);
        self.add(Field::Text, body);
        // A plain word is one lookup in one field. The title stands there twice: a word in it counts for more.
        self.add(Field::Stem, title);
        self.add(Field::Stem, title);
        self.add(Field::Stem, body);
        for caption in &article.captions {
            let caption = self.own(caption);
            self.add(Field::Stem, caption);
            self.add(Field::Captions, caption);
        }
        self.path = self.own(&article.place());
        self.add(Field::Path, self.path);
        let mut days: Vec<Day> = findings.dates.iter().filter_map(|timex| timex.day()).collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            self.add(Field::Dates, Drawn::Day(day));
        }
        for counted in findings.countries.iter().filter(|counted| counted.mentions > 0) {
            self.text(Field::Country, counted.country.code());
        }
    }

    fn add_statement(&mut self, article: &Article, statement: &Statement, points: &mut CodePoints) {
        let words = match statement.spans[..] {
            [span] => Drawn::Body(span),
            _ => self.own(&statement.words(&article.text)),
        };
        self.add(Field::Stem, words);
        self.add(Field::Text, words);
        for country in &statement.countries {
            self.text(Field::Country, country.code());
        }
        self.text(Field::Quote, statement.quote.name());
        self.text(Field::Conf, statement.confidence.name());
        if let Some(day) = statement.said_on {
            self.add(Field::Said, Drawn::Day(day));
            self.text(Field::SaidStated, if statement.said_on_stated { "yes" } else { "no" });
        }
        if let Some(cue) = statement.cue {
            self.add(Field::Cue, Drawn::Body(cue));
        }
        let start = self.own.len();
        spans(statement, points).spell(&mut self.own);
        self.add(Field::Spans, Drawn::Own(Span::new(start, self.own.len())));
        self.add_speaker(statement.speaker.as_ref());
    }

    fn add_speaker(&mut self, speaker: Option<&Speaker>) {
        let Some(speaker) = speaker else {
            self.text(Field::Speaker, UNKNOWN);
            self.text(Field::SpeakerKind, UNKNOWN);
            return;
        };
        self.add(Field::Mention, Drawn::Body(speaker.span));
        self.text(Field::SpeakerKind, if speaker.name.is_some() { speaker.kind.name() } else { UNKNOWN });
        match &speaker.name {
            Some(name) => self.name_and_words(Field::Speaker, Field::SpeakerWords, name),
            None => self.text(Field::Speaker, UNKNOWN),
        }
        self.name_and_words(Field::Role, Field::RoleWords, speaker.role.as_deref().unwrap_or_default());
        let organisation = speaker.organisation.as_deref().unwrap_or_default();
        self.name_and_words(Field::Org, Field::OrgWords, organisation);
        // the initials a body is known by
        let initials = |name: &str| terms::initials(name).unwrap_or_default();
        if let Some(name) = speaker.name.as_deref().filter(|_| speaker.kind == SpeakerKind::Organisation) {
            self.text(Field::SpeakerWords, &initials(name));
        }
        self.text(Field::OrgWords, &initials(organisation));
        self.text(Field::SpeakerCountry, speaker.country.as_ref().map_or("", |country| country.code()));
    }

    fn name_and_words(&mut self, whole: Field, words: Field, name: &str) {
        let name = self.own(name);
        self.add(whole, name);
        self.add(words, name);
    }

    fn documents(self, article: &Article) -> Vec<Document> {
        let (own, body) = (Text::from(self.own), Text::from(article.text.as_str()));
        let value = |&(field, drawn): &(Field, Drawn)| {
            let value = match drawn {
                Drawn::Own(span) => Value::Text(own.part(span.start..span.end)),
                Drawn::Body(span) => Value::Text(body.part(span.start..span.end)),
                Drawn::Day(day) => Value::Day(day),
            };
            (field, value)
        };
        let shared: Vec<(Field, Value)> = self.values[self.shared].iter().map(value).collect();
        let ends = self.starts.iter().copied().skip(1).chain([self.values.len()]);
        let document = |(&start, end): (&usize, usize)| {
            let values = &self.values[start..end];
            let kind = values.iter().position(|(field, _)| *field == Field::Kind).map_or(0, |kind| kind + 1);
            let (first, rest) = values.split_at(kind);
            let mut values = Vec::with_capacity(shared.len() + end - start);
            values.extend(first.iter().map(value));
            values.extend_from_slice(&shared);
            values.extend(rest.iter().map(value));
            Document { values }
        };
        self.starts.iter().zip(ends).map(document).collect()
    }
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
