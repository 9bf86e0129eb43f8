//! Statements in the text: the reported words, the reporting word, and who said them.

use super::sentences::Sentence;
use super::tokens::Token;
use crate::article::Article;
use crate::findings::{Place, Statement};

/// The statements of the article, in text order.
pub fn statements(
    _article: &Article,
    _tokens: &[Token],
    _sentences: &[Sentence],
    _places: &[Place],
) -> Vec<Statement> {
    Vec::new()
}
