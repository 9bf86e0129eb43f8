//! What a hit gives back, packed into the one value that tantivy stores of a document.
//!
//! Value after value in the document's order, each after a byte that says what it is: a field's row, then the length and
//! the bytes of a text, or a day as its number since 1970-01-01; or at once a value that many documents have. Numbers
//! are in LEB128, where they may be less than 0 in zigzag. A statement leaves out what its article keeps for it, and what
//! is a slice of its article's body; one that is stored behind its article says how far behind.

use super::schema::KEPT_FIELD;
use super::write::days;
use crate::article::Day;
use crate::document::{Document, Text, Value};
use crate::index::counts::day_at;
use crate::spans::Spans;
use index_schema::{FIELDS, Field, Kept, Kind};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;
use tantivy::directory::OwnedBytes;

/// A statement's article is the document so many before it: in place of `id`, `article` and `kind`, and of a `path` that
/// is the article's.
const BEHIND: u8 = 0x7f;
/// `spans` as numbers.
const SPANS: u8 = 0x7e;
/// The first of [`FREQUENT`].
const FIRST_FREQUENT: u8 = 0x80;

/// As many bytes as most statements take.
const USUAL: usize = 128;

/// As many values as most documents have.
const FEW_VALUES: usize = 32;
/// As many bytes as the short texts of most documents take.
const FEW_BYTES: usize = 512;
/// A text of so many bytes is one by itself.
const LONG: usize = 512;

/// Values with a byte of their own; a change of one changes what is stored.
const FREQUENT: [(Field, &str); 18] = [
    (Field::Kind, "article"),
    (Field::Kind, "statement"),
    (Field::Lang, "en"),
    (Field::Speaker, "unknown"),
    (Field::SpeakerKind, "person"),
    (Field::SpeakerKind, "organisation"),
    (Field::SpeakerKind, "group"),
    (Field::SpeakerKind, "unnamed"),
    (Field::SpeakerKind, "unknown"),
    (Field::SpeakerCountry, "US"),
    (Field::Quote, "direct"),
    (Field::Quote, "indirect"),
    (Field::Quote, "mixed"),
    (Field::Conf, "high"),
    (Field::Conf, "medium"),
    (Field::Conf, "low"),
    (Field::SaidStated, "yes"),
    (Field::SaidStated, "no"),
];

/// The place of the kind of most documents.
const STATEMENT: usize = 1;

/// Those values, shared by all documents that have them.
static SHARED: LazyLock<[Text; FREQUENT.len()]> = LazyLock::new(|| FREQUENT.map(|(_, text)| text.into()));

/// What is kept of each of an article's documents, which are stored one behind the other.
pub(super) fn pack(documents: &[Document]) -> impl Iterator<Item = Vec<u8>> {
    let article = documents.first().filter(|first| !is_statement(first));
    documents.iter().enumerate().map(move |(place, document)| match article {
        Some(article) if follows(document, place, article) => pack_behind(document, place as u64, article),
        _ => pack_alone(document),
    })
}

fn is_statement(document: &Document) -> bool {
    document.first(Field::Kind) == Some("statement")
}

/// Whether it is the article's statement of that number.
fn follows(document: &Document, number: usize, article: &Document) -> bool {
    let id = article.first(Field::Id).unwrap_or_default();
    is_statement(document)
        && document.first(Field::Article) == Some(id)
        && document.first(Field::Id).is_some_and(|own| number_of(own, id) == Some(number as u32))
}

/// The number of a statement by its id and its article's, 0 for the article itself.
pub(super) fn number_of(id: &str, article: &str) -> Option<u32> {
    match id.strip_prefix(article)? {
        "" => Some(0),
        behind => {
            let digits = behind.strip_prefix('#').filter(|digits| !digits.starts_with(['0', '+']))?;
            digits.parse().ok()
        }
    }
}

fn pack_behind(document: &Document, number: u64, article: &Document) -> Vec<u8> {
    let mut packed = Vec::with_capacity(USUAL);
    packed.push(BEHIND);
    push_number(number, &mut packed);
    let place = article.first(Field::Path);
    let same_place = document.all(Field::Path).eq(place);
    pack_values(document, &mut packed, |field| match field {
        Field::Id | Field::Article | Field::Kind => false,
        Field::Path => !same_place,
        field => field.spec().kept == Kept::Itself,
    });
    packed
}

