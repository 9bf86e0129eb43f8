//! JSON files cut into rows: one object a line, or objects, arrays and wrapped arrays of them in one document.

use super::cut::{Cut, Line, Place, line, too_large};
use super::jsonl::{self, WRAPPERS};
use super::{Format, Piece, ReadError};
use serde_json::{Map, Value};
use std::io::{self, BufRead};

/// So many lines that are no objects, and the file is none of ours.
const PATIENCE: u32 = 20;

/// JSON Lines: a piece a line.
pub(super) fn lines(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let limit = cut.options.limits.article;
    let (mut number, mut bad) = (0, 0);
    let mut bytes = Vec::new();
    loop {
        let found = match blank_lines(reader).and_then(|blank| {
            number += blank;
            line(reader, limit, &mut bytes)
        }) {
            Ok(found) => found,
            Err(cause) => return cut.error(ReadError::io(&place.path, cause)),
        };
        number += 1;
        let row = bytes.trim_ascii();
        let row = row.strip_prefix(b"\xef\xbb\xbf").unwrap_or(row);
        match found {
            Line::End => return,
            Line::TooLong => cut.error(ReadError::content(&place.path, number, too_large(limit))),
            Line::Whole if row.is_empty() => {}
            Line::Whole if row.starts_with(b"{") => {
                let row = row.to_vec();
                cut.piece(Piece { line: number, ..Piece::new(Format::JsonRow, &place.path, row) });
            }
            Line::Whole => {
                bad += 1;
                cut.error(ReadError::content(&place.path, number, "not a JSON object"));
                if bad == PATIENCE {
                    let why = format!("{PATIENCE} lines are not JSON objects, the rest is not read");
                    return cut.error(ReadError::content(&place.path, 0, why));
                }
            }
        }
    }
}

/// Passes over empty lines, as many as there are.
fn blank_lines(reader: &mut dyn BufRead) -> io::Result<u32> {
    let mut blank = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let run = buffer.iter().take_while(|&&byte| byte == b'\n').count();
        let goes_on = run > 0 && run == buffer.len();
        reader.consume(run);
        blank += run as u32;
        if !goes_on {
            return Ok(blank);
        }
    }
}

/// A JSON document: an object is an article or holds an array of them, an array is one of them; several may follow
/// each other. Arrays are read as they come, however long they are.
pub(super) fn values(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    // Many articles may lie in one object; what they become in memory is a few times larger.
    let limit = cut.options.limits.file / 4;
    let mut values = Values { reader, limit, line: 1, in_array: false };
    let mut number = 0;
    loop {
        let line = values.line;
        match values.next() {
            Ok(None) => return,
            Ok(Some(Found { bytes, line, in_array })) => {
                number += 1;
                if in_array {
                    let path = format!("{}#{number}", place.path);
                    cut.piece(Piece { line, ..Piece::new(Format::JsonRow, &path, bytes) });
                } else {
                    object(bytes, line, place, cut);
                }
            }
            Err(cause) if cause.kind() == io::ErrorKind::InvalidData => {
                return cut.error(ReadError::content(&place.path, line.max(values.line), cause.to_string()));
            }
            Err(cause) => return cut.error(ReadError::io(&place.path, cause)),
        }
    }
}

/// One object outside an array: an article, or the wrapping around an array of them.
fn object(bytes: Vec<u8>, line: u32, place: &Place, cut: &mut Cut) {
    let whole = match serde_json::from_slice(&bytes) {
        Ok(jsonl::Fields(whole)) => whole,
        Err(cause) => return cut.error(jsonl::not_json(&place.path, line, &cause)),
    };
    match wrapped(&whole).filter(|_| !jsonl::has_text(&whole)) {
        Some(rows) => {
            for (number, row) in rows.iter().enumerate() {
                let path = format!("{}#{}", place.path, number + 1);
                let row = row.to_string().into_bytes();
                cut.piece(Piece { line, ..Piece::new(Format::JsonRow, &path, row) });
            }
        }
        None => cut.piece(Piece { line, ..Piece::new(Format::JsonRow, &place.path, bytes) }),
    }
}

/// The array of objects inside, at most two wrappings deep: `{"response": {"docs": [{..}]}}`.
fn wrapped(fields: &Map<String, Value>) -> Option<&Vec<Value>> {
    let rows = |fields: &'_ Map<String, Value>| {
        let is_rows = |key: &&&str| {
            let rows = fields.get(**key).and_then(Value::as_array);
            rows.is_some_and(|rows| rows.first().is_some_and(Value::is_object))
        };
        WRAPPERS.iter().find(is_rows).copied()
    };
    if let Some(key) = rows(fields) {
        return fields[key].as_array();
    }
    let inner = WRAPPERS.iter().filter_map(|key| fields.get(*key)?.as_object());
    inner.into_iter().find_map(|inner| inner[rows(inner)?].as_array())
}

/// An object found in a document.
struct Found {
    bytes: Vec<u8>,
    line: u32,
    in_array: bool,
}

/// The objects of a document, found by their brackets alone.
struct Values<'r> {
    reader: &'r mut dyn BufRead,
    limit: usize,
    line: u32,
    in_array: bool,
}

impl Values<'_> {
    fn next(&mut self) -> io::Result<Option<Found>> {
        let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        loop {
            let Some(byte) = self.byte()? else {
                return if self.in_array { Err(bad("the array is cut short")) } else { Ok(None) };
            };
            match byte {
                b'{' => break,
                b'\n' => self.line += 1,
                b'[' if !self.in_array => self.in_array = true,
                b']' if self.in_array => self.in_array = false,
                // Whitespace, commas, a byte order mark.
                b' ' | b'\t' | b'\r' | b',' | 0xef | 0xbb | 0xbf | 0x1e => {}
                _ => return Err(bad("not a JSON object")),
            }
        }
        let line = self.line;
        let mut bytes = vec![b'{'];
        let mut scan = Scan { depth: 1, in_string: false, escaped: false };
        while scan.depth > 0 {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Err(bad("the object is cut short"));
            }
            let used = scan.over(buffer);
            self.line += memchr::memchr_iter(b'\n', &buffer[..used]).count() as u32;
            bytes.extend_from_slice(&buffer[..used]);
            self.reader.consume(used);
            if bytes.len() > self.limit {
                return Err(bad(&too_large(self.limit)));
            }
        }
        Ok(Some(Found { bytes, line, in_array: self.in_array }))
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.reader.fill_buf()?.first().copied();
        self.reader.consume(usize::from(byte.is_some()));
        Ok(byte)
    }
}

/// The state of the scan for the bracket that closes an object.
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Goes over the bytes as far as the object reaches; says how many that are.
    fn over(&mut self, bytes: &[u8]) -> usize {
        for (index, &byte) in bytes.iter().enumerate() {
            if self.escaped {
                self.escaped = false;
            } else if self.in_string {
                match byte {
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth -= 1,
                    _ => {}
                }
            }
            if self.depth == 0 {
                return index + 1;
            }
        }
        bytes.len()
    }
}
