//! What a person types becomes a [`Query`]; the grammar is in `docs/query.md`.

use super::error::{QueryError, nearest};
use super::{Matching, Query, countries, dates, searchable, words_of};
use crate::terms;
use index_schema::{FIELDS, Field, Kind};
use std::ops::Range;

/// The longest query read, in bytes.
const LONGEST: usize = 10_000;
/// The most words and clauses in one query.
const MOST_CLAUSES: usize = 1_000;
/// How deep parentheses may stand in each other.
const DEEPEST: usize = 40;
/// The farthest apart words can be asked to stand.
const FARTHEST: u32 = 1_000;

/// Words too common to choose documents by, unless nothing else is asked.
const STOP_WORDS: &str = include_str!("tables/stop_words.txt");

/// Reads a typed query. Nothing typed asks for everything.
pub fn parse(typed: &str) -> Result<Query, QueryError> {
    if typed.len() > LONGEST {
        return Err(QueryError::new(format!("the query is longer than {LONGEST} bytes"), 0..0));
    }
    let tokens = tokens(typed).map_err(|error| error.typed(typed))?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: typed.len(), clauses: 0, depth: 0 };
    parser.whole().map_err(|error| error.typed(typed))
}

/// Whether the word alone says little about what is sought.
pub fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.lines().filter(|line| !line.starts_with('#')).any(|line| line.split(' ').any(|w| w == folded))
}

/// One piece of a typed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub at: Range<usize>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Open,
    Close,
    Minus,
    And,
    Or,
    Not,
    /// `NEAR/5`, `PRE/5`
    Near {
        distance: u32,
        ordered: bool,
    },
    /// `speaker:`, what follows it being its value
    Field(String),
    /// words between quotation marks, with the number after `~`
    Quoted {
        text: String,
        slop: Option<u32>,
    },
    Word(String),
}

fn opens_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‟')
}

/// Cuts a typed query into its pieces.
pub(super) fn tokens(typed: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = typed[at..].chars().next() {
        let end = at + c.len_utf8();
        let value_wanted = tokens.last().is_some_and(|t| matches!(t.what, What::Field(_)) && t.at.end == at);
        let what = match c {
            _ if c.is_whitespace() => {
                at = end;
                continue;
            }
            '(' => What::Open,
            ')' => What::Close,
            '-' | '−' | '–' | '!' if !value_wanted && begins_clause(&typed[end..]) => What::Minus,
            _ if opens_quote(c) => {
                let (text, after) = quoted(typed, at, end)?;
                let (slop, after) = tilde(typed, after)?;
                tokens.push(Token { at: at..after, what: What::Quoted { text, slop } });
                at = after;
                continue;
            }
            _ => {
                let (what, after) = bare(typed, at, value_wanted)?;
                tokens.push(Token { at: at..after, what });
                at = after;
                continue;
            }
        };
        tokens.push(Token { at: at..end, what });
        at = end;
    }
    Ok(tokens)
}

/// Whether a clause follows, so that a minus before it means *not*.
fn begins_clause(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_alphanumeric() || opens_quote(c) || matches!(c, '(' | '*'))
}

/// The text between quotation marks from byte `start`, and where it ends.
fn quoted(typed: &str, open: usize, start: usize) -> Result<(String, usize), QueryError> {
    let mut text = String::new();
    let mut chars = typed[start..].char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            _ if opens_quote(c) => return Ok((text, start + offset + c.len_utf8())),
            _ => text.push(c),
        }
    }
    Err(QueryError::new("this quotation mark is never closed", open..start)
        .hint("close it, or leave it out to search the words"))
}

/// The number after `~` at byte `at`, and where it ends.
fn tilde(typed: &str, at: usize) -> Result<(Option<u32>, usize), QueryError> {
    let Some(rest) = typed[at..].strip_prefix('~') else { return Ok((None, at)) };
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = at + 1 + digits;
    match rest[..digits].parse() {
        Ok(number) if number <= FARTHEST => Ok((Some(number), end)),
        _ => Err(QueryError::new("`~` after a phrase wants a number up to 1000", at..end)
            .hint("\"missile launch\"~3 finds the words with at most 3 others between them")),
    }
}

