//! Hits stand in one order, by score, then newest first, then by id, however their documents came into the index.

use index_schema::Field;
use onrecord::answer::{Distinct, Order};
use onrecord::article::Day;
use onrecord::document::Document;
use onrecord::index::local::{LocalIndex, LocalReader};
use onrecord::ledger::Ledger;
use onrecord::query::Query;
use onrecord::query::parse::parse;
use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

const WORDS: [&str; 6] = ["storm", "train", "vote", "harbour", "bridge", "wind"];

/// Texts of few words, so that their lengths are kept as they are.
type Texts = Vec<Vec<usize>>;

/// So many articles in a row, of some of the texts in turn.
#[derive(Clone, Debug)]
struct Run {
    texts: Vec<usize>,
    articles: usize,
    /// Whether the last of them is committed at once.
    commit: bool,
}

#[derive(Clone, Debug)]
struct Hit {
    id: String,
    article: String,
    story: Option<String>,
    day: Option<Day>,
    text: usize,
}

fn texts() -> impl Strategy<Value = Texts> {
    let text = (0..WORDS.len(), 1..WORDS.len(), 1usize..38)
        .prop_flat_map(|(first, kinds, length)| proptest::collection::vec(first..first + kinds, length));
    proptest::collection::vec(text, 2..8)
}

fn runs() -> impl Strategy<Value = Vec<Run>> {
    let run = (proptest::collection::vec(0usize..8, 1..4), 1usize..200, any::<bool>())
        .prop_map(|(texts, articles, commit)| Run { texts, articles, commit });
    proptest::collection::vec(run, 1..6)
}

/// Some number that follows from two.
fn mixed(seed: u64, number: usize) -> u64 {
    let mixed = (seed ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 16
}

/// An article and its statements, all of one text.
fn documents(number: usize, text: usize, seed: u64) -> Vec<Hit> {
    let mixed = mixed(seed, number);
    let article = format!("{:x}{number}", mixed % 16);
    let day = (mixed >> 4) % 5;
    let day = (day > 0).then(|| Day::new(2020, 1, day as i8).unwrap());
    let story = (mixed >> 8).is_multiple_of(3).then_some((mixed >> 12) % 7);
    let hit = |place: u64| Hit {
        id: if place == 0 { article.clone() } else { format!("{article}#{place}") },
        article: article.clone(),
        story: story.map(|story| format!("{story} {}", place.min(1))),
        day,
        text,
    };
    (0..1 + (mixed >> 16) % 12 / 4 * 5).map(hit).collect()
}

fn document(hit: &Hit, texts: &Texts) -> Document {
    let words: Vec<&str> = texts[hit.text].iter().map(|word| WORDS[word % WORDS.len()]).collect();
    let mut document = Document::default();
    document.text(Field::Id, hit.id.as_str());
    document.text(Field::Article, hit.article.as_str());
    document.text(Field::Kind, if hit.id == hit.article { "article" } else { "statement" });
    hit.story.iter().for_each(|story| document.text(Field::Story, story.as_str()));
    hit.day.iter().for_each(|day| document.day(Field::Date, *day));
    document.text(Field::Text, words.join(" "));
    document.text(Field::Stem, words.join(" "));
    document
}

/// Adds and commits everything, and gives back what it was.
fn filled(folder: &std::path::Path, texts: &Texts, runs: &[Run], seed: u64) -> (LocalReader, Vec<Hit>) {
    let index = LocalIndex::open_or_create(folder).unwrap();
    let mut writer = index.writer().unwrap();
    let mut all = Vec::new();
    for run in runs {
        for text in run.texts.iter().cycle().take(run.articles) {
            let hits = documents(all.len(), text % texts.len(), seed);
            writer.add(hits.iter().map(|hit| document(hit, texts)).collect()).unwrap();
            all.extend(hits);
        }
        if run.commit {
            writer.commit(&Ledger::default(), &Default::default()).unwrap();
        }
    }
    writer.commit(&Ledger::default(), &Default::default()).unwrap();
    drop(writer);
    (LocalReader::open(folder).unwrap(), all)
}

/// BM25 as the books have it, over the documents that were added.
struct Weights<'t> {
    texts: Vec<Vec<&'t str>>,
    /// How many documents have each text.
    held: Vec<f64>,
}

