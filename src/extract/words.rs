//! What onrecord knows about English words before it has seen their sentence: classes, verb forms, reporting frames.

use super::keys::Key;
use super::lexicon::LEXICON;
use super::tokens::{Token, TokenKind, is_apostrophe};

/// The classes a word may have, as bits; most words have one or none.
pub(super) mod class {
    pub(crate) const DET: u32 = 1;
    pub(crate) const POSS: u32 = 1 << 1;
    pub(crate) const SUBJ: u32 = 1 << 2;
    pub(crate) const OBJ: u32 = 1 << 3;
    pub(crate) const PREP: u32 = 1 << 4;
    pub(crate) const CC: u32 = 1 << 5;
    pub(crate) const SUB: u32 = 1 << 6;
    pub(crate) const REL: u32 = 1 << 7;
    pub(crate) const WH: u32 = 1 << 8;
    pub(crate) const MODAL: u32 = 1 << 9;
    pub(crate) const BE: u32 = 1 << 10;
    pub(crate) const HAVE: u32 = 1 << 11;
    pub(crate) const DO: u32 = 1 << 12;
    pub(crate) const NEG: u32 = 1 << 13;
    pub(crate) const ADV: u32 = 1 << 14;
    pub(crate) const TIME: u32 = 1 << 15;
    pub(crate) const NUM: u32 = 1 << 16;
    pub(crate) const ADJ: u32 = 1 << 17;
    pub(crate) const NOUN: u32 = 1 << 18;
    pub(crate) const TO: u32 = 1 << 19;
    pub(crate) const THAT: u32 = 1 << 20;
    /// A pronoun and its auxiliary in one token: `they've`, `I'm`.
    pub(crate) const CONTRACTED: u32 = 1 << 21;
    /// A verb that reports with a particle only: `point` in `point out`.
    pub(crate) const PHRASAL: u32 = 1 << 22;
    /// A noun that names a report: `claim`, `warning`.
    pub(crate) const REPORT: u32 = 1 << 23;
    /// A noun for what finds things out: `poll`, `study`, `court`.
    pub(crate) const STUDY: u32 = 1 << 24;
    pub(crate) const AUX: u32 = MODAL | BE | HAVE | DO;
}

/// The forms a verb's word may be, as bits.
pub(super) mod form {
    pub(crate) const BASE: u8 = 1;
    pub(crate) const S: u8 = 1 << 1;
    pub(crate) const PAST: u8 = 1 << 2;
    pub(crate) const PARTICIPLE: u8 = 1 << 3;
    pub(crate) const ING: u8 = 1 << 4;
}

/// What may follow a reporting verb, as bits (see `tables/reporting.txt`).
pub(super) mod frame {
    pub(crate) const CLAUSE: u16 = 1;
    pub(crate) const RECIPIENT: u16 = 1 << 1;
    pub(crate) const OBJECT: u16 = 1 << 2;
    pub(crate) const INFINITIVE: u16 = 1 << 3;
    pub(crate) const QUESTION: u16 = 1 << 4;
    pub(crate) const GERUND: u16 = 1 << 5;
    pub(crate) const MATTER: u16 = 1 << 6;
    pub(crate) const QUOTE: u16 = 1 << 7;
    pub(crate) const ACT: u16 = 1 << 8;
    /// `call X Y`, `describe X as Y`.
    pub(crate) const NAMING: u16 = 1 << 9;
    /// `accuse X of`, `blame X for`.
    pub(crate) const CHARGE: u16 = 1 << 10;
    /// `criticize X as “Y”`: a noun phrase counts for the words quoted in it.
    pub(crate) const FRAGMENT: u16 = 1 << 11;
    /// `a poll found few cared`: without `that` only of a poll or study.
    pub(crate) const STUDY: u16 = 1 << 12;
}

/// One word as the lexicon knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Word {
    pub(super) class: u32,
    pub(super) forms: u8,
    /// Frames of a reporting verb; 0 for every other word.
    pub(super) frames: u16,
    /// The number of a verb that may have a particle, 0 of any other.
    pub(super) lemma: u16,
    /// What it is around names, see `names::word`.
    pub(super) kinds: u32,
    /// The number of its meaning in time, 0 where it has none, see `dates::time_words`.
    pub(super) time: u16,
}

