//! How hits are given: a page for people, every hit for programs.

use super::asking::nothing;
use super::run::Outcome;
use super::screen::{columns, print};
use crate::answer::{Distinct, Order, Totals};
use crate::ask::{self, Question};
use crate::index::Reader;
use crate::query::Query;
use crate::render;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::time::Instant;

/// Hits on a page for people.
const PAGE: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HitFormat {
    /// For people
    Text,
    /// One object
    Json,
    /// One hit a line
    Jsonl,
    /// One hit a row
    Csv,
    /// The articles, each once, for a bibliography
    Bibtex,
    /// The articles, each once, as CSL-JSON
    Csl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sort {
    Relevance,
    /// Oldest first
    Date,
    /// Newest first
    #[value(name = "-date")]
    NewestDate,
    Speaker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// An article with its statements
    Article,
    /// Statements only
    Statement,
}

// What counts as one.
#[derive(Debug, Args)]
pub(super) struct Once {
    /// What counts as one [default: an article, a statement]
    #[arg(long, value_enum, value_name = "WHAT")]
    distinct: Option<What>,

    /// Count every version of a story, and a statement as often as its versions repeat it
    #[arg(long)]
    all_versions: bool,
}

impl Once {
    /// The query, where only statements count of those alone.
    pub(super) fn narrowed(&self, query: &Query) -> Query {
        match self.distinct {
            Some(What::Statement) => Query::all([query.clone(), Query::kind("statement")]),
            _ => query.clone(),
        }
    }

    pub(super) fn distinct(&self) -> Distinct {
        match self.distinct {
            Some(What::Article) => Distinct::Article,
            _ if self.all_versions => Distinct::Document,
            _ => Distinct::Story,
        }
    }
}

// How hits are given.
#[derive(Debug, Args)]
pub(super) struct Page {
    /// Hits on a page [default: 10 for people, all for programs]
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,

    /// Order [default: relevance; -date where nothing in the query weighs]
    #[arg(long, value_enum, allow_hyphen_values = true)]
    sort: Option<Sort>,

    /// Prefer what is new: a score is halved for every so many DAYS before the newest [default: 365]
    #[arg(long, value_name = "DAYS", num_args = 0..=1, require_equals = true, default_missing_value = "365",
        conflicts_with = "sort", value_parser = clap::value_parser!(u32).range(1..))]
    recent: Option<u32>,

    #[command(flatten)]
    once: Once,

    /// Characters of text shown around what matches
    #[arg(long, value_name = "N")]
    context: Option<usize>,

    #[arg(long, value_enum, default_value = "text")]
    format: HitFormat,
}

/// The question of a page, the query narrowed where only statements count.
fn question(query: &Query, page: &Page, columns: usize) -> Question {
    let limit = page.limit.unwrap_or(if page.format == HitFormat::Text { PAGE } else { usize::MAX });
    let order = match page.sort {
        None | Some(Sort::Relevance) => {
            page.recent.map_or(Order::Relevance, |half_life| Order::Recent { half_life })
        }
        Some(Sort::Date) => Order::Oldest,
        Some(Sort::NewestDate) => Order::Newest,
        Some(Sort::Speaker) => Order::Speaker,
    };
    // a bibliography has each article once
    let articles = matches!(page.format, HitFormat::Bibtex | HitFormat::Csl);
    Question {
        query: page.once.narrowed(query),
        order,
        distinct: if articles { Distinct::Article } else { page.once.distinct() },
        skip: limit.saturating_mul(page.page as usize - 1),
        limit,
        snippet: page.context.unwrap_or_else(|| (columns * 2).clamp(160, 300)),
    }
}

pub(super) fn give(index: &Reader, query: &Query, page: &Page, started: Instant) -> Result<Outcome> {
    let columns = columns();
    let question = question(query, page, columns);
    if page.format != HitFormat::Text {
        return export(index, &question, page.format);
    }
    let answer = ask::search(index, &question)?;
    if answer.totals.all() == 0 {
        return nothing(index, &question.query, question.distinct);
    }
    print(&render::hits::text(&answer, columns))?;
    anstream::eprintln!("\n{}", render::hits::closing(&answer, started.elapsed()));
    Ok(if answer.hits.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// Every hit wanted, for programs.
fn export(index: &Reader, question: &Question, format: HitFormat) -> Result<Outcome> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let head = |totals: Totals| match format {
        HitFormat::Json => format!(
            "{{\"reading\": {}, \"total\": {}, \"articles\": {}, \"statements\": {}, \"versions\": {}, \"hits\": [",
            serde_json::json!(question.query.to_string()),
            totals.hits(),
            totals.articles,
            totals.statements,
            totals.versions
        ),
        HitFormat::Csl => "[".to_owned(),
        HitFormat::Csv => render::export::csv_header(),
        _ => String::new(),
    };
    let mut begun = false;
    let mut given = 0;
    let mut wrote = Ok(());
    ask::each(index, question, &mut |totals, hits| {
        if !begun {
            begun = true;
            wrote = out.write_all(head(totals).as_bytes());
        }
        for hit in hits {
            let between = match format {
                HitFormat::Json | HitFormat::Csl if given == 0 => "\n",
                HitFormat::Json | HitFormat::Csl => ",\n",
                HitFormat::Bibtex if given > 0 => "\n",
                _ => "",
            };
            given += 1;
            let shown = match format {
                HitFormat::Json => render::export::json(&hit).to_string(),
                HitFormat::Csl => render::export::csl(&hit).to_string(),
                HitFormat::Csv => render::export::csv(&hit),
                HitFormat::Bibtex => render::export::bibtex(&hit),
                HitFormat::Jsonl | HitFormat::Text => format!("{}\n", render::export::json(&hit)),
            };
            if wrote.is_ok() {
                wrote = out.write_all(between.as_bytes()).and_then(|()| out.write_all(shown.as_bytes()));
            }
        }
        wrote.is_ok()
    })?;
    wrote?;
    let tail = match format {
        HitFormat::Json => "\n]}\n",
        HitFormat::Csl => "\n]\n",
        _ => "",
    };
    out.write_all(tail.as_bytes())?;
    out.flush()?;
    Ok(if given == 0 { Outcome::Nothing } else { Outcome::Found })
}
