//! Weighing the documents of one word, a block of its postings at a time.

use tantivy::postings::TermInfo;
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, Searcher, SegmentReader};

/// Of a longer list tantivy looks at fewer blocks: it passes over those that hold nothing better without unpacking them,
/// which only it can.
const LONGEST: u32 = 16_384;

/// A word that is weighed, and where it stands in each segment.
pub(super) struct Word<'q> {
    query: &'q TermQuery,
    weight: Bm25Weight,
    standing: Vec<Option<TermInfo>>,
}

impl<'q> Word<'q> {
    /// `None` where the query is anything else, or finds too much.
    pub(super) fn of(query: &'q dyn Query, searcher: &Searcher) -> tantivy::Result<Option<Word<'q>>> {
        let Some(query) = query.downcast_ref::<TermQuery>() else { return Ok(None) };
        let field = query.term().field();
        if !searcher.schema().get_field_entry(field).has_fieldnorms() {
            return Ok(None);
        }
        let readers = searcher.segment_readers().iter();
        let standing = readers.map(|reader| Ok(reader.inverted_index(field)?.get_term_info(query.term())?));
        let standing = standing.collect::<tantivy::Result<Vec<_>>>()?;
        let documents = standing.iter().flatten().map(|info| info.doc_freq).sum::<u32>();
        if documents > LONGEST {
            return Ok(None);
        }
        let all = searcher.total_num_docs()?;
        let length = searcher.total_num_tokens(field)? as Score / all as Score;
        let weight = Bm25Weight::for_one_term_without_explain(documents.into(), all, length);
        Ok(Some(Word { query, weight, standing }))
    }

    /// Gives those documents of a segment that weigh more than `passed`, with their scores; what is returned is passed
    /// from then on. A document may weigh `beyond` times the bound of its block.
    pub(super) fn weigh(
        &self,
        segment: u32,
        reader: &SegmentReader,
        beyond: Score,
        mut passed: Score,
        mut give: impl FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let field = self.query.term().field();
        let Some(info) = &self.standing[segment as usize] else { return Ok(()) };
        let lengths = reader.get_fieldnorms_reader(field)?;
        let inverted = reader.inverted_index(field)?;
        let mut postings = inverted.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        while !postings.docs().is_empty() {
            if postings.block_max_score(&lengths, &self.weight) * beyond > passed {
                for (&doc, &times) in postings.docs().iter().zip(postings.freqs()) {
                    let score = self.weight.score(lengths.fieldnorm_id(doc), times);
                    if score > passed {
                        passed = give(doc, score);
                    }
                }
            }
            postings.advance();
        }
        Ok(())
    }
}
