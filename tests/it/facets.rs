//! Counts are exact: every count is a query that finds as many, however the documents came into the index.

use index_schema::Field;
use onrecord::answer::{By, Distinct, Order, OwnFilters, Unit};
use onrecord::article::Day;
use onrecord::document::Document;
use onrecord::index::local::{LocalIndex, LocalReader, Place};
use onrecord::ledger::Ledger;
use onrecord::query::Query;
use onrecord::query::parse::parse;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const SPEAKERS: [&str; 5] = ["Ada Stone", "Kim Jong-un", "Kim Jong Un", "ADA STONE", "unknown"];
const COUNTRIES: [&str; 3] = ["KR", "IR", "US"];
const WORDS: [&str; 6] = ["treaty", "storm", "harbour", "train", "vote", "the"];

const BYLINES: [&str; 3] = ["Zoë Park", "ZOE PARK", "Ulla Brandt"];

/// The stories of the articles; some stand alone.
const STORIES: [Option<u8>; 6] = [Some(0), Some(0), Some(1), Some(1), None, None];

/// A small document: which article and kind, speaker, countries, day, days named, authors, words.
#[derive(Clone, Debug)]
struct Small {
    article: usize,
    speaker: Option<usize>,
    countries: Vec<usize>,
    day: Option<i8>,
    named: Vec<i8>,
    bylines: Vec<usize>,
    words: Vec<usize>,
}

fn small() -> impl Strategy<Value = Small> {
    let words = proptest::collection::vec(0..WORDS.len(), 1..6);
    let countries = proptest::collection::vec(0..COUNTRIES.len(), 0..3);
    let named = proptest::collection::vec(1i8..29, 0..3);
    let bylines = proptest::collection::vec(0..BYLINES.len(), 0..3);
    let days = (proptest::option::of(1i8..29), named);
    (0usize..6, proptest::option::of(0..SPEAKERS.len()), countries, days, bylines, words).prop_map(
        |(article, speaker, countries, (day, named), bylines, words)| Small {
            article,
            speaker,
            countries,
            day,
            named,
            bylines,
            words,
        },
    )
}

fn published(small: &Small) -> Option<Day> {
    small.day.map(|day| Day::new(2020 + i16::from(day % 3), 1 + day % 12, day).unwrap())
}

fn document(small: &Small, number: usize) -> Document {
    let mut document = Document::default();
    document.text(Field::Id, format!("{}#{number}", small.article));
    document.text(Field::Article, small.article.to_string());
    let kind = if small.speaker.is_some() { "statement" } else { "article" };
    document.text(Field::Kind, kind);
    if let Some(story) = STORIES[small.article] {
        document.text(Field::Story, format!("{story} {kind}"));
    }
    if let Some(speaker) = small.speaker {
        document.text(Field::Speaker, SPEAKERS[speaker]);
        document.text(Field::SpeakerWords, SPEAKERS[speaker]);
    }
    for &country in &small.countries {
        document.text(Field::Country, COUNTRIES[country]);
    }
    if let Some(day) = published(small) {
        document.day(Field::Date, day);
        document.text(Field::Month, format!("{:04}-{:02}", day.year(), day.month()));
        document.text(Field::Year, format!("{:04}", day.year()));
    }
    for &day in &small.named {
        document.day(Field::Dates, Day::new(2022, 5 + day % 2, day).unwrap());
    }
    for &byline in &small.bylines {
        document.text(Field::Byline, BYLINES[byline]);
    }
    let words: Vec<&str> = small.words.iter().map(|&word| WORDS[word]).collect();
    document.text(Field::Text, words.join(" "));
    document.text(Field::Stem, words.join(" "));
    document
}

/// An index of the documents, with a commit after each of these places.
fn index(smalls: &[Small], commits: &[usize]) -> (tempfile::TempDir, LocalReader) {
    let folder = tempfile::tempdir().unwrap();
    let index = LocalIndex::open_or_create(folder.path()).unwrap();
    let mut writer = index.writer().unwrap();
    for (number, small) in smalls.iter().enumerate() {
        writer.add(vec![document(small, number)]).unwrap();
        if commits.contains(&number) {
            writer.commit(&Ledger::default(), &Default::default()).unwrap();
        }
    }
    writer.commit(&Ledger::default(), &Default::default()).unwrap();
    drop(writer);
    let reader = LocalReader::open(folder.path()).unwrap();
    (folder, reader)
}

