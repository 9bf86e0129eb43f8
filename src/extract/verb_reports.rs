//! Reports of a reporting verb: who it is said of, and which words beside it are the reported ones.

use super::around;
use super::bounds;
use super::contents::{self, Content};
use super::phrases::{Kind, Phrase};
use super::reports::{Finder, Report};
use super::subjects::{self, Subject};
use super::words::{class, form, frame};
use crate::findings::Confidence;

impl Finder<'_> {
    /// The statement that the reporting verb at `verb` introduces or closes.
    pub(super) fn report(
        &mut self,
        phrases: &[Phrase],
        start: usize,
        end: usize,
        verb: usize,
        taken: &mut [bool],
    ) {
        let reading = self.reading;
        let group = &phrases[verb];
        let word = reading.word(group.head);
        let cue = Some((group.first, group.end));
        let plain = !group.verb.passive && !group.verb.gerund && !group.verb.infinitive;
        // The quotation right before phrase `at`, a comma between or not.
        let quote_before = |at: usize| {
            let at = if at > start && matches!(phrases[at - 1].kind, Kind::Comma | Kind::Dash) {
                at - 1
            } else {
                at
            };
            (at > start && matches!(phrases[at - 1].kind, Kind::Quote(_))).then(|| at - 1)
        };
        // `“…,” said Smith`, `…, said Smith`
        let inverts = plain
            && verb > start
            && word.has(form::PAST | form::S)
            && (word.reports(frame::CLAUSE | frame::QUOTE) && !word.reports(frame::ACT) || word.frames == 0);
        let inverted = inverts
            .then(|| {
                let quoted = quote_before(verb).is_some();
                let named = || {
                    let name = subjects::inverted(&reading, phrases, verb, end);
                    name.is_some_and(|s| reading.tokens[phrases[s.noun].head].is_capitalised())
                };
                let clause = || {
                    around::content_before(&reading, phrases, start, verb)
                        .is_some_and(|left| subjects::clause_verb(&phrases[left.from..left.to], 0).is_some())
                };
                (quoted
                    || phrases[verb - 1].kind == Kind::Comma
                        && !word.reports(frame::RECIPIENT)
                        && (clause() || named()))
                .then(|| subjects::inverted(&reading, phrases, verb, end))
                .flatten()
                .filter(|s| {
                    let next = phrases.get(s.to).filter(|_| s.to < end);
                    let ends = next.is_none_or(|p| {
                        matches!(
                            p.kind,
                            Kind::Comma
                                | Kind::Other
                                | Kind::Dash
                                | Kind::Colon
                                | Kind::Open
                                | Kind::Relative
                                | Kind::Conjunction
                        )
                    });
                    // `“…,” says a source involved in the talks`
                    let reduced = |p: &Phrase| p.verb.past && reading.word(p.head).frames == 0;
                    let goes_on = |p: &Phrase| {
                        p.kind == Kind::That || p.kind == Kind::Verb && p.verb.finite && !reduced(p)
                    };
                    ends || quoted && !next.is_some_and(goes_on)
                })
            })
            .flatten();
        // `Continued Stone:`
        let inverted = inverted.or_else(|| {
            (verb == start && plain && word.has(form::PAST))
                .then(|| subjects::inverted(&reading, phrases, verb, end))
                .flatten()
                .filter(|s| s.to < end && phrases[s.to].kind == Kind::Colon)
        });
        let opening = inverted.is_none()
            && group.first == group.head
            && !group.verb.gerund
            && verb == start
            && word.has(form::PARTICIPLE);
        let passive = group.verb.passive || opening && word.reports(frame::RECIPIENT);
        let subject = match inverted {
            None if passive => self.agent(phrases, verb, end),
            None => subjects::subject(&reading, &phrases[..end], start, verb),
            found => found,
        };
        let clause = match subject {
            Some(s) if inverted.is_none() && !s.shared && s.from < verb => s.from,
            _ => verb,
        };
        let credit = group.verb.gerund
            && matches!(reading.token(group.head), "reporting" | "writing" | "editing" | "Reporting")
            && phrases.get(verb + 1).is_some_and(|p| reading.token(p.first) == "by");
        let act = word.reports(frame::ACT) && !word.reports(frame::NAMING);
        if credit || group.verb.infinitive && act {
            // `(Additional reporting by …)`, `had to defend the plan`
            return;
        }
        let impersonal =
            |s: Subject| matches!(reading.token(phrases[s.noun].head), "It" | "it" | "there" | "There");
        if group.verb.infinitive && subject.is_some_and(|s| s.shared && impersonal(s)) {
            // `It is fair to say that …`
            return;
        }
        let mention = subject.map(|s| self.subject_mention(phrases, &s));
        let opener = (clause > start).then(|| &phrases[clause - 1]).filter(|p| self.subordinates(p));
        let as_opener = opener.is_some_and(|p| matches!(reading.token(p.first), "As" | "as"));
        let relative = clause < verb && matches!(phrases[clause].kind, Kind::Relative | Kind::That);
        let leading = (group.verb.gerund || group.verb.infinitive) && subject.is_some_and(|s| s.from > verb);
        let mut parts: Vec<(usize, usize)> = Vec::new(); // in phrases
        // `It is dear, although they charged more`: only `as` ties a report to what stands before it.
        let left = if plain && !relative && (opener.is_none() || as_opener) {
            quote_before(clause)
                .filter(|&q| !taken[q - start])
                .map(|q| around::Left {
                    from: self.left_start(phrases, start, q, taken),
                    to: q + 1,
                    clause: true,
                })
                .or_else(|| around::content_before(&reading, phrases, start, clause))
                .filter(|l| {
                    // `… she had gone, the Courier reported late on Friday.`
                    let closes = (verb + 1..end).all(|i| match phrases[i].kind {
                        Kind::Adverb | Kind::Other => true,
                        Kind::Noun => subjects::is_time(&reading, &phrases[i]),
                        Kind::Preposition => i + 1 < end && subjects::is_time(&reading, &phrases[i + 1]),
                        _ => false,
                    });
                    !taken[l.from - start..l.to - start].iter().any(|&t| t)
                        || closes && self.reports_within(&phrases[l.from..l.to])
                })
        } else {
            None
        };
        // `which officials said will open soon`: what is reported is a clause around the reporting one.
        let gap = clause
            .checked_sub(1)
            .filter(|&i| {
                i >= start && matches!(phrases[i].kind, Kind::Relative | Kind::That | Kind::Question)
            })
            .filter(|_| plain && !relative && word.reports(frame::CLAUSE))
            .filter(|_| {
                phrases.get(verb + 1).is_some_and(|p| verb + 1 < end && p.kind == Kind::Verb && p.verb.finite)
            });
        let left_quoted = left.is_some_and(|l| matches!(phrases[l.to - 1].kind, Kind::Quote(_)));
        let after = inverted.map_or(verb + 1, |s| s.to);
        if let Some(relative) = gap {
            parts.push((relative, relative + 1));
            parts.push((verb + 1, contents::clause_end(&reading, phrases, verb + 1, end)));
        } else if let Some(left) = left.filter(|_| left_quoted || inverted.is_some()) {
            parts.push((left.from, left.to));
            if let Some(quote) = around::quotation_resumed(&reading, phrases, after, end) {
                parts.push((quote, quote + 1));
            }
        } else {
            let subordinate = opener.is_some()
                || relative
                || leading
                || opening
                || group.verb.passive && self.is_subordinate_passive(phrases, start, verb);
            let right = match inverted {
                Some(s) if s.to + 1 < end => {
                    Content::Right { from: s.to + 1, to: bounds::trim_stop(&reading, phrases, s.to + 1, end) }
                }
                Some(_) => Content::Next,
                None => contents::content(&reading, phrases, verb, end, subordinate),
            };
            // `he found a boat`, unlike `a poll found few cared`
            let studies = subject.is_some_and(|s| reading.word(phrases[s.noun].head).is(class::STUDY));
            let idle = word.reports(frame::STUDY) && !studies;
            match (right, left) {
                (Content::Nothing, Some(left)) if as_opener && left.clause => {
                    parts.push((left.from, left.to))
                }
                (Content::Nothing, _) if as_opener => {
                    parts.extend(around::content_after_comma(&reading, phrases, verb, end))
                }
                (Content::Right { from, to }, _) => {
                    let quotes_only = word.frames & !(frame::QUOTE | frame::MATTER) == 0 || idle;
                    let explicit = matches!(phrases[from].kind, Kind::Quote(_) | Kind::That | Kind::Question)
                        || phrases[from - 1].kind == Kind::Colon;
                    if quotes_only && !explicit && !word.reports(frame::MATTER) {
                        return;
                    }
                    let quotes = phrases[from..to].iter().any(|p| matches!(p.kind, Kind::Quote(_)));
                    if word.reports(frame::FRAGMENT) && !quotes {
                        return; // `criticized the plan`: no words of the speaker's
                    }
                    parts.push((from, to));
                }
                (Content::Next, _) => {
                    self.pending = Some((cue, mention));
                    return;
                }
                (Content::Nothing, Some(left)) => {
                    let resumed = around::content_resumed(&reading, phrases, verb + 1, end);
                    // `A plan that floats sinks, Lee said.`: nothing else closes a sentence so.
                    let closes =
                        phrases.get(verb + 1).is_none_or(|p| verb + 1 >= end || p.kind == Kind::Other);
                    let closed = closes
                        && phrases[left.from..left.to].iter().any(|p| p.kind == Kind::Verb && p.verb.finite)
                        && phrases[left.from].kind != Kind::Subordinator;
                    if !left.clause && !closed && resumed.is_none() || word.reports(frame::ACT) || idle {
                        return;
                    }
                    parts.push((left.from, left.to));
                    parts.extend(resumed);
                }
                (Content::Nothing, None) => {
                    if plain && contents::announces(phrases, verb, end) && !word.reports(frame::ACT) {
                        self.pending = Some((cue, mention));
                    }
                    return;
                }
            }
        }
        if parts.is_empty() {
            return;
        }
        for &(from, to) in &parts {
            taken[from - start..to - start].fill(true);
        }
        let spans = parts.iter().map(|&(from, to)| (phrases[from].first, phrases[to - 1].end)).collect();
        let confidence = if mention.is_none() || subject.is_some_and(|s| s.shared) {
            Confidence::Medium
        } else {
            Confidence::High
        };
        self.found.push(Report { spans, cue, speaker: mention, confidence });
    }

    /// Whether the phrase opens a clause that a comma ends: `while`, `when`.
    fn subordinates(&self, phrase: &Phrase) -> bool {
        let when = || self.reading.token(phrase.first).eq_ignore_ascii_case("when");
        phrase.kind == Kind::Subordinator || phrase.kind == Kind::Question && when()
    }

    /// Whether a passive verb stands in a clause of its own: `When voters were asked …, they left`.
    fn is_subordinate_passive(&self, phrases: &[Phrase], start: usize, verb: usize) -> bool {
        subjects::subject(&self.reading, phrases, start, verb)
            .filter(|s| !s.shared && s.from < verb)
            .is_some_and(|s| {
                let opened = s.from > start && self.subordinates(&phrases[s.from - 1]);
                opened || matches!(phrases[s.from].kind, Kind::Relative | Kind::That)
            })
    }

    /// The one who does what a passive verb says: `was asked by reporters`.
    fn agent(&self, phrases: &[Phrase], verb: usize, end: usize) -> Option<Subject> {
        let by = (verb + 1..end.min(verb + 4)).find(|&i| {
            phrases[i].kind == Kind::Preposition && self.reading.token(phrases[i].first) == "by"
        })?;
        let noun = by + 1;
        (noun < end && phrases[noun].kind == Kind::Noun).then(|| {
            let to = subjects::speaker_end(&self.reading, phrases, noun, end);
            Subject { from: noun, noun, to, until: to, antecedent: None, shared: false }
        })
    }

    /// Where the words before a closing reporting clause begin, given the quotation next to it.
    fn left_start(&self, phrases: &[Phrase], start: usize, quote: usize, taken: &[bool]) -> usize {
        // Back to the start of the sentence, unless an earlier report stands between.
        let mut from = quote;
        while from > start
            && quote - from < 100
            && !taken[from - 1 - start]
            && !(phrases[from - 1].kind == Kind::Verb
                && self.reading.word(phrases[from - 1].head).frames != 0)
            && phrases[from - 1].kind != Kind::Colon
        {
            from -= 1;
        }
        if from > start && from < quote && !taken[from - 1 - start] {
            return quote;
        }
        while from < quote && matches!(phrases[from].kind, Kind::Comma | Kind::Conjunction) && from > start {
            from += 1;
        }
        from
    }
}
