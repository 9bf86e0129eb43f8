//! One row of data, as onrecord, trafilatura, news-please, newspaper4k, feeds, agencies and archives of news name its keys.

use super::moment::moment;
use super::{Format, Piece, ReadError, html, language, names};
use crate::article::Article;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

// The keys of each field, best first, as `folded` writes them.
const ID: &[&str] = &["id", "uuid", "docid", "articleid", "guid"];
const TEXT: &[&str] = &[
    "text",
    "body",
    "maintext",
    "articlebody",
    "content",
    "contenttext",
    "bodytext",
    "fulltext",
    "articletext",
    "plaintext",
    "story",
];
const MARKUP: &[&str] = &["contenthtml", "bodyhtml", "bodyxhtml", "html"];
const SUMMARY: &[&str] =
    &["leadparagraph", "description", "summary", "abstract", "excerpt", "snippet", "trailtext"];
const TITLE: &[&str] = &["title", "headline", "webtitle", "articletitle", "head"];
const BYLINE: &[&str] = &["byline", "authors", "author", "creator", "writer", "reporter", "reporters", "by"];
const DATE: &[&str] = &[
    "publishedat",
    "date",
    "datepublish",
    "publishdate",
    "published",
    "datepublished",
    "pubdate",
    "publicationdate",
    "webpublicationdate",
    "publicationtime",
    "publishtime",
    "seendate",
    "datetime",
    "versioncreated",
    "firstcreated",
    "timestamp",
    "day",
];
const SOURCE: &[&str] = &[
    "sitename",
    "metasitename",
    "source",
    "sourcename",
    "publication",
    "outlet",
    "publisher",
    "newspaper",
    "sourcehostname",
    "hostname",
    "sourcedomain",
    "domain",
    "site",
    "agency",
    "provider",
];
const URL: &[&str] = &["url", "link", "weburl", "canonicalurl", "permalink", "articleurl", "uri"];
const LANG: &[&str] = &["lang", "language", "inlanguage", "metalang"];
const DATELINE: &[&str] = &["dateline"];
const CAPTIONS: &[&str] = &["captions"];

/// Where services put what they found, an array or an article's own fields.
pub(super) const WRAPPERS: [&str; 13] = [
    "articles", "items", "results", "docs", "data", "rows", "news", "entries", "hits", "stories", "posts",
    "response", "fields",
];

/// The fields a column may be mapped to, for `--map`.
pub(super) const FIELDS: [&str; 9] =
    ["id", "url", "title", "byline", "date", "source", "lang", "dateline", "text"];

/// The row's article, its id and text unchanged.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let Fields(row) =
        serde_json::from_slice(&piece.bytes).map_err(|cause| not_json(&piece.path, piece.line, &cause))?;
    let row = Row::new(row);
    let when = row.strings(DATE).iter().find_map(|date| moment(date));
    let sources = row.strings(SOURCE);
    let mut named = sources.iter().filter(|source| host(source).is_none()).cloned();
    // trafilatura calls an article's address its source
    let mut addressed = row.strings(URL).into_iter().chain(sources.clone()).filter(|url| url.contains("://"));
    let mut article = Article {
        id: row.string(ID).unwrap_or_default(),
        url: addressed.next().or_else(|| row.string(&URL[..1])),
        title: row.string(TITLE).map(|title| title.trim().to_owned()).unwrap_or_default(),
        byline: row.names(BYLINE),
        source: named.next().or_else(|| sources.iter().find_map(|source| host(source))),
        lang: row.strings(LANG).iter().find_map(|lang| language::declared(lang)),
        published: when.map(|when| when.day),
        published_at: when.and_then(|when| when.at),
        dateline: row.string(DATELINE),
        text: row.string(TEXT).unwrap_or_default(),
        captions: row.list(CAPTIONS),
        ..Article::default()
    };
    if article.text.is_empty()
        && let Some(markup) = row.string(MARKUP)
    {
        article = marked_up(piece, article, markup)?;
    }
    if article.text.is_empty() && !row.has(TEXT) {
        article.text = row.string(SUMMARY).unwrap_or_default();
    }
    if article.text.is_empty() && article.title.is_empty() {
        let why = "no text in it, under none of the keys `text`, `body`, `maintext`, `content`";
        return Err(ReadError::content(&piece.path, piece.line, why));
    }
    Ok(article)
}

