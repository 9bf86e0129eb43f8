//! Countries as people type them: a code, a name, a people.

use crate::terms;

/// Code, names, adjectives and peoples.
const TABLE: &str = include_str!("tables/countries.tsv");

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next().unwrap_or_default()))
    })
}

/// The codes that `typed` stands for, in alphabetical order; two where a name does not tell (`korea`), none for an
/// unknown name.
pub fn codes(typed: &str) -> Vec<&'static str> {
    if typed.len() == 2 {
        let code = rows().map(|(code, ..)| code).find(|code| code.eq_ignore_ascii_case(typed));
        if let Some(code) = code {
            return vec![code];
        }
    }
    let typed = terms::folded(typed);
    let typed = typed.strip_prefix("the ").unwrap_or(&typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let named = |names: &str| names.split("; ").any(|name| terms::folded(name) == typed);
    let by_name: Vec<_> = rows().filter(|(_, names, _)| named(names)).map(|(code, ..)| code).collect();
    if !by_name.is_empty() {
        return by_name;
    }
    rows().filter(|(.., peoples)| named(peoples)).map(|(code, ..)| code).collect()
}

/// The English name of a country by its code.
pub fn name(code: &str) -> Option<&'static str> {
    rows().find(|(row, ..)| *row == code)?.1.split("; ").next()
}

/// Every name, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    rows().flat_map(|(_, names, _)| names.split("; "))
}

#[cfg(test)]
mod tests {
    use super::{codes, name};

    #[test]
    fn codes_names_and_peoples_lead_to_codes() {
        for (typed, expected) in [
            ("kr", &["KR"][..]),
            ("South Korea", &["KR"]),
            ("korea", &["KP", "KR"]),
            ("the united states", &["US"]),
            ("u.s.", &["US"]),
            ("iranian", &["IR"]),
            ("cote d'ivoire", &["CI"]),
            ("XQ", &[]),
            ("atlantis", &[]),
            ("", &[]),
        ] {
            assert_eq!(codes(typed), expected, "{typed}");
        }
        assert_eq!(name("KP"), Some("North Korea"));
        assert_eq!(name("xx"), None);
    }
}
