//! The same index on a cluster: what `index` does there, and that its counts are those of the local index.
//!
//! `OPENSEARCH_URL=$(tests/opensearch/cluster start) cargo test remote` runs them.

use crate::faults::call;
use crate::run::Run;
use index_schema::{Field, VERSION};
use onrecord::answer::Distinct;
use onrecord::document::Document;
use onrecord::index::{Index, Location, Reader};
use onrecord::ledger::Ledger;
use onrecord::query::parse::parse;
use std::thread::sleep;
use std::time::Duration;

/// An index of that name, empty, where there is a cluster.
pub(crate) fn fresh(name: &str) -> Option<Location> {
    let Ok(url) = std::env::var("OPENSEARCH_URL") else {
        println!(
            "skipped: needs a cluster; OPENSEARCH_URL=$(tests/opensearch/cluster start) cargo test runs it"
        );
        return None;
    };
    let at = Location::of(format!("{url}/onrecord-test-{name}").as_ref());
    Index::remove(&at).unwrap();
    Some(at)
}

/// The index behind the alias of a test.
pub(crate) fn named(test: &str) -> String {
    format!("onrecord-test-{test}-v{VERSION}")
}

fn row(id: usize, said: &str) -> String {
    let text = format!(
        "The tram left late on Monday. \\\"{said}\\\" Ada Stone said. \\\"We will see,\\\" Bo Reed said."
    );
    format!("{{\"id\":\"{id}\",\"title\":\"Row {id}\",\"date\":\"2024-03-04\",\"text\":\"{text}\"}}\n")
}

pub(crate) fn rows(count: usize) -> String {
    (0..count).map(|id| row(id, "It was nobody's fault,")).collect()
}

fn count(at: &Location, typed: &str) -> u64 {
    Reader::open(at).unwrap().count(&parse(typed).unwrap(), Distinct::Document).unwrap()
}

#[test]
fn indexing_again_changes_nothing_and_a_changed_row_leaves_nothing_behind() {
    let Some(at) = fresh("again") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(300));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("indexed 300 new");
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("nothing changed: 300 articles");
    let before = count(&at, "kind:statement");
    let changed =
        format!("{}{{\"id\":\"299\",\"title\":\"Row 299\",\"text\":\"Nobody spoke.\"}}\n", rows(299));
    run.file("rows.jsonl", changed);
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("1 changed, 299 unchanged");
    assert_eq!(count(&at, "kind:statement"), before / 300 * 299);
    assert_eq!(count(&at, "kind:article"), 300);
}

#[test]
fn a_killed_load_is_finished_by_the_next_run_and_leaves_nothing_behind() {
    let Some(at) = fresh("killed") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(20_000));
    for pause in [150, 500, 900] {
        let mut child = run.command(&["index", "--index", &address, "rows.jsonl"]).spawn().unwrap();
        sleep(Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // what was being loaded has changed meanwhile: of the longer rows nothing may stay
    let short = |id| format!("{{\"id\":\"{id}\",\"title\":\"Row {id}\",\"text\":\"Nobody spoke.\"}}\n");
    run.file("rows.jsonl", (0..20_000).map(short).collect::<String>());
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0);
    assert_eq!(count(&at, "*"), 20_000);
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("nothing changed");
    run.run(&["check", "--index", &address]).code(0).out("sound; 20,000 articles from 1 file");
}

