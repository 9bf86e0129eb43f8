//! Asking a cluster: how many documents a query finds, and the documents themselves in order.

use super::cluster::RemoteIndex;
use super::mapping::{STORY_OR_ID, kept};
use super::translate::translate;
use crate::answer::{Distinct, Order, OwnFilters, Totals};
use crate::document::{Document, Value};
use crate::index::counts::kept_order;
use crate::index::{Cluster, Found, IndexError, speakers};
use crate::query::aliases::Aliases;
use crate::query::{Matching, Query};
use index_schema::{FIELDS, Field, Kept, Kind};
use serde_json::{Value as Json, json};
use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use ureq::http::Method;
use xxhash_rust::xxh3::xxh3_128;

/// Documents asked for at one time.
const DOCUMENTS: usize = 200;
/// Ids asked for at one time.
const IDS: usize = 10_000;
/// The ranks that a search gives without a point in time: OpenSearch's `index.max_result_window`.
const WINDOW: usize = 10_000;

/// Asks an index on a cluster.
pub struct RemoteReader {
    pub(super) index: RemoteIndex,
    pub(in crate::index) aliases: Aliases,
}

impl RemoteReader {
    /// The index on the cluster; what the user keeps of it lies in the folder `beside`.
    pub fn open(cluster: &Cluster, beside: &Path) -> Result<RemoteReader, IndexError> {
        Ok(RemoteReader { index: RemoteIndex::open(cluster)?, aliases: speakers::read(beside)? })
    }

    pub(super) fn translated(&self, query: &Query) -> Json {
        translate(&self.aliases.widen(query))
    }

    pub(super) fn search(&self, body: &Json) -> Result<Json, IndexError> {
        self.index.search(&self.index.alias, body)
    }

    /// What is asked of the cluster for a query.
    pub fn runs(&self, query: &Query) -> Result<String, IndexError> {
        Ok(self.translated(query).to_string())
    }

    /// How many documents the query finds, or of how many articles, each story once or not.
    pub fn count(&self, query: &Query, distinct: Distinct) -> Result<u64, IndexError> {
        if distinct != Distinct::Document {
            return Ok(self.counted(query, &[], OwnFilters::Kept, distinct)?.0.hits());
        }
        let body = json!({ "size": 0, "track_total_hits": true, "query": self.translated(query) });
        let count = self.search(&body)?["hits"]["total"]["value"].as_u64();
        count.ok_or_else(|| self.index.failed("ask", "its answer holds no count"))
    }

    /// Gives how many the query finds, with the documents of these ranks, whole and in order, in batches: in one request
    /// where a page holds them.
    pub fn answer(
        &self,
        query: &Query,
        order: Order,
        distinct: Distinct,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Totals, Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        let mut body = self.ordered(query, order)?;
        body["aggs"] = self.beside(query, distinct);
        body["size"] = 0.into();
        let fits = ranks.end <= WINDOW && ranks.len() <= DOCUMENTS;
        if fits {
            body["from"] = ranks.start.into();
            body["size"] = ranks.len().into();
            if let Some(group) = group(distinct) {
                body["collapse"] = json!({ "field": group });
            }
        }
        let mut reply = self.search(&body)?;
        let counts = self.counts(reply["aggregations"].take(), query, distinct)?;
        let mut with_versions = |mut found: Vec<Found>| {
            found.iter_mut().for_each(|found| found.more = counts.more(&found.document));
            give(counts.totals, found)
        };
        let goes_on = with_versions(hits(reply).iter().map(found).collect());
        if fits || counts.totals.all() == 0 || !goes_on {
            return Ok(());
        }
        self.found(query, order, distinct, ranks, &mut with_versions)
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
        let body = self.ordered(query, order)?;
        match group(distinct) {
            None => self.all(body, ranks, give),
            Some(group) => self.firsts(body, group, ranks, give),
        }
    }

    /// The query, and its order.
    fn ordered(&self, query: &Query, order: Order) -> Result<Json, IndexError> {
        let order = kept_order(order, query);
        let mut asked = self.translated(query);
        if let Order::Recent { half_life } = order
            && let Some(newest) = self.newest()?
        {
            asked = recent(asked, &newest, half_life);
        }
        Ok(json!({ "query": asked, "sort": sort(order) }))
    }

