//! CSV and TSV: a row of the table is a row of data, its headers the keys.

use super::cut::{Cut, Place};
use super::{Format, Piece, ReadError, decode, jsonl};
use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};
use std::io::{BufRead, Read};

const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];

/// Whether text begins with a line of headers that we know, whatever its file is called.
pub(super) fn is_table(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    DELIMITERS.iter().any(|&delimiter| {
        let names: Vec<&str> =
            first.split(delimiter as char).map(|name| name.trim().trim_matches('"')).collect();
        names.len() > 1
            && names.iter().any(|name| jsonl::is_text(name))
            && names.iter().filter(|name| jsonl::is_known(name)).count() > 1
    })
}

/// A piece a row.
pub(super) fn rows(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let is_wide = |start: &[u8]| matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    match reader.fill_buf() {
        // Spreadsheets write "Unicode text" in UTF-16, which has to be turned before it can be cut.
        Ok(start) if is_wide(start) => {
            let limit = cut.options.limits.file;
            if let Some(bytes) = cut.whole(reader, limit, place) {
                let text = decode::text(&bytes, None, decode::Label::Nowhere).into_owned();
                narrow(&mut text.as_bytes(), place, cut);
            }
        }
        Ok(_) => narrow(reader, place, cut),
        Err(cause) => cut.error(ReadError::io(&place.path, cause)),
    }
}

fn narrow(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let first = reader.fill_buf().unwrap_or_default().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let delimiter = delimiter(first);
    // The crate takes `\r` for the end of a row, and its `\n` for the beginning of the next.
    let late = u32::from(first.ends_with(b"\r"));
    let limit = cut.options.limits.article;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Bounded { inner: reader, limit, left: limit });
    let mut record = ByteRecord::new();
    let mut headers: Option<Vec<String>> = None;
    loop {
        reader.get_mut().left = limit;
        let line = reader.position().line() as u32;
        match reader.read_byte_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {}
            Err(cause) => {
                let why = match cause.into_kind() {
                    csv::ErrorKind::Io(cause) => cause.to_string(),
                    _ => "not a table".to_owned(),
                };
                return cut.error(ReadError::content(&place.path, line, why));
            }
        }
        let fields: Vec<String> = record
            .iter()
            .map(|field| decode::text(field, None, decode::Label::Nowhere).into_owned())
            .collect();
        let Some(keys) = &headers else {
            match keys(&fields, &cut.options.map) {
                Ok(keys) => headers = Some(keys),
                Err(why) => return cut.error(ReadError::content(&place.path, 0, why)),
            }
            continue;
        };
        let line = record.position().map_or(line, |position| position.line() as u32 + late);
        // An empty cell says nothing, and must not hide a column that does.
        let row: Map<String, Value> = keys
            .iter()
            .zip(fields)
            .filter(|(key, field)| !key.is_empty() && !field.is_empty())
            .map(|(key, field)| (key.clone(), Value::String(field)))
            .collect();
        if row.is_empty() {
            continue;
        }
        let bytes = Value::Object(row).to_string().into_bytes();
        cut.piece(Piece { line, ..Piece::new(Format::JsonRow, &place.path, bytes) });
    }
}

/// The mark that divides the first line best.
fn delimiter(first: &[u8]) -> u8 {
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, first).count();
    let best = DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter));
    best.filter(|&delimiter| count(delimiter) > 0).unwrap_or(b',')
}

/// The keys of the columns: as mapped, else as the headers name them.
fn keys(headers: &[String], map: &[(String, String)]) -> Result<Vec<String>, String> {
    let mut keys: Vec<String> =
        headers.iter().map(|header| header.trim().trim_start_matches('\u{feff}').to_owned()).collect();
    let columns = keys.join("`, `");
    for (field, column) in map {
        let Some(at) = keys.iter().position(|key| key == column) else {
            return Err(format!("no column `{column}`\nhint: the columns are `{columns}`"));
        };
        // A column that has the field's name without being meant steps aside.
        for key in keys.iter_mut().filter(|key| *key == field) {
            key.clear();
        }
        keys[at] = field.clone();
    }
    if !keys.iter().any(|key| jsonl::is_text(key)) {
        return Err(format!(
            "no column holds the text\nhint: the columns are `{columns}`; name one with `--map text=COLUMN`"
        ));
    }
    Ok(keys)
}

/// A reader that gives up on a row without end, as after a quotation mark that nobody closes.
struct Bounded<R> {
    inner: R,
    limit: usize,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other(format!(
                "a row of more than {} MB, a quotation mark may be open",
                self.limit >> 20
            )));
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_table, keys};

    #[test]
    fn tables_by_their_headers() {
        assert!(is_table("id,title,text\n1,Rain,It rained"));
        assert!(is_table("\"Headline\";\"Body\"\n"));
        assert!(!is_table("The text, the body and the title were missing, she said"));
    }

    #[test]
    fn columns_are_mapped() {
        let own = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let map = [("text".to_owned(), "artikel".to_owned())];
        assert_eq!(keys(&own(&["\u{feff}text", "artikel"]), &map), Ok(own(&["", "text"])));
        assert_eq!(
            keys(&own(&["a", "b"]), &map),
            Err("no column `artikel`\nhint: the columns are `a`, `b`".to_owned())
        );
        assert_eq!(
            keys(&own(&["a", "b"]), &[]),
            Err(
                "no column holds the text\nhint: the columns are `a`, `b`; name one with `--map text=COLUMN`"
                    .to_owned()
            )
        );
    }
}
