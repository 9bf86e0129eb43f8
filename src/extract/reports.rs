//! Reports: what each paragraph and each of its sentences reports, and whose words go on from the one before.

use super::names::word;
use super::phrases::{Kind, Phrase, Reading};
use super::quotation_reports::signature;
use super::quotes::Quotation;
use super::speakers::Mention;
use super::subjects::{self, Subject};
use super::tokens::TokenKind;
use super::turns::Turn;
use crate::findings::Confidence;

/// A statement as first found, in tokens.
#[derive(Clone, Debug)]
pub(super) struct Report {
    /// The reported stretches, in tokens, in order.
    pub(super) spans: Vec<(usize, usize)>,
    pub(super) cue: Option<(usize, usize)>,
    pub(super) speaker: Option<Mention>,
    pub(super) confidence: Confidence,
}

/// Who announced the words to come, and with which words.
pub(super) type Announcement = (Option<(usize, usize)>, Option<Mention>);

pub(super) struct Finder<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) found: Vec<Report>,
    /// A reporting clause that ended in a colon and waits for its words.
    pub(super) pending: Option<Announcement>,
    /// The last statement that a bare quotation may continue, and the paragraph count since.
    pub(super) last: Option<usize>,
    /// The subject of the last sentence that reported nothing.
    pub(super) subject: Option<Mention>,
    /// Room for a sentence's marks, kept from one to the next.
    pub(super) taken: Vec<bool>,
}

