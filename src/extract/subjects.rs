//! Subjects: the phrase that names who speaks, found from the verb.

use super::names::word;
use super::phrases::{Kind, Phrase, Reading};
use super::tokens::TokenKind;
use super::words::{class, form, frame};

/// How far from a verb its subject may stand, in phrases; keeps a sentence of a megabyte linear.
const REACH: usize = 60;

/// Who is named as the subject of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The phrases `from..to` from the first word of the subject to the last before the verb, appositions included.
    pub from: usize,
    /// The first noun phrase, which holds the head.
    pub noun: usize,
    /// The last phrase of the subject proper, with `of` and `for` phrases but no apposition (exclusive).
    pub to: usize,
    /// Where a clause that narrows it ends (exclusive): `people familiar with the plan who met him`.
    pub until: usize,
    /// For `who said`: the noun phrase that `who` stands for.
    pub antecedent: Option<usize>,
    /// Taken over from another verb: `called it off and said`, `…, adding that`.
    pub shared: bool,
}

impl Subject {
    fn plain(from: usize, to: usize) -> Subject {
        Subject { from, noun: from, to, until: to, antecedent: None, shared: false }
    }
}

/// The subject of the verb group at `verb`, which lies in the sentence that begins at phrase `start`; the phrases end with it.
pub(super) fn subject(reading: &Reading, phrases: &[Phrase], start: usize, verb: usize) -> Option<Subject> {
    subject_within(reading, phrases, start, verb, 4)
}

/// As `subject`; `hops` bounds how many verbs it may be handed on from.
fn subject_within(
    reading: &Reading,
    phrases: &[Phrase],
    start: usize,
    verb: usize,
    hops: usize,
) -> Option<Subject> {
    let start = start.max(verb.saturating_sub(REACH));
    let mut at = skip_back(reading, phrases, start, verb);
    if phrases[verb].verb.gerund || phrases[verb].verb.infinitive {
        // A gerund right after a noun: `people saying`; else the main clause's subject.
        let noun_before = phrases[verb].verb.gerund
            && at > start
            && phrases[at - 1].kind == Kind::Noun
            && !is_document(reading.token(phrases[at - 1].head));
        // `led the chairman to say`: told or made to by somebody else.
        let other_before = phrases[verb].verb.infinitive
            && at > start + 1
            && phrases[at - 1].kind == Kind::Noun
            && (phrases[at - 2].kind == Kind::Verb && may_be_made_to(reading, &phrases[at - 1])
                || reading.word(phrases[at - 1].head).is(class::OBJ));
        // `it ended with Lee saying`
        let with = noun_before
            && at > start + 2
            && reading.token(phrases[at - 2].first) == "with"
            && phrases[at - 3].kind == Kind::Verb;
        if other_before || with {
            return Some(Subject::plain(at - 1, at));
        }
        let written = noun_before && {
            let subject = self::noun_before(reading, phrases, start, at);
            is_document(reading.token(phrases[subject.noun].head))
        };
        if !noun_before || written {
            return handed_on(reading, phrases, start, at, hops)
                .or_else(|| leading_subject(reading, phrases, verb));
        }
    }
    if at <= start {
        return None;
    }
    match phrases[at - 1].kind {
        Kind::Relative => relative(phrases, start, at - 1),
        Kind::That => relative(phrases, start, at - 1),
        Kind::Conjunction => handed_on(reading, phrases, start, at - 1, hops),
        Kind::Noun => Some(described(reading, phrases, start, noun_before(reading, phrases, start, at))),
        Kind::Verb => past_relative(phrases, start, at),
        Kind::Comma | Kind::Dash | Kind::Close => {
            if phrases[at - 1].kind == Kind::Close {
                let open = (start..at).rev().find(|&i| phrases[i].kind == Kind::Open)?;
                at = open;
                return if at > start && phrases[at - 1].kind == Kind::Noun {
                    Some(noun_before(reading, phrases, start, at))
                } else {
                    None
                };
            }
            past_apposition(reading, phrases, start, at - 1)
                .or_else(|| handed_on(reading, phrases, start, at - 1, hops))
        }
        Kind::Quote(_) if at - 1 > start && phrases[at - 2].kind == Kind::Noun => {
            // `the group “Friends” said`: not a quotation of its own.
            Some(noun_before(reading, phrases, start, at - 1))
        }
        _ => None,
    }
}

