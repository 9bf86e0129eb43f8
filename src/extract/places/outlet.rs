//! The country of the outlet a story comes from: by a table of well-known ones, else by the country in its host's name.

use crate::article::Article;
use crate::findings::Country;
use std::collections::HashMap;
use std::sync::LazyLock;

/// `country TAB hosts and names`.
const TABLE: &str = include_str!("../tables/outlets.tsv");

static OUTLETS: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(country, outlets)| Some((Country::new(country)?, outlets)))
        .flat_map(|(country, outlets)| {
            outlets.split("; ").map(move |outlet| (outlet.to_lowercase(), country))
        })
        .collect()
});

/// The outlet's own country, from its name, its host or the story's address.
pub(super) fn country(article: &Article) -> Option<Country> {
    let named = article.source.as_deref().and_then(|source| of_name(source).or_else(|| of_host(source)));
    named.or_else(|| of_host(host(article.url.as_deref()?)))
}

fn of_name(name: &str) -> Option<Country> {
    OUTLETS.get(name.trim().to_lowercase().as_str()).copied()
}

/// The host of an address, without user and port: `https://www.bbc.co.uk/news/1` gives `www.bbc.co.uk`.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// The longest known end of the host (`edition.cnn.com` is `cnn.com`), else its country-code domain, those left out
/// that the whole world uses.
fn of_host(host: &str) -> Option<Country> {
    const WORLDWIDE: [&str; 12] = ["ai", "cc", "co", "fm", "gg", "io", "ly", "me", "sh", "to", "tv", "ws"];
    let host = host.trim_end_matches('.').to_lowercase();
    let mut ends = std::iter::successors(Some(host.as_str()), |end| Some(end.split_once('.')?.1));
    if let Some(country) = ends.find_map(|end| OUTLETS.get(end)) {
        return Some(*country);
    }
    let (_, domain) = host.rsplit_once('.')?;
    match domain {
        "uk" => Country::new("GB"),
        "gov" | "mil" => Some(Country::US),
        _ if WORLDWIDE.contains(&domain) || domain == "eu" => None,
        _ => Country::new(domain),
    }
}

#[cfg(test)]
mod tests {
    use super::country;
    use crate::article::Article;

    fn check(source: Option<&str>, url: Option<&str>, expected: Option<&str>) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let article = Article { source: own(source), url: own(url), ..Article::default() };
        assert_eq!(country(&article).as_ref().map(|country| country.code()), expected, "{source:?} {url:?}");
    }

    #[test]
    fn names_hosts_and_domains() {
        check(Some("The Korea Herald"), None, Some("KR"));
        check(Some("koreaherald.com"), None, Some("KR"));
        check(None, Some("https://edition.cnn.com/2020/01/02/x.html"), Some("US"));
        check(None, Some("http://user@www.example.co.uk:8080/a?b"), Some("GB"));
        check(None, Some("https://beispiel.de/a"), Some("DE"));
        check(Some("An Unknown Gazette"), Some("https://dawn.com/x"), Some("PK"));
        check(None, Some("https://startup.io/x"), None);
        check(None, Some("https://example.com"), None);
        check(None, Some("::://@@"), None);
        check(None, None, None);
    }
}
