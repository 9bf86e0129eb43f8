//! Contents: where the words that a reporting verb reports begin and end.

use super::bounds::{Shape, limit};
use super::phrases::{Kind, Phrase, Reading};
use super::subjects::{chain_end, is_time};
use super::words::frame;

/// What follows a reporting verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A clause, a noun phrase, a quotation: the phrases `from..to`.
    Right { from: usize, to: usize },
    /// A colon that ends the sentence: what is reported comes next.
    Next,
    /// Nothing on this side.
    Nothing,
}

/// The content to the right of the verb group at `verb`; the sentence ends before phrase `end`.
///
/// `subordinate`: the verb stands in a clause that a comma ends (`While he said …, she left`).
pub(super) fn content(
    reading: &Reading,
    phrases: &[Phrase],
    verb: usize,
    end: usize,
    subordinate: bool,
) -> Content {
    let frames = reading.word(phrases[verb].head).frames;
    match start(reading, phrases, verb, verb + 1, end, frames) {
        Start::At(from) => {
            let shape = Shape { clause: opens_clause(phrases, from, end), subordinate };
            let to = limit(reading, phrases, from, end, shape);
            if from < to { Content::Right { from, to } } else { Content::Nothing }
        }
        Start::Next => Content::Next,
        Start::Nowhere => Content::Nothing,
    }
}

/// Where the clause ends that `that` at phrase `from` opens behind a noun: `her claim that it was late`.
pub(super) fn clause_end(reading: &Reading, phrases: &[Phrase], from: usize, end: usize) -> usize {
    limit(reading, phrases, from, end, Shape { clause: true, subordinate: true })
}

fn opens_clause(phrases: &[Phrase], from: usize, end: usize) -> bool {
    match phrases[from].kind {
        Kind::That | Kind::Question | Kind::Subordinator | Kind::Quote(_) => true,
        Kind::Noun => clause_follows(phrases, from, end),
        Kind::Verb => false,
        Kind::Preposition => false,
        _ => true,
    }
}

enum Start {
    At(usize),
    Next,
    Nowhere,
}

