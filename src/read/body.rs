//! The body of an article out of its page: which blocks of text a reader would call the story.

use super::page::{Page, Value, collapse, is_inline};
use super::parts::{self, Part, hint, is_unseen};
use super::rendering::{escape, rendered};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The story's text, paragraphs separated by blank lines, and the captions of its pictures.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) captions: Vec<String>,
}

/// Finds the body. `title` is the article's and `summary` what its metadata says it is about; neither belongs to it.
pub(super) fn body(page: &Page, title: &str, summary: &str) -> Body {
    let layout = Layout::of(page);
    let parts = parts::parts(page, |node| layout.inside(page, node));
    let units = layout.units(page, &parts);
    let root = layout.root(page, &units);
    let inside = page.inside(root);
    let headline = letters(title);
    let start = units
        .iter()
        .rfind(|unit| unit.first < root && !headline.is_empty() && letters(&unit.text) == headline)
        .map(|unit| unit.first);
    // A lead may stand between the headline and the element that holds the rest.
    let summary = letters(summary);
    let lead = |unit: &Unit| {
        !(unit.chars < 400 && summary.contains(&letters(&unit.text)))
            && unit.kind == Kind::Paragraph
            && unit.chars >= 100
            && unit.linked * 4 < unit.chars
            && unit.text.ends_with(['.', '!', '?', '”', '"', '。', '…'])
            && start.is_some_and(|start| start < unit.first && unit.first < root)
    };
    let mut kept: Vec<&Unit> =
        units.iter().filter(|unit| inside.contains(&unit.first) || lead(unit)).collect();
    let captions =
        kept.iter().filter(|unit| unit.kind == Kind::Caption).map(|unit| unit.text.clone()).collect();
    kept.retain(|unit| unit.kind != Kind::Caption);
    trim(page, &mut kept, title);
    Body { text: text_of(page, &kept), captions }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Heading,
    Item,
    Cell,
    Caption,
}

/// A stretch of text that begins and ends a line.
#[derive(Debug)]
struct Unit {
    first: usize,
    /// The nearest block element around it.
    block: usize,
    kind: Kind,
    text: String,
    /// Characters of its text, and of those in links.
    chars: usize,
    linked: usize,
}

impl Unit {
    fn prose(&self) -> usize {
        let own = self.chars - self.linked;
        match self.kind {
            Kind::Paragraph | Kind::Item | Kind::Cell if self.linked * 2 < self.chars => {
                own.saturating_sub(60)
            }
            _ => 0,
        }
    }
}

/// How much text each part of the page holds.
struct Layout {
    /// For each node, the characters of unlinked text before it.
    before: Vec<usize>,
    /// For each node, the characters of text before it, of text in links, and the links.
    sums: Vec<[usize; 3]>,
}

impl Layout {
    fn of(page: &Page) -> Layout {
        let mut before = Vec::with_capacity(page.nodes.len() + 1);
        let mut sums = Vec::with_capacity(page.nodes.len() + 1);
        let mut counts = [0; 3];
        let (mut sum, mut skip, mut link) = (0, 0, 0);
        for (number, node) in page.nodes.iter().enumerate() {
            before.push(sum);
            sums.push(counts);
            match node.value {
                Value::Element(element) => match element.name() {
                    "a" => {
                        link = link.max(node.end);
                        counts[2] += 1;
                    }
                    name if is_unseen(name) => skip = skip.max(node.end),
                    _ => {}
                },
                Value::Text(text) => {
                    let text = text.trim();
                    if number >= skip {
                        counts[0] += text.len();
                        counts[1] += if number < link { text.len() } else { 0 };
                    }
                    if number >= skip && number >= link && text.len() > 30 {
                        sum += text.len();
                    }
                }
            }
        }
        before.push(sum);
        sums.push(counts);
        Layout { before, sums }
    }

    /// Whether an element is a list of links: four or more, and little else.
    fn links(&self, page: &Page, node: usize) -> bool {
        let [chars, linked, links] =
            std::array::from_fn(|n| self.sums[page.nodes[node].end][n] - self.sums[node][n]);
        links >= 4
            && linked * 5 > chars * 3
            && matches!(page.name(node), "div" | "ul" | "ol" | "section" | "table" | "li" | "dl" | "center")
    }

