//! Reads `Harris statements` as a person means it: what those speakers said, where the index knows them.

use super::parse::{Token, What, is_stop_word, parse, tokens};
use super::{Query, QueryError, countries, dates};
use crate::article::Day;
use crate::terms;
use index_schema::Field;
use std::collections::BTreeSet;

const STATEMENT_WORDS: &str = include_str!("tables/statement_words.txt");
const TITLES: &str = include_str!("tables/titles.txt");
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

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

/// A query of plain words, with the clauses that stand as they are.
struct Sentence {
    /// Folded.
    words: Vec<String>,
    /// Those of the words that were typed with a capital, where others were not.
    capitals: BTreeSet<String>,
    filters: Vec<Query>,
    days: Option<dates::Days>,
}

impl Sentence {
    /// `None` where operators or parentheses say that the query is meant as typed.
    fn of<E>(typed: &str, known: &mut Known<E>) -> Result<Option<Sentence>, E> {
        let Ok(tokens) = tokens(typed) else { return Ok(None) };
        let mut sentence =
            Sentence { words: Vec::new(), capitals: BTreeSet::new(), filters: Vec::new(), days: None };
        if !tokens.iter().any(|token| matches!(&token.what, What::Word(_))) {
            return Ok(None);
        }
        let mut rest: &[Token] = &tokens;
        while let [token, after @ ..] = rest {
            rest = after;
            let mut end = token.at.end;
            match &token.what {
                What::Word(word) if word.contains(['*', '~']) => return Ok(None),
                What::Word(word) => {
                    let words = terms::words(word);
                    if word.starts_with(char::is_uppercase) && typed.chars().any(char::is_lowercase) {
                        sentence.capitals.extend(words.iter().cloned());
                    }
                    sentence.words.extend(words);
                    continue;
                }
                What::Quoted { text, slop: None } => {
                    let words = terms::words(text);
                    if !words.is_empty() && !known(&words, &[])?.is_empty() {
                        sentence.words.extend(words);
                        continue;
                    }
                }
                What::Quoted { .. } => {}
                What::Field(_) | What::Minus | What::Not => {
                    // with the value or the word that it is about
                    while let [next, after @ ..] = rest {
                        rest = after;
                        end = next.at.end;
                        match next.what {
                            What::Word(_) | What::Quoted { .. } => break,
                            What::Field(_) | What::Minus => {}
                            _ => return Ok(None),
                        }
                    }
                }
                _ => return Ok(None),
            }
            match typed.get(token.at.start..end).map(parse) {
                Some(Ok(filter)) => sentence.filters.push(filter),
                _ => return Ok(None),
            }
        }
        Ok(Some(sentence))
    }

    /// Takes `since 2023`, `in September 2023`, `between 2010 and 2012` out of the words.
    fn take_days(&mut self) {
        for at in 0..self.words.len() {
            let last = at + 1 == self.words.len() || at + 2 == self.words.len();
            let bare =
                || period_at(&self.words[at..]).filter(|(_, length)| last && at + length == self.words.len());
            let bare = || bare().map(|((first, last), length)| ((Some(first), Some(last)), length));
            let Some((days, length)) = days_at(&self.words[at..]).or_else(bare) else { continue };
            self.words.drain(at..at + length);
            self.days = Some(days);
            return;
        }
    }
}

fn listed(table: &'static str, word: &str) -> bool {
    table.lines().filter(|line| !line.starts_with('#')).any(|line| line.split(' ').any(|other| other == word))
}

fn is_statement_word(word: &str) -> bool {
    listed(STATEMENT_WORDS, word)
}