fn start(reading: &Reading, phrases: &[Phrase], verb: usize, first: usize, end: usize, frames: u16) -> Start {
    let group = &phrases[verb].verb;
    let passive = group.passive;
    let mut at = first;
    let mut recipient = frames & frame::RECIPIENT == 0 || passive;
    let mut skipped = 0;
    while at < end && skipped < 12 {
        skipped += 1;
        let phrase = &phrases[at];
        match phrase.kind {
            // `said there was a plan`
            Kind::Adverb
                if frames & frame::CLAUSE != 0
                    && reading.token(phrase.first) == "there"
                    && phrases.get(at + 1).is_some_and(|p| p.kind == Kind::Verb && p.verb.finite) =>
            {
                return Start::At(at);
            }
            Kind::Adverb | Kind::Open | Kind::Close => at += 1,
            // `Reed argued that:`
            Kind::That if phrases.get(at + 1).is_some_and(|p| at + 1 < end && p.kind == Kind::Colon) => {
                return if at + 2 < end { Start::At(at + 2) } else { Start::Next };
            }
            Kind::That => return if at + 1 < end { Start::At(at) } else { Start::Nowhere },
            Kind::Quote(_) if frames & frame::ACT != 0 && at > first + 2 => return Start::Nowhere,
            Kind::Quote(_) => return Start::At(at),
            Kind::Colon if frames & frame::ACT != 0 => return Start::Nowhere,
            Kind::Colon => return if at + 1 < end { Start::At(at + 1) } else { Start::Next },
            Kind::Comma | Kind::Dash => {
                return match phrases.get(at + 1).filter(|_| at + 1 < end).map(|p| p.kind) {
                    Some(Kind::Quote(_)) => Start::At(at + 1),
                    Some(Kind::That) if at + 2 < end => Start::At(at + 1),
                    Some(Kind::Noun) if at > first => match later_joint(reading, phrases, at, end) {
                        Some(from) => Start::At(from),
                        None => Start::Nowhere,
                    },
                    Some(_) => match after_aside(reading, phrases, at, end) {
                        Some(from) => Start::At(from),
                        None => Start::Nowhere,
                    },
                    None => Start::Nowhere,
                };
            }
            Kind::Question | Kind::Relative => {
                let fits = frame::QUESTION | frame::CLAUSE | frame::RECIPIENT | frame::OBJECT | frame::MATTER;
                let when_asked = matches!(reading.token(phrase.first), "when" | "where" | "while")
                    && at == first
                    && frames & frame::QUESTION != 0
                    && !asks(reading, phrases, verb);
                return if frames & fits != 0 && !when_asked { Start::At(at) } else { Start::Nowhere };
            }
            Kind::Noun
                if is_time(reading, phrase)
                    && !phrases
                        .get(at + 1)
                        .filter(|_| at + 1 < end)
                        .is_some_and(|p| p.kind == Kind::Verb && p.verb.finite) =>
            {
                at += 1
            }
            Kind::Noun => {
                if !recipient && !pronoun_subject(reading, phrase) {
                    // `told reporters (that) …`
                    recipient = true;
                    let told = chain_for_recipient(phrases, at, end);
                    if told >= end {
                        return if frames & frame::OBJECT != 0 { Start::At(at) } else { Start::Nowhere };
                    }
                    if phrases[told].kind == Kind::Verb && phrases[told].verb.finite {
                        // `warned the plan would fail`: no recipient after all.
                        return Start::At(at);
                    }
                    at = told;
                    continue;
                }
                if frames & frame::CLAUSE != 0 && clause_follows(phrases, at, end) {
                    return Start::At(at);
                }
                if frames & (frame::OBJECT | frame::NAMING | frame::CHARGE | frame::FRAGMENT) != 0 {
                    return Start::At(at);
                }
                return Start::Nowhere;
            }
            Kind::Verb => {
                // `asked not to be named` reports nothing.
                if phrase.verb.infinitive
                    && !phrase.verb.passive
                    && (frames & frame::INFINITIVE != 0 || passive && frames & frame::CLAUSE != 0)
                {
                    return Start::At(at);
                }
                if phrase.verb.gerund
                    && (frames & frame::GERUND != 0
                        || at == first && frames & frame::CLAUSE != 0 && clause_follows(phrases, at, end))
                {
                    return Start::At(at);
                }
                return Start::Nowhere;
            }
            Kind::Preposition
                if phrases.get(at + 1).filter(|_| at + 2 < end).is_some_and(|p| p.kind == Kind::That) =>
            {
                at += 1
            }
            Kind::Preposition => {
                if matches!(reading.token(phrase.first), "at" | "At")
                    && matches!(phrases.get(at + 1), Some(p) if reading.token(p.first) == "least")
                {
                    return Start::At(at);
                }
                let after = chain_end(phrases, at + 1, end).max(at + 2);
                let noun_follows = at + 1 < end && phrases[at + 1].kind == Kind::Noun;
                let matter = frames & frame::MATTER != 0
                    && matches!(
                        reading.token(phrase.first),
                        "of" | "about" | "for" | "against" | "on" | "over" | "to" | "out"
                    )
                    && !(noun_follows && is_time(reading, &phrases[at + 1]));
                if noun_follows && after < end {
                    // `said in a statement that`, `said of Trump: “…”`, `said on Monday the plan …`
                    let next = &phrases[after];
                    let goes_on = match next.kind {
                        Kind::That | Kind::Quote(_) | Kind::Colon => true,
                        Kind::Comma => matches!(
                            phrases.get(after + 1).filter(|_| after + 1 < end).map(|p| p.kind),
                            Some(Kind::Quote(_) | Kind::That)
                        ),
                        Kind::Noun => frames & frame::CLAUSE != 0 && clause_follows(phrases, after, end),
                        Kind::Adverb | Kind::Preposition | Kind::Verb => !matter,
                        _ => false,
                    };
                    if next.kind == Kind::Verb && next.verb.finite && frames & frame::CLAUSE != 0 {
                        // `said in Ohio voters were ready`: the noun phrase begins the clause.
                        return Start::At(at + 1);
                    }
                    if goes_on {
                        at = after;
                        continue;
                    }
                    if next.kind == Kind::Comma
                        && frames & frame::CLAUSE != 0
                        && !matter
                        && at == first
                        && phrases.get(after + 1).is_some_and(|p| p.kind == Kind::Noun)
                        && after + 1 < end
                        && clause_follows(phrases, after + 1, end)
                    {
                        // `said with the vote over, he would …`
                        return Start::At(at);
                    }
                }
                if matter {
                    return Start::At(at);
                }
                if noun_follows {
                    at = after;
                } else if phrases
                    .get(at + 1)
                    .filter(|_| at + 1 < end)
                    .is_some_and(|p| p.kind == Kind::Verb && p.verb.gerund)
                {
                    return Start::Nowhere;
                } else {
                    at += 1;
                }
            }
            Kind::Subordinator => {
                let adjunct = matches!(
                    reading.token(phrase.first),
                    "when" | "after" | "as" | "before" | "while" | "since" | "until" | "during"
                );
                return if frames & frame::CLAUSE != 0 && !adjunct { Start::At(at) } else { Start::Nowhere };
            }
            _ => return Start::Nowhere,
        }
    }
    Start::Nowhere
}

