//! Reported words around a reporting clause: before it, and where they go on behind it.

use super::bounds::{REACH, Shape, ends_in_comma, limit, quoted_end};
use super::phrases::{Kind, Phrase, Reading};
use super::subjects::clause_verb;

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
    match phrases[to - 1].kind {
        Kind::Comma | Kind::Dash => to -= 1,
        // `she called it “late,” the Courier reported`
        Kind::Quote(q) if ends_in_comma(reading, q) => {}
        _ => return None,
    }
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
    if from >= to {
        return None;
    }
    let body = &phrases[from..to];
    let Some(lead) = body.iter().position(|p| !matches!(p.kind, Kind::Conjunction | Kind::Adverb)) else {
        return Some(Left { from, to, clause: false }); // `Now, she said, …`
    };
    let finite = clause_verb(body, lead).is_some();
    let adverbial = body[lead].kind == Kind::Subordinator && !body.iter().any(|p| p.kind == Kind::Comma);
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
    let told =
        (from..end.min(from + 6)).find(|&i| !matches!(phrases[i].kind, Kind::Noun | Kind::Preposition));
    let from = told.filter(|&i| i + 1 < end && phrases[i].kind == Kind::Comma)?;
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
