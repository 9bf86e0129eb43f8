//! The commands that ask: what can be typed after them, and what they do.

use super::run::Outcome;
use crate::answer::{By, Distinct, Facet, Hit, Order, OwnFilters, Unit};
use crate::ask::{self, Question, Reads};
use crate::index::{Location, Reader};
use crate::query::intent::Reading;
use crate::query::{Query, error::nearest};
use crate::render;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use index_schema::{Field, Kind};
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

/// Hits on a page for people.
const PAGE: usize = 10;
/// Values of a facet for people.
const TOP: usize = 15;

/// What is asked, and how it is read.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Words, "phrases", speaker:harris, country:KR, date:2023-09, OR, -not; nothing asks for everything
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// Search the words as typed: `Harris statements` is two words
    #[arg(long)]
    literal: bool,

    /// Print how the query was read and what runs in the index
    #[arg(long)]
    explain: bool,
}

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
enum Once {
    /// Copies and versions of one story count once
    Story,
    /// An article and its statements count once
    Article,
    /// Statements only
    Statement,
}

/// How hits are given.
#[derive(Debug, Args)]
struct Page {
    /// Hits on a page [default: 10 for people, all for programs]
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,

    /// Which page
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,

    /// Order [default: relevance; -date where nothing in the query weighs]
    #[arg(long, value_enum, allow_hyphen_values = true)]
    sort: Option<Sort>,

    /// What counts as one hit
    #[arg(long, value_enum, value_name = "WHAT")]
    distinct: Option<Once>,

    /// Characters of text shown around what matches
    #[arg(long, value_name = "N")]
    context: Option<usize>,

    #[arg(long, value_enum, default_value = "text")]
    format: HitFormat,
}

#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    page: Page,
}

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

    /// What is counted
    #[arg(long, value_enum, value_name = "WHAT")]
    distinct: Option<Once>,

    /// Print beside each count the query that gives it
    #[arg(long)]
    queries: bool,

    #[arg(long, value_enum, default_value = "text")]
    format: CountFormat,
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

#[derive(Debug, Args)]
pub(super) struct MoreArgs {
    /// The id of an article or a statement
    id: String,

    #[command(flatten)]
    page: Page,
}

#[derive(Debug, Args)]
pub(super) struct SaveArgs {
    /// The name to run it by: letters, digits, - and _
    name: String,

    /// The query
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    /// Search the words as typed
    #[arg(long)]
    literal: bool,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The name it was saved by; without one, the names there are
    name: Option<String>,

    /// Give only what no run with this flag has given before
    #[arg(long)]
    new_since_last: bool,

    #[command(flatten)]
    page: Page,
}

/// Reads the query and says on stderr how, where that is not plain.
fn read(index: &Reader, asked: &Asked) -> Result<Reading> {
    let reads = if asked.literal { Reads::Literally } else { Reads::AsMeant };
    let reading = ask::read(index, &asked.query.join(" "), reads)??;
    if let Some(note) = &reading.note {
        anstream::eprintln!("{}", render::safe::line(note));
    }
    if asked.explain {
        anstream::eprintln!("query: {}", render::safe::line(&reading.query.to_string()));
        anstream::eprintln!("runs:  {}", render::safe::line(&index.runs(&reading.query)?));
    }
    Ok(reading)
}

pub(super) fn search(args: &SearchArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let index = Reader::open(at)?;
    let reading = read(&index, &args.asked)?;
    give(&index, &reading.query, &args.page, started)
}

pub(super) fn more(args: &MoreArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let index = Reader::open(at)?;
    let Some(query) = ask::more_like(&index, &args.id)? else { return nothing_there(&args.id) };
    give(&index, &query, &args.page, started)
}

fn nothing_there(id: &str) -> Result<Outcome> {
    anstream::eprintln!("nothing in the index has the id `{}`", render::safe::line(id));
    Ok(Outcome::Nothing)
}

