//! Names that lie in several countries: which one is meant, by what the rest of the story names.

use super::gazetteer::{Kind, Sense, Senses};
use super::marks::Marks;
use super::naming::{Manner, Standing};
use crate::article::Span;
use crate::findings::Country;
use std::collections::BTreeMap;

/// A name that is a place where it stands, its country open where it has several senses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub span: Span,
    pub senses: Senses,
    /// The country its qualifier tells: `Lebanon, Ohio`.
    pub qualified: Option<Country>,
    pub standing: Standing,
    pub manner: Manner,
}

/// How strongly the story as a whole speaks for each country.
pub(super) struct Support {
    /// Every naming that can mean one country only, and its marks.
    named: BTreeMap<Country, f32>,
    /// Places inside it, each name once, and its marks: what tells the American Georgia from the Caucasian.
    within: BTreeMap<Country, f32>,
    /// What each name, by its place in the table, adds to that: no name is evidence for itself.
    own: BTreeMap<u32, (Country, f32)>,
    /// Names that a qualifier settles somewhere in the story.
    settled: Vec<(u32, Country)>,
    /// Names that are a person's surname somewhere in it.
    persons: Vec<u32>,
}

impl Support {
    pub(super) fn of<'c>(
        candidates: impl Iterator<Item = &'c Candidate>,
        persons: impl Iterator<Item = Senses>,
        marks: &[&Marks],
        source: Option<Country>,
    ) -> Support {
        let mut support = Support {
            named: BTreeMap::new(),
            within: BTreeMap::new(),
            own: BTreeMap::new(),
            settled: Vec::new(),
            persons: persons.map(Senses::place).collect(),
        };
        for candidate in candidates {
            let place = candidate.senses.place();
            support.settled.extend(candidate.qualified.map(|country| (place, country)));
            let Some((country, weight, inside)) = evidence(candidate) else { continue };
            let own = support.own.entry(place).or_insert((country, 0.0));
            if inside && own.1 > 0.0 {
                continue;
            }
            own.1 += weight;
            *support.named.entry(country).or_default() += weight;
            if inside {
                *support.within.entry(country).or_default() += weight;
            }
        }
        for (&country, &weight) in marks.iter().copied().flatten() {
            *support.named.entry(country).or_default() += weight as f32 * 0.5;
            *support.within.entry(country).or_default() += weight as f32 * 0.5;
        }
        if let Some(country) = source {
            *support.within.entry(country).or_default() += 1.0;
        }
        support.persons.sort_unstable();
        support.settled.sort_unstable();
        support
    }

    /// The country the candidate lies in; `None` where too little speaks for its being a place at all.
    pub(super) fn settle(&self, candidate: &Candidate) -> Option<Country> {
        if candidate.qualified.is_some() {
            return candidate.qualified;
        }
        let place = candidate.senses.place();
        let at = self.settled.partition_point(|&(settled, _)| settled < place);
        if let Some(&(_, country)) = self.settled.get(at).filter(|&&(settled, _)| settled == place) {
            return Some(country);
        }
        if candidate.standing <= Standing::Bare && self.persons.binary_search(&place).is_ok() {
            return None;
        }
        let county = (candidate.manner == Manner::County).then_some(COUNTY);
        let senses = candidate.senses.iter().chain(county);
        let own = self.own.get(&place).copied();
        let scored = senses.map(|sense| (sense, self.score(sense, candidate.manner, own)));
        let (sense, score) = scored.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let needed = match (sense.kind, candidate.standing) {
            (Kind::WeakCity, Standing::In) => 2.0,
            (Kind::WeakCity, _) | (Kind::City, Standing::Borrowed) => 3.0,
            (Kind::Division, _) | (Kind::City, Standing::Bare) => 2.0,
            (Kind::City, _) => 0.8,
            _ => 0.0,
        };
        (score >= needed).then_some(sense.country)
    }

    /// How likely the sense is: by its kind and size, and by what supports its country. A country wins over its
    /// namesakes elsewhere unless a qualifier or very much else speaks for them.
    fn score(&self, sense: Sense, manner: Manner, own: Option<(Country, f32)>) -> f32 {
        let own = own.filter(|&(country, _)| country == sense.country).map_or(0.0, |(_, weight)| weight);
        let of = |weights: &BTreeMap<Country, f32>| {
            let others = weights.get(&sense.country).map_or(0.0, |weight| weight - own).max(0.0);
            (2.0 * (1.0 + others).ln()).min(4.0)
        };
        let town = if manner == Manner::Town { 2.0 } else { 0.0 };
        let size = f32::from(sense.size) * 0.4;
        match sense.kind {
            Kind::Name => 6.0 - town + of(&self.named),
            Kind::Letters | Kind::People => 6.0 + of(&self.named),
            Kind::Capital => 4.0 - town * 0.5 + of(&self.named),
            Kind::Metonym => 4.0 + of(&self.named),
            Kind::Region => 5.0 + of(&self.within),
            Kind::Division => 1.0 + of(&self.within),
            Kind::City => size + of(&self.within),
            Kind::WeakCity => size - 0.5 + of(&self.within),
            Kind::ShortRegion | Kind::Nothing | Kind::Mark | Kind::LowerMark => 0.0,
        }
    }
}

/// An American county, of no size in particular.
const COUNTY: Sense = Sense { kind: Kind::City, country: Country::US, size: 6 };

/// What one candidate says for a country, and whether it is a place inside it: nothing while it may lie in several.
fn evidence(candidate: &Candidate) -> Option<(Country, f32, bool)> {
    if let Some(country) = candidate.qualified {
        return Some((country, 1.0, true));
    }
    if candidate.manner == Manner::County {
        return Some((COUNTY.country, 1.0, true));
    }
    let mut senses = candidate.senses.iter();
    let sense = senses.next()?;
    let town = |kind: Kind| matches!(kind, Kind::City | Kind::WeakCity);
    let rival = senses.map(|other| match (town(sense.kind), town(other.kind)) {
        (true, true) if other.size + 3 <= sense.size => Rival::Small,
        (false, true) if sense.kind != Kind::Capital => Rival::Small,
        _ => Rival::Equal,
    });
    let weight = match (sense.kind, rival.max().unwrap_or(Rival::Small)) {
        (Kind::Capital, Rival::Equal) => 0.2,
        (_, Rival::Equal) => return None,
        (Kind::City, _) if sense.size < 4 => 0.6,
        (Kind::WeakCity, _) => 0.3,
        (Kind::Division, _) => 0.5,
        _ => 1.0,
    };
    Some((sense.country, weight, !matches!(sense.kind, Kind::Name | Kind::Letters | Kind::People)))
}

/// How a name's likeliest sense stands to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rival {
    /// A town where the first is a country or region, or an eighth of its size.
    Small,
    Equal,
}
