//! What indexing costs: CPU time of the whole sentence as a ratio to bare tantivy on the same title, text and date.
//!
//! `cargo bench --bench ingest [-- FILE.jsonl]`. Without a file the articles of `corpus/sample` are repeated.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and may panic")]

use onrecord::article::{Article, Day};
use onrecord::compose;
use onrecord::extract;
use onrecord::extract::{dates, places, sentences, statements, tokens, words};
use onrecord::index::{self, Location};
use onrecord::ingest::{self, Options};
use onrecord::ledger::Ledger;
use onrecord::read::{self, Source, WalkOptions};
use onrecord::story::Fingerprint;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{FAST, INDEXED, STORED, Schema, TEXT};
use tantivy::{Index, doc};

/// The program's own allocator, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often the sample stands in for a real corpus.
const REPEATED: usize = 200;
/// The machine is faster in one minute than in the next: all take turns, and the least that each took counts.
const ROUNDS: usize = 3;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let input = named.unwrap_or_else(|| repeated_sample(folder.path()));
    let text = std::fs::metadata(&input).unwrap().len() as f64 / 1e6;
    println!("{text:.1} MB of JSON Lines, {}", input.display());
    println!("{:34} {:>8} {:>8} {:>8} {:>8}", "", "CPU s", "wall s", "MB", "ratio");

    let rows = rows(&input);
    let dir = |name: &str| folder.path().join(name);
    let threads = [1, std::thread::available_parallelism().map_or(1, usize::from)];
    let (mut bare, mut ours) = (Cost::MOST, [Cost::MOST; 2]);
    for _ in 0..ROUNDS {
        let _ = std::fs::remove_dir_all(dir("bare"));
        bare = bare.least(measure(|| bare_tantivy(&rows, &dir("bare"))));
        for (threads, ours) in threads.iter().zip(&mut ours) {
            let _ = std::fs::remove_dir_all(dir("onrecord"));
            *ours = ours.least(measure(|| onrecord_index(&input, &dir("onrecord"), *threads)));
        }
    }
    report("bare tantivy: title, text, date", &bare, folder_bytes(&dir("bare")), None);
    for (threads, ours) in threads.iter().zip(&ours) {
        report(
            &format!("onrecord index --threads {threads}"),
            ours,
            folder_bytes(&dir("onrecord")),
            Some(&bare),
        );
    }
    parts_of_extraction(&rows);
    drop(rows);
    stages(&input, &folder.path().join("written"), &bare);
}

#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
}

impl Cost {
    const MOST: Cost = Cost { cpu: f64::INFINITY, wall: f64::INFINITY };

    fn least(self, other: Cost) -> Cost {
        if other.cpu < self.cpu { other } else { self }
    }
}

fn measure(work: impl FnOnce()) -> Cost {
    let (started, before) = (Instant::now(), cpu_seconds());
    work();
    Cost { cpu: cpu_seconds() - before, wall: started.elapsed().as_secs_f64() }
}

fn report(what: &str, cost: &Cost, bytes: u64, bare: Option<&Cost>) {
    let ratio = bare.map_or(String::new(), |bare| format!("{:.2}", cost.cpu / bare.cpu));
    println!("{what:34} {:8.2} {:8.2} {:8.1} {ratio:>8}", cost.cpu, cost.wall, bytes as f64 / 1e6);
}

/// User and system time of this process (Linux; elsewhere wall time stands in).
fn cpu_seconds() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

struct Row {
    title: String,
    text: String,
    day: i64,
}

fn rows(input: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    read::pieces(&Source::file(input), &read::Options::default(), &mut |piece| {
        let article = read::article(&piece.unwrap()).unwrap();
        let day =
            article.published.map_or(0, |day| i64::from(day.year()) * 372 + i64::from(day.day_of_year()));
        rows.push(Row { title: article.title, text: article.text, day });
    });
    rows
}

