//! Whether a name of the gazetteer is a place where it stands: its neighbours tell.

use super::gazetteer::{self, Found, Kind, Sense};
use super::marks;
use super::neighbours::Roles;
use crate::extract::tokens::{Token, TokenKind};
use crate::findings::Country;

/// What a name is where it stands.
pub(super) enum Reading {
    Place(Standing),
    Mark(Sense),
    /// A person's surname.
    Person,
    /// The name of something else: none of its words is looked at again.
    Nothing,
    /// No name here: the next word may begin one.
    Unread,
}

/// How surely a name stands for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Before another name: a house, a school, a firm called after a place, or a person whose forename it is.
    Borrowed,
    /// By its name alone.
    Bare,
    /// After `from`, `to`, `of`, or before what towns have (`residents`): mostly places stand there.
    After,
    /// After `in`, `at`, `near`: only places stand there.
    In,
}

/// What sort of place it is spoken of as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Plain,
    /// As towns are by those who live there, and countries seldom: `a Lebanon man`.
    Town,
    /// As American counties are: `Guernsey County`.
    County,
}

/// From this size on (640,000 people) a city is more often meant than a person of its name.
const LARGE: u8 = 7;

/// A dateline is to be looked for among so many first tokens.
const DATELINE: usize = 10;

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// As text is: a capital marks a name.
    Sentence,
    /// As some headlines are: Most Words Begin With One.
    Title,
    /// IN CAPITALS.
    Capitals,
}

/// A name among its neighbours.
pub(super) struct Naming<'t> {
    pub text: &'t str,
    pub tokens: &'t [Token],
    pub found: Found,
    /// That of its line.
    pub case: Case,
}

impl<'t> Naming<'t> {
    pub(super) fn reading(&self) -> Reading {
        let Some(sense) = self.found.senses.first() else { return Reading::Unread };
        if sense.kind == Kind::LowerMark {
            return Reading::Mark(sense);
        }
        let edges = [&self.tokens[self.found.first], &self.tokens[self.found.end - 1]];
        if edges.iter().any(|token| token.kind == TokenKind::Lower) {
            return Reading::Unread;
        }
        match sense.kind {
            Kind::Mark => Reading::Mark(sense),
            Kind::Nothing if self.manner() != Manner::County => Reading::Nothing,
            Kind::Letters => self.letters(),
            Kind::ShortRegion => self.short_region(),
            _ if self.names_a_street() => Reading::Nothing,
            Kind::People if self.is_language() => Reading::Nothing,
            _ => self.place_or_person(sense),
        }
    }

    fn place_or_person(&self, sense: Sense) -> Reading {
        let first = &self.tokens[self.found.first];
        let (before, after) = (self.roles(self.before()), self.roles(self.after()));
        // A neighbour is a name like this one if it is written like it: `CTV` before `Saskatoon` is none.
        let alike = |token: &Token| match self.case {
            Case::Capitals => false,
            _ if token.kind == TokenKind::Upper => first.kind == TokenKind::Upper,
            _ => token.kind == TokenKind::Capital,
        };
        let name_after = self.after().is_some_and(alike);
        let name_before = self.before().is_some_and(alike)
            && !before.any(Roles::IN | Roles::TO | Roles::OPENING)
            && !self.found.first.checked_sub(1).is_some_and(|at| self.is_place(at));
        let large = sense.size >= LARGE;
        let standing = if before.any(Roles::IN) {
            Standing::In
        } else if after.any(Roles::FACILITY) && name_after {
            Standing::Borrowed
        } else if before.any(Roles::TO) || after.any(Roles::LOCAL) {
            Standing::After
        } else if name_after && !large {
            Standing::Borrowed
        } else {
            Standing::Bare
        };
        if sense.kind != Kind::Metonym && after.any(Roles::PAPER) && name_after {
            return Reading::Nothing;
        }
        if sense.kind == Kind::Metonym || self.found.end > self.found.first + 1 {
            return Reading::Place(standing);
        }

        let own = self.roles(Some(first));
        let town = matches!(sense.kind, Kind::City | Kind::WeakCity | Kind::Division);
        let also_person = own.any(match sense.kind {
            Kind::Name => Roles::COUNTRY_PERSON,
            Kind::People => Roles::PEOPLE_PERSON,
            _ => Roles::FORENAME,
        });
        let plain_capital = large && (self.case == Case::Title || self.follows_an_opening());
        let is_surname = (also_person || town || sense.kind == Kind::Capital)
            && (name_before && !plain_capital || town && self.ends_a_compound())
            && !self.is_qualified();
        let speaks = town && !large && standing == Standing::Bare && after.any(Roles::SAYING);
        let is_forename = also_person
            && name_after
            && standing != Standing::In
            && !after.any(Roles::LOCAL)
            && !(large && self.case == Case::Title);
        if is_surname || speaks {
            Reading::Person
        } else if is_forename || town && self.is_other_name() {
            Reading::Nothing
        } else {
            Reading::Place(standing)
        }
    }

