//! Every format that is read, each proved by a small file in `corpus/formats`.

use crate::run::repository;
use onrecord::article::Article;
use onrecord::read::{self, Options, ReadError, Source, WalkOptions};
use std::path::Path;

/// All that comes out of a file, articles and complaints in their order.
pub(crate) fn read_all(path: &Path, options: &Options) -> Vec<Result<Article, ReadError>> {
    let mut found = Vec::new();
    read::pieces(&Source::file(path), options, &mut |piece| {
        found.push(piece.and_then(|piece| read::article(&piece)));
    });
    found
}

/// What a file gives: a line an article, as `place | title | byline | source | when | first words … last words`.
#[track_caller]
fn check(file: &str, expected: &[&str]) {
    let path = repository("corpus/formats").join(file);
    let folder = repository("corpus/formats").display().to_string();
    let articles = read_all(&path, &Options::default()).into_iter().filter_map(|found| match found {
        Ok(article) => Some(line(&article, &folder)),
        Err(error) if error.is_not_article() => None,
        Err(error) => Some(error.to_string()),
    });
    assert_eq!(articles.collect::<Vec<_>>(), expected, "{file}");
}

fn line(article: &Article, folder: &str) -> String {
    let path = article.path.replace(folder, "");
    let place = match article.line {
        0 => path,
        line => format!("{path}:{line}"),
    };
    let when = article.published_at.map(|at| at.to_string()).or(article.published.map(|day| day.to_string()));
    let words: Vec<&str> = article.text.split_whitespace().collect();
    let text = format!("{} … {}", words[..3].join(" "), words[words.len() - 2..].join(" "));
    let source = article.source.clone().unwrap_or_default();
    assert_eq!(article.lang.as_deref(), Some("en"), "{place}");
    assert!(!article.id.is_empty(), "{place}");
    [
        place.trim_start_matches('/'),
        &article.title,
        &article.byline.join("; "),
        &source,
        &when.unwrap_or_default(),
        &text,
    ]
    .join(" | ")
}

#[test]
fn plain_text() {
    check(
        "harbour.txt",
        &[
            "harbour.txt:1 | Leaning crane keeps Ostmoor harbour shut | Marta Lindqvist |  | 2024-03-04T09:40:00 | The harbour of … by Wednesday.",
        ],
    );
}

#[test]
fn markdown() {
    check(
        "bridge.md",
        &[
            "bridge.md:1 | Old bridge at Tarn: one lane for a year | Piet Osei | Tarn Courier | 2024-03-05 | The stone bridge … northern road.",
        ],
    );
}

#[test]
fn html() {
    check(
        "library.html",
        &[
            "library.html | Night library opens in Vessel | Sana Okafor | Vessel Daily | 2024-03-06T07:15:00 | The town of … Moss said.",
        ],
    );
}

/// As browsers and SingleFile save pages, and as wget mirrors a site.
#[test]
fn saved_pages() {
    check(
        "bell-tower.html",
        &[
            "bell-tower.html | Bell tower of Tarn leans no more | Piet Osei | Tarn Courier | 2024-04-02T08:00:00 | The bell tower … the clock.",
        ],
    );
    check(
        "lighthouse.html",
        &[
            "lighthouse.html | Lighthouse keeper hangs up his lamp | Mirja Aalto | Coast Gazette | 2024-04-05T05:45:00 | The last keeper … from June.",
        ],
    );
    check(
        "mirror/www.dunmore.example/2024/03/ice-road.html",
        &[
            "mirror/www.dunmore.example/2024/03/ice-road.html | Ice road closes early | Ruth Anaya | Dunmore News | 2024-03-19T16:20:00 | The ice road … office said.",
        ],
    );
}

