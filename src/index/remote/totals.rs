//! How many a question finds, counted in the request that finds it.

use super::ask::RemoteReader;
use super::count::{Asked, exact, value};
use crate::answer::{Distinct, Totals};
use crate::document::Document;
use crate::index::IndexError;
use crate::query::Query;
use index_schema::Field;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Stories of one kind, or articles, that are counted beside hits; of more, page by page.
const BESIDE: usize = 20_000;

/// What is counted beside the hits of a question.
pub(super) struct Counts {
    pub(super) totals: Totals,
    /// How many documents each story has that has several.
    stories: BTreeMap<String, u64>,
}

impl Counts {
    pub(super) fn new(distinct: Distinct) -> Counts {
        let of_articles = (distinct == Distinct::Article).then_some(0);
        Counts { totals: Totals { of_articles, ..Totals::default() }, stories: BTreeMap::new() }
    }

    /// Counts a bucket of the [`Asked`] of that number.
    pub(super) fn add(&mut self, number: usize, bucket: &Json) {
        let documents = bucket["doc_count"].as_u64().unwrap_or(0);
        let kind = value(bucket, 0).as_str().unwrap_or_default();
        match (number, &mut self.totals.of_articles) {
            (0, _) => self.totals.add(kind, documents),
            (_, Some(articles)) => *articles += 1,
            (_, None) => self.story(kind, value(bucket, 1), documents),
        }
    }

    /// How many more versions of a document there are.
    pub(super) fn more(&self, document: &Document) -> u64 {
        let story = document.first(Field::Story).and_then(|story| self.stories.get(story));
        story.map_or(0, |documents| documents - 1)
    }

    fn story(&mut self, kind: &str, story: &Json, documents: u64) {
        self.totals.add(kind, 1);
        if let (Some(story), 2..) = (story.as_str(), documents) {
            self.totals.versions += documents - 1;
            self.stories.insert(story.to_owned(), documents);
        }
    }
}

/// What to aggregate over the documents of a question.
pub(super) fn aggregations(distinct: Distinct) -> Json {
    let values =
        |field: Field| json!({ "terms": { "field": field.name(), "size": BESIDE, "shard_size": BESIDE } });
    let kinds = values(Field::Kind);
    match distinct {
        Distinct::Document => json!({ "kinds": kinds }),
        Distinct::Story => {
            let alone = json!({ "missing": { "field": Field::Story.name() } });
            let apart = json!({ "alone": alone, "stories": values(Field::Story) });
            json!({ "kinds": { "terms": kinds["terms"], "aggs": apart } })
        }
        Distinct::Article => json!({ "kinds": kinds, "articles": values(Field::Article) }),
    }
}

/// What was aggregated; `None` where the cluster does not say that it is exact.
fn counts(aggregated: &Json, distinct: Distinct) -> Option<Counts> {
    let mut counts = Counts::new(distinct);
    for bucket in exact(&aggregated["kinds"])? {
        let kind = bucket["key"].as_str()?;
        if distinct != Distinct::Story {
            counts.totals.add(kind, bucket["doc_count"].as_u64()?);
            continue;
        }
        counts.totals.add(kind, bucket["alone"]["doc_count"].as_u64()?);
        for story in exact(&bucket["stories"])? {
            counts.story(kind, &story["key"], story["doc_count"].as_u64()?);
        }
    }
    if distinct == Distinct::Article {
        counts.totals.of_articles = Some(exact(&aggregated["articles"])?.len() as u64);
    }
    Some(counts)
}

impl RemoteReader {
    /// What was aggregated over the documents of `query`, exact however many they are.
    pub(super) fn counts(
        &self,
        aggregated: &Json,
        query: &Query,
        distinct: Distinct,
    ) -> Result<Counts, IndexError> {
        if let Some(counts) = counts(aggregated, distinct) {
            return Ok(counts);
        }
        let mut counts = Counts::new(distinct);
        self.buckets(&self.asked(query, distinct), &mut |number, bucket| counts.add(number, bucket))?;
        Ok(counts)
    }

    /// What to count so that it is exact however many there are.
    pub(super) fn asked(&self, query: &Query, distinct: Distinct) -> Vec<Asked> {
        let asked = |within: Query, properties: &[Field]| Asked {
            within: self.translated(&Query::all([query.clone(), within])),
            properties: properties.iter().map(|field| field.name()).collect(),
        };
        let told = Query::Present(Field::Story);
        let alone = Query::Not(Box::new(told.clone()));
        match distinct {
            Distinct::Document => vec![asked(Query::Everything, &[Field::Kind])],
            Distinct::Story => vec![asked(alone, &[Field::Kind]), asked(told, &[Field::Kind, Field::Story])],
            Distinct::Article => {
                vec![asked(Query::Everything, &[Field::Kind]), asked(Query::Everything, &[Field::Article])]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::counts;
    use crate::answer::{Distinct, Totals};
    use crate::document::Document;
    use index_schema::Field;
    use serde_json::{Value as Json, json};

    fn values(buckets: Json, others: u64) -> Json {
        json!({ "doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": buckets })
    }

    fn aggregated(others: u64) -> Json {
        let stories = values(json!([{ "key": "s", "doc_count": 3 }, { "key": "t", "doc_count": 1 }]), others);
        let kinds =
            json!([{ "key": "article", "doc_count": 9, "alone": { "doc_count": 5 }, "stories": stories }]);
        json!({ "kinds": values(kinds, 0) })
    }

    #[test]
    fn versions_count_once_and_are_told() {
        let counted = counts(&aggregated(0), Distinct::Story).unwrap();
        assert_eq!(counted.totals, Totals { articles: 7, versions: 2, ..Totals::default() });
        let of = |story: &str| {
            let mut document = Document::default();
            document.text(Field::Story, story);
            counted.more(&document)
        };
        assert_eq!([of("s"), of("t"), of("u")], [2, 0, 0]);
    }

    #[test]
    fn what_is_not_exact_is_no_count() {
        assert!(counts(&aggregated(1), Distinct::Story).is_none());
        assert!(counts(&json!({}), Distinct::Document).is_none());
    }
}
