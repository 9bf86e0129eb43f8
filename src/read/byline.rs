//! Who wrote an article: names out of metadata, and of the lines around the headline.

use super::metadata::{Metadata, folded};
use super::page::{Page, Value};
use super::parts::Hints;
use std::borrow::Cow;

/// The authors' names, without `By`, in the order given.
pub(super) fn byline(page: &Page, metadata: &Metadata, headline: &str) -> Vec<String> {
    let site = metadata.source().map(|source| folded(&source)).unwrap_or_default();
    let is_person = |name: &String| name.contains(' ') && folded(name) != site;
    let told =
        metadata.authors().map(|written| names(&written)).find(|names| !names.is_empty()).unwrap_or_default();
    // One word alone is often a login, and the outlet's own name says little: a person whom readers see named is better.
    if told.iter().any(is_person) {
        return told;
    }
    let seen = seen(page, headline);
    let same = told.iter().any(|name| seen.iter().any(|other| folded(other).contains(&folded(name))));
    if told.is_empty() || (!same && seen.iter().any(is_person)) { seen } else { told }
}

/// No article has more authors.
const MOST: usize = 100;

/// The names in some written lines, each once.
fn names(written: &[Cow<str>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in written.iter().take(MOST).flat_map(|written| names_in(written)) {
        if !names.iter().any(|had| folded(had) == folded(&name)) {
            names.push(name);
        }
    }
    names
}

/// How a name may be marked on the page, plainest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Schema,
    Name,
    Link,
    Byline,
    By,
}

/// The names that readers see: marked as the author's, or after `By`, nearest to the headline.
fn seen(page: &Page, headline: &str) -> Vec<String> {
    let headline = folded(headline);
    let start = (0..page.nodes.len())
        .find(|&node| {
            matches!(page.name(node), "h1" | "h2")
                && !headline.is_empty()
                && folded(&page.text(node)) == headline
        })
        .unwrap_or(0);
    let mut found: Vec<(bool, Mark, usize, Vec<String>)> = Vec::new();
    let mut until = 0;
    for (number, node) in page.nodes.iter().enumerate() {
        let Value::Element(element) = node.value else { continue };
        if matches!(element.name(), "script" | "style" | "noscript" | "footer" | "nav" | "head")
            || Hints::of(page, number).is_of_others(page, number)
        {
            until = until.max(node.end);
        }
        if number < until || node.end - number > 60 {
            continue;
        }
        let Some(mark) = mark(page, number) else { continue };
        let text = page.lines(number);
        if text.chars().count() > 160 {
            continue;
        }
        // What the author is stands on the next line; who else had a hand in it, after the name.
        let mut lines = text.lines().filter(|line| lead(line) != Some("") && !line.trim().is_empty());
        let line = lines.next().unwrap_or_default().split(['|', '•', '·']).next().unwrap_or_default();
        let mut names = if is_of_helper(line) { Vec::new() } else { names(&[Cow::Borrowed(line)]) };
        if mark >= Mark::Byline {
            // Sentences begin with `By` as well.
            names.retain(|name| {
                name.split_whitespace()
                    .filter(|word| word.chars().next().is_some_and(char::is_lowercase))
                    .count()
                    <= 1
                    && !name.starts_with(char::is_lowercase)
            });
        }
        if !names.is_empty() {
            let far = number + 100 < start || number > start + 600;
            found.push((far, mark, number, names));
        }
    }
    found.sort_by_key(|&(far, mark, number, _)| (far, mark, number));
    let Some((_, mark, first, _)) = found.first() else { return Vec::new() };
    let (mark, first) = (*mark, *first);
    let together =
        found.iter().filter(|&&(_, of, number, _)| of == mark && number >= first && number <= first + 12);
    let lines: Vec<Cow<str>> =
        together.flat_map(|(_, _, _, names)| names).map(|name| Cow::Borrowed(name.as_str())).collect();
    names(&lines)
}

fn mark(page: &Page, node: usize) -> Option<Mark> {
    let prop = page.attr(node, "itemprop").unwrap_or("");
    if prop == "author"
        || page.attr(node, "rel").is_some_and(|rel| rel.split_whitespace().any(|rel| rel == "author"))
    {
        return Some(Mark::Schema);
    }
    let mut byline = false;
    for class in page.attr(node, "class").unwrap_or("").split_whitespace() {
        let class = folded(class);
        if (class.contains("author") || class.contains("byline"))
            && class.contains("name")
            && !class.contains("username")
        {
            return Some(Mark::Name);
        }
        byline |= class.contains("byline")
            || (class.contains("author") && !class.contains("bio") && !class.contains("authority"));
    }
    if page.name(node) == "a"
        && page.attr(node, "href").is_some_and(|href| {
            ["/author/", "/authors/", "?author=", "/writer/", "/staff/", "/by/", "/contributor"]
                .iter()
                .any(|path| href.contains(path))
        })
    {
        return Some(Mark::Link);
    }
    if byline {
        return Some(Mark::Byline);
    }
    let block = !super::page::is_inline(page.name(node));
    (block && page.nodes[node].end - node < 16 && lead(&page.text(node)).is_some_and(|rest| !rest.is_empty()))
        .then_some(Mark::By)
}

