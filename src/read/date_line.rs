//! Lines that say when an article came out, and what the words in them say of the date.

use super::moment::{Moment, moment, month, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What words beside a date say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Published,
    Changed,
    Nothing,
}

static WORDS: LazyLock<HashMap<&'static str, Says>> = LazyLock::new(|| {
    let says = [Says::Published, Says::Changed].into_iter().chain(std::iter::repeat(Says::Nothing));
    rows(include_str!("tables/date_words.txt"))
        .zip(says)
        .flat_map(|(row, says)| row.split_whitespace().map(move |word| (word, says)))
        .collect()
});

/// Longer than any line that only says when.
const LINE: usize = 120;

/// The moment in a line that says nothing else: no word that has no business in a date.
pub(super) fn only_moment(line: &str) -> Option<Moment> {
    let line = line.trim();
    let only = line.len() <= LINE
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && words(line).all(|word| {
            let word = word.to_lowercase();
            WORDS.contains_key(&*word) || month(&word, "en").is_some()
        });
    only.then(|| moment(line)).flatten()
}

/// What the words that lead up to a date say of it: `Last updated on` a change. The nearest word that says anything
/// counts, and no other word may stand between.
pub(super) fn said(before: &str) -> Says {
    let mut says = words(before).rev().take(6).map_while(|word| WORDS.get(&*word.to_lowercase()).copied());
    says.find(|&says| says != Says::Nothing).unwrap_or(Says::Nothing)
}

/// The words of a line, without its numbers: `15h26` has one.
fn words(line: &str) -> impl DoubleEndedIterator<Item = &str> {
    line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// The moments a header gives, the best first: one said to be of the publication, a bare one, one of a change.
#[derive(Default)]
pub(super) struct When {
    ranked: [Option<Moment>; 3],
}

impl When {
    /// Adds the moment that a line or its label tells.
    pub(super) fn add(&mut self, line: &str, moment: Moment) {
        let says = |says| words(line).any(|word| WORDS.get(&*word.to_lowercase()) == Some(&says));
        let rank = match () {
            () if says(Says::Published) => 0,
            () if says(Says::Changed) => 2,
            () => 1,
        };
        self.ranked[rank].get_or_insert(moment);
    }

    pub(super) fn best(&self) -> Option<Moment> {
        self.ranked.into_iter().flatten().next()
    }
}

#[cfg(test)]
mod tests {
    use super::{Says, only_moment, said};

    #[test]
    fn a_sentence_is_no_date() {
        assert!(only_moment("Published Monday, Sept. 11, 2023 at 3:26 p.m. EDT").is_some());
        assert!(only_moment("le 11 août 2023 à 15h26").is_some());
        assert!(only_moment("The council met on Sept. 11, 2023").is_none());
        assert!(only_moment("Monday").is_none());
    }

    #[test]
    fn what_words_before_a_date_say() {
        for (before, expected) in [
            ("Last updated on ", Says::Changed),
            ("Updated 10:15 a.m., ", Says::Changed),
            ("Published ", Says::Published),
            ("Published 3 May. Updated:", Says::Changed),
            ("mis à jour le", Says::Changed),
            ("The plan was updated by the council on", Says::Nothing),
            ("", Says::Nothing),
        ] {
            assert_eq!(said(before), expected, "{before}");
        }
    }
}
