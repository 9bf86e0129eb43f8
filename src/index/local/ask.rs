//! Asking a local index: hits in order, exact counts, facets, documents by id.

use super::columns::Columns;
use super::count::{self, Apart, Sum, Summing};
use super::kept::{self, Held};
use super::plain::plain;
use super::ranked::{Best, Ranked, Ranking, Visits};
use super::tally::{Tally, Tuples};
use super::write::{LocalIndex, number};
use crate::answer::{By, Cross, Distinct, Facet, Order, OwnFilters, Totals};
use crate::document::Document;
use crate::index::counts::{self, Counted, Told, column, kept_order};
use crate::index::{BATCH, Found, IndexError, speakers};
use crate::query::aliases::Aliases;
use crate::query::{Matching, Query};
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::collector::{Count, DocSetCollector};
use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, ReloadPolicy, Searcher};

/// Blocks of a store that stay unpacked, of each segment: as many as tantivy keeps.
const UNPACKED_BLOCKS: usize = 100;

/// One commit of a local index, open for questions; what is written later is not seen.
pub struct LocalReader {
    dir: PathBuf,
    searcher: Searcher,
    /// What is stored, by segment; tantivy's searcher would copy it byte by byte.
    stores: Vec<StoreReader>,
    pub(in crate::index) aliases: Aliases,
    columns: Columns,
    /// The article read last, and where it is.
    article: Mutex<Option<(DocAddress, Arc<Held>)>>,
}

/// A document found, with its score; its words are read when asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Place(Ranked);

impl Place {
    pub fn score(&self) -> f32 {
        self.0.score
    }
}

impl LocalIndex {
    /// Opens the last commit for questions.
    pub fn reader(&self) -> Result<LocalReader, IndexError> {
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: tantivy::IndexReader = reader.map_err(|cause| cannot_ask(self.dir(), cause))?;
        let aliases = speakers::read(self.dir())?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers();
        let stores = segments.iter().map(|segment| segment.get_store_reader(UNPACKED_BLOCKS));
        let stores =
            stores.collect::<io::Result<_>>().map_err(|cause| cannot_ask(self.dir(), cause.into()))?;
        Ok(LocalReader {
            dir: self.dir().to_path_buf(),
            columns: Columns::new(segments.len()),
            stores,
            searcher,
            aliases,
            article: Mutex::default(),
        })
    }
}

impl LocalReader {
    /// Opens the last commit of the index in `dir` for questions; nothing is read ahead of what they need.
    pub fn open(dir: &Path) -> Result<LocalReader, IndexError> {
        LocalIndex::open_scattered(dir)?.reader()
    }
}

fn cannot_ask(dir: &Path, cause: tantivy::TantivyError) -> IndexError {
    IndexError::new(format!("cannot ask the index in `{}`", dir.display()), plain(cause))
        .with_hint("`onrecord check` looks for damage")
}

impl LocalReader {
    /// How many documents the query finds, or of how many articles, each story once or not.
    pub fn count(&self, query: &Query, distinct: Distinct) -> Result<u64, IndexError> {
        let run = || -> tantivy::Result<u64> {
            let ours = self.translated(query)?;
            Ok(match distinct {
                Distinct::Document => self.searcher.search(&*ours, &Count)? as u64,
                Distinct::Story => {
                    count::sums(&self.searcher, &self.columns, &*ours, distinct, Apart::Nothing)?[0]
                        .of(distinct)
                }
                Distinct::Article => self.values_among(&*ours, Field::Article)?.len() as u64,
            })
        };
        run().map_err(|cause| self.failed(cause))
    }

    /// How many articles and statements the query finds, each story once or not.
    pub fn totals(&self, query: &Query, distinct: Distinct) -> Result<Totals, IndexError> {
        let run = || -> tantivy::Result<Totals> {
            let ours = self.translated(query)?;
            let sums = count::sums(&self.searcher, &self.columns, &*ours, distinct, Apart::Articles)?;
            self.totals_of(&*ours, sums, distinct)
        };
        run().map_err(|cause| self.failed(cause))
    }

