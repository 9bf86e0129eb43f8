//! Every parser under files and texts that are broken on purpose, the same in every run.
//!
//! A few thousand cases of each target at every test run; for longer, with checks for overflow, one target or `all`:
//!
//! ```text
//! ONRECORD_TARGET=html ONRECORD_SECONDS=600 cargo test --release --config profile.release.package.onrecord.overflow-checks=true --test it fuzz_every_parser -- --nocapture
//! ```
//!
//! A case that fails is named by its number, and `ONRECORD_CASE` begins there.

use crate::run::{Dice, repository};
use onrecord::article::{Article, Day};
use onrecord::extract::extract;
use onrecord::query::parse::parse;
use onrecord::read::{self, Format, Options, Piece, ReadError, Source};
use onrecord::render::findings::{csv, json, text};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

/// Cases of a target in a run of all tests.
const CASES: u64 = 300;

/// A target: what it is called, the endings of the files in `corpus` that it begins with, what is done to the bytes.
struct Target {
    name: &'static str,
    endings: &'static [&'static str],
    run: fn(&[u8]),
}

const TARGETS: &[Target] = &[
    Target { name: "html", endings: &["html"], run: |bytes| article(Format::Html, bytes) },
    Target { name: "text", endings: &["txt", "md"], run: |bytes| article(Format::Plain, bytes) },
    Target { name: "extract", endings: &["txt", "md"], run: findings },
    Target { name: "query", endings: &["tsv"], run: query },
    Target { name: "markdown", endings: &["md", "txt"], run: |bytes| article(Format::Markdown, bytes) },
    Target { name: "row", endings: &["jsonl"], run: |bytes| article(Format::JsonRow, bytes) },
    Target { name: "json", endings: &["jsonl", "json"], run: |bytes| file("json", bytes) },
    Target { name: "table", endings: &["csv", "tsv"], run: |bytes| file("csv", bytes) },
    Target { name: "newsml", endings: &["xml"], run: |bytes| file("xml", bytes) },
    Target { name: "feed", endings: &["rss", "atom"], run: |bytes| file("rss", bytes) },
    Target { name: "warc", endings: &["warc", "gz"], run: |bytes| file("warc", bytes) },
    Target { name: "mail", endings: &["mhtml", "eml"], run: |bytes| article(Format::Mail, bytes) },
    Target { name: "archive", endings: &["zip", "wacz", "epub", "zst"], run: |bytes| file("zip", bytes) },
    Target { name: "pdf", endings: &["pdf"], run: |bytes| article(Format::Pdf, bytes) },
    Target { name: "any", endings: &[""], run: |bytes| file("unknown", bytes) },
];

/// Reads the bytes as one article of the format, and extracts from it.
fn article(format: Format, bytes: &[u8]) {
    seen(format, read::article(&Piece::new(format, "x", bytes.to_vec())));
}

/// Reads the bytes as a file of that ending, cut into its articles.
fn file(ending: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("x.{ending}"));
    fs::write(&path, bytes).unwrap();
    read::pieces(&Source::file(&path), &Options::default(), &mut |piece| match piece {
        Ok(piece) => seen(piece.format, read::article(&piece)),
        Err(error) => seen(Format::Plain, Err(error)),
    });
}

/// `read` turns a panic into an error, which is a failure here; the crate that reads PDF is known to panic.
fn seen(format: Format, read: Result<Article, ReadError>) {
    match read {
        // Every offset that leaves the program is checked on its way.
        Ok(article) => drop(json(&article, &extract(&article))),
        Err(error) => {
            assert!(format == Format::Pdf || !error.why().contains("the parser gave up"), "{error}");
        }
    }
}

fn findings(bytes: &[u8]) {
    let article = Article {
        text: String::from_utf8_lossy(bytes).into_owned(),
        published: Some(Day::constant(2024, 2, 29)),
        lang: Some("en".to_owned()),
        ..Article::default()
    };
    let findings = extract(&article);
    json(&article, &findings);
    csv(&article, &findings);
    text(&article, &findings);
    assert_eq!(findings, extract(&article));
}

/// What is read can be typed again.
fn query(bytes: &[u8]) {
    for typed in String::from_utf8_lossy(bytes).lines() {
        match parse(typed) {
            Ok(query) => assert_eq!(parse(&query.to_string()), Ok(query), "{typed}"),
            Err(error) => assert!(typed.get(error.at()).is_some(), "{typed}: {error}"),
        }
    }
}

