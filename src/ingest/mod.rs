//! The sentence of `index`: read, extract, compose, index; only what changed, and nothing lost.
//!
//! Files are read and articles understood on many threads; what the index is to hold is decided on one, in file order,
//! so that the number of threads changes nothing but the time it takes.

mod plan;
mod understand;
mod window;
mod write;
mod close;
mod state;

pub use state::{State, state};

use crate::index::{Index, IndexError, Writer};
use crate::ledger::{FileRecord, Ledger};
use crate::pipeline;
use crate::read::{self, ReadError, Source};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use understand::{Done, Known};
use window::Window;
use write::{Holding, Open};

/// How an ingest is to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub read: read::Options,
    pub threads: usize,
    /// Drop what the index holds of files that are no longer there.
    pub prune: bool,
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
    /// How long work may lie uncommitted: what a kill can cost.
    pub commit_every: Duration,
}

/// Usual for [`Options::commit_every`].
pub const COMMIT_EVERY: Duration = Duration::from_secs(30);

/// What an ingest did, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub files_read: usize,
    pub files_unchanged: usize,
    /// Files that could not be read, wholly or in part.
    pub files_failed: usize,
    /// Files the index knows that are no longer there.
    pub files_gone: usize,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub removed: usize,
    /// Articles met again at another place.
    pub copies: usize,
    /// Statements in new and changed articles.
    pub statements: usize,
    /// Files and articles in them that could not be read.
    pub skipped: usize,
    /// Bytes of the files read.
    pub bytes: u64,
    /// The same by format.
    pub formats: BTreeMap<String, Row>,
}

/// What became of the files of one format and their articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Files read.
    pub read: usize,
    pub new: usize,
    pub changed: usize,
    /// Articles the index holds as they are, in files read or not.
    pub same: usize,
    pub copies: usize,
    /// Files and articles in them that could not be read.
    pub skipped: usize,
}

impl Tally {
    /// Whether the index is another than before.
    pub fn did_something(&self) -> bool {
        self.new + self.changed + self.removed + self.copies > 0
    }

    /// All formats in one row.
    fn row(&self) -> Row {
        Row {
            read: self.files_read,
            new: self.new,
            changed: self.changed,
            same: self.unchanged,
            copies: self.copies,
            skipped: self.skipped,
        }
    }

    /// Counts what was done since `before` to a file of that format.
    fn count(&mut self, format: &str, before: Row) {
        let now = self.row();
        let row = self.formats.entry(format.to_owned()).or_default();
        row.read += now.read - before.read;
        row.new += now.new - before.new;
        row.changed += now.changed - before.changed;
        row.same += now.same - before.same;
        row.copies += now.copies - before.copies;
        row.skipped += now.skipped - before.skipped;
    }
}

/// What is worth telling while an ingest runs.
pub enum Event<'e> {
    /// How far it is, in bytes of the files given, and what was done so far.
    Progress(u64, &'e Tally),
    /// A file, or an article in it, was skipped, for an error or since it is no article.
    Skipped(&'e ReadError),
    /// Articles are written again that lost a place or whose story changed.
    Again,
}

/// Hears of events; `Break` ends the work there: what was done is committed, and the next run goes on.
pub type Tell<'t> = dyn FnMut(Event) -> ControlFlow<()> + 't;

/// Where files are looked for that are no longer there.
#[derive(Clone, Copy, Debug)]
pub enum Gone<'g> {
    Anywhere,
    /// At and under these paths.
    Under(&'g [PathBuf]),
}

/// Brings the index up to date with the files, once. An error means that the index could not be written: the last
/// commit stands. A file that cannot be read is told, counted and skipped.
pub fn ingest(
    sources: &[Source],
    index: &Index,
    options: Options,
    tell: &mut Tell,
) -> Result<Tally, IndexError> {
    let mut ingest = Ingest::open(Some(index), options)?;
    let tally = ingest.update(sources, Gone::Anywhere, tell)?;
    ingest.close()?;
    Ok(tally)
}

/// An index that is kept up to date: what it holds, and its one writer.
pub struct Ingest {
    options: Options,
    ledger: Ledger,
    /// Where each article stands, by its id.
    held: HashMap<String, Holding>,
    /// Articles to be written again, by a file that holds them: they lost a place, or their story changed.
    again: BTreeMap<String, BTreeSet<String>>,
    /// The stories that several articles tell, from article to story.
    stories: HashMap<String, String>,
    /// Whether `stories` was found since the ledger was opened: a run cut short may have left that undone.
    grouped: bool,
    /// `None` writes nothing.
    writer: Option<Writer>,
    /// Files whose records are not committed.
    unsaved: BTreeSet<String>,
    committed: Instant,
    tally: Tally,
    /// Bytes of the files passed.
    passed: u64,
}

/// Which pass over files it is: the one that was asked for, of which is told, or another over some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Over,
    Again,
}

