//! Facets of either engine, in which people of one name are told apart as `speakers.toml` says.

use super::counts::{Counted, place_in};
use super::{IndexError, Reader};
use crate::answer::{By, Cross, Distinct, Facet, FacetCount, OwnFilters, Totals};
use crate::query::Query;
use crate::query::aliases::Aliases;
use index_schema::Field;
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Reader {
    /// How many the query finds, and each facet with all its values.
    pub fn counted(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<(Totals, Vec<Facet>), IndexError> {
        let apart = by.iter().any(|by| by.field == Field::Speaker) && !self.aliases().told_apart().is_empty();
        let together: &[By] = if apart { &[] } else { by };
        let (totals, facets) =
            either!(Reader, self, reader => reader.counted(query, together, own, distinct))?;
        Ok((totals, if apart { self.facets(query, by, own, distinct)? } else { facets }))
    }

    /// Each facet with all its values.
    pub fn facets(
        &self,
        query: &Query,
        by: &[By],
        own: OwnFilters,
        distinct: Distinct,
    ) -> Result<Vec<Facet>, IndexError> {
        if self.aliases().told_apart().is_empty() {
            return either!(Reader, self, reader => reader.facets(query, by, own, distinct));
        }
        let others: Vec<By> = by.iter().copied().filter(|by| by.field != Field::Speaker).collect();
        let mut others =
            either!(Reader, self, reader => reader.facets(query, &others, own, distinct))?.into_iter();
        let mut facets = Vec::with_capacity(by.len());
        for &by in by {
            facets.push(match (by.field, own) {
                (Field::Speaker, OwnFilters::Ignored) => {
                    self.speaker_facet(query.without(Field::Speaker), by, distinct)?
                }
                (Field::Speaker, OwnFilters::Kept) => self.speaker_facet(query.clone(), by, distinct)?,
                _ => others.next().expect("one for each that is not of speakers"),
            });
        }
        Ok(facets)
    }

    /// The speakers of what `within` finds. An engine counts names, and those told apart are not names but questions:
    /// each is counted on its own, and the engine counts what is left.
    fn speaker_facet(&self, within: Query, by: By, distinct: Distinct) -> Result<Facet, IndexError> {
        let left = Query::all([within.clone(), self.none_told_apart()]);
        let mut facets =
            either!(Reader, self, reader => reader.facets(&left, &[by], OwnFilters::Kept, distinct))?;
        let mut values = facets.pop().map(|facet| facet.values).unwrap_or_default();
        for name in self.aliases().told_apart() {
            let count = self.count(&Query::all([within.clone(), speaker(name)]), distinct)?;
            if count > 0 {
                values.push(FacetCount { value: name.to_owned(), count });
            }
        }
        values.sort_by(|a, b| (Reverse(a.count), &a.value).cmp(&(Reverse(b.count), &b.value)));
        Ok(Facet { by, within, values })
    }

    /// Two facets crossed: each value of `rows` with the counts of every value of `columns` within it.
    pub fn cross(
        &self,
        query: &Query,
        rows: By,
        columns: By,
        distinct: Distinct,
    ) -> Result<Cross, IndexError> {
        let of_speakers = [rows, columns].map(|by| by.field == Field::Speaker);
        if of_speakers == [false; 2] || self.aliases().told_apart().is_empty() {
            return either!(Reader, self, reader => reader.cross(query, rows, columns, distinct));
        }
        let left = Query::all([query.clone(), self.none_told_apart()]);
        let left = either!(Reader, self, reader => reader.cross(&left, rows, columns, distinct))?;
        let mut facets = self.facets(query, &[rows, columns], OwnFilters::Kept, distinct)?.into_iter();
        let (Some(rows), Some(columns)) = (facets.next(), facets.next()) else { unreachable!() };
        let mut cells = vec![BTreeMap::new(); rows.values.len()];
        let [row_of, column_of] = [&rows, &columns].map(|facet| {
            let place = place_in(facet, self.aliases());
            move |value: &str| place(&Counted::Name(value.to_owned()))
        });
        let mut put = |row: &str, column: &str, count: u64| {
            if let (Some(row), Some(column)) = (row_of(row), column_of(column)) {
                cells[row].insert(column, count);
            }
        };
        for (row, counts) in left.rows.values.iter().zip(&left.cells) {
            for (&column, &count) in counts {
                put(&row.value, &left.columns.values[column].value, count);
            }
        }
        for name in self.aliases().told_apart() {
            let theirs = Query::all([query.clone(), speaker(name)]);
            let across = if of_speakers[0] { columns.by } else { rows.by };
            for facet in self.facets(&theirs, &[across], OwnFilters::Kept, distinct)? {
                for FacetCount { value, count } in facet.values.into_iter().filter(|value| value.count > 0) {
                    if of_speakers[0] { put(name, &value, count) } else { put(&value, name, count) }
                }
            }
        }
        Ok(Cross { rows, columns, cells })
    }

    /// The query with everything that `speakers.toml` says of the speakers it names.
    pub fn meant(&self, query: &Query) -> Query {
        self.aliases().widen(query).into_owned()
    }

    /// What no speaker said who is told apart from another of the same name.
    fn none_told_apart(&self) -> Query {
        Query::Not(Box::new(Query::any(self.aliases().told_apart().into_iter().map(speaker))))
    }

    fn aliases(&self) -> &Aliases {
        either!(Reader, self, reader => &reader.aliases)
    }
}

fn speaker(name: &str) -> Query {
    Query::value(Field::Speaker, name)
}
