//! Files made to break a reader: each gets a clear line, and costs next to nothing.

use crate::formats::read_all;
use onrecord::read::{self, Format, Options, Piece};
use proptest::prelude::*;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Four times what the promise allows, for machines that do other things as well.
const LONGEST: Duration = Duration::from_secs(4);

/// What is said of a file with these bytes: the text's first words, or the complaint without the path.
#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let started = Instant::now();
    let found = all(&path);
    let took = started.elapsed();
    assert_eq!(found, expected, "{name}");
    assert!(took < LONGEST, "{name} took {took:?}");
}

fn all(path: &Path) -> Vec<String> {
    read_all(path, &Options::default())
        .into_iter()
        .map(|found| match found {
            Ok(article) => article.text.chars().take(20).collect(),
            Err(error) => match error.line() {
                0 => error.why().to_owned(),
                line => format!("{}: {}", line, error.why()),
            },
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        packer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        packer.write_all(bytes).unwrap();
    }
    packer.finish().unwrap().into_inner()
}

const BOMB: &str = "it unpacks to more than 100 times its size";

#[test]
fn bombs() {
    let blanks = vec![b'\n'; 100 << 20];
    check("rows.jsonl.gz", &gzip(&blanks), &[BOMB]);
    check("rows.jsonl.zst", &zstd::encode_all(&blanks[..], 3).unwrap(), &[BOMB]);
    check("all.zip", &zipped(&[("rows.jsonl", &blanks)]), &[BOMB]);
    check(
        "text.txt.gz",
        &gzip(&[b'a'; 20 << 20]),
        &["larger than 6 MB, the most that is read of one article without `--largest`"],
    );
    // Each member alone is within the limits; together they are not.
    let member = gzip(&[b'\n'; 12 << 20]);
    let name = |number: usize| format!("{number}.jsonl.gz");
    let names: Vec<String> = (0..20).map(name).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &member[..])).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    fs::write(&path, zipped(&members)).unwrap();
    assert!(all(&path).iter().any(|line| line == BOMB));
    let mut nested = b"Rain fell.".to_vec();
    for _ in 0..8 {
        nested = gzip(&nested);
    }
    check("deep.gz", &nested, &["too many archives inside each other"]);
}

