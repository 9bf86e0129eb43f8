//! XML as feeds and agencies write it: small readings that its formats share.

use super::ReadError;
use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

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