/// The question of a page, the query narrowed where only statements count.
fn question(query: &Query, page: &Page, columns: usize) -> Question {
    let limit = page.limit.unwrap_or(if page.format == HitFormat::Text { PAGE } else { usize::MAX });
    let order = match page.sort {
        None | Some(Sort::Relevance) => Order::Relevance,
        Some(Sort::Date) => Order::Oldest,
        Some(Sort::NewestDate) => Order::Newest,
        Some(Sort::Speaker) => Order::Speaker,
    };
    Question {
        query: narrowed(query, page.distinct),
        order,
        distinct: distinct(page.distinct),
        skip: limit.saturating_mul(page.page as usize - 1),
        limit,
        snippet: page.context.unwrap_or_else(|| (columns * 2).clamp(160, 300)),
    }
}

fn narrowed(query: &Query, once: Option<Once>) -> Query {
    match once {
        Some(Once::Statement) => Query::all([query.clone(), Query::kind("statement")]),
        _ => query.clone(),
    }
}

fn distinct(once: Option<Once>) -> Option<Distinct> {
    match once {
        Some(Once::Story) => Some(Distinct::Story),
        Some(Once::Article) => Some(Distinct::Article),
        Some(Once::Statement) | None => None,
    }
}

fn give(index: &Reader, query: &Query, page: &Page, started: Instant) -> Result<Outcome> {
    let columns = columns();
    let question = question(query, page, columns);
    if page.format != HitFormat::Text {
        return export(index, &question, page.format);
    }
    let answer = ask::search(index, &question)?;
    if answer.total() == 0 {
        return nothing(index, &question.query);
    }
    print(&render::hits::text(&answer, columns))?;
    anstream::eprintln!("\n{}", render::hits::closing(&answer, started.elapsed()));
    Ok(if answer.hits.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// Says that nothing was found, and what may have been meant.
fn nothing(index: &Reader, query: &Query) -> Result<Outcome> {
    match index.spelled(query)? {
        Some(spelled) => {
            anstream::eprintln!(
                "nothing found; did you mean `{}`?",
                render::safe::line(&spelled.to_string())
            );
        }
        None => anstream::eprintln!("nothing found"),
    }
    Ok(Outcome::Nothing)
}

/// Every hit wanted, for programs.
fn export(index: &Reader, question: &Question, format: HitFormat) -> Result<Outcome> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let head = match format {
        HitFormat::Json => {
            let totals = index.totals(&question.query)?;
            format!(
                "{{\"reading\": {}, \"total\": {}, \"articles\": {}, \"statements\": {}, \"hits\": [",
                serde_json::to_string(&question.query.to_string())?,
                totals.all(),
                totals.articles,
                totals.statements
            )
        }
        HitFormat::Csl => "[".to_owned(),
        HitFormat::Csv => render::export::csv_header(),
        _ => String::new(),
    };
    out.write_all(head.as_bytes())?;
    let mut given = 0;
    let mut articles: HashSet<String> = HashSet::new();
    let mut wrote = Ok(());
    ask::each(index, question, &mut |hits| {
        for hit in hits {
            if matches!(format, HitFormat::Bibtex | HitFormat::Csl) && !articles.insert(article(&hit)) {
                continue;
            }
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
            wrote = out.write_all(between.as_bytes()).and_then(|()| out.write_all(shown.as_bytes()));
            if wrote.is_err() {
                return false;
            }
        }
        true
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

fn article(hit: &Hit) -> String {
    hit.document.first(Field::Article).unwrap_or_default().to_owned()
}

pub(super) fn facets(args: &FacetsArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let asked = args.by.iter().map(|by| parse_by(by)).collect::<Result<Vec<Vec<By>>>>()?;
    let index = Reader::open(at)?;
    let reading = read(&index, &args.asked)?;
    let query = narrowed(&reading.query, args.distinct);
    let distinct = distinct(args.distinct);
    let people = args.format == CountFormat::Text;
    let top = args.top.unwrap_or(if people { TOP } else { usize::MAX });
    let layout = render::facets::Layout { columns: columns(), top, queries: args.queries };
    let total = index.count(&query, distinct)?;
    let mut out = String::new();
    if args.format == CountFormat::Csv && asked.iter().any(|by| by.len() == 1) {
        out.push_str(&render::facets::csv_header());
    }
    let single: Vec<By> = asked.iter().filter(|by| by.len() == 1).map(|by| by[0]).collect();
    // the speakers of `Harris statements` are the question, not a choice made among all
    let own = if reading.note.is_some() { OwnFilters::Kept } else { OwnFilters::Ignored };
    let mut counted = index.facets(&query, &single, own, distinct)?;
    if people {
        for facet in &mut counted {
            in_few_periods(&index, &query, facet, distinct)?;
        }
    }
    let crossed: Vec<&[By]> = asked.iter().map(Vec::as_slice).filter(|by| by.len() == 2).collect();
    match args.format {
        CountFormat::Json if !counted.is_empty() || crossed.is_empty() => {
            out.push_str(&format!("{}\n", render::facets::json(total, &counted, top)));
        }
        CountFormat::Json => {}
        CountFormat::Jsonl => out.extend(counted.iter().map(|facet| render::facets::jsonl(facet, top))),
        CountFormat::Csv => out.extend(counted.iter().map(|facet| render::facets::csv(facet, top))),
        CountFormat::Text => {
            let shown: Vec<String> =
                counted.iter().map(|facet| render::facets::text(facet, layout)).collect();
            out.push_str(&shown.join("\n"));
        }
    }
    for by in crossed {
        let cross = index.cross(&query, by[0], by[1], distinct)?;
        out.push_str(&match args.format {
            CountFormat::Text => render::facets::cross_text(&cross, layout),
            CountFormat::Json | CountFormat::Jsonl => {
                format!("{}\n", render::facets::cross_json(total, &cross, top))
            }
            CountFormat::Csv => render::facets::cross_csv(&cross, top),
        });
    }
    if people && total == 0 {
        return nothing(&index, &query);
    }
    print(&out)?;
    if people {
        let what = match args.distinct {
            Some(Once::Story) => "stories",
            Some(Once::Article) => "articles",
            Some(Once::Statement) => "statements",
            None => "articles and statements",
        };
        anstream::eprintln!("\n{}", render::facets::closing(total, what, started.elapsed()));
    }
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Found })
}

/// Days that a person could not take in become months or years.
fn in_few_periods(
    index: &Reader,
    query: &Query,
    facet: &mut Facet,
    distinct: Option<Distinct>,
) -> Result<()> {
    const MOST: usize = 40;
    let asked = facet.by.unit;
    for unit in [Unit::Month, Unit::Year] {
        let free = facet.by.field.spec().kind == Kind::Day && asked.is_none();
        if free && facet.values.len() > MOST {
            let by = By { unit: Some(unit), ..facet.by };
            *facet = index
                .facets(query, &[by], OwnFilters::Kept, distinct)?
                .pop()
                .context("one facet for one asked")?;
        }
    }
    Ok(())
}

/// `date`, `date:month`, `speaker,country`.
fn parse_by(typed: &str) -> Result<Vec<By>> {
    let parts = typed.split(',').map(|part| {
        let (name, unit) = part.trim().split_once(':').map_or((part.trim(), None), |(n, u)| (n, Some(u)));
        let facet = |field: &Field| {
            matches!(field.spec().kind, Kind::Keyword | Kind::Day)
                && !matches!(field, Field::Id | Field::Month | Field::Year)
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

pub(super) fn show(args: &ShowArgs, at: &Location) -> Result<Outcome> {
    let index = Reader::open(at)?;
    let Some(whole) = ask::show(&index, &args.id)? else { return nothing_there(&args.id) };
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

/// Where saved queries are kept.
fn folder(at: &Location) -> PathBuf {
    at.beside().join("saved")
}

/// Where a saved query is kept, but for the ending.
fn saved(at: &Location, name: &str) -> Result<PathBuf> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        bail!("`{name}` is no name for a query\nhint: letters, digits, - and _, up to 64");
    }
    Ok(folder(at).join(name))
}

pub(super) fn save(args: &SaveArgs, at: &Location) -> Result<Outcome> {
    let path = saved(at, &args.name)?;
    let index = Reader::open(at)?;
    let asked = Asked { query: args.query.clone(), literal: args.literal, explain: false };
    let reading = read(&index, &asked)?;
    let writing = || format!("cannot write `{}`", path.display());
    std::fs::create_dir_all(folder(at)).with_context(writing)?;
    // what was understood is kept: it finds the same whatever is indexed later
    std::fs::write(path.with_extension("query"), format!("{}\n", reading.query)).with_context(writing)?;
    if path.with_extension("seen").exists() {
        std::fs::remove_file(path.with_extension("seen")).with_context(writing)?;
    }
    anstream::eprintln!("saved; `onrecord run {}` asks it", args.name);
    Ok(Outcome::Found)
}

pub(super) fn run_saved(args: &RunArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let Some(name) = &args.name else { return list_saved(at) };
    let path = saved(at, name)?;
    let index = Reader::open(at)?;
    let typed = match std::fs::read_to_string(path.with_extension("query")) {
        Ok(typed) => typed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!(
                "no query saved as `{name}`\nhint: `onrecord run` lists them, `onrecord save {name} QUERY` makes one"
            )
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    };
    let query = ask::read(&index, typed.trim_end(), Reads::Literally)??.query;
    if !args.new_since_last {
        return give(&index, &query, &args.page, started);
    }
    let seen_file = path.with_extension("seen");
    let seen = std::fs::read_to_string(&seen_file).unwrap_or_default();
    let seen: HashSet<u64> = seen.lines().filter_map(|line| u64::from_str_radix(line, 16).ok()).collect();
    let (new, now) = ask::unseen(&index, &query, &seen)?;
    let outcome = match new {
        Some(new) => give(&index, &new, &args.page, started)?,
        None => {
            anstream::eprintln!("nothing new");
            Outcome::Nothing
        }
    };
    let mut all: Vec<u64> = seen.into_iter().chain(now).collect();
    all.sort_unstable();
    all.dedup();
    let text: String = all.iter().map(|hash| format!("{hash:016x}\n")).collect();
    // written after the answer: what was not given is new the next time
    let part = path.with_extension("part");
    std::fs::write(&part, text)
        .and_then(|()| std::fs::rename(&part, &seen_file))
        .with_context(|| format!("cannot write `{}`", seen_file.display()))?;
    Ok(outcome)
}

fn list_saved(at: &Location) -> Result<Outcome> {
    Reader::open(at)?;
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder(at)).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "query") {
            let query = std::fs::read_to_string(&path).unwrap_or_default();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            names.push(format!("{name}  {}\n", render::safe::line(query.trim_end())));
        }
    }
    names.sort();
    print(&names.concat())?;
    Ok(if names.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// The terminal's width; 80 where there is no terminal, unless `$COLUMNS` says otherwise.
fn columns() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    named.or(found).unwrap_or(80).clamp(40, 200)
}

fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Through the pager where stdout is a terminal too low for the text.
fn page_or_print(text: &str) -> Result<()> {
    let height = terminal_size::terminal_size().map(|(_, height)| usize::from(height.0));
    let too_long = height.is_some_and(|height| text.lines().count() >= height);
    if !too_long || !std::io::stdout().is_terminal() {
        return print(text);
    }
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return print(text) };
    let mut command = std::process::Command::new(program);
    command.args(words).stdin(std::process::Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return print(text) };
    if let Some(mut stdin) = child.stdin.take() {
        // the pager shows colours where stdout would have
        let choice = anstream::AutoStream::choice(&std::io::stdout());
        let mut shown = anstream::AutoStream::new(Vec::new(), choice);
        shown.write_all(text.as_bytes())?;
        // a reader who leaves early closes the pipe
        let _ = stdin.write_all(&shown.into_inner());
    }
    child.wait()?;
    Ok(())
}
