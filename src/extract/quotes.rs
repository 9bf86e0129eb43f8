//! Quotations: the stretches between quotation marks, paragraph by paragraph.

use super::tokens::{Token, TokenKind};
use std::cell::LazyCell;

/// One stretch in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    /// The token of the opening mark.
    pub open: usize,
    /// The token after the closing mark, or where the paragraph ends for a quotation left open.
    pub end: usize,
    /// The quoted words: `first..last` in tokens.
    pub first: usize,
    pub last: usize,
    /// Left open at the end of its paragraph, to go on in the next one.
    pub open_ended: bool,
}

/// A mark of quotation as it stands in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Opening,
    Closing,
    /// The straight mark, or two apostrophes: its neighbours tell.
    Straight,
    SingleOpening,
    SingleClosing,
    SingleStraight,
}

/// The quotations of the paragraphs, in order, not overlapping; nested ones are part of the outer one.
pub(super) fn quotations(text: &str, tokens: &[Token], paragraphs: &[(usize, usize)]) -> Vec<Quotation> {
    let mut found = Vec::new();
    for &(first, end) in paragraphs {
        paragraph(text, &tokens[..end], first, &mut found);
    }
    found
}

fn paragraph(text: &str, tokens: &[Token], first: usize, found: &mut Vec<Quotation>) {
    let mut at = first;
    let mut open: Option<(usize, usize)> = None; // first token of the mark, first quoted token
    let mut nested = false;
    // The last mark of the paragraph that can close a single quotation: no search runs past it.
    let last_single = LazyCell::new(|| {
        let closing = |&at: &usize| {
            matches!(mark(text, tokens, at), Some((Mark::SingleClosing | Mark::SingleStraight, _)))
        };
        (first..tokens.len()).rev().find(closing)
    });
    while let Some(next) = tokens[at..].iter().position(|token| may_mark(text, token)) {
        at += next;
        let Some((mark, width)) = mark(text, tokens, at) else {
            at += 1;
            continue;
        };
        let opening = match mark {
            // German and Polish marks: `„…“`.
            Mark::Opening if open.is_some_and(|(start, _)| tokens[start].of(text) == "„") => Some(false),
            // Marks that look the wrong way: `“…?“ he asked`, `”We will go.”`
            Mark::Opening => Some(open.is_none() || !closes(tokens, at, width)),
            Mark::Closing => Some(open.is_none() && opens(tokens, at, width)),
            Mark::Straight => Some(open.is_none()),
            Mark::SingleOpening | Mark::SingleClosing | Mark::SingleStraight => None,
        };
        match (opening, open) {
            (Some(true), None) => open = Some((at, at + width)),
            // A second opening curly mark inside a quotation in straight ones is nested.
            (Some(true), Some((start, _))) => nested = tokens[start].of(text) == "\"",
            (Some(false), Some(_)) if nested && mark == Mark::Closing => nested = false,
            (Some(false), Some((start, inner))) => {
                push(found, start, inner, at, at + width, false);
                open = None;
                nested = false;
            }
            (Some(false), None) => {}
            (None, Some(_)) => {}
            (None, None) => {
                if let Some(close) = (*last_single)
                    .filter(|&last| mark != Mark::SingleClosing && last > at && opens(tokens, at, width))
                    .and_then(|last| single_close(text, tokens, at + 1, last, mark))
                {
                    push(found, at, at + 1, close, close + 1, false);
                    at = close;
                }
            }
        }
        at += width;
    }
    if let Some((start, inner)) = open {
        push(found, start, inner, tokens.len(), tokens.len(), true);
    }
}

fn push(found: &mut Vec<Quotation>, open: usize, first: usize, last: usize, end: usize, open_ended: bool) {
    if first < last {
        found.push(Quotation { open, end, first, last, open_ended });
    }
}

/// Whether the token may be a quotation mark, by its first byte.
#[inline]
fn may_mark(text: &str, token: &Token) -> bool {
    token.kind == TokenKind::Mark
        && matches!(text.as_bytes()[token.start as usize], b'"' | b'\'' | b'`' | 128..)
}