#[test]
fn what_pretends() {
    check("a.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["a PNG image, not an article"]);
    let noise: Vec<u8> = (0u32..100_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    check("a.txt", &noise, &["binary data, not an article"]);
    check("a.json", &noise, &["binary data, not an article"]);
    check("a.txt", b"", &["nothing in it"]);
    check("a.html", b" \r\n ", &["nothing in it"]);
    check(
        "a.pdf",
        b"%PDF-1.4 and nothing more",
        &["a damaged PDF: couldn't parse input: invalid file header"],
    );
    check(
        "a.zip",
        b"PK\x03\x04 and nothing more",
        &["a damaged zip: invalid Zip archive: Could not find EOCD"],
    );
    check("a.gz", &gzip(b"Rain fell on the town.")[..20], &["cut short"]);
    check(
        "a.docx",
        &zipped(&[("[Content_Types].xml", b"<x/>")]),
        &["an office document, not an article\nhint: save it as PDF or text"],
    );
}

#[test]
fn rows() {
    let broken = "{\"text\":\"one\"}\n\n{\"text\":\"two\"}\n[1]\n{\"text\":\"three\"}\n\n{\"text\": \"cut\n{\"text\":\"four\"}\n";
    check(
        "a.jsonl",
        broken.as_bytes(),
        &[
            "one",
            "two",
            "4: not a JSON object",
            "three",
            "7: not a JSON object: EOF while parsing a string",
            "four",
        ],
    );
    let prose = "no JSON here\n".repeat(1000);
    assert_eq!(
        read_lines("a.jsonl", prose.as_bytes()).last().unwrap(),
        "20 lines are not JSON objects, the rest is not read"
    );
    let long = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"short\"}}\n", "a".repeat(20 << 20));
    check(
        "a.jsonl",
        long.as_bytes(),
        &["1: larger than 6 MB, the most that is read of one article without `--largest`", "short"],
    );
    check("a.json", format!("{{\"a\":{}", "[".repeat(1 << 20)).as_bytes(), &["1: the object is cut short"]);
    check(
        "a.json",
        format!("{{\"text\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes(),
        &["1: not a JSON object: recursion limit exceeded"],
    );
    check("a.json", b"[{\"text\":\"one\"},{\"text\":", &["one", "1: the object is cut short"]);
    let open = format!("title,text\nRain,\"{}", "a, b\n".repeat(5 << 20));
    check("a.csv", open.as_bytes(), &["2: a row of more than 6 MB, a quotation mark may be open"]);
}

fn read_lines(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    all(&path)
}

#[test]
fn texts() {
    let page = "Rain fell on the town, the mayor said. ".repeat(200);
    check("a.txt", &page.replacen("town", "to\0wn", 20).into_bytes(), &["Rain fell on the tow"]);
    let wide: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check("a.txt", &wide, &["Rain fell on the tow"]);
    check("a.txt", &"Advertisement\n".repeat(200_000).into_bytes(), &["Advertisement\nAdvert"]);
    check(
        "a.txt",
        &"Related Stories\nIt rained on the harbour again.\n".repeat(50_000).into_bytes(),
        &["Related Stories\nIt r"],
    );
    check(
        "a.txt",
        &[b'a'; 17 << 20],
        &["larger than 6 MB, the most that is read of one article without `--largest`"],
    );
    check("a.txt", &"(".repeat(2_000_000).into_bytes(), &["1: marks rather than words"]);
    let marks = "*_[(`".repeat(400_000);
    assert_eq!(read_lines("a.md", marks.as_bytes()).len(), 1);
    let yaml = format!("---\n{}\n---\nRain fell.", "a: [".repeat(200_000));
    check("a.md", yaml.as_bytes(), &["Rain fell."]);
}

#[test]
fn markup() {
    let deep = format!(
        "<rss version=\"2.0\"><channel>{}",
        "<media:group xmlns:media=\"http://search.yahoo.com/mrss/\">".repeat(100_000)
    );
    check("a.rss", deep.as_bytes(), &["more than 256 elements inside each other"]);
    let wide: String = (0..100_000).map(|number| format!(" a{number}='1'")).collect();
    check(
        "a.rss",
        format!("<rss version=\"2.0\"><channel{wide}></channel></rss>").as_bytes(),
        &["an element with more than 1000 attributes"],
    );
    let mut entities = "<?xml version=\"1.0\"?><!DOCTYPE nitf [<!ENTITY a0 \"ha\">".to_owned();
    for number in 1..30 {
        entities += &format!("<!ENTITY a{number} \"&a{0};&a{0};\">", number - 1);
    }
    entities += "]><nitf><body><body.content><p>Rain fell. &a29;</p></body.content></body></nitf>";
    check("a.xml", entities.as_bytes(), &["Rain fell."]);
    check(
        "a.xml",
        format!("<nitf><body>{}", "<block>".repeat(100_000)).as_bytes(),
        &["more than 256 elements inside each other"],
    );
}

#[test]
fn web_archives() {
    let claim = |length: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        )
    };
    check(
        "a.warc",
        (claim("18446744073709551615") + "<p>").as_bytes(),
        &["a page without text", "the archive is cut short"],
    );
    check("a.warc", claim("many").as_bytes(), &["a record that does not say how long it is"]);
    check(
        "a.warc",
        format!("WARC/1.0\r\n{}", "a: b\r\n".repeat(100_000)).as_bytes(),
        &["headers without end"],
    );
    check(
        "a.warc",
        b"WARC/1.0\r\nContent-Length: 2\r\n\r\nab\r\n\r\nno record",
        &["no record where one should begin"],
    );
}

#[test]
fn messages() {
    let mut nested = "MIME-Version: 1.0\r\nSubject: x\r\n".to_owned();
    for number in 0..5_000 {
        nested += &format!("Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n");
    }
    assert_eq!(read_lines("a.eml", nested.as_bytes()).len(), 1);
    let mut nested = "MIME-Version: 1.0\r\nSubject: x\r\n".to_owned();
    nested += &"Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    check("a.eml", nested.as_bytes(), &["more than 100 messages inside each other"]);
}

/// A PDF of these objects, the first of them its catalog.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut starts = Vec::new();
    for (number, object) in (1..).zip(objects) {
        starts.push(file.len());
        writeln!(file, "{number} 0 obj").unwrap();
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let table = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", starts.len() + 1).unwrap();
    for start in starts {
        writeln!(file, "{start:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    file
}

fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dictionary} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    object.extend_from_slice(b"\nendstream");
    object
}

