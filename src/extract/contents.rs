//! Contents: where the words that a reporting verb reports begin and end.

use super::phrases::{Kind, Phrase, Reading};
use super::subjects::{chain_end, clause_verb, is_time};
use super::words::{form, frame};

/// How many phrases a reported clause may have; keeps a sentence of a megabyte linear.
const REACH: usize = 200;

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

/// What is known of a content before its end is sought.
#[derive(Clone, Copy)]
struct Shape {
    /// A clause with a verb of its own, not just a noun phrase.
    clause: bool,
    subordinate: bool,
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
            Kind::Adverb | Kind::Open | Kind::Close => at += 1,
            Kind::That => return if at + 1 < end { Start::At(at) } else { Start::Nowhere },
            Kind::Quote(_) if frames & frame::ACT != 0 && at > first + 2 => return Start::Nowhere,
            Kind::Quote(_) => return Start::At(at),
            Kind::Colon if frames & frame::ACT != 0 => return Start::Nowhere,
            Kind::Colon => return if at + 1 < end { Start::At(at + 1) } else { Start::Next },
            Kind::Comma | Kind::Dash => {
                return match phrases.get(at + 1).filter(|_| at + 1 < end).map(|p| p.kind) {
                    Some(Kind::Quote(_)) => Start::At(at + 1),
                    Some(Kind::That) if at + 2 < end => Start::At(at + 1),
                    Some(Kind::Noun) if frames & frame::RECIPIENT != 0 && recipient && at > first => {
                        match later_joint(phrases, at, end) {
                            Some(from) => Start::At(from),
                            None => Start::Nowhere,
                        }
                    }
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
                if frames & (frame::OBJECT | frame::NAMING | frame::CHARGE) != 0 {
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
                        "of" | "about" | "for" | "against" | "on" | "over" | "to" | "with" | "out"
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

/// After `told reporters in Columbus, Ohio,`: the `that` or quotation after the next comma.
fn later_joint(phrases: &[Phrase], comma: usize, end: usize) -> Option<usize> {
    (comma + 2..end.min(comma + 8)).find(|&i| {
        phrases[i - 1].kind == Kind::Comma && matches!(phrases[i].kind, Kind::That | Kind::Quote(_))
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
            Kind::Verb if phrase.verb.finite || phrase.verb.past => return true,
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

/// Where the content begun at `from` ends.
fn limit(reading: &Reading, phrases: &[Phrase], from: usize, end: usize, shape: Shape) -> usize {
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

fn ends_in_comma(reading: &Reading, quotation: usize) -> bool {
    reading.quotations.get(quotation).is_some_and(|q| reading.token(q.last - 1) == ",")
}

/// The end of a content that opens with a quotation: a whole one is all there is, unless another is joined to it.
fn quoted_end(reading: &Reading, phrases: &[Phrase], from: usize, end: usize) -> Option<usize> {
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

fn relative_between(phrases: &[Phrase], from: usize, at: usize) -> bool {
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
        Kind::Relative => !shape.clause && joint != Kind::Conjunction,
        _ => false,
    }
}

/// The words to the left of a reporting clause that begins at phrase `clause`: `The plan is dead, she said`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub from: usize,
    pub to: usize,
    /// Has a verb of its own, so it may stand alone as what is reported.
    pub clause: bool,
}

/// What stands to the left of a reporting clause and its comma, if anything does.
pub(super) fn content_before(
    reading: &Reading,
    phrases: &[Phrase],
    start: usize,
    clause: usize,
) -> Option<Left> {
    let floor = start.max(clause.saturating_sub(REACH));
    let mut to = clause;
    if to <= floor {
        return None;
    }
    if phrases[to - 1].kind == Kind::Subordinator && to - 1 > floor {
        // `…, as she said`
        to -= 1;
    }
    if !matches!(phrases[to - 1].kind, Kind::Comma | Kind::Dash) {
        return None;
    }
    to -= 1;
    let mut closed = 0usize;
    // A dash parts the sentence only before a clause of its own.
    let dash_parts = |at: usize| clause_verb(&phrases[at + 1..to], 0).is_some();
    let from = (floor..to)
        .rev()
        .find(|&i| {
            match phrases[i].kind {
                Kind::Close => closed += 1,
                Kind::Open if closed > 0 => closed -= 1,
                Kind::Semicolon | Kind::Open => return true,
                Kind::Dash => return dash_parts(i),
                _ => {}
            }
            false
        })
        .map_or(floor, |i| i + 1);
    // `“…,” another friend, Ann Lee said`: the quotation alone is what is said.
    if let Some(to) = quoted_end(reading, phrases, from, to)
        && clause_verb(&phrases[to..clause], 0).is_none()
    {
        return Some(Left { from, to, clause: true });
    }
    let body = &phrases[from..to];
    let lead = body.iter().position(|p| !matches!(p.kind, Kind::Conjunction | Kind::Adverb))?;
    let finite = clause_verb(body, lead).is_some();
    let adverbial = matches!(body[lead].kind, Kind::Subordinator | Kind::Preposition)
        && !body.iter().any(|p| p.kind == Kind::Comma);
    let quoted = body.iter().any(|p| matches!(p.kind, Kind::Quote(_)));
    Some(Left { from, to, clause: (finite || quoted) && !adverbial })
}

/// For `As she noted, the plan is dead`: what follows the comma.
pub(super) fn content_after_comma(
    reading: &Reading,
    phrases: &[Phrase],
    verb: usize,
    end: usize,
) -> Option<(usize, usize)> {
    let comma = (verb + 1..end.min(verb + 12)).find(|&i| phrases[i].kind == Kind::Comma)?;
    let from = comma + 1;
    if from >= end {
        return None;
    }
    let shape = Shape { clause: true, subordinate: false };
    let to = limit(reading, phrases, from, end, shape);
    (from < to).then_some((from, to))
}

/// For `The risk, she said, is war`: what follows the comma, if it goes on with the sentence rather than with the
/// reporting clause.
pub(super) fn content_resumed(
    reading: &Reading,
    phrases: &[Phrase],
    from: usize,
    end: usize,
) -> Option<(usize, usize)> {
    if from + 1 >= end || phrases[from].kind != Kind::Comma {
        return None;
    }
    let opens = &phrases[from + 1];
    let aside = matches!(opens.kind, Kind::Relative | Kind::Subordinator)
        || opens.kind == Kind::Verb && opens.verb.gerund;
    if aside {
        return None;
    }
    let shape = Shape { clause: true, subordinate: false };
    let to = limit(reading, phrases, from + 1, end, shape);
    (from + 1 < to).then_some((from + 1, to))
}

/// The quotation that a closing reporting clause leads over to: `“…,” she said, “…”`, `“…,” said Smith, the mayor. “…”`.
pub(super) fn quotation_resumed(
    reading: &Reading,
    phrases: &[Phrase],
    from: usize,
    end: usize,
) -> Option<usize> {
    for at in from..end.min(from + 60) {
        match phrases[at].kind {
            Kind::Quote(_) => {
                let joined = at > from
                    && matches!(
                        phrases[at - 1].kind,
                        Kind::Comma | Kind::Colon | Kind::Dash | Kind::Semicolon | Kind::Conjunction
                    );
                return joined.then_some(at);
            }
            Kind::Verb if reading.word(phrases[at].head).frames != 0 => return None,
            Kind::Preposition if reading.token(phrases[at].first) == "according" => return None,
            _ => {}
        }
    }
    None
}
