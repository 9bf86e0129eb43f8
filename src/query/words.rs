//! What words without a field ask for: a stem, a phrase, a pattern, words near each other.

use super::Query;
use super::error::QueryError;
use crate::terms;
use index_schema::Field;
use std::ops::Range;

/// Words too common to choose documents by, unless nothing else is asked.
const STOP_WORDS: &str = include_str!("tables/stop_words.txt");

/// Whether the word alone says little about what is sought.
pub fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.lines().filter(|line| !line.starts_with('#')).any(|line| line.split(' ').any(|w| w == folded))
}

/// A plain word: by its stem, or as a pattern, or loosely; several words run together are a phrase.
pub(super) fn plain(word: &str, at: &Range<usize>) -> Result<Option<Query>, QueryError> {
    if word == "*" {
        return Ok(Some(Query::Everything));
    }
    if let Some(query) = special(Field::Stem, word, at)? {
        return Ok(Some(query));
    }
    let mut words = terms::words(word);
    Ok(match words.len() {
        0 => None,
        1 => Some(Query::Word { field: Field::Stem, word: words.remove(0) }),
        _ => Some(Query::Phrase { field: Field::Stem, words }),
    })
}

/// `nuclear*`, `wom?n`, `putn~1`; `None` for a word without such signs.
pub(super) fn special(field: Field, word: &str, at: &Range<usize>) -> Result<Option<Query>, QueryError> {
    if let Some((stem, edits)) = word.rsplit_once('~')
        && edits.len() < 3
        && edits.bytes().all(|byte| byte.is_ascii_digit())
    {
        let mut words = terms::words(stem);
        if words.len() != 1 {
            return Err(QueryError::new("`~` works on one word", at.clone()));
        }
        let word = words.remove(0);
        let edits = match edits {
            "" if word.chars().count() > 5 => 2,
            "" => 1,
            _ => edits.parse().unwrap_or(u8::MAX),
        };
        if edits > 2 {
            return Err(
                QueryError::new("a word can be at most 2 letters off", at.clone()).hint("putn~1 or putn~2")
            );
        }
        return Ok(Some(if edits == 0 {
            Query::Phrase { field, words: vec![word] }
        } else {
            Query::Fuzzy { field, word, edits }
        }));
    }
    // a question mark at the end is a question's, whatever marks follow it
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*');
    if !word.contains(['*', '?']) {
        return Ok(None);
    }
    let mut pattern = String::new();
    let mut letters = 0;
    for piece in word.split_inclusive(['*', '?']) {
        let (stem, sign) = match piece.strip_suffix(['*', '?']) {
            Some(stem) => (stem, &piece[stem.len()..]),
            None => (piece, ""),
        };
        let words = terms::words(stem);
        if words.len() > 1 {
            return Err(QueryError::new("`*` and `?` work inside one word", at.clone())
                .hint("write the words apart: anti missile*"));
        }
        letters += words.iter().map(|word| word.chars().count()).sum::<usize>();
        pattern.extend(words);
        if !(sign == "*" && pattern.ends_with('*')) {
            pattern.push_str(sign);
        }
    }
    if letters == 0 {
        return Err(
            QueryError::new("a pattern needs at least one letter", at.clone()).hint("nuclear* or wom?n")
        );
    }
    if pattern.chars().count() > 64 || pattern.matches(['*', '?']).count() > 8 {
        return Err(QueryError::new("a pattern has at most 64 letters and 8 signs", at.clone()));
    }
    Ok(Some(Query::Pattern { field, pattern }))
}

/// Words between quotation marks: a phrase, or with a number words near each other.
pub(super) fn phrase(field: Field, text: &str, slop: Option<u32>) -> Query {
    let words = terms::words(text);
    match slop {
        Some(gaps) if gaps > 0 && words.len() > 1 => {
            let parts = words.into_iter().map(|word| vec![word]).collect();
            Query::Near { field, parts, gaps, ordered: false }
        }
        _ => Query::Phrase { field, words },
    }
}
