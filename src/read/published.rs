//! The day a page came out, by what it says of it: metadata, its address, the lines around the headline.

use super::date_line::{Says, only_moment, said};
use super::metadata::{Metadata, folded, host};
use super::moment::{Moment, Style, Zone, compact, moments, month};
use super::page::{Page, Value, attr, head};
use super::parts::Hints;
use crate::article::Day;
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
];
/// Names of `<meta>` that hold the day of a change.
const CHANGED: &[&str] = &["article:modified_time", "og:updated_time", "datemodified"];
/// So many of [`METAS`] tell of the publication and of nothing else.
const PLAINEST: usize = 5;

/// No page of the web is older.
const FIRST_YEAR: i16 = 1990;

/// Finds the day: that of the first publication, or the one the page gives its readers where that is another. A copyright
/// line is never taken for it, a day of change only where there is no other. `title` is the article's, and `source` the
/// page as it came, with its scripts.
pub(super) fn published(page: &Page, metadata: &Metadata, title: &str, source: &str) -> Option<Moment> {
    let style = style(metadata);
    let read = |text: &str| moments(text, style).next().map(|found| found.moment);
    let things = metadata.things.values("datePublished").filter_map(|written| read(written.as_str()?));
    let metas = |names: &'static [&str]| names.iter().filter_map(move |name| read(metadata.meta(&[name])?));
    let told: Vec<Moment> =
        things.clone().chain(metas(METAS)).chain(metadata.url().as_deref().and_then(in_address)).collect();
    let seen = visible(page, title, style);
    // Of two moments of publication the later is one of coming out again.
    let first = things.take(1).chain(metas(&METAS[..PLAINEST]).take(1)).min_by_key(|moment| moment.day);
    let Some(first) = first.or(told.first().copied()) else {
        let ld = |keys: &[&'static str]| keys.iter().find_map(|key| read(metadata.ld(key)?));
        return match seen {
            Some(seen) if seen.rank <= NEAR => Some(seen.moment),
            // Last of all days of files and of changes: the article is at least as old.
            _ => in_scripts(source, style)
                .or(seen.map(|seen| seen.moment))
                .or_else(|| ld(&["uploadDate", "dateCreated", "dateModified"]))
                .or_else(|| metas(CHANGED).next())
                .or_else(|| metadata.meta(&["og:image"]).and_then(in_address))
                .or_else(|| metas(&["uploaddate", "video:release_date"]).next()),
        };
    };
    if let Some(seen) = seen
        && seen.rank <= NEAR
        && (seen.at_headline || seen.moment.day < first.day)
        && !may_be_day_of(first, seen.moment.day)
        && (seen.moment.day.month(), seen.moment.day.day()) != (first.day.day(), first.day.month())
    {
        // A site that moved to another system gave all its pages a new day, and an outlet that tells a story anew
        // gives it that day: what readers are told counts.
        return Some(seen.moment);
    }
    if first.zone != Zone::Utc {
        return Some(first);
    }
    let seen = seen.map(|seen| seen.moment).filter(|moment| moment.zone == Zone::Own);
    let local = told.iter().copied().filter(|moment| moment.zone != Zone::Utc).chain(seen);
    Some(local.clone().find(|local| may_be_day_of(first, local.day)).unwrap_or(first))
}

/// Whether a moment can lie on that day where the page was written.
fn may_be_day_of(moment: Moment, day: Day) -> bool {
    match moment.at {
        Some(at) if moment.zone == Zone::Utc => {
            (at.saturating_sub(12.hours()).date()..=at.saturating_add(14.hours()).date()).contains(&day)
        }
        _ => (moment.day.saturating_sub(1.day())..=moment.day.saturating_add(1.day())).contains(&day),
    }
}

/// How the page writes dates: in its language, and in digits as its region does.
fn style(metadata: &Metadata) -> Style {
    const ELSEWHERE: [&str; 20] = [
        "uk", "au", "nz", "ie", "in", "za", "pk", "ng", "ke", "sg", "my", "hk", "lk", "bd", "gh", "de", "fr",
        "it", "es", "nl",
    ];
    let locale = metadata.locale();
    let lang = locale.as_bytes().first_chunk().copied().unwrap_or(*b"en");
    let region = locale.get(3..5).unwrap_or("");
    let address = metadata.url();
    let domain = address.as_deref().and_then(host).and_then(|host| host.rsplit('.').next());
    // English without a region, and nothing in the address that says otherwise, is mostly American.
    let american = matches!(region, "" | "us" | "ca" | "ph")
        && !domain.is_some_and(|domain| domain == "eu" || ELSEWHERE.contains(&domain));
    Style { lang, month_first: &lang == b"en" && american, since: FIRST_YEAR }
}

/// The day in the data from which scripts build the page.
fn in_scripts(source: &str, style: Style) -> Option<Moment> {
    ["datePublished", "publishedDate", "publishDate", "published_at", "publishedAt", "firstPublished"]
        .iter()
        .find_map(|key| {
            let start = source.find(key)? + key.len();
            // `":"`, `\":\"` and `&quot;:&quot;`, as deep in strings as the data is.
            let value = head(source.get(start..)?, 60);
            let value = head(value, 24).find(|c: char| c.is_ascii_digit()).map(|digit| &value[digit..])?;
            Some(moments(value, style).next()?.moment)
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
                Day::new(part.parse().unwrap_or(0), month.unwrap_or(0), value(number + 2).unwrap_or(0)).ok()
            }
            8 => part.parse().ok().and_then(compact),
            _ => None,
        };
        if let Some(day) = found.filter(|day| (FIRST_YEAR..2100).contains(&day.year())) {
            return Some(Moment { day, at: None, zone: Zone::Untold });
        }
    }
    None
}

