//! What asking costs, as a ratio to bare tantivy over the same documents in the same index.
//!
//! The rival is what a program of tantivy's own queries and collectors does in the same fields, for as many documents
//! found (checked); it breaks ties by where a document lies, and we by day and id.
//! `cargo bench --bench ask [-- FILE.jsonl [LINE]]`; with a line's name or a part of it, those lines alone. Without a file the articles of `corpus/sample` are repeated. At least 200
//! queries of each kind are taken from the articles' own words; each is run five times in turn with its rival, the best
//! counts, and the medians are compared. The rival answers what `--all-versions` asks; beside it stands what is asked
//! otherwise, each story once. Statements whose speaker is not known get one of 40,000 invented names, so that
//! the facet of speakers is as large as a real archive's.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and may panic")]

use index_schema::{FIELDS, Field, Kind};
use onrecord::answer::{By, Distinct, Order, OwnFilters, Unit};
use onrecord::article::Article;
use onrecord::ask::{self, Question};
use onrecord::document::{UNKNOWN, Value};
use onrecord::index::local::{LocalIndex, LocalReader};
use onrecord::index::{Location, Reader};
use onrecord::ledger::Ledger;
use onrecord::query::highlight::{Highlighter, Part};
use onrecord::query::{Query, parse::parse};
use onrecord::read::{self, Source, WalkOptions};
use onrecord::story::{self, Fingerprint, Sketch};
use onrecord::{compose, extract, terms};
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tantivy::aggregation::AggregationCollector;
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::OwnedBytes;
use tantivy::query::{BooleanQuery, PhraseQuery, Query as BareQuery, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::snippet::SnippetGenerator;
use tantivy::store::StoreReader;
use tantivy::tokenizer::{LowerCaser, SimpleTokenizer, TextAnalyzer};
use tantivy::{DocAddress, Searcher, Term};

/// The program's own allocator, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERIES: usize = 200;
const RUNS: usize = 5;
const SPEAKERS: u64 = 40_000;
/// How often the sample stands in for a real corpus.
const REPEATED: usize = 100;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let named = arguments().next().map(PathBuf::from);
    let kept = std::env::var_os("BENCH_INDEX").map(PathBuf::from);
    let dir = kept.unwrap_or_else(|| folder.path().to_path_buf());
    let articles = articles(named.as_deref());
    if LocalIndex::open(&dir).is_err() {
        index(&articles, &dir);
    }
    let ours = LocalReader::open(&dir).unwrap();
    let reader = Reader::open(&Location::of(&dir)).unwrap();
    let bare = Bare::open(&dir);
    println!(
        "{} articles, {} documents, {} segments",
        articles.len(),
        bare.num_docs(),
        bare.segment_readers().len()
    );
    let words = words(&articles);
    println!(
        "{:36} {:>8} {:>9} {:>7} {:>9} {:>7}",
        "medians, µs", "bare", "all", "ratio", "stories", "ratio"
    );
    for (kind, queries) in [
        ("term", terms_asked(&words)),
        ("and", pairs(&words, " ")),
        ("or", pairs(&words, " OR ")),
        ("phrase", phrases(&articles)),
        ("range", ranges(&words)),
    ] {
        for query in &queries {
            let found = bare.search(&*rival(query, &bare, false), &Count).unwrap() as u64;
            assert_eq!(ours.count(query, Distinct::Document).unwrap(), found, "both find the same: {query}");
        }
        hits(&format!("{kind}: top 10"), &ours, &bare, &queries);
        snippets(&format!("{kind}: top 10 with snippets"), &ours, &bare, &queries);
        answers(&format!("{kind}: a whole answer"), &reader, &bare, &queries);
        compare(
            &format!("{kind}: count"),
            &queries,
            |q, distinct| ours.count(q, distinct).unwrap(),
            |q| bare.search(&*rival(q, &bare, false), &Count).unwrap() as u64,
        );
        for (name, by) in [
            ("months", By { field: Field::Date, unit: Some(Unit::Month) }),
            ("countries", By { field: Field::Country, unit: None }),
            ("speakers", By { field: Field::Speaker, unit: None }),
        ] {
            facets(&format!("{kind}: facet of {name}"), &ours, &bare, &queries, by);
        }
    }
    let rare: Vec<Query> = terms_asked(&words)
        .into_iter()
        .filter(|q| (1..100).contains(&ours.count(q, Distinct::Document).unwrap()))
        .collect();
    facets("rare terms: facet of speakers", &ours, &bare, &rare, By { field: Field::Speaker, unit: None });
    facets(
        "everything: facet of speakers",
        &ours,
        &bare,
        &[Query::Everything],
        By { field: Field::Speaker, unit: None },
    );
}

