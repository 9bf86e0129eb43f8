//! What the system refuses: each refusal has its message and its exit code, and leaves the last commit whole.

use crate::durability::stories;
use crate::run::{Ran, Run};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// What goes before a command so that permissions hold for it: nothing, or for root, whom none bind, a program that
/// gives up that right. `None` where that cannot be had.
fn bound() -> Option<Vec<&'static str>> {
    const UNBOUND: [&str; 2] = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    let folder = tempfile::tempdir().unwrap();
    allow(folder.path(), 0o555);
    if fs::write(folder.path().join("a"), "").is_err() {
        return Some(Vec::new());
    }
    let tried = Command::new(UNBOUND[0]).args([UNBOUND[1], "touch"]).arg(folder.path().join("b")).output();
    tried.is_ok_and(|tried| !tried.status.success()).then(|| UNBOUND.to_vec())
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Takes the right to write from a folder and all in it, or gives it back.
fn allow_all(folder: &Path, write: bool) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            allow_all(&path, write);
        } else {
            allow(&path, if write { 0o644 } else { 0o444 });
        }
    }
    allow(folder, if write { 0o755 } else { 0o555 });
}

impl Run {
    /// Runs a script of the shell in the folder, the program being `"$onrecord"`, behind what goes before it.
    fn script(&self, before: &[&str], script: &str) -> Ran {
        let words: Vec<&str> = before.iter().copied().chain(["sh", "-c", script]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.folder()).env_remove("ONRECORD_INDEX");
        let output = command.env("onrecord", env!("CARGO_BIN_EXE_onrecord")).output().unwrap();
        Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }
}

/// A folder with one article, indexed.
fn indexed() -> Run {
    let run = Run::new();
    run.file("news/rain.txt", "Rain\n\nRain fell, the guard said.\n");
    run.run(&["index", "news"]).code(0);
    run
}

#[test]
fn an_index_that_may_only_be_read_can_be_searched() {
    let Some(bound) = bound() else { return println!("skipped: permissions do not bind here") };
    let run = indexed();
    run.file("news/snow.txt", "Snow\n\nSnow fell, the mayor said.\n");
    let index = run.folder().join(".onrecord");
    allow_all(&index, false);
    run.script(&bound, "\"$onrecord\" index news")
        .code(2)
        .err("cannot write the index in `.onrecord`: permission denied")
        .err("hint: the last commit stands");
    run.script(&bound, "\"$onrecord\" index --fresh news").code(2).err("permission denied");
    run.script(&bound, "\"$onrecord\" search rain").code(0).out("Rain fell");
    run.script(&bound, "\"$onrecord\" check").code(0).out("sound; 1 article from 1 file");
    allow_all(&index, true);
    run.run(&["index", "news"]).code(0).out("indexed 1 new");
}

#[test]
fn an_index_is_not_made_where_none_can_be() {
    let Some(bound) = bound() else { return println!("skipped: permissions do not bind here") };
    let run = indexed();
    fs::create_dir(run.folder().join("locked")).unwrap();
    allow(&run.folder().join("locked"), 0o555);
    run.script(&bound, "\"$onrecord\" --index locked/x index news")
        .code(2)
        .err("cannot make an index in `locked/x`: permission denied");
    run.run(&["--index", "news/rain.txt", "index", "news"])
        .code(2)
        .err("cannot make an index in `news/rain.txt`: not a directory");
}

#[test]
fn what_may_no_longer_be_read_stays_in_the_index() {
    let Some(bound) = bound() else { return println!("skipped: permissions do not bind here") };
    let run = indexed();
    run.file("news/snow.txt", "Snow\n\nSnow fell, the mayor said.\n");
    allow(&run.folder().join("news/rain.txt"), 0o000);
    run.script(&bound, "\"$onrecord\" index news --prune")
        .code(2)
        .err("cannot read `news/rain.txt`: permission denied")
        .out("indexed 1 new");
    run.run(&["check"]).code(0).out("sound; 2 articles from 2 files").out("1 file could not be read");
    allow(&run.folder().join("news"), 0o000);
    run.script(&bound, "\"$onrecord\" index news --prune")
        .code(2)
        .err("cannot read `news`: permission denied")
        .out("nothing changed");
    allow(&run.folder().join("news"), 0o755);
    allow(&run.folder().join("news/rain.txt"), 0o644);
    run.run(&["search", "rain"]).code(0).out("Rain fell");
    run.run(&["index", "news"]).code(0);
    run.run(&["check"]).code(0).out("2 articles from 2 files");
}

