//! Statements in the text: the reported words, the reporting word, and who said them.

use super::contents::{self, Content};
use super::names;
use super::phrases::{self, Kind, Phrase, Reading};
use super::quotes::{self, Quotation};
use super::sentences::Sentence;
use super::setting::Setting;
use super::speakers::{Mention, Speakers};
use super::subjects::{self, Subject};
use super::tokens::{self, Token, TokenKind};
use super::turns::{self, Turn};
use super::words::{self, Word, class, form, frame};
use crate::article::Article;
use crate::findings::{Confidence, Place, Quote, Statement};

/// The statements of the article, in text order.
pub fn statements(
    article: &Article,
    tokens: &[Token],
    sentences: &[Sentence],
    places: &[Place],
) -> Vec<Statement> {
    let text = article.text.as_str();
    let words = words::words(text, tokens);
    if !is_english(tokens, &words) {
        return Vec::new();
    }
    let paragraph_ends = paragraph_ends(text, tokens);
    let quotations = quotes::quotations(text, tokens, &|at| paragraph_ends[at]);
    let reading = Reading { text, tokens, words: &words, quotations: &quotations };
    let mut finder = Finder { reading, found: Vec::new(), pending: None, last: None, subject: None };
    let paragraphs = paragraphs(&paragraph_ends);
    let turns = turns::turns(&reading, &paragraphs);
    let mut quote = 0;
    for (&(first, end), turn) in paragraphs.iter().zip(turns) {
        match turn {
            Some(turn) => finder.turn(&turn),
            None => {
                let (phrases, ends) = phrases::phrases(&reading, first, end, &mut quote);
                finder.paragraph(&phrases, &ends);
            }
        }
    }
    finder.found.sort_by_key(|report| report.spans[0]);
    if finder.found.is_empty() {
        return Vec::new();
    }
    let elsewhere = full_names(article);
    let runs = names::runs(&reading);
    let setting = Setting { reading, runs: &runs, places };
    let mut speakers = Speakers::new(setting, sentences, &elsewhere);
    finder.found.iter().map(|report| finder.statement(report, &mut speakers)).collect()
}

/// Whether the words are English ones often enough: articles, prepositions, pronouns and auxiliaries make up some four
/// in ten words of English, and hardly any of the lexicon's stand in other languages.
fn is_english(tokens: &[Token], words: &[Word]) -> bool {
    let closed = class::DET | class::PREP | class::SUBJ | class::AUX | class::CC | class::TO;
    let count = tokens.iter().filter(|token| token.is_word()).count();
    let known = words.iter().filter(|word| word.is(closed)).count();
    count < 30 || known * 7 >= count
}

/// Whether the phrase may stand inside a clause that narrows a noun.
fn is_inner(phrase: &Phrase) -> bool {
    matches!(phrase.kind, Kind::Noun | Kind::Verb | Kind::Preposition | Kind::Adverb)
}

/// The name that signs a quotation: `“…” — Ann Lee`.
fn signature(reading: &Reading, phrases: &[Phrase], start: usize, end: usize) -> Option<usize> {
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

/// The full names in the title and the captions.
fn full_names(article: &Article) -> Vec<String> {
    let mut found = Vec::new();
    for text in std::iter::once(&article.title).chain(&article.captions) {
        found.extend(phrases::read(text, names::person_names));
    }
    found
}

/// For each token whether it ends a paragraph: a blank line, or an end of line where lines are not wrapped.
pub(super) fn paragraph_ends(text: &str, tokens: &[Token]) -> Vec<bool> {
    let lines = tokens.iter().filter(|t| t.kind == TokenKind::Line).count();
    let wrapped = lines > 3 && (40..=100).contains(&(text.len() / (lines + 1)));
    tokens.iter().map(|t| t.kind == TokenKind::Break || t.kind == TokenKind::Line && !wrapped).collect()
}

/// The paragraphs that hold anything, each `first..end`.
pub(super) fn paragraphs(ends: &[bool]) -> Vec<(usize, usize)> {
    let mut paragraphs = Vec::new();
    let mut first = 0;
    for at in (0..ends.len()).filter(|&at| ends[at]).chain([ends.len()]) {
        if first < at {
            paragraphs.push((first, at));
        }
        first = at + 1;
    }
    paragraphs
}

/// A statement as first found, in tokens.
#[derive(Clone, Debug)]
struct Report {
    /// The reported stretches, in tokens, in order.
    spans: Vec<(usize, usize)>,
    cue: Option<(usize, usize)>,
    speaker: Option<Mention>,
    confidence: Confidence,
}

/// Who announced the words to come, and with which words.
type Announcement = (Option<(usize, usize)>, Option<Mention>);

struct Finder<'a> {
    reading: Reading<'a>,
    found: Vec<Report>,
    /// A reporting clause that ended in a colon and waits for its words.
    pending: Option<Announcement>,
    /// The last statement that a bare quotation may continue, and the paragraph count since.
    last: Option<usize>,
    /// The subject of the last sentence that reported nothing.
    subject: Option<Mention>,
}