/// A typed query as bare tantivy has it; with `forms`, in the words' own forms, which its snippets need.
fn rival(query: &Query, bare: &Bare, forms: bool) -> Box<dyn BareQuery> {
    let field = |field: Field| bare.schema().get_field(field.name()).unwrap();
    match query {
        Query::Word { word, .. } if forms => Box::new(TermQuery::new(
            Term::from_field_text(field(Field::Text), word),
            IndexRecordOption::WithFreqs,
        )),
        Query::Word { word, .. } => {
            let term = Term::from_field_text(field(Field::Stem), &terms::stem(word));
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        }
        Query::Phrase { words, .. } => {
            let phrase = |field| -> Box<dyn BareQuery> {
                let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
                Box::new(PhraseQuery::new(terms))
            };
            Box::new(BooleanQuery::union(vec![phrase(field(Field::Text)), phrase(field(Field::Title))]))
        }
        Query::Days { from, to, .. } => {
            let bound = |day: Option<onrecord::article::Day>| {
                let days = day.unwrap().since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
                std::ops::Bound::Included(Term::from_field_i64(field(Field::Date), i64::from(days)))
            };
            Box::new(RangeQuery::new(bound(*from), bound(*to)))
        }
        Query::All(all) => {
            Box::new(BooleanQuery::intersection(all.iter().map(|q| rival(q, bare, forms)).collect()))
        }
        Query::Any(any) => Box::new(BooleanQuery::union(any.iter().map(|q| rival(q, bare, forms)).collect())),
        Query::Everything => Box::new(tantivy::query::AllQuery),
        other => panic!("the bench asks no {other}"),
    }
}

fn hits(what: &str, ours: &LocalReader, bare: &Bare, queries: &[Query]) {
    compare(
        what,
        queries,
        |q, distinct| ours.places(q, Order::Relevance, distinct, 10).unwrap().len() as u64,
        |q| {
            bare.search(&*rival(q, bare, false), &TopDocs::with_limit(10).order_by_score()).unwrap().len()
                as u64
        },
    );
}

fn snippets(what: &str, ours: &LocalReader, bare: &Bare, queries: &[Query]) {
    compare(
        what,
        queries,
        |q, distinct| {
            let words = Highlighter::new(q, Part::Text);
            let mut length = 0;
            ours.found(q, Order::Relevance, distinct, 0..10, &mut |found| {
                let texts = found.iter().map(|found| found.document.first(Field::Text).unwrap_or_default());
                length += texts.map(|text| words.snippet(text, 200).text.len()).sum::<usize>();
                true
            })
            .unwrap();
            length as u64
        },
        |q| {
            let found =
                bare.search(&*rival(q, bare, false), &TopDocs::with_limit(10).order_by_score()).unwrap();
            bare_snippets(q, bare, found)
        },
    );
}

/// What `search` prints: how many there are, and the first ten with snippets.
fn answers(what: &str, ours: &Reader, bare: &Bare, queries: &[Query]) {
    compare(
        what,
        queries,
        |q, distinct| ask::search(ours, &question(q, distinct)).unwrap().totals.hits(),
        |q| {
            let both = (Count, TopDocs::with_limit(10).order_by_score());
            let (count, found) = bare.search(&*rival(q, bare, false), &both).unwrap();
            bare_snippets(q, bare, found) + count as u64
        },
    );
}

