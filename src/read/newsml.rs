//! What agencies send: NITF, and NewsML-G2 around NITF, XHTML or plain text.

use super::cut::{Cut, Place};
use super::moment::moment;
use super::{Format, Piece, ReadError, decode, html, language, names, xml};
use crate::article::Article;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

/// A piece a news item; most files hold one, a message many.
pub(super) fn items(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let limit = cut.options.limits.file;
    let Some(bytes) = cut.whole(reader, limit, place) else { return };
    let text = decode::text(&bytes, None, decode::Label::Xml);
    let found = xml::elements(&text, &["newsItem"]);
    for (number, span) in (1..).zip(&found.spans) {
        let path = match found.spans.len() {
            1 => place.path.clone(),
            _ => place.member(&number.to_string()).path,
        };
        cut.piece(Piece::new(Format::NewsMl, &path, text[span.clone()].as_bytes().to_vec()));
    }
    if let Some(why) = found.broken {
        cut.error(ReadError::content(&place.path, 0, why));
    } else if found.spans.is_empty() {
        cut.error(ReadError::content(&place.path, 0, "no news item in it"));
    }
}

/// The article of a NITF file.
pub(super) fn nitf(piece: &Piece) -> Result<Article, ReadError> {
    let text = decode::text(&piece.bytes, piece.charset.as_deref(), decode::Label::Xml);
    read(xml::undeclared(&text), piece)
}

/// The article of a NewsML-G2 item.
pub(super) fn item(piece: &Piece) -> Result<Article, ReadError> {
    let text = decode::text(&piece.bytes, None, decode::Label::Nowhere);
    read(xml::undeclared(&text), piece)
}

fn read(text: &str, piece: &Piece) -> Result<Article, ReadError> {
    xml::check(text, &piece.path)?;
    let mut reader = xml::reader(text);
    let mut story = Story::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => story.open(&tag),
            Ok(Event::End(tag)) => story.close(xml::local(tag.name().0)),
            Ok(Event::Text(words)) => story.buffer.push_str(&words.html_content()),
            Ok(Event::CData(words)) => story.buffer.push_str(&words.html_content()),
            Ok(Event::GeneralRef(reference)) => story.buffer.push_str(&xml::reference(&reference)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(cause) => return Err(xml::not_xml(&piece.path, &cause)),
        }
    }
    story.article(piece)
}

/// The parts of an item as they come by.
#[derive(Default)]
struct Story {
    article: Article,
    /// The local names of the open elements.
    open: Vec<String>,
    /// The words since the last tag that divides them.
    buffer: String,
    paragraphs: Vec<String>,
    /// How many open elements hold body text, and how many of them something else.
    in_body: usize,
    in_aside: usize,
    /// A body given as text with its marks escaped.
    inline: Option<String>,
    /// Dates, the best first.
    dates: [Option<String>; 3],
    byline: String,
    head_title: String,
}

/// The body, whichever of the standards it is in.
const BODIES: [&str; 3] = ["body.content", "inlineXML", "inlineData"];
/// What stands in a body and is not of it.
const ASIDES: [&str; 9] =
    ["media", "head", "body.head", "body.end", "script", "style", "figure", "media-metadata", "bibliography"];
/// The tags that begin and end a line.
const BLOCKS: [&str; 18] = [
    "p",
    "hl1",
    "hl2",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "tr",
    "br",
    "div",
    "bq",
    "blockquote",
    "pre",
    "block",
    "table",
];

