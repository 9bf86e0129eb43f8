//! Speakers: from the words that name one to who it is in this article, with role, organisation and country.

use super::names::{self, Run, word};
use super::people::{Gender, People, Resolved, name_of};
use super::phrases::Reading;
use super::sentences::Sentence;
use super::tokens::TokenKind;
use super::words::class;
use crate::article::Span;
use crate::findings::{Confidence, Country, Place, Speaker, SpeakerKind};

/// The words that name a speaker, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub first: usize,
    pub end: usize,
    /// Where the words that narrow it end: `a poll taken in May`.
    pub until: usize,
    /// The last word of the noun phrase proper.
    pub head: usize,
    /// For `who`: the noun phrase it stands for.
    pub antecedent: Option<(usize, usize, usize)>,
}

/// Resolves the mentions of one article, which must come in text order.
pub(super) struct Speakers<'a> {
    reading: Reading<'a>,
    sentences: &'a [Sentence],
    places: &'a [Place],
    people: People,
    /// The figure that spoke last, and the token where it was named.
    last_person: Option<(usize, usize)>,
    last_body: Option<Description>,
    last_group: Option<Description>,
    bodies: Vec<Description>,
}

/// What was worked out about a speaker, to be used again when a pronoun takes it up.
#[derive(Clone, Debug)]
struct Description {
    kind: SpeakerKind,
    name: String,
    role: Option<String>,
    organisation: Option<String>,
    country: Option<Country>,
}

