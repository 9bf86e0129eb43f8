//! What `index` and `check` say when they are done.

use super::trouble::Trouble;
use crate::index::Location;
use crate::ingest::{Row, State, Tally};
use crate::ledger::Ledger;
use crate::render::number;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// What there is to say of an ingest.
pub(super) struct Closing<'c> {
    pub(super) tally: &'c Tally,
    pub(super) trouble: &'c Trouble,
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
    let Closing { tally, trouble, dry_run, prune } = closing;
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
    let told: usize = trouble.skipped.values().sum();
    let mut formats: Vec<(&str, Row)> = tally.formats.iter().map(|(name, row)| (&**name, *row)).collect();
    // what could not even be opened has no format
    let elsewhere = told.saturating_sub(tally.skipped);
    match formats.first_mut() {
        Some(("", row)) => row.skipped += elsewhere,
        _ if elsewhere > 0 => formats.push(("", Row { skipped: elsewhere, ..Row::default() })),
        _ => {}
    }
    if tally.did_something() && formats.len() > 1 {
        out.push_str(&table(formats));
    }
    out.push_str(&reasons(&trouble.skipped, "skipped"));
    out.push_str(&reasons(&trouble.passed, "passed over"));
    if tally.files_gone > 0 && !prune {
        let _ =
            writeln!(out, "  {} gone since; --prune drops what they held", count(tally.files_gone, "file"));
    }
    let seconds = took.as_secs_f64();
    let _ = writeln!(out, "  {} in {seconds:.1} s, index in {at}", bytes(tally.bytes));
    out
}

/// The number of one column in a row.
type Cell = fn(&Row) -> usize;

/// What became of each format, a row each by name; columns of nothing but 0 are left out.
fn table(mut formats: Vec<(&str, Row)>) -> String {
    for (name, _) in &mut formats {
        if name.is_empty() {
            *name = "unknown";
        }
    }
    formats.sort_by_cached_key(|(name, _)| (*name == "unknown", name.to_lowercase()));
    let columns: [(&str, Cell); 6] = [
        ("read", |row| row.read),
        ("new", |row| row.new),
        ("changed", |row| row.changed),
        ("same", |row| row.same),
        ("copies", |row| row.copies),
        ("skipped", |row| row.skipped),
    ];
    let columns: Vec<_> =
        columns.into_iter().filter(|(_, of)| formats.iter().any(|(_, row)| of(row) > 0)).collect();
    let width = formats.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut out = format!("  {:width$}", "");
    for (title, _) in &columns {
        let _ = write!(out, "{title:>9}");
    }
    for (name, row) in formats {
        let _ = write!(out, "\n  {name:width$}");
        for (_, of) in &columns {
            let _ = write!(out, "{:>9}", number(of(&row) as u64));
        }
    }
    out + "\n"
}

/// `12 skipped: permission denied`, a line for each of the commonest reasons.
fn reasons(reasons: &BTreeMap<String, usize>, what: &str) -> String {
    const SHOWN: usize = 5;
    let mut by_count: Vec<_> = reasons.iter().collect();
    by_count.sort_by_key(|(_, n)| Reverse(**n));
    let mut out = String::new();
    for (why, n) in by_count.iter().take(SHOWN) {
        let _ = writeln!(out, "  {} {what}: {why}", number(**n as u64));
    }
    let rest: usize = by_count.iter().skip(SHOWN).map(|(_, n)| **n).sum();
    if rest > 0 {
        let _ = writeln!(out, "  {} {what} for other reasons; --errors FILE names them", number(rest as u64));
    }
    out
}

/// What is broken.
pub(super) fn damaged(at: &Location, damaged: &[String]) -> String {
    format!("{at}: damaged: {}\n", damaged.join(", "))
}

/// What a repair did.
pub(super) fn mended(tally: &Tally) -> String {
    let articles = tally.new + tally.changed + tally.copies;
    format!("mended: {} read again from {}\n", count(articles, "article"), count(tally.files_read, "file"))
}

/// What `check` found in a sound index: how its files stand now.
pub(super) fn sound(at: &Location, ledger: &Ledger, state: &State) -> String {
    let articles: usize = ledger.files.values().map(|file| file.articles.len()).sum();
    let mut out =
        format!("{at}: sound; {} from {}\n", count(articles, "article"), count(ledger.read(), "file"));
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
    use super::{Row, bytes, count, reasons, table};

    #[test]
    fn a_row_for_each_format() {
        let rows = vec![
            ("", Row { read: 1, skipped: 1, ..Row::default() }),
            ("text", Row { read: 2, new: 1200, same: 1, ..Row::default() }),
            ("HTML", Row { read: 3, new: 3, ..Row::default() }),
        ];
        let expected = [
            "              read      new     same  skipped",
            "  HTML           3        3        0        0",
            "  text           2    1,200        1        0",
            "  unknown        1        0        0        1",
        ];
        assert_eq!(table(rows).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_commonest_reasons_first() {
        let told = [("a", 1), ("b", 7), ("c", 1), ("d", 1), ("e", 1), ("f", 1), ("g", 1)];
        let told = told.iter().map(|(why, n)| (why.to_string(), *n)).collect();
        let lines = reasons(&told, "skipped");
        assert!(lines.starts_with("  7 skipped: b\n  1 skipped: a\n"), "{lines}");
        assert!(lines.ends_with("  2 skipped for other reasons; --errors FILE names them\n"), "{lines}");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1234567, "article"), "1,234,567 articles");
        assert_eq!(bytes(62_400_000), "62.4 MB");
        assert_eq!(bytes(999), "999 bytes");
    }
}
