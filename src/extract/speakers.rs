//! Speakers: from the words that name one to who it is in this article, with role, organisation and country.

use super::bodies::{self, Bodies, Body};
use super::introductions::Introductions;
use super::names::{self, Run, word};
use super::people::{Gender, People, Resolved, name_of};
use super::phrases::Reading;
use super::sentences::Sentence;
use super::setting::Setting;
use super::tokens;
use crate::article::Span;
use crate::findings::{Confidence, Country, Speaker, SpeakerKind};

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
    setting: Setting<'a>,
    sentences: &'a [Sentence],
    people: People,
    bodies: Bodies,
    /// The figure that spoke last, and the token where it was named.
    last_person: Option<(usize, usize)>,
    last_body: Option<(Description, usize)>,
    last_group: Option<Description>,
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
    pub(super) fn new(setting: Setting<'a>, sentences: &'a [Sentence], elsewhere: &[String]) -> Speakers<'a> {
        let people = People::read(&setting, elsewhere);
        let bodies = Bodies::read(&setting);
        let mut speakers = Speakers {
            setting,
            sentences,
            people,
            bodies,
            last_person: None,
            last_body: None,
            last_group: None,
        };
        speakers.introduce();
        speakers
    }

    /// Gathers role, organisation, country and age of each person from the words around the names.
    fn introduce(&mut self) {
        let introductions = Introductions { setting: self.setting, bodies: &self.bodies };
        for (number, run) in self.setting.runs.iter().enumerate() {
            let Resolved::Sure(figure) = self.people.named(number, run) else { continue };
            let person = &mut self.people.figures[figure];
            if !person.person || person.role.is_some() {
                continue;
            }
            let before = introductions.before_name(run);
            let after = introductions.after_name(run);
            let named = before.organisation.as_ref().or(after.organisation.as_ref());
            let body = named.and_then(|name| self.bodies.called(name));
            let body_country = body.and_then(|body| self.bodies.list[body].country);
            person.surely_person |= before.role.is_some() || after.age.is_some();
            person.gender =
                person.gender.or_else(|| gender_of_role(before.role.as_deref().or(after.role.as_deref())?));
            person.organisation = person.organisation.take().or(before.organisation).or(after.organisation);
            person.country = person.country.or(before.country).or(after.country).or(body_country);
            person.age = person.age.or(after.age);
            person.role = before.role.or(after.role);
        }
    }

    /// The speaker the mention names, and how sure that is.
    pub(super) fn speaker(&mut self, mention: &Mention) -> (Speaker, Confidence) {
        let span = self.span(mention.first, mention.until);
        let (described, figure, confidence) = self.describe(mention);
        match (&described, figure) {
            (_, Some(figure)) => self.last_person = Some((figure, mention.first)),
            (Some(d), None) if d.kind == SpeakerKind::Organisation => {
                self.last_body = Some((d.clone(), mention.first));
            }
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
        tokens::span(self.setting.reading.tokens, first, end)
    }

    fn kind_of_pronoun(&self, mention: &Mention) -> SpeakerKind {
        match self.setting.reading.token(mention.head).to_ascii_lowercase().as_str() {
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
        let head = self.setting.reading.token(mention.head).to_ascii_lowercase();
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
            "it" | "which" => return (self.nearest_body(mention.first), None, Confidence::Low),
            "i" | "you" | "who" | "that" | "this" => return (None, None, Confidence::Low),
            _ => {}
        }
        // `Bank of Norway Governor Ann Lee`: she speaks.
        if self.setting.kinds(mention.head) & word::BODY != 0
            && let Some(run) = self.setting.run_at(mention.end - 1)
            && run.title & word::ROLE != 0
            && run.name < run.end
            && run.first > mention.head
        {
            let run = run.clone();
            return self.named(mention, &run);
        }
        match self.setting.run_at(mention.head) {
            Some(run) if run.name <= mention.head || self.is_surname(run) => {
                let run = run.clone();
                self.named(mention, &run)
            }
            _ => self.nominal(mention),
        }
    }

    /// Whether a run that seems to be a bare title is the surname of a person of the article: `King`.
    fn is_surname(&self, run: &Run) -> bool {
        run.name >= run.end
            && run.end - run.first == 1
            && self.people.resolve(&self.setting.reading, run, run.first) != Resolved::Unknown
    }

    /// The body `it` may stand for: the one that spoke last or was named last.
    fn nearest_body(&self, token: usize) -> Option<Description> {
        let spoke = self.last_body.as_ref();
        match self.bodies.before(token) {
            Some((body, at)) if spoke.is_none_or(|&(_, spoke)| spoke + 60 < at) => {
                Some(self.body_description(body))
            }
            _ => spoke.map(|(description, _)| description.clone()),
        }
    }

    fn body_description(&self, body: &Body) -> Description {
        let group = names::kinds(body.name.rsplit(' ').next().unwrap_or_default()) & word::GROUP != 0;
        Description {
            kind: if group { SpeakerKind::Group } else { SpeakerKind::Organisation },
            name: body.name.clone(),
            role: None,
            organisation: None,
            country: body.country,
        }
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
            name: names::usual_name(&person.name).map_or_else(|| person.name.clone(), str::to_owned),
            role: person.role.clone(),
            organisation: person.organisation.clone(),
            country: person.country,
        }
    }

    /// A mention whose head is a name.
    fn named(&mut self, mention: &Mention, run: &Run) -> (Option<Description>, Option<usize>, Confidence) {
        let (figure, sure) = match self.people.resolve(&self.setting.reading, run, mention.first) {
            Resolved::Sure(figure) => (Some(figure), Confidence::High),
            Resolved::Likely(figure) => (Some(figure), Confidence::Low),
            Resolved::Unknown => (None, Confidence::Medium),
        };
        let figure = figure.filter(|&figure| self.people.figures[figure].person);
        let body = self.bodies.named(&self.setting, run).map(|body| &self.bodies.list[body]);
        if let Some(figure) =
            figure.filter(|&figure| !body.is_some_and(|body| self.outdoes(body, figure, run)))
        {
            return (Some(self.description(figure)), Some(figure), sure);
        }
        if let Some(body) = body {
            let confidence = if figure.is_some() { Confidence::Medium } else { Confidence::High };
            return (Some(self.body_description(body)), None, confidence);
        }
        let surname = self.setting.reading.token(run.end - 1);
        if run.end - run.name == 1
            && !self.people.shared(surname)
            && let Some((full, code)) = names::leader(surname)
        {
            let description = Description {
                kind: SpeakerKind::Person,
                name: full.to_owned(),
                role: self.introductions().before_name(run).role,
                organisation: None,
                country: Country::new(code),
            };
            return (Some(description), None, Confidence::Medium);
        }
        if run.title == 0
            && (self.is_place(run) || bodies::is_body(&self.setting, run) || self.reads_as_body(mention, run))
        {
            return (Some(self.body(run)), None, Confidence::High);
        }
        let before = self.introductions().before_name(run);
        let confidence = if self.people.shared(surname) { Confidence::Low } else { Confidence::Medium };
        let description = Description {
            kind: SpeakerKind::Person,
            name: name_of(&self.setting.reading, run.name, run.end),
            role: before.role,
            organisation: before.organisation,
            country: before.country,
        };
        (Some(description), None, confidence)
    }

    fn introductions(&self) -> Introductions<'_> {
        Introductions { setting: self.setting, bodies: &self.bodies }
    }

    /// Whether a name that a person and a body share means the body: nothing but capitals shows the person, or the
    /// body was named first and bears the name alone.
    fn outdoes(&self, body: &Body, figure: usize, run: &Run) -> bool {
        let person = &self.people.figures[figure];
        run.title == 0
            && (!person.surely_person
                || body.company && body.name.eq_ignore_ascii_case(&person.name)
                || names::is_known_body(&body.name.to_lowercase())
                || run.end - run.name == 1
                    && person.introduced.is_none_or(|introduced| body.introduced < introduced))
    }

    /// `the Kremlin`, `Democrats`: an article or a plural shows it is no person.
    fn reads_as_body(&self, mention: &Mention, run: &Run) -> bool {
        let article = self.setting.reading.token(mention.first).eq_ignore_ascii_case("the")
            && mention.first + 1 == run.first;
        article || self.is_group_word(run.end - 1)
    }

    fn is_group_word(&self, at: usize) -> bool {
        self.setting.kinds(at) & word::GROUP != 0
    }

    fn body(&self, run: &Run) -> Description {
        let end = self.setting.body_end(run);
        let name = self.setting.body_name(run.first, end);
        let kind =
            if self.is_group_word(run.end - 1) { SpeakerKind::Group } else { SpeakerKind::Organisation };
        Description {
            kind,
            name: name.unwrap_or_else(|| name_of(&self.setting.reading, run.first, end)),
            role: None,
            organisation: None,
            country: self.setting.country_before(run.first, end),
        }
    }

    /// A mention whose head is a common noun: `the president`, `a senior official`, `the ministry`.
    fn nominal(&mut self, mention: &Mention) -> (Option<Description>, Option<usize>, Confidence) {
        if let Some((run, figure)) = self.apposed_name(mention) {
            let run = run.clone();
            if self.setting.kinds(mention.head) & word::ROLE != 0
                && self.people.figures[figure].role.is_none()
            {
                let role = self.introductions().role_ending(mention.head, mention.first);
                let organisation = self.organisation_of(mention);
                let person = &mut self.people.figures[figure];
                person.role = Some(role);
                person.organisation = person.organisation.take().or(organisation);
            }
            return self.named(mention, &run);
        }
        let reading = &self.setting.reading;
        let head = reading.token(mention.head);
        let kinds = reading.kinds(mention.head);
        let definite =
            matches!(reading.token(mention.first).to_ascii_lowercase().as_str(), "the" | "this" | "that");
        let phrase = name_of(reading, without_article(reading, mention), mention.end);
        let country = self.setting.country_in(mention.first, mention.end);
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
            && let Some(body) = self.bodies.ending_in(head, mention.first)
        {
            return (Some(self.body_description(body)), None, Confidence::Medium);
        }
        if definite
            && kinds & word::COMPANY != 0
            && let Some((body, only)) = self.bodies.company(mention.first)
        {
            let confidence = if only { Confidence::Medium } else { Confidence::Low };
            return (Some(self.body_description(body)), None, confidence);
        }
        if let Some(age) = self.age_in(mention).filter(|_| definite)
            && let Some((figure, confidence)) = self.aged(age)
        {
            return (Some(self.description(figure)), Some(figure), confidence);
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
        // Nobody is the owner of the role `owner`.
        let role = role.filter(|role| !role.eq_ignore_ascii_case(&phrase));
        let description = Description { kind, name: phrase, role, organisation, country };
        (Some(description), None, Confidence::Medium)
    }

    /// The name of the person whom a phrase introduces, and who that is: `the club's coach, Ann Lee,`.
    fn apposed_name(&self, mention: &Mention) -> Option<(&Run, usize)> {
        let run = self.setting.run_at(mention.end + 1).filter(|run| run.first == mention.end + 1)?;
        let figure = match self.people.resolve(&self.setting.reading, run, run.first) {
            Resolved::Sure(figure) | Resolved::Likely(figure) => figure,
            Resolved::Unknown => return None,
        };
        let kinds = self.setting.kinds(mention.head);
        let someone = kinds & (word::BODY | word::COMPANY | word::GROUP) == 0
            && (mention.head + 1 == mention.end || kinds & (word::ROLE | word::SOURCE) != 0);
        let named = self.people.figures[figure].person
            && !self.is_place(run)
            && self.introductions().is_apposition(run);
        (someone && named).then_some((run, figure))
    }

    /// The organisation in `a spokesman for the Unification Ministry`, `a State Department spokesman`.
    fn organisation_of(&self, mention: &Mention) -> Option<String> {
        let reading = &self.setting.reading;
        let preposition = (mention.head + 1..mention.end)
            .find(|&at| matches!(reading.token(at), "for" | "of" | "at" | "from" | "with"));
        if let Some(at) = preposition {
            return match self.setting.run_at(at + 1) {
                Some(run) if self.is_person(run) => None, // `an attorney for Reed`
                _ => self.introductions().organisation_after(at + 1),
            };
        }
        let run = (mention.first..mention.head).find_map(|at| self.setting.run_at(at))?;
        if self.is_person(run) {
            return None;
        }
        self.introductions().organisation(run.first, run.end.min(mention.head))
    }

    /// Whether the run is a place's name from end to end.
    fn is_place(&self, run: &Run) -> bool {
        (run.first..run.end).all(|at| self.setting.is_place(at))
    }

    /// Whether the run names a person of the article, and no body.
    fn is_person(&self, run: &Run) -> bool {
        match self.people.resolve(&self.setting.reading, run, run.first) {
            Resolved::Sure(figure) => {
                let figure = &self.people.figures[figure];
                figure.surely_person && self.bodies.named(&self.setting, run).is_none()
            }
            _ => false,
        }
    }

    /// The years in `the 54-year-old`.
    fn age_in(&self, mention: &Mention) -> Option<u16> {
        let token = |at: usize| self.setting.reading.token(at);
        let old =
            (mention.first + 4..mention.end).find(|&at| token(at) == "old" && token(at - 2) == "year")?;
        token(old - 4).parse().ok()
    }

    /// The person said to be of that age, else the one who spoke last.
    fn aged(&self, age: u16) -> Option<(usize, Confidence)> {
        let known = self.people.figures.iter().position(|figure| figure.age == Some(age));
        known
            .map(|figure| (figure, Confidence::Medium))
            .or(self.last_person.map(|(figure, _)| (figure, Confidence::Low)))
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
