//! PDF: its text, lines joined to paragraphs; title, author and date from its own description.

use super::moment::moment;
use super::{Format, Piece, ReadError, names, plain};
use crate::article::Article;
use flate2::Decompress;
use pdf_extract::{
    Dictionary, Document, MediaBox, Object, OutputDev, OutputError, PlainTextOutput, Transform,
};
use std::collections::{HashMap, HashSet};

/// No article and no newspaper has more characters; a file that draws more repeats itself without end.
const MOST_CHARACTERS: usize = 4_000_000;
/// What one stream of drawing may unpack to.
const MOST_DRAWING: usize = 8 << 20;
/// So many numbers, names and operators one stream of drawing may have. Each takes some 200 bytes in memory.
const MOST_OPERANDS: usize = 750_000;
/// What all pages draw together, the forms they use counted as often as they are drawn.
const MOST_DRAWN: u64 = 64 << 20;
/// What all streams but pictures and fonts unpack to together.
const MOST_UNPACKED: usize = 256 << 20;
/// Pictures and fonts are larger, but nothing unpacks to this many times its size.
const MOST_RATIO: usize = 400;
/// Forms inside forms, pages inside trees of pages.
const DEEPEST: usize = 24;

/// The document's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let bad = |why: String| ReadError::content(&piece.path, 0, why);
    // The parser unpacks some streams as it opens the file.
    check_streams(&piece.bytes).map_err(|why| bad(why.to_owned()))?;
    let mut document =
        Document::load_mem(&piece.bytes).map_err(|cause| bad(format!("a damaged PDF: {cause}")))?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(bad("it is locked with a password".to_owned()));
    }
    check_drawing(&document).map_err(|why| bad(why.to_owned()))?;
    let mut text = String::new();
    let mut output = Bounded { inner: PlainTextOutput::new(&mut text), left: MOST_CHARACTERS };
    let done = pdf_extract::output_doc(&document, &mut output);
    // What was read before a page went wrong is worth having.
    if text.trim().is_empty() {
        return Err(match done {
            Err(cause) => bad(format!("a damaged PDF: {cause}")),
            Ok(()) => bad("no text in it, only pictures of pages".to_owned()),
        });
    }
    let about = describe(&document);
    let mut given = Article { title: about.title.clone(), ..Article::default() };
    let text = paragraphs(&text);
    if !text.contains(about.title.as_str()) {
        // A title that the pages do not show is that of a template.
        given.title.clear();
    }
    let inner =
        Piece { given: Some(Box::new(given)), ..Piece::new(Format::Plain, &piece.path, text.into_bytes()) };
    let mut found = plain::article(&inner)?;
    found.line_numbers.clear();
    if found.title.is_empty() {
        found.title = about.title;
    }
    if found.byline.is_empty() {
        found.byline = about.byline;
    }
    if found.published.is_none() {
        (found.published, found.published_at) = (about.published, about.published_at);
    }
    Ok(found)
}

/// What the document says of itself.
fn describe(document: &Document) -> Article {
    let info = document.trailer.get(b"Info").ok().and_then(|info| dictionary(document, info));
    let field = |name: &[u8]| -> Option<String> {
        let value = info?.get(name).ok()?;
        let value = document.dereference(value).ok()?.1;
        Some(pdf_extract::decode_text_string(value).ok()?.trim().to_owned())
    };
    // `D:20230911152600+09'00'`
    let when = field(b"CreationDate").and_then(|written| {
        let digits: String =
            written.trim_start_matches("D:").chars().take_while(char::is_ascii_digit).collect();
        moment(digits.get(..14).or(digits.get(..8))?)
    });
    Article {
        title: field(b"Title").filter(|title| is_title(title)).unwrap_or_default(),
        byline: field(b"Author").map(|author| names::names(&author)).unwrap_or_default(),
        published: when.map(|when| when.day),
        published_at: when.and_then(|when| when.at),
        ..Article::default()
    }
}

/// Whether it is a title and not what a program put in its place: a file's name, `Untitled`.
fn is_title(title: &str) -> bool {
    let low = title.to_lowercase();
    !low.is_empty()
        && title.contains(' ')
        && !low.starts_with("microsoft word")
        && !low.starts_with("untitled")
        && ![".doc", ".docx", ".indd", ".pdf", ".qxd", ".qxp", ".txt", ".html"]
            .iter()
            .any(|end| low.ends_with(end))
}

fn dictionary<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