/// A word, an operator or a field's name from byte `at`, and where it ends.
fn bare(typed: &str, at: usize, value: bool) -> Result<(What, usize), QueryError> {
    let rest = &typed[at..];
    if !value && let Some(colon) = field_name(rest) {
        return Ok((What::Field(rest[..colon].to_owned()), at + colon + 1));
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || opens_quote(c);
    let length = rest.find(stop).unwrap_or(rest.len());
    let word = &rest[..length];
    let end = at + length;
    let what = match word {
        _ if value => What::Word(word.to_owned()),
        "AND" | "&&" => What::And,
        "OR" | "||" | "|" => What::Or,
        "NOT" => What::Not,
        _ => match word
            .strip_prefix("NEAR")
            .map(|n| (n, false))
            .or(word.strip_prefix("PRE").map(|n| (n, true)))
        {
            Some(("", ordered)) => What::Near { distance: 10, ordered },
            Some((number, ordered)) if number.starts_with('/') => match number[1..].parse() {
                Ok(distance) if (1..=FARTHEST).contains(&distance) => What::Near { distance, ordered },
                _ => {
                    return Err(QueryError::new(format!("`{word}` wants a number from 1 to 1000"), at..end)
                        .hint("missile NEAR/5 launch finds the two within 5 words of each other"));
                }
            },
            _ => What::Word(word.to_owned()),
        },
    };
    Ok((what, end))
}

/// Where the colon stands if the text begins with a field's name and its value follows at once.
fn field_name(text: &str) -> Option<usize> {
    let colon = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '_'))?;
    let after = text[colon..].strip_prefix(':')?;
    (colon > 0 && after.starts_with(|c: char| !c.is_whitespace() && c != ')')).then_some(colon)
}

struct Parser<'t> {
    tokens: &'t [Token],
    next: usize,
    /// Where what was typed ends, in bytes.
    end: usize,
    clauses: usize,
    depth: usize,
}

/// A clause with whether it is nothing but stop words.
struct Clause {
    query: Query,
    stop: bool,
}

/// All of the clauses; stop words go unless there is nothing else.
fn sought(mut clauses: Vec<Clause>) -> Clause {
    let stop = !clauses.is_empty() && clauses.iter().all(|clause| clause.stop);
    clauses.retain(|clause| stop || !clause.stop);
    Clause { query: Query::all(clauses.into_iter().map(|clause| clause.query)), stop }
}

