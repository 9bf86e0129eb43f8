//! The setting of a name: its article's tokens, runs of capitals and places, read together.

use super::names::{self, Run, word};
use super::people::name_of;
use super::phrases::Reading;
use super::tokens::{self, TokenKind};
use super::words::{self, class};
use crate::findings::{Country, Place};

/// What rules about names read.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub reading: Reading<'a>,
    /// The runs of capitalised words, in order.
    pub runs: &'a [Run],
    /// In text order.
    pub places: &'a [Place],
}

impl Setting<'_> {
    /// The kinds of the word at the token.
    pub(super) fn kinds(&self, at: usize) -> u32 {
        self.reading.kinds(at)
    }

    /// The run that holds the token.
    pub(super) fn run_at(&self, token: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.first <= token);
        self.runs[..after].last().filter(|run| token < run.end)
    }

    /// The first country named in the tokens `first..end`.
    pub(super) fn country_in(&self, first: usize, end: usize) -> Option<Country> {
        let tokens = self.reading.tokens;
        let (start, end) = (tokens.get(first)?.start as usize, tokens.get(end.checked_sub(1)?)?.end as usize);
        let next = self.places.partition_point(|place| place.span.end <= start);
        self.places.get(next).filter(|place| place.span.start < end).map(|place| place.country)
    }

    /// The country named within the words or right before them (`South Korea's Unification Ministry`).
    pub(super) fn country_before(&self, first: usize, end: usize) -> Option<Country> {
        let floor = first.saturating_sub(4);
        let mut start = first;
        while start > floor && self.belongs(start - 1) {
            start -= 1;
        }
        self.country_in(start, end)
    }

    /// Whether the token may stand in a genitive before a name.
    pub(super) fn belongs(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.kind == TokenKind::Possessive
            || token.is_capitalised() && !self.reading.word(at).is(class::PREP | class::CC | class::SUB)
    }

    /// Whether the token is part of a place's name.
    pub(super) fn is_place(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let first = self.places.partition_point(|place| place.span.end <= token.start as usize);
        self.places.get(first).is_some_and(|place| place.span.contains(token.span()))
    }

    /// Where the name of a body ends that begins with the run: `Bank of Norway`, `Institute for Northern Affairs`.
    pub(super) fn body_end(&self, run: &Run) -> usize {
        let mut end = run.end;
        while self.kinds(end - 1) & word::BODY != 0
            && (self.reading.token(end) == "of"
                || self.reading.token(end) == "for" && self.kinds(end - 1) & word::ROLE == 0)
        {
            let next = if self.reading.word(end + 1).is(class::DET) { end + 2 } else { end + 1 };
            match self.run_at(next) {
                // a name without titles, or nothing but what could be one: `Department of Justice`
                Some(more) if more.first == next && (more.name == next || more.name >= more.end) => {
                    end = self.joined_end(more.end);
                }
                _ => break,
            }
        }
        end
    }

    /// Where a matter ends that `and` joins to another before `end`, in a body's name: `Office for Parks and Trade`.
    fn joined_end(&self, end: usize) -> usize {
        const OTHER: u32 = word::GIVEN | word::ADDRESS | word::ROLE | word::BODY | word::KNOWN;
        let reading = &self.reading;
        if reading.token(end) != "and" || self.is_place(end - 1) {
            return end;
        }
        match self.run_at(end + 1) {
            Some(more)
                if more.first == end + 1
                    && !self.is_place(more.first)
                    && (more.first..more.end).all(|at| {
                        self.kinds(at) & OTHER == 0 && reading.tokens[at].kind == TokenKind::Capital
                    })
                    && !names::names_known_body(reading, more.first, more.end) =>
            {
                more.end
            }
            _ => end,
        }
    }

    /// The name of the body in the tokens, without countries and genitives before it: `South Korea's Unification
    /// Ministry` is the `Unification Ministry`. `None` where no name is left.
    pub(super) fn body_name(&self, first: usize, end: usize) -> Option<String> {
        let reading = &self.reading;
        let written = tokens::span(reading.tokens, first, end).of(reading.text);
        // seldom any: the bytes tell sooner than the characters
        if written.bytes().any(|byte| matches!(byte, b'\'' | 128..)) && written.contains(['\'', '’']) {
            let whole = without_form(name_of(reading, first, end));
            if whole.contains(['\'', '’']) && names::is_known_body(&whole.to_lowercase()) {
                return Some(whole); // `Moody's`
            }
        }
        let mut from = first;
        let genitive = (first..end).rev().find(|&at| reading.tokens[at].kind == TokenKind::Possessive);
        // `Ann's Corp` keeps it, and `Ann's of Holm`.
        if let Some(genitive) = genitive.filter(|&at| {
            reading.token(at + 1) != "of"
                && (at + 1..end)
                    .any(|at| self.kinds(at) & word::CORPORATE == 0 && reading.tokens[at].is_word())
        }) {
            from = genitive + 1;
        }
        while from < end
            && (reading.word(from).is(class::DET | class::ADJ) && !reading.tokens[from].is_capitalised()
                || matches!(reading.token(from), "the" | "The" | "former" | "Former" | "then" | "-" | "."))
        {
            from += 1;
        }
        // a company's full name is whole with its place: `American Trams Inc`
        let full = names::is_legal_form(reading, end - 1)
            || end > from + 1 && reading.token(end - 1) == "." && names::is_legal_form(reading, end - 2);
        while from + 1 < end
            && !full
            && self.is_place(from)
            && !(from + 2 == end && needs_place(reading.token(from + 1)))
        {
            from += 1;
        }
        let mut end = end;
        while end > from && reading.tokens[end - 1].kind == TokenKind::Possessive {
            end -= 1;
        }
        if from >= end || self.is_place(from) && !full {
            return None;
        }
        let capital = (from..end).any(|at| reading.tokens[at].is_capitalised());
        let adjective = end - from == 1
            && words::lookup(reading.token(from)).is(class::ADJ)
            && self.kinds(from) & word::BODY == 0;
        let only_party = end - from == 1
            && matches!(reading.token(from), "Republican" | "Democratic" | "Democrat" | "GOP");
        (capital && !only_party && !adjective).then(|| {
            let name = without_form(name_of(reading, from, end));
            names::full_body(&name).map_or(name, str::to_owned)
        })
    }
}

