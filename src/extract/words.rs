//! What onrecord knows about English words before it has seen their sentence: classes, verb forms, reporting frames.

use super::tokens::{Token, TokenKind, is_apostrophe};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

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
}

/// One word as the lexicon knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub class: u32,
    pub forms: u8,
    /// Frames of a reporting verb; 0 for every other word.
    pub frames: u16,
    /// The number of the verb, 0 for an unknown one.
    pub lemma: u16,
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
pub(super) fn words(text: &str, tokens: &[Token]) -> Vec<Word> {
    let lexicon = &*LEXICON;
    let mut lowered = String::new();
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if !token.is_word() {
            words.push(Word::default());
            continue;
        }
        lower_into(token.of(text), &mut lowered);
        let mut word = lexicon.words.get(lowered.as_str()).copied();
        if let Some(verb) = words.last_mut().filter(|word| word.is(class::PHRASAL))
            && let Some(&frames) = lexicon.phrasal.get(&(verb.lemma, lowered.as_str()))
        {
            // `put it`, `went on`: the verb reports, its particle says nothing more.
            verb.frames = frames;
            word = Some(Word { class: class::ADV, ..Word::default() });
        }
        words.push(word.unwrap_or_else(|| by_shape(&lowered, token.kind)));
    }
    words
}