/// What breaks parsers: ends and beginnings of things, numbers at their limits, bytes that are no text.
const WORDS: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xc3",
    b"\xe2\x80\x9c",
    b"\xe2\x80\x9d",
    b"\xcc\x81",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\x8b",
    b"\xc4\xb0",
    b"\xef\xac\x81",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\t",
    b" ",
    b"\"",
    b"'",
    b"''",
    b"``",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b"null",
    b"-1",
    b"0",
    b"18446744073709551615",
    b"99999999999999999999",
    b"1e999",
    b"2024-02-30",
    b"0000-00-00",
    b"9999-12-31T23:59:60Z",
    b"31 February",
    b"last Monday",
    b"a year earlier",
    b"10,000 years ago",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<p>",
    b"<div>",
    b"<b>",
    b"</p>",
    b"<table><tr><td>",
    b"<script type=\"application/ld+json\">",
    b"<template>",
    b"<meta charset=utf-16>",
    b"&amp;",
    b"&#0;",
    b"&#x10ffff;",
    b"&#",
    b"<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    b"<!DOCTYPE x [<!ENTITY a \"b\">]>",
    b"---\n",
    b"+++\n",
    b"# ",
    b"> ",
    b"```",
    b"|",
    b"![](",
    b"Content-Length: 99999999999\r\n",
    b"Content-Type: text/html; charset=iso-2022-jp\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"WARC/1.0\r\n",
    b"PK\x03\x04",
    b"%PDF-",
    b"she said",
    b" said.",
    b"Mr. ",
    b"the U.S.",
    b"according to ",
    b"speaker:",
    b"date:",
    b"..",
    b"-",
    b"~9",
    b"*",
    b" OR ",
    b",",
    b";",
    b":",
    b".",
];

/// The largest case, in bytes: size is for the tests of hostile files.
const LARGEST: usize = 1 << 15;

/// The case of that number: one seed, broken up to eight times.
fn case(number: u64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut dice = Dice::new(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    bytes.truncate(LARGEST);
    for _ in 0..1 + dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        let most = 1 << dice.below(12);
        let end = at + dice.below((bytes.len() - at).min(most) + 1);
        match dice.below(9) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let part = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            3 => {
                let part = bytes[at..end.min(at + 40)].repeat(1 + dice.below(60));
                bytes.splice(at..at, part);
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(2000)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            5 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            6 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.below(256) as u8;
                }
            }
            7 => drop(bytes.splice(at..end, WORDS[dice.below(WORDS.len())].iter().copied())),
            _ => {
                let word = WORDS[dice.below(WORDS.len())];
                let word = word.repeat(1 << dice.below(7));
                bytes.splice(at..at, word);
            }
        }
        bytes.truncate(LARGEST);
    }
    bytes
}

/// The files in `corpus` of these endings, in order.
fn seeds(endings: &[&str]) -> Vec<Vec<u8>> {
    let files = ["formats", "sample", "queries"].iter().flat_map(|folder| {
        fs::read_dir(repository("corpus").join(folder)).unwrap().map(|entry| entry.unwrap().path())
    });
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    files.retain(|path| endings.iter().any(|ending| path.to_str().unwrap().ends_with(ending)));
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The case as a file, for a closer look.
fn kept(target: &Target, number: u64, bytes: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("onrecord-{}-{number}", target.name));
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn fuzz_every_parser() {
    let set = |name: &str| std::env::var(name).ok();
    let chosen = set("ONRECORD_TARGET").unwrap_or("all".to_owned());
    let seconds = set("ONRECORD_SECONDS").map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
    let first: u64 = set("ONRECORD_CASE").map_or(0, |case| case.parse().unwrap());
    let mut failed: BTreeMap<String, String> = BTreeMap::new();
    for target in TARGETS.iter().filter(|target| chosen == "all" || chosen == target.name) {
        let seeds = seeds(target.endings);
        let started = Instant::now();
        let (mut number, mut slowest) = (first, (Duration::ZERO, Vec::new()));
        while seconds.map_or(number < first + CASES, |seconds| started.elapsed() < seconds) {
            let bytes = case(number, &seeds);
            let begun = Instant::now();
            if let Err(why) = ran(target, &bytes) {
                // one case for each place where it fails
                failed.entry(why).or_insert_with(|| {
                    format!("{} case {number}: {}", target.name, kept(target, number, &bytes))
                });
            }
            if begun.elapsed() > slowest.0 {
                slowest = (begun.elapsed(), bytes);
            }
            number += 1;
        }
        if seconds.is_some() {
            let (time, bytes) = slowest;
            let (cases, slow) = (number - first, kept(target, 0, &bytes));
            println!("{}: {cases} cases, the slowest in {} ms: {slow}", target.name, time.as_millis());
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Runs the target; an error says where it panicked, caught at a border or not.
fn ran(target: &Target, bytes: &[u8]) -> Result<(), String> {
    thread_local! {
        static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        // `read` has its own, which is silent inside its border: this one comes on top of it
        article(Format::Plain, b"Rain\n\nRain fell.\n");
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            PLACE.with_borrow_mut(|first| {
                if first.is_empty() {
                    *first = place;
                }
            });
            before(panic);
        }));
    });
    PLACE.take();
    catch_unwind(AssertUnwindSafe(|| (target.run)(bytes))).map_err(|_| PLACE.take())
}
