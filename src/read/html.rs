//! A web page: the story in it, and what the page says about it.

use super::decode::{self, Label};
use super::metadata::Metadata;
use super::page::Page;
use super::{Piece, ReadError, body, guard, published};
use crate::article::Article;

/// The page's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let text = decode::text(&piece.bytes, piece.charset.as_deref(), Label::Html);
    let sifted = guard::sift(&text).map_err(|why| ReadError::content(&piece.path, 0, why))?;
    let parsed = scraper::Html::parse_document(&sifted);
    let page = Page::of(&parsed);
    let metadata = Metadata::of(&page);
    let title = metadata.title();
    let body = body::body(&page, &title);
    let published = published::published(&page, &metadata);
    Ok(Article {
        path: piece.path.clone(),
        url: metadata.url(),
        byline: metadata.byline(&page),
        source: metadata.source(),
        lang: metadata.lang().or_else(|| language(&body.text)),
        published: published.map(|moment| moment.day),
        published_at: published.and_then(|moment| moment.at),
        title,
        text: body.text,
        captions: body.captions,
        ..Article::default()
    })
}

/// The language of a text long enough to tell.
fn language(text: &str) -> Option<String> {
    if text.len() < 100 {
        return None;
    }
    let three = whichlang::detect_language(text).three_letter_code();
    let two = match three {
        "ara" => "ar",
        "cmn" => "zh",
        "deu" => "de",
        "eng" => "en",
        "fra" => "fr",
        "hin" => "hi",
        "ita" => "it",
        "jpn" => "ja",
        "kor" => "ko",
        "nld" => "nl",
        "por" => "pt",
        "rus" => "ru",
        "spa" => "es",
        "swe" => "sv",
        "tur" => "tr",
        "vie" => "vi",
        _ => return None,
    };
    Some(two.to_owned())
}
