//! What asking costs, as a ratio to bare tantivy over the same documents in the same index.
//!
//! The rival is what a program of tantivy's own queries and collectors does in the same fields, for as many documents
//! found (checked); it breaks ties by where a document lies, and we by day and id.
//! `cargo bench --bench ask [-- FILE.jsonl [LINE]]`; with a line's name, that line alone. Without a file the articles of `corpus/sample` are repeated. At least 200
//! queries of each kind are taken from the articles' own words; each is run five times in turn with its rival, the best
//! counts, and the medians are compared. Statements whose speaker is not known get one of 40,000 invented names, so that
//! the facet of speakers is as large as a real archive's.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and may panic")]

use index_schema::{FIELDS, Field};
use onrecord::answer::{By, Distinct, Order, OwnFilters, Unit};
use onrecord::article::Article;
use onrecord::ask::{self, Question};
use onrecord::document::{UNKNOWN, Value};
use onrecord::index::local::{LocalIndex, LocalReader};
use onrecord::index::{Location, Reader};
use onrecord::ledger::Ledger;
use onrecord::query::{Query, parse::parse};
use onrecord::read::{self, Source, WalkOptions};
use onrecord::spans::Spans;
use onrecord::story::{self, Fingerprint, Sketch};
use onrecord::{compose, extract, terms};
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tantivy::aggregation::AggregationCollector;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query as BareQuery, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{LowerCaser, SimpleTokenizer, TextAnalyzer};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

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
    let bare = bare(&dir);
    println!(
        "{} articles, {} documents, {} segments",
        articles.len(),
        bare.num_docs(),
        bare.segment_readers().len()
    );
    let words = words(&articles);
    println!("{:44} {:>8} {:>8} {:>7}", "medians, µs", "bare", "onrecord", "ratio");
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
        snippets(&format!("{kind}: top 10 with snippets"), &reader, &bare, &queries);
        compare(
            &format!("{kind}: count"),
            &queries,
            |q| ours.count(q, Distinct::Document).unwrap(),
            |q| bare.search(&*rival(q, &bare, false), &Count).unwrap() as u64,
        );
        compare(
            &format!("{kind}: count, each story once"),
            &queries,
            |q| ours.count(q, Distinct::Story).unwrap(),
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
fn rival(query: &Query, bare: &Searcher, forms: bool) -> Box<dyn BareQuery> {
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

fn hits(what: &str, ours: &LocalReader, bare: &Searcher, queries: &[Query]) {
    compare(
        what,
        queries,
        |q| ours.places(q, Order::Relevance, Distinct::Story, 10).unwrap().len() as u64,
        |q| {
            bare.search(&*rival(q, bare, false), &TopDocs::with_limit(10).order_by_score()).unwrap().len()
                as u64
        },
    );
}

fn snippets(what: &str, ours: &Reader, bare: &Searcher, queries: &[Query]) {
    let text = bare.schema().get_field("text").unwrap();
    compare(
        what,
        queries,
        |q| {
            let question = Question {
                query: q.clone(),
                order: Order::Relevance,
                distinct: Distinct::Story,
                skip: 0,
                limit: 10,
                snippet: 200,
            };
            let mut length = 0;
            ask::each(ours, &question, &mut |_, hits| {
                length += hits.iter().map(|hit| hit.snippet.text.len()).sum::<usize>();
                true
            })
            .unwrap();
            length as u64
        },
        |q| {
            let mut generator = SnippetGenerator::create(bare, &*rival(q, bare, true), text).unwrap();
            generator.set_max_num_chars(200);
            let found =
                bare.search(&*rival(q, bare, false), &TopDocs::with_limit(10).order_by_score()).unwrap();
            let mut length = 0;
            for (_, address) in found {
                length += generator.snippet(&bare_words(bare, address)).fragment().len();
            }
            length as u64
        },
    );
}

/// The words of a document as a program of its own would read them: an article's body, and a statement's slice of it.
fn bare_words(bare: &Searcher, address: DocAddress) -> String {
    let document = stored(bare, address);
    if document[&Field::Kind] == "article" {
        return document[&Field::Body].clone();
    }
    let id = bare.schema().get_field("id").unwrap();
    let query =
        TermQuery::new(Term::from_field_text(id, &document[&Field::Article]), IndexRecordOption::Basic);
    let article = bare.search(&query, &TopDocs::with_limit(1).order_by_score()).unwrap()[0].1;
    let body = &stored(bare, article)[&Field::Body];
    let spans: Spans = document[&Field::Spans].parse().ok().unwrap();
    let slice = |[start, end]: [usize; 2]| -> String { body.chars().skip(start).take(end - start).collect() };
    spans.statement.into_iter().map(slice).collect::<Vec<_>>().join(" … ")
}

/// The texts stored of a document: one value of tantivy's holds each field's number, length (LEB128) and bytes.
fn stored(bare: &Searcher, address: DocAddress) -> BTreeMap<Field, String> {
    let document: TantivyDocument = bare.doc(address).unwrap();
    let mut rest = document.field_values().find_map(|(_, value)| value.as_bytes()).unwrap();
    let mut texts = BTreeMap::new();
    while let [row, after @ ..] = rest {
        let digits = after.iter().position(|byte| *byte < 0x80).unwrap() + 1;
        let length =
            after[..digits].iter().rev().fold(0, |length, byte| length << 7 | usize::from(byte & 0x7f));
        let text = String::from_utf8_lossy(&after[digits..digits + length]).into_owned();
        texts.insert(FIELDS[usize::from(*row)].field, text);
        rest = &after[digits + length..];
    }
    texts
}

fn facets(what: &str, ours: &LocalReader, bare: &Searcher, queries: &[Query], by: By) {
    let field = if by.unit == Some(Unit::Month) { "month" } else { by.field.name() };
    let terms =
        serde_json::json!({ "f": { "terms": { "field": field, "size": 10, "segment_size": 60_000 } } });
    compare(
        what,
        queries,
        |q| ours.facets(q, &[by], OwnFilters::Ignored, Distinct::Story).unwrap()[0].values.len() as u64,
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
fn compare(what: &str, queries: &[Query], ours: impl Fn(&Query) -> u64, bare: impl Fn(&Query) -> u64) {
    if arguments().nth(1).is_some_and(|line| line != what) {
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
    let mut times: (Vec<Duration>, Vec<Duration>) = Default::default();
    for query in queries {
        times.0.push(best(&|| bare(query)));
        times.1.push(best(&|| ours(query)));
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e6
    };
    let (bare, ours) = (median(&mut times.0), median(&mut times.1));
    println!("{what:44} {bare:8.1} {ours:8.1} {:7.2}", ours / bare);
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
        let story = stories.get(&article.id).map(String::as_str);
        let mut documents = compose::documents(article, &findings, story);
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
fn bare(dir: &Path) -> Searcher {
    let index = tantivy::Index::open_in_dir(dir.join("data")).unwrap();
    let words = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).build();
    index.tokenizers().register("words", words);
    index.reader().unwrap().searcher()
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
