//! The day a page came out, by what it says of it: metadata first, then its address, then the lines around the headline.

use super::metadata::{Metadata, folded};
use super::page::{Page, Value, attr, head};
use super::parts::Hints;
use super::written::{Moment, Order, Zone, compact, day, month, written};
use jiff::ToSpan;

/// Names of `<meta>` that hold the day of publication, the plainest first; never those of changes or of the document.
const METAS: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "bt:pubdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "rnews:datepublished",
    "shareaholic:article_published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "dcterms.created",
    "dc.date.created",
    "dc.created",
    "citation_publication_date",
    "citation_date",
    "publish-date",
    "publish_date",
    "published-date",
    "published_date",
    "publication_date",
    "publicationdate",
    "publication-date",
    "publishdate",
    "publisheddate",
    "publishtime",
    "published_time",
    "published",
    "pubdate",
    "pub_date",
    "article_date_original",
    "originalpublicationdate",
    "displaydate",
    "releasedate",
    "release_date",
    "article_publication_date",
    "content_create_date",
    "article:post_time",
    "date_published",
    "date",
    "uploaddate",
    "video:release_date",
];

/// Finds the day. A later day of change is never taken for it, nor a copyright line. `title` is the
/// article's, and `source` the page as it came, with its scripts.
pub(super) fn published(page: &Page, metadata: &Metadata, title: &str, source: &str) -> Option<Moment> {
    let order = Order::of(metadata);
    let told = metadata.things.iter().filter_map(|thing| thing.get("datePublished")?.as_str());
    let told: Vec<Moment> = told
        .chain(METAS.iter().filter_map(|name| metadata.meta(&[name])))
        .filter_map(|text| written(text, order))
        .chain(metadata.url().as_deref().and_then(in_address))
        .collect();
    let seen = visible(page, title, order);
    let Some(&first) = told.first() else {
        return match seen {
            Some((rank, moment)) if rank <= NEAR => Some(moment),
            // Last of all days of files and of changes: the article is at least as old.
            _ => in_scripts(source, order)
                .or(seen.map(|(_, moment)| moment))
                .or_else(|| {
                    let keys = ["uploadDate", "dateCreated", "dateModified"];
                    keys.into_iter().find_map(|key| metadata.ld(key).and_then(|text| written(text, order)))
                })
                .or_else(|| {
                    metadata
                        .meta(&["article:modified_time", "og:updated_time", "datemodified"])
                        .and_then(|text| written(text, order))
                }),
        };
    };
    if let Some((rank, seen)) = seen
        && rank <= NEAR
        && seen.day < first.day.saturating_sub(2.days())
        && (seen.day.month(), seen.day.day()) != (first.day.day(), first.day.month())
    {
        // A site that moved to another system gave all its pages a new day; what readers are told is the old one.
        return Some(seen);
    }
    if first.zone != Zone::Utc {
        return Some(first);
    }
    let near = |other: &Moment| other.day.duration_since(first.day).as_hours().abs() <= 24;
    let seen = seen.map(|(_, moment)| moment).filter(|moment| moment.zone == Zone::Own);
    let local = told.iter().copied().filter(|moment| moment.zone != Zone::Utc).chain(seen).find(near);
    Some(local.unwrap_or(first))
}

/// The day in the data from which scripts build the page.
fn in_scripts(source: &str, order: Order) -> Option<Moment> {
    ["datePublished", "publishedDate", "publishDate", "published_at", "publishedAt", "firstPublished"]
        .iter()
        .find_map(|key| {
            let start = source.find(key)? + key.len();
            // `":"`, `\":\"` and `&quot;:&quot;`, as deep in strings as the data is.
            let value = head(source.get(start..)?, 60);
            let value = head(value, 24).find(|c: char| c.is_ascii_digit()).map(|digit| &value[digit..])?;
            written(value, order)
        })
}

/// The day in an address: `/2020/04/13/`, `/2020/apr/13/`, `2020-04-13`, `20200413`.
fn in_address(url: &str) -> Option<Moment> {
    let path = url.splitn(4, '/').nth(3)?.split(['?', '#']).next()?;
    let parts: Vec<&str> =
        path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    for (number, part) in parts.iter().enumerate() {
        let value =
            |at: usize| parts.get(at).filter(|part| part.len() <= 2).and_then(|part| part.parse::<i8>().ok());
        let found = match part.len() {
            4 => {
                let month = value(number + 1).or_else(|| {
                    parts.get(number + 1).and_then(|name| month(&name.to_ascii_lowercase(), "en"))
                });
                day(part.parse().unwrap_or(0), month.unwrap_or(0), value(number + 2).unwrap_or(0))
            }
            8 => part.parse().ok().and_then(compact),
            _ => None,
        };
        if let Some(day) = found {
            return Some(Moment { day, at: None, zone: Zone::Untold });
        }
    }
    None
}

/// Marked as a date, and at the headline: see [`visible`].
const NEAR: u8 = 5;

