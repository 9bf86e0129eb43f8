//! Where the words of a query stand in a text, and the stretch of it that shows them best.

use super::Query;
use crate::article::Span;
use crate::block::{BLOCK, packed, unpacked};
use crate::terms::{self, Words};
use index_schema::Field;
use std::borrow::Cow;
use std::collections::HashMap;

/// The stretch of a text that shows why it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    /// What matches, in bytes of `text`, in order, not overlapping.
    pub marks: Vec<Span>,
    /// Whether the text goes on before and after.
    pub cut: (bool, bool),
}

/// What of a query can be seen in a text.
#[derive(Debug, Default)]
pub struct Highlighter {
    /// The number of each folded word that phrases and the like are made of.
    numbers: HashMap<String, u32>,
    /// Words sought in their own form.
    exact: Vec<u32>,
    /// Words sought in every form, as they were typed.
    typed: Vec<String>,
    /// What those have in common with their other forms.
    stems: Vec<String>,
    patterns: Vec<String>,
    /// With how many letters may differ.
    loose: Vec<(String, u8)>,
    phrases: Vec<Vec<u32>>,
    nears: Vec<(Vec<Vec<u32>>, u32)>,
    initials: Initials,
}

/// A matching stretch of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    span: Span,
    /// What it matches: equal things are worth less the second time.
    what: u32,
}

/// A word of the text that the query knows.
struct Known {
    position: u32,
    span: Span,
    number: u32,
}

/// Which text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Text,
    Title,
}

impl Highlighter {
    /// Finds what `query` asks for in this part of a document. What it excludes is not looked for.
    pub fn new(query: &Query, part: Part) -> Highlighter {
        let mut highlighter = Highlighter::default();
        highlighter.take(query, part);
        highlighter.initials = highlighter.initials();
        highlighter
    }

    fn take(&mut self, query: &Query, part: Part) {
        let seen = |field: Field| match field {
            Field::Stem => true,
            Field::Text => part == Part::Text,
            Field::Title | Field::TitleStem => part == Part::Title,
            _ => false,
        };
        match query {
            Query::Word { field, word } if seen(*field) => match field {
                Field::Stem | Field::TitleStem => {
                    self.typed.push(word.clone());
                    self.stems.push(terms::stem(word));
                }
                _ => {
                    let number = self.number(word);
                    self.exact.push(number);
                }
            },
            Query::Phrase { field, words } if seen(*field) => {
                let numbers: Vec<u32> = words.iter().map(|word| self.number(word)).collect();
                match numbers[..] {
                    [] => {}
                    [number] => self.exact.push(number),
                    _ => self.phrases.push(numbers),
                }
            }
            Query::Near { field, parts, gaps, .. } if seen(*field) => {
                let parts: Vec<Vec<u32>> =
                    parts.iter().map(|part| part.iter().map(|word| self.number(word)).collect()).collect();
                self.nears.push((parts, *gaps));
            }
            Query::Pattern { field, pattern } if seen(*field) => self.patterns.push(pattern.clone()),
            Query::Fuzzy { field, word, edits } if seen(*field) => self.loose.push((word.clone(), *edits)),
            Query::All(clauses) | Query::Any(clauses) => {
                for clause in clauses {
                    self.take(clause, part);
                }
            }
            _ => {}
        }
    }

