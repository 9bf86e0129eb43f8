//! An index survives what befalls it, or says what to do.

use crate::run::Run;
use onrecord::index::local::LocalIndex;
use onrecord::ledger::Ledger;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

fn rows(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{\"id\":\"{n}\",\"title\":\"Row {n}\",\"text\":\"The {n}th body.\"}}\n"))
        .collect()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Rows of articles with statements, ids from `first` on; every tenth is a later version of the one before it.
pub(crate) fn stories(count: usize, first: usize) -> String {
    let mut dice = Dice(first as u64 + 1);
    let mut rows = String::new();
    let mut text = String::new();
    for id in first..first + count {
        if id % 10 == 9 {
            text.push_str(" This story has been updated.");
        } else {
            text = (0..12).map(|_| sentence(&mut dice)).collect::<Vec<_>>().join(" ");
        }
        let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
        rows.push_str(&format!(
            "{{\"id\":\"{id}\",\"title\":\"Story {id}\",\"date\":\"2023-{month:02}-{day:02}\",\"text\":\"{text}\"}}\n"
        ));
    }
    rows
}

fn sentence(dice: &mut Dice) -> String {
    let who = dice.one(&[
        "Ada Moss",
        "Ilse Brandt",
        "Tomas Quill",
        "The harbour board",
        "Officials",
        "Mayor June Okoro",
    ]);
    let how = dice.one(&["said", "warned", "told reporters", "added"]);
    let (a, b) = (dice.below(900), dice.below(900));
    let thing = dice.one(&["ferries", "boats", "trains", "bridges", "dams", "mills", "schools"]);
    let place = dice.one(&["Chad", "Portugal", "Seoul", "Texas", "Ghana", "Lima"]);
    match dice.below(3) {
        0 => format!("“We count {a} {thing} in {place} and {b} more,” {who} {how} on Monday."),
        1 => format!("{who} {how} that {a} {thing} would leave {place} before number {b}."),
        _ => format!("In {place} the {thing} of line {a} stood still for {b} days."),
    }
}

/// All that an index says of what it holds: its ledger, and what it answers.
fn answers(run: &Run, index: &str) -> (Ledger, Vec<String>) {
    let ask = |args: &[&str]| run.run(&[&["--index", index], args].concat()).code(0).stdout;
    let facets = [
        ask(&[
            "facets", "--by", "speaker", "--by", "country", "--by", "date", "--by", "quote", "--format",
            "json",
        ]),
        ask(&["facets", "bridges", "--by", "speaker", "--distinct", "article", "--format", "json"]),
    ];
    (LocalIndex::open(&run.folder().join(index)).unwrap().ledger().unwrap(), facets.into())
}

#[test]
fn killed_at_any_moment_the_last_commit_stands_and_the_next_run_finishes() {
    const KILLS: u64 = 8;
    const ALL: [&str; 3] = ["index", "first.jsonl", "more.jsonl"];
    let run = Run::new();
    run.file("first.jsonl", stories(40, 0)).file("more.jsonl", stories(300, 1000));
    // Files so young are compared by their bytes; all runs are to see the same.
    sleep(Duration::from_millis(2100));
    run.run(&["--index", "whole", "index", "first.jsonl"]).code(0);
    let started = Instant::now();
    run.run(&[&["--index", "whole"], &ALL[..]].concat()).code(0);
    let took = started.elapsed();
    let undisturbed = answers(&run, "whole");
    let mut dice = Dice(20_230_911);
    for kill in 0..KILLS {
        let index = format!("index{kill}");
        run.run(&["--index", &index, "index", "first.jsonl"]).code(0);
        // Half of them anywhere, half in the last fifth, where it commits and merges.
        let part = if kill % 2 == 0 { dice.below(1000) } else { 800 + dice.below(250) };
        let mut child = run.command(&[&["--index", &index], &ALL[..]].concat());
        let mut child = child.stdout(Stdio::null()).spawn().unwrap();
        sleep(took * part as u32 / 1000);
        child.kill().unwrap();
        child.wait().unwrap();
        let checked = run.run(&["--index", &index, "check"]).code(0).out("sound").stdout;
        assert!(
            checked.contains("40 articles from 1 file") || checked.contains("340 articles from 2 files"),
            "{checked}"
        );
        run.run(&[&["--index", &index], &ALL[..]].concat()).code(0);
        run.run(&["--index", &index, "check"]).code(0).out("sound; 340 articles from 2 files");
        assert_eq!(answers(&run, &index), undisturbed, "killed at {part} thousandths");
        run.run(&[&["--index", &index], &ALL[..]].concat()).code(0).out("nothing changed");
    }
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let run = Run::new();
    run.file("small.jsonl", rows(10));
    run.run(&["index", "small.jsonl"]).code(0);
    let index = LocalIndex::open(&run.folder().join(".onrecord")).unwrap();
    let _writer = index.writer().unwrap();
    run.run(&["index", "small.jsonl"]).code(2).err("another onrecord is writing the index").err("hint: wait");
}

#[test]
fn an_index_of_another_version_is_refused() {
    let run = Run::new();
    run.file("small.jsonl", rows(10));
    run.run(&["index", "small.jsonl"]).code(0);
    let meta = run.folder().join(".onrecord/data/meta.json");
    let ours = fs::read_to_string(&meta).unwrap();
    let version = format!("\\\"version\\\":{}", index_schema::VERSION);
    assert!(ours.contains(&version));
    fs::write(&meta, ours.replace(&version, "\\\"version\\\":999")).unwrap();
    run.run(&["check"]).code(2).err("has schema 999, this program writes schema").err("--fresh");
    run.run(&["index", "--fresh", "small.jsonl"]).code(0).out("indexed 10 new");
}

#[test]
fn damage_is_found_and_mended() {
    let run = Run::new();
    run.file("small.jsonl", rows(100));
    run.run(&["index", "small.jsonl"]).code(0);
    let data = run.folder().join(".onrecord/data");
    let store = fs::read_dir(&data)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|e| e == "store"));
    let store = store.expect("a segment keeps its documents in a .store file");
    let mut bytes = fs::read(&store).unwrap();
    bytes[10] ^= 0xff;
    fs::set_permissions(&store, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    fs::write(&store, bytes).unwrap();
    run.run(&["check"]).code(2).out("damaged").out("--repair");
    run.run(&["check", "--repair"]).code(0).out("indexed 100 new");
    run.run(&["check"]).code(0).out("sound");
}