    /// A town's one word that is an abbreviation here (`the IBA`), or a forename before a particle (`Hassan al-Turabi`).
    fn is_other_name(&self) -> bool {
        let token = &self.tokens[self.found.first];
        let abbreviation = token.kind == TokenKind::Upper
            && token.end - token.start <= 5
            && self.case != Case::Capitals
            && self.found.first > DATELINE;
        abbreviation || self.roles(self.after()).any(Roles::PARTICLE)
    }

    /// The second half of a double name that does not begin with a place: `Booz-Allen`.
    fn ends_a_compound(&self) -> bool {
        let Some(at) = self.found.first.checked_sub(2) else { return false };
        let [name, hyphen] = [&self.tokens[at], &self.tokens[at + 1]];
        let glued = hyphen.glued && self.tokens[self.found.first].glued && hyphen.of(self.text) == "-";
        glued && name.kind == TokenKind::Capital && !self.is_place(at)
    }

    /// `US`, `UAE`: in capitals, not before an amount of money, and not the word `us` in a line of capitals.
    fn letters(&self) -> Reading {
        let first = &self.tokens[self.found.first];
        let upper = self.found.end > self.found.first + 1 || first.kind == TokenKind::Upper;
        let money = self.after().is_some_and(|token| token.glued && token.of(self.text) == "$");
        let pronoun = self.case == Case::Capitals
            && first.of(self.text) == "US"
            && self.before().is_some_and(Token::is_word)
            && !self.roles(self.before()).any(Roles::IN | Roles::OPENING);
        if upper && !money && !pronoun { Reading::Place(Standing::Bare) } else { Reading::Unread }
    }

    /// `Fla.`, `NY` and their like are regions after a town's comma or a party's letter (`D-Ill.`), nowhere else.
    fn short_region(&self) -> Reading {
        let token = &self.tokens[self.found.end - 1];
        let word = token.of(self.text);
        let is = |at: Option<usize>, marks: &[&str]| {
            at.and_then(|at| self.tokens.get(at)).is_some_and(|token| marks.contains(&token.of(self.text)))
        };
        let one_before = self.found.first.checked_sub(1);
        let two_before = self.found.first.checked_sub(2);
        let town = two_before
            .is_some_and(|at| self.tokens[at].is_word() && self.tokens[at].kind != TokenKind::Lower);
        let postal = word.len() == 2 && token.kind == TokenKind::Upper;
        let capitals = two_before.is_some_and(|at| self.tokens[at].kind == TokenKind::Upper);
        let dateline = capitals && self.found.first < DATELINE;
        let ended = word.contains('.')
            || word.len() > 3
            || is(Some(self.found.end), &["."])
            || dateline && is(Some(self.found.end), &[",", "(", "-", "–", "—", "/"]);
        let after_town = town && is(one_before, &[","]) && (postal && !capitals || ended);
        let party = is(one_before, &["-"]) && is(two_before, &["D", "R"]);
        if after_town || party { Reading::Place(Standing::In) } else { Reading::Unread }
    }

