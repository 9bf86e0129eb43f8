//! Quotations that no reporting verb beside them claims: on their own, announced by a colon, signed with a dash.

use super::phrases::{Kind, Phrase, Reading};
use super::reports::{Finder, Report};
use super::subjects;
use super::words::form;
use crate::findings::Confidence;

impl Finder<'_> {
    /// A sentence that is all quotation: it goes on with the statement before it, or belongs to the speaker announced.
    pub(super) fn bare_quotation(
        &mut self,
        phrases: &[Phrase],
        start: usize,
        end: usize,
        joins: Option<usize>,
        whole: bool,
    ) -> Option<usize> {
        let spans: Vec<(usize, usize)> = phrases[start..end].iter().filter_map(|p| self.quoted(p)).collect();
        if spans.is_empty() {
            return joins;
        }
        if whole && self.pending.is_none() && self.is_heading(phrases[start].first, phrases[end - 1].end) {
            return None;
        }
        if let Some((cue, speaker)) = self.pending.take() {
            self.found.push(Report { spans, cue, speaker, confidence: Confidence::High });
            return Some(self.found.len() - 1);
        }
        if let Some(i) = joins {
            if self.is_quoted(&self.found[i]) {
                self.found[i].spans.extend(spans);
                return Some(i);
            }
            let speaker = self.found[i].speaker;
            let cue = self.found[i].cue;
            self.found.push(Report { spans, cue, speaker, confidence: Confidence::Medium });
            return Some(self.found.len() - 1);
        }
        if (whole || start == 0)
            && let Some(i) = self.last
        {
            let report = &self.found[i];
            let continued = report
                .spans
                .last()
                .is_some_and(|&(_, end)| self.quotation_at(end - 1).is_some_and(|q| q.open_ended));
            if continued {
                self.found[i].spans.extend(spans);
                return Some(i);
            }
            let speaker = report.speaker;
            self.found.push(Report { spans, cue: None, speaker, confidence: Confidence::Medium });
            return Some(self.found.len() - 1);
        }
        let long = spans.iter().map(|s| s.1 - s.0).sum::<usize>() >= 6;
        if long {
            let speaker = self.subject;
            self.found.push(Report { spans, cue: None, speaker, confidence: Confidence::Low });
            return Some(self.found.len() - 1);
        }
        None
    }

    /// A few words in quotation marks that fill a paragraph: the heading of what follows (`'All bets are off'`).
    fn is_heading(&self, first: usize, end: usize) -> bool {
        let words = self.reading.tokens[first..end].iter().filter(|token| token.is_word()).count();
        words < 6 && self.quotation_at(first).is_some_and(|quotation| !quotation.open_ended)
    }

    fn is_quoted(&self, report: &Report) -> bool {
        report.spans.iter().any(|&(first, _)| self.quotation_at(first).is_some())
    }

    /// The quoted words of a quotation phrase, marks included.
    fn quoted(&self, phrase: &Phrase) -> Option<(usize, usize)> {
        match phrase.kind {
            Kind::Quote(_) => Some((phrase.first, phrase.end)),
            _ => None,
        }
    }

    /// Whether any verb at all reports here: `“…?” Smith wondered.`, `“…!” beamed Smith.`
    pub(super) fn closes_quotation(&self, phrases: &[Phrase], start: usize, end: usize, verb: usize) -> bool {
        let group = &phrases[verb].verb;
        let word = self.reading.word(phrases[verb].head);
        let single = phrases[verb].first == phrases[verb].head;
        if !single || !word.has(form::PAST | form::S) || !group.finite || verb <= start {
            return false;
        }
        let spoken = |at: usize| match phrases[at].kind {
            Kind::Quote(q) => {
                let quotation = &self.reading.quotations[q];
                quotation.last - quotation.first > 2
                    && matches!(self.reading.token(quotation.last - 1), "," | "?" | "!")
            }
            _ => false,
        };
        let ends = |at: usize| at >= end || matches!(phrases[at].kind, Kind::Other | Kind::Comma);
        let subject_between = verb >= start + 2 && phrases[verb - 1].kind == Kind::Noun && spoken(verb - 2);
        let subject_after = spoken(verb - 1)
            && phrases.get(verb + 1).filter(|_| verb + 1 < end).is_some_and(|p| p.kind == Kind::Noun)
            && self.reading.tokens[phrases[verb + 1].head].is_capitalised();
        subject_between && ends(verb + 1) || subject_after
    }

    /// A quotation after a colon that no reporting verb has claimed: `She added a caveat: “…”`; or the colon that ends
    /// the sentence before one.
    pub(super) fn announced(&mut self, phrases: &[Phrase], start: usize, end: usize, taken: &mut [bool]) {
        let Some(colon) = (start..end).find(|&i| phrases[i].kind == Kind::Colon) else { return };
        if colon - start > 60 {
            return;
        }
        if taken[..colon - start].iter().any(|&t| t) {
            // `She explained that it was late: “…”`: whoever reported before the colon goes on.
            if let Some(Kind::Quote(_)) = phrases.get(colon + 1).filter(|_| colon + 1 < end).map(|p| p.kind)
                && !taken[colon + 1 - start]
                && let Some(&Report { cue, speaker, .. }) = self.found.last()
            {
                let spans = vec![(phrases[colon + 1].first, phrases[colon + 1].end)];
                self.found.push(Report { spans, cue, speaker, confidence: Confidence::Medium });
            }
            return;
        }
        let Some(verb) = announcing_verb(phrases, start, colon) else { return };
        let subject = subjects::subject(&self.reading, &phrases[..end], start, verb);
        let mention = subject.map(|s| self.subject_mention(phrases, &s));
        let cue = Some((phrases[verb].first, phrases[verb].end));
        if colon + 1 == end {
            self.pending = self.pending.take().or(Some((cue, mention)));
            return;
        }
        if let Kind::Quote(q) = phrases[colon + 1].kind
            && !taken[colon + 1 - start]
            && self.reading.quotations[q].last - self.reading.quotations[q].first > 3
        {
            taken[colon + 1 - start] = true;
            let spans = vec![(phrases[colon + 1].first, phrases[colon + 1].end)];
            self.found.push(Report { spans, cue, speaker: mention, confidence: Confidence::Medium });
        }
    }

    /// `Smith: “…”`, `Smith on Trade: “…”`, as headlines and transcripts have it.
    pub(super) fn named_quotation(
        &mut self,
        phrases: &[Phrase],
        start: usize,
        end: usize,
        taken: &mut [bool],
    ) {
        let Some(colon) = (start + 1..end.min(start + 10)).find(|&i| phrases[i].kind == Kind::Colon) else {
            return;
        };
        if colon + 1 >= end || !matches!(phrases[colon + 1].kind, Kind::Quote(_)) {
            return;
        }
        // The name right before the colon after a dash, else the one that opens the sentence.
        let after_dash = (start..colon).rev().find(|&i| phrases[i].kind == Kind::Dash).map(|i| i + 1);
        let name = after_dash.filter(|&i| i < colon).unwrap_or(start);
        if phrases[name..colon].iter().any(|p| p.kind == Kind::Verb && p.verb.finite)
            || phrases[name].kind != Kind::Noun
            || !self.reading.tokens[phrases[name].first].is_capitalised()
        {
            return;
        }
        let to = subjects::speaker_end(&self.reading, phrases, name, colon);
        taken[colon + 1 - start] = true;
        self.found.push(Report {
            spans: vec![(phrases[colon + 1].first, phrases[colon + 1].end)],
            cue: Some((phrases[colon].first, phrases[colon].end)),
            speaker: Some(self.mention(phrases, name, to)),
            confidence: Confidence::Medium,
        });
    }
}

