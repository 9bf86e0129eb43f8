//! `speakers.toml`: which names are one speaker and which people share a name, in searches, counts and questions, without
//! indexing again.

use crate::run::Run;
use serde_json::Value;

const FILE: &str = r#"
[[speaker]]
name = "Bo Reed (Oslo)"
aliases = ["Bo Reed"]
where = "country:NO OR source:fjordpost"

[[speaker]]
name = "Bo Reed (banker)"
aliases = ["Bo Reed"]
where = 'org:"Delta Bank"'

[[speaker]]
name = "Ada Moss"
aliases = ["Ada Hale"]
"#;

/// Four articles in which two people are called Bo Reed and one has two names, indexed there; and the file in which that is
/// told, for an index in a folder and for one on a cluster where there is one.
#[cfg_attr(not(feature = "opensearch"), allow(unused_variables))]
fn indexed(name: &str) -> Vec<(Run, String, String)> {
    let rows = [
        r#"{"id":"a","title":"Trams","date":"2024-05-02","text":"“Trams in Norway are late,” Bo Reed said. “It will pass,” said Ada Moss."}"#,
        r#"{"id":"b","title":"Rates","date":"2024-05-03","text":"“Rates will rise,” said Bo Reed, an economist at Delta Bank. “Prices too,” Ada Hale said."}"#,
        r#"{"id":"c","title":"Fish","source":"Fjordpost","date":"2024-06-03","text":"“Cod is dear,” Bo Reed said. “Herring is not,” Tom Hale said."}"#,
        r#"{"id":"d","title":"Chess","date":"2024-06-03","text":"“I won,” Bo Reed said."}"#,
    ];
    #[cfg_attr(not(feature = "opensearch"), allow(unused_mut))]
    let mut places = vec![("news".to_owned(), "news/speakers.toml".to_owned())];
    #[cfg(feature = "opensearch")]
    places.extend(
        crate::remote::fresh(name)
            .map(|at| (at.to_string(), format!("onrecord/onrecord-test-{name}/speakers.toml"))),
    );
    let index = |(at, file): (String, String)| {
        let run = Run::new();
        run.file("rows.jsonl", rows.join("\n"));
        run.run(&["index", "-q", "--index", &at, "rows.jsonl"]).code(0);
        (run, at, file)
    };
    places.into_iter().map(index).collect()
}

/// The values of the facet of speakers with their counts, each of which is the total of its own query.
fn speakers(run: &Run, at: &str, query: &str) -> Vec<String> {
    let facets = ["facets", "--index", at, "--by", "speaker", "--format", "json", query];
    let facets: Value = serde_json::from_str(&run.run(&facets).code(0).stdout).unwrap();
    let counted = facets["facets"]["speaker"].as_array().unwrap().iter();
    let counted = counted.map(|counted| {
        let query = counted["query"].as_str().unwrap();
        let found = ["search", "--index", at, "--literal", query, "--format", "json"];
        let found: Value = serde_json::from_str(&run.run(&found).code(0).stdout).unwrap();
        assert_eq!(found["total"], counted["count"], "{query}");
        format!("{} {}", counted["value"].as_str().unwrap(), counted["count"])
    });
    counted.collect()
}

#[test]
fn people_of_one_name_are_told_apart_without_indexing_again() {
    for (run, at, file) in indexed("apart") {
        assert_eq!(speakers(&run, &at, "*"), ["Bo Reed 4", "Ada Hale 1", "Ada Moss 1", "Tom Hale 1"]);
        run.file(&file, FILE);
        let apart = ["Ada Moss 2", "Bo Reed (Oslo) 2", "Bo Reed 1", "Bo Reed (banker) 1", "Tom Hale 1"];
        assert_eq!(speakers(&run, &at, "*"), apart);
        // one chosen among its siblings
        assert_eq!(speakers(&run, &at, "speaker:\"Bo Reed (Oslo)\""), apart);
        assert_eq!(speakers(&run, &at, "date:2024-06"), ["Bo Reed 1", "Bo Reed (Oslo) 1", "Tom Hale 1"]);
        for query in ["speaker:\"bo reed (banker)\"", "speaker:banker"] {
            run.run(&["search", "--index", &at, query]).code(0).out("Rates will rise");
        }
        run.run(&["search", "--index", &at, "--explain", "speaker:\"Bo Reed\""])
            .code(0)
            .err("means: speaker:\"Bo Reed\" -(country:NO OR source:fjordpost) -org:\"Delta Bank\"");
        run.run(&["search", "--index", &at, "Bo Reed statements"]).code(0).err("3 people go by that name");
        let table = ["facets", "--index", &at, "--by", "speaker,date:month", "--format", "csv"];
        let table = run.run(&table).code(0).stdout;
        assert!(table.contains("\nBo Reed (Oslo),2024-06,1,"), "{table}");
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    for (run, at, file) in indexed("unread") {
        let refused = |content: &str, why: &str| {
            run.file(&file, content);
            let cannot = format!("{file}`");
            run.run(&["search", "--index", &at, "trams"]).code(2).err("cannot read").err(&cannot).err(why);
        };
        refused("[[speaker]]\nname = \"Bo\"\nwhere = \"rolle:mayor\"", "no field named `rolle`");
        refused("[[speaker]]\nname = \"Bo\"\nwere = \"role:mayor\"", "unknown field `were`");
        refused("[[speaker", "TOML parse error");
    }
}
