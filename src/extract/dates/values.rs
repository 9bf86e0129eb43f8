//! TIMEX3 values: ISO 8601 as TimeML extends it.

use super::words::Unit;
use crate::article::Day;

/// How many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Amount {
    Exact(f64),
    /// `several`, `years`: written `X`.
    Vague,
}

/// `P3D`, `PT30M`, `PXY`, `P2.5Y`; decades and centuries are counted in years.
pub(super) fn duration(amount: Amount, unit: Unit) -> String {
    let (before, times, letter) = match unit {
        Unit::Second => ("PT", 1.0, "S"),
        Unit::Minute => ("PT", 1.0, "M"),
        Unit::Hour => ("PT", 1.0, "H"),
        Unit::Day => ("P", 1.0, "D"),
        Unit::Weekend => ("P", 1.0, "WE"),
        Unit::Week => ("P", 1.0, "W"),
        Unit::Fortnight => ("P", 2.0, "W"),
        Unit::Month => ("P", 1.0, "M"),
        Unit::Quarter => ("P", 1.0, "Q"),
        Unit::Year => ("P", 1.0, "Y"),
        Unit::Decade => ("P", 10.0, "Y"),
        Unit::Century => ("P", 100.0, "Y"),
    };
    match amount {
        Amount::Exact(0.5) if unit == Unit::Hour => "PT30M".to_owned(),
        Amount::Exact(0.5) if unit == Unit::Year => "P6M".to_owned(),
        Amount::Exact(number) => format!("{before}{}{letter}", number * times),
        Amount::Vague => match unit {
            Unit::Decade => "PXDE".to_owned(),
            Unit::Century => "PXCE".to_owned(),
            _ => format!("{before}X{letter}"),
        },
    }
}

pub(super) fn any_weekday(weekday: i8) -> String {
    format!("XXXX-WXX-{weekday}")
}

/// The decade a year lies in: `199`.
pub(super) fn decade(year: i32) -> String {
    format!("{:03}", year.div_euclid(10))
}

/// `century` counts from 0: 19 for the twentieth.
pub(super) fn century(century: i32) -> String {
    format!("{century:02}")
}

pub(super) fn year(year: i32) -> String {
    format!("{year:04}")
}

pub(super) fn month(year: i32, month: u8) -> String {
    format!("{year:04}-{month:02}")
}

pub(super) fn quarter(year: i32, quarter: u8) -> String {
    format!("{year:04}-Q{quarter}")
}

/// The ISO week a day lies in: `2023-W37`.
pub(super) fn week(day: Day) -> String {
    let week = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}
