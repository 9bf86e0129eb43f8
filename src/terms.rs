//! How a text becomes terms: words with case and accents folded, and their English stems.
//!
//! Ground for indexing, querying and highlighting alike, so that the three never disagree. A word is a run of letters
//! and digits in the spirit of Unicode's word boundaries (UAX #29); writing without spaces (Chinese, Japanese, Thai) gives a
//! word per character, which a query turns into a phrase. Apostrophes inside a word fall away (`O'Brien` is
//! `obrien`), a possessive `'s` is no part of it, and initials with dots are one word (`U.S.` is `us`).

use crate::article::Span;
use crate::block::{BLOCK, PlainWord, packed, plain_word, unpacked};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest term kept, in bytes; what is longer is cut, never lost.
const LONGEST: usize = 240;

/// The words of a text, in order.
pub struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub fn new(text: &'t str) -> Words<'t> {
        Words { text, at: 0 }
    }

    /// Up to where it was read, in bytes: a word may have a possessive behind it.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next word: where it stands, its folded form left in `folded`.
    pub fn next_into(&mut self, folded: &mut String) -> Option<Span> {
        let (span, packed) = self.next_packed(folded)?;
        if let Some((letters, length)) = packed.map(unpacked) {
            folded.extend(letters[..length].iter().map(|&letter| char::from(letter)));
        }
        Some(span)
    }

    /// The next word: where it stands, and its folded form in one number (`block::packed`); that of a word that takes
    /// more thought is left in `folded`.
    pub fn next_packed(&mut self, folded: &mut String) -> Option<(Span, Option<u128>)> {
        let bytes = self.text.as_bytes();
        folded.clear();
        loop {
            while self.at < bytes.len()
                && bytes[self.at].is_ascii()
                && !bytes[self.at].is_ascii_alphanumeric()
            {
                self.at += 1;
            }
            let start = self.at;
            if start == bytes.len() {
                return None;
            }
            if let Some((end, word)) = self.plain_word(&bytes[start..]) {
                return Some((Span::new(start, end), Some(word)));
            }
            if let Some(span) = self.any_word(folded) {
                return Some((span, None));
            }
            folded.clear();
        }
    }

    /// Reads a word of a few plain ASCII letters and digits, with which `rest` begins: where it ends, and the word. Nothing
    /// is settled where it meets anything that asks for more thought.
    fn plain_word(&mut self, rest: &[u8]) -> Option<(usize, u128)> {
        let block = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            block
        });
        let PlainWord { length, small, .. } = plain_word(block);
        if length == 0 || length == BLOCK {
            return None;
        }
        let end = self.at + length;
        self.at = end + taken_behind(&rest[length - 1..], length)?;
        Some((end, small))
    }

    /// Reads a word of any kind; apart from the others, which are most and need little room.
    #[inline(never)]
    fn any_word(&mut self, folded: &mut String) -> Option<Span> {
        let rest = &self.text[self.at..];
        let start = self.at;
        let mut end = start;
        let mut chars = rest.char_indices().peekable();
        let mut last: Option<char> = None;
        let mut letters_since_dot = 0;
        let mut initials = true;
        while let Some((offset, c)) = chars.next() {
            let here = start + offset;
            if stands_alone(c) {
                if last.is_some() {
                    break;
                }
                folded.push(c);
                self.at = here + c.len_utf8();
                return Some(Span::new(here, self.at));
            }
            if c.is_alphanumeric() || (last.is_some() && is_combining_mark(c)) {
                fold_char(c, folded);
                letters_since_dot += 1;
            } else {
                let next = chars.peek().map(|&(_, next)| next);
                let (Some(before), Some(next)) = (last, next) else {
                    if last.is_none() {
                        self.at = here + c.len_utf8();
                        return None;
                    }
                    break;
                };
                let joins = match c {
                    '\'' | '’' => {
                        before.is_alphabetic() && next.is_alphabetic() && possessive(&rest[offset..]) == 0
                    }
                    '.' if before.is_numeric() => {
                        let digits = is_digit(next);
                        if digits {
                            folded.push(c);
                        }
                        digits
                    }
                    // `U.S.`, `e.g.`: single letters only, so that `end.Next` stays two words
                    '.' => {
                        initials
                            && letters_since_dot == 1
                            && next.is_alphabetic()
                            && single_letter(&rest[offset + 1..])
                    }
                    ',' if before.is_numeric() => is_digit(next),
                    _ => false,
                };
                if !joins {
                    break;
                }
                initials &= c == '.';
                letters_since_dot = 0;
            }
            last = Some(c);
            end = here + c.len_utf8();
        }
        self.at = end + possessive(&self.text[end..]);
        cut(folded);
        (!folded.is_empty()).then(|| Span::new(start, end))
    }
}

