//! Limits on hostile pages: a page is sifted before any parser sees it, and what is left is small, shallow and safe.

/// A page larger than this is not read; saved pages with all their pictures inside stay under it.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// What is left without scripts, styles, comments and pictures: some 300 times a long article.
const MAX_KEPT: usize = 12 * 1024 * 1024;
/// Elements of a page: the longest live blogs have 40,000.
const MAX_ELEMENTS: usize = 200_000;
/// Attributes of one element, which the parser compares each with each.
const MAX_ATTRIBUTES: usize = 500;
/// Elements inside each other; browsers stop at 512. Tags deeper than this are left out, their text stays.
const MAX_DEPTH: usize = 250;
/// `<b>`, `<font>` and their like left open: the parser opens each of them again in every block that follows.
const MAX_FORMATTING: usize = 16;
/// Longer values of attributes are pictures or data.
const MAX_VALUE: usize = 8 * 1024;

/// The page without what no reader sees (scripts but JSON-LD, styles, comments, drawings, embedded pictures), within
/// the limits above; or why it is too much, for a [`ReadError`](super::ReadError).
///
/// In one pass, by the rules of the HTML tokenizer that matter: quoted attribute values, comments, raw text elements.
pub(super) fn sift(html: &str) -> Result<String, String> {
    if html.len() > MAX_BYTES {
        return Err(format!(
            "a page of {} MB; the limit is {} MB",
            html.len() / 1_000_000,
            MAX_BYTES / 1_000_000
        ));
    }
    let mut sieve = Sieve {
        html,
        at: 0,
        out: String::with_capacity(html.len().min(MAX_KEPT) / 2),
        elements: 0,
        depth: 0,
        formatting: 0,
    };
    while sieve.at < html.len() {
        sieve.step()?;
        if sieve.out.len() > MAX_KEPT {
            return Err(format!("more than {} MB of text and tags in one page", MAX_KEPT / 1_000_000));
        }
        if sieve.elements > MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} elements in one page"));
        }
    }
    Ok(sieve.out)
}

struct Sieve<'h> {
    html: &'h str,
    at: usize,
    out: String,
    elements: usize,
    depth: usize,
    formatting: usize,
}

