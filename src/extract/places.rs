//! Places in the text and the countries they lie in.
//!
//! A name is read in three steps: the gazetteer gives what it may stand for; its neighbours tell whether it is a place
//! here at all (not a person, a street, a newspaper, a language); and where it may lie in several countries, its
//! qualifier (`Lebanon, Ohio`), the same name elsewhere in the story, and the story's other places decide.

use super::gazetteer::{self, Found, Kind, Sense, Senses};
use super::sentences::Sentence;
use super::tokens::{self, Token, TokenKind};
use crate::article::{Article, Span};
use crate::findings::{Country, Place};
use std::collections::BTreeMap;

/// What a story tells of countries, by name and otherwise.
pub struct Geography {
    /// The namings of countries and of places in them, in text order, not overlapping.
    pub places: Vec<Place>,
    /// The countries the headline names, in its order.
    pub(super) title: Vec<Country>,
    /// The country the story was filed from.
    pub(super) dateline: Option<Country>,
    /// How much points to a country without naming it, in the headline and the text: the sum of its marks' weights.
    pub(super) marks: BTreeMap<Country, usize>,
}

/// Finds the places of the headline, the dateline and the text, and settles them together.
pub fn places(article: &Article, tokens: &[Token], _sentences: &[Sentence]) -> Geography {
    let title_tokens = tokens::tokens(&article.title);
    let filed = article.dateline.as_deref().unwrap_or_default();
    let filed_tokens = tokens::tokens(filed);
    let mut marks = BTreeMap::new();
    let title = Stretch::read(&article.title, &title_tokens, &mut marks);
    let body = Stretch::read(&article.text, tokens, &mut marks);
    let filed = Stretch::read(filed, &filed_tokens, &mut BTreeMap::new());
    let support = Support::of(&[&filed, &title, &body], &marks);
    let dateline = filed.settled(&support).first().map(|place| place.country).or_else(|| {
        let end = dateline_end(&article.text, tokens)?;
        let first = *body.settled(&support).first()?;
        (first.span.end <= end).then_some(first.country)
    });
    Geography {
        places: body.settled(&support),
        title: title.settled(&support).iter().map(|place| place.country).collect(),
        dateline,
        marks,
    }
}

/// Where a dateline at the head of the text ends, in bytes: `LONDON (Reuters) -`, `SEOUL, May 3 —`.
fn dateline_end(text: &str, tokens: &[Token]) -> Option<usize> {
    let head = &tokens[..tokens.len().min(16)];
    if head.first()?.kind != TokenKind::Upper {
        return None;
    }
    let dash = head
        .iter()
        .position(|token| token.kind == TokenKind::Mark && matches!(token.of(text), "-" | "–" | "—" | "("))?;
    Some(head[dash].start as usize)
}

/// A name that is a place here, its country still open where it has several senses.
#[derive(Clone, Copy)]
struct Candidate {
    span: Span,
    senses: Senses,
    /// Settled by a qualifier: `Lebanon, Ohio`.
    qualified: Option<Country>,
    /// After `in`, `at`, `from` …, or before a qualifier: only places stand there.
    located: bool,
}

/// The candidates of one stretch of text.
struct Stretch {
    candidates: Vec<Candidate>,
    /// Names that are a person's surname somewhere in it.
    persons: Vec<Senses>,
}

