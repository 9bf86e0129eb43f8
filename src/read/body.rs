//! The body of an article out of its page: which blocks of text a reader would call the story.

use super::page::{Page, Value, collapse, is_inline};
use html2text::render::TrivialDecorator;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The story's text, paragraphs separated by blank lines, and the captions of its pictures.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) captions: Vec<String>,
}

/// Finds the body. `title` is the article's, which does not belong to it.
pub(super) fn body(page: &Page, title: &str) -> Body {
    let layout = Layout::of(page);
    let units = layout.units(page);
    let root = layout.root(page, &units);
    let inside = page.inside(root);
    let mut kept: Vec<&Unit> = units.iter().filter(|unit| inside.contains(&unit.first)).collect();
    let captions =
        kept.iter().filter(|unit| unit.kind == Kind::Caption).map(|unit| unit.text.clone()).collect();
    kept.retain(|unit| unit.kind != Kind::Caption);
    trim(&mut kept, title);
    if std::env::var("DBG").is_ok() {
        eprintln!(
            "ROOT {} {:?} {:?} {}",
            page.name(root),
            page.attr(root, "class"),
            page.attr(root, "id"),
            page.ancestors(root)
                .map(|n| format!("{}.{}", page.name(n), page.attr(n, "class").unwrap_or("")))
                .collect::<Vec<_>>()
                .join(" < ")
        );
        for u in &units {
            eprintln!(
                "{} {:?} {}/{} {} | {} | {}",
                if kept.iter().any(|k| k.first == u.first) {
                    "IN "
                } else if inside.contains(&u.first) {
                    "cut"
                } else {
                    "out"
                },
                u.kind,
                u.chars,
                u.linked,
                u.prose(),
                page.ancestors(u.first)
                    .take(4)
                    .map(|n| format!(
                        "{}.{}#{}",
                        page.name(n),
                        page.attr(n, "class").unwrap_or(""),
                        page.attr(n, "id").unwrap_or("")
                    ))
                    .collect::<Vec<_>>()
                    .join(" < "),
                u.text.chars().take(80).collect::<String>()
            );
        }
    }
    Body { text: render(&kept), captions }
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

    fn units(&self, page: &Page) -> Vec<Unit> {
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
                    let heavy = self.inside(page, number) * 5 > all * 2;
                    let part = if heavy { Part::Story } else { part(page, number) };
                    if is_unseen(name)
                        || part == Part::Aside
                        || (self.inside(page, number) * 10 < all && self.links(page, number))
                    {
                        if std::env::var("DBG").is_ok() && self.inside(page, number) > 150 {
                            eprintln!(
                                "JUNK {} of {all} {}.{}#{} {}",
                                self.inside(page, number),
                                name,
                                element.attr("class").unwrap_or(""),
                                element.attr("id").unwrap_or(""),
                                page.text(number).chars().take(100).collect::<String>()
                            );
                        }
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
        let mut root = 0;
        for strength in [3, 2, 1] {
            let hinted = (0..page.nodes.len()).filter(|&node| hint(page, node) == strength);
            // The innermost of the heaviest.
            if let Some(node) =
                hinted.max_by_key(|&node| of(node)).filter(|&node| of(node) * 5 >= all * 2 && of(node) > 0)
            {
                root = node;
                break;
            }
        }
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

/// How plainly an element says that it holds the story: 3 by schema.org, 2 by its class, 1 by its name, 0 not.
fn hint(page: &Page, node: usize) -> u8 {
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

fn kind(page: &Page, node: usize, outer: Kind) -> Kind {
    match page.name(node) {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "li" | "dt" | "dd" if outer != Kind::Caption => Kind::Item,
        "td" | "th" if outer != Kind::Caption => Kind::Cell,
        _ => outer,
    }
}

fn is_unseen(name: &str) -> bool {
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

/// What a part of a page is by its name and attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Story,
    Aside,
    Caption,
}

fn part(page: &Page, node: usize) -> Part {
    let Value::Element(element) = page.nodes[node].value else { return Part::Story };
    match element.name() {
        "nav" | "footer" | "aside" | "menu" | "form" => return Part::Aside,
        "figure" | "figcaption" => return Part::Caption,
        "body" | "html" => return Part::Story,
        _ => {}
    }
    if element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") {
        return Part::Aside;
    }
    if element.attr("style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    }) {
        return Part::Aside;
    }
    if matches!(
        element.attr("role"),
        Some("navigation" | "complementary" | "contentinfo" | "search" | "dialog" | "alert" | "banner")
    ) {
        return Part::Aside;
    }
    let mut found = Part::Story;
    for name in
        [element.attr("class"), element.attr("id")].into_iter().flatten().flat_map(str::split_whitespace)
    {
        match named(name) {
            // Posts of others are quoted in a story, in boxes with the same names as those to share it.
            Part::Aside
                if name.contains("social")
                    && page.inside(node).any(|inner| page.name(inner) == "blockquote") => {}
            Part::Aside => return Part::Aside,
            Part::Caption => found = Part::Caption,
            Part::Story => {}
        }
    }
    found
}

/// What one class name says: `related-items` is an aside, `has-sidebar` and `article-body__ad-free` are not.
fn named(name: &str) -> Part {
    let mut found = Part::Story;
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let word = word.to_ascii_lowercase();
        match &*word {
            "has" | "with" | "no" | "without" | "enabled" | "disabled" | "false" | "layout" | "body"
            | "content" | "text" | "type" | "free" => return Part::Story,
            _ => {}
        }
        match WORDS.get(&*word) {
            Some(Part::Aside) => found = Part::Aside,
            Some(Part::Caption) if found == Part::Story => found = Part::Caption,
            _ => {}
        }
    }
    found
}

static WORDS: LazyLock<HashMap<&'static str, Part>> = LazyLock::new(|| {
    include_str!("tables/page_words.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(kind, words)| {
            let part = if kind == "aside" { Part::Aside } else { Part::Caption };
            words.split(' ').map(move |word| (word, part))
        })
        .collect()
});

/// Takes away what stands inside the story's element and is none of it.
fn trim(kept: &mut Vec<&Unit>, title: &str) {
    let title = letters(title);
    let all: usize = kept.iter().map(|unit| unit.prose()).sum();
    let mut before = 0;
    let mut end = kept.len();
    let mut keep = vec![true; kept.len()];
    for (number, unit) in kept.iter().enumerate() {
        if before == 0 && !title.is_empty() && letters(&unit.text) == title {
            keep[number] = false;
        }
        if unit.linked * 10 >= unit.chars * 9 {
            let leads = unit.kind == Kind::Heading
                && kept.get(number + 1).is_some_and(|next| next.linked * 2 < next.chars);
            keep[number] &= leads;
        }
        match phrase(unit) {
            Some(Phrase::End) if before * 2 > all && (unit.kind == Kind::Heading || unit.linked == 0) => {
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
    while kept.last().is_some_and(|unit| unit.kind == Kind::Heading) {
        kept.pop();
    }
}

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
        .map(|(kind, phrase)| (phrase, if kind == "end" { Phrase::End } else { Phrase::Aside }))
        .collect()
});

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The blocks as text, by way of `html2text`.
fn render(units: &[&Unit]) -> String {
    let mut html = String::new();
    for unit in units {
        html.push_str("<p>");
        for c in unit.text.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                c => html.push(c),
            }
        }
    }
    html2text::config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .string_from_read(html.as_bytes(), usize::MAX >> 8)
        .unwrap_or_default()
}