impl Story {
    fn is_inside(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    /// Whether words belong to the body now.
    fn tells(&self) -> bool {
        self.in_body > 0 && self.in_aside == 0
    }

    fn open(&mut self, tag: &BytesStart) {
        let name = xml::local(tag.name().0).to_owned();
        if BLOCKS.contains(&name.as_str())
            || BODIES.contains(&name.as_str())
            || ASIDES.contains(&name.as_str())
        {
            self.flush();
        } else if !self.tells()
            && !matches!(name.as_str(), "person" | "byttl" | "em" | "location" | "q" | "a" | "name")
        {
            self.buffer.clear();
        }
        self.in_body += usize::from(BODIES.contains(&name.as_str()));
        self.in_aside += usize::from(ASIDES.contains(&name.as_str()));
        match name.as_str() {
            "date.issue" => self.date(0, xml::attribute(tag, "norm")),
            "story.date" => self.date(1, xml::attribute(tag, "norm")),
            "pubdata" => {
                self.date(2, xml::attribute(tag, "date.publication"));
                let source = xml::attribute(tag, "name").filter(|name| !name.is_empty());
                self.article.source = self.article.source.take().or(source);
            }
            "byttl" => self.buffer.push_str(", "),
            "newsItem" | "nitf" | "html" | "contentSet" | "body" | "inlineXML"
                if self.article.lang.is_none() =>
            {
                self.article.lang = xml::attribute(tag, "lang").and_then(|lang| language::declared(&lang));
            }
            _ => {}
        }
        self.open.push(name);
    }

    fn close(&mut self, name: &str) {
        // An end without a beginning is passed over; one that skips some ends them too.
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return };
        while self.open.len() > at {
            self.close_last();
        }
    }

    fn close_last(&mut self) {
        let Some(name) = self.open.last().cloned() else { return };
        if !self.tells() {
            self.take(&name);
        } else if BLOCKS.contains(&name.as_str()) || BODIES.contains(&name.as_str()) {
            if name == "inlineData" && self.buffer.contains("</") {
                self.inline = Some(std::mem::take(&mut self.buffer));
            }
            self.flush();
        }
        self.open.pop();
        self.in_body -= usize::from(BODIES.contains(&name.as_str()));
        self.in_aside -= usize::from(ASIDES.contains(&name.as_str()));
    }

    /// Takes the words of an element that is no body text.
    fn take(&mut self, name: &str) {
        let words = collapsed(&self.buffer);
        if words.is_empty() {
            return;
        }
        let in_meta = self.is_inside("contentMeta") || self.is_inside("itemMeta");
        match name {
            // An editor's head over the agency's slug line.
            "hl1" | "headline" => self.article.title = words,
            "title" if self.head_title.is_empty() => self.head_title = words,
            "byline" | "by" if self.byline.is_empty() => self.byline = words,
            "dateline" => {
                self.article.dateline.get_or_insert(words);
            }
            "media-caption" | "figcaption" => self.article.captions.push(words),
            "versionCreated" if in_meta => self.date(2, Some(words)),
            "firstCreated" | "contentCreated" if in_meta => self.date(1, Some(words)),
            "published" if in_meta => self.date(0, Some(words)),
            "name" if self.is_inside("creator") && self.byline.is_empty() => self.byline = words,
            "name" if self.is_inside("provider") || self.is_inside("infoSource") => {
                self.article.source.get_or_insert(words);
            }
            // Inside a byline or a caption the words go on.
            "person" | "byttl" | "em" | "location" | "q" | "a" | "name" | "p" => return,
            _ => {}
        }
        self.buffer.clear();
    }

    fn date(&mut self, rank: usize, written: Option<String>) {
        if self.dates[rank].is_none() {
            self.dates[rank] = written;
        }
    }

    /// Ends a paragraph.
    fn flush(&mut self) {
        if !self.tells() {
            // A caption's paragraphs are one.
            self.buffer.push(' ');
            return;
        }
        let paragraph = collapsed(&self.buffer);
        self.buffer.clear();
        if !paragraph.is_empty() {
            self.paragraphs.push(paragraph);
        }
    }

    fn article(mut self, piece: &Piece) -> Result<Article, ReadError> {
        let mut article = self.article;
        if article.title.is_empty() {
            article.title = self.head_title;
        }
        article.byline = names::names(&self.byline);
        if let Some(moment) =
            self.dates.iter_mut().filter_map(Option::take).find_map(|written| moment(&written))
        {
            (article.published, article.published_at) = (Some(moment.day), moment.at);
        }
        article.text = self.paragraphs.join("\n\n");
        if let Some(markup) = self.inline {
            article.text = html::article(&Piece::new(Format::Html, &piece.path, markup.into_bytes()))?.text;
        }
        if article.text.is_empty() {
            return Err(ReadError::not_article(&piece.path, "a news item without text"));
        }
        Ok(article)
    }
}

/// The words with one space between them.
fn collapsed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
