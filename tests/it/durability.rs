//! An index survives what befalls it, or says what to do.

use crate::run::Run;
use index_schema::{FIELDS, Field, Kind, Spec};
use onrecord::index::local::LocalIndex;
use onrecord::ledger::Ledger;
use std::fs;
use std::path::Path;
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

/// All that an index says of what it holds: its ledger, and its counts for every field.
fn answers(run: &Run, index: &str) -> (Ledger, Vec<String>) {
    let ask = |args: &[&str]| run.run(&[&["--index", index, "facets", "--format", "json"], args].concat());
    let counted = |spec: &&Spec| {
        matches!(spec.kind, Kind::Keyword | Kind::Day) && !matches!(spec.field, Field::Month | Field::Year)
    };
    let every: Vec<&str> = FIELDS.iter().filter(counted).flat_map(|spec| ["--by", spec.name]).collect();
    let facets = [
        ask(&every).code(0).stdout,
        ask(&["said", "--by", "speaker", "--all-versions"]).code(0).stdout,
        ask(&["said", "--by", "speaker", "--distinct", "article"]).code(0).stdout,
    ];
    (LocalIndex::open(&run.folder().join(index)).unwrap().ledger().unwrap(), facets.into())
}

/// Copies the files of a folder and of the folders in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// `ONRECORD_KILLS=50 ONRECORD_CORPUS=news.jsonl cargo test --release killed_at_any_moment` kills so often, over the
/// articles of a file of one's own.
#[test]
fn killed_at_any_moment_the_last_commit_stands_and_the_next_run_finishes() {
    const ALL: [&str; 3] = ["index", "first.jsonl", "more.jsonl"];
    let set = |name: &str| std::env::var(name).ok();
    let kills: u64 = set("ONRECORD_KILLS").map_or(8, |kills| kills.parse().unwrap());
    let rows = match set("ONRECORD_CORPUS") {
        Some(path) => fs::read_to_string(path).unwrap(),
        None => stories(340, 0),
    };
    let cut = rows.lines().count() / 8;
    let lines: Vec<&str> = rows.lines().collect();
    let run = Run::new();
    run.file("first.jsonl", lines[..cut].join("\n")).file("more.jsonl", lines[cut..].join("\n"));
    // Files so young are compared by their bytes; all runs are to see the same.
    sleep(Duration::from_millis(2100));
    let articles = |run: &Run, index: &str| {
        let ledger = LocalIndex::open(&run.folder().join(index)).unwrap().ledger().unwrap();
        ledger.files.values().map(|file| file.articles.len()).sum::<usize>()
    };
    run.run(&["--index", "first", "index", "first.jsonl"]).code(0);
    let least = articles(&run, "first");
    copy(&run.folder().join("first"), &run.folder().join("whole"));
    let started = Instant::now();
    run.run(&[&["--index", "whole"], &ALL[..]].concat()).code(0);
    let took = started.elapsed();
    let (undisturbed, most) = (answers(&run, "whole"), articles(&run, "whole"));
    let mut dice = Dice(20_230_911);
    let folder = run.folder().join("killed");
    for kill in 0..kills {
        copy(&run.folder().join("first"), &folder);
        let mut held = least;
        // Every third is killed again as it goes on.
        for _ in 0..1 + usize::from(kill % 3 == 2) {
            // Half of them anywhere, half in the last fifth, where it commits and merges.
            let part = if kill % 2 == 0 { dice.below(1000) } else { 800 + dice.below(250) };
            let mut child = run.command(&[&["--index", "killed"], &ALL[..]].concat());
            // Half of them among commits by the clock, as in a run of hours.
            if kill % 4 < 2 {
                child.env("ONRECORD_COMMIT_EVERY", (took.as_millis() / 20).to_string());
            }
            let mut child = child.stdout(Stdio::null()).spawn().unwrap();
            sleep(took.mul_f64(part as f64 / 1000.0));
            child.kill().unwrap();
            child.wait().unwrap();
            run.run(&["--index", "killed", "check"]).code(0).out("sound");
            let holds = articles(&run, "killed");
            assert!(
                (held..=most).contains(&holds),
                "{holds} articles after {held}, killed at {part} thousandths"
            );
            held = holds;
        }
        run.run(&[&["--index", "killed"], &ALL[..]].concat()).code(0);
        run.run(&["--index", "killed", "check"]).code(0).out("sound");
        assert_eq!(answers(&run, "killed"), undisturbed, "kill {kill}");
        run.run(&[&["--index", "killed"], &ALL[..]].concat()).code(0).out("nothing changed");
        fs::remove_dir_all(&folder).unwrap();
        if kills > 8 {
            println!(
                "kill {kill}: {held} of {most} articles were committed; after another run all answers are the same"
            );
        }
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

/// All files of an index, by their paths below it; the marks of locks hold nothing.
fn files(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else if !name.ends_with(".lock") {
            found.push(name);
        }
    }
    found.sort();
}

/// What an index says, whatever its segments are: every count, and every hit in order.
fn said(run: &Run, index: &str) -> [String; 3] {
    let ask = |args: &[&str]| run.run(&[&["--index", index], args].concat()).code(0).stdout;
    [
        ask(&[
            "facets", "--format", "json", "--by", "speaker", "--by", "date", "--by", "country", "--by",
            "source",
        ]),
        ask(&["search", "said", "--sort", "date", "--format", "jsonl"])
            .lines()
            .map(|hit| hit.split_once("\"score\"").map_or(hit, |(before, _)| before).to_owned() + "\n")
            .collect(),
        ask(&["facets", "said", "--by", "speaker", "--all-versions", "--format", "json"]),
    ]
}

/// What becomes of a file's bytes; nothing where it goes.
type Damage = fn(Vec<u8>) -> Option<Vec<u8>>;

#[test]
fn whatever_is_damaged_is_found_and_only_that_is_read_again() {
    const MAP: &str = "text=story,title=kicker";
    let run = Run::new();
    run.file("a.jsonl", stories(30, 0)).file("b.jsonl", stories(30, 100));
    run.file("c/d.txt", "Rain on the hill\n\n“It rains,” Ada Moss said on Monday. The hill is wet.\n");
    run.file("table.csv", "kicker,story\nMill,\"“The mill stands,” Ada Moss said.\"\n");
    // in steps, so that there are segments, marks of what was deleted, and lines in the ledger that no longer hold
    run.run(&["--index", "sound", "index", "a.jsonl"]).code(0);
    run.run(&["--index", "sound", "index", "table.csv", "--map", MAP]).code(0);
    run.file("a.jsonl", stories(28, 0));
    run.run(&["--index", "sound", "index", "a.jsonl", "b.jsonl", "c", "table.csv"]).code(0);
    run.run(&["--index", "sound", "check"]).code(0).out("sound");
    let expected = said(&run, "sound");
    let mut names = Vec::new();
    files(&run.folder().join("sound"), "", &mut names);
    assert!(names.iter().any(|name| name.ends_with(".del")), "{names:?}");
    let damages: [Damage; 4] = [
        |_| None,
        |bytes| Some(bytes[..bytes.len() / 2].to_vec()),
        |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x08;
            Some(bytes)
        },
        |_| Some(Vec::new()),
    ];
    for name in &names {
        for (number, damage) in damages.iter().enumerate() {
            let folder = run.folder().join("broken");
            copy(&run.folder().join("sound"), &folder);
            let path = folder.join(name);
            let damaged = damage(fs::read(&path).unwrap());
            fs::remove_file(&path).unwrap();
            if let Some(bytes) = damaged {
                fs::write(&path, bytes).unwrap();
            }
            let checked = run.run(&["--index", "broken", "check"]);
            let what = format!("{name}, damage {number}: {checked:?}");
            if checked.code == Some(0) {
                // a byte that says nothing, as in the number of a commit
                assert!(name.ends_with(".json"), "{what}");
            } else {
                assert!(checked.code == Some(2) && checked.stdout.contains("damaged"), "{what}");
                let mended = run.run(&["--index", "broken", "check", "--repair"]);
                assert!(mended.code == Some(0) && mended.stdout.contains("mended"), "{what}: {mended:?}");
                if name.starts_with("ledger-") {
                    // it alone knows what the columns of a table mean, and that is said
                    assert!(mended.stdout.contains("--map"), "{mended:?}");
                    run.run(&["--index", "broken", "index", "table.csv", "--map", MAP]).code(0);
                }
            }
            run.run(&["--index", "broken", "check"]).code(0).out("sound");
            assert_eq!(said(&run, "broken"), expected, "{what}");
            run.run(&["--index", "broken", "index", "a.jsonl", "b.jsonl", "c", "table.csv"])
                .code(0)
                .out("nothing changed");
            fs::remove_dir_all(&folder).unwrap();
        }
    }
}

#[test]
fn what_cannot_be_read_again_is_named() {
    let run = Run::new();
    run.file("news/a.txt", "Rain on the hill\n\n“It rains,” Ada Moss said on Monday. The hill is wet.\n");
    run.file("news/b.txt", "Sun on the hill\n\n“It shines,” Ada Moss said on Monday. The hill is dry.\n");
    run.run(&["index", "news"]).code(0);
    fs::remove_file(run.folder().join("news/a.txt")).unwrap();
    let mut names = Vec::new();
    files(&run.folder().join(".onrecord"), "", &mut names);
    let store = names.iter().find(|name| name.ends_with(".store")).unwrap();
    fs::remove_file(run.folder().join(".onrecord").join(store)).unwrap();
    run.run(&["check", "--repair"])
        .code(2)
        .out("mended: 1 article")
        .err("news/a.txt")
        .err("gone, and 1 article");
    run.run(&["check"]).code(0).out("sound; 1 article from 1 file");
}
