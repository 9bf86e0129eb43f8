//! An index on a cluster, opened, made, taken away; and what it was made from.

use super::address::Address;
use super::buckets::{Answers, Page};
use super::client::{Client, Patience, Reply};
use super::mapping::mapping;
use crate::index::record::FileLine;
use crate::index::{Cluster, IndexError};
use crate::ledger::Ledger;
use index_schema::VERSION;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::sync::Arc;
use ureq::http::Method;
use xxhash_rust::xxh3::xxh3_64;

/// The first OpenSearch that computes scores as the mapping asks for.
const OLDEST: u64 = 3;
/// Records of files read at one time.
const PAGE: usize = 200;
/// Counts asked for at one time: their answers must fit one.
const AT_ONCE: usize = 8;

/// An index on an OpenSearch cluster.
#[derive(Clone, Debug)]
pub struct RemoteIndex {
    client: Arc<Client>,
    patience: Patience,
    /// The alias that people name.
    pub(super) alias: String,
    /// The index itself: the alias with the version of its fields.
    pub(super) index: String,
}

impl RemoteIndex {
    /// The index on `cluster`. Errors: no such cluster, none there, of another version.
    pub fn open(cluster: &Cluster) -> Result<RemoteIndex, IndexError> {
        let index = RemoteIndex::named(cluster)?;
        let filter = "filter_path=*.mappings._meta,*.mappings.dynamic";
        let reply = index.get(&format!("/{}/_mapping?{filter}", index.alias))?;
        if reply.status == 404 {
            index.meet()?;
            return Err(IndexError::missing(&cluster.url));
        }
        let reply = index.fine(reply, "open")?;
        let indices = reply.as_object().map(|indices| indices.iter().collect::<Vec<_>>()).unwrap_or_default();
        let [(name, found)] = indices[..] else {
            let names: Vec<&str> = indices.iter().map(|(name, _)| name.as_str()).collect();
            return Err(IndexError::new(
                format!("cannot use the index `{}`", index.alias),
                format!("its name stands for {} indices: {}", names.len(), names.join(", ")),
            )
            .with_hint("let the alias name one of them"));
        };
        let version = found["mappings"]["_meta"]["version"].as_u64();
        if version != Some(VERSION.into()) {
            index.meet()?;
            let version = version.and_then(|version| u32::try_from(version).ok());
            return Err(IndexError::version(&cluster.url, version, VERSION));
        }
        Ok(RemoteIndex { index: name.clone(), ..index })
    }

    /// The index on `cluster`, made if there is none.
    pub fn open_or_create(cluster: &Cluster) -> Result<RemoteIndex, IndexError> {
        match RemoteIndex::open(cluster) {
            Err(error) if error.is_not_found() => RemoteIndex::named(cluster)?.for_loads().create(cluster),
            opened => opened.map(RemoteIndex::for_loads),
        }
    }

    /// An index beside the one that is there, which goes on answering until [`RemoteIndex::put_in_place`]; one that was
    /// begun before is gone on with. Where there is none, the index itself.
    pub fn beside(cluster: &Cluster) -> Result<RemoteIndex, IndexError> {
        let index = RemoteIndex::named(cluster)?.for_loads();
        let there = index.behind_alias()?;
        let Some(old) = there.first() else { return RemoteIndex::open_or_create(cluster) };
        let name = index.names().into_iter().find(|name| !there.contains(name));
        let index =
            RemoteIndex { index: name.expect("an alias stands for one index, of two names"), ..index };
        if index.get(&format!("/{}", index.index))?.is_ok() {
            return Ok(index);
        }
        let reply = index.fine(index.get(&format!("/{old}/_settings"))?, "open")?;
        let number = |setting: &str| reply[old]["settings"]["index"][setting].as_str()?.parse().ok();
        index.make(&Cluster {
            shards: cluster.shards.or_else(|| number("number_of_shards")),
            replicas: cluster.replicas.or_else(|| number("number_of_replicas")),
            ..cluster.clone()
        })?;
        Ok(index)
    }