fn question(query: &Query, distinct: Distinct) -> Question {
    Question { query: query.clone(), order: Order::Relevance, distinct, skip: 0, limit: 10, snippet: 200 }
}

fn bare_snippets(query: &Query, bare: &Bare, found: Vec<(f32, DocAddress)>) -> u64 {
    let text = bare.schema().get_field("text").unwrap();
    let mut generator = SnippetGenerator::create(bare, &*rival(query, bare, true), text).unwrap();
    generator.set_max_num_chars(200);
    let snippet = |(_, address)| generator.snippet(&bare_words(bare, address)).fragment().len() as u64;
    found.into_iter().map(snippet).sum()
}

/// The words of a document as a program of its own would read them: an article's body, and a statement's slice of it.
/// The bytes are tantivy's block of them, not copied: to have them as a `TantivyDocument` costs 80 or 200 µs for ten,
/// as the compiler has it that day.
fn bare_words(bare: &Bare, address: DocAddress) -> String {
    let bytes = bare.stored(address);
    let stored = stored(&bytes);
    if stored.behind == 0 {
        return stored.body.to_owned();
    }
    let article = bare.stored(DocAddress::new(address.segment_ord, address.doc_id - stored.behind));
    let body = self::stored(&article).body;
    let slice = |(start, length)| -> String { body.chars().skip(start).take(length).collect() };
    stored.spans.into_iter().map(slice).collect::<Vec<_>>().join(" … ")
}

/// What a rival needs of what is stored of a document.
#[derive(Default)]
struct Stored<'b> {
    body: &'b str,
    /// How far before a statement its article is stored.
    behind: u32,
    /// Starts and lengths.
    spans: Vec<(usize, usize)>,
}

/// Reads the one value: fields' rows, each before a day or a text with its length, in LEB128. It stands behind a head
/// of six bytes and its length, whose last byte has the highest bit.
fn stored(bytes: &[u8]) -> Stored<'_> {
    let length = bytes[6..].iter().position(|byte| *byte >= 0x80).unwrap() + 1;
    let mut rest = &bytes[6 + length..];
    let mut stored = Stored::default();
    while let [row, after @ ..] = rest {
        rest = after;
        match row {
            0x80.. => {}
            0x7f => stored.behind = number(&mut rest) as u32,
            0x7e => {
                let head = number(&mut rest);
                let mut end = 0;
                for _ in 0..head >> 2 {
                    let (from, length) = (end + number(&mut rest), number(&mut rest));
                    stored.spans.push((from, length));
                    end = from + length;
                }
                (0..2 * (head & 3).count_ones()).for_each(|_| _ = number(&mut rest));
            }
            row if FIELDS[usize::from(*row)].kind == Kind::Day => _ = number(&mut rest),
            row => {
                let length = number(&mut rest);
                if FIELDS[usize::from(*row)].field == Field::Body {
                    stored.body = std::str::from_utf8(&rest[..length]).unwrap();
                }
                rest = &rest[length..];
            }
        }
    }
    stored
}

fn number(rest: &mut &[u8]) -> usize {
    let digits = rest.iter().position(|byte| *byte < 0x80).unwrap() + 1;
    let number = rest[..digits].iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f));
    *rest = &rest[digits..];
    number
}

fn facets(what: &str, ours: &LocalReader, bare: &Bare, queries: &[Query], by: By) {
    let field = if by.unit == Some(Unit::Month) { "month" } else { by.field.name() };
    let terms =
        serde_json::json!({ "f": { "terms": { "field": field, "size": 10, "segment_size": 60_000 } } });
    compare(
        what,
        queries,
        |q, distinct| ours.facets(q, &[by], OwnFilters::Ignored, distinct).unwrap()[0].values.len() as u64,
        |q| {
            let collector = AggregationCollector::from_aggs(
                serde_json::from_value(terms.clone()).unwrap(),
                Default::default(),
            );
            let found = bare.search(&*rival(q, bare, false), &collector).unwrap();
            found.0.len() as u64
        },
    );
}

