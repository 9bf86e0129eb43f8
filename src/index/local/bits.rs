//! A bit for each document of a segment.

use tantivy::DocId;

/// The documents whose bit is set.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// So many bits, those of the documents set.
    pub(super) fn new(length: u32, docs: impl Iterator<Item = DocId>) -> Bits {
        let mut words = vec![0; length.div_ceil(64) as usize];
        docs.for_each(|doc| words[doc as usize / 64] |= 1 << (doc % 64));
        Bits(words)
    }

    pub(super) fn has(&self, doc: DocId) -> bool {
        self.0[doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    /// The words of 64 bits from the one on that begins with `doc`.
    pub(super) fn words_from(&self, doc: DocId) -> &[u64] {
        self.0.get(doc as usize / 64..).unwrap_or_default()
    }
}

/// The places of the bits that are set, rising.
pub(super) fn ones(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = (word != 0).then(|| word.trailing_zeros());
        word &= word.wrapping_sub(1);
        lowest
    })
}