impl Stretch {
    fn read(text: &str, tokens: &[Token], marks: &mut BTreeMap<Country, usize>) -> Stretch {
        let mut candidates: Vec<Candidate> = Vec::new();
        let shouted = Shouted::of(text, tokens);
        let mut persons = Vec::new();
        let mut before: Option<Found> = None; // the last name, to be qualified by this one
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            if !token.is_word() {
                at += 1;
                continue;
            }
            if let Some(country) = listed_in(text, tokens, at) {
                *marks.entry(country).or_default() += 2;
            }
            let Some(found) = gazetteer::longest(text, tokens, at) else {
                if county(text, tokens, at) {
                    *marks.entry(US).or_default() += 2;
                }
                at += 1;
                continue;
            };
            let context = Context { text, tokens, found, shouted: shouted.at(at) };
            match context.reading() {
                Reading::Nothing => at = found.end,
                Reading::Lower => at += 1,
                Reading::Person => {
                    persons.push(found.senses);
                    at = found.end;
                }
                Reading::Mark(sense) => {
                    *marks.entry(sense.country).or_default() += usize::from(sense.size);
                    at = found.end;
                }
                Reading::Place { located } => {
                    let span = Span::new(token.start as usize, tokens[found.end - 1].end as usize);
                    let qualified = context.american_county();
                    let mut candidate = Candidate { span, senses: found.senses, qualified, located };
                    if let Some(town) = before.filter(|town| is_comma(text, tokens, town.end, at)) {
                        if let (Some(last), Some(country)) = (candidates.last_mut(), qualifies(found, town)) {
                            last.qualified = Some(country);
                            last.located = true;
                            candidate.qualified = Some(country);
                        }
                    }
                    candidates.push(candidate);
                    before = Some(found);
                    at = found.end;
                    continue;
                }
            }
            before = None;
        }
        Stretch { candidates, persons }
    }

    /// The places with their countries, those left out that nothing in the story supports.
    fn settled(&self, support: &Support) -> Vec<Place> {
        self.candidates
            .iter()
            .filter_map(|candidate| Some(Place { span: candidate.span, country: support.settle(candidate)? }))
            .collect()
    }
}

/// Whether just a comma stands between the tokens `end` and `at`.
fn is_comma(text: &str, tokens: &[Token], end: usize, at: usize) -> bool {
    let between = &tokens[end..at];
    between.iter().filter(|token| token.kind != TokenKind::Line).count() == 1
        && between.iter().any(|token| token.of(text) == ",")
}

/// The country in which `region` puts `town`, if it is its qualifier and not the next in a list.
fn qualifies(region: Found, town: Found) -> Option<Country> {
    let best = town.senses.first()?;
    let town_is_country = best.kind == Kind::Name;
    let small_town = matches!(best.kind, Kind::City | Kind::WeakCity) && best.size < 6;
    let next_in_list = town_is_country && region.senses.first()?.kind == Kind::Name;
    region.senses.iter().filter(|_| !next_in_list).find_map(|sense| {
        let shared = town.senses.iter().any(|other| {
            other.country == sense.country
                && matches!(other.kind, Kind::Capital | Kind::City | Kind::WeakCity)
        });
        match sense.kind {
            Kind::ShortRegion | Kind::Region => Some(sense.country),
            Kind::Name | Kind::Letters if shared && !town_is_country || small_town => Some(sense.country),
            Kind::Division if shared => Some(sense.country),
            _ => None,
        }
    })
}

/// What a name is where it stands.
enum Reading {
    Place {
        located: bool,
    },
    Mark(Sense),
    /// A person's surname.
    Person,
    /// A name of something else: none of its words is looked at again.
    Nothing,
    /// No name here: the next word may begin one.
    Lower,
}

/// A name among its neighbours.
struct Context<'t> {
    text: &'t str,
    tokens: &'t [Token],
    found: Found,
    /// It stands in a line of capitals only.
    shouted: bool,
}

