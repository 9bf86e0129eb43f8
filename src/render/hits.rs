//! Search results as people see them: rank, date, who or what, the matching words, where it stands.

use super::safe;
use super::wrap::{self, BOLD, CYAN, DIM, MARK, PLAIN, Piece, cut, number, width};
use crate::answer::{Answer, Hit, Totals};
use crate::document::{Document, UNKNOWN};
use index_schema::Field;
use std::time::Duration;

/// Lines longer than this are hard to read.
const WIDEST: usize = 120;

/// The hits of one page, laid out for `columns`.
pub fn text(answer: &Answer, columns: usize) -> String {
    let columns = columns.min(WIDEST);
    let last = answer.first + answer.hits.len().saturating_sub(1);
    let rank_width = last.to_string().len().max(2);
    let mut out = String::new();
    for (place, hit) in answer.hits.iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        for line in block(hit, answer.first + place, rank_width, columns) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// One hit: a head line, its words, and where it stands.
fn block(hit: &Hit, rank: usize, rank_width: usize, columns: usize) -> Vec<String> {
    let document = &hit.document;
    let statement = document.first(Field::Kind) == Some("statement");
    let indent = rank_width + 2;
    let date = document.first_day(Field::Date).map_or("no date   ".to_owned(), |day| day.to_string());
    let countries: Vec<&str> = document.all(Field::Country).collect();
    let room = columns.saturating_sub(indent + 12);
    let countries = cut(&safe::line(&countries.join(" ")), (room / 3).min(24));
    let room = room.saturating_sub(width(&countries) + usize::from(!countries.is_empty()) * 2);
    let (head, head_width) = if statement { speaker(document, room) } else { title(hit, room) };
    let gap = " ".repeat(room.saturating_sub(head_width) + 2);
    let mut first = format!("{DIM}{rank:>rank_width$}{PLAIN}  {date}  {head}");
    if !countries.is_empty() {
        first.push_str(&format!("{gap}{CYAN}{countries}{PLAIN}"));
    }
    let mut lines = vec![first];
    let margin = " ".repeat(indent);
    for line in words(hit, statement, columns.saturating_sub(indent)) {
        lines.push(format!("{margin}{line}"));
    }
    let columns = columns.saturating_sub(indent);
    lines.extend(
        stands(document, statement, columns).iter().map(|line| format!("{margin}{DIM}{line}{PLAIN}")),
    );
    lines.extend(hit.versions.iter().map(|versions| {
        let query = safe::line(&versions.query.to_string()).replace('\'', "'\\''");
        let more = count(versions.more, "more version");
        format!("{margin}{DIM}{more}: search --all-versions '{query}'{PLAIN}")
    }));
    lines
}

/// The speaker and their role, with the columns they take.
fn speaker(document: &Document, room: usize) -> (String, usize) {
    let name = match document.first(Field::Speaker) {
        None | Some(UNKNOWN) => "speaker unknown",
        Some(name) => name,
    };
    let name = cut(&safe::line(name), room);
    let details: Vec<String> = [document.first(Field::Role), document.first(Field::Org)]
        .into_iter()
        .flatten()
        .map(safe::line)
        .collect();
    let left = room.saturating_sub(width(&name) + 2);
    let details = if left > 8 { cut(&details.join(", "), left) } else { String::new() };
    let mut head = format!("{BOLD}{name}{PLAIN}");
    let mut wide = width(&name);
    if !details.is_empty() {
        head.push_str(&format!("  {details}"));
        wide += 2 + width(&details);
    }
    (head, wide)
}

/// The title with what matches in it, with the columns it takes.
fn title(hit: &Hit, room: usize) -> (String, usize) {
    let title = match hit.document.first(Field::Title) {
        None | Some("") => "(no title)",
        Some(title) => title,
    };
    let safe_title = safe::line(title);
    let shown = cut(&safe_title, room);
    if shown == title {
        let pieces = wrap::pieces(title, &hit.title_marks, BOLD, MARK);
        let line = wrap::lines(&pieces, room).into_iter().next().unwrap_or_default();
        return (line, width(&shown));
    }
    (format!("{BOLD}{shown}{PLAIN}"), width(&shown))
}

/// The snippet; what a statement says word by word stands between quotation marks.
fn words(hit: &Hit, statement: bool, columns: usize) -> Vec<String> {
    let snippet = &hit.snippet;
    let (before, after) = snippet.cut;
    let direct = statement && hit.document.first(Field::Quote) == Some("direct");
    let bare = !snippet.text.starts_with(['"', '“', '‘', '«', '„']);
    let mut pieces = Vec::new();
    if direct && bare {
        pieces.push(Piece::new("“", ""));
    }
    if before {
        pieces.push(Piece::new("…", DIM));
    }
    pieces.extend(wrap::pieces(&snippet.text, &snippet.marks, "", MARK));
    if after {
        pieces.push(Piece::new("…", DIM));
    }
    if direct && bare {
        pieces.push(Piece::new("”", ""));
    }
    wrap::lines(&pieces, columns)
}

/// Title or outlet, the place in the file, the id that `show` takes: on one line, or the title on one of its own where
/// it would have to be cut.
fn stands(document: &Document, statement: bool, columns: usize) -> Vec<String> {
    let place = document.first(Field::Path).map(safe::line).unwrap_or_default();
    let id = document.first(Field::Id).map(safe::line).unwrap_or_default();
    let id = if place.starts_with(id.as_str()) { String::new() } else { id };
    let what = if statement { document.first(Field::Title) } else { document.first(Field::Source) };
    let what = what.map(safe::line).unwrap_or_default();
    let fixed: Vec<String> = [place, id].into_iter().filter(|part| !part.is_empty()).collect();
    let fixed = fixed.join("  ");
    if what.is_empty() {
        vec![fixed]
    } else if width(&what) + 2 + width(&fixed) <= columns {
        vec![format!("{what}  {fixed}")]
    } else {
        vec![cut(&what, columns), fixed]
    }
}

/// How many there are, which are shown, how long it took.
pub fn closing(answer: &Answer, took: Duration) -> String {
    let shown = answer.hits.len();
    let found = found(answer.totals, took);
    if shown == 0 || shown as u64 == answer.totals.hits() {
        return found;
    }
    format!("{}–{} of {found}", answer.first, answer.first + shown - 1)
}

/// `4 articles and 21 statements, 3 versions of them, 8 ms`.
pub fn found(totals: Totals, took: Duration) -> String {
    let parts = [(totals.articles, "article"), (totals.statements, "statement")];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(n, what)).collect();
    let mut line = parts.join(" and ");
    if let Some(articles) = totals.of_articles {
        line = format!("{}, with {line}", count(articles, "article"));
    }
    if totals.versions > 0 {
        line.push_str(&format!(", {}", count(totals.versions, "more version")));
    }
    format!("{line}, {}", time(took))
}

pub(super) fn count(n: u64, what: &str) -> String {
    match (n, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) if !what.ends_with("ay") => format!("{} {stem}ies", number(n)),
        _ => format!("{} {what}s", number(n)),
    }
}

/// `3 ms`, `1.2 s`.
fn time(took: Duration) -> String {
    match took.as_millis() {
        0 => format!("{:.1} ms", took.as_secs_f64() * 1e3),
        1..1000 => format!("{} ms", took.as_millis()),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(count(1, "country"), "1 country");
        assert_eq!(count(2, "country"), "2 countries");
        assert_eq!(count(2, "day"), "2 days");
    }
}
