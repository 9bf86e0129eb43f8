//! Names out of a byline: `By JANE DOE and John Roe, Staff Writers` is Jane Doe and John Roe.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

static OTHER_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("tables/byline_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Small words inside a name: `Ursula von der Leyen`, `Luiz Inácio Lula da Silva`.
const PARTICLES: [&str; 22] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "la", "le", "van", "von", "der", "den", "ter",
    "zu", "bin", "ibn", "al", "el", "y", "e",
];

/// A byline longer than this is prose.
const LONGEST: usize = 250;

/// The names in a byline, with or without its `By`; empty where there are none.
pub(super) fn names(byline: &str) -> Vec<String> {
    let byline = byline.trim();
    if byline.len() > LONGEST || byline.contains("://") {
        return Vec::new();
    }
    let byline = after_by(byline).unwrap_or(byline);
    let mut names: Vec<String> = Vec::new();
    for part in parts(byline) {
        if let Some(name) = name(part)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    // `Jane Doe, Daily Planet News`: an outlet signs alone or not at all.
    if names.iter().any(|name| !is_outlet(name)) {
        names.retain(|name| !is_outlet(name));
    }
    names
}

/// Whether a line names a post and nobody who holds it: `Staff Reporter`, `Foreign Correspondent`.
pub(super) fn is_post(line: &str) -> bool {
    const POSTS: [&str; 7] =
        ["writer", "reporter", "correspondent", "editor", "columnist", "staff", "contributor"];
    let low = line.to_lowercase();
    let words = || low.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words().count() <= 6
        && words().all(|word| OTHER_WORDS.contains(word))
        && words().any(|word| POSTS.contains(&word.trim_end_matches('s')))
}

/// Whether a name is that of a paper or an agency.
pub(super) fn is_outlet(name: &str) -> bool {
    const WORDS: [&str; 23] = [
        "News",
        "Times",
        "Post",
        "Press",
        "Journal",
        "Herald",
        "Tribune",
        "Gazette",
        "Reuters",
        "Agency",
        "BBC",
        "CNN",
        "AP",
        "AFP",
        "NPR",
        "Radio",
        "Online",
        "Magazine",
        "Wire",
        "Courier",
        "Chronicle",
        "Observer",
        "Telegraph",
    ];
    name.split(' ').next_back().is_some_and(|last| WORDS.contains(&last)) || WORDS.contains(&name)
}

/// What follows `By`, `BY:`, `Written by` at the start of a line.
pub(super) fn after_by(line: &str) -> Option<&str> {
    const OPENINGS: [&str; 12] = [
        "by",
        "written by",
        "story by",
        "reported by",
        "report by",
        "words by",
        "text by",
        "author",
        "authors",
        "posted by",
        "published by",
        "byline",
    ];
    // In other languages these words open sentences as well: two words must follow, and nothing small but particles.
    const ELSEWHERE: [&str; 5] = ["Von ", "Par ", "Por ", "Door ", "Di "];
    let elsewhere = ELSEWHERE.iter().find_map(|opening| line.strip_prefix(opening)).filter(|rest| {
        let mut words = rest.split_whitespace();
        let is_name = |word: &str| {
            word.starts_with(char::is_uppercase)
                || PARTICLES.contains(&word)
                || matches!(word, "und" | "et" | "en")
        };
        words.clone().nth(1).is_some() && words.clone().nth(5).is_none() && words.all(is_name)
    });
    elsewhere.or_else(|| {
        OPENINGS.iter().find_map(|opening| {
            let rest = line.get(opening.len()..)?;
            let same = line[..opening.len()].eq_ignore_ascii_case(opening);
            // `By:` and `By Jane`, but not `Byron`; and `Author` is only one before a colon.
            let parted = if opening.starts_with(['a']) || *opening == "byline" {
                rest.trim_start().starts_with(':')
            } else {
                rest.starts_with([' ', ':', '\u{a0}'])
            };
            let rest = rest.trim_start_matches([' ', ':', '\u{a0}', '\t']);
            (same && parted && !rest.is_empty()).then_some(rest)
        })
    })
}

/// The parts of a byline that may be names: split where a list goes on, and cut where something else begins.
fn parts(byline: &str) -> Vec<&str> {
    const ELSE: [&str; 4] = ["|", " - ", " – ", " — "];
    const AND: [&str; 12] =
        [",", ";", " and ", " AND ", " And ", " & ", "/", " with ", " und ", " et ", "\n", "•"];
    const AFTER_NAME: [&str; 8] = [" in ", " at ", " of ", " for ", " on ", "(", "<", "["];
    let before = |part: &'static [&'static str]| {
        move |text: &'_ str| part.iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len())
    };
    let mut parts = vec![&byline[..before(&ELSE)(byline)]];
    for separator in AND {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter().map(|part| &part[..before(&AFTER_NAME)(part)]).collect()
}

/// The part as a name, if it can be one.
fn name(part: &str) -> Option<String> {
    let part = after_by(part.trim()).unwrap_or(part).trim();
    let part =
        part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | ',' | '"' | '•' | '|'));
    let words: Vec<&str> = part.split_whitespace().collect();
    if words.is_empty() || words.len() > 6 || part.contains(['@', '<', '>', ')', '/', '#', '?', '!', '=']) {
        return None;
    }
    if part.bytes().any(|byte| byte.is_ascii_digit())
        || part.chars().filter(|c| c.is_alphabetic()).count() < 2
    {
        return None;
    }
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if words.iter().all(|word| OTHER_WORDS.contains(plain(word).as_str())) {
        return None;
    }
    // `Jane Doe` has capitals, in scripts that know them; `jane doe` alone is as good as a name in a field for names,
    // and `the council said` is not.
    let lower = words
        .iter()
        .filter(|word| word.chars().next().is_some_and(char::is_lowercase) && !PARTICLES.contains(word))
        .filter(|word| !word.contains(['-', '\'', '’']))
        .count();
    if lower > 0 && (lower < words.len() || words.len() > 3) {
        return None;
    }
    let shouted = part.chars().all(|c| !c.is_lowercase()) && words.len() > 1;
    Some(if shouted { calm(part) } else { words.join(" ") })
}

