//! How well the best come first, by queries that were judged by hand: over the sample, and over gold texts beside the
//! repository, of which only names and grades are kept here.

use crate::floors::Figures;
use crate::formats::read_all;
use crate::run::repository;
use crate::scenes::{GOLD, hits};
use index_schema::Field;
use onrecord::answer::Distinct;
use onrecord::ask::{self, Reads};
use onrecord::compose;
use onrecord::extract;
use onrecord::index::{Index, Location, Reader};
use onrecord::ledger::Ledger;
use onrecord::read::Options;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// The gold texts that are asked for: news of a few subjects each, so that queries have several good answers.
const GOLD_TEXTS: [&str; 3] =
    ["dates/aquaint_dev.jsonl", "countries/geovirus_dev.jsonl", "dates/meantime_dev.jsonl"];

#[test]
fn the_best_of_the_sample_come_first() {
    let mut measured = GOLD.readers.iter().map(|reader| judge(reader, "judged.jsonl"));
    let figures = measured.next().unwrap();
    let mean = figures.measured[0].1;
    for elsewhere in measured {
        let found = elsewhere.measured[0].1;
        assert!((found - mean).abs() < 2.0, "another engine ranks otherwise: {found:.1}, not {mean:.1}");
    }
    figures.hold("ranking of the sample");
}

#[test]
fn the_best_of_gold_texts_come_first() {
    let paths = GOLD_TEXTS.map(|name| repository("../shared/gold").join(name));
    if !paths.iter().all(|path| path.is_file()) {
        return println!("skipped: no gold texts in ../shared");
    }
    let folder = tempfile::tempdir().unwrap();
    let at = Location::of(folder.path());
    let index = Index::open_or_create(&at).unwrap();
    let mut writer = index.writer().unwrap();
    for article in paths.iter().flat_map(|path| read_all(path, &Options::default())).flatten() {
        writer.add(compose::documents(&article, &extract::extract(&article))).unwrap();
    }
    writer.commit(&Ledger::default(), &Default::default()).unwrap();
    writer.close().unwrap();
    judge(&Reader::open(&at).unwrap(), "judged-gold.jsonl").hold("ranking of gold texts");
}

/// The mean gain of the queries in that file, in percent, and those that lose most.
fn judge(reader: &Reader, file: &str) -> Figures {
    let judged = fs::read_to_string(repository("corpus/queries").join(file)).unwrap();
    let mut gains: Vec<(f64, String)> = Vec::new();
    for line in judged.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let grade = |(id, grade): (&String, &Value)| (id.replace('#', "#row"), grade.as_f64().unwrap());
        let relevant: BTreeMap<String, f64> =
            line["relevant"].as_object().unwrap().iter().map(grade).collect();
        let typed = line["query"].as_str().unwrap();
        let query = ask::read(reader, typed, Reads::AsMeant).unwrap().unwrap().query;
        let article = |hit: onrecord::answer::Hit| hit.document.first(Field::Article).unwrap().to_owned();
        let ranked: Vec<String> = hits(reader, &query, Distinct::Article).into_iter().map(article).collect();
        gains.push((gain(&ranked, &relevant), typed.to_owned()));
    }
    gains.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut figures = Figures::default();
    let mean = gains.iter().map(|(gain, _)| gain).sum::<f64>() / gains.len() as f64;
    figures.measured.push((format!("nDCG@10 of {} queries", gains.len()), 100.0 * mean));
    gains.into_iter().for_each(|(gain, query)| figures.mistake(format!("{gain:.2} {query}")));
    figures
}

/// Normalised discounted cumulative gain of the first ten articles (Järvelin and Kekäläinen 2002).
fn gain(ranked: &[String], relevant: &BTreeMap<String, f64>) -> f64 {
    let sum = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains
            .take(10)
            .enumerate()
            .map(|(place, gain)| (gain.exp2() - 1.0) / (place as f64 + 2.0).log2())
            .sum()
    };
    let found = sum(&mut ranked.iter().map(|id| relevant.get(id).copied().unwrap_or(0.0)));
    let mut best: Vec<f64> = relevant.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    found / sum(&mut best.into_iter())
}