    fn totals_of(
        &self,
        ours: &dyn tantivy::query::Query,
        [all, articles]: [Sum; 2],
        distinct: Distinct,
    ) -> tantivy::Result<Totals> {
        let of_articles = match distinct {
            Distinct::Article => Some(self.values_among(ours, Field::Article)?.len() as u64),
            Distinct::Document | Distinct::Story => None,
        };
        let (documents, all, articles) =
            (all.of(Distinct::Document), all.of(distinct), articles.of(distinct));
        Ok(Totals { articles, statements: all - articles, versions: documents - all, of_articles })
    }

    /// Gives how many the query finds, with the documents of these ranks, whole and in order, in batches.
    pub fn answer(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Totals, Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        let answered = self.counted_firsts(query, order, distinct, ranks.end);
        let (totals, firsts) = answered.map_err(|cause| self.failed(cause))?;
        let (mut given, mut counted) = (false, Ok(()));
        self.documents(&firsts, ranks, &mut |mut found| {
            if distinct == Distinct::Story {
                counted = self.count_versions(query, &mut found);
            }
            given = true;
            counted.is_ok() && give(totals, found)
        })?;
        if !given {
            give(totals, Vec::new());
        }
        counted
    }

    /// How many the query finds, and the first of them: in one pass where each has to be looked at for either.
    fn counted_firsts(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        limit: usize,
    ) -> tantivy::Result<(Totals, Vec<Place>)> {
        let ours = self.translated(query)?;
        let ranking = Ranking::new(kept_order(order, query), &self.columns, &self.searcher)?;
        let (sums, taken) = if limit == 0 || ranking.passes_over(&*ours) {
            (count::sums(&self.searcher, &self.columns, &*ours, distinct, Apart::Articles)?, None)
        } else {
            // more than are wanted: some repeat another
            let taken = self.at_most(limit.saturating_add(limit / 2));
            let summing = Summing { columns: &self.columns, distinct };
            let both = (Best::new(ranking, &*ours, taken, Visits::All), summing);
            let (found, sums) = self.searcher.search(&*ours, &both)?;
            (sums, Some(found))
        };
        let totals = self.totals_of(&*ours, sums, distinct)?;
        let limit = if totals.all() == 0 { 0 } else { limit };
        Ok((totals, self.firsts(&*ours, ranking, distinct, limit, taken)?))
    }

    /// Counts the versions of each document found: most have none.
    fn count_versions(&self, query: &Query, found: &mut [Found]) -> Result<(), IndexError> {
        let stories = found.iter().filter_map(|found| found.document.first(Field::Story));
        let among = Query::any(stories.map(|story| Query::value(Field::Story, story)));
        if among == Query::any([]) {
            return Ok(());
        }
        let by = [By { field: Field::Story, unit: None }];
        let among = Query::all([query.clone(), among]);
        let counted = self.facets(&among, &by, OwnFilters::Kept, Distinct::Document)?.into_iter();
        let counts: BTreeMap<String, u64> =
            counted.flat_map(|facet| facet.values).map(|story| (story.value, story.count)).collect();
        for Found { document, more, .. } in found {
            let count = document.first(Field::Story).and_then(|story| counts.get(story));
            *more = count.map_or(0, |count| count.saturating_sub(1));
        }
        Ok(())
    }

    /// Gives the documents of these ranks, whole and in order, in batches.
    pub fn found(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        let places = self.places(query, order, distinct, ranks.end)?;
        self.documents(&places, ranks, give)
    }

    fn documents(
        &self,
        places: &[Place],
        ranks: Range<usize>,
        give: &mut dyn FnMut(Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        let wanted = places.get(ranks.start..).unwrap_or_default();
        for batch in wanted.chunks(BATCH) {
            let found = batch
                .iter()
                .map(|place| Ok(Found { document: self.document(place)?, score: place.score(), more: 0 }));
            if !give(found.collect::<Result<_, IndexError>>()?) {
                break;
            }
        }
        Ok(())
    }

    /// The first `limit` documents in the order asked for; the first of them stands for all that count as one.
    pub fn places(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        limit: usize,
    ) -> Result<Vec<Place>, IndexError> {
        let run = || -> tantivy::Result<Vec<Place>> {
            let ours = self.translated(query)?;
            let ranking = Ranking::new(kept_order(order, query), &self.columns, &self.searcher)?;
            self.firsts(&*ours, ranking, distinct, limit, None)
        };
        run().map_err(|cause| self.failed(cause))
    }

    fn at_most(&self, limit: usize) -> usize {
        limit.min(usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX))
    }

