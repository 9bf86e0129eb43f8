//! Sentences and paragraphs of a text, as stretches of its tokens.

use super::tokens::{Token, TokenKind};

/// One sentence: the tokens `first..end`, line and paragraph ends at its edges left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub first: usize,
    pub end: usize,
    /// The number of the paragraph it stands in, from 0.
    pub paragraph: usize,
}

/// Cuts the tokens into sentences, in order, none empty.
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut first = 0;
    let mut paragraph = 0;
    for (at, token) in tokens.iter().enumerate() {
        let break_here = token.kind == TokenKind::Break;
        if break_here || ends_sentence(text, tokens, at) {
            push(&mut sentences, tokens, first, if break_here { at } else { at + 1 }, paragraph);
            first = at + 1;
        }
        paragraph += usize::from(break_here);
    }
    push(&mut sentences, tokens, first, tokens.len(), paragraph);
    sentences
}

/// The lines and paragraphs that hold anything, each `first..end`: no statement goes from one to the next.
pub(super) fn paragraphs(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut paragraphs = Vec::new();
    let mut first = 0;
    for at in (0..tokens.len()).filter(|&at| tokens[at].ends_line()).chain([tokens.len()]) {
        if first < at {
            paragraphs.push((first, at));
        }
        first = at + 1;
    }
    paragraphs
}

fn push(sentences: &mut Vec<Sentence>, tokens: &[Token], mut first: usize, mut end: usize, paragraph: usize) {
    while first < end && tokens[first].ends_line() {
        first += 1;
    }
    while first < end && tokens[end - 1].ends_line() {
        end -= 1;
    }
    if first < end {
        sentences.push(Sentence { first, end, paragraph });
    }
}

/// Whether the sentence ends after token `at`: a full stop, question or exclamation mark, with closing quotation
/// marks and brackets, before a word that may open a sentence.
pub(super) fn ends_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let dotted = token.is_word() && text.as_bytes()[token.end as usize - 1] == b'.';
    if !dotted && token.kind != TokenKind::Mark || within_a_time(text, tokens, at) {
        return false;
    }
    let mark = |token: &Token| matches!(token.of(text), "." | "!" | "?" | "…");
    let closes = |token: &Token| token.glued && matches!(token.of(text), "\"" | "”" | "’" | "'" | ")" | "]");
    let mut stop = at;
    while stop > 0 && at - stop < 6 && closes(&tokens[stop]) {
        stop -= 1;
    }
    // A full stop inside an abbreviation that is one token (`U.S.`, `p.m.`) ends a sentence only before a word that
    // rarely goes on with a name.
    if dotted {
        let next = tokens[at + 1..].iter().find(|token| token.kind != TokenKind::Line);
        let time = tokens[at].of(text).ends_with(".m.");
        return next.is_none_or(|next| {
            !next.glued && (opens_sentence(next.of(text)) || time && next.kind == TokenKind::Capital)
        });
    }
    if !mark(&tokens[stop]) || tokens.get(at + 1).is_some_and(|next| next.glued) {
        return false;
    }
    if tokens[stop].of(text) == "." && stop > 0 && tokens[stop].glued {
        let word = tokens[stop - 1].of(text);
        if is_title(word) {
            return false;
        }
        let part = stop > 1 && tokens[stop - 1].glued && tokens[stop - 2].of(text) == "/"; // `I/B/E/S`
        if is_abbreviation(word) && !part {
            // `Inc.`, `Jr.`, `No.` at the end of a sentence or within: what follows tells, where it can.
            return tokens.get(at + 1).is_none_or(|next| opens_sentence(next.of(text)));
        }
    }
    let next = tokens[at + 1..].iter().find(|token| token.kind != TokenKind::Line);
    !next.is_some_and(|next| next.kind == TokenKind::Lower)
}

/// Abbreviations that always stand before a name.
fn is_title(word: &str) -> bool {
    const TITLES: &[&str] = &[
        "Mr", "Mrs", "Ms", "Dr", "Gen", "Sen", "Sens", "Rep", "Reps", "Gov", "Govs", "St", "Lt", "Col",
        "Capt", "Sgt", "Prof", "Rev", "Hon", "Maj", "Cmdr", "Adm", "Brig", "Pres", "Atty", "Messrs", "Fr",
        "vs", "v",
    ];
    // `ST. LOUIS` in capitals
    TITLES.contains(&word)
        || matches!(word, "ST" | "MR" | "MRS" | "MS" | "DR" | "SEN" | "REP" | "GOV" | "GEN")
}

fn is_abbreviation(word: &str) -> bool {
    const ABBREVIATIONS: &[&str] = &[
        "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "No", "Jr", "Sr", "Inc",
        "Corp", "Co", "Ltd", "Calif", "Fla", "Mass", "Mich", "Minn", "Pa", "Va", "Wis", "Wash", "Ala",
        "Ariz", "Ark", "Colo", "Conn", "Del", "Ga", "Ill", "Ind", "Kan", "Ky", "La", "Md", "Miss", "Mo",
        "Mont", "Neb", "Nev", "Okla", "Ore", "Tenn", "Tex", "Vt", "Wyo", "Ind", "Dept", "Assn", "Bros",
        "Ave", "Blvd", "al", "approx", "est", "Mt", "Ft",
    ];
    word.chars().count() == 1 && word.chars().all(char::is_uppercase) || ABBREVIATIONS.contains(&word)
}

/// A capitalised word that opens sentences far more often than it continues a name.
fn opens_sentence(word: &str) -> bool {
    const OPENERS: &[&str] = &[
        "The", "A", "An", "He", "She", "It", "They", "We", "I", "In", "On", "At", "But", "And", "His", "Her",
        "Their", "This", "That", "These", "Those", "There", "When", "While", "If", "As", "After", "Before",
        "For", "So", "Yet", "“", "\"", "‘",
    ];
    OPENERS.contains(&word)
}

/// Whether a time of day goes on with its day or zone after token `at`: `10 p.m. Tuesday`, `8 a.m. Eastern`.
fn within_a_time(text: &str, tokens: &[Token], at: usize) -> bool {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.of(text));
    word(at).ends_with(".m.")
        && (word(at + 1).ends_with("day")
            || matches!(word(at + 1), "Eastern" | "Central" | "Mountain" | "Pacific"))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::{span, tokens};
    use super::sentences;

    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let found: Vec<&str> =
            sentences(text, &tokens).iter().map(|s| span(&tokens, s.first, s.end).of(text)).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn full_stops_end_sentences_but_not_abbreviations() {
        check("He left. She stayed.", &["He left.", "She stayed."]);
        check("“Go.” Mr. Lee went on Sept. 9. Why?", &["“Go.”", "Mr. Lee went on Sept. 9.", "Why?"]);
        check("It ends at 10 p.m. Tuesday. Come.", &["It ends at 10 p.m. Tuesday.", "Come."]);
        check("A title\n\nThe body.", &["A title", "The body."]);
    }
}
