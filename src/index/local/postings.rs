//! Which documents each term stands in, gathered document by document and turned round at once when a segment is written.
//!
//! A text is cut into words once, whatever fields it stands in, and a word is looked up once; its stem is that of its
//! number. All occurrences are then laid into lists: to keep a growing one for every term, as tantivy's own writer does,
//! costs some three times as much.

use super::lists::Lists;
use super::vocabulary::Vocabulary;
use super::write::number;
use crate::article::Span;
use crate::block::BLOCK;
use crate::document::Text;
use crate::terms::{self, Words};
use index_schema::{FIELDS, Kind};
use std::ops::Range;
use std::sync::Arc;
use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::tokenizer::MAX_TOKEN_LEN;

/// Texts that are remembered with their words: an article's title and body, a statement's words.
const RECENT: usize = 4;

/// Words that there is room for from the start, as many as a segment has: a list that grows is copied again and again,
/// and what is not used yet takes no memory.
const ROOM: usize = 20 << 20;

/// The terms of documents, in the order these were added.
pub(super) struct Postings {
    words: Vocabulary,
    /// Names and codes, whole.
    wholes: Vocabulary,
    /// The words of all texts, one text behind the other.
    texts: Vec<u32>,
    /// The texts met last with where they stand in `texts`, the last one first.
    recent: Vec<(Text, Range<usize>)>,
    /// The last one of which others may be stretches.
    body: Option<Body>,
    folded: String,
    /// The words of a text that is being cut; 0 for one that was looked up at once.
    waiting: Vec<u128>,
    /// By field: the texts that stand in it, each by its words in `texts`.
    standing: Vec<Vec<Standing<Range<u32>>>>,
    /// By field: the names that stand in it, each by its number.
    naming: Vec<Vec<Standing<u32>>>,
    /// By field: the name met last, with its number. An article's statements share what is the article's.
    last: Vec<Option<(Text, u32)>>,
}

/// A text with its words: those of a stretch of it are among them.
struct Body {
    text: Arc<str>,
    /// Where its words stand in `texts`.
    start: usize,
    /// Where each word stands, with what belongs to it behind it.
    words: Vec<Range<u32>>,
}

/// What stands in documents that follow each other: an article's title and names stand in all its statements too.
#[derive(PartialEq)]
struct Standing<T> {
    documents: Range<DocId>,
    what: T,
}

impl<T: PartialEq> Standing<T> {
    /// Adds what stands in a document to all that stands in a field.
    fn add(what: T, document: DocId, all: &mut Vec<Standing<T>>) {
        match all.last_mut() {
            Some(last) if last.what == what && last.documents.end == document => last.documents.end += 1,
            _ => all.push(Standing { documents: document..document + 1, what }),
        }
    }
}

impl Postings {
    pub(super) fn new() -> Postings {
        Postings {
            words: Vocabulary::default(),
            wholes: Vocabulary::default(),
            texts: Vec::with_capacity(ROOM),
            recent: Vec::new(),
            body: None,
            folded: String::new(),
            waiting: Vec::new(),
            standing: FIELDS.iter().map(|_| Vec::new()).collect(),
            naming: FIELDS.iter().map(|_| Vec::new()).collect(),
            last: vec![None; FIELDS.len()],
        }
    }

    /// Adds a text, word by word; how many words it has. Documents come in order.
    pub(super) fn add_text(&mut self, document: DocId, field: usize, text: &Text) -> u32 {
        let words = self.words(text);
        let words = words.start as u32..words.end as u32;
        let length = words.end - words.start;
        Standing::add(words, document, &mut self.standing[field]);
        length
    }

    /// Adds a name, whole. Documents come in order.
    pub(super) fn add_whole(&mut self, document: DocId, field: usize, name: &Text) {
        let number = match &self.last[field] {
            Some((last, number)) if last.is(name) => *number,
            _ => {
                let number = self.wholes.number(name);
                self.last[field] = Some((name.clone(), number));
                number
            }
        };
        Standing::add(number, document, &mut self.naming[field]);
    }

