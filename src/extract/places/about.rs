//! Which countries a story is about, from where and how often it names them.

use super::Geography;
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
    title: bool,
    /// Named in the lead.
    lead: bool,
    dateline: bool,
    marks: usize,
    speakers: usize,
    /// The outlet's own country.
    source: bool,
}

/// Weighs the story's places, headline, dateline, marks and speakers' countries.
pub fn about(geography: &Geography, speakers: &[Country]) -> About {
    let mut signs: BTreeMap<Country, Signs> = BTreeMap::new();
    for place in &geography.places {
        let of = signs.entry(place.country).or_default();
        of.mentions += 1;
        of.lead |= place.span.start < LEAD;
    }
    for &country in &geography.title {
        signs.entry(country).or_default().title = true;
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
    if let Some(of) = geography.source.and_then(|country| signs.get_mut(&country)) {
        of.source = true;
    }
    let whole = signs.values().fold(Signs::default(), |sum, of| Signs {
        mentions: sum.mentions + of.mentions,
        marks: sum.marks + of.marks,
        ..sum
    });
    let mut ranked: Vec<(f32, CountryCount)> = Vec::with_capacity(signs.len());
    let best = signs.values().map(|of| score(*of, whole)).fold(BEST, f32::max);
    for (country, of) in signs {
        let score = score(of, whole);
        let about = score >= best.min(ABOUT);
        let rank = if about { score } else { 0.0 };
        ranked.push((rank, CountryCount { country, mentions: of.mentions, about }));
    }
    ranked.retain(|(_, count)| count.about || count.mentions > 0);
    ranked.sort_by(|(a_rank, a), (b_rank, b)| {
        let by_mentions = b.mentions.cmp(&a.mentions).then(a.country.cmp(&b.country));
        b.about.cmp(&a.about).then(b_rank.total_cmp(a_rank)).then(by_mentions)
    });
    let countries = ranked.into_iter().map(|(_, count)| count).collect();
    About { countries, dateline: geography.dateline, source: geography.source }
}

/// The lead is what begins in the first so many bytes: a sentence or two.
const LEAD: usize = 250;

/// From this score on a story is about the country; the best one passes with less.
const ABOUT: f32 = 2.2;
const BEST: f32 = 0.7;

/// The weights are logistic regression's on the editors' own labels of wire stories, five-fold, rounded; a dateline is
/// held below its fitted weight (5.3), since correspondents also file from where they live.
fn score(of: Signs, whole: Signs) -> f32 {
    let flag = |set: bool| f32::from(u8::from(set));
    let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
    2.2 * flag(of.title)
        + 0.6 * flag(of.lead)
        + 4.5 * flag(of.dateline)
        + 0.8 * flag(of.dateline && whole.mentions == 0)
        + 0.3 * (of.speakers as f32).ln_1p()
        + 0.3 * flag(of.source)
        + 1.2 * (of.mentions as f32).ln_1p()
        + 1.2 * share(of.marks, whole.marks) * share(of.marks, of.marks + 1)
}
