//! Web archives (WARC): the pages of a crawl, one record after the other.
//!
//! Read by hand and not with the crate `rust_warc`, which allocates what a record claims to be long, holds every film
//! of a crawl in memory to pass it over, and gives up a file at the first odd header.

use super::cut::{BUFFER, Cut, Place, Unpacked, too_large};
use super::{Format, Piece, ReadError};
use crate::article::Article;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::io::{self, BufRead, Read};

/// The headers of a record or of a response stay below this.
const MOST_HEADERS: usize = 256 * 1024;

/// A piece a page.
pub(super) fn records(reader: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let mut number = 0;
    loop {
        match record(reader) {
            Ok(None) => return,
            Ok(Some(headers)) => {
                number += 1;
                let place = place.member(&number.to_string());
                let Some(length) =
                    headers.get("content-length").and_then(|length| length.parse::<u64>().ok())
                else {
                    return cut.error(ReadError::content(
                        &place.path,
                        0,
                        "a record that does not say how long it is",
                    ));
                };
                let mut block = reader.take(length);
                page(&headers, &mut block, &place, cut);
                if let Err(cause) = io::copy(&mut block, &mut io::sink()) {
                    return cut.error(ReadError::io(&place.path, cause));
                }
                if block.limit() > 0 {
                    return cut.error(ReadError::content(&place.path, 0, "the archive is cut short"));
                }
            }
            Err(cause) => {
                let path = place.member(&(number + 1).to_string()).path;
                return cut.error(ReadError::io(&path, cause));
            }
        }
    }
}

/// The headers of the next record.
fn record(reader: &mut dyn BufRead) -> io::Result<Option<Headers>> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.take(1024).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.starts_with(b"WARC/") {
            return Headers::read(reader).map(Some);
        }
        if !line.trim_ascii().is_empty() {
            return Err(io::Error::other("no record where one should begin"));
        }
    }
}

/// Hands on the page that a record holds, if it holds one.
fn page(headers: &Headers, mut block: &mut dyn BufRead, place: &Place, cut: &mut Cut) {
    let (mut kind, mut charset) = headers.content_type();
    let mut packing = Vec::new();
    match headers.get("warc-type").map(str::to_ascii_lowercase).as_deref() {
        Some("response") if kind == "application/http" => {
            let mut line = Vec::new();
            let status = block.take(1024).read_until(b'\n', &mut line).and_then(|_| Headers::read(block));
            let Ok(http) = status else {
                return cut.error(ReadError::content(&place.path, 0, "a response without headers"));
            };
            if line.split(|&byte| byte == b' ').nth(1) != Some(b"200") {
                return;
            }
            (kind, charset) = http.content_type();
            packing = http.packing();
        }
        Some("response" | "resource") => {}
        Some("conversion") if kind == "text/plain" => {}
        _ => return,
    }
    let is_conversion = kind == "text/plain"
        && packing.is_empty()
        && headers.get("warc-type").is_some_and(|t| t.eq_ignore_ascii_case("conversion"));
    let format = match kind.as_str() {
        "text/html" | "application/xhtml+xml" => Format::Html,
        "application/pdf" => Format::Pdf,
        _ if is_conversion => Format::Plain,
        _ => return cut.error(ReadError::not_article(&place.path, "not a page")),
    };
    let limit = cut.options.limits.file;
    let mut bytes = Vec::new();
    let read = unpack(&mut block, &packing, cut)
        .and_then(|unpacked| unpacked.take(limit as u64 + 1).read_to_end(&mut bytes).map(|_| ()));
    match read {
        // A page that breaks off is a page up to there.
        Err(cause) if bytes.is_empty() => return cut.error(ReadError::io(&place.path, cause)),
        Ok(()) if bytes.len() > limit => {
            return cut.error(ReadError::content(&place.path, 0, too_large(limit)));
        }
        Ok(()) | Err(_) => {}
    }
    let url = headers.get("warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
    let given = Article { url, ..Article::default() };
    cut.piece(Piece { charset, given: Some(Box::new(given)), ..Piece::new(format, &place.path, bytes) });
}

/// Undoes the codings of a response, outermost first.
fn unpack<'b>(block: &'b mut dyn BufRead, packing: &[String], cut: &Cut) -> io::Result<Box<dyn Read + 'b>> {
    let mut unpacked: Box<dyn Read + 'b> = Box::new(block);
    for coding in packing {
        unpacked = match coding.as_str() {
            "chunked" => Box::new(Chunked::new(io::BufReader::new(unpacked))),
            "gzip" | "x-gzip" => {
                Box::new(Unpacked { inner: MultiGzDecoder::new(unpacked), meter: cut.meter.clone() })
            }
            "deflate" => Box::new(Unpacked { inner: ZlibDecoder::new(unpacked), meter: cut.meter.clone() }),
            "br" => Box::new(Unpacked {
                inner: brotli_decompressor::Decompressor::new(unpacked, BUFFER),
                meter: cut.meter.clone(),
            }),
            "zstd" => Box::new(Unpacked {
                inner: zstd::stream::read::Decoder::new(unpacked)?,
                meter: cut.meter.clone(),
            }),
            "identity" | "" => unpacked,
            other => {
                return Err(io::Error::other(format!("a page in the coding `{other}`, which is not read")));
            }
        };
    }
    Ok(unpacked)
}

