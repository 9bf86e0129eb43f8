//! What a person types becomes a [`Query`]; the grammar is in `docs/query.md`.

use super::Query;
use super::error::QueryError;
use super::tokens::{Token, What, tokens};
use super::values::{bare_value, named, quoted_value};
use super::words::{is_stop_word, phrase, plain};
use index_schema::Field;
use std::ops::Range;

/// The longest query read, in bytes.
const LONGEST: usize = 10_000;
/// The most words and clauses in one query.
const MOST_CLAUSES: usize = 1_000;
/// The most of them that are compared with every word of the index: patterns and words that may be some letters off.
const MOST_PATTERNS: usize = 32;
/// How deep parentheses may stand in each other.
const DEEPEST: usize = 40;

/// Reads a typed query. Nothing typed asks for everything.
pub fn parse(typed: &str) -> Result<Query, QueryError> {
    if typed.len() > LONGEST {
        return Err(QueryError::new(format!("the query is longer than {LONGEST} bytes"), 0..0));
    }
    let tokens = tokens(typed).map_err(|error| error.typed(typed))?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: typed.len(), clauses: 0, patterns: 0, depth: 0 };
    parser.whole().map_err(|error| error.typed(typed))
}

struct Parser<'t> {
    tokens: &'t [Token],
    next: usize,
    /// Where what was typed ends, in bytes.
    end: usize,
    clauses: usize,
    patterns: usize,
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
            None if query == Query::Everything
                && !self.tokens.iter().any(|token| token.what.is_everything()) =>
            {
                let whole = self.tokens[0].at.start..self.end;
                Err(QueryError::new("no word in this to search for", whole).hint("`*` finds everything"))
            }
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
                let query = match field {
                    Some((field, _)) => bare_value(field, word, &token.at)?,
                    None => plain(word, &token.at)?,
                };
                let Some(query) = query else { return Ok(None) };
                if matches!(query, Query::Pattern { .. } | Query::Fuzzy { .. }) {
                    self.patterns += 1;
                }
                if self.patterns > MOST_PATTERNS {
                    let message =
                        format!("the query has more than {MOST_PATTERNS} words with `*`, `?` or `~`");
                    return Err(QueryError::new(message, token.at.clone())
                        .hint("each of them is compared with every word of the index"));
                }
                let stop =
                    field.is_none() && matches!(&query, Query::Word { word, .. } if is_stop_word(word));
                Ok(Some(Clause { query, stop }))
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
        check("speaker: harris", "speaker:harris");
        check("-country:  KR title: (tariff OR duty)", "-country:KR (title:tariff OR title:duty)");
        check("said: 2023-09 harris", "said:2023-09 harris");
        check("she said: 100 people", "said 100 people");
        check("update: harris", "update harris");
        check("Speaker: harris", "speaker harris");
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
        check("???", "error at 0..3: no word in this to search for");
        check("\"\" - .,;", "error at 0..8: no word in this to search for");
        check("**", "error at 0..2: a pattern needs at least one letter");
        check("a NEAR/0 b", "error at 2..8: `NEAR/0` wants a number from 1 to 1000");
        check("a NEAR/3 (b OR c)", "error at 9..10: NEAR and PRE join words and phrases");
        check("\"a b\"~", "error at 5..6: `~` after a phrase wants a number up to 1000");
        check("title:(speaker:x)", "error at 7..15: `speaker:` stands inside `title:(…)`");
        check(&"(".repeat(100), "error at 40..41: parentheses stand deeper than 40");
        check(&"x ".repeat(1001), "error at 2000..2001: the query has more than 1000 words and clauses");
        check(&"x".repeat(10_001), "error at 0..0: the query is longer than 10000 bytes");
        check(&"x* ".repeat(33), "error at 96..98: the query has more than 32 words with `*`, `?` or `~`");
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
