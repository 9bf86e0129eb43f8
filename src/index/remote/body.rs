//! A document as the lines of a `_bulk` body: words folded as `terms` folds them, so that both engines hold the same terms.

use super::mapping::{STORY_OR_ID, WRITTEN, alike, kept};
use crate::document::{Document, Value};
use crate::terms::{self, Stems, Words};
use index_schema::{Field, Kind};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_128;

/// The longest id that OpenSearch takes has 512 bytes; a longer one is kept under its hash.
pub(super) fn key(id: &str) -> String {
    if id.len() <= 500 { id.to_owned() } else { format!("{:032x}", xxh3_128(id.as_bytes())) }
}

/// Adds the lines that index the documents of one article, itself the first, written by `run`. They share a shard.
pub(super) fn index_lines(documents: &[Document], run: &str, stems: &mut Stems, body: &mut Vec<u8>) {
    let url = documents.first().and_then(|article| article.first(Field::Url));
    for document in documents {
        let id = key(document.first(Field::Id).unwrap_or_default());
        let article = key(document.first(Field::Article).unwrap_or_default());
        line(&json!({ "index": { "_id": id, "routing": article } }), body);
        line(&Source::of(document, url, run, stems), body);
    }
}

pub(super) fn line(value: &impl Serialize, body: &mut Vec<u8>) {
    serde_json::to_writer(&mut *body, value).expect("a vector takes what is written");
    body.push(b'\n');
}

/// The properties of a document. A statement carries its words, its article's title and `url`, so that a hit is whole
/// without its article.
struct Source<'d> {
    /// Those of one name in the order of their values.
    values: Vec<(Cow<'static, str>, Cow<'d, str>)>,
}

impl<'d> Source<'d> {
    fn of(document: &'d Document, url: Option<&'d str>, run: &'d str, stems: &mut Stems) -> Source<'d> {
        let statement = document.first(Field::Kind) == Some("statement");
        let story = document.first(Field::Story).or(document.first(Field::Id)).unwrap_or_default();
        let mut source = Source { values: Vec::with_capacity(2 * document.values.len()) };
        source.add(WRITTEN, run);
        source.add(STORY_OR_ID, story);
        if let (true, Some(url)) = (statement, url) {
            source.add(Field::Url.name(), url);
        }
        for (field, value) in &document.values {
            match value {
                Value::Day(day) if !(0..=9999).contains(&day.year()) => {}
                Value::Day(day) => source.add(field.name(), day.to_string()),
                Value::Text(text) => source.add_text(*field, text, statement, stems),
            }
        }
        source.values.sort_by(|(one, _), (other, _)| one.cmp(other));
        source
    }

    fn add_text(&mut self, field: Field, text: &'d str, statement: bool, stems: &mut Stems) {
        let spec = field.spec();
        match spec.kind {
            Kind::Words | Kind::Names => self.add(spec.name, folded(text, None)),
            Kind::Stems => self.add(spec.name, folded(text, Some(stems))),
            _ => self.add(spec.name, text),
        }
        match field {
            Field::Text if statement => self.add(Field::Body.name(), text),
            Field::TitleStem if statement => {
                self.values.extend(kept(Field::Title.spec()).map(|title| (title.into(), text.into())));
            }
            _ => {}
        }
        self.values.extend(kept(spec).map(|kept| (kept.into(), text.into())));
        self.values.extend(alike(spec).map(|alike| (alike.into(), terms::spelling(text).into())));
    }

    fn add(&mut self, name: &'static str, value: impl Into<Cow<'d, str>>) {
        self.values.push((name.into(), value.into()));
    }
}

impl Serialize for Source<'_> {
    /// A single value as it is, more as an array.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut properties = serializer.serialize_map(None)?;
        for values in self.values.chunk_by(|(one, _), (other, _)| one == other) {
            match values {
                [(name, value)] => properties.serialize_entry(name, value)?,
                [(name, _), ..] => {
                    let values: Vec<&str> = values.iter().map(|(_, value)| &**value).collect();
                    properties.serialize_entry(name, &values)?;
                }
                [] => {}
            }
        }
        properties.end()
    }
}

fn folded(text: &str, mut stems: Option<&mut Stems>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = Words::new(text);
    let mut word = String::new();
    while words.next_into(&mut word).is_some() {
        if let Some(stems) = &mut stems {
            stems.stem(&mut word);
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Source, folded};
    use crate::document::Document;
    use crate::terms::{Stems, stem, words};
    use index_schema::Field;
    use serde_json::json;

    #[test]
    fn terms_are_those_of_the_local_index() {
        let text = "The U.S. trains’ drivers said São Paulo’s 2,500 trams ran; O'Brien ran, too.";
        assert_eq!(folded(text, None).split(' ').map(str::to_owned).collect::<Vec<_>>(), words(text));
        let stemmed: Vec<String> = words(text).iter().map(|word| stem(word)).collect();
        assert_eq!(folded(text, Some(&mut Stems::new())), stemmed.join(" "));
    }

    #[test]
    fn values_stand_once_each_with_what_they_are_found_by() {
        let mut sent = Document::default();
        sent.text(Field::Id, "a#1");
        sent.text(Field::Kind, "statement");
        sent.text(Field::TitleStem, "Two Trams, One Élan");
        sent.text(Field::Text, "It ran late");
        sent.text(Field::Path, "a.txt:1");
        sent.text(Field::Path, "b.txt:3");
        sent.text(Field::Speaker, "Zoë O'Hara");
        sent.day(Field::Date, jiff::civil::date(2024, 3, 4));
        let expected = json!({
            "written": "r",
            "story_or_id": "a#1",
            "url": "https://tram.example/1",
            "id": "a#1",
            "kind": "statement",
            "title_stem": "two tram one elan",
            "title_kept": "Two Trams, One Élan",
            "text": "it ran late",
            "body": "It ran late",
            "path": ["a.txt:1", "b.txt:3"],
            "speaker": "Zoë O'Hara",
            "speaker_alike": "zoe ohara",
            "date": "2024-03-04",
        });
        let source = Source::of(&sent, Some("https://tram.example/1"), "r", &mut Stems::new());
        assert_eq!(serde_json::to_value(source).unwrap(), expected);
    }
}