fn pack_alone(document: &Document) -> Vec<u8> {
    let statement = is_statement(document);
    let body = document.first(Field::Body).map_or(0, str::len);
    let mut packed = Vec::with_capacity(body + 2 * USUAL);
    pack_values(document, &mut packed, |field| match field.spec().kept {
        Kept::Not => false,
        Kept::Itself => true,
        Kept::ByArticle | Kept::InBody => !statement,
    });
    packed
}

fn pack_values(document: &Document, packed: &mut Vec<u8>, kept: impl Fn(Field) -> bool) {
    for (field, value) in document.values.iter().filter(|(field, _)| kept(*field)) {
        match value {
            Value::Text(text) => pack_text(*field, text, packed),
            Value::Day(day) => {
                packed.push(*field as u8);
                push_signed(days(*day), packed);
            }
        }
    }
}

fn pack_text(field: Field, text: &str, packed: &mut Vec<u8>) {
    if let Some(place) = FREQUENT.iter().position(|&frequent| frequent == (field, text)) {
        packed.push(FIRST_FREQUENT + place as u8);
    } else if let (Field::Spans, Ok(spans)) = (field, text.parse()) {
        packed.push(SPANS);
        push_spans(&spans, packed);
    } else {
        packed.push(field as u8);
        push_number(text.len() as u64, packed);
        packed.extend_from_slice(text.as_bytes());
    }
}

/// How many spans and which marks there are, then where each begins as seen from the end of the one before or for marks
/// from the beginning, and its length.
fn push_spans(spans: &Spans, packed: &mut Vec<u8>) {
    let marks = u64::from(spans.cue.is_some()) << 1 | u64::from(spans.speaker.is_some());
    push_number((spans.statement.len() as u64) << 2 | marks, packed);
    let mut end = 0;
    for &[from, to] in &spans.statement {
        push_number((from - end) as u64, packed);
        push_number((to - from) as u64, packed);
        end = to;
    }
    let start = spans.statement.first().map_or(0, |span| span[0]);
    for [from, to] in [spans.cue, spans.speaker].into_iter().flatten() {
        push_signed(from as i64 - start as i64, packed);
        push_number((to - from) as u64, packed);
    }
}

fn push_number(mut number: u64, packed: &mut Vec<u8>) {
    while number >= 0x80 {
        packed.push(number as u8 | 0x80);
        number >>= 7;
    }
    packed.push(number as u8);
}

fn push_signed(number: i64, packed: &mut Vec<u8>) {
    push_number((number << 1 ^ number >> 63) as u64, packed);
}

/// What is kept of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub(super) document: Document,
    /// How far before it its article is stored, which has the rest of it.
    pub(super) behind: Option<u32>,
    /// Its `spans`, read.
    spans: Option<Spans>,
}

/// What was packed as tantivy stores the one value of a document: behind a byte that counts the values, four for the
/// field, one for the kind and those of the length, of which only the last has its highest bit.
pub(super) fn store(packed: &[u8], to: &mut Vec<u8>) {
    const ONE: u8 = 0x81;
    const BYTES: u8 = 4;
    to.push(ONE);
    to.extend_from_slice(&KEPT_FIELD.field_id().to_le_bytes());
    to.push(BYTES);
    let mut length = packed.len();
    while length >= 0x80 {
        to.push(length as u8 & 0x7f);
        length >>= 7;
    }
    to.push(length as u8 | 0x80);
    to.extend_from_slice(packed);
}

/// What [`store`] was given.
pub(super) fn packed(stored: OwnedBytes) -> OwnedBytes {
    let after_kind = stored.get(6..).unwrap_or_default();
    let length = after_kind.iter().position(|byte| *byte >= 0x80).map_or(after_kind.len(), |last| last + 1);
    stored.slice((6 + length).min(stored.len())..stored.len())
}

/// An article as its statements need it: what they have from it, and its body, which stays where it is stored.
pub(super) struct Held {
    packed: OwnedBytes,
    document: Document,
    body: Range<usize>,
}