/// The headers of a record or of a response, their names in lower case.
struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads up to the blank line.
    fn read(reader: &mut dyn BufRead) -> io::Result<Headers> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut left = MOST_HEADERS;
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.take(left as u64).read_until(b'\n', &mut line)?;
            left -= read;
            if read == 0 && left == 0 {
                return Err(io::Error::other("headers without end"));
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            if text.is_empty() {
                return Ok(Headers(headers));
            }
            if text.starts_with([' ', '\t']) {
                if let Some((_, value)) = headers.last_mut() {
                    value.push(' ');
                    value.push_str(text.trim());
                }
            } else if let Some((name, value)) = text.split_once(':') {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The media type, and the charset if it names one.
    fn content_type(&self) -> (String, Option<String>) {
        let mut parts = self.get("content-type").unwrap_or_default().split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
        });
        (kind, charset)
    }

    /// The codings of a response, outermost first.
    fn packing(&self) -> Vec<String> {
        let list = |name| {
            let codings = self
                .get(name)
                .unwrap_or_default()
                .split(',')
                .map(|coding| coding.trim().to_ascii_lowercase());
            codings.rev().collect::<Vec<_>>()
        };
        [list("transfer-encoding"), list("content-encoding")].concat()
    }
}

/// The body of a chunked response; one that says so and is not, as crawlers leave them, passes through.
struct Chunked<R> {
    inner: R,
    left: u64,
    state: Chunks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chunks {
    Unknown,
    Chunked,
    Plain,
    Over,
}

impl<R: BufRead> Chunked<R> {
    fn new(inner: R) -> Chunked<R> {
        Chunked { inner, left: 0, state: Chunks::Unknown }
    }

    /// The length that the next line gives; `None` where it is none.
    fn length(line: &[u8]) -> Option<u64> {
        let digits = line.split(|&byte| byte == b';').next()?.trim_ascii();
        u64::from_str_radix(std::str::from_utf8(digits).ok().filter(|digits| digits.len() <= 8)?, 16).ok()
    }
}

impl<R: BufRead> Read for Chunked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.state {
                Chunks::Over => return Ok(0),
                Chunks::Plain => return self.inner.read(buffer),
                Chunks::Chunked if self.left > 0 => {
                    let room = buffer.len().min(self.left as usize);
                    let read = self.inner.read(&mut buffer[..room])?;
                    self.left -= read as u64;
                    return Ok(read);
                }
                Chunks::Unknown => {
                    let start = self.inner.fill_buf()?;
                    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
                    let is_chunked = line.len() < start.len() && Self::length(line).is_some();
                    self.state = if is_chunked { Chunks::Chunked } else { Chunks::Plain };
                }
                Chunks::Chunked => {
                    let mut line = Vec::new();
                    while line.trim_ascii().is_empty() {
                        line.clear();
                        if self.inner.by_ref().take(1024).read_until(b'\n', &mut line)? == 0 {
                            break;
                        }
                    }
                    self.left = Self::length(&line).unwrap_or(0);
                    if self.left == 0 {
                        self.state = Chunks::Over;
                    }
                }
            }
        }
    }
}
