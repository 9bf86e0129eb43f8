//! What the words of an index suggest: who is meant by a name, a likelier spelling, the words that tell a text apart.

use super::{IndexError, Reader};
use crate::answer::{By, Distinct, FacetCount, OwnFilters};
use crate::document::Document;
use crate::query::{Matching, Query, words_of};
use crate::terms::{self, Words};
use index_schema::Field;
use std::collections::{BTreeMap, BTreeSet};

/// How many words of a text are looked up to tell what it is about.
const MOST_WORDS: usize = 2_000;

/// The letters of the longest initials that are asked for where people bear the word as a name.
const MOST_INITIALS: usize = 4;

impl Reader {
    /// The speakers whose names hold all of the folded words and whose roles or organisations all of `role`, the most
    /// quoted first: people, or those of exactly that name or its initials who are quoted more.
    pub fn speakers(&self, words: &[String], role: &[String]) -> Result<Vec<String>, IndexError> {
        let by = By { field: Field::Speaker, unit: None };
        let word = |field: Field, word: &String| Query::Word { field, word: word.clone() };
        let names = words.iter().map(|name| word(Field::SpeakerWords, name));
        let roles =
            role.iter().map(|role| Query::any([word(Field::RoleWords, role), word(Field::OrgWords, role)]));
        let named = Query::all(names.chain(roles));
        let count = |kind: Query| -> Result<Vec<FacetCount>, IndexError> {
            let facets =
                self.facets(&Query::all([named.clone(), kind]), &[by], OwnFilters::Kept, Distinct::Document)?;
            Ok(facets.into_iter().flat_map(|facet| facet.values).collect())
        };
        let people = count(Query::value(Field::SpeakerKind, "person"))?;
        let whole = words.join(" ");
        let is_whole = |name: &String| {
            let folded = terms::folded(name);
            folded == whole
                || folded.strip_prefix("the ") == Some(whole.as_str())
                || terms::initials(name).as_deref() == Some(whole.as_str())
        };
        // `IMF` is in few people's names, and is quoted more
        let may_be_initials = words.len() == 1 && whole.len() <= MOST_INITIALS;
        if !people.is_empty() && !may_be_initials {
            return Ok(people.into_iter().map(|counted| counted.value).collect());
        }
        let quoted = people.first().map_or(0, |person| person.count);
        let wholes = count(Query::Not(Box::new(Query::value(Field::SpeakerKind, "person"))))?.into_iter();
        let wholes: Vec<FacetCount> =
            wholes.filter(|counted| counted.count > quoted && is_whole(&counted.value)).collect();
        let meant = if wholes.is_empty() { people } else { wholes };
        Ok(meant.into_iter().map(|counted| counted.value).collect())
    }

    /// The query with each plain word that the index does not have replaced by the nearest that it has; `None` where
    /// there is nothing to replace.
    pub fn spelled(&self, query: &Query) -> Result<Option<Query>, IndexError> {
        let mut changed = false;
        let spelled = self.respell(query, &mut changed)?;
        Ok(changed.then_some(spelled))
    }

    fn respell(&self, query: &Query, changed: &mut bool) -> Result<Query, IndexError> {
        let mut all = |clauses: &[Query]| -> Result<Vec<Query>, IndexError> {
            clauses.iter().map(|clause| self.respell(clause, changed)).collect()
        };
        Ok(match query {
            Query::All(clauses) => Query::All(all(clauses)?),
            Query::Any(clauses) => Query::Any(all(clauses)?),
            Query::Word { field, word } => match self.nearest(*field, word)? {
                Some(near) => {
                    *changed = true;
                    Query::Word { field: *field, word: near }
                }
                None => query.clone(),
            },
            Query::Phrase { field, words } => {
                let mut near = words.clone();
                for word in &mut near {
                    if let Some(nearest) = self.nearest(*field, word)? {
                        *changed = true;
                        *word = nearest;
                    }
                }
                Query::Phrase { field: *field, words: near }
            }
            Query::Value { field, value, matching: Matching::Alike } if words_of(*field).is_some() => {
                let mut near = terms::words(value);
                let mut other = false;
                for word in &mut near {
                    if let Some(nearest) = self.nearest(words_of(*field).unwrap_or(*field), word)? {
                        other = true;
                        *word = nearest;
                    }
                }
                *changed |= other;
                let value = if other { near.join(" ") } else { value.clone() };
                Query::Value { field: *field, value, matching: Matching::Alike }
            }
            other => other.clone(),
        })
    }

    /// The most frequent of the words nearest to one that stands nowhere.
    fn nearest(&self, field: Field, word: &str) -> Result<Option<String>, IndexError> {
        let forms = match field {
            Field::Stem | Field::Text => Field::Text,
            Field::TitleStem | Field::Title => Field::Title,
            Field::SpeakerWords | Field::RoleWords | Field::OrgWords => field,
            _ => return Ok(None),
        };
        let there = match field {
            Field::Stem | Field::TitleStem => self.frequencies(field, &[terms::stem(word)])?,
            _ => self.frequencies(forms, &[word.to_owned()])?,
        };
        if word.chars().count() < 3 || there != [0] {
            return Ok(None);
        }
        for edits in 1..=if word.chars().count() > 5 { 2 } else { 1 } {
            let found = either!(Reader, self, reader => reader.similar(forms, word, edits))?;
            // the first letter is seldom wrong
            let best = found
                .into_iter()
                .max_by_key(|(term, count)| (term.chars().next() == word.chars().next(), *count));
            if let Some((best, _)) = best {
                return Ok(Some(best));
            }
        }
        Ok(None)
    }

    /// The `most` words of a document that tell it best from others: frequent in it, rare in the index.
    pub fn telling_words(&self, document: &Document, most: usize) -> Result<Vec<String>, IndexError> {
        let title = document.first(Field::Title).unwrap_or_default();
        let text = document.first(Field::Text).unwrap_or_default();
        // by stem, with one form of it
        let mut counted: BTreeMap<String, (u32, String)> = BTreeMap::new();
        for (part, weight) in [(title, 3), (text, 1)] {
            let mut words = Words::new(part);
            let mut word = String::new();
            for _ in 0..MOST_WORDS {
                if words.next_into(&mut word).is_none() {
                    break;
                }
                if word.chars().count() > 2 && !crate::query::words::is_stop_word(&word) {
                    let entry = counted.entry(terms::stem(&word)).or_insert_with(|| (0, word.clone()));
                    entry.0 += weight;
                }
            }
        }
        let documents = self.count(&Query::Everything, Distinct::Document)? as f64;
        let stems: Vec<String> = counted.keys().cloned().collect();
        let mut weighed = Vec::new();
        for ((count, word), held) in counted.into_values().zip(self.frequencies(Field::Stem, &stems)?) {
            let held = held as f64;
            if held > 1.0 {
                weighed.push((f64::from(count.min(6)) * (documents / held).ln(), word));
            }
        }
        weighed.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
        let chosen: BTreeSet<String> = weighed.into_iter().take(most).map(|(_, word)| word).collect();
        Ok(chosen.into_iter().collect())
    }

    /// In how many documents each of the terms stands.
    fn frequencies(&self, field: Field, terms: &[String]) -> Result<Vec<u64>, IndexError> {
        either!(Reader, self, reader => reader.frequencies(field, terms))
    }
}
