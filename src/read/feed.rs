//! Feeds (RSS, Atom): an article an entry, its text as full as the feed has it.

use super::cut::{Cut, Place};
use super::moment::{Moment, moment};
use super::xml::Element;
use super::{Format, Piece, ReadError, decode, language, names, rendering, xml};
use crate::article::Article;
use jiff::civil::Time;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

/// So many entries without anything in them are told one by one.
const MOST_EMPTY: usize = 20;

/// A piece an entry.
pub(super) fn entries(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let limit = cut.options.limits.file;
    let Some(bytes) = cut.whole(reader, limit, place) else { return };
    let text = decode::text(&bytes, None, decode::Label::Xml);
    let text = xml::undeclared(&text);
    if let Err(error) = xml::check(text, &place.path) {
        return cut.error(error);
    }
    const ENTRIES: [&str; 2] = ["item", "entry"];
    let found = xml::elements(text, &ENTRIES);
    let mut head = String::new();
    let mut end = 0;
    for span in &found.spans {
        head.push_str(&text[end..span.start]);
        end = span.end;
    }
    if found.broken.is_none() {
        head.push_str(&text[end..]);
    }
    let feed = match told(&head, &["channel", "feed"], &place.path) {
        Ok(feed) => feed,
        Err(error) => return cut.error(error),
    };
    let mut empty = 0;
    for (number, span) in (1..).zip(&found.spans) {
        let path = place.member(&number.to_string()).path;
        let entry = &text[span.clone()];
        // nothing in it but its own tags
        let is_empty = memchr::memchr_iter(b'<', entry.as_bytes()).nth(2).is_none();
        empty += usize::from(is_empty);
        if is_empty && empty > MOST_EMPTY {
            continue;
        }
        // The tags around it name the vocabularies.
        match told(&[&*found.opening, entry].concat(), &ENTRIES, &path) {
            Ok(entry) => match piece(entry, &feed, &path) {
                Some(piece) => cut.piece(piece),
                None => cut.error(ReadError::not_article(&path, "an entry without text")),
            },
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

/// What a feed or an entry says of itself.
#[derive(Default)]
struct Told {
    title: String,
    /// The whole text, and the short one.
    content: String,
    summary: String,
    people: Vec<String>,
    lang: Option<String>,
    url: Option<String>,
    published: Option<Moment>,
    updated: Option<Moment>,
}

/// What the first element of one of these names says of itself.
fn told(xml: &str, names: &[&str], path: &str) -> Result<Told, ReadError> {
    let mut told = Told::default();
    let (mut lang, mut lang_of_text) = (None, None);
    let holder = xml::children(xml, names, &mut |holder, child| {
        let written = || markup(child.inner).trim().to_owned();
        let first = |told: &mut String| {
            if told.is_empty() {
                *told = written();
            }
        };
        match (vocabulary(&child, holder), xml::local(child.tag.name().0)) {
            ("", "title") => first(&mut told.title),
            ("", "description" | "summary") | ("dc", "description") => first(&mut told.summary),
            ("content", "encoded") => first(&mut told.content),
            ("", "content") if is_text(&child.tag) => {
                lang_of_text = xml::attribute(&child.tag, "lang");
                first(&mut told.content);
            }
            ("", "author") | ("dc", "creator") => told.people.push(person(child.inner)),
            ("", "pubDate" | "published") | ("dc", "date") if told.published.is_none() => {
                told.published = moment(&written());
            }
            ("", "updated") if told.updated.is_none() => told.updated = moment(&written()),
            ("", "language") | ("dc", "language") => lang = Some(written()),
            ("", "link") if told.url.is_none() => told.url = link(&child),
            _ => {}
        }
    });
    let holder = holder.map_err(|cause| xml::not_xml(path, &cause))?;
    let lang_of_all = || xml::attribute(&holder?.tag, "lang");
    told.lang = lang_of_text.or(lang).or_else(lang_of_all);
    Ok(told)
}

/// Which vocabulary a child is of: nothing for that of feeds, else how its prefix is usually written.
fn vocabulary<'c>(child: &'c Element, holder: &Element) -> &'c str {
    match &*child.space {
        "http://purl.org/rss/1.0/modules/content/" => "content",
        "http://purl.org/dc/elements/1.1/" => "dc",
        "http://purl.org/rss/1.0/" | "http://www.w3.org/2005/Atom" => "",
        space if space == holder.space => "",
        space => space,
    }
}

/// Whether an Atom `content` is text, and in the feed.
fn is_text(content: &BytesStart) -> bool {
    let kind = xml::attribute(content, "type").unwrap_or_default();
    xml::attribute(content, "src").is_none()
        && (matches!(&*kind, "" | "text" | "html" | "xhtml" | "application/xhtml+xml")
            || kind.starts_with("text/"))
}

/// Text with the marks in it: those that are escaped once, and tags inside it as they stand.
fn markup(inner: &str) -> String {
    let mut reader = xml::reader(inner);
    let mut text = String::with_capacity(inner.len());
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                text.extend(["<", xml::local(tag.name().0), tag.attributes_raw(), ">"]);
            }
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                text.extend(["</", xml::local(tag.name().0), ">"]);
            }
            Ok(Event::Text(words)) => text.push_str(&words.html_content()),
            Ok(Event::CData(words)) if depth > 0 => rendering::escape(&words.html_content(), &mut text),
            Ok(Event::CData(words)) => text.push_str(&words.html_content()),
            Ok(Event::GeneralRef(reference)) if depth > 0 => text.extend(["&", &*reference, ";"]),
            Ok(Event::GeneralRef(reference)) => text.push_str(&xml::reference(&reference)),
            Ok(Event::Eof) | Err(_) => return text,
            Ok(_) => {}
        }
    }
}

