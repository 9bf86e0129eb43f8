//! Bounds: where reported words end, another report, the narrator or a full stop taking over.

use super::phrases::{Kind, Phrase, Reading};
use super::words::form;

/// How many phrases a reported clause may have; keeps a sentence of a megabyte linear.
pub(super) const REACH: usize = 200;

/// What is known of a content before its end is sought.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// A clause with a verb of its own, not just a noun phrase.
    pub(super) clause: bool,
    pub(super) subordinate: bool,
}

/// Where the content begun at `from` ends.
pub(super) fn limit(reading: &Reading, phrases: &[Phrase], from: usize, end: usize, shape: Shape) -> usize {
    let end = end.min(from + REACH);
    if let Some(to) = quoted_end(reading, phrases, from, end) {
        return to;
    }
    let mut at = from + 1;
    // `that if elected, he would …`, `that, based on …, he`: the first comma lies inside.
    let mut inner_commas = match (phrases[from].kind, phrases.get(at).map(|p| p.kind)) {
        (Kind::That, Some(Kind::Comma)) => 2,
        (Kind::That, Some(Kind::Subordinator | Kind::Preposition | Kind::Question)) => 1,
        (Kind::Subordinator | Kind::Preposition, _) if shape.clause => 1,
        _ => 0,
    };
    let mut open = 0usize;
    while at < end {
        match phrases[at].kind {
            Kind::Open => open += 1,
            Kind::Close => {
                if open == 0 {
                    return at;
                }
                open -= 1;
            }
            _ if open > 0 => {}
            Kind::Semicolon => return at,
            Kind::Quote(q) if ends_in_comma(reading, q) && leaves(reading, phrases, at, end, shape) => {
                return at + 1;
            }
            Kind::Comma if inner_commas > 0 => inner_commas -= 1,
            Kind::Comma | Kind::Dash | Kind::Conjunction if leaves(reading, phrases, at, end, shape) => {
                return at;
            }
            Kind::Subordinator if !shape.clause => return at,
            Kind::Verb
                if !shape.clause && phrases[at].verb.finite && !relative_between(phrases, from, at)
                // `Hacker who revealed the address admits …`: the main clause goes on.
                && phrases[from].kind == Kind::Noun =>
            {
                return at;
            }
            Kind::Preposition if reading.token(phrases[at].first) == "according" => return at,
            Kind::Preposition
                if !shape.clause
                    && phrases[from].kind == Kind::Noun
                    && matches!(
                        reading.token(phrases[at].first),
                        "through" | "during" | "before" | "after" | "at"
                    ) =>
            {
                return at;
            }
            _ => {}
        }
        at += 1;
    }
    trim_stop(reading, phrases, from + 1, at)
}

pub(super) fn ends_in_comma(reading: &Reading, quotation: usize) -> bool {
    reading.quotations.get(quotation).is_some_and(|q| reading.token(q.last - 1) == ",")
}

/// The end of a content that opens with a quotation: a whole one is all there is, unless another is joined to it.
pub(super) fn quoted_end(reading: &Reading, phrases: &[Phrase], from: usize, end: usize) -> Option<usize> {
    let Kind::Quote(q) = phrases[from].kind else { return None };
    let stop = reading.token(reading.quotations[q].last - 1);
    if !matches!(stop, "." | "?" | "!" | "," | "…") {
        let whole = reading.quotations[q].last - reading.quotations[q].first > 1
            && reading.tokens[reading.quotations[q].first].is_capitalised();
        let next = phrases.get(from + 1).filter(|_| from + 1 < end)?;
        let adjunct = matches!(next.kind, Kind::Subordinator | Kind::Preposition | Kind::Dash)
            || next.kind == Kind::Conjunction && phrases.get(from + 2).is_some_and(|p| p.kind == Kind::Verb);
        // `a sign reading “We the People” as she passed`
        return (whole && adjunct).then_some(from + 1);
    }
    let mut to = from + 1;
    while to + 1 < end
        && phrases[to].kind == Kind::Conjunction
        && matches!(phrases[to + 1].kind, Kind::Quote(_))
    {
        to += 2;
    }
    Some(to)
}

pub(super) fn relative_between(phrases: &[Phrase], from: usize, at: usize) -> bool {
    phrases[from..at].iter().any(|p| matches!(p.kind, Kind::Relative | Kind::That | Kind::Question))
        || at > from
            && phrases[at - 1].kind == Kind::Noun
            && at > from + 1
            && phrases[at - 2].kind == Kind::Noun
}

