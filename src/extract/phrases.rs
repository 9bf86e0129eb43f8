//! Phrases: the noun phrases, verb groups and joints of a sentence, quotations taken whole.

use super::names;
use super::quotes::Quotation;
use super::sentences;
use super::tokens::{self, Token, TokenKind};
use super::words::{self, Word, class, form, frame};

/// What a phrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Noun,
    Verb,
    Preposition,
    /// `and`, `but`, `or`.
    Conjunction,
    /// `because`, `while`: opens a clause.
    Subordinator,
    That,
    /// `who`, `which`, `whose`.
    Relative,
    /// `what`, `how`, `whether`.
    Question,
    Adverb,
    Comma,
    Semicolon,
    Colon,
    Dash,
    Open,
    Close,
    /// A quotation, by its number.
    Quote(usize),
    Other,
}

/// One phrase: the tokens `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub kind: Kind,
    pub first: usize,
    pub end: usize,
    /// The last noun of a noun phrase, the main verb of a verb group.
    pub head: usize,
    pub verb: Verb,
}

/// What a verb group is like; meaningless in other phrases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verb {
    /// Can be the verb of a clause: `said`, `has said`, `is saying`; not `to say`, `saying`.
    pub finite: bool,
    pub infinitive: bool,
    /// `saying` alone.
    pub gerund: bool,
    /// `was told`.
    pub passive: bool,
    pub negated: bool,
    pub modal: bool,
    /// A past form that may as well be a participle: `told`, `called`.
    pub past: bool,
}

/// A text cut up for the rules: everything they read, borrowed together.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub words: &'a [Word],
    pub quotations: &'a [Quotation],
}

/// Has a text read of which no quotation matters: a title, a caption.
pub(super) fn read<T>(text: &str, judge: impl FnOnce(&Reading) -> T) -> T {
    let tokens = tokens::tokens(text);
    let words = words::words(text, &tokens);
    judge(&Reading { text, tokens: &tokens, words: &words, quotations: &[] })
}

impl<'a> Reading<'a> {
    pub(super) fn token(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.of(self.text))
    }

    pub(super) fn word(&self, at: usize) -> Word {
        self.words.get(at).copied().unwrap_or_default()
    }

    /// What the word is around names, see `names::word`.
    pub(super) fn kinds(&self, at: usize) -> u32 {
        self.word(at).kinds
    }

    pub(super) fn kind(&self, at: usize) -> TokenKind {
        self.tokens.get(at).map_or(TokenKind::Break, |token| token.kind)
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }
}

/// Cuts one paragraph, the tokens `first..end`, into phrases; the second list holds where each sentence ends.
pub(super) fn phrases(
    reading: &Reading,
    first: usize,
    end: usize,
    quote: &mut usize,
) -> (Vec<Phrase>, Vec<usize>) {
    let mut chunker = Chunker {
        reading,
        end,
        out: Vec::with_capacity((end - first) / 2 + 1),
        ends: Vec::new(),
        headline: false,
        start: first,
    };
    chunker.headline = chunker.is_headline(first);
    let mut at = first;
    while at < end {
        while reading.quotations.get(*quote).is_some_and(|q| q.open < at) {
            *quote += 1;
        }
        // Phrases stop short of the next quotation.
        let short = reading.quotations.get(*quote).map_or(end, |q| q.open.min(end));
        chunker.end = short;
        if at == chunker.start
            && let Some(stop) = chunker.idle_sentence(first)
        {
            chunker.push(Kind::Other, stop, stop + 1);
            chunker.sentence_ends(stop + 1);
            at = stop + 1;
            continue;
        }
        chunker.end = end;
        at = match reading.quotations.get(*quote) {
            Some(quotation) if quotation.open == at => {
                if let Some(past) = chunker.extend_name(quotation) {
                    past
                } else {
                    if chunker.is_title(quotation) {
                        chunker.extend_noun(quotation);
                    } else {
                        chunker.push(Kind::Quote(*quote), at, quotation.end);
                        chunker.end_after_quote(quotation);
                    }
                    quotation.end
                }
            }
            _ => {
                chunker.end = short;
                let next = chunker.step(at);
                chunker.end = end;
                let last = &reading.tokens[next - 1];
                if last.is_word()
                    && last.of(reading.text).ends_with('.')
                    && sentences::ends_sentence(reading.text, reading.tokens, next - 1)
                {
                    chunker.sentence_ends(next);
                }
                next
            }
        };
    }
    if chunker.ends.last() != Some(&chunker.out.len()) && !chunker.out.is_empty() {
        chunker.ends.push(chunker.out.len());
    }
    (chunker.out, chunker.ends)
}