/// One level of the grammar.
type Level<'t> = fn(&mut Parser<'t>, Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t What> {
        self.tokens.get(self.next).map(|token| &token.what)
    }

    fn place(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.end..self.end, |token| token.at.clone())
    }

    fn whole(&mut self) -> Result<Query, QueryError> {
        if self.tokens.is_empty() {
            return Ok(Query::Everything);
        }
        let query = self.all(None)?.query;
        match self.peek() {
            None => Ok(query),
            Some(What::Close) => Err(QueryError::new("nothing opens this parenthesis", self.place())
                .hint("leave it out, or put the words between quotation marks")),
            Some(_) => Err(QueryError::new("a word or clause is missing here", self.place())),
        }
    }

    /// `a b`: all of them, what binds least.
    fn all(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Clause, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(QueryError::new(format!("parentheses stand deeper than {DEEPEST}"), self.place()));
        }
        let mut clauses = vec![];
        loop {
            clauses.extend(self.either(field)?);
            if matches!(self.peek(), None | Some(What::Close)) {
                break;
            }
        }
        self.depth -= 1;
        Ok(sought(clauses))
    }

    /// `a OR b`.
    fn either(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError> {
        self.joined(field, &What::Or, Parser::both, |clauses| Clause {
            query: Query::any(clauses.into_iter().map(|clause| clause.query)),
            stop: false,
        })
    }

    /// `a AND b`.
    fn both(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError> {
        self.joined(field, &What::And, Parser::perhaps_not, sought)
    }

    /// Clauses with an operator between them; a piece without letters or digits is passed over.
    fn joined(
        &mut self,
        field: Option<(Field, &Range<usize>)>,
        operator: &What,
        clause: Level<'t>,
        join: fn(Vec<Clause>) -> Clause,
    ) -> Result<Option<Clause>, QueryError> {
        let first = clause(self, field)?;
        if self.peek() != Some(operator) {
            return Ok(first);
        }
        let mut clauses = Vec::from_iter(first);
        while self.peek() == Some(operator) {
            self.next += 1;
            clauses.extend(clause(self, field)?);
        }
        // What has no words on its other side is joined to nothing and stays what it was.
        if clauses.len() < 2 {
            return Ok(clauses.pop());
        }
        Ok(Some(join(clauses)))
    }

    /// `-a`, `NOT a`, `a`; nothing for a piece without letters or digits.
    fn perhaps_not(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError> {
        let mut negated = false;
        while let Some(What::Minus | What::Not) = self.peek() {
            negated = !negated;
            self.next += 1;
        }
        let clause = self.near(field)?;
        if !negated {
            return Ok(clause);
        }
        let not = |query| match query {
            Query::Not(inner) => *inner,
            query => Query::Not(Box::new(query)),
        };
        Ok(clause.map(|clause| Clause { query: not(clause.query), stop: false }))
    }

    /// `a NEAR/5 b`, `a PRE/5 b`, `a`.
    fn near(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError> {
        let start = self.place();
        let first = self.atom(field)?;
        let Some(&What::Near { distance, ordered }) = self.peek() else { return Ok(first) };
        let mut whole = start.clone();
        let mut parts = Vec::new();
        let mut place = (start, first);
        loop {
            parts.push(part(place.1, place.0)?);
            match self.peek() {
                Some(&What::Near { distance: d, ordered: o }) if (d, o) == (distance, ordered) => {
                    self.next += 1;
                    let at = self.place();
                    whole.end = at.end;
                    place = (at, self.atom(field)?);
                }
                Some(What::Near { .. }) => {
                    return Err(QueryError::new(
                        "NEAR and PRE with different numbers stand side by side",
                        self.place(),
                    )
                    .hint("say the pairs apart: (a NEAR/5 b) (b PRE/3 c)"));
                }
                _ => break,
            }
        }
        let field = parts[0].0;
        if parts.iter().any(|(other, _)| *other != field) {
            return Err(QueryError::new("NEAR joins words of one field", whole));
        }
        let parts = parts.into_iter().map(|(_, words)| words).collect();
        Ok(Some(Clause { query: Query::Near { field, parts, gaps: distance - 1, ordered }, stop: false }))
    }

    /// A word, a phrase, a field with its value, or a group in parentheses.
    fn atom(&mut self, field: Option<(Field, &Range<usize>)>) -> Result<Option<Clause>, QueryError> {
        self.clauses += 1;
        if self.clauses > MOST_CLAUSES {
            return Err(QueryError::new(
                format!("the query has more than {MOST_CLAUSES} words and clauses"),
                self.place(),
            ));
        }
        let Some(token) = self.tokens.get(self.next) else {
            return Err(match self.next.checked_sub(1).map(|before| &self.tokens[before]) {
                Some(before) => QueryError::new("something is missing after this", before.at.clone())
                    .hint("operators join two words: weapons OR arms"),
                None => QueryError::new("nothing is asked", 0..0),
            });
        };
        match &token.what {
            What::Open => {
                self.next += 1;
                if self.peek() == Some(&What::Close) {
                    return Err(QueryError::new(
                        "these parentheses hold nothing",
                        token.at.start..self.place().end,
                    ));
                }
                let group = self.all(field)?;
                if self.peek() != Some(&What::Close) {
                    return Err(QueryError::new("this parenthesis is never closed", token.at.clone()));
                }
                self.next += 1;
                Ok(Some(group))
            }
            What::Field(name) => {
                if let Some((outer, _)) = field {
                    return Err(QueryError::new(
                        format!("`{name}:` stands inside `{}:(…)`", outer.name()),
                        token.at.clone(),
                    ));
                }
                let named = named(name, &token.at)?;
                self.next += 1;
                // a value that is quoted stands for the whole value; a group goes on with words
                self.atom(Some((named, &token.at)))
            }
            What::Quoted { text, slop } => {
                self.next += 1;
                let query = match field {
                    Some((field, _)) => quoted_value(field, text, *slop, &token.at)?,
                    None => Some(phrase(Field::Stem, text, *slop)),
                };
                let query = query.filter(|query| !holds_nothing(query));
                Ok(query.map(|query| Clause { query, stop: false }))
            }
            What::Word(word) => {
                self.next += 1;
                match field {
                    Some((field, _)) => {
                        let query = bare_value(field, word, &token.at)?;
                        Ok(query.map(|query| Clause { query, stop: false }))
                    }
                    None => plain(word, &token.at),
                }
            }
            What::Close
                if self.next == 0
                    || matches!(self.tokens[self.next - 1].what, What::Close | What::Word(_)) =>
            {
                Err(QueryError::new("nothing opens this parenthesis", token.at.clone()))
            }
            What::Close | What::And | What::Or | What::Not | What::Minus | What::Near { .. } => {
                Err(QueryError::new("a word is missing before this", token.at.clone())
                    .hint("an operator in capitals joins two words; in small letters it is a word"))
            }
        }
    }
}

fn holds_nothing(query: &Query) -> bool {
    match query {
        Query::Phrase { words, .. } => words.is_empty(),
        _ => false,
    }
}

/// The field of that name, as people may type it.
fn named(name: &str, at: &Range<usize>) -> Result<Field, QueryError> {
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

/// A plain word: by its stem, or as a pattern, or loosely; several words run together are a phrase.
fn plain(word: &str, at: &Range<usize>) -> Result<Option<Clause>, QueryError> {
    if word == "*" {
        return Ok(Some(Clause { query: Query::Everything, stop: false }));
    }
    let query = match special(Field::Stem, word, at)? {
        Some(query) => query,
        None => {
            let mut words = terms::words(word);
            match words.len() {
                0 => return Ok(None),
                1 => {
                    let word = words.remove(0);
                    let stop = is_stop_word(&word);
                    return Ok(Some(Clause { query: Query::Word { field: Field::Stem, word }, stop }));
                }
                _ => Query::Phrase { field: Field::Stem, words },
            }
        }
    };
    Ok(Some(Clause { query, stop: false }))
}

/// `nuclear*`, `wom?n`, `putn~1`; `None` for a word without such signs.
fn special(field: Field, word: &str, at: &Range<usize>) -> Result<Option<Query>, QueryError> {
    if let Some((stem, edits)) = word.rsplit_once('~')
        && edits.len() < 3
        && edits.bytes().all(|byte| byte.is_ascii_digit())
    {
        let mut words = terms::words(stem);
        if words.len() != 1 {
            return Err(QueryError::new("`~` works on one word", at.clone()));
        }
        let word = words.remove(0);
        let edits = match edits {
            "" if word.chars().count() > 5 => 2,
            "" => 1,
            _ => edits.parse().unwrap_or(u8::MAX),
        };
        if edits > 2 {
            return Err(
                QueryError::new("a word can be at most 2 letters off", at.clone()).hint("putn~1 or putn~2")
            );
        }
        return Ok(Some(if edits == 0 {
            Query::Phrase { field, words: vec![word] }
        } else {
            Query::Fuzzy { field, word, edits }
        }));
    }
    // a question mark at the end is a question's, whatever marks follow it
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*');
    if !word.contains(['*', '?']) {
        return Ok(None);
    }
    let mut pattern = String::new();
    let mut letters = 0;
    for piece in word.split_inclusive(['*', '?']) {
        let (stem, sign) = match piece.strip_suffix(['*', '?']) {
            Some(stem) => (stem, &piece[stem.len()..]),
            None => (piece, ""),
        };
        let words = terms::words(stem);
        if words.len() > 1 {
            return Err(QueryError::new("`*` and `?` work inside one word", at.clone())
                .hint("write the words apart: anti missile*"));
        }
        letters += words.iter().map(|word| word.chars().count()).sum::<usize>();
        pattern.extend(words);
        if !(sign == "*" && pattern.ends_with('*')) {
            pattern.push_str(sign);
        }
    }
    if letters == 0 {
        return Err(
            QueryError::new("a pattern needs at least one letter", at.clone()).hint("nuclear* or wom?n")
        );
    }
    if pattern.chars().count() > 64 || pattern.matches(['*', '?']).count() > 8 {
        return Err(QueryError::new("a pattern has at most 64 letters and 8 signs", at.clone()));
    }
    Ok(Some(Query::Pattern { field, pattern }))
}

/// Words between quotation marks: a phrase, or with a number words near each other.
fn phrase(field: Field, text: &str, slop: Option<u32>) -> Query {
    let words = terms::words(text);
    match slop {
        Some(gaps) if gaps > 0 && words.len() > 1 => {
            let parts = words.into_iter().map(|word| vec![word]).collect();
            Query::Near { field, parts, gaps, ordered: false }
        }
        _ => Query::Phrase { field, words },
    }
}

/// One part of `a NEAR/5 b`.
fn part(clause: Option<Clause>, at: Range<usize>) -> Result<(Field, Vec<String>), QueryError> {
    match clause.map(|clause| clause.query) {
        Some(Query::Word { field: Field::TitleStem, word }) => Ok((Field::Title, vec![word])),
        Some(Query::Word { field: field @ (Field::Stem | Field::Text), word }) => Ok((field, vec![word])),
        Some(Query::Phrase { field, words }) => Ok((field, words)),
        _ => {
            Err(QueryError::new("NEAR and PRE join words and phrases", at)
                .hint("missile NEAR/5 \"launch pad\""))
        }
    }
}

/// `field:"value"`.
fn quoted_value(
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
fn bare_value(field: Field, word: &str, at: &Range<usize>) -> Result<Option<Query>, QueryError> {
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

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::query::Query;
    use proptest::prelude::*;

    /// `expected` is the query written back, or the error.
    fn check(typed: &str, expected: &str) {
        let shown = match parse(typed) {
            Ok(query) => query.to_string(),
            Err(error) => format!("error at {:?}: {}", error.at(), error.message()),
        };
        assert_eq!(shown, expected, "typed: {typed}");
    }

    #[test]
    fn words_and_operators() {
        check("", "*");
        check("*", "*");
        check("kim train", "kim train");
        check("Kim AND Train", "kim train");
        check("weapons OR arms", "weapons OR arms");
        check("x weapons OR arms y", "x (weapons OR arms) y");
        check("weapons OR arms -drill", "(weapons OR arms) -drill");
        check("x AND y OR z", "(x y) OR z");
        check("the OR kim", "the OR kim");
        check("kim (weapons OR arms) -drill", "kim (weapons OR arms) -drill");
        check("kim NOT drill", "kim -drill");
        check("NOT NOT drill", "drill");
        check("or and not", "not");
        check("the talks and the summit", "talks summit");
        check("what did Lee say on submarines?", "lee say submarines");
        check("anti-missile", "\"anti missile\"");
        check("U.S. São", "us sao");
        check("北京", "\"北 京\"");
        check("kim – putin", "kim putin");
        check("!drill", "-drill");
        check(".,; kim", "kim");
    }

    #[test]
    fn phrases_and_nearness() {
        check("\"Strategic Failure\"", "\"strategic failure\"");
        check("“strategic failure”", "\"strategic failure\"");
        check("„strategic failure“", "\"strategic failure\"");
        check("«échec stratégique»", "\"echec strategique\"");
        check("\"to be or not to be\"", "\"to be or not to be\"");
        check("\"missile launch\"~3", "\"missile launch\"~3");
        check("\"harris\"", "\"harris\"");
        check("missile NEAR/5 launch", "\"missile launch\"~4");
        check("missile PRE/5 \"launch pad\"", "(\"missile\" PRE/5 \"launch pad\")");
        check("title:summit PRE/2 title:talks", "(title:\"summit\" PRE/2 title:\"talks\")");
        check("title:(summit PRE/2 talks)", "(title:\"summit\" PRE/2 title:\"talks\")");
        check("a NEAR/2 b NEAR/2 c", "\"a b c\"~1");
        check("\"\" kim", "kim");
    }

    #[test]
    fn patterns_and_near_words() {
        check("nuclear*", "nuclear*");
        check("Wom?n", "wom?n");
        check("n**r", "n*r");
        check("putn~1", "putn~1");
        check("putn~", "putn~1");
        check("vladimr~", "vladimr~2");
        check("speaker:put*", "speaker:put*");
    }

    #[test]
    fn fields() {
        check("speaker:harris", "speaker:harris");
        check("speaker:\"Kamala Harris\"", "speaker:\"Kamala Harris\"");
        check("speaker:(kamala harris)", "speaker:kamala speaker:harris");
        check("speaker:(harris OR lee)", "speaker:harris OR speaker:lee");
        check("speaker:jong-un", "speaker:jong speaker:un");
        check("Speaker:Harris", "speaker:harris");
        check("role:minister", "role:minister");
        check("org:unification", "org:unification");
        check("country:kr", "country:KR");
        check("country:\"south korea\"", "country:KR");
        check("country:korea", "country:KP OR country:KR");
        check("country:(iran iraq)", "country:IR country:IQ");
        check("about:KP", "about:KP");
        check("source:koreaherald", "source:koreaherald");
        check("source:koreaherald.com", "source:koreaheraldcom");
        check("title:summit", "title:summit");
        check("title:\"the summit\"", "title:\"the summit\"");
        check("title:(tariff OR duty)", "title:tariff OR title:duty");
        check("kind:statements", "kind:statement");
        check("quote:Direct", "quote:direct");
        check("lang:EN", "lang:en");
        check("-speaker:unknown", "-speaker:unknown");
        check("-country:*", "-country:*");
        check("date:2023-09", "date:2023-09");
        check("date:2023-09-01..2023-09-30", "date:2023-09");
        check("date:>=2023-09", "date:>=2023-09-01");
        check("said:2023-09-10", "said:2023-09-10");
        check("date:(2022 OR 2023)", "date:2022 OR date:2023");
        check("10:30", "\"10 30\"");
        check("said: yes", "said yes");
        check("speaker:\"John \\\"Jack\\\" Doe\"", "speaker:\"John \\\"Jack\\\" Doe\"");
    }

    #[test]
    fn bad_queries_say_where() {
        check("speeker:harris", "error at 0..7: no field named `speeker`");
        check("kim http://x", "error at 4..8: no field named `http`");
        check("kim \"north korea", "error at 4..5: this quotation mark is never closed");
        check("(kim OR putin", "error at 0..1: this parenthesis is never closed");
        check("kim)", "error at 3..4: nothing opens this parenthesis");
        check("kim OR", "error at 4..6: something is missing after this");
        check("OR kim", "error at 0..2: a word is missing before this");
        check("kim AND AND x", "error at 8..11: a word is missing before this");
        check("()", "error at 0..2: these parentheses hold nothing");
        check("date:2023-02-30", "error at 5..15: no such day: `2023-02-30`");
        check("kim date:yesterday", "error at 9..18: `yesterday` is no date");
        check(
            "date:2023-09-15..2023-09-01",
            "error at 5..27: the range `2023-09-15..2023-09-01` ends before it begins",
        );
        check("country:frnace", "error at 8..14: no country named `frnace`");
        check("kind:articel", "error at 5..12: `kind:` cannot be `articel`");
        check("quote:verbatim", "error at 6..14: `quote:` cannot be `verbatim`");
        check("putn~7", "error at 0..6: a word can be at most 2 letters off");
        check("**", "error at 0..2: a pattern needs at least one letter");
        check("a NEAR/0 b", "error at 2..8: `NEAR/0` wants a number from 1 to 1000");
        check("a NEAR/3 (b OR c)", "error at 9..10: NEAR and PRE join words and phrases");
        check("\"a b\"~", "error at 5..6: `~` after a phrase wants a number up to 1000");
        check("title:(speaker:x)", "error at 7..15: `speaker:` stands inside `title:(…)`");
        check(&"(".repeat(100), "error at 40..41: parentheses stand deeper than 40");
        check(&"x ".repeat(1001), "error at 2000..2001: the query has more than 1000 words and clauses");
        check(&"x".repeat(10_001), "error at 0..0: the query is longer than 10000 bytes");
    }

    #[test]
    fn facets_ignore_their_own_filters() {
        let query =
            parse("kim speaker:harris (speaker:a OR speaker:b) -speaker:c country:KR").expect("readable");
        assert_eq!(query.without(index_schema::Field::Speaker).to_string(), "kim country:KR");
        assert_eq!(query.without(index_schema::Field::Country).facet(), None);
    }

    proptest! {
        #[test]
        fn nothing_typed_panics(typed in "(\\PC|[-\"()*?~: ]|OR|NEAR/|speaker:|date:|country:){0,40}") {
            let _ = parse(&typed);
        }

        #[test]
        fn what_is_printed_reads_back(typed in "([a-d]{1,3}| |-|\\(|\\)|\"|\\*|~1|OR |NOT |NEAR/3 |title:|speaker:|date:2023 |country:kr |the ){0,25}") {
            if let Ok(query) = parse(&typed) {
                let printed = query.to_string();
                let again = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
                prop_assert_eq!(again.to_string(), printed, "typed {:?}", typed);
                prop_assert!(!matches!(query, Query::All(ref clauses) if clauses.len() < 2));
            }
        }
    }
}