    /// Lets the alias name this index and takes away what it named before, in one request.
    pub fn put_in_place(&self) -> Result<(), IndexError> {
        let mut old = self.behind_alias()?;
        old.retain(|name| *name != self.index);
        if old.is_empty() {
            return Ok(());
        }
        let gone = old.iter().map(|name| json!({ "remove_index": { "index": name } }));
        let actions: Vec<Json> = std::iter::once(self.named_by_alias()).chain(gone).collect();
        self.fine(self.post("/_aliases", &json!({ "actions": actions }))?, "make")?;
        old.iter().try_for_each(|name| self.delete(&format!("{name}-ledger")))
    }

    /// Takes the index away, and what was begun beside it.
    pub fn remove(cluster: &Cluster) -> Result<(), IndexError> {
        let index = RemoteIndex::named(cluster)?.for_loads();
        for name in index.behind_alias()?.into_iter().chain(index.names()) {
            index.delete(&name)?;
            index.delete(&format!("{name}-ledger"))?;
        }
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), IndexError> {
        let reply = self.call(Method::DELETE, &format!("/{name}"), b"")?;
        if reply.status == 404 { Ok(()) } else { self.fine(reply, "take away").map(drop) }
    }

    /// The indices that the alias stands for.
    fn behind_alias(&self) -> Result<Vec<String>, IndexError> {
        let reply = self.get(&format!("/_alias/{}", self.alias))?;
        if reply.status == 404 {
            return Ok(Vec::new());
        }
        let reply = self.fine(reply, "open")?;
        Ok(reply.as_object().map(|found| found.keys().cloned().collect()).unwrap_or_default())
    }

    /// What an index of our version may be named: one is built beside the other.
    fn names(&self) -> [String; 2] {
        [format!("{}-v{VERSION}", self.alias), format!("{}-v{VERSION}-b", self.alias)]
    }

    fn named_by_alias(&self) -> Json {
        json!({ "add": { "index": self.index, "alias": self.alias } })
    }

    /// The index as it would be made; nothing is asked of the cluster.
    fn named(cluster: &Cluster) -> Result<RemoteIndex, IndexError> {
        let Address { hosts, name } = Address::read(&cluster.url)?;
        let client = Arc::new(Client::new(hosts, cluster.ca.as_deref())?);
        let index = format!("{name}-v{VERSION}");
        Ok(RemoteIndex { client, patience: Patience::ASKING, alias: name, index })
    }

    /// Sees that the cluster is one we know. What bears our version was made on such a one, and needs no look.
    fn meet(&self) -> Result<(), IndexError> {
        let reply = self.fine(self.get("/")?, "open")?;
        let version = &reply["version"];
        let number = version["number"].as_str().unwrap_or_default();
        let major = number.split('.').next().and_then(|major| major.parse::<u64>().ok());
        if version["distribution"] != "opensearch" || major.is_none_or(|major| major < OLDEST) {
            let found = match version["distribution"].as_str() {
                Some(distribution) => format!("{distribution} {number}"),
                None => "no OpenSearch".to_owned(),
            };
            return Err(IndexError::new(format!("cannot use the cluster of `{}`", self.alias), found)
                .with_hint(format!("onrecord needs OpenSearch {OLDEST} or later")));
        }
        Ok(())
    }

    /// Makes the index and the alias.
    fn create(self, cluster: &Cluster) -> Result<RemoteIndex, IndexError> {
        self.make(cluster)?;
        let actions = json!({ "actions": [self.named_by_alias()] });
        self.fine(self.post("/_aliases", &actions)?, "make")?;
        Ok(self)
    }

    /// Makes the index, its ledger before it: where the index is, its ledger is too. A ledger of an index that is not
    /// there was left when that was taken away; an index that another process has just made is left as it is.
    fn make(&self, cluster: &Cluster) -> Result<(), IndexError> {
        let ledger = json!({
            "settings": { "refresh_interval": "30s" },
            "mappings": { "dynamic": "strict", "properties": {
                "path": { "type": "keyword" },
                "part": { "type": "integer" },
                "body": { "type": "object", "enabled": false },
            } },
        });
        let mut index = mapping();
        for (setting, number) in
            [("number_of_shards", cluster.shards), ("number_of_replicas", cluster.replicas)]
        {
            if let Some(number) = number {
                index["settings"][setting] = number.into();
            }
        }
        self.delete(&self.ledger_index())?;
        for (name, body) in [(self.ledger_index(), ledger), (self.index.clone(), index)] {
            let body = body.to_string();
            let reply = self.call(Method::PUT, &format!("/{name}"), body.as_bytes())?;
            if !reply.reason().contains("resource_already_exists") {
                self.fine(reply, "make")?;
            }
        }
        // Replicas that have a place are waited for: before they stand, a node that is lost takes documents with it.
        let path = format!(
            "/_cluster/health/{}?wait_for_no_initializing_shards=true&wait_for_events=languid&timeout=20s",
            self.index
        );
        self.get(&path).map(drop)
    }

