//! What a page says about itself: JSON-LD, OpenGraph and other meta elements, and the lines around the headline.

use super::json_ld::{Things, string};
use super::page::{Page, Value, attr};
use serde_json::Value as Json;
use std::borrow::Cow;

/// Everything on a page that is about the article rather than the article itself.
pub(super) struct Metadata<'h> {
    /// Name (or property), in lower case, and content of each `<meta>`, in page order.
    metas: Vec<(String, &'h str)>,
    pub(super) things: Things,
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
            things: Things::default(),
            page_title: String::new(),
            headings: Vec::new(),
            canonical: None,
            declared_lang: None,
        };
        for (number, node) in page.nodes.iter().enumerate() {
            let Value::Element(element) = node.value else { continue };
            match element.name() {
                "html" => found.declared_lang = attr(element, "lang").or_else(|| attr(element, "xml:lang")),
                "meta" => {
                    let names = ["property", "name", "itemprop", "http-equiv"];
                    if let Some(content) =
                        attr(element, "content").map(str::trim).filter(|content| !content.is_empty())
                    {
                        for name in names.into_iter().filter_map(|name| attr(element, name)) {
                            found.metas.push((name.trim().to_ascii_lowercase(), content));
                        }
                    }
                }
                "link" if attr(element, "rel") == Some("canonical") => {
                    found.canonical = attr(element, "href")
                }
                "title" if found.page_title.is_empty() => found.page_title = page.text(number),
                "h1" => found.headings.push((number, page.text(number))),
                "script"
                    if element
                        .attr("type")
                        .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) =>
                {
                    for inner in page.inside(number) {
                        if let Value::Text(text) = page.nodes[inner].value {
                            found.things.read(text);
                        }
                    }
                }
                _ => {}
            }
        }
        found.things.sort();
        found
    }

    /// The first content of a `<meta>` of one of these names, the first name first.
    pub(super) fn meta(&self, names: &[&str]) -> Option<&'h str> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(found, _)| found == name).map(|&(_, content)| content))
    }

    /// The value of a key of the article in JSON-LD.
    pub(super) fn ld(&self, key: &'static str) -> Option<&str> {
        self.things.values(key).find_map(|value| string(Some(value)))
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
        // No heading says the same: the one that has most words of it, if any has; the only one, if it is a line.
        let shared = |heading: &str| {
            let words: Vec<String> = headline.split_whitespace().map(folded).collect();
            let own: Vec<String> = heading.split_whitespace().map(folded).collect();
            let common = own.iter().filter(|word| words.contains(word)).count();
            100 * common / own.len().max(1)
        };
        let headings = self
            .headings
            .iter()
            .map(|(_, text)| text)
            .filter(|text| !text.is_empty() && folded(text) != site);
        let nearest = headings
            .clone()
            .map(|text| (shared(text), text))
            .filter(|&(score, _)| score >= 40)
            .max_by_key(|&(score, _)| score);
        let only = || match &*headings.collect::<Vec<_>>() {
            [only] if only.split_whitespace().count() >= 4 || headline.is_empty() => Some((*only).clone()),
            _ => None,
        };
        nearest.map(|(_, text)| text.clone()).or_else(only).unwrap_or(headline)
    }

    /// The article's text, where JSON-LD has it whole.
    pub(super) fn body(&self) -> Option<&str> {
        self.ld("articleBody")
    }

    /// What it says the article is about.
    pub(super) fn summary(&self) -> &str {
        self.meta(&["og:description", "description"]).or_else(|| self.ld("description")).unwrap_or_default()
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
            self.things.values("publisher").find_map(|publisher| match publisher {
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

    /// The page's language and region as it declares them, in lower case: `en`, `en-gb`, `pt_br`.
    pub(super) fn locale(&self) -> String {
        let declared = [
            self.declared_lang,
            self.meta(&["og:locale"]),
            self.meta(&["content-language"]),
            self.ld("inLanguage"),
        ];
        let locales = declared
            .into_iter()
            .flatten()
            .map(|locale| locale.trim().to_ascii_lowercase())
            .filter(|locale| locale.is_ascii() && locale.len() >= 2);
        let mut best = String::new();
        for locale in locales {
            // `en` and then `en-gb` is `en-gb`.
            if best.is_empty() || (locale.len() > best.len() && locale.starts_with(&best)) {
                best = locale;
            }
        }
        best
    }

    /// What the metadata gives as the authors, likeliest first, each as one or more written lines.
    pub(super) fn authors(&self) -> impl Iterator<Item = Vec<Cow<'_, str>>> {
        const METAS: &[&str] = &[
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
        ];
        let things = self.things.values("author").map(|author| self.things.names(author));
        let metas = METAS.iter().map(|key| {
            self.metas
                .iter()
                .filter(|(name, _)| name == key)
                .map(|&(_, content)| unescaped(content))
                .collect()
        });
        // The label and its value are two elements of a card for links on social sites.
        let label = self.meta(&["twitter:label1"]).filter(|label| label.to_lowercase().contains("by"));
        let card = label.and_then(|_| self.meta(&["twitter:data1"])).map(|name| vec![unescaped(name)]);
        things.chain(metas).chain(card)
    }
}

/// Text of metadata, where entities are often escaped twice.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
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

#[cfg(test)]
mod tests {
    use super::{Metadata, host};
    use crate::read::byline::byline;
    use crate::read::page::Page;

    /// Title, authors, source and language of a page, as one line.
    fn check(html: &str, expected: &str) {
        let parsed = scraper::Html::parse_document(html);
        let page = Page::of(&parsed);
        let metadata = Metadata::of(&page);
        let title = metadata.title();
        let authors = byline(&page, &metadata, &title).join(", ");
        let found =
            [title, authors, metadata.source().unwrap_or_default(), metadata.lang().unwrap_or_default()];
        assert_eq!(found.join(" | "), expected, "{html}");
    }

    fn thing(inner: &str) -> String {
        format!("<script type='application/ld+json'>{inner}</script>")
    }

    #[test]
    fn titles() {
        check(
            "<title>Harbour to close | The Post</title><h1>The Post</h1><h1>Harbour to close</h1>",
            "Harbour to close |  |  | ",
        );
        check(
            "<meta property=og:title content='Harbour to close - The Post'><meta property=og:site_name content='The Post'>",
            "Harbour to close |  | The Post | ",
        );
        check(
            "<title>Town votes to close harbour this spring - Post</title><h1>Town votes to close harbour</h1>",
            "Town votes to close harbour |  |  | ",
        );
        check(
            &thing(r#"{"@type":"NewsArticle","headline":"Moss: &quot;No choice&quot;"}"#),
            "Moss: \"No choice\" |  |  | ",
        );
        check("<p>nothing</p>", " |  |  | ");
    }

    #[test]
    fn authors() {
        check(
            &thing(r#"{"@type":"NewsArticle","author":[{"name":"Ida Moss"},{"name":"Jon Dell"}]}"#),
            " | Ida Moss, Jon Dell |  | ",
        );
        check(
            &thing(
                r##"{"@graph":[{"@type":"Article","author":{"@id":"#i"}},{"@type":"Person","@id":"#i","name":"Ida Moss"}]}"##,
            ),
            " | Ida Moss |  | ",
        );
        check("<meta name=author content='By Ida Moss and Jon Dell'>", " | Ida Moss, Jon Dell |  | ");
        check(
            "<meta property=article:author content='https://example.org/ida'><h1>Harbour to close</h1><a href=/author/ida-moss>Ida Moss</a>",
            "Harbour to close | Ida Moss |  | ",
        );
        check(
            "<h1>Harbour to close</h1><div class=byline>By <b>Ida Moss</b><p>Staff writer</p></div>",
            "Harbour to close | Ida Moss |  | ",
        );
        check(
            "<h1>Harbour to close</h1><p>By Ida Moss</p><p>Edited by Jon Dell</p>",
            "Harbour to close | Ida Moss |  | ",
        );
        check("<h1>Harbour to close</h1><p>By closing the harbour early</p>", "Harbour to close |  |  | ");
        check(
            "<meta name=author content=imoss7><h1>Harbour to close</h1><span class=author-name>Ida Moss</span>",
            "Harbour to close | Ida Moss |  | ",
        );
        check(
            "<div class=comments><span class=author-name>Troll</span></div><h1>Harbour to close</h1><p>Text</p>",
            "Harbour to close |  |  | ",
        );
    }

    #[test]
    fn sites_and_languages() {
        check(
            &thing(r#"{"@type":"NewsArticle","publisher":{"name":"The Harbour Post"},"inLanguage":"en-GB"}"#),
            " |  | The Harbour Post | en",
        );
        check(
            "<html lang=pt-BR><link rel=canonical href='https://www.example.org/a'>",
            " |  | example.org | pt",
        );
        check("<meta property=og:locale content=de_AT>", " |  |  | de");
        assert_eq!(host("https://user@www.example.org:8080/a?b"), Some("example.org"));
        assert_eq!(host("/a/b"), None);
    }
}