fn bare_tantivy(rows: &[Row], dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let mut schema = Schema::builder();
    let title = schema.add_text_field("title", TEXT | STORED);
    let text = schema.add_text_field("text", TEXT | STORED);
    let day = schema.add_i64_field("day", INDEXED | FAST | STORED);
    let index = Index::create_in_dir(dir, schema.build()).unwrap();
    let options =
        IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(96 << 20).build();
    let mut writer = index.writer_with_options(options).unwrap();
    for row in rows {
        writer
            .add_document(doc!(title => row.title.as_str(), text => row.text.as_str(), day => row.day))
            .unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
}

fn onrecord_index(input: &Path, dir: &Path, threads: usize) {
    let index = index::Index::open_or_create(&Location::of(dir)).unwrap();
    let options = Options {
        read: read::Options::default(),
        threads,
        prune: false,
        dry_run: false,
        commit_every: ingest::COMMIT_EVERY,
    };
    ingest::ingest(&[Source::file(input)], &index, options, &mut |_| std::ops::ControlFlow::Continue(()))
        .unwrap();
}

/// Each step of the work alone, over all articles.
fn stages(input: &Path, dir: &Path, bare: &Cost) {
    let mut articles = Vec::new();
    let reading = measure(|| {
        read::pieces(&Source::file(input), &read::Options::default(), &mut |piece| {
            articles.push(read::article(&piece.unwrap()).unwrap());
        });
    });
    report("of which reading", &reading, 0, Some(bare));
    let mut findings = Vec::new();
    let extracting = measure(|| findings.extend(articles.iter().map(extract::extract)));
    report("         extraction", &extracting, 0, Some(bare));
    let both = || articles.iter().zip(&findings);
    let composing = measure(|| {
        for (article, findings) in both() {
            std::hint::black_box(compose::documents(article, findings));
        }
    });
    report("         composing documents", &composing, 0, Some(bare));
    let sketching = measure(|| {
        for article in &articles {
            std::hint::black_box(Fingerprint::of(&article.text));
        }
    });
    report("         sketching for stories", &sketching, 0, Some(bare));
    let index = index::Index::open_or_create(&Location::of(dir)).unwrap();
    let writing = measure(|| {
        let mut writer = index.writer().unwrap();
        for (article, findings) in both() {
            writer.add(compose::documents(article, findings)).unwrap();
        }
        writer.commit(&Ledger::default(), &BTreeSet::new()).unwrap();
        writer.close().unwrap();
    });
    let writing = Cost { cpu: writing.cpu - composing.cpu, ..writing };
    report("         writing documents", &writing, folder_bytes(dir), Some(bare));
}

/// The parts of extraction, each given what those before it found: words and sentences are cut once for all.
fn parts_of_extraction(rows: &[Row]) {
    let articles: Vec<Article> = rows
        .iter()
        .map(|row| Article {
            title: row.title.clone(),
            text: row.text.clone(),
            published: Some(Day::constant(2024, 2, 29)),
            ..Article::default()
        })
        .collect();
    let text = articles.iter().map(|article| article.text.len()).sum::<usize>() as f64 / 1e6;
    let told = |what: &str, cost: &Cost| {
        println!("{what:42} {:8.2} {:8.2} {:5.0} MB/s", cost.cpu, cost.wall, text / cost.cpu);
    };
    let mut cut = Vec::with_capacity(articles.len());
    let cutting = measure(|| {
        cut.extend(articles.iter().map(|article| {
            let tokens = tokens::tokens(&article.text);
            let words = words::words(&article.text, &tokens);
            let sentences = sentences::sentences(&article.text, &tokens);
            (article, tokens, words, sentences)
        }));
    });
    told("words and sentences, for all below", &cutting);
    let mut geographies = Vec::with_capacity(articles.len());
    let placing = measure(|| {
        for (article, tokens, words, sentences) in &cut {
            geographies.push(places::places(article, tokens));
            std::hint::black_box(dates::dates(article, tokens, words, sentences));
        }
    });
    told("places and dates, words given", &placing);
    let stating = measure(|| {
        for ((article, tokens, words, sentences), geography) in cut.iter().zip(&geographies) {
            std::hint::black_box(statements::statements(
                article,
                tokens,
                words,
                sentences,
                &geography.places,
            ));
        }
    });
    told("statements and speakers, the above given", &stating);
    let both = Cost { cpu: cutting.cpu + stating.cpu, wall: cutting.wall + stating.wall };
    told("statements and speakers with their words", &both);
}

fn folder_bytes(dir: &Path) -> u64 {
    let below = |path: PathBuf| {
        if path.is_dir() { folder_bytes(&path) } else { path.metadata().map_or(0, |m| m.len()) }
    };
    std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| below(entry.path())).sum()
}

/// The sample's articles, again and again under new ids and shifted words, as one file of rows.
fn repeated_sample(folder: &Path) -> PathBuf {
    let sample = [Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/sample")];
    let mut articles = Vec::new();
    for source in read::walk(&sample, &WalkOptions::default()).flatten() {
        read::pieces(&source, &read::Options::default(), &mut |piece| {
            articles.extend(piece.and_then(|piece| read::article(&piece)));
        });
    }
    let mut out = String::new();
    for round in 0..REPEATED {
        for (number, article) in articles.iter().enumerate() {
            let row = serde_json::json!({
                "id": format!("{round}-{number}"),
                "title": article.title,
                "date": article.published.map(|day| day.to_string()),
                "text": article.text.replace(" the ", &format!(" the w{round} ")),
            });
            out.push_str(&format!("{row}\n"));
        }
    }
    let path = folder.join("sample.jsonl");
    std::fs::write(&path, out).unwrap();
    path
}
