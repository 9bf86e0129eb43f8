//! The gazetteer: the longest name of a place, or mark of a country, that begins at a token.
//!
//! The table is embedded as text and indexed once, at first use, in about a millisecond: the hash of a folded name leads
//! to its line. Every beginning of a longer name is in the index too, so that a walk over the tokens stops as soon as no
//! name goes on.

use crate::extract::hashed::Hashed;
use crate::extract::keys::{Folded, Key};
use crate::extract::tokens::{Token, TokenKind};
use crate::findings::Country;
use std::hash::{Hash as _, Hasher};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// `folded name TAB senses`, sorted by name; written by `tools/gazetteer.py`.
const TABLE: &str = include_str!("../tables/gazetteer.tsv");

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(TABLE));

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A country or territory, an old one too.
    Name,
    /// A country by its letters: `US`, `UAE`.
    Letters,
    /// Its adjective or people.
    People,
    Capital,
    Region,
    /// A region as it is shortened after a town: `Fla`, `NY`.
    ShortRegion,
    /// A first-level region by its local name.
    Division,
    /// A seat of power, a landmark, an institution that stands for the country.
    Metonym,
    City,
    /// A city whose name is also a word or a person's name.
    WeakCity,
    /// Not a place, though a place's name is in it.
    Nothing,
    /// Tells the country of a story without naming it: `Congress`.
    Mark,
    /// The same, and not a proper name: `sheriff`.
    LowerMark,
}

impl Kind {
    /// Whether it stands for a place, or a country as such.
    pub(super) fn is_place(self) -> bool {
        !matches!(self, Kind::Nothing | Kind::Mark | Kind::LowerMark)
    }
}

/// One reading of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    pub kind: Kind,
    pub country: Country,
    /// Of a city: how often 5,000 people must be doubled to give its own, 9 at most. Of a mark: its weight.
    pub size: u8,
}

/// The senses of a name, the likeliest first, as the table has them: `NGE0 RUS0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Senses {
    /// Where they begin in the table, in bytes.
    start: u32,
    written: &'static str,
}

impl Senses {
    pub(super) fn iter(self) -> impl Iterator<Item = Sense> {
        self.written.split(' ').filter_map(sense)
    }

    /// Where they are in the table: names with the same place are the same name.
    pub(super) fn place(self) -> u32 {
        self.start
    }

    /// The likeliest sense. Every line of the table has one.
    pub(super) fn first(self) -> Option<Sense> {
        self.iter().next()
    }
}

fn sense(written: &str) -> Option<Sense> {
    let kind = match written.as_bytes().first()? {
        b'N' => Kind::Name,
        b'U' => Kind::Letters,
        b'A' => Kind::People,
        b'P' => Kind::Capital,
        b'R' => Kind::Region,
        b'S' => Kind::ShortRegion,
        b'D' => Kind::Division,
        b'M' => Kind::Metonym,
        b'C' => Kind::City,
        b'W' => Kind::WeakCity,
        b'X' => Kind::Nothing,
        b'Q' => Kind::Mark,
        b'q' => Kind::LowerMark,
        _ => return None,
    };
    let country = Country::new(written.get(1..3)?)?;
    let size = written.as_bytes().get(3)?.checked_sub(b'0')?;
    Some(Sense { kind, country, size })
}

/// A name found in the text: the tokens `first..end` and what they may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub first: usize,
    pub end: usize,
    pub senses: Senses,
}

/// Whether the token may begin a name, or is written as names are: most words and marks are told at a glance.
#[inline]
pub(super) fn may_begin(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Lower => INDEX.may_be_lower(&text.as_bytes()[token.start as usize..token.end as usize]),
        TokenKind::Capital | TokenKind::Upper | TokenKind::Mixed | TokenKind::Number => true,
        TokenKind::Possessive | TokenKind::Mark | TokenKind::Line | TokenKind::Break => false,
    }
}

