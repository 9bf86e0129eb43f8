//! People and bodies of one article: every full name in it, and which of them a later mention stands for.

use super::keys::Table;
use super::names::{self, Run, word};
use super::phrases::Reading;
use super::sentences::Sentence;
use super::setting::Setting;

/// The gender the text or the given name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Male,
    Female,
}

/// A person or body with a name.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// The fullest form the article gives, titles left out.
    pub name: String,
    given: String,
    pub gender: Option<Gender>,
    /// `false` for what the name shows to be an organisation.
    pub person: bool,
    /// Something beyond capitals shows it is a person: a title, a known given name.
    pub surely_person: bool,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub country: Option<crate::findings::Country>,
    /// How often the full name stands in the text.
    full_mentions: usize,
    /// Where the text first names it.
    pub introduced: Option<usize>,
    /// In years.
    pub age: Option<u16>,
}

/// One naming in the text: which figure, where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    pub token: usize,
    pub figure: usize,
}

/// All figures of an article.
#[derive(Debug, Default)]
pub(super) struct People {
    pub figures: Vec<Figure>,
    /// In text order.
    pub namings: Vec<Naming>,
    by_surname: Table<String, Vec<usize>>,
    /// By the names between given name and surname: `Cabral` for `Gustavo Cabral de Miranda`.
    by_middle: Table<String, Vec<usize>>,
    /// The names of the runs, in step with them; `None` where a title stands alone.
    spellings: Vec<Option<Spelling>>,
}

/// A name as it stands in the text, taken apart.
#[derive(Debug)]
struct Spelling {
    whole: String,
    /// Given name and surname, of two words and more.
    parted: Option<(String, String)>,
    /// What it is looked up by, in small letters: the surname, or else all of it.
    folded: String,
}

impl Spelling {
    /// The name in the run that begins at `start`, if there is one.
    fn of(reading: &Reading, run: &Run, start: usize) -> Option<Spelling> {
        if start >= run.end {
            return None;
        }
        let whole = name_of(reading, start, run.end);
        let parted = (run_words(reading, run) > 1).then(|| parts(&whole)).flatten();
        let folded = parted.as_ref().map_or(&whole, |(_, surname)| surname).to_lowercase();
        Some(Spelling { whole, parted, folded })
    }
}

/// How many people of one surname are told apart; more stand in no news story, only in hostile text.
const NAMESAKES: usize = 32;

/// How a naming was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// One figure, with good evidence.
    Sure(usize),
    /// The best of several.
    Likely(usize),
    Unknown,
}

impl People {
    /// Reads all names of the text, and the full names of the title and captions.
    pub(super) fn read(setting: &Setting, elsewhere: &[String]) -> People {
        let mut people = People::default();
        let (reading, runs) = (&setting.reading, setting.runs);
        let spellings: Vec<Option<Spelling>> =
            runs.iter().map(|run| Spelling::of(reading, run, run.name)).collect();
        for (run, spelling) in runs.iter().zip(&spellings) {
            if let Some(Spelling { whole, parted: Some((given, surname)), folded }) = spelling {
                people.add(whole, given, surname, folded, run.title, 1);
            }
        }
        for name in elsewhere {
            if let Some((given, surname)) = parts(name) {
                people.add(name, &given, &surname, &surname.to_lowercase(), 0, 0);
            }
        }
        people.spellings = spellings;
        for (number, run) in runs.iter().enumerate() {
            if let Resolved::Sure(figure) | Resolved::Likely(figure) = people.named(number, run) {
                people.namings.push(Naming { token: run.name, figure });
                let gender = gender_of_title(run.title);
                let figure = &mut people.figures[figure];
                figure.gender = figure.gender.or(gender);
                figure.introduced = figure.introduced.or(Some(run.name));
            }
        }
        people
    }

