//! Places in the text and the countries they lie in, and which of these the story is about.
//!
//! A name is read in three steps. The `gazetteer` gives what it may stand for. Its neighbours tell whether it is a
//! place here at all, and not a person, a street, a newspaper, a language (`naming`). Where it may lie in several
//! countries, its qualifier (`Lebanon, Ohio`), the same name elsewhere in the story, and the story's other places decide
//! (`homonyms`). Beside the names there are `marks` of a country that do not name it. All this together says what the
//! story is `about`.

mod gazetteer;
mod neighbours;
mod naming;
mod marks;
mod homonyms;
mod about;
mod outlet;

pub use about::{About, about};

use super::tokens::{self, Token, TokenKind};
use crate::article::{Article, Span};
use crate::findings::{Country, Place};
use gazetteer::{Found, Kind, Senses};
use homonyms::{Candidate, Support};
use marks::Marks;
use naming::{Case, Manner, Naming, Reading};
use std::collections::BTreeSet;

/// What a story tells of countries, by name and otherwise.
pub struct Geography {
    /// The namings of countries and of places in them, in text order, not overlapping.
    pub places: Vec<Place>,
    /// The countries that the headline names, in its order.
    title: Vec<Country>,
    /// The marks of headline and text.
    marks: Marks,
    dateline: Option<Country>,
    source: Option<Country>,
}

/// Finds the places of headline, dateline and text, and settles them together.
pub fn places(article: &Article, tokens: &[Token]) -> Geography {
    let filed = article.dateline.as_deref().unwrap_or_default();
    let title = Stretch::read(&article.title, &tokens::tokens(&article.title));
    let filed = Stretch::read(filed, &tokens::tokens(filed));
    let body = Stretch::read(&article.text, tokens);
    let source = outlet::country(article);
    let mut marks = title.marks.clone();
    for (&country, &weight) in &body.marks {
        *marks.entry(country).or_default() += weight;
    }
    let stretches = [&filed, &title, &body];
    let support = Support::of(
        stretches.iter().flat_map(|stretch| &stretch.candidates),
        stretches.iter().flat_map(|stretch| stretch.persons.iter().copied()),
        &[&title.local, &body.local],
        source,
    );
    let places = body.settled(&support);
    let opening = places
        .first()
        .filter(|place| dateline_end(&article.text, tokens).is_some_and(|end| place.span.end <= end));
    let dateline = filed.settled(&support).first().or(opening).map(|place| place.country);
    let title = title.settled(&support).into_iter().map(|place| place.country).collect();
    Geography { places, title, marks, dateline, source }
}

/// Where a dateline at the head of the text ends, in bytes: `LONDON (Reuters) -`, `SEOUL, May 3 —`.
fn dateline_end(text: &str, tokens: &[Token]) -> Option<usize> {
    const LONGEST: usize = 16;
    let head = &tokens[..tokens.len().min(LONGEST)];
    let shouted = head.first()?.kind == TokenKind::Upper;
    let end = head.iter().position(|token| match token.of(text) {
        "-" => shouted && !token.glued,
        "–" | "—" => !token.glued,
        "(" => true,
        _ => false,
    })?;
    let agency =
        head[end].of(text) != "(" || shouted || head.get(end + 2).is_some_and(|token| token.of(text) == ")");
    agency.then_some(head[end].start as usize)
}

/// What was found in one stretch of text: the headline, the dateline, the body.
#[derive(Default)]
struct Stretch {
    candidates: Vec<Candidate>,
    /// Names that are a person's surname in it.
    persons: Vec<Senses>,
    marks: Marks,
    /// Those of the marks that tell where daily life goes on, and so which homonym is meant: no firms, no leaders.
    local: Marks,
}

