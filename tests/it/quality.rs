//! How well articles are read and understood, against what a careful reader finds in them.

use crate::floors::{Counts, Figures};
use crate::formats::read_all;
use crate::run::repository;
use onrecord::article::{Article, Span};
use onrecord::extract;
use onrecord::findings::{Findings, Statement, Timex};
use onrecord::read::Options;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

/// Two statements are one where they share at least this part of the words that either has.
const SAME: f64 = 0.5;
/// A statement lies in another where at least this part of its words does.
const INSIDE: f64 = 0.8;

/// One article of `corpus/gold`, as it should be understood and as it is.
struct Pair {
    gold: Value,
    article: Article,
    findings: Findings,
    words: Words,
}

/// All of `corpus/gold`, read and extracted once.
fn pairs() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let gold = fs::read_to_string(repository("corpus/gold/articles.jsonl")).unwrap();
        gold.lines().map(|line| pair(serde_json::from_str(line).unwrap())).collect()
    })
}

fn pair(gold: Value) -> Pair {
    let path = repository("corpus/sample").join(gold["path"].as_str().unwrap());
    let row = gold["row"].as_u64().map_or(0, |row| row as usize - 1);
    // An article that cannot be read has lost all there is in it.
    let article = read_all(&path, &Options::default()).into_iter().nth(row).and_then(Result::ok);
    let article = article.unwrap_or_default();
    let findings = extract::extract(&article);
    let words = Words::of(&article.text);
    Pair { gold, article, findings, words }
}

/// The words of a text: runs of letters and digits, in lower case, with their bytes.
struct Words {
    words: Vec<(String, Span)>,
}

