//! The words of a sentence as time expressions see them: month, weekday, unit, number, `last`, `ago`, ….

use super::lexicon::MEANINGS;
use crate::article::Span;
use crate::extract::sentences::Sentence;
use crate::extract::tokens::{Token, TokenKind};
use crate::extract::words;
use std::ops::Range;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// What a word can do in a time expression; `Other` is every word that can do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Before the first word and after the last.
    Edge,
    Other,
    /// One ASCII mark; dashes and apostrophes of all kinds are `-` and `'`.
    Mark(u8),
    Possessive,
    /// A number in at most four digits, and how many they are.
    Digits(u16, u8),
    /// A longer or a decimal number.
    Number,
    /// Three numbers with dots between: `05.03.2019`.
    Dotted,
    /// `1990s`, `'90s`: the first year, or its last two digits.
    Decade(u16),
    /// `10:40`, in minutes; whether it was written with a colon.
    Clock(u16),
    Month(u8),
    MonthShort(u8),
    Weekday(i8),
    Weekdays(i8),
    WeekdayShort(i8),
    /// `day`
    Single(Unit),
    /// `days`
    Plural(Unit),
    Count(u16),
    /// -1 is `final`.
    Ordinal(i8),
    Season(&'static str),
    Seasons(&'static str),
    /// `morning`
    DayPart(&'static str),
    Hour(&'static str),
    Meridiem {
        afternoon: bool,
    },
    Zone {
        universal: bool,
    },
    /// `yesterday`, `today`, `tomorrow`.
    Day(i8),
    Tonight,
    Last,
    Past,
    Previous,
    Next,
    Coming,
    Following,
    Same,
    Current,
    Latest,
    Recent,
    Whole,
    The,
    A,
    This,
    That,
    These,
    Those,
    Its,
    Each,
    Per,
    Ago,
    Earlier,
    Later,
    Hence,
    Before,
    After,
    From,
    Of,
    In,
    To,
    And,
    Or,
    Between,
    Preposition,
    Early,
    EdgeOf,
    Several,
    Half,
    Filler,
    Fiscal,
    Period,
    /// `Q3`
    QuarterNumber(u8),
    /// `H1`
    HalfNumber(u8),
    Reference(&'static str),
    FutureNoun,
    Set(&'static str),
    Times,
    Approximately,
    Holiday,
    Old,
    /// A sign that what follows lies ahead: `will`, `due`.
    Ahead,
    /// Ahead when an infinitive follows: `planned to`.
    Intent,
    /// A past tense: `said`.
    Back,
    Be,
}

/// The words of one sentence; line ends are left out.
pub(super) struct Words<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// What is known of them.
    known: &'t [words::Word],
    at: Vec<u32>,
    words: Vec<Word>,
    may_hold_time: bool,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token], known: &'t [words::Word]) -> Words<'t> {
        Words { text, tokens, known, at: Vec::new(), words: Vec::new(), may_hold_time: false }
    }

    /// Reads another sentence, where it may hold a time.
    pub(super) fn read(&mut self, sentence: &Sentence) {
        let meanings = &MEANINGS[..];
        let telling = |at: usize| {
            self.tokens[at].kind == TokenKind::Number
                || can_be_head(meanings[usize::from(self.known[at].time)])
        };
        self.may_hold_time = (sentence.first..sentence.end).any(telling);
        if self.may_hold_time {
            self.read_tokens(sentence.first..sentence.end);
        }
    }

    /// Reads a part of a sentence.
    pub(super) fn read_tokens(&mut self, tokens: Range<usize>) {
        self.at.clear();
        self.words.clear();
        self.at.reserve(tokens.len());
        self.words.reserve(tokens.len());
        self.may_hold_time = false;
        let meanings = &MEANINGS[..];
        for at in tokens {
            let token = &self.tokens[at];
            if token.ends_line() {
                continue;
            }
            let word = match token.kind {
                TokenKind::Lower => in_small_letters(meanings[usize::from(self.known[at].time)]),
                TokenKind::Capital | TokenKind::Upper => meanings[usize::from(self.known[at].time)],
                TokenKind::Number => number(token.of(self.text)),
                TokenKind::Mark => mark(token.of(self.text)),
                TokenKind::Possessive => Word::Possessive,
                TokenKind::Mixed | TokenKind::Line | TokenKind::Break => Word::Other,
            };
            self.may_hold_time |= can_be_head(word);
            self.at.push(at as u32);
            self.words.push(word);
        }
    }

    /// Whether any word names a time at all.
    pub(super) fn may_hold_time(&self) -> bool {
        self.may_hold_time
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at `at`; `Edge` outside the sentence.
    pub(super) fn get(&self, at: usize) -> Word {
        self.words.get(at).copied().unwrap_or(Word::Edge)
    }

    /// The word before `at`.
    pub(super) fn before(&self, at: usize) -> Word {
        at.checked_sub(1).map_or(Word::Edge, |at| self.get(at))
    }

    pub(super) fn is(&self, at: usize, mark: u8) -> bool {
        self.get(at) == Word::Mark(mark)
    }

    /// The token at `at`; `None` outside the sentence.
    pub(super) fn token(&self, at: usize) -> Option<&'t Token> {
        self.at.get(at).map(|&token| &self.tokens[token as usize])
    }

    /// The characters at `at`, empty outside the sentence.
    pub(super) fn raw(&self, at: usize) -> &'t str {
        self.token(at).map_or("", |token| token.of(self.text))
    }

    /// The words that lie in the span.
    pub(super) fn within(&self, span: Span) -> Range<usize> {
        let start = self.at.partition_point(|&at| (self.tokens[at as usize].end as usize) <= span.start);
        let end = self.at.partition_point(|&at| (self.tokens[at as usize].start as usize) < span.end);
        start..end.max(start)
    }

    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.token(at).map(|token| token.kind)
    }

    /// Whether nothing stands between the word at `at` and the one before it.
    pub(super) fn glued(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.glued)
    }

    /// Whether the word at `at` hangs on the one before it by a hyphen, and where it is.
    pub(super) fn hyphened(&self, at: usize) -> Option<usize> {
        (self.is(at, b'-') && self.glued(at) && self.glued(at + 1)).then_some(at + 1)
    }
}

