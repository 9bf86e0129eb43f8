//! Scenes: a question and the part of the answer that matters, over the articles of `corpus/sample` with what a careful
//! reader found in them (`corpus/gold`), so that a scene tests the asking and not the finding. Each is asked of an index in
//! a folder, and of one on a cluster where there is one.

use crate::run::repository;
use index_schema::Field;
use onrecord::answer::{By, Distinct, Hit, Order, OwnFilters, Unit};
use onrecord::article::{Article, Span};
use onrecord::ask::{self, Question, Reads};
use onrecord::document::{Document, UNKNOWN};
use onrecord::extract;
use onrecord::findings::Place;
use onrecord::index::{Index, Location, Reader};
use onrecord::ledger::Ledger;
use onrecord::query::Query;
use onrecord::query::parse::parse;
use onrecord::read::{self, WalkOptions};
use onrecord::spans::Spans;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

pub(crate) struct Gold {
    _folder: tempfile::TempDir,
    /// One for each engine, the folder's first.
    pub(crate) readers: Vec<Reader>,
}

pub(crate) static GOLD: LazyLock<Gold> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    #[cfg_attr(not(feature = "opensearch"), allow(unused_mut))]
    let mut readers = vec![filled(&Location::of(folder.path()))];
    #[cfg(feature = "opensearch")]
    readers.extend(crate::remote::fresh("scenes").map(|at| filled(&at)));
    Gold { readers, _folder: folder }
});

/// The index there, with the articles as a careful reader understood them.
fn filled(at: &Location) -> Reader {
    let index = Index::open_or_create(at).unwrap();
    let mut writer = index.writer().unwrap();
    let articles = articles();
    let gold = fs::read_to_string(repository("corpus/gold/articles.jsonl")).unwrap();
    for line in gold.lines() {
        let gold: Value = serde_json::from_str(line).unwrap();
        let place = (text(&gold["path"]).to_owned(), gold["row"].as_u64().unwrap_or(0));
        let article = articles.get(&place).unwrap_or_else(|| panic!("no article at {place:?}"));
        writer.add(documents(&gold, &place, article)).unwrap();
    }
    writer.commit(&Ledger::default(), &Default::default()).unwrap();
    writer.close().unwrap();
    Reader::open(at).unwrap()
}