    fn number(&mut self, word: &str) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(word.to_owned()).or_insert(next)
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.stems.is_empty() && self.patterns.is_empty() && self.loose.is_empty()
    }

    /// The matching stretches of the text, in order, not overlapping.
    pub fn marks(&self, text: &str) -> Vec<Span> {
        self.found(text).into_iter().map(|mark| mark.span).collect()
    }

    fn found(&self, text: &str) -> Vec<Mark> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut marks = Vec::new();
        let mut known = Vec::new();
        // a news text says the same words over and over
        let mut judged: HashMap<String, Option<u32>> = HashMap::new();
        let mut words = Words::new(text);
        let mut folded = String::new();
        let mut position = 0;
        while let Some((span, plain)) = words.next_packed(&mut folded) {
            position += 1;
            // most words are passed over without being spelled
            let (letters, length) = plain.map(unpacked).unwrap_or_default();
            let word = if plain.is_some() { &letters[..length] } else { folded.as_bytes() };
            if !self.initials.may_begin(word) || plain.is_some_and(|word| !self.initials.may_be(word)) {
                continue;
            }
            folded.extend(letters[..length].iter().map(|&letter| char::from(letter)));
            if !self.numbers.is_empty()
                && let Some(&number) = self.numbers.get(&folded)
            {
                known.push(Known { position, span, number });
                if self.exact.contains(&number) {
                    marks.push(Mark { span, what: number });
                    continue;
                }
            }
            let what = match judged.get(&folded) {
                Some(&what) => what,
                None => {
                    let what = self.single(&folded);
                    judged.insert(folded.clone(), what);
                    what
                }
            };
            marks.extend(what.map(|what| Mark { span, what }));
        }
        self.mark_phrases(&known, &mut marks);
        self.mark_nears(&known, &mut marks);
        marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
        marks.dedup_by(|later, first| {
            let inside = later.span.start < first.span.end;
            if inside {
                first.span.end = first.span.end.max(later.span.end);
            }
            inside
        });
        marks
    }

    /// The letters that words of the query begin with: most words of a text need no second look.
    fn initials(&self) -> Initials {
        let mut initials = Initials { any: !self.loose.is_empty(), ..Initials::default() };
        let whole = self.numbers.keys().map(String::as_str);
        // a stem is its word's beginning but for two letters at most: `dying`, `die`
        let stems =
            self.stems.iter().map(|stem| stem.get(..stem.len().saturating_sub(2).max(1)).unwrap_or(stem));
        let patterns =
            self.patterns.iter().map(|pattern| pattern.split(['*', '?']).next().unwrap_or_default());
        whole.chain(stems).chain(patterns).for_each(|beginning| initials.add(beginning));
        initials
    }

    /// Which of the query's single words this one is.
    fn single(&self, folded: &str) -> Option<u32> {
        let after = self.numbers.len() as u32;
        if !self.stems.is_empty() {
            let typed = self.typed.iter().position(|typed| typed == folded);
            let stem =
                typed.map_or_else(|| Cow::Owned(terms::stem(folded)), |at| Cow::Borrowed(&self.stems[at]));
            if let Some(place) = self.stems.iter().position(|other| *other == *stem) {
                return Some(after + place as u32);
            }
        }
        let after = after + self.stems.len() as u32;
        if let Some(place) = self.patterns.iter().position(|pattern| fits(pattern, folded)) {
            return Some(after + place as u32);
        }
        let after = after + self.patterns.len() as u32;
        let near = |(word, edits): &(String, u8)| super::error::distance(word, folded) <= usize::from(*edits);
        self.loose.iter().position(near).map(|place| after + place as u32)
    }

    fn mark_phrases(&self, known: &[Known], marks: &mut Vec<Mark>) {
        for (place, phrase) in self.phrases.iter().enumerate() {
            for at in 0..known.len() {
                if let Some(span) = spelled_out(phrase, &known[at..]) {
                    marks.push(Mark { span, what: u32::MAX - place as u32 });
                }
            }
        }
    }

    fn mark_nears(&self, known: &[Known], marks: &mut Vec<Mark>) {
        for (place, (parts, gaps)) in self.nears.iter().enumerate() {
            let widest = parts.iter().map(Vec::len).sum::<usize>() as u32 + gaps;
            // where each part stands: its first position and its span
            let stands: Vec<Vec<(u32, Span)>> = parts
                .iter()
                .map(|part| {
                    let at = |at: usize| Some((known[at].position, spelled_out(part, &known[at..])?));
                    (0..known.len()).filter_map(at).collect()
                })
                .collect();
            for (part, places) in stands.iter().enumerate() {
                for &(position, span) in places {
                    let others_near = stands.iter().enumerate().all(|(other, places)| {
                        other == part
                            || places
                                .iter()
                                .any(|&(there, _)| there != position && there.abs_diff(position) < widest)
                    });
                    if others_near {
                        let what = u32::MAX - (self.phrases.len() + place) as u32;
                        marks.push(Mark { span, what });
                    }
                }
            }
        }
    }

    /// The best stretch of the text, some `length` characters long, with its marks.
    pub fn snippet(&self, text: &str, length: usize) -> Snippet {
        let marks = self.found(text);
        let stretch = stretch(text, &marks, length);
        let shown: Vec<Span> = marks
            .iter()
            .filter(|mark| stretch.contains(mark.span))
            .map(|mark| Span::new(mark.span.start - stretch.start, mark.span.end - stretch.start))
            .collect();
        // one line, every character in its place
        let text_shown = stretch.of(text).replace(['\n', '\r', '\t'], " ");
        Snippet {
            text: text_shown,
            marks: shown,
            cut: (stretch.start > 0, stretch.end < text.trim_end().len()),
        }
    }
}