/// Lines as they are printed, joined to paragraphs.
fn paragraphs(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut last = "";
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            last = "";
            continue;
        }
        if joined.is_empty() {
        } else if last.is_empty() {
            joined.push_str("\n\n");
        } else if last.ends_with('-') && line.starts_with(char::is_lowercase) && !last.ends_with(" -") {
            // A word broken at the end of its line.
            joined.pop();
        } else if last.len() < 40 && !last.ends_with([',', ';']) && line.starts_with(char::is_uppercase) {
            // A short line ends where it ends: a headline, a byline, the last line of a paragraph.
            joined.push('\n');
        } else {
            joined.push(' ');
        }
        joined.push_str(line);
        last = line;
    }
    joined
}

/// An output that has an end.
struct Bounded<W: pdf_extract::ConvertToFmt> {
    inner: PlainTextOutput<W>,
    left: usize,
}

impl<W: pdf_extract::ConvertToFmt> OutputDev for Bounded<W> {
    fn begin_page(
        &mut self,
        number: u32,
        media: &MediaBox,
        art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.inner.begin_page(number, media, art)
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.inner.end_page()
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        spacing: f64,
        size: f64,
        c: &str,
    ) -> Result<(), OutputError> {
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => {
                return Err(OutputError::IoError(std::io::Error::other("more text than any document has")));
            }
        }
        self.inner.output_character(at, width, spacing, size, c)
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.inner.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.inner.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        self.inner.end_line()
    }
}

/// Refuses a file with a stream that unpacks to more than it should.
fn check_streams(bytes: &[u8]) -> Result<(), &'static str> {
    let mut room = vec![0; 64 * 1024];
    let mut all = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let start = at + b"stream".len();
        let body = match bytes.get(start..) {
            Some([b'\r', b'\n', body @ ..] | [b'\n', body @ ..]) => body,
            _ => continue,
        };
        // The two bytes that begin what zlib packs.
        if !matches!(body, [0x78 | 0x68 | 0x58 | 0x48, ..]) {
            continue;
        }
        let before = &bytes[at.saturating_sub(512)..at];
        let before = &before[memchr::memmem::rfind(before, b"obj").unwrap_or(0)..];
        let has = |word: &[u8]| memchr::memmem::find(before, word).is_some();
        let is_large = has(b"/Image") || has(b"/Length1") || has(b"/FontFile") || has(b"/Length2");
        let mut unpacker = Decompress::new(true);
        let unpacked = loop {
            let (read, written) = (unpacker.total_in() as usize, unpacker.total_out() as usize);
            let too_much = all + written > MOST_UNPACKED
                || written > MOST_DRAWING && (!is_large || written > MOST_RATIO.saturating_mul(read.max(1)));
            if too_much {
                return Err("a PDF with a part that unpacks to more than any page has");
            }
            // Pictures are never unpacked, their proportion is seen from the beginning.
            if is_large && written > 2 * MOST_DRAWING {
                break 0;
            }
            let Some(rest) = body.get(read..) else { break written };
            match unpacker.decompress(rest, &mut room, flate2::FlushDecompress::None) {
                Ok(flate2::Status::StreamEnd) | Err(_) => break written,
                Ok(_) if unpacker.total_out() as usize == written && unpacker.total_in() as usize == read => {
                    break written;
                }
                Ok(_) => {}
            }
        };
        if !is_large {
            all += unpacked;
        }
    }
    Ok(())
}

type Id = (u32, u16);