    /// Characters of unlinked text inside a node.
    fn inside(&self, page: &Page, node: usize) -> usize {
        self.before[page.nodes[node].end] - self.before[node]
    }

    fn units(&self, page: &Page, parts: &[Part]) -> Vec<Unit> {
        let all = self.before.last().copied().unwrap_or(0);
        let mut units: Vec<Unit> = Vec::new();
        let mut blocks: Vec<(usize, usize, Kind)> = Vec::new();
        let (mut link, mut fresh, mut space, mut breaks) = (0, true, false, 0);
        let mut number = 0;
        while number < page.nodes.len() {
            while blocks.last().is_some_and(|&(_, end, _)| end <= number) {
                blocks.pop();
                fresh = true;
            }
            let node = &page.nodes[number];
            match node.value {
                Value::Element(element) => {
                    let name = element.name();
                    let part = parts[number];
                    if part == Part::Unseen
                        || part == Part::Aside
                        || (self.inside(page, number) * 10 < all && self.links(page, number))
                    {
                        number = node.end;
                        continue;
                    }
                    if name == "a" {
                        link = link.max(node.end);
                    }
                    if name == "br" {
                        breaks += 1;
                        space = true;
                        fresh |= breaks > 1;
                    } else if !is_inline(name) {
                        let outer = blocks.last().map_or(Kind::Paragraph, |&(_, _, kind)| kind);
                        let kind =
                            if part == Part::Caption { Kind::Caption } else { kind(page, number, outer) };
                        blocks.push((number, node.end, kind));
                        fresh = true;
                    }
                }
                Value::Text(text) => {
                    if text.trim().is_empty() {
                        space |= !text.is_empty();
                    } else {
                        breaks = 0;
                        let (block, _, kind) = blocks.last().copied().unwrap_or((0, 0, Kind::Paragraph));
                        if fresh {
                            let text = String::new();
                            units.push(Unit { first: number, block, kind, text, chars: 0, linked: 0 });
                            (fresh, space) = (false, false);
                        }
                        if let Some(unit) = units.last_mut() {
                            let had = unit.text.len();
                            collapse(text, &mut unit.text, &mut space);
                            let added = unit.text[had..].chars().count();
                            unit.chars += added;
                            unit.linked += if number < link { added } else { 0 };
                        }
                    }
                }
            }
            number += 1;
        }
        units
    }

    /// The element that holds the story.
    fn root(&self, page: &Page, units: &[Unit]) -> usize {
        let mut mass = vec![0; page.nodes.len() + 1];
        for unit in units {
            mass[unit.first + 1] += unit.prose();
        }
        for number in 1..mass.len() {
            mass[number] += mass[number - 1];
        }
        let of = |node: usize| mass[page.nodes[node].end] - mass[node];
        let all = mass.last().copied().unwrap_or(0);
        // The plainest hint, of these the heaviest element, of these the innermost.
        let heavy = (0..page.nodes.len()).filter(|&node| of(node) * 5 >= all * 2 && of(node) > 0);
        let hinted = heavy.map(|node| (hint(page, node), of(node), node)).filter(|&(hint, ..)| hint > 0);
        let mut root = hinted.max().map_or(0, |(.., node)| node);
        loop {
            let within = of(root);
            let mut child = root + 1;
            let mut next = None;
            while child < page.nodes[root].end {
                if of(child) * 10 >= within * 9 && within > 0 {
                    next = Some(child);
                    break;
                }
                child = page.nodes[child].end;
            }
            match next {
                Some(child)
                    if matches!(page.nodes[child].value, Value::Element(_))
                        && !is_inline(page.name(child))
                        && page.name(child) != "p" =>
                {
                    root = child
                }
                _ => return root,
            }
        }
    }
}

fn kind(page: &Page, node: usize, outer: Kind) -> Kind {
    match page.name(node) {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" | "dt" | "dd" if outer != Kind::Caption => Kind::Item,
        "td" | "th" if outer != Kind::Caption => Kind::Cell,
        _ => outer,
    }
}

