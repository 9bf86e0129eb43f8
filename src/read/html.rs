//! A web page: the story in it, and what the page says about it.

use super::body::{self, Body};
use super::decode::{self, Label};
use super::guard::{self, Reader};
use super::metadata::{self, Metadata};
use super::page::Page;
use super::{Piece, ReadError, byline, published};
use crate::article::Article;

/// A body shorter than this, in bytes, may be a failure; stubs and briefs are as short.
const SHORT: usize = 400;

/// The page's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let refused = |why| ReadError::content(&piece.path, 0, why);
    let text = decode::text(&piece.bytes, None, Label::Html);
    let sifted = guard::sift(&text, Reader::Scripted).map_err(refused)?;
    let parsed = scraper::Html::parse_document(&sifted);
    let page = Page::of(&parsed);
    let metadata = Metadata::of(&page);
    let title = metadata.title();
    let mut body = body::body(&page, &title, metadata.summary());
    if body.text.len() < SHORT {
        let longer = |other: &Body| other.text.len() > 2 * body.text.len().max(SHORT / 2);
        let other = unscripted(&text, &title, metadata.summary())
            .filter(longer)
            .or_else(|| metadata.body().map(body::plain).filter(longer))
            .or_else(|| body::second_opinion(&page, &sifted).filter(longer));
        body = other.unwrap_or(body);
    }
    if body.text.is_empty() && title.is_empty() {
        return Err(refused("a page without text".to_owned()));
    }
    let published = published::published(&page, &metadata, &title, &text);
    Ok(Article {
        path: piece.path.clone(),
        url: metadata.url().or_else(|| saved_from(&text)),
        byline: byline::byline(&page, &metadata, &title),
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

/// The address that browsers and SingleFile leave in a comment at the top of a page they save.
fn saved_from(text: &str) -> Option<String> {
    let head = &text[..text.floor_char_boundary(2048)];
    let at = ["saved from url=", "url:"].iter().find_map(|mark| Some(head.find(mark)? + mark.len()))?;
    let address = &head[at..];
    // `(0042)` before the address is its length.
    let address = address
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '(' | ')'));
    let address = address.split_whitespace().next()?;
    metadata::host(address).map(|_| address.to_owned())
}

/// The body as a browser without scripts shows it.
fn unscripted(text: &str, title: &str, summary: &str) -> Option<Body> {
    let sifted = guard::sift(text, Reader::Unscripted).ok()?;
    let parsed = scraper::Html::parse_document(&sifted);
    Some(body::body(&Page::of(&parsed), title, summary))
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
