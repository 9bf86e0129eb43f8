//! Markdown with front matter: YAML or TOML above, the body as plain text below.

use super::jsonl;
use super::{Format, Piece, ReadError, decode, plain};
use crate::article::Article;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

const MOST_MARKS: usize = 1_000_000;

/// The text's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let source =
        decode::text(&piece.bytes, piece.charset.as_deref(), decode::Label::Nowhere).replace("\r\n", "\n");
    let (front, body) = front_matter(&source);
    let mut fields = match front {
        Some(Front::Yaml(lines)) => yaml(lines),
        Some(Front::Toml(lines)) => match lines.parse::<toml::Table>() {
            Ok(table) => table.into_iter().map(|(key, value)| (key, from_toml(value))).collect(),
            Err(cause) => {
                let why = format!("its front matter is not TOML: {}", cause.message());
                return Err(ReadError::content(&piece.path, 0, why));
            }
        },
        None => Map::new(),
    };
    // The parser keeps a node for each mark; nobody writes a million, and then the text is not Markdown.
    if body.bytes().filter(|byte| b"*_[]`(~\\<&!".contains(byte)).count() > MOST_MARKS {
        return plain::article(&Piece::new(Format::Plain, &piece.path, body.as_bytes().to_vec()));
    }
    let rendered = render(body);
    // The front matter speaks of the article as a row of data does; the body is its text.
    for key in ["text", "body", "content"] {
        fields.remove(key);
    }
    fields.insert("text".to_owned(), Value::String(rendered.text));
    let row = Piece {
        bytes: Value::Object(fields).to_string().into_bytes(),
        ..Piece::new(Format::JsonRow, &piece.path, Vec::new())
    };
    let mut article = jsonl::article(&row)?;
    if article.title.is_empty() {
        article.title = rendered.title;
    } else if let Some(rest) =
        article.text.strip_prefix(&article.title).and_then(|rest| rest.strip_prefix("\n\n"))
    {
        // A heading that repeats the title that the front matter gave.
        article.text = rest.to_owned();
    }
    article.captions = rendered.captions;
    if article.text.is_empty() {
        return Err(ReadError::content(&piece.path, 0, "no text in it"));
    }
    Ok(article)
}

enum Front<'t> {
    Yaml(&'t str),
    Toml(&'t str),
}

/// Divides the front matter from the body.
fn front_matter(source: &str) -> (Option<Front<'_>>, &str) {
    let source = source.trim_start_matches('\u{feff}');
    for (fence, is_yaml) in [("---", true), ("+++", false)] {
        let Some(after) = source.strip_prefix(fence).and_then(|rest| rest.strip_prefix('\n')) else {
            continue;
        };
        let mut end = 0;
        for line in after.split_inclusive('\n') {
            let bare = line.trim_end();
            if bare == fence || is_yaml && bare == "..." {
                let (lines, body) = (&after[..end], &after[end + line.len()..]);
                return (Some(if is_yaml { Front::Yaml(lines) } else { Front::Toml(lines) }), body);
            }
            end += line.len();
        }
    }
    (None, source)
}

/// The top level of the YAML that front matter is written in: words, quoted words, lists of both, blocks of text.
fn yaml(source: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with([' ', '\t', '#', '-']) {
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        let mut nested = Vec::new();
        while let Some(inner) = lines.next_if(|next| next.starts_with([' ', '\t', '-'])) {
            nested.push(inner.trim());
        }
        let value = if value.starts_with(['|', '>']) {
            let joint = if value.starts_with('|') { "\n" } else { " " };
            Value::String(nested.join(joint))
        } else if value.is_empty() {
            let items = nested.iter().filter_map(|item| item.strip_prefix('-')).map(|item| {
                // `- name: Jane Doe`
                let item = item.trim();
                Value::String(scalar(item.strip_prefix("name:").unwrap_or(item).trim()))
            });
            match nested.iter().find_map(|line| line.strip_prefix("name:")) {
                Some(name) if !nested.iter().any(|item| item.starts_with('-')) => {
                    Value::String(scalar(name.trim()))
                }
                _ => Value::Array(items.collect()),
            }
        } else if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Value::Array(list.split(',').map(|item| Value::String(scalar(item.trim()))).collect())
        } else {
            let folded = nested.iter().fold(value.to_owned(), |whole, next| whole + " " + next);
            Value::String(scalar(&folded))
        };
        fields.insert(key.trim().trim_matches(['"', '\'']).to_owned(), value);
    }
    fields
}

/// A word or a line of YAML without its quotation marks and its remark.
fn scalar(written: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(inner) = written.strip_prefix(quote)
            && let Some(end) = inner.rfind(quote)
        {
            let inner = &inner[..end];
            return if quote == '"' { inner.replace("\\\"", "\"") } else { inner.replace("''", "'") };
        }
    }
    written.split(" #").next().unwrap_or_default().trim().to_owned()
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(said) => Value::String(said),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
        toml::Value::Datetime(when) => Value::String(when.to_string()),
        toml::Value::Integer(number) => Value::String(number.to_string()),
        toml::Value::Float(_) | toml::Value::Boolean(_) => Value::Null,
    }
}

