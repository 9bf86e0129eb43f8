//! Names: the capitalised runs of a text, and what the words around people's names are.

use super::keys::{Set, Table};
use super::phrases::Reading;
use super::tokens::TokenKind;
use super::words::{self, class, form};
use std::sync::LazyLock;

/// The kinds of words around names, as bits (see `tables/people.txt`).
pub(super) mod word {
    pub(crate) const MALE: u32 = 1;
    pub(crate) const FEMALE: u32 = 1 << 1;
    pub(crate) const EITHER: u32 = 1 << 2;
    pub(crate) const MISTER: u32 = 1 << 3;
    pub(crate) const MISS: u32 = 1 << 4;
    pub(crate) const TITLE: u32 = 1 << 5;
    pub(crate) const ROLE: u32 = 1 << 6;
    pub(crate) const MODIFIER: u32 = 1 << 7;
    pub(crate) const SOURCE: u32 = 1 << 8;
    pub(crate) const GROUP: u32 = 1 << 9;
    pub(crate) const BODY: u32 = 1 << 10;
    pub(crate) const PARTICLE: u32 = 1 << 11;
    pub(crate) const SUFFIX: u32 = 1 << 12;
    pub(crate) const EASTERN: u32 = 1 << 13;
    /// The legal form of a company: `Inc`.
    pub(crate) const CORPORATE: u32 = 1 << 14;
    /// What an article calls a company: `bank`, `carrier`.
    pub(crate) const COMPANY: u32 = 1 << 15;
    /// The first word of a well-known body's name.
    pub(crate) const KNOWN: u32 = 1 << 16;
    pub(crate) const GIVEN: u32 = MALE | FEMALE | EITHER;
    pub(crate) const ADDRESS: u32 = MISTER | MISS | TITLE;
}

/// The kinds of a word that is no token, 0 for one that says nothing.
pub(super) fn kinds(word: &str) -> u32 {
    words::lookup(word).kinds
}

/// Whether the name in lower case is a well-known body's that looks like a person's.
pub(super) fn is_known_body(name: &str) -> bool {
    KNOWN_BODIES.contains(name)
}

/// Whether the name in the tokens `first..end` is a well-known body's.
pub(super) fn names_known_body(reading: &Reading, first: usize, end: usize) -> bool {
    let may = reading.kinds(first) & word::KNOWN != 0 || !reading.token(first).is_ascii();
    may && is_known_body(&super::people::name_of(reading, first, end).to_lowercase())
}

/// The full name of a body well known by a short one: `IMF`.
pub(super) fn full_body(short: &str) -> Option<&'static str> {
    SHORT_BODIES.get(short).copied()
}

/// Whether two given names may be one person's: equal, one an initial of the other, or one the other's short form.
pub(super) fn given_names_agree(one: &str, other: &str) -> bool {
    if one == other {
        return true; // as most are, in one article
    }
    let fold = |name: &str| name.to_lowercase();
    let (one, other) = (fold(one), fold(other));
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    let nick = |short: &str, long: &str| NICKNAMES.get(short).is_some_and(|full| full == long);
    one == other || initial(&one, &other) || initial(&other, &one) || nick(&one, &other) || nick(&other, &one)
}

/// The full name and the country (ISO alpha-2) of a leader known by the surname alone.
pub(super) fn leader(surname: &str) -> Option<(&'static str, &'static str)> {
    LEADERS.get(surname).copied()
}

/// The usual name of a leader who is named more fully: `Joe Biden` for `Joseph R. Biden`; `Donald Trump Jr.` is another.
pub(super) fn usual_name(name: &str) -> Option<&'static str> {
    let (given, rest) = name.split_once(' ')?;
    if let Some((usual, _)) = leader(name) {
        return Some(usual);
    }
    let (initials, surname) = rest.rsplit_once(' ').unwrap_or(("", rest));
    let (usual, _) = leader(surname)?;
    let first = usual.strip_suffix(surname)?.trim_end();
    let initial = |word: &str| word.trim_end_matches('.').chars().count() == 1;
    let same = given.len() > 2 && given_names_agree(given, first);
    (same && initials.split_whitespace().all(initial)).then_some(usual)
}

static NICKNAMES: LazyLock<Table<String, String>> = LazyLock::new(|| {
    people_rows()
        .filter(|(name, _)| *name == "nickname")
        .flat_map(|(_, list)| list.split_whitespace())
        .filter_map(|pair| pair.split_once('='))
        .map(|(short, full)| (short.to_lowercase(), full.to_lowercase()))
        .collect()
});

