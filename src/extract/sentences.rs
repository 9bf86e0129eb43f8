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
#[inline]
pub(super) fn ends_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    match token.kind {
        // what neither stops nor closes, as most marks are
        TokenKind::Mark => {
            matches!(
                text.as_bytes()[token.start as usize],
                b'.' | b'!' | b'?' | b'"' | b'\'' | b')' | b']' | 128..
            ) && stops(text, tokens, at, false)
        }
        _ => {
            token.is_word()
                && text.as_bytes()[token.end as usize - 1] == b'.'
                && !within_a_time(text, tokens, at)
                && stops(text, tokens, at, true)
        }
    }
}

/// The same of a mark, or of a word that is `dotted`.
fn stops(text: &str, tokens: &[Token], at: usize, dotted: bool) -> bool {
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

/// Abbreviations that always stand before a name, sorted; some in capitals, as in `ST. LOUIS`.
const TITLES: &[&str] = &[
    "Adm", "Atty", "Brig", "Capt", "Cmdr", "Col", "DR", "Dr", "Fr", "GEN", "GOV", "Gen", "Gov", "Govs",
    "Hon", "Lt", "MR", "MRS", "MS", "Maj", "Messrs", "Mr", "Mrs", "Ms", "Pres", "Prof", "REP", "Rep", "Reps",
    "Rev", "SEN", "ST", "Sen", "Sens", "Sgt", "St",
];

/// Other abbreviations, sorted.
const ABBREVIATIONS: &[&str] = &[
    "Ala", "Apr", "Ariz", "Ark", "Assn", "Aug", "Ave", "Blvd", "Bros", "Calif", "Co", "Colo", "Conn", "Corp",
    "Dec", "Del", "Dept", "Feb", "Fla", "Ft", "Ga", "Ill", "Inc", "Ind", "Jan", "Jr", "Kan", "Ky", "La",
    "Ltd", "Mar", "Mass", "Md", "Mich", "Minn", "Miss", "Mo", "Mont", "Mt", "Neb", "Nev", "No", "Nov", "Oct",
    "Okla", "Ore", "Pa", "Sep", "Sept", "Sr", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wyo",
];

/// The length of the longest of both, in bytes.
const LONGEST: usize = 6;

fn is_title(word: &str) -> bool {
    is_listed(word, TITLES) || matches!(word, "v" | "vs")
}

fn is_abbreviation(word: &str) -> bool {
    is_listed(word, ABBREVIATIONS)
        || matches!(word, "al" | "approx" | "est")
        || word.chars().count() == 1 && word.chars().all(char::is_uppercase)
}

/// Whether the word is in the list; most are in small letters, and in none.
fn is_listed(word: &str, list: &[&str]) -> bool {
    word.len() <= LONGEST && !word.as_bytes()[0].is_ascii_lowercase() && list.binary_search(&word).is_ok()
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
    use super::{ABBREVIATIONS, LONGEST, TITLES, sentences};

    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let found: Vec<&str> =
            sentences(text, &tokens).iter().map(|s| span(&tokens, s.first, s.end).of(text)).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn abbreviations_are_sorted_and_short() {
        assert!(TITLES.is_sorted() && ABBREVIATIONS.is_sorted());
        assert!(TITLES.iter().chain(ABBREVIATIONS).all(|word| word.len() <= LONGEST));
    }

    #[test]
    fn full_stops_end_sentences_but_not_abbreviations() {
        check("He left. She stayed.", &["He left.", "She stayed."]);
        check("“Go.” Mr. Lee went on Sept. 9. Why?", &["“Go.”", "Mr. Lee went on Sept. 9.", "Why?"]);
        check("It ends at 10 p.m. Tuesday. Come.", &["It ends at 10 p.m. Tuesday.", "Come."]);
        check("A title\n\nThe body.", &["A title", "The body."]);
    }
}
