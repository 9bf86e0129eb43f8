//! The noun `Answer`: what an index says to a query.

use crate::article::Span;
use crate::document::Document;
use crate::query::highlight::Snippet;
use crate::query::{Query, dates};
use index_schema::{Field, Kind};
use std::collections::BTreeMap;

/// How many documents a query finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub articles: u64,
    pub statements: u64,
    /// How many more there are that say the same as one of these: they are not counted again.
    pub versions: u64,
    /// Of how many articles, where each is one hit with its statements.
    pub of_articles: Option<u64>,
}

impl Totals {
    pub fn all(self) -> u64 {
        self.articles + self.statements
    }

    /// How many hits there are on all pages together.
    pub fn hits(self) -> u64 {
        self.of_articles.unwrap_or(self.all())
    }

    /// Counts so many more of a kind.
    pub(crate) fn add(&mut self, kind: &str, count: u64) {
        match kind {
            "statement" => self.statements += count,
            _ => self.articles += count,
        }
    }
}

/// What one question gives: how many in all, and the hits of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub totals: Totals,
    /// The rank of the first hit, from 1.
    pub first: usize,
    pub hits: Vec<Hit>,
}

/// One document that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub document: Document,
    /// BM25; 0 where nothing in the query weighs.
    pub score: f32,
    pub snippet: Snippet,
    /// What matches in the title, in bytes.
    pub title_marks: Vec<Span>,
    /// What stands behind it where each story counts once, if anything does.
    pub versions: Option<Versions>,
}

/// More versions of a hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions {
    pub more: u64,
    /// What finds them all, the hit too.
    pub query: Query,
}

/// In what order hits come. Equals come newest first, then in order of `id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Best first; newest first where nothing in the query weighs.
    #[default]
    Relevance,
    /// As by relevance, a score being halved for every so many days, at least one, by which a document is older than the
    /// newest in the index. What has no date comes last.
    Recent {
        half_life: u32,
    },
    Newest,
    Oldest,
    Speaker,
}

/// What counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distinct {
    /// Each document.
    Document,
    /// Each document, but all versions of an article as one, and a statement as one that several of them have.
    #[default]
    Story,
    /// An article with its statements.
    Article,
}

/// What a facet counts: a field's values, days by their period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    pub field: Field,
    pub unit: Option<Unit>,
}

/// What becomes of the query's own filters on a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnFilters {
    /// They are choices among the values: the others are counted as well.
    Ignored,
    /// They are what is asked about.
    Kept,
}

/// A period of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Day,
    Month,
    Year,
}

/// One facet: every value with its count.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    pub by: By,
    /// What was asked, but for filters on the facet itself.
    pub within: Query,
    /// By count, then name; days in time order with empty periods.
    pub values: Vec<FacetCount>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetCount {
    pub value: String,
    pub count: u64,
}

impl Facet {
    /// The query that finds exactly the documents counted under one value.
    pub fn query(&self, value: &str) -> Query {
        Query::all([self.within.clone(), self.chosen(value)])
    }

    fn chosen(&self, value: &str) -> Query {
        match dates::period(value) {
            Ok((first, last)) if self.by.field.spec().kind == Kind::Day => {
                Query::Days { field: self.by.field, from: Some(first), to: Some(last) }
            }
            _ => Query::value(self.by.field, value),
        }
    }
}

/// Two facets crossed: the counts of one within each value of the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Cross {
    pub rows: Facet,
    pub columns: Facet,
    /// For each row the counts above 0, by the column's place.
    pub cells: Vec<BTreeMap<usize, u64>>,
}

impl Cross {
    /// The query that finds exactly the documents counted in one cell.
    pub fn query(&self, row: &str, column: &str) -> Query {
        Query::all([self.rows.query(row), self.columns.chosen(column)])
    }
}
