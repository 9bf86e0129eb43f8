//! `index --watch` keeps up with a folder.

use crate::durability::stories;
use crate::run::Run;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// A condition not met by then never is.
const DEADLINE: Duration = Duration::from_secs(60);

/// The program watching; it ends with the value.
struct Watching<'r> {
    run: &'r Run,
    child: Child,
    lines: Receiver<String>,
}

impl<'r> Watching<'r> {
    /// Starts to watch `news`; the first pass is over when it returns.
    fn start(run: &'r Run, args: &[&str]) -> Watching<'r> {
        fs::create_dir_all(run.folder().join("news")).unwrap();
        let mut command = run.command(&[&["index", "news", "--watch"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (told, lines) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        let also = told.clone();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
        std::thread::spawn(move || err.lines().map_while(Result::ok).try_for_each(|line| also.send(line)));
        let watching = Watching { run, child, lines };
        watching.until_told("watching");
        watching
    }

    /// Waits for a line.
    fn until_told(&self, part: &str) -> String {
        let end = Instant::now() + DEADLINE;
        loop {
            match self.lines.recv_timeout(end - Instant::now()) {
                Ok(line) if line.contains(part) => return line,
                Ok(_) => {}
                Err(gone) => panic!("{part:?} was never told: {gone}"),
            }
        }
    }

    /// Waits until so many articles hold the word.
    fn until_found(&self, word: &str, count: usize) {
        let end = Instant::now() + DEADLINE;
        loop {
            let asked = ["search", "--all-versions", "--literal", word, "kind:article", "--format", "jsonl"];
            let ran = self.run.run(&asked);
            let found = ran.stdout.lines().count();
            if found == count {
                return;
            }
            assert!(
                Instant::now() < end,
                "{count} articles with {word:?} wanted, {found} found: {}",
                ran.stderr
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it as Ctrl-C does; its exit code.
    fn end(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        // It has ended already where the test came to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn story(title: &str, word: &str) -> String {
    format!("{title}\n\nThe {word} is cold, the keeper said.\n")
}

#[test]
fn what_comes_changes_moves_and_goes_is_followed() {
    let run = Run::new();
    run.file("news/rain.txt", story("Rain", "rain"));
    let watching = Watching::start(&run, &["--prune"]);
    watching.until_found("rain", 1);
    run.file("news/snow.txt", story("Snow", "snow"));
    watching.until_found("snow", 1);
    run.file("news/snow.txt", story("Snow", "sleet"));
    watching.until_found("sleet", 1);
    watching.until_found("snow", 1); // its title
    run.file("news/2024/march/hail.txt", story("Hail", "hail"));
    watching.until_found("hail", 1);
    fs::rename(run.folder().join("news/2024"), run.folder().join("news/old")).unwrap();
    run.file("news/fog.txt", story("Fog", "fog"));
    watching.until_found("fog", 1);
    watching.until_found("hail", 1);
    let ran = run.run(&["search", "hail", "kind:article", "--format", "json"]).code(0);
    assert!(
        ran.stdout.contains("news/old/march/hail.txt") && !ran.stdout.contains("news/2024"),
        "{}",
        ran.stdout
    );
    fs::remove_file(run.folder().join("news/rain.txt")).unwrap();
    watching.until_found("rain", 0);
    run.run(&["index", "news"]).code(2).err("another onrecord is writing the index");
    assert_eq!(watching.end(), Some(0));
    run.run(&["index", "news", "--prune"]).code(0).out("nothing changed: 3 articles in 3 files");
    run.run(&["check"]).code(0).out("sound; 3 articles from 3 files");
}

#[test]
fn what_is_gone_stays_unless_it_is_to_be_pruned() {
    let run = Run::new();
    run.file("news/rain.txt", story("Rain", "rain"));
    let watching = Watching::start(&run, &[]);
    fs::remove_file(run.folder().join("news/rain.txt")).unwrap();
    run.file("news/snow.txt", story("Snow", "snow"));
    watching.until_found("snow", 1);
    watching.until_found("rain", 1);
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn many_files_at_once_are_few_commits() {
    const FILES: usize = 1000;
    let run = Run::new();
    let watching = Watching::start(&run, &[]);
    for (number, row) in stories(FILES, 0).lines().enumerate() {
        run.file(&format!("news/{number}.jsonl"), row);
    }
    watching.until_found("story", FILES);
    let batches = watching.lines.try_iter().filter(|line| line.contains(" new from ")).count();
    assert!((1..50).contains(&batches), "{batches} batches");
    assert_eq!(watching.end(), Some(0));
    run.run(&["index", "news"]).code(0).out("nothing changed: 1,000 articles in 1,000 files");
}

#[test]
fn what_cannot_be_read_is_told_and_watching_goes_on() {
    let run = Run::new();
    let watching = Watching::start(&run, &["--errors", "errors.jsonl"]);
    run.file("news/rows.jsonl", "{\"id\": \"7\", ");
    watching.until_told("cannot read `news/rows.jsonl`");
    let errors = fs::read_to_string(run.folder().join("errors.jsonl")).unwrap();
    assert!(errors.contains("\"path\":\"news/rows.jsonl\""), "{errors}");
    run.file("news/rain.txt", story("Rain", "rain"));
    watching.until_found("rain", 1);
    assert_eq!(watching.end(), Some(2));
}

#[test]
fn its_own_index_is_no_news() {
    let run = Run::new();
    run.file("news/rain.txt", story("Rain", "rain"));
    let watching = Watching::start(&run, &["--hidden", "--index", "news/.onrecord"]);
    run.file("news/snow.txt", story("Snow", "snow"));
    watching.until_told("1 new from 1 file in");
    run.file("news/hail.txt", story("Hail", "hail"));
    watching.until_told("1 new from 1 file in");
    match watching.lines.recv_timeout(Duration::from_secs(2)) {
        Err(RecvTimeoutError::Timeout) => {}
        told => panic!("nothing more was written: {told:?}"),
    }
    assert_eq!(watching.end(), Some(0));
    let checked = run.run(&["--index", "news/.onrecord", "check"]).code(0);
    assert!(checked.stdout.contains("3 articles from 3 files"), "{checked:?}");
}

#[test]
fn a_folder_that_is_gone_ends_it() {
    let run = Run::new();
    run.file("news/rain.txt", story("Rain", "rain"));
    let mut watching = Watching::start(&run, &["--prune"]);
    fs::remove_dir_all(run.folder().join("news")).unwrap();
    watching.until_told("cannot read `news`: no such file or folder");
    assert_eq!(watching.child.wait().unwrap().code(), Some(2));
    run.run(&["search", "rain"]).code(0);
    run.run(&["index", "news", "--watch"]).code(2).err("cannot read `news`");
}
