//! Time expressions in the text, with their values (TimeML TIMEX3).

use super::sentences::Sentence;
use super::tokens::Token;
use crate::article::{Article, Day};
use crate::findings::{Statement, Timex};

/// The time expressions of the article's text, in order, not overlapping.
pub fn dates(_article: &Article, _tokens: &[Token], _sentences: &[Sentence]) -> Vec<Timex> {
    Vec::new()
}

/// The day the statement's own sentence says it was made on.
pub fn said_on(
    _article: &Article,
    _statement: &Statement,
    _sentences: &[Sentence],
    _dates: &[Timex],
) -> Option<Day> {
    None
}
