//! The table of words with a meaning in time: from a word, its case folded, to what it can do.

use super::words::{Unit, Word};
use crate::block::packed;
use std::sync::LazyLock;

/// `tables/time_words.tsv` as an open-addressed table from the folded word, packed in a number, to its meaning.
pub(super) struct Lexicon {
    /// For each length and first letter the last letters of such words, as bits: tells most other words at a glance.
    last_letters: [[u32; 32]; KEY_BYTES + 1],
    slots: Vec<(u128, Word)>,
}

const KEY_BYTES: usize = 16;
const SLOT_BITS: u32 = 11;

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon =
        Lexicon { last_letters: [[0; 32]; KEY_BYTES + 1], slots: vec![(0, Word::Other); 1 << SLOT_BITS] };
    for line in include_str!("../tables/time_words.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        if let (Some(word), Some(class), Some(value)) = (columns.next(), columns.next(), columns.next()) {
            lexicon.insert(word, meaning(class, value));
        }
    }
    lexicon
});

impl Lexicon {
    fn insert(&mut self, word: &str, meaning: Word) {
        let key = key(word).expect("words of the table are short");
        let (first, last) = ends(word);
        self.last_letters[word.len()][first] |= 1 << last;
        let mut slot = first_slot(key);
        while self.slots[slot].0 != 0 && self.slots[slot].0 != key {
            slot = (slot + 1) % self.slots.len();
        }
        self.slots[slot] = (key, meaning);
    }

    /// What the word can do; `Other` for a word that is not in the table.
    pub(super) fn get(&self, word: &str) -> Word {
        let (first, last) = ends(word);
        if word.len() > KEY_BYTES || self.last_letters[word.len()][first] & 1 << last == 0 {
            return Word::Other;
        }
        let Some(key) = key(word) else { return Word::Other };
        let mut slot = first_slot(key);
        loop {
            match self.slots[slot] {
                (found, meaning) if found == key => return meaning,
                (0, _) => return Word::Other,
                _ => slot = (slot + 1) % self.slots.len(),
            }
        }
    }
}

/// The first and the last letter, case folded, in five bits each.
fn ends(word: &str) -> (usize, u32) {
    let bytes = word.as_bytes();
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| byte & 31);
    (letter(bytes.first()).into(), letter(bytes.last()).into())
}

/// The word in small letters, packed; `None` for a word that is empty or too long.
fn key(word: &str) -> Option<u128> {
    /// Sets the bit that tells small letters from capitals; figures, dots and apostrophes have it anyway.
    const SMALL: u128 = u128::from_le_bytes([0x20; KEY_BYTES]);
    if word.is_empty() {
        return None;
    }
    let packed = packed(word.as_bytes())?;
    let unused = 8 * (KEY_BYTES - word.len()) as u32;
    Some(packed | SMALL >> unused)
}

fn first_slot(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOT_BITS)) as usize
}

fn meaning(class: &str, value: &'static str) -> Word {
    fn number<T: std::str::FromStr>(value: &str) -> T {
        value.parse().ok().expect("numeric classes of the table have numbers")
    }
    match class {
        "month" => Word::Month(number(value)),
        "month-short" => Word::MonthShort(number(value)),
        "weekday" => Word::Weekday(number(value)),
        "weekdays" => Word::Weekdays(number(value)),
        "weekday-short" => Word::WeekdayShort(number(value)),
        "unit" => Word::Single(unit(value)),
        "units" => Word::Plural(unit(value)),
        "count" => Word::Count(number(value)),
        "ordinal" => Word::Ordinal(number(value)),
        "decade" => Word::Decade(number::<u16>(value) * 10),
        "season" => Word::Season(value),
        "seasons" => Word::Seasons(value),
        "part" => Word::DayPart(value),
        "hour" => Word::Hour(value),
        "meridiem" => Word::Meridiem { afternoon: value == "pm" },
        "zone" => Word::Zone { universal: value == "UTC" },
        "day" => Word::Day(number(value)),
        "tonight" => Word::Tonight,
        "last" => Word::Last,
        "past" => Word::Past,
        "previous" => Word::Previous,
        "next" => Word::Next,
        "coming" => Word::Coming,
        "following" => Word::Following,
        "same" => Word::Same,
        "current" => Word::Current,
        "latest" => Word::Latest,
        "recent" => Word::Recent,
        "whole" => Word::Whole,
        "the" => Word::The,
        "a" => Word::A,
        "this" => Word::This,
        "that" => Word::That,
        "these" => Word::These,
        "those" => Word::Those,
        "its" => Word::Its,
        "each" => Word::Each,
        "per" => Word::Per,
        "ago" => Word::Ago,
        "earlier" => Word::Earlier,
        "later" => Word::Later,
        "hence" => Word::Hence,
        "before" => Word::Before,
        "after" => Word::After,
        "from" => Word::From,
        "of" => Word::Of,
        "in" => Word::In,
        "to" => Word::To,
        "and" => Word::And,
        "or" => Word::Or,
        "between" => Word::Between,
        "preposition" => Word::Preposition,
        "early" => Word::Early,
        "edge" => Word::EdgeOf,
        "several" => Word::Several,
        "half" => Word::Half,
        "filler" => Word::Filler,
        "fiscal" => Word::Fiscal,
        "period" => Word::Period,
        "quarter-number" => Word::QuarterNumber(number(value)),
        "half-number" => Word::HalfNumber(number(value)),
        "reference" => Word::Reference(value),
        "future-noun" => Word::FutureNoun,
        "set" => Word::Set(value),
        "times" => Word::Times,
        "approximately" => Word::Approximately,
        "holiday" => Word::Holiday,
        "old" => Word::Old,
        "ahead" => Word::Ahead,
        "intent" => Word::Intent,
        "back" => Word::Back,
        "be" => Word::Be,
        _ => unreachable!("class `{class}` of the table has no meaning"),
    }
}

fn unit(value: &str) -> Unit {
    match value {
        "TS" => Unit::Second,
        "TM" => Unit::Minute,
        "TH" => Unit::Hour,
        "D" => Unit::Day,
        "WE" => Unit::Weekend,
        "W" => Unit::Week,
        "FN" => Unit::Fortnight,
        "M" => Unit::Month,
        "Q" => Unit::Quarter,
        "Y" => Unit::Year,
        "DE" => Unit::Decade,
        _ => Unit::Century,
    }
}