/// `JANE O'DOE` as `Jane O'Doe`, particles small.
fn calm(name: &str) -> String {
    let mut words = Vec::new();
    for (index, word) in name.split_whitespace().enumerate() {
        let low = word.to_lowercase();
        // `J.K.` stays as it is, and so do words of one or two letters: `JR`, `DJ`.
        if index > 0 && PARTICLES.contains(&low.as_str()) {
            words.push(low);
        } else if word.contains('.') {
            words.push(word.to_owned());
        } else {
            words.push(capitalised(&low));
        }
    }
    words.join(" ")
}

fn capitalised(word: &str) -> String {
    let mut begins = true;
    let mut capitals = String::with_capacity(word.len());
    for letter in word.graphemes(true) {
        if begins {
            capitals.push_str(&letter.to_uppercase())
        } else {
            capitals.push_str(letter)
        }
        begins = matches!(letter, "-" | "'" | "’");
    }
    capitals
}

#[cfg(test)]
mod tests {
    use super::names;

    fn check(byline: &str, expected: &[&str]) {
        assert_eq!(names(byline), expected, "{byline}");
    }

    #[test]
    fn bylines() {
        check("By Jane Doe", &["Jane Doe"]);
        check("By JANE DOE and JOHN O'ROE", &["Jane Doe", "John O'Roe"]);
        check("by Jane Doe, John Roe and Mia van der Berg", &["Jane Doe", "John Roe", "Mia van der Berg"]);
        check("By Jane Doe, Staff Writer", &["Jane Doe"]);
        check("By Jane Doe | The Daily Planet", &["Jane Doe"]);
        check("By: Jane Doe in Geneva", &["Jane Doe"]);
        check("Jane Doe; John Roe", &["Jane Doe", "John Roe"]);
        check("By Han Ga-ram (garam@example.org)", &["Han Ga-ram"]);
        check("Written by Jane Doe", &["Jane Doe"]);
        check("Jane Doe", &["Jane Doe"]);
        check("김민수", &["김민수"]);
        check("By Jane Doe, Planet News", &["Jane Doe"]);
        check("By Planet News", &["Planet News"]);
        check("Par Jeanne Dupont", &["Jeanne Dupont"]);
        check("Von Jörg Maier und Ute Klein", &["Jörg Maier", "Ute Klein"]);
        check("Staff Writer", &[]);
        check("by the time the council voted it was over", &[]);
        check("https://example.org/jane", &[]);
        check("", &[]);
    }
}
