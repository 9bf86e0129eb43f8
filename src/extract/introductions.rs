//! Introductions: what the words around a name tell about who bears it.

use super::bodies::Bodies;
use super::names::{Run, word};
use super::people::name_of;
use super::setting::Setting;
use super::tokens::TokenKind;
use super::words::{class, form};
use crate::findings::Country;

/// What the words around a name tell.
#[derive(Debug, Default)]
pub(super) struct Introduction {
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub country: Option<Country>,
    /// In years.
    pub age: Option<u16>,
}

/// Names and the bodies known when they are read.
#[derive(Clone, Copy)]
pub(super) struct Introductions<'a> {
    pub setting: Setting<'a>,
    pub bodies: &'a Bodies,
}

impl Introductions<'_> {
    /// Role, organisation and country from the words before a name: `South Korea's Defense Minister Lee`, `ministry
    /// spokesperson Koo`, `chemist Seeberger`.
    pub(super) fn before_name(&self, run: &Run) -> Introduction {
        let reading = &self.setting.reading;
        let mut found = Introduction::default();
        // The role word: the last title in the run, or the word right before it.
        let role = if run.name > run.first {
            (run.first..run.name).rev().find(|&at| self.setting.kinds(at) & word::ROLE != 0)
        } else {
            let before = if self.is_apposition(run) { 2 } else { 1 };
            run.first
                .checked_sub(before)
                .filter(|&at| reading.tokens[at].kind == TokenKind::Lower && self.names_role(at))
        };
        let floor = run.first.saturating_sub(8);
        let Some(role) = role else {
            // `Russia's Putin`
            found.country = self.country_touching(run.first);
            return found;
        };
        let first = self.first_of_role(role, floor);
        found.role = Some(name_of(reading, first, role + 1));
        // What stands before the role: a country, a body.
        let mut start = first;
        while start > floor && (self.setting.belongs(start - 1) || self.is_body_word(start - 1)) {
            start -= 1;
        }
        if start < first {
            found.country = self.setting.country_in(start, first);
            found.organisation = self.organisation(start, first);
        } else if first > 1 && reading.tokens[first - 1].kind == TokenKind::Possessive {
            // `the council's president, Ann Lee,`
            found.organisation = self.organisation(first - 2, first - 1);
        }
        found
    }

    /// The role that ends with the word `role`, what narrows it included, from `floor` on.
    pub(super) fn role_ending(&self, role: usize, floor: usize) -> String {
        name_of(&self.setting.reading, self.first_of_role(role, floor), role + 1)
    }

    fn first_of_role(&self, role: usize, floor: usize) -> usize {
        let mut first = self.narrowed(role, floor);
        while first < role && self.setting.reading.token(first) == "-" {
            first += 1;
        }
        first
    }

    /// The first of the tokens, from `floor` on, that narrow the role.
    fn narrowed(&self, role: usize, floor: usize) -> usize {
        let mut first = role;
        while first > floor && self.modifies_role(first - 1, role) {
            first -= 1;
        }
        first
    }

    /// Whether the name stands between commas, as in `the chief executive, Ann Lee,`.
    pub(super) fn is_apposition(&self, run: &Run) -> bool {
        let token = |at: usize| self.setting.reading.token(at);
        run.first.checked_sub(1).is_some_and(|before| token(before) == ",")
            && matches!(token(run.end), "," | "." | ";" | ":" | ")" | "—" | "")
    }

    fn is_body_word(&self, at: usize) -> bool {
        self.setting.reading.tokens[at].kind == TokenKind::Lower && self.setting.kinds(at) & word::BODY != 0
    }

    fn names_role(&self, at: usize) -> bool {
        let token = self.setting.reading.token(at);
        self.setting.kinds(at) & word::ROLE != 0
            || token.len() > 5
                && (token.ends_with("ologist") || token.ends_with("physicist") || token.ends_with("ician"))
    }

    fn modifies_role(&self, at: usize, role: usize) -> bool {
        let reading = &self.setting.reading;
        let kinds = self.setting.kinds(at);
        let lower = |at: usize| reading.tokens[at].kind == TokenKind::Lower;
        let hyphen = reading.token(at) == "-" && reading.tokens[at].glued;
        let opens = at == 0 || !reading.tokens[at - 1].is_word(); // `Deputy leader Ann Lee`
        let told = kinds & (word::MODIFIER | word::ROLE) != 0
            && (lower(at) == lower(role) || lower(role) && opens)
            && !(kinds & word::BODY != 0 && lower(role));
        told || self.compounds(at) && lower(role) || hyphen && at > 0
    }

    /// Whether the token may be a noun before a noun: `project` in `project manager`.
    fn compounds(&self, at: usize) -> bool {
        let reading = &self.setting.reading;
        let word = reading.word(at);
        reading.tokens[at].kind == TokenKind::Lower
            && (word.class == 0 || word.is(class::NOUN))
            && word.frames == 0
            && !word.has(form::PAST | form::PARTICIPLE | form::ING)
            && self.setting.kinds(at) & (word::BODY | word::COMPANY) == 0
    }

    /// A country whose possessive stands right before the token: `Russia's Putin`.
    fn country_touching(&self, at: usize) -> Option<Country> {
        let genitive = at.checked_sub(1)?;
        let country = genitive.checked_sub(1)?;
        (self.setting.reading.tokens[genitive].kind == TokenKind::Possessive)
            .then(|| self.setting.country_in(country, genitive))
            .flatten()
    }

    /// Role, organisation and country from what follows a name: `, a senator from Ohio,`, ` of Iowa State University`.
    pub(super) fn after_name(&self, run: &Run) -> Introduction {
        let reading = &self.setting.reading;
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
        if reading.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Number)
            && matches!(token(at + 1), "," | "." | ";")
        {
            found.age = token(at).parse().ok().filter(|age| (10..120).contains(age));
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
                || reading.tokens[i].kind == TokenKind::Break
                || word.is(class::PREP | class::CC | class::REL | class::AUX)
                || word.frames != 0 && !self.names_role(i) && self.setting.kinds(i) & word::MODIFIER == 0
            {
                break;
            }
            if self.names_role(i) && i < from + 8 {
                role = Some(i);
            }
        }
        let Some(role) = role else { return found };
        let first = self.narrowed(role, from);
        found.role = Some(name_of(reading, first, role + 1));
        if first > from {
            found.country = self.setting.country_in(from, first);
            found.organisation = self.organisation(from, first);
        }
        if found.organisation.is_none()
            && matches!(token(role + 1), "of" | "at" | "for" | "with" | "from" | "in")
        {
            found.organisation = self.organisation_after(role + 2);
            if found.country.is_none() {
                let end = (role + 8).min(reading.tokens.len());
                let end =
                    (role + 2..end).find(|&i| matches!(token(i), "," | "." | "“" | "\"")).unwrap_or(end);
                if role + 2 < end {
                    found.country = self.setting.country_in(role + 2, end);
                }
            }
        }
        found
    }

    /// The body named from the token on, an article and what it is skipped: `the cable layer Northern Light`.
    pub(super) fn organisation_after(&self, at: usize) -> Option<String> {
        let mut at = if self.setting.reading.word(at).is(class::DET) { at + 1 } else { at };
        let from = at;
        while at < from + 3 && at < self.setting.reading.tokens.len() && self.describes_body(at) {
            at += 1;
        }
        let run = self.setting.run_at(at).filter(|run| run.first == at)?;
        self.organisation(at, self.setting.body_end(run))
    }

    fn describes_body(&self, at: usize) -> bool {
        let body = self.setting.kinds(at) & (word::BODY | word::COMPANY) != 0;
        self.setting.reading.tokens[at].kind == TokenKind::Lower && (body || self.compounds(at))
    }

    /// The body named by the tokens; a common noun (`ministry`) stands for the last body so called.
    pub(super) fn organisation(&self, first: usize, end: usize) -> Option<String> {
        let tokens = self.setting.reading.tokens;
        let first = first + usize::from(self.setting.reading.word(first).is(class::POSS)); // `His deputy`
        let last = end.checked_sub(1).filter(|&last| last >= first)?;
        if tokens[last].kind == TokenKind::Lower
            && !tokens[first..last].iter().any(|token| token.is_capitalised())
        {
            let word = self.setting.reading.token(last);
            return self.bodies.ending_in(word, first).map(|body| body.name.clone());
        }
        let name = self.setting.body_name(first, end)?;
        // In full, where the article gives a fuller name.
        Some(self.bodies.called(&name).map_or(name, |body| self.bodies.list[body].name.clone()))
    }
}
