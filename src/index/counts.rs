//! From counts to facets, the same on either engine: spellings of one name are one value, days become periods, and all
//! stands in order.

use crate::answer::{By, Cross, Distinct, Facet, FacetCount, Order, Unit};
use crate::article::Day;
use crate::query::aliases::Aliases;
use crate::query::{Query, dates, forgiving};
use crate::terms;
use index_schema::{Field, Kind};
use jiff::civil::date;
use jiff::{Span, ToSpan};
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_128;

/// The most periods shown with nothing in them.
const MOST_PERIODS: usize = 20_000;

/// A value as an engine counts it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Counted {
    Name(String),
    /// Days since 1970-01-01.
    Day(i64),
}

/// The hash of a key that is a hash.
#[derive(Default)]
pub(super) struct Itself(u64);

/// Keys that are hashes need no other.
pub(super) type AsTheyAre = BuildHasherDefault<Itself>;

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }
}

/// What holds a value: documents that only need to be counted, and groups that have to be told apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) documents: u64,
    /// What the groups are called, some perhaps several times.
    pub(super) groups: Vec<u128>,
}

impl Held {
    pub(super) fn documents(documents: u64) -> Held {
        Held { documents, groups: Vec::new() }
    }

    pub(super) fn count(&self) -> u64 {
        let mut groups = self.groups.clone();
        groups.sort_unstable();
        groups.dedup();
        self.documents + groups.len() as u64
    }

    /// Those of both.
    pub(super) fn add(&mut self, other: Held) {
        self.documents += other.documents;
        self.groups.extend(other.groups);
    }
}

/// Each value once, in order, with all that holds it.
pub(super) fn together<V: Ord>(counts: &mut Vec<(V, Held)>) {
    // a stable sort: it makes use of stretches that are in order
    counts.sort_by(|(a, _), (b, _)| a.cmp(b));
    counts.dedup_by(|(later, held), (first, all)| {
        let same = later == first;
        if same {
            all.add(std::mem::take(held));
        }
        same
    });
}

/// What tells apart the things that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Documents with one value of this are one; the others are counted one by one.
    pub(super) by: Option<Field>,
    /// Those others can be met more than once, and are told apart by their ids.
    pub(super) or_id: bool,
}

impl Told {
    pub(super) fn apart(distinct: Distinct, counted: &[By]) -> Told {
        let again = counted.iter().any(|&by| fall_together(by));
        match distinct {
            Distinct::Document => Told { by: again.then_some(Field::Id), or_id: false },
            Distinct::Story => Told { by: Some(Field::Story), or_id: again },
            Distinct::Article => Told { by: Some(Field::Article), or_id: false },
        }
    }
}

/// The column that holds what `by` counts: months and years of publication have one, other periods are summed from
/// days.
pub(super) fn column(by: By) -> Field {
    match (by.field, by.unit) {
        (Field::Date, Some(Unit::Month)) => Field::Month,
        (Field::Date, Some(Unit::Year)) => Field::Year,
        (field, _) => field,
    }
}

/// Whether several values of one document can become one: two days of a month, two spellings of a name.
fn fall_together(by: By) -> bool {
    let joined = matches!(by.unit, Some(Unit::Month | Unit::Year)) || forgiving(by.field);
    by.field.spec().many && joined
}

/// Makes spellings of one name one value, days into periods, and puts all in order.
pub(super) fn facet(by: By, base: &Query, counts: Vec<(Counted, Held)>, aliases: &Aliases) -> Facet {
    let values = if by.field.spec().kind == Kind::Day {
        periods(by, counts)
    } else {
        let mut names = one_spelling(by.field, counts, aliases);
        // names come nearly in order, which a second sort of each count's own makes use of
        names.sort_by_key(|(_, count)| Reverse(*count));
        names
            .chunk_by_mut(|(_, a), (_, b)| a == b)
            .for_each(|equal| equal.sort_by(|(a, _), (b, _)| a.cmp(b)));
        names
    };
    let values = values.into_iter().map(|(value, count)| FacetCount { value, count });
    Facet { by, within: base.clone(), values: values.collect() }
}

/// The values with their counts, spellings of one name summed under the most frequent.
fn one_spelling(field: Field, counts: Vec<(Counted, Held)>, aliases: &Aliases) -> Vec<(String, u64)> {
    let names = counts.into_iter().filter_map(|(value, held)| match value {
        Counted::Name(name) => Some((name, held)),
        Counted::Day(_) => None,
    });
    if !forgiving(field) {
        return names.map(|(name, held)| (name, held.count())).collect();
    }
    // each spelling's place among the names, by a hash (xxh3, 128 bit) of what all spellings have in common
    let most = names.size_hint().1.unwrap_or_default();
    let mut places: HashMap<u128, usize, AsTheyAre> = HashMap::with_capacity_and_hasher(most, <_>::default());
    let mut whole: Vec<(String, u64, Held)> = Vec::with_capacity(most);
    for (name, held) in names {
        let mut key = terms::spelling(&name);
        let mut shown = name;
        if field == Field::Speaker
            && let Some(known) = aliases.shown(&key)
        {
            key = terms::folded(known);
            shown = known.to_owned();
        }
        let count = held.count();
        match places.entry(xxh3_128(key.as_bytes())) {
            Entry::Vacant(free) => {
                free.insert(whole.len());
                whole.push((shown, count, held));
            }
            Entry::Occupied(taken) => {
                let (before, most, all) = &mut whole[*taken.get()];
                if (count, Reverse(&shown)) > (*most, Reverse(before)) {
                    (*before, *most) = (shown, count);
                }
                all.add(held);
            }
        }
    }
    whole.into_iter().map(|(shown, _, held)| (shown, held.count())).collect()
}