/// Takes away what stands inside the story's element and is none of it.
fn trim(page: &Page, kept: &mut Vec<&Unit>, title: &str) {
    let title = letters(title);
    let all: usize = kept.iter().map(|unit| unit.prose()).sum();
    let mut before = 0;
    let mut end = kept.len();
    let mut keep = vec![true; kept.len()];
    let mut told: HashMap<&str, usize> = HashMap::new();
    for (number, unit) in kept.iter().enumerate() {
        // Pages made for several widths hold their text several times, in parts of their own; what is repeated in one
        // part, its author repeats.
        let place = page.nodes[unit.block].parent;
        if unit.chars >= 60 && *told.entry(&unit.text).or_insert(place) != place {
            keep[number] = false;
        }
        if before == 0 && !title.is_empty() && letters(&unit.text) == title {
            keep[number] = false;
        }
        if before == 0 && is_credit(unit) {
            keep[number] = false;
        }
        if unit.linked * 10 >= unit.chars * 8 {
            let leads = unit.kind == Kind::Heading
                && kept.get(number + 1).is_some_and(|next| next.linked * 2 < next.chars);
            keep[number] &= leads;
        }
        match phrase(unit) {
            Some(Phrase::End) if before * 2 > all && unit.linked == 0 => {
                end = number;
                break;
            }
            Some(_) => keep[number] = false,
            None => {}
        }
        before += unit.prose();
    }
    kept.truncate(end);
    let mut number = 0;
    kept.retain(|_| {
        number += 1;
        keep[number - 1]
    });
    while kept.last().is_some_and(|unit| unit.kind == Kind::Heading || is_farewell(unit)) {
        kept.pop();
    }
}

/// The lines between headline and story: who wrote it, and when.
fn is_credit(unit: &Unit) -> bool {
    let digits = unit.text.bytes().filter(u8::is_ascii_digit).count();
    let by = ["by ", "posted ", "published", "updated", "written by", "last updated"]
        .iter()
        .any(|lead| unit.text.to_lowercase().starts_with(lead));
    unit.chars <= 80
        && matches!(unit.kind, Kind::Paragraph | Kind::Item)
        && (by || (digits >= 4 && unit.chars <= 60))
        && !unit.text.ends_with('.')
}

/// The lines after a story that ask something of its reader.
fn is_farewell(unit: &Unit) -> bool {
    let text = unit.text.to_lowercase();
    unit.chars <= 300 && FAREWELLS.iter().any(|lead| text.starts_with(lead))
}

/// How such lines begin.
static FAREWELLS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("tables/page_phrases.tsv").lines().filter_map(|line| line.strip_prefix("last\t")).collect()
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phrase {
    End,
    Aside,
}

/// Whether a short line begins as lines do that are not the story.
fn phrase(unit: &Unit) -> Option<Phrase> {
    let short = match unit.kind {
        Kind::Heading => 60,
        _ if unit.linked * 3 > unit.chars => 200,
        _ => 40,
    };
    if unit.chars > short {
        return None;
    }
    let mut line = String::new();
    for word in unit.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(6) {
        if !line.is_empty() {
            line.push(' ');
            line.push_str(&word.to_lowercase());
        } else {
            line = word.to_lowercase();
        }
        if let Some(&found) = PHRASES.get(&*line) {
            // One word alone says it, or a whole phrase begins the line.
            if line.contains(' ')
                || line.chars().count() == letters(&unit.text).chars().count()
                || unit.text.chars().nth(word.chars().count()) == Some(':')
            {
                return Some(found);
            }
        }
    }
    None
}

static PHRASES: LazyLock<HashMap<&'static str, Phrase>> = LazyLock::new(|| {
    include_str!("tables/page_phrases.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(kind, _)| *kind != "last")
        .map(|(kind, phrase)| (phrase, if kind == "end" { Phrase::End } else { Phrase::Aside }))
        .collect()
});

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// As many blocks as are rendered at a time: the renderer takes some 3 KB for each.
const AT_A_TIME: usize = 1000;

