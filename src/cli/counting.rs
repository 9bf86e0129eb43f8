//! The command that counts: `facets`.

use super::asking::{Asked, nothing, open, read};
use super::hits::Once;
use super::run::Outcome;
use super::screen::{columns, print};
use crate::answer::{By, Cross, Facet, OwnFilters, Unit};
use crate::index::Location;
use crate::query::error::nearest;
use crate::render;
use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use index_schema::{Field, Kind};
use std::time::Instant;

/// Values of a facet for people.
const TOP: usize = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CountFormat {
    /// Bars for people
    Text,
    /// One object
    Json,
    /// One value a line
    Jsonl,
    /// One value a row
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct FacetsArgs {
    #[command(flatten)]
    asked: Asked,

    /// What to count: date, date:month, speaker, country, about, role, org, source, quote, lang, kind, ...; again for
    /// another; two with a comma between them for a table of both
    #[arg(long, value_name = "FIELD", required = true)]
    by: Vec<String>,

    /// Values shown of each [default: 15 for people, all for programs]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    #[command(flatten)]
    once: Once,

    /// Print beside each count the query that gives it
    #[arg(long)]
    queries: bool,

    #[arg(long, value_enum, default_value = "text")]
    format: CountFormat,
}

pub(super) fn facets(args: &FacetsArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let asked = args.by.iter().map(|by| parse_by(by)).collect::<Result<Vec<Vec<By>>>>()?;
    let index = open(at)?;
    let reading = read(index, &args.asked)?;
    let query = args.once.narrowed(&reading.query);
    let distinct = args.once.distinct();
    let people = args.format == CountFormat::Text;
    let top = args.top.unwrap_or(if people { TOP } else { usize::MAX });
    let layout = render::facets::Layout { columns: columns(), top, queries: args.queries };
    let mut out = String::new();
    let single: Vec<By> = asked.iter().filter(|by| by.len() == 1).map(|by| by[0]).collect();
    // the speakers of `Harris statements` are the question, not a choice made among all
    let own = if reading.note.is_some() { OwnFilters::Kept } else { OwnFilters::Ignored };
    let periods: Vec<Vec<By>> =
        single.iter().map(|&by| if people { periods(by) } else { vec![by] }).collect();
    let (totals, counted) = index.counted(&query, &periods.concat(), own, distinct)?;
    let mut counted = counted.into_iter();
    let counted: Vec<Facet> =
        periods.iter().filter_map(|periods| few(counted.by_ref().take(periods.len()))).collect();
    let total = totals.hits();
    let tables = asked.iter().filter(|by| by.len() == 2);
    let crossed = tables.map(|by| index.cross(&query, by[0], by[1], distinct));
    let crossed: Vec<Cross> = crossed.collect::<Result<_, _>>()?;
    match args.format {
        CountFormat::Json => {
            out.push_str(&format!("{}\n", render::facets::json(total, &counted, &crossed, top)));
        }
        CountFormat::Jsonl => {
            out.extend(counted.iter().map(|facet| render::facets::jsonl(facet, top)));
            out.extend(crossed.iter().map(|cross| render::facets::cross_jsonl(cross, top)));
        }
        CountFormat::Csv => {
            if !counted.is_empty() {
                out.push_str(&render::facets::csv_header());
            }
            out.extend(counted.iter().map(|facet| render::facets::csv(facet, top)));
            out.extend(crossed.iter().map(|cross| render::facets::cross_csv(cross, top)));
        }
        CountFormat::Text => {
            let facets = counted.iter().map(|facet| render::facets::text(facet, layout));
            let tables = crossed.iter().map(|cross| render::facets::cross_text(cross, layout));
            out.push_str(&facets.chain(tables).collect::<Vec<_>>().join("\n"));
        }
    }
    if people && total == 0 {
        return nothing(index, &query, distinct);
    }
    print(&out)?;
    if people {
        anstream::eprintln!("\n{}", render::hits::found(totals, started.elapsed()));
    }
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Found })
}

/// Days that a person could not take in become months or years.
fn periods(by: By) -> Vec<By> {
    match (by.field.spec().kind, by.unit) {
        (Kind::Day, None) => {
            [None, Some(Unit::Month), Some(Unit::Year)].map(|unit| By { unit, ..by }).to_vec()
        }
        _ => vec![by],
    }
}

/// The first of the facets that a person can take in, else the last.
fn few(facets: impl Iterator<Item = Facet>) -> Option<Facet> {
    const MOST: usize = 40;
    facets.reduce(|finer, coarser| if finer.values.len() <= MOST { finer } else { coarser })
}

/// `date`, `date:month`, `speaker,country`.
fn parse_by(typed: &str) -> Result<Vec<By>> {
    let parts = typed.split(',').map(|part| {
        let (name, unit) = part.trim().split_once(':').map_or((part.trim(), None), |(n, u)| (n, Some(u)));
        let facet = |field: &Field| {
            matches!(field.spec().kind, Kind::Keyword | Kind::Day)
                && !matches!(field, Field::Month | Field::Year)
        };
        let Some(field) = Field::named(name).filter(facet) else {
            let known = index_schema::FIELDS.iter().map(|spec| spec.field).filter(facet).map(Field::name);
            return Err(match nearest(name, known) {
                Some(near) => anyhow!("no facet named `{name}`\nhint: did you mean `{near}`?"),
                None => anyhow!(
                    "no facet named `{name}`\nhint: date, speaker, country, about, role, org, source, quote, lang, kind"
                ),
            });
        };
        let unit = match unit {
            None => None,
            Some("day") if field.spec().kind == Kind::Day => Some(Unit::Day),
            Some("month") if field.spec().kind == Kind::Day => Some(Unit::Month),
            Some("year") if field.spec().kind == Kind::Day => Some(Unit::Year),
            Some(unit) if field.spec().kind == Kind::Day => {
                bail!("no period named `{unit}`\nhint: {name}:year, {name}:month or {name}:day")
            }
            Some(_) => bail!("`{name}` has no periods\nhint: they are for dates: date:month"),
        };
        Ok(By { field, unit })
    });
    let by = parts.collect::<Result<Vec<By>>>()?;
    if by.len() > 2 {
        bail!("a table has two sides, `{typed}` names {}\nhint: say --by again for another facet", by.len());
    }
    Ok(by)
}