/// The fields of an object that may matter; what else it holds is passed over and takes no memory.
pub(super) struct Fields(pub(super) Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Fields, A::Error> {
                let mut fields = Map::new();
                while let Some(key) = object.next_key::<String>()? {
                    if is_known(&key) || WRAPPERS.contains(&key.as_str()) {
                        fields.insert(key, object.next_value()?);
                    } else {
                        object.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Whether an object says of itself that it is an article.
pub(super) fn has_text(row: &Map<String, Value>) -> bool {
    row.iter().any(|(key, value)| is_text(key) && value.is_string())
}

/// Whether a table or a row may name its text like this.
pub(super) fn is_text(name: &str) -> bool {
    TEXT.contains(&folded(name).as_str()) || MARKUP.contains(&folded(name).as_str())
}

/// Whether a table or a row may name any of its fields like this.
pub(super) fn is_known(name: &str) -> bool {
    let name = folded(name);
    [ID, TEXT, MARKUP, SUMMARY, TITLE, BYLINE, DATE, SOURCE, URL, LANG, DATELINE, CAPTIONS]
        .iter()
        .any(|keys| keys.contains(&name.as_str()))
}

/// A row that cannot be understood, in words without the parser's own place, which is that of the row.
pub(super) fn not_json(path: &str, line: u32, cause: &serde_json::Error) -> ReadError {
    let cause = cause.to_string();
    let why = cause.split(" at line ").next().unwrap_or_default();
    ReadError::content(path, line, format!("not a JSON object: {why}"))
}

/// A piece of a page as the body; what the row says itself stands.
fn marked_up(piece: &Piece, row: Article, markup: String) -> Result<Article, ReadError> {
    let page = Piece {
        given: Some(Box::new(row.clone())),
        ..Piece::new(Format::Html, &piece.path, markup.into_bytes())
    };
    let body = html::article(&page)?;
    let title = if row.title.is_empty() { body.title } else { row.title };
    Ok(Article { title, text: body.text.trim().to_owned(), captions: body.captions, ..row })
}

/// `example.org` for `https://www.example.org/news/1`; `None` where it is no address.
pub(super) fn host(url: &str) -> Option<String> {
    let host = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

/// `datePublished`, `date_published` and `Date Published` are one key.
fn folded(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A row with its keys folded.
struct Row(Vec<(String, Value)>);

impl Row {
    fn new(row: Map<String, Value>) -> Row {
        let mut fields = Vec::new();
        for (key, value) in row {
            // The Guardian's service has the text one level down.
            if let (Value::Object(inner), "fields") = (&value, key.as_str()) {
                fields.extend(inner.iter().map(|(key, value)| (folded(key), value.clone())));
            }
            fields.push((folded(&key), value));
        }
        Row(fields)
    }

    /// The values of the keys that are there, in the order of the keys.
    fn values(&self, keys: &[&str]) -> impl Iterator<Item = &Value> {
        keys.iter().flat_map(|key| self.0.iter().filter(move |(own, _)| own == key).map(|(_, value)| value))
    }

    fn has(&self, keys: &[&str]) -> bool {
        self.values(keys).any(|value| !value.is_null())
    }

    fn strings(&self, keys: &[&str]) -> Vec<String> {
        self.values(keys).filter_map(string).collect()
    }

    fn string(&self, keys: &[&str]) -> Option<String> {
        self.values(keys).find_map(string)
    }

    fn list(&self, keys: &[&str]) -> Vec<String> {
        let lists = self.values(keys).filter_map(Value::as_array);
        lists.flatten().filter_map(string).collect()
    }

    /// People, in a list or in one string; a list is believed, a string is taken apart.
    fn names(&self, keys: &[&str]) -> Vec<String> {
        let of = |value: &Value| match value {
            Value::Array(people) => {
                people.iter().filter_map(string).filter(|name| !name.trim().is_empty()).collect()
            }
            value => string(value).map(|names| names::names(&names)).unwrap_or_default(),
        };
        self.values(keys).map(of).find(|names| !names.is_empty()).unwrap_or_default()
    }
}

/// What a value says: itself, the paragraphs it lists, or the part of an object that says it.
fn string(value: &Value) -> Option<String> {
    let said = match value {
        Value::String(said) => said.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(parts) if parts.iter().all(Value::is_string) => {
            parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n")
        }
        Value::Object(object) => {
            const SAYING: [&str; 8] =
                ["name", "main", "original", "title", "rendered", "value", "$oid", "$date"];
            return SAYING
                .iter()
                .find_map(|key| object.get(*key).filter(|value| !value.is_object()).and_then(string));
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => return None,
    };
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::article;
    use crate::read::{Format, Piece};

    /// `id|title|byline|source|lang|published|text` of a row.
    fn check(row: &str, expected: &str) {
        let piece = Piece::new(Format::JsonRow, "rows.jsonl", row.as_bytes().to_vec());
        let found = match article(&piece) {
            Ok(a) => {
                let when = a.published_at.map(|at| at.to_string()).or(a.published.map(|day| day.to_string()));
                let some = |value: Option<String>| value.unwrap_or_default();
                let (source, lang, when) = (some(a.source), some(a.lang), some(when));
                format!("{}|{}|{}|{source}|{lang}|{when}|{}", a.id, a.title, a.byline.join(";"), a.text)
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{row}");
    }

    #[test]
    fn onrecord_itself() {
        check(
            r#"{"id":"a1","title":"Rain","byline":["Jane Doe"],"source":"Gazette","lang":"en","published":"2023-09-11",
            "published_at":"2023-09-11T15:26:00","text":" Rain\nfell. "}"#,
            "a1|Rain|Jane Doe|Gazette|en|2023-09-11T15:26:00| Rain\nfell. ",
        );
        check(
            r#"{"id":7,"text":"Rain fell.","title":null,"published_at":null,"published":"2023-09-11"}"#,
            "7|||||2023-09-11|Rain fell.",
        );
    }

    #[test]
    fn other_programs() {
        // trafilatura
        check(
            r#"{"title":"Rain","author":"Jane Doe; John Roe","hostname":"gazette.example","date":"2023-09-11","id":null,
            "raw_text":"x","text":"Rain fell.","language":"en","source":"https://www.gazette.example/1","source-hostname":"Gazette"}"#,
            "|Rain|Jane Doe;John Roe|Gazette|en|2023-09-11|Rain fell.",
        );
        // news-please
        check(
            r#"{"authors":["Jane Doe"],"date_download":"2024-01-01 00:00:00","date_publish":"2023-09-11 15:26:00","maintext":"Rain fell.",
            "source_domain":"gazette.example","title":"Rain","language":"en"}"#,
            "|Rain|Jane Doe|gazette.example|en|2023-09-11T15:26:00|Rain fell.",
        );
        // newspaper4k
        check(
            r#"{"authors":["Jane Doe"],"publish_date":"2023-09-11T15:26:00+00:00","meta_lang":"en","title":"Rain","text":"Rain fell."}"#,
            "|Rain|Jane Doe||en|2023-09-11T15:26:00|Rain fell.",
        );
        // A wire service's ninjs, a paper's content service, a blog's.
        check(
            r#"{"headline":"Rain","versioncreated":"2023-09-11T15:26:00Z","body_xhtml":"<p>Rain fell.</p>","language":"en-US"}"#,
            "|Rain|||en|2023-09-11T15:26:00|Rain fell.",
        );
        check(
            r#"{"webTitle":"Rain","webPublicationDate":"2023-09-11","fields":{"bodyText":"Rain fell.","byline":"Jane Doe in York"}}"#,
            "|Rain|Jane Doe|||2023-09-11|Rain fell.",
        );
        check(
            r#"{"_id":{"$oid":"5f"},"headline":{"main":"Rain"},"body":["Rain fell.","It stopped."]}"#,
            "5f|Rain|||||Rain fell.\n\nIt stopped.",
        );
        check(
            r#"{"url":"https://a.example/1","title":"Rain","seendate":"20230911T152600Z","domain":"a.example","language":"English"}"#,
            "|Rain||a.example|en|2023-09-11T15:26:00|",
        );
    }

    #[test]
    fn rows_that_are_none() {
        check("{\"text\": ", "cannot read `rows.jsonl`: not a JSON object: EOF while parsing a value");
        check(
            r#"{"name":"x","version":1}"#,
            "cannot read `rows.jsonl`: no text in it, under none of the keys `text`, `body`, `maintext`, `content`",
        );
    }
}
