//! A load under way: its mark on the ledger beats as long as it lives; one that is still was killed.

use super::cluster::RemoteIndex;
use crate::index::IndexError;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use ureq::http::Method;

/// From one beat to the next.
const BEAT: Duration = Duration::from_secs(2);
/// After so long without a beat, a load is dead.
const STILL: Duration = Duration::from_secs(8);
/// The most loads at once that are looked at.
const MOST: usize = 10_000;

/// A load of this process. Dropped before its end, its mark stays, and the next load mends what it left.
pub(super) struct Load {
    index: RemoteIndex,
    mark: String,
    end: Sender<()>,
    beating: JoinHandle<()>,
}

impl Load {
    /// Begins: documents are made visible at commits only.
    pub(super) fn begin(index: &RemoteIndex, run: &str) -> Result<Load, IndexError> {
        let mark = format!("load-{run}");
        index.beat(&mark)?;
        index.refresh_interval(json!("-1"))?;
        let (end, ended) = channel();
        let (beaten, name) = (index.clone(), mark.clone());
        let beating = thread::spawn(move || {
            while ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                // A mark that was gone was taken for dead, and the interval set back. What fails is tried at the next beat.
                if let Ok(true) = beaten.beat(&name) {
                    let _ = beaten.refresh_interval(json!("-1"));
                }
            }
        });
        Ok(Load { index: index.clone(), mark, end, beating })
    }

    /// Ends it; documents are seen as they come again where it was the last.
    pub(super) fn end(self) -> Result<(), IndexError> {
        let Load { index, mark, end, beating } = self;
        drop(end);
        let _ = beating.join();
        index.unmark(&mark)?;
        if index.loads()?.alive == 0 { index.refresh_interval(Json::Null) } else { Ok(()) }
    }
}

/// Loads that are marked on the ledger.
pub(super) struct Loads {
    pub(super) alive: usize,
    /// The marks of those that were cut short.
    pub(super) dead: Vec<String>,
}

impl RemoteIndex {
    /// Looks whose marks beat: at once where there is none, else for some seconds.
    pub(super) fn loads(&self) -> Result<Loads, IndexError> {
        let mut still = self.marks()?;
        let all = still.len();
        let started = Instant::now();
        while !still.is_empty() && started.elapsed() < STILL {
            thread::sleep(BEAT / 4);
            let now = self.marks()?;
            still.retain(|mark, beat| now.get(mark) == Some(beat));
        }
        Ok(Loads { alive: all - still.len(), dead: still.into_keys().collect() })
    }

    /// The marks, each with its last beat.
    fn marks(&self) -> Result<BTreeMap<String, u64>, IndexError> {
        self.refresh_ledger()?;
        let marks = json!({ "bool": { "must_not": { "exists": { "field": "path" } } } });
        let body = json!({ "query": marks, "size": MOST, "seq_no_primary_term": true });
        let reply = self.search(&self.ledger_index(), &body)?;
        let hits = reply["hits"]["hits"].as_array().into_iter().flatten();
        let mark = |hit: &Json| Some((hit["_id"].as_str()?.to_owned(), hit["_seq_no"].as_u64()?));
        Ok(hits.filter_map(mark).collect())
    }

    /// Writes the mark again; whether it was not there.
    fn beat(&self, mark: &str) -> Result<bool, IndexError> {
        let path = format!("/{}/_doc/{mark}", self.ledger_index());
        let reply = self.fine(self.call(Method::PUT, &path, b"{}")?, "write")?;
        Ok(reply["result"] == "created")
    }

    pub(super) fn unmark(&self, mark: &str) -> Result<(), IndexError> {
        let path = format!("/{}/_doc/{mark}", self.ledger_index());
        let reply = self.call(Method::DELETE, &path, b"")?;
        if reply.status == 404 { Ok(()) } else { self.fine(reply, "write").map(drop) }
    }

    fn refresh_interval(&self, interval: Json) -> Result<(), IndexError> {
        let body = json!({ "index": { "refresh_interval": interval } }).to_string();
        let path = format!("/{}/_settings", self.index);
        let reply = self.call(Method::PUT, &path, body.as_bytes())?;
        self.fine(reply, "write").map(drop)
    }
}
