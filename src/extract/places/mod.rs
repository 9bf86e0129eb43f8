//! Places in the text and the countries they lie in, and which of these the story is about.
//!
//! A name is read in three steps. The [`gazetteer`] gives what it may stand for. Its neighbours tell whether it is a
//! place here at all, and not a person, a street, a newspaper, a language ([`naming`]). Where it may lie in several
//! countries, its qualifier (`Lebanon, Ohio`), the same name elsewhere in the story, and the story's other places decide
//! ([`homonyms`]). Beside the names there are [`marks`] of a country that do not name it. All this together says what the
//! story is [`about`].

mod gazetteer;
mod neighbours;
mod naming;
mod marks;
mod homonyms;
mod about;
mod outlet;

pub use about::{About, about};

use super::sentences::Sentence;
use super::tokens::{self, Token, TokenKind};
use crate::article::{Article, Span};
use crate::findings::{Country, Place};
use gazetteer::{Found, Senses};
use homonyms::{Candidate, Support};
use marks::Marks;
use naming::{Naming, Reading};

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
pub fn places(article: &Article, tokens: &[Token], _sentences: &[Sentence]) -> Geography {
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
        &marks,
        source,
    );
    let places = body.settled(&support);
    let opening = places
        .first()
        .filter(|place| dateline_end(&article.text, tokens).is_some_and(|end| place.span.end <= end));
    let dateline = filed.settled(&support).first().or(opening).map(|place| place.country);
    let named = title.settled(&support).into_iter().map(|place| place.country);
    let title = named.collect();
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
}

impl Stretch {
    fn read(text: &str, tokens: &[Token]) -> Stretch {
        let mut stretch = Stretch::default();
        let mut shouted = Shouted::of(tokens);
        let mut before: Option<Found> = None; // the last place, for this one to qualify
        let mut at = 0;
        while at < tokens.len() {
            if let Some(country) = marks::exchange(text, tokens, at) {
                stretch.mark(country, 2);
            }
            let Some(found) = tokens[at].is_word().then(|| gazetteer::longest(text, tokens, at)).flatten()
            else {
                if marks::is_american_county(text, tokens, at) {
                    stretch.mark(Country::US, 2);
                }
                at += 1;
                continue;
            };
            if marks::is_american_county(text, tokens, found.end - 1) {
                stretch.mark(Country::US, 2);
            }
            let naming = Naming { text, tokens, found, shouted: shouted.reaches(at) };
            let reading = naming.reading();
            at = found.end;
            match reading {
                Reading::Place(standing) => {
                    let span = Span::new(tokens[found.first].start as usize, tokens[at - 1].end as usize);
                    let mut qualified = None;
                    if let Some(town) = before.filter(|town| is_comma(text, &tokens[town.end..found.first]))
                        && let Some(country) = naming::qualifies(found, town)
                        && let Some(last) = stretch.candidates.last_mut()
                    {
                        last.qualified = Some(country);
                        qualified = Some(country);
                    }
                    let manner = naming.manner();
                    stretch.candidates.push(Candidate {
                        span,
                        senses: found.senses,
                        qualified,
                        standing,
                        manner,
                    });
                    before = Some(found);
                    continue;
                }
                Reading::Mark(sense) => stretch.mark(sense.country, usize::from(sense.size)),
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

/// The lines of capitals only (headlines, mostly), where a capital tells nothing; asked in rising order of tokens.
struct Shouted<'t> {
    tokens: &'t [Token],
    end: usize,
    shouted: bool,
}

impl<'t> Shouted<'t> {
    fn of(tokens: &'t [Token]) -> Shouted<'t> {
        Shouted { tokens, end: 0, shouted: false }
    }

    /// Whether token `at` stands in such a line: three words or more, seven in ten of them in capitals.
    fn reaches(&mut self, at: usize) -> bool {
        let ends = |token: &Token| matches!(token.kind, TokenKind::Line | TokenKind::Break);
        while self.end <= at {
            let first = self.end;
            let length = self.tokens[first..].iter().position(ends).unwrap_or(self.tokens.len() - first);
            let words = || self.tokens[first..first + length].iter().filter(|token| token.is_word());
            let upper = words().filter(|token| token.kind == TokenKind::Upper).count();
            self.shouted = upper >= 3 && upper * 10 >= words().count() * 7;
            self.end = first + length + 1;
        }
        self.shouted
    }
}
