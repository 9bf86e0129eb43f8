//! Turns: paragraphs that open with who speaks, as transcripts (`BLAKE: We go.`) and headlines (`Blake: We go`) have it.

use super::phrases::Reading;
use super::tokens::TokenKind;
use super::words::{class, lower_into};
use std::collections::HashMap;

/// One paragraph that opens with its speaker, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// The name: `first..colon`.
    pub first: usize,
    pub colon: usize,
    /// The words: up to the end of the paragraph, its full stop left out.
    pub end: usize,
}

/// The turns among the paragraphs, in step with them.
///
/// A name and a colon also open a row of a list or a note of the editor. So a name counts where it is in capitals or
/// comes again, and others speak too; and in the first line, where the story goes on to name it.
pub(super) fn turns(reading: &Reading, paragraphs: &[(usize, usize)]) -> Vec<Option<Turn>> {
    let found: Vec<Option<Turn>> = paragraphs.iter().map(|&(first, end)| turn(reading, first, end)).collect();
    if found.iter().all(Option::is_none) {
        return found;
    }
    let mut lines: HashMap<String, usize> = HashMap::new();
    let mut surname = String::new();
    for turn in found.iter().flatten() {
        lower_into(reading.token(turn.colon - 1), &mut surname);
        *lines.entry(surname.clone()).or_default() += 1;
    }
    let all: usize = lines.values().sum();
    let mut spoken = |turn: &Turn, headline: bool| {
        lower_into(reading.token(turn.colon - 1), &mut surname);
        let shouted = (turn.first..turn.colon).all(|at| {
            reading.tokens[at].kind != TokenKind::Capital || reading.token(at).chars().count() == 1
        });
        let comes_again = lines.get(&surname).is_some_and(|&count| count > 1);
        lines.len() > 1 && (shouted || comes_again && all > 2) || headline && named_later(reading, turn)
    };
    let headline = |at: usize| at == 0 && found.len() > 1;
    found.iter().enumerate().map(|(at, turn)| turn.filter(|turn| spoken(turn, headline(at)))).collect()
}

/// The name of at most four words and the colon that open the paragraph `first..end`, a quotation mark before them or not.
fn turn(reading: &Reading, first: usize, end: usize) -> Option<Turn> {
    let quoted = matches!(reading.token(first), "\"" | "“" | "‘" | "'");
    let first = first + usize::from(quoted);
    let mut at = first;
    while at < end.min(first + 8) {
        let token = &reading.tokens[at];
        let named = token.is_capitalised() || token.kind == TokenKind::Mixed;
        if named && !reading.word(at).is(class::DET | class::PREP | class::CC | class::WH | class::SUB)
            || matches!(reading.token(at), "." | "-" | "'" | "’") && token.glued && at > first
        {
            at += 1;
        } else {
            break;
        }
    }
    let words = (first..at).filter(|&at| reading.tokens[at].is_word()).count();
    let named = (1..=4).contains(&words) && reading.tokens[at - 1].is_word();
    let long = at > first && reading.tokens[at - 1].end - reading.tokens[first].start > 1; // not `Q:` and `A:`
    if !named || !long || reading.token(at) != ":" || !reading.tokens[at].glued {
        return None;
    }
    let mut last = end;
    while last > at + 1 && matches!(reading.token(last - 1), "." | "?" | "!" | "\"" | "”") {
        last -= 1;
    }
    let spoken = last > at + 3 && !reading.tokens[at + 1].glued;
    spoken.then_some(Turn { first, colon: at, end: last })
}

/// Whether the name's last word stands, capitalised, anywhere below; a poll or a report need not.
fn named_later(reading: &Reading, turn: &Turn) -> bool {
    let surname = reading.token(turn.colon - 1);
    matches!(surname, "Poll" | "Report" | "Study" | "Survey")
        || (turn.end..reading.tokens.len())
            .any(|at| reading.token(at) == surname && reading.word(at).class & !class::NOUN == 0)
}

#[cfg(test)]
mod tests {
    use super::super::phrases::read;
    use super::super::sentences::paragraphs;
    use super::super::tokens::span;
    use super::turns;

    fn check(text: &str, expected: &[&str]) {
        let found = read(text, |reading| {
            let turns = turns(reading, &paragraphs(reading.tokens));
            let found = turns.into_iter().flatten();
            found.map(|turn| span(reading.tokens, turn.first, turn.end).of(text)).collect::<Vec<&str>>()
        });
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn transcripts_and_headlines() {
        check("ANN LEE: Are we late?\n\nREED: Yes, we are.", &["ANN LEE: Are we late", "REED: Yes, we are"]);
        check("\"LEE: Are we late?\n\n\"REED: Yes, we are.\"", &["LEE: Are we late", "REED: Yes, we are"]);
        check("Lee: the boat is late\n\nAnn Lee waited at the pier.", &["Lee: the boat is late"]);
        check("Correction: the boat was late\n\nThe pier is closed.", &[]);
        check("The boat left.\n\nContact: the harbour office.", &[]);
        check(":\n\nA:\n\nLee:", &[]);
    }
}