impl Ingest {
    /// Takes the index's writer, unless it is a dry run; one over no index finds everything new.
    pub fn open(index: Option<&Index>, options: Options) -> Result<Ingest, IndexError> {
        let writer = index.filter(|_| !options.dry_run).map(Index::writer).transpose()?;
        let ledger = index.map(Index::ledger).transpose()?.unwrap_or_default();
        Ok(Ingest {
            held: write::held(&ledger),
            again: BTreeMap::new(),
            stories: close::stories_of(&ledger),
            grouped: false,
            options,
            ledger,
            writer,
            unsaved: BTreeSet::new(),
            committed: Instant::now(),
            tally: Tally::default(),
            passed: 0,
        })
    }

    /// Brings the index up to date with the files, and commits.
    pub fn update(&mut self, sources: &[Source], gone: Gone, tell: &mut Tell) -> Result<Tally, IndexError> {
        (self.tally, self.passed) = (Tally::default(), 0);
        let mut flow = self.run(sources, Pass::Over, tell)?;
        if flow.is_continue() && self.options.prune {
            self.prune(gone);
        }
        if flow.is_continue() && !self.options.dry_run {
            if self.tally.did_something() || !self.grouped {
                self.group();
            }
            flow = self.write_again(tell)?;
        }
        if flow.is_continue() {
            self.tally.files_gone = self.gone(gone).len();
        }
        self.commit()?;
        Ok(std::mem::take(&mut self.tally))
    }

    /// Waits for the index to be in order on disk, and lets others write it.
    pub fn close(self) -> Result<(), IndexError> {
        self.writer.map_or(Ok(()), Writer::close)
    }

    /// Reads the files and writes what is new or changed in them.
    fn run(
        &mut self,
        sources: &[Source],
        pass: Pass,
        tell: &mut Tell,
    ) -> Result<ControlFlow<()>, IndexError> {
        let keys: Vec<String> = sources.iter().map(plan::key).collect();
        let before: Vec<Option<Arc<FileRecord>>> =
            keys.iter().map(|key| self.ledger.files.get(key).cloned()).collect();
        let stories = std::mem::take(&mut self.stories);
        let known = Known::new(&before, &stories);
        let (reading, threads) = (self.options.read.clone(), self.options.threads);
        let mut open: Option<Open> = None;
        let mut outcome = Ok(ControlFlow::Continue(()));
        let mut take = |(number, done): (usize, Done)| {
            let mut heard = ControlFlow::Continue(());
            let mut skipped = |error: &ReadError| {
                // what is read again was told when it was passed over
                if pass == Pass::Over && tell(Event::Skipped(error)).is_break() {
                    heard = ControlFlow::Break(());
                }
            };
            let taken = self.take(done, &sources[number], &keys[number], &mut open, &mut skipped);
            let event = match pass {
                Pass::Over => Event::Progress(self.passed, &self.tally),
                Pass::Again => Event::Again,
            };
            let flow = if heard.is_break() { heard } else { tell(event) };
            outcome = taken.map(|()| flow);
            if outcome.is_ok() { flow } else { ControlFlow::Break(()) }
        };
        let mut window = Window::default();
        let mut flow = ControlFlow::Continue(());
        pipeline::in_order(
            threads,
            |give| {
                for (number, source) in sources.iter().enumerate() {
                    if plan::feed(number, source, &reading, before[number].as_deref(), give).is_break() {
                        return;
                    }
                }
            },
            |(number, step)| (number, understand::understand(number, step, &known)),
            |(number, done)| {
                if pass == Pass::Again {
                    // stories are settled
                    return take((number, done));
                }
                window.push(number, done);
                flow = std::iter::from_fn(|| window.leave()).try_for_each(&mut take);
                flow
            },
        );
        while flow.is_continue()
            && let Some(next) = window.pop()
        {
            flow = take(next);
        }
        if let Some(open) = &open {
            self.keep_part(open);
            self.tally.count("", open.tally);
        }
        self.stories = stories;
        outcome
    }
}