/// The name of a person, in an element of its own or beside an address: `jane@example.org (Jane Doe)`.
fn person(inner: &str) -> String {
    let named = xml::elements(inner, &["name"]).spans.into_iter().next();
    let said = without_tags(&markup(&inner[named.unwrap_or(0..inner.len())]));
    let words: Vec<&str> = said.split_whitespace().filter(|word| !word.contains('@')).collect();
    words.join(" ").trim_matches(['(', ')']).to_owned()
}

/// Where an entry is on the web: not the feed itself, nor what belongs to the entry.
fn link(child: &Element) -> Option<String> {
    let is_entry = xml::attribute(&child.tag, "rel").is_none_or(|rel| rel == "alternate");
    let written = || Some(markup(child.inner).trim().to_owned());
    xml::attribute(&child.tag, "href").or_else(written).filter(|url| is_entry && !url.is_empty())
}

/// The entry's longest text with what the feed says of it.
fn piece(entry: Told, feed: &Told, path: &str) -> Option<Piece> {
    let body = [entry.content, entry.summary].into_iter().find(|text| !text.is_empty())?;
    let people = if entry.people.is_empty() { &feed.people } else { &entry.people };
    let when = entry.published.or(entry.updated);
    let given = Article {
        // A feed marks up its titles at times.
        title: without_tags(&entry.title),
        byline: people.iter().flat_map(|person| names::names(person)).collect(),
        source: Some(without_tags(&feed.title)).filter(|title| !title.is_empty()),
        lang: entry.lang.as_ref().or(feed.lang.as_ref()).and_then(|lang| language::declared(lang)),
        url: entry.url,
        published: when.map(|when| when.day),
        // Midnight to the second is a day without a time.
        published_at: when.and_then(|when| when.at).filter(|at| at.time() != Time::midnight()),
        ..Article::default()
    };
    let format = if body.contains('<') { Format::Html } else { Format::Plain };
    Some(Piece { given: Some(Box::new(given)), ..Piece::new(format, path, body.into_bytes()) })
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
    use super::{told, without_tags};

    fn check(xml: &str, expected: [&str; 5]) {
        let told = told(xml, &["item", "entry"], "a.rss").expect("well-formed");
        let url = told.url.unwrap_or_default();
        let found = [told.title, told.content, told.summary, told.people.join("; "), url];
        assert_eq!(found, expected, "{xml}");
    }

    #[test]
    fn what_an_entry_says_of_itself() {
        check(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><item><media:title>x</media:title><title>Rain</title>\
             <media:content url='x'>x</media:content><author>jane@a.example (Jane Doe)</author>\
             <description>It <b>rained</b> &lt;i&gt;here&lt;/i&gt;.</description><link>https://a.example/1</link>",
            ["Rain", "", "It <b>rained</b> <i>here</i>.", "Jane Doe", "https://a.example/1"],
        );
        check(
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:text='http://purl.org/rss/1.0/modules/content/'><item>\
             <title>Rain</title><dc:creator>Jane Doe</dc:creator><text:encoded><![CDATA[<p>It rained.]]></text:encoded>",
            ["Rain", "<p>It rained.", "", "Jane Doe", ""],
        );
        check(
            "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>Rain</a:title><a:link rel='self' href='x'/>\
             <a:link href='https://a.example/1'/><a:author><a:name>Jane Doe</a:name><a:email>j@a.example</a:email></a:author>\
             <a:content type='image/png'>x</a:content><a:summary type='xhtml'><h:div xmlns:h='y'>1 &lt; 2</h:div></a:summary>",
            ["Rain", "", "<div xmlns:h='y'>1 &lt; 2</div>", "Jane Doe", "https://a.example/1"],
        );
    }

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