impl<'t> Context<'t> {
    fn reading(&self) -> Reading {
        let Some(sense) = self.found.senses.first() else { return Reading::Lower };
        let first = &self.tokens[self.found.first];
        let last = &self.tokens[self.found.end - 1];
        if sense.kind == Kind::LowerMark {
            return Reading::Mark(sense);
        }
        let capital = |token: &Token| token.kind != TokenKind::Lower;
        if !capital(first) || !capital(last) {
            return Reading::Lower;
        }
        match sense.kind {
            Kind::Mark if sense.size > 0 => return Reading::Mark(sense),
            Kind::Nothing => return Reading::Nothing,
            _ => {}
        }
        let one_word = self.found.end == self.found.first + 1;
        if sense.kind == Kind::Letters {
            let dotted = first.of(self.text).contains('.');
            let upper = !one_word || first.kind == TokenKind::Upper;
            let money = self.after().is_some_and(|token| token.glued && token.of(self.text) == "$");
            return if upper && !money && (dotted || !self.shouted || first.end - first.start > 2) {
                Reading::Place { located: false }
            } else {
                Reading::Lower
            };
        }
        let before = self.before();
        let after = self.after();
        let before_word = before.map_or("", |token| token.of(self.text));
        let after_word = after.map_or("", |token| token.of(self.text));
        if sense.kind == Kind::ShortRegion {
            return self.short_region(before_word, after_word);
        }
        if self.names_a_street() {
            return Reading::Nothing;
        }
        let located = is_one_of(before_word, LOCATIVES);
        let name_before = before.is_some_and(|token| token.is_capitalised() && !self.shouted)
            && !located
            && !is_one_of(before_word, NOT_FORENAMES)
            && !self.ends_a_place(self.found.first);
        match sense.kind {
            Kind::People => {
                let language = after_word.eq_ignore_ascii_case("language")
                    || after.is_some_and(|token| token.of(self.text) == "-") && self.glued_speaking()
                    || is_one_of(before_word, SPEAKING) && !after.is_some_and(|token| token.is_word());
                let surname = one_word
                    && is_one_of(first.of(self.text), PEOPLE_NAMES)
                    && !self.shouted
                    && (name_before || after.is_some_and(|token| token.kind == TokenKind::Capital));
                if language || surname { Reading::Nothing } else { Reading::Place { located } }
            }
            Kind::Name if one_word && is_one_of(first.of(self.text), COUNTRY_FORENAMES) => {
                let name_after = after.is_some_and(|token| token.kind == TokenKind::Capital) && !located;
                if (name_before || name_after) && !self.shouted {
                    Reading::Nothing
                } else {
                    Reading::Place { located }
                }
            }
            Kind::Name | Kind::Metonym | Kind::Division => Reading::Place { located },
            Kind::Capital | Kind::Region | Kind::City | Kind::WeakCity => {
                if is_one_of(after_word, PAPERS) {
                    return Reading::Nothing;
                }
                let forename = one_word
                    && is_one_of(first.of(self.text), CITY_FORENAMES)
                    && after.is_some_and(|token| token.kind == TokenKind::Capital)
                    && !located;
                if one_word && name_before && !self.qualified_next() {
                    return Reading::Person;
                }
                if forename && !self.shouted {
                    return Reading::Nothing;
                }
                Reading::Place { located }
            }
            _ => Reading::Lower,
        }
    }

    /// `Fla.`, `NY` and their like are regions after a town's comma or a party's letter (`D-Ill.`), nowhere else.
    fn short_region(&self, before_word: &str, after_word: &str) -> Reading {
        let word = self.tokens[self.found.end - 1].of(self.text);
        let town = self.found.first.checked_sub(2).map(|at| &self.tokens[at]);
        let after_town =
            before_word == "," && town.is_some_and(|token| token.kind != TokenKind::Lower && token.is_word());
        let party = before_word == "-" && town.is_some_and(|token| matches!(token.of(self.text), "D" | "R"));
        let postal = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let shortened = word.contains('.') || after_word == "." || after_word == "," || word.len() > 3;
        if (after_town && (postal || shortened)) || party {
            Reading::Place { located: true }
        } else {
            Reading::Lower
        }
    }

    /// The United States where a county there bears the name of a place elsewhere: `Guernsey County`.
    fn american_county(&self) -> Option<Country> {
        let at = self.found.end - 1;
        (self.tokens[at].is_capitalised() && county(self.text, self.tokens, at)).then_some(US)
    }

