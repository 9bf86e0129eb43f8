//! The commands that find and show: `search`, `more`, `show`.

use super::hits::{Page, give};
use super::run::Outcome;
use super::screen::{columns, page_or_print, print};
use crate::answer::Distinct;
use crate::ask::{self, Reads};
use crate::index::{IndexError, Location, Reader};
use crate::query::Query;
use crate::query::intent::Reading;
use crate::render;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::time::Instant;

// What is asked, and how it is read.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Words, "phrases", speaker:harris, country:KR, date:2023-09, OR, -not; nothing asks for everything
    #[arg(value_name = "QUERY")]
    pub(super) query: Vec<String>,

    /// Search the words as typed: `Harris statements` is two words
    #[arg(long)]
    pub(super) literal: bool,

    /// Print how the query was read and what runs in the index
    #[arg(long)]
    pub(super) explain: bool,
}

#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    page: Page,
}

#[derive(Debug, Args)]
pub(super) struct MoreArgs {
    /// The id of an article or a statement
    id: String,

    #[command(flatten)]
    page: Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The id of an article, or of a statement: ARTICLE#3
    id: String,

    /// Characters of text shown around a statement; 0 shows the whole article
    #[arg(long, value_name = "N", default_value_t = 600)]
    context: usize,

    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

/// Opens the index until the process ends, which is soon and quicker than to close it.
pub(super) fn open(at: &Location) -> Result<&'static Reader, IndexError> {
    Ok(Box::leak(Box::new(Reader::open(at)?)))
}

/// Reads the query and says on stderr how, where that is not plain.
pub(super) fn read(index: &Reader, asked: &Asked) -> Result<Reading> {
    let reads = if asked.literal { Reads::Literally } else { Reads::AsMeant };
    let reading = ask::read(index, &asked.query.join(" "), reads)??;
    if let Some(note) = &reading.note {
        anstream::eprintln!("{}", render::safe::line(note));
    }
    if asked.explain {
        anstream::eprintln!("query: {}", render::safe::line(&reading.query.to_string()));
        let meant = index.meant(&reading.query);
        if meant != reading.query {
            anstream::eprintln!("means: {}", render::safe::line(&meant.to_string()));
        }
        anstream::eprintln!("runs:  {}", render::safe::line(&index.runs(&reading.query)?));
    }
    Ok(reading)
}

pub(super) fn search(args: &SearchArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let index = open(at)?;
    let reading = read(index, &args.asked)?;
    give(index, &reading.query, &args.page, started)
}

pub(super) fn more(args: &MoreArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let index = open(at)?;
    let Some(query) = ask::more_like(index, &args.id)? else { return nothing_there(&args.id) };
    give(index, &query, &args.page, started)
}

fn nothing_there(id: &str) -> Result<Outcome> {
    anstream::eprintln!("nothing in the index has the id `{}`", render::safe::line(id));
    Ok(Outcome::Nothing)
}

/// Says that nothing was found, and what may have been meant.
pub(super) fn nothing(index: &Reader, query: &Query, distinct: Distinct) -> Result<Outcome> {
    match index.spelled(query)? {
        Some(spelled) => {
            anstream::eprintln!(
                "nothing found; did you mean `{}`?",
                render::safe::line(&spelled.to_string())
            );
        }
        None => {
            let counts = ask::apart(index, query, distinct)?;
            let each = |(clause, count): &(Query, u64)| {
                format!("`{}` {}", render::safe::line(&clause.to_string()), render::number(*count))
            };
            let apart: Vec<String> = counts.iter().map(each).collect();
            match apart.len() {
                0 => anstream::eprintln!("nothing found"),
                _ => anstream::eprintln!("nothing found; one by one: {}", apart.join(", ")),
            }
        }
    }
    Ok(Outcome::Nothing)
}

pub(super) fn show(args: &ShowArgs, at: &Location) -> Result<Outcome> {
    let index = open(at)?;
    let Some(whole) = ask::show(index, &args.id)? else { return nothing_there(&args.id) };
    let around = whole.asked.filter(|_| args.context > 0).map(|place| (place, args.context));
    match (args.format, whole.asked) {
        (ShowFormat::Text, _) => {
            page_or_print(&render::show::text(&whole.article, &whole.statements, around, columns()))?;
        }
        (ShowFormat::Json, Some(place)) => {
            print(&format!("{}\n", render::show::statement_json(&whole.statements[place])))?;
        }
        (ShowFormat::Json, None) => {
            print(&format!("{}\n", render::show::json(&whole.article, &whole.statements)))?;
        }
    }
    Ok(Outcome::Found)
}
