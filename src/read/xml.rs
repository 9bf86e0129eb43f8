//! XML as feeds and agencies write it: small readings that its formats share.

use super::ReadError;
use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::ops::Range;

/// A reader that goes on where a document is not quite well formed.
pub(super) fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    reader
}

/// The document without its declaration: it has been decoded, whatever encoding it names.
pub(super) fn undeclared(xml: &str) -> &str {
    let xml = xml.trim_start_matches(['\u{feff}', '\0']).trim_start();
    match xml.starts_with("<?xml").then(|| xml.find("?>")).flatten() {
        Some(end) => &xml[end + 2..],
        None => xml,
    }
}

/// More elements inside each other than this, or more attributes on one, and no person or program wrote it in earnest.
const DEEPEST: usize = 256;
const MOST_ATTRIBUTES: usize = 1_000;

/// Refuses a document on which a parser could exhaust itself.
pub(super) fn check(xml: &str, path: &str) -> Result<(), ReadError> {
    let mut reader = reader(xml);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                if depth > DEEPEST {
                    let why = format!("more than {DEEPEST} elements inside each other");
                    return Err(ReadError::content(path, 0, why));
                }
                if memchr::memchr_iter(b'=', start.attributes_raw().as_bytes()).nth(MOST_ATTRIBUTES).is_some()
                {
                    let why = format!("an element with more than {MOST_ATTRIBUTES} attributes");
                    return Err(ReadError::content(path, 0, why));
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            // What is wrong is said by who reads it for good.
            Err(_) => return Ok(()),
        }
    }
}

/// The elements of some names in a document.
pub(super) struct Elements {
    /// Where each stands, tags and all; one inside another goes with it.
    pub(super) spans: Vec<Range<usize>>,
    /// The start tags that stand open around the first, and the end tags that close them.
    pub(super) opening: String,
    pub(super) closing: String,
    /// Why the document ends before its end.
    pub(super) broken: Option<String>,
}

/// Finds the elements of these names.
pub(super) fn elements(xml: &str, names: &[&str]) -> Elements {
    let mut found =
        Elements { spans: Vec::new(), opening: String::new(), closing: String::new(), broken: None };
    let mut reader = reader(xml);
    // The places of the start tags open now, and where the outermost element wanted begins.
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    loop {
        let before = reader.buffer_position() as usize;
        let event = reader.read_event();
        let after = reader.buffer_position() as usize;
        match event {
            Ok(Event::Start(tag)) => {
                if start.is_none() && names.contains(&local(tag.name().0)) {
                    start = Some((before, open.len()));
                    if found.spans.is_empty() {
                        found.enclose(xml, &open);
                    }
                }
                open.push(before..after);
            }
            Ok(Event::End(_)) => {
                open.pop();
                if let Some((begin, _)) = start.take_if(|&mut (_, depth)| depth >= open.len()) {
                    found.spans.push(begin..after);
                }
            }
            Ok(Event::Eof) => {
                found.broken = start.is_some().then(|| "cut short".to_owned());
                break;
            }
            Ok(_) => {}
            Err(cause) => {
                found.broken = Some(format!("not well-formed XML: {cause}"));
                break;
            }
        }
    }
    if found.spans.is_empty() {
        found.enclose(xml, &open);
    }
    found
}

impl Elements {
    fn enclose(&mut self, xml: &str, open: &[Range<usize>]) {
        let tags = || open.iter().filter_map(|tag| xml.get(tag.clone()));
        self.opening = tags().collect();
        let names = tags().rev().filter_map(|tag| tag[1..].split([' ', '\t', '\r', '\n', '>', '/']).next());
        self.closing = names.map(|name| format!("</{name}>")).collect();
    }
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An attribute by its local name.
pub(super) fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|found| local(found.key.0) == name)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), |value| value.into_owned()),
    )
}

/// What a reference stands for; nothing for an entity that HTML does not know, which is never expanded.
pub(super) fn reference(reference: &BytesRef) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => resolve_html5_entity(&reference.html_content()).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::elements;

    fn check(xml: &str, spans: &[&str], around: (&str, &str), broken: bool) {
        let found = elements(xml, &["item"]);
        assert_eq!(found.spans.iter().map(|span| &xml[span.clone()]).collect::<Vec<_>>(), spans, "{xml}");
        assert_eq!(
            (&*found.opening, &*found.closing, found.broken.is_some()),
            (around.0, around.1, broken),
            "{xml}"
        );
    }

    #[test]
    fn elements_and_what_is_around_them() {
        let around = ("<rss a='1'><channel>", "</channel></rss>");
        check(
            "<rss a='1'><channel><title>x</title><item>a</item> <x:item/><item><item>b</item></item></channel></rss>",
            &["<item>a</item>", "<x:item/>", "<item><item>b</item></item>"],
            around,
            false,
        );
        check("<rss a='1'><channel><item>a</item><item>b", &["<item>a</item>"], around, true);
        check("<rss a='1'><channel>", &[], around, false);
        check("", &[], ("", ""), false);
    }
}