    /// The token before the name, ends of lines left out, in the same paragraph.
    fn before(&self) -> Option<&'t Token> {
        self.tokens[..self.found.first]
            .iter()
            .rev()
            .find(|token| token.kind != TokenKind::Line)
            .filter(|token| token.kind != TokenKind::Break)
    }

    fn after(&self) -> Option<&'t Token> {
        self.tokens[self.found.end..]
            .iter()
            .find(|token| token.kind != TokenKind::Line)
            .filter(|token| token.kind != TokenKind::Break)
    }

    /// `-speaking`, `-language`.
    fn glued_speaking(&self) -> bool {
        self.tokens.get(self.found.end + 1).is_some_and(|token| {
            matches!(token.of(self.text), "speaking" | "language" | "speaker" | "speakers")
        })
    }

    /// `Dublin Road`, `Indian Lake Road`.
    fn names_a_street(&self) -> bool {
        self.tokens[self.found.end..]
            .iter()
            .take(3)
            .take_while(|token| token.is_capitalised() && !token.glued)
            .any(|token| is_one_of(token.of(self.text), STREETS))
    }

    /// Whether the word before token `at` is itself the name of a place: `Paris London flights`.
    fn ends_a_place(&self, at: usize) -> bool {
        at > 0
            && gazetteer::longest(self.text, self.tokens, at - 1)
                .and_then(|found| found.senses.first())
                .is_some_and(|sense| {
                    !matches!(sense.kind, Kind::WeakCity | Kind::Nothing | Kind::Mark | Kind::LowerMark)
                })
    }

    /// A comma and the name of a region follow.
    fn qualified_next(&self) -> bool {
        let end = self.found.end;
        self.tokens.get(end).is_some_and(|token| token.of(self.text) == ",")
            && self.tokens.get(end + 1).is_some_and(Token::is_capitalised)
            && gazetteer::longest(self.text, self.tokens, end + 1)
                .is_some_and(|region| qualifies(region, self.found).is_some())
    }
}

/// The country of the exchange on which the company of the letters at token `at` is listed, as Reuters writes it:
/// `<SIEG.F>`, `(XOM.N)`; letters alone, `<GM>`, are American.
fn listed_in(text: &str, tokens: &[Token], at: usize) -> Option<Country> {
    if tokens[at].kind == TokenKind::Lower {
        return None;
    }
    let mark = |at: usize| {
        tokens.get(at).filter(|token| token.kind == TokenKind::Mark).map_or("", |token| token.of(text))
    };
    let opened = at.checked_sub(1).map_or("", mark);
    let closed = |at: usize| matches!((opened, mark(at)), ("<", ">") | ("(", ")"));
    if opened == "<" && closed(at + 1) && tokens[at].end - tokens[at].start <= 4 {
        return Some(US);
    }
    let exchange = tokens.get(at + 2).filter(|token| token.glued && mark(at + 1) == "." && closed(at + 3))?;
    let country = match exchange.of(text) {
        "N" | "O" | "OQ" | "A" | "P" => "US",
        "TO" | "M" | "V" => "CA",
        "L" => "GB",
        "T" => "JP",
        "F" | "DE" => "DE",
        "PA" => "FR",
        "MI" => "IT",
        "AS" => "NL",
        "BR" => "BE",
        "Z" | "VX" => "CH",
        "S" | "AX" => "AU",
        "ST" => "SE",
        "OL" => "NO",
        "CO" => "DK",
        "HE" => "FI",
        "HK" => "HK",
        "SI" => "SG",
        "KL" => "MY",
        "WE" | "NZ" => "NZ",
        "J" => "ZA",
        "MC" => "ES",
        "VI" => "AT",
        "BO" | "NS" => "IN",
        "KS" => "KR",
        "TW" => "TW",
        "SS" | "SZ" => "CN",
        "SA" => "BR",
        "MX" => "MX",
        "MM" => "RU",
        "IS" => "TR",
        "TA" => "IL",
        _ => return None,
    };
    Country::new(country)
}

/// Whether a county is named as Americans name them, `Clarke County`: elsewhere it comes first or is a council.
fn county(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens[at].kind == TokenKind::Capital
        && tokens.get(at + 1).is_some_and(|token| token.of(text) == "County")
        && !tokens.get(at + 2).is_some_and(|token| {
            is_one_of(token.of(text), &["council", "cricket", "championship", "court", "hall"])
        })
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other))
}

