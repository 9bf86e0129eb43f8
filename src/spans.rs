//! The noun `Spans`: where a statement, its cue and its speaker stand in the article's text.

use std::fmt;
use std::str::FromStr;

/// Half-open stretches of the article's text, in Unicode code points.
///
/// Written short, since every statement has them: `120+51 9+3|-8+4|52+6` is a statement of two spans, the first from 120
/// with a length of 51, the next 9 behind its end, then cue and speaker as seen from the statement's beginning; what
/// there is not is left empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// The statement's own, in text order and apart.
    pub statement: Vec<[usize; 2]>,
    pub cue: Option<[usize; 2]>,
    pub speaker: Option<[usize; 2]>,
}

impl Spans {
    /// Writes them behind what there is, without a formatter: every statement found has them.
    pub fn spell(&self, out: &mut String) {
        let mut end = 0;
        for (place, &[from, to]) in self.statement.iter().enumerate() {
            if place > 0 {
                out.push(' ');
            }
            spell_stretch([from, to], end, out);
            end = to;
        }
        let start = self.statement.first().map_or(0, |span| span[0]);
        for mark in [self.cue, self.speaker] {
            out.push('|');
            mark.iter().for_each(|&mark| spell_stretch(mark, start, out));
        }
    }
}

/// Writes `9+3` as seen from `origin`.
fn spell_stretch([from, to]: [usize; 2], origin: usize, out: &mut String) {
    if from < origin {
        out.push('-');
    }
    spell_number(from.abs_diff(origin), out);
    out.push('+');
    spell_number(to - from, out);
}

fn spell_number(number: usize, out: &mut String) {
    if number > 9 {
        spell_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

impl fmt::Display for Spans {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let mut spelled = String::new();
        self.spell(&mut spelled);
        out.write_str(&spelled)
    }
}

/// What was read is not of that form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSpans;

impl FromStr for Spans {
    type Err = NoSpans;

    fn from_str(written: &str) -> Result<Spans, NoSpans> {
        let mut rest = written.as_bytes();
        let mut spans = Spans::default();
        let mut end = 0;
        while !matches!(rest.first(), None | Some(b'|')) {
            if !spans.statement.is_empty() && !take(b' ', &mut rest) {
                return Err(NoSpans);
            }
            let span = stretch(end, &mut rest)?;
            end = span[1];
            spans.statement.push(span);
        }
        let start = spans.statement.first().map_or(0, |span| span[0]);
        for mark in [&mut spans.cue, &mut spans.speaker] {
            if take(b'|', &mut rest) && !matches!(rest.first(), None | Some(b'|')) {
                *mark = Some(stretch(start, &mut rest)?);
            }
        }
        if rest.is_empty() { Ok(spans) } else { Err(NoSpans) }
    }
}

/// Reads `9+3` as seen from `origin`.
fn stretch(origin: usize, rest: &mut &[u8]) -> Result<[usize; 2], NoSpans> {
    let before = take(b'-', rest);
    let distance = number(rest).ok_or(NoSpans)?;
    let from = if before { origin.checked_sub(distance) } else { origin.checked_add(distance) };
    let length = if take(b'+', rest) { number(rest) } else { None };
    let (from, length) = (from.ok_or(NoSpans)?, length.ok_or(NoSpans)?);
    Ok([from, from.checked_add(length).ok_or(NoSpans)?])
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, after) = rest.split_at(digits);
    *rest = after;
    let (first, others) = digits.split_first()?;
    others.iter().try_fold(usize::from(first - b'0'), |number, digit| {
        number.checked_mul(10)?.checked_add(usize::from(digit - b'0'))
    })
}

/// Whether it goes on with that byte, which is read then.
fn take(byte: u8, rest: &mut &[u8]) -> bool {
    let after = rest.strip_prefix(&[byte]);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

#[cfg(test)]
mod tests {
    use super::Spans;
    use proptest::prelude::*;

    #[test]
    fn they_are_written_short() {
        let spans = Spans {
            statement: vec![[120, 171], [180, 183]],
            cue: Some([112, 116]),
            speaker: Some([172, 178]),
        };
        assert_eq!(spans.to_string(), "120+51 9+3|-8+4|52+6");
        assert_eq!(Spans { statement: vec![[0, 4]], ..Spans::default() }.to_string(), "0+4||");
    }

    fn stretch() -> impl Strategy<Value = [usize; 2]> {
        (0usize..1 << 24, 0usize..1 << 12).prop_map(|(from, length)| [from, from + length])
    }

    proptest! {
        #[test]
        fn they_come_back_as_they_were(
            gaps in proptest::collection::vec((0usize..1 << 20, 0usize..1 << 12), 0..6),
            cue in proptest::option::of(stretch()),
            speaker in proptest::option::of(stretch()),
        ) {
            let mut end = 0;
            let statement = gaps.into_iter().map(|(gap, length)| {
                let from = end + gap;
                end = from + length;
                [from, end]
            });
            let spans = Spans { statement: statement.collect(), cue, speaker };
            prop_assert_eq!(spans.to_string().parse(), Ok(spans));
        }

        #[test]
        fn any_words_are_read(words in "[-+| 0-9a]{0,40}") {
            let _ = words.parse::<Spans>();
        }
    }
}
