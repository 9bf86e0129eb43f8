//! Reads `Harris statements` as a person means it: what those speakers said, where the index knows them.

use super::parse::parse;
use super::phrasing::{Asked, asked};
use super::sentence::Sentence;
use super::words::is_stop_word;
use super::{Query, QueryError, countries};
use crate::terms;
use index_schema::Field;
use std::collections::BTreeSet;

const TITLES: &str = include_str!("tables/titles.txt");

/// More people of one name than this are asked for by the name's words.
const MOST_NAMES: usize = 6;

/// A typed query as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub query: Query,
    /// What to tell the person who typed it, where words were taken for more than words.
    pub note: Option<String>,
}

/// Looks up speakers by folded words: those whose names hold all of the first and whose roles all of the second, the most
/// quoted first.
pub type Known<'k, E> = dyn FnMut(&[String], &[String]) -> Result<Vec<String>, E> + 'k;

/// Reads a typed query, asking `known` for speakers. The outer error is that of `known`.
pub fn read<E>(typed: &str, known: &mut Known<E>) -> Result<Result<Reading, QueryError>, E> {
    let query = match parse(typed) {
        Ok(query) => query,
        Err(error) => return Ok(Err(error)),
    };
    let literal = Reading { query, note: None };
    let Some(mut sentence) = Sentence::of(typed, known)? else { return Ok(Ok(literal)) };
    sentence.take_days();
    let Some(asked) = asked(&sentence) else { return Ok(Ok(literal)) };
    let Some(understood) = understand(&asked, &sentence.capitals, known)? else {
        // a lone `on` or `said` asks for nothing unless a speaker is known
        let note = (asked.sure && !asked.who.is_empty())
            .then(|| format!("no speaker named `{}` is known; searching the words", asked.who.join(" ")));
        return Ok(Ok(Reading { note, ..literal }));
    };
    let mut clauses = vec![understood.speakers.clone().unwrap_or_else(|| Query::kind("statement"))];
    clauses.extend(understood.about);
    clauses.extend(sentence.days.map(|(from, to)| Query::Days { field: Field::Date, from, to }));
    clauses.extend(sentence.filters);
    let query = Query::all(clauses.clone());
    let rest = Query::all(clauses.drain(1..));
    let rest = if rest == Query::Everything { String::new() } else { format!(" {rest}") };
    let who = match &understood.speakers {
        Some(speakers @ Query::Any(_)) => format!("({speakers}) "),
        Some(speakers) => format!("{speakers} "),
        None => String::new(),
    };
    let several = match understood.names {
        0 | 1 => String::new(),
        names => format!("; {names} people go by that name, `facets --by speaker` tells them apart"),
    };
    let note = format!("reading this as {who}statements{rest}{several}; --literal searches the words");
    Ok(Ok(Reading { query, note: Some(note) }))
}

struct Understood {
    /// `None` where nobody is named: anybody's statements.
    speakers: Option<Query>,
    /// How many people the most ambiguous name stands for.
    names: usize,
    about: Vec<Query>,
}

/// `None` where a speaker is named whom the index does not know.
fn understand<E>(
    asked: &Asked,
    capitals: &BTreeSet<String>,
    known: &mut Known<E>,
) -> Result<Option<Understood>, E> {
    let mut about: Vec<String> = asked.about.clone();
    let mut speakers = Vec::new();
    let mut most_names = 0;
    let mut stranger = false;
    let mut at = 0;
    if let Some(codes) = country(&asked.who) {
        // `Jordan statements`: what is said on the country's side, and by people of that surname
        let surname = |name: &String| {
            let words = terms::words(name);
            words.len() == 2 && words.ends_with(&asked.who)
        };
        let names: Vec<String> = known(&asked.who, &[])?.into_iter().filter(surname).collect();
        most_names = names.len();
        let people = (!names.is_empty()).then(|| any_of(&names, &asked.who));
        let side = codes.into_iter().map(|code| Query::value(Field::SpeakerCountry, code));
        speakers.push(Query::any(people.into_iter().chain(side)));
        at = asked.who.len();
    }
    while at < asked.who.len() {
        match longest_name(&asked.who[..at], &asked.who[at..], known)? {
            Some((names, length)) => {
                most_names = most_names.max(names.len());
                speakers.push(any_of(&names, &asked.who[at..at + length]));
                at += length;
            }
            None => {
                let word = &asked.who[at];
                let passes = is_stop_word(word) || listed(TITLES, word);
                if !passes && !asked.mixed {
                    return Ok(None);
                }
                if !passes {
                    stranger |= capitals.contains(word);
                    about.push(word.clone());
                }
                at += 1;
            }
        }
    }
    if speakers.is_empty() && !asked.who.is_empty() {
        return Ok(None);
    }
    if stranger {
        // one of the names is no speaker's: they are what it was about
        let about: Vec<String> = asked.who.iter().chain(&asked.about).cloned().collect();
        return Ok(Some(Understood { speakers: None, names: 0, about: about_clauses(&about, capitals) }));
    }
    let speakers = (!speakers.is_empty()).then(|| Query::any(speakers));
    Ok(Some(Understood { speakers, names: most_names, about: about_clauses(&about, capitals) }))
}

