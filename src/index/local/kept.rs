//! What a hit gives back, packed into the one value that tantivy stores of a document.
//!
//! Value after value in the document's order: the field's row, the length in LEB128, the bytes; a day is its number since
//! 1970-01-01 in four bytes, low first. A statement leaves out what its article
//! keeps for it, and what is a slice of its article's body.

use super::write::days;
use crate::document::{Document, Value};
use crate::index::counts::day_at;
use index_schema::{FIELDS, Field, Kept, Kind};

/// What is kept of a document.
pub(super) fn pack(document: &Document) -> Vec<u8> {
    let statement = document.first(Field::Kind) == Some("statement");
    let kept = |field: Field| match field.spec().kept {
        Kept::Not => false,
        Kept::Itself => true,
        Kept::ByArticle | Kept::InBody => !statement,
    };
    let mut packed = Vec::new();
    for (field, value) in document.values.iter().filter(|(field, _)| kept(*field)) {
        packed.push(*field as u8);
        match value {
            Value::Text(text) => push(text.as_bytes(), &mut packed),
            Value::Day(day) => push(&(days(*day) as i32).to_le_bytes(), &mut packed),
        }
    }
    packed
}

fn push(bytes: &[u8], packed: &mut Vec<u8>) {
    let mut rest = bytes.len();
    while rest >= 0x80 {
        packed.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    packed.push(rest as u8);
    packed.extend_from_slice(bytes);
}

/// The document again, as far as the bytes make sense.
pub(super) fn unpack(packed: &[u8]) -> Document {
    let mut document = Document::default();
    let mut rest = packed;
    while let Some((spec, bytes)) = next(&mut rest) {
        match (spec.kind, bytes) {
            (Kind::Day, &[a, b, c, d]) => {
                let day = day_at(i64::from(i32::from_le_bytes([a, b, c, d])));
                document.values.extend(day.map(|day| (spec.field, Value::Day(day))));
            }
            _ => document.text(spec.field, String::from_utf8_lossy(bytes)),
        }
    }
    document
}

fn next<'p>(rest: &mut &'p [u8]) -> Option<(&'static index_schema::Spec, &'p [u8])> {
    let (&row, mut after) = rest.split_first()?;
    let mut length = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (&byte, behind) = after.split_first()?;
        after = behind;
        length |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    let (bytes, behind) = after.split_at_checked(length)?;
    *rest = behind;
    Some((FIELDS.get(usize::from(row))?, bytes))
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};
    use crate::document::Document;
    use index_schema::Field;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn what_is_kept_comes_back() {
        let mut document = Document::default();
        document.text(Field::Kind, "article");
        document.text(Field::Country, "FR");
        document.text(Field::Country, "DE");
        document.text(Field::Body, "é".repeat(20_000));
        document.day(Field::Date, date(1969, 12, 30));
        assert_eq!(unpack(&pack(&document)), document);
    }

    #[test]
    fn a_statement_leaves_to_its_article_what_they_share_and_nobody_keeps_what_is_only_searched() {
        let mut document = Document::default();
        document.text(Field::Kind, "statement");
        let kept = document.clone();
        document.text(Field::Source, "The Wire");
        document.text(Field::Month, "2024-03");
        document.day(Field::Date, date(2024, 3, 4));
        assert_eq!(unpack(&pack(&document)), kept);
    }

    proptest! {
        #[test]
        fn any_bytes_unpack(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            unpack(&bytes);
        }
    }
}