/// The longest name that begins at token `first`, a word.
pub(super) fn longest(text: &str, tokens: &[Token], first: usize) -> Option<Found> {
    let index = &*INDEX;
    if !may_begin(text, &tokens[first]) {
        return None;
    }
    let mut hash = Hash::default();
    hash.token(text, &tokens[first]);
    if !index.opens(hash.number()) {
        return None;
    }
    let mut longest = None;
    let mut at = first;
    while let Some(slot) = index.get(hash.number()) {
        if slot.is_name() {
            longest = Some((slot, at + 1));
        }
        let Some(next) = slot.goes_on().then(|| next_word(text, tokens, at)).flatten() else { break };
        at = next;
        hash.token(text, &tokens[at]);
    }
    let (slot, end) = longest?;
    Some(Found { first, end, senses: slot.senses()? })
}

/// The next word of a name after its word `at`: across a space, a hyphen, a possessive ending, the dot of `St.`, an end
/// of line.
fn next_word(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at + 1;
    loop {
        let token = tokens.get(next)?;
        let joint = match token.kind {
            TokenKind::Possessive | TokenKind::Line => true,
            TokenKind::Mark if token.glued => match token.of(text) {
                "-" => tokens.get(next + 1).is_some_and(|word| word.glued),
                "." => tokens[at].end - tokens[at].start <= 2,
                _ => false,
            },
            TokenKind::Mark => token.of(text) == "&",
            _ => return (token.is_word()).then_some(next),
        };
        if !joint || next > at + 2 {
            return None;
        }
        next += 1;
    }
}

/// The hash of a name: of its folded words, one after the other.
#[derive(Default)]
struct Hash(Folded);

impl Hash {
    /// Adds the word of a token, folded: lower case, without accents, dots and apostrophes.
    fn token(&mut self, text: &str, token: &Token) {
        match Key::of_token(text, token).filter(|key| !key.holds(b'.') && !key.holds(b'\'')) {
            Some(key) => key.hash(&mut self.0),
            None => self.word(&folded(token.of(text))),
        }
    }

    /// Adds a folded word.
    fn word(&mut self, folded: &[u8]) {
        match std::str::from_utf8(folded).ok().and_then(Key::of) {
            Some(key) => key.hash(&mut self.0),
            None => self.0.write(folded),
        }
    }

    fn number(&self) -> u64 {
        self.0.finish()
    }
}

fn folded(word: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(word.len());
    for c in word.nfd() {
        match c {
            'ø' | 'Ø' => folded.push(b'o'),
            'ł' | 'Ł' => folded.push(b'l'),
            'đ' | 'Đ' | 'ð' => folded.push(b'd'),
            'ı' => folded.push(b'i'),
            'ß' => folded.extend(b"ss"),
            'æ' | 'Æ' => folded.extend(b"ae"),
            'œ' => folded.extend(b"oe"),
            'þ' => folded.extend(b"th"),
            _ if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_lowercase() as u8),
            '\u{300}'..='\u{36f}' | '’' | '‘' | '\'' | '.' => {}
            _ => folded.push(0xff), // in no name of the table
        }
    }
    folded
}

/// Names by their hashes.
struct Index {
    /// Each a [`Slot`].
    slots: Hashed<32>,
    /// The hashes of the first words of names, a bit each: tells most other words at a glance.
    openers: Vec<u64>,
    /// For each length and first letter of the first words of marks in small letters their last letters, a bit each.
    lower: [[u32; 32]; 32],
}

/// The place of the senses in the table, then whether longer names begin with this one.
#[derive(Clone, Copy)]
struct Slot(u32);

/// Of a table of a million bits one in twenty is set.
const OPENER_BITS: u32 = 20;

/// The length of a word, 31 at most, and its first and last byte in five bits each.
fn ends(word: &[u8]) -> (usize, usize, u32) {
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| byte & 31);
    (word.len().min(31), letter(word.first()).into(), letter(word.last()).into())
}

const GOES_ON: u32 = 1 << 31;
/// The beginning of a name that is none itself.
const NO_SENSES: u32 = GOES_ON - 1;

impl Slot {
    fn goes_on(self) -> bool {
        self.0 & GOES_ON != 0
    }

    fn is_name(self) -> bool {
        self.0 & !GOES_ON != NO_SENSES
    }

