//! Who is who: the spellings and bynames of one speaker, as `speakers.toml` beside the index gives them.

use super::{Matching, Query};
use crate::terms;
use index_schema::Field;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Several names that stand for one speaker. Names that differ only in case, accents or punctuation are one without
/// being listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    /// Folded name or byname to the name shown.
    shown: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    speaker: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

impl Aliases {
    /// Reads `[[speaker]]` tables with `name` and `aliases`. The error says what is wrong, in words for people.
    pub fn read(text: &str) -> Result<Aliases, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        for entry in file.speaker {
            for alias in entry.aliases.iter().chain([&entry.name]) {
                let folded = terms::folded(alias);
                if folded.is_empty() {
                    return Err(format!("`{alias}` holds no letter"));
                }
                match shown.insert(folded, entry.name.clone()) {
                    Some(before) if before != entry.name => {
                        return Err(format!("`{alias}` stands for both `{before}` and `{}`", entry.name));
                    }
                    _ => {}
                }
            }
        }
        Ok(Aliases { shown })
    }

    /// The name to show for a folded one, where the file gives it.
    pub fn shown(&self, folded: &str) -> Option<&str> {
        self.shown.get(folded).map(String::as_str)
    }

    /// Every folded name that means the same speaker as `name`, itself among them.
    pub fn same_as(&self, name: &str) -> Vec<String> {
        let folded = terms::folded(name);
        match self.shown(&folded) {
            Some(shown) => self
                .shown
                .iter()
                .filter(|(_, other)| *other == shown)
                .map(|(alias, _)| alias.clone())
                .collect(),
            None => vec![folded],
        }
    }

    /// The shown names one of whose spellings holds all of the folded `words`.
    pub fn holding(&self, words: &[String]) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .shown
            .iter()
            .filter(|(alias, _)| words.iter().all(|word| alias.split(' ').any(|other| other == word)))
            .map(|(_, shown)| shown.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The query in which a speaker's word also finds those whose listed names hold it.
    pub fn widen(&self, query: Query) -> Query {
        if self.shown.is_empty() {
            return query;
        }
        match query {
            Query::All(clauses) => {
                // the words of one name typed side by side
                let word = |clause: &Query| match clause {
                    Query::Word { field: Field::SpeakerWords, word } => Some(word.clone()),
                    _ => None,
                };
                let words: Vec<String> = clauses.iter().filter_map(word).collect();
                let others = clauses.into_iter().filter(|clause| word(clause).is_none());
                let others: Vec<Query> = others.map(|clause| self.widen(clause)).collect();
                let name = (!words.is_empty()).then(|| self.widen_words(words));
                Query::all(others.into_iter().chain(name))
            }
            Query::Any(clauses) => Query::any(clauses.into_iter().map(|clause| self.widen(clause))),
            Query::Not(clause) => Query::Not(Box::new(self.widen(*clause))),
            Query::Word { field: Field::SpeakerWords, word } => self.widen_words(vec![word]),
            other => other,
        }
    }

    fn widen_words(&self, words: Vec<String>) -> Query {
        let names = self.holding(&words).into_iter().map(|name| Query::Value {
            field: Field::Speaker,
            value: name.to_owned(),
            matching: Matching::Alike,
        });
        let names: Vec<Query> = names.collect();
        let typed =
            Query::all(words.into_iter().map(|word| Query::Word { field: Field::SpeakerWords, word }));
        Query::any(std::iter::once(typed).chain(names))
    }
}

#[cfg(test)]
mod tests {
    use super::Aliases;
    use crate::query::parse::parse;

    const FILE: &str = "[[speaker]]\nname = \"Ada Stone\"\naliases = [\"Lady Stone\", \"A. Stone\"]\n";

    #[test]
    fn listed_names_are_one_speaker() {
        let aliases = Aliases::read(FILE).expect("readable");
        assert_eq!(aliases.shown("lady stone"), Some("Ada Stone"));
        assert_eq!(aliases.same_as("ADA STONE"), ["a stone", "ada stone", "lady stone"]);
        assert_eq!(aliases.same_as("Bo Reed"), ["bo reed"]);
        let widen = |typed: &str| aliases.widen(parse(typed).expect("readable")).to_string();
        assert_eq!(widen("speaker:lady"), "speaker:lady OR speaker:\"Ada Stone\"");
        assert_eq!(widen("speaker:reed kim"), "kim speaker:reed");
    }

    #[test]
    fn a_name_cannot_stand_for_two() {
        assert_eq!(
            Aliases::read(
                "[[speaker]]\nname=\"A B\"\naliases=[\"X\"]\n[[speaker]]\nname=\"C D\"\naliases=[\"x\"]"
            ),
            Err("`x` stands for both `A B` and `C D`".to_owned())
        );
        assert!(Aliases::read("[[speaker]]\nnmae=\"A\"").is_err());
    }
}
