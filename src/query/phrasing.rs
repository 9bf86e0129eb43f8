//! The ways in which people ask what somebody said: who, and about what.

use super::intent::listed;
use super::sentence::Sentence;

const STATEMENT_WORDS: &str = include_str!("tables/statement_words.txt");

/// What a sentence asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The words that should name speakers.
    pub who: Vec<String>,
    /// What it was about.
    pub about: Vec<String>,
    /// Whether a word says outright that statements are wanted.
    pub sure: bool,
    /// Whether words of `who` that name nobody may be what it was about.
    pub mixed: bool,
}

/// The question in the words, if there is one.
pub(super) fn asked(sentence: &Sentence) -> Option<Asked> {
    let words: Vec<&str> = sentence.words.iter().map(String::as_str).collect();
    let narrowed = !sentence.filters.is_empty();
    let sure = |who: &[&str], about: &[&str]| {
        Some(Asked { who: owned(who), about: owned(about), sure: true, mixed: false })
    };
    let question: &[&str] = match words[..] {
        ["show" | "find" | "give", "me", ..] => &words[2..],
        ["show" | "find" | "list", ..] => &words[1..],
        _ => &words,
    };
    let question = match question {
        ["all" | "the" | "any" | "every", rest @ ..] => rest,
        ["when" | "where" | "why" | "how", "did" | "does" | "has" | "have" | "had" | "do", ..] => {
            &question[1..]
        }
        other => other,
    };
    match question {
        // `what was said about Iran`, `what has been said about Iran`
        ["what", "was" | "is" | "were" | "are" | "has" | "have" | "had", rest @ ..] if is_passive(rest) => {
            let said = rest.iter().position(|word| *word == "said")?;
            return sure(&[], topic(&rest[said + 1..])).filter(|asked| narrowed || !asked.about.is_empty());
        }
        ["what", "did" | "does" | "has" | "have" | "had" | "do", rest @ ..]
        | ["did" | "does" | "has" | "have" | "had" | "do", rest @ ..] => {
            let say =
                rest.iter().position(|word| matches!(*word, "say" | "said" | "tell" | "told" | "think"))?;
            return sure(&rest[..say], topic(&rest[say + 1..]));
        }
        ["what", rest @ ..] if rest.iter().any(|word| is_statement_word(word)) => {
            let say = rest.iter().position(|word| is_statement_word(word))?;
            return sure(&rest[..say], topic(&rest[say + 1..]));
        }
        ["who", "talked" | "talks" | "spoke" | "speaks" | "commented", about, rest @ ..]
        | ["most", "quoted", about, rest @ ..]
            if is_about(about) =>
        {
            return sure(&[], rest).filter(|asked| narrowed || !asked.about.is_empty());
        }
        ["who", "said" | "says" | "say", rest @ ..] => {
            let rest = match rest {
                ["what" | "anything" | "something" | "things", rest @ ..] => rest,
                rest => rest,
            };
            return sure(&[], topic(rest)).filter(|asked| narrowed || !asked.about.is_empty());
        }
        ["who", "is" | "was" | "are" | "were", "quoted", rest @ ..] => {
            let rest = match rest {
                ["most" | "more" | "often", rest @ ..] => rest,
                rest => rest,
            };
            return sure(&[], topic(rest)).filter(|asked| !asked.about.is_empty());
        }
        _ => {}
    }
    match question {
        // `statements by Harris about North Korea`
        [word, by, rest @ ..] if is_statement_word(word) && matches!(*by, "by" | "from" | "of" | "made") => {
            let rest = if *by == "made" && rest.first() == Some(&"by") { &rest[1..] } else { rest };
            let (who, about) = split(rest);
            return sure(who, about).filter(|asked| !asked.who.is_empty());
        }
        // `statements about Harris`
        [word @ ("statements" | "statement" | "quotes"), "about" | "on", rest @ ..] => {
            debug_assert!(is_statement_word(word));
            // `statements about tariffs by Harris`
            let by = rest.iter().position(|word| matches!(*word, "by" | "from")).filter(|&by| by > 0);
            let (about, who) = by.map_or((rest, &[][..]), |by| (&rest[..by], &rest[by + 1..]));
            return sure(who, topic(about)).filter(|asked| !asked.about.is_empty());
        }
        // `statements Harris`
        [word, rest @ ..] if is_statement_word(word) && !matches!(*word, "said" | "says") => {
            let (who, about) = split(rest);
            return sure(who, about).filter(|asked| !asked.who.is_empty());
        }
        _ => {}
    }
    // `Harris statements on North Korea`, `Kim Putin summit statements`
    if let Some(at) = question.iter().position(|word| is_statement_word(word)).filter(|&at| at > 0) {
        let after = &question[at + 1..];
        let by = after.first() == Some(&"by");
        let verb = matches!(question[at], "said" | "says");
        if after.is_empty() || is_about(after[0]) || verb {
            return Some(Asked {
                who: owned(&question[..at]),
                about: owned(topic(after)),
                sure: !verb || after.is_empty(),
                mixed: !verb,
            });
        }
        // `North Korea statements by Harris`
        if by {
            return Some(Asked {
                who: owned(&after[1..]),
                about: owned(&question[..at]),
                sure: true,
                mixed: false,
            });
        }
        return None;
    }
    // `Harris on North Korea`
    let at =
        question.iter().position(|word| is_about(word)).filter(|&at| at > 0 && at + 1 < question.len())?;
    Some(Asked { who: owned(&question[..at]), about: owned(&question[at + 1..]), sure: false, mixed: false })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn is_about(word: &str) -> bool {
    matches!(word, "about" | "on" | "regarding" | "concerning" | "over")
}

/// The words without the preposition they begin with.
fn topic<'w, 's>(words: &'s [&'w str]) -> &'s [&'w str] {
    match words {
        [first, rest @ ..] if is_about(first) || matches!(*first, "that" | "of") => rest,
        words => words,
    }
}

/// Who, and about what.
fn split<'w, 's>(words: &'s [&'w str]) -> (&'s [&'w str], &'s [&'w str]) {
    match words.iter().position(|word| is_about(word)) {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &[]),
    }
}

/// `said`, `been said`, `being said`.
fn is_passive(words: &[&str]) -> bool {
    matches!(words, ["said", ..] | ["been" | "being", "said", ..])
}

fn is_statement_word(word: &str) -> bool {
    listed(STATEMENT_WORDS, word)
}