/// `led Lee to say`, `prompted many to suggest`: somebody, not something.
fn may_be_made_to(reading: &Reading, phrase: &Phrase) -> bool {
    names_person(reading, phrase) || reading.kinds(phrase.head) & (word::SOURCE | word::GROUP) != 0
}

/// `released a statement saying`: the one who released it says so.
fn is_document(word: &str) -> bool {
    matches!(
        word,
        "statement"
            | "email"
            | "e-mail"
            | "mail"
            | "letter"
            | "memo"
            | "tweet"
            | "tweets"
            | "post"
            | "message"
            | "note"
            | "release"
            | "speech"
            | "article"
            | "interview"
            | "ad"
            | "petition"
            | "sign"
            | "signs"
            | "banner"
            | "banners"
            | "conference"
            | "column"
            | "book"
            | "op-ed"
            | "response"
    )
}

/// What shows somebody who speaks: `footage of Lee saying`.
fn is_recording(word: &str) -> bool {
    matches!(
        word,
        "footage" | "video" | "videos" | "audio" | "clip" | "clips" | "recording" | "recordings" | "images"
    )
}

/// Leaves out adverbs, and `on Monday`, `in a statement` between commas or bare, before the phrase `at`.
fn skip_back(reading: &Reading, phrases: &[Phrase], start: usize, mut at: usize) -> usize {
    loop {
        if at > start && (phrases[at - 1].kind == Kind::Adverb || is_contraction(reading, &phrases[at - 1])) {
            at -= 1;
        } else if at > start + 1
            && phrases[at - 1].kind == Kind::Noun
            && is_time(reading, &phrases[at - 1])
            && at - 1 > start
        {
            // `Trump on Monday said`, `Trump Monday said`.
            let mut back = at - 1;
            if phrases[back - 1].kind == Kind::Preposition {
                back -= 1;
            }
            while back > start && phrases[back - 1].kind == Kind::Adverb {
                back -= 1;
            }
            if back > start
                && matches!(
                    phrases[back - 1].kind,
                    Kind::Noun | Kind::Close | Kind::Comma | Kind::Relative | Kind::Conjunction
                )
            {
                at = back;
            } else {
                return at;
            }
        } else if at > start + 1
            && phrases[at - 1].kind == Kind::Comma
            && phrases[at - 2].kind == Kind::Adverb
        {
            // `Trump, however, said`.
            let back = at - 2;
            if back > start && phrases[back - 1].kind == Kind::Comma {
                at = back - 1;
            } else {
                return at;
            }
        } else {
            return at;
        }
    }
}

/// The verb in `he's` and `they've`, apart from its participle.
pub(super) fn is_contraction(reading: &Reading, phrase: &Phrase) -> bool {
    phrase.kind == Kind::Verb
        && phrase.first == phrase.head
        && (reading.tokens[phrase.head].kind == TokenKind::Possessive
            || reading.word(phrase.head).is(class::CONTRACTED))
}

/// Whether the noun phrase names a time: `Monday`, `last week`.
pub(super) fn is_time(reading: &Reading, phrase: &Phrase) -> bool {
    let head = reading.token(phrase.head);
    let plural = head.strip_suffix('s').is_some_and(|singular| {
        matches!(singular, "week" | "month" | "year" | "day" | "hour" | "minute" | "Monday" | "Friday")
    });
    let year = || head.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    phrase.kind == Kind::Noun
        && (reading.word(phrase.head).is(class::TIME) || plural || head == "day" || year())
}