/// The name that signs a quotation: `“…” — Ann Lee`.
pub(super) fn signature(reading: &Reading, phrases: &[Phrase], start: usize, end: usize) -> Option<usize> {
    let name = start + 1;
    (phrases[start].kind == Kind::Dash
        && name < end
        && end - start < 8
        && phrases[name].kind == Kind::Noun
        && reading.tokens[phrases[name].head].is_capitalised()
        && phrases[name..end].iter().all(|p| p.kind != Kind::Verb || p.verb.gerund))
    .then_some(name)
}

/// The verb of the clause that a colon ends: the last finite one that stands in no subordinate clause, else the last.
fn announcing_verb(phrases: &[Phrase], start: usize, colon: usize) -> Option<usize> {
    let mut subordinate = phrases.get(start).is_some_and(|p| p.kind == Kind::Preposition);
    let mut main = None;
    let mut last = None;
    for (i, phrase) in phrases.iter().enumerate().take(colon).skip(start) {
        match phrase.kind {
            Kind::Relative | Kind::That | Kind::Question | Kind::Subordinator => subordinate = true,
            Kind::Comma => subordinate = false,
            Kind::Verb if phrase.verb.finite => {
                last = Some(i);
                if !subordinate {
                    main = Some(i);
                }
            }
            _ => {}
        }
    }
    main.or(last)
}