/// The articles as they are read, by path and row.
fn articles() -> BTreeMap<(String, u64), Article> {
    let sample = repository("corpus/sample");
    let mut articles = BTreeMap::new();
    for source in read::walk(std::slice::from_ref(&sample), &WalkOptions::new(&[], &[]).unwrap()).flatten() {
        let mut row = 0;
        read::pieces(&source, &read::Options::default(), &mut |piece| {
            let Ok(article) = piece.and_then(|piece| read::article(&piece)) else { return };
            row += 1;
            let path = article.path.split(['#', '?']).next().unwrap().to_owned();
            let path = path.strip_prefix(&format!("{}/", sample.display())).unwrap_or(&path).to_owned();
            articles.insert((path.clone(), row), article.clone());
            articles.entry((path, 0)).or_insert(article);
        });
    }
    articles
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn documents(gold: &Value, (path, row): &(String, u64), article: &Article) -> Vec<Document> {
    let id = if *row > 0 { format!("{path}#row{row}") } else { path.clone() };
    let in_story = path.starts_with("flood-beni");
    let shared = |document: &mut Document| {
        document.text(Field::Article, id.as_str());
        document.text(Field::TitleStem, text(&gold["title"]));
        document.text(Field::Source, text(&gold["source"]));
        document.text(Field::Lang, text(&gold["lang"]));
        document.text(Field::Path, path.as_str());
        document.text(Field::Path, text(&gold["also"]));
        if let Ok(day) = text(&gold["published"]).parse::<jiff::civil::Date>() {
            document.day(Field::Date, day);
            document.text(Field::Month, &day.to_string()[..7]);
            document.text(Field::Year, &day.to_string()[..4]);
        }
        for code in gold["countries"]["about"].as_array().into_iter().flatten() {
            document.text(Field::About, text(code));
        }
    };
    let mut all = vec![Document::default()];
    let document = &mut all[0];
    document.text(Field::Id, id.as_str());
    document.text(Field::Kind, "article");
    shared(document);
    document.text(Field::Story, if in_story { "flood-beni" } else { "" });
    document.text(Field::Title, text(&gold["title"]));
    document.text(Field::Text, article.text.as_str());
    document.text(Field::Body, article.text.as_str());
    let title = text(&gold["title"]);
    document
        .text(Field::Stem, format!("{title}\n{title}\n{}\n{}", article.captions.join("\n"), article.text));
    for code in gold["countries"]["mentioned"].as_array().into_iter().flatten() {
        document.text(Field::Country, text(code));
    }
    let places = extract::extract(article).places;
    for (number, statement) in gold["statements"].as_array().into_iter().flatten().enumerate() {
        let mut document = Document::default();
        document.text(Field::Id, format!("{id}#{}", number + 1));
        document.text(Field::Kind, "statement");
        shared(&mut document);
        let pieces: Vec<&str> = statement["pieces"].as_array().into_iter().flatten().map(text).collect();
        for code in named(article, &places, &pieces) {
            document.text(Field::Country, code);
        }
        document.text(Field::Text, pieces.join(" … "));
        if in_story {
            document.text(Field::Story, format!("flood-beni#{}", pieces.join(" … ")));
        }
        document.text(Field::Stem, pieces.join(" … "));
        document.text(Field::Spans, spans(&article.text, &pieces));
        document.text(Field::Quote, text(&statement["kind"]));
        if let Ok(day) = text(&statement["said_on"]).parse::<jiff::civil::Date>() {
            document.day(Field::Said, day);
        }
        let speaker = &statement["speaker"];
        let name = text(&speaker["name"]);
        document.text(Field::Speaker, if name.is_empty() { UNKNOWN } else { name });
        document.text(Field::SpeakerWords, name);
        document.text(Field::SpeakerKind, if name.is_empty() { UNKNOWN } else { text(&speaker["kind"]) });
        for (value, whole, words) in
            [("role", Field::Role, Field::RoleWords), ("organisation", Field::Org, Field::OrgWords)]
        {
            document.text(whole, text(&speaker[value]));
            document.text(words, text(&speaker[value]));
        }
        document.text(Field::SpeakerCountry, text(&speaker["country"]));
        all.push(document);
    }
    all
}

/// Where the pieces stand in the article's text, as documents keep it.
fn spans(article: &str, pieces: &[&str]) -> String {
    let find = |piece: &&str| {
        let start = article.find(piece)?;
        let before = article[..start].chars().count();
        Some([before, before + piece.chars().count()])
    };
    Spans { statement: pieces.iter().filter_map(find).collect(), ..Spans::default() }.to_string()
}

/// The countries that the pieces of a statement name, as they are found in the article.
fn named(article: &Article, places: &[Place], pieces: &[&str]) -> BTreeSet<String> {
    let spans = pieces.iter().filter_map(|piece| {
        let start = article.text.find(piece)?;
        Some(Span::new(start, start + piece.len()))
    });
    let spans: Vec<Span> = spans.collect();
    let inside = |place: &&Place| spans.iter().any(|span| span.contains(place.span));
    places.iter().filter(inside).map(|place| place.country.code().to_owned()).collect()
}

pub(crate) fn hits(reader: &Reader, query: &Query, distinct: Distinct) -> Vec<Hit> {
    let question = Question {
        query: query.clone(),
        order: Order::Relevance,
        distinct,
        skip: 0,
        limit: 1000,
        snippet: 200,
    };
    ask::search(reader, &question).unwrap().hits
}

fn path(hit: &Hit) -> String {
    hit.document.first(Field::Path).unwrap().to_owned()
}

/// What a scene says of its answer and the answer does not keep.
fn broken(reader: &Reader, scene: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    let reading = ask::read(reader, text(&scene["query"]), Reads::AsMeant).unwrap().unwrap();
    if let Some(expected) = scene["reading"].as_str()
        && meaning(&parse(expected).unwrap()) != meaning(&reading.query)
    {
        broken.push(format!("read as {}, not {expected}", reading.query));
    }
    let expected_hits: Vec<&Value> = scene["hits"].as_array().into_iter().flatten().collect();
    let distinct = if scene["all_versions"] == true { Distinct::Document } else { Distinct::Story };
    let hits = hits(reader, &reading.query, distinct);
    if let Some(total) = scene["total"].as_u64()
        && total != hits.len() as u64
    {
        broken.push(format!("{} hits, not {total}", hits.len()));
    }
    for expected in expected_hits {
        if !hits.iter().any(|hit| keeps(hit, expected)) {
            broken.push(format!("no hit {expected}"));
        }
    }
    if let Some(only) = scene["hits_only_in"].as_array() {
        let found: BTreeSet<String> = hits.iter().map(path).collect();
        let optional: Vec<&str> = scene["optional_in"].as_array().into_iter().flatten().map(text).collect();
        broken
            .extend(only.iter().map(text).filter(|p| !found.contains(*p)).map(|p| format!("nothing in {p}")));
        let wanted = |p: &&String| !only.iter().any(|o| text(o) == *p) && !optional.contains(&p.as_str());
        broken.extend(found.iter().filter(wanted).map(|p| format!("a hit in {p}")));
    }
    if let Some(facets) = scene["facets"].as_object() {
        let (name, unit) = text(&scene["by"]).split_once(':').unwrap_or((text(&scene["by"]), ""));
        let unit = match unit {
            "year" => Some(Unit::Year),
            "month" => Some(Unit::Month),
            _ => None,
        };
        let by = By { field: Field::named(name).unwrap(), unit };
        let own = if reading.note.is_some() { OwnFilters::Kept } else { OwnFilters::Ignored };
        let facet = reader.facets(&reading.query, &[by], own, distinct).unwrap().remove(0);
        let found: BTreeMap<&str, u64> = facet.values.iter().map(|v| (v.value.as_str(), v.count)).collect();
        let expected: BTreeMap<&str, u64> = facets[name]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_u64().unwrap()))
            .collect();
        if found != expected {
            broken.push(format!("{found:?}, not {expected:?}"));
        }
    }
    broken
}

