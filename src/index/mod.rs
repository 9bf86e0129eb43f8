//! The verb index: documents in, answers out, from a folder or from a cluster; nothing above this module asks which.

/// Does the same on either side.
macro_rules! either {
    ($kind:ident, $it:expr, $inner:ident => $what:expr) => {
        match $it {
            $kind::Local($inner) => $what,
            #[cfg(feature = "opensearch")]
            $kind::Remote($inner) => $what,
        }
    };
}

mod error;
mod counts;
mod facets;
mod speakers;
mod location;
mod record;
pub mod local;
#[cfg(feature = "opensearch")]
pub mod remote;
mod suggest;

use crate::answer::{Distinct, Order, Totals};
use crate::document::Document;
use crate::ledger::Ledger;
use crate::query::Query;
use std::collections::BTreeSet;
use std::ops::Range;

pub use error::IndexError;
pub use location::{Cluster, Location};

/// Documents read from an index at one time, where many are wanted.
const BATCH: usize = 500;

/// An index, wherever it is.
pub enum Index {
    Local(local::LocalIndex),
    #[cfg(feature = "opensearch")]
    Remote(remote::RemoteIndex),
}

/// What is left to do for an index from which everything broken was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The files to be read again, by key and name.
    pub again: Vec<(String, String)>,
    /// Files that are gone, with the number of their articles that went with what was broken.
    pub lost: Vec<(String, usize)>,
}

/// Writes into an index; nothing of it is promised before `commit`.
pub enum Writer {
    Local(local::LocalWriter),
    #[cfg(feature = "opensearch")]
    Remote(remote::RemoteWriter),
}

/// Asks an index.
pub enum Reader {
    Local(local::LocalReader),
    #[cfg(feature = "opensearch")]
    Remote(remote::RemoteReader),
}

/// A document found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub document: Document,
    /// BM25; 0 where nothing in the query weighs.
    pub score: f32,
    /// How many more versions of it the query finds, where each story counts once.
    pub more: u64,
}

impl Index {
    /// The index there. Errors: none, of another version, unreadable.
    pub fn open(at: &Location) -> Result<Index, IndexError> {
        Ok(match at {
            Location::Folder(dir) => Index::Local(local::LocalIndex::open(dir)?),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => Index::Remote(remote::RemoteIndex::open(cluster)?),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => return Err(IndexError::no_clusters()),
        })
    }

    /// The index there, made if there is none.
    pub fn open_or_create(at: &Location) -> Result<Index, IndexError> {
        Ok(match at {
            Location::Folder(dir) => Index::Local(local::LocalIndex::open_or_create(dir)?),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => Index::Remote(remote::RemoteIndex::open_or_create(cluster)?),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => return Err(IndexError::no_clusters()),
        })
    }

    /// An empty index in place of the one there. On a cluster that goes on answering until the new one is
    /// [put in place](Index::put_in_place), and what was begun of a new one is gone on with.
    pub fn anew(at: &Location) -> Result<Index, IndexError> {
        match at {
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => Ok(Index::Remote(remote::RemoteIndex::beside(cluster)?)),
            _ => {
                Index::remove(at)?;
                Index::open_or_create(at)
            }
        }
    }

    /// Lets an index built anew answer from now on.
    pub fn put_in_place(&self) -> Result<(), IndexError> {
        match self {
            Index::Local(_) => Ok(()),
            #[cfg(feature = "opensearch")]
            Index::Remote(index) => index.put_in_place(),
        }
    }

    /// Takes the index there away, for one built anew; what the user keeps beside it stays.
    pub fn remove(at: &Location) -> Result<(), IndexError> {
        match at {
            Location::Folder(dir) => local::LocalIndex::remove(dir),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => remote::RemoteIndex::remove(cluster),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => Err(IndexError::no_clusters()),
        }
    }

    /// What the last commit was made from.
    pub fn ledger(&self) -> Result<Ledger, IndexError> {
        either!(Index, self, index => index.ledger())
    }

