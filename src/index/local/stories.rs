//! Which documents of a segment are in a story, and in which.

use super::bits::Bits;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tantivy::DocId;
use tantivy::columnar::{Column, ColumnIndex};

/// So many documents looked for in the column cost as much as to count the members once.
const DEAR: u32 = 256;

/// The column of stories' keys. Few documents have one.
pub(super) struct Stories {
    keys: Column<u64>,
    members: OnceLock<Members>,
    /// How many documents were looked for in the column.
    looked: AtomicU32,
}

/// The documents that are in a story.
struct Members {
    bits: Bits,
    /// For each word of bits, how many are set before it.
    before: Vec<u32>,
    /// The keys of their stories, unpacked.
    keys: Vec<u64>,
}

impl Stories {
    pub(super) fn new(keys: Column<u64>) -> Stories {
        Stories { keys, members: OnceLock::new(), looked: AtomicU32::new(0) }
    }

    /// The key of the story a document is in.
    pub(super) fn key(&self, doc: DocId) -> Option<u64> {
        if self.members.get().is_none() && self.looked.fetch_add(1, Ordering::Relaxed) < DEAR {
            return self.keys.first(doc);
        }
        self.members().has(doc).then(|| self.key_of(doc))
    }

    /// The key of the story of a document that is known to be in one.
    pub(super) fn key_of(&self, member: DocId) -> u64 {
        let Members { bits, before, keys } = self.counted();
        let below = bits.words_from(member)[0] & ((1 << (member % 64)) - 1);
        let place = before[member as usize / 64] + below.count_ones();
        keys.get(place as usize).copied().unwrap_or_default()
    }

    /// Who is in a story.
    pub(super) fn members(&self) -> &Bits {
        &self.counted().bits
    }

    /// Whether to look at each of so few documents costs less than to count the members, which is yet to be done.
    pub(super) fn are_dear(&self, documents: u64) -> bool {
        documents < 64 && self.members.get().is_none()
    }

    /// Those of the documents that are in a story.
    pub(super) fn among<'d>(&self, docs: &'d [DocId]) -> impl Iterator<Item = DocId> + use<'_, 'd> {
        let members = self.members();
        docs.iter().copied().filter(|&doc| members.has(doc))
    }

    fn counted(&self) -> &Members {
        self.members.get_or_init(|| {
            let length = self.keys.num_docs();
            let mut bits = Bits::none(length);
            match &self.keys.index {
                ColumnIndex::Optional(docs) => bits.set(docs.iter_non_null_docs()),
                ColumnIndex::Full => bits.set(0..length),
                // a document has one key at most
                ColumnIndex::Empty { .. } | ColumnIndex::Multivalued(_) => {}
            }
            let mut sum = 0;
            let so_far = |word: &u64| {
                sum += word.count_ones();
                sum - word.count_ones()
            };
            let before = bits.words_from(0).iter().map(so_far).collect();
            let mut keys = vec![0; self.keys.values.num_vals() as usize];
            self.keys.values.get_range(0, &mut keys);
            Members { bits, before, keys }
        })
    }
}
