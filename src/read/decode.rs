//! Bytes to text: which encoding a file is in, by what it shows before what it says.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Where inside the bytes a label of their own encoding may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Nowhere: plain text, CSV, JSON.
    Nowhere,
    /// `<meta charset>` or `http-equiv` near the top, or an XML declaration (XHTML).
    Html,
    /// `<?xml encoding="…"?>` at the very top.
    Xml,
}

/// A label stands this near to the top or is not read: the standard asks for 1,024 bytes, saved pages have comments first.
const LABEL_WITHIN: usize = 16 * 1024;
/// The detector has made up its mind long before.
const DETECT_WITHIN: usize = 256 * 1024;
/// More wrong places than one in this many characters, and the label is not believed.
const WRONG_PER_CHARACTERS: usize = 500;

/// The bytes as text, without a byte order mark; never fails, for what cannot be decoded becomes U+FFFD.
///
/// `declared` is a label from outside the bytes (an HTTP or MIME header). In order: a byte order mark; the zero bytes
/// of UTF-16; the escapes of ISO-2022-JP; valid UTF-8, whatever the labels say, for no other encoding looks like it by
/// chance; the outer label, then the inner one, if the text decodes by it; UTF-8 with a few broken places (a file cut
/// short, one bad insertion); the guess of `chardetng`.
pub(super) fn text<'b>(bytes: &'b [u8], declared: Option<&str>, label: Label) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Some(encoding) = utf_16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if escapes_japanese(bytes)
        && let Some(text) = believed(ISO_2022_JP, bytes)
    {
        return text;
    }
    let broken = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) => error,
    };
    let outer = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    for encoding in outer.into_iter().chain(inner(bytes, label)) {
        if encoding != UTF_8
            && let Some(text) = believed(encoding, bytes)
        {
            return text;
        }
    }
    let cut_short = broken.error_len().is_none();
    if cut_short || mostly_utf_8(bytes) {
        return String::from_utf8_lossy(bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let head = &bytes[..bytes.len().min(DETECT_WITHIN)];
    detector.feed(head, head.len() == bytes.len());
    detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(bytes).0
}

/// UTF-16 without a byte order mark: spaces and tags have zero bytes on one side, that of the high halves; text of
/// other encodings has none.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let (mut first, mut second) = (0, 0);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let pairs = head.len() / 2;
    let many = |zeros: usize| zeros > 1 && zeros * 25 >= pairs;
    let few = |zeros: usize| zeros * 500 <= pairs;
    match () {
        () if many(second) && few(first) => Some(UTF_16LE),
        () if many(first) && few(second) => Some(UTF_16BE),
        () => None,
    }
}

/// The escape sequences by which ISO-2022-JP enters a Japanese set, in bytes that are otherwise ASCII.
fn escapes_japanese(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, bytes)
        .take(64)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")))
        && bytes.is_ascii()
}

/// The text by this encoding, if so few places are wrong that the label can be believed.
fn believed<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    // Every byte means something in windows-1252, five of them only control characters that no text has: those are the
    // halves of characters of another encoding.
    let controls = encoding == WINDOWS_1252 && text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c));
    if !wrong && !controls {
        return Some(text);
    }
    let (mut characters, mut wrong) = (0, 0);
    for c in text.chars() {
        characters += usize::from(!c.is_ascii());
        wrong += usize::from(c == '\u{fffd}' || ('\u{80}'..='\u{9f}').contains(&c));
    }
    (wrong * WRONG_PER_CHARACTERS <= characters).then_some(text)
}

/// Whether the bytes are UTF-8 but for a few places: ten good characters beyond ASCII for each bad one.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 10 * bad
}

/// The encoding that the bytes themselves name.
fn inner(bytes: &[u8], label: Label) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LABEL_WITHIN)];
    let named = |name: &[u8]| match Encoding::for_label(name)? {
        // A label that can be read byte by byte is not in UTF-16.
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => Some(UTF_8),
        encoding => Some(encoding),
    };
    let declaration = || {
        let end = memchr::memchr(b'>', head)?;
        let declaration = head[..end].trim_ascii_start().strip_prefix(b"<?xml")?;
        let at = memchr::memmem::find(declaration, b"encoding")?;
        value(&declaration[at + b"encoding".len()..])
    };
    match label {
        Label::Nowhere => None,
        Label::Xml => named(declaration()?),
        Label::Html => declaration().or_else(|| meta(head)).and_then(named),
    }
}

/// What `charset` is set to in a `<meta>`.
fn meta(head: &[u8]) -> Option<&[u8]> {
    let starts = |at: usize, word: &[u8]| {
        head.get(at..at + word.len()).is_some_and(|there| there.eq_ignore_ascii_case(word))
    };
    memchr::memchr_iter(b'<', head).filter(|&at| starts(at, b"<meta")).find_map(|start| {
        let end = memchr::memchr(b'>', &head[start..]).map_or(head.len(), |length| start + length);
        (start..end)
            .filter(|&at| starts(at, b"charset"))
            .find_map(|at| value(&head[at + b"charset".len()..end]))
    })
}

