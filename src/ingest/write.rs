//! What the index is to hold, decided on one thread in file order: new articles, changed ones, copies, what goes.

use super::plan::is_gone;
use super::understand::{Done, Found};
use super::{Ingest, Row};
use crate::compose;
use crate::document::{Document, Value};
use crate::index::IndexError;
use crate::ledger::{ArticleRecord, FileRecord, Ledger};
use crate::read::{ReadError, Source};
use index_schema::Field;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

/// Where one held article stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    identity: u64,
    /// File and place.
    places: Vec<(String, String)>,
}

/// Where each article of the ledger stands, by its id.
pub(super) fn held(ledger: &Ledger) -> HashMap<String, Holding> {
    let mut held: HashMap<String, Holding> = HashMap::new();
    for (path, file) in &ledger.files {
        for article in &file.articles {
            let holding =
                held.entry(article.id.clone()).or_insert(Holding { identity: 0, places: Vec::new() });
            holding.identity = article.identity;
            holding.places.push((path.clone(), article.place.clone()));
        }
    }
    held
}

impl Holding {
    /// Whether the article stands anywhere but in what the open file held before this run.
    fn stays(&self, open: &Open, id: &str) -> bool {
        self.places.iter().any(|(file, place)| *file != open.key || open.holds(id, place))
    }
}

/// A file being read.
pub(super) struct Open {
    key: String,
    record: FileRecord,
    /// Id and place of each article found in it so far, as a number: a file may hold millions.
    places: HashSet<u128>,
    /// The places of those the index did not hold, as numbers too.
    new: HashSet<u128>,
    /// What was known of it.
    before: Option<Arc<FileRecord>>,
    /// The bytes passed when it began.
    start: u64,
    /// What had been done when it began.
    pub(super) tally: Row,
}

impl Open {
    fn now(&mut self, record: ArticleRecord) {
        self.places.insert(standing(&record.id, &record.place));
        self.record.articles.push(record);
    }

    fn holds(&self, id: &str, place: &str) -> bool {
        self.places.contains(&standing(id, place))
    }

    /// What it held before and was not met again so far.
    fn rest(&self) -> impl Iterator<Item = &ArticleRecord> {
        let before = self.before.iter().flat_map(|before| &before.articles);
        before.filter(|article| !self.holds(&article.id, &article.place))
    }
}

/// An article's id and place in one number.
fn standing(id: &str, place: &str) -> u128 {
    xxh3_128_with_seed(place.as_bytes(), xxh3_64(id.as_bytes()))
}

