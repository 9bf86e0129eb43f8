//! Plain text as people save it: header lines, captions, body, and a tail that is none of the story.

use super::caption::is_caption;
use super::date_line::When;
use super::furniture::{is_furniture, is_tail};
use super::header::{dateline, head_line, is_bare_name};
use super::{Piece, ReadError, decode, names};
use crate::article::Article;

/// The text's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let text = clean(&decode::text(&piece.bytes, piece.charset.as_deref(), decode::Label::Nowhere));
    let mut article = Article::default();
    if let Some(given) = &piece.given {
        article.title = given.title.clone();
    }
    let mut story = Story::new(&text);
    story.take_head(&mut article);
    story.take_tail(&mut article);
    story.take_furniture();
    article.captions = story.take_captions();
    (article.text, article.line_numbers) = story.body();
    if article.text.is_empty() {
        // All of it looked like header or tail: then none of it was.
        article = Article::default();
        (article.text, article.line_numbers) = Story::new(&text).body();
    }
    if article.text.is_empty() {
        return Err(ReadError::content(&piece.path, 0, "no text in it"));
    }
    Ok(article)
}

/// The text with `\n` at its line ends and without the characters that nobody sees.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter_map(|c| match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some('\t'),
            '\u{feff}' | '\u{200b}' | '\u{ad}' => None,
            c if c.is_control() && c != '\n' => None,
            c => Some(c),
        })
        .collect()
}

struct Line<'t> {
    /// From 1.
    number: u32,
    words: &'t str,
    /// Whether it belongs to the text, and not to header, tail, captions or furniture.
    is_body: bool,
}

/// The lines of a text, and which of them tell the story.
struct Story<'t> {
    lines: Vec<Line<'t>>,
}

/// So many lines from the top may belong to the header.
const HEAD_LINES: usize = 16;
/// Prose this long is a paragraph and no headline.
const PARAGRAPH: usize = 80;
/// No headline and no line of a header is longer than this.
pub(super) const HEADLINE: usize = 200;