    /// Makes a figure of a full name, or knows it again; `folded` is its surname in small letters.
    fn add(&mut self, name: &str, given: &str, surname: &str, folded: &str, title: u32, mentions: usize) {
        let kinds = names::kinds(given);
        let body = name.split([' ', '-']).filter(|part| names::kinds(part) & word::BODY != 0).count() > 0
            && kinds & word::GIVEN == 0
            && title == 0;
        let gender = gender_of_title(title).or(match kinds & (word::MALE | word::FEMALE) {
            word::MALE => Some(Gender::Male),
            word::FEMALE => Some(Gender::Female),
            _ => None,
        });
        let surely = title != 0 || kinds & word::GIVEN != 0;
        let same = self.by_surname.get(folded).and_then(|list| {
            list.iter().copied().find(|&i| {
                let figure = &self.figures[i];
                names::given_names_agree(&figure.given, given)
                    && !(figure.gender.is_some() && gender.is_some() && figure.gender != gender)
            })
        });
        if let Some(i) = same {
            let figure = &mut self.figures[i];
            figure.full_mentions += mentions;
            figure.gender = figure.gender.or(gender);
            figure.surely_person |= surely;
            // The fuller given name wins over an initial or short form: `R. Smith` becomes `Ruth Smith`.
            if figure.given.chars().count() == 1 && given.chars().count() > 1 {
                figure.name = name.to_owned();
                figure.given = given.to_owned();
            }
            return;
        }
        let index = self.figures.len();
        let namesakes = self.by_surname.entry(folded.to_owned()).or_default();
        if namesakes.len() >= NAMESAKES {
            return;
        }
        namesakes.push(index);
        for middle in name.split(' ').skip(1).filter(|part| part.chars().count() > 3 && *part != surname) {
            let namesakes = self.by_middle.entry(middle.to_lowercase()).or_default();
            if namesakes.len() < NAMESAKES {
                namesakes.push(index);
            }
        }
        self.figures.push(Figure {
            name: name.to_owned(),
            given: given.to_owned(),
            gender,
            person: !body,
            surely_person: surely && !body,
            role: None,
            organisation: None,
            country: None,
            full_mentions: mentions,
            introduced: None,
            age: None,
        });
    }

    /// The figure that the run of that number names, by full name or by surname where only one bears it.
    pub(super) fn named(&self, number: usize, run: &Run) -> Resolved {
        self.spellings[number].as_ref().map_or(Resolved::Unknown, |name| self.bearer(name, run.title, None))
    }

    /// The figure a run names. `at` is where it stands, for choosing between people who share a surname.
    pub(super) fn resolve(&self, reading: &Reading, run: &Run, at: usize) -> Resolved {
        // `King said` of Ann King: a surname that is a title too.
        let start = if run.name < run.end { run.name } else { run.end - 1 };
        let spelling = Spelling::of(reading, run, start);
        spelling.map_or(Resolved::Unknown, |name| self.bearer(&name, run.title, Some(at)))
    }

    fn bearer(&self, name: &Spelling, title: u32, at: Option<usize>) -> Resolved {
        let namesakes = self.by_surname.get(&name.folded);
        if let Some((given, _)) = &name.parted {
            let found = namesakes.and_then(|list| {
                list.iter().copied().find(|&i| names::given_names_agree(&self.figures[i].given, given))
            });
            return found.map_or(Resolved::Unknown, Resolved::Sure);
        }
        let Some(list) = namesakes.or_else(|| self.by_middle.get(&name.folded)) else {
            return Resolved::Unknown;
        };
        let gender = gender_of_title(title);
        let fits: Vec<usize> = list
            .iter()
            .copied()
            .filter(|&i| {
                let figure = &self.figures[i];
                figure.person && !(gender.is_some() && figure.gender.is_some() && figure.gender != gender)
            })
            .collect();
        match fits[..] {
            [] => Resolved::Unknown,
            [one] => Resolved::Sure(one),
            _ => self.choose(&fits, gender, at),
        }
    }

    /// One of several people who share a surname, if the text gives a reason: introduced before, with the gender of
    /// the title, named in full far more often than the others.
    fn choose(&self, fits: &[usize], gender: Option<Gender>, at: Option<usize>) -> Resolved {
        let introduced =
            |i: usize| at.is_none_or(|at| self.figures[i].introduced.is_some_and(|first| first < at));
        let known: Vec<usize> = fits.iter().copied().filter(|&i| introduced(i)).collect();
        if let [one] = known[..] {
            return Resolved::Sure(one);
        }
        let known = if known.is_empty() { fits.to_vec() } else { known };
        if let Some(gender) = gender {
            let mut same = known.iter().copied().filter(|&i| self.figures[i].gender == Some(gender));
            if let (Some(one), None) = (same.next(), same.next()) {
                return Resolved::Likely(one);
            }
        }
        let mut ranked = known.clone();
        ranked.sort_by_key(|&i| (std::cmp::Reverse(self.figures[i].full_mentions), i));
        match ranked[..] {
            [best, second, ..] if self.figures[best].full_mentions > self.figures[second].full_mentions => {
                Resolved::Likely(best)
            }
            _ => Resolved::Unknown,
        }
    }

    /// Whether several people bear the surname.
    pub(super) fn shared(&self, surname: &str) -> bool {
        let namesakes = self.by_surname.get(&surname.to_lowercase());
        namesakes.is_some_and(|list| list.iter().filter(|&&i| self.figures[i].person).count() > 1)
    }