/// The subject that ends with the noun phrase before `at`: walks back over `of` phrases and reduced relative clauses.
fn noun_before(reading: &Reading, phrases: &[Phrase], start: usize, at: usize) -> Subject {
    let mut from = at - 1;
    let until = at;
    let mut to = at;
    let mut joined = None;
    loop {
        if from < start + 2 {
            break;
        }
        let before = &phrases[from - 1];
        let earlier = &phrases[from - 2];
        let third = from.checked_sub(3).filter(|&i| i >= start).map(|i| phrases[i].kind);
        match (earlier.kind, before.kind) {
            // `footage of Lee saying`
            (Kind::Noun, Kind::Preposition)
                if phrases.get(at).is_some_and(|verb| verb.verb.gerund)
                    && is_recording(reading.token(earlier.head)) =>
            {
                break;
            }
            (Kind::Noun, Kind::Preposition) if !is_time(reading, earlier) => from -= 2,
            // `officials in the city and at the port`
            (Kind::Conjunction, Kind::Preposition) if third == Some(Kind::Noun) => from -= 3,
            // `people supporting Trump`, `a statement posted on the site`, `Democrats trying to regain the Senate`
            (Kind::Noun, Kind::Verb)
                if reduces(reading, before)
                    && (joined.is_none() || before.verb.gerund)
                    && !pronoun(reading, earlier)
                    && !is_time(reading, earlier) =>
            {
                from -= 2;
                to = from + 1;
            }
            (Kind::Verb, Kind::Preposition | Kind::Verb)
                if third == Some(Kind::Noun)
                    && reduces(reading, earlier)
                    && (before.kind == Kind::Preposition || before.verb.infinitive)
                    && !pronoun(reading, &phrases[from - 3]) =>
            {
                from -= 3;
                to = from + 1;
            }
            (Kind::Relative, Kind::Verb) if third == Some(Kind::Noun) => {
                from -= 3;
                to = from + 1;
            }
            (Kind::Noun, Kind::Conjunction)
                if reading.token(before.first).eq_ignore_ascii_case("and")
                    && is_capitalised(reading, earlier.head)
                        == is_capitalised(reading, phrases[from].head)
                    && (!matches!(third, Some(Kind::Verb | Kind::Preposition))
                        || third == Some(Kind::Preposition) && is_capitalised(reading, earlier.head)) =>
            {
                joined = joined.or((third == Some(Kind::Preposition)).then_some(from));
                from -= 2;
            }
            _ => break,
        }
    }
    if let Some(joined) = joined
        && from > start
        && phrases[from - 1].kind == Kind::Verb
        && phrases[from - 1].verb.finite
    {
        // `lost a deal to Dull and Ann Lee said`: a clause of its own
        return Subject { to: at, until, ..Subject::plain(joined, at) };
    }
    // `an official who asked not to be named to discuss strategy said`
    let floor = start.max(from.saturating_sub(14));
    let bound = |kind| {
        matches!(
            kind,
            Kind::Comma
                | Kind::That
                | Kind::Conjunction
                | Kind::Quote(_)
                | Kind::Subordinator
                | Kind::Semicolon
                | Kind::Colon
                | Kind::Dash
        )
    };
    let relative = (floor..from)
        .rev()
        .take_while(|&i| !bound(phrases[i].kind))
        .find(|&i| phrases[i].kind == Kind::Relative);
    if let Some(relative) = relative
        && relative > start
        && phrases[relative - 1].kind == Kind::Noun
        && phrases[relative..from].iter().any(|p| p.kind == Kind::Verb && p.verb.finite)
    {
        let noun = relative - 1;
        return Subject { from: noun, noun, to: noun + 1, until, antecedent: None, shared: false };
    }
    Subject { from, noun: from, to, until, antecedent: None, shared: false }
}

