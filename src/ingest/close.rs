//! What follows from all files together, once they are read: files that are gone, stories that several articles tell.

use super::plan::is_gone;
use super::window::sketch;
use super::{Gone, Ingest, Pass, Tell};
use crate::index::IndexError;
use crate::ledger::{self, ArticleRecord, Ledger};
use crate::read::Source;
use crate::story::{Sketch, stories};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The stories articles were indexed under, from article to story.
pub(super) fn stories_of(ledger: &Ledger) -> HashMap<String, String> {
    let articles = ledger.files.values().flat_map(|file| &file.articles);
    articles.filter_map(|article| Some((article.id.clone(), article.story.clone()?))).collect()
}

impl Ingest {
    /// The files the ledger names that are no longer there.
    pub(super) fn gone(&self, gone: Gone) -> Vec<String> {
        let among: Box<dyn Iterator<Item = &String>> = match gone {
            Gone::Anywhere => Box::new(self.ledger.files.keys()),
            Gone::Under(paths) => Box::new(paths.iter().flat_map(|path| self.ledger.under(path))),
        };
        among.filter(|path| is_gone(path)).cloned().collect()
    }

    /// Drops every file that is no longer there.
    pub(super) fn prune(&mut self, gone: Gone) {
        for path in self.gone(gone) {
            let Some(record) = self.ledger.files.remove(&path) else { continue };
            for article in &record.articles {
                self.leave(&path, article);
            }
            self.again.remove(&path);
            self.unsaved.insert(path);
        }
    }

    /// Finds the stories that several articles tell, and which articles must be written again for it.
    pub(super) fn group(&mut self) {
        let mut first: BTreeMap<&str, (&str, &ArticleRecord)> = BTreeMap::new();
        for (path, file) in &self.ledger.files {
            for article in &file.articles {
                first.entry(&article.id).or_insert((path, article));
            }
        }
        let sketches: Vec<Sketch> = first.iter().filter_map(|(_, (_, record))| sketch(record)).collect();
        self.stories = stories(&sketches);
        self.grouped = true;
        let mut moved: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (&id, (path, record)) in &first {
            if self.stories.get(id) != record.story.as_ref() {
                moved.entry((*path).to_owned()).or_default().insert(id.to_owned());
            }
        }
        for (path, ids) in moved {
            self.mark(&path, ids);
        }
    }

    /// Reads again what holds the articles to be written again; mostly nothing.
    pub(super) fn write_again(&mut self, tell: &mut Tell) -> Result<ControlFlow<()>, IndexError> {
        let mut again = Vec::new();
        for (path, ids) in std::mem::take(&mut self.again) {
            if let Some(file) = self.ledger.files.get_mut(&path) {
                // it may have been read since it was marked
                Arc::make_mut(file).forget(&ids);
                again.push(Source::named(ledger::path(&path), &file.name));
            }
        }
        if again.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let told = self.tally.clone();
        let flow = self.run(&again, Pass::Again, tell)?;
        self.tally = told;
        Ok(flow)
    }
}