impl Stretch {
    fn read(text: &str, tokens: &[Token]) -> Stretch {
        let mut stretch = Stretch::default();
        let mut lines = Lines::of(text, tokens);
        let mut money = BTreeSet::new(); // its sign counts once
        let mut before: Option<Found> = None; // the place just before, for this one to qualify
        let mut at = 0;
        while at < tokens.len() {
            if !gazetteer::may_begin(text, &tokens[at]) {
                if tokens[at].kind == TokenKind::Mark
                    && let Some((country, weight)) = marks::currency(text, tokens, at)
                    && money.insert(country)
                {
                    stretch.local_mark(country, weight);
                }
                at += 1;
                continue;
            }
            if let Some(country) = marks::exchange(text, tokens, at) {
                stretch.mark(country, 2);
            }
            let found = tokens[at].is_word().then(|| gazetteer::longest(text, tokens, at)).flatten();
            if marks::is_american_county(text, tokens, found.map_or(at, |found| found.end - 1))
                || marks::is_party(text, tokens, at)
            {
                stretch.local_mark(Country::US, 2);
            }
            let Some(mut found) = found else {
                at += 1;
                continue;
            };
            let naming = Naming { text, tokens, found, case: lines.case(at) };
            let reading = naming.reading();
            let manner = naming.manner();
            at = found.end;
            match reading {
                Reading::Place(standing) => {
                    found.end += usize::from(manner == Manner::County);
                    at = found.end;
                    let span = Span::new(tokens[found.first].start as usize, tokens[at - 1].end as usize);
                    let town = before.filter(|town| is_comma(text, &tokens[town.end..found.first]));
                    let qualified = town.and_then(|town| naming::qualifies(found, town));
                    if let Some(last) = stretch.candidates.last_mut().filter(|_| qualified.is_some()) {
                        last.qualified = qualified;
                    }
                    let senses = found.senses;
                    stretch.candidates.push(Candidate { span, senses, qualified, standing, manner });
                    before = Some(found);
                    continue;
                }
                Reading::Mark(sense) => {
                    let weight = usize::from(sense.size);
                    match sense.kind {
                        Kind::LowerMark => stretch.local_mark(sense.country, weight),
                        _ => stretch.mark(sense.country, weight),
                    }
                }
                Reading::Person => stretch.persons.push(found.senses),
                Reading::Nothing => {}
                Reading::Unread => at = found.first + 1,
            }
            before = None;
        }
        stretch
    }

    fn mark(&mut self, country: Country, weight: usize) {
        *self.marks.entry(country).or_default() += weight;
    }

    fn local_mark(&mut self, country: Country, weight: usize) {
        self.mark(country, weight);
        *self.local.entry(country).or_default() += weight;
    }

    /// The places with their countries, those left out that nothing in the story supports.
    fn settled(&self, support: &Support) -> Vec<Place> {
        let settled = |candidate: &Candidate| {
            support.settle(candidate).map(|country| Place { span: candidate.span, country })
        };
        self.candidates.iter().filter_map(settled).collect()
    }
}

/// Whether the tokens are just a comma, an end of line apart.
fn is_comma(text: &str, between: &[Token]) -> bool {
    match between {
        [comma] => comma.of(text) == ",",
        [comma, line] => comma.of(text) == "," && line.kind == TokenKind::Line,
        _ => false,
    }
}

/// The lines in which a capital tells less than elsewhere, headlines mostly; asked in rising order of tokens.
struct Lines<'t> {
    text: &'t str,
    tokens: &'t [Token],
    end: usize,
    case: Case,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, tokens: &'t [Token]) -> Lines<'t> {
        Lines { text, tokens, end: 0, case: Case::Sentence }
    }

    /// The case of the line in which token `at` stands: of three words or more, seven in ten; no headline ends with a
    /// full stop.
    fn case(&mut self, at: usize) -> Case {
        while self.end <= at {
            let first = self.end;
            let length =
                self.tokens[first..].iter().position(Token::ends_line).unwrap_or(self.tokens.len() - first);
            let line = &self.tokens[first..first + length];
            let words = || line.iter().filter(|token| token.is_word());
            let stopped = line.last().is_some_and(|token| token.of(self.text) == ".");
            let count = words().count();
            let most = |number: usize| number >= 3 && number * 10 >= count * 7;
            self.case = if most(words().filter(|token| token.kind == TokenKind::Upper).count()) {
                Case::Capitals
            } else if !stopped && most(words().filter(|token| token.is_capitalised()).count()) {
                Case::Title
            } else {
                Case::Sentence
            };
            self.end = first + length + 1;
        }
        self.case
    }
}

#[cfg(test)]
mod tests {
    use super::{about, places};
    use crate::article::Article;
    use crate::extract::tokens::tokens;

    /// The places of a text with their countries: `Paris FR, Ohio US`.
    fn check(text: &str, expected: &str) {
        let article = Article { text: text.to_owned(), ..Article::default() };
        let found: Vec<String> = places(&article, &tokens(text))
            .places
            .iter()
            .map(|place| format!("{} {}", place.span.of(text), place.country.code()))
            .collect();
        assert_eq!(found.join(", "), expected, "{text}");
    }

    #[test]
    fn names_adjectives_peoples() {
        check("Peruvian miners met Swedes in Lagos.", "Peruvian PE, Swedes SE, Lagos NG");
        check("She flew from the UAE to the U.K. via Türkiye.", "UAE AE, U.K. GB, Türkiye TR");
        check(
            "Guinea-Bissau is not Guinea, nor Papua New Guinea.",
            "Guinea-Bissau GW, Guinea GN, Papua New Guinea PG",
        );
        check("Envoys of the Soviet Union and Yugoslavia", "Soviet Union RU, Yugoslavia RS");
        check("The EU and NATO agreed.", "");
        check("The U.S.-led force", "U.S. US");
        check("North Korea's guns", "North Korea KP");
    }