/// The subject before a relative clause that ends in its verb: `those who know say`.
fn past_relative(phrases: &[Phrase], start: usize, at: usize) -> Option<Subject> {
    let relative = (start.max(at.saturating_sub(10))..at)
        .rev()
        .take_while(|&i| phrases[i].kind != Kind::Comma)
        .find(|&i| phrases[i].kind == Kind::Relative)?;
    let noun = relative.checked_sub(1).filter(|&i| i >= start && phrases[i].kind == Kind::Noun)?;
    Some(Subject { until: at, ..Subject::plain(noun, relative) })
}

/// The name that a description without a closing comma stands for (`Ann Lee, a lawyer for the city told us`), or what
/// `all` and `both` sum up (`Lee and Reed both said`).
fn described(reading: &Reading, phrases: &[Phrase], start: usize, subject: Subject) -> Subject {
    let described = &phrases[subject.noun];
    let sums = described.first + 1 == described.end
        && matches!(reading.token(described.first), "all" | "both" | "each");
    let article = matches!(reading.token(described.first), "a" | "an" | "the")
        && reading.tokens[described.head].kind == TokenKind::Lower;
    let comma = usize::from(article);
    let joint = subject.from >= start + 1 + comma
        && (sums || article && phrases[subject.from - 1].kind == Kind::Comma);
    if !joint {
        return subject;
    }
    let mut noun = subject.from - 1 - comma;
    if phrases[noun].kind == Kind::Close {
        let open = (start..noun).rev().take(6).find(|&i| phrases[i].kind == Kind::Open);
        noun = open.and_then(|open| open.checked_sub(1)).filter(|&i| i >= start).unwrap_or(noun);
    }
    let opens =
        noun == start || !matches!(phrases[noun - 1].kind, Kind::Preposition | Kind::Verb | Kind::Noun);
    if phrases[noun].kind != Kind::Noun || !names_person(reading, &phrases[noun]) || !opens {
        return subject;
    }
    if sums {
        return noun_before(reading, phrases, start, noun + 1);
    }
    Subject { from: noun, noun, to: noun + 1, ..subject }
}

/// Whether the word has a capital, or the first of those that hyphens tie to it: `Co-operation`.
fn is_capitalised(reading: &Reading, at: usize) -> bool {
    let mut first = at;
    while first > 1 && reading.glued(first) && reading.token(first - 1) == "-" && at - first < 8 {
        first -= 2;
    }
    reading.tokens[first].is_capitalised()
}

/// A name in capitals that is no time.
fn names_person(reading: &Reading, phrase: &Phrase) -> bool {
    reading.tokens[phrase.head].kind == TokenKind::Capital && !is_time(reading, phrase)
}

fn pronoun(reading: &Reading, phrase: &Phrase) -> bool {
    reading.word(phrase.head).is(class::SUBJ)
}

/// Whether the verb may stand in a reduced relative clause: `supporting`, `posted`; not a report that takes a clause.
fn reduces(reading: &Reading, phrase: &Phrase) -> bool {
    phrase.verb.gerund
        || !phrase.verb.finite && !phrase.verb.infinitive
        || phrase.verb.past
            && phrase.first == phrase.head
            && !reading.word(phrase.head).reports(frame::CLAUSE | frame::QUOTE)
            && reading.word(phrase.head).has(form::PARTICIPLE)
}

/// `who` at phrase `at`, with the noun phrase before it.
fn relative(phrases: &[Phrase], start: usize, at: usize) -> Option<Subject> {
    let antecedent = (start..at).rev().take(6).find(|&i| phrases[i].kind == Kind::Noun);
    if phrases[at].kind == Kind::That && antecedent != Some(at.wrapping_sub(1)) {
        return None;
    }
    Some(Subject { from: at, noun: at, to: at + 1, until: at + 1, antecedent, shared: false })
}