/// A day that readers see.
#[derive(Clone, Copy)]
struct Seen {
    /// The lower the plainer: 1 and 2 are elements named for the publication, 3 and 4 `<time>`, 5 and 6 elements named for
    /// dates and lines that say nothing else, 7 other lines, all at the headline; 4 and 6 are elements elsewhere, 8 is a
    /// day of change, 9 a line elsewhere.
    rank: u8,
    /// At the headline, and named for nothing but the publication.
    at_headline: bool,
    moment: Moment,
}

/// Marked as a date, and at the headline.
const NEAR: u8 = 5;
const CHANGE: u8 = 8;

/// The day in what a reader sees: `<time>` and elements named for dates first, then the text about the headline.
fn visible(page: &Page, title: &str, style: Style) -> Option<Seen> {
    let mut best: Option<Seen> = None;
    let mut offer = |rank: u8, at_headline: bool, moment: Moment| {
        if best.is_none_or(|had| rank < had.rank) {
            best = Some(Seen { rank, at_headline, moment });
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
                let changed = hints.has(Hints::CHANGED) && !published;
                // Some themes name one element for the publication and the change, and show either.
                let at_headline = after_headline && prose <= 1000 && !hints.has(Hints::CHANGED);
                let near = u8::from(!after_headline || prose > 3000);
                let is_date = name == "time"
                    || attr(element, "itemprop")
                        .is_some_and(|prop| prop.eq_ignore_ascii_case("datePublished"));
                let told = ["datetime", "content", "title"]
                    .into_iter()
                    .filter(|_| is_date)
                    .filter_map(|name| attr(element, name))
                    .find_map(|told| moments(told, style).next());
                let rank = match () {
                    () if is_date => {
                        if published {
                            1
                        } else {
                            3 + near
                        }
                    }
                    () if page.nodes[number].end - number >= 30 => continue,
                    () if published => 2,
                    () if hints.has(Hints::DATED) || changed => 5 + near,
                    () => continue,
                };
                if let Some(told) = told {
                    let changed = changed || said(&before(page, number)) == Says::Changed;
                    offer(if changed { CHANGE } else { rank }, at_headline, told.moment);
                    continue;
                }
                let text = page.text(number);
                if text.chars().count() < 200 && !is_copyright(&text) {
                    for found in moments(&text, style) {
                        let changed =
                            changed || said(&(before(page, number) + &text[..found.start])) == Says::Changed;
                        offer(if changed { CHANGE } else { rank }, at_headline, found.moment);
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
                {
                    let at_headline = after_headline && prose <= 1000;
                    let rank = match () {
                        () if !at_headline => 9,
                        () if only_moment(text).is_some() => 5,
                        () => 7,
                    };
                    for found in moments(text, style) {
                        let changed = said(&(before(page, number) + &text[..found.start])) == Says::Changed;
                        offer(if changed { CHANGE } else { rank }, at_headline, found.moment);
                    }
                }
            }
        }
    }
    best
}

/// The words before a node: those that lead up to a date often stand in elements of their own.
fn before(page: &Page, node: usize) -> String {
    let texts = page.nodes[node.saturating_sub(6)..node].iter().filter_map(|node| match node.value {
        Value::Text(text) if text.len() < 100 => Some(text),
        _ => None,
    });
    texts.flat_map(|text| [text, " "]).collect()
}

fn is_copyright(text: &str) -> bool {
    let text = text.to_lowercase();
    ["©", "copyright", "(c)", "all rights"].iter().any(|mark| text.contains(mark))
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
        check(
            "<h1>Harbour to close</h1><p class=date><b>Last updated</b> on 12 September 2023</p><p>11 September 2023</p>",
            "2023-09-11",
        );
        check("<h1>Harbour to close</h1><p>Updated 12 September 2023</p>", "2023-09-12");
        check("<p>Nothing about days.</p>", "");
    }

    #[test]
    fn what_readers_are_told_counts() {
        let told = "<meta property='article:published_time' content='2023-09-11T10:00:00Z'><h1>Harbour to close</h1>";
        check(&format!("{told}<p>2 May 2019</p>"), "2019-05-02");
        check(&format!("{told}<time datetime=2023-11-02>2 November</time>"), "2023-11-02");
        check(&format!("{told}<p>Updated <time datetime=2023-11-02>2 November</time></p>"), "2023-09-11");
        check(&format!("{told}<time class='published updated' datetime=2023-11-02></time>"), "2023-09-11");
        check(&format!("<p class=today>2 November 2023</p>{told}"), "2023-09-11");
        // Of two days of publication the first.
        check(
            &format!(
                "{told}<script type='application/ld+json'>{{\"@type\":\"Article\",\"datePublished\":\"2023-09-14\"}}</script>"
            ),
            "2023-09-11",
        );
    }

    #[test]
    fn the_day_of_a_picture_or_video_is_asked_last() {
        check(
            "<meta property='og:image' content='https://example.org/files/2023/09/11/harbour.png'>",
            "2023-09-11",
        );
        check(
            "<meta itemprop=uploadDate content=2019-01-02><h1>Harbour to close</h1><p>Updated 12 September 2023</p>",
            "2023-09-12",
        );
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
