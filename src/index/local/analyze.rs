//! What tantivy's own writer is told of words and stems, to judge segments by.

use super::schema::{STEMS, WORDS};
use crate::terms::{Stems, Words};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Both analyzers under their names, and tantivy's own for keywords.
pub(super) fn analyzers() -> TokenizerManager {
    let analyzers = TokenizerManager::default();
    analyzers.register(WORDS, TextAnalyzer::from(WordTokenizer::default()));
    analyzers.register(STEMS, TextAnalyzer::from(StemTokenizer::default()));
    analyzers
}

#[derive(Clone, Default)]
struct WordTokenizer {
    token: Token,
}

#[derive(Clone, Default)]
struct StemTokenizer {
    token: Token,
    stems: Stems,
}

struct Stream<'a> {
    words: Words<'a>,
    token: &'a mut Token,
    stems: Option<&'a mut Stems>,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream { words: Words::new(text), token: &mut self.token, stems: None }
    }
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream { words: Words::new(text), token: &mut self.token, stems: Some(&mut self.stems) }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(span) = self.words.next_into(&mut self.token.text) else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = span.start;
        self.token.offset_to = span.end;
        if let Some(stems) = &mut self.stems {
            stems.stem(&mut self.token.text);
        }
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
