//! Who is who: the names that stand for one speaker and the people who share a name, as `speakers.toml` beside the index
//! gives them.

use super::parse::parse;
use super::{Matching, Query};
use crate::terms;
use index_schema::Field;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Several names that stand for one speaker, and names that stand for several. Names that differ only in case, accents or
/// punctuation are one without being listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    /// Folded name or byname to whom it stands for: those with a condition in the order of the file, then the one without.
    meant: BTreeMap<String, Vec<Meant>>,
}

/// A speaker for whom a name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Meant {
    /// The name shown.
    shown: String,
    /// The documents in which the name stands for this speaker; everywhere that it stands for no other, if `None`.
    among: Option<Query>,
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
    #[serde(rename = "where")]
    among: Option<String>,
}

impl Aliases {
    /// Reads `[[speaker]]` tables with `name`, `aliases` and `where`. The error says what is wrong, in words for people.
    pub fn read(text: &str) -> Result<Aliases, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        let mut meant: BTreeMap<String, Vec<Meant>> = BTreeMap::new();
        for Entry { name, aliases, among } in file.speaker {
            let among = match among.as_deref().map(parse) {
                None => None,
                Some(Ok(Query::Everything)) => {
                    return Err(format!("the `where` of `{name}` asks for nothing"));
                }
                Some(Ok(query)) => Some(query),
                Some(Err(error)) => return Err(format!("the `where` of `{name}` is no query: {error}")),
            };
            for alias in aliases.iter().chain([&name]) {
                let folded = terms::folded(alias);
                if folded.is_empty() {
                    return Err(format!("`{alias}` holds no letter"));
                }
                let speakers = meant.entry(folded).or_default();
                let everywhere = speakers.iter().find(|other| other.among.is_none() && among.is_none());
                match everywhere {
                    Some(before) if before.shown == name => {}
                    Some(Meant { shown: before, .. }) => {
                        return Err(format!(
                            "`{alias}` stands for both `{before}` and `{name}`\nhint: `where = \"country:NO\"` under one of \
                             them says in which articles the name is theirs"
                        ));
                    }
                    None => speakers.push(Meant { shown: name.clone(), among: among.clone() }),
                }
            }
        }
        for speakers in meant.values_mut() {
            speakers.sort_by_key(|speaker| speaker.among.is_none());
        }
        Ok(Aliases { meant })
    }

    /// The name to show for a folded one where no condition holds, if the file gives it.
    pub fn shown(&self, folded: &str) -> Option<&str> {
        let last = self.meant.get(folded)?.last()?;
        last.among.is_none().then_some(last.shown.as_str())
    }

    /// The shown names that stand for a speaker under a condition.
    pub fn told_apart(&self) -> BTreeSet<&str> {
        let all = self.meant.values().flatten();
        all.filter(|speaker| speaker.among.is_some()).map(|speaker| speaker.shown.as_str()).collect()
    }

    /// The documents in which `name` speaks: those of the speaker it stands for, under each of their names; where it may
    /// be several and none is called so, those of nobody listed.
    fn documents(&self, name: &str) -> Query {
        let folded = terms::folded(name);
        let Some(speakers) = self.meant.get(&folded) else { return named(name) };
        let called_so = speakers.iter().find(|speaker| terms::folded(&speaker.shown) == folded);
        let Some(shown) = called_so.map(|speaker| speaker.shown.as_str()).or(self.shown(&folded)) else {
            return theirs(name, speakers, None);
        };
        let mut documents = Vec::new();
        for (alias, speakers) in &self.meant {
            for (place, speaker) in speakers.iter().enumerate() {
                if speaker.shown == shown {
                    documents.push(theirs(alias, &speakers[..place], speaker.among.as_ref()));
                }
            }
        }
        Query::any(documents)
    }

    /// The shown names one of whose spellings holds all of the folded `words`.
    fn holding(&self, words: &[String]) -> BTreeSet<&str> {
        let holds = |alias: &str| words.iter().all(|word| alias.split(' ').any(|other| other == word));
        let speakers = self.meant.iter().filter(|(alias, _)| holds(alias)).flat_map(|(_, speakers)| speakers);
        speakers.map(|speaker| speaker.shown.as_str()).collect()
    }

    /// The query in which a speaker's name finds all that is theirs and nothing else, and a word of it also those whose
    /// listed names hold it.
    pub fn widen<'q>(&self, query: &'q Query) -> Cow<'q, Query> {
        match self.meant.is_empty() {
            true => Cow::Borrowed(query),
            false => Cow::Owned(self.widened(query.clone())),
        }
    }

    fn widened(&self, query: Query) -> Query {
        match query {
            Query::All(clauses) => {
                // the words of one name typed side by side
                let word = |clause: &Query| match clause {
                    Query::Word { field: Field::SpeakerWords, word } => Some(word.clone()),
                    _ => None,
                };
                let words: Vec<String> = clauses.iter().filter_map(word).collect();
                let others = clauses.into_iter().filter(|clause| word(clause).is_none());
                let others: Vec<Query> = others.map(|clause| self.widened(clause)).collect();
                let name = (!words.is_empty()).then(|| self.widen_words(words));
                Query::all(others.into_iter().chain(name))
            }
            Query::Any(clauses) => Query::any(clauses.into_iter().map(|clause| self.widened(clause))),
            Query::Not(clause) => Query::Not(Box::new(self.widened(*clause))),
            Query::Word { field: Field::SpeakerWords, word } => self.widen_words(vec![word]),
            Query::Value { field: Field::Speaker, value, matching: Matching::Alike } => {
                self.documents(&value)
            }
            other => other,
        }
    }

    fn widen_words(&self, words: Vec<String>) -> Query {
        let names: Vec<Query> = self.holding(&words).into_iter().map(|name| self.documents(name)).collect();
        let typed =
            Query::all(words.into_iter().map(|word| Query::Word { field: Field::SpeakerWords, word }));
        Query::any(std::iter::once(typed).chain(names))
    }
}

