//! What a page says about itself: JSON-LD, OpenGraph and other meta elements, and the lines around the headline.

use super::page::{Page, Value};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// Everything on a page that is about the article rather than the article itself.
pub(super) struct Metadata<'h> {
    /// Name (or property), in lower case, and content of each `<meta>`, in page order.
    metas: Vec<(String, &'h str)>,
    /// The article's own things in JSON-LD, the likeliest first.
    pub(super) things: Vec<Map<String, Json>>,
    /// Names of the things that others point to by `@id`.
    named: Vec<(String, String)>,
    page_title: String,
    headings: Vec<(usize, String)>,
    canonical: Option<&'h str>,
    declared_lang: Option<&'h str>,
}

impl<'h> Metadata<'h> {
    /// Gathers it in one pass over the page.
    pub(super) fn of(page: &Page<'h>) -> Metadata<'h> {
        let mut found = Metadata {
            metas: Vec::new(),
            things: Vec::new(),
            named: Vec::new(),
            page_title: String::new(),
            headings: Vec::new(),
            canonical: None,
            declared_lang: None,
        };
        for (number, node) in page.nodes.iter().enumerate() {
            let Value::Element(element) = node.value else { continue };
            match element.name() {
                "html" => found.declared_lang = element.attr("lang").or_else(|| element.attr("xml:lang")),
                "meta" => {
                    let names = ["property", "name", "itemprop", "http-equiv"];
                    if let Some(content) =
                        element.attr("content").map(str::trim).filter(|content| !content.is_empty())
                    {
                        for name in names.into_iter().filter_map(|name| element.attr(name)) {
                            found.metas.push((name.trim().to_ascii_lowercase(), content));
                        }
                    }
                }
                "link" if element.attr("rel") == Some("canonical") => found.canonical = element.attr("href"),
                "title" if found.page_title.is_empty() => found.page_title = page.text(number),
                "h1" => found.headings.push((number, page.text(number))),
                "script"
                    if element
                        .attr("type")
                        .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) =>
                {
                    for inner in page.inside(number) {
                        if let Value::Text(text) = page.nodes[inner].value
                            && let Some(json) = lenient(text)
                        {
                            found.collect(json, 0);
                        }
                    }
                }
                _ => {}
            }
        }
        found.things.sort_by_key(|thing| rank(thing));
        found
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
                    self.things.push(thing);
                }
            }
            _ => {}
        }
    }

    /// The first content of a `<meta>` of one of these names, the first name first.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&'h str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(found, _)| found == name).map(|&(_, content)| content))
    }

    /// The value of a key of the article in JSON-LD.
    pub(super) fn ld(&self, key: &str) -> Option<&str> {
        self.things.iter().find_map(|thing| string(thing.get(key)))
    }

    /// The headline: the `<h1>` that the page's title or its metadata repeats, else what these say.
    pub(super) fn title(&self) -> String {
        let site = self.meta(&["og:site_name"]).map(folded).unwrap_or_default();
        let told: Vec<Cow<str>> = [
            self.ld("headline"),
            self.meta(&["og:title"]),
            self.meta(&["twitter:title"]),
            Some(&*self.page_title),
        ]
        .into_iter()
        .flatten()
        .map(unescaped)
        .filter(|told| !told.trim().is_empty())
        .collect();
        let matching = self.headings.iter().map(|(_, text)| text).find(|text| {
            let heading = folded(text);
            heading.len() > 3
                && heading != site
                && told.iter().any(|told| {
                    let told = folded(told);
                    told.starts_with(&heading)
                        || heading.starts_with(&told)
                        || (heading.len() > 15 && told.contains(&heading))
                })
        });
        if let Some(heading) = matching {
            return heading.clone();
        }
        let headline = told.first().map(|told| without_site(told, &site)).unwrap_or_default();
        let only = match &*self.headings {
            [(_, only)] if told.len() < 2 && folded(only) != site => only.clone(),
            _ => String::new(),
        };
        if headline.is_empty() || (!only.is_empty() && only.len() > headline.len()) { only } else { headline }
    }

    /// The address of the page, where it names one whole.
    pub(super) fn url(&self) -> Option<String> {
        let candidates = [
            self.canonical,
            self.meta(&["og:url"]),
            self.ld("mainEntityOfPage"),
            self.ld("url"),
            self.meta(&["twitter:url", "parsely-link", "dc.identifier"]),
        ];
        candidates.into_iter().flatten().map(str::trim).find(|url| host(url).is_some()).map(str::to_owned)
    }

    /// The outlet's name, else its host.
    pub(super) fn source(&self) -> Option<String> {
        let publisher = || {
            self.things.iter().find_map(|thing| match thing.get("publisher")? {
                Json::Object(publisher) => string(publisher.get("name")),
                Json::Array(publishers) => string(publishers.first()?.get("name")),
                other => string(Some(other)),
            })
        };
        self.meta(&["og:site_name"])
            .or_else(publisher)
            .or_else(|| self.meta(&["application-name", "dc.publisher", "citation_journal_title"]))
            .map(|name| unescaped(name).trim().to_owned())
            .filter(|name| !name.is_empty() && name.len() < 100)
            .or_else(|| self.url().as_deref().and_then(host).map(str::to_owned))
    }

    /// The language that the page declares, as an ISO 639-1 code.
    pub(super) fn lang(&self) -> Option<String> {
        [
            self.declared_lang,
            self.ld("inLanguage"),
            self.meta(&["content-language", "language", "dc.language", "og:locale"]),
        ]
        .into_iter()
        .flatten()
        .find_map(|declared| {
            let code = declared.trim().split(['-', '_', ',', ';']).next().unwrap_or("").to_ascii_lowercase();
            (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
        })
    }

    /// The authors' names.
    pub(super) fn byline(&self, page: &Page) -> Vec<String> {
        let site = self.source().map(|source| folded(&source)).unwrap_or_default();
        let people = |written: &[Cow<str>]| {
            let mut names: Vec<String> = Vec::new();
            for name in written.iter().flat_map(|written| names_in(written)) {
                if !names.iter().any(|had| folded(had) == folded(&name)) && folded(&name) != site {
                    names.push(name);
                }
            }
            names
        };
        let said = self.things.iter().find_map(|thing| {
            let names = people(&self.authors(thing.get("author")?));
            (!names.is_empty()).then_some(names)
        });
        if let Some(names) = said {
            return names;
        }
        for key in [
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "byl",
            "dc.creator",
            "dcterms.creator",
            "citation_author",
            "dcsext.author",
            "og:article:author",
            "twitter:creator:name",
        ] {
            let written: Vec<Cow<str>> = self
                .metas
                .iter()
                .filter(|(name, _)| name == key)
                .map(|&(_, content)| unescaped(content))
                .collect();
            let names = people(&written);
            if !names.is_empty() {
                return names;
            }
        }
        visible_authors(page)
            .map(|written| people(&[Cow::Owned(written)]))
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    }

    /// Names in the value of an `author`: a name, a thing, a list of either, a pointer to one.
    fn authors<'v>(&'v self, author: &'v Json) -> Vec<Cow<'v, str>> {
        match author {
            Json::String(name) => vec![unescaped(name)],
            Json::Array(authors) => authors
                .iter()
                .filter(|author| !author.is_array())
                .flat_map(|author| self.authors(author))
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

/// JSON as pages have it: in a comment or CDATA, with raw line breaks inside strings.
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
    serde_json::from_str(text).ok().or_else(|| {
        let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&mended).ok()
    })
}

fn string(json: Option<&Json>) -> Option<&str> {
    match json? {
        Json::String(text) => Some(text.trim()),
        Json::Array(values) => string(values.first().filter(|value| value.is_string())),
        Json::Object(object) => string(object.get("@value").filter(|value| value.is_string())),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// Text of metadata, where entities are often escaped twice.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    for (entity, plain) in [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#8211;", "–"),
        ("&#8212;", "—"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&nbsp;", " "),
        ("&#160;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&#38;", "&"),
        ("&#038;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, plain);
        }
    }
    Cow::Owned(out)
}

/// The letters and digits alone, in lower case: titles are set with other quotes and spaces in each place.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A page's title without the site's name at either end.
fn without_site(title: &str, site: &str) -> String {
    let mut title = title.trim();
    for mark in [" | ", " – ", " — ", " - ", " · ", " » ", " « ", " :: "] {
        if let Some((rest, last)) = title.rsplit_once(mark) {
            let named = folded(last) == site || (site.is_empty() && last.split_whitespace().count() <= 4);
            if named && rest.chars().count() >= 10 {
                title = rest;
            }
        }
        if let Some((first, rest)) = title.split_once(mark)
            && !site.is_empty()
            && folded(first) == site
        {
            title = rest;
        }
    }
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The host of a whole address, without `www.`.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (host.contains('.') && !host.contains(char::is_whitespace))
        .then(|| host.strip_prefix("www.").unwrap_or(host))
}

/// The names in a byline.
fn names_in(written: &str) -> Vec<String> {
    let mut line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 200 || line.contains("://") || line.starts_with('@') || line.starts_with("www.")
    {
        return Vec::new();
    }
    for lead in [
        "written by",
        "posted by",
        "reviewed by",
        "medically reviewed by",
        "story by",
        "words by",
        "author:",
        "authors:",
        "autor:",
        "by:",
        "by",
        "von",
        "par",
        "por",
        "di",
        "door",
        "от",
        "автор:",
    ] {
        if line.get(..lead.len()).is_some_and(|head| head.eq_ignore_ascii_case(lead))
            && line[lead.len()..].starts_with([' ', ':'])
        {
            line = line[lead.len()..].trim_start_matches([' ', ':']).to_owned();
        }
    }
    let mut names = Vec::new();
    let joined = [" and ", " & ", " und ", " et ", " y ", " with ", " | ", "; ", " / ", " • ", " · "]
        .iter()
        .fold(line, |line, mark| line.replace(mark, ", "));
    for part in joined.split([',', ';']) {
        let name = part.trim().trim_matches(|c: char| matches!(c, '.' | '-' | '–' | '|' | ':' | '•')).trim();
        let name = name.split('(').next().unwrap_or(name).trim();
        if is_name(name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Whether this can be a name: not a degree, not an address, not a sentence.
fn is_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let credential = name.len() <= 5
        && words == 1
        && name.chars().filter(|c| c.is_uppercase()).count() * 2 > name.chars().count();
    let suffix = matches!(
        &*name.to_lowercase(),
        "jr" | "sr"
            | "phd"
            | "ph.d"
            | "staff"
            | "admin"
            | "administrator"
            | "editor"
            | "webmaster"
            | "none"
            | "null"
            | "n/a"
            | "unknown"
            | "guest"
    );
    !name.is_empty()
        && words <= 6
        && !credential
        && !suffix
        && name.chars().any(char::is_alphabetic)
        && !name.contains(['@', '<', '>', '{', '='])
        && !name.contains(".com")
        && !name.chars().any(|c| c.is_ascii_digit())
}

/// Texts of the elements that are marked as holding the author, likeliest first.
fn visible_authors<'p>(page: &'p Page) -> impl Iterator<Item = String> + 'p {
    let marked = |mark: fn(&Page, usize) -> bool| {
        (0..page.nodes.len()).filter(move |&node| mark(page, node)).take(3).map(|node| page.text(node))
    };
    marked(|page, node| {
        page.attr(node, "itemprop") == Some("author") || page.attr(node, "rel") == Some("author")
    })
    .chain(marked(|page, node| {
        page.attr(node, "class").is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            [
                "author-name",
                "author__name",
                "byline__name",
                "byline-name",
                "authorname",
                "byline",
                "author",
                "post-author",
                "entry-author",
                "article-author",
            ]
            .iter()
            .any(|name| {
                class
                    .split_whitespace()
                    .any(|class| class == *name || (name.len() > 8 && class.ends_with(name)))
            })
        })
    }))
}