#[test]
fn shares_are_together_the_whole_whatever_is_repeated() {
    let Some(at) = fresh("shares") else { return };
    let address = at.to_string();
    let run = Run::new();
    for file in 0..20 {
        run.file(&format!("news/{file}.jsonl"), rows(10).replace("\"id\":\"", &format!("\"id\":\"{file}-")));
    }
    // the third is loaded twice, and two at one time
    let share =
        |share| ["index", "--index", &address, "--shards", "2", "--replicas", "0", "--share", share, "news"];
    run.run(&share("3/3")).code(0);
    let others: Vec<_> =
        ["1/3", "2/3", "3/3"].map(|part| run.command(&share(part)).spawn().unwrap()).into_iter().collect();
    for mut other in others {
        assert!(other.wait().unwrap().success());
    }
    assert_eq!(count(&at, "kind:article"), 200);
    run.run(&["index", "--index", &address, "news"]).code(0).out("nothing changed: 200 articles");
    run.run(&["index", "--index", "folder", "--shards", "2", "news"]).code(2).err("no shards");
    // changed files are those of the machine whose share they are; the others find nothing to do
    let statements = count(&at, "kind:statement");
    let short = |id| format!("{{\"id\":\"7-{id}\",\"title\":\"Row {id}\",\"text\":\"Nobody spoke.\"}}\n");
    run.file("news/7.jsonl", (0..10).map(short).collect::<String>());
    let told: Vec<String> = ["1/3", "2/3", "3/3"].map(|part| run.run(&share(part)).code(0).stdout).into();
    assert_eq!(told.iter().filter(|told| told.contains("10 changed")).count(), 1, "{told:?}");
    assert_eq!(count(&at, "kind:article"), 200);
    assert_eq!(count(&at, "kind:statement"), statements / 20 * 19);
}

#[test]
fn loads_at_once_leave_each_other_alone_and_a_killed_one_is_mended() {
    let Some(at) = fresh("loads") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("one.jsonl", rows(20)).file("two.jsonl", rows(20).replace("\"id\":\"", "\"id\":\"two-"));
    let interval = || call("GET", &format!("/{}/_settings", named("loads")), "").contains("refresh_interval");
    run.run(&["index", "--index", &address, "one.jsonl"]).code(0);
    assert!(!interval());
    let begun = || {
        let mut writer = Index::open(&at).unwrap().writer().unwrap();
        let mut document = Document::default();
        for (field, value) in [(Field::Id, "a"), (Field::Article, "a"), (Field::Kind, "article")] {
            document.text(field, value);
        }
        writer.add(vec![document]).unwrap();
        writer.commit(&Ledger::default(), &Default::default()).unwrap();
        writer
    };
    let under_way = begun();
    run.run(&["index", "--index", &address, "two.jsonl"]).code(0).out("20 new");
    assert!(interval(), "the load that ended is not the last");
    under_way.close().unwrap();
    assert!(!interval());
    // dropped in the middle, as a process that is killed
    drop(begun());
    assert!(interval());
    run.run(&["index", "--index", &address, "two.jsonl"]).code(0).out("nothing changed");
    assert!(!interval());
}

#[test]
fn an_index_built_anew_answers_when_it_is_whole() {
    let Some(at) = fresh("anew") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(20)).file("more.jsonl", rows(30));
    run.run(&["index", "--index", &address, "--shards", "2", "--replicas", "0", "rows.jsonl"]).code(0);
    let names = || call("GET", "/_cat/indices/onrecord-test-anew*?h=index,pri&s=index", "");
    let first = named("anew");
    assert!(names().contains(&format!("{first} ")), "{}", names());
    // a part of it is not the whole: the old one answers
    run.run(&["index", "--index", &address, "--fresh", "--share", "1/1", "more.jsonl"]).code(0).out("30 new");
    assert_eq!(count(&at, "kind:article"), 20);
    run.run(&["index", "--index", &address, "--fresh", "more.jsonl"]).code(0).out("nothing changed");
    assert_eq!(count(&at, "kind:article"), 30);
    let after = names();
    assert!(
        after.contains(&format!("{first}-b        2")) && !after.contains(&format!("{first} ")),
        "{after}"
    );
    run.run(&["index", "--index", &address, "--fresh", "rows.jsonl"]).code(0).out("20 new");
    assert_eq!(count(&at, "kind:article"), 20);
}

#[test]
fn a_ledger_whose_index_is_gone_is_no_ledger() {
    let Some(at) = fresh("gone") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(20));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("20 new");
    // what a kill leaves between taking an index away and its ledger
    call("DELETE", &format!("/{}", named("gone")), "");
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("20 new");
    assert_eq!(count(&at, "kind:article"), 20);
}

