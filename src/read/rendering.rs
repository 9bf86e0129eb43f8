//! HTML and plain text as the text of a body, by way of the crates `html2text` and `trafilatura`.

use super::body::Body;
use super::page::Page;
use html2text::render::TrivialDecorator;

/// A text without marks as a body, its lines as paragraphs.
pub(super) fn plain(text: &str) -> Body {
    let mut html = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        html.push_str("<p>");
        escape(line, &mut html);
    }
    Body { text: rendered(&html), captions: Vec::new() }
}

/// Pages with more nodes or bytes than this are not given to `trafilatura`, which goes over them some thirty times.
const SECOND_NODES: usize = 8_000;
const SECOND_BYTES: usize = 1024 * 1024;

/// Tables laid out as such; of more the cells are paragraphs.
const MOST_TABLES: usize = 8;

/// What the crate `trafilatura` makes of the page, for those on which the rules here find nothing.
pub(super) fn second_opinion(page: &Page, sifted: &str) -> Option<Body> {
    if page.nodes.len() > SECOND_NODES || sifted.len() > SECOND_BYTES {
        return None;
    }
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
    let found = trafilatura::extract(sifted, &options).ok()?;
    let html = found.content_html;
    // Each table is laid out as wide as all that is in it, so that tables inside each other grow without end.
    let html = match html.matches("<table").count() > MOST_TABLES {
        true => ["table", "thead", "tbody", "tr", "td", "th"].iter().fold(html, |html, tag| {
            html.replace(&format!("<{tag}"), "<div").replace(&format!("</{tag}>"), "</div>")
        }),
        false => html,
    };
    Some(Body { text: rendered(&html), captions: Vec::new() })
}

/// Adds text to HTML.
pub(super) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            c => html.push(c),
        }
    }
}

/// HTML as text, by way of `html2text`: nothing marked, nothing wrapped.
pub(super) fn rendered(html: &str) -> String {
    html2text::config::with_decorator(TrivialDecorator::new())
        .link_footnotes(false)
        .no_table_borders()
        .string_from_read(html.as_bytes(), usize::MAX >> 8)
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}