/// What was typed; cargo adds options of its own.
fn arguments() -> impl Iterator<Item = String> {
    std::env::args().skip(1).filter(|argument| !argument.starts_with("--"))
}

/// Runs both on every query, in turn, and prints the medians of the best times.
fn compare(
    what: &str,
    queries: &[Query],
    ours: impl Fn(&Query, Distinct) -> u64,
    bare: impl Fn(&Query) -> u64,
) {
    if arguments().nth(1).is_some_and(|line| !what.contains(&line)) {
        return;
    }
    let best = |run: &dyn Fn() -> u64| {
        let timed = |_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed()
        };
        (0..RUNS).map(timed).min().unwrap_or_default()
    };
    let mut times: [Vec<Duration>; 3] = Default::default();
    for query in queries {
        times[0].push(best(&|| bare(query)));
        times[1].push(best(&|| ours(query, Distinct::Document)));
        times[2].push(best(&|| ours(query, Distinct::Story)));
    }
    let [bare, all, stories] = times.map(|mut times| {
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e6
    });
    println!("{what:36} {bare:8.1} {all:9.1} {:7.2} {stories:9.1} {:7.2}", all / bare, stories / bare);
}

fn articles(named: Option<&Path>) -> Vec<Article> {
    let mut articles = Vec::new();
    let paths: Vec<PathBuf> = match named {
        Some(path) => vec![path.to_path_buf()],
        None => vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/sample")],
    };
    for source in read::walk(&paths, &WalkOptions::new(&[], &[]).unwrap()).flatten() {
        let source: Source = source;
        read::pieces(&source, &read::Options::default(), &mut |piece| {
            articles.extend(piece.and_then(|piece| read::article(&piece)).ok());
        });
    }
    if named.is_none() {
        let sample = articles.clone();
        for copy in 1..REPEATED {
            articles.extend(sample.iter().cloned().map(|mut article| {
                article.id = format!("{}-{copy}", article.id);
                article
            }));
        }
    }
    articles
}

fn index(articles: &[Article], dir: &Path) {
    let index = LocalIndex::open_or_create(dir).unwrap();
    let mut writer = index.writer().unwrap();
    let mut invented = 0u64;
    let stories = stories(articles);
    for article in articles {
        let findings = extract::extract(article);
        let mut documents = compose::documents(article, &findings);
        if let Some(story) = stories.get(&article.id) {
            compose::set_story(&mut documents, story);
        }
        for document in &mut documents {
            for (field, value) in &mut document.values {
                if *field == Field::Speaker && *value == Value::Text(UNKNOWN.into()) {
                    invented = invented.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    // the few speak often, the many once
                    let place = SPEAKERS as f64 * ((invented >> 11) as f64 / (1u64 << 53) as f64).powi(3);
                    *value = Value::Text(format!("Speaker {}", place as u64).into());
                }
            }
        }
        writer.add(documents).unwrap();
    }
    writer.commit(&Ledger::default(), &Default::default()).unwrap();
    writer.close().unwrap();
}

fn stories(articles: &[Article]) -> HashMap<String, String> {
    let sketches = articles.iter().filter_map(|article| {
        let fingerprint = Fingerprint::of(&article.text)?;
        Some(Sketch { id: &article.id, fingerprint, published: article.published })
    });
    story::stories(&sketches.collect::<Vec<_>>())
}

/// The index as a program that knows only tantivy opens it.
struct Bare {
    searcher: Searcher,
    /// What is stored, by segment.
    stores: Vec<StoreReader>,
}

