//! One short function per subcommand.

use super::args::{
    CheckArgs, Cli, Command, CompletionsArgs, ExtractArgs, ExtractFormat, Files, IndexArgs, StatsArgs,
    StatsFormat, command,
};
use super::closing;
use super::interrupt::Interrupt;
use super::progress::Progress;
use super::screen::{self, print};
use super::trouble::Trouble;
use super::{asking, counting, saved};
use crate::answer::{By, Distinct, OwnFilters};
use crate::article::Article;
use crate::extraction;
use crate::findings::Findings;
use crate::index::{Index, IndexError, Location, Reader};
use crate::ingest::{self, Event, Gone, Ingest};
use crate::ledger;
use crate::query::Query;
use crate::read::{self, ReadError, Source, WalkOptions, Watch};
use crate::render;
use anyhow::{Result, bail};
use clap::Parser;
use index_schema::Field;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// How a command ended, as grep has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Found, or done.
    Found,
    /// Nothing found.
    Nothing,
    /// An error, even if part of the work succeeded.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Found => 0,
            Outcome::Nothing => 1,
            Outcome::Failed => 2,
        })
    }
}

/// Runs the command line.
pub fn run() -> Result<Outcome> {
    let cli = Cli::parse();
    screen::colour(cli.color);
    let at = || location(cli.index.as_deref()).trusting(cli.ca.as_deref());
    match &cli.command {
        Command::Index(args) => index(args, &at().made_of(args.shards, args.replicas)?),
        Command::Search(args) => asking::search(args, &at()),
        Command::Facets(args) => counting::facets(args, &at()),
        Command::Show(args) => asking::show(args, &at()),
        Command::More(args) => asking::more(args, &at()),
        Command::Save(args) => saved::save(args, &at()),
        Command::Run(args) => saved::run(args, &at()),
        Command::Extract(args) => extract(args),
        Command::Stats(args) => stats(args, &at()),
        Command::Check(args) => check(args, &at()),
        Command::Completions(args) => completions(args),
        Command::Man => man(),
    }
}

/// Prints the error that ended the command; a pipe closed by its reader is none.
pub fn report(error: &anyhow::Error) -> Outcome {
    let closed = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(closed)) {
        return Outcome::Found;
    }
    let hint = error.chain().find_map(|cause| cause.downcast_ref::<IndexError>()?.hint());
    anstream::eprintln!("{}", render::error(&format!("{error:#}"), hint));
    Outcome::Failed
}

/// The index named, else the nearest one, else the one `index` makes here.
fn location(named: Option<&Path>) -> Location {
    match named {
        Some(named) => Location::of(named),
        None => Location::Folder(nearest().unwrap_or_else(|| PathBuf::from(".onrecord"))),
    }
}

/// `.onrecord` in this folder or the nearest one above it that has one, as git finds `.git`.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    if here.join(".onrecord").is_dir() {
        return Some(PathBuf::from(".onrecord"));
    }
    here.ancestors().map(|folder| folder.join(".onrecord")).find(|folder| folder.is_dir())
}

