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

fn push(sentences: &mut Vec<Sentence>, tokens: &[Token], mut first: usize, mut end: usize, paragraph: usize) {
    let blank = |token: &Token| matches!(token.kind, TokenKind::Line | TokenKind::Break);
    while first < end && blank(&tokens[first]) {
        first += 1;
    }
    while first < end && blank(&tokens[end - 1]) {
        end -= 1;
    }
    if first < end {
        sentences.push(Sentence { first, end, paragraph });
    }
}

/// Whether the sentence ends after token `at`: a full stop, question or exclamation mark, with closing quotation
/// marks and brackets, before a word that may open a sentence.
fn ends_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let mark = |token: &Token| matches!(token.of(text), "." | "!" | "?" | "…");
    let closes = |token: &Token| token.glued && matches!(token.of(text), "\"" | "”" | "’" | "'" | ")" | "]");
    let mut stop = at;
    while closes(&tokens[stop]) && stop > 0 {
        stop -= 1;
    }
    if !mark(&tokens[stop]) || tokens.get(at + 1).is_some_and(|next| next.glued) {
        return false;
    }
    if tokens[stop].of(text) == "."
        && stop > 0
        && is_abbreviation(tokens[stop - 1].of(text))
        && tokens[stop].glued
    {
        return false;
    }
    let next = tokens[at + 1..].iter().find(|token| token.kind != TokenKind::Line);
    !next.is_some_and(|next| next.kind == TokenKind::Lower)
}

fn is_abbreviation(word: &str) -> bool {
    const ABBREVIATIONS: &[&str] = &[
        "Mr", "Mrs", "Ms", "Dr", "Gen", "Sen", "Rep", "Gov", "St", "Lt", "Col", "Capt", "Sgt", "Prof", "Rev",
        "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "No", "Jr", "vs", "Inc",
        "Corp", "Co", "Ltd",
    ];
    word.chars().count() == 1 && word.chars().all(char::is_uppercase) || ABBREVIATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::sentences;

    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let found: Vec<&str> = sentences(text, &tokens)
            .iter()
            .map(|s| &text[tokens[s.first].start as usize..tokens[s.end - 1].end as usize])
            .collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn full_stops_end_sentences_but_not_abbreviations() {
        check("He left. She stayed.", &["He left.", "She stayed."]);
        check("“Go.” Mr. Lee went on Sept. 9. Why?", &["“Go.”", "Mr. Lee went on Sept. 9.", "Why?"]);
        check("A title\n\nThe body.", &["A title", "The body."]);
    }
}
