//! The sentence of `index`: read, extract, compose, index; only what changed, and nothing lost.
//!
//! Files are read and articles understood on many threads; what the index is to hold is decided on one, in file order,
//! so that the number of threads changes nothing but the time it takes.

use crate::article::Article;
use crate::compose;
use crate::document::{Document, Value};
use crate::extract;
use crate::index::{Index, IndexError, Writer};
use crate::ledger::{self, ArticleRecord, FileRecord, Ledger};
use crate::pipeline;
use crate::read::{self, ReadError, Source};
use crate::story::{Fingerprint, Sketch, stories};
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, UNIX_EPOCH};
use xxhash_rust::xxh3::Xxh3;

/// How long work may lie uncommitted: what a kill can cost.
const COMMIT_EVERY: Duration = Duration::from_secs(30);

/// A file whose last change is younger than this when it is read may change again within the clock's own step; its
/// bytes are compared, not its time. Nanoseconds.
const CLOCK_STEP: i64 = 2_000_000_000;

/// How an ingest is to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub read: read::Options,
    pub threads: usize,
    /// Drop what the index holds of files that are no longer there.
    pub prune: bool,
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
}

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
    /// Bytes of the files read.
    pub bytes: u64,
}

/// What is worth telling while an ingest runs.
pub enum Event<'e> {
    /// How far it is, in bytes of the files given, and what was done so far.
    Progress(u64, &'e Tally),
    /// A file, or an article in it, was skipped.
    Skipped(&'e ReadError),
}

/// Brings the index up to date with the files. An error means that the index could not be written: the last commit
/// stands. A file that cannot be read is told, counted and skipped.
pub fn ingest(
    sources: &[Source],
    index: &Index,
    options: &Options,
    tell: &mut dyn FnMut(Event),
) -> Result<Tally, IndexError> {
    let writer = if options.dry_run { None } else { Some(index.writer()?) };
    let mut ingest = Ingest::new(index.ledger()?, writer, tell);
    ingest.run(sources, options, Pass::Over)?;
    if options.prune {
        ingest.prune();
    }
    if !options.dry_run {
        ingest.group();
        ingest.write_again(options)?;
    }
    ingest.tally.files_gone = ingest.ledger.files.keys().filter(|path| is_gone(path)).count();
    if ingest.dirty {
        ingest.commit()?;
    }
    if let Some(writer) = ingest.writer {
        writer.close()?;
    }
    Ok(ingest.tally)
}

/// How the files of a ledger stand now, in numbers of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub changed: usize,
    pub gone: usize,
    /// Not read to their ends when the run was cut short.
    pub unfinished: usize,
    /// Could not be read, wholly or in part.
    pub failed: usize,
}

/// Compares the ledger with the files it names.
pub fn state(ledger: &Ledger) -> State {
    let mut state = State::default();
    for (path, file) in ledger.files.iter().filter(|(path, _)| *path != "-") {
        let source = Source::named(ledger::path(path), &file.name);
        match stat(&source, Some(file)) {
            Ok(now) => state.changed += usize::from(now.hash != file.hash),
            Err(cause) => state.gone += usize::from(cause.kind() == std::io::ErrorKind::NotFound),
        }
        state.unfinished += usize::from(!file.whole);
        state.failed += usize::from(file.error.is_some());
    }
    state
}

impl FileRecord {
    /// Makes the next run read the file and write these articles whatever they are.
    fn forget(&mut self, ids: &BTreeSet<String>) {
        self.whole = false;
        self.articles
            .iter_mut()
            .filter(|article| ids.contains(&article.id))
            .for_each(|article| article.hash = 0);
    }
}

/// Where one held article stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Holding {
    identity: u64,
    /// File and place.
    places: Vec<(String, String)>,
}

/// Which pass over files it is: the one that was asked for, whose progress is told, or another over some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Over,
    Again,
}

/// One step of the work, in file order.
enum Step {
    Unchanged(usize, Stat),
    /// A file the ledger knows that cannot be looked at now: what the index holds of it stays.
    Unread(usize, ReadError),
    Begin(usize, Stat),
    Piece(read::Piece),
    Failed(ReadError),
    End,
}

/// The outcome of a step, understood.
enum Done {
    Unchanged(usize, Stat),
    Unread(usize, ReadError),
    Begin(usize, Stat),
    /// An article the index holds as it is.
    Same(ArticleRecord, u64),
    Article(Box<Found>, u64),
    Failed(ReadError, u64),
    End,
}

