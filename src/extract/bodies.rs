//! Bodies: the companies, ministries and other organisations of one article, and which of them a later mention means.

use super::keys::{Key, Set, Table};
use super::names::{self, Run, word};
use super::setting::Setting;
use super::tokens::TokenKind;
use super::words::class;
use crate::findings::Country;

/// An organisation with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    /// Without country and legal form: `Unification Ministry`, `Northern Motors`.
    pub name: String,
    pub country: Option<Country>,
    /// Shown to be a company: by its legal form, by a ticker.
    pub company: bool,
    /// The token where it is first named.
    pub introduced: usize,
}

/// All bodies of an article.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    pub list: Vec<Body>,
    /// Names, short forms and initials, folded; `None` where two bodies share one.
    called: Table<String, Option<usize>>,
    /// The first words of those.
    openers: Set<Key>,
    /// Whether one of the first words is too long for a key, or of other letters.
    odd_opener: bool,
    /// Which body is named where, in text order.
    namings: Vec<(usize, usize)>,
}

/// How far back a description (`the ministry`, `it`) looks, in namings.
const REACH: usize = 200;

impl Bodies {
    /// Reads the bodies of the text: what holds a word like `Ministry`, is written in capitals or with an `&`, or has
    /// the marks of a company.
    pub(super) fn read(setting: &Setting) -> Bodies {
        let mut bodies = Bodies::default();
        let mut past = 0;
        let mut names = vec![None; setting.runs.len()];
        for (run, known) in setting.runs.iter().zip(&mut names) {
            if run.first < past || !is_body(setting, run) || bodies.headed(setting, run).is_some() {
                continue;
            }
            let end = setting.body_end(run);
            past = end;
            *known = setting.body_name(run.first, end);
            if let Some(name) = known {
                bodies.add(setting, run, end, name);
            }
        }
        for (run, known) in setting.runs.iter().zip(names).filter(|_| !bodies.list.is_empty()) {
            if let Some(body) = bodies.meant(setting, run, known) {
                bodies.namings.push((run.first, body));
            }
        }
        bodies
    }

    fn add(&mut self, setting: &Setting, run: &Run, end: usize, name: &str) {
        let company = is_company(setting, end);
        let folded = name.to_lowercase();
        if let Some(&Some(known)) = self.called.get(&folded) {
            self.list[known].company |= company;
            return;
        }
        let index = self.list.len();
        let words: Vec<&str> = folded.split(' ').collect();
        for short in short_forms(name, &words).into_iter().chain(defined(setting, end)) {
            self.add_openers(&short);
            let meant = self.called.entry(short).or_insert(Some(index));
            if *meant != Some(index) {
                *meant = None;
            }
        }
        self.add_openers(&folded);
        self.called.insert(folded, Some(index));
        let country = setting.country_before(run.first, end);
        self.list.push(Body { name: name.to_owned(), country, company, introduced: run.first });
    }

    fn add_openers(&mut self, name: &str) {
        for opener in first_tokens(name) {
            match Key::of(opener) {
                Some(key) => _ = self.openers.insert(key),
                None => self.odd_opener = true,
            }
        }
    }

    /// The body the run names, in full or for short.
    pub(super) fn named(&self, setting: &Setting, run: &Run) -> Option<usize> {
        self.meant(setting, run, None)
    }

    /// The same of a run whose name may be known.
    fn meant(&self, setting: &Setting, run: &Run, name: Option<String>) -> Option<usize> {
        if let Some(body) = self.headed(setting, run) {
            return Some(body);
        }
        let reading = &setting.reading;
        let opens = |at: usize| {
            Key::of_token(reading.text, &reading.tokens[at])
                .map_or(self.odd_opener, |key| self.openers.contains(&key))
        };
        if run.title & word::ADDRESS != 0 || !(run.first..run.end).any(opens) {
            return None;
        }
        self.called(&name.or_else(|| setting.body_name(run.first, setting.body_end(run)))?)
    }

    /// The body that the run takes up by the word that says what it is: `the Fund`, `the Ministry`.
    fn headed(&self, setting: &Setting, run: &Run) -> Option<usize> {
        let reading = &setting.reading;
        let definite = run.end - run.first == 1
            && setting.kinds(run.first) & word::BODY != 0
            && run.first > 0
            && reading.token(run.first - 1).eq_ignore_ascii_case("the")
            && setting.body_end(run) == run.end
            && reading.token(run.first) != "House"; // the White House is another
        if !definite {
            return None;
        }
        let head = reading.token(run.first);
        let known = self.list.partition_point(|body| body.introduced < run.first);
        let of = |rest: &str| rest.starts_with(" of ") || rest.starts_with(" for ");
        (0..known).rev().take(REACH).find(|&body| {
            let name = &self.list[body].name;
            name.strip_suffix(head).is_some_and(|rest| rest.ends_with(' '))
                || name.strip_prefix(head).is_some_and(of)
        })
    }

    /// The body of that name or short form.
    pub(super) fn called(&self, name: &str) -> Option<usize> {
        *self.called.get(&name.to_lowercase())?
    }

    /// The last body named before the token.
    pub(super) fn before(&self, token: usize) -> Option<(&Body, usize)> {
        let after = self.namings.partition_point(|&(at, _)| at < token);
        self.namings[..after].last().map(|&(at, body)| (&self.list[body], at))
    }

    /// The body last named before the token whose name ends in the word (`ministry`).
    pub(super) fn ending_in(&self, last: &str, token: usize) -> Option<&Body> {
        self.recent(token)
            .map(|body| &self.list[body])
            .find(|body| body.name.rsplit(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(last)))
    }

