//! Time expressions in the text, with their values (TimeML TIMEX3), and the days statements were made on.

mod words;
mod grammar;
mod holidays;
mod tense;
mod values;
mod anchors;

use super::sentences::Sentence;
use super::tokens::Token;
use crate::article::{Article, Day, Span};
use crate::findings::{Statement, Timex};

/// The time expressions of the article's text, in order, not overlapping.
///
/// What depends on the day of writing is anchored to the day of publication; without one it keeps `X` for what the
/// text does not say (`XXXX-WXX-1`).
pub fn dates(article: &Article, tokens: &[Token], sentences: &[Sentence]) -> Vec<Timex> {
    let mut words = words::Words::new(&article.text, tokens);
    let mut story = anchors::Story::new(article.published);
    let mut phrases = Vec::new();
    let mut found = Vec::new();
    for sentence in sentences {
        words.read(sentence);
        if !words.may_hold_time() {
            continue;
        }
        story.begin_sentence();
        grammar::phrases(&words, &mut phrases);
        for phrase in &phrases {
            let (Some(first), Some(last)) =
                (words.token(phrase.first), words.token(phrase.end.saturating_sub(1)))
            else {
                continue;
            };
            let span = Span::new(first.start as usize, last.end as usize);
            if let Some((kind, value)) = story.value(&words, phrase) {
                found.push(Timex { span, kind, value });
            }
        }
    }
    found
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