impl Bare {
    fn open(dir: &Path) -> Bare {
        let index = tantivy::Index::open_in_dir(dir.join("data")).unwrap();
        let words = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).build();
        index.tokenizers().register("words", words);
        let searcher = index.reader().unwrap().searcher();
        let stores = searcher.segment_readers().iter().map(|segment| segment.get_store_reader(100).unwrap());
        Bare { stores: stores.collect(), searcher }
    }

    fn stored(&self, address: DocAddress) -> OwnedBytes {
        self.stores[address.segment_ord as usize].get_document_bytes(address.doc_id).unwrap()
    }
}

impl Deref for Bare {
    type Target = Searcher;

    fn deref(&self) -> &Searcher {
        &self.searcher
    }
}

/// Words with the number of articles that hold them, the most frequent first.
fn words(articles: &[Article]) -> Vec<(String, usize)> {
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for article in articles {
        let mut words = terms::words(&article.text);
        words.sort_unstable();
        words.dedup();
        for word in words.into_iter().filter(|w| w.len() > 3 && w.bytes().all(|b| b.is_ascii_lowercase())) {
            *held.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<(String, usize)> = held.into_iter().filter(|(word, _)| !is_stop(word)).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words
}

fn is_stop(word: &str) -> bool {
    onrecord::query::words::is_stop_word(word)
}

/// Words of every frequency: each a little rarer than the one before.
fn spread(words: &[(String, usize)], wanted: usize) -> Vec<&str> {
    let last = (words.len() as f64).ln();
    let mut places: Vec<usize> =
        (0..wanted * 3).map(|n| (last * (n as f64 + 1.0) / (wanted * 3) as f64).exp() as usize - 1).collect();
    places.dedup();
    let step = (places.len() / wanted).max(1);
    places.iter().step_by(step).filter_map(|&place| Some(words.get(place)?.0.as_str())).collect()
}

fn parsed(typed: impl Iterator<Item = String>) -> Vec<Query> {
    typed.map(|typed| parse(&typed).unwrap()).collect()
}

fn terms_asked(words: &[(String, usize)]) -> Vec<Query> {
    parsed(spread(words, QUERIES).into_iter().map(str::to_owned))
}

fn pairs(words: &[(String, usize)], between: &str) -> Vec<Query> {
    let common = spread(&words[..words.len().min(2_000)], QUERIES);
    let other = common.iter().cycle().skip(37);
    parsed(common.iter().zip(other).filter(|(a, b)| a != b).map(|(a, b)| format!("{a}{between}{b}")))
}

/// Two or three words that stand side by side.
fn phrases(articles: &[Article]) -> Vec<Query> {
    let step = (articles.len() / QUERIES).max(1);
    let phrase = |(number, article): (usize, &Article)| {
        let words = terms::words(&article.text);
        let length = 2 + number % 2;
        let phrase = words.get(words.len() / 2..words.len() / 2 + length)?;
        phrase.iter().all(|w| w.len() > 2 && !is_stop(w)).then(|| format!("\"{}\"", phrase.join(" ")))
    };
    let all = articles.iter().enumerate().step_by(step.div_ceil(4).max(1));
    let mut phrases: Vec<String> = all.filter_map(phrase).collect();
    phrases.sort();
    phrases.dedup();
    phrases.truncate(QUERIES + 50);
    parsed(phrases.into_iter())
}

/// A word within a year that begins on some first of a month.
fn ranges(words: &[(String, usize)]) -> Vec<Query> {
    let common = spread(&words[..words.len().min(3_000)], QUERIES);
    parsed(common.into_iter().enumerate().map(|(number, word)| {
        let (year, month) = (2007 + number % 5, 1 + number % 12);
        let (last_year, last_month) = if month == 1 { (year, 12) } else { (year + 1, month - 1) };
        format!("{word} date:{year}-{month:02}-02..{last_year}-{last_month:02}-27")
    }))
}