struct Found {
    record: ArticleRecord,
    documents: Vec<Document>,
}

/// What a file was when it was looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Stat {
    size: u64,
    modified: i64,
    hash: u64,
}

struct Ingest<'i> {
    ledger: Ledger,
    held: HashMap<String, Holding>,
    /// Articles to be written again, by a file that holds them: they lost a place, or their story changed.
    again: BTreeMap<String, BTreeSet<String>>,
    /// The stories that several articles tell, from article to story.
    stories: HashMap<String, String>,
    writer: Option<Writer>,
    tell: &'i mut dyn FnMut(Event),
    tally: Tally,
    dirty: bool,
    committed: Instant,
    /// Bytes of the files passed.
    passed: u64,
}

impl<'i> Ingest<'i> {
    fn new(ledger: Ledger, writer: Option<Writer>, tell: &'i mut dyn FnMut(Event)) -> Ingest<'i> {
        let mut held: HashMap<String, Holding> = HashMap::new();
        let mut stories = HashMap::new();
        for (path, file) in &ledger.files {
            for article in &file.articles {
                stories.extend(article.story.clone().map(|story| (article.id.clone(), story)));
                let holding =
                    held.entry(article.id.clone()).or_insert(Holding { identity: 0, places: Vec::new() });
                holding.identity = article.identity;
                holding.places.push((path.clone(), article.place.clone()));
            }
        }
        Ingest {
            ledger,
            held,
            again: BTreeMap::new(),
            stories,
            writer,
            tell,
            tally: Tally::default(),
            dirty: false,
            committed: Instant::now(),
            passed: 0,
        }
    }

    /// Reads the files and writes what is new or changed in them.
    fn run(&mut self, sources: &[Source], options: &Options, pass: Pass) -> Result<(), IndexError> {
        let keys: Vec<String> = sources.iter().map(key).collect();
        let prior = self.ledger.clone();
        let known: HashMap<(&str, &str), &ArticleRecord> = prior
            .files
            .iter()
            .flat_map(|(path, file)| {
                file.articles.iter().map(move |a| ((path.as_str(), a.place.as_str()), a))
            })
            .collect();
        let stories = self.stories.clone();
        let mut file: Option<Open> = None;
        let mut outcome = Ok(());
        pipeline::in_order(
            options.threads,
            |give| {
                for (number, source) in sources.iter().enumerate() {
                    if feed(number, source, &options.read, prior.files.get(&keys[number]), give).is_break() {
                        return;
                    }
                }
            },
            |(file, step)| understand(&keys[file], step, &known, &stories),
            |done| {
                outcome = self.take(done, sources, &keys, &mut file);
                if pass == Pass::Over {
                    (self.tell)(Event::Progress(self.passed, &self.tally));
                }
                if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        outcome
    }

    fn take(
        &mut self,
        done: Done,
        sources: &[Source],
        keys: &[String],
        open: &mut Option<Open>,
    ) -> Result<(), IndexError> {
        match done {
            Done::Unchanged(number, stat) => {
                let record =
                    self.ledger.files.get_mut(&keys[number]).expect("unchanged since the ledger named it");
                self.tally.files_unchanged += 1;
                self.tally.unchanged += record.articles.len();
                self.dirty |= record.modified != stat.modified;
                record.modified = stat.modified;
                self.passed += stat.size;
            }
            Done::Unread(number, error) => {
                (self.tell)(Event::Skipped(&error));
                let record = self.ledger.files.get_mut(&keys[number]).expect("the ledger knows the file");
                self.tally.files_read += 1;
                self.tally.files_failed += 1;
                self.tally.unchanged += record.articles.len();
                self.dirty |= record.error.is_none();
                record.error.get_or_insert(error.why().to_owned());
                self.passed += record.size;
            }
            Done::Begin(number, stat) => {
                let name = sources[number].name.clone();
                let record = FileRecord {
                    name,
                    size: stat.size,
                    modified: stat.modified,
                    hash: stat.hash,
                    ..Default::default()
                };
                let before = self
                    .ledger
                    .files
                    .get(&keys[number])
                    .map(|file| file.articles.clone())
                    .unwrap_or_default();
                *open = Some(Open {
                    key: keys[number].clone(),
                    record,
                    places: HashSet::new(),
                    new: HashSet::new(),
                    before,
                    start: self.passed,
                });
                self.tally.files_read += 1;
                self.tally.bytes += stat.size;
            }
            Done::Same(record, bytes) => {
                let open = open.as_mut().expect("articles come between begin and end");
                self.tally.unchanged += 1;
                self.step(open, bytes);
                open.now(record);
            }
            Done::Article(found, bytes) => {
                let open = open.as_mut().expect("articles come between begin and end");
                self.step(open, bytes);
                self.put(open, *found)?;
            }
            Done::Failed(error, bytes) => {
                (self.tell)(Event::Skipped(&error));
                if let Some(open) = open.as_mut() {
                    self.step(open, bytes);
                    self.tally.files_failed += usize::from(open.record.error.is_none());
                    open.record.error.get_or_insert(error.why().to_owned());
                }
            }
            Done::End => {
                let mut open = open.take().expect("a file begins before it ends");
                open.record.whole = true;
                self.passed = open.start + open.record.size;
                self.finish(open);
            }
        }
        if self.dirty && self.committed.elapsed() > COMMIT_EVERY {
            if let Some(open) = open {
                let mut part = open.record.clone();
                let rest: Vec<_> =
                    open.before.iter().filter(|a| !open.holds(&a.id, &a.place)).cloned().collect();
                part.articles.extend(rest);
                self.ledger.files.insert(open.key.clone(), part);
            }
            self.commit()?;
        }
        Ok(())
    }

    /// Counts the bytes of one piece, never past the end of its file.
    fn step(&mut self, open: &Open, bytes: u64) {
        self.passed = (self.passed + bytes).min(open.start + open.record.size);
    }

    /// Puts one article into the index: new, in place of an older version, or as another place of a story it holds.
    fn put(&mut self, open: &mut Open, found: Found) -> Result<(), IndexError> {
        let Found { mut record, mut documents } = found;
        let identity = record.identity;
        if self
            .held
            .get(&record.id)
            .is_some_and(|held| held.identity != identity && held.stays(open, &record.id))
        {
            // Two articles under one id: both are kept, the later under an id that says which it is.
            let id = format!("{}~{:08x}", record.id, identity as u32);
            rename(&mut documents, &record.id, &id);
            record.id = id;
        }
        let place = (open.key.clone(), record.place.clone());
        match self.held.get_mut(&record.id) {
            None => {
                open.new.insert(record.place.clone());
                self.held.insert(record.id.clone(), Holding { identity, places: vec![place] });
                self.tally.new += 1;
                self.tally.statements += documents.len() - 1;
            }
            Some(held) => {
                if held.stays(open, &record.id) {
                    self.tally.copies += 1;
                } else {
                    self.tally.changed += 1;
                    self.tally.statements += documents.len() - 1;
                    held.places.clear();
                }
                held.identity = identity;
                if !held.places.contains(&place) {
                    held.places.push(place);
                }
                held.places.sort();
                let places: Vec<&str> = held.places.iter().map(|(_, place)| place.as_str()).collect();
                set_places(&mut documents[0], &places);
                if let Some(writer) = &mut self.writer {
                    writer.remove(&record.id);
                }
            }
        }
        if let Some(writer) = &mut self.writer {
            writer.add(&documents)?;
        }
        self.dirty = true;
        open.now(record);
        Ok(())
    }

    /// Closes a file: what it held before and holds no longer goes.
    fn finish(&mut self, mut open: Open) {
        for gone in std::mem::take(&mut open.before) {
            if open.holds(&gone.id, &gone.place) {
                continue;
            }
            let removed = self.tally.removed;
            self.leave(&open.key, &gone);
            if self.tally.removed > removed && open.new.remove(&gone.place) {
                // another text at the same place: to its reader one article that changed, not one gone and one new
                self.tally.removed -= 1;
                self.tally.new -= 1;
                self.tally.changed += 1;
            }
        }
        self.dirty |= self.ledger.files.get(&open.key) != Some(&open.record);
        self.ledger.files.insert(open.key, open.record);
    }

    /// Takes one place from an article, and the article out with its last place.
    fn leave(&mut self, key: &str, gone: &ArticleRecord) {
        let Some(holding) = self.held.get_mut(&gone.id) else { return };
        let places = holding.places.len();
        holding.places.retain(|(file, place)| file != key || *place != gone.place);
        if holding.places.len() == places {
            return;
        }
        match holding.places.first() {
            Some((file, _)) => {
                self.again.entry(file.clone()).or_default().insert(gone.id.clone());
            }
            None => {
                self.held.remove(&gone.id);
                self.tally.removed += 1;
                if let Some(writer) = &mut self.writer {
                    writer.remove(&gone.id);
                }
            }
        }
        self.dirty = true;
    }

    /// Drops every file that is no longer there.
    fn prune(&mut self) {
        let gone: Vec<String> = self.ledger.files.keys().filter(|path| is_gone(path)).cloned().collect();
        for path in gone {
            let record = self.ledger.files.remove(&path).expect("its key was just read");
            for article in &record.articles {
                self.leave(&path, article);
            }
            self.again.remove(&path);
            self.dirty = true;
        }
    }

    /// Finds the stories that several articles tell, and which articles must be written again for it.
    fn group(&mut self) {
        let mut first: BTreeMap<&str, (&str, &ArticleRecord)> = BTreeMap::new();
        for (path, file) in &self.ledger.files {
            for article in &file.articles {
                first.entry(&article.id).or_insert((path, article));
            }
        }
        let sketches: Vec<Sketch> = first
            .iter()
            .filter_map(|(&id, (_, record))| {
                Some(Sketch { id, fingerprint: record.fingerprint?, published: record.published })
            })
            .collect();
        self.stories = stories(&sketches);
        for (&id, (path, record)) in &first {
            if self.stories.get(id) != record.story.as_ref() {
                self.again.entry((*path).to_owned()).or_default().insert(id.to_owned());
            }
        }
    }

    /// Reads again what holds the articles to be written again; mostly nothing.
    fn write_again(&mut self, options: &Options) -> Result<(), IndexError> {
        let mut again = Vec::new();
        for (path, ids) in std::mem::take(&mut self.again) {
            if is_gone(&path) {
                continue; // what the index holds of it is all there is
            }
            if let Some(file) = self.ledger.files.get_mut(&path) {
                file.forget(&ids);
                again.push(Source::named(ledger::path(&path), &file.name));
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        let before = self.tally.clone();
        self.run(&again, options, Pass::Again)?;
        self.tally = before;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), IndexError> {
        if let Some(writer) = &mut self.writer {
            writer.commit(&self.ledger)?;
        }
        self.committed = Instant::now();
        self.dirty = false;
        Ok(())
    }
}

/// A file being read.
struct Open {
    key: String,
    record: FileRecord,
    /// Id and place of each article found in it so far.
    places: HashSet<(String, String)>,
    /// The places of those the index did not hold.
    new: HashSet<String>,
    /// What it held before.
    before: Vec<ArticleRecord>,
    /// The bytes passed when it began.
    start: u64,
}

impl Open {
    fn now(&mut self, record: ArticleRecord) {
        self.places.insert((record.id.clone(), record.place.clone()));
        self.record.articles.push(record);
    }

    fn holds(&self, id: &str, place: &str) -> bool {
        self.places.contains(&(id.to_owned(), place.to_owned()))
    }
}

impl Holding {
    /// Whether the article stands anywhere but in what the open file held before this run.
    fn stays(&self, open: &Open, id: &str) -> bool {
        self.places.iter().any(|(file, place)| *file != open.key || open.holds(id, place))
    }
}

/// Feeds one file's steps: nothing but its name where it has not changed since the ledger was written.
fn feed(
    number: usize,
    source: &Source,
    options: &read::Options,
    known: Option<&FileRecord>,
    give: &mut dyn FnMut((usize, Step), usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let stat = match stat(source, known) {
        Ok(stat) => stat,
        Err(cause) => {
            let error = ReadError::io(&source.name, cause);
            if known.is_some() {
                return give((number, Step::Unread(number, error)), 0);
            }
            give((number, Step::Begin(number, Stat::default())), 0)?;
            give((number, Step::Failed(error)), 0)?;
            return give((number, Step::End), 0);
        }
    };
    if known.is_some_and(|known| {
        known.whole && known.error.is_none() && known.hash == stat.hash && known.size == stat.size
    }) {
        return give((number, Step::Unchanged(number, stat)), 0);
    }
    give((number, Step::Begin(number, stat)), 0)?;
    let mut flow = ControlFlow::Continue(());
    read::pieces(source, options, &mut |piece| {
        if flow.is_continue() {
            flow = match piece {
                Ok(piece) => {
                    let bytes = piece.bytes.len();
                    give((number, Step::Piece(piece)), bytes)
                }
                Err(error) => give((number, Step::Failed(error)), 0),
            };
        }
    });
    flow?;
    give((number, Step::End), 0)
}

/// Size, time and hash of a file; the hash is taken from the ledger where size and time are as it says.
fn stat(source: &Source, known: Option<&FileRecord>) -> std::io::Result<Stat> {
    let Some(path) = &source.path else { return Ok(Stat::default()) };
    let meta = std::fs::metadata(path)?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
    let now = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as i64);
    if let Some(known) =
        known.filter(|k| k.size == meta.len() && k.modified == modified && now - modified > CLOCK_STEP)
    {
        return Ok(Stat { size: known.size, modified, hash: known.hash });
    }
    let mut hasher = Xxh3::new();
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match std::io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(Stat { size: meta.len(), modified, hash: hasher.digest() }),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// The dear part, on any thread: from bytes to documents.
fn understand(
    key: &str,
    step: Step,
    known: &HashMap<(&str, &str), &ArticleRecord>,
    stories: &HashMap<String, String>,
) -> Done {
    let piece = match step {
        Step::Piece(piece) => piece,
        Step::Unchanged(number, stat) => return Done::Unchanged(number, stat),
        Step::Unread(number, error) => return Done::Unread(number, error),
        Step::Begin(number, stat) => return Done::Begin(number, stat),
        Step::Failed(error) => return Done::Failed(error, 0),
        Step::End => return Done::End,
    };
    let bytes = piece.bytes.len() as u64;
    let article = match read::article(&piece) {
        Ok(article) => article,
        Err(error) => return Done::Failed(error, bytes),
    };
    let place = article.place();
    let hash = hash(&article);
    if let Some(&record) = known.get(&(key, place.as_str())).filter(|record| record.hash == hash) {
        return Done::Same(record.clone(), bytes);
    }
    let story = stories.get(&article.id);
    // Extraction is meant to be total; should a rule fail on some text all the same, it costs that article, not the run.
    let documents = catch_unwind(AssertUnwindSafe(|| {
        let findings = extract::extract(&article);
        compose::documents(&article, &findings, story.map(String::as_str))
    }));
    match documents {
        Ok(documents) => {
            let record = ArticleRecord {
                id: article.id.clone(),
                hash,
                identity: article.identity(),
                place,
                published: article.published,
                fingerprint: Fingerprint::of(&article.text),
                story: story.cloned(),
            };
            Done::Article(Box::new(Found { record, documents }), bytes)
        }
        Err(_) => Done::Failed(
            ReadError::content(&article.path, article.line, "extraction failed on its text"),
            bytes,
        ),
    }
}

/// A hash of all that was read of an article, never 0.
fn hash(article: &Article) -> u64 {
    let Article {
        id,
        url,
        title,
        byline,
        source,
        lang,
        published,
        published_at,
        dateline,
        text,
        captions,
        ..
    } = article;
    let all =
        format!("{:?}", (id, url, title, byline, source, lang, published, published_at, dateline, captions));
    let mut hasher = Xxh3::new();
    hasher.update(all.as_bytes());
    hasher.update(text.as_bytes());
    hasher.digest().max(1)
}

/// What the ledger knows a file by: its absolute path.
fn key(source: &Source) -> String {
    let Some(path) = &source.path else { return "-".to_owned() };
    ledger::key(&std::path::absolute(path).unwrap_or_else(|_| path.clone()))
}

/// Whether the file is no longer there. One that may not be looked at is not gone, nor are the articles of stdin.
fn is_gone(key: &str) -> bool {
    key != "-" && matches!(ledger::path(key).try_exists(), Ok(false))
}

/// Gives the documents of the article `old` another id.
fn rename(documents: &mut [Document], old: &str, new: &str) {
    for document in documents {
        for (field, value) in &mut document.values {
            let Value::Text(text) = value else { continue };
            if matches!(field, Field::Id | Field::Article | Field::Story) && text.starts_with(old) {
                text.replace_range(..old.len(), new);
            }
        }
    }
}

/// Lets an article's document name all its places.
fn set_places(document: &mut Document, places: &[&str]) {
    document.values.retain(|(field, _)| *field != Field::Path);
    for place in places {
        document.text(Field::Path, *place);
    }
}
