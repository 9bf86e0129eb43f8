//! The noun `Query`: what is asked, in no engine's words.

pub mod aliases;
pub mod dates;
pub mod countries;
pub mod error;
mod tokens;
pub mod words;
mod values;
pub mod parse;
mod print;
mod sentence;
mod phrasing;
pub mod intent;
pub mod highlight;

use crate::article::Day;
use index_schema::{Field, Kind};

pub use error::QueryError;

/// What is asked of an index. Every engine answers it with the same documents.
///
/// [`Field::Stem`] stands for *the words*: what a person means who names no field. A word there is looked up by its
/// stem; whatever needs the words' own forms or their places (phrases, patterns, names) is looked up in an article's
/// title and body and in a statement's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    /// Every document.
    Everything,
    /// One folded word: by stem in a `Stems` field, in its own form in a `Words` field.
    Word { field: Field, word: String },
    /// Folded words next to each other, in order.
    Phrase { field: Field, words: Vec<String> },
    /// Words or phrases close together: the shortest stretch that holds every part has at most `gaps` words beside
    /// theirs. `ordered`: in the order given, not overlapping.
    Near { field: Field, parts: Vec<Vec<String>>, gaps: u32, ordered: bool },
    /// A folded word in which `*` stands for any letters and `?` for one.
    Pattern { field: Field, pattern: String },
    /// A folded word up to `edits` letters away.
    Fuzzy { field: Field, word: String, edits: u8 },
    /// A whole value of a `Keyword` field.
    Value { field: Field, value: String, matching: Matching },
    /// A day from `from` to `to`, both included, open where `None`.
    Days { field: Field, from: Option<Day>, to: Option<Day> },
    /// Any value of the field.
    Present(Field),
    /// All of them.
    All(Vec<Query>),
    /// At least one of them.
    Any(Vec<Query>),
    /// Every document but these.
    Not(Box<Query>),
}

/// How a typed value is compared with those of a `Keyword` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matching {
    /// Byte for byte.
    Exact,
    /// The same but for case, accents and punctuation: `Kim Jong-un` and `kim jong un`.
    Alike,
    /// Its letters and digits hold the typed ones: `koreaherald` in `The Korea Herald`.
    Holds,
}

impl Query {
    /// All of `clauses`, flattened: nothing becomes everything, one stays itself.
    pub fn all(clauses: impl IntoIterator<Item = Query>) -> Query {
        let mut flat = Vec::new();
        for clause in clauses {
            match clause {
                Query::All(inner) => flat.extend(inner),
                Query::Everything => {}
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Query::Everything,
            1 => flat.remove(0),
            _ => Query::All(flat),
        }
    }

    /// Any of `clauses`, flattened; one stays itself.
    pub fn any(clauses: impl IntoIterator<Item = Query>) -> Query {
        let mut flat = Vec::new();
        for clause in clauses {
            match clause {
                Query::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Query::Any(flat) }
    }

    /// The documents of one kind: `article` or `statement`.
    pub fn kind(kind: &str) -> Query {
        Query::Value { field: Field::Kind, value: kind.to_owned(), matching: Matching::Exact }
    }

    /// The value as a facet counts it, found forgivingly where people's names are meant.
    pub fn value(field: Field, value: &str) -> Query {
        let matching = if forgiving(field) { Matching::Alike } else { Matching::Exact };
        Query::Value { field, value: value.to_owned(), matching }
    }

    /// The clauses that must all hold.
    pub fn clauses(&self) -> &[Query] {
        match self {
            Query::All(clauses) => clauses,
            Query::Everything => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// The query without the filters on `facet`, so that a facet's counts show the siblings of what is chosen. Days keep
    /// theirs: `date:2023` by month is a look into the year, not one choice among years.
    pub fn without(&self, facet: Field) -> Query {
        if facet.spec().kind == Kind::Day {
            return self.clone();
        }
        Query::all(self.clauses().iter().filter(|clause| clause.facet() != Some(facet)).cloned())
    }

    /// The one facet that all of the query's leaves are about, if they are.
    pub fn facet(&self) -> Option<Field> {
        match self {
            Query::Word { field, .. }
            | Query::Phrase { field, .. }
            | Query::Near { field, .. }
            | Query::Pattern { field, .. }
            | Query::Fuzzy { field, .. }
            | Query::Value { field, .. }
            | Query::Days { field, .. }
            | Query::Present(field) => Some(facet_of(*field)),
            Query::All(clauses) | Query::Any(clauses) => {
                let first = clauses.first()?.facet()?;
                clauses.iter().all(|clause| clause.facet() == Some(first)).then_some(first)
            }
            Query::Not(clause) => clause.facet(),
            Query::Everything => None,
        }
    }
}

/// The facet a field belongs to: the words of a speaker's name filter the facet `speaker`.
fn facet_of(field: Field) -> Field {
    match field {
        Field::SpeakerWords => Field::Speaker,
        Field::RoleWords => Field::Role,
        Field::OrgWords => Field::Org,
        Field::TitleStem => Field::Title,
        Field::Month | Field::Year => Field::Date,
        other => other,
    }
}

/// Whether values of the field are names people spell in several ways.
pub fn forgiving(field: Field) -> bool {
    matches!(
        field,
        Field::Speaker | Field::Role | Field::Org | Field::Source | Field::Byline | Field::Mention
    )
}

/// The field that holds the words of a name field one by one.
pub fn words_of(field: Field) -> Option<Field> {
    match field {
        Field::Speaker => Some(Field::SpeakerWords),
        Field::Role => Some(Field::RoleWords),
        Field::Org => Some(Field::OrgWords),
        Field::Title => Some(Field::TitleStem),
        _ => None,
    }
}

/// Whether people may name the field in a query.
pub fn searchable(field: Field) -> bool {
    !matches!(field.spec().kind, Kind::Stored | Kind::Stems | Kind::Names)
        && !matches!(field, Field::Month | Field::Year)
}
