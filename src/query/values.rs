//! What `field:value` asks for: the field's name checked, the value read as that field's values are.

use super::error::{QueryError, nearest};
use super::words::{phrase, special};
use super::{Matching, Query, countries, dates, searchable, words_of};
use crate::terms;
use index_schema::{FIELDS, Field, Kind};
use std::ops::Range;

/// The field of that name, as people may type it.
pub(super) fn named(name: &str, at: &Range<usize>) -> Result<Field, QueryError> {
    let lower = name.to_ascii_lowercase();
    if let Some(field) = Field::named(&lower).filter(|&field| searchable(field)) {
        return Ok(field);
    }
    let place = at.start..at.end - 1;
    let error = QueryError::new(format!("no field named `{name}`"), place);
    let meant = match lower.as_str() {
        "month" | "year" | "day" | "published" | "since" | "before" | "after" | "until" => Some("date"),
        "person" | "by" | "who" | "name" | "saidby" => Some("speaker"),
        "outlet" | "site" | "publisher" | "paper" => Some("source"),
        "author" | "writer" => Some("byline"),
        "headline" => Some("title"),
        "language" => Some("lang"),
        "organisation" | "organization" => Some("org"),
        "place" | "nation" => Some("country"),
        "type" => Some("kind"),
        "body" | "content" => Some("text"),
        "confidence" => Some("conf"),
        _ => nearest(&lower, FIELDS.iter().filter(|spec| searchable(spec.field)).map(|spec| spec.name)),
    };
    Err(match meant {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => {
            error.hint(format!("put it between quotation marks to search the words; fields: {}", listed()))
        }
    })
}

fn listed() -> String {
    const SHOWN: [Field; 12] = [
        Field::Speaker,
        Field::Role,
        Field::Org,
        Field::Country,
        Field::About,
        Field::Date,
        Field::Said,
        Field::Title,
        Field::Source,
        Field::Kind,
        Field::Quote,
        Field::Lang,
    ];
    SHOWN.map(Field::name).join(", ")
}

/// `field:"value"`.
pub(super) fn quoted_value(
    field: Field,
    text: &str,
    slop: Option<u32>,
    at: &Range<usize>,
) -> Result<Option<Query>, QueryError> {
    if slop.is_some() && field.spec().kind != Kind::Words {
        return Err(QueryError::new(
            "`~` after a phrase works in the words, in title and in text",
            at.clone(),
        ));
    }
    match field.spec().kind {
        Kind::Words => Ok(Some(phrase(field, text, slop))),
        _ if super::forgiving(field) => {
            Ok(Some(Query::Value { field, value: text.to_owned(), matching: Matching::Alike }))
        }
        _ => whole_value(field, text, at).map(Some),
    }
}

/// `field:value`.
pub(super) fn bare_value(field: Field, word: &str, at: &Range<usize>) -> Result<Option<Query>, QueryError> {
    if word == "*" {
        return Ok(Some(Query::Present(field)));
    }
    if let Some(words_field) = words_of(field).or((field.spec().kind == Kind::Words).then_some(field)) {
        if let Some(query) = special(if field == Field::Title { field } else { words_field }, word, at)? {
            return Ok(Some(query));
        }
        let words = terms::words(word);
        return Ok(match (words.len(), field.spec().kind) {
            (0, _) => None,
            (2.., Kind::Words) => Some(Query::Phrase { field, words }),
            _ => Some(Query::all(words.into_iter().map(|word| Query::Word { field: words_field, word }))),
        });
    }
    if super::forgiving(field) {
        let letters = terms::words(word).concat();
        return Ok((!letters.is_empty()).then_some(Query::Value {
            field,
            value: letters,
            matching: Matching::Holds,
        }));
    }
    whole_value(field, word, at).map(Some)
}

/// The value of a field whose values are no names: checked where the possible ones are known.
fn whole_value(field: Field, typed: &str, at: &Range<usize>) -> Result<Query, QueryError> {
    let exact = |value: &str| Query::Value { field, value: value.to_owned(), matching: Matching::Exact };
    let known: &[&str] = match field {
        Field::Kind => &["article", "statement"],
        Field::Quote => &["direct", "indirect", "mixed"],
        Field::Conf => &["high", "medium", "low"],
        Field::SaidStated => &["yes", "no"],
        Field::SpeakerKind => &["person", "organisation", "group", "unnamed", "unknown"],
        Field::Date | Field::Said | Field::Dates => {
            let start = at.end - typed.len().min(at.end);
            let (from, to) = dates::days(typed).map_err(|error| error.moved(start))?;
            return Ok(Query::Days { field, from, to });
        }
        Field::Country | Field::About | Field::Filed | Field::Home | Field::SpeakerCountry => {
            let codes = countries::codes(typed);
            if codes.is_empty() {
                return Err(QueryError::new(format!("no country named `{typed}`"), at.clone())
                    .suggest(typed, countries::names()));
            }
            return Ok(Query::any(codes.into_iter().map(exact)));
        }
        Field::Lang => return Ok(exact(&typed.to_ascii_lowercase())),
        _ => return Ok(exact(typed)),
    };
    let lower = typed.to_ascii_lowercase();
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    match known.iter().find(|&&value| value == lower || value == singular) {
        Some(value) => Ok(exact(value)),
        None => {
            let error = QueryError::new(format!("`{}:` cannot be `{typed}`", field.name()), at.clone());
            Err(match nearest(&lower, known.iter().copied()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("it is one of {}", known.join(", "))),
            })
        }
    }
}
