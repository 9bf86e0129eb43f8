//! The noun `Findings`: what a careful reader finds in an article.

use crate::article::{Day, Span};

/// ISO 3166-1 alpha-2 code, two capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// The United States.
    pub const US: Country = Country(*b"US");

    /// `None` unless `code` is two ASCII letters; case is folded.
    pub fn new(code: &str) -> Option<Country> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Country([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters, checked by `new`")
    }
}

/// How much of a statement stands in quotation marks: all of it, nothing, a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quote {
    Direct,
    Indirect,
    Mixed,
}

impl Quote {
    pub fn name(self) -> &'static str {
        match self {
            Quote::Direct => "direct",
            Quote::Indirect => "indirect",
            Quote::Mixed => "mixed",
        }
    }
}

/// What sort of speaker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpeakerKind {
    Person,
    Organisation,
    Group,
    Unnamed,
}

impl SpeakerKind {
    pub fn name(self) -> &'static str {
        match self {
            SpeakerKind::Person => "person",
            SpeakerKind::Organisation => "organisation",
            SpeakerKind::Group => "group",
            SpeakerKind::Unnamed => "unnamed",
        }
    }
}

/// How sure the extractor is of something, in three steps a reader can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// Who the article says said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub kind: SpeakerKind,
    /// The words in the text that name the speaker here: `Harris`, `she`, `the ministry`.
    pub span: Span,
    /// The full name those words stand for in this article; for an unnamed source the phrase itself (`a senior
    /// official`). `None` where a pronoun could not be resolved.
    pub name: Option<String>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub country: Option<Country>,
}

/// One stretch of reported speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub quote: Quote,
    /// The reported words, in text order, never empty; more than one where the attribution splits them.
    pub spans: Vec<Span>,
    /// The reporting word: `said`, `according to`.
    pub cue: Option<Span>,
    /// `None` where nobody is named.
    pub speaker: Option<Speaker>,
    /// Sure of the speaker, or guessing.
    pub confidence: Confidence,
    /// The countries its own words name, first named first.
    pub countries: Vec<Country>,
    /// The day it was made.
    pub said_on: Option<Day>,
    /// Whether `said_on` comes from the statement's own sentence (else it is the day of publication).
    pub said_on_stated: bool,
}

impl Statement {
    /// The reported words, the spans joined by ` … `.
    pub fn words(&self, text: &str) -> String {
        self.spans.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(" … ")
    }
}

/// One naming of a place: the words and the country they lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub span: Span,
    pub country: Country,
}

/// A country of the article: how often its text names it, and whether the story is about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountryCount {
    pub country: Country,
    pub mentions: usize,
    pub about: bool,
}

/// TimeML's four types of time expression (TIMEX3, ISO 24617-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimexType {
    Date,
    Time,
    Duration,
    Set,
}

impl TimexType {
    pub fn name(self) -> &'static str {
        match self {
            TimexType::Date => "DATE",
            TimexType::Time => "TIME",
            TimexType::Duration => "DURATION",
            TimexType::Set => "SET",
        }
    }
}

/// One time expression in the text with its value as ISO 8601 is used there: `2023-09-11`, `1987-Q2`, `P3D`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timex {
    pub span: Span,
    pub kind: TimexType,
    pub value: String,
}

impl Timex {
    /// The calendar day it names, where it names one.
    pub fn day(&self) -> Option<Day> {
        match self.kind {
            TimexType::Date | TimexType::Time => self.value.get(..10)?.parse().ok(),
            TimexType::Duration | TimexType::Set => None,
        }
    }
}

/// All that was found in one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// In text order.
    pub statements: Vec<Statement>,
    /// In text order, not overlapping.
    pub places: Vec<Place>,
    /// Best first: what the story is about, then by mentions, then by code.
    pub countries: Vec<CountryCount>,
    /// The country the story was filed from.
    pub dateline_country: Option<Country>,
    /// The outlet's own country.
    pub source_country: Option<Country>,
    /// In text order, not overlapping.
    pub dates: Vec<Timex>,
}