    fn all(
        &self,
        body: Json,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        let mut rank = 0;
        self.each(body, DOCUMENTS, ranks.end, &mut |page| {
            let skipped = ranks.start.saturating_sub(rank).min(page.len());
            rank += page.len();
            give(page[skipped..].iter().map(found).collect())
        })
    }

    /// The first of each group, hits being looked at until there are enough: a search can be collapsed in its first ranks
    /// only.
    fn firsts(
        &self,
        mut body: Json,
        group: &str,
        ranks: Range<usize>,
        give: &mut dyn FnMut(Vec<Found>) -> bool,
    ) -> Result<(), IndexError> {
        body["docvalue_fields"] = json!([group]);
        let mut seen: HashSet<u128> = HashSet::new();
        self.each(body, DOCUMENTS, usize::MAX, &mut |page| {
            let mut firsts = Vec::new();
            for hit in page {
                let name = hit["fields"][group][0].as_str().unwrap_or_default();
                let rank = seen.len();
                if seen.insert(xxh3_128(name.as_bytes())) && ranks.contains(&rank) {
                    firsts.push(found(hit));
                }
            }
            (firsts.is_empty() || give(firsts)) && seen.len() < ranks.end
        })
    }

    /// The day of the newest document.
    fn newest(&self) -> Result<Option<String>, IndexError> {
        let newest = json!({ "max": { "field": Field::Date.name(), "format": "yyyy-MM-dd" } });
        let reply = self.search(&json!({ "size": 0, "aggs": { "newest": newest } }))?;
        Ok(reply["aggregations"]["newest"]["value_as_string"].as_str().map(str::to_owned))
    }

    /// The document of that id.
    pub fn by_id(&self, id: &str) -> Result<Option<Document>, IndexError> {
        let query = Query::Value { field: Field::Id, value: id.to_owned(), matching: Matching::Exact };
        let mut all = Vec::new();
        self.found(&query, Order::Newest, Distinct::Document, 0..1, &mut |found| {
            all.extend(found);
            true
        })?;
        Ok(all.pop().map(|found| found.document))
    }

    /// The ids of everything the query finds, in their order.
    pub fn ids(&self, query: &Query) -> Result<Vec<String>, IndexError> {
        let sort = json!([{ Field::Id.name(): "asc" }]);
        let body = json!({ "query": self.translated(query), "sort": sort, "_source": false });
        let mut ids = Vec::new();
        self.each(body, IDS, usize::MAX, &mut |page| {
            ids.extend(page.iter().filter_map(|hit| hit["sort"][0].as_str()).map(str::to_owned));
            true
        })?;
        Ok(ids)
    }

    /// Gives the first `wanted` hits of a sorted search in pages, until `give` says `false`. What one page does not hold
    /// is read as of one point in time, however long it takes.
    fn each(
        &self,
        mut body: Json,
        size: usize,
        wanted: usize,
        give: &mut dyn FnMut(&[Json]) -> bool,
    ) -> Result<(), IndexError> {
        let first = wanted.min(size);
        body["size"] = first.into();
        let page = hits(self.search(&body)?);
        if page.len() < first || first == wanted {
            give(&page);
            return Ok(());
        }
        drop(page);
        let moment = self.moment()?;
        let read = self.each_as_of(&moment, body, size, wanted, give);
        // The cluster forgets a point in time by itself; to say so only spares it the wait.
        let gone = json!({ "pit_id": [moment] }).to_string();
        let path = "/_search/point_in_time";
        let _ = self.index.call(Method::DELETE, path, gone.as_bytes());
        read
    }

    fn each_as_of(
        &self,
        moment: &str,
        mut body: Json,
        size: usize,
        wanted: usize,
        give: &mut dyn FnMut(&[Json]) -> bool,
    ) -> Result<(), IndexError> {
        body["pit"] = json!({ "id": moment, "keep_alive": KEPT });
        let mut given = 0;
        while given < wanted {
            let most = size.min(wanted - given);
            body["size"] = most.into();
            let page = hits(self.index.search("", &body)?);
            given += page.len();
            let Some(last) = page.last() else { return Ok(()) };
            body["search_after"] = last["sort"].clone();
            if !give(&page) || page.len() < most {
                return Ok(());
            }
        }
        Ok(())
    }