/// The days that the words begin by naming, and how many words that takes.
fn days_at(words: &[String]) -> Option<(dates::Days, usize)> {
    let preposition = words.first()?.as_str();
    match preposition {
        "between" | "from" => {
            let ((first, _), one) = period_at(&words[1..])?;
            let joined =
                words.get(1 + one).is_some_and(|word| matches!(word.as_str(), "and" | "to" | "until"));
            if !joined {
                return (preposition == "from").then_some(((Some(first), None), 1 + one));
            }
            let ((_, last), other) = period_at(&words[2 + one..])?;
            (first <= last).then_some(((Some(first), Some(last)), 2 + one + other))
        }
        "since" | "after" | "before" | "until" | "till" | "in" | "during" | "on" => {
            let ((first, last), length) = period_at(&words[1..])?;
            let days = match preposition {
                "since" => (Some(first), None),
                "after" => (Some(last.tomorrow().unwrap_or(Day::MAX)), None),
                "before" => (None, Some(first.yesterday().unwrap_or(Day::MIN))),
                "until" | "till" => (None, Some(last)),
                _ => (Some(first), Some(last)),
            };
            Some((days, 1 + length))
        }
        _ => None,
    }
}

/// `2023`, `2023 09 11` (as typed with dashes), `september 2023`, `11 september 2023`, `september 11 2023`.
fn period_at(words: &[String]) -> Option<((Day, Day), usize)> {
    let number = |at: usize, most: usize| {
        words.get(at).filter(|w| w.len() <= most && w.bytes().all(|b| b.is_ascii_digit()))
    };
    let year =
        |at: usize| words.get(at).filter(|w| w.len() == 4 && (w.starts_with("19") || w.starts_with("20")));
    let month = |at: usize| {
        let word = words.get(at)?;
        MONTHS.iter().position(|m| word.starts_with(m) && word.len() >= 3).map(|place| place + 1)
    };
    let read = |typed: String, length: usize| dates::period(&typed).ok().map(|period| (period, length));
    if let Some(year) = year(0) {
        let full = number(1, 2).zip(number(2, 2)).and_then(|(m, d)| read(format!("{year}-{m}-{d}"), 3));
        let part = || number(1, 2).and_then(|m| read(format!("{year}-{m}"), 2));
        return full.or_else(part).or_else(|| read(year.clone(), 1));
    }
    if let Some(month) = month(0) {
        if let Some((day, year)) = number(1, 2).zip(year(2)) {
            return read(format!("{year}-{month}-{day}"), 3);
        }
        return year(1).and_then(|year| read(format!("{year}-{month}"), 2));
    }
    let ((day, month), year) = number(0, 2).zip(month(1)).zip(year(2))?;
    read(format!("{year}-{month}-{day}"), 3)
}

/// What a sentence asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// The words that should name speakers.
    who: Vec<String>,
    /// What it was about.
    about: Vec<String>,
    /// Whether a word says outright that statements are wanted.
    sure: bool,
    /// Whether words of `who` that name nobody may be what it was about.
    mixed: bool,
}

