//! A [`Query`] becomes the query DSL of OpenSearch, clause by clause, over the same terms as the local index.

use super::mapping::alike;
use crate::query::{Matching, Query};
use crate::terms;
use index_schema::{Field, Kind};
use serde_json::{Value as Json, json};

/// How many values one look-up may name: OpenSearch's `index.max_terms_count`.
pub(super) const MOST_VALUES: usize = 65_536;

/// The DSL that finds the same documents, with the same weights.
pub(super) fn translate(query: &Query) -> Json {
    match query {
        Query::Everything => filter(json!({ "match_all": {} })),
        Query::Word { field, word } => match field.spec().kind {
            Kind::Stems => term(*field, &terms::stem(word)),
            _ if matches!(field, Field::Text | Field::Title) => term(*field, word),
            _ => filter(term(*field, word)),
        },
        Query::Phrase { field, words } => somewhere(*field, |field| phrase(field, words)),
        Query::Near { field, parts, gaps, ordered } => {
            somewhere(*field, |field| near(field, parts, *gaps, *ordered))
        }
        Query::Pattern { field, pattern } => somewhere(
            *field,
            |field| json!({ "wildcard": { field.name(): { "value": pattern, "rewrite": "constant_score" } } }),
        ),
        // without `constant_score`, only the first 50 words found would count
        Query::Fuzzy { field, word, edits } => somewhere(*field, |field| {
            json!({ "fuzzy": { field.name(): {
                "value": word, "fuzziness": edits, "transpositions": true, "rewrite": "constant_score",
            } } })
        }),
        Query::Value { field, value, matching } => filter(self::value(*field, value, *matching)),
        Query::Days { field, from: None, to: None } | Query::Present(field) => {
            filter(json!({ "exists": { "field": field.name() } }))
        }
        Query::Days { field, from, to } => {
            let mut range = json!({});
            for (bound, day) in [("gte", from), ("lte", to)] {
                if let Some(day) = day {
                    range[bound] = day.to_string().into();
                }
            }
            filter(json!({ "range": { field.name(): range } }))
        }
        Query::All(clauses) => {
            let (not, must): (Vec<&Query>, Vec<&Query>) =
                clauses.iter().partition(|clause| matches!(clause, Query::Not(_)));
            let must: Vec<Json> = must.into_iter().map(translate).collect();
            let not = not.into_iter().filter_map(|clause| match clause {
                Query::Not(inner) => Some(translate(inner)),
                _ => None,
            });
            all_but(must, not.collect())
        }
        Query::Not(inner) => all_but(Vec::new(), vec![translate(inner)]),
        Query::Any(clauses) if clauses.is_empty() => json!({ "match_none": {} }),
        Query::Any(clauses) => match one_of(clauses) {
            Some(values) => filter(values),
            None => any(clauses.iter().map(translate).collect()),
        },
    }
}

/// Many values of one field are one look-up: as clauses they would be more than a cluster takes.
fn one_of(clauses: &[Query]) -> Option<Json> {
    let exact = |clause: &Query| match clause {
        Query::Value { field, value, matching: Matching::Exact } => Some((*field, value.clone())),
        _ => None,
    };
    let (field, _) = exact(clauses.first()?)?;
    let values = clauses.iter().map(|clause| exact(clause).filter(|(other, _)| *other == field));
    let values: Vec<String> = values.map(|found| found.map(|(_, value)| value)).collect::<Option<_>>()?;
    let look_ups = values.chunks(MOST_VALUES).map(|values| json!({ "terms": { field.name(): values } }));
    let mut look_ups: Vec<Json> = look_ups.collect();
    Some(if look_ups.len() == 1 { look_ups.remove(0) } else { any(look_ups) })
}

/// What a document must be but does not gain by.
fn filter(query: Json) -> Json {
    json!({ "constant_score": { "filter": query, "boost": 0.0 } })
}

fn any(clauses: Vec<Json>) -> Json {
    json!({ "bool": { "should": clauses, "minimum_should_match": 1 } })
}

fn all_but(must: Vec<Json>, not: Vec<Json>) -> Json {
    let must = if must.is_empty() { vec![filter(json!({ "match_all": {} }))] } else { must };
    json!({ "bool": { "must": must, "must_not": not } })
}