static KNOWN_BODIES: LazyLock<Set<String>> =
    LazyLock::new(|| known_bodies().map(str::to_lowercase).collect());

/// The well-known bodies whose names look like a person's.
pub(super) fn known_bodies() -> impl Iterator<Item = &'static str> {
    people_rows().filter(|(class, _)| *class == "known").flat_map(|(_, list)| list.split("; "))
}

static SHORT_BODIES: LazyLock<Table<&'static str, &'static str>> = LazyLock::new(|| {
    people_rows()
        .filter(|(class, _)| *class == "short")
        .flat_map(|(_, list)| list.split("; "))
        .filter_map(|pair| pair.split_once('='))
        .collect()
});

static LEADERS: LazyLock<Table<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    words::rows(include_str!("tables/leaders.txt"))
        .filter_map(|row| row.split_once(": "))
        .filter_map(|(surname, rest)| Some((surname, rest.rsplit_once(", ")?)))
        .collect()
});

pub(super) fn people_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    words::rows(include_str!("tables/people.txt")).filter_map(|row| row.split_once(": "))
}

/// A run of capitalised words that belong together: `US Vice President Kamala Harris`, `Unification Ministry`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// All its tokens.
    pub first: usize,
    pub end: usize,
    /// The name without titles and roles before it: `name..end`; equal to `end` where only a title stands.
    pub name: usize,
    /// Union of the kinds of the words before the name.
    pub title: u32,
}

/// The runs of the text, in order.
pub(super) fn runs(reading: &Reading) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        let token = &reading.tokens[at];
        let may_open = token.is_capitalised() || matches!(token.kind, TokenKind::Mixed | TokenKind::Number);
        if may_open && opens(reading, at) {
            let end = run_end(reading, at);
            runs.push(split(reading, past_seat(reading, at, end), end));
            at = end;
        } else {
            at += 1;
        }
    }
    runs
}

/// The names of two words and more that begin with a known given name or follow a title: what a headline or a caption
/// adds to the names of the text.
pub(super) fn person_names(reading: &Reading) -> Vec<String> {
    runs(reading)
        .iter()
        .filter(|run| {
            run.name < run.end && reading.kinds(run.name) & word::GIVEN != 0 && run.end - run.name < 5
        })
        .map(|run| super::people::name_of(reading, run.name, run.end))
        .filter(|name| name.contains(' '))
        .collect()
}

/// Where the ticker of a share ends that the mark at `dot` parts: `NRW.OL` behind a company's name.
pub(super) fn ticker(reading: &Reading, dot: usize) -> Option<usize> {
    let symbol = dot.checked_sub(1)?;
    let short = |at: usize| {
        reading.tokens.get(at).is_some_and(|token| token.end - token.start <= 2 && token.is_capitalised())
    };
    (reading.glued(dot)
        && reading.glued(dot + 1)
        && reading.token(dot) == "."
        && reading.tokens[symbol].is_capitalised()
        && reading.tokens[symbol].end - reading.tokens[symbol].start < 6
        && short(dot + 1)
        && !(reading.glued(dot + 2) && reading.tokens[dot + 2].is_word()))
    .then_some(dot + 2)
}

/// Where the name of a body ends that the `and` at `at` joins: `the Trade and Fisheries Commission`.
pub(super) fn joined_body(reading: &Reading, at: usize) -> Option<usize> {
    let first = at.checked_sub(1)?;
    let opens = first.checked_sub(1)?;
    let word = reading.word(opens);
    let opened = word.is(class::DET | class::POSS)
        || matches!(reading.token(opens), "U.S." | "US" | "U.K." | "UK" | "of" | "for")
        || reading.kind(opens) == TokenKind::Possessive;
    if !opened || reading.kind(first) != TokenKind::Capital || reading.kinds(first) & word::GIVEN != 0 {
        return None;
    }
    let names =
        (at + 1..at + 5).take_while(|&at| reading.kind(at) == TokenKind::Capital && is_name(reading, at));
    let last = names.last()?;
    (reading.kinds(last) & word::BODY != 0 && last > at + 1).then_some(last + 1)
}