/// Cuts a paragraph into phrases, left to right; `verbs.rs` tells it what is a verb.
pub(super) struct Chunker<'a> {
    pub reading: &'a Reading<'a>,
    pub end: usize,
    pub out: Vec<Phrase>,
    ends: Vec<usize>,
    /// A sentence in Title Case: capitals say nothing.
    pub headline: bool,
    /// The first token of the sentence.
    start: usize,
}

impl Chunker<'_> {
    pub(super) fn push(&mut self, kind: Kind, first: usize, end: usize) {
        self.out.push(Phrase { kind, first, end, head: end - 1, verb: Verb::default() });
    }

    /// The full stop of the sentence that begins here, where nothing in it reports and nothing behind it may go on with
    /// it: it holds no reporting word, no quotation and no colon. Its phrases would be read by no rule.
    fn idle_sentence(&self, paragraph: usize) -> Option<usize> {
        let Reading { text, tokens, words, .. } = *self.reading;
        let start = self.start;
        if !matches!(self.reading.kind(start), TokenKind::Capital | TokenKind::Lower) {
            return None; // a dash may sign a quotation, capitals label it
        }
        let mut classes = 0;
        for at in start..self.end {
            let (token, word) = (&tokens[at], &words[at]);
            classes |= word.class;
            let length = token.end - token.start;
            let reports = word.frames != 0 || length == 9 && token.of(text).eq_ignore_ascii_case("according");
            // a colon announces, and a dash may end a dateline at the head of a paragraph
            let marks = token.kind == TokenKind::Mark
                && (token.of(text) == ":" || start == paragraph && matches!(token.of(text), "-" | "–" | "—"));
            if reports || marks {
                return None;
            }
            if sentences::ends_sentence(text, tokens, at) {
                let claims = classes & class::REPORT != 0 && classes & class::THAT != 0;
                let goes_on = at + 1 == self.end || tokens[at + 1].kind == TokenKind::Mark;
                return (token.kind == TokenKind::Mark && !claims && !goes_on).then_some(at);
            }
        }
        None
    }

    fn sentence_ends(&mut self, next: usize) {
        if self.ends.last().copied().unwrap_or(0) < self.out.len() {
            self.ends.push(self.out.len());
        }
        self.start = next;
        self.headline = self.is_headline(next);
    }

    /// The name of a book or a show, not something said: a few capitalised words right after a noun or a preposition
    /// (`on ABC's “This Week”`).
    fn is_title(&self, quotation: &Quotation) -> bool {
        if quotation.last - quotation.first > 7 {
            return false;
        }
        let follows = match self.before() {
            Some(p) if p.end == quotation.open => match p.kind {
                Kind::Preposition => !matches!(self.reading.token(p.first), "as" | "than" | "like"),
                Kind::Noun => !self.reading.word(p.head).is(class::SUBJ | class::OBJ),
                _ => false,
            },
            _ => false,
        };
        let mut capitals = 0;
        let all = (quotation.first..quotation.last).all(|at| match self.reading.kind(at) {
            TokenKind::Capital | TokenKind::Upper | TokenKind::Mixed | TokenKind::Number => {
                capitals += 1;
                true
            }
            TokenKind::Lower => {
                capitals > 0 && self.reading.word(at).is(class::PREP | class::DET | class::CC | class::TO)
            }
            TokenKind::Mark => at + 1 == quotation.last || self.reading.glued(at),
            TokenKind::Possessive => true,
            _ => false,
        });
        follows && all && capitals > 1
    }

    /// Makes a nickname and the surname after it part of the noun phrase that ends in the given name before it; where
    /// that then ends.
    fn extend_name(&mut self, nickname: &Quotation) -> Option<usize> {
        let past = names::past_nickname(self.reading, nickname.open)?;
        let noun = self.out.last_mut().filter(|p| p.kind == Kind::Noun && p.end == nickname.open)?;
        let capital = |at: &usize| self.reading.tokens.get(*at).is_some_and(|token| token.is_capitalised());
        noun.end = past + (past..self.end).take_while(capital).count();
        noun.head = noun.end - 1;
        Some(noun.end)
    }

    /// Makes the title part of the noun phrase before it.
    fn extend_noun(&mut self, quotation: &Quotation) {
        match self.out.last_mut() {
            Some(noun) if noun.kind == Kind::Noun => {
                noun.end = quotation.end;
                noun.head = quotation.last - 1;
            }
            _ => {
                self.push(Kind::Noun, quotation.open, quotation.end);
                if let Some(noun) = self.out.last_mut() {
                    noun.head = quotation.last - 1;
                }
            }
        }
        if self.reading.token(quotation.last - 1) == "."
            && self.reading.kind(quotation.end) != TokenKind::Lower
        {
            self.sentence_ends(quotation.end);
        }
    }

    /// A quotation that ends in a full stop ends its sentence, unless lower case or a reporting clause follows: after a
    /// full stop proper (`“…” Smith said.`) only one that itself ends there, after other stops any.
    fn end_after_quote(&mut self, quotation: &Quotation) {
        let reading = self.reading;
        let stop = reading.token(quotation.last - 1);
        let next = quotation.end;
        if !matches!(stop, "." | "?" | "!" | "…") || reading.kind(next) == TokenKind::Lower {
            return;
        }
        let name = self.word(next).class == 0;
        let goes_on = match self.reports_soon(next, if stop == "." { 3 } else { 25 }) {
            Some(verb) => {
                let closes = verb + 1 >= self.end || matches!(reading.token(verb + 1), "." | ",");
                // `“…!” Lee, the mayor of Dull, shouted to the crowd.`
                let described = reading.token(verb - 1) == ",";
                let soon = (verb - next < 6 || described) && reading.token(verb + 1) != "that";
                name && (closes || stop != "." && soon)
            }
            None => stop != "." && name && self.closes_soon(next),
        };
        if !goes_on {
            self.sentence_ends(next);
        }
    }

    /// Whether a name and a verb are all that stands before the next stop: `“…?” Ann Lee wondered.`
    fn closes_soon(&self, at: usize) -> bool {
        (at + 1..self.end.min(at + 5)).any(|i| {
            self.reading.word(i).has(form::PAST)
                && (i + 1 >= self.end || matches!(self.reading.token(i + 1), "." | ","))
        })
    }

    /// The reporting verb within `reach` words from `at`, before any full stop or quotation mark.
    fn reports_soon(&self, at: usize, reach: usize) -> Option<usize> {
        (at..self.end.min(at + reach))
            .take_while(|&i| {
                !matches!(self.reading.token(i), "." | "?" | "!" | ":" | "“" | "\"")
                    || self.reading.token(i) == "." && i - at < 3
            })
            .find(|&i| self.reading.word(i).frames != 0 && self.reading.word(i).has(form::PAST | form::S))
    }

    /// Whether most of the longer words from `at` to the next full stop are capitalised.
    fn is_headline(&self, at: usize) -> bool {
        const MOST: usize = 40;
        let mut capitals = 0;
        let mut lower = 0;
        for i in at..self.end.min(at + MOST) {
            match self.reading.kind(i) {
                TokenKind::Mark if self.reading.token(i) == "." => break,
                TokenKind::Capital => capitals += 1,
                TokenKind::Lower if self.reading.tokens[i].end - self.reading.tokens[i].start > 3 => {
                    lower += 1;
                    if lower * 5 >= MOST {
                        return false;
                    }
                }
                _ => {}
            }
        }
        capitals >= 4 && lower * 5 < capitals
    }

    pub(super) fn word(&self, at: usize) -> Word {
        if at >= self.end { Word::default() } else { self.reading.word(at) }
    }

    /// Whether the token is a name by its capital: not at the start of a sentence, not in a headline.
    #[inline]
    pub(super) fn is_name(&self, at: usize) -> bool {
        let capital =
            matches!(self.reading.kind(at), TokenKind::Capital | TokenKind::Upper | TokenKind::Mixed);
        capital && self.is_capital_name(at)
    }

    fn is_capital_name(&self, at: usize) -> bool {
        let word = self.word(at);
        let closed = class::DET
            | class::POSS
            | class::PREP
            | class::CC
            | class::SUB
            | class::AUX
            | class::WH
            | class::SUBJ
            | class::ADV;
        match self.reading.kind(at) {
            TokenKind::Capital if self.is_initial(at) => true,
            TokenKind::Upper | TokenKind::Mixed => {
                let joined = self.reading.token(at + 1) == "&" && self.reading.glued(at + 1); // `AT&T`
                !word.is(closed) || joined || at > self.start && !self.headline
            }
            TokenKind::Capital if at == self.start || self.headline => {
                word.class == 0 && word.forms == 0 || word.is(class::TIME)
            }
            TokenKind::Capital => {
                !word.is(closed & !class::MODAL)
                    || word.is(class::MODAL | class::TIME)
                    || names::joins_names(self.reading, at)
            }
            _ => false,
        }
    }

    /// `A.` in `Jock A. Smith`.
    fn is_initial(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.end - token.start == 1
            && self.reading.token(at + 1) == "."
            && self.reading.glued(at + 1)
            && matches!(self.reading.kind(at + 2), TokenKind::Capital)
    }

    /// Takes the phrase at `at` and returns where the next one begins.
    fn step(&mut self, at: usize) -> usize {
        let reading = self.reading;
        if reading.kind(at) == TokenKind::Mark {
            return self.mark(at);
        }
        let word = self.word(at);
        if self.is_common(at, word) {
            return self.noun_phrase(at);
        }
        if self.is_close_to(at) {
            self.push(Kind::Preposition, at, at + 2);
            return at + 2;
        }
        if !self.is_name(at) {
            if let Some(next) = self.verb_group(at) {
                return next;
            }
            let single = |kind| Some(kind);
            // `down-ballot races`, `that criticism`
            let kind = if self.hyphenates(at) || word.is(class::THAT) && self.points(at) {
                None
            } else if word.is(class::THAT) {
                // `that` before a noun may be a determiner; as a joint it serves the rules better.
                single(Kind::That)
            } else if word.is(class::REL)
                || word.is(class::POSS) && reading.token(at).eq_ignore_ascii_case("whose")
            {
                single(Kind::Relative)
            } else if word.is(class::WH) {
                single(Kind::Question)
            } else if word.is(class::CC) {
                single(Kind::Conjunction)
            } else if word.is(class::SUB) && !self.is_preposition(at) {
                single(Kind::Subordinator)
            } else if word.is(class::PREP) && !word.is(class::DET) {
                single(Kind::Preposition)
            } else if word.is(class::ADV | class::NEG) && !word.is(class::DET | class::ADJ | class::TIME)
                || matches!(reading.token(at), "late" | "early")
                    && self.before().is_some_and(|p| p.kind == Kind::Noun)
            {
                single(Kind::Adverb) // `Lee late on Friday said`
            } else if word.is(class::TO) {
                single(Kind::Preposition)
            } else {
                None
            };
            if let Some(kind) = kind {
                self.push(kind, at, at + 1);
                return at + 1;
            }
        }
        self.noun_phrase(at)
    }

    /// Whether the word, in small letters, is none that any rule knows: it can only be part of a noun phrase.
    fn is_common(&self, at: usize, word: Word) -> bool {
        word.class == 0
            && word.forms == 0
            && self.reading.kind(at) == TokenKind::Lower
            && self.reading.token(at) != "familiar" // with it, see `is_close_to`; other words of rules have a class
    }

    /// Whether a hyphen ties the word to the next one.
    fn hyphenates(&self, at: usize) -> bool {
        let reading = self.reading;
        reading.token(at + 1) == "-" && reading.glued(at + 1) && reading.glued(at + 2) && at + 2 < self.end
    }

    /// Whether the `that` at `at` points at the noun behind it: it opens the sentence or follows a preposition, and no
    /// clause begins behind it, or it is a time right before a verb
    /// (`later that year said`).
    fn points(&self, at: usize) -> bool {
        let opens = at == self.start || self.before().is_some_and(|p| p.kind == Kind::Preposition);
        let closed =
            class::DET | class::POSS | class::SUBJ | class::PREP | class::AUX | class::THAT | class::CC;
        let next = self.word(at + 1);
        let time = next.is(class::TIME) && !next.is(class::ADV) && self.word(at + 2).has(form::PAST);
        self.reading.kind(at + 1) == TokenKind::Lower && (time || opens && !next.is(closed))
    }

    /// `sources close to the talks`, `people familiar with it`: an adjective and its preposition are one joint.
    fn is_close_to(&self, at: usize) -> bool {
        let joint = match self.reading.token(at) {
            "close" => "to",
            "familiar" => "with",
            _ => return false,
        };
        at + 1 < self.end && self.reading.token(at + 1) == joint
    }

    /// `since Monday`, `before the vote` against `since he left`: decided by whether a verb soon follows.
    fn is_preposition(&self, at: usize) -> bool {
        if !self.word(at).is(class::PREP) {
            return false;
        }
        let mut i = at + 1;
        let mut noun = false;
        while i < self.end.min(at + 8) {
            let word = self.word(i);
            if self.reading.kind(i) == TokenKind::Mark && !self.reading.glued(i)
                || word.is(class::PREP | class::CC)
            {
                break;
            }
            if word.is(class::SUBJ | class::CONTRACTED) && !word.is(class::POSS | class::NUM) {
                // `said after the vote he would go`: the pronoun begins what is said
                return noun
                    && self.before().is_some_and(|p| self.reading.word(p.head).reports(frame::CLAUSE));
            }
            if noun && (word.is(class::AUX) || word.has(form::PAST) && !self.is_name(i)) {
                return false;
            }
            noun |= !word.is(class::DET | class::POSS | class::ADJ);
            i += 1;
        }
        true
    }

    fn mark(&mut self, at: usize) -> usize {
        let reading = self.reading;
        let glued_next = reading.glued(at + 1);
        let kind = match reading.token(at) {
            "," => Kind::Comma,
            ";" => Kind::Semicolon,
            ":" => Kind::Colon,
            "(" | "[" => Kind::Open,
            ")" | "]" => Kind::Close,
            "—" | "–" | "―" => Kind::Dash,
            "-" if glued_next && reading.glued(at) && reading.token(at + 1) != "-" => Kind::Other,
            "-" => {
                let end = if reading.token(at + 1) == "-" && glued_next { at + 2 } else { at + 1 };
                let end = end.min(self.end);
                self.push(Kind::Dash, at, end);
                self.dateline_ends(end);
                return end;
            }
            "@" | "#" | "$" | "£" | "€" if glued_next && at + 1 < self.end => return self.noun_phrase(at),
            _ => Kind::Other,
        };
        self.push(kind, at, at + 1);
        if sentences::ends_sentence(reading.text, reading.tokens, at) {
            self.sentence_ends(at + 1);
        } else if kind == Kind::Dash {
            self.dateline_ends(at + 1);
        }
        at + 1
    }

    /// `OSLO, Norway (Courier) - The mayor said`: what stands before the dash is no part of the sentence.
    fn dateline_ends(&mut self, next: usize) {
        if !self.ends.is_empty() || self.start + 16 <= next {
            return;
        }
        let city = self.reading.kind(self.start) == TokenKind::Upper;
        let agency = self.out.iter().rev().nth(1).is_some_and(|p| p.kind == Kind::Close);
        let verb = self.out.iter().any(|p| p.kind == Kind::Verb);
        let named = self.reading.tokens[self.start].is_capitalised()
            || self.out.first().is_some_and(|p| p.kind == Kind::Open); // `(Courier) - The mayor said`
        if !verb && (city || agency && named) {
            self.sentence_ends(next);
        }
    }

    /// The kind of the phrase before, within the sentence.
    pub(super) fn before(&self) -> Option<&Phrase> {
        self.out.last().filter(|_| self.ends.last().copied().unwrap_or(0) < self.out.len())
    }

    /// Takes the noun phrase at `at`; it is never empty.
    fn noun_phrase(&mut self, at: usize) -> usize {
        let reading = self.reading;
        let mut i = at;
        let mut head: Option<usize> = None;
        while i < self.end && i < at + 60 {
            let word = self.word(i);
            let kind = reading.kind(i);
            let glued = i > at && reading.glued(i);
            if self.is_common(i, word) {
                head = Some(i);
                i += 1;
                continue;
            }
            match kind {
                TokenKind::Possessive => {
                    // `he's`, `it's`: a verb; elsewhere the phrase goes on.
                    if i > at
                        && reading.word(i - 1).is(class::SUBJ | class::WH | class::REL | class::THAT)
                        && i == at + 1
                    {
                        break;
                    }
                    i += 1;
                    continue;
                }
                TokenKind::Mark => {
                    let token = reading.token(i);
                    let joins = match token {
                        "-" | "/" => glued && reading.glued(i + 1) && reading.token(i + 1) != "-",
                        "." => {
                            glued
                                && i + 1 < self.end
                                && !sentences::ends_sentence(reading.text, reading.tokens, i)
                                && self.is_name(i - 1)
                        }
                        "'" | "’" => glued && reading.token(i - 1).ends_with(['s', 'z', 'x']),
                        "&" => i > at,
                        "," => {
                            i > at
                                && i + 1 < self.end
                                && self.is_name(i - 1)
                                && names::is_legal_form(reading, i + 1)
                        }
                        "$" | "@" | "#" | "£" | "€" => reading.glued(i + 1) && (i == at || head.is_none()),
                        "%" => glued,
                        _ => false,
                    };
                    if !joins {
                        break;
                    }
                    let hyphen = matches!(token, "-" | "/");
                    i += 1;
                    if hyphen && i < self.end {
                        // Whatever is tied on belongs to the word.
                        if reading.kind(i) != TokenKind::Mark {
                            head = Some(i);
                            i += 1;
                        }
                    }
                    continue;
                }
                _ => {}
            }
            if let Some(after) =
                names::ticker(reading, i + 1).filter(|&after| head.is_some() && after <= self.end)
            {
                i = after;
                continue;
            }
            if glued && i > at && kind == TokenKind::Number {
                i += 1;
                continue;
            }
            if kind == TokenKind::Capital
                && reading.token(i) == "No"
                && reading.token(i + 1) == "."
                && reading.kind(i + 2) == TokenKind::Number
                && i + 3 <= self.end
            {
                head = Some(i + 2); // `the No. 2 Democrat`
                i += 3;
                continue;
            }
            let name = self.is_name(i);
            if i > at
                && word.is(class::CC)
                && self.reading.token(i) == "and"
                && names::joined_body(reading, i).is_some_and(|e| e <= self.end)
            {
                i += 1;
                continue;
            }
            let lower = kind == TokenKind::Lower;
            let late = || matches!(reading.token(i), "late" | "early") && self.is_name(i - 1);
            if i > at && (lower && (late() || self.is_close_to(i)) || name && self.is_day_after_name(i)) {
                break;
            }
            if word.is(class::CONTRACTED) && i == at {
                // `they've`: the pronoun and its verb in one token.
                self.push(Kind::Noun, i, i + 1);
                let verb = Verb { finite: true, ..Verb::default() };
                self.out.push(Phrase { kind: Kind::Verb, first: i, end: i + 1, head: i, verb });
                return i + 1;
            }
            if !name {
                let pronoun =
                    word.is(class::SUBJ | class::OBJ) && !word.is(class::DET | class::POSS | class::NUM);
                if pronoun {
                    if i == at {
                        head = Some(i);
                        i += 1;
                    }
                    break;
                }
                let closed = class::CC
                    | class::AUX
                    | class::THAT
                    | class::TO
                    | class::WH
                    | class::REL
                    | class::CONTRACTED;
                if word.is(closed) && i > at {
                    break;
                }
                if word.is(class::PREP | class::SUB) && !word.is(class::DET | class::NUM) && i > at {
                    break;
                }
                if word.is(class::NEG) {
                    break;
                }
                if word.is(class::DET | class::POSS)
                    && head.is_some()
                    && i > at
                    && reading.kind(i - 1) != TokenKind::Possessive
                    && !(reading.word(i - 1).is(class::DET)
                        && matches!(reading.token(i), "most" | "few" | "more" | "many" | "other" | "same"))
                {
                    break;
                }
                if word.is(class::ADV) && !word.is(class::ADJ | class::DET | class::TIME) && i > at {
                    // `a newly opened pier`
                    if head.is_some_and(|h| !reading.word(h).is(class::DET | class::POSS)) {
                        break;
                    }
                    i += 1;
                    continue;
                }
                if word.forms != 0 && i > at && self.verb_in_phrase(i, at, head) {
                    break;
                }
            }
            if !word.is(class::DET | class::POSS) || name || head.is_none() && word.is(class::DET) {
                head = Some(i);
            }
            i += 1;
        }
        let end = i.max(at + 1);
        let head = head.unwrap_or(at).min(end - 1);
        self.out.push(Phrase { kind: Kind::Noun, first: at, end, head, verb: Verb::default() });
        if reading.kind(end) == TokenKind::Possessive && end < self.end {
            // `he's`, left by the loop above.
            let verb = Verb { finite: true, ..Verb::default() };
            self.out.push(Phrase { kind: Kind::Verb, first: end, end: end + 1, head: end, verb });
            return end + 1;
        }
        end
    }

    /// `Lee Sunday night said`, not `Good Friday`: a weekday after a name is no part of it.
    fn is_day_after_name(&self, at: usize) -> bool {
        let day = self.reading.token(at).ends_with("day") && self.word(at).is(class::TIME);
        let before = self.word(at - 1);
        day && self.is_name(at - 1)
            && before.class == 0
            && before.forms == 0
            && !matches!(self.reading.token(at - 1), "Super" | "Palm" | "Ash" | "Easter" | "Cyber" | "Giant")
    }
}
