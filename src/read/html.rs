//! A web page: the story in it, and what the page says about it.

use super::body::{self, Body};
use super::decode::{self, Label};
use super::guard::{self, Reader};
use super::metadata::{self, Metadata};
use super::page::{Page, head};
use super::{Piece, ReadError, byline, published, rendering};
use crate::article::Article;

/// A body shorter than this, in bytes, may be a failure; stubs and briefs are as short.
const SHORT: usize = 400;

/// The page's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let refused = |why| ReadError::content(&piece.path, 0, why);
    let text = decode::text(&piece.bytes, piece.charset.as_deref(), Label::Html);
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
            .or_else(|| metadata.body().map(rendering::plain).filter(longer));
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
        lang: metadata.lang(),
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
    let top = head(text, 2048);
    let at = ["saved from url=", "url:"].iter().find_map(|mark| Some(top.find(mark)? + mark.len()))?;
    let address = &top[at..];
    // `(0042)` before the address is its length.
    let address = address
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '(' | ')'));
    let address = address.split_whitespace().next()?;
    metadata::host(address).map(|_| address.to_owned())
}

/// The body as a browser without scripts shows it.
fn unscripted(text: &str, title: &str, summary: &str) -> Option<Body> {
    if !text.contains("<noscript") && !text.contains("template") {
        return None;
    }
    let sifted = guard::sift(text, Reader::Unscripted).ok()?;
    let parsed = scraper::Html::parse_document(&sifted);
    Some(body::body(&Page::of(&parsed), title, summary))
}

#[cfg(test)]
mod tests {
    use super::article;
    use crate::read::{Format, Piece};
    use std::time::{Duration, Instant};

    fn read(bytes: impl Into<Vec<u8>>) -> Result<crate::article::Article, String> {
        let piece = Piece::new(Format::Html, "page.html", bytes.into());
        article(&piece).map_err(|error| error.to_string())
    }

    const PARAGRAPH: &str = "<p>The council voted on Tuesday to close the old harbour, which its critics called a mistake for the town.</p>";

    #[test]
    fn a_whole_page() {
        let found = read(format!(
            "<!-- saved from url=(0027)https://example.org/harbour --><html lang=en><title>Harbour to close</title>\
             <h1>Harbour to close</h1><p>By Ida Moss</p><p>Published : Sept. 11, 2023 - 15:26</p>{PARAGRAPH}"
        ))
        .expect("a page");
        assert_eq!(found.title, "Harbour to close");
        assert_eq!(found.byline, ["Ida Moss"]);
        assert_eq!(found.url.as_deref(), Some("https://example.org/harbour"));
        assert_eq!(found.published_at.map(|at| at.to_string()).as_deref(), Some("2023-09-11T15:26:00"));
        assert_eq!(found.lang.as_deref(), Some("en"));
        assert!(found.text.starts_with("The council") && found.text.ends_with("the town."), "{}", found.text);
    }

    #[test]
    fn a_page_that_scripts_would_fill_in() {
        let long = PARAGRAPH.repeat(5);
        let hidden = format!("<h1>Harbour to close</h1><noscript>{long}</noscript>");
        assert!(read(hidden).expect("a page").text.starts_with("The council"));
        let json = format!(
            r#"<script type="application/ld+json">{{"@type":"Article","articleBody":"{}"}}</script><p>Loading</p>"#,
            "The council voted on Tuesday. ".repeat(20)
        );
        assert!(read(json).expect("a page").text.starts_with("The council"));
    }

    #[test]
    fn tables_inside_each_other_do_not_grow() {
        let story = "<article>\n<h1>Night library opens in V>\n".repeat(30);
        let page = format!("<title>Night library</title>{story}{}", "<table><tr><td>".repeat(64));
        assert!(read(page.clone()).map_or(0, |article| article.text.len()) < 2 * page.len());
    }

    /// Each ends with an article or a clear refusal, on a stack of 2 MiB and in a second or so; the bound leaves room for
    /// a busy machine and a build without optimisation.
    #[test]
    fn hostile_pages_end_soon() {
        let many = |what: &str, times: usize| format!("<html><body>{}{PARAGRAPH}", what.repeat(times));
        let pages = [
            many("<div>", 100_000),
            many("<b>", 50_000),
            many("<b><p>", 50_000),
            (0..50_000).map(|n| format!("<b id={n}>")).collect::<String>() + PARAGRAPH,
            many("<p>", 500_000),
            many("<table><tr><td>", 20_000),
            many("<font><table><td>", 5_000),
            many("<ul><li>", 20_000),
            many("<a href=x>", 100_000),
            many("<svg>", 50_000),
            many("<template>", 50_000),
            many("<button><p>", 50_000),
            many("<title>", 500_000),
            many("<h1>a<div>", 20_000),
            many("<!--", 500_000),
            many("</", 1_000_000),
            many("<", 1_000_000),
            many("<script>", 500_000),
            many("<a b=\"", 500_000),
            many("&amp;", 1_000_000),
            many("<meta name=author content='A B'>", 50_000),
            many("<time>1 January 2020</time>", 50_000),
            many("<div class='related share social'>", 20_000),
            many("word ", 10_000_000),
            many("<p>word ", 100_000),
            format!("<html><div {}>{PARAGRAPH}", "a ".repeat(100_000)),
            format!("<script type='application/ld+json'>{}</script>{PARAGRAPH}", "[".repeat(1_000_000)),
            format!("<img src='data:image/png;base64,{}'>{PARAGRAPH}", "A".repeat(50_000_000)),
            "\0".repeat(100_000),
        ];
        let run = move || {
            for page in pages {
                let (start, began) = (Instant::now(), page.chars().take(40).collect::<String>());
                match read(page) {
                    Ok(found) => assert!(
                        found.text.contains("old harbour") || found.text.len() < 10_000_000,
                        "{began}"
                    ),
                    Err(why) => assert!(why.starts_with("cannot read `page.html`: "), "{began}: {why}"),
                }
                // each takes well under a second; on a busy machine it may be ten, with quadratic work minutes
                assert!(start.elapsed() < Duration::from_secs(60), "{began}: {:?}", start.elapsed());
            }
        };
        let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).expect("a thread");
        small.join().expect("no page brings it down");
    }
}
