//! A bit for each document of a segment.

use tantivy::DocId;

/// The documents whose bit is set.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// So many bits, none of them set.
    pub(super) fn none(length: u32) -> Bits {
        Bits(vec![0; length.div_ceil(64) as usize])
    }

    pub(super) fn set(&mut self, docs: impl Iterator<Item = DocId>) {
        docs.for_each(|doc| self.0[doc as usize / 64] |= 1 << (doc % 64));
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