/// The bytes of a possessive `'s` behind a plain word of that length, with whose last byte `rest` begins; `None` where
/// the word may go on.
fn taken_behind(rest: &[u8], length: usize) -> Option<usize> {
    let byte = |place: usize| rest.get(place).copied().unwrap_or(b' ');
    let (last, mark, next) = (byte(0), byte(1), byte(2));
    match mark {
        b',' if !last.is_ascii_digit() => Some(0),
        b',' => (next.is_ascii() && !next.is_ascii_digit()).then_some(0),
        b'.' if last.is_ascii_digit() => (next.is_ascii() && !next.is_ascii_digit()).then_some(0),
        b'.' => (length > 1).then_some(0),
        b'\'' => match next {
            b's' | b'S' => (byte(3).is_ascii() && !byte(3).is_ascii_alphanumeric()).then_some(2),
            _ => (next.is_ascii() && !next.is_ascii_alphabetic()).then_some(0),
        },
        // General Punctuation but for the apostrophe: U+2000 to U+203F
        0xe2 => (next == 0x80 && byte(3) != 0x99).then_some(0),
        128.. => None,
        _ => Some(0),
    }
}

/// Whether the text begins with one letter that no other letter follows.
fn single_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic) && !chars.next().is_some_and(char::is_alphanumeric)
}

/// The length in bytes of a possessive `'s` that the text begins with.
fn possessive(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(mark @ ('\'' | '’')) = chars.next() else { return 0 };
    match (chars.next(), chars.next()) {
        (Some('s' | 'S'), after) if !after.is_some_and(char::is_alphanumeric) => mark.len_utf8() + 1,
        _ => 0,
    }
}

/// Whether it goes on a number.
fn is_digit(c: char) -> bool {
    c.is_numeric() && !stands_alone(c)
}

/// Characters of scripts written without spaces: each is a word of its own.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'      // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Myanmar
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{3041}'..='\u{3096}'    // Hiragana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}'
    ) && c.is_alphanumeric()
}

/// Lower case without accents, in Latin, Greek and Cyrillic; other scripts keep their marks, which are letters there.
fn fold_char(c: char, folded: &mut String) {
    match c {
        _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
        // full-width letters and ligatures stand for plain ones
        '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}' => push_plain(std::iter::once(c).nfkd(), folded),
        ..'\u{530}' | '\u{1e00}'..='\u{1fff}' | '\u{212b}' => push_plain(std::iter::once(c).nfd(), folded),
        _ => folded.extend(c.to_lowercase()),
    }
}

/// Letters without their accents; those that stand for two letters, or are another with a stroke, as people type them.
fn push_plain(decomposed: impl Iterator<Item = char>, folded: &mut String) {
    let letters = decomposed.flat_map(char::to_lowercase).filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    for letter in letters {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            letter => folded.push(letter),
        }
    }
}

fn cut(folded: &mut String) {
    if folded.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&end| folded.is_char_boundary(end)).unwrap_or(0);
        folded.truncate(end);
    }
}

/// The folded words of a text, as a list: for queries and names.
pub fn words(text: &str) -> Vec<String> {
    spans(text).map(|(_, word)| word).collect()
}

