//! Limits on hostile pages: a page is sifted before any parser sees it, and what is left is small, shallow and safe.

use super::page::head;

/// A page larger than this is not read; saved pages with all their pictures inside stay under it.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// More control characters than one in this many, and it is no text.
const TEXT_PER_CONTROL: usize = 20;
/// What is left without scripts, styles, comments and pictures: some 200 times a long article.
const MAX_KEPT: usize = 8 * 1024 * 1024;
/// Elements, entities and stray `<` of a page: the longest live blogs have 40,000.
const MAX_ELEMENTS: usize = 120_000;
/// Attributes of one element, which the parser compares each with each.
const MAX_ATTRIBUTES: usize = 500;
/// Elements inside each other; browsers stop at 512. Tags deeper than this are left out, their text stays.
const MAX_DEPTH: usize = 250;
/// `<b>`, `<font>` and their like left open: the parser opens each of them again in every block that follows.
const MAX_FORMATTING: usize = 16;
/// Longer values of attributes are pictures or data.
const MAX_VALUE: usize = 8 * 1024;

/// Which of a page's two texts is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// That of a browser that runs scripts: `<noscript>` is empty, templates are not shown.
    Scripted,
    /// That of one without: `<noscript>` is text, and so are the templates that scripts would have filled in.
    Unscripted,
}

/// The page without what no reader sees (scripts but JSON-LD, styles, comments, drawings, embedded pictures), within
/// the limits above; or why it is too much, for a [`ReadError`](super::ReadError).
///
/// In one pass, by the rules of the HTML tokenizer that matter: quoted attribute values, comments, raw text elements.
pub(super) fn sift(html: &str, reader: Reader) -> Result<String, String> {
    let top = head(html, 4096);
    let controls = top.chars().filter(|c| c.is_control() && !c.is_ascii_whitespace() && *c != '\0').count();
    if controls * TEXT_PER_CONTROL > top.chars().count()
        || (top.len() > 100 && top.bytes().all(|byte| byte == 0))
    {
        return Err("not a web page but binary data".to_owned());
    }
    if html.len() > MAX_BYTES {
        return Err(format!(
            "a page of {} MB; the limit is {} MB",
            html.len() / 1_000_000,
            MAX_BYTES / 1_000_000
        ));
    }
    let mut sieve = Sieve {
        html,
        reader,
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
            return Err(format!("more than {MAX_ELEMENTS} elements and entities in one page"));
        }
    }
    Ok(sieve.out)
}