/// The documents whose speaker has this name, however it is spelled.
fn named(name: &str) -> Query {
    Query::Value { field: Field::Speaker, value: name.to_owned(), matching: Matching::Alike }
}

/// Those of the name `alias` that are none of the speakers `before`, and `among` these.
fn theirs(alias: &str, before: &[Meant], among: Option<&Query>) -> Query {
    let others = before.iter().filter_map(|speaker| speaker.among.clone());
    let others = others.map(|among| Query::Not(Box::new(among)));
    Query::all([named(alias)].into_iter().chain(among.cloned()).chain(others))
}

#[cfg(test)]
mod tests {
    use super::Aliases;
    use crate::query::parse::parse;

    fn check(file: &str, cases: &[(&str, &str)]) {
        let aliases = Aliases::read(file).expect("readable");
        for (typed, expected) in cases {
            assert_eq!(aliases.widen(&parse(typed).expect("readable")).to_string(), *expected, "{typed}");
        }
    }

    #[test]
    fn listed_names_are_one_speaker() {
        let file = "[[speaker]]\nname = \"Ada Stone\"\naliases = [\"Lady Stone\", \"A. Stone\"]\n";
        let stone = "speaker:\"a stone\" OR speaker:\"ada stone\" OR speaker:\"lady stone\"";
        check(
            file,
            &[
                ("speaker:\"ADA STONE\"", stone),
                ("speaker:\"lady stone\"", stone),
                ("speaker:\"Bo Reed\"", "speaker:\"Bo Reed\""),
                ("speaker:lady", &format!("speaker:lady OR {stone}")),
                ("speaker:reed kim", "kim speaker:reed"),
            ],
        );
        assert_eq!(Aliases::read(file).expect("readable").shown("lady stone"), Some("Ada Stone"));
    }

    #[test]
    fn people_of_one_name_are_told_apart() {
        let file = r#"
            [[speaker]]
            name = "Bo Reed (mayor)"
            aliases = ["Bo Reed"]
            where = "role:mayor OR org:council"
            [[speaker]]
            name = "Bo Reed (Oslo)"
            aliases = ["Bo Reed"]
            where = "country:NO"
        "#;
        let mayor = "(speaker:\"bo reed\" (role:mayor OR org:council))";
        let mayor = format!("{mayor} OR (speaker:\"bo reed mayor\" (role:mayor OR org:council))");
        let oslo = "(speaker:\"bo reed\" country:NO -(role:mayor OR org:council))";
        let oslo = format!("{oslo} OR (speaker:\"bo reed oslo\" country:NO)");
        let nobody = "speaker:\"Bo Reed\" -(role:mayor OR org:council) -country:NO";
        check(
            file,
            &[
                ("speaker:\"bo reed (mayor)\"", &mayor),
                ("speaker:\"Bo Reed (Oslo)\"", &oslo),
                ("speaker:\"Bo Reed\"", nobody),
                ("-speaker:\"Bo Reed\"", &format!("-({nobody})")),
                ("speaker:oslo", &format!("speaker:oslo OR {oslo}")),
            ],
        );
        // the one without a condition has the rest
        let rest = format!("{file}\n[[speaker]]\nname = \"Bo Reed\"\n");
        check(&rest, &[("speaker:\"Bo Reed\"", &nobody.replace("Bo Reed", "bo reed"))]);
        let aliases = Aliases::read(&rest).expect("readable");
        assert_eq!(aliases.shown("bo reed"), Some("Bo Reed"));
        assert_eq!(Vec::from_iter(aliases.told_apart()), ["Bo Reed (Oslo)", "Bo Reed (mayor)"]);
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused() {
        let refused = |file: &str, why: &str| {
            let error = Aliases::read(file).expect_err(file);
            assert!(error.contains(why), "{file}\n{error}");
        };
        let two = "[[speaker]]\nname=\"A B\"\naliases=[\"X\"]\n[[speaker]]\nname=\"C D\"\naliases=[\"x\"]";
        refused(two, "`x` stands for both `A B` and `C D`");
        refused("[[speaker]]\nnmae=\"A\"", "unknown field `nmae`");
        refused("[[speaker]]\nname=\"?\"", "`?` holds no letter");
        refused("[[speaker]]\nname=\"A\"\nwhere=\"\"", "the `where` of `A` asks for nothing");
        refused("[[speaker]]\nname=\"A\"\nwhere=\"rolle:mayor\"", "no field named `rolle`");
    }
}