/// The subject before a comma that closes an apposition: `Smith, a senator from Ohio, said`.
fn past_apposition(reading: &Reading, phrases: &[Phrase], start: usize, comma: usize) -> Option<Subject> {
    // The segments between commas, from the verb back to the start; each is judged by how it begins.
    let mut candidate = None;
    let mut end = comma;
    loop {
        let from = (start..end)
            .rev()
            .find(|&i| match phrases[i].kind {
                Kind::Comma | Kind::Dash | Kind::Semicolon | Kind::Colon => true,
                // A quotation with a stop of its own, not a word or two in quotation marks.
                Kind::Quote(q) => {
                    let quotation = &reading.quotations[q];
                    quotation.last - quotation.first > 8
                        || matches!(reading.token(quotation.last - 1), "," | "." | "?" | "!" | "…")
                }
                _ => false,
            })
            .map_or(start, |i| i + 1);
        if from >= end {
            break;
        }
        let segment = &phrases[from..end];
        let mut lead = 0;
        while lead < segment.len()
            && matches!(
                segment[lead].kind,
                Kind::Adverb | Kind::Conjunction | Kind::That | Kind::Subordinator | Kind::Open
            )
            || lead + 1 < segment.len() && reading.token(segment[lead].first).eq_ignore_ascii_case("as")
        {
            lead += 1;
        }
        let opens_clause = lead > 0
            && segment[..lead]
                .iter()
                .any(|p| matches!(p.kind, Kind::Conjunction | Kind::That | Kind::Subordinator));
        let Some(first) = segment.get(lead) else { break };
        let has_clause = clause_verb(segment, lead).is_some();
        if segment[..lead].iter().any(|p| p.kind == Kind::Subordinator) && !has_clause && candidate.is_none()
        {
            // `Smith, after the vote, said`
            if from <= start || !matches!(phrases[from - 1].kind, Kind::Comma | Kind::Dash) {
                break;
            }
            end = from - 1;
            continue;
        }
        match first.kind {
            Kind::Noun if is_time(reading, first) => {
                if candidate.is_some() {
                    break;
                }
            }
            Kind::Noun if !has_clause => {
                let mut to = speaker_end(reading, phrases, from + lead, end);
                if to + 1 < end
                    && phrases[to].kind == Kind::Conjunction
                    && names_person(reading, &phrases[to + 1])
                {
                    // `Smith and Reed, the two mayors, said`
                    to = speaker_end(reading, phrases, to + 1, end);
                }
                candidate = Some(Subject::plain(from + lead, to));
            }
            Kind::Noun => {
                // A whole clause: if nothing better was found, its subject is shared.
                break;
            }
            // Part of what stands between the subject and its verb, or of an opening phrase.
            Kind::Relative | Kind::Preposition | Kind::Verb | Kind::Open | Kind::Question => {
                if candidate.is_some()
                    && !matches!(first.kind, Kind::Relative | Kind::Open)
                    && !follows_noun(phrases, from)
                {
                    break;
                }
            }
            _ => break,
        }
        if opens_clause || from <= start || !matches!(phrases[from - 1].kind, Kind::Comma | Kind::Dash) {
            break;
        }
        end = from - 1;
    }
    candidate
}

fn follows_noun(phrases: &[Phrase], segment: usize) -> bool {
    segment >= 2 && phrases[segment - 2].kind == Kind::Noun
}

/// The finite verb of a segment that is not inside a relative clause.
pub(super) fn clause_verb(segment: &[Phrase], lead: usize) -> Option<usize> {
    let mut relative = false;
    for (i, phrase) in segment.iter().enumerate().skip(lead) {
        match phrase.kind {
            Kind::Relative | Kind::That | Kind::Question => relative = true,
            Kind::Verb if phrase.verb.finite && !relative => return Some(i),
            Kind::Verb if phrase.verb.finite => relative = false,
            _ => {}
        }
    }
    None
}

/// Where the noun phrase begun at `from` ends with its `of` and `for` phrases.
pub(super) fn chain_end(phrases: &[Phrase], from: usize, limit: usize) -> usize {
    let mut to = from + 1;
    while to + 1 < limit && phrases[to].kind == Kind::Preposition && phrases[to + 1].kind == Kind::Noun {
        to += 2;
    }
    to
}