/// The word after `=`, in quotes or bare.
fn value(after: &[u8]) -> Option<&[u8]> {
    let after = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let after = match after.first()? {
        b'"' | b'\'' => &after[1..],
        _ => after,
    };
    let end = after
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.:".contains(byte))
        .unwrap_or(after.len());
    (end > 0).then(|| &after[..end])
}

#[cfg(test)]
mod tests {
    use super::{Label, text};
    use encoding_rs::{BIG5, EUC_KR, GBK, ISO_2022_JP, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    fn check(bytes: &[u8], declared: Option<&str>, label: Label, expected: &str) {
        assert_eq!(text(bytes, declared, label), expected);
    }

    const FRENCH: &str = "L’été dernier, le ministre a déclaré que la réforme était prête.";
    const JAPANESE: &str = "首相は月曜日、東京で記者団に対し、法案は今週中に提出されると語った。";
    const CHINESE: &str = "总理星期一在北京对记者说，这项法案将于本周内提交议会讨论。";

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn what_the_bytes_show() {
        check(b"", None, Label::Nowhere, "");
        check(FRENCH.as_bytes(), Some("iso-8859-1"), Label::Nowhere, FRENCH);
        check(b"\xef\xbb\xbfplain", None, Label::Nowhere, "plain");
        check(b"\xff\xfeo\0k\0", None, Label::Nowhere, "ok");
        check(b"\xfe\xff\0o\0k", None, Label::Nowhere, "ok");
        check(&utf_16(FRENCH, u16::to_le_bytes), None, Label::Html, FRENCH);
        check(&utf_16(FRENCH, u16::to_be_bytes), None, Label::Html, FRENCH);
        check(&ISO_2022_JP.encode(JAPANESE).0, None, Label::Nowhere, JAPANESE);
        check(
            b"an escape \x1b[1m is no Japanese",
            None,
            Label::Nowhere,
            "an escape \u{1b}[1m is no Japanese",
        );
    }

    #[test]
    fn what_the_labels_say() {
        let page = |head: &str, encoding: &'static encoding_rs::Encoding, words: &str| {
            let page = format!("{head}<p>{words}");
            (encoding.encode(&page).0.into_owned(), page)
        };
        for (head, encoding, words) in [
            ("<meta charset=shift_jis>", SHIFT_JIS, JAPANESE),
            ("<META http-equiv=Content-Type content='text/html; charset = gb2312'>", GBK, CHINESE),
            ("<?xml version='1.0' encoding='windows-1252'?>", WINDOWS_1252, FRENCH),
            ("<meta name=charset><meta charset=\"euc-kr\">", EUC_KR, "총리는 월요일에 말했다"),
        ] {
            let (bytes, expected) = page(head, encoding, words);
            check(&bytes, None, Label::Html, &expected);
        }
        check(&BIG5.encode("總理星期一說").0, Some("big5"), Label::Nowhere, "總理星期一說");
    }

    #[test]
    fn labels_that_are_wrong() {
        let page = format!("<meta charset=utf-8><p>{FRENCH}");
        check(&WINDOWS_1252.encode(&page).0, None, Label::Html, &page);
        let page = format!("<meta charset=iso-8859-1><p>{JAPANESE}{JAPANESE}");
        check(&SHIFT_JIS.encode(&page).0, None, Label::Html, &page);
        let page = format!("<meta charset=utf-16><p>{FRENCH}");
        check(page.as_bytes(), None, Label::Html, &page);
        check(b"<meta charset=klingon><p>ok", None, Label::Html, "<meta charset=klingon><p>ok");
    }

    #[test]
    fn no_label_at_all() {
        check(&WINDOWS_1252.encode(FRENCH).0, None, Label::Nowhere, FRENCH);
        check(&GBK.encode(CHINESE).0, None, Label::Nowhere, CHINESE);
        check(&SHIFT_JIS.encode(JAPANESE).0, None, Label::Nowhere, JAPANESE);
        let russian = "Министр заявил журналистам, что переговоры начнутся в понедельник.";
        check(&WINDOWS_1251.encode(russian).0, None, Label::Nowhere, russian);
    }

    #[test]
    fn broken_utf_8_stays_utf_8() {
        check(&JAPANESE.as_bytes()[..7], None, Label::Nowhere, "首相\u{fffd}");
        let mut bytes = JAPANESE.as_bytes().to_vec();
        bytes.push(0xe9);
        bytes.extend_from_slice(b" end");
        check(&bytes, None, Label::Nowhere, &format!("{JAPANESE}\u{fffd} end"));
    }
}