    /// A writer. Errors: another process writes it, it cannot be written.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        Ok(match self {
            Index::Local(index) => Writer::Local(index.writer()?),
            #[cfg(feature = "opensearch")]
            Index::Remote(index) => Writer::Remote(index.writer()?),
        })
    }

    /// What is broken in the index there: nothing in a sound one.
    pub fn damaged(at: &Location) -> Result<Vec<String>, IndexError> {
        match at {
            Location::Folder(dir) => local::LocalIndex::damaged(dir),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => remote::RemoteIndex::open(cluster)?.damaged(),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => Err(IndexError::no_clusters()),
        }
    }

    /// Takes out what is broken; what that held is then to be read again.
    pub fn mend(at: &Location) -> Result<Mended, IndexError> {
        match at {
            Location::Folder(dir) => local::LocalIndex::mend(dir),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => remote::RemoteIndex::open(cluster)?.mend(),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => Err(IndexError::no_clusters()),
        }
    }

    /// The bytes it takes on disk.
    pub fn bytes(&self) -> u64 {
        either!(Index, self, index => index.bytes())
    }
}

impl Writer {
    /// Adds the documents of one article; seen after `commit`.
    pub fn add(&mut self, documents: Vec<Document>) -> Result<(), IndexError> {
        match self {
            Writer::Local(writer) => writer.add(documents),
            #[cfg(feature = "opensearch")]
            Writer::Remote(writer) => writer.add(&documents),
        }
    }

    /// Takes an article and its statements out; seen after `commit`.
    pub fn remove(&mut self, article: &str) {
        either!(Writer, self, writer => writer.remove(article))
    }

    /// Makes all since the last commit visible, together with the ledger of what it was made from; `changed` are the
    /// files in which that differs from the last commit's.
    pub fn commit(&mut self, ledger: &Ledger, changed: &BTreeSet<String>) -> Result<(), IndexError> {
        either!(Writer, self, writer => writer.commit(ledger, changed))
    }

    /// Ends the writing and lets others write.
    pub fn close(self) -> Result<(), IndexError> {
        either!(Writer, self, writer => writer.close())
    }
}

impl Reader {
    /// Opens the index there for questions.
    pub fn open(at: &Location) -> Result<Reader, IndexError> {
        Ok(match at {
            Location::Folder(dir) => Reader::Local(local::LocalReader::open(dir)?),
            #[cfg(feature = "opensearch")]
            Location::Cluster(cluster) => Reader::Remote(remote::RemoteReader::open(cluster, &at.beside())?),
            #[cfg(not(feature = "opensearch"))]
            Location::Cluster(_) => return Err(IndexError::no_clusters()),
        })
    }

    /// Gives how many the query finds, with the documents of these ranks, from 0, whole and in order, in batches of which
    /// there is one at least, until `give` says `false`. The first in order stands for all that count as one.
    pub fn answer(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Totals, Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        either!(Reader, self, reader => reader.answer(query, order, distinct, ranks, give))
    }

    /// How many documents the query finds, or of how many articles, each story once or not.
    pub fn count(&self, query: &Query, distinct: Distinct) -> Result<u64, IndexError> {
        either!(Reader, self, reader => reader.count(query, distinct))
    }

    /// Gives the documents of these ranks, from 0, whole and in order, in batches, until `give` says `false`.
    pub fn found(
        &self,
        query: &Query,
        order: Order,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        either!(Reader, self, reader => reader.found(query, order, Distinct::Document, ranks, give))
    }

    /// The document of that id.
    pub fn by_id(&self, id: &str) -> Result<Option<Document>, IndexError> {
        either!(Reader, self, reader => reader.by_id(id))
    }

    /// The ids of everything the query finds, in their order.
    pub fn ids(&self, query: &Query) -> Result<Vec<String>, IndexError> {
        either!(Reader, self, reader => reader.ids(query))
    }

    /// What runs in the engine for a query, for `--explain`.
    pub fn runs(&self, query: &Query) -> Result<String, IndexError> {
        either!(Reader, self, reader => reader.runs(query))
    }
}