/// Refuses a document whose pages or forms hold themselves, which the parser would follow until its stack ends, or draw
/// each other without number: twenty forms that each draw the next twice are a million drawings.
fn check_drawing(document: &Document) -> Result<(), &'static str> {
    let mut inside: HashMap<Id, Vec<Id>> = HashMap::new();
    for (&id, object) in &document.objects {
        let Ok(dictionary) = object.as_dict().or_else(|_| object.as_stream().map(|stream| &stream.dict))
        else {
            continue;
        };
        let parents = dictionary.get(b"Parent").and_then(Object::as_reference).into_iter();
        inside.entry(id).or_default().extend(parents);
        let Ok(stream) = object.as_stream() else { continue };
        if let Some(forms) = forms(document, dictionary) {
            let forms = forms.iter().filter_map(|(_, form)| form.as_reference().ok());
            inside.entry(id).or_default().extend(forms);
        } else if stream
            .dict
            .get(b"Subtype")
            .is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"Form"))
        {
            // A form without resources draws with those of its page, among which it may be itself.
            let drawing = stream.decompressed_content().unwrap_or_default();
            if memchr::memmem::find(&drawing, b" Do").is_some() {
                return Err("a PDF with a form that draws others and does not say which");
            }
        }
    }
    // Layer by layer: what holds nothing goes, until nothing is left; a ring never goes.
    let mut left: HashSet<Id> = inside.keys().copied().collect();
    let mut costs: HashMap<Id, u64> = HashMap::new();
    for _ in 0..DEEPEST {
        let before = left.len();
        let free: Vec<Id> =
            left.iter().filter(|id| !inside[*id].iter().any(|inner| left.contains(inner))).copied().collect();
        for id in free {
            left.remove(&id);
            if let Some(Ok(form)) = document.objects.get(&id).map(Object::as_stream)
                && form
                    .dict
                    .get(b"Subtype")
                    .is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"Form"))
            {
                let drawing = form.get_plain_content().unwrap_or_default();
                costs.insert(id, cost(&drawing, forms(document, &form.dict), &costs));
            }
        }
        if left.is_empty() {
            return check_pages(document, &costs);
        }
        if left.len() == before {
            break;
        }
    }
    Err("a PDF with parts that hold themselves, or too many inside each other")
}

/// Refuses a document whose pages draw more than any has.
fn check_pages(document: &Document, forms_cost: &HashMap<Id, u64>) -> Result<(), &'static str> {
    let mut all = 0u64;
    let mut known: HashMap<(Id, Id), u64> = HashMap::new();
    for page in document.page_iter() {
        let resources = std::iter::successors(document.get_dictionary(page).ok(), |page| {
            dictionary(document, page.get(b"Parent").ok()?)
        });
        let forms = resources.take(DEEPEST).find_map(|page| forms(document, page));
        all = all.saturating_add(DRAWING);
        for content in document.get_page_contents(page) {
            let cost = *known.entry((page, content)).or_insert_with(|| {
                let stream = document.get_object(content).and_then(Object::as_stream);
                let drawing = stream.map(|stream| stream.get_plain_content().unwrap_or_default());
                cost(&drawing.unwrap_or_default(), forms, forms_cost)
            });
            all = all.saturating_add(cost);
            if all > MOST_DRAWN {
                return Err("a PDF that draws more than pages do");
            }
        }
    }
    Ok(())
}

/// The forms that a page or a form can draw, by their names there.
fn forms<'d>(document: &'d Document, holder: &'d Dictionary) -> Option<&'d Dictionary> {
    let resources = dictionary(document, holder.get(b"Resources").ok()?)?;
    dictionary(document, resources.get(b"XObject").ok()?)
}

/// What it costs to begin a page or a form, in bytes of drawing.
const DRAWING: u64 = 256;

/// What it costs to carry out a drawing, in bytes, with the forms it names; past all measure where it is too long.
fn cost(drawing: &[u8], forms: Option<&Dictionary>, costs: &HashMap<Id, u64>) -> u64 {
    let of_name = |name: &[u8]| {
        let form = forms?.get(name).ok()?.as_reference().ok()?;
        costs.get(&form)
    };
    let drawn = memchr::memmem::find_iter(drawing, b"Do").filter_map(|at| {
        // `/Name Do`
        let before = drawing[..at].trim_ascii_end();
        let name = &before[memchr::memrchr(b'/', before)? + 1..];
        of_name(name)
    });
    if drawing.split(u8::is_ascii_whitespace).count() > MOST_OPERANDS {
        return u64::MAX;
    }
    let own = drawing.len() as u64 + DRAWING;
    drawn.fold(own, |sum, cost| sum.saturating_add(*cost))
}

#[cfg(test)]
mod tests {
    use super::{is_title, paragraphs};

    #[test]
    fn lines_become_paragraphs() {
        let check = |text: &str, expected: &str| assert_eq!(paragraphs(text), expected);
        check(
            "Rain\n\nIt fell on the harbour all day and all\nthrough the night, the mayor said.\n\nIt was wet.",
            "Rain\n\nIt fell on the harbour all day and all through the night, the mayor said.\n\nIt was wet.",
        );
        check("a long line that ends in a bro-\nken word", "a long line that ends in a broken word");
        check("By Jane Doe\nIt rained.", "By Jane Doe\nIt rained.");
    }

    #[test]
    fn titles_of_programs_are_none() {
        assert!(is_title("Harbour closed"));
        for title in ["", "Untitled 1", "Microsoft Word - a.doc", "front page.indd"] {
            assert!(!is_title(title), "{title}");
        }
    }
}
