//! The day a page came out.

use super::metadata::Metadata;
use super::page::Page;
use crate::article::Day;
use jiff::civil::DateTime;

/// A day, and the time of day where it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) at: Option<DateTime>,
}

pub(super) fn published(_page: &Page, metadata: &Metadata) -> Option<Moment> {
    let text = metadata.ld("datePublished").or_else(|| metadata.meta(&["article:published_time"]))?;
    let day = text.get(..10)?.parse().ok()?;
    Some(Moment { day, at: text.get(..19).and_then(|at| at.parse().ok()) })
}
