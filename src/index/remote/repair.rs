//! What is missing on a cluster, and having just that read again.

use super::ask::RemoteReader;
use super::cluster::RemoteIndex;
use crate::answer::Distinct;
use crate::index::{IndexError, Mended};
use crate::ledger;
use crate::query::Query;
use crate::query::aliases::Aliases;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

impl RemoteIndex {
    /// What is not in order on the cluster: none in a sound index.
    pub fn damaged(&self) -> Result<Vec<String>, IndexError> {
        let mut damaged = self.out_of_service(Duration::ZERO)?;
        if damaged.is_empty() {
            let ledger = self.ledger()?;
            let known: HashSet<&String> =
                ledger.files.values().flat_map(|file| &file.articles).map(|article| &article.id).collect();
            let held = self.questions().count(&Query::kind("article"), Distinct::Document)?;
            let missing = (known.len() as u64).saturating_sub(held);
            if missing > 0 {
                damaged.push(format!("{}: {missing} of {} articles are missing", self.index, known.len()));
            }
        }
        Ok(damaged)
    }

    /// Shards that no node holds: nothing can be read or written there. Those of nodes that were lost are waited for as
    /// long as `patience` says.
    pub(super) fn out_of_service(&self, patience: Duration) -> Result<Vec<String>, IndexError> {
        let started = Instant::now();
        let mut red = Vec::new();
        for name in [self.index.clone(), self.ledger_index()] {
            while self.is_red(&name)? {
                if started.elapsed() >= patience || !self.misses_nodes(&name)? {
                    red.push(format!("{name}: shards without any copy in service"));
                    break;
                }
            }
        }
        Ok(red)
    }

    /// Whether it has a shard of which no copy comes into service within seconds.
    fn is_red(&self, name: &str) -> Result<bool, IndexError> {
        let reply = self.get(&format!("/_cluster/health/{name}?wait_for_status=yellow&timeout=5s"))?;
        // 408: it is not even yellow
        let health = match reply.body {
            Err(late) if reply.status == 408 => late,
            _ => self.fine(reply, "check")?,
        };
        Ok(health["status"] == "red")
    }

    /// Whether some shard was in service before and may be so again. One that never was is kept out by a rule.
    fn misses_nodes(&self, name: &str) -> Result<bool, IndexError> {
        let reply = self.get(&format!("/_cat/shards/{name}?h=prirep,unassigned.reason&format=json"))?;
        let shards = self.fine(reply, "check")?;
        let missed = |shard: &Json| {
            let why = shard["unassigned.reason"].as_str();
            shard["prirep"] == "p" && why.is_some_and(|why| why != "INDEX_CREATED")
        };
        Ok(shards.as_array().is_some_and(|shards| shards.iter().any(missed)))
    }

    /// Has the articles that are missing read again: their files by the next run wherever they lie, those here at once.
    /// Shards themselves are mended by their nodes or not at all.
    pub fn mend(&self) -> Result<Mended, IndexError> {
        if let Some(damage) = self.out_of_service(Duration::ZERO)?.into_iter().next() {
            return Err(self.failed("mend", damage).with_hint(
                "start the nodes again that hold them; where those are lost for good, \
                 `onrecord index --fresh PATH...` builds the index anew",
            ));
        }
        let held: HashSet<String> = self.questions().ids(&Query::kind("article"))?.into_iter().collect();
        let mut ledger = self.ledger()?;
        let mut mended = Mended::default();
        let mut changed = BTreeSet::new();
        for (path, file) in &mut ledger.files {
            let ids = file.articles.iter().map(|article| &article.id);
            let missing: BTreeSet<String> = ids.filter(|id| !held.contains(*id)).cloned().collect();
            if missing.is_empty() {
                continue;
            }
            if ledger::path(path).exists() {
                mended.again.push((path.clone(), file.name.clone()));
            } else {
                mended.lost.push((file.name.clone(), missing.len()));
            }
            Arc::make_mut(file).forget(&missing);
            changed.insert(path.clone());
        }
        let mut writer = self.writer()?;
        writer.commit(&ledger, &changed)?;
        writer.close()?;
        Ok(mended)
    }

    fn questions(&self) -> RemoteReader {
        RemoteReader { index: self.clone(), aliases: Aliases::default() }
    }
}
