//! Lines that a page puts around its story: buttons, promotions, lists of other stories.

use std::sync::LazyLock;

static FURNITURE: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(include_str!("tables/furniture.txt")));
static TAIL: LazyLock<Patterns> = LazyLock::new(|| Patterns::new(include_str!("tables/tail.txt")));

/// A pattern that begins a line is not asked of prose longer than this.
const LONGEST: usize = 160;
/// A pattern that ends a line speaks of short lines alone: `4 min read`.
const LONGEST_BEFORE: usize = 40;

/// Whether the line is part of the page and not of the story, wherever it stands.
pub(super) fn is_furniture(line: &str) -> bool {
    FURNITURE.has(line)
}

/// Whether the story may be over where this line stands.
pub(super) fn is_tail(line: &str) -> bool {
    TAIL.has(line)
}

/// Lines to look out for.
struct Patterns {
    whole: Vec<&'static str>,
    beginnings: Vec<&'static str>,
    endings: Vec<&'static str>,
    /// Both ends of a line, with anything between.
    ends: Vec<(&'static str, &'static str)>,
}

impl Patterns {
    fn new(table: &'static str) -> Patterns {
        let mut patterns = Patterns { whole: vec![], beginnings: vec![], endings: vec![], ends: vec![] };
        for line in table.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()) {
            match line.split_once('*') {
                None => patterns.whole.push(line),
                Some((beginning, "")) => patterns.beginnings.push(beginning),
                Some(("", ending)) => patterns.endings.push(ending),
                Some(both) => patterns.ends.push(both),
            }
        }
        patterns.whole.sort_unstable();
        patterns
    }

    fn has(&self, line: &str) -> bool {
        if line.len() > LONGEST {
            return false;
        }
        let low = line.to_lowercase().replace('’', "'");
        let low = low.trim();
        let bare = low.trim_end_matches([':', '.', '!', '»', '›', '>', '→', '▼', ' ', '…']);
        self.whole.binary_search(&bare).is_ok()
            || self.whole.binary_search(&low).is_ok()
            || self.beginnings.iter().any(|beginning| low.starts_with(beginning))
            || low.len() <= LONGEST_BEFORE && self.endings.iter().any(|ending| bare.ends_with(ending))
            || self.ends.iter().any(|(first, last)| low.starts_with(first) && bare.ends_with(last))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_furniture, is_tail};

    #[test]
    fn lines_of_the_page() {
        for line in [
            "Advertisement",
            "SHARE",
            "Read more: Rain in the north",
            "4 min read",
            "Sign up for our newsletter.",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        for line in [
            "Related Stories",
            "MOST POPULAR",
            "More articles by this writer",
            "© 2023 The Gazette",
            "###",
            "Editors’ Picks",
        ] {
            assert!(is_tail(line), "{line}");
        }
        for line in [
            "Read more books, she told them.",
            "The share fell.",
            "Related problems arose in the north.",
            "She said there was more.",
        ] {
            assert!(!is_furniture(line) && !is_tail(line), "{line}");
        }
    }
}