    /// `speaks French`, `French-speaking`, `the French language`.
    fn is_language(&self) -> bool {
        let after = self.tokens.get(self.found.end);
        let beyond = match after.filter(|token| token.glued && token.of(self.text) == "-") {
            Some(_) => self.tokens.get(self.found.end + 1),
            None => after,
        };
        self.roles(beyond).any(Roles::LANGUAGE)
            || self.roles(self.before()).any(Roles::SPEAKING) && !after.is_some_and(Token::is_word)
    }

    /// `Dublin Road`, `Indian Lake Road`.
    fn names_a_street(&self) -> bool {
        self.tokens[self.found.end..]
            .iter()
            .take(3)
            .take_while(|token| token.is_capitalised() && !token.glued)
            .any(|token| self.roles(Some(token)).any(Roles::STREET))
    }

    /// Whether the name of a place that is nothing else begins at token `at`.
    fn is_place(&self, at: usize) -> bool {
        gazetteer::longest(self.text, self.tokens, at)
            .and_then(|found| found.senses.first())
            .is_some_and(|sense| sense.kind.is_place() && sense.kind != Kind::WeakCity)
    }

    /// Whether the word before opens its sentence, where a capital tells nothing: `Abducted London woman`.
    fn follows_an_opening(&self) -> bool {
        let Some(at) = self.found.first.checked_sub(2) else { return true };
        let token = &self.tokens[at];
        token.kind == TokenKind::Break
            || token.kind == TokenKind::Mark && matches!(token.of(self.text), "." | "!" | "?" | "“" | "\"")
    }

    /// A comma and the name of the region or country follow.
    fn is_qualified(&self) -> bool {
        let end = self.found.end;
        self.tokens.get(end).is_some_and(|token| token.of(self.text) == ",")
            && self.tokens.get(end + 1).is_some_and(Token::is_capitalised)
            && gazetteer::longest(self.text, self.tokens, end + 1)
                .is_some_and(|region| qualifies(region, self.found).is_some())
    }

    pub(super) fn manner(&self) -> Manner {
        if marks::is_american_county(self.text, self.tokens, self.found.end - 1) {
            Manner::County
        } else if self.roles(self.after()).any(Roles::LOCAL) {
            Manner::Town
        } else {
            Manner::Plain
        }
    }

    /// The word before, across an end of line, and across the dot of a title or an initial (`Mr.`, `John F.`).
    fn before(&self) -> Option<&'t Token> {
        let mut before =
            self.tokens[..self.found.first].iter().rev().filter(|token| token.kind != TokenKind::Line);
        let token = before.next().filter(|token| token.kind != TokenKind::Break)?;
        let shortened = before.next().filter(|word| {
            token.glued
                && token.of(self.text) == "."
                && word.is_capitalised()
                && (word.end - word.start == 1 || self.roles(Some(word)).any(Roles::TITLE))
        });
        shortened.or(Some(token))
    }

    fn roles(&self, token: Option<&Token>) -> Roles {
        Roles::of(token.map_or("", |token| token.of(self.text)))
    }

    fn after(&self) -> Option<&'t Token> {
        let token = self.tokens[self.found.end..].iter().find(|token| token.kind != TokenKind::Line);
        token.filter(|token| token.kind != TokenKind::Break)
    }
}

/// The country in which `region` puts `town`, if it is its qualifier and not the next in a list: `Paris, Texas`, but not
/// `Lebanon, Syria`.
pub(super) fn qualifies(region: Found, town: Found) -> Option<Country> {
    let best = town.senses.first()?;
    let country = best.kind == Kind::Name;
    let small = matches!(best.kind, Kind::City | Kind::WeakCity) && best.size < 6;
    let next_in_list = country && region.senses.first()?.kind == Kind::Name;
    region.senses.iter().filter(|_| !next_in_list).find_map(|sense| {
        let shared = town.senses.iter().any(|other| {
            other.country == sense.country
                && matches!(other.kind, Kind::Capital | Kind::City | Kind::WeakCity)
        });
        match sense.kind {
            Kind::ShortRegion | Kind::Region => Some(sense.country),
            Kind::Name | Kind::Letters if shared && !country || small => Some(sense.country),
            Kind::Division if shared => Some(sense.country),
            _ => None,
        }
    })
}
