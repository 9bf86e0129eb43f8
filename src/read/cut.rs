//! Cutting: a stream of bytes into the pieces that hold one article each, whatever containers they lie in.

use super::sniff::{self, Kind, No};
use super::{About, Format, Limits, Options, Piece, ReadError};
use super::{archive, feed, json, newsml, table, warc};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Where a stream comes from.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As shown and stored: the file's name, with `#member` inside a container.
    pub(super) path: String,
    /// The name that tells what it may be: the member's own, without `.gz`.
    pub(super) name: String,
    /// How many containers it lies in.
    pub(super) depth: u8,
}

impl Place {
    pub(super) fn new(name: &str) -> Place {
        Place { path: name.to_owned(), name: name.to_owned(), depth: 0 }
    }

    /// One of many things inside this one.
    pub(super) fn member(&self, name: &str) -> Place {
        Place { path: format!("{}#{name}", self.path), name: name.to_owned(), depth: self.depth + 1 }
    }

    /// The one thing inside this one.
    pub(super) fn content(&self, name: &str) -> Place {
        Place { path: self.path.clone(), name: name.to_owned(), depth: self.depth + 1 }
    }
}

/// One file being cut: what is allowed, how much was unpacked, and who gets the pieces.
pub(super) struct Cut<'c> {
    pub(super) options: &'c Options,
    pub(super) meter: Rc<Meter>,
    pub(super) about: About,
    each: &'c mut dyn FnMut(Result<Piece, ReadError>),
}

impl<'c> Cut<'c> {
    pub(super) fn new(options: &'c Options, each: &'c mut dyn FnMut(Result<Piece, ReadError>)) -> Cut<'c> {
        Cut { options, meter: Rc::new(Meter::new(&options.limits)), about: About::default(), each }
    }

    pub(super) fn piece(&mut self, piece: Piece) {
        (self.each)(Ok(piece));
    }

    pub(super) fn error(&mut self, error: ReadError) {
        (self.each)(Err(error));
    }

    /// Cuts what comes in on stdin.
    pub(super) fn stdin(&mut self, place: &Place) {
        let counted = Counted { inner: io::stdin().lock(), meter: self.meter.clone() };
        self.stream(&mut BufReader::with_capacity(BUFFER, counted), place);
    }

    /// Cuts a file, which may be a zip and be read from its end. What grows behind `length` while it is read is left
    /// for another time.
    pub(super) fn file(&mut self, file: File, length: u64, place: &Place) {
        self.meter.size.set(length);
        let mut file = BufReader::with_capacity(BUFFER, Counted { inner: file, meter: self.meter.clone() });
        let head = match head(&mut file) {
            Ok(head) => head,
            Err(cause) => return self.error(ReadError::io(&place.path, cause)),
        };
        if sniff::kind(&head, &place.name) == Ok(Kind::Zip) {
            return archive::zip(file, place, self);
        }
        let rest = length.saturating_sub(head.len() as u64);
        self.after(head, &mut file.take(rest), place);
    }

    /// Cuts a stream that can only be read forward.
    pub(super) fn stream(&mut self, reader: &mut dyn BufRead, place: &Place) {
        if place.depth > self.options.limits.depth {
            return self.error(ReadError::content(&place.path, 0, "too many archives inside each other"));
        }
        match head(reader) {
            Ok(head) => self.after(head, reader, place),
            Err(cause) => self.error(ReadError::io(&place.path, cause)),
        }
    }

    /// Cuts what has begun with `head`.
    fn after(&mut self, head: Vec<u8>, reader: &mut dyn BufRead, place: &Place) {
        if head.trim_ascii().is_empty() && head.len() < sniff::HEAD {
            return self.error(ReadError::content(&place.path, 0, "nothing in it"));
        }
        let kind = match sniff::kind(&head, &place.name) {
            Ok(kind) => kind,
            Err(No::NotArticle(why)) => {
                return self.error(ReadError::not_article(&place.path, why));
            }
            Err(No::Broken(why)) => return self.error(ReadError::content(&place.path, 0, why)),
        };
        if let Some(name) = kind.name() {
            self.about.is(name);
        }
        let reader = &mut Cursor::new(head).chain(reader);
        match kind {
            Kind::Whole(format) => {
                let limit = match format {
                    Format::Plain | Format::Markdown => self.options.limits.article,
                    _ => self.options.limits.file,
                };
                if let Some(bytes) = self.whole(reader, limit, place) {
                    let line = u32::from(matches!(format, Format::Plain | Format::Markdown));
                    self.piece(Piece { line, ..Piece::new(format, &place.path, bytes) });
                }
            }
            Kind::JsonLines => json::lines(reader, place, self),
            Kind::Json => json::values(reader, place, self),
            Kind::Table => {
                self.about.has_table = true;
                table::rows(reader, place, self)
            }
            Kind::Warc => warc::records(reader, place, self),
            Kind::Feed => feed::entries(reader, place, self),
            Kind::NewsMl => newsml::items(reader, place, self),
            Kind::Gzip => archive::gzip(reader, place, self),
            Kind::Zstd => archive::zstd(reader, place, self),
            Kind::Zip => {
                let limit = self.options.limits.file;
                if let Some(bytes) = self.whole(reader, limit, place) {
                    archive::zip(Cursor::new(bytes), place, self);
                }
            }
        }
    }

    /// All that is left, if it is no more than `limit` bytes; what is wrong otherwise has been said.
    pub(super) fn whole(&mut self, reader: &mut dyn Read, limit: usize, place: &Place) -> Option<Vec<u8>> {
        // A whole file is as long as it is; growing by doubling would hold it twice.
        let known = if place.depth == 0 { self.meter.size.get() } else { u64::MAX };
        let mut bytes = match usize::try_from(known) {
            Ok(length) if length <= limit => Vec::with_capacity(length + 1),
            _ => Vec::new(),
        };
        match reader.take(limit as u64 + 1).read_to_end(&mut bytes) {
            Err(cause) => self.error(ReadError::io(&place.path, cause)),
            Ok(_) if bytes.len() > limit => self.error(ReadError::content(&place.path, 0, too_large(limit))),
            Ok(_) => return Some(bytes),
        }
        None
    }
}

