//! Messages: pages that a browser saved whole (MHTML), and news that came by mail (EML).

use super::{Format, LARGEST, Piece, ReadError, html, jsonl, names, plain};
use crate::article::{Article, Day};
use jiff::civil::{DateTime, Time};
use mail_parser::{HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// A message in a message is a value in a value, which the parser drops by recursion: a long chain ends the stack.
const MOST_NESTED: usize = 100;
/// Bytes of a message's own words.
const MOST_TEXT: usize = (LARGEST as usize) << 20;

/// The message's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    if nested(&piece.bytes) > MOST_NESTED {
        let why = format!("more than {MOST_NESTED} messages inside each other");
        return Err(ReadError::content(&piece.path, 0, why));
    }
    let message = MessageParser::new()
        .parse(&piece.bytes)
        .ok_or_else(|| ReadError::content(&piece.path, 0, "not a message"))?;
    let pages = || message.parts.iter().filter(|part| matches!(part.body, PartType::Html(_)));
    // An empty part comes first in some: the longest of the first two pages is the one.
    let page = pages().take(2).max_by_key(|part| length(part));
    let text = message.parts.iter().find(|part| matches!(part.body, PartType::Text(_)) && length(part) > 0);
    let (format, part) = match (page, text) {
        (Some(page), _) => (Format::Html, page),
        (None, Some(text)) => (Format::Plain, text),
        (None, None) => return Err(ReadError::content(&piece.path, 0, "no text in the message")),
    };
    let url = saved_from(&message, part);
    let mut given = Article { url: url.clone(), ..Article::default() };
    // A saved page says itself what it is; the message around it only says when it was saved.
    if url.is_none() {
        describe(&message, &mut given);
    }
    let (PartType::Html(body) | PartType::Text(body)) = &part.body else {
        return Err(ReadError::content(&piece.path, 0, "no text in the message"));
    };
    // The pictures of a saved page may be large, its words are not.
    if format == Format::Plain && body.len() > MOST_TEXT {
        let why = format!("a message of more than {} MB of text", MOST_TEXT >> 20);
        return Err(ReadError::content(&piece.path, 0, why));
    }
    let inner = Piece {
        given: Some(Box::new(given.clone())),
        ..Piece::new(format, &piece.path, body.as_bytes().to_vec())
    };
    let mut found = if format == Format::Html { html::article(&inner)? } else { plain::article(&inner)? };
    found.url = given.url.or(found.url);
    if url.is_none() {
        found.title = given.title;
        found.byline = if given.byline.is_empty() { found.byline } else { given.byline };
        (found.published, found.published_at) = (given.published, given.published_at);
        found.source = given.source.or(found.source);
    }
    // The lines of a message's text are not those of the file.
    found.line_numbers.clear();
    Ok(found)
}

/// How many messages may lie inside each other, by the types that hold one: `message/rfc822`, `multipart/digest`.
fn nested(bytes: &[u8]) -> usize {
    let holds = |&at: &usize| {
        let (before, after) = (bytes[..at].trim_ascii_end(), bytes[at + 1..].trim_ascii_start());
        let ends = |word: &[u8]| {
            before
                .len()
                .checked_sub(word.len())
                .is_some_and(|start| before[start..].eq_ignore_ascii_case(word))
        };
        let begins =
            |word: &[u8]| after.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        ends(b"message") || begins(b"digest")
    };
    memchr::memchr_iter(b'/', bytes).filter(holds).take(MOST_NESTED + 1).count()
}

fn length(part: &MessagePart) -> usize {
    match &part.body {
        PartType::Html(text) | PartType::Text(text) => text.trim().len(),
        _ => 0,
    }
}

/// The address of the page that was saved; `None` for mail.
fn saved_from(message: &Message, part: &MessagePart) -> Option<String> {
    let text = |value: &HeaderValue| value.as_text().map(|text| text.trim().to_owned());
    let snapshot = message.header("Snapshot-Content-Location").and_then(text);
    let located = || part.content_location().map(|location| location.trim().to_owned());
    snapshot.or_else(located).filter(|url| url.starts_with("http"))
}

/// What the headers of a mail say of the news in it.
fn describe(message: &Message, given: &mut Article) {
    given.title = message.subject().map(|subject| subject.trim().to_owned()).unwrap_or_default();
    if let Some(sender) = message.from().and_then(|from| from.first()) {
        given.byline = sender.name().map(names::names).unwrap_or_default();
        given.source = sender.address().and_then(|address| {
            let (_, domain) = address.rsplit_once('@')?;
            jsonl::host(&format!("mail://{domain}"))
        });
    }
    if let Some(date) = message.date() {
        given.published_at = clock(date);
        given.published = given.published_at.map(DateTime::date);
    }
}

/// The moment as the sender's clock showed it.
fn clock(date: &mail_parser::DateTime) -> Option<DateTime> {
    let small = |value: u8| i8::try_from(value).ok();
    let day = Day::new(i16::try_from(date.year).ok()?, small(date.month)?, small(date.day)?).ok()?;
    let time = Time::new(small(date.hour)?, small(date.minute)?, small(date.second)?.min(59), 0).ok()?;
    Some(DateTime::from_parts(day, time))
}