/// Whether the word alone names no body, so that a place before it belongs to the name: `Air Norway Corp`.
fn needs_place(word: &str) -> bool {
    names::kinds(word) & word::CORPORATE != 0
        || matches!(
            word,
            "News" | "Times" | "Post" | "Journal" | "Today" | "Steel" | "Airlines" | "Airways" | "Telecom"
        )
}

/// The name without the legal form of a company: `Northern Motors Corp.` is `Northern Motors`; a well-known one also without
/// `Group` and `Holdings`.
fn without_form(name: String) -> String {
    let form =
        |word: &str| word == "&" || names::kinds(word.trim_end_matches(['.', ','])) & word::CORPORATE != 0;
    let last = name.rsplit(' ').next().unwrap_or_default();
    if !form(last) && !matches!(last, "Group" | "Holdings" | "") && !last.ends_with(',') {
        return name; // as most are
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    // `News Corp`, but not `Apple Inc`
    let bare = |words: &[&str]| {
        words.len() == 2
            && names::kinds(words[0]) & word::BODY != 0
            && !names::is_known_body(&words[0].to_lowercase())
    };
    while words.len() > 1 && !bare(&words) && words.last().is_some_and(|last| form(last)) {
        words.pop();
    }
    if let [known @ .., "Group" | "Holdings"] = &words[..]
        && names::is_known_body(&known.join(" ").to_lowercase())
    {
        words.pop(); // `Goldman Sachs Group`
    }
    words.join(" ").trim_end_matches(',').to_owned()
}