/// The country that the words are the name of, one code or more. `in`, `it` and `no` are codes, and words.
fn country(words: &[String]) -> Option<Vec<&'static str>> {
    let code = matches!(words, [word] if word.len() == 2 && word != "us" && word != "uk");
    let codes = if code { Vec::new() } else { countries::codes(&words.join(" ")) };
    (!codes.is_empty()).then_some(codes)
}

/// The longest run of words, from the first, that names a speaker.
fn longest_name<E>(
    before: &[String],
    words: &[String],
    known: &mut Known<E>,
) -> Result<Option<(Vec<String>, usize)>, E> {
    let longest = words.len().min(5);
    for length in (1..=longest).rev() {
        let name = &words[..length];
        if is_stop_word(&name[0]) || name.iter().all(|word| listed(TITLES, word)) {
            continue;
        }
        let names = known(name, &[])?;
        if names.is_empty() {
            continue;
        }
        // of several, the one who holds the office named before them
        let titles = before.iter().rev().take_while(|word| listed(TITLES, word));
        let titles: Vec<String> = titles.filter(|word| !is_stop_word(word)).cloned().collect();
        let holders = if titles.is_empty() { Vec::new() } else { known(name, &titles)? };
        return Ok(Some((if holders.is_empty() { names } else { holders }, length)));
    }
    by_office(words, known)
}

/// The one speaker who holds the office that all the words name: `the mayor of Busan`.
fn by_office<E>(words: &[String], known: &mut Known<E>) -> Result<Option<(Vec<String>, usize)>, E> {
    let office: Vec<String> = words.iter().filter(|word| !is_stop_word(word)).cloned().collect();
    if office.len() < 2 || is_stop_word(&words[0]) {
        return Ok(None);
    }
    let names = known(&[], &office)?;
    Ok((names.len() == 1).then_some((names, words.len())))
}

/// The statements of anybody of these names; of very many, by the words that were typed.
fn any_of(names: &[String], words: &[String]) -> Query {
    if names.len() > MOST_NAMES {
        let word = |word: &String| Query::Word { field: Field::SpeakerWords, word: word.clone() };
        return Query::all(words.iter().map(word));
    }
    Query::any(names.iter().map(|name| Query::value(Field::Speaker, name)))
}

/// What it was about: countries where the words name them, else the words.
fn about_clauses(words: &[String], capitals: &BTreeSet<String>) -> Vec<Query> {
    let words: Vec<String> = match words {
        [the, rest @ ..] if the == "the" => rest.to_vec(),
        words => words.to_vec(),
    };
    let mut clauses = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (words.len() - at).min(4);
        let named = (1..=longest).rev().find_map(|length| {
            let name = &words[at..at + length];
            // a guinea pig is no country: small letters name one only where nothing else is said
            let meant = name.iter().all(|word| capitals.contains(word))
                || length == words.len() && name.iter().all(|word| !capitals.contains(word));
            let codes = country(name).filter(|_| meant)?;
            Some((codes, length))
        });
        match named {
            Some((codes, length)) => {
                clauses.push(Query::any(codes.into_iter().map(|code| Query::value(Field::Country, code))));
                at += length;
            }
            None => {
                if !is_stop_word(&words[at]) {
                    clauses.push(Query::Word { field: Field::Stem, word: words[at].clone() });
                }
                at += 1;
            }
        }
    }
    clauses
}

pub(super) fn listed(table: &'static str, word: &str) -> bool {
    table.lines().filter(|line| !line.starts_with('#')).any(|line| line.split(' ').any(|other| other == word))
}

#[cfg(test)]
mod tests {
    use super::read;

    const SPEAKERS: [&str; 7] = [
        "Kamala Harris",
        "Kim Jong Un",
        "Vladimir Putin",
        "Lee Jong-sup",
        "Lee Jae-myung",
        "White House",
        "Ann Jordan",
    ];

