//! The noun `Document`: what is put into an index, in no engine's words.

use crate::article::Day;
use index_schema::Field;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The speaker of a statement that names nobody, as facets count it.
pub const UNKNOWN: &str = "unknown";

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// For all but `Day` fields.
    Text(Text),
    /// For `Day` fields.
    Day(Day),
}

/// Words of a document, or a part of them: shared, since an article and its statements have much in common, and what is
/// read back of a document is read at once.
#[derive(Clone)]
pub struct Text {
    whole: Arc<str>,
    bytes: [u32; 2],
}

impl Text {
    /// What stands there in it, in bytes.
    ///
    /// # Panics
    ///
    /// Where that is not in it, or not between characters.
    pub fn part(&self, bytes: Range<usize>) -> Text {
        let _ = &self[bytes.clone()];
        let bytes = [bytes.start, bytes.end].map(|at| self.bytes[0] + at as u32);
        Text { whole: Arc::clone(&self.whole), bytes }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        let [start, end] = self.bytes;
        &self.whole[start as usize..end as usize]
    }
}

impl From<Arc<str>> for Text {
    fn from(whole: Arc<str>) -> Text {
        let length = u32::try_from(whole.len()).expect("a text of less than 4 GiB");
        Text { whole, bytes: [0, length] }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Arc::<str>::from(text).into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Arc::<str>::from(text).into()
    }
}

impl From<Text> for Arc<str> {
    fn from(text: Text) -> Arc<str> {
        if text.len() == text.whole.len() { text.whole } else { (*text).into() }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        (**self).fmt(out)
    }
}

/// One document: values by field, a field with several values standing several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub values: Vec<(Field, Value)>,
}

impl Document {
    /// Adds a text value; an empty one is left out.
    pub fn text(&mut self, field: Field, value: impl Into<Text>) {
        let value = value.into();
        if !value.is_empty() {
            self.values.push((field, Value::Text(value)));
        }
    }

    /// Adds a day.
    pub fn day(&mut self, field: Field, day: Day) {
        self.values.push((field, Value::Day(day)));
    }

    /// The field's first text value.
    pub fn first(&self, field: Field) -> Option<&str> {
        self.all(field).next()
    }

    /// The field's first day.
    pub fn first_day(&self, field: Field) -> Option<Day> {
        self.values.iter().find_map(|(other, value)| match value {
            Value::Day(day) if *other == field => Some(*day),
            _ => None,
        })
    }

    /// The field's text values, in order.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &str> {
        self.values.iter().filter_map(move |(f, value)| match value {
            Value::Text(text) if *f == field => Some(&**text),
            _ => None,
        })
    }
}
