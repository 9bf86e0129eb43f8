//! Outcomes that wait a little before they are taken: the versions of a story mostly stand near each other, and articles
//! that met while they waited need not be written again once all are read.

use super::understand::Done;
use crate::ledger::ArticleRecord;
use crate::story::{Sketch, are_versions};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// The most articles that wait, and the most bytes they may have.
const ARTICLES: usize = 64;
const BYTES: u64 = 4 << 20;

/// Outcomes in order, each with the number of its file.
#[derive(Default)]
pub(super) struct Window {
    outcomes: VecDeque<(usize, Done)>,
    articles: usize,
    bytes: u64,
    /// The stories of articles that have left it.
    told: HashMap<String, String>,
}

impl Window {
    /// Takes an outcome in, the last one; an article learns of the story it tells with those that wait.
    pub(super) fn push(&mut self, number: usize, mut done: Done) {
        if let Done::Article(found, bytes) = &mut done {
            self.articles += 1;
            self.bytes += *bytes;
            self.join(&mut found.record);
        }
        self.outcomes.push_back((number, done));
    }

    /// The first outcome, where no article waits or more of them than should.
    pub(super) fn leave(&mut self) -> Option<(usize, Done)> {
        let full = self.articles > ARTICLES || self.bytes > BYTES;
        if full || self.articles == 0 { self.pop() } else { None }
    }

    /// The first outcome.
    pub(super) fn pop(&mut self) -> Option<(usize, Done)> {
        let (number, done) = self.outcomes.pop_front()?;
        if let Done::Article(found, bytes) = &done {
            self.articles -= 1;
            self.bytes -= bytes;
            if let Some(story) = &found.record.story {
                self.told.insert(found.record.id.clone(), story.clone());
            }
        }
        Some((number, done))
    }

    fn join(&mut self, new: &mut ArticleRecord) {
        if new.story.is_none() {
            new.story = self.told.get(&new.id).cloned();
        }
        // The ids of its versions, and their stories, which are such ids too.
        let mut versions = BTreeSet::new();
        for waiting in self.records() {
            if waiting.id == new.id {
                versions.extend(waiting.story.clone());
            } else if let (Some(ours), Some(theirs)) = (sketch(new), sketch(waiting))
                && are_versions(&ours, &theirs)
            {
                versions.insert(waiting.id.clone());
                versions.extend(waiting.story.clone());
            }
        }
        if versions.is_empty() {
            return;
        }
        versions.insert(new.id.clone());
        versions.extend(new.story.take());
        let is_version = |id: &String| versions.contains(id);
        for waiting in self.records() {
            if is_version(&waiting.id) || waiting.story.as_ref().is_some_and(is_version) {
                waiting.story = versions.first().cloned();
            }
        }
        new.story = versions.pop_first();
    }

    /// What is known of the articles that wait.
    fn records(&mut self) -> impl Iterator<Item = &mut ArticleRecord> {
        self.outcomes.iter_mut().filter_map(|(_, done)| match done {
            Done::Article(found, _) => Some(&mut found.record),
            _ => None,
        })
    }
}

/// What tells an article's versions; `None` where it is too short to have any.
pub(super) fn sketch(record: &ArticleRecord) -> Option<Sketch<'_>> {
    Some(Sketch { id: &record.id, fingerprint: record.fingerprint?, published: record.published })
}

#[cfg(test)]
mod tests {
    use super::{ARTICLES, Window};
    use crate::ingest::understand::{Done, Found};
    use crate::ledger::ArticleRecord;
    use crate::read::About;
    use crate::story::Fingerprint;

    /// An article of a hundred words, told by the seed.
    fn article(id: &str, seed: usize) -> Done {
        let text: String =
            (0..100).map(|n| format!("word{} ", (n * n * 31 + seed * 7919 + n) % 977)).collect();
        let record = ArticleRecord {
            id: id.to_owned(),
            hash: 1,
            identity: 1,
            place: id.to_owned(),
            published: None,
            fingerprint: Fingerprint::of(&text),
            story: None,
        };
        Done::Article(Box::new(Found { record, documents: Vec::new() }), 1000)
    }

    /// The articles with their stories as they leave.
    fn stories(articles: &[(&str, usize)]) -> Vec<String> {
        let mut window = Window::default();
        let mut left = Vec::new();
        for &(id, seed) in articles {
            window.push(0, article(id, seed));
            left.extend(std::iter::from_fn(|| window.leave()));
        }
        left.extend(std::iter::from_fn(|| window.pop()));
        let told = left.into_iter().filter_map(|(_, done)| match done {
            Done::Article(found, _) => Some(found.record),
            _ => None,
        });
        told.map(|record| format!("{}:{}", record.id, record.story.unwrap_or_default())).collect()
    }

    #[test]
    fn versions_that_wait_together_learn_of_their_story() {
        assert_eq!(stories(&[("c", 1), ("x", 2), ("b", 1)]), ["c:b", "x:", "b:b"]);
        assert_eq!(stories(&[("c", 1), ("b", 1), ("a", 1)]), ["c:a", "b:a", "a:a"]);
        // a copy is no version, and tells what the first tells
        assert_eq!(stories(&[("a", 1), ("a", 1)]), ["a:", "a:"]);
        assert_eq!(stories(&[("b", 1), ("a", 1), ("b", 1)]), ["b:a", "a:a", "b:a"]);
    }

    #[test]
    fn articles_leave_in_order_and_are_remembered_by_their_story() {
        let ids: Vec<String> = (0..2 * ARTICLES).map(|n| format!("n{n:04}")).collect();
        let mut articles: Vec<(&str, usize)> =
            ids.iter().enumerate().map(|(n, id)| (id.as_str(), n + 5)).collect();
        articles.insert(0, ("b", 1));
        articles.insert(1, ("a", 1));
        articles.push(("b", 1));
        articles.push(("c", 1));
        let stories = stories(&articles);
        let left: Vec<&str> = stories.iter().map(|story| story.split(':').next().unwrap()).collect();
        assert!(left.iter().zip(&articles).all(|(left, (id, _))| left == id));
        assert_eq!(stories.last_chunk(), Some(&["b:a".to_owned(), "c:a".to_owned()]));
    }

    #[test]
    fn nothing_waits_but_behind_an_article() {
        let mut window = Window::default();
        window.push(3, Done::End(About::default(), None));
        assert!(matches!(window.leave(), Some((3, Done::End(..)))) && window.leave().is_none());
        window.push(4, article("a", 1));
        window.push(4, Done::End(About::default(), None));
        assert!(window.leave().is_none() && window.pop().is_some());
        assert!(matches!(window.leave(), Some((4, Done::End(..)))));
    }
}