impl<'t> Story<'t> {
    fn new(text: &'t str) -> Story<'t> {
        let line = |(number, words): (u32, &'t str)| Line { number, words: words.trim(), is_body: true };
        Story { lines: (1..).zip(text.split('\n')).map(line).collect() }
    }

    /// Moves title, byline, date and the buttons around them from the top of the text into the article.
    fn take_head(&mut self, article: &mut Article) {
        let full: Vec<usize> = self.full().take(HEAD_LINES).collect();
        let mut paragraphs = 0;
        let mut after_header = false;
        let mut when = When::default();
        for (at, &index) in full.iter().enumerate() {
            let words = self.lines[index].words;
            let next = full.get(at + 1).map(|&next| self.lines[next].words);
            let is_header = words == article.title
                || head_line(words, article, &mut when)
                || is_furniture(words)
                || names::is_post(words)
                || article.title.is_empty() && is_stray(words)
                || after_header && is_bare_name(words, next, article);
            if is_header {
                self.lines[index].is_body = false;
                after_header = true;
                continue;
            }
            if article.title.is_empty()
                && paragraphs == 0
                && let Some(lines) = self.title(&full[at..], article)
            {
                self.lines[index..=lines].iter_mut().for_each(|line| line.is_body = false);
                after_header = true;
                continue;
            }
            if !self.lines[index].is_body {
                continue;
            }
            after_header = false;
            if words.len() > PARAGRAPH && ends_sentence(words) {
                paragraphs += 1;
                if paragraphs == 3 {
                    break;
                }
            }
        }
        let first = full.iter().map(|&index| &self.lines[index]).find(|line| line.is_body);
        if let Some(moment) = when.best().or_else(|| dateline(first?.words)) {
            article.published = Some(moment.day);
            article.published_at = moment.at;
        }
    }

    /// Takes the title if it begins on the first of these lines; returns the index of its last line.
    fn title(&self, full: &[usize], article: &mut Article) -> Option<usize> {
        let words = |at: usize| full.get(at).map(|&index| self.lines[index].words);
        let first = words(0)?;
        let second = words(1)?;
        if first.len() > HEADLINE || !first.contains(char::is_alphabetic) || is_caption(first) {
            return None;
        }
        let mut probe = Article::default();
        let header_follows = [1, 2]
            .iter()
            .filter_map(|&at| words(at))
            .any(|words| head_line(words, &mut probe, &mut When::default()));
        let stands_alone = full[1] > full[0] + 1;
        let is_headline = !first.ends_with('.') || first.ends_with("...");
        let is_paragraph = second.len() >= 120 || second.len() > PARAGRAPH && ends_sentence(second);
        let heads = stands_alone || is_paragraph && second.len() >= first.len() * 3 / 2;
        if header_follows || is_headline && heads && !is_dialogue(first) {
            article.title = first.trim_start_matches(['#', ' ']).to_owned();
            return Some(full[0]);
        }
        // A headline broken in two: it goes on in small letters and ends before a blank line.
        let broken = is_headline
            && second.starts_with(char::is_lowercase)
            && !ends_sentence(second)
            && first.len() + second.len() < HEADLINE
            && full.get(2).is_some_and(|&third| third > full[1] + 1);
        if broken {
            article.title = format!("{first} {second}");
            return Some(full[1]);
        }
        None
    }

    /// Cuts off what follows the story.
    fn take_tail(&mut self, article: &mut Article) {
        let prose: Vec<usize> = self
            .lines
            .iter()
            .map(|line| if line.is_body && is_sentence(line.words) { line.words.len() } else { 0 })
            .collect();
        let total: usize = prose.iter().sum();
        let mut before = 0;
        for (index, length) in prose.iter().enumerate() {
            let words = self.lines[index].words;
            if self.lines[index].is_body && before > 0 && is_tail(words) {
                // What is left is a tail unless it is a good part of the whole: then the mark stood amid the story.
                if (total - before) * 4 <= total {
                    self.lines[index..].iter_mut().for_each(|line| line.is_body = false);
                    break;
                }
                self.take_list(index);
            }
            before += length;
        }
        for index in (0..self.lines.len()).rev() {
            let words = self.lines[index].words;
            if !self.lines[index].is_body || words.is_empty() {
                continue;
            }
            if !self.closes(index, article) {
                break;
            }
            self.lines[index].is_body = false;
        }
    }

    /// Takes a mark amid the story and the list of other stories under it, up to the next sentence.
    fn take_list(&mut self, mark: usize) {
        for line in &mut self.lines[mark..] {
            if is_sentence(line.words) {
                return;
            }
            line.is_body = false;
        }
    }

    /// Whether the line, with nothing of the story after it, is a signature or the like.
    fn closes(&self, index: usize, article: &mut Article) -> bool {
        let words = self.lines[index].words;
        if is_furniture(words) || is_tail(words) || is_address(words) {
            return true;
        }
        let is_first = self.full().next() == Some(index);
        let bare = words.trim_start_matches(['-', '–', '—', '(', '[', ' ']);
        let names = if is_first { Vec::new() } else { signature(bare) };
        if !names.is_empty() && article.byline.is_empty() {
            article.byline = names.clone();
        }
        let contributed = words.len() < 250
            && [
                "contributed to this report",
                "contributed reporting",
                "contributed to this story",
                "contributed to this article",
            ]
            .iter()
            .any(|ending| words.trim_end_matches(['.', ')', ' ', '*']).ends_with(ending));
        !names.is_empty() || contributed
    }

    fn take_furniture(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.is_body && !line.words.is_empty()) {
            line.is_body = !is_furniture(line.words);
        }
    }

    /// Takes the captions of photographs out of the body.
    fn take_captions(&mut self) -> Vec<String> {
        let mut captions = Vec::new();
        let full: Vec<usize> = self.full().filter(|&index| self.lines[index].is_body).collect();
        for (at, &index) in full.iter().enumerate() {
            let words = self.lines[index].words;
            // The last line of a story may be signed with an agency's name like a photograph.
            if at + 1 < full.len() && is_caption(words) {
                self.lines[index].is_body = false;
                captions.push(words.to_owned());
            }
        }
        captions
    }

    /// The text, one blank line between paragraphs, and the number of each of its lines.
    fn body(&self) -> (String, Vec<u32>) {
        let mut text = String::new();
        let mut numbers = Vec::new();
        let mut blank = None;
        for line in &self.lines {
            if !line.is_body || line.words.is_empty() {
                blank.get_or_insert(line.number);
                continue;
            }
            if !numbers.is_empty() {
                text.push('\n');
                if let Some(blank) = blank {
                    text.push('\n');
                    numbers.push(blank);
                }
            }
            blank = None;
            text.push_str(line.words);
            numbers.push(line.number);
        }
        (text, numbers)
    }

    /// The indices of the lines with something on them.
    fn full(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.lines.len()).filter(|&index| !self.lines[index].words.is_empty())
    }
}

