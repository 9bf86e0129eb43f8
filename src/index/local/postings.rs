//! Which documents each term stands in, gathered document by document and turned round at once when a segment is written.
//!
//! A text is cut into words once, whatever fields it stands in, and a word is looked up once; its stem is that of its
//! number. All occurrences are then laid into place in two passes, as one sorts by counting: to keep a growing list for
//! every term, as tantivy's own writer does, costs some three times as much.

use super::vocabulary::Vocabulary;
use super::write::number;
use crate::terms::{Stems, Words};
use index_schema::{FIELDS, Kind};
use std::io;
use std::ops::Range;
use std::slice::from_ref;
use std::sync::Arc;
use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::tokenizer::MAX_TOKEN_LEN;

/// Texts that are remembered with their words: an article's title and body, a statement's words.
const RECENT: usize = 4;

/// The terms of documents, in the order these were added.
pub(super) struct Postings {
    words: Vocabulary,
    /// Names and codes, whole.
    wholes: Vocabulary,
    /// The words of all texts, one text behind the other.
    texts: Vec<u32>,
    /// The texts met last with where they stand in `texts`, the last one first.
    recent: Vec<(Arc<str>, Range<usize>)>,
    folded: String,
    /// By field: the texts that stand in it.
    standing: Vec<Vec<Standing>>,
    /// By field: the names that stand in it.
    naming: Vec<Vec<(DocId, u32)>>,
    /// By field: the name met last, with its number. An article's statements share what is the article's.
    last: Vec<Option<(Arc<str>, u32)>>,
}

/// A text that stands in a document.
struct Standing {
    document: DocId,
    /// Its words in `texts`.
    words: Range<u32>,
}

impl Postings {
    pub(super) fn new() -> Postings {
        Postings {
            words: Vocabulary::default(),
            wholes: Vocabulary::default(),
            texts: Vec::new(),
            recent: Vec::new(),
            folded: String::new(),
            standing: FIELDS.iter().map(|_| Vec::new()).collect(),
            naming: FIELDS.iter().map(|_| Vec::new()).collect(),
            last: vec![None; FIELDS.len()],
        }
    }

    /// Adds a text, word by word; how many words it has. Documents come in order.
    pub(super) fn add_text(&mut self, document: DocId, field: usize, text: &Arc<str>) -> u32 {
        let words = self.words(text);
        let words = words.start as u32..words.end as u32;
        self.standing[field].push(Standing { document, words: words.clone() });
        words.end - words.start
    }

    /// Adds a name, whole. Documents come in order.
    pub(super) fn add_whole(&mut self, document: DocId, field: usize, name: &Arc<str>) {
        if name.len() > MAX_TOKEN_LEN {
            return;
        }
        let number = match &self.last[field] {
            Some((last, number)) if Arc::ptr_eq(last, name) => *number,
            _ => {
                let number = self.wholes.number(name);
                self.last[field] = Some((Arc::clone(name), number));
                number
            }
        };
        self.naming[field].push((document, number));
    }

    /// Where the text's words stand in `texts`.
    fn words(&mut self, text: &Arc<str>) -> Range<usize> {
        if let Some(place) = self.recent.iter().position(|(other, _)| Arc::ptr_eq(other, text)) {
            self.recent[..=place].rotate_right(1);
            return self.recent[0].1.clone();
        }
        let start = self.texts.len();
        let mut words = Words::new(text);
        while let Some((_, packed)) = words.next_packed(&mut self.folded) {
            self.texts.push(match packed {
                Some(word) => self.words.number_of_short(word),
                None => self.words.number(&self.folded),
            });
        }
        self.recent.truncate(RECENT - 1);
        self.recent.insert(0, (Arc::clone(text), start..self.texts.len()));
        start..self.texts.len()
    }

    /// About the bytes it takes once it is turned round.
    pub(super) fn memory(&self) -> usize {
        let standing: usize = self.standing.iter().map(Vec::len).sum();
        let naming: usize = self.naming.iter().map(Vec::len).sum();
        self.texts.len() * 12 + standing * 12 + naming * 8 + self.words.memory() + self.wholes.memory()
    }

    /// Writes all terms with their documents; `lengths` are those of the fields that have any.
    pub(super) fn write(
        mut self,
        lengths: &FieldNormReaders,
        mut serializer: InvertedIndexSerializer,
    ) -> tantivy::Result<()> {
        let (mut stems, mut stemmer) = (Vocabulary::default(), Stems::new());
        let stem_of: Vec<u32> = (0..self.words.len() as u32)
            .map(|word| {
                self.folded.clear();
                self.folded.push_str(self.words.string(word));
                stemmer.stem(&mut self.folded);
                stems.number(&self.folded)
            })
            .collect();
        let (words_sorted, stems_sorted) = (self.words.sorted(), stems.sorted());
        let wholes_sorted = self.wholes.sorted();
        for (place, spec) in FIELDS.iter().enumerate() {
            let (standing, naming) = (&self.standing[place], &self.naming[place]);
            let texts = || standing.iter().map(|standing| (standing.document, self.text(&standing.words)));
            let occurrences: u64 = texts().map(|(_, text)| text.len() as u64).sum();
            let all = occurrences + naming.len() as u64;
            if all == 0 {
                continue;
            }
            let field = number(spec.field);
            let mut serializer = serializer.new_field(field, all, lengths.get_field(field)?)?;
            match spec.kind {
                Kind::Words => {
                    let lists = Lists::of_places(self.words.len(), texts);
                    lists.write_places(&self.words, &words_sorted, &mut serializer)?;
                }
                Kind::Stems => {
                    let lists = Lists::of_counts(stems.len(), |word| stem_of[word as usize], texts);
                    lists.write_counts(&stems, &stems_sorted, &mut serializer)?;
                }
                Kind::Names => {
                    let lists = Lists::of_counts(self.words.len(), |word| word, texts);
                    lists.write_documents(&self.words, &words_sorted, &mut serializer)?;
                }
                Kind::Keyword => {
                    let names = || naming.iter().map(|(document, name)| (*document, from_ref(name)));
                    let lists = Lists::of_counts(self.wholes.len(), |name| name, names);
                    lists.write_documents(&self.wholes, &wholes_sorted, &mut serializer)?;
                }
                Kind::Id | Kind::Day | Kind::Stored => {}
            }
            serializer.close()?;
        }
        serializer.close()?;
        Ok(())
    }