/// The question in the words, if there is one.
fn asked(sentence: &Sentence) -> Option<Asked> {
    let words: Vec<&str> = sentence.words.iter().map(String::as_str).collect();
    let narrowed = !sentence.filters.is_empty();
    let sure = |who: &[&str], about: &[&str]| {
        Some(Asked { who: owned(who), about: owned(about), sure: true, mixed: false })
    };
    let question: &[&str] = match words[..] {
        ["show" | "find" | "give", "me", ..] => &words[2..],
        ["show" | "find" | "list", ..] => &words[1..],
        _ => &words,
    };
    let question = match question {
        ["all" | "the" | "any" | "every", rest @ ..] => rest,
        other => other,
    };
    match question {
        ["what", "did" | "does" | "has" | "have" | "had" | "do", rest @ ..] => {
            let say =
                rest.iter().position(|word| matches!(*word, "say" | "said" | "tell" | "told" | "think"))?;
            return sure(&rest[..say], topic(&rest[say + 1..]));
        }
        ["what", rest @ ..] if rest.iter().any(|word| is_statement_word(word)) => {
            let say = rest.iter().position(|word| is_statement_word(word))?;
            return sure(&rest[..say], topic(&rest[say + 1..]));
        }
        ["who", "said" | "says" | "say", rest @ ..] => {
            let rest = match rest {
                ["what" | "anything" | "something" | "things", rest @ ..] => rest,
                rest => rest,
            };
            return sure(&[], topic(rest)).filter(|asked| narrowed || !asked.about.is_empty());
        }
        ["who", "is" | "was" | "are" | "were", "quoted", rest @ ..] => {
            let rest = match rest {
                ["most" | "more" | "often", rest @ ..] => rest,
                rest => rest,
            };
            return sure(&[], topic(rest)).filter(|asked| !asked.about.is_empty());
        }
        _ => {}
    }
    match question {
        // `statements by Harris about North Korea`
        [word, by, rest @ ..] if is_statement_word(word) && matches!(*by, "by" | "from" | "of" | "made") => {
            let rest = if *by == "made" && rest.first() == Some(&"by") { &rest[1..] } else { rest };
            let (who, about) = split(rest);
            return sure(who, about).filter(|asked| !asked.who.is_empty());
        }
        // `statements about Harris`
        [word @ ("statements" | "statement" | "quotes"), "about" | "on", rest @ ..] => {
            debug_assert!(is_statement_word(word));
            return sure(&[], topic(rest)).filter(|asked| !asked.about.is_empty());
        }
        // `statements Harris`
        [word, rest @ ..] if is_statement_word(word) && !matches!(*word, "said" | "says") => {
            let (who, about) = split(rest);
            return sure(who, about).filter(|asked| !asked.who.is_empty());
        }
        _ => {}
    }
    // `Harris statements on North Korea`, `Kim Putin summit statements`
    if let Some(at) = question.iter().position(|word| is_statement_word(word)).filter(|&at| at > 0) {
        let after = &question[at + 1..];
        let by = after.first() == Some(&"by");
        let verb = matches!(question[at], "said" | "says");
        if after.is_empty() || is_about(after[0]) || verb {
            return Some(Asked {
                who: owned(&question[..at]),
                about: owned(topic(after)),
                sure: !verb || after.is_empty(),
                mixed: !verb,
            });
        }
        // `North Korea statements by Harris`
        if by {
            return Some(Asked {
                who: owned(&after[1..]),
                about: owned(&question[..at]),
                sure: true,
                mixed: false,
            });
        }
        return None;
    }
    // `Harris on North Korea`
    let at =
        question.iter().position(|word| is_about(word)).filter(|&at| at > 0 && at + 1 < question.len())?;
    Some(Asked { who: owned(&question[..at]), about: owned(&question[at + 1..]), sure: false, mixed: false })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn is_about(word: &str) -> bool {
    matches!(word, "about" | "on" | "regarding" | "concerning" | "over")
}

/// The words without the preposition they begin with.
fn topic<'w, 's>(words: &'s [&'w str]) -> &'s [&'w str] {
    match words {
        [first, rest @ ..] if is_about(first) || matches!(*first, "that" | "of") => rest,
        words => words,
    }
}

/// Who, and about what.
fn split<'w, 's>(words: &'s [&'w str]) -> (&'s [&'w str], &'s [&'w str]) {
    match words.iter().position(|word| is_about(word)) {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &[]),
    }
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
        let country = (1..=longest).rev().find_map(|length| {
            let name = &words[at..at + length];
            // a guinea pig is no country: small letters name one only where nothing else is said
            let meant = name.iter().all(|word| capitals.contains(word))
                || length == words.len() && name.iter().all(|word| !capitals.contains(word));
            // `in`, `it` and `no` are codes, and words
            let code = name.len() == 1 && name[0].len() == 2 && name[0] != "us" && name[0] != "uk";
            let codes = if meant && !code { countries::codes(&name.join(" ")) } else { Vec::new() };
            (!codes.is_empty()).then_some((codes, length))
        });
        match country {
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

#[cfg(test)]
mod tests {
    use super::read;

    const SPEAKERS: [&str; 6] =
        ["Kamala Harris", "Kim Jong Un", "Vladimir Putin", "Lee Jong-sup", "Lee Jae-myung", "White House"];

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