impl Weights<'_> {
    /// The score of a text; `None` where the query does not find it.
    fn score(&self, query: &Query, text: usize) -> Option<f64> {
        match query {
            Query::Word { word, .. } => self.weight(&[word], text),
            Query::Phrase { words, .. } => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                self.weight(&words, text)
            }
            Query::All(clauses) => clauses.iter().map(|clause| self.score(clause, text)).sum(),
            Query::Any(clauses) => {
                let scores: Vec<f64> = clauses.iter().filter_map(|clause| self.score(clause, text)).collect();
                (!scores.is_empty()).then(|| scores.iter().sum())
            }
            other => panic!("not asked here: {other}"),
        }
    }

    fn weight(&self, words: &[&str], text: usize) -> Option<f64> {
        let times = |text: &Vec<&str>| text.windows(words.len()).filter(|window| *window == words).count();
        let all: f64 = self.held.iter().sum();
        let rareness = |word: &&str| {
            let holding: f64 = self
                .texts
                .iter()
                .zip(&self.held)
                .filter(|(text, _)| text.contains(word))
                .map(|(_, held)| held)
                .sum();
            (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
        };
        let lengths = self.texts.iter().zip(&self.held).map(|(text, held)| text.len() as f64 * held);
        let average = lengths.sum::<f64>() / all;
        let times = times(&self.texts[text]) as f64;
        let norm = 1.2 * (0.25 + 0.75 * self.texts[text].len() as f64 / average);
        let rareness: f64 = words.iter().map(rareness).sum();
        (times > 0.0).then(|| rareness * 2.2 * times / (times + norm))
    }
}

const ASKED: [&str; 9] = [
    "storm",
    "vote",
    "storm train",
    "storm OR wind",
    "storm OR vote OR bridge",
    "train OR vote OR harbour OR bridge OR wind",
    "storm train vote",
    "storm (train OR vote OR wind)",
    "\"train vote\" OR storm OR harbour",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_come_newest_first_then_by_id(
        texts in texts(),
        runs in runs(),
        seed in any::<u64>(),
        page in 1usize..30,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (reader, all) = filled(folder.path(), &texts, &runs, seed);
        let mut held = vec![0.0; texts.len()];
        all.iter().for_each(|hit| held[hit.text] += 1.0);
        let spelled = |text: &Vec<usize>| text.iter().map(|word| WORDS[word % WORDS.len()]).collect();
        let weights = Weights { texts: texts.iter().map(spelled).collect(), held };
        for typed in ASKED {
            let query = parse(typed).unwrap();
            let scores: Vec<Option<f64>> = (0..texts.len()).map(|text| weights.score(&query, text)).collect();
            // equal by the books, or far enough apart for numbers of 24 bits
            let apart = |a: f64, b: f64| (a - b).abs() > 1e-4 * a || (a - b).abs() < 1e-9 * a;
            let mut known = scores.iter().flatten();
            if !known.all(|&a| scores.iter().flatten().all(|&b| apart(a, b))) {
                continue;
            }
            let steps = |score: f64| scores.iter().flatten().filter(|other| **other > score * (1.0 + 1e-9)).count();
            let mut expected: Vec<&Hit> = all.iter().filter(|hit| scores[hit.text].is_some()).collect();
            expected.sort_by_cached_key(|hit| (steps(scores[hit.text].unwrap()), Reverse(hit.day), &hit.id));
            for distinct in [Distinct::Document, Distinct::Story, Distinct::Article] {
                let mut met = BTreeSet::new();
                let mut first = |hit: &&Hit| match distinct {
                    Distinct::Document => true,
                    Distinct::Story => hit.story.as_ref().is_none_or(|story| met.insert(story.clone())),
                    Distinct::Article => met.insert(hit.article.clone()),
                };
                let expected: Vec<&str> = expected.iter().copied().filter(|hit| first(hit)).map(|hit| hit.id.as_str()).collect();
                prop_assert_eq!(reader.count(&query, distinct).unwrap(), expected.len() as u64, "{} {:?}", typed, distinct);
                let mut paged = Vec::new();
                for from in [0, page, 2 * page] {
                    reader.found(&query, Order::Relevance, distinct, from..from + page, &mut |found| {
                        paged.extend(found.iter().map(|found| found.document.first(Field::Id).unwrap().to_owned()));
                        true
                    }).unwrap();
                    let mut answered = Vec::new();
                    reader.answer(&query, Order::Relevance, distinct, from..from + page, &mut |totals, found| {
                        assert_eq!(totals.hits(), expected.len() as u64, "{typed} {distinct:?}");
                        answered.extend(found.iter().map(|found| found.document.first(Field::Id).unwrap().to_owned()));
                        true
                    }).unwrap();
                    let wanted = &expected[from.min(expected.len())..(from + page).min(expected.len())];
                    prop_assert_eq!(&answered, wanted, "{} {:?} from {}", typed, distinct, from);
                }
                prop_assert_eq!(&paged, &expected[..(3 * page).min(expected.len())], "{} {:?}", typed, distinct);
            }
        }
    }
}