#[derive(Debug)]
struct Initials {
    /// For each first byte, which bytes may follow, a bit for all that are alike in their last five bits.
    followers: [u32; 128],
    /// As `block` packs them, behind a mask of their bytes.
    beginnings: Vec<(u128, u128)>,
    any: bool,
}

impl Default for Initials {
    fn default() -> Initials {
        Initials { followers: [0; 128], beginnings: Vec::new(), any: false }
    }
}

impl Initials {
    fn add(&mut self, beginning: &str) {
        match *beginning.as_bytes() {
            [first @ ..128, second, ..] => self.followers[usize::from(first)] |= 1 << (second % 32),
            [first @ ..128] => self.followers[usize::from(first)] = u32::MAX,
            _ => self.any = true,
        }
        let beginning = &beginning.as_bytes()[..beginning.len().min(BLOCK)];
        let mask = u128::MAX.checked_shr(8 * (BLOCK - beginning.len()) as u32).unwrap_or(0);
        self.beginnings.extend(packed(beginning).map(|beginning| (mask, beginning)));
    }

    /// Whether a word of plain letters may be one of the query's, of those that begin as they do.
    fn may_be(&self, word: u128) -> bool {
        self.any || self.beginnings.iter().any(|(mask, beginning)| word & mask == *beginning)
    }

    fn may_begin(&self, word: &[u8]) -> bool {
        let follows =
            |first: u8, bits: u32| self.followers.get(usize::from(first)).is_some_and(|f| f & bits != 0);
        self.any
            || match *word {
                [first, second, ..] => follows(first, 1 << (second % 32)),
                [first] => follows(first, u32::MAX),
                [] => false,
            }
    }
}

/// The span of the phrase if `known` begins with it.
fn spelled_out(phrase: &[u32], known: &[Known]) -> Option<Span> {
    let first = known.first()?;
    let last = known.get(phrase.len() - 1)?;
    let follows = |(offset, (number, word)): (usize, (&u32, &Known))| {
        word.number == *number && word.position == first.position + offset as u32
    };
    phrase.iter().zip(known).enumerate().all(follows).then(|| Span::new(first.span.start, last.span.end))
}

