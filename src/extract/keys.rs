//! Keys of short words: a word in small letters, packed into one number.

use super::tokens::Token;
use super::words::lower_into;
use crate::block::{FIRST, each, packed};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A word of ASCII characters in small letters, the first in the lowest byte. Two spellings that differ in case have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(u128);

/// A table of words, and a set of them.
pub(super) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Folded>>;
pub(super) type Set<K> = HashSet<K, BuildHasherDefault<Folded>>;

impl Key {
    /// The longest word that has one, in bytes.
    pub(super) const LONGEST: usize = 16;

    /// The key of a word; none where it is longer, or holds more than ASCII characters and curly apostrophes.
    pub(super) fn of(word: &str) -> Option<Key> {
        match packed(word.as_bytes()) {
            Some(word) if word & each(0x80) == 0 => Some(Key(lower(word))),
            _ => Key::of_straightened(word),
        }
    }

    /// The key of a token's characters.
    #[inline]
    pub(super) fn of_token(text: &str, token: &Token) -> Option<Key> {
        let (start, length) = (token.start as usize, (token.end - token.start) as usize);
        // Sixteen bytes read at once, and those cut off that stand behind the word.
        let block = text.as_bytes().get(start..).and_then(|rest| rest.first_chunk::<{ Key::LONGEST }>());
        match block {
            Some(&block) if (1..=Key::LONGEST).contains(&length) => {
                let word = u128::from_le_bytes(block) & FIRST[length];
                if word & each(0x80) == 0 {
                    Some(Key(lower(word)))
                } else {
                    Key::of_straightened(token.of(text))
                }
            }
            _ => Key::of(token.of(text)),
        }
    }

    /// A hash of the word.
    #[inline]
    pub(super) fn folded(self) -> u64 {
        let mut folded = Folded::default();
        self.hash(&mut folded);
        folded.finish()
    }

    /// Whether the character is among the word's.
    pub(super) fn holds(self, ascii: u8) -> bool {
        let other = self.0 ^ each(ascii); // its bytes are plain, so that none borrows from the next
        (other.wrapping_sub(each(1)) & !other & each(0x80)) != 0
    }

    #[cold]
    fn of_straightened(word: &str) -> Option<Key> {
        if word.len() > 3 * Key::LONGEST {
            return None;
        }
        let mut lowered = String::new();
        lower_into(word, &mut lowered);
        (lowered.len() <= Key::LONGEST && lowered.is_ascii()).then(|| Key::of(&lowered)).flatten()
    }
}

/// ASCII characters, their capitals made small: all at once, each in its own byte.
fn lower(ascii: u128) -> u128 {
    let from_a = ascii + each(0x80 - b'A'); // the high bit tells `A` and above
    let above_z = ascii + each(0x7f - b'Z');
    ascii | ((from_a & !above_z) & each(0x80)) >> 2
}

/// Folds a number into a hash by one multiplication. No adversary: the keys are those of our own tables and the names
/// of one article, and a slow bucket costs a comparison or two.
#[derive(Default)]
pub(super) struct Folded(u64);

impl Folded {
    fn fold(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9e37_79b9_7f4a_7c15;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut number = [0; 8];
            number[..chunk.len()].copy_from_slice(chunk);
            self.fold(u64::from_le_bytes(number));
        }
    }

    fn write_u16(&mut self, number: u16) {
        self.fold(number.into());
    }

    fn write_u128(&mut self, number: u128) {
        self.fold(number as u64 ^ ((number >> 64) as u64).rotate_left(29));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::Key;

    #[test]
    fn spellings_have_one_key() {
        let check = |one: &str, other: &str| assert_eq!(Key::of(one), Key::of(other), "{one} {other}");
        check("Said", "said");
        check("DON’T", "don't");
        check("AZaz[@`{", "azaz[@`{");
        check("internationalise", "INTERNATIONALISE");
        assert_ne!(Key::of("said"), Key::of("say"));
        assert_ne!(Key::of("@"), Key::of("`"));
        for word in ["internationalised", "élan", "’’’’’’’’’’’’’’’’’"] {
            assert_eq!(Key::of(word), None, "{word}");
        }
    }

    #[test]
    fn a_key_holds_the_characters_of_its_word() {
        for word in ["don't", "'t", "t'", "internationalis'", "x", "internationalise"] {
            for ascii in b"'dxe&(" {
                let key = Key::of(word).expect("short");
                assert_eq!(key.holds(*ascii), word.as_bytes().contains(ascii), "{word} {ascii}");
            }
        }
    }

    #[test]
    fn a_token_has_the_key_of_its_word() {
        for text in ["Said", "She didn’t say, and Internationalised élans went", "a b", "北京 said"] {
            for token in tokens(text) {
                assert_eq!(Key::of_token(text, &token), Key::of(token.of(text)), "{text}");
            }
        }
    }
}
