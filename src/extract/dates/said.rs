//! The day a statement was made on, as its own sentence says it.

use super::words::{Word, Words};
use crate::article::{Article, Day, Span};
use crate::extract::sentences::Sentence;
use crate::extract::tokens::{Token, TokenKind};
use crate::extract::words;
use crate::findings::{Statement, Timex};
use std::ops::Range;
use std::sync::LazyLock;

/// How far from the cue a day may stand, in words.
const REACH: usize = 60;
/// How far before the cue a day may stand that neither opens the sentence nor is joined to the cue.
const BEFORE: usize = 12;

/// The day the sentence of attribution states for the saying: `said on Sunday`, `told CBS in an interview that aired
/// on Sunday`, `on Monday dismissed`. A day inside the reported words, a day that belongs to another verb, and a day
/// after publication are not it. `None` where it states none, so that the day of publication stands in.
pub fn said_on(
    article: &Article,
    statement: &Statement,
    tokens: &[Token],
    known: &[words::Word],
    sentences: &[Sentence],
    dates: &[Timex],
) -> Option<Day> {
    let anchor = match (statement.cue, &statement.speaker) {
        (Some(cue), _) => cue,
        (None, Some(speaker)) => speaker.span,
        (None, None) => *statement.spans.first()?,
    };
    let at = tokens.partition_point(|token| (token.start as usize) < anchor.start);
    let sentence = sentences[..sentences.partition_point(|sentence| sentence.first <= at)].last()?;
    let near = at.saturating_sub(REACH).max(sentence.first)..(at + REACH).min(sentence.end);
    if near.is_empty() {
        return None;
    }
    let bytes =
        Span::new(tokens.get(near.start)?.start as usize, tokens.get(near.end.checked_sub(1)?)?.end as usize);
    let first = dates.partition_point(|date| date.span.start < bytes.start);
    let candidates: Vec<(Span, Day)> = dates[first..]
        .iter()
        .take_while(|date| date.span.end <= bytes.end)
        .filter(|date| !statement.spans.iter().any(|span| span.overlaps(date.span)))
        .filter_map(|date| Some((date.span, date.day()?)))
        .filter(|(_, day)| article.published.is_none_or(|published| *day <= published))
        .collect();
    if candidates.is_empty() {
        return None;
    }
    let mut words = Words::new(&article.text, tokens, known);
    words.read_tokens(near);
    let cue = statement.cue.map(|cue| words.within(cue));
    candidates
        .into_iter()
        .map(|(span, day)| (words.within(span), day))
        .filter_map(|(date, day)| Some((distance(&words, &date, cue.as_ref())?, day)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, day)| day)
}

/// How far the date stands from the cue, in words, a date before it counting as a little further; `None` where it
/// does not date the saying.
fn distance(words: &Words, date: &Range<usize>, cue: Option<&Range<usize>>) -> Option<usize> {
    if is_dateline(words, date) || is_bound(words, date) {
        return None;
    }
    let Some(cue) = cue else { return Some(date.start) };
    if date.start >= cue.end {
        let between = cue.end..date.start;
        let taken = between.clone().any(|at| takes_the_date(words, at));
        return (!taken).then_some(between.len());
    }
    let away = cue.start.saturating_sub(date.end);
    // `On Monday, the minister said …`
    let opens = date.start <= 1 && words.is(date.end, b',');
    let joined = (date.end..cue.start).any(|at| words.get(at) == Word::And);
    let participle = words.raw(cue.start).ends_with("ing");
    if !opens && !joined && !participle && (away > BEFORE || in_other_clause(words, date.start)) {
        return None;
    }
    Some(2 + away)
}

/// Whether a clause of its own, opened before `date` and closed by no comma, holds the date: `who was arrested on`.
fn in_other_clause(words: &Words, date: usize) -> bool {
    for at in (0..date).rev() {
        if words.is(at, b',') {
            return false;
        }
        if takes_the_date(words, at) {
            return true;
        }
    }
    false
}

/// Whether the word at `at` is a verb, or opens a clause, that takes a following date to itself.
fn takes_the_date(words: &Words, at: usize) -> bool {
    let raw = words.raw(at);
    if matches!(raw, "who" | "whose" | "whom" | "before" | "ahead" | "since") {
        return true;
    }
    let past = words.get(at) == Word::Back
        || raw.len() > 4 && raw.ends_with("ed") && words.kind(at) == Some(TokenKind::Lower);
    past && !tells_of_speech(raw)
}

/// Whether the word names an occasion of speech, or a verb that brings words to the public.
fn tells_of_speech(word: &str) -> bool {
    static OCCASIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let words = include_str!("../tables/speech_occasions.txt").lines();
        words.filter(|line| !line.starts_with('#')).collect()
    });
    OCCASIONS.binary_search(&word).is_ok()
}