impl Finder<'_> {
    fn paragraph(&mut self, phrases: &[Phrase], ends: &[usize]) {
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
        if let Some(joins) = joins {
            self.last = Some(joins);
        } else {
            self.last = None;
        }
    }

    /// A paragraph that opens with its speaker.
    fn turn(&mut self, turn: &Turn) {
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
        let subject = subjects::subject(&self.reading, phrases, start, verb)?;
        let head = phrases[subject.noun].head;
        let personal = matches!(self.reading.token(head).to_ascii_lowercase().as_str(), "he" | "she");
        (personal || self.reading.tokens[head].is_capitalised())
            .then(|| self.subject_mention(phrases, &subject))
    }

    /// A sentence that is all quotation: it goes on with the statement before it, or belongs to the speaker announced.
    fn bare_quotation(
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

    fn is_quoted(&self, report: &Report) -> bool {
        report.spans.iter().any(|&(first, _)| self.quotation_at(first).is_some())
    }

    fn quotation_at(&self, token: usize) -> Option<&Quotation> {
        let after = self.reading.quotations.partition_point(|q| q.open <= token);
        self.reading.quotations[..after].last().filter(|q| token < q.end)
    }

    /// The quoted words of a quotation phrase, marks included.
    fn quoted(&self, phrase: &Phrase) -> Option<(usize, usize)> {
        match phrase.kind {
            Kind::Quote(_) => Some((phrase.first, phrase.end)),
            _ => None,
        }
    }

    fn sentence(&mut self, phrases: &[Phrase], start: usize, end: usize) {
        let mut taken = vec![false; end - start]; // phrases already part of some content
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
    }

    /// Whether any verb at all reports here: `“…?” Smith wondered.`, `“…!” beamed Smith.`
    fn closes_quotation(&self, phrases: &[Phrase], start: usize, end: usize, verb: usize) -> bool {
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
    fn announced(&mut self, phrases: &[Phrase], start: usize, end: usize, taken: &mut [bool]) {
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
        let subject = subjects::subject(&self.reading, phrases, start, verb);
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
    fn named_quotation(&mut self, phrases: &[Phrase], start: usize, end: usize, taken: &mut [bool]) {
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

    /// `according to S`, before, after or inside what is reported.
    fn according(&mut self, phrases: &[Phrase], start: usize, end: usize, at: usize, taken: &mut [bool]) {
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
            let right_end = contents::trim_stop(&self.reading, phrases, comma + 1, end);
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
            let right_end = contents::trim_stop(&self.reading, phrases, to, end);
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
    fn noun_report(&mut self, phrases: &[Phrase], start: usize, end: usize, that: usize, taken: &mut [bool]) {
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

    /// Whether the last report's cue stands among the phrases: `“…,” Reed said, according to Lee` reports a report.
    fn reports_within(&self, phrases: &[Phrase]) -> bool {
        let cue = self.found.last().and_then(|report| report.cue);
        cue.zip(phrases.first().zip(phrases.last()))
            .is_some_and(|(cue, (first, last))| first.first <= cue.0 && cue.1 <= last.end)
    }

    fn mention(&self, phrases: &[Phrase], from: usize, to: usize) -> Mention {
        let mut first = phrases[from].first;
        let end = phrases[to - 1].end;
        while first + 1 < end && self.reading.tokens[first].kind == TokenKind::Mark {
            first += 1;
        }
        Mention { first, end, until: end, head: phrases[from].head.max(first), antecedent: None }
    }

    fn subject_mention(&self, phrases: &[Phrase], subject: &Subject) -> Mention {
        let antecedent = subject.antecedent.map(|i| (phrases[i].first, phrases[i].end, phrases[i].head));
        let until = phrases[subject.until.max(subject.to) - 1].end;
        Mention { antecedent, until, ..self.mention(phrases, subject.from, subject.to) }
    }

    /// The statement that the reporting verb at `verb` introduces or closes.
    fn report(&mut self, phrases: &[Phrase], start: usize, end: usize, verb: usize, taken: &mut [bool]) {
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
                    contents::content_before(&reading, phrases, start, verb)
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
                        matches!(p.kind, Kind::Comma | Kind::Other | Kind::Dash | Kind::Colon | Kind::Open)
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
            None => subjects::subject(&reading, phrases, start, verb),
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
        let opener = (clause > start).then(|| &phrases[clause - 1]).filter(|p| p.kind == Kind::Subordinator);
        let relative = clause < verb && matches!(phrases[clause].kind, Kind::Relative | Kind::That);
        let leading = (group.verb.gerund || group.verb.infinitive) && subject.is_some_and(|s| s.from > verb);
        let mut parts: Vec<(usize, usize)> = Vec::new(); // in phrases
        let left = if plain && !relative {
            quote_before(clause)
                .filter(|&q| !taken[q - start])
                .map(|q| contents::Left {
                    from: self.left_start(phrases, start, q, taken),
                    to: q + 1,
                    clause: true,
                })
                .or_else(|| contents::content_before(&reading, phrases, start, clause))
                .filter(|l| {
                    let closes =
                        phrases.get(verb + 1).is_none_or(|p| verb + 1 >= end || p.kind == Kind::Other);
                    !taken[l.from - start..l.to - start].iter().any(|&t| t)
                        || closes && self.reports_within(&phrases[l.from..l.to])
                })
        } else {
            None
        };
        let left_quoted = left.is_some_and(|l| matches!(phrases[l.to - 1].kind, Kind::Quote(_)));
        let after = inverted.map_or(verb + 1, |s| s.to);
        let as_opener = opener.is_some_and(|p| matches!(reading.token(p.first), "As" | "as"));
        if let Some(left) = left.filter(|_| left_quoted || inverted.is_some()) {
            parts.push((left.from, left.to));
            if let Some(quote) = contents::quotation_resumed(&reading, phrases, after, end) {
                parts.push((quote, quote + 1));
            }
        } else {
            let subordinate = (opener.is_some() && !as_opener) || relative || leading;
            let right = match inverted {
                Some(s) if s.to + 1 < end => Content::Right {
                    from: s.to + 1,
                    to: contents::trim_stop(&reading, phrases, s.to + 1, end),
                },
                Some(_) => Content::Next,
                None => contents::content(&reading, phrases, verb, end, subordinate),
            };
            match (right, left) {
                (Content::Nothing, Some(left)) if as_opener && left.clause => {
                    parts.push((left.from, left.to))
                }
                (Content::Nothing, _) if as_opener => {
                    parts.extend(contents::content_after_comma(&reading, phrases, verb, end))
                }
                (Content::Right { from, to }, _) => {
                    let quotes_only = word.frames & !(frame::QUOTE | frame::MATTER) == 0;
                    let explicit = matches!(phrases[from].kind, Kind::Quote(_) | Kind::That | Kind::Question)
                        || phrases[from - 1].kind == Kind::Colon;
                    if quotes_only && !explicit && !word.reports(frame::MATTER) {
                        return;
                    }
                    parts.push((from, to));
                }
                (Content::Next, _) => {
                    self.pending = Some((cue, mention));
                    return;
                }
                (Content::Nothing, Some(left)) => {
                    let resumed = contents::content_resumed(&reading, phrases, verb + 1, end);
                    if !left.clause && resumed.is_none() || word.reports(frame::ACT) {
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

    fn statement(&self, report: &Report, speakers: &mut Speakers) -> Statement {
        let tokens = self.reading.tokens;
        let span = |&(first, end): &(usize, usize)| tokens::span(tokens, first, end);
        let (speaker, confidence) = match &report.speaker {
            Some(mention) => {
                let (speaker, sure) = speakers.speaker(mention);
                (Some(speaker), report.confidence.min(sure))
            }
            None => (None, Confidence::Low),
        };
        Statement {
            quote: self.quote(report),
            spans: report.spans.iter().map(span).collect(),
            cue: report.cue.as_ref().map(span),
            speaker,
            confidence,
            countries: Vec::new(),
            said_on: None,
            said_on_stated: false,
        }
    }

    /// How much of the report stands in quotation marks.
    fn quote(&self, report: &Report) -> Quote {
        let mut quoted = 0;
        let mut total = 0;
        for &(first, end) in &report.spans {
            for at in first..end {
                let token = &self.reading.tokens[at];
                if matches!(token.kind, TokenKind::Mark | TokenKind::Line | TokenKind::Break) {
                    continue;
                }
                let length = token.end - token.start;
                total += length;
                if self.quotation_at(at).is_some() {
                    quoted += length;
                }
            }
        }
        if quoted == 0 {
            Quote::Indirect
        } else if quoted * 10 >= total * 9 {
            Quote::Direct
        } else {
            Quote::Mixed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::statements;
    use crate::article::{Article, Span};
    use crate::extract::{sentences::sentences, tokens::tokens};
    use crate::findings::{Country, Place, Statement};

    fn found(text: &str) -> (Article, Vec<Statement>) {
        let article = Article { text: text.to_owned(), ..Article::default() };
        let tokens = tokens(text);
        let sentences = sentences(text, &tokens);
        let mut places: Vec<Place> = ["Norway", "Norwegian"]
            .iter()
            .flat_map(|word| text.match_indices(word))
            .filter_map(|(at, word)| {
                Some(Place { span: Span::new(at, at + word.len()), country: Country::new("NO")? })
            })
            .collect();
        places.sort_by_key(|place| place.span);
        places.dedup_by_key(|place| place.span.start);
        let found = statements(&article, &tokens, &sentences, &places);
        (article, found)
    }

    /// Each statement as `quote | cue | speaker | words`, the speaker by full name or else by mention.
    fn check(text: &str, expected: &[&str]) {
        let (article, found) = found(text);
        let rows: Vec<String> = found
            .iter()
            .map(|statement| {
                let cue = statement.cue.map_or("-", |cue| cue.of(&article.text));
                let speaker = statement
                    .speaker
                    .as_ref()
                    .map_or("-", |speaker| speaker.name.as_deref().unwrap_or(speaker.span.of(&article.text)));
                format!("{} | {cue} | {speaker} | {}", statement.quote.name(), statement.words(&article.text))
            })
            .collect();
        assert_eq!(rows, expected, "in {text:?}");
    }

    #[test]
    fn direct_speech_around_its_reporting_clause() {
        check(
            "“We will go,” said Ann Lee, the mayor. “Soon.”",
            &["direct | said | Ann Lee | “We will go,” … “Soon.”"],
        );
        check("“Is it late?” Ann Lee wondered.", &["direct | wondered | Ann Lee | “Is it late?”"]);
        check("Ann Lee told reporters: ''It is late.''", &["direct | told | Ann Lee | ''It is late.''"]);
        check(
            "“It is late,” Lee, a mayor from Dull, told the Courier.",
            &["direct | told | Lee | “It is late,”"],
        );
        check(
            "“It is late and dark here.” ― Ann Lee",
            &["direct | ― | Ann Lee | “It is late and dark here.”"],
        );
        check("He saw “The Night Boat” and the “great” wall.", &[]);
    }

    #[test]
    fn indirect_speech_and_its_bounds() {
        check("Ann Lee said on Monday that it was late.", &["indirect | said | Ann Lee | that it was late"]);
        check("The boat, she said, was late.", &["indirect | said | she | The boat … was late"]);
        check(
            "The boat was late, according to Ann Lee.",
            &["indirect | according to | Ann Lee | The boat was late"],
        );
        check("As Lee noted, the boat was late.", &["indirect | noted | Lee | the boat was late"]);
        check("While Lee said it was late, the boat sailed.", &["indirect | said | Lee | it was late"]);
        check(
            "Ann Lee said it was late, adding that the boat had gone.",
            &[
                "indirect | said | Ann Lee | it was late",
                "indirect | adding | Ann Lee | that the boat had gone",
            ],
        );
        check(
            "Lee called it late and said “we” must go.",
            &["indirect | called | Lee | it late", "mixed | said | Lee | “we” must go"],
        );
    }

    #[test]
    fn reports_of_reports_and_nouns_that_report() {
        check(
            "“It is late,” Tom Reed said, according to Ann Lee.",
            &[
                "direct | said | Tom Reed | “It is late,”",
                "mixed | according to | Ann Lee | “It is late,” Tom Reed said",
            ],
        );
        check(
            "She knew of Ann Lee's claim that it was late.",
            &["indirect | claim | Ann Lee | that it was late"],
        );
        check(
            "Nobody believed the warning that it was late.",
            &["indirect | warning | - | that it was late"],
        );
        check("He made a claim that shocked them.", &[]);
        check("As the Courier put it, “It is late.”", &["direct | put | Courier | “It is late.”"]);
        check("“It is late,” Ann Lee went on.", &["direct | went | Ann Lee | “It is late,”"]);
    }

    #[test]
    fn speakers_behind_descriptions() {
        check(
            "Boreal Motors Corp. was sold on Monday. The company said it was late.",
            &["indirect | said | Boreal Motors | it was late"],
        );
        check(
            "Ann Lee, 54, was waiting with Tom Reed, 61. The 61-year-old said it was late.",
            &["indirect | said | Tom Reed | it was late"],
        );
        check("OSLO (Courier) - Ann Lee said it was late.", &["indirect | said | Ann Lee | it was late"]);
        check("The boat left. (Additional reporting by Ann Lee)", &[]);
        check(
            "Bank of Dullshire Governor Ann Lee said it was late.",
            &["indirect | said | Ann Lee | it was late"],
        );
        check(
            "Sources close to the mayor said it was late.",
            &["indirect | said | Sources close to the mayor | it was late"],
        );
    }

    #[test]
    fn text_in_another_language_gives_nothing() {
        check(
            "Le ministre des Finances a déclaré mardi que le budget serait présenté en automne après une longue séance \
             avec les députés. « Nous sommes prêts », a-t-il dit devant la presse réunie, selon plusieurs témoins.",
            &[],
        );
    }

    /// A story in the manner of a summit report: every statement with its speaker, kind, role and country.
    #[test]
    fn a_whole_story() {
        let text = "Northland leader Kang Dae-ho boarded a ferry on Friday, palace sources confirmed to The Harbor Courier.\n\n\
            The ferry was moving toward the strait, according to coast guard officials who asked not to be named.\n\n\
            Given that Citadel spokesperson Anton Belov on Friday dismissed the plan to meet, the two may talk elsewhere.\n\n\
            Norway's Defense Minister Lars Holm acknowledged the arms shipments between the two states during a hearing.\n\n\
            \"If we learn that submarines were part of the bargain, we will raise the matter with our partners.\"\n\n\
            Norway's Fisheries Ministry on Friday said, \"The government is worried about the catch.\"\n\n\
            \"We stress that no deal may harm the fleet,\" ministry spokesperson Kari Lund told a weekly briefing.\n\n\
            Norwegian Vice President Nora Blake emphasized in an interview with Radio Nine, which aired on Sunday, that \
            the meeting shows Northland's \"weakness\" and \"poor judgment\" in a hard year.\n\n\
            Blake also reiterated the cabinet's plain and often repeated warning to Northland.\n\n\
            \"It would be a grave error. They know where this leads,\" Blake said when asked about the visit.\n\n\
            \"I am also certain that it will leave both of them alone.\"";
        let (_, found) = found(text);
        let rows: Vec<String> = found
            .iter()
            .filter_map(|statement| {
                let speaker = statement.speaker.as_ref()?;
                Some(format!(
                    "{} {} {} / {} / {}",
                    statement.quote.name(),
                    speaker.kind.name(),
                    speaker.name.as_deref().unwrap_or("-"),
                    speaker.role.as_deref().unwrap_or("-"),
                    speaker.country.as_ref().map_or("-", |country| country.code()),
                ))
            })
            .collect();
        let blake = "person Nora Blake / Vice President / NO";
        assert_eq!(
            rows,
            [
                "indirect unnamed palace sources / - / -",
                "indirect unnamed coast guard officials / - / -",
                "indirect person Anton Belov / spokesperson / -",
                "indirect person Lars Holm / Defense Minister / NO",
                "direct person Lars Holm / Defense Minister / NO",
                "direct organisation Fisheries Ministry / - / NO",
                "direct person Kari Lund / spokesperson / NO",
                &format!("mixed {blake}"),
                &format!("indirect {blake}"),
                &format!("direct {blake}"),
                &format!("direct {blake}"),
            ]
        );
    }

    #[test]
    fn a_shared_surname_is_not_settled_in_silence() {
        let (_, found) = found("Ann Lee met Tom Lee at the pier. Lee said it was late.");
        let statement = found.last().expect("the second sentence reports");
        assert_eq!(statement.confidence, crate::findings::Confidence::Low);
        assert_eq!(statement.speaker.as_ref().and_then(|s| s.name.as_deref()), Some("Lee"));
    }

    #[test]
    fn hostile_text_is_read_without_panic() {
        for text in [
            "",
            "\"",
            "“",
            "’’’",
            "said",
            "said.",
            "said,",
            ": “”",
            "“a” —",
            "according to",
            "Mr.",
            "A.",
            "-",
            "who said",
            "“\n\n“\n\n”",
            "X: “",
            "'a'",
            "— A",
            "said: \"",
            "B. said C.’s",
            "“…” É said ‘",
            "the, said",
            "(said",
            ") said (",
        ] {
            found(text);
            found(&text.repeat(50));
        }
    }
}
