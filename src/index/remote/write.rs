//! Writing documents to a cluster: batches by bytes, several under way at once, each tried until it is taken or refused.

use super::body::{index_lines, key, line};
use super::cluster::{RemoteIndex, blocked};
use super::load::Load;
use super::translate::MOST_VALUES;
use crate::document::Document;
use crate::index::IndexError;
use crate::index::record::FileLine;
use crate::ledger::Ledger;
use crate::terms::Stems;
use index_schema::Field;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, UNIX_EPOCH};
use ureq::http::Method;
use xxhash_rust::xxh3::xxh3_128;

/// A batch is sent when it is this large, in bytes.
const BATCH: usize = 4 << 20;
/// Batches under way at once.
const AT_ONCE: usize = 3;
/// Articles of a file in one record of the ledger.
const PART: usize = 200;
/// Articles in one deletion.
const ARTICLES: usize = 1000;
/// How long the batches of a load that was killed may take.
const STRAYS: Duration = Duration::from_secs(60);
/// How long the cluster may be unable to take some documents.
const BUSY: Duration = Duration::from_secs(600);
/// How long the cluster may take to get over the loss of a node.
const LOST: Duration = Duration::from_secs(300);
const AGAIN: &str = "run `onrecord index` again; `onrecord check` says how the cluster stands";

/// Writes documents; they are surely there, and seen by all, after `commit`.
pub struct RemoteWriter {
    index: RemoteIndex,
    /// Stamped on every document written, so that what it replaces can be told from it.
    run: String,
    stems: Stems,
    body: Vec<u8>,
    /// Articles of which older documents may remain, with the ids of those that are there by right.
    replaced: BTreeMap<String, Vec<String>>,
    /// The ledger as it is kept: of each file, by its key, the sums of its parts.
    saved: HashMap<String, Vec<u64>>,
    /// The marks of loads that were cut short: of any article more may be there than the ledger knows.
    killed: Vec<String>,
    /// Begun with the first document.
    load: Option<Load>,
    batches: Option<SyncSender<Vec<u8>>>,
    sent: usize,
    outcomes: Receiver<Result<(), IndexError>>,
    workers: Vec<JoinHandle<()>>,
}

impl RemoteIndex {
    /// A writer. Several may write at once, on any machines.
    pub fn writer(&self) -> Result<RemoteWriter, IndexError> {
        let index = self.clone().for_loads();
        index.takes_documents()?;
        let killed = index.loads()?.dead;
        if !killed.is_empty() {
            index.wait_for_strays()?;
        }
        let now = UNIX_EPOCH.elapsed().unwrap_or(Duration::ZERO).as_nanos();
        let run = format!("{:032x}", xxh3_128(format!("{now} {}", std::process::id()).as_bytes()));
        let (batches, to_send) = sync_channel::<Vec<u8>>(0);
        let (told, outcomes) = channel();
        let to_send = Arc::new(Mutex::new(to_send));
        let workers = (0..AT_ONCE).map(|_| worker(index.clone(), to_send.clone(), told.clone())).collect();
        Ok(RemoteWriter {
            saved: index.saved()?,
            index,
            run,
            stems: Stems::new(),
            body: Vec::new(),
            replaced: BTreeMap::new(),
            killed,
            load: None,
            batches: Some(batches),
            sent: 0,
            outcomes,
            workers,
        })
    }
}

impl RemoteIndex {
    /// Sees that a load can be begun at all, rather than wait through it.
    fn takes_documents(&self) -> Result<(), IndexError> {
        if let Some(damage) = self.out_of_service(LOST)?.into_iter().next() {
            return Err(self.failed("write", damage).with_hint("start the nodes again that hold them"));
        }
        let alias = self.get(&format!("/{}/_alias/{}", self.index, self.alias))?.body.unwrap_or_default();
        if alias[&self.index]["aliases"][&self.alias]["is_write_index"] == false {
            let why = format!("its alias `{}` is for reading only", self.alias);
            return Err(self.failed("write", why).with_hint(
                "name the alias that is for writing with --index, or let the administrator make this one so",
            ));
        }
        Ok(())
    }