impl Held {
    pub(super) fn new(packed: OwnedBytes) -> Held {
        let mut read = Read { for_statements: true, ..Read::default() };
        let document = read.all(&packed);
        Held { body: read.body, document, packed }
    }

    fn body(&self) -> Cow<'_, str> {
        legible(&self.packed[self.body.clone()])
    }
}

/// The values again, as far as the bytes make sense; the short texts of a document are one, of which they are parts.
pub(super) fn unpack(packed: &[u8]) -> Unpacked {
    let mut read = Read::default();
    let document = read.all(packed);
    Unpacked { document, behind: read.behind, spans: read.spans }
}

/// What has been read of a document.
#[derive(Default)]
struct Read {
    words: String,
    values: Vec<(Field, Part)>,
    behind: Option<u32>,
    spans: Option<Spans>,
    /// Whether only that is read which statements have from their article.
    for_statements: bool,
    /// Where the body stands that is not read then.
    body: Range<usize>,
}

/// What a value is, before its words have their place.
enum Part {
    /// The place among the frequent ones.
    Frequent(usize),
    /// Where it stands among the words.
    Words(Range<usize>),
    Long(Text),
    Day(Day),
}

impl Read {
    /// Reads a document, but for what is passed over.
    fn all(&mut self, packed: &[u8]) -> Document {
        self.values.reserve(FEW_VALUES);
        self.words.reserve(FEW_BYTES);
        let mut rest = packed;
        while let Some(()) = self.next(packed.len(), &mut rest) {}
        let words = Text::from(self.words.as_str());
        let value = |(field, value)| match value {
            Part::Frequent(place) => (field, Value::Text(SHARED[place].clone())),
            Part::Words(bytes) => (field, Value::Text(words.part(bytes))),
            Part::Long(text) => (field, Value::Text(text)),
            Part::Day(day) => (field, Value::Day(day)),
        };
        // what its article gives a statement comes behind
        let mut values = Vec::with_capacity(FEW_VALUES);
        values.extend(self.values.drain(..).map(value));
        Document { values }
    }

    fn wants(&self, field: Field) -> bool {
        let given = matches!(field, Field::Id | Field::Title | Field::Path);
        given || !self.for_statements || field.spec().kept == Kept::ByArticle
    }

    /// Reads the next value of so many bytes in all.
    fn next(&mut self, whole: usize, rest: &mut &[u8]) -> Option<()> {
        match byte(rest)? {
            frequent @ FIRST_FREQUENT.. => {
                let place = usize::from(frequent - FIRST_FREQUENT);
                let field = FREQUENT.get(place)?.0;
                if self.wants(field) {
                    self.values.push((field, Part::Frequent(place)));
                }
            }
            BEHIND => {
                self.behind = Some(u32::try_from(number(rest)?).ok()?);
                self.values.push((Field::Kind, Part::Frequent(STATEMENT)));
            }
            SPANS => {
                let spans = spans(rest)?;
                self.text(Field::Spans, |words| spans.spell(words));
                self.spans = Some(spans);
            }
            row => {
                let spec = FIELDS.get(usize::from(row))?;
                if spec.kind == Kind::Day {
                    self.values.push((spec.field, Part::Day(day_at(signed(rest)?)?)));
                } else {
                    let length = usize::try_from(number(rest)?).ok()?;
                    let (bytes, after) = rest.split_at_checked(length)?;
                    *rest = after;
                    if !self.wants(spec.field) {
                        let end = whole - after.len();
                        if spec.field == Field::Body {
                            self.body = end - bytes.len()..end;
                        }
                    } else if bytes.len() >= LONG {
                        self.values.push((spec.field, Part::Long((&*legible(bytes)).into())));
                    } else {
                        self.text(spec.field, |words| words.push_str(&legible(bytes)));
                    }
                }
            }
        }
        Some(())
    }

    /// Adds a text, unless it is empty.
    fn text(&mut self, field: Field, spell: impl FnOnce(&mut String)) {
        let start = self.words.len();
        spell(&mut self.words);
        if self.words.len() > start {
            self.values.push((field, Part::Words(start..self.words.len())));
        }
    }
}

