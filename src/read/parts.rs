//! What the parts of a page are, by the names that its makers gave them.

use super::page::{Page, Value, attr};
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an element is, with all inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Story,
    /// Menus, teasers, boxes: what stands on many pages.
    Aside,
    /// The words at a picture.
    Caption,
    /// Scripts, forms' fields and all else that is not read.
    Unseen,
}

/// The part that each node is. `text` gives the characters of unlinked text inside a node.
///
/// Names are not always meant as they sound (`paywall` on every paragraph behind one, `toc-title-1` on each section): a
/// name that holds much of the page's text says nothing. But comments may well be longer than what they are about.
pub(super) fn parts(page: &Page, text: impl Fn(usize) -> usize) -> Vec<Part> {
    let all = text(0);
    let named: Vec<Named> = (0..page.nodes.len()).map(|node| named(page, node)).collect();
    // How much text each word takes away, and where the last element of its name ends.
    let mut taken: HashMap<&str, (usize, usize)> = HashMap::new();
    for (node, named) in named.iter().enumerate() {
        if let Some(word) = named.word {
            let (sum, end) = taken.entry(word).or_default();
            if node >= *end {
                *sum += text(node);
                *end = page.nodes[node].end;
            }
        }
    }
    let part = |(node, named): (usize, Named)| {
        let taken = || named.word.and_then(|word| taken.get(word)).map_or(0, |&(sum, _)| sum);
        let much = match named.kind {
            "never" => text(node) * 100 > all * 97,
            "box" => text(node) * 5 > all * 2,
            _ => taken().max(text(node)) * 5 > all * 2,
        };
        if much && named.part != Part::Unseen { Part::Story } else { named.part }
    };
    named.into_iter().enumerate().map(part).collect()
}

/// What an element says it is, and by which word of which kind.
#[derive(Clone, Copy)]
struct Named {
    part: Part,
    word: Option<&'static str>,
    kind: &'static str,
}

impl Named {
    fn by_itself(part: Part) -> Named {
        Named { part, word: None, kind: "" }
    }
}

fn named(page: &Page, node: usize) -> Named {
    let story = Named::by_itself(Part::Story);
    let Value::Element(element) = page.nodes[node].value else { return story };
    match element.name() {
        name if is_unseen(name) => return Named::by_itself(Part::Unseen),
        "nav" | "footer" | "aside" | "menu" | "form" => return Named::by_itself(Part::Aside),
        // A figure may also hold a table, a listing or a quotation, which are text.
        "figure" if holds(page, node, &["table", "pre", "blockquote"]) => return story,
        "figure" | "figcaption" => return Named::by_itself(Part::Caption),
        "body" | "html" | "tr" | "td" | "th" => return story,
        _ => {}
    }
    let (classes, id, role) =
        (attr(element, "class").unwrap_or(""), attr(element, "id").unwrap_or(""), attr(element, "role"));
    // Panels that open at a click have a heading that says so.
    if role == Some("tabpanel") || (attr(element, "aria-labelledby").is_some() && role != Some("dialog")) {
        return story;
    }
    let hidden = attr(element, "hidden").is_some()
        || attr(element, "aria-hidden") == Some("true")
        || attr(element, "style").is_some_and(hides)
        // `hidden md:block` is hidden on telephones only.
        || (classes.split_whitespace().any(is_hidden) && !classes.contains(':'));
    let other =
        matches!(role, Some("navigation" | "complementary" | "contentinfo" | "search" | "dialog" | "banner"));
    // Page builders call every block a widget; lists of them are sidebars.
    let widget = element.name() == "li" && classes.split_whitespace().any(|class| class == "widget");
    if hidden || other || widget {
        return Named::by_itself(Part::Aside);
    }
    let mut found = story;
    for name in classes.split_whitespace().chain(id.split_whitespace()) {
        let named = says(name);
        match named.part {
            // Posts of others are quoted in a story, in boxes with the same names as those to share it.
            Part::Aside if name.contains("social") && holds(page, node, &["blockquote"]) => {}
            Part::Aside => return named,
            Part::Caption => found = named,
            Part::Story | Part::Unseen => {}
        }
    }
    found
}

fn holds(page: &Page, node: usize, names: &[&str]) -> bool {
    page.inside(node).any(|inner| names.contains(&page.name(inner)))
}

fn hides(style: &str) -> bool {
    let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    rules.any(|(name, value)| {
        matches!((name.trim(), value.trim()), ("display", "none") | ("visibility", "hidden"))
    })
}

fn is_hidden(class: &str) -> bool {
    matches!(
        class,
        "hidden"
            | "hide"
            | "is-hidden"
            | "visually-hidden"
            | "visuallyhidden"
            | "sr-only"
            | "screen-reader-text"
            | "screen-reader-only"
    )
}

/// Elements whose text no reader sees, or which are to be used rather than read.
pub(super) fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "title"
            | "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "svg"
            | "object"
            | "select"
            | "button"
            | "input"
            | "textarea"
            | "video"
            | "audio"
            | "canvas"
            | "dialog"
            | "datalist"
            | "map"
            | "math"
    )
}