/// The end of the phrases `from..end` without the full stop.
pub(super) fn trim_stop(reading: &Reading, phrases: &[Phrase], from: usize, mut end: usize) -> usize {
    while end > from
        && phrases[end - 1].kind == Kind::Other
        && matches!(reading.token(phrases[end - 1].first), "." | "?" | "!" | "…")
    {
        end -= 1;
    }
    end
}

/// Whether another report, or the narrator, takes over at the joint `at`.
fn leaves(reading: &Reading, phrases: &[Phrase], at: usize, end: usize, shape: Shape) -> bool {
    // A quotation that ends in a comma joins as a comma does.
    let joint = match phrases[at].kind {
        Kind::Quote(_) => Kind::Comma,
        kind => kind,
    };
    let mut next = at + 1;
    let mut conjunction = joint == Kind::Conjunction;
    let mut but = conjunction && reading.token(phrases[at].first) == "but";
    let before = phrases[at].first.checked_sub(1).map(|before| reading.token(before));
    if but && matches!(before, Some("all" | "anything" | "nothing" | "none")) {
        return false; // `all but done`
    }
    while next < end && matches!(phrases[next].kind, Kind::Adverb | Kind::Conjunction) {
        conjunction |= phrases[next].kind == Kind::Conjunction;
        but |= reading.token(phrases[next].first) == "but";
        next += 1;
    }
    let Some(phrase) = phrases.get(next).filter(|_| next < end) else { return false };
    let reports = |p: &Phrase| p.kind == Kind::Verb && reading.word(p.head).frames != 0;
    let finite_soon = |reach: usize| {
        (next + 1..end.min(next + reach))
            .take_while(|&i| !matches!(phrases[i].kind, Kind::Comma | Kind::Relative | Kind::That))
            .find(|&i| phrases[i].kind == Kind::Verb && phrases[i].verb.finite)
    };
    match phrase.kind {
        // `…, compared with 24 who like her`
        Kind::Verb if joint == Kind::Comma && reading.token(phrase.first) == "compared" => true,
        // `…, adding that`, `… and said`, `‘…’, ignores losses`
        Kind::Verb if phrase.verb.gerund => {
            reports(phrase) && (joint != Kind::Conjunction || !shape.clause)
                || !shape.clause && joint != Kind::Conjunction
        }
        Kind::Verb if phrase.verb.finite && !conjunction => {
            joint == Kind::Comma
                && (shape.subordinate || reading.word(phrase.head).has(form::S) && !phrase.verb.passive)
        }
        Kind::Verb if but && joint == Kind::Conjunction && phrase.verb.finite => true,
        Kind::Verb => {
            conjunction
                && phrase.verb.finite
                && reports(phrase)
                && (phrase.verb.past || reading.word(phrase.head).has(form::S))
                || conjunction && phrase.verb.finite && !shape.clause
        }
        Kind::Preposition => {
            reading.token(phrase.first) == "according" || !shape.clause && joint != Kind::Conjunction
        }
        Kind::Noun => {
            let verb = finite_soon(6);
            if shape.subordinate && joint == Kind::Comma && verb.is_some() {
                return true;
            }
            if !shape.clause && verb.is_some() {
                return joint != Kind::Conjunction || conjunction;
            }
            if but && joint == Kind::Comma && verb.is_some() {
                return true;
            }
            let reporting = (next + 1..end.min(next + 4)).find(|&i| phrases[i].kind == Kind::Verb);
            reporting
                .is_some_and(|v| reports(&phrases[v]) && phrases[v].verb.finite && !phrases[v].verb.passive)
                && (conjunction || joint == Kind::Comma)
        }
        Kind::Subordinator => {
            // `…, while she said`
            let verb = (next + 1..end.min(next + 6)).find(|&i| phrases[i].kind == Kind::Verb);
            !shape.clause
                || joint != Kind::Conjunction
                    && matches!(reading.token(phrase.first), "while" | "although" | "though" | "after" | "as")
                || verb.is_some_and(|v| reports(&phrases[v]) && phrases[v].verb.finite)
        }
        // `…, “but little more,” says Smith`
        Kind::Quote(_) => {
            let reporting = (next + 1..end.min(next + 4)).find(|&i| phrases[i].kind == Kind::Verb);
            joint == Kind::Comma && reporting.is_some_and(|v| reports(&phrases[v]) && phrases[v].verb.finite)
        }
        Kind::Relative => {
            // `accused Reed, who is late, of delay`
            let of = |p: &[Phrase]| p[0].kind == Kind::Comma && reading.token(p[1].first) == "of";
            !shape.clause && joint != Kind::Conjunction && !phrases[next..end].windows(2).any(of)
        }
        _ => false,
    }
}
