//! How many a question finds, counted in the request that finds it.

use super::ask::RemoteReader;
use super::buckets::{Bucket, Group, Page};
use super::count::Asked;
use crate::answer::{Distinct, Totals};
use crate::document::Document;
use crate::index::IndexError;
use crate::index::counts::Counted;
use crate::query::Query;
use index_schema::Field;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};

/// Stories of one kind, or articles, that are counted beside hits; of more, page by page.
const BESIDE: usize = 20_000;

/// What is counted beside the hits of a question.
pub(super) struct Counts {
    pub(super) totals: Totals,
    /// How many documents each story has that has several.
    stories: HashMap<Group, u64>,
}

impl Counts {
    pub(super) fn new(distinct: Distinct) -> Counts {
        let of_articles = (distinct == Distinct::Article).then_some(0);
        Counts { totals: Totals { of_articles, ..Totals::default() }, stories: HashMap::new() }
    }

    /// Counts buckets of the [`Asked`] of that number.
    pub(super) fn add(&mut self, number: usize, buckets: Vec<Bucket>) {
        if number > 0 {
            self.totals.of_articles = self.totals.of_articles.map(|articles| articles + buckets.len() as u64);
            return;
        }
        for Bucket { key, documents } in buckets {
            let Counted::Name(kind) = key.value else { continue };
            let Some(story) = key.group else {
                self.totals.add(&kind, documents);
                continue;
            };
            self.totals.add(&kind, 1);
            if documents > 1 {
                self.totals.versions += documents - 1;
                self.stories.insert(story, documents);
            }
        }
    }

    /// How many more versions of a document there are.
    pub(super) fn more(&self, document: &Document) -> u64 {
        let story = document.first(Field::Story).and_then(|story| self.stories.get(&Group::named(story)));
        story.map_or(0, |documents| documents - 1)
    }
}

impl RemoteReader {
    /// What to aggregate over the documents of a question, beside its hits.
    pub(super) fn beside(&self, query: &Query, distinct: Distinct) -> Json {
        let asked = self.asked(query, distinct).into_iter().enumerate();
        asked.map(|(number, asked)| (number.to_string(), asked.page(BESIDE, &Json::Null))).collect()
    }

    /// What was aggregated beside the hits of `query`, exact however much it is.
    pub(super) fn counts(
        &self,
        beside: Json,
        query: &Query,
        distinct: Distinct,
    ) -> Result<Counts, IndexError> {
        let pages =
            BTreeMap::<usize, Page>::deserialize(beside).map_err(|cause| self.index.failed("ask", cause))?;
        let mut counts = Counts::new(distinct);
        if pages.values().any(|page| page.buckets.len() == BESIDE) {
            self.buckets(&self.asked(query, distinct), &mut |number, buckets| counts.add(number, buckets))?;
        } else {
            pages.into_iter().for_each(|(number, page)| counts.add(number, page.buckets));
        }
        Ok(counts)
    }

    /// What to count of the documents of a question.
    pub(super) fn asked(&self, query: &Query, distinct: Distinct) -> Vec<Asked> {
        let asked = |field, group| Asked { within: self.translated(query), fields: vec![field], group };
        match distinct {
            Distinct::Document => vec![asked(Field::Kind, None)],
            Distinct::Story => vec![asked(Field::Kind, Some(Field::Story.name()))],
            Distinct::Article => vec![asked(Field::Kind, None), asked(Field::Article, None)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::buckets::Page;
    use super::Counts;
    use crate::answer::{Distinct, Totals};
    use crate::document::Document;
    use index_schema::Field;
    use serde::Deserialize;
    use serde_json::json;

    #[test]
    fn versions_count_once_and_are_told() {
        let bucket =
            |story, documents| json!({ "key": { "0": "article", "group": story }, "doc_count": documents });
        let page = json!({ "buckets": [bucket(None, 5), bucket(Some("s"), 3), bucket(Some("t"), 1)] });
        let mut counted = Counts::new(Distinct::Story);
        counted.add(0, Page::deserialize(page).unwrap().buckets);
        assert_eq!(counted.totals, Totals { articles: 7, versions: 2, ..Totals::default() });
        let of = |story: &str| {
            let mut document = Document::default();
            document.text(Field::Story, story);
            counted.more(&document)
        };
        assert_eq!([of("s"), of("t"), of("u")], [2, 0, 0]);
    }
}