/// Whether the token can be part of a name.
fn is_name(reading: &Reading, at: usize) -> bool {
    let closed = class::DET
        | class::POSS
        | class::PREP
        | class::CC
        | class::SUB
        | class::SUBJ
        | class::OBJ
        | class::WH
        | class::REL
        | class::NEG
        | class::HAVE
        | class::DO
        | class::BE
        | class::CONTRACTED
        | class::TO
        | class::THAT;
    match reading.kind(at) {
        TokenKind::Upper => {
            let word = reading.word(at);
            !word.is(closed)
                || reading.tokens[at].end - reading.tokens[at].start > 3
                || reading.token(at) == "US"
                || reading.token(at + 1) == "&" && reading.glued(at + 1)
        }
        TokenKind::Capital => {
            let word = reading.word(at);
            let initial = reading.token(at).chars().count() == 1
                && reading.token(at + 1) == "."
                && reading.glued(at + 1);
            initial
                || joins_names(reading, at)
                || !word.is(closed | class::TIME) && (!word.is(class::ADV) || word.is(class::ADJ))
        }
        TokenKind::Mixed => true,
        // `3M Co`
        TokenKind::Number => {
            reading.token(at).ends_with(|c: char| c.is_ascii_uppercase()) && is_legal_form(reading, at + 1)
        }
        _ => false,
    }
}

/// Whether the word at `at` is a preposition written with a capital amid a name: `Research In Motion`.
pub(super) fn joins_names(reading: &Reading, at: usize) -> bool {
    let capital = |at: usize| {
        let closed =
            class::DET | class::POSS | class::PREP | class::CC | class::SUB | class::SUBJ | class::TIME;
        reading.kind(at) == TokenKind::Capital && !reading.word(at).is(closed)
    };
    reading.word(at).is(class::PREP)
        && reading.kind(at) == TokenKind::Capital
        && at > 0
        && capital(at - 1)
        && capital(at + 1)
        && !reading.glued(at)
        && !reading.glued(at + 1)
}

fn opens(reading: &Reading, at: usize) -> bool {
    if !is_name(reading, at)
        || reading.glued(at)
            && at > 0
            && reading.token(at - 1) == "-"
            && reading.kind(at) != TokenKind::Capital
    {
        return false;
    }
    if ticker(reading, at + 1).is_some() || at > 0 && ticker(reading, at - 1).is_some() {
        return false;
    }
    if reading.token(at + 1) == "&" && reading.glued(at + 1) {
        return true; // `AT&T`
    }
    let starts_sentence = at == 0
        || matches!(
            reading.token(at - 1),
            "." | "!" | "?" | ":" | "“" | "\"" | "‘" | "'" | "(" | "—" | "”" | "…" | "*" | "•"
        )
        || reading.tokens[at - 1].ends_line();
    if !starts_sentence {
        return true;
    }
    let word = reading.word(at);
    let kinds = reading.kinds(at);
    let known = kinds & (word::GIVEN | word::ADDRESS | word::ROLE | word::EASTERN) != 0;
    let goes_on = is_name(reading, at + 1) && !reading.glued(at + 1)
        || reading.token(at + 1) == "&" && is_name(reading, at + 2);
    if !known && !goes_on && kinds & (word::SOURCE | word::GROUP) != 0 {
        // `Analysts said`: a common noun.
        return false;
    }
    known || word.class == 0 && word.forms == 0 || goes_on && word.forms == 0 && !word.is(class::ADV)
}

/// The first token of the name behind words that say where its bearer sits: `Dullshire-based Boreal Motors`.
fn past_seat(reading: &Reading, first: usize, end: usize) -> usize {
    let seat = |&at: &usize| {
        reading.token(at) == "-"
            && matches!(
                reading.token(at + 1),
                "based" | "headquartered" | "listed" | "born" | "led" | "owned" | "backed"
            )
            && at + 2 < end
    };
    (first..end).rev().find(seat).map_or(first, |at| at + 2)
}

fn run_end(reading: &Reading, first: usize) -> usize {
    let mut end = first + 1;
    while end < first + 24 {
        let Some(more) = continues(reading, end).or_else(|| past_possessive(reading, first, end)) else {
            break;
        };
        end = more;
        if reading.token(end - 1) == "." && reading.kinds(end - 2) & word::SUFFIX != 0 {
            break;
        }
    }
    end
}

