//! The header of a text: lines that give its byline, date, address and source, and the dateline of its first paragraph.

use super::date_line::{When, only_moment};
use super::furniture::is_furniture;
use super::moment::{Moment, moment};
use super::plain::{HEADLINE, ends_prose, ends_sentence};
use super::{beginning, language, names};
use crate::article::Article;

/// The day in a dateline that gives the year too: `DUBLIN, 28 September 2023 –`.
pub(super) fn dateline(words: &str) -> Option<Moment> {
    let start = beginning(words, 80);
    let end = [" – ", " — ", " - ", " -- ", ": "].iter().filter_map(|dash| start.find(dash)).min()?;
    let place = start.split(',').next()?;
    let is_place =
        place.len() > 2 && !place.contains(char::is_lowercase) && place.contains(char::is_alphabetic);
    moment(&start[..end]).filter(|_| is_place)
}

/// Takes a line of the header into the article: a byline, a date, an address, `Source: …`, or several of these.
pub(super) fn head_line(words: &str, article: &mut Article, when: &mut When) -> bool {
    if words.len() > HEADLINE {
        return false;
    }
    if let Some(moment) = only_moment(words) {
        when.add(words, moment);
        return true;
    }
    if (words.starts_with("https://") || words.starts_with("http://")) && !words.contains(' ') {
        article.url.get_or_insert_with(|| words.to_owned());
        return true;
    }
    if let Some(rest) = names::after_by(words) {
        // `By Jane Doe | Jan 3, 2020`, `By Jane Doe Jan 3, 2020`.
        let names = names::names(rest);
        let dated = parts(rest).find_map(|part| Some((part, only_moment(part)?)));
        if let Some((part, moment)) = dated {
            when.add(part, moment);
        }
        if !names.is_empty() && !ends_prose(words) {
            add_names(article, names);
            return true;
        }
    }
    if let Some((label, value)) = words.split_once(':')
        && labelled(&label.trim().to_lowercase(), value.trim(), article, when)
    {
        return true;
    }
    // `Jane Doe | Jan 3, 2020 | 4 min read`: at least one part is a date, the others are short.
    let (mut dated, mut names) = (false, Vec::new());
    for part in parts(words) {
        if let Some(moment) = only_moment(part) {
            when.add(part, moment);
            dated = true;
        } else if part.len() <= 60 {
            names.extend(names::names(part).into_iter().filter(|_| !is_furniture(part)));
        }
    }
    let is_header = dated && parts(words).count() > 1 && words.len() <= 120 && !ends_prose(words);
    if is_header {
        add_names(article, names);
    }
    is_header
}

fn add_names(article: &mut Article, names: Vec<String>) {
    if article.byline.is_empty() {
        article.byline = names;
    }
}

/// The parts of a header line between its bars and dots.
fn parts(words: &str) -> impl Iterator<Item = &str> {
    words
        .split(['|', '•', '·'])
        .flat_map(|part| part.split(" — "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Takes `Label: value` into the article if the label is that of a field.
fn labelled(label: &str, value: &str, article: &mut Article, when: &mut When) -> bool {
    match label {
        "title" | "headline" if !value.is_empty() => article.title = value.to_owned(),
        "author" | "authors" | "byline" => {
            let names = names::names(value);
            if names.is_empty() {
                return false;
            }
            add_names(article, names);
        }
        "date" | "published" | "publication date" | "posted" | "updated" | "load-date" | "last updated"
        | "published on" => match only_moment(value) {
            Some(moment) => when.add(label, moment),
            None => return false,
        },
        "source" | "publication" | "outlet" | "newspaper" if !value.is_empty() && value.len() < 80 => {
            article.source.get_or_insert_with(|| value.to_owned());
        }
        "url" | "link" if value.contains("://") => {
            article.url.get_or_insert_with(|| value.to_owned());
        }
        "language" | "lang" => match language::declared(value) {
            Some(lang) => article.lang = Some(lang),
            None => return false,
        },
        "dateline" if !value.is_empty() => article.dateline = Some(value.to_owned()),
        "body" | "text" if value.is_empty() => {}
        "length" | "section" | "word count" | "words" | "publication-type" | "copyright" | "keywords"
        | "tags" => {}
        _ => return false,
    }
    true
}

/// Whether a line is somebody's name over a date, without `By`; the article has its names then.
pub(super) fn is_bare_name(words: &str, next: Option<&str>, article: &mut Article) -> bool {
    let dated = next.is_some_and(|next| only_moment(next).is_some());
    if !dated || !article.byline.is_empty() || article.title.is_empty() || words.len() > 100 {
        return false;
    }
    let is_name = words.split_whitespace().count() >= 2 && !ends_sentence(words);
    let names = if is_name { names::names(words) } else { Vec::new() };
    match names.as_slice() {
        [] => return false,
        [outlet] if names::is_outlet(outlet) => article.source = Some(outlet.clone()),
        _ => article.byline = names,
    }
    true
}
