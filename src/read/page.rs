//! A parsed page laid out flat, in reading order, so that a subtree is a range and no walk needs the stack.

use scraper::node::{Element, Node as Parsed};
use std::ops::Range;

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
            Value::Element(element) => element.attr(name),
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

    /// The text inside, white space collapsed, with a space where a block begins or ends.
    pub(super) fn text(&self, node: usize) -> String {
        let mut out = String::new();
        let mut space = false;
        let mut blocks = Vec::new();
        for node in self.inside(node) {
            while blocks.last().is_some_and(|&end| end <= node) {
                blocks.pop();
                space = true;
            }
            match self.nodes[node].value {
                Value::Element(element) => {
                    if !is_inline(element.name()) {
                        space = true;
                        blocks.push(self.nodes[node].end);
                    }
                }
                Value::Text(text) => collapse(text, &mut out, &mut space),
            }
        }
        out
    }
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