    /// What it was made from: the cluster's own account, so that any machine can go on.
    pub fn ledger(&self) -> Result<Ledger, IndexError> {
        let mut ledger = Ledger::default();
        self.records(|line| {
            let (path, record) = line.into_record();
            match ledger.files.get_mut(&path) {
                Some(known) => Arc::make_mut(known).articles.extend(record.articles),
                None => {
                    ledger.files.insert(path, Arc::new(record));
                }
            }
        })?;
        Ok(ledger)
    }

    /// The sums of the ledger's records, by the keys of their files.
    pub(super) fn saved(&self) -> Result<HashMap<String, Vec<u64>>, IndexError> {
        let mut saved: HashMap<String, Vec<u64>> = HashMap::new();
        self.records(|line| match saved.get_mut(line.path()) {
            Some(sums) => sums.push(line.sum()),
            None => {
                saved.insert(line.path().to_owned(), vec![line.sum()]);
            }
        })?;
        Ok(saved)
    }

    /// The records of the ledger, in order of files and of their parts.
    fn records(&self, mut take: impl FnMut(FileLine)) -> Result<(), IndexError> {
        let name = self.ledger_index();
        self.refresh_ledger()?;
        let mut after = Json::Null;
        loop {
            let mut body = json!({
                "size": PAGE,
                "query": { "exists": { "field": "path" } },
                "sort": [{ "path": "asc" }, { "part": "asc" }],
                "_source": ["body"],
            });
            if !after.is_null() {
                body["search_after"] = after;
            }
            let mut reply = self.search(&name, &body)?;
            let hits = reply["hits"]["hits"].as_array_mut().map(std::mem::take).unwrap_or_default();
            let full = hits.len() == PAGE;
            after = hits.last().map_or(Json::Null, |last| last["sort"].clone());
            for mut hit in hits {
                let line = serde_json::from_value::<FileLine>(hit["_source"]["body"].take());
                take(line.map_err(|cause| self.failed("read", cause))?);
            }
            if !full {
                return Ok(());
            }
        }
    }

    /// The bytes its documents take on disk, copies not counted.
    pub fn bytes(&self) -> u64 {
        let stats = self.get(&format!("/{}/_stats/store", self.index)).ok().and_then(|stats| stats.body.ok());
        stats.and_then(|stats| stats["_all"]["primaries"]["store"]["size_in_bytes"].as_u64()).unwrap_or(0)
    }

    pub(super) fn refresh_ledger(&self) -> Result<(), IndexError> {
        let path = format!("/{}/_refresh", self.ledger_index());
        self.fine(self.post(&path, &json!({}))?, "read").map(drop)
    }

    pub(super) fn ledger_index(&self) -> String {
        format!("{}-ledger", self.index)
    }

    pub(super) fn get(&self, path: &str) -> Result<Reply, IndexError> {
        self.call(Method::GET, path, b"")
    }

    pub(super) fn post(&self, path: &str, body: &Json) -> Result<Reply, IndexError> {
        self.call(Method::POST, path, body.to_string().as_bytes())
    }

    pub(super) fn call(&self, method: Method, path: &str, body: &[u8]) -> Result<Reply, IndexError> {
        self.client.call(method, path, body, self.patience, Reply::read)
    }

    /// The same, waiting as a load can.
    pub(super) fn for_loads(self) -> RemoteIndex {
        RemoteIndex { patience: Patience::LOADING, ..self }
    }