/// Where the run ends whose name holds the possessive mark at `at`: `Macy's Inc`, `Moody's said`, `Lloyd's of London`.
fn past_possessive(reading: &Reading, first: usize, at: usize) -> Option<usize> {
    if reading.tokens.get(at)?.kind != TokenKind::Possessive {
        return None;
    }
    if is_legal_form(reading, at + 1) {
        return Some(at + 2);
    }
    if holds_its_mark(reading, at) {
        return Some(at + 1);
    }
    if reading.token(at + 1) == "of" && is_name(reading, at + 2) {
        return Some(at + 3);
    }
    let ends = (at + 1..(at + 4).min(reading.tokens.len() + 1)).rev();
    let mut known = ends.filter(|&end| names_known_body(reading, first, end));
    // `Moody's Ann Lee` is hers
    known.next().filter(|&end| end > at + 1 || !is_name(reading, end))
}

/// Whether the possessive mark at `at` belongs to a name that speaks: `Moody's said`, but not `Obama's proposed cuts`.
pub(super) fn holds_its_mark(reading: &Reading, at: usize) -> bool {
    let verb = reading.word(at + 1);
    let clause = reading.word(at + 2).is(class::DET | class::THAT | class::SUBJ);
    reading.kind(at) == TokenKind::Possessive
        && is_name(reading, at - 1)
        && (matches!(reading.token(at + 1), "said" | "says" | "told")
            || clause && verb.reports(!0) && verb.has(form::PAST | form::S))
}

/// Where the run ends once it has taken in what stands at `at`, if that continues a name.
fn continues(reading: &Reading, at: usize) -> Option<usize> {
    let token = reading.token(at);
    let suffix = |at: usize| reading.kinds(at) & word::SUFFIX != 0 && reading.kind(at) != TokenKind::Lower;
    let particle =
        |at: usize| reading.kind(at) == TokenKind::Lower && reading.kinds(at) & word::PARTICLE != 0;
    if is_name(reading, at) && !reading.glued(at) {
        return ticker(reading, at + 1).is_none().then_some(at + 1);
    }
    match token {
        "and" => return joined_body(reading, at).map(|_| at + 2),
        "." if reading.glued(at) => {
            if ticker(reading, at).is_some() {
                return None;
            }
            let initial = abbreviates(reading, at - 1) && is_name(reading, at + 1);
            if matches!(reading.token(at + 1), "com" | "net" | "org") && reading.glued(at + 1) {
                return Some(at + 2);
            }
            let form = is_legal_form(reading, at - 1) && is_legal_form(reading, at + 1); // `Cos. Inc`
            return (initial || form || suffix(at - 1)).then_some(at + 1);
        }
        "-" | "–" | "/" if reading.glued(at) && reading.glued(at + 1) => {
            return reading.tokens[at + 1].is_word().then_some(at + 2);
        }
        "&" => return is_name(reading, at + 1).then_some(at + 2),
        "“" | "\"" | "‘" => return past_nickname(reading, at),
        // `the Pilots' Association`
        "'" | "’" if reading.glued(at) && reading.token(at - 1).ends_with('s') => {
            let body = reading.kinds(at + 1) & word::BODY != 0 && is_name(reading, at + 1);
            return (body && !reading.glued(at + 1)).then_some(at + 2);
        }
        "," => return (suffix(at + 1) || is_legal_form(reading, at + 1)).then_some(at + 2),
        _ => {}
    }
    if !particle(at) || matches!(token, "y" | "e") {
        return None;
    }
    // `van der Berg`, `Cabral de Miranda`
    let mut last = at + 1;
    last += usize::from(particle(last));
    last += usize::from(matches!(reading.token(last), "-" | "–") && reading.glued(last));
    is_name(reading, last).then_some(last + 1)
}

/// Where the nickname ends that the mark at `open` sets between a given name and a surname: `Joe “Sloppy” Reed`.
pub(super) fn past_nickname(reading: &Reading, open: usize) -> Option<usize> {
    let given = reading.kinds(open.checked_sub(1)?) & word::GIVEN != 0;
    let capital =
        |at: usize| matches!(reading.kind(at), TokenKind::Capital | TokenKind::Upper | TokenKind::Mixed);
    let close = (open + 2..open + 4).find(|&at| matches!(reading.token(at), "”" | "\"" | "’"))?;
    let surname = capital(close + 1) && is_name(reading, close + 1);
    (given && capital(open - 1) && (open + 1..close).all(capital) && surname).then_some(close + 1)
}