/// Whether the folded word fits a pattern of letters, `*` and `?`.
pub(crate) fn fits(pattern: &str, word: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let word: Vec<char> = word.chars().collect();
    let (mut p, mut w) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while w < word.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, w));
                p += 1;
            }
            Some(&c) if c == '?' || c == word[w] => {
                p += 1;
                w += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    w = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// The stretch that shows most: as many different things as fit, then as many as fit, the earliest of equals; cut at
/// sentences and words.
fn stretch(text: &str, marks: &[Mark], length: usize) -> Span {
    let begin = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(begin);
    if text[begin..end].chars().nth(length).is_none() {
        return Span::new(begin, end);
    }
    let Some(first) = marks.first() else {
        return Span::new(begin, end_after(text, begin, end, length));
    };
    let mut best = (0, 0, first.span);
    let mut right = 0;
    for left in 0..marks.len() {
        right = right.max(left);
        while right + 1 < marks.len() && marks[right + 1].span.end - marks[left].span.start <= length * 3 / 4
        {
            right += 1;
        }
        let window = &marks[left..=right];
        let mut kinds: Vec<u32> = window.iter().take(64).map(|mark| mark.what).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let worth = (kinds.len(), window.len().min(64));
        if worth > (best.0, best.1) {
            best = (worth.0, worth.1, Span::new(marks[left].span.start, marks[right].span.end));
        }
    }
    let core = best.2;
    let width = text[core.start..core.end].chars().count();
    let spare = length.saturating_sub(width);
    let start = start_before(text, begin, core.start, spare);
    let used = text[start..core.end].chars().count();
    let stop = end_after(text, core.end, end, length.saturating_sub(used));
    // what the end did not need goes to the beginning
    let shown = text[start..stop].chars().count();
    let start = if stop == end {
        start_before(text, begin, core.start, spare.max(length - shown.min(length) + spare / 2))
    } else {
        start
    };
    Span::new(start, stop)
}

/// Where to begin at most `spare` characters before byte `at`: at the beginning of the sentence, else not more than a
/// third of that before, at a word.
fn start_before(text: &str, begin: usize, at: usize, spare: usize) -> usize {
    let far = back(text, begin, at, spare * 2 / 3);
    let before = &text[far..at];
    if far == begin {
        return begin;
    }
    let sentence = before.rmatch_indices(['.', '!', '?', '\n']).find_map(|(offset, mark)| {
        let after = &before[offset + mark.len()..];
        let rest = after.trim_start_matches(['”', '"', '’', '\'', ')']);
        let start = rest.trim_start();
        let ends =
            mark == "\n" || (rest.len() > start.len() && start.starts_with(|c: char| !c.is_lowercase()));
        (ends && !start.is_empty()).then(|| at - start.len())
    });
    sentence.unwrap_or_else(|| word_start(text, back(text, begin, at, spare / 3), at))
}

/// The byte `count` characters before `at`, not before `begin`.
fn back(text: &str, begin: usize, at: usize, count: usize) -> usize {
    match count.checked_sub(1) {
        Some(nth) => {
            text[begin..at].char_indices().rev().nth(nth).map_or(begin, |(offset, _)| begin + offset)
        }
        None => at,
    }
}

/// The first beginning of a word from byte `from`, at latest `at`.
fn word_start(text: &str, from: usize, at: usize) -> usize {
    if text[..from].ends_with(char::is_whitespace) {
        return from;
    }
    match text[from..at].find(char::is_whitespace) {
        Some(space) => at - text[from + space..at].trim_start().len(),
        None => from,
    }
}

/// Where to end at most `spare` characters after byte `at`: at the end of a word.
fn end_after(text: &str, at: usize, end: usize, spare: usize) -> usize {
    let far = text[at..end].char_indices().nth(spare).map_or(end, |(offset, _)| at + offset);
    if far == end || text[far..].starts_with(char::is_whitespace) {
        return at + text[at..far].trim_end().len();
    }
    match text[at..far].rfind(char::is_whitespace) {
        Some(space) => at + text[at..at + space].trim_end().len(),
        None => far,
    }
}

#[cfg(test)]
mod tests {
    use super::{Highlighter, Part, fits};
    use crate::query::parse::parse;
    use crate::terms;
    use proptest::prelude::*;

    /// Marks shown as `[…]`.
    fn shown(query: &str, text: &str) -> String {
        let highlighter = Highlighter::new(&parse(query).expect("readable"), Part::Text);
        let mut shown = String::new();
        let mut at = 0;
        for span in highlighter.marks(text) {
            shown.push_str(&text[at..span.start]);
            shown.push('[');
            shown.push_str(span.of(text));
            shown.push(']');
            at = span.end;
        }
        shown + &text[at..]
    }

    #[test]
    fn marks_are_true_to_the_query() {
        for (query, expected) in [
            ("train", "The [train]s were late; “[Train]ing” is another word’s stem"),
            ("\"were late\"", "The trains [were late]; “Training” is another word’s stem"),
            ("\"trains late\"", "The trains were late; “Training” is another word’s stem"),
            ("\"trains late\"~1", "The [trains] were [late]; “Training” is another word’s stem"),
            ("tra*", "The [trains] were late; “[Training]” is another word’s stem"),
            ("traims~1", "The [trains] were late; “Training” is another word’s stem"),
            ("late -trains", "The trains were [late]; “Training” is another word’s stem"),
            ("title:train", "The trains were late; “Training” is another word’s stem"),
            ("kind:article", "The trains were late; “Training” is another word’s stem"),
        ] {
            let text = "The trains were late; “Training” is another word’s stem";
            let expected = expected.replace("[train]s", "[trains]").replace("“[Train]ing”", "“[Training]”");
            assert_eq!(shown(query, text), expected, "{query}");
        }
        assert_eq!(shown("北京", "他在北京说话"), "他在[北京]说话");
        assert_eq!(shown("\"a b\"", "a a b b a b"), "a [a b] b [a b]");
    }

    #[test]
    fn a_word_is_known_by_its_stem_however_they_differ() {
        for (query, word) in [
            ("die", "dying"),
            ("lying", "lie"),
            ("sky", "skies"),
            ("possible", "possibility"),
            ("ably", "able"),
            ("accompany", "accompanying"),
            ("hope", "hoping"),
            ("relate", "relational"),
            ("agency", "agencies"),
            ("us", "US"),
            ("élan", "Élan"),
            ("a", "A"),
        ] {
            let same = terms::stem(query) == terms::stem(&word.to_lowercase());
            let expected = if same { format!("so [{word}] is") } else { format!("so {word} is") };
            assert_eq!(shown(query, &format!("so {word} is")), expected, "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_its_words_beginning_but_for_two_letters(
            word in "[a-z]{1,9}(ational|ization|ibility|fulness|ously|iveness|ated|ies|ying|ing|ed|ly|ness|s|)",
        ) {
            let stem = terms::stem(&word);
            prop_assert!(word.starts_with(&stem[..stem.len().saturating_sub(2).max(1)]), "{} {}", word, stem);
        }
    }

    #[test]
    fn a_snippet_shows_the_words_at_the_beginning_of_their_sentence() {
        let filler = "Nothing of note is in this sentence at all. ".repeat(20);
        let text = format!("{filler}The harbour master spoke of a storm. {filler}");
        let highlighter = Highlighter::new(&parse("storm harbour").expect("readable"), Part::Text);
        let snippet = highlighter.snippet(&text, 120);
        assert!(snippet.text.starts_with("The harbour master spoke"), "{}", snippet.text);
        assert_eq!(snippet.cut, (true, true));
        let marked: Vec<&str> = snippet.marks.iter().map(|span| span.of(&snippet.text)).collect();
        assert_eq!(marked, ["harbour", "storm"]);
    }

    #[test]
    fn patterns_fit() {
        for (pattern, word, expected) in [
            ("n*r", "nuclear", true),
            ("n*r", "nuclei", false),
            ("wom?n", "women", true),
            ("*a*b*", "xxaxxbxx", true),
            ("a*", "a", true),
            ("?", "", false),
        ] {
            assert_eq!(fits(pattern, word), expected, "{pattern} {word}");
        }
    }

    proptest! {
        #[test]
        fn snippets_are_stretches_of_the_text(text in "(\\PC|[ab] |\\. |\n|北){0,200}", length in 0usize..80) {
            let query = parse("a OR \"b a\" OR 北 OR \"a b\"~3 OR b*").expect("readable");
            let snippet = Highlighter::new(&query, Part::Text).snippet(&text, length);
            prop_assert!(text.replace(['\n', '\r', '\t'], " ").contains(&snippet.text));
            for span in &snippet.marks {
                prop_assert!(snippet.text.get(span.start..span.end).is_some());
            }
            prop_assert!(snippet.marks.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