#[test]
fn pdfs() {
    let own = |text: &str| text.as_bytes().to_vec();
    let catalog = own("<< /Type /Catalog /Pages 2 0 R >>");
    let page = own(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
    );
    let rings = "a PDF with parts that hold themselves, or too many inside each other";
    // A page's parent is its own parent.
    let ring = own("<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>");
    let bare = own("<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>");
    check("a.pdf", &pdf(&[catalog.clone(), ring, bare, stream("", b"BT ET")]), &[rings]);
    // A form draws itself.
    let pages = own("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    let form = |resources: &str| {
        stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}"), b"/F Do")
    };
    let of_form = |resources: &str| {
        pdf(&[catalog.clone(), pages.clone(), page.clone(), stream("", b"/F Do"), form(resources)])
    };
    check("a.pdf", &of_form("/Resources << /XObject << /F 5 0 R >> >>"), &[rings]);
    check("a.pdf", &of_form(""), &["a PDF with a form that draws others and does not say which"]);
    // Forms that each draw the next twice: a million drawings in twenty lines.
    let mut objects = vec![catalog.clone(), pages.clone(), page.clone(), stream("", b"/F Do")];
    for number in 6..26 {
        objects.push(stream(
            &format!("/Type /XObject /Subtype /Form /Resources << /XObject << /F {number} 0 R >> >>"),
            b"/F Do /F Do",
        ));
    }
    objects.push(stream("/Type /XObject /Subtype /Form /Resources << >>", b"BT ET"));
    check("a.pdf", &pdf(&objects), &["a PDF that draws more than pages do"]);
    // One drawing, many times on one page.
    let often = own(&format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [{}] >>",
        "4 0 R ".repeat(300_000)
    ));
    check(
        "a.pdf",
        &pdf(&[catalog.clone(), pages.clone(), often, stream("", b"BT ET")]),
        &["a PDF that draws more than pages do"],
    );
    // A small page that unpacks to a large one.
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 100 << 20]).unwrap();
    let bomb = stream("/Filter /FlateDecode", &packer.finish().unwrap());
    check(
        "a.pdf",
        &pdf(&[catalog, pages, page, bomb]),
        &["a PDF with a part that unpacks to more than any page has"],
    );
}

/// Files that cost a careless reader minutes or gigabytes.
fn dear() -> Vec<(&'static str, Vec<u8>)> {
    const PARAGRAPH: &str =
        "<p>The council voted on Tuesday to close the old harbour, which its critics called a mistake.</p>";
    let page =
        |what: &str, times: usize| format!("<html><body>{}{PARAGRAPH}", what.repeat(times)).into_bytes();
    let feed = |items: &str| {
        format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>").into_bytes()
    };
    let blanks = vec![b'\n'; 100 << 20];
    vec![
        ("divs.html", page("<div>", 100_000)),
        ("bold.html", page("<b>", 50_000)),
        ("bold_lines.html", page("<b><p>", 50_000)),
        ("attributes.html", page(&format!("<div{}>", " a=1".repeat(100_000)), 1)),
        ("large.html", page("word ", 10_000_000)),
        ("picture.html", page(&format!("<img src='data:image/png;base64,{}'>", "A".repeat(50 << 20)), 1)),
        ("lines.html", page("<p>", 500_000)),
        ("paragraphs.html", page("<p>It rained.</p>", 500_000)),
        ("tables.html", page("<table><tr><td>", 20_000)),
        ("dates.html", page("<time>1 January 2020</time>", 50_000)),
        ("entities.html", page("&amp;", 5_000_000)),
        ("names.html", page("<meta name=author content='A B'>", 50_000)),
        ("text.txt", b"Rain fell on the town. ".repeat(270_000)),
        ("line.txt", vec![b'a'; 6 << 20]),
        ("dates.txt", b"11 September 2023 ".repeat(340_000)),
        ("marks.md", b"*_[(`".repeat(1_500_000)),
        ("places.txt", b"Paris, Georgia, ".repeat(390_000)),
        ("quotes.txt", "“Yes,” he said. ".repeat(30_000).into_bytes()),
        ("open_quotes.txt", "“ \" ‘ ' ".repeat(700_000).into_bytes()),
        ("rows.jsonl.gz", gzip(&blanks)),
        ("rows.jsonl.zst", zstd::encode_all(&blanks[..], 3).unwrap()),
        ("all.zip", zipped(&[("rows.jsonl", &blanks)])),
        ("one.json", format!("{{\"text\":{}", "[".repeat(60 << 20)).into_bytes()),
        ("wide.csv", format!("title,text\n{}", ",".repeat(60 << 20)).into_bytes()),
        ("deep.rss", feed(&"<a>".repeat(1_000_000))),
        ("items.rss", feed(&"<item/>".repeat(500_000))),
        (
            "media.rss",
            feed(&format!("<item><title>x</title>{}</item>", "<category>x</category>".repeat(1_000_000))),
        ),
        (
            "words.eml",
            format!("Subject: x\r\nMIME-Version: 1.0\r\n\r\n{}", "word ".repeat(10 << 20)).into_bytes(),
        ),
        (
            "paths.pdf",
            pdf(&[
                b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>".to_vec(),
                stream("", &b"0 0 m 1 1 l S ".repeat(500_000)),
            ]),
        ),
    ]
}