#[test]
fn a_saved_page_is_one_article_with_its_folder() {
    let folder = repository("corpus/formats");
    let named = |source: Result<Source, ReadError>| source.unwrap().name;
    let options = WalkOptions::default();
    let found = read::walk(std::slice::from_ref(&folder), &options).map(named);
    let found: Vec<String> = found.filter(|name| name.contains("bell-tower")).collect();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn rows_of_other_tools() {
    check(
        "trafilatura.jsonl",
        &[
            "trafilatura.jsonl:1 | Post office of Lorn moves into the pub | Emil Brandt; Nora Vance | Lorn Times | 2024-04-08 | The post office … service said.",
        ],
    );
    check(
        "news-please.jsonl",
        &[
            "news-please.jsonl:1 | Goat stops the evening train | Yara Holt | vesseldaily.example | 2024-04-10T17:30:00 | A goat held … it said.",
        ],
    );
    check(
        "newspaper4k.jsonl",
        &[
            "newspaper4k.jsonl:1 | Organ of Hollow plays again | Bram Keeling | Hollow Post | 2024-04-12T09:15:00 | The church organ … been found.",
        ],
    );
}

#[test]
fn json() {
    check(
        "markets.jsonl",
        &[
            "markets.jsonl:1 | Salt price falls for a third week | Dara Whitlock | wire.example | 2024-03-07T16:00:00 | The price of … Lena Farrow.",
            "markets.jsonl:2 | Tin mine at Corrow reopens | Dara Whitlock; Ove Strand |  | 2024-03-08 | The tin mine … the valley”.",
        ],
    );
    check(
        "council.json",
        &[
            "council.json#1:1 | Council of Pell bans leaf blowers | Greta Sommer | Pell Post | 2024-03-09T10:00:00 | The council of … Ian Matu.",
            "council.json#2:1 | Pell buys its first electric plough | Greta Sommer | Pell Post | 2024-03-10T10:00:00 | The town of … Quist said.",
        ],
    );
}

#[test]
fn tables() {
    check(
        "sport.csv",
        &[
            "sport.csv:2 | Corrow wins the valley cup, again | Finn Abara |  | 2024-03-10 | Corrow beat Tarn … Noor Vale.",
            "sport.csv:5 | Rowers stay ashore | Finn Abara |  | 2024-03-10 | The rowing race … is closed.",
        ],
    );
    check(
        "weather.tsv",
        &[
            "weather.tsv:2 | Storm named Hilda nears the coast |  | Coast Gazette | 2024-03-11 | A storm named … as houses”.",
        ],
    );
}

#[test]
fn columns_that_are_mapped() {
    let path = repository("corpus/formats/sport.csv");
    let map = read::columns("text=headline").unwrap();
    let titles = read_all(&path, &Options { map, ..Options::default() });
    assert_eq!(titles[0].as_ref().unwrap().text, "Corrow wins the valley cup, again");
}

#[test]
fn web_archives() {
    check(
        "crawl.warc",
        &[
            "crawl.warc#2 | Tower clock of Amery runs backwards | Ines Calder | Amery Mirror | 2024-03-12T08:00:00 | The clock on … this week.",
            "crawl.warc#4 | Amery sells its last tram | Ines Calder | Amery Mirror | 2024-03-28T09:15:00 | The town of … since then.",
        ],
    );
    check(
        "crawl.warc.gz",
        &[
            "crawl.warc.gz#3 | School in Vessel gives up bells | Sana Okafor | Vessel Daily | 2024-03-13T06:30:00 | The school of … for everyone.",
        ],
    );
    check(
        "holm.wacz",
        &[
            "holm.wacz#archive/data.warc.gz#2 | Ferry to Holm sails without a captain | Jory Penn | Holm Herald | 2024-03-14T12:00:00 | A ferry with … at all.",
        ],
    );
}

#[test]
fn messages() {
    check(
        "bees.mhtml",
        &[
            "bees.mhtml | Beekeepers of Tarn count their losses | Piet Osei | Tarn Courier | 2024-03-15T09:00:00 | Beekeepers around Tarn … new roundabout.",
        ],
    );
    check(
        "dike.eml",
        &[
            "dike.eml | Dike at Corrow holds – barely | Ove Strand | valleywire.example | 2024-03-16T18:20:00 | The dike at … until Tuesday.",
        ],
    );
}

#[test]
fn feeds() {
    check(
        "town.rss",
        &[
            "town.rss#1 | Goat elected honorary mayor of Pell | Greta Sommer | Pell Post | 2024-03-17T11:00:00 | A goat called … counted them.",
            "town.rss#2 | Bakery of Pell to close on Mondays |  | Pell Post | 2024-03-18T07:00:00 | The last bakery … owner said.",
        ],
    );
    check(
        "science.atom",
        &[
            "science.atom#1 | Comet seen over Amery a day early | Ines Calder | Amery Mirror: Science | 2024-03-19T06:45:00 | A comet passed … the observatory.",
        ],
    );
}

#[test]
fn agencies() {
    check(
        "vineyard.nitf.xml",
        &[
            "vineyard.nitf.xml | Frost takes half the vineyards of Corrow | Dara Whitlock | Valley Wire | 2024-03-20T10:15:00 | Frost destroyed half … on Thursday.",
        ],
    );
    check(
        "agency.newsml.xml",
        &[
            "agency.newsml.xml#1 | Tunnel under the Tarn pass breaks through | Ove Strand | Valley Wire | 2024-03-21T11:40:00 | Workers broke through … Ada Quist.",
            "agency.newsml.xml#2 | Price of the tunnel doubles | Ove Strand | Valley Wire | 2024-03-22T11:40:00 | The tunnel under … on Friday.",
        ],
    );
}

#[test]
fn documents() {
    check(
        "museum.pdf",
        &[
            "museum.pdf | Museum of lost gloves opens in Holm | Jory Penn |  | 2024-03-22T09:30:00 | A museum for … their pockets.",
        ],
    );
    check(
        "weekly.epub",
        &[
            "weekly.epub#lighthouse.xhtml | The last keeper of the lighthouse | Marta Lindqvist | Coast Gazette Weekly | 2024-03-23 | For thirty-one years … need to.",
            "weekly.epub#eels.xhtml | Eels return to the river | Marta Lindqvist | Coast Gazette Weekly | 2024-03-23 | Eels have come … this year.",
        ],
    );
}

#[test]
fn archives() {
    check(
        "clippings.zip",
        &[
            "clippings.zip#2024/orchard.txt:1 | Thieves take only the red apples | Finn Abara |  | 2024-03-24 | Thieves emptied an … Hedda Quill.",
            "clippings.zip#2024/choir.md:1 | Choir sings to an empty hall | Ines Calder |  | 2024-03-25 | The choir of … the posters.",
        ],
    );
    check(
        "mill.txt.gz",
        &[
            "mill.txt.gz:1 | Mill at Vessel grinds again after fire | Sana Okafor |  | 2024-03-26 | The mill at … Anton Reeve.",
        ],
    );
    check(
        "quarry.jsonl.zst",
        &[
            "quarry.jsonl.zst:1 | Quarry finds a whale in the hill | Dara Whitlock | Valley Wire | 2024-03-27 | Workers at a … Miro Tann.",
        ],
    );
}
