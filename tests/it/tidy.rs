//! The layers of the house, read from the `use` lines at every run: a rule that no test holds is a wish.

use crate::run::repository;
use std::fs;
use std::path::PathBuf;

/// Each module and the modules of this crate it may name, from the ground up.
const LAYERS: &[(&str, &[&str])] = &[
    // ground
    ("article", &[]),
    ("block", &[]),
    ("terms", &["article", "block"]),
    ("pipeline", &[]),
    // nouns
    ("findings", &["article"]),
    ("document", &["article"]),
    ("spans", &[]),
    ("story", &["article", "block", "terms"]),
    ("ledger", &["article", "story"]),
    ("query", &["article", "block", "terms"]),
    ("answer", &["article", "document", "query"]),
    // verbs
    ("read", &["article", "block"]),
    ("extract", &["article", "block", "findings"]),
    ("compose", &["article", "findings", "document", "spans", "terms"]),
    ("index", &["article", "block", "terms", "document", "spans", "ledger", "story", "query", "answer"]),
    ("render", &["article", "terms", "findings", "document", "spans", "query", "answer"]),
    // sentences
    (
        "ingest",
        &["article", "document", "ledger", "story", "pipeline", "read", "extract", "compose", "index"],
    ),
    ("ask", &["article", "document", "query", "answer", "index"]),
    ("extraction", &["article", "findings", "pipeline", "read", "extract"]),
    // edges
    (
        "cli",
        &[
            "article",
            "findings",
            "ledger",
            "read",
            "index",
            "ingest",
            "extraction",
            "render",
            "query",
            "answer",
            "ask",
        ],
    ),
    ("main", &[]),
    ("lib", &[]),
];

/// Outside crates with their owners, mostly one each, by the beginning of the owner's path.
const OWNERS: &[(&str, &str)] = &[
    ("tantivy", "index/local"),
    ("base64", "index/remote"),
    ("rustls", "index/remote"),
    ("ureq", "index/remote"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("anyhow", "cli"),
    ("anstream", "cli"),
    ("indicatif", "cli"),
    ("ctrlc", "cli"),
    ("walkdir", "read"),
    ("notify", "read"),
    ("globset", "read"),
    ("html2text", "read"),
    ("encoding_rs", "read"),
    ("chardetng", "read"),
    ("mail_parser", "read"),
    ("quick_xml", "read"),
    ("pdf_extract", "read"),
    ("whichlang", "read"),
    ("zip", "read"),
    ("flate2", "read"),
    ("brotli_decompressor", "read"),
    ("zstd", "read"),
    ("zstd", "index/local/ledger"),
    ("rust_stemmers", "terms"),
];

struct Source {
    /// Below `src`, without `.rs`.
    name: String,
    text: String,
}

impl Source {
    /// The module it belongs to: the first part of its path.
    fn module(&self) -> &str {
        self.name.split('/').next().unwrap()
    }

    /// The part that is not tests.
    fn code(&self) -> &str {
        self.text.split("\n#[cfg(test)]").next().unwrap()
    }
}

fn sources() -> Vec<Source> {
    fn walk(folder: PathBuf, below: &str, found: &mut Vec<Source>) {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let name = if below.is_empty() { stem.to_owned() } else { format!("{below}/{stem}") };
            if path.is_dir() {
                walk(path, &name, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(Source { name, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    let mut found = Vec::new();
    walk(repository("src"), "", &mut found);
    found
}

/// The names that follow `prefix::` anywhere in the code, one level deep, `{a, b}` opened.
fn named_after<'c>(code: &'c str, prefix: &str) -> Vec<&'c str> {
    let ident = |text: &'c str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let whole_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            _ if !whole_word => {}
            Some(group) => {
                names.extend(group.split('}').next().unwrap().split(',').map(|name| ident(name.trim())))
            }
            None => names.push(ident(rest)),
        }
    }
    names
}

#[test]
fn imports_run_down_the_layers() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = LAYERS.iter().find(|(module, _)| *module == source.module()) else {
            wrong.push(format!("{} has no layer", source.name));
            continue;
        };
        for name in named_after(source.code(), "crate::") {
            if name != source.module() && !allowed.contains(&name) {
                wrong.push(format!("{} names {name}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "against the layers of ARCHITECTURE.md:\n{}", wrong.join("\n"));
}

#[test]
fn an_outside_crate_has_one_owner() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, owner) in OWNERS {
            let code = source.code();
            let used = code.contains(&format!("use {name}::"))
                || !named_after(code, &format!("{name}::")).is_empty();
            // a module of ours may bear the name of the crate it wraps nowhere but inside its owner
            let owns = |(other, owner): &(&str, &str)| other == name && source.name.starts_with(owner);
            if used && !OWNERS.iter().any(owns) {
                wrong.push(format!("{} uses {name}, which belongs to {owner}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is() {
    let unopened: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.name)
        .collect();
    assert!(unopened.is_empty(), "no `//!` sentence: {unopened:?}");
}

#[test]
fn every_table_of_words_says_where_it_comes_from() {
    for folder in ["src/extract/tables", "src/read/tables", "src/query/tables"] {
        for entry in fs::read_dir(repository(folder)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let head: String = text.lines().take(8).collect::<Vec<_>>().join("\n").to_lowercase();
            let licensed =
                ["mit", "cc0", "unicode-3.0", "cc by", "apache"].iter().any(|name| head.contains(name));
            assert!(licensed, "{} names no licence on its first lines", path.display());
        }
    }
}

#[test]
fn nothing_outside_data_and_tests_runs_to_many_hundred_lines() {
    for source in sources() {
        let lines = source.code().lines().count();
        assert!(lines <= 900, "{} has {lines} lines: what is its second subject?", source.name);
    }
}