    /// Few documents repeat another, so that a few more are taken than are wanted, and many more only where too few are
    /// left. `found` are the first, where they have been taken already.
    fn firsts(
        &self,
        ours: &dyn tantivy::query::Query,
        ranking: Ranking,
        distinct: Distinct,
        limit: usize,
        mut found: Option<Vec<Ranked>>,
    ) -> tantivy::Result<Vec<Place>> {
        let (limit, all) = (self.at_most(limit), self.at_most(usize::MAX));
        if limit == 0 {
            return Ok(Vec::new());
        }
        let first = match distinct {
            Distinct::Document => limit,
            Distinct::Story | Distinct::Article => self.at_most(limit.saturating_add(limit / 4)),
        };
        let mut taken = found.as_ref().map_or(first, |found| limit.max(found.len()));
        loop {
            let found = match found.take() {
                Some(found) => found,
                None => Best::new(ranking, ours, taken, Visits::of(ours)).find()?,
            };
            let exhausted = found.len() < taken || taken == all;
            let mut firsts = ranking.firsts(found, Told::apart(distinct, &[]))?;
            if exhausted || firsts.len() >= limit {
                firsts.truncate(limit);
                return Ok(firsts.into_iter().map(Place).collect());
            }
            taken = taken.saturating_mul(4).min(all);
        }
    }

    /// The ids of everything the query finds, in their order.
    pub fn ids(&self, query: &Query) -> Result<Vec<String>, IndexError> {
        let run = || -> tantivy::Result<Vec<String>> {
            let ours = self.translated(query)?;
            let mut spelled = Vec::new();
            for address in self.searcher.search(&*ours, &DocSetCollector)? {
                let segment = address.segment_ord;
                let ids = self.columns.ids(segment, self.searcher.segment_reader(segment))?;
                let mut id = String::new();
                ids.articles.ord_to_str(ids.article(address.doc_id), &mut id)?;
                let number = ids.number(address.doc_id);
                spelled.push(if number == 0 { id } else { format!("{id}#{number}") });
            }
            spelled.sort_unstable();
            Ok(spelled)
        };
        run().map_err(|cause| self.failed(cause))
    }

    /// A document whole: a statement has its words, which are slices of its article's body, and its article's title.
    pub fn document(&self, place: &Place) -> Result<Document, IndexError> {
        let run = || {
            let address = place.0.address;
            let mut kept = kept::unpack(&self.stored(address)?);
            match kept.behind.and_then(|places| address.doc_id.checked_sub(places)) {
                Some(article) => {
                    let article = self.article(DocAddress::new(address.segment_ord, article))?;
                    kept::complete(&mut kept, &article);
                }
                None => {
                    let body = kept.document.values.iter().find(|(field, _)| *field == Field::Body);
                    let text = body.map(|(_, body)| (Field::Text, body.clone()));
                    kept.document.values.extend(text);
                }
            }
            Ok(kept.document)
        };
        run().map_err(|cause| self.failed(cause))
    }

