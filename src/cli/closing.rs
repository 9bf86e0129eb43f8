//! What `index` and `check` say when they are done.

use crate::index::Location;
use crate::ingest::{State, Tally};
use crate::ledger::Ledger;
use crate::render::number;
use std::fmt::Write;
use std::time::Duration;

/// What there is to say of an ingest.
pub(super) struct Closing<'c> {
    pub(super) tally: &'c Tally,
    /// Files passed over as no articles.
    pub(super) ignored: usize,
    pub(super) dry_run: bool,
    pub(super) prune: bool,
}

/// `2 new, 1 changed`: what became of articles.
fn became(tally: &Tally) -> String {
    let copies = if tally.copies == 1 {
        "copy of an article already there"
    } else {
        "copies of articles already there"
    };
    let parts = [
        (tally.new, "new"),
        (tally.changed, "changed"),
        (tally.unchanged, "unchanged"),
        (tally.removed, "removed"),
        (tally.copies, copies),
    ];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", number(*n as u64)));
    parts.collect::<Vec<_>>().join(", ")
}

/// One line of a watch; nothing where nothing became of anything.
pub(super) fn kept_up(tally: &Tally, took: Duration) -> String {
    if !tally.did_something() {
        return String::new();
    }
    let files = count(tally.files_read + tally.files_unchanged, "file");
    format!("{} from {files} in {:.1} s\n", became(tally), took.as_secs_f64())
}

/// The closing lines of `index`.
pub(super) fn text(closing: &Closing, at: &Location, took: Duration) -> String {
    let Closing { tally, ignored, dry_run, prune } = closing;
    let mut out = String::new();
    let files = tally.files_read + tally.files_unchanged;
    let would = if *dry_run { "would index" } else { "indexed" };
    if !tally.did_something() {
        let _ = writeln!(
            out,
            "nothing changed: {} in {}",
            count(tally.unchanged, "article"),
            count(files, "file")
        );
    } else {
        let _ = writeln!(out, "{would} {} from {}", became(tally), count(files, "file"));
        let _ = writeln!(
            out,
            "  {} in {}",
            count(tally.statements, "statement"),
            count(tally.new + tally.changed, "article")
        );
    }
    if tally.files_failed > 0 {
        let _ = writeln!(out, "  {} could not be read, wholly or in part", count(tally.files_failed, "file"));
    }
    if *ignored > 0 {
        let _ = writeln!(out, "  {} passed over: no article by name", count(*ignored, "file"));
    }
    if tally.files_gone > 0 && !prune {
        let _ =
            writeln!(out, "  {} gone since; --prune drops what they held", count(tally.files_gone, "file"));
    }
    let seconds = took.as_secs_f64();
    let _ = writeln!(out, "  {} in {seconds:.1} s, index in {at}", bytes(tally.bytes));
    out
}

/// What `check` found.
pub(super) fn check(at: &Location, damaged: &[String], ledger: &Ledger, state: &State) -> String {
    let mut out = String::new();
    let articles: usize = ledger.files.values().map(|file| file.articles.len()).sum();
    if damaged.is_empty() {
        let _ = writeln!(
            out,
            "{at}: sound; {} from {}",
            count(articles, "article"),
            count(ledger.files.len(), "file")
        );
    } else {
        let _ = writeln!(out, "{at}: damaged: {}", damaged.join(", "));
        let _ = writeln!(out, "  run `onrecord check --repair` to build it anew from its files");
    }
    for (number, what) in [
        (state.changed, "changed since they were read; `onrecord index` brings the index up to date"),
        (state.gone, "gone; `onrecord index --prune` drops what they held"),
        (state.unfinished, "not read to the end; `onrecord index` goes on"),
        (state.failed, "could not be read, wholly or in part"),
    ] {
        if number > 0 {
            let _ = writeln!(out, "  {} {what}", count(number, "file"));
        }
    }
    out
}

/// What an index holds, in numbers.
pub(super) struct Holds<'h> {
    pub(super) articles: u64,
    pub(super) statements: u64,
    pub(super) files: usize,
    pub(super) speakers: usize,
    pub(super) sources: usize,
    pub(super) countries: usize,
    /// The first and the last day of publication.
    pub(super) days: Option<(&'h str, &'h str)>,
    pub(super) bytes: u64,
}

/// `stats` for people.
pub(super) fn stats(at: &Location, holds: &Holds) -> String {
    let mut out = format!("{at}  {}, schema {}\n", bytes(holds.bytes), index_schema::VERSION);
    for (n, what) in [
        (holds.articles as usize, "articles"),
        (holds.statements as usize, "statements"),
        (holds.speakers, "speakers"),
        (holds.countries, "countries"),
        (holds.sources, "sources"),
        (holds.files, "files"),
    ] {
        let _ = writeln!(out, "  {:>10}  {what}", number(n as u64));
    }
    if let Some((first, last)) = holds.days {
        let _ = writeln!(out, "  published {first} to {last}");
    }
    out
}

/// `stats` for programs.
pub(super) fn stats_json(holds: &Holds) -> String {
    let json = serde_json::json!({
        "articles": holds.articles, "statements": holds.statements, "speakers": holds.speakers,
        "countries": holds.countries, "sources": holds.sources, "files": holds.files,
        "first": holds.days.map(|days| days.0), "last": holds.days.map(|days| days.1),
        "bytes": holds.bytes, "schema": index_schema::VERSION,
    });
    format!("{json}\n")
}

/// `1 file`, `2,500 files`.
pub(super) fn count(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(n as u64))
}

/// `62.4 MB`, in powers of 1000.
pub(super) fn bytes(n: u64) -> String {
    let mut value = n as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if value < 1000.0 {
            return if unit == "bytes" { format!("{n} bytes") } else { format!("{value:.1} {unit}") };
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::{bytes, count};

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1234567, "article"), "1,234,567 articles");
        assert_eq!(bytes(62_400_000), "62.4 MB");
        assert_eq!(bytes(999), "999 bytes");
    }
}
