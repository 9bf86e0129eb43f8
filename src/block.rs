//! Sixteen bytes of text at once: most words are shorter, and are read, compared and looked up as one number.

/// Bytes that are read at once.
pub const BLOCK: usize = 16;

/// How many plain ASCII letters and digits the block begins with, and whether there is a capital among its bytes: all
/// its bytes are compared in one number, each with a bit to spare.
pub fn plain_letters(block: &[u8; BLOCK]) -> (usize, bool) {
    const HIGH: u128 = each(0x80);
    let bytes = u128::from_le_bytes(*block);
    let low = bytes & !HIGH;
    let among =
        |bytes: u128, first: u8, last: u8| (bytes + each(0x80 - first)) & !(bytes + each(0x7f - last));
    let plain = (among(low | each(0x20), b'a', b'z') | among(low, b'0', b'9')) & !bytes & HIGH;
    let count = (!plain & HIGH).trailing_zeros() as usize / 8;
    (count, among(low, b'A', b'Z') & HIGH != 0)
}

/// The byte in all places of a block.
pub const fn each(byte: u8) -> u128 {
    u128::from_le_bytes([byte; BLOCK])
}

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
    use super::packed;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_packed_word_is_its_bytes(word in "[a-z.é]{0,18}") {
            let bytes = word.as_bytes();
            let expected = (bytes.len() <= 16)
                .then(|| bytes.iter().rev().fold(0u128, |number, &byte| number << 8 | u128::from(byte)));
            prop_assert_eq!(packed(bytes), expected);
        }
    }
}
