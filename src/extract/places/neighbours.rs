//! The words beside a name, and what they tell of it.

use crate::extract::keys::{Key, Table};
use std::ops::BitOr;
use std::sync::LazyLock;

/// `role TAB words`, each role explained in the table.
const TABLE: &str = include_str!("../tables/neighbours.tsv");

static ROLES: LazyLock<Table<Key, Roles>> = LazyLock::new(|| {
    let mut roles = Table::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let (name, words) = line.split_once('\t').unwrap_or_default();
        let Some(at) = ROLE_NAMES.iter().position(|known| *known == name) else { continue };
        for word in words.split("; ") {
            let key = Key::of(word).expect("words of the table are short");
            let known = roles.entry(key).or_insert(Roles(0));
            *known = *known | Roles(1 << at);
        }
    }
    roles
});

/// A set of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Roles(u16);

const ROLE_NAMES: [&str; 16] = [
    "street",
    "paper",
    "facility",
    "in",
    "to",
    "speaking",
    "language",
    "opening",
    "county",
    "country person",
    "people person",
    "forename",
    "particle",
    "local",
    "saying",
    "title",
];

impl Roles {
    pub(super) const STREET: Roles = Roles(1);
    pub(super) const PAPER: Roles = Roles(1 << 1);
    pub(super) const FACILITY: Roles = Roles(1 << 2);
    pub(super) const IN: Roles = Roles(1 << 3);
    pub(super) const TO: Roles = Roles(1 << 4);
    pub(super) const SPEAKING: Roles = Roles(1 << 5);
    pub(super) const LANGUAGE: Roles = Roles(1 << 6);
    pub(super) const OPENING: Roles = Roles(1 << 7);
    pub(super) const COUNTY: Roles = Roles(1 << 8);
    pub(super) const COUNTRY_PERSON: Roles = Roles(1 << 9);
    pub(super) const PEOPLE_PERSON: Roles = Roles(1 << 10);
    pub(super) const FORENAME: Roles = Roles(1 << 11);
    pub(super) const PARTICLE: Roles = Roles(1 << 12);
    pub(super) const LOCAL: Roles = Roles(1 << 13);
    pub(super) const SAYING: Roles = Roles(1 << 14);
    pub(super) const TITLE: Roles = Roles(1 << 15);

    /// The roles of a word, in any case; none for a word the table does not have.
    pub(super) fn of(word: &str) -> Roles {
        Key::of(word).and_then(|key| ROLES.get(&key)).copied().unwrap_or(Roles(0))
    }

    /// Whether it has one of `roles`.
    pub(super) fn any(self, roles: Roles) -> bool {
        self.0 & roles.0 != 0
    }
}

impl BitOr for Roles {
    type Output = Roles;

    fn bitor(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ROLE_NAMES, Roles, TABLE};

    #[test]
    fn every_line_of_the_table_names_a_role() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert!(ROLE_NAMES.iter().any(|name| line.starts_with(&format!("{name}\t"))), "{line}");
        }
    }

    #[test]
    fn a_word_may_have_several_roles() {
        assert!(Roles::of("IN").any(Roles::IN) && Roles::of("in").any(Roles::SPEAKING));
        assert!(Roles::of("Road").any(Roles::STREET) && !Roles::of("Road").any(Roles::IN));
        assert_eq!(Roles::of("antidisestablishmentarianism"), Roles(0));
    }
}