const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "boulevard",
    "blvd",
    "lane",
    "drive",
    "dr",
    "court",
    "way",
    "terrace",
    "highway",
    "parkway",
    "close",
    "crescent",
    "turnpike",
    "expressway",
];
const PAPERS: &[&str] = &[
    "times",
    "post",
    "herald",
    "globe",
    "tribune",
    "chronicle",
    "gazette",
    "daily",
    "journal",
    "inquirer",
    "sun-times",
    "examiner",
    "observer",
    "telegraph",
    "mirror",
    "courier",
    "review",
    "dispatch",
    "bulletin",
];
const LOCATIVES: &[&str] = &[
    "in",
    "at",
    "from",
    "near",
    "to",
    "outside",
    "around",
    "across",
    "throughout",
    "into",
    "of",
    "toward",
    "towards",
    "between",
    "via",
    "over",
    "inside",
];
const SPEAKING: &[&str] = &[
    "speak", "speaks", "spoke", "speaking", "spoken", "fluent", "learn", "learning", "taught", "in", "broken",
];
/// Capitalised words before a city that do not make it a surname.
const NOT_FORENAMES: &[&str] = &[
    "the",
    "a",
    "an",
    "and",
    "but",
    "or",
    "for",
    "on",
    "by",
    "with",
    "as",
    "when",
    "while",
    "if",
    "after",
    "before",
    "since",
    "until",
    "like",
    "greater",
    "downtown",
    "central",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "mid",
    "old",
    "new",
    "upper",
    "lower",
    "inner",
    "outer",
    "metro",
    "metropolitan",
    "uptown",
    "midtown",
    "suburban",
    "nearby",
    "former",
    "this",
    "that",
    "these",
    "both",
    "many",
    "some",
    "most",
    "all",
    "other",
    "his",
    "her",
    "their",
    "its",
    "our",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "university",
    "port",
    "city",
    "river",
    "where",
    "what",
    "how",
    "why",
    "is",
    "was",
    "than",
    "then",
    "though",
    "although",
    "because",
    "meanwhile",
    "yesterday",
    "today",
    "reuters",
    "ap",
    "afp",
    "bank",
    "club",
];
/// Countries that are forenames or surnames too.
const COUNTRY_FORENAMES: &[&str] = &[
    "jordan",
    "chad",
    "georgia",
    "israel",
    "ireland",
    "holland",
    "england",
    "wales",
    "france",
    "jersey",
    "cuba",
    "mali",
    "jamaica",
    "montserrat",
    "dominica",
    "america",
    "guinea",
    "kenya",
    "india",
    "britain",
    "cyprus",
];
/// Peoples that are names of persons too.
const PEOPLE_NAMES: &[&str] =
    &["finn", "dane", "pole", "turk", "scot", "scott", "german", "swede", "manx", "lao"];
/// Cities and regions that are forenames too.
const CITY_FORENAMES: &[&str] = &[
    "paris",
    "sydney",
    "austin",
    "charlotte",
    "madison",
    "florence",
    "virginia",
    "carolina",
    "dakota",
    "victoria",
    "lincoln",
    "jackson",
    "brooklyn",
    "savannah",
    "dallas",
    "houston",
    "santiago",
    "diego",
    "kingston",
    "milan",
    "georgia",
    "montana",
    "vienna",
    "sofia",
    "alexandria",
    "denver",
    "orlando",
    "london",
    "geneva",
    "troy",
    "tyler",
    "carson",
    "logan",
    "clinton",
    "warren",
    "marion",
    "aurora",
    "lima",
    "salem",
    "nelson",
    "lawrence",
    "stanley",
    "douglas",
    "hamilton",
    "jerusalem",
];

/// The tokens that stand in lines of capitals only, where a capital says nothing.
struct Shouted {
    /// Stretches of tokens, in order.
    lines: Vec<(usize, usize)>,
}

impl Shouted {
    fn of(_text: &str, tokens: &[Token]) -> Shouted {
        let mut lines = Vec::new();
        let mut first = 0;
        for end in 0..=tokens.len() {
            let ends =
                tokens.get(end).is_none_or(|token| matches!(token.kind, TokenKind::Line | TokenKind::Break));
            if ends {
                let words = || tokens[first..end].iter().filter(|token| token.is_word());
                let upper = words().filter(|token| token.kind == TokenKind::Upper).count();
                if upper >= 3 && upper * 10 >= words().count() * 7 {
                    lines.push((first, end));
                }
                first = end + 1;
            }
        }
        Shouted { lines }
    }