/// The people who sign below a story: `By Jane Doe (jane@example.org)`, `Jane Doe, jane@example.org`, `— Jane Doe`.
fn signature(words: &str) -> Vec<String> {
    if words.len() > 150 || ends_prose(words) {
        return Vec::new();
    }
    match names::after_by(words) {
        Some(rest) => names::names(rest),
        None if words.contains('@') => names::names(words),
        None => Vec::new(),
    }
}

/// A lone character or mark above the title, left over from a button.
fn is_stray(words: &str) -> bool {
    words.chars().count() <= 2 || !words.contains(char::is_alphanumeric)
}

/// An address alone: mail, account, link, hashtags.
fn is_address(words: &str) -> bool {
    let all = |test: fn(&str) -> bool| words.split_whitespace().all(test);
    words.len() < 200
        && (all(|word| {
            word.contains('@')
                || matches!(word.to_lowercase().as_str(), "email:" | "e-mail:" | "contact:" | "twitter:")
        }) || all(|word| word.starts_with('#') && word.len() > 1)
            || all(|word| {
                word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.")
            }))
}

/// `MAYOR: What now?` is talk and no headline.
fn is_dialogue(words: &str) -> bool {
    let speaker = words.split(':').next().unwrap_or_default();
    speaker.len() < words.len()
        && speaker.len() <= 40
        && speaker.contains(char::is_alphabetic)
        && !speaker.contains(char::is_lowercase)
        && words.ends_with(['?', '.', '!'])
}

/// Whether the line ends where a sentence does.
pub(super) fn ends_sentence(words: &str) -> bool {
    words
        .trim_end_matches(['"', '”', '’', '\'', ')', '»', ']'])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', ':'])
}

/// Whether it ends so and is not merely an abbreviation (`Jr.`, `p.m.`) or a bracket.
pub(super) fn ends_prose(words: &str) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    words.ends_with(['.', '!', '?']) && last.len() > 4 && !last[..last.len() - 1].contains('.')
}

/// Whether the line is prose: a sentence of four words or more.
fn is_sentence(words: &str) -> bool {
    ends_sentence(words) && (words.split_whitespace().nth(3).is_some() || !words.is_ascii() && words.len() > 40)
        // The lines of a text broken at a fixed width end anywhere.
        || words.len() > 60 && words.chars().filter(|c| c.is_lowercase()).count() * 2 > words.len() && {
            let words: Vec<&str> = words.split_whitespace().collect();
            words.iter().filter(|word| word.starts_with(char::is_lowercase)).count() * 2 > words.len()
        }
}

#[cfg(test)]
mod tests {
    use super::article;
    use crate::article::Article;
    use crate::read::{Format, Piece};

    fn read(text: &str) -> Article {
        article(&Piece::new(Format::Plain, "a.txt", text.as_bytes().to_vec())).unwrap()
    }

    /// `title|byline|moment|text|captions` of a text.
    fn check(text: &str, expected: &str) {
        let a = read(text);
        let when = a.published_at.map(|at| at.to_string()).or(a.published.map(|day| day.to_string()));
        let found = [a.title, a.byline.join(";"), when.unwrap_or_default(), a.text, a.captions.join(";")];
        assert_eq!(found.join("|"), expected);
    }

    const BODY: &str = "The harbour of Ostmoor will stay closed until Friday, the port authority said on Monday.\n\n\
        “We cannot let ships in while the crane leans,” said its head, Ilka Brandt.\n\n\
        Fishermen asked the town for help, and the mayor promised an answer by Wednesday evening.";

