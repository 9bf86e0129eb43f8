//! Words and names by number: each is held once, and found again by its bytes.

use crate::block::{BLOCK, packed, unpacked};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Places for the strings met last, two in each.
const FREQUENT: usize = 1 << 13;
/// Places for short strings at first.
const FEW: usize = 1 << 13;

/// Strings, numbered in the order they were first met.
#[derive(Default)]
pub(super) struct Vocabulary {
    short: Shorts,
    /// Those of them that were met last, each in the place of its hash: a few words are most of every text.
    frequent: Vec<[(Short, u32); 2]>,
    long: HashMap<Box<str>, u32, Mixing>,
    /// All of them, one behind the other, and where each ends.
    all: String,
    ends: Vec<usize>,
}

/// Short strings with their numbers, in the place of their hash or behind it: one look at memory finds nearly each.
#[derive(Default)]
struct Shorts {
    /// A power of two, less than two thirds of them taken.
    places: Vec<(Short, u32)>,
    taken: usize,
}

impl Shorts {
    /// The number of a string, which is `new` where it is not held yet; `hash` gives that of any.
    fn number(&mut self, short: Short, hash: impl Fn(Short) -> u64, new: u32) -> u32 {
        if self.taken * 3 >= self.places.len() * 2 {
            let larger = vec![(Short::NONE, 0); (self.places.len() * 2).max(FEW)];
            for (held, number) in std::mem::replace(&mut self.places, larger) {
                if held != Short::NONE {
                    *self.place(held, hash(held)) = (held, number);
                }
            }
        }
        let place = self.place(short, hash(short));
        if place.0 == Short::NONE {
            *place = (short, new);
            self.taken += 1;
            return new;
        }
        place.1
    }

    /// Where it is held, or else would be.
    fn place(&mut self, short: Short, hash: u64) -> &mut (Short, u32) {
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        while self.places[at].0 != short && self.places[at].0 != Short::NONE {
            at = (at + 1) & last;
        }
        &mut self.places[at]
    }
}

/// A string of up to twelve bytes and no NUL at its end, the first byte the lowest of the first number: with its own number
/// it takes sixteen. An empty one is none.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Short([u32; 3]);

impl Short {
    const NONE: Short = Short([0; 3]);

    /// `None` for a longer one.
    fn new(packed: u128) -> Option<Short> {
        let part = |place: u32| (packed >> (32 * place)) as u32;
        (part(3) == 0 && packed != 0).then(|| Short([part(0), part(1), part(2)]))
    }

    fn packed(self) -> u128 {
        let [first, second, third] = self.0.map(u128::from);
        first | second << 32 | third << 64
    }
}

impl Hash for Short {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u128(self.packed());
    }
}

impl Vocabulary {
    /// The string's number, a new one where it was not met before.
    pub(super) fn number(&mut self, string: &str) -> u32 {
        // a number does not tell a NUL at the end from no byte
        let short = packed(string.as_bytes()).and_then(Short::new).filter(|_| !string.ends_with('\0'));
        match short {
            Some(short) => self.number_of_short(short),
            None => self.number_of_long(string),
        }
    }

    /// The number of the string that `word` is, packed; it holds no NUL at its end.
    pub(super) fn number_of_packed(&mut self, word: u128) -> u32 {
        match Short::new(word) {
            Some(short) => self.number_of_short(short),
            None => {
                let (bytes, length) = unpacked(word);
                self.number_of_long(str::from_utf8(&bytes[..length]).expect("packed from a string"))
            }
        }
    }

    fn number_of_short(&mut self, short: Short) -> u32 {
        if self.frequent.is_empty() {
            self.frequent = vec![[(Short::NONE, 0); 2]; FREQUENT];
        }
        let hash = self.long.hasher().hash_one(short);
        let place = hash as usize % FREQUENT;
        let [first, second] = self.frequent[place];
        if first.0 == short {
            return first.1;
        }
        // the one met last stands first
        let found = if second.0 == short { second } else { (short, self.number_of_rare(short)) };
        self.frequent[place] = [found, first];
        found.1
    }

    #[inline(never)]
    fn number_of_rare(&mut self, short: Short) -> u32 {
        let new = self.ends.len() as u32;
        let number = self.short.number(short, |short| self.long.hasher().hash_one(short), new);
        if number == new {
            let (bytes, length) = unpacked(short.packed());
            add(
                str::from_utf8(&bytes[..length]).expect("packed from a string"),
                &mut self.all,
                &mut self.ends,
            );
        }
        number
    }

    #[inline(never)]
    fn number_of_long(&mut self, string: &str) -> u32 {
        if let Some(&number) = self.long.get(string) {
            return number;
        }
        let number = add(string, &mut self.all, &mut self.ends);
        self.long.insert(string.into(), number);
        number
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

/// Adds a string to all others, whose ends are known; its number.
fn add(string: &str, all: &mut String, ends: &mut Vec<usize>) -> u32 {
    all.push_str(string);
    ends.push(all.len());
    ends.len() as u32 - 1
}

/// The first bytes of a string as a number that has their order.
fn first_bytes(string: &str) -> u128 {
    let mut first = [0; 16];
    let length = string.len().min(first.len());
    first[..length].copy_from_slice(&string.as_bytes()[..length]);
    u128::from_be_bytes(first)
}

/// Hashes sixteen bytes by one multiplication, under a secret of its own: nobody can write words that all fall together.
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
        for block in bytes.chunks(BLOCK) {
            self.write_u128(packed(block).expect("no longer than a block"));
        }
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