    /// The names of a field, each with documents that follow each other and have it; in the order of these.
    pub(super) fn names(&self, field: usize) -> impl Iterator<Item = (Range<DocId>, &str)> {
        let names = self.naming[field].iter();
        names.map(|naming| (naming.documents.clone(), self.wholes.string(naming.what)))
    }

    /// Where the text's words stand in `texts`.
    fn words(&mut self, text: &Text) -> Range<usize> {
        if let Some(place) = self.recent.iter().position(|(other, _)| other.is(text)) {
            self.recent[..=place].rotate_right(1);
            return self.recent[0].1.clone();
        }
        let start = self.texts.len();
        if text.len() == text.whole().len() {
            let mut words = self.body.take().map(|body| body.words).unwrap_or_default();
            words.clear();
            self.cut(text, Some(&mut words));
            self.body = Some(Body { text: Arc::clone(text.whole()), start, words });
        } else {
            let known = self.take_from_body(text);
            self.cut(&text[known..], None);
        }
        self.recent.truncate(RECENT - 1);
        self.recent.insert(0, (text.clone(), start..self.texts.len()));
        start..self.texts.len()
    }

    /// Cuts a text into words and looks each up; where they stand is added to `places`. All are cut first: looked up one
    /// right behind the other, one need not wait for the memory that another waits for.
    fn cut(&mut self, text: &str, mut places: Option<&mut Vec<Range<u32>>>) {
        let start = self.texts.len();
        let mut words = Words::new(text);
        while let Some((span, packed)) = words.next_packed(&mut self.folded) {
            // no packed word is nothing
            self.waiting.push(packed.unwrap_or(0));
            self.texts.push(if packed.is_none() { self.words.number(&self.folded) } else { 0 });
            if let Some(places) = &mut places {
                places.push(span.start as u32..words.at() as u32);
            }
        }
        for (place, word) in self.texts[start..].iter_mut().zip(self.waiting.drain(..)) {
            if word != 0 {
                *place = self.words.number_of_packed(word);
            }
        }
    }

    /// Takes the first words of a stretch of the body from those of the body; up to where they reach.
    fn take_from_body(&mut self, text: &Text) -> usize {
        let Some(body) = self.body.as_ref().filter(|body| Arc::ptr_eq(&body.text, text.whole())) else {
            return 0;
        };
        let Span { start, end } = text.span();
        let (start, end) = (start as u32, end as u32);
        let first = body.words.partition_point(|word| word.start < start);
        let begins_within = first > 0 && body.words[first - 1].end > start;
        // How far a word reaches is told by a few bytes behind it, which the stretch may not have.
        let last = body.words.partition_point(|word| word.start + BLOCK as u32 <= end).saturating_sub(1);
        if begins_within || last <= first {
            return 0;
        }
        self.texts.extend_from_within(body.start + first..body.start + last);
        (body.words[last].start - start) as usize
    }

    /// About the bytes it takes once it is turned round.
    pub(super) fn memory(&self) -> usize {
        let standing: usize = self.standing.iter().map(Vec::len).sum();
        let naming: usize = self.naming.iter().map(Vec::len).sum();
        self.texts.len() * 12 + standing * 16 + naming * 12 + self.words.memory() + self.wholes.memory()
    }