/// The quotation mark at token `at` and the number of its tokens.
fn mark(text: &str, tokens: &[Token], at: usize) -> Option<(Mark, usize)> {
    if !may_mark(text, &tokens[at]) {
        return None;
    }
    let doubled = |mark: &str| tokens.get(at + 1).is_some_and(|next| next.glued && next.of(text) == mark);
    Some(match tokens[at].of(text) {
        "“" | "«" | "„" => (Mark::Opening, 1),
        "”" | "»" => (Mark::Closing, 1),
        "\"" => (Mark::Straight, 1),
        "'" if doubled("'") => {
            // Three: a single quotation closes together with the double one around it.
            let third = tokens.get(at + 2).is_some_and(|next| next.glued && next.of(text) == "'");
            (Mark::Straight, if third && tokens[at].glued { 3 } else { 2 })
        }
        "`" if doubled("`") => (Mark::Opening, 2),
        "‘" => (Mark::SingleOpening, 1),
        "’" => (Mark::SingleClosing, 1),
        "'" => (Mark::SingleStraight, 1),
        _ => return None,
    })
}

/// Whether a mark stands as an opening one does: free before, tied to what follows.
fn opens(tokens: &[Token], at: usize, width: usize) -> bool {
    !tokens[at].glued && tokens.get(at + width).is_some_and(|next| next.glued)
}

/// Whether a mark stands as a closing one does.
fn closes(tokens: &[Token], at: usize, width: usize) -> bool {
    tokens[at].glued && !tokens.get(at + width).is_some_and(|next| next.glued)
}

/// The mark that closes a single quotation opened before `from`, at most a few hundred tokens on: it is glued to what
/// stands before it and to no word after it. A straight one that follows a bare word may be a possessive, and then
/// only closes a short stretch.
fn single_close(text: &str, tokens: &[Token], from: usize, last: usize, opening: Mark) -> Option<usize> {
    const REACH: usize = 400;
    let closing = |at: usize| match mark(text, tokens, at) {
        Some((Mark::SingleClosing, 1)) => opening == Mark::SingleOpening,
        Some((Mark::SingleStraight, 1)) => true,
        _ => false,
    };
    (from..=last.min(from + REACH)).find(|&at| {
        let next_glued = tokens.get(at + 1).is_some_and(|next| next.glued && next.is_word());
        let after_stop = at > from && tokens[at - 1].kind == TokenKind::Mark;
        closing(at)
            && tokens[at].glued
            && !next_glued
            && (opening == Mark::SingleOpening || after_stop || at - from < 8)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sentences::paragraphs;
    use super::super::tokens::{span, tokens};
    use super::quotations;

    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let found: Vec<&str> = quotations(text, &tokens, &paragraphs(&tokens))
            .iter()
            .map(|q| span(&tokens, q.first, q.last).of(text))
            .collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn all_kinds_of_marks() {
        check("\"Go,\" he said. “Stay,” she said.", &["Go,", "Stay,"]);
        check("''Go,'' he said of the ''spinach.''", &["Go,", "spinach."]);
        check("‘It’s over,’ he said, the 'end' of it", &["It’s over,", "end"]);
        check("\"He said “no” and left,\" she said", &["He said “no” and left,"]);
        check("“He said ‘no’ and left,” she said", &["He said ‘no’ and left,"]);
        check("„Wir gehen“, sagte er", &["Wir gehen"]);
        check("“Shall we?“ he asked. ”We go,” she said.", &["Shall we?", "We go,"]);
        check("the voters' choice isn't the boys' choice", &[]);
    }

    #[test]
    fn unbalanced_marks_stay_in_their_paragraph() {
        check("“One.\n\n“Two,” she said", &["One.", "Two,"]);
        check("stray” and \"open", &["open"]);
        check("\"", &[]);
    }
}
