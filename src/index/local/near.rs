//! Words near each other: a tantivy query over positions, with distances counted as people count them.

use std::collections::BTreeMap;
use std::fmt;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Finds documents in which every part stands within a stretch that holds at most `gaps` words beside those of the
/// parts. A part is one term or several next to each other.
#[derive(Clone)]
pub(super) struct NearQuery {
    pub parts: Vec<Vec<Term>>,
    pub gaps: u32,
    /// Parts in the order given, not overlapping.
    pub ordered: bool,
}

impl fmt::Debug for NearQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = if self.ordered { "PRE" } else { "NEAR" };
        write!(f, "{operator}(gaps {}: {:?})", self.gaps, self.parts)
    }
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms: Vec<Term> = self.parts.iter().flatten().cloned().collect();
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } if !terms.is_empty() => {
                Some(Bm25Weight::for_terms(statistics_provider, &terms)?)
            }
            _ => None,
        };
        Ok(Box::new(NearWeight { query: self.clone(), bm25 }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for term in self.parts.iter().flatten() {
            visitor(term, true);
        }
    }
}

struct NearWeight {
    query: NearQuery,
    bm25: Option<Bm25Weight>,
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut lists = Vec::new();
        let mut terms: Vec<&Term> = Vec::new();
        let mut parts = Vec::new();
        for part in &self.query.parts {
            let mut places = Vec::new();
            for term in part {
                let place = match terms.iter().position(|known| *known == term) {
                    Some(place) => place,
                    None => {
                        let inverted = reader.inverted_index(term.field())?;
                        let Some(list) =
                            inverted.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?
                        else {
                            return Ok(Box::new(EmptyScorer));
                        };
                        terms.push(term);
                        lists.push(List { postings: list, positions: Vec::new(), wanted: 1 });
                        lists.len() - 1
                    }
                };
                places.push(place);
            }
            parts.push(places);
        }
        let mut equal: BTreeMap<&Vec<usize>, u32> = BTreeMap::new();
        for part in &parts {
            let count = equal.entry(part).or_default();
            *count += 1;
            for &list in part {
                lists[list].wanted = lists[list].wanted.max(*count);
            }
        }
        let Some(first) = terms.first() else { return Ok(Box::new(EmptyScorer)) };
        let norms = match reader.fieldnorms_readers().get_field(first.field())? {
            Some(norms) => norms,
            None => FieldNormReader::constant(reader.max_doc(), 1),
        };
        let bm25 = self.bm25.as_ref().map(|bm25| bm25.boost_by(boost));
        let order = rarest_first(&lists);
        let (gaps, ordered) = (self.query.gaps, self.query.ordered);
        let mut scorer = NearScorer { lists, order, parts, gaps, ordered, bm25, norms, doc: 0, found: 0 };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.doc() <= doc && scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("words near each other", score))
    }
}

struct List {
    postings: SegmentPostings,
    positions: Vec<u32>,
    /// How often the term must stand in a document: equal parts need as many places.
    wanted: u32,
}

fn rarest_first(lists: &[List]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|&list| lists[list].postings.size_hint());
    order
}

struct NearScorer {
    lists: Vec<List>,
    /// Lists from the rarest term to the most frequent.
    order: Vec<usize>,
    /// For each part the lists of its terms.
    parts: Vec<Vec<usize>>,
    gaps: u32,
    ordered: bool,
    bm25: Option<Bm25Weight>,
    norms: FieldNormReader,
    doc: DocId,
    /// How often the parts stand near each other in `doc`.
    found: u32,
}

impl NearScorer {
    /// Moves to the first document, from where the rarest list stands, in which the parts are near.
    fn settle(&mut self) {
        'candidates: loop {
            let mut candidate = self.lists[self.order[0]].postings.doc();
            if candidate == TERMINATED {
                self.doc = TERMINATED;
                return;
            }
            for at in 1..self.order.len() {
                let postings = &mut self.lists[self.order[at]].postings;
                let doc = if postings.doc() < candidate { postings.seek(candidate) } else { postings.doc() };
                if doc != candidate {
                    candidate = doc;
                    self.lists[self.order[0]].postings.seek(candidate);
                    continue 'candidates;
                }
            }
            if self.lists.iter().any(|list| list.postings.term_freq() < list.wanted) {
                self.lists[self.order[0]].postings.advance();
                continue;
            }
            for list in &mut self.lists {
                list.postings.positions(&mut list.positions);
            }
            let starts: Vec<Vec<u32>> = self.parts.iter().map(|part| self.starts(part)).collect();
            let lengths: Vec<u32> = self.parts.iter().map(|part| part.len() as u32).collect();
            self.found = occurrences(&starts, &lengths, self.gaps, self.ordered);
            if self.found > 0 {
                self.doc = candidate;
                return;
            }
            self.lists[self.order[0]].postings.advance();
        }
    }

    /// Where a part begins in the current candidate.
    fn starts(&self, part: &[usize]) -> Vec<u32> {
        let first = &self.lists[part[0]].positions;
        if part.len() == 1 {
            return first.clone();
        }
        let follows = |&start: &u32| {
            (1u32..)
                .zip(&part[1..])
                .all(|(offset, &list)| self.lists[list].positions.binary_search(&(start + offset)).is_ok())
        };
        first.iter().copied().filter(follows).collect()
    }
}