    fn moment(&self) -> Result<String, IndexError> {
        let path = format!(
            "/{}/_search/point_in_time?keep_alive={KEPT}&allow_partial_pit_creation=false",
            self.index.alias
        );
        let reply = self.index.post(&path, &json!({}))?;
        let reply = self.index.fine(reply, "ask")?;
        let id = reply["pit_id"].as_str().map(str::to_owned);
        id.ok_or_else(|| self.index.failed("ask", "its answer holds no point in time"))
    }
}

/// By what hits are grouped, of which the first is given.
fn group(distinct: Distinct) -> Option<&'static str> {
    match distinct {
        Distinct::Document => None,
        Distinct::Story => Some(STORY_OR_ID),
        Distinct::Article => Some(Field::Article.name()),
    }
}

/// How long the cluster keeps a point in time between two pages.
const KEPT: &str = "5m";

fn sort(order: Order) -> Json {
    let by = |field: Field, direction: &str| json!({ field.name(): direction });
    let newest = by(Field::Date, "desc");
    let (article, id) = (by(Field::Article, "asc"), by(Field::Id, "asc"));
    match order {
        Order::Relevance | Order::Recent { .. } => json!([{ "_score": "desc" }, newest, article, id]),
        Order::Newest => json!([newest, article, id]),
        Order::Oldest => json!([by(Field::Date, "asc"), article, id]),
        Order::Speaker => json!([by(Field::Speaker, "asc"), newest, article, id]),
    }
}

/// The query with a score halved for every so many days before the newest.
fn recent(query: Json, newest: &str, half_life: u32) -> Json {
    let dated = json!({ "exists": { "field": Field::Date.name() } });
    let halved = json!({ "origin": newest, "scale": format!("{half_life}d"), "decay": 0.5 });
    json!({ "function_score": {
        "query": query,
        "functions": [
            { "filter": dated, "exp": { Field::Date.name(): halved } },
            { "filter": { "bool": { "must_not": [dated] } }, "weight": 0 },
        ],
    } })
}

fn hits(mut reply: Json) -> Vec<Json> {
    match reply["hits"]["hits"].take() {
        Json::Array(hits) => hits,
        _ => Vec::new(),
    }
}

/// The document of a hit, as the local index gives it.
fn found(hit: &Json) -> Found {
    let source = &hit["_source"];
    let mut document = Document::default();
    for spec in FIELDS.iter().filter(|spec| spec.kept != Kept::Not) {
        let values = match kept(spec) {
            Some(kept) => &source[kept],
            None => &source[spec.name],
        };
        for value in values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice) {
            match (value.as_str(), spec.kind) {
                (Some(day), Kind::Day) => {
                    document.values.extend(day.parse().map(|day| (spec.field, Value::Day(day))))
                }
                (Some(text), _) => document.text(spec.field, text),
                (None, _) => {}
            }
        }
    }
    document.text(Field::Text, source[Field::Body.name()].as_str().unwrap_or_default());
    Found { document, score: hit["_score"].as_f64().unwrap_or(0.0) as f32, more: 0 }
}

#[cfg(test)]
mod tests {
    use super::{found, recent};
    use index_schema::Field;
    use serde_json::json;

    #[test]
    fn a_score_is_halved_by_age() {
        let asked = recent(json!({ "match_all": {} }), "2024-03-04", 30);
        let functions = &asked["function_score"]["functions"];
        let halved = json!({ "origin": "2024-03-04", "scale": "30d", "decay": 0.5 });
        assert_eq!(functions[0]["exp"]["date"], halved);
        assert_eq!(functions[1]["weight"], 0);
        assert_eq!(asked["function_score"]["query"], json!({ "match_all": {} }));
    }

    #[test]
    fn a_hit_is_a_document() {
        let source = json!({
            "id": "a#1", "kind": "statement", "title_kept": "Trams", "body": "It ran late", "path": ["a:1", "b:3"],
            "date": "2024-03-04",
        });
        let found = found(&json!({ "_score": 1.5, "_source": source }));
        assert_eq!(found.score, 1.5);
        assert_eq!(found.document.first(Field::Title), Some("Trams"));
        assert_eq!(found.document.first(Field::Text), Some("It ran late"));
        assert_eq!(found.document.all(Field::Path).collect::<Vec<_>>(), ["a:1", "b:3"]);
        assert_eq!(found.document.first_day(Field::Date), Some(jiff::civil::date(2024, 3, 4)));
    }
}
