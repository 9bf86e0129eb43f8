//! A [`Query`] becomes a tantivy query.

use super::ask::LocalReader;
use super::kept::number_of;
use super::near::NearQuery;
use super::schema::NUMBER_FIELD;
use super::write::{days, number};
use crate::article::Day;
use crate::query::{Matching, Query, words_of};
use crate::terms;
use index_schema::{Field, Kind};
use std::collections::BTreeSet;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, FuzzyTermQuery, PhraseQuery,
    Query as TantivyQuery, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;

type Boxed = Box<dyn TantivyQuery>;

/// What a document must be but does not gain by.
fn filter(query: impl TantivyQuery) -> Boxed {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

impl LocalReader {
    /// The tantivy query that finds the same documents.
    pub(super) fn translate(&self, query: &Query) -> tantivy::Result<Boxed> {
        Ok(match query {
            Query::Everything => Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)),
            Query::Word { field, word } => self.word(*field, word),
            Query::Phrase { field: Field::Stem, words } => {
                self.anywhere(words.iter(), |field| phrase(field, words))?
            }
            Query::Phrase { field, words } => phrase(*field, words),
            Query::Near { field: Field::Stem, parts, gaps, ordered } => {
                self.anywhere(parts.iter().flatten(), |field| near(field, parts, *gaps, *ordered))?
            }
            Query::Near { field, parts, gaps, ordered } => near(*field, parts, *gaps, *ordered),
            Query::Pattern { field, pattern } => {
                let regex = regex(pattern);
                // letters and digits, `.*` and `.` only: nothing that could fail
                let find =
                    |field| RegexQuery::from_pattern(&regex, number(field)).map(|q| Box::new(q) as Boxed);
                match field {
                    Field::Stem => {
                        let (text, title) = (find(Field::Text)?, find(Field::Title)?);
                        text_or_title(text, title)
                    }
                    field => find(*field)?,
                }
            }
            Query::Fuzzy { field, word, edits } => {
                let find =
                    |field| Box::new(FuzzyTermQuery::new(term(field, word), (*edits).min(2), true)) as Boxed;
                match field {
                    Field::Stem => text_or_title(find(Field::Text), find(Field::Title)),
                    field => find(*field),
                }
            }
            Query::Value { field: Field::Id, value, .. } => of_id(value),
            Query::Value { field, value, matching } => {
                let values = match matching {
                    Matching::Exact => vec![value.clone()],
                    Matching::Alike => self.alike(*field, value)?,
                    Matching::Holds => self.holding(*field, value)?,
                };
                any_value(*field, values)
            }
            Query::Days { field, from, to } => between(*field, *from, *to),
            // words have no column to look at
            Query::Present(field) if field.spec().kind == Kind::Words => {
                filter(RegexQuery::from_pattern(".+", number(*field))?)
            }
            Query::Present(Field::Id) => filter(AllQuery),
            Query::Present(field) => filter(ExistsQuery::new(field.name().to_owned(), false)),
            Query::All(clauses) => {
                let mut must = Vec::new();
                let mut must_not = Vec::new();
                for clause in clauses {
                    match clause {
                        Query::Not(inner) => must_not.push(self.translate(inner)?),
                        clause => must.push(self.translate(clause)?),
                    }
                }
                all_but(must, must_not)
            }
            Query::Not(inner) => all_but(Vec::new(), vec![self.translate(inner)?]),
            Query::Any(clauses) => {
                let clauses =
                    clauses.iter().map(|clause| self.translate(clause)).collect::<Result<Vec<_>, _>>()?;
                Box::new(BooleanQuery::union(clauses))
            }
        })
    }

    fn word(&self, field: Field, word: &str) -> Boxed {
        match field.spec().kind {
            Kind::Stems => {
                Box::new(TermQuery::new(term(field, &terms::stem(word)), IndexRecordOption::WithFreqs))
            }
            _ if matches!(field, Field::Text | Field::Title) => {
                Box::new(TermQuery::new(term(field, word), IndexRecordOption::WithFreqs))
            }
            _ => filter(TermQuery::new(term(field, word), IndexRecordOption::Basic)),
        }
    }

    /// In a text, or in the title of an article.
    fn anywhere<'w>(
        &self,
        words: impl Iterator<Item = &'w String>,
        find: impl Fn(Field) -> Boxed,
    ) -> tantivy::Result<Boxed> {
        for word in words {
            if self.searcher().doc_freq(&term(Field::Title, word))? == 0 {
                return Ok(find(Field::Text));
            }
        }
        Ok(text_or_title(find(Field::Text), find(Field::Title)))
    }

    /// The values of `field` spelled like `value`, case, accents and punctuation aside.
    fn alike(&self, field: Field, value: &str) -> tantivy::Result<Vec<String>> {
        let (folded, spelling) = (terms::folded(value), terms::spelling(value));
        let mut values = BTreeSet::from([value.to_owned()]);
        match words_of(field) {
            Some(words) if !folded.is_empty() => {
                let clauses = folded.split(' ').map(|word| {
                    Box::new(TermQuery::new(term(words, word), IndexRecordOption::Basic)) as Boxed
                });
                let names = self.values_among(&BooleanQuery::intersection(clauses.collect()), field)?;
                values.extend(names.into_iter().filter(|name| terms::spelling(name) == spelling));
            }
            _ => values.extend(self.values_where(field, |name| terms::spelling(name) == spelling)?),
        }
        Ok(values.into_iter().collect())
    }

    /// The values of `field` whose letters and digits hold `letters`.
    fn holding(&self, field: Field, letters: &str) -> tantivy::Result<Vec<String>> {
        Ok(self
            .values_where(field, |value| terms::words(value).concat().contains(letters))?
            .into_iter()
            .collect())
    }
}