/// How many stretches hold every part with at most `gaps` words beside theirs; `starts` and `lengths` by part.
pub(super) fn occurrences(starts: &[Vec<u32>], lengths: &[u32], gaps: u32, ordered: bool) -> u32 {
    let widest = lengths.iter().sum::<u32>() + gaps;
    if ordered { in_order(starts, lengths, widest) } else { in_any_order(starts, lengths, widest) }
}

fn in_order(starts: &[Vec<u32>], lengths: &[u32], widest: u32) -> u32 {
    let mut next = vec![0; starts.len()];
    let mut found = 0;
    'first: for &begin in &starts[0] {
        let mut end = begin + lengths[0];
        for part in 1..starts.len() {
            while starts[part].get(next[part]).is_some_and(|&start| start < end) {
                next[part] += 1;
            }
            match starts[part].get(next[part]) {
                Some(&start) => end = start + lengths[part],
                None => break 'first,
            }
        }
        found += u32::from(end - begin <= widest);
    }
    found
}

/// A window slides over the occurrences of all parts; equal parts need as many occurrences.
fn in_any_order(starts: &[Vec<u32>], lengths: &[u32], widest: u32) -> u32 {
    // the same part asked for twice is one kind wanted twice
    let mut kinds: Vec<(usize, u32)> = Vec::new();
    for part in 0..starts.len() {
        match kinds
            .iter_mut()
            .find(|(kind, _)| starts[*kind] == starts[part] && lengths[*kind] == lengths[part])
        {
            Some((_, wanted)) => *wanted += 1,
            None => kinds.push((part, 1)),
        }
    }
    let mut places: Vec<(u32, usize)> = Vec::new();
    for (number, (kind, _)) in kinds.iter().enumerate() {
        places.extend(starts[*kind].iter().map(|&start| (start, number)));
    }
    places.sort_unstable();
    let mut held = vec![0u32; kinds.len()];
    let mut latest = vec![0u32; kinds.len()];
    let mut missing = kinds.len();
    let mut left = 0;
    let mut found = 0;
    for right in 0..places.len() {
        let (start, kind) = places[right];
        latest[kind] = start;
        held[kind] += 1;
        missing -= usize::from(held[kind] == kinds[kind].1);
        while missing == 0 {
            let ends = kinds.iter().zip(&latest).map(|((part, _), start)| start + lengths[*part]);
            let end = ends.max().unwrap_or(0);
            found += u32::from(end - places[left].0 <= widest);
            let leaving = places[left].1;
            missing += usize::from(held[leaving] == kinds[leaving].1);
            held[leaving] -= 1;
            left += 1;
        }
    }
    found
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.lists[self.order[0]].postings.advance();
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let rarest = &mut self.lists[self.order[0]].postings;
            if rarest.doc() < target {
                rarest.seek(target);
            }
            self.settle();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.lists[self.order[0]].postings.size_hint() / 4
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc);
        self.bm25.as_ref().map_or(1.0, |bm25| bm25.score(norm, self.found))
    }
}

#[cfg(test)]
mod tests {
    use super::occurrences;

    #[test]
    fn stretches_are_counted_by_the_words_between() {
        let near = |starts: &[&[u32]], lengths: &[u32], gaps, ordered| {
            let starts: Vec<Vec<u32>> = starts.iter().map(|starts| starts.to_vec()).collect();
            occurrences(&starts, lengths, gaps, ordered) > 0
        };
        assert!(near(&[&[3], &[5]], &[1, 1], 1, false));
        assert!(!near(&[&[3], &[5]], &[1, 1], 0, false));
        assert!(near(&[&[5], &[3]], &[1, 1], 1, false));
        assert!(!near(&[&[5], &[3]], &[1, 1], 1, true));
        assert!(near(&[&[1, 9], &[11, 20]], &[1, 1], 1, false));
        assert!(near(&[&[5], &[6]], &[3, 1], 0, false));
        assert!(near(&[&[0, 40], &[20, 42]], &[2, 1], 0, true));
        assert!(near(&[&[7, 8], &[7, 8]], &[1, 1], 0, false));
        assert!(!near(&[&[7], &[7]], &[1, 1], 9, false));
        assert!(near(&[&[1, 10], &[12], &[11]], &[1, 1, 1], 0, false));
    }
}