/// The text, as far as the bytes are one; quicker than `from_utf8_lossy`, which looks at byte after byte.
pub(super) fn legible(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = byte(rest)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn signed(rest: &mut &[u8]) -> Option<i64> {
    let number = number(rest)?;
    Some((number >> 1) as i64 ^ -((number & 1) as i64))
}

fn spans(rest: &mut &[u8]) -> Option<Spans> {
    let head = number(rest)?;
    let mut spans = Spans::default();
    let mut end = 0;
    for _ in 0..head >> 2 {
        let span = stretch(end, i64::try_from(number(rest)?).ok()?, rest)?;
        end = span[1];
        spans.statement.push(span);
    }
    let start = spans.statement.first().map_or(0, |span| span[0]);
    let mut mark = |there: bool| match there {
        true => {
            let from = signed(rest)?;
            stretch(start, from, rest).map(Some)
        }
        false => Some(None),
    };
    spans.cue = mark(head & 2 != 0)?;
    spans.speaker = mark(head & 1 != 0)?;
    Some(spans)
}

fn stretch(origin: usize, from: i64, rest: &mut &[u8]) -> Option<[usize; 2]> {
    let from = origin.checked_add_signed(isize::try_from(from).ok()?)?;
    let to = from.checked_add(usize::try_from(number(rest)?).ok()?)?;
    Some([from, to])
}

/// Gives a statement what its article keeps for it, and what is a slice of its article's body.
pub(super) fn complete(statement: &mut Unpacked, article: &Held) {
    let Unpacked { document, behind: number, spans } = statement;
    let Held { document: whole, .. } = article;
    let give = |document: &mut Document, field: Field, from: Field| {
        let value = whole.values.iter().find(|(other, _)| *other == from);
        document.values.extend(value.map(|(_, value)| (field, value.clone())));
    };
    if let (Some(number), Some(id)) = (number, whole.first(Field::Id)) {
        document.text(Field::Id, format!("{id}#{number}"));
        give(document, Field::Article, Field::Id);
        if document.first(Field::Path).is_none() {
            give(document, Field::Path, Field::Path);
        }
    }
    give(document, Field::Title, Field::Title);
    let shared = whole.values.iter().filter(|(field, _)| field.spec().kept == Kept::ByArticle);
    document.values.extend(shared.cloned());
    let Some(Spans { statement: stretches, cue, speaker }) = spans else { return };
    // all stand near each other
    let first = stretches.iter().chain(&*cue).chain(&*speaker).map(|span| span[0]).min().unwrap_or_default();
    let body = article.body();
    let near = behind(&body, first);
    let slice = |[start, end]: [usize; 2]| slice(near, [start - first, end.saturating_sub(first)]);
    match stretches[..] {
        [span] => document.text(Field::Text, slice(span)),
        ref spans => {
            let words: Vec<&str> = spans.iter().copied().map(slice).collect();
            document.text(Field::Text, words.join(" … "));
        }
    }
    document.text(Field::Cue, cue.map(slice).unwrap_or_default());
    document.text(Field::Mention, speaker.map(slice).unwrap_or_default());
}

/// What stands at so many code points.
fn slice(text: &str, [start, end]: [usize; 2]) -> &str {
    let from = behind(text, start);
    let rest = behind(from, end.saturating_sub(start));
    &from[..from.len() - rest.len()]
}

/// What follows so many code points.
fn behind(text: &str, points: usize) -> &str {
    if text.as_bytes().get(..points).is_some_and(<[u8]>::is_ascii) {
        return &text[points..];
    }
    let mut chars = text.chars();
    if let Some(last) = points.checked_sub(1) {
        chars.nth(last);
    }
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use super::{
        FIRST_FREQUENT, FREQUENT, Held, STATEMENT, complete, number_of, pack, packed, slice, unpack,
    };
    use crate::document::Document;
    use index_schema::{FIELDS, Field};
    use jiff::civil::date;
    use proptest::prelude::*;
    use tantivy::directory::OwnedBytes;

    fn comes_back(document: &Document) {
        let packed: Vec<Vec<u8>> = pack(std::slice::from_ref(document)).collect();
        assert_eq!(unpack(&packed[0]).document, *document);
    }

    #[test]
    fn what_is_kept_comes_back() {
        let mut document = Document::default();
        document.text(Field::Kind, "article");
        document.text(Field::Country, "FR");
        document.text(Field::Country, "DE");
        document.text(Field::Body, "é".repeat(20_000));
        document.text(Field::Lang, "en");
        document.day(Field::Date, date(1969, 12, 30));
        document.day(Field::Date, date(-9999, 1, 1));
        document.text(Field::Spans, "120+51 9+3|-8+4|52+6");
        document.text(Field::Spans, "7+0||");
        document.text(Field::Spans, "no spans");
        comes_back(&document);
    }

    #[test]
    fn bytes_tell_fields_from_frequent_values() {
        assert!(FIELDS.len() < usize::from(super::SPANS) && FIRST_FREQUENT > super::BEHIND);
        assert_eq!(FREQUENT[STATEMENT], (Field::Kind, "statement"));
    }

    #[test]
    fn a_statement_leaves_to_its_article_what_they_share_and_nobody_keeps_what_is_only_searched() {
        let mut article = Document::default();
        article.text(Field::Id, "a");
        article.text(Field::Article, "a");
        article.text(Field::Kind, "article");
        article.text(Field::Path, "a.txt:1");
        article.text(Field::Source, "The Wire");
        article.day(Field::Date, date(2024, 3, 4));
        let mut statement = Document::default();
        statement.text(Field::Id, "a#1");
        statement.text(Field::Article, "a");
        statement.text(Field::Kind, "statement");
        statement.text(Field::Path, "a.txt:1");
        statement.text(Field::Quote, "direct");
        let mut expected = statement.clone();
        expected.text(Field::Source, "The Wire");
        expected.day(Field::Date, date(2024, 3, 4));
        expected.text(Field::Month, "2024-03");
        let packed: Vec<Vec<u8>> = pack(&[article.clone(), expected.clone()]).collect();
        assert_eq!(packed[1].len(), 3);
        expected.values.retain(|(field, _)| *field != Field::Month);
        let mut unpacked = unpack(&packed[1]);
        complete(&mut unpacked, &Held::new(OwnedBytes::new(packed[0].clone())));
        let sorted = |document: &Document| {
            let mut values = document.values.clone();
            values.sort_by_key(|(field, _)| *field);
            values
        };
        assert_eq!(sorted(&unpacked.document), sorted(&expected));
        // elsewhere in its file, or not behind its article
        statement.values.retain(|(field, _)| *field != Field::Path);
        statement.text(Field::Path, "a.txt:9");
        let packed: Vec<Vec<u8>> = pack(&[article, statement.clone()]).collect();
        assert_eq!(unpack(&packed[1]).document.first(Field::Path), Some("a.txt:9"));
        comes_back(&statement);
    }

    #[test]
    fn an_id_is_an_articles_and_a_number() {
        assert_eq!(number_of("a", "a"), Some(0));
        assert_eq!(number_of("a#b#12", "a#b"), Some(12));
        for id in ["b", "a1", "a#", "a#0", "a#01", "a#+1", "a#x", "a#99999999999"] {
            assert_eq!(number_of(id, "a"), None, "{id}");
        }
    }

    #[test]
    fn a_slice_counts_code_points() {
        for (span, expected) in [([0, 2], "äb"), ([1, 4], "b…c"), ([3, 9], "c"), ([9, 12], ""), ([3, 1], "")]
        {
            assert_eq!(slice("äb…c", span), expected);
        }
    }

    #[test]
    fn what_was_packed_stands_behind_its_length() {
        let long = [&[1, 9, 0, 0, 0, 7, 0x48, 0x81][..], &[0x90; 200]].concat();
        let packed = |stored: &[u8]| packed(OwnedBytes::new(stored.to_vec())).to_vec();
        assert_eq!(packed(&long), [0x90; 200]);
        for (stored, expected) in
            [(&[1, 9, 0, 0, 0, 7, 0x81, 0x90][..], &[0x90][..]), (&[1, 9], &[]), (&[], &[])]
        {
            assert_eq!(packed(stored), expected);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_unpack(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            unpack(&bytes);
        }
    }
}