/// The table of two facets, out of the tuples of their values.
pub(super) fn cross(
    rows: Facet,
    columns: Facet,
    tupled: impl IntoIterator<Item = (Vec<Counted>, Held)>,
    aliases: &Aliases,
) -> Cross {
    let row_of = place_in(&rows, aliases);
    let column_of = place_in(&columns, aliases);
    let mut cells: Vec<BTreeMap<usize, Held>> = vec![BTreeMap::new(); rows.values.len()];
    for (tuple, held) in tupled {
        let [row, column] = &tuple[..] else { continue };
        let (Some(row), Some(column)) = (row_of(row), column_of(column)) else { continue };
        match cells[row].get_mut(&column) {
            Some(all) => all.add(held),
            None => {
                cells[row].insert(column, held);
            }
        }
    }
    let number = |(column, held): (usize, Held)| (column, held.count());
    let cells = cells.into_iter().map(|row| row.into_iter().map(number).collect()).collect();
    Cross { rows, columns, cells }
}

/// Where a counted value stands among a facet's values.
pub(super) fn place_in(facet: &Facet, aliases: &Aliases) -> impl Fn(&Counted) -> Option<usize> + use<> {
    let by = facet.by;
    let key = move |name: &str| if forgiving(by.field) { terms::spelling(name) } else { name.to_owned() };
    let places: BTreeMap<String, usize> =
        facet.values.iter().enumerate().map(|(place, value)| (key(&value.value), place)).collect();
    let aliases = if by.field == Field::Speaker { aliases.clone() } else { Aliases::default() };
    move |counted| {
        let name = match counted {
            Counted::Name(name) => key(name),
            Counted::Day(day) => period_of(by.unit, *day)?,
        };
        let name = aliases.shown(&name).map(key).unwrap_or(name);
        places.get(&name).copied()
    }
}

/// Whether something in the query makes one document better than another.
fn weighs(query: &Query) -> bool {
    match query {
        Query::Word { field, .. } => {
            matches!(field, Field::Stem | Field::TitleStem | Field::Title | Field::Text)
        }
        Query::Phrase { .. } | Query::Near { .. } => true,
        Query::All(clauses) | Query::Any(clauses) => clauses.iter().any(weighs),
        _ => false,
    }
}

/// The order that can be kept: newest first where nothing weighs.
pub(super) fn kept_order(order: Order, query: &Query) -> Order {
    match order {
        Order::Relevance | Order::Recent { .. } if !weighs(query) => Order::Newest,
        order => order,
    }
}

/// The day that is so many days after 1970-01-01; `None` outside the years a day can have.
pub(super) fn day_at(days: i64) -> Option<Day> {
    date(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok()
}

fn period_of(unit: Option<Unit>, days: i64) -> Option<String> {
    Some(named_period(unit.unwrap_or(Unit::Day), day_at(days)?))
}

fn named_period(unit: Unit, day: Day) -> String {
    match unit {
        Unit::Day => day.to_string(),
        Unit::Month => format!("{:04}-{:02}", day.year(), day.month()),
        Unit::Year => format!("{:04}", day.year()),
    }
}

/// Days summed into periods, in time order, the empty ones between them too.
fn periods(by: By, counts: Vec<(Counted, Held)>) -> Vec<(String, u64)> {
    let unit = by.unit.unwrap_or(Unit::Day);
    let named = |(value, held)| match value {
        Counted::Name(name) => Some((name, held)),
        Counted::Day(days) => Some((period_of(Some(unit), days)?, held)),
    };
    let mut held: Vec<(String, Held)> = counts.into_iter().filter_map(named).collect();
    together(&mut held);
    let ends = held.first().zip(held.last());
    let Some((Ok((first, _)), Ok((last, _)))) =
        ends.map(|((first, _), (last, _))| (dates::period(first), dates::period(last)))
    else {
        return Vec::new();
    };
    let step = match unit {
        Unit::Day => 1.day(),
        Unit::Month => 1.month(),
        Unit::Year => 1.year(),
    };
    let mut periods = Vec::with_capacity(held.len());
    let mut counted = held.iter().peekable();
    let mut next = Some(first);
    while let Some(day) = next.filter(|day| *day <= last && periods.len() <= MOST_PERIODS) {
        let name = named_period(unit, day);
        let count = counted.next_if(|(other, _)| *other == name).map_or(0, |(_, held)| held.count());
        periods.push((name, count));
        next = day.checked_add(step).ok();
    }
    if counted.peek().is_some() || periods.len() > MOST_PERIODS {
        periods = held.iter().map(|(name, held)| (name.clone(), held.count())).collect();
    }
    periods
}