fn term(field: Field, value: &str) -> Json {
    json!({ "term": { field.name(): value } })
}

/// In the field; words of no field in a text or in the title of an article.
fn somewhere(field: Field, find: impl Fn(Field) -> Json) -> Json {
    if field != Field::Stem {
        return find(field);
    }
    any(vec![find(Field::Text), find(Field::Title)])
}

/// The words are folded and the analyzer splits at spaces, so that joined they are the same words again.
fn phrase(field: Field, words: &[String]) -> Json {
    match words {
        [] => json!({ "match_none": {} }),
        [word] => term(field, word),
        words => json!({ "match_phrase": { field.name(): words.join(" ") } }),
    }
}

fn near(field: Field, parts: &[Vec<String>], gaps: u32, ordered: bool) -> Json {
    let parts: Vec<Json> = parts
        .iter()
        .map(|part| json!({ "match": { "query": part.join(" "), "max_gaps": 0, "ordered": true } }))
        .collect();
    json!({ "intervals": { field.name(): {
        "all_of": { "intervals": parts, "max_gaps": gaps, "ordered": ordered },
    } } })
}

fn value(field: Field, value: &str, matching: Matching) -> Json {
    match (alike(field.spec()), matching) {
        (None, _) | (_, Matching::Exact) => term(field, value),
        (Some(folded), Matching::Alike) => {
            any(vec![term(field, value), json!({ "term": { folded: terms::spelling(value) } })])
        }
        // the letters with a space between any two of them
        (Some(folded), Matching::Holds) => {
            let letters: Vec<String> =
                value.chars().filter(|c| c.is_alphanumeric()).map(String::from).collect();
            json!({ "regexp": { folded: format!(".*{}.*", letters.join(" ?")) } })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::translate;
    use crate::query::parse::parse;

    fn check(typed: &str, expected: &str) {
        let dsl = translate(&parse(typed).expect("readable")).to_string();
        assert!(dsl.contains(expected), "{typed}\n{dsl}\n{expected}");
    }

    #[test]
    fn each_clause_has_its_words() {
        check("trains", r#"{"term":{"stem":"train"}}"#);
        check("title:tram", r#"{"term":{"title"#);
        check("\"night train\"", r#"{"match_phrase":{"text":"night train"}}"#);
        check("\"night train\"", r#"{"match_phrase":{"title":"night train"}}"#);
        check("\"night train\"~3", r#""max_gaps":3,"ordered":false"#);
        check("night PRE/4 train", r#""max_gaps":3,"ordered":true"#);
        check("nuclear*", r#"{"wildcard":{"text":{"value":"nuclear*","rewrite":"constant_score"}}}"#);
        check("putn~1", r#"{"value":"putn","fuzziness":1,"transpositions":true,"rewrite":"constant_score"}"#);
        check(
            "speaker:harris",
            r#"{"constant_score":{"filter":{"term":{"speaker_words":"harris"}},"boost":0.0}}"#,
        );
        check("speaker:\"Zoë Harris\"", r#"{"term":{"speaker_alike":"zoe harris"}}"#);
        check("source:koreaherald", r#"{"regexp":{"source_alike":".*k ?o ?r ?e ?a ?h ?e ?r ?a ?l ?d.*"}}"#);
        check("country:KR", r#"{"term":{"country":"KR"}}"#);
        check("id:a OR id:b", r#"{"terms":{"id":["a","b"]}}"#);
        check("date:*", r#"{"exists":{"field":"date"}}"#);
        check("-country:KR", r#""must_not":[{"constant_score":{"filter":{"term":{"country":"KR"}}"#);
        check("date:2023-09", r#"{"range":{"date":{"gte":"2023-09-01","lte":"2023-09-30"}}}"#);
        check("date:>=2023-09", r#"{"range":{"date":{"gte":"2023-09-01"}}}"#);
        check("train -tram", r#""must_not":[{"term":{"stem":"tram"}}]"#);
        check(
            "train OR tram",
            r#"{"bool":{"should":[{"term":{"stem":"train"}},{"term":{"stem":"tram"}}],"minimum_should_match":1}}"#,
        );
        check("", r#"{"match_all":{}}"#);
    }
}