    /// Writes all terms with their documents; `lengths` are those of the fields that have any.
    pub(super) fn write(
        self,
        lengths: &FieldNormReaders,
        mut serializer: InvertedIndexSerializer,
    ) -> tantivy::Result<()> {
        let mut stems = Vocabulary::default();
        let stem_of: Vec<u32> = (0..self.words.len() as u32)
            .map(|word| stems.number(&terms::stem(self.words.string(word))))
            .collect();
        let (words_sorted, stems_sorted) = (self.words.sorted(), stems.sorted());
        let wholes_sorted = self.wholes.sorted();
        let mut words_of = Lists::default();
        words_of.lay_counts(stems.len(), || {
            stem_of.iter().zip(0..).map(|(stem, word)| (word..word + 1, std::iter::once(*stem)))
        });
        let mut places = Lists::default();
        let mut laid: Option<&[Standing<Range<u32>>]> = None;
        let mut lists = Lists::default();
        for (place, spec) in FIELDS.iter().enumerate() {
            let standing = &self.standing[place];
            let is_term = |naming: &&Standing<u32>| self.wholes.string(naming.what).len() <= MAX_TOKEN_LEN;
            let naming = || self.naming[place].iter().filter(is_term);
            let all =
                standing.iter().map(|standing| standing.documents.len() * standing.what.len()).sum::<usize>()
                    + naming().map(|naming| naming.documents.len()).sum::<usize>();
            if all == 0 {
                continue;
            }
            let texts = || standing.iter().map(|standing| self.text(standing));
            let field = number(spec.field);
            let mut serializer = serializer.new_field(field, all as u64, lengths.get_field(field)?)?;
            match spec.kind {
                Kind::Words => {
                    places.lay_places(self.words.len(), texts);
                    laid = Some(standing);
                    places.write_places(&self.words, &words_sorted, &mut serializer)?;
                }
                Kind::Stems => {
                    let beyond = laid.and_then(|laid| beyond(standing, laid));
                    let shared = beyond.is_some().then_some((&words_of, &places));
                    let rest = beyond.unwrap_or_else(|| standing.iter().collect());
                    lists.lay_counts(stems.len(), || {
                        rest.iter().map(|standing| {
                            let (documents, words) = self.text(standing);
                            (documents, words.map(|word| stem_of[word as usize]))
                        })
                    });
                    lists.write_counts(shared, &stems, &stems_sorted, &mut serializer)?;
                }
                Kind::Names => {
                    lists.lay_counts(self.words.len(), texts);
                    lists.write_documents(&self.words, &words_sorted, &mut serializer)?;
                }
                Kind::Keyword => {
                    lists.lay_counts(self.wholes.len(), || {
                        naming().map(|naming| (naming.documents.clone(), std::iter::once(naming.what)))
                    });
                    lists.write_documents(&self.wholes, &wholes_sorted, &mut serializer)?;
                }
                Kind::Id | Kind::Day | Kind::Stored => {}
            }
            serializer.close()?;
        }
        serializer.close()?;
        Ok(())
    }

    /// The documents and the words of a text.
    fn text(&self, standing: &Standing<Range<u32>>) -> (Range<DocId>, impl Iterator<Item = u32> + Clone) {
        let Range { start, end } = standing.what;
        (standing.documents.clone(), self.texts[start as usize..end as usize].iter().copied())
    }
}

/// What stands there beside all of `laid`; `None` where something of that does not stand there.
fn beyond<'s, T: PartialEq>(
    standing: &'s [Standing<T>],
    mut laid: &[Standing<T>],
) -> Option<Vec<&'s Standing<T>>> {
    let mut beyond = Vec::new();
    for text in standing {
        match laid.split_first() {
            Some((first, others)) if first == text => laid = others,
            _ => beyond.push(text),
        }
    }
    laid.is_empty().then_some(beyond)
}

#[cfg(test)]
mod tests {
    use super::Postings;
    use crate::article::Span;
    use crate::document::Text;
    use proptest::prelude::*;

    fn words(postings: &mut Postings, text: Text) -> Vec<String> {
        let numbers = postings.words(&text);
        postings.texts[numbers].iter().map(|&number| postings.words.string(number).to_owned()).collect()
    }

    proptest! {
        #[test]
        fn a_stretch_of_a_body_has_the_words_that_it_would_have_alone(
            pieces in proptest::collection::vec(
                "[A-Za-z0-9]{1,18}|['’.,é٣-]{1,2}|U\\.S\\.|'s|[ ]{1,3}| [a-z]{1,6} [a-z]{1,6} ", 1..40,
            ),
            cuts in proptest::collection::vec((0usize..400, 0usize..400), 1..8),
        ) {
            let body = Text::from(pieces.concat());
            let border = |at: usize| (0..=at.min(body.len())).rev().find(|&at| body.is_char_boundary(at)).unwrap();
            let (mut stretches, mut alone) = (Postings::new(), Postings::new());
            stretches.words(&body);
            for (one, other) in cuts {
                let span = Span::new(border(one.min(other)), border(one.max(other)));
                let part = words(&mut stretches, body.part(span.start..span.end));
                prop_assert_eq!(part, words(&mut alone, span.of(&body).into()), "{:?} of {:?}", span, body);
            }
        }
    }
}