/// `SEOUL, Feb. 26 (AP)`: the day of filing.
fn is_dateline(words: &Words, date: &Range<usize>) -> bool {
    let before = date.start.checked_sub(1).is_some_and(|at| words.is(at, b','))
        && words.kind(0) == Some(TokenKind::Upper);
    before && (words.is(date.end, b'(') || words.is(date.end, b'-') || words.is(date.end, b'_'))
}

/// Whether the date is bound to a word that leads away from the saying: `of Tuesday`, `since Monday`, `Friday's
/// attack`.
fn is_bound(words: &Words, date: &Range<usize>) -> bool {
    let before = words.raw(date.start.wrapping_sub(1));
    let about = matches!(
        before,
        "of" | "since"
            | "until"
            | "till"
            | "by"
            | "from"
            | "before"
            | "about"
            | "for"
            | "between"
            | "and"
            | "to"
            | "through"
    );
    let of_something_else = words.get(date.end) == Word::Possessive
        && !(date.end + 1..date.end + 5).any(|at| tells_of_speech(words.raw(at)));
    about || of_something_else
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, Span};
    use crate::extract::{dates, sentences::sentences, tokens::tokens, words::words};
    use crate::findings::{Confidence, Quote, Statement};

    /// The text marks the reported words with `[ ]` and the cue with `{ }`; published on Monday 2023-09-11.
    fn check(marked: &str, expected: Option<&str>) {
        let mut text = String::new();
        let mut spans = Vec::new();
        let mut cue = None;
        let mut open = 0;
        for c in marked.chars() {
            match c {
                '[' | '{' => open = text.len(),
                ']' => spans.push(Span::new(open, text.len())),
                '}' => cue = Some(Span::new(open, text.len())),
                c => text.push(c),
            }
        }
        let statement = Statement {
            quote: Quote::Indirect,
            spans,
            cue,
            speaker: None,
            confidence: Confidence::High,
            countries: Vec::new(),
            said_on: None,
            said_on_stated: false,
        };
        let article = Article { text, published: "2023-09-11".parse().ok(), ..Article::default() };
        let tokens = tokens(&article.text);
        let words = words(&article.text, &tokens);
        let sentences = sentences(&article.text, &tokens);
        let dates = dates::dates(&article, &tokens, &words, &sentences);
        let found = dates::said_on(&article, &statement, &tokens, &words, &sentences, &dates);
        assert_eq!(found.map(|day| day.to_string()).as_deref(), expected, "in {marked}");
    }

    #[test]
    fn a_day_beside_the_cue() {
        check("The mayor {said} on Sunday that [the bridge was safe].", Some("2023-09-10"));
        check("The mayor {said} Sunday [the bridge was safe].", Some("2023-09-10"));
        check("Orlova on Thursday {dismissed} [the plan] as a rumour.", Some("2023-09-07"));
        check("On Friday, the harbour master {told} reporters [he would stay].", Some("2023-09-08"));
        check("[\"We are done,\"] the coach {said} late Saturday.", Some("2023-09-09"));
        check(
            "The board {acknowledged} [the leak], pledging repairs, during a session on Sept. 6.",
            Some("2023-09-06"),
        );
        check(
            "The envoy {said} in a statement issued on Sept. 2 that [talks had failed].",
            Some("2023-09-02"),
        );
        check(
            "Ito {stressed} in an interview with a broadcaster, which aired on Sunday, that [rice is dear].",
            Some("2023-09-10"),
        );
        check("In Friday's debate she {said} [taxes would fall].", Some("2023-09-08"));
        check("The ministry issued a statement on Saturday {saying} [the dam held].", Some("2023-09-09"));
        check("She met the strikers on Saturday and {said} [they were right].", Some("2023-09-09"));
    }

    #[test]
    fn a_day_of_something_else() {
        check("The mayor {said} [the bridge will open on Sunday].", None);
        check("A man who was arrested on Friday {told} police [he was lost].", None);
        check("The mayor, who returned from Rome on Friday, {said} [the bridge was safe].", None);
        check("It grew between Sept. 1 and Sept. 9, the board said, {noting} [the heat].", None);
        check("The mayor {said} of Friday's storm that [it was the worst].", None);
        check("[It is calm], {said} Lee, who has led the port since Friday.", None);
        check("She will {say} on Thursday that [it is over].", None);
        check("BERN, Sept. 9 (AP) - The guild {said} [bread will be short].", None);
        check("The train left on Sunday. The guard {said} [it was full].", None);
        check("[It was full], the guard {said}.", None);
    }

    #[test]
    fn the_nearest_of_several_days() {
        check(
            "The court {said} on Friday, after a hearing on Tuesday, that [he was free].",
            Some("2023-09-08"),
        );
        check("[It fell], he {said} on Sunday, two days after the storm of Sept. 8.", Some("2023-09-10"));
    }
}