    fn at(&self, token: usize) -> bool {
        let line = self.lines.partition_point(|&(_, end)| end <= token);
        self.lines.get(line).is_some_and(|&(first, _)| first <= token)
    }
}

const US: Country = Country::US;

/// How strongly the rest of the story speaks for each country.
struct Support {
    /// Every naming that can mean one country only, and its marks.
    named: BTreeMap<Country, f32>,
    /// Places inside it alone.
    within: BTreeMap<Country, f32>,
    /// Names a qualifier has settled somewhere in the story.
    settled: Vec<(Senses, Country)>,
    /// Names that are a person's surname somewhere in the story, by their place in the table.
    persons: Vec<usize>,
}

impl Support {
    fn of(stretches: &[&Stretch], marks: &BTreeMap<Country, usize>) -> Support {
        let mut support = Support {
            named: BTreeMap::new(),
            within: BTreeMap::new(),
            settled: Vec::new(),
            persons: Vec::new(),
        };
        for candidate in stretches.iter().flat_map(|stretch| &stretch.candidates) {
            let mut senses = candidate.senses.iter();
            let (Some(first), second) = (senses.next(), senses.next()) else { continue };
            let inner = !matches!(first.kind, Kind::Name | Kind::Letters | Kind::People);
            let (country, weight) = match candidate.qualified {
                Some(country) => {
                    support.settled.push((candidate.senses, country));
                    (country, 1.0)
                }
                None if second.is_some() && !matches!(first.kind, Kind::Capital) => continue,
                None => match first.kind {
                    Kind::City if first.size < 4 => (first.country, 0.3),
                    Kind::WeakCity => (first.country, 0.2),
                    Kind::Division => (first.country, 0.5),
                    _ => (first.country, 1.0),
                },
            };
            *support.named.entry(country).or_default() += weight;
            if inner || candidate.qualified.is_some() {
                *support.within.entry(country).or_default() += weight;
            }
        }
        for (&country, &weight) in marks {
            *support.named.entry(country).or_default() += weight as f32 * 0.5;
            *support.within.entry(country).or_default() += weight as f32 * 0.5;
        }
        support.persons =
            stretches.iter().flat_map(|stretch| &stretch.persons).map(|senses| senses.place()).collect();
        support.persons.sort_unstable();
        support.settled.sort_by_key(|(senses, country)| (senses.place(), *country));
        support.settled.dedup();
        support
    }

    /// The country the candidate lies in, if the story bears it out.
    fn settle(&self, candidate: &Candidate) -> Option<Country> {
        if candidate.qualified.is_some() {
            return candidate.qualified;
        }
        let at = self.settled.partition_point(|(senses, _)| senses.place() < candidate.senses.place());
        if let Some((_, country)) = self.settled.get(at).filter(|(senses, _)| *senses == candidate.senses) {
            return Some(*country);
        }
        if !candidate.located && self.persons.binary_search(&candidate.senses.place()).is_ok() {
            return None;
        }
        let (sense, score) = candidate
            .senses
            .iter()
            .map(|sense| (sense, self.score(sense)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let needed = match sense.kind {
            Kind::WeakCity if !candidate.located => 3.5,
            Kind::WeakCity => 2.0,
            Kind::City if !candidate.located => 2.0,
            _ => 1.0,
        };
        (score >= needed).then_some(sense.country)
    }

    fn score(&self, sense: Sense) -> f32 {
        let of = |weights: &BTreeMap<Country, f32>| {
            weights.get(&sense.country).map_or(0.0, |weight| (1.0 + weight).ln() * 2.0).min(4.0)
        };
        match sense.kind {
            Kind::Name | Kind::Letters | Kind::People => 6.0 + of(&self.named),
            Kind::Capital | Kind::Metonym => 4.0 + of(&self.named),
            Kind::Region => 4.5 + of(&self.within),
            Kind::Division => 2.0 + of(&self.within),
            Kind::City => f32::from(sense.size) * 0.4 + of(&self.within),
            Kind::WeakCity => f32::from(sense.size) * 0.4 - 1.0 + of(&self.within),
            Kind::ShortRegion | Kind::Nothing | Kind::Mark | Kind::LowerMark => 0.0,
        }
    }
}