fn keeps(hit: &Hit, expected: &Value) -> bool {
    expected.as_object().unwrap().iter().all(|(key, value)| match key.as_str() {
        "path" => hit.document.first(Field::Path) == value.as_str(),
        "also" => hit.document.all(Field::Path).any(|path| Some(path) == value.as_str()),
        "words" => hit.document.first(Field::Text).unwrap().contains(text(value)),
        "said_on" => {
            hit.document.first_day(Field::Said).map(|day| day.to_string()).as_deref() == value.as_str()
        }
        "more_versions" => {
            hit.versions.as_ref().map_or(0, |versions| versions.more) == value.as_u64().unwrap()
        }
        name => hit.document.first(Field::named(name).unwrap()) == value.as_str(),
    })
}

#[test]
fn every_scene_is_as_it_was_written() {
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(repository("tests/it/scenes")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        let scene: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for reader in &GOLD.readers {
            wrong.extend(broken(reader, &scene).into_iter().map(|what| format!("{name}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The clauses of a query in any order; a speaker's statements are statements without saying so.
fn meaning(query: &Query) -> BTreeSet<String> {
    let clauses = query.clauses();
    let of_speaker = clauses.iter().any(|clause| clause.facet() == Some(Field::Speaker));
    let said = |clause: &&Query| !(of_speaker && clause.facet() == Some(Field::Kind));
    let in_order = |clause: &Query| match clause {
        Query::Any(choices) => {
            let choices: BTreeSet<String> = choices.iter().map(Query::to_string).collect();
            choices.into_iter().collect::<Vec<_>>().join(" OR ")
        }
        other => other.to_string(),
    };
    clauses.iter().filter(said).map(in_order).collect()
}

#[test]
fn a_hundred_phrasings_are_read_as_meant() {
    let table = fs::read_to_string(repository("corpus/queries/phrasings.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (typed, expected) = (columns.next().unwrap(), columns.next().unwrap());
        count += 1;
        let meant = parse(expected).unwrap();
        for reader in &GOLD.readers {
            let read = ask::read(reader, typed, Reads::AsMeant).unwrap().unwrap().query;
            if meaning(&read) != meaning(&meant) {
                wrong.push(format!("{typed}\n    read as {read}\n    meant   {meant}"));
            }
        }
    }
    assert!(count > 100);
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is asked in the scenes, the phrasings and the judged queries.
#[cfg(feature = "opensearch")]
fn all_asked() -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for file in fs::read_dir(repository("tests/it/scenes")).unwrap() {
        let scene: Value = serde_json::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        asked.insert(text(&scene["query"]).to_owned());
    }
    let phrasings = fs::read_to_string(repository("corpus/queries/phrasings.tsv")).unwrap();
    for line in phrasings.lines().filter(|line| !line.starts_with('#')) {
        asked.insert(line.split('\t').next().unwrap().to_owned());
    }
    let judged = fs::read_to_string(repository("corpus/queries/judged.jsonl")).unwrap();
    for line in judged.lines() {
        asked.insert(text(&serde_json::from_str::<Value>(line).unwrap()["query"]).to_owned());
    }
    asked
}

/// The same hits by date, the same counts as JSON, the same groups; by relevance the same first ten, but for queries that
/// are counted here with the reason.
#[cfg(feature = "opensearch")]
#[test]
fn both_engines_answer_alike() {
    let [local, remote] = &GOLD.readers[..] else { return };
    let mut wrong = Vec::new();
    let mut asked = 0;
    let mut reordered = Vec::new();
    for typed in all_asked() {
        asked += 1;
        let query = ask::read(local, &typed, Reads::AsMeant).unwrap().unwrap().query;
        let ids = |reader: &Reader, order, distinct, limit| {
            let question = Question { query: query.clone(), order, distinct, skip: 0, limit, snippet: 200 };
            let answer = ask::search(reader, &question).unwrap();
            let id = |hit: &Hit| hit.document.first(Field::Id).unwrap().to_owned();
            (answer.totals.hits(), answer.hits.iter().map(id).collect::<Vec<String>>())
        };
        for order in [Order::Newest, Order::Oldest, Order::Speaker] {
            if ids(local, order, Distinct::Document, 1000) != ids(remote, order, Distinct::Document, 1000) {
                wrong.push(format!("{typed}: other hits by {order:?}"));
            }
        }
        for order in [Order::Newest, Order::Oldest, Order::Speaker] {
            let articles = |reader: &Reader| ids(reader, order, Distinct::Article, 10);
            if articles(local) != articles(remote) {
                wrong.push(format!("{typed}: other articles by {order:?}"));
            }
        }
        for order in [Order::Relevance, Order::Newest, Order::Oldest, Order::Speaker] {
            let stories = |reader: &Reader| ids(reader, order, Distinct::Story, 10);
            if stories(local) != stories(remote) {
                wrong.push(format!("{typed}: {:?} by {order:?}, not {:?}", stories(remote), stories(local)));
            }
        }
        let count = |reader: &Reader| reader.count(&query, Distinct::Article).unwrap();
        if count(local) != count(remote) {
            wrong.push(format!("{typed}: {} articles, not {}", count(remote), count(local)));
        }
        let shown = |reader: &Reader, own, distinct| {
            let facets = reader.facets(&query, &facets_counted(), own, distinct).unwrap();
            onrecord::render::facets::json(reader.count(&query, distinct).unwrap(), &facets, &[], usize::MAX)
        };
        for own in [OwnFilters::Kept, OwnFilters::Ignored] {
            for distinct in [Distinct::Document, Distinct::Story, Distinct::Article] {
                if shown(local, own, distinct) != shown(remote, own, distinct) {
                    wrong.push(format!("{typed}: other counts, {own:?} {distinct:?}"));
                }
            }
        }
        let ranked = [Order::Relevance, Order::Recent { half_life: 30 }];
        if ranked.iter().any(|&order| {
            ids(local, order, Distinct::Document, 10) != ids(remote, order, Distinct::Document, 10)
        }) {
            reordered.push(typed);
        }
    }
    println!("{} of {asked} queries differ in their first ten: {reordered:?}", reordered.len());
    assert!(wrong.is_empty(), "{} over {asked} queries:\n{}", wrong.len(), wrong.join("\n"));
}

#[cfg(feature = "opensearch")]
fn facets_counted() -> Vec<By> {
    let facets = index_schema::FIELDS.iter().filter(|spec| spec.kind == index_schema::Kind::Keyword);
    let mut by: Vec<By> = facets.map(|spec| By { field: spec.field, unit: None }).collect();
    for field in [Field::Date, Field::Said, Field::Dates] {
        by.extend([Unit::Day, Unit::Month, Unit::Year].map(|unit| By { field, unit: Some(unit) }));
    }
    by
}