/// Where the speaker phrase begun at `from` ends: only `of`, `for`, `from`, `at` and `with` bind to a name, a few more
/// to a common noun (`officials in Ohio`), none of them before a time.
pub(super) fn speaker_end(reading: &Reading, phrases: &[Phrase], from: usize, limit: usize) -> usize {
    let mut to = from + 1;
    while to + 1 < limit
        && phrases[to].kind == Kind::Preposition
        && phrases[to + 1].kind == Kind::Noun
        && !is_time(reading, &phrases[to + 1])
    {
        let name = reading.tokens[phrases[from].head].is_capitalised();
        match reading.token(phrases[to].first) {
            "of" | "for" | "from" | "at" | "with" => to += 2,
            "in" | "on" | "to" | "by" | "inside" | "within" | "familiar" | "close" if !name => to += 2,
            _ => break,
        }
    }
    to
}

/// The subject of the nearest finite verb before `at`, for a verb that shares it.
fn handed_on(reading: &Reading, phrases: &[Phrase], start: usize, at: usize, hops: usize) -> Option<Subject> {
    if hops == 0 {
        return None;
    }
    let finite = |i: &usize| phrases[*i].kind == Kind::Verb && phrases[*i].verb.finite;
    let reports = |i: &usize| {
        let word = reading.word(phrases[*i].head);
        let verb = &phrases[*i].verb;
        finite(i) && word.frames != 0 && !word.reports(frame::ACT) && !verb.modal && !verb.passive
    };
    // `said that it was late and that she knew, and left`: past a comma or `and` the main clause goes on.
    let joint = phrases[at.saturating_sub(1)..phrases.len().min(at + 1)]
        .iter()
        .any(|p| matches!(p.kind, Kind::Comma | Kind::Dash | Kind::Conjunction));
    let main = |i: &usize| !joint || !is_subordinate(phrases, start, *i);
    let other = (start..at)
        .rev()
        .find(|i| reports(i) && main(i))
        .or_else(|| (start..at).rev().find(|i| finite(i) && main(i)))
        .or_else(|| (start..at).rev().find(finite))?;
    // After a quotation the subject may follow its verb: `“…,” said Smith, adding`.
    let subject = subject_within(reading, phrases, start, other, hops - 1)
        .or_else(|| inverted(reading, phrases, other, at))?;
    Some(Subject { shared: true, ..subject })
}

/// Whether the verb stands in a clause that `who`, `that` or `when` opens after the verb before it.
fn is_subordinate(phrases: &[Phrase], start: usize, verb: usize) -> bool {
    (start..verb)
        .rev()
        .take_while(|&i| !(phrases[i].kind == Kind::Verb && phrases[i].verb.finite))
        .any(|i| matches!(phrases[i].kind, Kind::Relative | Kind::That | Kind::Question | Kind::Subordinator))
}

/// The subject that follows its verb: `said Smith`.
pub(super) fn inverted(reading: &Reading, phrases: &[Phrase], verb: usize, limit: usize) -> Option<Subject> {
    let mut at = verb + 1;
    while at < limit && phrases[at].kind == Kind::Adverb {
        at += 1;
    }
    if at >= limit || phrases[at].kind != Kind::Noun || is_time(reading, &phrases[at]) {
        return None;
    }
    Some(Subject::plain(at, speaker_end(reading, phrases, at, limit)))
}

/// For a participle that opens its sentence (`Asked about it, Smith said`): the subject after the comma.
fn leading_subject(reading: &Reading, phrases: &[Phrase], verb: usize) -> Option<Subject> {
    let comma = (verb + 1..phrases.len().min(verb + REACH)).find(|&i| phrases[i].kind == Kind::Comma)?;
    let noun = comma + 1;
    (noun < phrases.len() && phrases[noun].kind == Kind::Noun && !is_time(reading, &phrases[noun])).then(
        || Subject {
            shared: true,
            ..Subject::plain(noun, speaker_end(reading, phrases, noun, phrases.len()))
        },
    )
}
