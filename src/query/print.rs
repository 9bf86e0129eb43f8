//! A query written back in the language people type, so that what was read can be shown and asked again.

use super::{Matching, Query, dates};
use index_schema::Field;
use std::fmt::{self, Display, Formatter};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Query::All(clauses) => join(f, clauses, " "),
            Query::Any(clauses) if clauses.is_empty() => f.write_str("-*"),
            Query::Any(clauses) => join(f, clauses, " OR "),
            leaf => write_inner(f, leaf),
        }
    }
}

fn join(f: &mut Formatter<'_>, clauses: &[Query], between: &str) -> fmt::Result {
    for (number, clause) in clauses.iter().enumerate() {
        if number > 0 {
            f.write_str(between)?;
        }
        write_inner(f, clause)?;
    }
    Ok(())
}

/// A clause where it stands beside others.
fn write_inner(f: &mut Formatter<'_>, query: &Query) -> fmt::Result {
    match query {
        Query::Everything => f.write_str("*"),
        Query::Word { field, word } => write!(f, "{}{}", Prefix(*field), word),
        Query::Phrase { field, words } => write!(f, "{}{}", Prefix(*field), Quoted(&words.join(" "))),
        Query::Near { field, parts, gaps, ordered } => near(f, *field, parts, *gaps, *ordered),
        Query::Pattern { field, pattern } => write!(f, "{}{pattern}", Prefix(*field)),
        Query::Fuzzy { field, word, edits } => write!(f, "{}{word}~{edits}", Prefix(*field)),
        Query::Value { field, value, matching } => {
            write!(f, "{}", Prefix(*field))?;
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '#');
            let bare = value.starts_with(|c: char| c.is_ascii_alphanumeric()) && value.chars().all(plain);
            match matching {
                Matching::Alike => write!(f, "{}", Quoted(value)),
                Matching::Exact if !bare => write!(f, "{}", Quoted(value)),
                Matching::Exact | Matching::Holds => f.write_str(value),
            }
        }
        Query::Days { field, from, to } => {
            write!(f, "{}{}", Prefix(*field), dates::print((*from, *to)))
        }
        Query::Present(field) => write!(f, "{}*", Prefix(*field)),
        Query::Not(clause) => {
            f.write_str("-")?;
            match &**clause {
                Query::Near { .. } => write!(f, "({clause})"),
                // `-*x` and `-?x` would be words that begin with a mark
                Query::Pattern { field: Field::Stem, pattern } if pattern.starts_with(['*', '?']) => {
                    write!(f, "({clause})")
                }
                clause => write_inner(f, clause),
            }
        }
        Query::All(_) | Query::Any(_) => write!(f, "({query})"),
    }
}

fn near(f: &mut Formatter<'_>, field: Field, parts: &[Vec<String>], gaps: u32, ordered: bool) -> fmt::Result {
    let single = parts.iter().all(|part| part.len() == 1);
    if single && !ordered {
        let words: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
        return write!(f, "{}{}~{gaps}", Prefix(field), Quoted(&words.join(" ")));
    }
    let operator = if ordered { "PRE" } else { "NEAR" };
    f.write_str("(")?;
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            write!(f, " {operator}/{} ", gaps + 1)?;
        }
        write!(f, "{}{}", Prefix(field), Quoted(&part.join(" ")))?;
    }
    f.write_str(")")
}

/// `field:` as people type it; nothing for the words themselves.
struct Prefix(Field);

impl Display for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Field::Stem => return Ok(()),
            Field::TitleStem => Field::Title.name(),
            Field::SpeakerWords => Field::Speaker.name(),
            Field::RoleWords => Field::Role.name(),
            Field::OrgWords => Field::Org.name(),
            field => field.name(),
        };
        write!(f, "{name}:")
    }
}

/// Text between quotation marks.
pub(super) struct Quoted<'a>(pub &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\' | '“' | '”' | '„' | '«' | '»') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        f.write_str("\"")
    }
}