impl Ingest {
    /// Takes the next outcome of a file.
    pub(super) fn take(
        &mut self,
        done: Done,
        source: &Source,
        key: &str,
        open: &mut Option<Open>,
        skipped: &mut dyn FnMut(&ReadError),
    ) -> Result<(), IndexError> {
        match done {
            Done::Unchanged(stat) => {
                let record = self.ledger.files.get_mut(key).expect("unchanged since the ledger named it");
                let before = self.tally.row();
                match &record.no_article {
                    Some(why) => skipped(&ReadError::not_article(&source.name, why)),
                    None => self.tally.files_unchanged += 1,
                }
                self.tally.unchanged += record.articles.len();
                self.passed += stat.size;
                if record.no_article.is_none() {
                    self.tally.count(&record.format, before);
                }
                if record.modified != stat.modified {
                    Arc::make_mut(record).modified = stat.modified;
                    self.unsaved.insert(key.to_owned());
                }
            }
            Done::Unread(error) => {
                skipped(&error);
                let record = self.ledger.files.get_mut(key).expect("the ledger knows the file");
                let before = self.tally.row();
                self.tally.files_read += 1;
                self.tally.files_failed += 1;
                self.tally.skipped += 1;
                self.tally.unchanged += record.articles.len();
                self.passed += record.size;
                self.tally.count(&record.format, before);
                if record.error.is_none() {
                    Arc::make_mut(record).error = Some(error.why().to_owned());
                    self.unsaved.insert(key.to_owned());
                }
            }
            Done::Begin(stat) => {
                let tally = self.tally.row();
                self.tally.files_read += 1;
                self.tally.bytes += stat.size;
                *open = Some(Open {
                    key: key.to_owned(),
                    record: FileRecord {
                        name: source.name.clone(),
                        size: stat.size,
                        modified: stat.modified,
                        hash: stat.hash,
                        ..Default::default()
                    },
                    places: HashSet::new(),
                    new: HashSet::new(),
                    before: self.ledger.files.get(key).cloned(),
                    start: self.passed,
                    tally,
                });
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
                skipped(&error);
                let Some(open) = open.as_mut() else { return Ok(()) };
                self.step(open, bytes);
                if !error.is_not_article() {
                    self.tally.skipped += 1;
                    self.tally.files_failed += usize::from(open.record.error.is_none());
                    open.record.error.get_or_insert(error.why().to_owned());
                } else if error.path() == source.name {
                    open.record.no_article = Some(error.why().to_owned());
                }
            }
            Done::End(about, map) => {
                let mut open = open.take().expect("a file begins before it ends");
                open.record.whole = true;
                open.record.format = about.format.unwrap_or_default().to_owned();
                open.record.map = map;
                self.passed = open.start + open.record.size;
                let before = open.tally;
                let format = open.record.format.clone();
                if !open.record.articles.is_empty() {
                    open.record.no_article = None;
                }
                let is_read = open.record.no_article.is_none();
                self.finish(open);
                if is_read {
                    self.tally.count(&format, before);
                } else {
                    self.tally.files_read -= 1;
                }
            }
        }
        if !self.unsaved.is_empty() && self.committed.elapsed() > self.options.commit_every {
            if let Some(open) = open {
                self.keep_part(open);
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
        if let Some(story) = &record.story {
            compose::set_story(&mut documents, story);
        }
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
                open.new.insert(xxh3_128(record.place.as_bytes()));
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
            writer.add(documents)?;
        }
        self.unsaved.insert(open.key.clone());
        open.now(record);
        Ok(())
    }

    /// Closes a file: what it held before and holds no longer goes.
    fn finish(&mut self, mut open: Open) {
        let gone: Vec<ArticleRecord> = open.rest().cloned().collect();
        if open.before.as_deref() != Some(&open.record) {
            self.unsaved.insert(open.key.clone());
        }
        self.ledger.files.insert(open.key.clone(), Arc::new(open.record));
        for gone in gone {
            let removed = self.tally.removed;
            self.leave(&open.key, &gone);
            if self.tally.removed > removed && open.new.remove(&xxh3_128(gone.place.as_bytes())) {
                // another text at the same place: to its reader one article that changed, not one gone and one new
                self.tally.removed -= 1;
                self.tally.new -= 1;
                self.tally.changed += 1;
            }
        }
    }

    /// Lets the ledger say what was read of a file so far, and what stands of it as it was.
    pub(super) fn keep_part(&mut self, open: &Open) {
        // the part kept before goes first: a file may be most of what is known
        self.ledger.files.remove(&open.key);
        let mut part = open.record.clone();
        part.articles.extend(open.rest().cloned());
        self.unsaved.insert(open.key.clone());
        self.ledger.files.insert(open.key.clone(), Arc::new(part));
    }

    /// Takes one place from an article, and the article out with its last place.
    pub(super) fn leave(&mut self, key: &str, gone: &ArticleRecord) {
        let Some(holding) = self.held.get_mut(&gone.id) else { return };
        let places = holding.places.len();
        holding.places.retain(|(file, place)| file != key || *place != gone.place);
        if holding.places.len() == places {
            return;
        }
        match holding.places.first() {
            Some((file, _)) => {
                let file = file.clone();
                self.mark(&file, BTreeSet::from([gone.id.clone()]));
            }
            None => {
                self.held.remove(&gone.id);
                self.tally.removed += 1;
                if let Some(writer) = &mut self.writer {
                    writer.remove(&gone.id);
                }
            }
        }
    }

    /// Has articles of a file written again, by the next run should this one be cut short. Where the file is gone,
    /// what the index holds of it is all there is.
    pub(super) fn mark(&mut self, file: &str, ids: BTreeSet<String>) {
        if !is_gone(file) {
            self.again.entry(file.to_owned()).or_default().extend(ids);
            self.unsaved.insert(file.to_owned());
        }
    }

    /// Makes durable all that was done; nothing to do is nothing done.
    pub(super) fn commit(&mut self) -> Result<(), IndexError> {
        if let Some(writer) = &mut self.writer
            && !self.unsaved.is_empty()
        {
            for (file, ids) in &self.again {
                if let Some(record) = self.ledger.files.get_mut(file) {
                    Arc::make_mut(record).forget(ids);
                }
            }
            writer.commit(&self.ledger, &self.unsaved)?;
        }
        self.unsaved.clear();
        self.committed = Instant::now();
        Ok(())
    }
}

/// Gives the documents of the article `old` another id.
fn rename(documents: &mut [Document], old: &str, new: &str) {
    for document in documents {
        for (field, value) in &mut document.values {
            let Value::Text(text) = value else { continue };
            if matches!(field, Field::Id | Field::Article | Field::Story) && text.starts_with(old) {
                *text = format!("{new}{}", &text[old.len()..]).into();
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
