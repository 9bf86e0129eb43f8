//! Sixteen bytes of text at once: most words are shorter, and are read, compared and looked up as one number.

/// Bytes that are read at once.
pub const BLOCK: usize = 16;

/// A word of plain ASCII letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainWord {
    pub length: usize,
    /// In small letters, as [`packed`] has it.
    pub small: u128,
    pub capitals: usize,
}

/// The word that the block begins with, which may be none.
#[inline]
pub fn plain_word(block: [u8; BLOCK]) -> PlainWord {
    let block = u128::from_le_bytes(block);
    let first = plain_half(block as u64);
    if first.length < BLOCK / 2 {
        return first; // as most words do
    }
    let second = plain_half((block >> 64) as u64);
    PlainWord {
        length: first.length + second.length,
        small: first.small | second.small << 64,
        capitals: first.capitals + second.capitals,
    }
}

/// The word that half a block begins with: all its bytes are compared in one number, each with a bit to spare.
#[inline]
fn plain_half(bytes: u64) -> PlainWord {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; BLOCK / 2])
    }
    const HIGH: u64 = each(0x80);
    let low = bytes & !HIGH;
    let among =
        |bytes: u64, first: u8, last: u8| (bytes + each(0x80 - first)) & !(bytes + each(0x7f - last)) & HIGH;
    let plain = (among(low | each(0x20), b'a', b'z') | among(low, b'0', b'9')) & !bytes;
    let length = (!plain & HIGH).trailing_zeros() as usize / 8;
    let within = 1u64.checked_shl(8 * length as u32).map_or(u64::MAX, |above| above - 1);
    let capitals = among(low, b'A', b'Z') & within;
    let small = u128::from(bytes & within | capitals >> 2);
    PlainWord { length, small, capitals: capitals.count_ones() as usize }
}

/// The bytes of a [`packed`] word that holds no NUL, and how many they are.
pub fn unpacked(word: u128) -> ([u8; BLOCK], usize) {
    (word.to_le_bytes(), BLOCK - word.leading_zeros() as usize / 8)
}

/// The byte in all places of a block.
pub const fn each(byte: u8) -> u128 {
    u128::from_le_bytes([byte; BLOCK])
}

/// What leaves of a block so many of its first bytes.
pub const FIRST: [u128; BLOCK + 1] = {
    let mut first = [u128::MAX; BLOCK + 1];
    let mut length = 0;
    while length < BLOCK {
        first[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    first
};

/// A word of up to a block's length in one number, its first byte the lowest; `None` for a longer one.
pub fn packed(word: &[u8]) -> Option<u128> {
    // Two overlapping reads where there is room for one: copying a few bytes costs more.
    let unused = |all: usize| 8 * (all - word.len()) as u32;
    match word.len() {
        8..=BLOCK => {
            let behind = u64::from_le_bytes(*word.last_chunk()?).checked_shr(unused(BLOCK)).unwrap_or(0);
            Some(u128::from(u64::from_le_bytes(*word.first_chunk()?)) | u128::from(behind) << 64)
        }
        4..8 => {
            let behind = u32::from_le_bytes(*word.last_chunk()?).checked_shr(unused(8)).unwrap_or(0);
            Some(u128::from(u32::from_le_bytes(*word.first_chunk()?)) | u128::from(behind) << 32)
        }
        0..4 => Some(word.iter().rev().fold(0, |number, &byte| number << 8 | u128::from(byte))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, PlainWord, packed, plain_word, unpacked};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_packed_word_is_its_bytes(word in "[a-z.é]{0,18}") {
            let bytes = word.as_bytes();
            let expected = (bytes.len() <= BLOCK)
                .then(|| bytes.iter().rev().fold(0u128, |number, &byte| number << 8 | u128::from(byte)));
            prop_assert_eq!(packed(bytes), expected);
            if let Some(packed) = packed(bytes) {
                let (unpacked, length) = unpacked(packed);
                prop_assert_eq!(&unpacked[..length], bytes);
            }
        }

        #[test]
        fn a_block_begins_with_its_plain_letters(word in "[A-Za-z0-9]{0,16}", behind in "[^A-Za-z0-9]{16}") {
            let text = format!("{word}{behind}");
            let block = *text.as_bytes().first_chunk().expect("sixteen and more");
            let small = packed(word.to_ascii_lowercase().as_bytes()).expect("no longer than a block");
            let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
            prop_assert_eq!(plain_word(block), PlainWord { length: word.len(), small, capitals });
        }
    }
}
