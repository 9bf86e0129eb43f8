//! What a file holds, told by its first bytes and, where they leave it open, by its name.

use super::{Format, decode};

/// How a file is cut into pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole file is one piece.
    Whole(Format),
    JsonLines,
    Json,
    Table,
    Warc,
    Feed,
    /// NewsML-G2: one item or a message of many.
    NewsMl,
    Gzip,
    Zstd,
    Zip,
}

impl Kind {
    /// What people call it; nothing for what is only packed, or a zip before it was looked into.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Kind::Whole(Format::Plain) => "text",
            Kind::Whole(Format::Markdown) => "Markdown",
            Kind::Whole(Format::Html) => "HTML",
            Kind::Whole(Format::JsonRow) | Kind::Json => "JSON",
            Kind::Whole(Format::Mail) => "MHTML, EML",
            Kind::Whole(Format::Nitf) => "NITF",
            Kind::Whole(Format::NewsMl) | Kind::NewsMl => "NewsML-G2",
            Kind::Whole(Format::Pdf) => "PDF",
            Kind::JsonLines => "JSON Lines",
            Kind::Table => "CSV, TSV",
            Kind::Warc => "WARC",
            Kind::Feed => "RSS, Atom",
            Kind::Gzip | Kind::Zstd | Kind::Zip => return None,
        })
    }
}

/// Why a file is none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum No {
    /// It never meant to be an article.
    NotArticle(String),
    /// Its name promises one, its bytes break the promise.
    Broken(String),
}

/// This much of a file is enough to tell.
pub(super) const HEAD: usize = 8 * 1024;

/// Endings of files that stand beside articles and are none.
const BESIDE: [&str; 64] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "ico", "svg", "tif", "tiff", "heic", "psd", "css",
    "js", "mjs", "map", "scss", "less", "ts", "tsx", "jsx", "woff", "woff2", "ttf", "otf", "eot", "mp3",
    "m4a", "ogg", "oga", "wav", "aac", "flac", "mp4", "m4v", "webm", "mov", "avi", "mkv", "vtt", "srt",
    "swf", "exe", "dll", "so", "bin", "o", "class", "pyc", "py", "sh", "rs", "c", "h", "cdx", "cdxj", "idx",
    "db", "sqlite", "lock", "tmp", "bak", "part",
];

/// Openings of files that a person may have renamed, and what to call them.
const MAGIC: [(&[u8], &str); 17] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"BM", "a BMP image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
];

/// The last part of the name after its dot, in lower case; empty where there is none.
pub(super) fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default()
}

/// Whether the name alone says that the file is no article.
pub(super) fn is_beside(name: &str) -> bool {
    BESIDE.contains(&ending(name).as_str())
}