/// What one class name says: `related-items` is an aside, `has-sidebar` and `article-body__ad-free` are not.
fn says(name: &str) -> Named {
    let story = Named::by_itself(Part::Story);
    // `bg_token(colors.footer)` and `md:flex` are about looks.
    if name.contains(['(', '[', ':', '.']) {
        return story;
    }
    let mut found = story;
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let Some(&(kind, word)) = WORDS.get(&*word.to_ascii_lowercase()) else { continue };
        match kind {
            "not" => return story,
            "caption" if found.part == Part::Aside => {}
            "caption" => found = Named { part: Part::Caption, word: Some(word), kind },
            _ => found = Named { part: Part::Aside, word: Some(word), kind },
        }
    }
    found
}

/// What an element's names say about the lines in it: a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hints(u8);

impl Hints {
    /// Comments, other articles.
    pub(super) const OTHERS: u8 = 1;
    /// The article itself.
    const STORY: u8 = 2;
    pub(super) const CHANGED: u8 = 4;
    pub(super) const PUBLISHED: u8 = 8;
    pub(super) const DATED: u8 = 16;

    /// The hints of an element's class, id and itemprop.
    pub(super) fn of(page: &Page, node: usize) -> Hints {
        let mut bits = 0;
        for name in ["class", "id", "itemprop"].into_iter().filter_map(|name| page.attr(node, name)) {
            for found in STEMS.find_overlapping_iter(name) {
                bits |= STEM_BITS[found.pattern().as_usize()].1;
            }
        }
        Hints(bits)
    }

    pub(super) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Whether the element is about others alone, and is not what holds the story beside them.
    pub(super) fn is_of_others(self, page: &Page, node: usize) -> bool {
        self.has(Hints::OTHERS)
            && !self.has(Hints::STORY)
            && !matches!(page.name(node), "html" | "body" | "main" | "article")
            && page.inside(node).len() * 2 < page.nodes.len()
    }
}

const STEM_BITS: &[(&str, u8)] = &[
    ("comment", Hints::OTHERS),
    ("related", Hints::OTHERS),
    ("sidebar", Hints::OTHERS),
    ("recommend", Hints::OTHERS),
    ("popular", Hints::OTHERS),
    ("trending", Hints::OTHERS),
    ("recent", Hints::OTHERS),
    ("latest", Hints::OTHERS),
    ("teaser", Hints::OTHERS),
    ("footer", Hints::OTHERS),
    ("content", Hints::STORY),
    ("body", Hints::STORY),
    ("modif", Hints::CHANGED),
    ("updat", Hints::CHANGED),
    ("edited", Hints::CHANGED),
    ("revis", Hints::CHANGED),
    ("publish", Hints::PUBLISHED),
    ("pubdate", Hints::PUBLISHED),
    ("posted", Hints::PUBLISHED),
    ("created", Hints::PUBLISHED),
    ("entry-date", Hints::PUBLISHED),
    ("post-date", Hints::PUBLISHED),
    ("article-date", Hints::PUBLISHED),
    ("date", Hints::DATED),
    ("time", Hints::DATED),
    ("datum", Hints::DATED),
    ("fecha", Hints::DATED),
    ("data-", Hints::DATED),
    ("dato", Hints::DATED),
    ("meta", Hints::DATED),
    ("byline", Hints::DATED),
    ("info", Hints::DATED),
];

static STEMS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(STEM_BITS.iter().map(|(stem, _)| stem))
        .expect("some thirty short stems make a small automaton")
});

static WORDS: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    include_str!("tables/page_words.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(kind, words)| words.split(' ').map(move |word| (word, (kind, word))))
        .collect()
});

/// How plainly an element says that it holds the story: 3 by schema.org, 2 by its class, 1 by its name, 0 not.
pub(super) fn hint(page: &Page, node: usize) -> u8 {
    if page.attr(node, "itemprop").is_some_and(|prop| prop.split_whitespace().any(|p| p == "articleBody")) {
        return 3;
    }
    match page.name(node) {
        "article" | "main" => return 1,
        "div" | "section" | "td" => {}
        _ => return 0,
    }
    let story = |name: &str| {
        let name = name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|c| char::from(c.to_ascii_lowercase()))
            .collect::<String>();
        [
            "articlebody",
            "storybody",
            "articlecontent",
            "storycontent",
            "entrycontent",
            "postcontent",
            "postbody",
            "articletext",
            "storytext",
            "fulltext",
            "blogcontent",
            "bodytext",
            "bodycopy",
            "newsbody",
            "richtextbody",
        ]
        .iter()
        .any(|hint| name.contains(hint))
    };
    let named = [page.attr(node, "class"), page.attr(node, "id")]
        .into_iter()
        .flatten()
        .flat_map(str::split_whitespace)
        .any(story);
    if named { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{Part, says};

    fn check(name: &str, expected: Part) {
        assert_eq!(says(name).part, expected, "{name}");
    }

    #[test]
    fn class_names_say_what_a_part_is() {
        check("article", Part::Story);
        check("related-items", Part::Aside);
        check("Block__Newsletter", Part::Aside);
        check("wp-caption-text", Part::Story);
        check("wp-caption", Part::Caption);
        check("share-photo", Part::Aside);
        check("sidebar", Part::Aside);
        check("has-sidebar", Part::Story);
        check("sidebar-enabled--false", Part::Story);
        check("above-footer", Part::Story);
        check("bg_token(colors.footer)", Part::Story);
        check("radio", Part::Story);
    }
}
