//! Books and magazines (ePub): an article a chapter.

use super::cut::{Cut, Place, Unpacked, too_large};
use super::moment::moment;
use super::{Format, Piece, ReadError, decode, language, names, xml};
use crate::article::Article;
use quick_xml::events::Event;
use std::collections::HashMap;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// A chapter with fewer characters between its tags is a title page or a contents list.
const SHORTEST: usize = 200;

/// A piece a chapter, in the order of reading.
pub(super) fn chapters<R: Read + Seek>(archive: &mut ZipArchive<R>, place: &Place, cut: &mut Cut) {
    let Some(container) = member(archive, "META-INF/container.xml", place, cut) else { return };
    let Some(package_path) = package_path(&container) else {
        return cut.error(ReadError::content(&place.path, 0, "an ePub that does not say where its book is"));
    };
    let Some(package) = member(archive, &package_path, place, cut) else { return };
    let book = Book::read(&package);
    let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let given = book.about();
    for href in &book.chapters {
        let path = resolved(folder, href);
        let Some(chapter) = member(archive, &path, place, cut) else { continue };
        if letters(&chapter) < SHORTEST {
            continue;
        }
        let name = href.rsplit('/').next().unwrap_or(href);
        let path = place.member(name).path;
        cut.piece(Piece {
            given: Some(Box::new(given.clone())),
            ..Piece::new(Format::Html, &path, chapter.into_bytes())
        });
    }
}

/// A member's text; what is wrong with it has been said.
fn member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    place: &Place,
    cut: &mut Cut,
) -> Option<String> {
    let limit = cut.options.limits.article;
    let path = place.member(name).path;
    let inner = match archive.by_name(name) {
        Ok(inner) => inner,
        Err(cause) => {
            cut.error(ReadError::content(&path, 0, cause.to_string()));
            return None;
        }
    };
    let mut bytes = Vec::new();
    let unpacked = Unpacked { inner, meter: cut.meter.clone() };
    match unpacked.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Err(cause) => cut.error(ReadError::io(&path, cause)),
        Ok(_) if bytes.len() > limit => cut.error(ReadError::content(&path, 0, too_large(limit))),
        Ok(_) => return Some(decode::text(&bytes, None, decode::Label::Html).into_owned()),
    }
    None
}

/// Where the package document is.
fn package_path(container: &str) -> Option<String> {
    let mut reader = xml::reader(xml::undeclared(container));
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if xml::local(tag.name().0) == "rootfile" => {
                return xml::attribute(&tag, "full-path");
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// What the package document says.
#[derive(Default)]
struct Book {
    /// Where the chapters are, in the order of reading.
    chapters: Vec<String>,
    about: HashMap<&'static str, Vec<String>>,
}

impl Book {
    fn read(package: &str) -> Book {
        const ABOUT: [&str; 5] = ["title", "creator", "publisher", "date", "language"];
        let mut book = Book::default();
        let mut items: HashMap<String, String> = HashMap::new();
        let mut words = String::new();
        let mut reader = xml::reader(xml::undeclared(package));
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    words.clear();
                    let attribute = |name| xml::attribute(&tag, name).unwrap_or_default();
                    match xml::local(tag.name().0) {
                        "item"
                            if attribute("media-type").contains("html")
                                && !attribute("properties").contains("nav") =>
                        {
                            items.insert(attribute("id"), attribute("href"));
                        }
                        "itemref" if attribute("linear") != "no" => {
                            book.chapters.extend(items.get(&attribute("idref")).cloned());
                        }
                        _ => {}
                    }
                }
                Ok(Event::End(tag)) => {
                    let name = tag.name();
                    let name = xml::local(name.0);
                    if let Some(name) =
                        ABOUT.iter().find(|own| **own == name).filter(|_| !words.trim().is_empty())
                    {
                        book.about.entry(name).or_default().push(words.trim().to_owned());
                    }
                }
                Ok(Event::Text(text)) => words.push_str(&text.html_content()),
                Ok(Event::GeneralRef(reference)) => words.push_str(&xml::reference(&reference)),
                Ok(Event::Eof) | Err(_) => return book,
                Ok(_) => {}
            }
        }
    }

    fn about(&self) -> Article {
        let all = |name| self.about.get(name).map(Vec::as_slice).unwrap_or_default();
        let when = all("date").iter().find_map(|date| moment(date));
        Article {
            byline: all("creator").iter().flat_map(|name| names::names(name)).collect(),
            source: all("title").first().or(all("publisher").first()).cloned(),
            lang: all("language").iter().find_map(|lang| language::declared(lang)),
            published: when.map(|when| when.day),
            published_at: when.and_then(|when| when.at),
            ..Article::default()
        }
    }
}

/// The member that a reference from a folder means.
fn resolved(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or(href).replace("%20", " ");
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How many letters stand between the tags.
fn letters(markup: &str) -> usize {
    let mut is_tag = false;
    let letters = markup.chars().filter(|&c| {
        is_tag = c == '<' || is_tag && c != '>';
        !is_tag && c.is_alphanumeric()
    });
    letters.count()
}
