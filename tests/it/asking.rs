//! The commands that ask, as programs see them.

use crate::run::{Run, repository};
use serde_json::Value;

/// Three articles, two of them versions of one story; the first names two days of one month.
fn three() -> Run {
    let run = Run::new();
    let rows = [
        r#"{"id":"a","title":"The dike holds","date":"2024-05-02","text":"“The dike holds,” Ada Moss, the mayor, said. She said that on May 1, 2024 it rained, and on May 2, 2024 it stopped."}"#,
        r#"{"id":"b","title":"The dike holds","date":"2024-05-03","text":"“The dike holds,” Ada Moss, the mayor, said. She said that on May 1, 2024 it rained, and on May 2, 2024 it stopped. Nobody was hurt."}"#,
        r#"{"id":"c","title":"Tram late again","date":"2024-06-01","text":"“The tram is late,” the driver, Tom Reed, said in Norway. “It is always late.”"}"#,
    ];
    run.file("rows.jsonl", rows.join("\n"));
    run.run(&["index", "-q", "rows.jsonl"]).code(0);
    run
}

fn json(run: &Run, args: &[&str]) -> Value {
    let stdout = run.run(args).code(0).stdout;
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("one object, not {stdout}: {error}"))
}

#[test]
fn the_total_is_of_what_is_listed() {
    let run = three();
    for what in ["--distinct=article", "--distinct=statement", "--all-versions", "--literal"] {
        let found = json(&run, &["search", "--format", "json", what]);
        assert_eq!(found["total"], found["hits"].as_array().unwrap().len(), "{what}");
        let few = json(&run, &["search", "--format", "json", what, "--limit", "1"]);
        assert_eq!(few["total"], found["total"], "{what}");
    }
}

#[test]
fn colours_are_printed_when_asked_for() {
    let run = three();
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = run.command(&[&["search", "dike"], args].concat());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("CLICOLOR");
        let output = command.envs(env.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\x1b')
    };
    // stdout is a pipe
    assert!(!coloured(&[], &[]));
    assert!(!coloured(&["--color", "auto"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn ids_stand_whole_in_facets() {
    let run = Run::new();
    let id = "a".repeat(70);
    run.file("row.jsonl", format!(r#"{{"id":"{id}","title":"Rain","text":"It rained all day."}}"#));
    run.run(&["index", "-q", "row.jsonl"]).code(0);
    run.run(&["facets", "--by", "article"]).code(0).out(&id);
}

#[test]
fn a_bibliography_has_as_many_entries_as_were_asked_for() {
    let run = three();
    for (limit, entries) in [("1", 1), ("2", 2), ("10", 3)] {
        let bibtex = run.run(&["search", "said", "--format", "bibtex", "--limit", limit]).code(0).stdout;
        assert_eq!(bibtex.matches("@misc{").count(), entries, "{bibtex}");
        let csl = json(&run, &["search", "said", "--format", "csl", "--limit", limit]);
        assert_eq!(csl.as_array().unwrap().len(), entries);
    }
}

#[test]
fn facets_and_tables_are_one_object() {
    let run = three();
    let counted = json(
        &run,
        &["facets", "--by", "kind", "--by", "speaker,date:month", "--by", "kind,country", "--format", "json"],
    );
    assert_eq!(counted["facets"]["kind"][0]["value"], "statement");
    assert_eq!(counted["tables"].as_array().unwrap().len(), 2);
    let cell = &counted["tables"][0]["rows"][0]["cells"][0];
    let found = json(&run, &["search", "--literal", cell["query"].as_str().unwrap(), "--format", "json"]);
    assert_eq!(found["total"], cell["count"], "{cell}");
    let lines =
        run.run(&["facets", "--by", "kind", "--by", "kind,country", "--format", "jsonl"]).code(0).stdout;
    assert!(
        lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|row| row["count"].is_u64())),
        "{lines}"
    );
}

#[test]
fn an_article_that_names_two_days_of_a_month_counts_once() {
    let run = three();
    for by in ["dates:month", "dates:year", "kind,dates:month"] {
        let counted = run
            .run(&["facets", "kind:article date:2024-05-02", "--by", by, "--format", "csv"])
            .code(0)
            .stdout;
        assert_eq!(counted.lines().count(), 2, "{counted}");
        assert!(counted.lines().last().unwrap().split(',').any(|cell| cell == "1"), "{counted}");
    }
}

#[test]
fn the_number_of_threads_changes_no_answer() {
    let sample = repository("corpus/sample");
    let answers = |threads: &str| {
        let run = Run::new();
        run.run(&["index", "-q", "-j", threads, sample.to_str().unwrap()]);
        let by = index_schema::FIELDS
            .iter()
            .filter(|spec| spec.kind == index_schema::Kind::Keyword || spec.kind == index_schema::Kind::Day);
        let by: Vec<&str> =
            by.map(|spec| spec.name).filter(|name| !matches!(*name, "month" | "year")).collect();
        let mut asked: Vec<&str> = vec!["facets", "--format", "jsonl"];
        asked.extend(by.iter().flat_map(|name| ["--by", *name]));
        let counts = run.run(&asked).code(0).stdout;
        let hits =
            ["", "harbor OR ferry", "Harris statements", "\"the harbor\"", "speaker:unknown"].map(|query| {
                ["relevance", "date", "-date", "speaker"].map(|sort| {
                    ["--all-versions", "--distinct=article", "--distinct=statement"].map(|once| {
                        run.run(&["search", query, "--format", "jsonl", "--sort", sort, once]).stdout
                    })
                })
            });
        (counts, hits)
    };
    let one = answers("1");
    assert!(one.0.lines().count() > 100);
    assert_eq!(one, answers("4"));
}

#[test]
fn a_body_answers_to_its_initials() {
    let run = Run::new();
    let text = "The International Tram Fund said that it rained. The Fund said that the trams were late.";
    run.file("a.txt", format!("Trams\n\n{text}\n"));
    run.run(&["index", "-q", "a.txt"]).code(0);
    for query in ["ITF statements", "speaker:itf", "statements by the ITF"] {
        assert_eq!(json(&run, &["search", query, "--format", "json"])["total"], 2, "{query}");
    }
}
