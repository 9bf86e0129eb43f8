//! Words and names by number: each is held once, and found again by its bytes.

use crate::block::{packed, unpacked};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Places for the strings met last.
const FREQUENT: usize = 1 << 13;

/// Strings, numbered in the order they were first met.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// Those of a few bytes, all in one number.
    short: HashMap<u128, u32, Mixing>,
    /// Those of them that were met last, each in the place of its hash: a few words are most of every text.
    frequent: Vec<(u128, u32)>,
    long: HashMap<Box<str>, u32>,
    /// All of them, one behind the other, and where each ends.
    all: String,
    ends: Vec<usize>,
}

impl Vocabulary {
    /// The string's number, a new one where it was not met before.
    pub(super) fn number(&mut self, string: &str) -> u32 {
        // a number does not tell a NUL at the end from no byte
        match packed(string.as_bytes()).filter(|_| !string.ends_with('\0')) {
            Some(key) => self.number_of_short(key),
            None => match self.long.get(string) {
                Some(&number) => number,
                None => {
                    let number = self.add(string);
                    self.long.insert(string.into(), number);
                    number
                }
            },
        }
    }

    /// The number of the string that `key` is, packed; it holds no NUL at its end.
    pub(super) fn number_of_short(&mut self, key: u128) -> u32 {
        if self.frequent.is_empty() {
            self.frequent = vec![(0, 0); FREQUENT];
        }
        let place = self.short.hasher().hash_one(key) as usize % FREQUENT;
        let (known, number) = self.frequent[place];
        if known == key && key != 0 {
            return number;
        }
        let number = match self.short.get(&key) {
            Some(&number) => number,
            None => {
                let (bytes, length) = unpacked(key);
                let number = self.add(std::str::from_utf8(&bytes[..length]).expect("packed from a string"));
                self.short.insert(key, number);
                number
            }
        };
        self.frequent[place] = (key, number);
        number
    }

    fn add(&mut self, string: &str) -> u32 {
        self.all.push_str(string);
        self.ends.push(self.all.len());
        self.ends.len() as u32 - 1
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of that number.
    pub(super) fn string(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[number]]
    }

    /// All numbers, in the order of their strings' bytes.
    pub(super) fn sorted(&self) -> Vec<u32> {
        // Their first bytes tell nearly all apart, without a look at the strings.
        let mut sorted: Vec<(u128, u32)> =
            (0..self.len() as u32).map(|number| (first_bytes(self.string(number)), number)).collect();
        let string = |number: u32| self.string(number).as_bytes();
        sorted.sort_unstable_by(|ours, theirs| {
            ours.0.cmp(&theirs.0).then_with(|| string(ours.1).cmp(string(theirs.1)))
        });
        sorted.into_iter().map(|(_, number)| number).collect()
    }

    /// About the bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.all.capacity() + self.len() * 48
    }
}

/// The first bytes of a string as a number that has their order.
fn first_bytes(string: &str) -> u128 {
    let mut first = [0; 16];
    let length = string.len().min(first.len());
    first[..length].copy_from_slice(&string.as_bytes()[..length]);
    u128::from_be_bytes(first)
}

/// Hashes by one multiplication, under a secret of its own: nobody can write words that all fall together.
#[derive(Clone)]
struct Mixing {
    secret: [u64; 2],
}

impl Default for Mixing {
    fn default() -> Mixing {
        Mixing { secret: [0, 1].map(|half| RandomState::new().hash_one(half)) }
    }
}

impl BuildHasher for Mixing {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed { secret: self.secret, hash: 0 }
    }
}

struct Mixed {
    secret: [u64; 2],
    hash: u64,
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u128(byte.into()));
    }

    fn write_u128(&mut self, number: u128) {
        let low = u128::from(number as u64 ^ self.secret[0] ^ self.hash);
        let high = u128::from((number >> 64) as u64 ^ self.secret[1]);
        let product = low * high;
        self.hash = product as u64 ^ (product >> 64) as u64;
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn each_string_has_one_number_and_their_order_is_that_of_bytes(
            strings in proptest::collection::vec("[ab\0é]{0,3}([a-c]{12,20})?\0?", 0..60),
        ) {
            let mut vocabulary = Vocabulary::default();
            for string in strings.iter().chain(&strings) {
                let number = vocabulary.number(string);
                prop_assert_eq!(vocabulary.string(number), string);
            }
            let sorted = vocabulary.sorted();
            let sorted: Vec<&str> = sorted.iter().map(|&number| vocabulary.string(number)).collect();
            let expected: BTreeSet<&str> = strings.iter().map(String::as_str).collect();
            prop_assert_eq!(sorted, Vec::from_iter(expected));
        }
    }
}