/// What the file holds. `head` is its beginning, [`HEAD`] bytes where it has as many; `name` its name.
pub(super) fn kind(head: &[u8], name: &str) -> Result<Kind, No> {
    let ending = ending(name);
    match head {
        [0x1f, 0x8b, ..] => return Ok(Kind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => return Ok(Kind::Zstd),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Ok(Kind::Zip),
        [b'W', b'A', b'R', b'C', b'/', ..] => return Ok(Kind::Warc),
        _ => {}
    }
    // Readers of PDF look for its mark this far in.
    if memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-")
        .is_some_and(|at| at == 0 || ending == "pdf")
    {
        return Ok(Kind::Whole(Format::Pdf));
    }
    let text = decode::text(head, None, decode::Label::Nowhere);
    if let Some(what) = binary(head, &text) {
        let why = format!("{what}, not an article");
        return Err(if promises(&ending) { No::Broken(why) } else { No::NotArticle(why) });
    }
    let text = text.trim_start_matches(['\u{feff}', '\0']).trim_start();
    if text.starts_with('<') {
        return Ok(marked_up(text, &ending));
    }
    if let Some(kind) = json(text, &ending) {
        return Ok(kind);
    }
    if is_mail(text, &ending) {
        return Ok(Kind::Whole(Format::Mail));
    }
    Ok(match ending.as_str() {
        "html" | "htm" | "xhtml" | "shtml" => Kind::Whole(Format::Html),
        "md" | "markdown" | "mdx" | "mkd" => Kind::Whole(Format::Markdown),
        "csv" | "tsv" | "tab" => Kind::Table,
        _ if text.starts_with("---\n") || text.starts_with("---\r\n") || text.starts_with("+++\n") => {
            Kind::Whole(Format::Markdown)
        }
        _ if super::table::is_table(text) => Kind::Table,
        _ if has_markup(text) => Kind::Whole(Format::Html),
        _ => Kind::Whole(Format::Plain),
    })
}

/// Endings under which people expect an article.
fn promises(ending: &str) -> bool {
    matches!(
        ending,
        "txt"
            | "text"
            | "html"
            | "htm"
            | "xhtml"
            | "shtml"
            | "md"
            | "markdown"
            | "json"
            | "jsonl"
            | "ndjson"
            | "csv"
            | "tsv"
            | "warc"
            | "gz"
            | "zst"
            | "zip"
            | "wacz"
            | "mhtml"
            | "mht"
            | "eml"
            | "rss"
            | "atom"
            | "xml"
            | "pdf"
            | "epub"
    )
}

/// What the bytes are if they are no text.
fn binary(head: &[u8], text: &str) -> Option<&'static str> {
    // Two letters are no proof: `BM` and `MZ` begin sentences too.
    let controls = text.chars().filter(|&c| is_control(c)).count();
    let is_text = controls * 50 <= text.chars().count();
    MAGIC
        .iter()
        .find(|(magic, _)| {
            head.starts_with(magic) && (!is_text || magic.iter().any(|byte| !byte.is_ascii_graphic()))
        })
        .map(|&(_, what)| what)
        .or_else(|| (!is_text).then_some("binary data"))
}

/// A character that no text has, or the mark of one that could not be decoded.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b' | '\x0e'..='\x1a' | '\x1c'..='\x1f' | '\x7f' | '\u{80}'..='\u{9f}' | '\u{fffd}')
}

/// XML of a kind we know by its root, else a page.
fn marked_up(text: &str, ending: &str) -> Kind {
    match root(text) {
        "rss" | "feed" | "RDF" => Kind::Feed,
        "nitf" => Kind::Whole(Format::Nitf),
        "newsItem" | "newsMessage" | "packageItem" => Kind::NewsMl,
        _ if matches!(ending, "md" | "markdown") => Kind::Whole(Format::Markdown),
        _ => Kind::Whole(Format::Html),
    }
}

/// The local name of the first element, past declarations and comments.
fn root(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let end = if text.starts_with("<!--") {
            text.find("-->").map(|at| at + 3)
        } else if text.starts_with("<!DOCTYPE")
            && text.find('[').is_some_and(|at| at < text.find('>').unwrap_or(0))
        {
            text.find("]>").map(|at| at + 2)
        } else if text.starts_with("<?") || text.starts_with("<!") {
            text.find('>').map(|at| at + 1)
        } else {
            None
        };
        match end {
            Some(end) => text = &text[end..],
            None => break,
        }
    }
    let Some(name) = text.strip_prefix('<') else { return "" };
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    name[..end].rsplit(':').next().unwrap_or("")
}

/// JSON, in lines or whole; a text that happens to begin with a bracket is neither.
fn json(text: &str, ending: &str) -> Option<Kind> {
    let named = matches!(ending, "json" | "jsonl" | "ndjson" | "jsonlines");
    if matches!(ending, "jsonl" | "ndjson" | "jsonlines") {
        return Some(Kind::JsonLines);
    }
    let inside = text.strip_prefix(['{', '['])?.trim_start();
    let opens = if text.starts_with('{') { ['"', '}'] } else { ['{', ']'] };
    if !named && !inside.starts_with(opens) {
        return None;
    }
    // one object alone, in whatever lines, may hold many articles
    let (first, others) = text.split_once('\n').unwrap_or((text, ""));
    let are_rows = first.starts_with('{')
        && others.trim_start().starts_with('{')
        && serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
    Some(if are_rows { Kind::JsonLines } else { Kind::Json })
}

