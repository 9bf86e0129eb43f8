//! Verbs: whether a word that may be a verb is one where it stands, and the group it forms with its auxiliaries.

use super::names::holds_its_mark;
use super::phrases::{Chunker, Kind, Phrase, Verb};
use super::subjects::is_contraction;
use super::tokens::{Token, TokenKind};
use super::words::{Word, class, form, frame};

impl Chunker<'_> {
    /// Takes a verb group beginning at `at`, if one does.
    pub(super) fn verb_group(&mut self, at: usize) -> Option<usize> {
        let mut verb = Verb::default();
        let mut i = at;
        let mut auxiliary: Option<Word> = None;
        let infinitive = self.word(at).is(class::TO);
        if infinitive {
            i += 1;
        }
        let mut main = None;
        while i < self.end && i < at + 8 {
            let word = self.word(i);
            if word.is(class::AUX)
                && !(i > at && self.is_name(i))
                && !(infinitive && auxiliary.is_none() && word.is(class::MODAL))
            {
                // `May` and `Will` at the start of a sentence are verbs only before a pronoun; leave them to nouns.
                verb.modal |= word.is(class::MODAL);
                verb.negated |= word.is(class::NEG)
                    || self.reading.token(i).ends_with("n't")
                    || self.reading.token(i).ends_with("n’t");
                auxiliary = Some(word);
                i += 1;
            } else if (auxiliary.is_some() || infinitive)
                && (word.is(class::NEG | class::ADV) || self.reading.token(i) == "since")
                && !word.is(class::DET)
            {
                verb.negated |= word.is(class::NEG);
                i += 1;
            } else {
                if word.forms != 0 && !self.is_name(i) && self.is_verb(i, auxiliary, infinitive) {
                    main = Some(i);
                }
                break;
            }
        }
        let head = main.or_else(|| {
            // No main verb: the auxiliary is it (`was here`, `has a plan`).
            (at..i).rev().find(|&j| self.word(j).is(class::AUX))
        })?;
        let word = self.word(head);
        let end = head + 1;
        verb.infinitive = infinitive;
        match (auxiliary, main) {
            (Some(aux), Some(_)) => {
                let being = aux.is(class::BE);
                verb.passive = being && word.has(form::PARTICIPLE);
                verb.gerund = self.reading.token(at).ends_with("ing");
                verb.finite = !infinitive && !verb.gerund;
            }
            (None, Some(_)) => {
                let contracted = self
                    .before()
                    .is_some_and(|p| p.kind == Kind::Verb && p.end == at && is_contraction(self.reading, p));
                verb.gerund = word.has(form::ING) && !contracted;
                verb.finite =
                    !infinitive && (word.forms & !(form::ING | form::PARTICIPLE) != 0 || contracted);
                verb.past = word.has(form::PAST);
            }
            _ => {
                verb.gerund = self.reading.token(at).ends_with("ing");
                verb.finite = !(infinitive || verb.gerund || head == at && self.reading.token(head) == "be");
            }
        }
        self.out.push(Phrase { kind: Kind::Verb, first: at, end, head, verb });
        Some(end)
    }

    /// Whether the word at `at`, which can be a verb, is one here.
    fn is_verb(&self, at: usize, auxiliary: Option<Word>, infinitive: bool) -> bool {
        let word = self.word(at);
        if let Some(aux) = auxiliary {
            let forms = if aux.is(class::MODAL | class::DO) {
                form::BASE
            } else if aux.is(class::BE) {
                form::ING | form::PARTICIPLE
            } else {
                form::PARTICIPLE | form::PAST
            };
            return word.has(forms);
        }
        let before = self.before();
        let kind = before.map(|p| p.kind);
        if infinitive {
            let according =
                before.is_some_and(|p| self.reading.token(p.first).eq_ignore_ascii_case("according"));
            return word.has(form::BASE) && !according;
        }
        if word.is(class::ADV) && !word.has(form::PAST) && !matches!(kind, Some(Kind::Relative)) {
            return before.is_some_and(|p| p.kind == Kind::Noun && self.reading.word(p.head).is(class::SUBJ));
        }
        match kind {
            Some(Kind::Preposition) => return word.has(form::ING) && !self.gerund_is_noun(at),
            // `which last year said`
            Some(Kind::Relative) => return !(word.is(class::ADV) && self.word(at + 1).is(class::TIME)),
            _ => {}
        }
        if matches!(kind, Some(Kind::Conjunction | Kind::Adverb)) && self.modifies_noun(at) {
            return false;
        }
        if kind != Some(Kind::Noun)
            && word.is(class::ADJ)
            && word.has(form::PARTICIPLE)
            && self.noun_like(at + 1)
        {
            // `said retired general Lee`
            return false;
        }
        if kind == Some(Kind::Verb)
            && word.frames == 0
            && word.has(form::PARTICIPLE)
            && self.reading.kind(at + 1) == TokenKind::Lower
            && self.noun_like(at + 1)
        {
            // `to treat polluted water`
            return false;
        }
        if word.has(form::PAST) {
            return true;
        }
        if word.has(form::ING) {
            return !self.gerund_is_noun(at);
        }
        if word.has(form::PARTICIPLE) {
            return true;
        }
        let noun = word.is(class::NOUN | class::ADJ);
        match kind {
            Some(Kind::Noun) => {
                let pronoun =
                    before.is_some_and(|p| p.first + 1 == p.end && self.reading.word(p.head).is(class::SUBJ));
                pronoun && word.frames != 0
                    || self.agrees(at, before)
                        && !(noun && word.has(form::S) && self.is_plural(at, before))
                        && (!noun || self.opens_object(at + 1) || self.after_quote(before))
            }
            Some(
                Kind::Conjunction | Kind::Adverb | Kind::Close | Kind::Dash | Kind::Comma | Kind::Quote(_),
            ) => {
                let subject_is_pronoun = kind == Some(Kind::Adverb);
                if noun {
                    self.opens_object(at + 1) && (word.has(form::S) || subject_is_pronoun)
                } else {
                    true
                }
            }
            // `said praise helps`: two verbs that can each be the verb of a clause do not meet.
            Some(Kind::Verb)
                if before.is_some_and(|p| p.verb.finite && (noun || self.word(p.head).frames != 0)) =>
            {
                false
            }
            _ => !noun && (before.is_some() || self.headline) || word.frames != 0 && self.headline,
        }
    }

    /// Whether a word that is a verb or a plural is the plural, by what stands around it: `swing states where`,
    /// `Boreal states that have`, unlike `the law states that it`.
    fn is_plural(&self, at: usize, before: Option<&Phrase>) -> bool {
        let next = self.word(at + 1);
        let after = self.word(at + 2);
        let relative = next.is(class::THAT)
            && (after.is(class::AUX | class::MODAL) || after.has(form::PAST) && !after.is(class::NOUN))
            || next.is(class::WH) && !self.word(at).reports(frame::QUESTION);
        // `the mayor's repeated calls`: an adjective awaits its noun
        let open = |p: &Phrase| {
            let head = self.reading.word(p.head);
            let adjective = head.is(class::ADJ) || head.has(form::PARTICIPLE) && !head.is(class::NOUN);
            p.first < p.head && adjective && self.reading.kind(p.head) == TokenKind::Lower
        };
        let determined = before.filter(|p| !open(p)).is_some_and(|p| {
            (p.first..p.end).any(|i| {
                self.reading.tokens[i].is_capitalised()
                    || self.reading.word(i).is(class::DET | class::POSS | class::SUBJ)
            })
        });
        relative || !determined && !next.is(class::THAT)
    }

    /// `a plain and often repeated warning`: a participle before a bare singular noun, which no verb takes as object.
    fn modifies_noun(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        self.word(at).has(form::PARTICIPLE)
            && self.reading.kind(at + 1) == TokenKind::Lower
            && next.is(class::NOUN)
            && !next.is(class::TIME | class::DET | class::PREP | class::ADV | class::ADJ)
            && !self.reading.token(at + 1).ends_with('s')
            && self.reading.token(at + 1) != "people"
    }

    /// Whether the word may be a noun or stand before one, by itself.
    fn noun_like(&self, at: usize) -> bool {
        let word = self.word(at);
        self.reading.tokens.get(at).is_some_and(Token::is_word)
            && at < self.end
            && (word.class & !(class::NOUN | class::ADJ) == 0 || self.is_name(at) && !word.is(class::TIME))
            && (word.forms == 0 || word.is(class::NOUN | class::ADJ))
    }

    /// `“…,” Smith notes`: a noun phrase right after a quotation awaits its verb.
    fn after_quote(&self, noun: Option<&Phrase>) -> bool {
        let Some(noun) = noun else { return false };
        let mut earlier = self.out.iter().rev().filter(|p| p.first < noun.first && p.kind != Kind::Comma);
        matches!(earlier.next().map(|p| p.kind), Some(Kind::Quote(_)))
    }

    /// `the meeting`, `a warning`: an -ing form right after a determiner is met inside a noun phrase; one at a start
    /// with a noun following is a verb.
    fn gerund_is_noun(&self, at: usize) -> bool {
        self.word(at).is(class::NOUN) && !self.opens_object(at + 1)
    }

    /// Whether the present-tense verb at `at` agrees with the noun phrase before it.
    fn agrees(&self, at: usize, before: Option<&Phrase>) -> bool {
        let Some(noun) = before else { return true };
        let head = self.reading.token(noun.head);
        let word = self.word(at);
        let pronoun = self.reading.word(noun.head);
        if word.frames != 0 && !word.is(class::NOUN) {
            return true;
        }
        let plural = head.ends_with('s') && !head.ends_with("ss")
            || matches!(
                head,
                "people"
                    | "men"
                    | "women"
                    | "police"
                    | "others"
                    | "many"
                    | "some"
                    | "most"
                    | "few"
                    | "media"
                    | "both"
            )
            || pronoun.is(class::SUBJ)
                && !matches!(head, "he" | "she" | "it" | "He" | "She" | "It" | "one" | "One")
            || self.joined();
        if word.has(form::S) {
            !plural || self.reading.tokens[noun.head].is_capitalised()
        } else {
            plural || self.headline
        }
    }

    /// `Clinton and Trump`: the noun phrase is the last of a pair.
    fn joined(&self) -> bool {
        self.out.len() >= 3
            && self.out[self.out.len() - 2].kind == Kind::Conjunction
            && self.out[self.out.len() - 3].kind == Kind::Noun
    }

    /// Whether what stands at `at` looks like the start of an object or clause, so that the word before is a verb.
    fn opens_object(&self, at: usize) -> bool {
        if at >= self.end {
            return matches!(self.reading.token(at), "“" | "\"" | "‘" | "'" | "`");
        }
        let word = self.word(at);
        let kind = self.reading.kind(at);
        word.is(class::DET
            | class::POSS
            | class::SUBJ
            | class::OBJ
            | class::THAT
            | class::WH
            | class::CONTRACTED
            | class::NUM)
            || word.is(class::TO) && self.word(at + 1).has(form::BASE)
            || kind == TokenKind::Capital
            || kind == TokenKind::Upper
            || matches!(self.reading.token(at), ":")
            || word.is(class::ADV) && self.word(at + 1).is(class::DET | class::THAT)
    }

    /// Whether the word at `at`, met inside the noun phrase begun at `first`, ends it by being a verb.
    pub(super) fn verb_in_phrase(&self, at: usize, first: usize, head: Option<usize>) -> bool {
        let word = self.word(at);
        let previous = self.reading.word(at - 1);
        let after_possessive = self.reading.kind(at - 1) == TokenKind::Possessive
            || matches!(self.reading.token(at - 1), "'" | "’");
        let determiner = |h: usize| {
            self.reading.word(h).is(class::DET | class::POSS)
                && (h + 1..at).all(|i| self.reading.word(i).is(class::ADV))
        };
        let Some(head) = head.filter(|&h| !determiner(h)) else {
            // Right after a determiner: a noun or an adjective, unless it can only be a verb (`this means`, `some say`).
            let standing = self.reading.word(at - 1);
            let alone = at - 1 == first
                && matches!(
                    self.reading.token(first).to_ascii_lowercase().as_str(),
                    "this"
                        | "these"
                        | "those"
                        | "some"
                        | "many"
                        | "few"
                        | "most"
                        | "both"
                        | "all"
                        | "another"
                        | "several"
                        | "others"
                        | "half"
                        | "each"
                );
            return alone
                && standing.is(class::DET)
                && (word.has(form::PAST | form::S | form::BASE))
                && (!word.is(class::NOUN) && (!word.has(form::PARTICIPLE) || word.reports(!0))
                    || self.opens_object(at + 1));
        };
        if previous.is(class::NUM) || self.reading.kind(at - 1) == TokenKind::Number {
            return word.has(form::PAST) || word.frames != 0 && !word.is(class::NOUN);
        }
        if after_possessive && holds_its_mark(self.reading, at - 1) {
            return true;
        }
        if after_possessive
            || previous.is(class::ADJ)
                && !self.is_name(at - 1)
                && at - 1 != first
                && word.frames == 0
                && !(self.reading.token(at - 1) == "likely" && self.is_name(at - 2))
        {
            return word.has(form::PAST) && !word.has(form::PARTICIPLE);
        }
        if word.has(form::PAST | form::PARTICIPLE) {
            return true;
        }
        if word.has(form::ING) {
            // `new acting chief executive`, `German banking association`
            let described = previous.is(class::ADJ)
                && self.noun_like(at + 1)
                && (!self.is_name(at - 1) || !self.opens_object(at + 1));
            return !described && (!word.is(class::NOUN) || self.opens_object(at + 1));
        }
        let noun = word.is(class::NOUN | class::ADJ);
        let phrase = Phrase { kind: Kind::Noun, first, end: at, head, verb: Verb::default() };
        self.agrees(at, Some(&phrase))
            && (!noun || self.opens_object(at + 1) || self.after_quote(Some(&phrase)))
    }
}
