//! Headings that lost their line: words in capitals right before a sentence (`SLOW START Lee said`).

use super::names::word;
use super::tokens::{Token, TokenKind};
use super::words::{self, Word};

/// Letters of a word in capitals that is no abbreviation, alone and with others.
const ALONE: usize = 7;
const AMONG_OTHERS: usize = 6;
/// Letters of a common word that is no abbreviation.
const COMMON: usize = 4;

/// Ends the line before and after each heading that stands right before a sentence.
pub(super) fn part(text: &str, tokens: &mut Vec<Token>) {
    let shouted = (0..tokens.len()).filter(|&at| tokens[at].kind == TokenKind::Upper);
    let headings = shouted.filter_map(|at| Some((at, heading(text, tokens, at)?)));
    let on_a_line = |at: usize| at == 0 || tokens[at - 1].ends_line();
    let borders: Vec<usize> =
        headings.flat_map(|(first, end)| [first, end]).filter(|&at| !on_a_line(at)).collect();
    if borders.is_empty() {
        return;
    }
    let mut parted = Vec::with_capacity(tokens.len() + borders.len());
    let mut from = 0;
    for border in borders {
        parted.extend_from_slice(&tokens[from..border]);
        let (start, end) = (tokens[border - 1].end, tokens[border].start);
        parted.push(Token { start, end, kind: TokenKind::Line, glued: false });
        from = border;
    }
    parted.extend_from_slice(&tokens[from..]);
    *tokens = parted;
}

/// Where the heading ends that begins with the word in capitals at `at`, where one does and a sentence follows on its line.
fn heading(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    if !begins(text, tokens, at) {
        return None;
    }
    let mut end = at + 1;
    let (mut words, mut longest, mut common) = (0, 0, false);
    for (i, token) in tokens.iter().enumerate().skip(at).take(24) {
        let written = token.of(text);
        match token.kind {
            TokenKind::Upper => {
                let letters = if written.contains('.') { 0 } else { written.chars().count() };
                let lower = words::lookup(written);
                words += 1;
                longest = longest.max(letters);
                common |= letters >= COMMON && (lower.class != 0 || lower.forms != 0);
                end = i + 1;
            }
            TokenKind::Number | TokenKind::Possessive => {}
            TokenKind::Capital if written == "A" => {}
            TokenKind::Mark if token.glued && matches!(written, "-" | "/" | "&" | "'" | "’" | ",") => {}
            _ => break,
        }
    }
    let tells = if words > 1 { longest >= AMONG_OTHERS || common } else { longest >= ALONE };
    (tells && opens_sentence(text, tokens, end)).then_some(end)
}

/// Whether a sentence or a paragraph may begin at `at`.
fn begins(text: &str, tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        tokens[before].ends_line()
            || !tokens[at].glued && matches!(tokens[before].of(text), "." | "!" | "?" | "”" | "\"" | ")")
    })
}

/// Whether the words from `at` on, which are not in capitals, can open a sentence rather than go on with a name: no
/// `Inc`, no `Chief Executive`, no `Holdings`.
fn opens_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at).filter(|token| !token.glued) else { return false };
    let Word { kinds, .. } = words::lookup(token.of(text));
    let named = kinds & (word::CORPORATE | word::BODY | word::ROLE | word::SUFFIX) != 0;
    match token.kind {
        TokenKind::Capital => !named,
        TokenKind::Mark => {
            matches!(token.of(text), "“" | "\"") && tokens.get(at + 1).is_some_and(|next| next.glued)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::{TokenKind, tokens};

    /// The text with ` | ` where lines end.
    fn check(text: &str, expected: &str) {
        let mut parted = String::new();
        let mut tokens = tokens(text);
        super::part(text, &mut tokens);
        for token in tokens {
            if token.kind == TokenKind::Line {
                parted.push_str(" |");
            } else {
                parted.push_str(if token.glued || parted.is_empty() { "" } else { " " });
                parted.push_str(token.of(text));
            }
        }
        assert_eq!(parted, expected);
    }

    #[test]
    fn headings_end_before_the_sentence_on_their_line() {
        check("It rained. SLOW START Lee said so.", "It rained. | SLOW START | Lee said so.");
        check("It rained. REVERSAL The mayor left.", "It rained. | REVERSAL | The mayor left.");
        check(
            "It rained. NOBODY'S FAULT A spokesman left.",
            "It rained. | NOBODY'S FAULT | A spokesman left.",
        );
        check("ORDERLY EXIT \"We go,\" Lee said.", "ORDERLY EXIT | \"We go,\" Lee said.");
    }

    #[test]
    fn names_in_capitals_go_on() {
        for text in [
            "It rained. NATO Secretary Lee said so.",
            "BOREAL MOTORS Corp said so.",
            "DULLSHIRE (Courier) - Lee said so.",
            "ANN REED: Yes.",
            "UNESCO officials said so.",
            "The NORTHERN LIGHTS Lee saw.",
        ] {
            check(text, text);
        }
    }
}