/// Whether the text begins with the headers of a message, as MHTML and EML do.
fn is_mail(text: &str, ending: &str) -> bool {
    let mut headers = 0;
    let mut telling = matches!(ending, "eml" | "mht" | "mhtml");
    for (index, line) in text.lines().enumerate().take(60) {
        if line.starts_with([' ', '\t']) && index > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            break;
        }
        headers += 1;
        telling |= ["mime-version", "received", "message-id", "return-path"]
            .iter()
            .any(|telling| name.eq_ignore_ascii_case(telling));
    }
    telling && headers >= 2
}

/// Whether text that does not begin with a tag has enough of them to be a page all the same.
fn has_markup(text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    low.contains("<html")
        || low.contains("<!doctype html")
        || (low.matches("<p>").count() + low.matches("</p>").count()) >= 4
}

#[cfg(test)]
mod tests {
    use super::{Kind, No, kind};
    use crate::read::Format;

    fn check(head: &str, name: &str, expected: Kind) {
        assert_eq!(kind(head.as_bytes(), name), Ok(expected), "{name}: {head}");
    }

    #[test]
    fn content_before_name() {
        check("<!doctype html><p>x", "a.txt", Kind::Whole(Format::Html));
        check("\u{feff}<html lang=en>", "a", Kind::Whole(Format::Html));
        check("<?xml version=\"1.0\"?>\n<!-- c --><rss version='2.0'>", "a.html", Kind::Feed);
        check("<feed xmlns='x'>", "feed", Kind::Feed);
        check("<rdf:RDF xmlns:rdf='x'>", "feed.xml", Kind::Feed);
        check(
            "<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'n.dtd'><nitf>",
            "a.xml",
            Kind::Whole(Format::Nitf),
        );
        check("<newsItem xmlns='x'>", "a.xml", Kind::NewsMl);
        check("%PDF-1.4", "a.txt", Kind::Whole(Format::Pdf));
        check("WARC/1.0\r\n", "a", Kind::Warc);
        check("{\"text\": \"a\"}\n{\"text\": \"b\"}\n", "a.json", Kind::JsonLines);
        check("{\n \"text\": \"a\"\n}", "-", Kind::Json);
        check("{\"articles\": [{\"text\": \"a\"}]}\n", "a.json", Kind::Json);
        check("[\n {\"text\": \"a\"}]", "-", Kind::Json);
        check("[Photo: the mayor] She said", "a.txt", Kind::Whole(Format::Plain));
        check("not json", "a.jsonl", Kind::JsonLines);
        check(
            "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
            "saved",
            Kind::Whole(Format::Mail),
        );
        check("Headline: Rain\nDate: today\n\nIt rained.", "a.txt", Kind::Whole(Format::Plain));
        check("---\ntitle: Rain\n---\nIt rained.", "a.txt", Kind::Whole(Format::Markdown));
        check("title\tbody\nRain\tIt rained", "-", Kind::Table);
        check("MZ is the first word", "a.txt", Kind::Whole(Format::Plain));
        check("", "a.md", Kind::Whole(Format::Markdown));
    }

    #[test]
    fn what_is_no_article() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
        assert_eq!(kind(png, "a.html"), Err(No::Broken("a PNG image, not an article".into())));
        assert_eq!(kind(png, "a"), Err(No::NotArticle("a PNG image, not an article".into())));
        let noise: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert_eq!(kind(&noise, "a.txt"), Err(No::Broken("binary data, not an article".into())));
    }

    #[test]
    fn a_few_stray_bytes_are_text() {
        let text = format!("{}\0{}", "Rain fell on the town. ".repeat(20), "More is on its way. ".repeat(20));
        check(&text, "a.txt", Kind::Whole(Format::Plain));
        let wide: Vec<u8> = "Rain fell on the town.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(kind(&wide, "a.txt"), Ok(Kind::Whole(Format::Plain)));
    }
}
