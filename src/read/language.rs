//! The language of a text that does not declare one, where it can be told; and codes out of declarations.

use super::beginning;
use crate::block::packed;
use std::collections::HashMap;
use std::sync::LazyLock;
use whichlang::Lang;

/// The small words of each language, packed in numbers and sorted.
static SMALL_WORDS: LazyLock<HashMap<&str, Vec<u128>>> = LazyLock::new(|| {
    include_str!("tables/function_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .map(|(language, words)| {
            let mut words: Vec<u128> = words.split(' ').filter_map(|word| packed(word.as_bytes())).collect();
            words.sort_unstable();
            (language, words)
        })
        .collect()
});

/// The beginning of a text says enough.
const SAMPLE: usize = 2_000;
/// Fewer letters leave it open.
const LEAST: usize = 40;
/// The least share of small words in a text of its language, in percent: half of what the tersest news has.
const SHARE: usize = 12;
/// The length of a glance, in bytes.
const GLANCE: usize = 600;
/// The share of small words, in percent, that leaves no doubt: English news has 25 to 40, and no neighbour's text
/// half as many English ones.
const SURE: usize = 22;

/// The ISO 639-1 code of the text's language; `None` where the text is short or in a language the detector does not know.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let sample = beginning(text, SAMPLE);
    if sample.chars().filter(|c| c.is_alphabetic()).take(LEAST).count() < LEAST {
        return None;
    }
    // Most news is English, and tells so at a glance or a second one; the detector takes ten times as long.
    if [beginning(text, GLANCE), sample].iter().any(|text| small_words(text, "en") >= SURE) {
        return Some("en");
    }
    let code = code(whichlang::detect_language(sample));
    let plausible = match code {
        // Letters that the neighbours in the same script have or lack.
        "ru" => sample.contains(['ы', 'э']) && !sample.contains(['і', 'ї', 'є', 'ў', 'ј']),
        "ar" => !sample.contains(['پ', 'چ', 'ژ', 'گ', 'ک', 'ٹ']),
        "hi" | "ja" | "ko" | "zh" => true,
        _ => small_words(sample, code) >= SHARE,
    };
    plausible.then_some(code)
}

/// How many of the text's words are small words of that language, in percent.
fn small_words(text: &str, code: &str) -> usize {
    let Some(known) = SMALL_WORDS.get(code) else { return 0 };
    let (mut words, mut small) = (0, 0);
    let mut lowered = String::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        let lower = if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            word
        } else {
            lowered.clear();
            lowered.extend(word.chars().flat_map(char::to_lowercase));
            &lowered
        };
        let is_known = packed(lower.as_bytes()).is_some_and(|word| known.binary_search(&word).is_ok());
        small += usize::from(is_known);
    }
    small * 100 / words.max(1)
}

fn code(language: Lang) -> &'static str {
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

/// The ISO 639-1 code in a declaration: `en-US`, `EN`, `eng`, `English`.
pub(super) fn declared(written: &str) -> Option<String> {
    const NAMES: [(&str, &str, &str); 24] = [
        ("en", "eng", "english"),
        ("fr", "fra", "french"),
        ("de", "deu", "german"),
        ("es", "spa", "spanish"),
        ("it", "ita", "italian"),
        ("pt", "por", "portuguese"),
        ("nl", "nld", "dutch"),
        ("sv", "swe", "swedish"),
        ("tr", "tur", "turkish"),
        ("vi", "vie", "vietnamese"),
        ("ru", "rus", "russian"),
        ("uk", "ukr", "ukrainian"),
        ("pl", "pol", "polish"),
        ("ar", "ara", "arabic"),
        ("fa", "fas", "persian"),
        ("he", "heb", "hebrew"),
        ("hi", "hin", "hindi"),
        ("zh", "zho", "chinese"),
        ("ja", "jpn", "japanese"),
        ("ko", "kor", "korean"),
        ("el", "ell", "greek"),
        ("cs", "ces", "czech"),
        ("hu", "hun", "hungarian"),
        ("id", "ind", "indonesian"),
    ];
    let first = written.trim().split(['-', '_', ' ', ',']).next()?.to_lowercase();
    match first.len() {
        2 if first.bytes().all(|byte| byte.is_ascii_lowercase()) => Some(first),
        _ => {
            let row = NAMES.iter().find(|(_, three, name)| first == *three || first == *name)?;
            Some(row.0.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{declared, language};

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(language(text), expected, "{text}");
    }

    #[test]
    fn told_by_its_words() {
        check("The harbour was closed on Monday, and the mayor said that it would open again.", Some("en"));
        check("Le port a été fermé lundi et le maire a dit que les bateaux devront attendre.", Some("fr"));
        check(
            "Der Hafen war am Montag geschlossen, und der Bürgermeister hat sich nicht geäußert.",
            Some("de"),
        );
        check(
            "El puerto se cerró el lunes y el alcalde dijo que los barcos tendrán que esperar.",
            Some("es"),
        );
        check("Порт закрыли в понедельник, и мэр сказал, что корабли должны ждать три дня.", Some("ru"));
        check("Порт закрили в понеділок, і мер сказав, що кораблі повинні чекати ще три дні.", None);
        check(
            "港は月曜日に閉鎖され、市長は船が三日間待たなければならないと述べた。港の職員は火曜日に会合を開く予定だ。",
            Some("ja"),
        );
        check("Port zamknięto w poniedziałek, a burmistrz powiedział, że statki muszą poczekać.", None);
        check("Port closed", None);
        check("", None);
    }

    #[test]
    fn told_by_a_declaration() {
        for (written, expected) in
            [("en-US", "en"), ("EN", "en"), ("eng", "en"), ("English", "en"), ("zh_CN", "zh"), ("xyz", "")]
        {
            assert_eq!(declared(written).as_deref().unwrap_or(""), expected, "{written}");
        }
    }
}
