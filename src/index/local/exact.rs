//! Scores that are the same however documents lie in segments, and bounds that hold in each of them.

use std::collections::BTreeSet;
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, ConstScoreQuery, EnableScoring, Occur, Query, Scorer,
};
use tantivy::{DocId, Score, Searcher, SegmentReader};

/// How many scores are added up for a document at most.
pub(super) fn added(query: &dyn Query) -> u32 {
    match query.downcast_ref::<BooleanQuery>() {
        Some(several) => {
            let scored = several.clauses().iter().filter(|(occur, _)| *occur != Occur::MustNot);
            scored.map(|(_, clause)| added(&**clause)).sum()
        }
        None => u32::from(!query.is::<ConstScoreQuery>()),
    }
}

/// How many times greater a score can be than the bound that a segment has for it, at most.
///
/// Of a block of postings the segment keeps the length and the frequency that weigh most by its own mean length; by that
/// of all segments others may weigh more.
pub(super) fn beyond_bounds(
    query: &dyn Query,
    searcher: &Searcher,
    reader: &SegmentReader,
) -> tantivy::Result<Score> {
    let mut fields = BTreeSet::new();
    if searcher.segment_readers().len() > 1 {
        query.query_terms(&mut |term, _| _ = fields.insert(term.field()));
    }
    let mut most: Score = 1.0;
    for field in fields {
        let own = reader.inverted_index(field)?.total_num_tokens() as Score / reader.max_doc() as Score;
        let all = searcher.total_num_tokens(field)? as Score / searcher.total_num_docs()? as Score;
        if own > 0.0 && all > 0.0 {
            most = most.max(own / all).max(all / own);
        }
    }
    // a hair more for what was rounded on the way
    Ok(if most > 1.0 { most * 1.000_01 } else { most })
}

/// Adds up scores of one segment again, in the order of the query.
///
/// tantivy adds them in the order in which postings lie and end, which is another in each segment: of three and more the
/// sums differ in their last bits.
pub(super) struct Exact {
    query: Box<dyn Query>,
    searcher: Searcher,
    segment: u32,
    /// Opened when first needed.
    parts: Option<Part>,
}

/// A part of a query, ready to be asked for rising documents.
enum Part {
    One(Box<dyn Scorer>),
    All { parts: Vec<Part>, none: Vec<Part> },
    Any(Vec<Part>),
}

impl Exact {
    pub(super) fn new(query: &dyn Query, searcher: &Searcher, segment: u32) -> Exact {
        Exact { query: query.box_clone(), searcher: searcher.clone(), segment, parts: None }
    }

    /// The score of a document that the query finds; documents are asked for in their order.
    pub(super) fn score(&mut self, doc: DocId) -> Option<Score> {
        let parts = match &mut self.parts {
            Some(parts) => parts,
            None => self.parts.insert(open(&*self.query, &self.searcher, self.segment).ok()?),
        };
        Some(parts.score(doc)? as Score)
    }
}

fn open(query: &dyn Query, searcher: &Searcher, segment: u32) -> tantivy::Result<Part> {
    let clauses = query.downcast_ref().map(BooleanQuery::clauses).unwrap_or_default();
    let those = |occur: Occur| -> tantivy::Result<Vec<Part>> {
        let those = clauses.iter().filter(|clause| clause.0 == occur);
        those.map(|(_, clause)| open(&**clause, searcher, segment)).collect()
    };
    let any = those(Occur::Should)?;
    Ok(match those(Occur::Must)? {
        parts if any.is_empty() && !parts.is_empty() => Part::All { parts, none: those(Occur::MustNot)? },
        parts if parts.is_empty() && any.len() == clauses.len() && !any.is_empty() => Part::Any(any),
        _ => {
            let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
            Part::One(weight.scorer(searcher.segment_reader(segment), 1.0)?)
        }
    })
}

impl Part {
    /// `None` where it does not find the document. Scores have 24 bits, so that in 53 none is lost.
    fn score(&mut self, doc: DocId) -> Option<f64> {
        match self {
            Part::One(scorer) => {
                let at = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
                (at == doc).then(|| scorer.score().into())
            }
            Part::All { parts, none } => {
                let excluded = none.iter_mut().any(|part| part.score(doc).is_some());
                let sum = parts.iter_mut().map(|part| part.score(doc)).sum::<Option<f64>>();
                sum.filter(|_| !excluded)
            }
            Part::Any(parts) => {
                let found = parts.iter_mut().filter_map(|part| part.score(doc));
                found.reduce(|sum, score| sum + score)
            }
        }
    }
}
