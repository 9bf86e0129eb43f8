//! The sentence of asking: read what was typed, ask the index, put an answer together.

use crate::answer::{Answer, Distinct, Hit, Order, Totals, Versions};
use crate::document::Document;
use crate::index::{Found, IndexError, Reader};
use crate::query::highlight::{Highlighter, Part};
use crate::query::intent::{self, Reading};
use crate::query::parse::parse;
use crate::query::{Matching, Query, QueryError};
use index_schema::Field;
use std::cell::LazyCell;
use std::collections::HashSet;

/// Whether words are searched as typed, or read as a person means them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Literally,
    AsMeant,
}

/// One question.
#[derive(Clone, Debug)]
pub struct Question {
    pub query: Query,
    pub order: Order,
    pub distinct: Distinct,
    /// How many hits to pass over.
    pub skip: usize,
    /// How many to give.
    pub limit: usize,
    /// Length of a snippet, in characters.
    pub snippet: usize,
}

/// Reads what was typed. The outer error is the index's, which is asked for speakers' names.
pub fn read(index: &Reader, typed: &str, reads: Reads) -> Result<Result<Reading, QueryError>, IndexError> {
    match reads {
        Reads::Literally => Ok(parse(typed).map(|query| Reading { query, note: None })),
        Reads::AsMeant => intent::read(typed, &mut |name, role| index.speakers(name, role)),
    }
}

/// One page of hits, and how many there are in all.
pub fn search(index: &Reader, question: &Question) -> Result<Answer, IndexError> {
    let mut answer = Answer { first: question.skip + 1, ..Answer::default() };
    each(index, question, &mut |totals, hits| {
        answer.totals = totals;
        answer.hits.extend(hits);
        true
    })?;
    Ok(answer)
}

/// The hits of a question in order, however many, in batches of which there is one at least, each with how many there are
/// in all.
pub fn each(
    index: &Reader,
    question: &Question,
    give: &mut dyn FnMut(Totals, Vec<Hit>) -> bool,
) -> Result<(), IndexError> {
    let Question { query, order, distinct, skip, limit, snippet } = question;
    let in_text = Highlighter::new(query, Part::Text);
    let in_title = LazyCell::new(|| Highlighter::new(query, Part::Title));
    let hit = |Found { document, score, more }: Found| {
        let snippet = in_text.snippet(document.first(Field::Text).unwrap_or_default(), *snippet);
        let title_marks = match document.first(Field::Kind) {
            Some("article") => in_title.marks(document.first(Field::Title).unwrap_or_default()),
            _ => Vec::new(),
        };
        let versions = document.first(Field::Story).and_then(|story| {
            let query = || Query::all([query.clone(), Query::value(Field::Story, story)]);
            (more > 0).then(|| Versions { more, query: query() })
        });
        Hit { document, score, snippet, title_marks, versions }
    };
    let ranks = *skip..skip.saturating_add(*limit);
    index.answer(query, *order, *distinct, ranks, &mut |totals, found| {
        give(totals, found.into_iter().map(hit).collect())
    })
}

/// How many documents each clause finds by itself, where a query has several and one might be dropped.
pub fn apart(index: &Reader, query: &Query, distinct: Distinct) -> Result<Vec<(Query, u64)>, IndexError> {
    const MOST: usize = 8;
    let clauses = query.clauses();
    if !(2..=MOST).contains(&clauses.len()) {
        return Ok(Vec::new());
    }
    clauses.iter().map(|clause| Ok((clause.clone(), index.count(clause, distinct)?))).collect()
}

/// An article with its statements in text order.
pub struct Whole {
    pub article: Document,
    pub statements: Vec<Document>,
    /// The place among `statements` of the one asked for, where one was.
    pub asked: Option<usize>,
}

/// The article of that id, or of the statement of that id.
pub fn show(index: &Reader, id: &str) -> Result<Option<Whole>, IndexError> {
    let exactly = |field: Field, value: &str| Query::Value {
        field,
        value: value.to_owned(),
        matching: Matching::Exact,
    };
    let all = |query: &Query| -> Result<Vec<Document>, IndexError> {
        let mut all = Vec::new();
        index.found(query, Order::Newest, 0..usize::MAX, &mut |found| {
            all.extend(found.into_iter().map(|found| found.document));
            true
        })?;
        Ok(all)
    };
    // an article is found with its statements, a statement alone
    let mut statements = all(&Query::any([exactly(Field::Article, id), exactly(Field::Id, id)]))?;
    if let [statement] = &statements[..]
        && let Some(article) = statement.first(Field::Article).filter(|article| *article != id)
    {
        statements = all(&exactly(Field::Article, article))?;
    }
    let is_article = |document: &Document| document.first(Field::Kind) == Some("article");
    let Some(place) = statements.iter().position(is_article) else { return Ok(None) };
    let article = statements.swap_remove(place);
    let number = |document: &Document| {
        let id = document.first(Field::Id).unwrap_or_default();
        id.rsplit_once('#').and_then(|(_, number)| number.parse::<u64>().ok()).unwrap_or_default()
    };
    statements.sort_by_key(number);
    let asked = statements.iter().position(|statement| statement.first(Field::Id) == Some(id));
    Ok(Some(Whole { article, statements, asked }))
}

/// The query that finds more like the document of that id, and no versions of it.
pub fn more_like(index: &Reader, id: &str) -> Result<Option<Query>, IndexError> {
    const WORDS: usize = 14;
    let Some(document) = index.by_id(id)? else { return Ok(None) };
    let words = index.telling_words(&document, WORDS)?;
    let word = |word: String| Query::Word { field: Field::Stem, word };
    let itself = [Field::Article, Field::Story].into_iter().filter_map(|field| {
        let value = document.first(field)?.to_owned();
        Some(Query::Not(Box::new(Query::Value { field, value, matching: Matching::Exact })))
    });
    let alike = [
        Query::any(words.into_iter().map(word)),
        Query::kind(document.first(Field::Kind).unwrap_or("article")),
    ];
    Ok(Some(Query::all(alike.into_iter().chain(itself))))
}

/// What of the query's finds is not in `seen`, as a query, and the hashes of everything it finds; `None` where nothing is
/// new. Ids are remembered by a hash (xxh3, 64 bit).
pub fn unseen(
    index: &Reader,
    query: &Query,
    seen: &HashSet<u64>,
) -> Result<(Option<Query>, Vec<u64>), IndexError> {
    let hash = |id: &String| xxhash_rust::xxh3::xxh3_64(id.as_bytes());
    let ids = index.ids(query)?;
    let hashes = ids.iter().map(hash).collect();
    let new: Vec<Query> = ids
        .into_iter()
        .filter(|id| !seen.contains(&hash(id)))
        .map(|value| Query::Value { field: Field::Id, value, matching: Matching::Exact })
        .collect();
    let only = (!new.is_empty()).then(|| Query::all([query.clone(), Query::any(new)]));
    Ok((only, hashes))
}