    /// The answer to a search; one that misses a shard or ran out of time is an error, never a smaller count.
    pub(super) fn search(&self, index: &str, body: &Json) -> Result<Json, IndexError> {
        let mut path = match index {
            "" => "/_search?".to_owned(),
            index => format!("/{index}/_search?preference={}&", copies(body)),
        };
        // what weighs nothing needs no weights of all shards, and is asked only of those that may hold its days
        if !body["sort"][0]["_score"].is_null() {
            path.push_str("search_type=dfs_query_then_fetch&");
        }
        path.push_str("allow_partial_search_results=false");
        let reply = self.fine(self.post(&path, body)?, "ask")?;
        let failed = reply["_shards"]["failed"].as_u64().unwrap_or(1);
        self.whole(failed, reply["timed_out"] != false)?;
        Ok(reply)
    }

    /// The answers to counts, in their order, in one call for many.
    pub(super) fn counts(&self, bodies: &[Json]) -> Result<Vec<Page>, IndexError> {
        let mut pages = Vec::with_capacity(bodies.len());
        for bodies in bodies.chunks(AT_ONCE) {
            let mut lines = String::new();
            for body in bodies {
                let head = json!({ "preference": copies(body), "allow_partial_search_results": false });
                lines.push_str(&format!("{head}\n{body}\n"));
            }
            let path = format!("/{}/_msearch", self.alias);
            let reply =
                self.client.call(Method::POST, &path, lines.as_bytes(), self.patience, Answers::read)?;
            let answers = self.fine(reply, "ask")?.responses;
            let before = pages.len();
            for answer in answers {
                self.whole(answer.shards.map_or(1, |shards| shards.failed), answer.timed_out != Some(false))?;
                pages.extend(answer.counted.map(|counted| counted.values));
            }
            if pages.len() - before != bodies.len() {
                return Err(self.failed("ask", "the answer does not match what was asked"));
            }
        }
        Ok(pages)
    }

    /// Sees that an answer misses no shard and had the time it needed.
    fn whole(&self, failed: u64, timed_out: bool) -> Result<(), IndexError> {
        if failed > 0 || timed_out {
            let why = format!("{failed} shards failed or ran out of time");
            return Err(self.failed("ask", why).with_hint("`onrecord check` says how the cluster stands"));
        }
        Ok(())
    }

    /// What was asked for, or the error that the reply tells, with what to do about it.
    pub(super) fn fine<T>(&self, reply: Reply<T>, doing: &str) -> Result<T, IndexError> {
        let (status, reason) = (reply.status, reply.reason());
        if let Ok(body) = reply.body {
            return Ok(body);
        }
        let hint = match (status, blocked(&reason)) {
            (_, Some(hint)) => hint,
            (401, _) if self.client.signs_in() => {
                "see whether ONRECORD_USER and ONRECORD_PASSWORD, or ONRECORD_API_KEY, are right"
            }
            (401, _) => "set ONRECORD_USER and ONRECORD_PASSWORD, or ONRECORD_API_KEY",
            (403, _) => {
                "this user may not do it: let the cluster's administrator allow it, or sign in as another"
            }
            (413, _) => {
                "it is too large for what lies before the cluster: let its administrator raise the limit \
                 (client_max_body_size of nginx, http.max_content_length of OpenSearch)"
            }
            (404, _) => "run `onrecord index PATH...` to make one, or name another with --index",
            _ => "`onrecord check` says how the cluster stands",
        };
        Err(self.failed(doing, reason).with_hint(hint))
    }

    pub(super) fn failed(
        &self,
        doing: &str,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> IndexError {
        IndexError::new(format!("cannot {doing} the index `{}` on the cluster", self.alias), cause)
    }
}

/// The same question goes to the same copies: others may weigh deleted documents in other scores.
fn copies(body: &Json) -> String {
    format!("{:x}", xxh3_64(body["query"].to_string().as_bytes()))
}

/// What to do about an index that takes no documents, where that is why the cluster refuses.
pub(super) fn blocked(reason: &str) -> Option<&'static str> {
    if reason.contains("flood") {
        Some("a disk of the cluster is full: free space on it, then run `onrecord index` again")
    } else if reason.contains("read-only") || reason.contains("index write") {
        Some("the index takes no documents now: let its administrator lift the block, then run again")
    } else {
        None
    }
}