    /// Waits for the batches that the cluster is still working on: those of a load that was killed would else arrive
    /// after what replaces them.
    fn wait_for_strays(&self) -> Result<(), IndexError> {
        let tasks = || -> Result<BTreeSet<String>, IndexError> {
            let reply =
                self.fine(self.get("/_tasks?actions=indices:data/write/bulk&group_by=none")?, "write")?;
            let tasks = reply["tasks"].as_array().map(Vec::as_slice).unwrap_or_default();
            Ok(tasks.iter().map(|task| format!("{} {}", task["node"], task["id"])).collect())
        };
        let started = Instant::now();
        let strays = tasks()?;
        while started.elapsed() < STRAYS && !strays.is_disjoint(&tasks()?) {
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

fn worker(
    index: RemoteIndex,
    to_send: Arc<Mutex<Receiver<Vec<u8>>>>,
    told: Sender<Result<(), IndexError>>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        loop {
            let next = to_send.lock().expect("no holder panics: it only receives").recv();
            let Ok(body) = next else { return };
            if told.send(index.bulk(&index.index, body)).is_err() {
                return;
            }
        }
    })
}

impl RemoteWriter {
    /// Adds the documents of one article, each in place of one of its id.
    pub fn add(&mut self, documents: &[Document]) -> Result<(), IndexError> {
        let article =
            documents.first().and_then(|document| document.first(Field::Article)).unwrap_or_default();
        if !self.killed.is_empty() || self.replaced.contains_key(article) {
            let ids = documents.iter().filter_map(|document| document.first(Field::Id)).map(str::to_owned);
            self.replaced.insert(article.to_owned(), ids.collect());
        }
        index_lines(documents, &self.run, &mut self.stems, &mut self.body);
        if self.body.len() >= BATCH { self.send() } else { Ok(()) }
    }

    /// Takes an article and its statements out, but for what is added of it in this run.
    pub fn remove(&mut self, article: &str) {
        self.replaced.entry(article.to_owned()).or_default();
    }