impl Sieve<'_> {
    /// Takes the text up to the next tag, and the tag.
    fn step(&mut self) -> Result<(), String> {
        let bytes = self.html.as_bytes();
        let Some(length) = memchr::memchr(b'<', &bytes[self.at..]) else {
            self.keep(self.html.len());
            return Ok(());
        };
        self.keep(self.at + length);
        match bytes.get(self.at + 1) {
            Some(b'!') if bytes[self.at..].starts_with(b"<!--") => {
                self.at = self.after(self.at + 2, b"-->");
            }
            Some(b'!' | b'?') => {
                let end = self.after(self.at, b">");
                self.keep(end);
            }
            Some(b'/') if bytes.get(self.at + 2).is_some_and(u8::is_ascii_alphabetic) => {
                let name = name(&bytes[self.at + 2..]);
                let end = self.after(self.at, b">");
                if self.closes(&name) {
                    self.keep(end);
                }
                self.at = end;
            }
            Some(byte) if byte.is_ascii_alphabetic() => self.start_tag()?,
            _ => self.keep(self.at + 1),
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let bytes = self.html.as_bytes();
        let name = name(&bytes[self.at + 1..]);
        let start = self.out.len();
        let end = self.attributes(self.at + 1 + name.len())?;
        match &*name {
            b"script" => {
                let json = self.out[start..].to_ascii_lowercase().contains("ld+json");
                let close = self.raw_end(end, &name);
                if json {
                    self.keep(close);
                    self.out.push_str("</script>");
                } else {
                    self.out.truncate(start);
                }
                self.at = self.after(close, b">");
                return Ok(());
            }
            b"style" | b"svg" | b"iframe" | b"noembed" | b"noframes" | b"textarea" | b"xmp" | b"math"
            | b"plaintext" => {
                self.out.truncate(start);
                self.at = self.after(self.raw_end(end, &name), b">");
                return Ok(());
            }
            b"title" => {
                let close = self.raw_end(end, &name);
                self.keep(close);
                return Ok(());
            }
            _ => {}
        }
        let opens = !(is_void(&name) || closes_itself(&name) || self.out[start..].ends_with("/>"));
        self.elements += 1;
        if is_formatting(&name) {
            self.formatting += 1;
            if self.formatting > MAX_FORMATTING {
                self.out.truncate(start);
            }
        } else if opens {
            self.elements += self.formatting.min(MAX_FORMATTING);
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                self.out.truncate(start);
            }
        } else {
            self.elements += self.formatting.min(MAX_FORMATTING);
        }
        Ok(())
    }

    /// Writes the tag at the cursor with its attributes, the long values left empty; gives its end.
    fn attributes(&mut self, mut at: usize) -> Result<usize, String> {
        let bytes = self.html.as_bytes();
        let mut count = 0;
        while let Some(length) = bytes[at..].iter().position(|byte| matches!(byte, b'>' | b'=')) {
            if bytes[at + length] == b'>' {
                self.keep(at + length + 1);
                return Ok(self.at);
            }
            count += 1;
            if count > MAX_ATTRIBUTES {
                return Err(format!("an element with more than {MAX_ATTRIBUTES} attributes"));
            }
            at += length + 1;
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) {
                let Some(length) = memchr::memchr(quote, &bytes[at + 1..]) else { break };
                if length > MAX_VALUE {
                    self.keep(at + 1);
                    self.at = at + 1 + length;
                }
                at += length + 2;
            }
        }
        // A tag that the file ends in.
        self.at = self.html.len();
        Ok(self.at)
    }

    /// Whether an end tag of this name is kept: those of the tags that were left out go with them.
    fn closes(&mut self, name: &[u8]) -> bool {
        let (open, limit) = match () {
            () if is_formatting(name) => (&mut self.formatting, MAX_FORMATTING),
            () if is_void(name) || closes_itself(name) => return true,
            () => (&mut self.depth, MAX_DEPTH),
        };
        let kept = *open <= limit;
        *open = open.saturating_sub(1);
        kept
    }

    /// Where the text of a raw text element ends: at its end tag, or with the page.
    fn raw_end(&self, from: usize, name: &[u8]) -> usize {
        let bytes = self.html.as_bytes();
        memchr::memmem::find_iter(&bytes[from..], b"</")
            .map(|length| from + length)
            .find(|&at| {
                bytes.get(at + 2..at + 2 + name.len()).is_some_and(|there| there.eq_ignore_ascii_case(name))
            })
            .unwrap_or(bytes.len())
    }

    /// The place after the next `mark`, or the end of the page.
    fn after(&self, from: usize, mark: &[u8]) -> usize {
        memchr::memmem::find(&self.html.as_bytes()[from..], mark)
            .map_or(self.html.len(), |length| from + length + mark.len())
    }

    /// Copies up to `end`.
    fn keep(&mut self, end: usize) {
        self.out.push_str(&self.html[self.at..end]);
        self.at = end;
    }
}

/// The tag's name, in lower case.
fn name(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/' | b'<'))
        .take(64)
        .map(u8::to_ascii_lowercase)
        .collect()
}

fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Elements whose end tag may be left out; the next of their kind ends them.
fn closes_itself(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"li"
            | b"dt"
            | b"dd"
            | b"tr"
            | b"td"
            | b"th"
            | b"thead"
            | b"tbody"
            | b"tfoot"
            | b"option"
            | b"optgroup"
            | b"a"
            | b"html"
            | b"head"
            | b"body"
    )
}

/// The parser's list of active formatting elements, but for `<a>`, of which only one can be open.
fn is_formatting(name: &[u8]) -> bool {
    matches!(
        name,
        b"b" | b"big"
            | b"code"
            | b"em"
            | b"font"
            | b"i"
            | b"nobr"
            | b"s"
            | b"small"
            | b"strike"
            | b"strong"
            | b"tt"
            | b"u"
    )
}