/// The folded words of a text with where they stand, in bytes.
pub fn spans(text: &str) -> impl Iterator<Item = (Span, String)> {
    let mut words = Words::new(text);
    std::iter::from_fn(move || {
        let mut folded = String::new();
        words.next_into(&mut folded).map(|span| (span, folded))
    })
}

/// The whole text folded to its words with one space between: what makes two spellings of a name one.
pub fn folded(text: &str) -> String {
    let mut last = b' ';
    let plain = text.bytes().all(|byte| {
        let before = std::mem::replace(&mut last, byte);
        byte.is_ascii_alphanumeric() || byte == b' ' && before != b' '
    });
    if plain && last != b' ' && text.len() <= LONGEST {
        return text.to_ascii_lowercase(); // most names, and nothing in them to think about
    }
    words(text).join(" ")
}

/// What all spellings of a name have in common: the name folded, or the name itself where nothing of it is a word.
pub fn spelling(name: &str) -> String {
    let folded = folded(name);
    if folded.is_empty() { name.to_owned() } else { folded }
}

/// English stems (Porter2, <https://snowballstem.org/algorithms/english/stemmer.html>), most from a cache: news uses
/// few words often.
pub struct Stems {
    stemmer: Stemmer,
    /// By the words' hashes, two to a place; empty before the first word.
    cache: Vec<[Cached; 2]>,
}

/// A word with what its stem keeps of it and puts behind that, in half a line of the processor's cache.
#[derive(Clone, Copy, Default)]
struct Cached {
    word: u128,
    kept: u8,
    tail: [u8; Cached::LONGEST_TAIL],
}

impl Cached {
    const LONGEST_TAIL: usize = 7;

    /// `None` where the stem is no beginning of the word with a few letters behind it.
    fn new(packed: u128, word: &str, stem: &str) -> Option<Cached> {
        let kept = word.bytes().zip(stem.bytes()).take_while(|(ours, theirs)| ours == theirs).count();
        let mut cached = Cached { word: packed, kept: kept as u8, tail: [0; Cached::LONGEST_TAIL] };
        cached.tail.get_mut(..stem.len() - kept)?.copy_from_slice(&stem.as_bytes()[kept..]);
        Some(cached)
    }
}

impl Stems {
    /// Places, a megabyte in all.
    const CACHED: usize = 1 << 14;

    pub fn new() -> Stems {
        Stems { stemmer: Stemmer::create(Algorithm::English), cache: Vec::new() }
    }

    /// Replaces a folded word by its stem.
    pub fn stem(&mut self, word: &mut String) {
        if !has_stem(word) {
            return;
        }
        let Some(packed) = packed(word.as_bytes()) else {
            *word = self.stemmer.stem(word).into_owned();
            return;
        };
        let mixed = (packed as u64 ^ (packed >> 61) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if self.cache.is_empty() {
            self.cache = vec![[Cached::default(); 2]; Stems::CACHED];
        }
        let [first, second] = &mut self.cache[(mixed >> 32) as usize % Stems::CACHED];
        if first.word != packed {
            // the one met last stands first
            std::mem::swap(first, second);
        }
        if first.word != packed {
            let stem = self.stemmer.stem(word);
            match Cached::new(packed, word, &stem) {
                Some(new) => *first = new,
                None => {
                    *word = stem.into_owned();
                    return;
                }
            }
        }
        let cached = *first;
        word.truncate(cached.kept.into());
        word.extend(cached.tail.iter().take_while(|&&letter| letter != 0).map(|&letter| char::from(letter)));
    }
}

impl Default for Stems {
    fn default() -> Stems {
        Stems::new()
    }
}

impl Clone for Stems {
    fn clone(&self) -> Stems {
        Stems::new()
    }
}

/// Whether the stemmer has anything to say of a folded word: it knows English words, and no short one changes.
fn has_stem(word: &str) -> bool {
    word.len() >= 3 && word.is_ascii() && !word.as_bytes()[0].is_ascii_digit()
}

/// The stem of one folded word.
pub fn stem(word: &str) -> String {
    if !has_stem(word) {
        return word.to_owned();
    }
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// The initials by which a body of three words and more is known, folded: `imf` for `International Monetary Fund`. Small
/// words (`of`, `for`) give none.
pub fn initials(name: &str) -> Option<String> {
    let first = |word: &str| word.chars().next().filter(|c| c.is_uppercase());
    let initials: String = name.split(' ').filter_map(first).collect();
    (initials.chars().count() > 2).then(|| folded(&initials))
}

#[cfg(test)]
mod tests {
    use super::{Span, Stems, Words, spans, stem, words};
    use proptest::prelude::*;

    /// The words of a text with where they stand, each read letter by letter.
    fn spelled(text: &str) -> Vec<(Span, String)> {
        let mut words = Words::new(text);
        let mut spelled = Vec::new();
        while words.at < text.len() {
            let mut word = String::new();
            if let Some(span) = words.any_word(&mut word) {
                spelled.push((span, word));
            }
        }
        spelled
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text), expected, "in {text:?}");
    }