    /// What is stored of an article; the last one read is kept, since its statements come together.
    fn article(&self, address: DocAddress) -> tantivy::Result<Arc<Held>> {
        let mut last = self.article.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((at, article)) if *at == address => Ok(Arc::clone(article)),
            _ => {
                let article = Arc::new(Held::new(self.stored(address)?));
                *last = Some((address, Arc::clone(&article)));
                Ok(article)
            }
        }
    }

    fn stored(&self, address: DocAddress) -> tantivy::Result<OwnedBytes> {
        self.stores[address.segment_ord as usize].get_document_bytes(address.doc_id).map(kept::packed)
    }

    /// The document of that id.
    pub fn by_id(&self, id: &str) -> Result<Option<Document>, IndexError> {
        let query = Query::Value { field: Field::Id, value: id.to_owned(), matching: Matching::Exact };
        match self.places(&query, Order::Newest, Distinct::Document, 1)?.first() {
            Some(place) => Ok(Some(self.document(place)?)),
            None => Ok(None),
        }
    }

    /// Each facet with all its values.
    pub fn facets(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<Vec<Facet>, IndexError> {
        let counted = match own {
            OwnFilters::Ignored => self.in_passes(query, by, distinct),
            OwnFilters::Kept => self.one_pass(query, by, distinct),
        };
        counted.map_err(|cause| self.failed(cause))
    }

    /// How many the query finds, and each facet.
    pub fn counted(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<(Totals, Vec<Facet>), IndexError> {
        Ok((self.totals(query, distinct)?, self.facets(query, by, own, distinct)?))
    }

    fn in_passes(&self, query: &Query, by: &[By], distinct: Distinct) -> tantivy::Result<Vec<Facet>> {
        // facets over the same documents are counted in one pass
        let mut passes: Vec<(Query, Vec<usize>)> = Vec::new();
        for (place, by) in by.iter().enumerate() {
            let base = query.without(by.field);
            match passes.iter_mut().find(|(other, _)| *other == base) {
                Some((_, places)) => places.push(place),
                None => passes.push((base, vec![place])),
            }
        }
        let mut facets: Vec<Option<Facet>> = vec![None; by.len()];
        for (base, places) in passes {
            let together: Vec<By> = places.iter().map(|&place| by[place]).collect();
            for (place, facet) in places.into_iter().zip(self.one_pass(&base, &together, distinct)?) {
                facets[place] = Some(facet);
            }
        }
        Ok(facets.into_iter().flatten().collect())
    }

    /// Each facet over the documents of one query.
    fn one_pass(&self, query: &Query, by: &[By], distinct: Distinct) -> tantivy::Result<Vec<Facet>> {
        let ours = self.translated(query)?;
        let counted = by.iter().map(|&by| (column(by), Told::apart(distinct, &[by]))).collect();
        let counts = self.searcher.search(&*ours, &Tally { counted, columns: &self.columns })?;
        let facet = |(&by, counts)| counts::facet(by, query, counts, &self.aliases);
        Ok(by.iter().zip(counts).map(facet).collect())
    }

    /// Two facets crossed: each value of `rows` with the counts of every value of `columns` within it. Both
    /// are counted under all filters, so that cells add up to what is shown beside them.
    pub fn cross(
        &self,
        query: &Query,
        rows: By,
        columns: By,
        distinct: Distinct,
    ) -> Result<Cross, IndexError> {
        let run = || -> tantivy::Result<Cross> {
            let ours = self.translated(query)?;
            let tuples = Tuples {
                counted: vec![column(rows), column(columns)],
                columns: &self.columns,
                told: Told::apart(distinct, &[rows, columns]),
            };
            let tupled = self.searcher.search(&*ours, &tuples)?;
            let mut facets = self.one_pass(query, &[rows, columns], distinct)?.into_iter();
            let (Some(rows), Some(columns)) = (facets.next(), facets.next()) else { unreachable!() };
            Ok(counts::cross(rows, columns, tupled, &self.aliases))
        };
        run().map_err(|cause| self.failed(cause))
    }

    /// The values of `field` that documents of a tantivy query have.
    pub(super) fn values_among(
        &self,
        query: &dyn tantivy::query::Query,
        field: Field,
    ) -> tantivy::Result<BTreeSet<String>> {
        let counted = vec![(field, Told::apart(Distinct::Document, &[]))];
        let counts = self.searcher.search(query, &Tally { counted, columns: &self.columns })?;
        let name = |(counted, _)| match counted {
            Counted::Name(name) => Some(name),
            Counted::Day(_) => None,
        };
        Ok(counts.into_iter().flatten().filter_map(name).collect())
    }

    /// The values of a `Keyword` field that `wanted` takes.
    pub(super) fn values_where(
        &self,
        field: Field,
        wanted: impl Fn(&str) -> bool,
    ) -> tantivy::Result<BTreeSet<String>> {
        let mut values = BTreeSet::new();
        for reader in self.searcher.segment_readers() {
            let inverted = reader.inverted_index(number(field))?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                if let Ok(value) = std::str::from_utf8(terms.key())
                    && wanted(value)
                {
                    values.insert(value.to_owned());
                }
            }
        }
        Ok(values)
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// What runs in the engine for a query, for `--explain`.
    pub fn runs(&self, query: &Query) -> Result<String, IndexError> {
        let ours = self.translated(query).map_err(|cause| self.failed(cause))?;
        Ok(format!("{ours:?}"))
    }

    fn translated(&self, query: &Query) -> tantivy::Result<Box<dyn tantivy::query::Query>> {
        self.translate(&self.aliases.widen(query))
    }

    pub(super) fn failed(&self, cause: tantivy::TantivyError) -> IndexError {
        cannot_ask(&self.dir, cause)
    }
}