    fn send(&mut self) -> Result<(), IndexError> {
        let body = std::mem::take(&mut self.body);
        if !body.is_empty() {
            self.begin()?;
        }
        if let (Some(batches), false) = (&self.batches, body.is_empty()) {
            batches.send(body).map_err(|cause| self.index.failed("write", cause.to_string()))?;
            self.sent += 1;
        }
        while let Ok(outcome) = self.outcomes.try_recv() {
            self.sent -= 1;
            outcome?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), IndexError> {
        if self.load.is_none() {
            self.load = Some(Load::begin(&self.index, &self.run)?);
        }
        Ok(())
    }

    /// Waits until the cluster has taken all that was added, makes it visible, takes out what it replaces, and only then
    /// says in the ledger what it was made from. Cut short at any point, the next run does the rest again.
    pub fn commit(&mut self, ledger: &Ledger, changed: &BTreeSet<String>) -> Result<(), IndexError> {
        self.send()?;
        while self.sent > 0 {
            let outcome = self.outcomes.recv().map_err(|cause| self.index.failed("write", cause))?;
            self.sent -= 1;
            outcome?;
        }
        if !self.replaced.is_empty() {
            self.begin()?;
        }
        self.refresh()?;
        self.sweep()?;
        self.save(ledger, changed)
    }

    /// Makes what was written visible on every copy. A shard that has none in service for a moment is passed over without
    /// a word, so that the copies in service are counted.
    fn refresh(&self) -> Result<(), IndexError> {
        let path = format!("/{}/_refresh", self.index.index);
        self.until_whole(&path, &json!({}), |reply| {
            let number = |of: &Json, name: &str| of[name].as_u64();
            let shown = number(&reply["_shards"], "successful");
            if shown.is_some() && shown == number(&reply["_shards"], "total") {
                return Ok(None);
            }
            let health = self.index.get(&format!("/_cluster/health/{}", self.index.index))?;
            let health = self.index.fine(health, "write")?;
            let whole = shown.is_some() && shown == number(&health, "active_shards");
            let why = "some of its shards do not show what was written";
            Ok((health["status"] == "red" || !whole).then(|| why.to_owned()))
        })
    }

    /// Asks again while a part of it fails: a node that is lost in the middle is replaced by another.
    fn until_whole(
        &self,
        path: &str,
        body: &Json,
        fails: impl Fn(&Json) -> Result<Option<String>, IndexError>,
    ) -> Result<(), IndexError> {
        let started = Instant::now();
        loop {
            let reply = self.index.fine(self.index.post(path, body)?, "write")?;
            let Some(why) = fails(&reply)? else { return Ok(()) };
            if started.elapsed() > LOST {
                return Err(self.index.failed("write", why).with_hint(AGAIN));
            }
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// Deletes what older runs wrote of the articles replaced and this one did not write again: another machine may have
    /// written the same documents since.
    fn sweep(&mut self) -> Result<(), IndexError> {
        let replaced: Vec<(String, Vec<String>)> = std::mem::take(&mut self.replaced).into_iter().collect();
        for some in replaced.chunks(ARTICLES) {
            let articles: Vec<&String> = some.iter().map(|(article, _)| article).collect();
            let right: Vec<&String> = some.iter().flat_map(|(_, ids)| ids).collect();
            let right = right.chunks(MOST_VALUES).map(|ids| json!({ "terms": { Field::Id.name(): ids } }));
            let written = json!({ "term": { super::mapping::WRITTEN: self.run } });
            let body = json!({ "query": { "bool": {
                "filter": [{ "terms": { Field::Article.name(): articles } }],
                "must_not": right.chain([written]).collect::<Vec<Json>>(),
            } } });
            let path = format!("/{}/_delete_by_query?conflicts=proceed&refresh=true", self.index.index);
            self.until_whole(&path, &body, |reply| {
                let failed = reply["failures"].as_array().is_some_and(|failures| !failures.is_empty());
                Ok(failed.then(|| "some documents could not be deleted".to_owned()))
            })?;
        }
        Ok(())
    }

    /// Brings the ledger on the cluster up to date: the parts that changed. The first part of a file goes last, since
    /// it says whether the file was read to its end.
    fn save(&mut self, ledger: &Ledger, changed: &BTreeSet<String>) -> Result<(), IndexError> {
        let (mut rest, mut first) = (Vec::new(), Vec::new());
        for path in changed {
            let before = self.saved.remove(path).unwrap_or_default();
            let parts = ledger.files.get(path).into_iter().flat_map(|file| FileLine::parts(path, file, PART));
            let mut now = Vec::new();
            for (part, file) in parts.enumerate() {
                now.push(file.sum());
                if before.get(part) == now.last() {
                    continue;
                }
                let body = if part == 0 { &mut first } else { &mut rest };
                line(&json!({ "index": { "_id": file_key(path, part) } }), body);
                line(&json!({ "path": path, "part": part, "body": file }), body);
                self.save_if(&mut rest, BATCH)?;
            }
            for part in now.len()..before.len() {
                let body = if part == 0 { &mut first } else { &mut rest };
                line(&json!({ "delete": { "_id": file_key(path, part) } }), body);
            }
            if !now.is_empty() {
                self.saved.insert(path.clone(), now);
            }
            if first.len() >= BATCH {
                self.save_if(&mut rest, 1)?;
                self.save_if(&mut first, 1)?;
            }
        }
        self.save_if(&mut rest, 1)?;
        self.save_if(&mut first, 1)
    }

    fn save_if(&self, body: &mut Vec<u8>, at_least: usize) -> Result<(), IndexError> {
        if body.len() >= at_least {
            self.index.bulk(&self.index.ledger_index(), std::mem::take(body))?;
        }
        Ok(())
    }

    /// Ends the load, and those that were killed before it: documents are seen as they come again.
    pub fn close(mut self) -> Result<(), IndexError> {
        self.batches = None;
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
        if !self.killed.is_empty() {
            self.begin()?;
        }
        for mark in &self.killed {
            self.index.unmark(mark)?;
        }
        self.load.map_or(Ok(()), Load::end)
    }
}

fn file_key(path: &str, part: usize) -> String {
    format!("{:032x}-{part}", xxh3_128(key(path).as_bytes()))
}

/// The lines of each item of a bulk body: a deletion is one line, anything else two.
fn items(body: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    let mut lines = body.split_inclusive(|&byte| byte == b'\n');
    while let Some(head) = lines.next() {
        let more = if head.starts_with(b"{\"delete\"") { 0 } else { lines.next().map_or(0, <[u8]>::len) };
        let start = head.as_ptr() as usize - body.as_ptr() as usize;
        items.push(&body[start..start + head.len() + more]);
    }
    items
}

impl RemoteIndex {
    /// Sends a bulk body until every item of it is taken, in parts where it is too large for what lies before the cluster;
    /// items the cluster is too busy for are sent again, those it refuses are an error that counts them.
    fn bulk(&self, index: &str, mut body: Vec<u8>) -> Result<(), IndexError> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let path = format!("/{index}/_bulk?filter_path=errors,items.*.status,items.*.error,items.*._id");
            let reply = self.call(Method::POST, &path, &body)?;
            let sent = items(&body);
            if reply.status == 413 && sent.len() > 1 {
                let half = sent[..sent.len() / 2].concat();
                let rest = body.split_off(half.len());
                self.bulk(index, half)?;
                body = rest;
                continue;
            }
            let reply = self.fine(reply, "write")?;
            if reply["errors"] == false {
                return Ok(());
            }
            let answered = reply["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            if answered.len() != sent.len() {
                return Err(self.failed("write", "the answer does not match what was sent".to_owned()));
            }
            let mut again = Vec::new();
            let mut refused = Vec::new();
            for (lines, item) in sent.into_iter().zip(answered) {
                let item = item.as_object().and_then(|item| item.values().next()).unwrap_or(&Json::Null);
                let reason = item["error"]["reason"].as_str().unwrap_or_default();
                match item["status"].as_u64().unwrap_or(500) {
                    200..300 => {}
                    404 if lines.starts_with(b"{\"delete\"") => {}
                    403 | 429 if reason.contains("flood") => refused.push((item, reason)),
                    429 | 500..600 => again.extend_from_slice(lines),
                    _ => refused.push((item, reason)),
                }
            }
            if let Some((item, reason)) = refused.first() {
                let why = format!(
                    "{} documents were refused, the first, `{}`, because: {reason}",
                    refused.len(),
                    item["_id"].as_str().unwrap_or_default()
                );
                let hint = "everything else of this batch was taken; run `onrecord index` again to finish";
                return Err(self.failed("write", why).with_hint(blocked(reason).unwrap_or(hint)));
            }
            if again.is_empty() {
                return Ok(());
            }
            if started.elapsed() > BUSY {
                let why = "it was too busy, or missed shards, for some documents for minutes";
                return Err(self
                    .failed("write", why.to_owned())
                    .with_hint("run `onrecord index` again later"));
            }
            body = again;
            thread::sleep(pause);
            // short enough to go on soon after a node is back
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn items_are_cut_at_their_lines() {
        let body = b"{\"index\":{}}\n{\"a\":1}\n{\"delete\":{}}\n{\"index\":{}}\n{\"a\":2}\n";
        let lengths: Vec<usize> = items(body).iter().map(|item| item.len()).collect();
        assert_eq!(lengths, [21, 14, 21]);
    }
}