fn index(args: &IndexArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let mut trouble = Trouble::new(args.errors.as_deref(), &args.files.paths)?;
    // Before the files are looked at, so that no change falls between.
    let beside = at.beside();
    let watch = if args.watch { Some(Watch::new(&args.files.paths, &beside)?) } else { None };
    let walk_options = walking(&args.files)?.without(&beside);
    let mut sources = gather(read::walk(&args.files.paths, &walk_options), &mut trouble);
    if let Some(share) = args.share {
        sources.retain(|source| share.holds(&source.name));
    }
    // of few files a share may well hold none
    if sources.is_empty() && !args.prune && watch.is_none() && args.share.is_none() {
        if !trouble.is_any() {
            anstream::eprintln!("nothing to read: no file there is an article by its name");
        }
        return trouble.end(Outcome::Nothing);
    }
    let index = match (args.fresh, args.dry_run) {
        (true, _) => Some(Index::anew(at)?),
        (_, true) => there(at)?,
        _ => Some(Index::open_or_create(at)?),
    };
    let wake = watch.as_ref().map(Watch::ender);
    let interrupt = Interrupt::listen(move || wake.iter().for_each(|wake| wake()))?;
    let progress = Progress::new(|| sources.iter().map(Source::size).sum(), args.quiet);
    let options = ingest::Options {
        read: reading(&args.files),
        threads: threads(&args.files),
        prune: args.prune,
        dry_run: args.dry_run,
        commit_every: args.commit_every.map_or(ingest::COMMIT_EVERY, Duration::from_millis),
    };
    let mut ingest = Ingest::open(index.as_ref(), options)?;
    let tally = ingest.update(&sources, Gone::Anywhere, &mut |event| {
        match event {
            Event::Progress(bytes, tally) => progress.show(bytes, tally),
            Event::Skipped(error) => progress.aside(|| trouble.tell(error)),
            Event::Again => {}
        }
        interrupt.flow()
    });
    progress.clear();
    trouble.tell_rest();
    let tally = tally?;
    // of many parts, the last run puts the whole in place
    if let Some(index) = index.filter(|_| args.fresh && args.share.is_none() && !interrupt.is_wanted()) {
        index.put_in_place()?;
    }
    if !args.quiet {
        let done =
            closing::Closing { tally: &tally, trouble: &trouble, dry_run: args.dry_run, prune: args.prune };
        print(&closing::text(&done, at, started.elapsed()))?;
    }
    if let Some(watch) = &watch {
        keep_up(&mut ingest, watch, &walk_options, &interrupt, args.quiet, &mut trouble)?;
    }
    ingest.close()?;
    if interrupt.is_wanted() && watch.is_none() {
        bail!("ended before all was read; run `onrecord index` again to go on");
    }
    trouble.end(Outcome::Found)
}

/// The index there, if there is one.
fn there(at: &Location) -> Result<Option<Index>, IndexError> {
    match Index::open(at) {
        Err(error) if error.is_not_found() => Ok(None),
        opened => opened.map(Some),
    }
}

/// Reads what is touched, as it comes, until the user wants an end.
fn keep_up(
    ingest: &mut Ingest,
    watch: &Watch,
    walk_options: &WalkOptions,
    interrupt: &Interrupt,
    quiet: bool,
    trouble: &mut Trouble,
) -> Result<()> {
    if !quiet {
        anstream::eprintln!("watching; Ctrl-C ends");
    }
    while !interrupt.is_wanted()
        && let Some(touched) = watch.touched()
    {
        let started = Instant::now();
        let touched = touched?;
        let parts = touched.iter().flat_map(|part| read::walk_part(&part.root, &part.path, walk_options));
        let mut sources = gather(parts, trouble);
        // a folder and a file in it may both have been touched
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        sources.dedup();
        let paths: Vec<PathBuf> = touched.into_iter().map(|part| part.path).collect();
        let tally = ingest.update(&sources, Gone::Under(&paths), &mut |event| {
            if let Event::Skipped(error) = event {
                trouble.tell(error);
            }
            interrupt.flow()
        })?;
        trouble.tell_rest();
        if !quiet {
            print(&closing::kept_up(&tally, started.elapsed()))?;
        }
    }
    Ok(())
}

fn extract(args: &ExtractArgs) -> Result<Outcome> {
    let mut trouble = Trouble::new(None, &args.files.paths)?;
    let walk_options = walking(&args.files)?;
    let sources = gather(read::walk(&args.files.paths, &walk_options), &mut trouble);
    let to: Box<dyn Write> = match args.format {
        ExtractFormat::Text => Box::new(anstream::stdout().lock()),
        ExtractFormat::Json | ExtractFormat::Jsonl | ExtractFormat::Csv => Box::new(io::stdout().lock()),
    };
    let mut out = BufWriter::with_capacity(1 << 16, to);
    let mut articles = 0;
    let mut wrote = Ok(());
    if args.format == ExtractFormat::Csv {
        wrote = out.write_all(render::findings::CSV_HEADER.as_bytes());
    }
    extraction::each(
        &sources,
        &reading(&args.files),
        threads(&args.files),
        render_findings(args.format),
        &mut |rendered| match rendered {
            Ok(rendered) => {
                let between = match args.format {
                    ExtractFormat::Json if articles == 0 => "[\n",
                    ExtractFormat::Json => ",\n",
                    _ => "",
                };
                articles += 1;
                wrote = out.write_all(between.as_bytes()).and_then(|()| out.write_all(rendered.as_bytes()));
                if wrote.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            }
            Err(error) => {
                trouble.tell(&error);
                ControlFlow::Continue(())
            }
        },
    );
    if args.format == ExtractFormat::Json && wrote.is_ok() {
        wrote = out.write_all(if articles == 0 { b"[]\n" } else { b"\n]\n" });
    }
    wrote.and_then(|()| out.flush())?;
    trouble.end(if articles == 0 { Outcome::Nothing } else { Outcome::Found })
}