/// What the lexicon knows of a word in lower case.
pub(super) fn lookup(word: &str) -> Word {
    LEXICON.words.get(word).copied().unwrap_or_default()
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
fn by_shape(lowered: &str, kind: TokenKind) -> Word {
    let mut word = Word::default();
    if let Some((pronoun, ending)) = lowered.split_once('\'') {
        if ending == "t" && pronoun.ends_with('n') {
            word.class = class::DO | class::NEG;
            return word;
        }
        if lookup(pronoun).is(class::SUBJ | class::REL | class::WH | class::THAT) {
            word.class = class::SUBJ | class::CONTRACTED;
            return word;
        }
    }
    if kind != TokenKind::Lower || lowered.len() < 5 {
        return word;
    }
    if lowered.ends_with("ly") {
        word.class = class::ADV;
    } else if lowered.ends_with("ing") {
        word.forms = form::ING;
    } else if lowered.ends_with("ed") {
        word.forms = form::PAST | form::PARTICIPLE;
    }
    word
}

/// The FNV-1a hash: short keys, no adversary (the keys are ours, a slow bucket costs a comparison or two).
#[derive(Default)]
pub(super) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[derive(Default)]
struct Lexicon {
    words: HashMap<String, Word, BuildHasherDefault<Fnv>>,
    /// The frames of a verb (by its number) with a particle: `go on`.
    phrasal: HashMap<(u16, &'static str), u16, BuildHasherDefault<Fnv>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(lexicon);

fn lexicon() -> Lexicon {
    let mut lexicon = Lexicon::default();
    let mut lemmas: HashMap<String, u16> = HashMap::new();
    let mut irregular: HashMap<&str, (&str, &str)> = HashMap::new();
    let rows = || rows(include_str!("tables/words.txt")).filter_map(|row| row.split_once(": "));
    for (_, list) in rows().filter(|(name, _)| *name == "irregular") {
        for verb in list.split("; ") {
            let mut parts = verb.split_whitespace();
            if let (Some(base), Some(past), Some(participle)) = (parts.next(), parts.next(), parts.next()) {
                irregular.insert(base, (past, participle));
            }
        }
    }
    let mut add_verb = |lexicon: &mut Lexicon, base: &str, frames: u16, class: u32| {
        let count = lemmas.len() as u16;
        let lemma = *lemmas.entry(base.to_owned()).or_insert(count + 1);
        let mut put = |word: String, forms: u8| {
            let entry = lexicon.words.entry(word).or_default();
            entry.forms |= forms;
            entry.lemma = lemma;
            entry.frames |= frames;
            entry.class |= class;
        };
        put(base.to_owned(), form::BASE);
        put(with_s(base), form::S);
        for stem in stems(base) {
            put(format!("{stem}ing"), form::ING);
            if !irregular.contains_key(base) {
                put(
                    if stem.ends_with('i') { format!("{stem}ed") } else { past(&stem) },
                    form::PAST | form::PARTICIPLE,
                );
            }
        }
        if let Some((past, participle)) = irregular.get(base) {
            put((*past).to_owned(), form::PAST);
            put((*participle).to_owned(), form::PARTICIPLE);
        }
        lemma
    };
    for (name, list) in rows() {
        let class = match name {
            "verb" => {
                list.split_whitespace().for_each(|base| {
                    add_verb(&mut lexicon, base, 0, 0);
                });
                continue;
            }
            "irregular" => {
                for verb in list.split("; ") {
                    add_verb(&mut lexicon, verb.split_whitespace().next().unwrap_or_default(), 0, 0);
                }
                continue;
            }
            _ => class_named(name),
        };
        for word in list.split_whitespace() {
            lexicon.words.entry(word.to_owned()).or_default().class |= class;
            if class & class::NOUN != 0 {
                lexicon.words.entry(with_s(word)).or_default().class |= class;
            }
        }
    }
    for row in self::rows(include_str!("tables/reporting.txt")) {
        let frames = |letters: &str| letters.chars().fold(0, |frames, c| frames | frame_named(c));
        let mut columns = row.split(' ');
        match (columns.next(), columns.next(), columns.next()) {
            (Some(base), Some(particle), Some(letters)) => {
                let lemma = add_verb(&mut lexicon, base, 0, class::PHRASAL);
                lexicon.phrasal.insert((lemma, particle), frames(letters));
            }
            (Some(base), Some(letters), None) => {
                add_verb(&mut lexicon, base, frames(letters), 0);
            }
            _ => {}
        }
    }
    lexicon.words.entry("to".to_owned()).or_default().class |= class::TO;
    lexicon.words.entry("that".to_owned()).or_default().class |= class::THAT;
    lexicon
}

/// The rows of a table, comments and blank lines left out.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#'))
}

fn class_named(name: &str) -> u32 {
    match name {
        "det" => class::DET,
        "poss" => class::POSS,
        "subj" => class::SUBJ,
        "obj" => class::OBJ,
        "prep" => class::PREP,
        "cc" => class::CC,
        "sub" => class::SUB,
        "rel" => class::REL,
        "wh" => class::WH,
        "modal" => class::MODAL,
        "be" => class::BE,
        "have" => class::HAVE,
        "do" => class::DO,
        "neg" => class::NEG,
        "adv" => class::ADV,
        "time" => class::TIME,
        "num" => class::NUM,
        "adj" => class::ADJ,
        "noun" => class::NOUN,
        "report" => class::NOUN | class::REPORT,
        _ => 0,
    }
}

fn frame_named(letter: char) -> u16 {
    match letter {
        'c' => frame::CLAUSE,
        'r' => frame::RECIPIENT,
        'o' => frame::OBJECT,
        'i' => frame::INFINITIVE,
        'w' => frame::QUESTION,
        'g' => frame::GERUND,
        'p' => frame::MATTER,
        'q' => frame::QUOTE,
        'a' => frame::ACT,
        'n' => frame::NAMING,
        'x' => frame::CHARGE,
        _ => 0,
    }
}

fn with_s(base: &str) -> String {
    let consonant_y =
        base.ends_with('y') && !base.ends_with("ay") && !base.ends_with("ey") && !base.ends_with("oy");
    if consonant_y {
        format!("{}ies", &base[..base.len() - 1])
    } else if ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| base.ends_with(end)) {
        format!("{base}es")
    } else {
        format!("{base}s")
    }
}

fn past(stem: &str) -> String {
    format!("{stem}ed")
}

/// The stems that `-ing` and `-ed` may join: `argu`, `admitt`, `repli`. A stem too many harms nobody.
fn stems(base: &str) -> Vec<String> {
    let bytes = base.as_bytes();
    let Some(&last) = bytes.last() else { return Vec::new() };
    if last == b'e' {
        return vec![base[..base.len() - 1].to_owned()];
    }
    let mut stems = vec![base.to_owned()];
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    if last == b'y' && bytes.len() > 2 && !vowel(bytes[bytes.len() - 2]) {
        stems.push(format!("{}i", &base[..base.len() - 1]));
    }
    if bytes.len() > 2 && !vowel(last) && !matches!(last, b'w' | b'x' | b'y') && vowel(bytes[bytes.len() - 2])
    {
        stems.push(format!("{base}{}", char::from(last)));
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::{class, form, frame, words};

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