    fn senses(self) -> Option<Senses> {
        let start = self.0 & !GOES_ON;
        let line = TABLE.get(start as usize..).filter(|_| self.is_name())?;
        Some(Senses { start, written: &line[..memchr::memchr(b'\n', line.as_bytes())?] })
    }
}

impl Index {
    fn of(table: &str) -> Index {
        let table = table.as_bytes();
        let lines = memchr::memchr_iter(b'\n', table).count();
        let mut index = Index {
            slots: Hashed::with_room(lines * 4 / 3), // and beginnings of names
            openers: vec![0; 1 << (OPENER_BITS - 6)],
            lower: [[0; 32]; 32],
        };
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', table) {
            if table[start] != b'#' {
                index.add(&table[start..end], start);
            }
            start = end + 1;
        }
        index
    }

    /// Adds the line that begins at byte `start` of the table.
    fn add(&mut self, line: &[u8], start: usize) {
        let Some(tab) = memchr::memchr(b'\t', line) else { return };
        let mut hash = Hash::default();
        let mut from = 0;
        for end in memchr::memchr_iter(b' ', &line[..tab]).chain([tab]) {
            let word = &line[from..end];
            hash.word(word);
            if from == 0 {
                let bit = hash.number() >> (64 - OPENER_BITS);
                self.openers[(bit >> 6) as usize] |= 1 << (bit & 63);
                if line.get(tab + 1) == Some(&b'q') {
                    let (length, first, last) = ends(word);
                    self.lower[length][first] |= 1 << last;
                }
            }
            self.slots.set(hash.number(), |slot| match slot {
                _ if end == tab => (start + tab + 1) as u32 | (slot & GOES_ON),
                0 => NO_SENSES | GOES_ON,
                _ => slot | GOES_ON,
            });
            from = end + 1;
        }
    }

    /// Whether names may begin with the word of that hash.
    fn opens(&self, hash: u64) -> bool {
        let bit = hash >> (64 - OPENER_BITS);
        self.openers[(bit >> 6) as usize] & 1 << (bit & 63) != 0
    }

    /// Whether a name that is written in small letters may begin with the word: by its ends and length.
    fn may_be_lower(&self, word: &[u8]) -> bool {
        let (length, first, last) = ends(word);
        self.lower[length][first] & 1 << last != 0
    }

    fn get(&self, hash: u64) -> Option<Slot> {
        Some(self.slots.get(hash)).filter(|&slot| slot != 0).map(Slot)
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, longest, sense};
    use crate::extract::tokens::tokens;

    /// The name found at the first word of the text, and its senses.
    fn check(text: &str, name: &str, senses: &str) {
        let tokens = tokens(text);
        let found = longest(text, &tokens, 0).expect(text);
        assert_eq!(&text[..tokens[found.end - 1].end as usize], name);
        let codes: Vec<String> = found.senses.iter().map(|sense| sense.country.code().to_owned()).collect();
        assert_eq!(codes.join(" "), senses, "{text}");
    }

    #[test]
    fn the_longest_name_wins() {
        check("Guinea is", "Guinea", "GN");
        check("Guinea-Bissau is", "Guinea-Bissau", "GW");
        check("Papua New\nGuinea is", "Papua New\nGuinea", "PG");
        check("St. Louis is", "St. Louis", "US SN RE");
        check("U.S.-led", "U.S.", "US");
        check("N'Djamena said", "N'Djamena", "TD");
        check("São Tomé said", "São Tomé", "ST");
        check("SÃO PAULO said", "SÃO PAULO", "BR");
        check("Georgia's president", "Georgia", "GE US");
    }

    #[test]
    fn unknown_words_and_odd_ones_are_found_nowhere() {
        for text in ["Zzyzzx", "北京", "é", "Å̈x"] {
            assert!(longest(text, &tokens(text), 0).is_none(), "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        let mut before = "";
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (name, senses) = line.split_once('\t').expect(line);
            assert!(before < name, "{before} before {name}");
            assert!(senses.split(' ').all(|written| sense(written).is_some()), "{line}");
            before = name;
        }
    }
}