    #[test]
    fn words_fold_case_accents_and_possessives() {
        check("Kim Jong-un's train.", &["kim", "jong", "un", "train"]);
        check("Harris’s “huge mistake,” she said", &["harris", "huge", "mistake", "she", "said"]);
        check("O'Brien doesn't", &["obrien", "doesnt"]);
        check("The U.S. and the E.U.-led", &["the", "us", "and", "the", "eu", "led"]);
        check(
            "ended.Next 3.5% of 2,500 at 10:40 a.m.",
            &["ended", "next", "3.5", "of", "2500", "at", "10", "40", "am"],
        );
        check(
            "São Paulo, Łódź, Ærø, Straße, Ångström, Ёлка",
            &["sao", "paulo", "lodz", "aero", "strasse", "angstrom", "елка"],
        );
        check("北京 ニュース 서울", &["北", "京", "ニュース", "서울"]);
        check("a_b x/y e-mail@site.org", &["a", "b", "x", "y", "e", "mail", "site", "org"]);
        check("'' . ’s -", &["s"]);
        check("", &[]);
    }

    #[test]
    fn long_runs_are_cut_not_lost() {
        let long = "x".repeat(1000);
        assert_eq!(words(&long)[0].len(), 240);
        assert_eq!(words(&format!("a {long} b")).len(), 3);
    }

    #[test]
    fn cached_stems_are_the_stemmers() {
        let mut stems = Stems::new();
        for _ in 0..2 {
            for word in ["trains", "training", "reiterated", "harris", "harri", "us", "2023", "élan"] {
                let mut cached = word.to_owned();
                stems.stem(&mut cached);
                assert_eq!(cached, stem(word));
            }
        }
    }

    proptest! {
        #[test]
        fn any_cached_stem_is_the_stemmers(words in proptest::collection::vec("[a-z]{1,5}[a-z.]{0,14}", 1..40)) {
            let mut stems = Stems::new();
            for word in words.iter().chain(&words) {
                let mut cached = word.clone();
                stems.stem(&mut cached);
                prop_assert_eq!(cached, stem(word));
            }
        }

        #[test]
        fn what_is_read_at_once_is_what_is_spelled(
            text in "([A-Za-z0-9]{0,20}|[A-Za-z0-9]{1,3}|[ -~]{0,4}|[.,'’”é½٣s]{0,3}){0,12}",
        ) {
            prop_assert_eq!(spans(&text).collect::<Vec<_>>(), spelled(&text));
        }

        #[test]
        fn words_lie_in_the_text_in_order(text in "(\\PC|[ a-z.'’,]){0,60}") {
            let mut last = 0;
            for (span, word) in spans(&text) {
                prop_assert!(span.start >= last && span.end > span.start && !word.is_empty());
                prop_assert!(text.get(span.start..span.end).is_some());
                last = span.end;
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = words(&text).join(" ");
            prop_assert_eq!(words(&once).join(" "), once.clone());
        }
    }
}