/// Each file takes at most a second of one core and 200 MB; the limits leave room for the program itself and for machines
/// that are slower. They are of processor time and address space, so that a busy machine changes nothing.
#[cfg(target_os = "linux")]
#[test]
fn one_bad_file_costs_little() {
    let seconds = if cfg!(debug_assertions) { 30 } else { 3 };
    let mut dear_ones = Vec::new();
    for (name, bytes) in dear() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let done = std::process::Command::new("sh")
            .args([
                "-c",
                &format!("ulimit -t {seconds}; ulimit -v 450000; exec \"$0\" extract --threads 1 --format jsonl \"$1\""),
            ])
            .arg(env!("CARGO_BIN_EXE_onrecord"))
            .arg(folder.path())
            // Arenas that glibc reserves for threads count as address space, though nothing is in them.
            .env("MALLOC_ARENA_MAX", "1")
            .output()
            .unwrap();
        if !matches!(done.status.code(), Some(0..=2)) {
            dear_ones.push(format!("{name}: {:?} {}", done.status, String::from_utf8_lossy(&done.stderr)));
        }
    }
    assert!(dear_ones.is_empty(), "{}", dear_ones.join("\n"));
}

/// The beginnings of every format, so that random bytes get past the door.
const STARTS: [(&str, &str); 17] = [
    ("a.txt", "Rain\n\nBy Jane Doe\nPublished : "),
    ("a.md", "---\ntitle: Rain\n"),
    ("a.md", "+++\ntitle = 'Rain'\n"),
    ("a.html", "<!doctype html><article><p>"),
    ("a.jsonl", "{\"text\": \"Rain\", \"date\": \""),
    ("a.json", "{\"articles\": [{\"text\": \""),
    ("a.csv", "title,text,date\n\"Rain"),
    ("a.warc", "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n"),
    ("a.eml", "MIME-Version: 1.0\r\nSubject: Rain\r\nContent-Type: text/html\r\n\r\n"),
    ("a.mhtml", "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"),
    ("a.rss", "<rss version=\"2.0\"><channel><item><title>"),
    ("a.atom", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>"),
    ("a.xml", "<nitf><body><body.content><p>"),
    ("a.xml", "<newsItem><contentSet><inlineXML><p>"),
    ("a.pdf", "%PDF-1.4\n1 0 obj\n<< /Type /Catalog "),
    ("a.zip", "PK\u{3}\u{4}"),
    ("a.gz", "\u{1f}"),
];

/// Bytes that mean something to one parser or another, among others that do not.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<",
        ">",
        "&",
        "&amp;",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\n",
        "\r\n",
        "\n\n",
        "--b",
        "é",
        "“",
        "©",
        "By ",
        "Jane Doe",
        "2023-09-11",
        "Sept. 11, 2023 - 15:26",
        "Related Stories",
        "(AP)",
        "---\n",
        "%%EOF",
        "<![CDATA[",
        "]]>",
        "<!--",
        "=?utf-8?Q?",
        "=20",
        "endobj",
        "stream\n",
        "0 R",
        "\u{0}",
        "\u{feff}",
        "年",
    ]);
    let part = prop_oneof![
        3 => telling.prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

/// `read::article` turns a panic into this, so that a test has to look for it.
const GAVE_UP: &str = "too damaged or too strange, the parser gave up";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_bytes_make_reading_panic((name, start) in prop::sample::select(STARTS.to_vec()), rest in bytes()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, [start.as_bytes(), &rest].concat()).unwrap();
        for line in all(&path) {
            // The parser of PDF asserts what it reads; its panics are caught and expected.
            prop_assert!(line != GAVE_UP || name == "a.pdf", "{name}");
        }
    }

    #[test]
    fn no_piece_makes_an_article_panic(rest in bytes()) {
        for format in [Format::Plain, Format::Markdown, Format::Html, Format::JsonRow, Format::Mail, Format::Nitf, Format::NewsMl] {
            let read = read::article(&Piece::new(format, "x", rest.clone()));
            if let Ok(article) = &read {
                let lines = article.line_numbers.len();
                prop_assert!(lines == 0 || lines == article.text.split('\n').count());
            }
            prop_assert!(read.err().is_none_or(|error| error.why() != GAVE_UP), "{format:?}");
        }
    }
}