    fn text(&self, words: &Range<u32>) -> &[u32] {
        &self.texts[words.start as usize..words.end as usize]
    }
}

/// For each term its documents in order, with a position or how often it stands there.
struct Lists {
    /// Where the list of each term ends.
    ends: Vec<u32>,
    all: Vec<(DocId, u32)>,
}

impl Lists {
    /// With each position, of texts by document.
    fn of_places<'t, T: Iterator<Item = (DocId, &'t [u32])>>(terms: usize, texts: impl Fn() -> T) -> Lists {
        let mut ends = vec![0; terms];
        texts().for_each(|(_, text)| text.iter().for_each(|&term| ends[term as usize] += 1));
        let mut lists = Lists::starting(ends);
        let (mut last, mut position) = (None, 0);
        for (document, text) in texts() {
            if last != Some(document) {
                (last, position) = (Some(document), 0);
            }
            for &term in text {
                let end = &mut lists.ends[term as usize];
                lists.all[*end as usize] = (document, position);
                *end += 1;
                position += 1;
            }
            // no phrase reaches from one value into the next
            position += 1;
        }
        lists
    }

    /// With how often a term stands in a document: `term_of` is that of a word of the texts.
    fn of_counts<'t, T: Iterator<Item = (DocId, &'t [u32])>>(
        terms: usize,
        term_of: impl Fn(u32) -> u32,
        texts: impl Fn() -> T,
    ) -> Lists {
        let mut ends = vec![0; terms];
        let mut last = vec![DocId::MAX; terms];
        for (document, text) in texts() {
            for &word in text {
                let term = term_of(word) as usize;
                if std::mem::replace(&mut last[term], document) != document {
                    ends[term] += 1;
                }
            }
        }
        let mut lists = Lists::starting(ends);
        last.fill(DocId::MAX);
        for (document, text) in texts() {
            for &word in text {
                let term = term_of(word) as usize;
                let end = &mut lists.ends[term];
                if std::mem::replace(&mut last[term], document) != document {
                    lists.all[*end as usize] = (document, 0);
                    *end += 1;
                }
                lists.all[*end as usize - 1].1 += 1;
            }
        }
        lists
    }

    /// Lists of these lengths, all still to be filled: each ends where it begins.
    fn starting(mut lengths: Vec<u32>) -> Lists {
        let mut all = 0;
        for length in &mut lengths {
            let start = all;
            all += *length;
            *length = start;
        }
        Lists { ends: lengths, all: vec![(0, 0); all as usize] }
    }

    fn list(&self, term: u32) -> &[(DocId, u32)] {
        let term = term as usize;
        let start = term.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..self.ends[term] as usize]
    }

    /// The terms that stand anywhere, in order, with their lists.
    fn each<'l>(
        &'l self,
        terms: &'l Vocabulary,
        sorted: &'l [u32],
    ) -> impl Iterator<Item = (&'l [u8], &'l [(DocId, u32)])> {
        let all = sorted.iter().map(|&term| (terms.string(term).as_bytes(), self.list(term)));
        all.filter(|(_, list)| !list.is_empty())
    }

    fn write_places(&self, terms: &Vocabulary, sorted: &[u32], to: &mut FieldSerializer) -> io::Result<()> {
        let mut steps = Vec::new();
        for (term, list) in self.each(terms, sorted) {
            let documents = || list.chunk_by(|ours, theirs| ours.0 == theirs.0);
            to.new_term(term, documents().count() as u32, true)?;
            for places in documents() {
                steps.clear();
                let mut before = 0;
                for &(_, place) in places {
                    steps.push(place - before);
                    before = place;
                }
                to.write_doc(places[0].0, steps.len() as u32, &steps);
            }
            to.close_term()?;
        }
        Ok(())
    }

    fn write_counts(&self, terms: &Vocabulary, sorted: &[u32], to: &mut FieldSerializer) -> io::Result<()> {
        for (term, list) in self.each(terms, sorted) {
            to.new_term(term, list.len() as u32, true)?;
            list.iter().for_each(|&(document, count)| to.write_doc(document, count, &[]));
            to.close_term()?;
        }
        Ok(())
    }

    fn write_documents(
        &self,
        terms: &Vocabulary,
        sorted: &[u32],
        to: &mut FieldSerializer,
    ) -> io::Result<()> {
        for (term, list) in self.each(terms, sorted) {
            to.new_term_without_freq(term)?;
            list.iter().for_each(|&(document, _)| to.write_doc(document, 0, &[]));
            to.close_term()?;
        }
        Ok(())
    }
}
