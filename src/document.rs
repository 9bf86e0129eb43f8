//! The noun `Document`: what is put into an index, in no engine's words.

use crate::article::Day;
use index_schema::Field;
use std::sync::Arc;

/// The speaker of a statement that names nobody, as facets count it.
pub const UNKNOWN: &str = "unknown";

/// One value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// For all but `Day` fields; shared, since an article and its statements have much in common.
    Text(Arc<str>),
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
    pub fn text(&mut self, field: Field, value: impl Into<Arc<str>>) {
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
