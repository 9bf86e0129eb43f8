//! Texts made to cost much: each goes through the whole program in a time that only linear work can keep.

use crate::run::{Run, repository};
use serde_json::json;
use std::fs::{self, File};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A hundred times what a build with optimisation takes; quadratic work takes a hundred times this.
const LONGEST: Duration = Duration::from_secs(60);

/// Extracts from a row with this text, in a process of its own that is ended when it takes too long.
#[track_caller]
fn check(text: &str) {
    let run = Run::new();
    let row = json!({"id": "1", "title": "T", "date": "2023-09-11", "lang": "en", "text": text});
    run.file("row.jsonl", format!("{row}\n"));
    let out = run.folder().join("out");
    let mut command = run.command(&["extract", "--format", "jsonl", "row.jsonl"]);
    let mut child = command.stdout(File::create(&out).unwrap()).spawn().unwrap();
    let started = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("more than {LONGEST:?}");
        }
        sleep(Duration::from_millis(10));
    };
    println!("{:>6.2} s for {} bytes", started.elapsed().as_secs_f64(), text.len());
    assert_eq!(code, Some(0));
    let row: serde_json::Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
    assert!(row["text"] == text, "the text came back changed");
}

fn many(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn a_long_article() {
    let story = fs::read_to_string(repository("corpus/sample/river-treaty-lusaka.txt")).unwrap();
    check(&story.repeat(5_000_000 / story.len()));
}

#[test]
fn quotation_marks() {
    check(&"\"".repeat(100_000));
    check(&"“".repeat(100_000));
    check(&"”".repeat(100_000));
    check(&"‘ ".repeat(100_000));
    check(&"'a ".repeat(100_000));
    check(&"“a” ".repeat(100_000));
    check(&"“Rain,” ".repeat(50_000));
    check(&"“Rain.\n\n".repeat(50_000));
    check(&"said “".repeat(50_000));
}

#[test]
fn nested_quotation_marks() {
    check(&"“‘".repeat(50_000));
    check(&format!("{}{}", "“a ‘b ".repeat(50_000), "c’ d”".repeat(50_000)));
    check(&"“He said ‘no “never ‘perhaps’”’” she said. ".repeat(15_000));
    check(&"Moss said “rain” and ".repeat(30_000));
}

#[test]
fn brackets() {
    check(&"(".repeat(100_000));
    check(&"a (".repeat(100_000));
    check(&")".repeat(100_000));
    check(&"[{<".repeat(50_000));
}

#[test]
fn one_long_sentence() {
    check(&"the rain fell and the river rose ".repeat(30_000));
    check(&"the rain that fell, she said, ".repeat(35_000));
    check(&"who said that ".repeat(70_000));
    check(&"of the ".repeat(140_000));
    check(&", ".repeat(300_000));
    check(&"Ada Moss said that it rained and that ".repeat(25_000));
    check(&"he told her that she said who thinks that ".repeat(24_000));
    check(&"according to Ada Moss, ".repeat(45_000));
    check(&"the claim by the mayor that the warning by ".repeat(24_000));
    check(&"the man who saw the mayor of ".repeat(35_000));
    check(&"Moss said: ".repeat(90_000));
    check(&"a".repeat(1_000_000));
    check(&"a-".repeat(500_000));
    check(&"a.".repeat(300_000));
}

#[test]
fn names() {
    check(&"Ada ".repeat(200_000));
    check(&many(200_000, |n| format!("N{}a ", n % 7919)));
    check(&many(30_000, |n| format!("Ada Moss{n}x said. ")));
    check(&many(30_000, |n| format!("“No,” said Mr Moss{n}x. He said yes. ")));
    check(&"he said. ".repeat(50_000));
    check(&"Mr. ".repeat(200_000));
    check(&"A. ".repeat(200_000));
    check(&"New ".repeat(150_000));
    check(&"Georgia, ".repeat(100_000));
    check(&"U.S. ".repeat(150_000));
}

#[test]
fn datelines() {
    check(&"OSLO (Courier) - Rain fell on Monday.\n\n".repeat(15_000));
    check(&many(10_000, |n| format!("TOWN{n}, Norway, May 3 (Courier) - Ann Lee said it rained.\n\n")));
}

#[test]
fn turns() {
    check(&many(13_000, |n| format!("Speaker{}: It rains, and it will rain again.\n\n", n % 7)));
    check(&many(13_000, |n| format!("Ada Moss{n}, the mayor of Dull{n}: It rains.\n\n")));
    check(&many(20_000, |n| format!("ADA MOSS{n}x: It rains.\n")));
}

#[test]
fn bodies() {
    check(&many(11_000, |n| format!("The Harbour{n} Board said it rained. The board said so. ")));
    check(&many(8_000, |n| {
        format!("Boreal{n} Motors Corp. (BO{n}.OL) said it rained. The company agreed. ")
    }));
    check(&many(11_000, |n| format!("The Rain Board of Dull{n} (RBD{n}) met. RBD{n} said so. ")));
    check(&format!("{}Dull said it rained.", "the Bank of the City of the Port of ".repeat(16_000)));
    check(&format!("{}Snow said it rained.", "the Board of Rain and ".repeat(27_000)));
    check(&"Dull's Inc's ".repeat(50_000));
}

#[test]
fn long_lists() {
    check(&format!("{}Tom Reed said it rained.", many(50_000, |n| format!("Ada Moss{n}, "))));
    check(&format!(
        "{}Tom Reed said it rained.",
        many(19_000, |n| format!("Ada Moss{n}, the mayor of Dull; "))
    ));
    check(&format!("{}all said it rained.", many(46_000, |n| format!("the mayor{n}, "))));
}

#[test]
fn introductions() {
    let one = "Ada Moss{n}, the deputy mayor of the Port of Dull and chair of the Rain Board, said so. Moss{n} went. ";
    check(&many(6_000, |n| one.replace("{n}", &n.to_string())));
    check(&"Ada Moss, mayor, of Dull, said it rained. She, the mayor, said so. ".repeat(9_000));
    check(&format!("{}Ada Moss said it rained.", "Former Deputy Mayor of Dull ".repeat(21_000)));
    check(&format!("Ada Moss, {}said it rained.", "a mayor, ".repeat(66_000)));
    check(&many(11_000, |n| {
        format!("Ada Moss{n}, {}, left. The {}-year-old said no. ", n % 90 + 10, n % 90 + 10)
    }));
    check(&"Joe “Sloppy” ".repeat(50_000));
}

#[test]
fn numbers() {
    check(&many(100_000, |n| format!("{n} ")));
    check(&"1".repeat(100_000));
    check(&"1,".repeat(100_000));
    check(&"2023-".repeat(100_000));
    check(&"on Monday ".repeat(50_000));
    check(&"May ".repeat(100_000));
    check(&"11 Sept. ".repeat(50_000));
    check(&"twenty ".repeat(100_000));
    check(&"last ".repeat(100_000));
    check(&"the second half of ".repeat(50_000));
}

#[test]
fn blanks_and_lines() {
    check(&format!("Rain{}fell", " ".repeat(1_000_000)));
    check(&format!("Rain{}fell", "\n".repeat(500_000)));
    check(&"Q: Rain?\nA: Rain.\n".repeat(30_000));
    check(&"Harris: Rain.\n\n".repeat(30_000));
    check(&"\u{301}".repeat(300_000));
    check(&"東".repeat(300_000));
    check(&"🙂".repeat(200_000));
}