    /// The company most named before the token, and whether it is the only one.
    pub(super) fn company(&self, token: usize) -> Option<(&Body, bool)> {
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for body in self.recent(token).filter(|&body| self.list[body].company) {
            match counts.iter_mut().find(|(other, _)| *other == body) {
                Some((_, count)) => *count += 1,
                None => counts.push((body, 1)),
            }
        }
        let only = counts.len() == 1;
        let (best, _) = counts.into_iter().rev().max_by_key(|&(_, count)| count)?;
        Some((&self.list[best], only))
    }

    fn recent(&self, token: usize) -> impl Iterator<Item = usize> {
        let after = self.namings.partition_point(|&(at, _)| at < token);
        self.namings[..after].iter().rev().take(REACH).map(|&(_, body)| body)
    }
}

/// What the first token of a name may be: `moody's` is cut before its ending, `o'brien` is not.
fn first_tokens(name: &str) -> [&str; 2] {
    let until = |ends: fn(char) -> bool| name.split(ends).next().unwrap_or_default();
    [until(|c| !c.is_alphanumeric()), until(|c| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’'))]
}

/// Whether the run shows by itself or by what follows that it names a body.
pub(super) fn is_body(setting: &Setting, run: &Run) -> bool {
    let reading = &setting.reading;
    let tokens = run.first..run.end;
    let person = run.title != 0 || setting.kinds(run.name) & word::GIVEN != 0 && run.end - run.name > 1;
    if run.title == 0 && names::names_known_body(reading, run.first, run.end) {
        return true;
    }
    let marked = tokens.clone().any(|at| setting.kinds(at) & word::CORPORATE != 0 && at > run.first)
        || tokens.clone().any(|at| reading.token(at) == "&" || reading.kind(at) == TokenKind::Possessive)
        || has_ticker(setting, run.end);
    let worded = tokens.clone().any(|at| setting.kinds(at) & word::BODY != 0);
    let acronym = run.end - run.first == 1 && reading.tokens[run.first].kind == TokenKind::Upper;
    marked || (worded || acronym) && !person
}

/// Whether the name that ends before `end` is a company's.
fn is_company(setting: &Setting, end: usize) -> bool {
    setting.kinds(end - 1) & word::CORPORATE != 0
        || setting.reading.token(end - 1) == "." && end > 1 && setting.kinds(end - 2) & word::CORPORATE != 0
        || has_ticker(setting, end)
}

/// `(NRW.OL)` or ` NRW.OL` behind a name.
fn has_ticker(setting: &Setting, end: usize) -> bool {
    let open = usize::from(setting.reading.token(end) == "(");
    names::ticker(&setting.reading, end + open + 1).is_some()
}

/// The initials that brackets give: `Northern Fisheries Board (NFB)`.
fn defined(setting: &Setting, end: usize) -> Option<String> {
    let reading = &setting.reading;
    let given = reading.token(end) == "("
        && reading.token(end + 2) == ")"
        && reading.tokens.get(end + 1).is_some_and(|token| token.kind == TokenKind::Upper);
    given.then(|| reading.token(end + 1).to_lowercase())
}

/// What else the name goes by: its first words, its initials.
fn short_forms(name: &str, words: &[&str]) -> Vec<String> {
    let mut forms = Vec::new();
    let telling = |word: &str| {
        names::kinds(word) & (word::BODY | word::ROLE | word::MODIFIER | word::GROUP) == 0 && word.len() > 2
    };
    for count in 1..words.len().min(4) {
        if telling(words[count - 1]) && (count > 1 || is_rare(words[0])) {
            forms.push(words[..count].join(" "));
        }
    }
    let initials: String =
        name.split(' ').filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).collect();
    if initials.chars().count() > 1 {
        forms.push(initials.to_lowercase());
    }
    forms
}

/// Whether a first word alone can stand for a body: `Boreal`, not `National`, `United`, `First`.
fn is_rare(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "united",
        "american",
        "european",
        "first",
        "federal",
        "royal",
        "standard",
        "central",
        "great",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "international",
        "national",
        "general",
    ];
    !COMMON.contains(&word) && super::words::lookup(word).class & !class::NOUN == 0
}

#[cfg(test)]
mod tests {
    use super::super::names::runs;
    use super::super::phrases::read;
    use super::super::setting::Setting;
    use super::Bodies;

    fn check(text: &str, expected: &[&str]) {
        let bodies =
            read(text, |&reading| Bodies::read(&Setting { reading, runs: &runs(&reading), places: &[] }));
        let found: Vec<&str> =
            bodies.namings.iter().map(|&(_, body)| bodies.list[body].name.as_str()).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn one_name_for_short_forms_and_initials() {
        check("Boreal Motors Corp. fell. Yesterday Boreal rose.", &["Boreal Motors", "Boreal Motors"]);
        check("the Northern Fisheries Board (NFB) met; NFB said", &["Northern Fisheries Board"; 3]);
        check("shares of Boreal (BRL.OL) fell", &["Boreal"]);
        check("the Bank of Dullshire Corp met", &["Bank of Dullshire"]);
        check("the Trade and Fisheries Commission met", &["Trade and Fisheries Commission"]);
        check("Ann Lee met Tom Bank", &[]);
        check("the Boreal Monetary Fund met and the Fund rose", &["Boreal Monetary Fund"; 2]);
        check("the Office for Parks and Trade met; the Office rose", &["Office for Parks and Trade"; 2]);
    }
}