/// The day in what a reader sees: `<time>` and elements named for dates first, then the text about the headline.
fn visible(page: &Page, title: &str, order: Order) -> Option<(u8, Moment)> {
    let mut best: Option<(u8, Moment)> = None;
    let mut offer = |rank: u8, found: Option<Moment>| {
        if let Some(found) = found
            && best.is_none_or(|(had, _)| rank < had)
        {
            best = Some((rank, found));
        }
    };
    let headline = folded(title);
    let mut after_headline = false;
    let mut until = 0;
    let mut prose = 0;
    for (number, node) in page.nodes.iter().enumerate() {
        match node.value {
            Value::Element(element) => {
                let name = element.name();
                let hints = Hints::of(page, number);
                if matches!(name, "script" | "style" | "noscript" | "template" | "select" | "nav" | "footer")
                    || hints.is_of_others(page, number)
                {
                    until = until.max(node.end);
                }
                if number < until {
                    continue;
                }
                if matches!(name, "h1" | "h2")
                    && !headline.is_empty()
                    && folded(&page.text(number)) == headline
                {
                    after_headline = true;
                    prose = 0;
                }
                let published = hints.has(Hints::PUBLISHED) || attr(element, "pubdate").is_some();
                if hints.has(Hints::CHANGED) && !published {
                    continue;
                }
                let near = u8::from(!after_headline || prose > 3000);
                if name == "time"
                    || attr(element, "itemprop")
                        .is_some_and(|prop| prop.eq_ignore_ascii_case("datePublished"))
                {
                    let told = ["datetime", "content", "title"]
                        .into_iter()
                        .find_map(|name| attr(element, name))
                        .and_then(|told| written(told, order));
                    let found = told.or_else(|| written(&page.text(number), order));
                    offer(if published { 1 } else { 3 + near }, found);
                } else if page.nodes[number].end - number < 30 && (published || hints.has(Hints::DATED)) {
                    let text = page.text(number);
                    if text.chars().count() < 200 && !is_copyright(&text) {
                        offer(if published { 2 } else { 5 + near }, written(&text, order));
                    }
                }
            }
            Value::Text(text) => {
                if number < until {
                    continue;
                }
                let length = text.trim().len();
                if length > 100 {
                    prose += length;
                }
                if (6..150).contains(&length)
                    && text.bytes().any(|byte| byte.is_ascii_digit())
                    && !is_copyright(text)
                    && !says_changed(text)
                {
                    let near = u8::from(!after_headline || prose > 1000);
                    offer(7 + near, written(text, order));
                }
            }
        }
    }
    best
}

fn is_copyright(text: &str) -> bool {
    let text = text.to_lowercase();
    ["©", "copyright", "(c)", "all rights"].iter().any(|mark| text.contains(mark))
}

fn says_changed(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    ["updated", "last updated", "modified", "last modified", "aktualisiert", "mis à jour", "actualizado"]
        .iter()
        .any(|mark| text.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::{in_address, published};
    use crate::read::metadata::Metadata;
    use crate::read::page::Page;

    #[test]
    fn days_in_addresses() {
        let day = |url| in_address(url).map(|moment| moment.day.to_string()).unwrap_or_default();
        assert_eq!(day("https://example.org/2023/09/11/talks"), "2023-09-11");
        assert_eq!(day("https://example.org/world/2023/sep/11/talks"), "2023-09-11");
        assert_eq!(day("https://example.org/talks-2023-09-11.html"), "2023-09-11");
        assert_eq!(day("https://example.org/a/20230911/talks"), "2023-09-11");
        assert_eq!(day("https://example.org/2023/talks"), "");
        assert_eq!(day("https://example.org/id/20239911"), "");
    }

    fn check(html: &str, expected: &str) {
        let parsed = scraper::Html::parse_document(html);
        let page = Page::of(&parsed);
        let metadata = Metadata::of(&page);
        let found = published(&page, &metadata, "Harbour to close", html);
        assert_eq!(found.map(|moment| moment.day.to_string()).unwrap_or_default(), expected, "{html}");
    }

    #[test]
    fn published_is_told_from_changed_and_from_copyright() {
        let thing = |inner: &str| {
            format!("<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",{inner}}}</script>")
        };
        check(&thing(r#""dateModified":"2023-09-12","datePublished":"2023-09-11""#), "2023-09-11");
        check(
            "<meta property='article:modified_time' content='2023-09-12'><meta property='article:published_time' content='2023-09-11T10:00:00+02:00'>",
            "2023-09-11",
        );
        check(
            "<h1>Harbour to close</h1><p>Updated 12 September 2023</p><time class=published datetime=2023-09-11>Monday</time>",
            "2023-09-11",
        );
        check(
            "<h1>Harbour to close</h1><p>By Ida Moss | 11 September 2023</p><footer>12 May 2024</footer>",
            "2023-09-11",
        );
        check("<h1>Harbour to close</h1><p>© 1 January 2024 The Harbour Post</p>", "");
        check("<aside class=related><time datetime=2020-01-01></time></aside><h1>Harbour to close</h1>", "");
        check("<p>Nothing about days.</p>", "");
    }

    #[test]
    fn the_day_is_the_pages_own() {
        // Late in the evening there is the next day in UTC.
        check(
            "<meta property='article:published_time' content='2023-09-12T02:11:00Z'><link rel=canonical href='https://example.org/2023/09/11/harbour'>",
            "2023-09-11",
        );
        check(
            "<meta property='article:published_time' content='2023-09-12T02:11:00+00:00'><h1>Harbour to close</h1><time datetime='2023-09-11T22:11:00-04:00'>Monday</time>",
            "2023-09-11",
        );
        check("<meta property='article:published_time' content='2023-09-12T02:11:00Z'>", "2023-09-12");
    }

    #[test]
    fn scripts_data_is_asked_late() {
        check(r#"<script>{"publishedDate":"2023-09-11T10:00:00Z"}</script>"#, "2023-09-11");
        check(r#"<div data-page="{&quot;datePublished&quot;:&quot;2023-09-11&quot;}"></div>"#, "2023-09-11");
    }
}
