//! Feeds (RSS, Atom): an article an entry, its text as full as the feed has it.

use super::cut::{Cut, Place};
use super::moment::moment;
use super::{Format, Piece, ReadError, border, decode, language, names, xml};
use crate::article::Article;
use feed_rs::model::{Entry, Feed, Text};
use feed_rs::parser::Builder;
use jiff::civil::Time;
use std::io::BufRead;

/// The parser holds an entry as a tree.
const MOST_TAGS: usize = 200_000;
/// So many entries without anything in them are told one by one.
const MOST_EMPTY: usize = 20;

/// A piece an entry. Each is parsed by itself, inside the tags that stand open around all of them: a feed of years is
/// never held as a tree.
pub(super) fn entries(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let limit = cut.options.limits.file;
    let Some(bytes) = cut.whole(reader, limit, place) else { return };
    let text = decode::text(&bytes, None, decode::Label::Xml);
    // A second declaration would have the parser change its encoding in mid-text, and there it panics.
    let text = xml::undeclared(&text).replace("<?xml ", "<?_xml ");
    let text = text.as_str();
    if let Err(error) = xml::check(text, &place.path) {
        return cut.error(error);
    }
    let found = xml::elements(text, &["item", "entry"]);
    let mut head = String::new();
    let mut end = 0;
    for span in &found.spans {
        head.push_str(&text[end..span.start]);
        end = span.end;
    }
    if found.broken.is_none() {
        head.push_str(&text[end..]);
    } else {
        head.push_str(&found.closing);
    }
    let feed = match border::guard(&place.path, || parse(&head, &place.path)) {
        Ok(feed) => feed,
        Err(error) => return cut.error(error),
    };
    let mut empty = 0;
    for (number, span) in (1..).zip(&found.spans) {
        let path = place.member(&number.to_string()).path;
        let tags = memchr::memchr_iter(b'<', &text.as_bytes()[span.clone()]).take(MOST_TAGS + 1).count();
        if tags > MOST_TAGS {
            let why = format!("an entry of more than {MOST_TAGS} tags");
            cut.error(ReadError::content(&path, 0, why));
            continue;
        }
        // An entry with nothing in it but its own tags is not worth the parser.
        empty += usize::from(tags <= 2);
        if tags <= 2 && empty > MOST_EMPTY {
            continue;
        }
        let alone = [&*found.opening, &text[span.clone()], &*found.closing].concat();
        let entry = border::guard(&path, || Ok(parse(&alone, &path)?.entries.into_iter().next()));
        match entry.map(|entry| piece(&entry?, &feed, &path)) {
            Ok(Some(piece)) => cut.piece(piece),
            Ok(None) => cut.error(ReadError::not_article(&path, "an entry without text")),
            Err(error) => cut.error(error),
        }
    }
    if empty > MOST_EMPTY {
        let why = format!("{empty} entries have nothing in them, {MOST_EMPTY} are told");
        cut.error(ReadError::not_article(&place.path, why));
    }
    if let Some(why) = found.broken {
        cut.error(ReadError::content(&place.path, 0, why));
    } else if found.spans.is_empty() {
        cut.error(ReadError::content(&place.path, 0, "a feed without entries"));
    }
}

fn parse(text: &str, path: &str) -> Result<Feed, ReadError> {
    // Times as the feed's clock shows them: the offset is dropped, not applied.
    let parser = Builder::new()
        .sanitize_content(false)
        .timestamp_parser(|written| {
            let moment = moment(written)?;
            format!("{}Z", moment.at.unwrap_or_else(|| moment.day.at(0, 0, 0, 0))).parse().ok()
        })
        .build();
    parser.parse(text.as_bytes()).map_err(|cause| ReadError::content(path, 0, format!("not a feed: {cause}")))
}

/// The entry's longest text with what the feed says of it.
fn piece(entry: &Entry, feed: &Feed, path: &str) -> Option<Piece> {
    let content = entry.content.as_ref().and_then(|content| {
        let is_text = content.content_type.ty() == "text" || content.content_type.subty() == "xhtml";
        content.body.clone().filter(|body| is_text && !body.trim().is_empty())
    });
    let body = content.or_else(|| said(entry.summary.as_ref()))?;
    let people = if entry.authors.is_empty() { &feed.authors } else { &entry.authors };
    let when = entry.published.or(entry.updated).and_then(|when| moment(&when.to_rfc3339()));
    let given = Article {
        // A feed marks up its titles at times.
        title: said(entry.title.as_ref()).map(|title| without_tags(&title)).unwrap_or_default(),
        byline: people.iter().filter_map(|person| person.name.as_deref()).flat_map(names::names).collect(),
        source: said(feed.title.as_ref()).map(|title| without_tags(&title)),
        lang: entry.language.as_ref().or(feed.language.as_ref()).and_then(|lang| language::declared(lang)),
        url: entry
            .links
            .iter()
            .find(|link| link.rel.as_deref() != Some("self"))
            .map(|link| link.href.clone()),
        published: when.map(|when| when.day),
        // Midnight to the second is a day without a time.
        published_at: when.and_then(|when| when.at).filter(|at| at.time() != Time::midnight()),
        ..Article::default()
    };
    let format = if body.contains('<') { Format::Html } else { Format::Plain };
    Some(Piece { given: Some(Box::new(given)), ..Piece::new(format, path, body.into_bytes()) })
}

fn said(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.content.trim().to_owned()).filter(|said| !said.is_empty())
}

/// Words without the tags and references between them.
fn without_tags(marked: &str) -> String {
    let mut words = String::new();
    let mut is_tag = false;
    for c in marked.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => words.push(c),
            _ => {}
        }
    }
    let words = if is_tag { marked } else { &words };
    quick_xml::escape::unescape_with(words, quick_xml::escape::resolve_html5_entity)
        .map_or_else(|_| words.to_owned(), |words| words.into_owned())
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn titles_lose_their_marks() {
        assert_eq!(
            without_tags("Rain <b>again</b> &amp; again&nbsp;&mdash; R&D"),
            "Rain <b>again</b> &amp; again&nbsp;&mdash; R&D".replace("<b>", "").replace("</b>", "")
        );
        assert_eq!(without_tags("Rain &amp; wind"), "Rain & wind");
        assert_eq!(without_tags("1 < 2"), "1 < 2");
    }
}