    #[test]
    fn seats_of_power_stand_for_their_country() {
        check("The Kremlin and Whitehall differ.", "Kremlin RU, Whitehall GB");
        check("Seoul warned Pyongyang.", "Seoul KR, Pyongyang KP");
        check("The Bank of England held rates.", "Bank of England GB");
    }

    #[test]
    fn words_are_no_places() {
        check("They roast turkey on china plates and tell us so.", "");
        check("TELL US MORE, SAYS THE MAYOR", "");
        check("He kept a guinea pig. Guinea pigs sleep.", "");
        check("Most people were Reading a Nice book.", "");
        check("It cost US$40.", "");
    }

    #[test]
    fn persons_are_no_places() {
        check("Then Chad Miller met Paris Dupont and Jordan Reed.", "");
        check("The hat of Peter London was lost. London wept.", "");
        check("Minister Hassan al-Amin spoke.", "");
        check("The army of Chad left Paris.", "Chad TD, Paris FR");
    }

    #[test]
    fn streets_papers_languages_are_no_places() {
        check("They live on Dublin Road and Indian Lake Avenue.", "");
        check("So the Houston Chronicle reported.", "");
        check("She speaks French. A Spanish-speaking nurse read the Greek language.", "");
        check("The French nurse", "French FR");
    }

    #[test]
    fn a_qualifier_settles_its_town_everywhere() {
        check("Lebanon, Ohio, is small. Few leave Lebanon.", "Lebanon US, Ohio US, Lebanon US");
        check("A fire in Athens, Ga., was put out.", "Athens US, Ga US");
        check("He was born in Paris, TX.", "Paris US, TX US");
        check("Jordan, Georgia and Chad signed.", "Jordan JO, Georgia GE, Chad TD");
        check("We went to London, Ontario.", "London CA, Ontario CA");
        check("Senator Roe (D-Ill.) and Ill winds", "Ill US");
    }

    #[test]
    fn the_rest_of_the_story_tells_homonyms_apart() {
        check("Tbilisi said Georgia would appeal.", "Tbilisi GE, Georgia GE");
        check(
            "Atlanta leads Georgia, ahead of Augusta and Athens, the Fulton County sheriff said.",
            "Atlanta US, Georgia US, Augusta US, Athens US, Fulton County US",
        );
        check(
            "Manchester and Leeds met in Birmingham, England.",
            "Manchester GB, Leeds GB, Birmingham GB, England GB",
        );
        check("Sheriff Poe of Guernsey County, Ohio", "Guernsey County US, Ohio US");
    }

    /// What a story is about, best first, given its title, dateline and text.
    fn about_check(title: &str, dateline: &str, text: &str, expected: &str) {
        let article = Article {
            title: title.to_owned(),
            dateline: Some(dateline.to_owned()),
            text: text.to_owned(),
            ..Article::default()
        };
        let about = about(&places(&article, &tokens(text)), &[]);
        let about: Vec<&str> =
            about.countries.iter().filter(|count| count.about).map(|count| count.country.code()).collect();
        assert_eq!(about.join(" "), expected, "{title} | {text}");
    }

    #[test]
    fn stories_are_about_few_countries() {
        about_check(
            "Storm hits Fiji",
            "",
            "Fiji closed its schools, the radio said. Aid came from Japan.",
            "FJ",
        );
        about_check("", "OSLO, May 3 -", "Ministers met over cod.", "NO");
        about_check("", "", "ATLANTA (Reuters) - Flights resumed at the airport.", "US");
        about_check("Chad and Mali sign pact", "", "The two neighbours signed in Togo.", "ML TD");
    }

    #[test]
    fn stories_that_never_name_their_country() {
        about_check("Acme <ACM> lifts payout", "", "Acme Corp raised its dividend to 20 cts.", "US");
        about_check("Rates held", "", "The Fed left rates alone, and Congress was pleased.", "US");
        about_check("Murder trial", "", "Mr Justice Ames told the Crown Court so.", "GB");
    }

    #[test]
    fn any_text_is_survived() {
        for text in [
            "",
            "é",
            "Paris,",
            ", Ohio",
            "<A>",
            "A.B",
            "U.S.\n\n$",
            "D-",
            "St.",
            "\u{301}Paris",
            "PARIS (",
            "County County",
        ] {
            places(&Article { text: text.to_owned(), ..Article::default() }, &tokens(text));
        }
        let long = "Paris, ".repeat(20_000) + &"Georgia ".repeat(20_000) + &"\n".repeat(20_000);
        places(&Article { text: long.clone(), ..Article::default() }, &tokens(&long));
    }
}
