//! The lexicon: every word of the tables in all its forms, with all that is known of it in one place.

use super::dates;
use super::hashed::Hashed;
use super::keys::{Key, Table};
use super::names::{self, word};
use super::tokens::tokens;
use super::words::{self, Word, class, form, frame};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The words of the tables. What is known of a word is written once for all words of which the same is known.
pub(super) struct Lexicon {
    /// The places in `known` by the hashes of words.
    words: Hashed<16>,
    /// What can be known of a word, nothing first.
    known: Vec<Word>,
    /// The frames of a verb (by its number) with a particle: `go on`.
    phrasal: Table<(u16, Key), u16>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(entries()));

impl Lexicon {
    fn of(Entries { words: entries, phrasal }: Entries) -> Lexicon {
        let mut words = Hashed::with_room(entries.len());
        let mut known = vec![Word::default()];
        let mut numbers: HashMap<Word, u32> = HashMap::new();
        for (key, mut word) in entries {
            if !word.is(class::PHRASAL) {
                word.lemma = 0; // of no use, and it would set alike words apart
            }
            let number = *numbers.entry(word).or_insert_with(|| {
                known.push(word);
                known.len() as u32 - 1
            });
            words.set(key.folded(), |before| {
                assert_eq!(before, 0, "each word has a hash of its own");
                number
            });
        }
        Lexicon { words, known, phrasal }
    }

    /// What is known of a word.
    #[inline]
    pub(super) fn word(&self, key: Key) -> Word {
        self.known[self.words.get(key.folded()) as usize]
    }

    /// The frames of a verb with that particle.
    pub(super) fn phrasal(&self, verb: Word, particle: Key) -> Option<u16> {
        self.phrasal.get(&(verb.lemma, particle)).copied()
    }
}

/// The words of the tables as they are gathered.
#[derive(Default)]
struct Entries {
    words: Table<Key, Word>,
    phrasal: Table<(u16, Key), u16>,
}

impl Entries {
    fn entry(&mut self, word: &str) -> &mut Word {
        self.words.entry(key(word)).or_default()
    }
}

fn key(word: &str) -> Key {
    Key::of(word).expect("words of the tables are short")
}

fn entries() -> Entries {
    let mut entries = Entries::default();
    let mut lemmas: HashMap<String, u16> = HashMap::new();
    let mut irregular: HashMap<&str, (&str, &str)> = HashMap::new();
    let rows = || words::rows(include_str!("tables/words.txt")).filter_map(|row| row.split_once(": "));
    for (_, list) in rows().filter(|(name, _)| *name == "irregular") {
        for verb in list.split("; ") {
            let mut parts = verb.split_whitespace();
            if let (Some(base), Some(past), Some(participle)) = (parts.next(), parts.next(), parts.next()) {
                irregular.insert(base, (past, participle));
            }
        }
    }
    let mut add_verb = |entries: &mut Entries, base: &str, frames: u16, class: u32| {
        let count = lemmas.len() as u16;
        let lemma = *lemmas.entry(base.to_owned()).or_insert(count + 1);
        let mut put = |word: String, forms: u8| {
            let entry = entries.entry(&word);
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
                    add_verb(&mut entries, base, 0, 0);
                });
                continue;
            }
            "irregular" => {
                for verb in list.split("; ") {
                    add_verb(&mut entries, verb.split_whitespace().next().unwrap_or_default(), 0, 0);
                }
                continue;
            }
            _ => class_named(name),
        };
        for word in list.split_whitespace() {
            entries.entry(word).class |= class;
            if class & class::NOUN != 0 {
                entries.entry(&with_s(word)).class |= class;
            }
        }
    }
    for row in words::rows(include_str!("tables/reporting.txt")) {
        let frames = |letters: &str| letters.chars().fold(0, |frames, c| frames | frame_named(c));
        let mut columns = row.split(' ');
        match (columns.next(), columns.next(), columns.next()) {
            (Some(base), Some(particle), Some(letters)) => {
                let lemma = add_verb(&mut entries, base, 0, class::PHRASAL);
                entries.phrasal.insert((lemma, key(particle)), frames(letters));
            }
            (Some(base), Some(letters), None) => {
                add_verb(&mut entries, base, frames(letters), 0);
            }
            _ => {}
        }
    }
    for (word, meaning) in dates::time_words() {
        entries.entry(word).time = meaning;
    }
    entries.entry("to").class |= class::TO;
    entries.entry("that").class |= class::THAT;
    for (name, list) in names::people_rows() {
        let kind = kind_named(name);
        for word in list.split_whitespace().filter(|_| kind != 0) {
            entries.entry(word).kinds |= kind;
        }
    }
    for body in names::known_bodies() {
        let first = tokens(body).first().and_then(|first| Key::of_token(body, first));
        if let Some(first) = first {
            entries.words.entry(first).or_default().kinds |= word::KNOWN;
        }
    }
    entries
}

fn kind_named(name: &str) -> u32 {
    match name {
        "male" => word::MALE,
        "female" => word::FEMALE,
        "either" => word::EITHER,
        "mister" => word::MISTER,
        "miss" => word::MISS,
        "title" => word::TITLE,
        "role" => word::ROLE,
        "modifier" => word::MODIFIER,
        "source" => word::SOURCE,
        "group" => word::GROUP,
        "body" => word::BODY,
        "particle" => word::PARTICLE,
        "suffix" => word::SUFFIX,
        "eastern" => word::EASTERN,
        "corporate" => word::CORPORATE,
        "company" => word::COMPANY,
        _ => 0,
    }
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
        "study" => class::NOUN | class::STUDY,
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
        'f' => frame::FRAGMENT,
        's' => frame::STUDY,
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