    #[test]
    fn headers() {
        for (head, byline, when) in [
            (
                "X\n\nHarbour closed\n\nBy Jane Doe\nPublished : Sept. 11, 2023 - 15:26\n\n",
                "Jane Doe",
                "2023-09-11T15:26:00",
            ),
            ("Harbour closed\nBY JANE DOE\nJan 3, 2020 10:15 AM ET\n\n", "Jane Doe", "2020-01-03T10:15:00"),
            (
                "Harbour closed\n\nBy Jane Doe | Jan 3, 2020 | 4 min read\n\nAdvertisement\n\n",
                "Jane Doe",
                "2020-01-03",
            ),
            (
                "Harbour closed\n\nBy Jane Doe and John Roe, Staff Writers\nUpdated: 4 January 2020\nPublished: 3 January 2020\n\nShare this article\n\n",
                "Jane Doe;John Roe",
                "2020-01-03",
            ),
            ("Harbour closed\n\nJane Doe\nStaff Reporter\nTuesday, January 3, 2023\n\n", "", "2023-01-03"),
            ("Harbour closed\n\nJane Doe\nTuesday, January 3, 2023\n\n", "Jane Doe", "2023-01-03"),
            (
                "Title: Harbour closed\nAuthor: Jane Doe\nDate: 2023-01-03\nURL: https://a.example/1\n\n",
                "Jane Doe",
                "2023-01-03",
            ),
            ("Harbour\nclosed\n\n", "", ""),
            ("# Harbour closed\n\n", "", ""),
            ("Harbour closed\n", "", ""),
        ] {
            let a = read(&format!("{head}{BODY}"));
            let found = a.published_at.map(|at| at.to_string()).or(a.published.map(|day| day.to_string()));
            // `Jane Doe` over a post and not over a date stays in the text: it could be anything.
            let text =
                a.text.strip_prefix("Jane Doe\n\n").or(a.text.strip_prefix("Jane Doe\n")).unwrap_or(&a.text);
            assert_eq!(
                (
                    a.title.replace('\n', " ").as_str(),
                    a.byline.join(";").as_str(),
                    found.unwrap_or_default().as_str(),
                    text
                ),
                ("Harbour closed", byline, when, BODY),
                "{head}"
            );
        }
    }

    #[test]
    fn tails() {
        for tail in [
            "\n\nBy Jane Doe (jane@example.org)\n\nRelated Stories\n\nMOST POPULAR\n\nMore articles by this writerBack to List",
            "\n\n(Reporting by Jane Doe in Ostmoor; Editing by John Roe)\n\nOur Standards: The Gazette principles.",
            "\n\nJohn Roe contributed to this report.",
            "\n\nRead more:\nCrane that leans\nMayor who answers\n\n© 2023 Gazette. All rights reserved.",
            "\n\nMost read\n1\nA crane leans over the harbour of a small town\n2\nHow the mayor found her answer",
            "\n\nSign up for our newsletter\n\n#harbour #crane\n\nhttps://a.example/more",
            "\n\n-30-",
            "\n\n###\n\nMedia contact: Jane Doe, jane@example.org",
        ] {
            let a = read(&format!("Harbour closed\n\n{BODY}{tail}"));
            let expected = if tail.starts_with("\n\nRead more") {
                format!("{BODY}\n\nCrane that leans\nMayor who answers")
            } else {
                BODY.to_owned()
            };
            assert_eq!(a.text, expected, "{tail}");
        }
    }

    #[test]
    fn captions_stand_apart() {
        let caption = "A crane leans over the harbour of Ostmoor on Monday. (File Photo - Gazette)";
        let (first, rest) = BODY.split_once("\n\n").unwrap();
        check(
            &format!("Harbour closed\n\n{caption}\n\n{BODY}"),
            &format!("Harbour closed|||{BODY}|{caption}"),
        );
        check(
            &format!("Harbour closed\n\n{first}\n\n{caption}\n\n{rest}"),
            &format!("Harbour closed|||{BODY}|{caption}"),
        );
        check(&format!("{first}\n\nPhoto: Jane Doe\n\n{rest}"), &format!("|||{BODY}|Photo: Jane Doe"));
        check(&format!("{BODY} (Reuters)"), &format!("|||{BODY} (Reuters)|"));
    }

    #[test]
    fn a_body_without_marks_is_whole() {
        for text in [
            BODY,
            "Rain fell.",
            "OSTMOOR (Gazette) - The harbour stays closed, the port authority said on Monday.\n\nNobody objected.",
            "MAYOR: Good morning to you all.\nREPORTER: When will it open?\nMAYOR: On Friday, if the crane holds.",
            "The comments were sharp.\n\nBy Monday the crane had sunk further into the soft ground of the quay.\n\nComments and\nmore followed.",
        ] {
            assert_eq!(read(text).text, text);
        }
        // A mark amid the story goes, with the list under it; the story goes on.
        let (first, rest) = BODY.split_once("\n\n").unwrap();
        check(
            &format!("{first}\n\nRelated Stories\n\nCranes of the north\n\n{rest}"),
            &format!("|||{BODY}|"),
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let a = read(
            "X\r\n\r\nHarbour closed\r\n\r\nIt is shut.\r\n\r\n\r\nAdvertisement\r\n\r\nIt opens on Friday.\r\nPerhaps it does.",
        );
        assert_eq!(a.text, "It is shut.\n\nIt opens on Friday.\nPerhaps it does.");
        assert_eq!(a.line_numbers, [5, 6, 10, 11]);
    }
}
