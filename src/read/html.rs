//! A web page: the story in it, and what the page says about it.

use super::decode::{self, Label};
use super::page::Page;
use super::{Piece, ReadError, body, guard};
use crate::article::Article;

/// The page's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let text = decode::text(&piece.bytes, None, Label::Html);
    let sifted = guard::sift(&text).map_err(|why| ReadError::content(&piece.path, 0, why))?;
    let parsed = scraper::Html::parse_document(&sifted);
    let page = Page::of(&parsed);
    let title = (0..page.nodes.len())
        .find(|&node| page.name(node) == "h1")
        .map(|node| page.text(node))
        .unwrap_or_default();
    let body = body::body(&page, &title);
    Ok(Article { path: piece.path.clone(), title, text: body.text, captions: body.captions, ..Article::default() })
}