struct Sieve<'h> {
    html: &'h str,
    reader: Reader,
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
            self.text(self.html.len());
            return Ok(());
        };
        self.text(self.at + length);
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
            _ => {
                self.elements += 1;
                self.keep(self.at + 1);
            }
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let bytes = self.html.as_bytes();
        let name = name(&bytes[self.at + 1..]);
        let start = self.out.len();
        let end = self.attributes(self.at + 1 + name.len())?;
        match &*name {
            b"noscript" if self.reader == Reader::Unscripted => {
                self.out.truncate(start);
                return Ok(());
            }
            b"script" => {
                let tag = self.out[start..].to_ascii_lowercase();
                if self.reader == Reader::Unscripted && tag.contains("template") {
                    self.out.truncate(start);
                    return Ok(());
                }
                let json = tag.contains("ld+json");
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
            // The page is decoded already, and html5ever 0.39 gives up at a `charset` that ends the value.
            b"meta" if self.out[start..].to_ascii_lowercase().contains("content-type") => {
                self.out.truncate(start);
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
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    self.keep(at + 1);
                    return Ok(self.at);
                }
                b'=' => {
                    at += 1;
                    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    let length = match bytes.get(at) {
                        Some(&quote @ (b'"' | b'\'')) => {
                            let Some(length) = memchr::memchr(quote, &bytes[at + 1..]) else { break };
                            if length > MAX_VALUE {
                                self.keep(at + 1);
                                self.at = at + 1 + length;
                            }
                            length + 2
                        }
                        _ => bytes[at..]
                            .iter()
                            .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'>')
                            .count(),
                    };
                    at += length;
                }
                byte if byte.is_ascii_whitespace() || byte == b'/' => at += 1,
                _ => {
                    count += 1;
                    if count > MAX_ATTRIBUTES {
                        return Err(format!("an element with more than {MAX_ATTRIBUTES} attributes"));
                    }
                    at += bytes[at..]
                        .iter()
                        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/' | b'='))
                        .count();
                }
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

    /// Copies text up to `end`; each entity in it costs the parser as much as an element.
    fn text(&mut self, end: usize) {
        self.elements += memchr::memchr_iter(b'&', &self.html.as_bytes()[self.at..end]).count();
        self.keep(end);
    }

    /// Copies up to `end`, of what is too much only so much that it is seen to be.
    fn keep(&mut self, end: usize) {
        let room = (MAX_KEPT + 4).saturating_sub(self.out.len());
        self.out.push_str(head(&self.html[self.at..end], room));
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

#[cfg(test)]
mod tests {
    use super::{Reader, sift};

    fn check(page: &str, expected: &str) {
        assert_eq!(sift(page, Reader::Scripted).as_deref(), Ok(expected), "{page}");
    }

    fn refused(page: &str, expected: &str) {
        let why = sift(page, Reader::Scripted).unwrap_err();
        assert!(why.contains(expected), "{why}");
    }

    #[test]
    fn what_no_reader_sees_goes() {
        check("<p>one</p>", "<p>one</p>");
        check("<p>a<script>if (a < b) '</p>'</script>b", "<p>ab");
        check("<STYLE>p{}</STYLE><p>a<svg><path d=1></svg>b", "<p>ab");
        check("a<!-- <p> -->b<!---->c<!-- never closed", "abc");
        check("<title>a < b</title>c", "<title>a < b</title>c");
        check("<META http-equiv=Content-Type content='text/html; charset'>a", "a");
        check(
            "<script type='application/ld+json'>{}</script>a",
            "<script type='application/ld+json'>{}</script>a",
        );
        check("<script>never closed <p>a", "");
        check("1 < 2 </ p", "1 < 2 </ p");
        check("<a title='x > y' href=z>b</a>", "<a title='x > y' href=z>b</a>");
        check("<p>a</p><p class='cut sho", "<p>a</p>");
        let picture = format!("<img src=\"data:image/png;base64,{}\" alt='b'>", "A".repeat(10_000));
        check(&picture, "<img src=\"\" alt='b'>");
    }

    #[test]
    fn a_browser_without_scripts_sees_more() {
        let page = "<noscript><p>a</noscript><script type='text/template'><p>b</script><script>c</script>";
        assert_eq!(sift(page, Reader::Unscripted).as_deref(), Ok("<p>a</noscript><p>b</script>"));
    }

    #[test]
    fn depth_is_flattened_and_the_rest_refused() {
        let deep = sift(&format!("{}<p>a", "<div>".repeat(100_000)), Reader::Scripted).expect("flattened");
        assert_eq!(deep.matches("<div>").count(), super::MAX_DEPTH);
        assert!(deep.ends_with("<p>a"));
        let bold = sift(&"<b>".repeat(50_000), Reader::Scripted).expect("flattened");
        assert_eq!(bold.matches("<b>").count(), super::MAX_FORMATTING);
        refused(&"<p>".repeat(500_000), "elements");
        refused(&"&amp;".repeat(500_000), "entities");
        refused(&format!("<p {}>", "a=1 ".repeat(100_000)), "attributes");
        refused(&format!("<p {}>", "a ".repeat(100_000)), "attributes");
        refused(&"word ".repeat(5_000_000), "MB of text");
        refused(&"\u{1}\u{2}\u{3}ELF".repeat(100), "binary");
        refused(&"\0".repeat(1000), "binary");
    }
}
