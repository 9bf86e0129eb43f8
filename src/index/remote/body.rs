//! A document as the lines of a `_bulk` body: words folded as `terms` folds them, so that both engines hold the same terms.

use super::mapping::{STORY_OR_ID, WRITTEN, alike, kept};
use crate::document::{Document, Value};
use crate::terms::{self, Stems, Words};
use index_schema::{Field, Kind};
use serde_json::{Map, Value as Json, json};
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
        line(&Json::Object(source(document, url, run, stems)), body);
    }
}

pub(super) fn line(value: &Json, body: &mut Vec<u8>) {
    serde_json::to_writer(&mut *body, value).expect("a vector takes what is written");
    body.push(b'\n');
}

/// A statement carries its words, its article's title and `url`, so that a hit is whole without its article.
fn source(document: &Document, url: Option<&str>, run: &str, stems: &mut Stems) -> Map<String, Json> {
    let statement = document.first(Field::Kind) == Some("statement");
    let mut source = Map::new();
    source.insert(WRITTEN.to_owned(), run.into());
    let story = document.first(Field::Story).or(document.first(Field::Id)).unwrap_or_default();
    source.insert(STORY_OR_ID.to_owned(), story.into());
    if let (true, Some(url)) = (statement, url) {
        source.insert(Field::Url.name().to_owned(), url.into());
    }
    for (field, value) in &document.values {
        let spec = field.spec();
        match value {
            Value::Day(day) if !(0..=9999).contains(&day.year()) => {}
            Value::Day(day) => add(&mut source, spec.name, day.to_string()),
            Value::Text(text) => {
                match spec.kind {
                    Kind::Words => add(&mut source, spec.name, folded(text, None)),
                    Kind::Stems => add(&mut source, spec.name, folded(text, Some(stems))),
                    _ => add(&mut source, spec.name, text.clone()),
                }
                match spec.field {
                    Field::Text if statement => add(&mut source, Field::Body.name(), text.clone()),
                    Field::TitleStem if statement => {
                        source.extend(kept(Field::Title.spec()).map(|title| (title, text.clone().into())));
                    }
                    _ => {}
                }
                if let Some(kept) = kept(spec) {
                    add(&mut source, &kept, text.clone());
                }
                if let Some(alike) = alike(spec) {
                    add(&mut source, &alike, terms::spelling(text));
                }
            }
        }
    }
    source
}

/// Adds a value: the first as it is, more as an array.
fn add(source: &mut Map<String, Json>, name: &str, value: String) {
    match source.get_mut(name) {
        None => {
            source.insert(name.to_owned(), value.into());
        }
        Some(Json::Array(values)) => values.push(value.into()),
        Some(first) => *first = json!([first.take(), value]),
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
    use super::{folded, source};
    use crate::document::Document;
    use crate::terms::{Stems, stem, words};
    use index_schema::Field;
    use serde_json::{Value as Json, json};

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
        assert_eq!(
            Json::Object(source(&sent, Some("https://tram.example/1"), "r", &mut Stems::new())),
            expected
        );
    }
}