const ASKED: [&str; 13] = [
    "",
    "treaty OR storm OR (harbour vote) OR \"the train\"",
    "treaty",
    "storm OR harbour",
    "\"treaty storm\"",
    "country:KR",
    "country:(KR OR IR) storm",
    "dates:2022-05 -byline:park",
    "text:* -title:*",
    "speaker:\"kim jong un\"",
    "speaker:stone -vote",
    "date:2021 treaty",
    "\"storm vote\"~2 OR tra*",
];

fn facets_asked() -> Vec<By> {
    let whole = |field| By { field, unit: None };
    let mut by =
        [Field::Speaker, Field::Country, Field::Kind, Field::Article, Field::Byline].map(whole).to_vec();
    for field in [Field::Date, Field::Dates] {
        by.extend([Unit::Day, Unit::Month, Unit::Year].map(|unit| By { field, unit: Some(unit) }));
    }
    by
}

const RECENT: Order = Order::Recent { half_life: 60 };
const ORDERS: [Order; 5] = [Order::Relevance, RECENT, Order::Newest, Order::Oldest, Order::Speaker];

const DISTINCT: [Distinct; 3] = [Distinct::Document, Distinct::Story, Distinct::Article];

fn ids(reader: &LocalReader, query: &Query, order: Order, distinct: Distinct, limit: usize) -> Vec<String> {
    ids_of(reader, &reader.places(query, order, distinct, limit).unwrap())
}

