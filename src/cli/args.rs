//! What can be typed, by clap, closest to what was typed.

use super::asking::{MoreArgs, SearchArgs, ShowArgs};
use super::counting::FacetsArgs;
use super::saved::{RunArgs, SaveArgs};
use crate::read;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Full-text search for news that knows who said what, about which country, and when.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// The index: a folder, or http://HOST:9200,OTHER:9200/NAME on an OpenSearch cluster. Else $ONRECORD_INDEX, else
    /// `.onrecord` here or in a folder above
    #[arg(long, global = true, value_name = "DIR|URL", env = "ONRECORD_INDEX")]
    pub(super) index: Option<PathBuf>,

    /// When to print in colours; `auto`: on a terminal, unless $NO_COLOR or $CLICOLOR_FORCE says otherwise
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,

    /// Certificates (PEM) by which a cluster is trusted, in place of the usual ones
    #[arg(long, global = true, value_name = "FILE", env = "ONRECORD_CA")]
    pub(super) ca: Option<PathBuf>,
}

/// When to print in colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

const EXAMPLES: &str = "\
Examples:
  onrecord index articles/                   read a folder; again = only what changed
  onrecord search \"Harris statements\"        what Harris said
  onrecord search 'submarine country:KR date:2023-09'
  onrecord facets \"Harris statements\" --by date
  onrecord extract page.html --format json   what would be indexed";

// The arguments of a command are made when it is the one asked for. What is flattened into them has no `///` of its own:
// it would stand as what the command is about.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum Command {
    /// Read articles into the index; again = only what changed
    Index(IndexArgs),
    /// Find articles and statements, best first
    Search(SearchArgs),
    /// Count what a query finds by date, speaker, country, ...
    Facets(FacetsArgs),
    /// Show an article with its statements marked, or a statement in its place
    Show(ShowArgs),
    /// Find more like an article or a statement
    More(MoreArgs),
    /// Keep a query under a name
    Save(SaveArgs),
    /// Ask a kept query again
    Run(RunArgs),
    /// Print what would be indexed, without an index
    Extract(ExtractArgs),
    /// Say what the index holds
    Stats(StatsArgs),
    /// Verify the index against its checksums and its files
    Check(CheckArgs),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
    /// Print the manual page (roff)
    Man,
}

// Which files of a folder are read.
#[derive(Debug, Args)]
pub(super) struct Files {
    /// Files and folders; `-` is stdin
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Read only files whose name or path matches
    #[arg(long, value_name = "GLOB")]
    pub(super) include: Vec<String>,

    /// Leave out files and folders whose name or path matches
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,

    /// Read hidden files and folders too
    #[arg(long)]
    pub(super) hidden: bool,

    /// Which column of a table (CSV, TSV) holds a field: `text=body,date=published`
    #[arg(long, value_name = "FIELD=COLUMN,...", value_parser = Columns::parse)]
    pub(super) map: Option<Columns>,

    /// Read a text of up to so many megabytes; a file with pictures may have ten times that
    #[arg(long, value_name = "MB", default_value_t = read::LARGEST, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) largest: u16,

    /// Files under way at once [default: one per processor]
    #[arg(long, short = 'j', value_name = "N")]
    pub(super) threads: Option<usize>,
}

/// Fields and the columns that hold them.
#[derive(Clone, Debug)]
pub(super) struct Columns(pub(super) Vec<(String, String)>);

impl Columns {
    fn parse(written: &str) -> Result<Columns, String> {
        read::columns(written).map(Columns)
    }
}

/// One of several parts of the files, told apart by a hash of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// From 0.
    part: u64,
    of: u64,
}

impl Share {
    fn parse(written: &str) -> Result<Share, String> {
        let numbers =
            written.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part @ 1.., of)) if part <= of => Ok(Share { part: part - 1, of }),
            _ => Err("a share is K/N with K from 1 to N: 3/8".to_owned()),
        }
    }

    /// Whether the file of that name belongs to it.
    pub(super) fn holds(self, name: &str) -> bool {
        xxhash_rust::xxh3::xxh3_64(name.as_bytes()) % self.of == self.part
    }
}

#[derive(Debug, Args)]
pub(super) struct IndexArgs {
    #[command(flatten)]
    pub(super) files: Files,

    /// Drop what the index holds of files that are gone
    #[arg(long)]
    pub(super) prune: bool,

    /// Build the index anew from these files
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) fresh: bool,

    /// Read only the K-th of N parts of the files, for N machines that fill one index on a cluster
    #[arg(long, value_name = "K/N", value_parser = Share::parse, conflicts_with = "watch")]
    pub(super) share: Option<Share>,

    /// Shards of an index that is made on a cluster
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(super) shards: Option<u32>,

    /// Copies of each shard beside the first, on a cluster
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=32))]
    pub(super) replicas: Option<u32>,

    /// Say what would be done, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Go on reading what is new or changed, as it comes, until Ctrl-C
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) watch: bool,

    /// Write what was not read and why to a file, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(super) errors: Option<PathBuf>,

    /// Commit whenever so many milliseconds have passed, so that tests can end a run amid commits
    #[arg(long, value_name = "MS", env = "ONRECORD_COMMIT_EVERY", hide = true)]
    pub(super) commit_every: Option<u64>,

    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExtractFormat {
    /// For people
    Text,
    /// One array
    Json,
    /// One article a line
    Jsonl,
    /// One statement a row
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct ExtractArgs {
    #[command(flatten)]
    pub(super) files: Files,

    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ExtractFormat,
}

#[derive(Debug, Args)]
pub(super) struct StatsArgs {
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: StatsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StatsFormat {
    /// For people
    Text,
    /// One object
    Json,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Mend what is broken by reading its files again
    #[arg(long)]
    pub(super) repair: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// The whole command, for completions, the manual and the tests of the documents, which all build it.
pub fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn every_file_is_in_exactly_one_share() {
        for name in ["a.txt", "b/c.jsonl", "é.html", ""] {
            let shares = (1..=5).map(|part| Share::parse(&format!("{part}/5")).expect("readable"));
            assert_eq!(shares.filter(|share| share.holds(name)).count(), 1, "{name}");
        }
        for wrong in ["0/3", "4/3", "3", "a/b", "1/0", "-1/2", ""] {
            assert!(Share::parse(wrong).is_err(), "{wrong}");
        }
    }
}
