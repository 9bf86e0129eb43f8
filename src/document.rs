//! The noun `Document`: what is put into an index, in no engine's words.

use crate::article::{Day, Span};
use index_schema::Field;
use std::fmt;
use std::ops::Deref;
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
    /// That stretch of a text, whose ends lie on character boundaries.
    pub fn part(whole: &Arc<str>, Span { start, end }: Span) -> Text {
        let place = |at: usize| u32::try_from(at).expect("no article takes four gigabytes");
        Text { whole: Arc::clone(whole), start: place(start), end: place(end) }
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
        Text::part(&whole, Span::new(0, whole.len()))
    }
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
