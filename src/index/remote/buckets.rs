//! What a cluster counted: pages of buckets, read with no more memory than their values need.

use super::client::Reply;
use crate::index::counts::Counted;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};
use std::borrow::Cow;
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

/// Buckets on a page, fewer than OpenSearch's `search.max_buckets`.
pub(super) const MOST: usize = 60_000;
const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// The answers to several counts in one call.
#[derive(Debug, Deserialize)]
pub(super) struct Answers {
    pub(super) responses: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    status: Option<u16>,
    error: Option<Json>,
    pub(super) timed_out: Option<bool>,
    #[serde(rename = "_shards")]
    pub(super) shards: Option<Shards>,
    #[serde(rename = "aggregations")]
    pub(super) counted: Option<Values>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Shards {
    pub(super) failed: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Values {
    pub(super) values: Page,
}

/// Buckets in order of their values, and after which the next page begins.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    #[serde(deserialize_with = "in_one_place")]
    pub(super) buckets: Vec<Bucket>,
    #[serde(default, rename = "after_key")]
    pub(super) after: Json,
}

#[derive(Debug, Deserialize)]
pub(super) struct Bucket {
    pub(super) key: Key,
    #[serde(rename = "doc_count")]
    pub(super) documents: u64,
}

/// The values of a bucket, and the group of its documents where they are in one.
#[derive(Debug, Deserialize)]
pub(super) struct Key {
    #[serde(rename = "0")]
    pub(super) value: Counted,
    #[serde(rename = "1")]
    pub(super) second: Option<Counted>,
    pub(super) group: Option<Group>,
}

/// What a group is called (xxh3, 128 bit), as bytes: a number of that size would make every bucket larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Group([u8; 16]);

impl Group {
    pub(super) fn named(name: &str) -> Group {
        Group(xxh3_128(name.as_bytes()).to_ne_bytes())
    }

    pub(super) fn number(self) -> u128 {
        u128::from_ne_bytes(self.0)
    }
}

impl Answers {
    /// Reads what was answered: several counts in one call are as good as the worst of them.
    pub(super) fn read(status: u16, bytes: &[u8]) -> serde_json::Result<Reply<Answers>> {
        if status >= 400 {
            return Ok(Reply { status, body: Err(serde_json::from_slice(bytes).unwrap_or_default()) });
        }
        let answers: Answers = serde_json::from_slice(bytes)?;
        let failed =
            answers.responses.iter().find_map(|answer| Some((answer.status, answer.error.as_ref()?)));
        Ok(match failed {
            Some((status, error)) => {
                Reply { status: status.unwrap_or(500), body: Err(json!({ "error": error })) }
            }
            None => Reply { status, body: Ok(answers) },
        })
    }
}

/// Reads buckets into room for all that a page can have: what of it is never touched costs nothing, and to grow would copy.
fn in_one_place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Bucket>, D::Error> {
    deserializer.deserialize_seq(Buckets)
}

struct Buckets;

impl<'de> Visitor<'de> for Buckets {
    type Value = Vec<Bucket>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("buckets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Vec<Bucket>, A::Error> {
        let mut buckets = Vec::with_capacity(MOST);
        while let Some(bucket) = all.next_element()? {
            buckets.push(bucket);
        }
        Ok(buckets)
    }
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
        deserializer.deserialize_any(Value)
    }
}

struct Value;

impl Visitor<'_> for Value {
    type Value = Counted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a day in milliseconds")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Counted, E> {
        Ok(Counted::Name(name.to_owned()))
    }

    fn visit_i64<E: Error>(self, at: i64) -> Result<Counted, E> {
        Ok(Counted::Day(at.div_euclid(MILLISECONDS_A_DAY)))
    }

    fn visit_u64<E: Error>(self, at: u64) -> Result<Counted, E> {
        i64::try_from(at).map_err(E::custom).and_then(|at| self.visit_i64(at))
    }
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Group, D::Error> {
        Name::deserialize(deserializer).map(|Name(name)| Group::named(&name))
    }
}

/// A name that is looked at where it was read.
#[derive(Deserialize)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

#[cfg(test)]
mod tests {
    use super::{Answers, Group};
    use crate::index::counts::Counted;

    #[test]
    fn buckets_are_values_and_groups() {
        let answer = br#"{"took":1,"responses":[{"status":200,"timed_out":false,"_shards":{"total":3,"failed":0},
            "hits":{"hits":[]},"aggregations":{"values":{"after_key":{"0":-1,"group":"s"},"buckets":[
            {"key":{"0":86400000,"group":null},"doc_count":3},{"key":{"0":-1,"1":"Zo\u00eb","group":"s"},"doc_count":2}]}}}]}"#;
        let mut answers = Answers::read(200, answer).unwrap().body.unwrap().responses;
        let page = answers.remove(0).counted.unwrap().values;
        let [first, second] = &page.buckets[..] else { panic!("{page:?}") };
        assert_eq!((&first.key.value, first.key.group, first.documents), (&Counted::Day(1), None, 3));
        assert_eq!(second.key.value, Counted::Day(-1));
        assert_eq!(second.key.second, Some(Counted::Name("Zoë".to_owned())));
        assert_eq!(second.key.group, Some(Group::named("s")));
        assert_eq!(page.after["group"], "s");
    }

    #[test]
    fn the_worst_of_several_is_what_was_answered() {
        let answer = br#"{"responses":[{"status":200},{"status":503,"error":{"type":"a","reason":"busy"}}]}"#;
        let reply = Answers::read(200, answer).unwrap();
        assert_eq!((reply.status, reply.reason().as_str()), (503, "busy (a)"));
        assert!(Answers::read(200, b"{\"responses\":[").is_err());
    }
}