/// What a body says when nobody sees its marks.
#[derive(Default)]
struct Rendered {
    /// The first heading of the first level, when it opens the body.
    title: String,
    text: String,
    captions: Vec<String>,
}

fn render(body: &str) -> Rendered {
    let mut rendered = Rendered::default();
    let mut heading = None;
    let mut image: Option<String> = None;
    // Blank line, single line end, or nothing to write before the next words.
    let mut gap = "";
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(body, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                gap = "\n\n";
                if rendered.text.is_empty()
                    && rendered.title.is_empty()
                    && level == pulldown_cmark::HeadingLevel::H1
                {
                    heading = Some(String::new());
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                gap = "\n\n";
                if let Some(title) = heading.take() {
                    rendered.title = title;
                }
            }
            Event::Start(Tag::Image { .. }) => image = Some(String::new()),
            Event::End(TagEnd::Image) => {
                rendered.captions.extend(image.take().filter(|caption| !caption.trim().is_empty()));
            }
            Event::Start(Tag::Item | Tag::TableRow | Tag::TableHead)
            | Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => {
                gap = if gap.is_empty() { "\n" } else { gap };
            }
            Event::Start(Tag::TableCell) if !rendered.text.ends_with('\n') && gap.is_empty() => gap = " ",
            Event::End(
                TagEnd::Paragraph
                | TagEnd::BlockQuote(_)
                | TagEnd::CodeBlock
                | TagEnd::List(_)
                | TagEnd::Table,
            )
            | Event::Start(Tag::Paragraph | Tag::CodeBlock(_) | Tag::List(_) | Tag::Table(_))
            | Event::Rule => {
                // The paragraph of a list's item stays on its line.
                gap =
                    if gap == "\n" && matches!(event, Event::Start(Tag::Paragraph)) { "\n" } else { "\n\n" };
            }
            Event::SoftBreak | Event::HardBreak => gap = if gap.is_empty() { "\n" } else { gap },
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                } else if let Some(image) = &mut image {
                    image.push_str(&words);
                } else {
                    if !rendered.text.is_empty() {
                        rendered.text.push_str(gap);
                    }
                    gap = "";
                    rendered.text.push_str(&words);
                }
            }
            _ => {}
        }
    }
    let end = rendered.text.trim_end().len();
    rendered.text.truncate(end);
    rendered
}

#[cfg(test)]
mod tests {
    use super::article;
    use crate::read::{Format, Piece};

    /// `title|byline|source|lang|published|url|text|captions` of a file.
    fn check(file: &str, expected: &str) {
        let a = article(&Piece::new(Format::Markdown, "a.md", file.as_bytes().to_vec())).unwrap();
        let some = |value: Option<String>| value.unwrap_or_default();
        let day = a.published.map(|day| day.to_string());
        let found = [
            a.title,
            a.byline.join(";"),
            some(a.source),
            some(a.lang),
            some(day),
            some(a.url),
            a.text,
            a.captions.join(";"),
        ];
        assert_eq!(found.join("|"), expected, "{file}");
    }

    #[test]
    fn front_matter_of_both_kinds() {
        check(
            "---\ntitle: \"Rain: the end\"\nauthor: Jane Doe and John Roe\ndate: 2023-09-11 # a Monday\nsource: Gazette\nlang: en\n\
            url: https://a.example/1\ntags: [rain]\n---\n\nRain *fell*.\n",
            "Rain: the end|Jane Doe;John Roe|Gazette|en|2023-09-11|https://a.example/1|Rain fell.|",
        );
        check(
            "---\r\ntitle: >\r\n  Rain\r\n  again\r\nauthors:\r\n  - Jane Doe\r\n  - name: John Roe\r\n---\r\nRain fell.",
            "Rain again|Jane Doe;John Roe|||||Rain fell.|",
        );
        check(
            "+++\ntitle = 'Rain'\nauthors = ['Jane Doe']\ndate = 2023-09-11T15:26:00Z\n+++\nRain fell.",
            "Rain|Jane Doe|||2023-09-11||Rain fell.|",
        );
        check("---\nno end of it\n\nRain fell.", "||||||no end of it\n\nRain fell.|");
    }

    #[test]
    fn the_body_loses_its_marks() {
        check(
            "# Rain\n\nIt *fell* on [York](https://a.example) and\n**Leeds**.\n\n## More\n\n- one\n- two\n\n> “Wet,” she said.\n\n![Clouds](c.jpg)\n",
            "Rain||||||It fell on York and\nLeeds.\n\nMore\n\none\ntwo\n\n“Wet,” she said.|Clouds",
        );
        check("<!-- note -->\nRain <b>fell</b>\\*.", "||||||Rain fell*.|");
    }
}
