//! JSON-LD: what a page tells machines about its article, mended where it is broken.

use super::metadata::unescaped;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// The things that a page describes.
#[derive(Default)]
pub(super) struct Things {
    /// Those that may be the article, after [`Things::sort`] the likeliest first.
    articles: Vec<Map<String, Json>>,
    /// Names of the things that others point to by `@id`.
    named: Vec<(String, String)>,
}

impl Things {
    /// Takes the articles out of a script.
    pub(super) fn read(&mut self, script: &str) {
        if let Some(json) = lenient(script) {
            self.collect(json, 0);
        }
    }

    /// Puts the likeliest first.
    pub(super) fn sort(&mut self) {
        self.articles.sort_by_key(rank);
    }

    /// What each article says under a key.
    pub(super) fn values(&self, key: &'static str) -> impl Iterator<Item = &Json> + Clone {
        self.articles.iter().filter_map(move |article| article.get(key))
    }

    /// Takes the articles out of a JSON-LD value.
    fn collect(&mut self, json: Json, depth: usize) {
        // Deeper than this are details of details; serde_json itself stops at 128.
        if depth > 6 {
            return;
        }
        match json {
            Json::Array(values) => values.into_iter().for_each(|value| self.collect(value, depth + 1)),
            Json::Object(mut thing) => {
                if let (Some(id), Some(name)) = (string(thing.get("@id")), string(thing.get("name"))) {
                    self.named.push((id.to_owned(), name.to_owned()));
                }
                for key in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement"] {
                    if thing.get(key).is_some_and(|inner| inner.is_object() || inner.is_array())
                        && (key != "hasPart" || rank(&thing) > 3)
                        && let Some(inner) = thing.remove(key)
                    {
                        if key == "mainEntityOfPage"
                            && let Some(id) = string(inner.get("@id"))
                        {
                            thing.insert(key.to_owned(), Json::String(id.to_owned()));
                        }
                        self.collect(inner, depth + 1);
                    }
                }
                if rank(&thing) < 9 {
                    self.articles.push(thing);
                }
            }
            _ => {}
        }
    }

    /// Names in the value of an `author`: a name, a thing, a list of either, a pointer to one.
    pub(super) fn names<'v>(&'v self, author: &'v Json) -> Vec<Cow<'v, str>> {
        match author {
            Json::String(name) => vec![unescaped(name)],
            Json::Array(authors) => authors
                .iter()
                .filter(|author| !author.is_array())
                .flat_map(|author| self.names(author))
                .collect(),
            Json::Object(author) => match author.get("name") {
                Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).map(unescaped).collect(),
                Some(Json::String(name)) => vec![unescaped(name)],
                _ => string(author.get("@id"))
                    .and_then(|id| self.named.iter().find(|(named, _)| named == id))
                    .map(|(_, name)| unescaped(name))
                    .into_iter()
                    .collect(),
            },
            _ => Vec::new(),
        }
    }
}

/// How likely a thing in JSON-LD is the article: 0 most, 9 not at all.
fn rank(thing: &Map<String, Json>) -> u8 {
    let of = |kind: &str| match kind.rsplit('/').next().unwrap_or(kind) {
        "NewsArticle"
        | "ReportageNewsArticle"
        | "AnalysisNewsArticle"
        | "OpinionNewsArticle"
        | "ReviewNewsArticle"
        | "BackgroundNewsArticle"
        | "AskPublicNewsArticle" => 0,
        "Article"
        | "BlogPosting"
        | "LiveBlogPosting"
        | "ScholarlyArticle"
        | "TechArticle"
        | "Report"
        | "SatiricalArticle"
        | "AdvertiserContentArticle" => 1,
        "SocialMediaPosting" | "DiscussionForumPosting" | "CreativeWork" | "Recipe" | "HowTo" | "Review" => 2,
        "VideoObject" | "PodcastEpisode" | "RadioEpisode" | "Event" => 3,
        "WebPage" | "ItemPage" | "AboutPage" | "FAQPage" | "CollectionPage" | "MedicalWebPage" => 4,
        _ => 9,
    };
    match thing.get("@type") {
        Some(Json::String(kind)) => of(kind),
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).map(of).min().unwrap_or(9),
        _ => 9,
    }
}

/// JSON as pages have it: in a comment or CDATA, with comments, commas too many and raw line breaks inside strings.
fn lenient(text: &str) -> Option<Json> {
    let text = text
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[");
    let text = text
        .trim_end_matches("-->")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)).ok())
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                match chars.next() {
                    Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                        out.extend(['\\', next])
                    }
                    Some(next) => out.push(next),
                    None => {}
                }
                continue;
            }
            '/' if !quoted && chars.peek() == Some(&'/') => {
                chars.by_ref().take_while(|&c| c != '\n').for_each(drop);
                continue;
            }
            ']' | '}' if !quoted => {
                out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() || c == ',').len());
            }
            c if c.is_control() => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The text of a value: its own, its first, or that of a value with a language.
pub(super) fn string(json: Option<&Json>) -> Option<&str> {
    match json? {
        Json::String(text) => Some(text.trim()),
        Json::Array(values) => string(values.first().filter(|value| value.is_string())),
        Json::Object(object) => string(object.get("@value").filter(|value| value.is_string())),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Things, mended, string};

    #[test]
    fn json_as_pages_have_it() {
        assert_eq!(
            mended("{\"a\": \"b\nc\", // why\n \"d\": [1, 2, ],}"),
            "{\"a\": \"b c\",  \"d\": [1, 2]}"
        );
        let mut things = Things::default();
        things.read("//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Harbour to\nclose\",}\n//]]>");
        assert_eq!(things.values("headline").find_map(|value| string(Some(value))), Some("Harbour to close"));
    }
}
