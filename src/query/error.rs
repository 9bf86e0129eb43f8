//! What is wrong with a typed query, and where.

use std::fmt;
use std::ops::Range;

/// A query that cannot be read: what is wrong, at which bytes of what was typed, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    message: String,
    typed: String,
    at: Range<usize>,
    hint: Option<String>,
}

impl QueryError {
    pub(crate) fn new(message: impl Into<String>, at: Range<usize>) -> QueryError {
        QueryError { message: message.into(), typed: String::new(), at, hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> QueryError {
        self.hint = Some(hint.into());
        self
    }

    /// Adds `did you mean …` where one of `known` is near to `word`.
    pub(crate) fn suggest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> QueryError {
        match nearest(word, known) {
            Some(near) => self.hint(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    pub(crate) fn typed(mut self, typed: &str) -> QueryError {
        // a place inside a character is the whole character
        let whole = |at: &usize| typed.is_char_boundary(*at);
        let start = (0..=self.at.start).rev().find(whole).unwrap_or(0);
        self.at = start..(self.at.end.max(start)..typed.len()).find(whole).unwrap_or(typed.len());
        self.typed = typed.to_owned();
        self
    }

    pub(crate) fn moved(mut self, by: usize) -> QueryError {
        self.at = self.at.start + by..self.at.end + by;
        self
    }

    /// What is wrong, on one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The bytes of the typed query that are meant.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }
}

impl std::error::Error for QueryError {}

impl fmt::Display for QueryError {
    /// The message, then the place under the typed words, then the hint, each on its own line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some((line, column, width)) = excerpt(&self.typed, &self.at) {
            write!(f, "\n  {line}\n  {:column$}{}", "", "^".repeat(width))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// Up to 76 characters of what was typed around the place, with the place's column and width in characters.
fn excerpt(typed: &str, at: &Range<usize>) -> Option<(String, usize, usize)> {
    const BEFORE: usize = 40;
    const LENGTH: usize = 76;
    let head = typed.get(..at.start)?;
    let place = typed.get(at.clone())?;
    let characters_before = head.chars().count();
    let skipped = characters_before.saturating_sub(BEFORE);
    let line: String =
        typed.chars().skip(skipped).take(LENGTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let column = characters_before - skipped;
    let width = place.chars().count().clamp(1, LENGTH - column.min(LENGTH - 1));
    Some((line, column, width))
}

/// The known word nearest to `word`, where it is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Letters inserted, dropped, changed or swapped with their neighbour (optimal string alignment). Words longer than 64
/// letters are not compared.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = above;
        above = row;
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{QueryError, distance, nearest};

    #[test]
    fn the_nearest_word_is_suggested_only_when_near() {
        let fields = ["speaker", "source", "country", "date"];
        for (typed, expected) in [
            ("speeker", Some("speaker")),
            ("spekaer", Some("speaker")),
            ("contry", Some("country")),
            ("dat", Some("date")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, fields), expected, "{typed}");
        }
        assert_eq!(distance("ab", "ba"), 1);
    }

    #[test]
    fn the_place_is_shown_under_what_was_typed() {
        let error = QueryError::new("no field named `speeker`", 4..11)
            .hint("did you mean `speaker`?")
            .typed("kim speeker:lee");
        assert_eq!(
            error.to_string(),
            "no field named `speeker`\n  kim speeker:lee\n      ^^^^^^^\nhint: did you mean `speaker`?"
        );
    }
}