/// Whether the line names those who checked the text.
fn is_of_helper(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    [
        "reviewed by",
        "medically reviewed by",
        "edited by",
        "fact checked by",
        "fact-checked by",
        "updated by",
        "photo",
        "image",
    ]
    .iter()
    .any(|lead| line.starts_with(lead))
}

/// The line after its `By`, empty if the line is but that.
fn lead(line: &str) -> Option<&str> {
    const LEADS: &[&str] = &[
        "written by",
        "posted by",
        "published by",
        "story by",
        "words by",
        "article by",
        "authored by",
        "author:",
        "authors:",
        "autor:",
        "автор:",
        "by:",
        "by",
        "von",
        "par",
        "por",
    ];
    let line = line.trim();
    LEADS.iter().find_map(|lead| {
        let head = line.get(..lead.len())?;
        let rest = line.get(lead.len()..)?;
        (head.to_lowercase() == *lead && rest.starts_with([' ', ':', '\u{a0}']))
            .then(|| rest.trim_start_matches([' ', ':', '\u{a0}']))
    })
}

/// The names in a byline.
fn names_in(written: &str) -> Vec<String> {
    let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 200 || line.contains("://") || line.starts_with('@') || line.starts_with("www.")
    {
        return Vec::new();
    }
    let line = lead(&line).unwrap_or(&line);
    let joined = [" and ", " & ", " und ", " et ", " y ", " with ", " | ", " / ", " • ", " · "]
        .iter()
        .fold(line.to_owned(), |line, mark| line.replace(mark, ", "));
    let mut names = Vec::new();
    for part in joined.split([',', ';']) {
        let name = part.split('(').next().unwrap_or(part);
        let name =
            name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '–' | '|' | ':' | '•'));
        let name = lead(name).unwrap_or(name);
        if is_of_helper(name) {
            break;
        }
        if is_name(name) {
            names.push(name.to_owned());
        } else if !names.is_empty() && name.split_whitespace().count() > 3 {
            // After the names comes what they are.
            break;
        }
    }
    names
}

/// Whether this can be a name: not a degree, not an address, not a sentence.
fn is_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let upper = name.chars().filter(|c| c.is_uppercase()).count();
    let degree = name.len() <= 5 && words == 1 && upper > 1 && upper * 2 > name.chars().count();
    let lower = name.to_lowercase();
    let nobody = matches!(
        &*lower,
        "jr" | "sr"
            | "phd"
            | "ph.d"
            | "staff"
            | "admin"
            | "administrator"
            | "editor"
            | "webmaster"
            | "none"
            | "null"
            | "n/a"
            | "unknown"
            | "guest"
            | "updated"
            | "published"
            | "share"
            | "author"
            | "by"
            | "about the author"
    );
    let address = name.contains(['@', '<', '>', '{', '=', '_', '/'])
        || name
            .split_whitespace()
            .any(|word| word.split('.').filter(|part| part.chars().count() > 2).count() > 1);
    !name.is_empty()
        && !lower.ends_with(" by")
        && words <= 6
        && !degree
        && !nobody
        && !address
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::names_in;

    fn check(written: &str, expected: &[&str]) {
        assert_eq!(names_in(written), expected, "{written}");
    }

    #[test]
    fn names_without_what_surrounds_them() {
        check("By Ida Moss", &["Ida Moss"]);
        check("by Ida Moss and Jon O'Dell", &["Ida Moss", "Jon O'Dell"]);
        check("Written by: Ida Moss, Jon Dell & Li Wen", &["Ida Moss", "Jon Dell", "Li Wen"]);
        check("Ida Moss, MD", &["Ida Moss"]);
        check("Ida Moss (in Oslo)", &["Ida Moss"]);
        check("Von Ida Moos und Jan Dell", &["Ida Moos", "Jan Dell"]);
        check("https://example.org/authors/7", &[]);
        check("desk@example.org", &[]);
        check("page.head.author", &[]);
        check("", &[]);
    }
}
