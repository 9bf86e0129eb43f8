//! What `index` does with files that come, change, move and go.

use crate::run::Run;
use onrecord::index::{Index, Location};
use onrecord::ingest::{COMMIT_EVERY, Event, Options, ingest};
use onrecord::read::Source;
use std::fs;
use std::ops::ControlFlow;

const TRAIN: &str = "The night train\n\nBy Ada Moss\nPublished : March 4, 2024 - 09:30\n\nThe train left late, the guard said.\n";

#[test]
fn indexing_again_changes_nothing() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN)
        .file("news/b.txt", "A second story\n\nIts body is short but it is there.\n");
    run.run(&["index", "news"]).code(0).out("indexed 2 new from 2 files");
    run.run(&["index", "news"]).code(0).out("nothing changed: 2 articles in 2 files");
}

#[test]
fn a_changed_file_replaces_its_article() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN);
    run.run(&["index", "news"]).code(0);
    run.file("news/a.txt", TRAIN.replace("late", "an hour late"));
    run.run(&["index", "news"]).code(0).out("indexed 1 changed");
    run.run(&["check"]).code(0).out("1 article from 1 file");
}

#[test]
fn a_changed_row_replaces_its_article_and_spares_the_others() {
    let run = Run::new();
    let row =
        |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"title\":\"T {id}\",\"text\":\"{text}\"}}\n");
    run.file("rows.jsonl", row("a", "One.") + &row("b", "Two.") + &row("c", "Three."));
    run.run(&["index", "rows.jsonl"]).code(0).out("indexed 3 new");
    run.file("rows.jsonl", row("a", "One.") + &row("b", "Two, corrected.") + &row("c", "Three."));
    run.run(&["index", "rows.jsonl"]).code(0).out("1 changed, 2 unchanged");
}

#[test]
fn what_is_gone_is_dropped_only_when_asked() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN)
        .file("news/b.txt", "A second story\n\nIts body is short but it is there.\n");
    run.run(&["index", "news"]).code(0);
    fs::remove_file(run.folder().join("news/b.txt")).unwrap();
    run.run(&["index", "news"]).code(0).out("--prune");
    run.run(&["check"]).out("2 articles");
    run.run(&["index", "news", "--prune"]).code(0).out("1 removed");
    run.run(&["check"]).out("1 article from 1 file");
}

#[test]
fn one_story_at_two_places_is_one_story() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN).file("news/copy.txt", TRAIN);
    run.run(&["index", "news"]).code(0).out("1 new, 1 cop");
    fs::remove_file(run.folder().join("news/a.txt")).unwrap();
    run.run(&["index", "news", "--prune"]).code(0);
    run.run(&["check"]).code(0).out("1 article from 1 file");
}

#[test]
fn two_rows_under_one_id_are_both_kept() {
    let run = Run::new();
    run.file("rows.jsonl", "{\"id\":\"a\",\"title\":\"T\",\"text\":\"One.\"}\n{\"id\":\"a\",\"title\":\"T\",\"text\":\"Another.\"}\n");
    run.run(&["index", "rows.jsonl"]).code(0).out("indexed 2 new");
    run.run(&["index", "rows.jsonl"]).code(0).out("nothing changed: 2 articles");
}

#[test]
fn a_broken_row_is_told_and_the_rest_is_read() {
    let run = Run::new();
    let mut rows: Vec<String> =
        (1..=9).map(|n| format!("{{\"id\":\"{n}\",\"title\":\"T\",\"text\":\"Body {n}.\"}}")).collect();
    rows[6] = "{\"id\": \"7\", ".to_owned();
    run.file("rows.jsonl", rows.join("\n"));
    run.run(&["index", "rows.jsonl"]).code(2).out("indexed 8 new").err("`rows.jsonl`").err("line 7");
}

#[test]
fn of_many_errors_in_a_file_a_few_are_told_and_all_are_written_down() {
    let run = Run::new();
    let rows = |id: &str, broken: usize| {
        let row = serde_json::json!({ "id": id, "text": format!("The mill {id} stands by the river.") });
        format!("{row}\n{}", "{\"id\": 1,\n".repeat(broken))
    };
    run.file("a.jsonl", rows("a", 61)).file("b.jsonl", rows("b", 3)).file("c.jsonl", rows("c", 4));
    let ran = run.run(&["index", "a.jsonl", "b.jsonl", "c.jsonl", "--errors", "errors.jsonl"]).code(2);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let told = |file: &str| {
        lines.iter().filter(|line| line.starts_with("error: ") && line.contains(&format!("`{file}`"))).count()
    };
    assert_eq!((told("a.jsonl"), told("b.jsonl"), told("c.jsonl")), (3, 3, 3), "{lines:?}");
    let more: Vec<&&str> = lines.iter().filter(|line| line.starts_with('…')).collect();
    assert_eq!(more, [&"… and 58 more in `a.jsonl`", &"… and 1 more in `c.jsonl`"]);
    let written = fs::read_to_string(run.folder().join("errors.jsonl")).unwrap();
    assert_eq!(written.lines().count(), 68);
}