impl Finder<'_> {
    pub(super) fn paragraph(&mut self, phrases: &[Phrase], ends: &[usize]) {
        if self.is_label(phrases) {
            self.pending = Some((None, Some(self.mention(phrases, 0, 1))));
            self.last = None;
            return;
        }
        let mut start = 0;
        let mut joins: Option<usize> = None; // the statement that a quotation in the next sentence continues
        for &end in ends {
            let bare = phrases[start..end]
                .iter()
                .all(|p| matches!(p.kind, Kind::Quote(_) | Kind::Other | Kind::Dash));
            let first_quote = phrases[start..end].iter().position(|p| matches!(p.kind, Kind::Quote(_)));
            let unsigned = joins.or(self.last.filter(|_| start == 0));
            if let Some((quoted, name)) = unsigned.zip(signature(&self.reading, phrases, start, end))
                && self.found[quoted].cue.is_none()
            {
                self.found[quoted].cue = Some((phrases[start].first, phrases[start].end));
                self.found[quoted].speaker = Some(self.mention(phrases, name, name + 1));
                self.found[quoted].confidence = Confidence::High;
                joins = None;
            } else if bare && first_quote.is_some() {
                joins = self.bare_quotation(phrases, start, end, joins, start == 0 && end == phrases.len());
            } else {
                let before = self.found.len();
                self.sentence(phrases, start, end);
                self.subject = self.main_subject(phrases, start, end);
                joins = (before..self.found.len()).rev().find(|&i| self.found[i].speaker.is_some());
                if start == 0 && end == phrases.len() && self.found.len() == before {
                    self.last = None;
                }
            }
            start = end;
        }
        self.last = joins;
        if self.pending.is_some_and(|(cue, _)| cue.is_none()) {
            self.pending = None; // no quotation stands under the label
        }
    }

    /// Whether the paragraph is the label of the quotation below it, as roundups of comments have it: `ANN LEE,
    /// ECONOMIST, BOREAL BANK, DULLSHIRE`.
    fn is_label(&self, phrases: &[Phrase]) -> bool {
        let [name, comma, .., last] = phrases else { return false };
        let tokens = &self.reading.tokens;
        let words = tokens[name.first..name.end].iter().filter(|token| token.is_word()).count();
        let shouted = |at: usize| !tokens[at].is_word() || tokens[at].kind == TokenKind::Upper;
        let office = |at: usize| self.reading.kinds(at) & (word::ROLE | word::SOURCE) != 0;
        name.kind == Kind::Noun
            && comma.kind == Kind::Comma
            && (2..5).contains(&words)
            && last.end - name.first < 40
            && (self.reading.kinds(name.first) & word::GIVEN != 0 || (comma.end..last.end).any(office))
            && (name.first..last.end).all(shouted)
    }

    /// A paragraph that opens with its speaker.
    pub(super) fn turn(&mut self, turn: &Turn) {
        let head = turn.colon - 1;
        self.pending = None;
        self.last = Some(self.found.len());
        self.found.push(Report {
            spans: vec![(turn.colon + 1, turn.end)],
            cue: Some((turn.colon, turn.colon + 1)),
            speaker: Some(Mention {
                first: turn.first,
                end: turn.colon,
                until: turn.colon,
                head,
                antecedent: None,
            }),
            confidence: Confidence::High,
        });
    }

    /// Who a sentence is about: the subject of its first finite verb, if that is a name or a pronoun.
    fn main_subject(&self, phrases: &[Phrase], start: usize, end: usize) -> Option<Mention> {
        let verb = (start..end.min(start + 40))
            .find(|&i| phrases[i].kind == Kind::Verb && phrases[i].verb.finite)?;
        let subject = subjects::subject(&self.reading, &phrases[..end], start, verb)?;
        let head = phrases[subject.noun].head;
        let personal =
            ["he", "she"].iter().any(|pronoun| self.reading.token(head).eq_ignore_ascii_case(pronoun));
        (personal || self.reading.tokens[head].is_capitalised())
            .then(|| self.subject_mention(phrases, &subject))
    }

    fn sentence(&mut self, phrases: &[Phrase], start: usize, end: usize) {
        let mut taken = std::mem::take(&mut self.taken); // phrases already part of some content
        taken.clear();
        taken.resize(end - start, false);
        self.named_quotation(phrases, start, end, &mut taken);
        let mut at = start;
        while at < end {
            let phrase = &phrases[at];
            if phrase.kind == Kind::Preposition
                && self.reading.token(phrase.first).eq_ignore_ascii_case("according")
                && at + 2 < end
                && self.reading.token(phrases[at + 1].first) == "to"
            {
                self.according(phrases, start, end, at, &mut taken);
            } else if phrase.kind == Kind::That && !taken[at - start] {
                self.noun_report(phrases, start, end, at, &mut taken);
            } else if phrase.kind == Kind::Verb
                && (self.reading.word(phrase.head).frames != 0
                    || self.closes_quotation(phrases, start, end, at))
            {
                self.report(phrases, start, end, at, &mut taken);
            }
            at += 1;
        }
        self.announced(phrases, start, end, &mut taken);
        self.taken = taken;
    }

    pub(super) fn quotation_at(&self, token: usize) -> Option<&Quotation> {
        let after = self.reading.quotations.partition_point(|q| q.open <= token);
        self.reading.quotations[..after].last().filter(|q| token < q.end)
    }

    /// Whether the last report's cue stands among the phrases: `“…,” Reed said, according to Lee` reports a report.
    pub(super) fn reports_within(&self, phrases: &[Phrase]) -> bool {
        let cue = self.found.last().and_then(|report| report.cue);
        cue.zip(phrases.first().zip(phrases.last()))
            .is_some_and(|(cue, (first, last))| first.first <= cue.0 && cue.1 <= last.end)
    }

    pub(super) fn mention(&self, phrases: &[Phrase], from: usize, to: usize) -> Mention {
        let mut first = phrases[from].first;
        let end = phrases[to - 1].end;
        while first + 1 < end && self.reading.tokens[first].kind == TokenKind::Mark {
            first += 1;
        }
        Mention { first, end, until: end, head: phrases[from].head.max(first), antecedent: None }
    }

    pub(super) fn subject_mention(&self, phrases: &[Phrase], subject: &Subject) -> Mention {
        let antecedent = subject.antecedent.map(|i| (phrases[i].first, phrases[i].end, phrases[i].head));
        let until = phrases[subject.until.max(subject.to) - 1].end;
        Mention { antecedent, until, ..self.mention(phrases, subject.from, subject.to) }
    }
}
