//! The noun `Story`: articles that tell one story in nearly the same words, as syndicated copies and later versions do.
//!
//! Likeness is that of the sets of five-word shingles, estimated by one-permutation MinHash (Li, Owen and Zhang, 2012, with
//! rotation for empty bins: Shrivastava and Li, 2014); candidates are found by bands of the sketch (locality-sensitive
//! hashing). Who belongs together is the transitive closure of likeness, so it does not depend on the order of reading.

use crate::article::Day;
use crate::block::unpacked;
use crate::terms::Words;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

const BINS: usize = 32;
/// Bins of a band, which are compared together.
const BAND: usize = 4;
const BANDS: usize = BINS / BAND;
/// Words per shingle.
const SHINGLE: usize = 5;
/// Texts of fewer words are too short to be told apart by their shingles: only equal ones are one story.
const SHORTEST: usize = 60;
/// Equal bins that make two texts alike: an estimated likeness of 0.6.
const ALIKE: usize = 20;
/// Versions of a story appear within this many days of each other; likeness beyond that is boilerplate.
const DAYS: i32 = 4;
/// How many articles of one band a new one is compared with.
const MOST_COMPARED: usize = 50;

/// A sketch of a text's shingles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u16; BINS]);

impl Fingerprint {
    /// The text's sketch; `None` where it is too short to have one.
    pub fn of(text: &str) -> Option<Fingerprint> {
        let mut words = Words::new(text);
        let mut word = String::new();
        let mut last = [0u64; SHINGLE];
        let mut count = 0;
        let mut bins = [u64::MAX; BINS];
        while let Some((_, packed)) = words.next_packed(&mut word) {
            last.rotate_left(1);
            last[SHINGLE - 1] = match packed.map(unpacked) {
                Some((letters, length)) => xxh3_64(&letters[..length]),
                None => xxh3_64(word.as_bytes()),
            };
            count += 1;
            if count >= SHINGLE {
                let shingle = last.iter().fold(0u64, |hash, &word| {
                    (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                });
                let bin = (shingle >> 59) as usize;
                bins[bin] = bins[bin].min(shingle << 5);
            }
        }
        (count >= SHORTEST).then(|| {
            let filled =
                |bin: usize| (0..BINS).map(|step| bins[(bin + step) % BINS]).find(|&value| value != u64::MAX);
            Fingerprint(std::array::from_fn(|bin| (filled(bin).unwrap_or(0) >> 32) as u16))
        })
    }

    fn alike(&self, other: &Fingerprint) -> bool {
        self.0.iter().zip(&other.0).filter(|(ours, theirs)| ours == theirs).count() >= ALIKE
    }

    /// The bins of that band in one number.
    fn band(&self, band: usize) -> u64 {
        let bins = &self.0[band * BAND..(band + 1) * BAND];
        bins.iter().fold(0, |value, &bin| value << 16 | u64::from(bin))
    }

    /// As 128 hex digits, for the ledger.
    pub fn to_hex(self) -> String {
        self.0.iter().map(|bin| format!("{bin:04x}")).collect()
    }

    pub fn from_hex(hex: &str) -> Option<Fingerprint> {
        if hex.len() != 4 * BINS || !hex.is_ascii() {
            return None;
        }
        let mut bins = [0; BINS];
        for (bin, digits) in bins.iter_mut().zip(hex.as_bytes().chunks(4)) {
            *bin = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Fingerprint(bins))
    }
}

/// One article to be grouped.
#[derive(Clone, Copy, Debug)]
pub struct Sketch<'a> {
    pub id: &'a str,
    pub fingerprint: Fingerprint,
    pub published: Option<Day>,
}

/// The stories that several articles tell: from an article's id to the story's, which is the least of its articles'
/// ids. Articles that stand alone are not in it.
pub fn stories(articles: &[Sketch]) -> HashMap<String, String> {
    let mut parents: Vec<usize> = (0..articles.len()).collect();
    for band in 0..BANDS {
        let mut sorted: Vec<(u64, usize)> =
            articles.iter().map(|article| article.fingerprint.band(band)).zip(0..).collect();
        sorted.sort_unstable();
        for alike in sorted.chunk_by(|ours, theirs| ours.0 == theirs.0) {
            for (place, &(_, number)) in alike.iter().enumerate() {
                // Comparing with the first few of a band joins a crowd as surely as comparing with all: they are alike too.
                for &(_, other) in alike[..place].iter().take(MOST_COMPARED) {
                    if one_story(&articles[number], &articles[other]) {
                        let (a, b) = (root(&mut parents, number), root(&mut parents, other));
                        parents[a.max(b)] = a.min(b);
                    }
                }
            }
        }
    }
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for number in 0..articles.len() {
        let root = root(&mut parents, number);
        if root != number {
            members.entry(root).or_insert_with(|| vec![root]).push(number);
        }
    }
    let mut stories = HashMap::new();
    for story in members.into_values() {
        let id = story.iter().map(|&number| articles[number].id).min().expect("two and more");
        stories.extend(story.iter().map(|&number| (articles[number].id.to_owned(), id.to_owned())));
    }
    stories
}

/// Whether two articles are versions of one story, as far as these two tell: [`stories`] joins them, but for a crowd.
pub fn are_versions(a: &Sketch, b: &Sketch) -> bool {
    one_story(a, b) && (0..BANDS).any(|band| a.fingerprint.band(band) == b.fingerprint.band(band))
}

fn one_story(a: &Sketch, b: &Sketch) -> bool {
    let near = || match (a.published, b.published) {
        (Some(a), Some(b)) => a.since(b).is_ok_and(|span| span.get_days().abs() <= DAYS),
        _ => true,
    };
    // likeness first: it is told at once, and seldom there
    a.fingerprint.alike(&b.fingerprint) && near()
}

fn root(parents: &mut [usize], mut number: usize) -> usize {
    while parents[number] != number {
        parents[number] = parents[parents[number]];
        number = parents[number];
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Sketch, stories};

    /// A text of many words, told by its seed.
    fn text(seed: u64, words: usize) -> String {
        (0..words as u64).map(|n| format!("word{} ", (n * n * 31 + seed * 7919 + n) % 977)).collect()
    }

    fn groups(texts: &[(&str, String)]) -> Vec<(String, String)> {
        let sketches: Vec<Sketch> = texts
            .iter()
            .filter_map(|(id, text)| {
                Some(Sketch { id, fingerprint: Fingerprint::of(text)?, published: None })
            })
            .collect();
        let mut groups: Vec<_> = stories(&sketches).into_iter().collect();
        groups.sort();
        groups
    }

    #[test]
    fn later_versions_are_one_story_whatever_the_order() {
        let first = text(1, 400);
        let later = format!("{first} {}", text(2, 60));
        let other = text(3, 400);
        let mut texts = vec![("b", first), ("a", later), ("c", other)];
        let expected = vec![("a".to_owned(), "a".to_owned()), ("b".to_owned(), "a".to_owned())];
        assert_eq!(groups(&texts), expected);
        texts.reverse();
        assert_eq!(groups(&texts), expected);
    }

    #[test]
    fn short_texts_have_no_fingerprint() {
        assert_eq!(Fingerprint::of("Too short to tell."), None);
    }

    #[test]
    fn a_fingerprint_survives_the_ledger() {
        let fingerprint = Fingerprint::of(&text(1, 100)).unwrap();
        assert_eq!(Fingerprint::from_hex(&fingerprint.to_hex()), Some(fingerprint));
        assert_eq!(Fingerprint::from_hex("xyz"), None);
    }
}