#[test]
fn what_is_no_article_is_no_error_however_often_it_is_met() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN)
        .file("news/logo", "\u{89}PNG".chars().map(|c| c as u8).collect::<Vec<u8>>())
        .file("news/style.css", "a {}")
        .file("news/b.html", "<p>")
        .file("news/c.json", "{\"id\": 1");
    for _ in 0..2 {
        let ran = run.run(&["index", "news", "--errors", "errors.jsonl"]).code(2);
        let ran = ran.out("1 passed over: a PNG image").out("1 passed over: not an article by its name");
        let told = ran.stderr.lines().filter(|line| line.starts_with("error: ")).count();
        let written = fs::read_to_string(run.folder().join("errors.jsonl")).unwrap();
        let rows: Vec<serde_json::Value> =
            written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.iter().filter(|row| row["error"].is_string()).count(), told, "{written}");
        assert_eq!((rows.len(), told), (4, 2), "{written}");
    }
    fs::remove_file(run.folder().join("news/b.html")).unwrap();
    fs::remove_file(run.folder().join("news/c.json")).unwrap();
    run.run(&["index", "news"]).code(0).out("nothing changed: 1 article in 1 file");
    // asked for by name, it is said each time
    for _ in 0..2 {
        run.run(&["index", "news/logo"]).code(2).err("a PNG image");
    }
}

#[test]
fn a_table_is_read_again_under_other_columns() {
    let run = Run::new();
    run.file("rows.csv", "kicker,body\nRain,\"Rain fell on the town, a keeper said.\"\n")
        .file("a.txt", TRAIN);
    run.run(&["index", "rows.csv", "a.txt", "--map", "text=body"]).code(0).out("indexed 2 new");
    run.run(&["index", "rows.csv", "a.txt", "--map", "text=body"]).code(0).out("nothing changed");
    run.run(&["index", "rows.csv", "a.txt", "--map", "text=body,title=kicker"])
        .code(0)
        .out("1 changed, 1 unchanged");
}

#[test]
fn a_dry_run_writes_nothing() {
    let run = Run::new();
    run.file("news/a.txt", TRAIN);
    run.run(&["index", "news", "--dry-run"]).code(0).out("would index 1 new");
    run.run(&["stats"]).code(2).err("no index");
    run.run(&["index", "news"]).code(0).out("indexed 1 new");
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    Run::new().run(&["index", "nowhere"]).code(2).err("`nowhere`");
}

#[test]
fn an_empty_folder_is_nothing_found() {
    let run = Run::new();
    fs::create_dir(run.folder().join("empty")).unwrap();
    run.run(&["index", "empty"]).code(1).err("nothing to read");
}

#[test]
fn extract_writes_no_colour_into_a_pipe() {
    let run = Run::new();
    run.file("a.txt", TRAIN);
    let ran = run.run(&["extract", "a.txt"]).code(0).out("The night train");
    assert!(!ran.stdout.contains('\x1b'));
}

#[test]
fn progress_never_passes_what_was_given() {
    let run = Run::new();
    let sentence = |n: usize| format!("The {n}th boat of the harbour fleet came home late, a keeper said. ");
    let story: String = (0..40).map(sentence).collect();
    run.file("a.txt", format!("Boats come home\n\n{story}\n"));
    run.file("b.txt", format!("Boats are home\n\n{story}And all slept.\n"));
    let sources: Vec<Source> = ["a.txt", "b.txt"].map(|name| Source::file(&run.folder().join(name))).into();
    let given: u64 = sources.iter().map(Source::size).sum();
    let index = Index::open_or_create(&Location::of(&run.folder().join("index"))).unwrap();
    let options = Options {
        read: Default::default(),
        threads: 2,
        prune: false,
        dry_run: false,
        commit_every: COMMIT_EVERY,
    };
    let mut told = Vec::new();
    let tally = ingest(&sources, &index, options, &mut |event| {
        if let Event::Progress(bytes, tally) = event {
            told.push((bytes, tally.new));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((tally.new, told.last()), (2, Some(&(given, 2))));
    assert!(told.is_sorted() && told.iter().all(|(bytes, _)| *bytes <= given), "{told:?} of {given}");
    // the two are versions of one story, so that both were written again
    assert!(index.ledger().unwrap().files.values().all(|file| file.articles[0].story.is_some()));
}
