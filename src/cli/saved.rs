//! Saved queries: `save` keeps one, `run` asks it again, for cron only what is new.

use super::asking::{Asked, open, read};
use super::hits::{Page, give};
use super::run::Outcome;
use super::screen::print;
use crate::ask::{self, Reads};
use crate::index::{Location, Reader};
use crate::render;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;

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

pub(super) fn run(args: &RunArgs, at: &Location) -> Result<Outcome> {
    let started = Instant::now();
    let Some(name) = &args.name else { return list_saved(at) };
    let path = saved(at, name)?;
    let index = open(at)?;
    let typed = match std::fs::read_to_string(path.with_extension("query")) {
        Ok(typed) => typed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!(
                "no query saved as `{name}`\nhint: `onrecord run` lists them, `onrecord save {name} QUERY` makes one"
            )
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    };
    let query = ask::read(index, typed.trim_end(), Reads::Literally)??.query;
    if !args.new_since_last {
        return give(index, &query, &args.page, started);
    }
    let seen_file = path.with_extension("seen");
    let seen = std::fs::read_to_string(&seen_file).unwrap_or_default();
    let seen: HashSet<u64> = seen.lines().filter_map(|line| u64::from_str_radix(line, 16).ok()).collect();
    let (new, now) = ask::unseen(index, &query, &seen)?;
    let outcome = match new {
        Some(new) => give(index, &new, &args.page, started)?,
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