/// `Inc`, `Corp` with its capital.
pub(super) fn is_legal_form(reading: &Reading, at: usize) -> bool {
    reading.kinds(at) & word::CORPORATE != 0 && reading.tokens[at].is_capitalised()
}

fn abbreviates(reading: &Reading, at: usize) -> bool {
    let part = reading.glued(at) && at > 0 && reading.token(at - 1) == "/"; // `I/B/E/S`
    reading.token(at).chars().count() == 1 && !part || reading.kinds(at) & (word::ADDRESS | word::SUFFIX) != 0
}

/// Parts the titles and roles at the head of a run from the name.
fn split(reading: &Reading, first: usize, end: usize) -> Run {
    let mut name = first;
    let mut title = 0;
    let mut at = first;
    while at < end {
        let kinds = reading.kinds(at);
        let given = kinds & word::GIVEN != 0;
        let surname = at + 1 == end && at > name; // `Governor Ann King`
        if kinds & (word::ADDRESS | word::ROLE) != 0
            && !surname
            && !(given && at + 1 < end && at > first && kinds & word::ROLE == 0)
        {
            title |= kinds & (word::ADDRESS | word::ROLE);
            name = at + 1;
            if reading.token(name) == "." && reading.glued(name) && name < end {
                name += 1;
                at += 1;
            } else if reading.token(name) == "-" && reading.token(name + 1) == "elect" && name + 2 <= end {
                // `President-elect Lee`
                name += 2;
                at += 2;
            }
        }
        at += 1;
    }
    if name < end && (name..end).all(|at| reading.kinds(at) & word::BODY != 0) {
        // `Justice Department`: the title is the body's.
        return Run { first, end, name: first, title: 0 };
    }
    // `Deputy Secretary` alone, or `General Electric`: no name left, or none to part.
    Run { first, end, name, title }
}

#[cfg(test)]
mod tests {
    use super::super::phrases::read;
    use super::super::tokens::span;
    use super::{given_names_agree, runs};

    #[test]
    fn leaders_have_one_name() {
        let check = |name: &str, usual: Option<&str>| assert_eq!(super::usual_name(name), usual, "{name}");
        check("Joseph R. Biden Jr.", Some("Joe Biden"));
        check("Joseph Biden", Some("Joe Biden"));
        check("Donald J. Trump", Some("Donald Trump"));
        check("Donald Trump Jr.", None);
        check("Hunter Biden", None);
        check("Michelle Obama", None);
        check("Biden", None);
    }

    fn check(text: &str, expected: &[&str]) {
        let found = read(text, |reading| {
            let names = runs(reading).into_iter().filter(|run| run.name < run.end);
            names.map(|run| span(reading.tokens, run.name, run.end).of(text)).collect::<Vec<&str>>()
        });
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn names_without_their_titles() {
        check("US Vice President Nora Blake met Jock A. Finn.", &["Nora Blake", "Jock A. Finn"]);
        check("Yesterday Sen. Ted Blunt Jr. and Mr. Choi Min-ho left", &["Ted Blunt Jr.", "Choi Min-ho"]);
        check(
            "Moody's Ann Lee left Dull's Inc and Standard & Poor's Bo Reed. He left Macy's.",
            &["Moody", "Ann Lee", "Dull's Inc", "Standard & Poor", "Bo Reed", "Macy's"],
        );
        check("said Joe “Sloppy” Reed", &["Joe “Sloppy” Reed"]);
        check("trams of Dull-based Boreal Reed", &["Boreal Reed"]);
        check(
            "the Pilots' Association and Search In Motion met",
            &["Pilots' Association", "Search In Motion"],
        );
        check("Dull's said so, Dull's warned that it rains.", &["Dull's", "Dull's"]);
        check(
            "Dull's proposed cuts, Dull's of Holm and Hill & Dale's told us.",
            &["Dull", "Dull's of Holm", "Hill & Dale's"],
        );
        check("expected by Thomson Reuters I/B/E/S. Revenue rose", &["Thomson Reuters I/B/E/S", "Revenue"]);
        check(
            "Gustavo Cabral de Souza of the Blue Institute",
            &["Gustavo Cabral de Souza", "Blue Institute"],
        );
    }

    #[test]
    fn short_forms_and_initials_agree() {
        assert!(given_names_agree("Bill", "William"));
        assert!(given_names_agree("J", "Jane"));
        assert!(!given_names_agree("Bill", "Hillary"));
    }
}
