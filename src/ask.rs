//! The sentence of asking: read what was typed, ask the index, put an answer together.

use crate::answer::{Answer, Distinct, Hit, Order};
use crate::document::Document;
use crate::index::IndexError;
use crate::index::local::{LocalReader, Place};
use crate::query::highlight::{Highlighter, Part};
use crate::query::intent::{self, Reading};
use crate::query::parse::parse;
use crate::query::{Matching, Query, QueryError};
use index_schema::Field;
use std::collections::HashSet;

/// Hits whose words are read from the index at one time, where all are wanted.
const BATCH: usize = 500;

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
    pub distinct: Option<Distinct>,
    /// How many hits to pass over.
    pub skip: usize,
    /// How many to give.
    pub limit: usize,
    /// Length of a snippet, in characters.
    pub snippet: usize,
}

/// Reads what was typed. The outer error is the index's, which is asked for speakers' names.
pub fn read(
    index: &LocalReader,
    typed: &str,
    reads: Reads,
) -> Result<Result<Reading, QueryError>, IndexError> {
    match reads {
        Reads::Literally => Ok(parse(typed).map(|query| Reading { query, note: None })),
        Reads::AsMeant => intent::read(typed, &mut |name, role| index.speakers(name, role)),
    }
}

/// One page of hits, and how many there are in all.
pub fn search(index: &LocalReader, question: &Question) -> Result<Answer, IndexError> {
    let mut answer = Answer { totals: index.totals(&question.query)?, ..Answer::default() };
    let places = match question.distinct {
        Some(distinct) => {
            let groups = index.groups(&question.query, distinct)?;
            answer.groups = Some(groups.len() as u64);
            groups
        }
        None if answer.totals.all() == 0 => Vec::new(),
        None => {
            index.places(&question.query, question.order, question.skip.saturating_add(question.limit))?
        }
    };
    answer.first = question.skip + 1;
    let page = places.iter().skip(question.skip).take(question.limit);
    answer.hits = hits(index, question, page)?;
    Ok(answer)
}

/// Every hit in order, however many, in batches.
pub fn each(
    index: &LocalReader,
    question: &Question,
    give: &mut dyn FnMut(Vec<Hit>) -> bool,
) -> Result<(), IndexError> {
    let places = match question.distinct {
        Some(distinct) => index.groups(&question.query, distinct)?,
        None => {
            index.places(&question.query, question.order, question.skip.saturating_add(question.limit))?
        }
    };
    let wanted = places.get(question.skip..).unwrap_or_default();
    for batch in wanted[..wanted.len().min(question.limit)].chunks(BATCH) {
        if !give(hits(index, question, batch.iter())?) {
            break;
        }
    }
    Ok(())
}

fn hits<'p>(
    index: &LocalReader,
    question: &Question,
    places: impl Iterator<Item = &'p Place>,
) -> Result<Vec<Hit>, IndexError> {
    let in_text = Highlighter::new(&question.query, Part::Text);
    let in_title = Highlighter::new(&question.query, Part::Title);
    let mut hits = Vec::new();
    for place in places {
        let document = index.document(place)?;
        let snippet = in_text.snippet(document.first(Field::Text).unwrap_or_default(), question.snippet);
        let title_marks = match document.first(Field::Kind) {
            Some("article") => in_title.marks(document.first(Field::Title).unwrap_or_default()),
            _ => Vec::new(),
        };
        hits.push(Hit { document, score: place.score(), snippet, title_marks });
    }
    Ok(hits)
}

/// An article with its statements in text order.
pub struct Whole {
    pub article: Document,
    pub statements: Vec<Document>,
    /// The place among `statements` of the one asked for, where one was.
    pub asked: Option<usize>,
}

/// The article of that id, or of the statement of that id.
pub fn show(index: &LocalReader, id: &str) -> Result<Option<Whole>, IndexError> {
    let Some(found) = index.by_id(id)? else { return Ok(None) };
    let article_id = found.first(Field::Article).unwrap_or_default().to_owned();
    let Some(article) = index.by_id(&article_id)? else { return Ok(None) };
    let of_article =
        Query::Value { field: Field::Article, value: article_id.clone(), matching: Matching::Exact };
    let query = Query::all([of_article, Query::kind("statement")]);
    let mut statements = Vec::new();
    for place in index.places(&query, Order::Newest, usize::MAX)? {
        statements.push(index.document(&place)?);
    }
    let number = |document: &Document| {
        let id = document.first(Field::Id).unwrap_or_default();
        id.rsplit_once('#').and_then(|(_, number)| number.parse::<u64>().ok()).unwrap_or_default()
    };
    statements.sort_by_key(number);
    let asked = statements.iter().position(|statement| statement.first(Field::Id) == Some(id));
    Ok(Some(Whole { article, statements, asked }))
}

/// The query that finds more like the document of that id.
pub fn more_like(index: &LocalReader, id: &str) -> Result<Option<Query>, IndexError> {
    const WORDS: usize = 14;
    let Some(document) = index.by_id(id)? else { return Ok(None) };
    let words = index.telling_words(&document, WORDS)?;
    let word = |word: String| Query::Word { field: Field::Stem, word };
    let article = document.first(Field::Article).unwrap_or_default().to_owned();
    let itself = Query::Value { field: Field::Article, value: article, matching: Matching::Exact };
    Ok(Some(Query::all([
        Query::any(words.into_iter().map(word)),
        Query::kind(document.first(Field::Kind).unwrap_or("article")),
        Query::Not(Box::new(itself)),
    ])))
}

/// What of the query's finds is not in `seen`, as a query, and the hashes of everything it finds; `None` where nothing is
/// new. Ids are remembered by a hash (xxh3, 64 bit).
pub fn unseen(
    index: &LocalReader,
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