impl Words {
    fn of(text: &str) -> Words {
        let mut words: Vec<(String, Span)> = Vec::new();
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let end = at + c.len_utf8();
            match words.last_mut() {
                Some((word, span)) if span.end == at => {
                    word.extend(c.to_lowercase());
                    span.end = end;
                }
                _ => words.push((c.to_lowercase().collect(), Span::new(at, end))),
            }
        }
        Words { words }
    }

    /// The numbers of the words inside the spans.
    fn inside(&self, spans: &[Span]) -> BTreeSet<usize> {
        let numbers = |span: &Span| {
            let first = self.words.partition_point(|(_, word)| word.start < span.start);
            let end = self.words.partition_point(|(_, word)| word.start < span.end);
            first..end.max(first)
        };
        spans.iter().flat_map(numbers).collect()
    }

    /// Whether the piece's words stand at this word.
    fn stands(&self, piece: &Words, at: usize) -> bool {
        let words = piece.words.iter().map(|(word, _)| word);
        self.words
            .get(at..at + piece.words.len())
            .is_some_and(|here| here.iter().map(|(word, _)| word).eq(words))
    }

    /// Where a piece of text stands, as its first word and the one past it: the first place from `from` on, else
    /// anywhere.
    fn find(&self, piece: &str, from: usize) -> Option<(usize, usize)> {
        let piece = Words::of(piece);
        let all = self.words.len();
        let found = (from..all).chain(0..from.min(all)).find(|&at| self.stands(&piece, at))?;
        Some((found, found + piece.words.len()))
    }

    /// The words of a statement given in pieces: its longest piece sets the place, the others are next to it.
    fn pieces(&self, pieces: &[&str], from: usize) -> Option<BTreeSet<usize>> {
        let longest =
            (0..pieces.len()).max_by_key(|&number| (pieces[number].len(), pieces.len() - number))?;
        let (start, mut end) = self.find(pieces[longest], from)?;
        let mut words: BTreeSet<usize> = (start..end).collect();
        for piece in &pieces[longest + 1..] {
            let (first, past) = self.find(piece, end)?;
            words.extend(first..past);
            end = past;
        }
        let mut before = start;
        for piece in pieces[..longest].iter().rev() {
            let piece = Words::of(piece);
            let last = before.checked_sub(piece.words.len())?;
            let first = (0..=last).rev().find(|&at| self.stands(&piece, at))?;
            words.extend(first..first + piece.words.len());
            before = first;
        }
        Some(words)
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// For comparing names: the words in lower case, without an article before them.
fn plain(name: &str) -> String {
    let words: Vec<String> = Words::of(name).words.into_iter().map(|(word, _)| word).collect();
    let article = usize::from(words.len() > 1 && matches!(words[0].as_str(), "the" | "a" | "an"));
    words[article..].join(" ")
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(70).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\n', " ")
}

/// Two sets' shared part of all their words.
fn likeness(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> f64 {
    let shared = a.intersection(b).count();
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

/// The statements of one article, gold beside found.
struct Matched<'p> {
    both: Vec<(&'p Value, &'p Statement, f64)>,
    /// Gold statements that are not optional and were not found.
    missed: Vec<&'p Value>,
    /// Found where no gold statement is, not even an optional one.
    wrong: Vec<&'p Statement>,
}

fn matched(pair: &Pair) -> Matched<'_> {
    let gold = pair.gold["statements"].as_array().unwrap();
    let mut from = 0;
    let mut places: Vec<BTreeSet<usize>> = Vec::new();
    for statement in gold {
        let words = pair.words.pieces(&strings(&statement["pieces"]), from).unwrap_or_default();
        // Statements stand in the order of the text, so that the same words said twice are told apart.
        from = words.first().copied().unwrap_or(from);
        places.push(words);
    }
    let found: Vec<BTreeSet<usize>> =
        pair.findings.statements.iter().map(|statement| pair.words.inside(&statement.spans)).collect();
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    for (g, place) in places.iter().enumerate() {
        for (f, words) in found.iter().enumerate() {
            let likeness = likeness(place, words);
            if likeness >= SAME {
                alike.push((likeness, g, f));
            }
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken: (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    let mut both = Vec::new();
    for (likeness, g, f) in alike {
        if !taken.0.contains(&g) && !taken.1.contains(&f) {
            taken.0.insert(g);
            taken.1.insert(f);
            both.push((g, f, likeness));
        }
    }
    both.sort_by_key(|&(g, ..)| g);
    let optional = |statement: &Value| statement["optional"] == true;
    let excused = |words: &BTreeSet<usize>| {
        gold.iter().zip(&places).any(|(statement, place)| {
            let inside = words.intersection(place).count() as f64;
            optional(statement) && inside >= INSIDE * words.len() as f64
        })
    };
    Matched {
        missed: (0..gold.len())
            .filter(|g| !taken.0.contains(g) && !optional(&gold[*g]))
            .map(|g| &gold[g])
            .collect(),
        wrong: (0..found.len())
            .filter(|f| !taken.1.contains(f) && !excused(&found[*f]))
            .map(|f| &pair.findings.statements[f])
            .collect(),
        both: both
            .into_iter()
            .filter(|&(g, ..)| !optional(&gold[g]))
            .map(|(g, f, likeness)| (&gold[g], &pair.findings.statements[f], likeness))
            .collect(),
    }
}

#[test]
fn statements() {
    let mut figures = Figures::default();
    let mut found = Counts::default();
    let (mut alike, mut kinds) = (0.0, 0);
    for pair in pairs() {
        let path = &pair.article.path;
        let matched = matched(pair);
        found.right += matched.both.len();
        found.missed += matched.missed.len();
        found.wrong += matched.wrong.len();
        for (gold, statement, likeness) in &matched.both {
            alike += likeness;
            kinds += usize::from(gold["kind"] == statement.quote.name());
        }
        for gold in &matched.missed {
            figures.mistake(format!("{path}: missed: {}", short(&strings(&gold["pieces"]).join(" … "))));
        }
        for statement in &matched.wrong {
            figures.mistake(format!("{path}: wrong: {}", short(&statement.words(&pair.article.text))));
        }
    }
    figures.rates("found", found);
    figures.measured.push(("words of those found".to_owned(), 100.0 * alike / found.right.max(1) as f64));
    figures.share("kind of those found", kinds, found.right);
    figures.hold("statements");
}

#[test]
fn speakers() {
    let mut figures = Figures::default();
    let mut joint = Counts::default();
    let (mut named, mut kinds, mut with_speaker, mut all) = (0, 0, 0, 0);
    let (mut roles, mut organisations, mut countries) =
        (Counts::default(), Counts::default(), Counts::default());
    for pair in pairs() {
        let matched = matched(pair);
        joint.missed += matched.missed.len();
        joint.wrong += matched.wrong.len();
        for (gold, statement, _) in matched.both {
            let wanted = &gold["speaker"];
            let speaker = statement.speaker.as_ref();
            let wanted_name = wanted["name"].as_str().map(plain);
            let name = speaker.and_then(|speaker| speaker.name.as_deref()).map(plain);
            let right = name == wanted_name;
            all += 1;
            named += usize::from(right);
            joint.value(true, true, right);
            if !right {
                let said = short(&statement.words(&pair.article.text));
                figures.mistake(format!("{}: {name:?} for {wanted_name:?}: {said}", pair.article.path));
            }
            if wanted.is_null() {
                continue;
            }
            with_speaker += 1;
            kinds += usize::from(speaker.is_some_and(|speaker| wanted["kind"] == speaker.kind.name()));
            // What the speaker is counts only where it is the speaker.
            if right && let Some(speaker) = speaker {
                let mut value = |counts: &mut Counts, key: &str, found: Option<&str>| {
                    let (gold, found) = (wanted[key].as_str().map(plain), found.map(plain));
                    counts.value(gold.is_some(), found.is_some(), gold == found);
                    if gold != found {
                        let name = name.as_deref().unwrap_or_default();
                        figures
                            .mistake(format!("{}: {name}: {key} {found:?} for {gold:?}", pair.article.path));
                    }
                };
                value(&mut roles, "role", speaker.role.as_deref());
                value(&mut organisations, "organisation", speaker.organisation.as_deref());
                value(&mut countries, "country", speaker.country.as_ref().map(|country| country.code()));
            }
        }
    }
    figures.rates("found with name", joint);
    figures.share("name of those found", named, all);
    figures.share("kind of those found", kinds, with_speaker);
    figures.rates("role", roles);
    figures.rates("organisation", organisations);
    figures.rates("country", countries);
    figures.hold("speakers");
}

#[test]
fn said_on() {
    let mut figures = Figures::default();
    let (mut right, mut all, mut right_stated, mut all_stated) = (0, 0, 0, 0);
    let mut stated = Counts::default();
    for pair in pairs() {
        for (gold, statement, _) in matched(pair).both {
            let wanted = gold["said_on"].as_str();
            let found = statement.said_on.map(|day| day.to_string());
            let agree = match (wanted, &found) {
                (Some(wanted), Some(found)) => found.starts_with(wanted),
                (wanted, found) => wanted.is_none() && found.is_none(),
            };
            let in_sentence = gold["said_on_stated"] == true;
            stated.value(in_sentence, statement.said_on_stated, true);
            all += 1;
            right += usize::from(agree);
            all_stated += usize::from(in_sentence);
            right_stated += usize::from(in_sentence && agree);
            if !agree {
                let said = short(&statement.words(&pair.article.text));
                figures.mistake(format!("{}: {found:?} for {wanted:?}: {said}", pair.article.path));
            }
        }
    }
    figures.share("day", right, all);
    figures.share("day stated in the sentence", right_stated, all_stated);
    figures.rates("stated", stated);
    figures.hold("said_on");
}

#[test]
fn countries() {
    let mut figures = Figures::default();
    let (mut mentioned, mut about) = (Counts::default(), Counts::default());
    let (mut first, mut with_first) = (0, 0);
    for pair in pairs() {
        let found = &pair.findings.countries;
        let codes = |wanted: fn(&onrecord::findings::CountryCount) -> bool| -> Vec<&str> {
            found.iter().filter(|count| wanted(count)).map(|count| count.country.code()).collect()
        };
        for (key, counts, found) in [
            ("mentioned", &mut mentioned, codes(|count| count.mentions > 0)),
            ("about", &mut about, codes(|count| count.about)),
        ] {
            let gold = strings(&pair.gold["countries"][key]);
            for code in found.iter().chain(gold.iter().filter(|code| !found.contains(code))) {
                let (is_gold, is_found) = (gold.contains(code), found.contains(code));
                counts.value(is_gold, is_found, true);
                if is_gold != is_found {
                    let what = if is_gold { "missed" } else { "wrong" };
                    figures.mistake(format!("{}: {key}: {what}: {code}", pair.article.path));
                }
            }
            if key == "about" && !gold.is_empty() {
                with_first += 1;
                first += usize::from(found.first() == gold.first());
            }
        }
    }
    figures.rates("mentioned", mentioned);
    figures.rates("about", about);
    figures.share("first of about", first, with_first);
    figures.hold("countries");
}

#[test]
fn dates() {
    let mut figures = Figures::default();
    let (mut spans, mut values) = (Counts::default(), Counts::default());
    for pair in pairs() {
        let mut left: Vec<(&Timex, BTreeSet<usize>)> =
            pair.findings.dates.iter().map(|timex| (timex, pair.words.inside(&[timex.span]))).collect();
        let dateline = pair.article.dateline.as_deref().unwrap_or_default();
        let mut from = 0;
        for gold in pair.gold["dates"].as_array().unwrap() {
            let words = gold["text"].as_str().unwrap();
            let place = pair.words.find(words, from);
            if place.is_none() && dateline.contains(words) {
                continue; // kept apart from the text, as the article's own field
            }
            let place = place.unwrap_or_default();
            from = place.1.max(from);
            let here =
                left.iter().position(|(_, words)| words.iter().any(|word| (place.0..place.1).contains(word)));
            let found = here.map(|here| left.remove(here).0);
            let agree =
                found.is_some_and(|f| gold["type"] == f.kind.name() && gold["value"] == f.value.as_str());
            spans.value(true, found.is_some(), true);
            values.value(true, found.is_some(), agree);
            if !agree {
                let found = found.map_or("nothing".to_owned(), |f| format!("{} {}", f.kind.name(), f.value));
                figures.mistake(format!(
                    "{}: `{words}`: {found} for {} {}",
                    pair.article.path, gold["type"], gold["value"]
                ));
            }
        }
        for (timex, _) in left {
            spans.value(false, true, false);
            values.value(false, true, false);
            let words = timex.span.of(&pair.article.text);
            figures.mistake(format!("{}: `{words}`: {} for nothing", pair.article.path, timex.value));
        }
    }
    figures.rates("found", spans);
    figures.rates("found with type and value", values);
    figures.hold("dates");
}

#[test]
fn heads() {
    let mut figures = Figures::default();
    let mut right = [0; 5];
    let mut authors = Counts::default();
    for Pair { gold, article, .. } in pairs() {
        let published = article.published.map(|day| day.to_string());
        let byline: Vec<&str> = article.byline.iter().map(String::as_str).collect();
        let wanted = strings(&gold["byline"]);
        for author in wanted.iter().chain(byline.iter().filter(|author| !wanted.contains(author))) {
            authors.value(wanted.contains(author), byline.contains(author), true);
        }
        let heads = [
            ("title", gold["title"] == article.title.as_str()),
            ("byline", wanted == byline),
            ("published", gold["published"].as_str() == published.as_deref()),
            ("source", gold["source"].as_str() == article.source.as_deref()),
            ("lang", gold["lang"].as_str() == article.lang.as_deref()),
        ];
        for (number, (what, agree)) in heads.into_iter().enumerate() {
            right[number] += usize::from(agree);
            if !agree {
                let found = match what {
                    "title" => article.title.clone(),
                    "byline" => byline.join(", "),
                    "published" => published.clone().unwrap_or_default(),
                    "source" => article.source.clone().unwrap_or_default(),
                    _ => article.lang.clone().unwrap_or_default(),
                };
                figures.mistake(format!("{}: {what} `{found}` for {}", article.path, gold[what]));
            }
        }
    }
    for (number, what) in ["title", "byline", "published", "source", "lang"].into_iter().enumerate() {
        figures.share(what, right[number], pairs().len());
    }
    figures.rates("authors", authors);
    figures.hold("heads");
}

/// The public gold sets, where they lie beside the repository; they are not ours to copy into it.
#[test]
fn gold_sets() {
    let tool = repository("../shared/tools/eval.py");
    if !tool.is_file() || !repository("../shared/gold").is_dir() {
        return println!("skipped: no gold sets in ../shared");
    }
    let kept = tempfile::tempdir().unwrap();
    let mut python = Command::new("python3");
    python
        .arg(&tool)
        .arg("--json")
        .args(["--bin", env!("CARGO_BIN_EXE_onrecord"), "--keep"])
        .arg(kept.path());
    let told = match python.output() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return println!("skipped: no python3 to score the gold sets with");
        }
        told => told.unwrap(),
    };
    let stdout = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success(), "{stdout}{}", String::from_utf8_lossy(&told.stderr));
    // Complaints come before the figures, a line each.
    let mut lines: Vec<&str> = stdout.lines().collect();
    let last: Value = serde_json::from_str(lines.pop().unwrap()).unwrap();
    let mut figures = Figures::default();
    lines.into_iter().for_each(|complaint| figures.mistake(complaint));
    for (name, figure) in last["figures"].as_object().unwrap() {
        if let Some(figure) = figure.as_f64() {
            figures.measured.push((name.clone(), figure));
        }
    }
    figures.hold("gold sets");
}

#[test]
fn pieces_are_found_where_they_stand() {
    let check = |text: &str, pieces: &[&str], from: usize, expected: &[usize]| {
        let found = Words::of(text).pieces(pieces, from).map(|words| words.into_iter().collect::<Vec<_>>());
        assert_eq!(found.as_deref(), Some(expected), "{pieces:?}");
    };
    let text = "“Once, no. Once, yes,” she said, “there were no\nboats at all.” Once more.";
    check(text, &["there were no boats"], 0, &[6, 7, 8, 9]);
    check(text, &["Once, yes,”", "“there were no boats at all.”"], 0, &[2, 3, 6, 7, 8, 9, 10, 11]);
    check(text, &["Once", "more"], 0, &[0, 13]);
    check(text, &["once"], 3, &[12]);
    assert_eq!(Words::of(text).pieces(&["no such thing"], 0), None);
}