impl Word {
    pub(super) fn is(self, classes: u32) -> bool {
        self.class & classes != 0
    }

    pub(super) fn has(self, forms: u8) -> bool {
        self.forms & forms != 0
    }

    pub(super) fn reports(self, frames: u16) -> bool {
        self.frames & frames != 0
    }
}

/// The words of the tokens, in step with them.
pub fn words(text: &str, tokens: &[Token]) -> Vec<Word> {
    let lexicon = &*LEXICON;
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if !token.is_word() {
            words.push(Word::default());
            continue;
        }
        let key = Key::of_token(text, token);
        let known = key.map_or(Word::default(), |key| lexicon.word(key));
        let particle = words.last_mut().filter(|verb| verb.is(class::PHRASAL)).and_then(|verb| {
            // `put it`, `went on`: the verb reports, its particle says nothing more.
            verb.frames = lexicon.phrasal(*verb, key?)?;
            Some(Word { class: class::ADV, kinds: known.kinds, time: known.time, ..Word::default() })
        });
        words.push(match particle {
            Some(particle) => particle,
            None if known.class == 0 && known.forms == 0 => {
                let guess = by_shape(token.of(text), token.kind, key);
                Word { kinds: known.kinds, time: known.time, ..guess }
            }
            None => known,
        });
    }
    words
}

/// What the lexicon knows of a word, its case folded.
pub(super) fn lookup(word: &str) -> Word {
    Key::of(word).map_or(Word::default(), |key| LEXICON.word(key))
}

/// Lower case, with straight apostrophes.
pub(super) fn lower_into(word: &str, into: &mut String) {
    into.clear();
    for c in word.chars() {
        if c.is_ascii() {
            into.push(c.to_ascii_lowercase());
        } else if is_apostrophe(c) {
            into.push('\'');
        } else {
            into.extend(c.to_lowercase());
        }
    }
}

/// A guess at a word outside the lexicon, from its ending.
fn by_shape(word: &str, kind: TokenKind, key: Option<Key>) -> Word {
    let mut guess = Word::default();
    if key.is_none_or(|key| key.holds(b'\''))
        && let Some((pronoun, ending)) = word.split_once(is_apostrophe)
    {
        if ending.eq_ignore_ascii_case("t") && pronoun.ends_with(['n', 'N']) {
            guess.class = class::DO | class::NEG;
            return guess;
        }
        if lookup(pronoun).is(class::SUBJ | class::REL | class::WH | class::THAT) {
            guess.class = class::SUBJ | class::CONTRACTED;
            return guess;
        }
    }
    if kind != TokenKind::Lower || word.len() < 5 {
        return guess;
    }
    if word.ends_with("ly") {
        guess.class = class::ADV;
    } else if word.ends_with("ing") {
        guess.forms = form::ING;
    } else if word.ends_with("ed") {
        guess.forms = form::PAST | form::PARTICIPLE;
    }
    guess
}

/// The rows of a table, comments and blank lines left out.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::{class, form, frame, lookup, words};

    #[test]
    fn verbs_are_known_in_all_their_forms() {
        for (word, forms) in [
            ("said", form::PAST | form::PARTICIPLE),
            ("argues", form::S),
            ("replied", form::PAST | form::PARTICIPLE),
            ("admitting", form::ING),
            ("wrote", form::PAST),
        ] {
            let found = words(word, &tokens(word))[0];
            assert_eq!(found.forms, forms, "{word}");
            assert!(found.reports(frame::CLAUSE | frame::QUOTE), "{word}");
        }
    }

    /// What `phrases` spells out is known, but for `familiar`, of which it takes care: `Chunker::is_common`.
    #[test]
    fn words_that_rules_spell_out_are_known() {
        for (word, known) in
            [("close", true), ("late", true), ("early", true), ("and", true), ("familiar", false)]
        {
            let found = lookup(word);
            assert_eq!(found.class != 0 || found.forms != 0, known, "{word}");
        }
    }

    #[test]
    fn shapes_tell_unknown_words() {
        let text = "gleefully they've hasn't groused";
        let found = words(text, &tokens(text));
        assert!(found[0].is(class::ADV));
        assert!(found[1].is(class::CONTRACTED));
        assert!(found[2].is(class::AUX));
        assert!(found[3].has(form::PAST));
    }
}