/// Files are read this much at a time.
pub(super) const BUFFER: usize = 64 * 1024;

/// What to say of a thing of more than `limit` bytes.
pub(super) fn too_large(limit: usize) -> String {
    match limit >> 20 {
        0 => format!("larger than {limit} bytes, the most that is read of one article"),
        megabytes => {
            format!("larger than {megabytes} MB, the most that is read of one article without `--largest`")
        }
    }
}

fn head(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(sniff::HEAD);
    reader.take(sniff::HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What one line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Whole,
    /// Longer than allowed; the rest of it was passed over.
    TooLong,
    End,
}

/// Reads one line with its end into `bytes`.
pub(super) fn line(reader: &mut dyn BufRead, limit: usize, bytes: &mut Vec<u8>) -> io::Result<Line> {
    bytes.clear();
    reader.take(limit as u64).read_until(b'\n', bytes)?;
    if bytes.is_empty() {
        return Ok(Line::End);
    }
    if bytes.len() < limit || bytes.ends_with(b"\n") {
        return Ok(Line::Whole);
    }
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(Line::TooLong);
        }
        let end = memchr::memchr(b'\n', buffer);
        let used = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Line::TooLong);
        }
    }
}

/// How much was read and how much it became: a bomb shows in the proportion, at every depth of archives together.
#[derive(Debug)]
pub(super) struct Meter {
    packed: Cell<u64>,
    /// The size of the file, where it has one: a zip's parts may be read many times.
    size: Cell<u64>,
    unpacked: Cell<u64>,
    ratio: u64,
    free: u64,
}

impl Meter {
    fn new(limits: &Limits) -> Meter {
        Meter {
            packed: Cell::new(0),
            size: Cell::new(u64::MAX),
            unpacked: Cell::new(0),
            ratio: limits.ratio,
            free: limits.unpacked,
        }
    }

    /// Whether the file has unpacked to more than it may.
    pub(super) fn is_over(&self) -> bool {
        let packed = self.packed.get().min(self.size.get());
        self.unpacked.get() > self.free.max(packed.saturating_mul(self.ratio))
    }

    fn unpack(&self, bytes: usize) -> io::Result<()> {
        let unpacked = self.unpacked.get().saturating_add(bytes as u64);
        self.unpacked.set(unpacked);
        if self.is_over() {
            let why = format!("it unpacks to more than {} times its size", self.ratio);
            return Err(io::Error::other(why));
        }
        Ok(())
    }
}

/// A file that counts what is read of it.
struct Counted<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.meter.packed.set(self.meter.packed.get() + read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// An unpacker that stops where the meter does.
pub(super) struct Unpacked<R> {
    pub(super) inner: R,
    pub(super) meter: Rc<Meter>,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.meter.unpack(read)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, line};

    #[test]
    fn long_lines_are_passed_over() {
        let mut reader = &b"one\nmuch too long\ntwo"[..];
        let mut bytes = Vec::new();
        let mut next = || {
            let found = line(&mut reader, 6, &mut bytes).unwrap();
            (found, String::from_utf8(bytes.clone()).unwrap())
        };
        assert_eq!(next(), (Line::Whole, "one\n".into()));
        assert_eq!(next().0, Line::TooLong);
        assert_eq!(next(), (Line::Whole, "two".into()));
        assert_eq!(next().0, Line::End);
    }
}
