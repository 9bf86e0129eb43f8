//! A parsed page laid out flat, in reading order, so that a subtree is a range and no walk needs the stack.

use scraper::node::{Element, Node as Parsed};
use std::ops::Range;

/// The longest that a line of text is read.
const LINE: usize = 4096;

/// The nodes of a page in document order; a node's number is its place.
pub(super) struct Page<'h> {
    pub(super) nodes: Vec<Node<'h>>,
}

/// An element or a stretch of text.
pub(super) struct Node<'h> {
    pub(super) value: Value<'h>,
    /// The parent's number; the root is its own parent.
    pub(super) parent: usize,
    /// One past the last node inside.
    pub(super) end: usize,
}

pub(super) enum Value<'h> {
    Element(&'h Element),
    Text(&'h str),
}

impl<'h> Page<'h> {
    /// The elements and texts of a parsed page.
    pub(super) fn of(html: &'h scraper::Html) -> Page<'h> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut next = html.tree.root().first_child();
        while let Some(node) = next {
            let number = nodes.len();
            let value = match node.value() {
                Parsed::Element(element) => Some(Value::Element(element)),
                Parsed::Text(text) => Some(Value::Text(text)),
                _ => None,
            };
            if let Some(value) = value {
                nodes.push(Node { value, parent: open.last().copied().unwrap_or(number), end: number + 1 });
            }
            next = node.first_child();
            if next.is_some() {
                open.push(number);
                continue;
            }
            let mut last = node;
            next = last.next_sibling();
            while next.is_none() {
                let (Some(parent), Some(number)) = (last.parent(), open.pop()) else { break };
                nodes[number].end = nodes.len();
                last = parent;
                next = last.next_sibling();
            }
        }
        Page { nodes }
    }

    /// The element's name, empty for text.
    pub(super) fn name(&self, node: usize) -> &'h str {
        match self.nodes[node].value {
            Value::Element(element) => element.name(),
            Value::Text(_) => "",
        }
    }

    /// The value of an attribute.
    pub(super) fn attr(&self, node: usize, name: &str) -> Option<&'h str> {
        match self.nodes[node].value {
            Value::Element(element) => attr(element, name),
            Value::Text(_) => None,
        }
    }

    /// The node and all inside it.
    pub(super) fn inside(&self, node: usize) -> Range<usize> {
        node..self.nodes[node].end
    }

    /// The node's ancestors, nearest first.
    pub(super) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(node), |&node| {
            let parent = self.nodes[node].parent;
            (parent != node).then_some(parent)
        })
        .skip(1)
    }

    /// The text inside, white space collapsed, with a space where a block begins or ends; cut after some 4 KB, for this
    /// is about lines, and elements inside each other all hold the same text.
    pub(super) fn text(&self, node: usize) -> String {
        self.lines(node).replace('\n', " ")
    }

    /// The same with a line break there.
    pub(super) fn lines(&self, node: usize) -> String {
        let mut out = String::new();
        let (mut space, mut line) = (false, false);
        let mut blocks = Vec::new();
        for node in self.inside(node) {
            while blocks.last().is_some_and(|&end| end <= node) {
                blocks.pop();
                line = true;
            }
            if out.len() > LINE {
                break;
            }
            match self.nodes[node].value {
                Value::Element(element) => {
                    if !is_inline(element.name()) {
                        line = true;
                        blocks.push(self.nodes[node].end);
                    }
                }
                Value::Text(text) => {
                    let text = head(text, LINE);
                    if line && !text.trim().is_empty() {
                        if !out.is_empty() {
                            out.push('\n');
                        }
                        (space, line) = (false, false);
                    }
                    collapse(
                        text.trim_start_matches(|c: char| c.is_whitespace() && out.ends_with('\n')),
                        &mut out,
                        &mut space,
                    );
                }
            }
        }
        out
    }
}

/// The beginning of a text, of so many bytes or a little less.
pub(super) fn head(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The value of an element's attribute. (Its own method makes an interned name of `name` at every call.)
pub(super) fn attr<'h>(element: &'h Element, name: &str) -> Option<&'h str> {
    element.attrs().find(|&(found, _)| found == name).map(|(_, value)| value)
}

/// Adds text to `out` with each stretch of white space as one space; `space` tells that one is due.
pub(super) fn collapse(text: &str, out: &mut String, space: &mut bool) {
    *space |= text.starts_with(char::is_whitespace);
    for word in text.split_whitespace() {
        if *space && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        *space = true;
    }
    *space = text.ends_with(char::is_whitespace) || (*space && text.is_empty());
}

/// Elements that stand inside a line of text; all others begin and end one.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "picture"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::Page;

    fn check(html: &str, expected: &str) {
        let parsed = scraper::Html::parse_document(html);
        assert_eq!(Page::of(&parsed).lines(0), expected, "{html}");
    }

    #[test]
    fn lines_break_where_blocks_do() {
        check("<p>a<b>b</b> c\n d</p>", "ab c d");
        check("<p>a</p><p> b</p>", "a\nb");
        check("<div>a<div>b</div>c</div>", "a\nb\nc");
        check("<ul><li>a<li>b</ul>", "a\nb");
        check("a<!-- x -->b", "ab");
        check("", "");
    }

    #[test]
    fn a_subtree_is_a_range() {
        let parsed = scraper::Html::parse_document("<div><p>a<p>b</div><p>c");
        let page = Page::of(&parsed);
        let div = (0..page.nodes.len()).find(|&node| page.name(node) == "div").expect("there is one");
        assert_eq!(page.text(div), "a b");
        assert_eq!(page.ancestors(div).map(|node| page.name(node)).collect::<Vec<_>>(), ["body", "html"]);
    }
}
