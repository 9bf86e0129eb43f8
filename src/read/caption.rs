//! Captions of photographs among the lines of a text.

use super::plain::ends_sentence;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A caption is not longer than this.
const LONGEST: usize = 500;

#[derive(Default)]
struct Words {
    beginnings: Vec<&'static str>,
    agencies: HashSet<&'static str>,
    credits: HashSet<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for line in include_str!("tables/caption_words.txt").lines().filter(|line| !line.starts_with('#')) {
        match line.split_at(1) {
            ("=", agencies) => words.agencies.extend(agencies.split_whitespace()),
            ("+", credits) => words.credits.extend(credits.split_whitespace()),
            _ => words.beginnings.push(line),
        }
    }
    words
});

/// Whether the line is the caption of a photograph: it ends in a credit, or says so at its beginning.
pub(super) fn is_caption(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let low = line.to_lowercase();
    let begins = |beginning: &&str| {
        let rest = low.strip_prefix(*beginning);
        rest.is_some_and(|rest| {
            !beginning.ends_with(char::is_alphabetic) || !rest.starts_with(char::is_alphabetic)
        })
    };
    if WORDS.beginnings.iter().any(begins) {
        return true;
    }
    let is_agency = |name: &str| WORDS.agencies.contains(name) || name == "getty images";
    let end = low.trim_end_matches(['.', ' ']);
    let bracket = [('(', ')'), ('[', ']')].iter().find_map(|&(open, close)| {
        let start = end.strip_suffix(close)?.rfind(open)?;
        Some((end[..start].trim(), &end[start + 1..end.len() - 1]))
    });
    if let Some((before, credit)) = bracket {
        let is_credit = credit.len() <= 80
            && credit.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.credits.contains(word))
            && credit.split_whitespace().count() <= 10;
        let of_agency = credit.split(['/', ',']).any(|part| is_agency(part.trim()));
        let sentences = before.matches(['.', '!', '?']).count();
        // `(AP)` alone stands at the end of news as well; a caption is a sentence or two.
        return is_credit || of_agency && sentences <= 2 && !before.contains(['"', '“']);
    }
    // `Jane Doe / Reuters`, `AP Photo/Jane Doe`: a credit on a line of its own.
    let short = end.len() <= 80 && !ends_sentence(line);
    let of_agency = end.rsplit_once('/').is_some_and(|(_, last)| is_agency(last.trim()));
    short
        && (of_agency
            || end.starts_with("ap photo")
            || end.ends_with("/getty images")
            || end.ends_with("via getty images"))
}

#[cfg(test)]
mod tests {
    use super::is_caption;

    #[test]
    fn credits_and_beginnings() {
        for (line, expected) in [
            ("A crane leans over the harbour on Monday. (File Photo - Gazette)", true),
            ("The mayor at her desk (Yonhap)", true),
            ("Photo: Jane Doe", true),
            ("Photo by Jane Doe", true),
            ("FILE - The crane in March", true),
            ("Jane Doe / Reuters", true),
            ("AP Photo/Jane Doe", true),
            ("Photographers gathered at the quay.", false),
            ("The harbour opened. Ships came. The mayor left. (AP)", false),
            ("Filed from the quay", false),
            ("", false),
        ] {
            assert_eq!(is_caption(line), expected, "{line}");
        }
    }
}