/// Words around which every time expression is built.
fn can_be_head(word: Word) -> bool {
    use Word::*;
    !matches!(
        word,
        Edge | Other
            | Mark(_)
            | Possessive
            | Number
            | Count(0..=17 | 21..)
            | Ordinal(_)
            | Meridiem { .. }
            | Zone { .. }
            | Last
            | Previous
            | Next
            | Coming
            | Following
            | Same
            | Current
            | Latest
            | Recent
            | Whole
            | The
            | A
            | This
            | That
            | These
            | Those
            | Its
            | Each
            | Per
            | Ago
            | Earlier
            | Later
            | Hence
            | Before
            | After
            | From
            | Of
            | In
            | To
            | And
            | Or
            | Between
            | Preposition
            | Early
            | EdgeOf
            | Several
            | Half
            | Filler
            | Fiscal
            | Times
            | Approximately
            | Old
            | Ahead
            | Intent
            | Back
            | Be
    )
}

/// Months and short weekdays are names: `may`, `march`, `sun` are not.
fn in_small_letters(word: Word) -> Word {
    match word {
        Word::Month(5) => Word::Ahead,
        Word::Month(_) | Word::MonthShort(_) | Word::WeekdayShort(_) | Word::Holiday => Word::Other,
        found => found,
    }
}

fn mark(raw: &str) -> Word {
    match raw.as_bytes() {
        [mark] => Word::Mark(*mark),
        _ => match raw {
            "–" | "—" | "‑" | "−" => Word::Mark(b'-'),
            "’" | "‘" => Word::Mark(b'\''),
            _ => Word::Other,
        },
    }
}

fn number(raw: &str) -> Word {
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    let value = || raw[..digits].parse::<u16>().ok();
    let dotted = || raw.bytes().filter(|&byte| byte == b'.').count() == 2;
    match (&raw[digits..], digits) {
        ("", 1..=4) => value().map_or(Word::Number, |value| Word::Digits(value, digits as u8)),
        ("st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH", 1..=2) => {
            value().map_or(Word::Other, |value| Word::Ordinal(value as i8))
        }
        ("s", 2 | 4) => value().filter(|value| value % 10 == 0).map_or(Word::Other, Word::Decade),
        _ => match clock(raw) {
            Some(minutes) => Word::Clock(minutes),
            None if !raw.ends_with(|c: char| c.is_ascii_digit()) => Word::Other,
            None if dotted() => Word::Dotted,
            None => Word::Number,
        },
    }
}

/// `10:40` and, with the half of the day glued on, `10am`, `4:30pm`: minutes from midnight.
fn clock(raw: &str) -> Option<u16> {
    let (digits, half) = match raw.len().checked_sub(2).and_then(|cut| raw.split_at_checked(cut)) {
        Some((digits, half)) if half.eq_ignore_ascii_case("am") => (digits, Some(0)),
        Some((digits, half)) if half.eq_ignore_ascii_case("pm") => (digits, Some(12)),
        _ => (raw, None),
    };
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) if minutes.len() == 2 && (half.is_some() || digits.contains(':')) => {
            (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?)
        }
        Some(_) => return None,
        None if half.is_some() => (digits.parse::<u16>().ok()?, 0),
        None => return None,
    };
    let hours = match half {
        Some(half) if (1..=12).contains(&hours) => hours % 12 + half,
        Some(_) => return None,
        None => hours,
    };
    (hours <= 24 && minutes < 60).then(|| hours * 60 + minutes)
}
