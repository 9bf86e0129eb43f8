//! Reports without a reporting verb: `according to Lee`, `her claim that …`.

use super::bounds;
use super::contents;
use super::phrases::{Kind, Phrase};
use super::reports::{Finder, Report};
use super::speakers::Mention;
use super::subjects;
use super::tokens::TokenKind;
use super::words::{class, form};
use crate::findings::Confidence;

impl Finder<'_> {
    /// `according to S`, before, after or inside what is reported.
    pub(super) fn according(
        &mut self,
        phrases: &[Phrase],
        start: usize,
        end: usize,
        at: usize,
        taken: &mut [bool],
    ) {
        let noun = at + 2;
        if phrases[noun].kind != Kind::Noun {
            return;
        }
        let to = subjects::chain_end(phrases, noun, end);
        let name_end = subjects::speaker_end(&self.reading, phrases, noun, end);
        // `according to a poll taken in May`
        let until = (name_end..end.min(name_end + 60)).find(|&i| !is_inner(&phrases[i])).unwrap_or(name_end);
        let reduced = phrases.get(name_end).is_some_and(|p| {
            p.kind == Kind::Verb && (p.verb.gerund || self.reading.word(p.head).has(form::PARTICIPLE))
        });
        let until = phrases[if reduced { until } else { name_end } - 1].end;
        let mention = Mention { until, ..self.mention(phrases, noun, name_end) };
        // No search runs further back than a long sentence is.
        let start_near = start.max(at.saturating_sub(300));
        let first = (start_near..at).rev().find(|&i| taken[i - start]).map_or(start_near, |i| i + 1);
        let first = (first..at)
            .find(|&i| !matches!(phrases[i].kind, Kind::Comma | Kind::Conjunction))
            .unwrap_or(start_near);
        let rest = first..at;
        let first = if phrases[rest.clone()].iter().any(|p| p.kind == Kind::Verb)
            && !self.reports_within(&phrases[rest])
        {
            first
        } else {
            start_near
        };
        let cue = Some((phrases[at].first, phrases[at + 1].end));
        let left_end = if at > start && phrases[at - 1].kind == Kind::Comma { at - 1 } else { at };
        let left = left_end > first
            && phrases[first..left_end].iter().any(|p| {
                matches!(p.kind, Kind::Verb | Kind::Quote(_)) || p.kind == Kind::Noun && left_end - first > 2
            });
        let end = end.min(at + 300);
        let stops = (to..end).find(|&i| phrases[i].kind == Kind::Comma);
        let mut spans = Vec::new();
        if left {
            spans.push((phrases[first].first, phrases[left_end - 1].end));
        }
        if let Some(comma) = stops.filter(|&c| c + 1 < end) {
            let right_end = bounds::trim_stop(&self.reading, phrases, comma + 1, end);
            let right_has_verb =
                comma + 1 < right_end && subjects::clause_verb(&phrases[comma + 1..right_end], 0).is_some();
            if right_end > comma + 1 && (!left || right_has_verb) {
                // `According to S, who knows, …`: the relative clause is passed over.
                let mut from = comma + 1;
                if matches!(phrases[from].kind, Kind::Relative) {
                    from = (from..right_end)
                        .find(|&i| phrases[i].kind == Kind::Comma)
                        .map_or(right_end, |c| c + 1);
                }
                if from < right_end {
                    spans.push((phrases[from].first, phrases[right_end - 1].end));
                }
            }
        } else if !left && to < end {
            let right_end = bounds::trim_stop(&self.reading, phrases, to, end);
            if right_end > to {
                spans.push((phrases[to].first, phrases[right_end - 1].end));
            }
        }
        if spans.is_empty() {
            return;
        }
        taken[start_near - start..end - start].fill(true);
        self.found.push(Report { spans, cue, speaker: Some(mention), confidence: Confidence::High });
    }

    /// `her claim that …`, `Lee's warning that …`, `the accusation by Lee that …`: a noun that reports, before the `that`
    /// at phrase `that`.
    pub(super) fn noun_report(
        &mut self,
        phrases: &[Phrase],
        start: usize,
        end: usize,
        that: usize,
        taken: &mut [bool],
    ) {
        let reading = self.reading;
        let reports =
            |i: usize| phrases[i].kind == Kind::Noun && reading.word(phrases[i].head).is(class::REPORT);
        let before = |back: usize| that.checked_sub(back).filter(|&i| i >= start);
        let by = || {
            let preposition = before(2).filter(|&i| phrases[i].kind == Kind::Preposition)?;
            let giver = matches!(reading.token(phrases[preposition].first), "by" | "from")
                && phrases[that - 1].kind == Kind::Noun;
            before(3).filter(|&i| giver && reports(i)).map(|noun| (noun, Some(that - 1)))
        };
        let Some((noun, giver)) = before(1).filter(|&i| reports(i)).map(|noun| (noun, None)).or_else(by)
        else {
            return;
        };
        // `the claim that shocked them`, `the claim that she made`: relative clauses.
        let clause = that + 1 < end && phrases[that + 1].kind != Kind::Verb;
        let verb =
            (that + 1..end.min(that + 12)).find(|&i| phrases[i].kind == Kind::Verb && phrases[i].verb.finite);
        let complete = verb.is_some_and(|verb| {
            let made = matches!(
                reading.token(phrases[verb].head),
                "made" | "make" | "makes" | "issued" | "gave" | "released" | "raised" | "put"
            );
            !made || phrases.get(verb + 1).is_some_and(|p| p.kind == Kind::Noun)
        });
        if !clause || !complete {
            return;
        }
        let to = contents::clause_end(&reading, phrases, that, end);
        if to <= that + 1 || taken[that - start..to - start].iter().any(|&t| t) {
            return;
        }
        let head = phrases[noun].head;
        let speaker = match giver {
            Some(giver) => Some(self.mention(phrases, giver, giver + 1)),
            None => self.owner(&phrases[noun]),
        };
        let confidence = if speaker.is_some() { Confidence::Medium } else { Confidence::Low };
        taken[that - start..to - start].fill(true);
        self.found.push(Report {
            spans: vec![(phrases[that].first, phrases[to - 1].end)],
            cue: Some((head, head + 1)),
            speaker,
            confidence,
        });
    }

    /// Whose the noun phrase is: `her claim`, `Ann Lee's claim`.
    fn owner(&self, noun: &Phrase) -> Option<Mention> {
        let reading = self.reading;
        let whole = |first: usize, end: usize| {
            Some(Mention { first, end, until: end, head: end - 1, antecedent: None })
        };
        if reading.word(noun.first).is(class::POSS) {
            return whole(noun.first, noun.first + 1);
        }
        let mark = (noun.first + 1..noun.head).rev().find(|&at| {
            reading.tokens[at].kind == TokenKind::Possessive || matches!(reading.token(at), "'" | "’")
        })?;
        whole(noun.first, mark)
    }
}

/// Whether the phrase may stand inside a clause that narrows a noun.
fn is_inner(phrase: &Phrase) -> bool {
    matches!(phrase.kind, Kind::Noun | Kind::Verb | Kind::Preposition | Kind::Adverb)
}
