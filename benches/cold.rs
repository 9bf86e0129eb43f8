//! What a whole process costs, from its start to its end, beside a minimal program of tantivy's over the same index.
//!
//! `cargo bench --bench cold -- [FILE.jsonl [WORD...]]`. Each of the words is asked by `onrecord search WORD` and by this
//! program run as a rival: it opens the index, counts, takes the first ten and prints what is stored of them; no
//! snippets, no article behind a statement. The two take turns, the best of several runs counts, the medians over the
//! words are compared: with the index in the page cache, and with its files dropped from it before each run (`dd
//! iflag=nocache count=0`). Both programs are copied first, as an installed one is: what a linker wrote lies in the page cache
//! in small pieces, and starts slower. `BENCH_INDEX` names an index made before.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and may panic")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Index, ReloadPolicy, TantivyDocument, Term};

const RUNS: usize = 5;
const ONRECORD: &str = env!("CARGO_BIN_EXE_onrecord");
/// Words of every frequency in news, which are their own stems.
const WORDS: [&str; 21] = [
    "said",
    "year",
    "govern",
    "market",
    "bank",
    "oil",
    "minist",
    "court",
    "storm",
    "treati",
    "harbor",
    "gold",
    "flood",
    "vaccin",
    "ferri",
    "tram",
    "glacier",
    "orchard",
    "lighthous",
    "walrus",
    "accordion",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [rival, dir, word] = &arguments[..]
        && rival == "bare"
    {
        return bare(Path::new(dir), word);
    }
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("BENCH_INDEX").map(PathBuf::from);
    let dir = kept.unwrap_or_else(|| folder.path().join("index"));
    if !dir.join("data/meta.json").exists() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/sample").to_owned();
        let file = arguments.first().cloned().unwrap_or(sample);
        let made = onrecord(Path::new(ONRECORD), &dir, &["index", "--quiet", &file]).status().unwrap();
        assert!(made.success());
    }
    let asked: Vec<String> = match arguments.get(1..) {
        None | Some([]) => WORDS.map(str::to_owned).to_vec(),
        Some(words) => words.to_vec(),
    };
    println!("{:44} {:>8} {:>8} {:>7}", "medians over whole processes, ms", "bare", "onrecord", "ratio");
    let installed = |name: &str, program: &Path| {
        let copy = folder.path().join(name);
        std::fs::copy(program, &copy).unwrap();
        copy
    };
    let program = installed("onrecord", Path::new(ONRECORD));
    let rival = installed("bare", &std::env::current_exe().unwrap());
    let ours = |word: &str| onrecord(&program, &dir, &["search", "--literal", word]);
    let bare = |word: &str| {
        let mut command = Command::new(&rival);
        command.arg("bare").arg(&dir).arg(word);
        command
    };
    let facet = |word: &str| onrecord(&program, &dir, &["facets", "--literal", word, "--by", "speaker"]);
    compare("index in the page cache: search", &asked, &ours, &bare, &|| {});
    compare("index in the page cache: facet of speakers", &asked, &facet, &bare, &|| {});
    let drop = || drop_from_cache(&dir);
    compare("index dropped from the page cache: search", &asked, &ours, &bare, &drop);
}

fn onrecord(program: &Path, dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("--index").arg(dir).args(arguments);
    command
}

/// Runs both on every word, in turn, and prints the medians of the best times.
fn compare(
    what: &str,
    words: &[String],
    ours: &dyn Fn(&str) -> Command,
    bare: &dyn Fn(&str) -> Command,
    before: &dyn Fn(),
) {
    let mut times: (Vec<Duration>, Vec<Duration>) = Default::default();
    for word in words {
        let mut best = (Duration::MAX, Duration::MAX);
        for _ in 0..RUNS {
            before();
            best.0 = best.0.min(timed(bare(word)));
            before();
            best.1 = best.1.min(timed(ours(word)));
        }
        times.0.push(best.0);
        times.1.push(best.1);
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1e3
    };
    let (bare, ours) = (median(&mut times.0), median(&mut times.1));
    println!("{what:44} {bare:8.2} {ours:8.2} {:7.2}", ours / bare);
}

fn timed(mut command: Command) -> Duration {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    command.status().unwrap();
    started.elapsed()
}

fn drop_from_cache(dir: &Path) {
    for file in std::fs::read_dir(dir.join("data")).unwrap().flatten() {
        let mut dd = Command::new("dd");
        let of = format!("if={}", file.path().display());
        dd.args([of.as_str(), "iflag=nocache", "count=0"]).stderr(Stdio::null()).status().unwrap();
    }
}

/// The rival.
fn bare(dir: &Path, word: &str) {
    let index = Index::open_in_dir(dir.join("data")).unwrap();
    let reader: tantivy::IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().unwrap();
    let searcher = reader.searcher();
    let stem = index.schema().get_field("stem").unwrap();
    let query = TermQuery::new(Term::from_field_text(stem, word), IndexRecordOption::WithFreqs);
    let (count, first) = searcher.search(&query, &(Count, TopDocs::with_limit(10).order_by_score())).unwrap();
    let mut out = std::io::stdout().lock();
    for (score, address) in first {
        let document: TantivyDocument = searcher.doc(address).unwrap();
        let stored = document.field_values().find_map(|(_, value)| value.as_bytes()).unwrap_or_default();
        writeln!(out, "{score} {}", String::from_utf8_lossy(stored)).unwrap();
    }
    writeln!(out, "{count}").unwrap();
}