/// Whether a sentence that reports nothing of its own announces it: `told the audience, to applause:`.
pub(super) fn announces(phrases: &[Phrase], verb: usize, end: usize) -> bool {
    end > verb + 1 && phrases[end - 1].kind == Kind::Colon && end - verb < 30
}

/// Whether the reporting verb is one of asking.
fn asks(reading: &Reading, phrases: &[Phrase], verb: usize) -> bool {
    matches!(reading.token(phrases[verb].head), "asked" | "asking" | "asks" | "ask")
}

/// After a comma: past `in an interview,` or `citing X,` to the `that` or quotation it interrupts.
fn after_aside(reading: &Reading, phrases: &[Phrase], comma: usize, end: usize) -> Option<usize> {
    let close = (comma + 1..end.min(comma + 14))
        .find(|&i| matches!(phrases[i].kind, Kind::Comma | Kind::Colon | Kind::Dash))?;
    let aside = &phrases[comma + 1..close];
    if aside.iter().any(|p| p.kind == Kind::Verb && reading.word(p.head).frames != 0) {
        return None;
    }
    let opens = aside.first()?;
    if !matches!(
        opens.kind,
        Kind::Question | Kind::Preposition | Kind::Adverb | Kind::Verb | Kind::Subordinator | Kind::Relative
    ) && !is_time(reading, opens)
    {
        return None;
    }
    let next = close + 1;
    match phrases.get(next).filter(|_| next < end)?.kind {
        Kind::That | Kind::Quote(_) => Some(next),
        Kind::Noun if phrases[close].kind == Kind::Colon => Some(next),
        _ => None,
    }
}

/// After `told reporters in Columbus, Ohio,`: the `that` or quotation after the next comma or day.
fn later_joint(reading: &Reading, phrases: &[Phrase], comma: usize, end: usize) -> Option<usize> {
    (comma + 2..end.min(comma + 12)).take_while(|&i| phrases[i - 1].kind != Kind::Verb).find(|&i| {
        let joint = phrases[i - 1].kind == Kind::Comma || is_time(reading, &phrases[i - 1]);
        joint && matches!(phrases[i].kind, Kind::That | Kind::Quote(_))
    })
}

fn pronoun_subject(reading: &Reading, phrase: &Phrase) -> bool {
    matches!(reading.token(phrase.head), "he" | "she" | "they" | "I" | "we" | "it's")
}

/// Where the one told ends: a noun phrase with `of`, `at`, `in` phrases.
fn chain_for_recipient(phrases: &[Phrase], at: usize, end: usize) -> usize {
    let mut to = at + 1;
    // `told CNN's Jake Tapper`, `told me and others`, `told reporters in Ohio`.
    while to + 1 < end {
        match (phrases[to].kind, phrases[to + 1].kind) {
            (Kind::Preposition, Kind::Noun) => to += 2,
            (Kind::Conjunction, Kind::Noun) if !clause_follows(phrases, to + 1, end) => to += 2,
            _ => break,
        }
    }
    to
}

/// Whether a finite verb follows the noun phrase at `at` before the clause could end.
pub(super) fn clause_follows(phrases: &[Phrase], at: usize, end: usize) -> bool {
    let mut commas = 0;
    for phrase in &phrases[at + 1..end.min(at + 14)] {
        match phrase.kind {
            // `added 2,000 jobs in May, and China lost some`: what one comma parts is no clause of the noun's
            Kind::Verb if commas != 1 && (phrase.verb.finite || phrase.verb.past) => return true,
            Kind::Comma => {
                commas += 1;
                if commas > 2 {
                    return false;
                }
            }
            Kind::Semicolon | Kind::Colon | Kind::That => return false,
            Kind::Verb if phrase.verb.infinitive => return false,
            _ => {}
        }
    }
    false
}
