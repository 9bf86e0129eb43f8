//! Which countries a story is about, from where and how often it names them.

use super::places::Geography;
use crate::article::Article;
use crate::findings::{Country, CountryCount};
use std::collections::BTreeMap;

/// The countries of a story as a whole.
pub struct About {
    /// Best first.
    pub countries: Vec<CountryCount>,
    pub dateline: Option<Country>,
    pub source: Option<Country>,
}

/// What the story shows of one country.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    mentions: usize,
    title: usize,
    /// Named in the first two hundred letters.
    lead: bool,
    /// In how many of the four quarters of the text it is named.
    quarters: usize,
    dateline: bool,
    marks: usize,
    speakers: usize,
}

/// Weighs the story's places, headline, dateline, marks and speakers' countries.
pub fn about(article: &Article, geography: &Geography, speakers: &[Country]) -> About {
    let mut signs: BTreeMap<Country, Signs> = BTreeMap::new();
    let length = article.text.len().max(1);
    let mut quarters: BTreeMap<Country, u8> = BTreeMap::new();
    for place in &geography.places {
        let of = signs.entry(place.country).or_default();
        of.mentions += 1;
        of.lead |= place.span.start < 250;
        *quarters.entry(place.country).or_default() |= 1 << (place.span.start * 4 / length).min(3);
    }
    for (country, seen) in quarters {
        signs.entry(country).or_default().quarters = seen.count_ones() as usize;
    }
    for &country in &geography.title {
        signs.entry(country).or_default().title += 1;
    }
    for &country in speakers {
        signs.entry(country).or_default().speakers += 1;
    }
    for (&country, &weight) in &geography.marks {
        signs.entry(country).or_default().marks += weight;
    }
    if let Some(country) = geography.dateline {
        signs.entry(country).or_default().dateline = true;
    }
    let whole = signs.values().fold(Signs::default(), |sum, of| Signs {
        mentions: sum.mentions + of.mentions,
        marks: sum.marks + of.marks,
        ..sum
    });
    let mut scored: Vec<(Country, Signs, f32)> =
        signs.into_iter().map(|(country, of)| (country, of, score(of, whole))).collect();
    scored.sort_by(|a, b| b.2.total_cmp(&a.2).then(b.1.mentions.cmp(&a.1.mentions)).then(a.0.cmp(&b.0)));
    let countries = scored
        .iter()
        .enumerate()
        .map(|(rank, &(country, of, score))| CountryCount {
            country,
            mentions: of.mentions,
            about: score >= ABOUT || rank == 0 && score >= BEST,
        })
        .filter(|count| count.about || count.mentions > 0)
        .collect();
    About { countries, dateline: geography.dateline, source: None }
}

/// From this score on a story is about the country; the best one passes with less.
const ABOUT: f32 = 2.2;
const BEST: f32 = 0.2;

/// The weights are logistic regression's on the editors' own labels of wire stories, five-fold, rounded; a dateline is
/// held below its fitted weight (5.3), since correspondents also file from where they live.
fn score(of: Signs, whole: Signs) -> f32 {
    let flag = |set: bool| f32::from(u8::from(set));
    let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
    2.2 * flag(of.title > 0)
        + 0.6 * flag(of.lead)
        + 4.5 * flag(of.dateline)
        + 0.8 * flag(of.dateline && whole.mentions == 0)
        + 1.2 * (of.mentions as f32).ln_1p()
        + 1.2 * share(of.marks, whole.marks)
}
