//! One row of JSON Lines, as onrecord, trafilatura, news-please and newspaper4k write them.

use super::{Piece, ReadError};
use crate::article::{Article, Day};
use jiff::civil::DateTime;
use serde_json::{Map, Value};

/// The row's article, its text unchanged.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let row: Map<String, Value> = serde_json::from_slice(&piece.bytes).map_err(|cause| {
        ReadError::content(&piece.path, piece.line, format!("not a JSON object: {cause}"))
    })?;
    let string = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| row.get(*key)?.as_str())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let text = string(&["text", "body", "maintext"]).unwrap_or_default();
    let date = string(&["date", "date_publish", "publish_date", "published_at", "published"]);
    let (published, published_at) = date.as_deref().map(moment).unwrap_or_default();
    Ok(Article {
        id: string(&["id"]).unwrap_or_default(),
        path: piece.path.clone(),
        line: piece.line,
        url: string(&["url"]),
        title: string(&["title"]).unwrap_or_default(),
        published,
        published_at,
        dateline: string(&["dateline"]),
        text,
        ..Article::default()
    })
}

/// A day, and the time of day where there is one: `2006-10-20`, `2006-10-20T22:15:00Z`, `2006-10-20 22:15:00`.
fn moment(written: &str) -> (Option<Day>, Option<DateTime>) {
    let day = written.get(..10).and_then(|day| day.parse::<Day>().ok());
    let at = written.get(..19).and_then(|at| at.replace(' ', "T").parse::<DateTime>().ok());
    (day, at)
}
