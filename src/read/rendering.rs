//! HTML and plain text as the text of a body, by way of the crate `html2text`.

use super::body::Body;
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