/// The blocks as text: a paragraph each, but for the cells of a table, which make a line of their row.
fn text_of(page: &Page, units: &[&Unit]) -> String {
    let row = |unit: &Unit| match unit.kind {
        Kind::Cell => page.ancestors(unit.first).find(|&node| page.name(node) == "tr"),
        _ => None,
    };
    let cell = |unit: &&Unit| page.ancestors(unit.first).find(|&node| matches!(page.name(node), "td" | "th"));
    let mut out = String::new();
    for some in units.chunks(AT_A_TIME) {
        let mut html = String::new();
        for units in some.chunk_by(|one, next| row(one).is_some() && row(one) == row(next)) {
            // Where cells hold several blocks each, the table is there for the layout.
            let line = units.windows(2).all(|pair| cell(&pair[0]) != cell(&pair[1]));
            for (number, unit) in units.iter().enumerate() {
                html.push_str(if number > 0 && line { " | " } else { "<p>" });
                escape(&unit.text, &mut html);
            }
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&rendered(&html));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::body;
    use crate::read::page::Page;

    /// Two paragraphs, long enough to be prose.
    const STORY: &str = "<p>The council voted on Tuesday to close the old harbour, which its critics called a mistake for the town.</p>\
        <p>“We have no other choice,” the mayor, Ida Moss, told reporters after the vote, which had been put off twice before.</p>";

    fn check(html: &str, expected: &[&str]) {
        let parsed = scraper::Html::parse_document(html);
        let found = body(&Page::of(&parsed), "Harbour to close", "");
        let lines: Vec<String> = found
            .text
            .split("\n\n")
            .map(|paragraph| paragraph.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(lines, expected, "{}", found.text);
    }

    #[test]
    fn the_story_and_not_what_stands_around_it() {
        let both = ["The council voted", "“We have no"];
        check(
            &format!("<nav><a href=/>Home</a></nav><article><h1>Harbour to close</h1>{STORY}</article>"),
            &both,
        );
        check(
            &format!(
                "<div><p>By Ida Moss</p><p>11 September 2023</p>{STORY}<h3>Related stories</h3><p>Another town asks what will become of its own harbour.</p></div>"
            ),
            &both,
        );
        check(
            &format!(
                "<div class=page>{STORY}<div class=comments>{}</div></div>",
                "<p>I have said so for years, and nobody in this town has ever listened to any of it.</p>"
                    .repeat(40)
            ),
            &both,
        );
        check(
            &format!(
                "<main>{STORY}<p><a href=/a>Read: how the harbour was built</a></p><p>Follow us on every network there is.</p></main>"
            ),
            &both,
        );
        check(
            &format!(
                "<main>{STORY}<div style='display: none'><p>Please sign in to read on, for this text is only shown to subscribers.</p></div></main>"
            ),
            &both,
        );
        check(&format!("<div class=toc-1>{STORY}</div>"), &both);
        check(&format!("<form><div class='has-sidebar'>{STORY}</div></form>"), &both);
    }

    #[test]
    fn what_belongs_to_it() {
        check(
            &format!(
                "<article>{STORY}<h2>What comes next</h2><ul><li>A vote in the regional parliament</li><li>A hearing in the court</li></ul></article>"
            ),
            &["The council voted", "“We have no", "What comes next", "A vote in", "A hearing in"],
        );
        check(
            &format!(
                "<article>{STORY}<figure><table><tr><td>Ships in</td><td>2022</td></tr></table></figure></article>"
            ),
            &["The council voted", "“We have no", "Ships in |"],
        );
        check(
            &format!(
                "<h1>Harbour to close</h1><p>The old harbour, from which the town has lived for three hundred years, will be closed for good by the spring.</p><div itemprop=articleBody>{STORY}</div>"
            ),
            &["The old harbour,", "The council voted", "“We have no"],
        );
        check(
            "<div>The council voted on Tuesday to close the old harbour, which its critics called a mistake.<br><br>A second vote is due in May, and nobody expects it to end in any other way.</div>",
            &["The council voted", "A second vote"],
        );
        check(
            &format!(
                "<div role=tabpanel style='display:none'>{STORY}</div><p>Open the tab above to read about the vote in the council on Tuesday, and about all the votes on the harbour in the ten years before it.</p>"
            ),
            &["The council voted", "“We have no", "Open the tab"],
        );
    }

    #[test]
    fn captions_are_kept_apart() {
        let html = format!(
            "<article><figure><img src=a><figcaption>The harbour in 1912.</figcaption></figure>{STORY}</article>"
        );
        let parsed = scraper::Html::parse_document(&html);
        let found = body(&Page::of(&parsed), "", "");
        assert_eq!(found.captions, ["The harbour in 1912."]);
        assert!(!found.text.contains("1912"));
    }

    #[test]
    fn copies_for_other_widths_are_told_once() {
        check(
            &format!(
                "<main><div class=w1><div>{STORY}</div></div><div class=w2><div>{STORY}</div></div></main>"
            ),
            &["The council voted", "“We have no"],
        );
    }
}
