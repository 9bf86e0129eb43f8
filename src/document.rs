//! The noun `Document`: what is put into an index, in no engine's words.

use crate::article::{Day, Span};
use index_schema::Field;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The speaker of a statement that names nobody, as facets count it.
pub const UNKNOWN: &str = "unknown";

/// A text, or a stretch of a longer one: an article and its statements have much in common, and most of what a statement
/// says is a slice of its article's body.
#[derive(Clone)]
pub struct Text {
    whole: Arc<str>,
    start: u32,
    end: u32,
}

impl Text {
    /// What stands there in it, in bytes.
    ///
    /// # Panics
    ///
    /// Where that is not in it, or not between characters.
    pub fn part(&self, bytes: Range<usize>) -> Text {
        let part = &self[bytes.clone()];
        let start = self.start + place(bytes.start);
        Text { whole: Arc::clone(&self.whole), start, end: start + place(part.len()) }
    }

    /// What it is a stretch of.
    pub fn whole(&self) -> &Arc<str> {
        &self.whole
    }

    /// Where in that it stands.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// Whether it is the very same stretch of the very same text.
    pub fn is(&self, other: &Text) -> bool {
        Arc::ptr_eq(&self.whole, &other.whole) && (self.start, self.end) == (other.start, other.end)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.span().of(&self.whole)
    }
}

impl<T: Into<Arc<str>>> From<T> for Text {
    fn from(whole: T) -> Text {
        let whole = whole.into();
        Text { start: 0, end: place(whole.len()), whole }
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("no article takes four gigabytes")
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// For all but `Day` fields.
    Text(Text),
    /// For `Day` fields.
    Day(Day),
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