fn render_findings(format: ExtractFormat) -> fn(&Article, &Findings) -> String {
    match format {
        ExtractFormat::Text => render::findings::text,
        ExtractFormat::Json => render::findings::json,
        ExtractFormat::Jsonl => |article, findings| render::findings::json(article, findings) + "\n",
        ExtractFormat::Csv => render::findings::csv,
    }
}

fn stats(args: &StatsArgs, at: &Location) -> Result<Outcome> {
    let index = Index::open(at)?;
    let reader = Reader::open(at)?;
    let by =
        [Field::Speaker, Field::Source, Field::Country, Field::Date].map(|field| By { field, unit: None });
    let (totals, facets) = reader.counted(&Query::Everything, &by, OwnFilters::Kept, Distinct::Document)?;
    let days: Vec<&str> =
        facets[3].values.iter().filter(|day| day.count > 0).map(|day| day.value.as_str()).collect();
    let holds = closing::Holds {
        articles: totals.articles,
        statements: totals.statements,
        files: index.ledger()?.read(),
        speakers: facets[0].values.len(),
        sources: facets[1].values.len(),
        countries: facets[2].values.len(),
        days: days.first().copied().zip(days.last().copied()),
        bytes: index.bytes(),
    };
    print(&match args.format {
        StatsFormat::Text => closing::stats(at, &holds),
        StatsFormat::Json => closing::stats_json(&holds),
    })?;
    Ok(Outcome::Found)
}

fn check(args: &CheckArgs, at: &Location) -> Result<Outcome> {
    let damaged = Index::damaged(at)?;
    if damaged.is_empty() {
        let ledger = Index::open(at)?.ledger()?;
        print(&closing::sound(at, &ledger, &ingest::state(&ledger)))?;
        return Ok(Outcome::Found);
    }
    print(&closing::damaged(at, &damaged))?;
    if !args.repair {
        print("  run `onrecord check --repair` to read what is broken again from its files\n")?;
        return Ok(Outcome::Failed);
    }
    let mended = Index::mend(at)?;
    let sources: Vec<Source> =
        mended.again.iter().map(|(path, name)| Source::named(ledger::path(path), name)).collect();
    let mut trouble = Trouble::new(None, &[])?;
    let options = ingest::Options {
        read: read::Options::default(),
        threads: default_threads(),
        prune: false,
        dry_run: false,
        commit_every: ingest::COMMIT_EVERY,
    };
    let tally = ingest::ingest(&sources, &Index::open_or_create(at)?, options, &mut |event| {
        if let Event::Skipped(error) = event {
            trouble.tell(error);
        }
        ControlFlow::Continue(())
    })?;
    print(&closing::mended(&tally))?;
    if damaged.iter().any(|file| file.starts_with("ledger-")) {
        print(
            "  what `--map` said of tables may be lost; `onrecord index --map ... TABLE` reads them again\n",
        )?;
    }
    for (name, articles) in &mended.lost {
        trouble.tell(&ReadError::content(
            name,
            0,
            format!("gone, and {} with it", closing::count(*articles, "article")),
        ));
    }
    trouble.end(Outcome::Found)
}

fn completions(args: &CompletionsArgs) -> Result<Outcome> {
    clap_complete::generate(args.shell, &mut command(), "onrecord", &mut std::io::stdout());
    Ok(Outcome::Found)
}

fn man() -> Result<Outcome> {
    clap_mangen::Man::new(command()).render(&mut std::io::stdout())?;
    Ok(Outcome::Found)
}

/// The files to read.
fn gather(walk: impl Iterator<Item = Result<Source, ReadError>>, trouble: &mut Trouble) -> Vec<Source> {
    walk.filter_map(|source| source.inspect_err(|error| trouble.tell(error)).ok()).collect()
}

fn walking(files: &Files) -> Result<WalkOptions> {
    Ok(WalkOptions::new(&files.include, &files.exclude)?.with_hidden(files.hidden))
}

fn reading(files: &Files) -> read::Options {
    let map = files.map.as_ref().map(|columns| columns.0.clone()).unwrap_or_default();
    read::Options { map, limits: read::Limits::of_texts(files.largest) }
}

fn threads(files: &Files) -> usize {
    files.threads.unwrap_or_else(default_threads)
}

fn default_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
