//! XML as feeds and agencies write it: small readings that its formats share.

use super::ReadError;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::Config;
use quick_xml::{NsReader, Reader};
use std::ops::Range;

/// A reader that goes on where a document is not quite well formed.
pub(super) fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    lenient(reader.config_mut());
    reader
}

fn lenient(config: &mut Config) {
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
}

/// The document without its declaration: it has been decoded, whatever encoding it names.
pub(super) fn undeclared(xml: &str) -> &str {
    let xml = xml.trim_start_matches(['\u{feff}', '\0']).trim_start();
    match xml.starts_with("<?xml").then(|| xml.find("?>")).flatten() {
        Some(end) => &xml[end + 2..],
        None => xml,
    }
}

pub(super) fn not_xml(path: &str, cause: &quick_xml::Error) -> ReadError {
    ReadError::content(path, 0, format!("not well-formed XML: {cause}"))
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
    /// The start tags that stand open around the first.
    pub(super) opening: String,
    /// Why the document ends before its end.
    pub(super) broken: Option<String>,
}

/// Finds the elements of these names.
pub(super) fn elements(xml: &str, names: &[&str]) -> Elements {
    let mut found = Elements { spans: Vec::new(), opening: String::new(), broken: None };
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
                        found.opening = open.iter().map(|tag| &xml[tag.clone()]).collect();
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
    found
}

/// An element.
pub(super) struct Element<'x> {
    pub(super) tag: BytesStart<'x>,
    /// Its namespace, or where that is not declared its prefix.
    pub(super) space: String,
    pub(super) inner: &'x str,
}

/// Finds the first element of one of these names, and gives it with each of its children.
pub(super) fn children<'x>(
    xml: &'x str,
    names: &[&str],
    give: &mut dyn FnMut(&Element, Element),
) -> Result<Option<Element<'x>>, quick_xml::Error> {
    let mut reader = NsReader::from_str(xml);
    lenient(reader.config_mut());
    let mut holder: Option<Element> = None;
    let mut child: Option<Element> = None;
    // How many elements are open in the child.
    let mut depth = 0usize;
    loop {
        let before = reader.buffer_position() as usize;
        let (space, event) = reader.read_resolved_event()?;
        match event {
            Event::Start(_) if child.is_some() => depth += 1,
            Event::Start(tag) if holder.is_some() || names.contains(&local(tag.name().0)) => {
                let space = match space {
                    ResolveResult::Bound(name) => name.0.to_owned(),
                    ResolveResult::Unknown(prefix) => prefix,
                    ResolveResult::Unbound => String::new(),
                };
                let inner = &xml[reader.buffer_position() as usize..];
                let element = Some(Element { tag, space, inner });
                if holder.is_none() { holder = element } else { child = element }
            }
            Event::End(_) if depth > 0 => depth -= 1,
            Event::End(_) | Event::Eof => match (&holder, child.take()) {
                (Some(holder), Some(mut child)) => {
                    child.inner = &child.inner[..child.inner.len() - (xml.len() - before)];
                    give(holder, child);
                }
                (Some(_), None) => return Ok(holder),
                (None, _) if matches!(event, Event::Eof) => return Ok(None),
                (None, _) => {}
            },
            _ => {}
        }
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

    fn check(xml: &str, spans: &[&str], opening: &str, broken: bool) {
        let found = elements(xml, &["item"]);
        assert_eq!(found.spans.iter().map(|span| &xml[span.clone()]).collect::<Vec<_>>(), spans, "{xml}");
        assert_eq!((&*found.opening, found.broken.is_some()), (opening, broken), "{xml}");
    }

    #[test]
    fn elements_and_what_is_around_them() {
        let around = "<rss a='1'><channel>";
        check(
            "<rss a='1'><channel><title>x</title><item>a</item> <x:item/><item><item>b</item></item></channel></rss>",
            &["<item>a</item>", "<x:item/>", "<item><item>b</item></item>"],
            around,
            false,
        );
        check("<rss a='1'><channel><item>a</item><item>b", &["<item>a</item>"], around, true);
        check("<rss a='1'><channel>", &[], "", false);
        check("", &[], "", false);
    }
}
