//! A document as tantivy takes it: its values in the order of their fields, none copied.

use super::kept;
use super::schema::{KEPT_FIELD, NUMBER_FIELD, STORY_KEY_FIELD};
use super::write::{days, number};
use crate::document::{Document, Value};
use index_schema::{Field, Kind};
use std::iter::{Empty, Map};
use std::slice::Iter;
use std::sync::Arc;
use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};
use xxhash_rust::xxh3::xxh3_64;

/// What is indexed, counted and stored of a document.
pub(super) struct Prepared {
    pub(super) values: Vec<(tantivy::schema::Field, Ready)>,
}

/// A value in the form that its field has.
pub(super) enum Ready {
    Text(Arc<str>),
    Day(i64),
    Number(u64),
    Kept(Vec<u8>),
}

impl Prepared {
    /// `kept` is what is stored of it.
    pub(super) fn new(document: Document, kept: Vec<u8>) -> Prepared {
        let mut behind = vec![(KEPT_FIELD, Ready::Kept(kept))];
        if let Some(story) = document.first(Field::Story) {
            behind.push((STORY_KEY_FIELD, Ready::Number(xxh3_64(story.as_bytes()))));
        }
        if let (Some(id), Some(article)) = (document.first(Field::Id), document.first(Field::Article)) {
            let number = kept::number_of(id, article).unwrap_or(0);
            behind.push((NUMBER_FIELD, Ready::Number(number.into())));
        }
        let mut values = Vec::with_capacity(document.values.len() + behind.len());
        for (field, value) in document.values {
            match (field.spec().kind, value) {
                (Kind::Id | Kind::Stored, _) => {}
                (_, Value::Text(text)) => values.push((number(field), Ready::Text(text.into()))),
                (_, Value::Day(day)) => values.push((number(field), Ready::Day(days(day)))),
            }
        }
        values.sort_by_key(|(field, _)| *field);
        values.append(&mut behind);
        Prepared { values }
    }
}

/// A field with a value of a document's.
type Held<'a> = (tantivy::schema::Field, Borrowed<'a>);

impl tantivy::schema::document::Document for Prepared {
    type Value<'a> = Borrowed<'a>;
    type FieldsValuesIter<'a> =
        Map<Iter<'a, (tantivy::schema::Field, Ready)>, fn(&'a (tantivy::schema::Field, Ready)) -> Held<'a>>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.values.iter().map(|(field, ready)| (*field, Borrowed(ready)))
    }
}

/// A value of a [`Prepared`]; none is a list or an object.
#[derive(Clone, Copy)]
pub(super) struct Borrowed<'a>(&'a Ready);

impl std::fmt::Debug for Borrowed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        tantivy::schema::Value::as_value(self).fmt(f)
    }
}

impl<'a> tantivy::schema::Value<'a> for Borrowed<'a> {
    type ArrayIter = Empty<Borrowed<'a>>;
    type ObjectIter = Empty<(&'a str, Borrowed<'a>)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.0 {
            Ready::Text(text) => ReferenceValueLeaf::Str(text),
            Ready::Day(day) => ReferenceValueLeaf::I64(*day),
            Ready::Number(number) => ReferenceValueLeaf::U64(*number),
            Ready::Kept(kept) => ReferenceValueLeaf::Bytes(kept),
        })
    }
}