impl<'a> Speakers<'a> {
    pub(super) fn new(
        reading: Reading<'a>,
        sentences: &'a [Sentence],
        places: &'a [Place],
        elsewhere: &[String],
    ) -> Speakers<'a> {
        let people = People::read(&reading, elsewhere);
        let mut speakers = Speakers {
            reading,
            sentences,
            places,
            people,
            last_person: None,
            last_body: None,
            last_group: None,
            bodies: Vec::new(),
        };
        speakers.introduce();
        speakers
    }

    /// Gathers role, organisation and country of each person from the words around the names.
    fn introduce(&mut self) {
        for i in 0..self.people.runs.len() {
            let run = self.people.runs[i].clone();
            let Resolved::Sure(figure) = self.people.resolve(&self.reading, &run, None) else {
                self.introduce_body(&run);
                continue;
            };
            if !self.people.figures[figure].person {
                self.introduce_body(&run);
                continue;
            }
            if self.people.figures[figure].role.is_some() {
                continue;
            }
            let before = self.before_name(&run);
            let after = self.after_name(&run);
            let named = before.organisation.as_ref().or(after.organisation.as_ref());
            let body_country =
                named.and_then(|name| self.bodies.iter().rev().take(60).find(|b| &b.name == name)?.country);
            let person = &mut self.people.figures[figure];
            person.surely_person |= before.role.is_some();
            person.gender =
                person.gender.or_else(|| gender_of_role(before.role.as_deref().or(after.role.as_deref())?));
            person.organisation = person.organisation.take().or(before.organisation).or(after.organisation);
            person.country = person.country.or(before.country).or(after.country).or(body_country);
            person.role = before.role.or(after.role);
        }
    }

    fn introduce_body(&mut self, run: &Run) {
        if !self.is_body(run) {
            return;
        }
        let name = self.body_name(run);
        if !self.bodies.iter().rev().take(60).any(|body| body.name == name) {
            let country = self.country_before(run.first, run.end);
            self.bodies.push(Description {
                kind: SpeakerKind::Organisation,
                name,
                role: None,
                organisation: None,
                country,
            });
        }
    }

    fn is_body(&self, run: &Run) -> bool {
        (run.first..run.end).any(|at| names::kinds(self.reading.token(at)) & word::BODY != 0)
            || run.end - run.first == 1 && self.reading.tokens[run.first].kind == TokenKind::Upper
    }

    fn body_name(&self, run: &Run) -> String {
        name_of(&self.reading, run.first, run.end)
    }

    /// The country named within the words or right before them (`South Korea's Unification Ministry`).
    fn country_before(&self, first: usize, end: usize) -> Option<Country> {
        let reading = &self.reading;
        let from = first.saturating_sub(4);
        let mut start = first;
        while start > from && self.belongs(start - 1) {
            start -= 1;
        }
        self.country_in(
            reading.tokens.get(start)?.start as usize,
            reading.tokens.get(end.checked_sub(1)?)?.end as usize,
        )
    }

    fn belongs(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.kind == TokenKind::Possessive
            || token.is_capitalised() && !self.reading.word(at).is(class::PREP | class::CC | class::SUB)
    }

    /// The first country named between two bytes.
    fn country_in(&self, start: usize, end: usize) -> Option<Country> {
        let first = self.places.partition_point(|place| place.span.end <= start);
        self.places.get(first).filter(|place| place.span.start < end).map(|place| place.country)
    }

    /// Role, organisation and country from the words before a name: `South Korea's Defense Minister Lee`, `ministry
    /// spokesperson Koo`, `chemist Seeberger`.
    fn before_name(&self, run: &Run) -> Introduction {
        let reading = &self.reading;
        let mut found = Introduction::default();
        // The role word: the last title in the run, or the word right before it.
        let role = if run.name > run.first {
            (run.first..run.name).rev().find(|&at| names::kinds(reading.token(at)) & word::ROLE != 0)
        } else {
            run.first
                .checked_sub(1)
                .filter(|&at| reading.tokens[at].kind == TokenKind::Lower && self.names_role(at))
        };
        let floor = run.first.saturating_sub(8);
        let Some(role) = role else {
            // `Russia's Putin`
            found.country = self.country_touching(run.first);
            return found;
        };
        let mut first = role;
        while first > floor && self.modifies_role(first - 1, role) {
            first -= 1;
        }
        while first < role && reading.token(first) == "-" {
            first += 1;
        }
        found.role = Some(name_of(reading, first, role + 1));
        // What stands before the role: a country, a body.
        let mut start = first;
        while start > floor && (self.belongs(start - 1) || self.is_body_word(start - 1)) {
            start -= 1;
        }
        if start < first {
            found.country =
                self.country_in(reading.tokens[start].start as usize, reading.tokens[first - 1].end as usize);
            found.organisation = self.organisation(start, first);
        }
        found
    }

    fn is_body_word(&self, at: usize) -> bool {
        self.reading.tokens[at].kind == TokenKind::Lower
            && names::kinds(self.reading.token(at)) & word::BODY != 0
    }

    fn names_role(&self, at: usize) -> bool {
        let token = self.reading.token(at);
        let kinds = names::kinds(token);
        kinds & word::ROLE != 0
            || token.len() > 5
                && (token.ends_with("ologist") || token.ends_with("physicist") || token.ends_with("ician"))
    }

    fn modifies_role(&self, at: usize, role: usize) -> bool {
        let reading = &self.reading;
        let kinds = names::kinds(reading.token(at));
        let same_case = reading.tokens[at].is_capitalised() == reading.tokens[role].is_capitalised();
        let hyphen = reading.token(at) == "-" && reading.tokens[at].glued;
        kinds & (word::MODIFIER | word::ROLE) != 0
            && same_case
            && !(kinds & word::BODY != 0 && reading.tokens[role].kind == TokenKind::Lower)
            || hyphen && at > 0
    }

    /// A country whose possessive or adjective stands right before the token.
    fn country_touching(&self, at: usize) -> Option<Country> {
        let before = at.checked_sub(1)?;
        let before = if self.reading.tokens[before].kind == TokenKind::Possessive {
            before.checked_sub(1)?
        } else {
            return None;
        };
        let token = &self.reading.tokens[before];
        self.country_in(token.start as usize, token.end as usize)
    }

    /// The body named by the tokens: the words without countries and possessives; `the ministry` stands for the last
    /// body so named.
    fn organisation(&self, first: usize, end: usize) -> Option<String> {
        let reading = &self.reading;
        let mut from = first;
        // Past a country or a person in the genitive: `South Korea's Unification Ministry` is the `Unification Ministry`.
        if let Some(possessive) =
            (first..end).rev().find(|&at| reading.tokens[at].kind == TokenKind::Possessive)
            && possessive + 1 < end
        {
            from = possessive + 1;
        }
        while from < end
            && (reading.word(from).is(class::DET | class::ADJ) && !reading.tokens[from].is_capitalised()
                || matches!(reading.token(from).to_ascii_lowercase().as_str(), "the" | "former" | "then"))
        {
            from += 1;
        }
        while from < end && self.is_place(from) && from + 1 < end {
            from += 1;
        }
        let mut end = end;
        while end > from && reading.tokens[end - 1].kind == TokenKind::Possessive {
            end -= 1;
        }
        if from >= end || self.is_place(from) {
            return None;
        }
        if end - from == 1 && reading.tokens[from].kind == TokenKind::Lower {
            return self.body_ending_in(reading.token(from)).map(|body| body.name.clone());
        }
        let capital = (from..end).any(|at| reading.tokens[at].is_capitalised());
        let only_party = end - from == 1
            && matches!(reading.token(from), "Republican" | "Democratic" | "Democrat" | "GOP");
        (capital && !only_party).then(|| name_of(reading, from, end))
    }

    fn is_place(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let first = self.places.partition_point(|place| place.span.end <= token.start as usize);
        self.places.get(first).is_some_and(|place| place.span.contains(token.span()))
    }

    /// The last body whose name ends in the word (`ministry`).
    fn body_ending_in(&self, word: &str) -> Option<&Description> {
        self.bodies
            .iter()
            .rev()
            .take(200)
            .find(|body| body.name.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case(word)))
    }

    /// Role, organisation and country from what follows a name: `, a senator from Ohio,`, ` of Iowa State University`.
    fn after_name(&self, run: &Run) -> Introduction {
        let reading = &self.reading;
        let mut found = Introduction::default();
        let mut at = run.end;
        let token = |at: usize| reading.token(at);
        if matches!(token(at), "at" | "of" | "from") {
            found.organisation = self.organisation_after(at + 1);
            return found;
        }
        if token(at) != "," {
            return found;
        }
        at += 1;
        // An age: `, 34, a plaintiff`.
        if reading.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Number) && token(at + 1) == "," {
            at += 2;
        }
        let limit = (at + 16).min(reading.tokens.len());
        let mut from = at;
        while from < limit
            && (reading.word(from).is(class::DET | class::POSS)
                || matches!(token(from), "who" | "is" | "was"))
        {
            from += 1;
        }
        // The role ends at the last role word before a preposition, comma or verb.
        let mut role = None;
        for i in from..limit {
            let word = reading.word(i);
            if reading.tokens[i].kind == TokenKind::Mark && !reading.tokens[i].glued
                || matches!(token(i), "," | "." | ";")
                || matches!(reading.tokens[i].kind, TokenKind::Break | TokenKind::Line)
                || word.is(class::PREP | class::CC | class::REL | class::AUX)
                || word.frames != 0 && !self.names_role(i)
            {
                break;
            }
            if self.names_role(i) && i < from + 8 {
                role = Some(i);
            }
        }
        let Some(role) = role else { return found };
        let mut first = role;
        while first > from && self.modifies_role(first - 1, role) {
            first -= 1;
        }
        found.role = Some(name_of(reading, first, role + 1));
        if first > from {
            found.country =
                self.country_in(reading.tokens[from].start as usize, reading.tokens[first - 1].end as usize);
            found.organisation = self.organisation(from, first);
        }
        if found.organisation.is_none()
            && matches!(token(role + 1), "of" | "at" | "for" | "with" | "from" | "in")
        {
            found.organisation = self.organisation_after(role + 2);
            if found.country.is_none() {
                let end = (role + 8).min(reading.tokens.len() - 1);
                let end =
                    (role + 2..end).find(|&i| matches!(token(i), "," | "." | "“" | "\"")).unwrap_or(end);
                if role + 2 < end {
                    found.country = self.country_in(
                        reading.tokens[role + 2].start as usize,
                        reading.tokens[end].start as usize,
                    );
                }
            }
        }
        found
    }

    /// The body that begins at the token, an article skipped.
    fn organisation_after(&self, at: usize) -> Option<String> {
        let at = if self.reading.word(at).is(class::DET) { at + 1 } else { at };
        let run = self.people.run_at(at)?;
        if run.first != at {
            return None;
        }
        // `University of Oslo`, `Institute of Colloids and Interfaces`
        let mut end = run.end;
        while self.reading.token(end) == "of" || self.reading.token(end) == "for" {
            let next = if self.reading.word(end + 1).is(class::DET) { end + 2 } else { end + 1 };
            match self.people.run_at(next) {
                Some(more) if more.first == next => end = more.end,
                _ => break,
            }
        }
        self.organisation(at, end)
    }

    /// The speaker the mention names, and how sure that is.
    pub(super) fn speaker(&mut self, mention: &Mention) -> (Speaker, Confidence) {
        let span = self.span(mention.first, mention.until);
        let (described, figure, confidence) = self.describe(mention);
        match (&described, figure) {
            (_, Some(figure)) => self.last_person = Some((figure, mention.first)),
            (Some(d), None) if d.kind == SpeakerKind::Organisation => self.last_body = Some(d.clone()),
            (Some(d), None) if d.kind == SpeakerKind::Group => self.last_group = Some(d.clone()),
            _ => {}
        }
        let speaker = match described {
            Some(d) => Speaker {
                kind: d.kind,
                span,
                name: Some(d.name),
                role: d.role,
                organisation: d.organisation,
                country: d.country,
            },
            None => Speaker {
                kind: self.kind_of_pronoun(mention),
                span,
                name: None,
                role: None,
                organisation: None,
                country: None,
            },
        };
        (speaker, confidence)
    }

    fn span(&self, first: usize, end: usize) -> Span {
        let tokens = self.reading.tokens;
        Span::new(tokens[first].start as usize, tokens[end - 1].end as usize)
    }

    fn kind_of_pronoun(&self, mention: &Mention) -> SpeakerKind {
        match self.reading.token(mention.head).to_ascii_lowercase().as_str() {
            "they" | "we" | "those" | "some" | "many" | "others" => SpeakerKind::Group,
            "it" | "which" => SpeakerKind::Organisation,
            "he" | "she" | "i" | "who" | "his" | "her" => SpeakerKind::Person,
            _ => SpeakerKind::Unnamed,
        }
    }

    fn describe(&mut self, mention: &Mention) -> (Option<Description>, Option<usize>, Confidence) {
        if let Some((first, end, head)) = mention.antecedent {
            return self.describe(&Mention { first, end, until: end, head, antecedent: None });
        }
        let head = self.reading.token(mention.head).to_ascii_lowercase();
        let gender = match head.as_str() {
            "he" | "his" | "him" | "himself" => Some(Gender::Male),
            "she" | "her" | "herself" => Some(Gender::Female),
            _ => None,
        };
        if let Some(gender) = gender {
            return match self.people.pronoun(mention.first, gender, self.last_person, self.sentences) {
                Resolved::Sure(figure) => self.person(figure, gender, Confidence::Medium),
                Resolved::Likely(figure) => self.person(figure, gender, Confidence::Low),
                Resolved::Unknown => (None, None, Confidence::Low),
            };
        }
        match head.as_str() {
            "they" | "we" => return (self.last_group.clone(), None, Confidence::Low),
            "it" | "which" => return (self.last_body.clone(), None, Confidence::Low),
            "i" | "you" | "who" | "that" | "this" => return (None, None, Confidence::Low),
            _ => {}
        }
        if let Some(run) = self
            .people
            .run_at(mention.head)
            .filter(|run| run.name < run.end && run.name <= mention.head)
            .cloned()
        {
            return self.named(mention, &run);
        }
        self.nominal(mention)
    }

    fn person(
        &mut self,
        figure: usize,
        gender: Gender,
        confidence: Confidence,
    ) -> (Option<Description>, Option<usize>, Confidence) {
        let person = &mut self.people.figures[figure];
        person.gender = person.gender.or(Some(gender));
        (Some(self.description(figure)), Some(figure), confidence)
    }

    fn description(&self, figure: usize) -> Description {
        let person = &self.people.figures[figure];
        Description {
            kind: if person.person { SpeakerKind::Person } else { SpeakerKind::Organisation },
            name: person.name.clone(),
            role: person.role.clone(),
            organisation: person.organisation.clone(),
            country: person.country,
        }
    }

    /// A mention whose head is a name.
    fn named(&mut self, mention: &Mention, run: &Run) -> (Option<Description>, Option<usize>, Confidence) {
        match self.people.resolve(&self.reading, run, Some(mention.first)) {
            Resolved::Sure(figure) if self.people.figures[figure].person => {
                (Some(self.description(figure)), Some(figure), Confidence::High)
            }
            Resolved::Likely(figure) => (Some(self.description(figure)), Some(figure), Confidence::Low),
            _ => {
                let name = name_of(&self.reading, run.name, run.end);
                let surname = self.reading.token(run.end - 1);
                if run.end - run.name == 1
                    && !self.people.shared(surname)
                    && let Some((full, code)) = names::leader(surname)
                {
                    let description = Description {
                        kind: SpeakerKind::Person,
                        name: full.to_owned(),
                        role: self.before_name(run).role,
                        organisation: None,
                        country: Country::new(code),
                    };
                    return (Some(description), None, Confidence::Medium);
                }
                let address = run.title & word::ADDRESS != 0 || run.title & word::ROLE != 0;
                if !address && (self.is_body(run) || self.reads_as_body(mention, run)) {
                    return (Some(self.body(run)), None, Confidence::High);
                }
                let before = self.before_name(run);
                let confidence =
                    if self.people.shared(surname) { Confidence::Low } else { Confidence::Medium };
                let description = Description {
                    kind: SpeakerKind::Person,
                    name,
                    role: before.role,
                    organisation: before.organisation,
                    country: before.country,
                };
                (Some(description), None, confidence)
            }
        }
    }

    /// `the Kremlin`, `Democrats`: an article or a plural shows it is no person.
    fn reads_as_body(&self, mention: &Mention, run: &Run) -> bool {
        let article =
            self.reading.token(mention.first).eq_ignore_ascii_case("the") && mention.first + 1 == run.first;
        article || self.is_group_word(run.end - 1)
    }

    fn is_group_word(&self, at: usize) -> bool {
        names::kinds(self.reading.token(at)) & word::GROUP != 0
    }

    fn body(&self, run: &Run) -> Description {
        let name = self.organisation(run.first, run.end).unwrap_or_else(|| self.body_name(run));
        let known = self.bodies.iter().rev().take(60).find(|body| body.name == name);
        let country = self.country_before(run.first, run.end).or(known.and_then(|body| body.country));
        let kind =
            if self.is_group_word(run.end - 1) { SpeakerKind::Group } else { SpeakerKind::Organisation };
        Description { kind, name, role: None, organisation: None, country }
    }

    /// A mention whose head is a common noun: `the president`, `a senior official`, `the ministry`.
    fn nominal(&mut self, mention: &Mention) -> (Option<Description>, Option<usize>, Confidence) {
        let reading = &self.reading;
        let head = reading.token(mention.head);
        let kinds = names::kinds(head);
        let definite =
            matches!(reading.token(mention.first).to_ascii_lowercase().as_str(), "the" | "this" | "that");
        let phrase = name_of(reading, without_article(reading, mention), mention.end);
        let country = self.country_in(
            reading.tokens[mention.first].start as usize,
            reading.tokens[mention.end - 1].end as usize,
        );
        // A name within the phrase that the head only describes: `Clinton's campaign`, `a spokesman for Mr. Cruz`.
        if definite
            && kinds & word::ROLE != 0
            && mention.head + 1 == mention.end
            && let Some(figure) = self.with_role(head, mention.first)
        {
            return (Some(self.description(figure)), Some(figure), Confidence::Medium);
        }
        if definite
            && kinds & word::BODY != 0
            && let Some(body) = self.body_ending_in(head)
        {
            return (Some(body.clone()), None, Confidence::Medium);
        }
        let organisation = self.organisation_of(mention);
        let plural = head.ends_with('s') && !head.ends_with("ss")
            || matches!(head, "people" | "men" | "women" | "police");
        let (kind, role) = if kinds & word::SOURCE != 0 && (kinds & word::GROUP == 0) {
            (SpeakerKind::Unnamed, (kinds & word::ROLE != 0).then(|| head.to_owned()))
        } else if kinds & word::GROUP != 0 && plural && mention.first == mention.head {
            (SpeakerKind::Group, None)
        } else if kinds & (word::SOURCE | word::GROUP) != 0 {
            (if kinds & word::SOURCE != 0 { SpeakerKind::Unnamed } else { SpeakerKind::Group }, None)
        } else if kinds & word::BODY != 0 {
            (SpeakerKind::Organisation, None)
        } else if kinds & word::ROLE != 0 {
            (SpeakerKind::Unnamed, Some(head.to_owned()))
        } else {
            (SpeakerKind::Unnamed, None)
        };
        let description = Description { kind, name: phrase, role, organisation, country };
        (Some(description), None, Confidence::Medium)
    }

    /// The organisation in `a spokesman for the Unification Ministry`, `a State Department spokesman`.
    fn organisation_of(&self, mention: &Mention) -> Option<String> {
        let reading = &self.reading;
        let preposition = (mention.head + 1..mention.end)
            .find(|&at| matches!(reading.token(at), "for" | "of" | "at" | "from" | "with"));
        if let Some(at) = preposition {
            return self.organisation_after(at + 1);
        }
        let run = (mention.first..mention.head).find_map(|at| self.people.run_at(at))?;
        self.organisation(run.first, run.end.min(mention.head))
    }

    /// The person last named before `at` whose role ends in the word (`president`).
    fn with_role(&self, head: &str, at: usize) -> Option<usize> {
        let before = self.people.namings.partition_point(|naming| naming.token < at);
        self.people.namings[..before].iter().rev().take(200).map(|naming| naming.figure).find(|&figure| {
            let person = &self.people.figures[figure];
            person.person
                && person.role.as_deref().is_some_and(|role| {
                    role.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case(head))
                })
        })
    }
}

/// What the words around a name tell.
#[derive(Debug, Default)]
struct Introduction {
    role: Option<String>,
    organisation: Option<String>,
    country: Option<Country>,
}

fn gender_of_role(role: &str) -> Option<Gender> {
    let last = role.rsplit(' ').next()?.to_lowercase();
    match last.as_str() {
        "spokesman" | "chairman" | "congressman" | "businessman" | "king" | "prince" | "actor" | "father"
        | "husband" | "son" | "brother" => Some(Gender::Male),
        "spokeswoman" | "chairwoman" | "congresswoman" | "businesswoman" | "queen" | "princess"
        | "actress" | "mother" | "wife" | "daughter" | "sister" => Some(Gender::Female),
        _ => None,
    }
}

/// The first token of the phrase without an article.
fn without_article(reading: &Reading, mention: &Mention) -> usize {
    let article = matches!(reading.token(mention.first).to_ascii_lowercase().as_str(), "the" | "a" | "an");
    if article && mention.first + 1 < mention.end { mention.first + 1 } else { mention.first }
}