#[test]
fn no_file_may_grow_further() {
    let run = indexed();
    run.file("more.jsonl", stories(400, 0));
    let mut refused = 0;
    // In steps of 512 bytes: from too little for a first file to the middle of the last.
    for most in [2, 16, 64, 256, 1024] {
        // Without the trap the system ends a process that writes more.
        let script = format!("trap '' XFSZ; ulimit -f {most}; exec \"$onrecord\" index news more.jsonl");
        let ran = run.script(&[], &script);
        if ran.code == Some(0) {
            break;
        }
        refused += 1;
        ran.code(2)
            .err("cannot write the index in `.onrecord`: file too large")
            .err("hint: the last commit stands");
        run.run(&["check"]).code(0).out("sound; 1 article from 1 file");
    }
    assert!(refused >= 2, "the limits are too high to be met");
    run.run(&["index", "news", "more.jsonl"]).code(0);
    run.run(&["check"]).code(0).out("sound; 401 articles from 2 files");
}

#[test]
fn a_full_disk_leaves_the_last_commit() {
    // A file system of the test's own, in a namespace that goes with the shell.
    const ALONE: [&str; 2] = ["unshare", "--mount"];
    let run = indexed();
    run.file("more.jsonl", stories(400, 0));
    fs::create_dir(run.folder().join("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=600k tmpfs disk";
    let tried = Command::new(ALONE[0]).args([ALONE[1], "sh", "-c", mount]).current_dir(run.folder()).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return println!("skipped: no file system can be mounted here");
    }
    let script = format!(
        "{mount} && \"$onrecord\" --index disk/i index news && \"$onrecord\" --index disk/i index more.jsonl
        echo \"ended with $?\"; \"$onrecord\" --index disk/i search rain; \"$onrecord\" --index disk/i check
        mount -o remount,size=64m disk; \"$onrecord\" --index disk/i index news more.jsonl && \"$onrecord\" --index disk/i check"
    );
    run.script(&ALONE, &script)
        .code(0)
        .err("cannot write the index in `disk/i`: no storage space")
        .err("hint: the last commit stands")
        .out("ended with 2")
        .out("Rain fell")
        .out("sound; 1 article from 1 file")
        .out("sound; 401 articles from 2 files");
}

#[test]
fn what_is_no_file_is_told_and_passed() {
    let run = indexed();
    let news = run.folder().join("news");
    assert!(Command::new("mkfifo").arg(news.join("pipe.txt")).status().unwrap().success());
    symlink("self.txt", news.join("self.txt")).unwrap();
    symlink(&news, news.join("again")).unwrap();
    let ran = run.run(&["index", "news"]);
    assert!(!ran.stderr.contains("again"), "a link to what is read anyway is no trouble");
    ran.code(2)
        .err("cannot read `news/pipe.txt`: a named pipe, not a file")
        .err("cannot read `news/self.txt`: a link that leads back to itself")
        .out("nothing changed: 1 article in 1 file");
    run.run(&["index", "news/pipe.txt"]).code(2).err("a named pipe");
    run.run(&["check"]).code(0).out("1 article from 1 file");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_kept() {
    let run = indexed();
    let name = run.folder().join("news").join(OsStr::from_bytes(b"caf\xe9.txt"));
    fs::write(&name, "Coffee\n\nCoffee is cold, the barista said.\n").unwrap();
    run.run(&["index", "news"]).code(0).out("indexed 1 new");
    let ran = run.run(&["index", "news", "--prune"]).code(0).out("nothing changed: 2 articles in 2 files");
    assert!(!ran.stdout.contains("gone"), "{}", ran.stdout);
    run.run(&["search", "coffee"]).code(0).out("news/caf\\xE9.txt");
    fs::remove_file(name).unwrap();
    run.run(&["index", "news", "--prune"]).code(0).out("1 removed");
}