fn term(field: Field, text: &str) -> Term {
    Term::from_field_text(number(field), text)
}

fn phrase(field: Field, words: &[String]) -> Boxed {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => Box::new(TermQuery::new(term(field, word), IndexRecordOption::WithFreqs)),
        words => Box::new(PhraseQuery::new(words.iter().map(|word| term(field, word)).collect())),
    }
}

fn near(field: Field, parts: &[Vec<String>], gaps: u32, ordered: bool) -> Boxed {
    let parts = parts.iter().map(|part| part.iter().map(|word| term(field, word)).collect()).collect();
    Box::new(NearQuery { parts, gaps, ordered })
}

fn text_or_title(text: Boxed, title: Boxed) -> Boxed {
    Box::new(BooleanQuery::union(vec![text, title]))
}

fn all_but(must: Vec<Boxed>, must_not: Vec<Boxed>) -> Boxed {
    use tantivy::query::Occur;
    let mut clauses: Vec<(Occur, Boxed)> = must.into_iter().map(|query| (Occur::Must, query)).collect();
    if clauses.is_empty() {
        clauses.push((Occur::Must, filter(AllQuery)));
    }
    clauses.extend(must_not.into_iter().map(|query| (Occur::MustNot, query)));
    Box::new(BooleanQuery::new(clauses))
}

/// An article, or a statement by its article and its number; an article's own id may look like a statement's.
fn of_id(id: &str) -> Boxed {
    let one = |article: &str, number: u32| {
        let number = Bound::Included(Term::from_field_u64(NUMBER_FIELD, number.into()));
        let article = TermQuery::new(term(Field::Article, article), IndexRecordOption::Basic);
        let number = RangeQuery::new(number.clone(), number);
        Box::new(BooleanQuery::intersection(vec![Box::new(article), Box::new(number)])) as Boxed
    };
    let statement = id.rsplit_once('#').and_then(|(article, _)| Some((article, number_of(id, article)?)));
    let mut any = vec![one(id, 0)];
    any.extend(statement.map(|(article, number)| one(article, number)));
    filter(BooleanQuery::union(any))
}

fn any_value(field: Field, values: Vec<String>) -> Boxed {
    let find =
        |value: &String| Box::new(TermQuery::new(term(field, value), IndexRecordOption::Basic)) as Boxed;
    match values.as_slice() {
        [] => Box::new(EmptyQuery),
        [value] => filter(TermQuery::new(term(field, value), IndexRecordOption::Basic)),
        values => filter(BooleanQuery::union(values.iter().map(find).collect())),
    }
}

/// Whole months and years of publication are values of their own; any other stretch is a range.
fn between(field: Field, from: Option<Day>, to: Option<Day>) -> Boxed {
    if let (Field::Date, Some(from), Some(to)) = (field, from, to) {
        if from == from.first_of_year() && to == from.last_of_year() {
            return any_value(Field::Year, vec![format!("{:04}", from.year())]);
        }
        if from == from.first_of_month() && to == from.last_of_month() {
            return any_value(Field::Month, vec![format!("{:04}-{:02}", from.year(), from.month())]);
        }
    }
    let bound = |day: Option<Day>| match day {
        Some(day) => Bound::Included(Term::from_field_i64(number(field), days(day))),
        None => Bound::Unbounded,
    };
    match (from, to) {
        (None, None) => filter(ExistsQuery::new(field.name().to_owned(), false)),
        (from, to) => filter(RangeQuery::new(bound(from), bound(to))),
    }
}

/// The regular expression of a pattern; every letter that is not plain is escaped.
fn regex(pattern: &str) -> String {
    let mut regex = String::new();
    for c in pattern.chars() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            c if c.is_alphanumeric() => regex.push(c),
            c => {
                regex.push('\\');
                regex.push(c);
            }
        }
    }
    regex
}