    /// The query it is read as; with `!` where the words are searched and a note says why, `=` where as typed.
    fn check(typed: &str, expected: &str) {
        let mut known = |words: &[String], role: &[String]| -> Result<Vec<String>, ()> {
            if !role.is_empty() {
                return Ok(Vec::new());
            }
            let holds = |name: &&&str| {
                let name = crate::terms::words(name);
                words.iter().all(|word| name.contains(word))
            };
            Ok(SPEAKERS.iter().filter(holds).map(|name| (*name).to_owned()).collect())
        };
        let reading = read(typed, &mut known).expect("no error").expect("readable");
        let sign = match &reading.note {
            None => "= ",
            Some(note) if note.starts_with("no speaker") => "! ",
            Some(_) => "",
        };
        assert_eq!(format!("{sign}{}", reading.query), expected, "{typed}");
    }

    #[test]
    fn questions_for_statements_are_understood() {
        check("Harris statements", "speaker:\"Kamala Harris\"");
        check("statements Harris", "speaker:\"Kamala Harris\"");
        check("Harris's remarks", "speaker:\"Kamala Harris\"");
        check("Kamala Harris said", "speaker:\"Kamala Harris\"");
        check("Vice President Harris statements", "speaker:\"Kamala Harris\"");
        check("\"Kamala Harris\" quotes", "speaker:\"Kamala Harris\"");
        check("statements by Harris about North Korea", "speaker:\"Kamala Harris\" country:KP");
        check("what did Harris say on submarines?", "speaker:\"Kamala Harris\" submarines");
        check("what was said about Iran in 2012", "kind:statement country:IR date:2012");
        check("what has been said about Iran", "kind:statement country:IR");
        check("did Harris say \"huge mistake\"", "speaker:\"Kamala Harris\" \"huge mistake\"");
        check("when did Putin say weapons", "speaker:\"Vladimir Putin\" weapons");
        check("most quoted on weapons", "kind:statement weapons");
        check("who talked about weapons", "kind:statement weapons");
        check("statements about weapons by Harris", "speaker:\"Kamala Harris\" weapons");
        check("what Harris said about weapons", "speaker:\"Kamala Harris\" weapons");
        check(
            "Kim Putin summit statements since 2023",
            "(speaker:\"Kim Jong Un\" OR speaker:\"Vladimir Putin\") summit date:>=2023-01-01",
        );
        check("Lee statements", "speaker:\"Lee Jong-sup\" OR speaker:\"Lee Jae-myung\"");
        check("statements about Harris", "kind:statement harris");
        check("who said what about Iran in 2012", "kind:statement country:IR date:2012");
        check("Harris on North Korea", "speaker:\"Kamala Harris\" country:KP");
        check("Harris statements country:KR", "speaker:\"Kamala Harris\" country:KR");
        check(
            "Harris statements between 2010 and 2012",
            "speaker:\"Kamala Harris\" date:2010-01-01..2012-12-31",
        );
        check("Harris comments in September 2023", "speaker:\"Kamala Harris\" date:2023-09");
        check("Harris statements -drill", "speaker:\"Kamala Harris\" -drill");
        check("Harris statements \"huge mistake\"", "speaker:\"Kamala Harris\" \"huge mistake\"");
        check("who said \"huge mistake\"", "kind:statement \"huge mistake\"");
        check("Harris statements 2024-03", "speaker:\"Kamala Harris\" date:2024-03");
        check("Harris statements 2024", "speaker:\"Kamala Harris\" date:2024");
        check("Kim Zelensky summit statements", "kind:statement kim zelensky summit");
        check("quotes from the White House", "speaker:\"White House\"");
        check("Iran statements", "speaker_country:IR");
        check("statements by North Korea about Harris", "speaker_country:KP harris");
        check("what did China say about weapons in 2012", "speaker_country:CN weapons date:2012");
        check("Jordan statements", "speaker:\"Ann Jordan\" OR speaker_country:JO");
    }

    #[test]
    fn other_words_stay_words() {
        check("Garland statements", "! garland statements");
        check("kim train", "= kim train");
        check("Harris", "= harris");
        check("war on drugs", "= war drugs");
        check("statements", "= statements");
        check("remarks on tariffs", "= remarks tariffs");
        check("statement of work", "! statement work");
        check("statements", "= statements");
        check("(Harris) statements", "= harris statements");
        check("\"Harris statements\"", "= \"harris statements\"");
        check("the minister said nothing", "= minister said nothing");
    }
}
