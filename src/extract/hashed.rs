//! Numbers by the hashes of words, close together: every word of every text is looked up in such tables.

/// A number of up to `BITS` bits for each of many hashes, which take eight bytes each. With the place where it stands the
/// upper bits of a hash tell it from any other: no word itself is held.
pub(super) struct Hashed<const BITS: u32> {
    /// Each in the place of the lower bits of its hash or in the first free one behind, a power of two: the hash's upper bits,
    /// then the number. 0 is free.
    places: Vec<u64>,
}

impl<const BITS: u32> Hashed<BITS> {
    const NUMBER: u64 = (1 << BITS) - 1;

    /// Room for so many, a third of it free.
    pub(super) fn with_room(count: usize) -> Hashed<BITS> {
        Hashed { places: vec![0; (count * 3 / 2).next_power_of_two()] }
    }

    /// Where the hash is, or the free place where it would be.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        let last = self.places.len() - 1;
        let mut at = hash as usize & last;
        while self.places[at] != 0 && (self.places[at] ^ hash) & !Self::NUMBER != 0 {
            at = (at + 1) & last;
        }
        at
    }

    /// The number of a hash, 0 where it has none.
    #[inline]
    pub(super) fn get(&self, hash: u64) -> u32 {
        (self.places[self.place(hash)] & Self::NUMBER) as u32
    }

    /// Gives a hash a number, not 0, by the one it had.
    pub(super) fn set(&mut self, hash: u64, number: impl FnOnce(u32) -> u32) {
        let place = self.place(hash);
        let number = u64::from(number((self.places[place] & Self::NUMBER) as u32));
        assert!((1..=Self::NUMBER).contains(&number), "a number has {BITS} bits");
        self.places[place] = hash & !Self::NUMBER | number;
    }
}

#[cfg(test)]
mod tests {
    use super::Hashed;

    #[test]
    fn hashes_that_fall_together_are_told_apart() {
        let mut numbers = Hashed::<16>::with_room(5);
        let hashes = [7, 7 | 1 << 16, 7 | 1 << 40, 6 | 1 << 63, u64::MAX];
        for (number, hash) in (1..).zip(hashes) {
            numbers.set(hash, |before| before + number);
        }
        numbers.set(7, |before| before + 10);
        assert_eq!(hashes.map(|hash| numbers.get(hash)), [11, 2, 3, 4, 5]);
        assert_eq!(numbers.get(7 | 1 << 41), 0);
    }
}
