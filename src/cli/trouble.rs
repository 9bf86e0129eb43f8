//! What was not read: told on stderr as it comes, written to `--errors` line by line, and counted by reason.

use super::run::Outcome;
use crate::read::{ReadError, Source};
use crate::render;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, LineWriter, Write};
use std::path::{Path, PathBuf};

/// Files, and articles in them, that were not read.
pub(super) struct Trouble {
    file: Option<LineWriter<File>>,
    /// What the user asked for by name: of that it is always said why it was not read.
    named: BTreeSet<String>,
    /// How many could not be read, by reason.
    pub(super) skipped: BTreeMap<String, usize>,
    /// How many are no articles, by reason.
    pub(super) passed: BTreeMap<String, usize>,
    unwritten: Option<io::Error>,
    /// The file that was told of last, and how many errors were met in it.
    last: (String, usize),
}

/// How many errors are told of one file; the others are counted.
const TOLD: usize = 3;

impl Trouble {
    /// `errors` is the file to write to.
    pub(super) fn new(errors: Option<&Path>, named: &[PathBuf]) -> Result<Trouble> {
        let file = match errors {
            Some(path) => Some(LineWriter::new(
                File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?,
            )),
            None => None,
        };
        let named = named.iter().map(|path| Source::file(path).name).collect();
        let (skipped, passed) = (BTreeMap::new(), BTreeMap::new());
        Ok(Trouble { file, named, skipped, passed, unwritten: None, last: Default::default() })
    }

    /// Whether anything could not be read.
    pub(super) fn is_any(&self) -> bool {
        !self.skipped.is_empty()
    }

    /// Tells of a file that could not be read; one that is no article is only counted, unless the user named it.
    pub(super) fn tell(&mut self, error: &ReadError) {
        let is_passed = error.is_not_article() && !self.named.contains(error.path());
        let (reasons, key) =
            if is_passed { (&mut self.passed, "no_article") } else { (&mut self.skipped, "error") };
        let why = error.why().lines().next().unwrap_or_default();
        *reasons.entry(why.to_owned()).or_default() += 1;
        if let Some(file) = &mut self.file {
            let line = serde_json::json!({ "path": error.path(), "line": error.line(), key: error.why() });
            if let Err(cause) = writeln!(file, "{line}") {
                self.unwritten.get_or_insert(cause);
            }
        }
        if is_passed {
            return;
        }
        if self.last.0 != error.path() {
            self.tell_rest();
            self.last.0 = error.path().to_owned();
        }
        self.last.1 += 1;
        if self.last.1 <= TOLD {
            anstream::eprintln!("{}", render::error(&render::safe::line(&error.to_string()), None));
        }
    }

    /// Says how many more errors there were in the file that was told of last.
    pub(super) fn tell_rest(&mut self) {
        let (path, errors) = std::mem::take(&mut self.last);
        if errors > TOLD {
            anstream::eprintln!("… and {} more in `{}`", errors - TOLD, render::safe::line(&path));
        }
    }

    /// `outcome`, unless something could not be read.
    pub(super) fn end(mut self, outcome: Outcome) -> Result<Outcome> {
        self.tell_rest();
        if let Some(mut file) = self.file.take() {
            file.flush().context("cannot write the file of errors")?;
        }
        if let Some(cause) = self.unwritten {
            return Err(cause).context("cannot write the file of errors");
        }
        Ok(if self.skipped.is_empty() { outcome } else { Outcome::Failed })
    }
}