    /// The person a pronoun at `token` stands for: the nearest that fits, with a bonus for subjects and for the last
    /// speaker.
    pub(super) fn pronoun(
        &self,
        token: usize,
        gender: Gender,
        last_speaker: Option<(usize, usize)>,
        sentences: &[Sentence],
    ) -> Resolved {
        const REACH: usize = 40;
        let sentence_of = |token: usize| sentences.partition_point(|s| s.first <= token).saturating_sub(1);
        let here = sentence_of(token);
        let after = self.namings.partition_point(|n| n.token < token);
        let mut scores: Vec<(i32, usize)> = Vec::new();
        let mut add = |figure: usize, score: i32| match scores.iter_mut().find(|(_, f)| *f == figure) {
            Some((best, _)) => *best = (*best).max(score),
            None => scores.push((score, figure)),
        };
        let fits = |figure: &Figure| figure.person && figure.gender.is_none_or(|g| g == gender);
        for (k, naming) in self.namings[..after].iter().enumerate().rev().take(REACH) {
            let figure = &self.figures[naming.figure];
            if !fits(figure) {
                continue;
            }
            let there = sentence_of(naming.token);
            let distance = here.saturating_sub(there) as i32;
            if distance > 12 {
                break;
            }
            let opens = k == 0 || sentence_of(self.namings[k - 1].token) != there;
            let mut score = 20 - 3 * distance.min(6);
            score += if opens { 5 } else { 0 };
            score += if figure.gender == Some(gender) { 4 } else { 0 };
            score += if figure.surely_person { 3 } else { -4 };
            add(naming.figure, score);
        }
        if let Some((figure, spoke)) = last_speaker
            && fits(&self.figures[figure])
        {
            let distance = here.saturating_sub(sentence_of(spoke)) as i32;
            if distance <= 12 {
                let known = if self.figures[figure].gender == Some(gender) { 4 } else { 0 };
                add(figure, 32 - 3 * distance.min(6) + known);
            }
        }
        scores.sort_by_key(|&(score, figure)| (std::cmp::Reverse(score), figure));
        match scores[..] {
            [] => Resolved::Unknown,
            [(best, figure), (second, _), ..] if best - second < 4 => Resolved::Likely(figure),
            [(_, figure), ..] => Resolved::Sure(figure),
        }
    }
}

fn gender_of_title(title: u32) -> Option<Gender> {
    match (title & word::MISTER != 0, title & word::MISS != 0) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        _ => None,
    }
}

/// The number of words of the name in a run, hyphenated ones counted once.
fn run_words(reading: &Reading, run: &Run) -> usize {
    (run.name..run.end)
        .filter(|&at| reading.tokens[at].is_word() && (at == run.name || !reading.tokens[at].glued))
        .count()
}

/// The words of the tokens as they stand, white space folded.
pub(super) fn name_of(reading: &Reading, first: usize, end: usize) -> String {
    let (Some(from), Some(to)) = (reading.tokens.get(first), reading.tokens.get(end.wrapping_sub(1))) else {
        return String::new();
    };
    if first + 1 == end && from.is_word() {
        return from.of(reading.text).to_owned();
    }
    let text = &reading.text[from.start as usize..(to.end as usize).max(from.start as usize)];
    let mut before = 0;
    let odd = text.bytes().any(|byte| {
        let odd = !(b' '..128).contains(&byte) || byte == b'"' || byte == b' ' && before == b' ';
        before = byte;
        odd
    });
    if odd {
        // `Joe “Sloppy” Reed` is Joe Reed
        let nickname = |word: &&str| word.starts_with(['“', '"', '‘']) && word.ends_with(['”', '"', '’']);
        return text.split_whitespace().filter(|word| !nickname(word)).collect::<Vec<_>>().join(" ");
    }
    text.trim().to_owned()
}

/// Given name and surname. The family name comes first in `Kim Jong-un` and `Xi Jinping`.
fn parts(name: &str) -> Option<(String, String)> {
    let bare = name.trim_end_matches('.');
    let mut words: Vec<&str> = bare.split(' ').filter(|word| !word.is_empty()).collect();
    while words.len() > 2 && names::kinds(words[words.len() - 1].trim_matches(',')) & word::SUFFIX != 0 {
        words.pop();
    }
    let (&first, &last) = (words.first()?, words.last()?);
    if words.len() < 2 {
        return None;
    }
    let last = last.trim_matches(',');
    let first = first.trim_end_matches('.');
    let eastern = names::kinds(first) & word::EASTERN != 0
        && (words.len() == 3 && names::kinds(words[1]) & word::GIVEN == 0
            || last
                .split_once('-')
                .is_some_and(|(_, second)| second.chars().next().is_some_and(char::is_lowercase))
            || words.len() == 2
                && names::kinds(first) & (word::MALE | word::FEMALE) == 0
                && names::kinds(last) & word::GIVEN == 0
                && matches!(first, "Xi" | "Wang" | "Zhang" | "Li" | "Liu" | "Hu" | "Wen" | "Mao" | "Deng"));
    Some(if eastern { (words[1..].join(" "), first.to_owned()) } else { (first.to_owned(), last.to_owned()) })
}
