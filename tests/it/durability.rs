//! An index survives what befalls it, or says what to do.

use crate::run::Run;
use std::fs;
use std::thread::sleep;
use std::time::Duration;

fn rows(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{\"id\":\"{n}\",\"title\":\"Row {n}\",\"text\":\"The {n}th body.\"}}\n"))
        .collect()
}

#[test]
fn a_killed_index_leaves_the_last_commit_and_the_next_run_finishes() {
    let run = Run::new();
    run.file("small.jsonl", rows(10)).file("large.jsonl", rows(30_000));
    run.run(&["index", "small.jsonl"]).code(0);
    for pause in [5, 40, 90, 160] {
        let mut child = run.command(&["index", "large.jsonl"]).spawn().unwrap();
        sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        run.run(&["check"]).code(0).out("sound");
    }
    run.run(&["index", "small.jsonl", "large.jsonl"]).code(0);
    run.run(&["check"]).code(0).out("sound");
    run.run(&["index", "small.jsonl", "large.jsonl"]).code(0).out("nothing changed");
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let run = Run::new();
    run.file("small.jsonl", rows(10));
    run.run(&["index", "small.jsonl"]).code(0);
    let index = onrecord::index::local::LocalIndex::open(&run.folder().join(".onrecord")).unwrap();
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