fn ids_of(reader: &LocalReader, places: &[Place]) -> Vec<String> {
    places.iter().map(|place| reader.document(place).unwrap().first(Field::Id).unwrap().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn a_count_is_what_its_query_finds(smalls in proptest::collection::vec(small(), 1..40)) {
        let (_folder, reader) = index(&smalls, &[smalls.len() / 2]);
        for typed in ASKED {
            let query = parse(typed).unwrap();
            for distinct in DISTINCT {
                let totals = reader.totals(&query, distinct).unwrap();
                prop_assert_eq!(totals.hits(), reader.count(&query, distinct).unwrap(), "{} {:?}", typed, distinct);
                if distinct == Distinct::Story {
                    let all = reader.count(&query, Distinct::Document).unwrap();
                    prop_assert_eq!(totals.all() + totals.versions, all, "{}", typed);
                }
                for facet in reader.facets(&query, &facets_asked(), OwnFilters::Ignored, distinct).unwrap() {
                    // of a thousand days with nothing on them, some
                    let (held, empty): (Vec<_>, Vec<_>) = facet.values.iter().partition(|value| value.count > 0);
                    for value in held.into_iter().chain(empty.into_iter().step_by(100)) {
                        let again = parse(&facet.query(&value.value).to_string()).unwrap();
                        let count = reader.count(&again, distinct).unwrap();
                        prop_assert_eq!(count, value.count, "{} {:?} {:?}", again, facet.by, distinct);
                        let listed = reader.places(&again, Order::Newest, distinct, 1000).unwrap();
                        prop_assert_eq!(listed.len() as u64, value.count, "{} {:?}", again, distinct);
                    }
                    let sorted = facet.values.windows(2).all(|pair| {
                        facet.by.unit.is_some() || (pair[1].count, &pair[0].value) <= (pair[0].count, &pair[1].value)
                    });
                    prop_assert!(sorted, "{:?}", facet.values);
                }
            }
        }
    }

    #[test]
    fn the_first_of_a_story_stands_for_it(smalls in proptest::collection::vec(small(), 1..40)) {
        let (_folder, reader) = index(&smalls, &[smalls.len() / 3, smalls.len() / 2]);
        let group = |id: &String, distinct| {
            let small = &smalls[id.rsplit_once('#').unwrap().1.parse::<usize>().unwrap()];
            match (distinct, STORIES[small.article]) {
                (Distinct::Story, Some(story)) => format!("{story} {}", small.speaker.is_some()),
                (Distinct::Article, _) => format!("article {}", small.article),
                _ => id.clone(),
            }
        };
        for typed in ASKED {
            let query = parse(typed).unwrap();
            for (order, distinct) in ORDERS.iter().flat_map(|order| DISTINCT.map(|distinct| (*order, distinct))) {
                let mut met = BTreeSet::new();
                let mut plain = ids(&reader, &query, order, Distinct::Document, 1000);
                plain.retain(|id| met.insert(group(id, distinct)));
                for limit in [2, 1000] {
                    let found = ids(&reader, &query, order, distinct, limit);
                    prop_assert_eq!(&found[..], &plain[..limit.min(plain.len())], "{} {:?} {:?}", typed, order, distinct);
                }
            }
        }
    }

    #[test]
    fn a_cell_is_what_its_query_finds(smalls in proptest::collection::vec(small(), 1..25), pair in 0usize..121) {
        let (_folder, reader) = index(&smalls, &[smalls.len() / 2]);
        let by = facets_asked();
        let (rows, columns) = (by[pair / 11], by[pair % 11]);
        for (typed, distinct) in ASKED.into_iter().zip(DISTINCT.into_iter().cycle()) {
            let cross = reader.cross(&parse(typed).unwrap(), rows, columns, distinct).unwrap();
            for (row, cells) in cross.rows.values.iter().zip(&cross.cells) {
                for (place, column) in cross.columns.values.iter().enumerate() {
                    let count = cells.get(&place).copied().unwrap_or(0);
                    let query = cross.query(&row.value, &column.value);
                    prop_assert_eq!(reader.count(&query, distinct).unwrap(), count, "{} {:?}", query, distinct);
                }
            }
        }
    }

    #[test]
    fn commits_change_no_answer(
        smalls in proptest::collection::vec(small(), 1..40),
        commits in proptest::collection::vec(0usize..40, 0..6),
    ) {
        let (_one, whole) = index(&smalls, &[]);
        let (_other, split) = index(&smalls, &commits);
        for typed in ASKED {
            let query = parse(typed).unwrap();
            for distinct in DISTINCT {
                for order in ORDERS {
                    let ids = |reader| ids(reader, &query, order, distinct, 100);
                    prop_assert_eq!(ids(&whole), ids(&split), "{} {:?} {:?}", typed, order, distinct);
                }
                for own in [OwnFilters::Ignored, OwnFilters::Kept] {
                    let counts = |reader: &LocalReader| reader.facets(&query, &facets_asked(), own, distinct).unwrap();
                    prop_assert_eq!(counts(&whole), counts(&split), "{} {:?} {:?}", typed, own, distinct);
                }
                let by = |field| By { field, unit: None };
                let table = |reader: &LocalReader| {
                    reader.cross(&query, by(Field::Speaker), by(Field::Country), distinct).unwrap()
                };
                prop_assert_eq!(table(&whole), table(&split), "{} {:?}", typed, distinct);
            }
        }
    }

    #[test]
    fn what_is_taken_out_counts_no_more(smalls in proptest::collection::vec(small(), 1..40)) {
        let left: Vec<Small> = smalls.iter().filter(|small| small.article != 1).cloned().collect();
        let folder = tempfile::tempdir().unwrap();
        let index = LocalIndex::open_or_create(folder.path()).unwrap();
        let mut writer = index.writer().unwrap();
        let documents: Vec<Document> = smalls.iter().zip(0..).map(|(small, number)| document(small, number)).collect();
        documents.into_iter().for_each(|document| writer.add(vec![document]).unwrap());
        writer.commit(&Ledger::default(), &Default::default()).unwrap();
        writer.remove("1");
        writer.commit(&Ledger::default(), &Default::default()).unwrap();
        drop(writer);
        let reader = LocalReader::open(folder.path()).unwrap();
        let (_folder, expected) = self::index(&left, &[]);
        for typed in ASKED {
            let query = parse(typed).unwrap();
            for distinct in DISTINCT {
                let totals = |reader: &LocalReader| reader.totals(&query, distinct).unwrap();
                prop_assert_eq!(totals(&reader), totals(&expected), "{} {:?}", typed, distinct);
                let count = |reader: &LocalReader| reader.count(&query, distinct).unwrap();
                prop_assert_eq!(count(&reader), count(&expected), "{} {:?}", typed, distinct);
                let counts = |reader: &LocalReader| {
                    reader.facets(&query, &facets_asked(), OwnFilters::Ignored, distinct).unwrap()
                };
                prop_assert_eq!(counts(&reader), counts(&expected), "{} {:?}", typed, distinct);
            }
        }
    }

    #[test]
    fn pages_neither_overlap_nor_leave_out(smalls in proptest::collection::vec(small(), 1..60), page in 1usize..7) {
        let (_folder, reader) = index(&smalls, &[smalls.len() / 3, smalls.len() / 2]);
        for typed in ASKED {
            let query = parse(typed).unwrap();
            for order in [Order::Relevance, RECENT] {
                let all = ids(&reader, &query, order, Distinct::Story, 1000);
                for end in (page..all.len() + page).step_by(page) {
                    let to = end.min(all.len());
                    prop_assert_eq!(&ids(&reader, &query, order, Distinct::Story, end)[..], &all[..to], "{} {:?}", typed, order);
                }
            }
        }
    }

    #[test]
    fn what_is_recent_gains_by_its_age(smalls in proptest::collection::vec(small(), 1..60)) {
        let (_folder, reader) = index(&smalls, &[smalls.len() / 2]);
        let newest = smalls.iter().filter_map(published).max();
        for typed in ["treaty", "storm OR harbour", "\"treaty storm\""] {
            let query = parse(typed).unwrap();
            let scored = |place: &Place| {
                let id = ids_of(&reader, std::slice::from_ref(place)).remove(0);
                let small = &smalls[id.rsplit_once('#').unwrap().1.parse::<usize>().unwrap()];
                let age = newest.zip(published(small)).map(|(newest, day)| newest.since(day).unwrap().get_days());
                let factor = age.map_or(0.0, |age| (-f64::from(age) / 60.0).exp2());
                (id, f64::from(place.score()) * factor)
            };
            let expected: BTreeMap<String, f64> =
                reader.places(&query, Order::Relevance, Distinct::Document, 1000).unwrap().iter().map(scored).collect();
            let found = reader.places(&query, RECENT, Distinct::Document, 1000).unwrap();
            prop_assert_eq!(found.len(), expected.len());
            prop_assert!(found.windows(2).all(|pair| pair[0].score() * 1.0001 >= pair[1].score()));
            for (id, place) in ids_of(&reader, &found).into_iter().zip(&found) {
                prop_assert!((f64::from(place.score()) - expected[&id]).abs() < 1e-4, "{} {}", typed, id);
            }
        }
    }
}

#[test]
fn a_facet_shows_the_siblings_of_what_is_chosen() {
    let one = |speaker, country| Small {
        article: 0,
        speaker: Some(speaker),
        countries: vec![country],
        day: None,
        named: Vec::new(),
        bylines: Vec::new(),
        words: vec![0],
    };
    let (_folder, reader) = index(&[one(0, 0), one(1, 0), one(2, 1), one(4, 2)], &[1]);
    let query = parse("treaty speaker:\"Ada Stone\"").unwrap();
    let by = |field| By { field, unit: None };
    let facets = reader
        .facets(&query, &[by(Field::Speaker), by(Field::Country)], OwnFilters::Ignored, Distinct::Document)
        .unwrap();
    let shown = |place: usize| -> Vec<(String, u64)> {
        facets[place].values.iter().map(|v| (v.value.clone(), v.count)).collect()
    };
    let pair = |name: &str, count| (name.to_owned(), count);
    // both spellings of one name are one speaker
    assert_eq!(shown(0), [pair("Kim Jong Un", 2), pair("Ada Stone", 1), pair("unknown", 1)]);
    assert_eq!(shown(1), [pair("KR", 1)]);
    assert_eq!(facets[0].query("unknown").to_string(), "treaty speaker:\"unknown\"");
}