#[test]
fn of_a_file_of_many_articles_only_the_parts_that_change_are_written_again() {
    let Some(at) = fresh("parts") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(1000));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("1,000 new");
    let versions = || {
        call("POST", &format!("/{}-ledger/_refresh", named("parts")), "");
        let asked = "q=_exists_:part&version=true&sort=part&size=99";
        let answer = call("GET", &format!("/{}-ledger/_search?{asked}", named("parts")), "");
        let versions = answer.split("\"_version\":").skip(1);
        versions.map(|rest| rest.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = versions();
    assert_eq!(before.len(), 5);
    run.file("rows.jsonl", rows(1100));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("100 new, 1,000 unchanged");
    let after = versions();
    // the first says how the file stands
    assert_eq!((after.len(), &after[1..5]), (6, &before[1..5]));
    assert_ne!(after[0], before[0]);
    run.file("rows.jsonl", rows(300));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("800 removed");
    assert_eq!(versions().len(), 2);
    run.run(&["check", "--index", &address]).code(0).out("sound; 300 articles");
}

#[test]
fn articles_that_are_missing_are_told_and_read_again() {
    let Some(at) = fresh("missing") else { return };
    let address = at.to_string();
    let run = Run::new();
    let others = rows(10).replace("\"id\":\"", "\"id\":\"other-");
    run.file("rows.jsonl", rows(20)).file("others.jsonl", others);
    run.run(&["index", "--index", &address, "rows.jsonl", "others.jsonl"]).code(0);
    let statements = count(&at, "kind:statement");
    let check = |args: &[&str]| run.run(&[&["check", "--index", &address], args].concat());
    check(&[]).code(0).out("sound; 30 articles");
    // what a shard leaves that is lost and made again empty
    let lose = r#"{"query": {"terms": {"article": ["3", "7", "other-3"]}}}"#;
    call("POST", &format!("/{}/_delete_by_query?refresh=true", named("missing")), lose);
    check(&[]).code(2).out("3 of 30 articles are missing").out("check --repair");
    std::fs::rename(run.folder().join("others.jsonl"), run.folder().join("elsewhere.jsonl")).unwrap();
    check(&["--repair"]).code(2).out("mended: 2 articles read again from 1 file").err("1 article");
    std::fs::rename(run.folder().join("elsewhere.jsonl"), run.folder().join("others.jsonl")).unwrap();
    check(&["--repair"]).code(0).out("mended: 1 article read again from 1 file");
    check(&[]).code(0).out("sound; 30 articles");
    assert_eq!((count(&at, "kind:article"), count(&at, "kind:statement")), (30, statements));
}

#[test]
fn counts_are_those_of_the_sample_whatever_the_words() {
    let Some(at) = fresh("sample") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(50));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0);
    let statements = count(&at, "kind:statement");
    for (typed, expected) in [
        ("trams kind:article", 50),
        ("\"tram left\" kind:article", 50),
        ("\"late tram\"", 0),
        ("\"late tram\"~3 kind:article", 50),
        ("tra*", 50),
        ("trm~1", 50),
        ("title:\"row 7\"", 1),
        ("-kind:article", statements),
        ("date:2024 kind:article", 50),
        ("date:2023", 0),
    ] {
        assert_eq!(count(&at, typed), expected, "{typed}");
    }
}

#[test]
fn a_cluster_that_is_away_is_told_in_ten_seconds_and_passwords_never() {
    let run = Run::new();
    run.file("rows.jsonl", rows(1));
    let started = std::time::Instant::now();
    run.run(&["index", "--index", "http://127.0.0.1:1,127.0.0.1:2/news", "rows.jsonl"])
        .code(2)
        .err("no host of the cluster answers")
        .err("hint:");
    assert!(started.elapsed() < Duration::from_secs(10));
    let ran = run.run(&["index", "--index", "http://ada:secret@127.0.0.1:1/news", "rows.jsonl"]);
    assert!(!ran.stderr.contains("secret"));
    ran.code(2).err("ONRECORD_USER");
}
