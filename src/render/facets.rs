//! Facets: bars for people, a timeline for days, JSON and CSV for programs.

use super::export::row;
use super::hits::count;
use super::safe;
use super::wrap::{BOLD, CYAN, DIM, PLAIN, cut, number, width};
use crate::answer::{By, Cross, Facet, FacetCount, Unit};
use crate::query::countries;
use index_schema::{Field, Kind};
use serde_json::{Map, Value, json};
use std::cmp::Reverse;

/// How facets are laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub columns: usize,
    /// Values of a facet shown; days are shown all.
    pub top: usize,
    /// Whether the query of each count stands beside it.
    pub queries: bool,
}

/// `speaker`, `date:month`.
pub fn name(by: By) -> String {
    let unit = match by.unit {
        None => "",
        Some(Unit::Day) => ":day",
        Some(Unit::Month) => ":month",
        Some(Unit::Year) => ":year",
    };
    format!("{}{unit}", by.field.name())
}

/// One facet as a table of bars, under its name.
pub fn text(facet: &Facet, layout: Layout) -> String {
    let shown = shown(facet, layout.top);
    let mut out = format!("{BOLD}{}{PLAIN}", name(facet.by));
    let distinct = facet.values.iter().filter(|value| value.count > 0).count();
    out.push_str(&format!("  {DIM}{}{PLAIN}\n", count(distinct as u64, value_word(facet.by))));
    let labels: Vec<String> = shown.iter().map(|value| label(facet.by, &value.value)).collect();
    let most = shown.iter().map(|value| value.count).max().unwrap_or(0);
    let number_width = number(most).len();
    let label_width = label_width(facet.by, &labels, layout.columns / 2).max(4);
    let queries = shown.iter().map(|value| safe::line(&facet.query(&value.value).to_string()));
    let queries: Vec<String> = if layout.queries { queries.collect() } else { Vec::new() };
    let query_width = queries.iter().map(|query| width(query) + 2).max().unwrap_or(0);
    let bar_width =
        layout.columns.saturating_sub(2 + label_width + 2 + number_width + 2 + query_width).clamp(8, 60);
    for (place, (value, label)) in shown.iter().zip(&labels).enumerate() {
        let label = cut(label, label_width);
        let pad = " ".repeat(label_width - width(&label));
        let count = number(value.count);
        let bar = bar(value.count, most, bar_width);
        let dim = if value.count == 0 { DIM } else { "" };
        let plain = if dim.is_empty() { "" } else { PLAIN };
        let line = format!("  {dim}{label}{pad}  {count:>number_width$}{plain}  {CYAN}{bar}{PLAIN}");
        match queries.get(place) {
            None => out.push_str(line.trim_end()),
            Some(query) => {
                let pad = " ".repeat(bar_width - width(&bar));
                out.push_str(&format!("{line}{pad}  {DIM}{query}{PLAIN}"));
            }
        }
        out.push('\n');
    }
    let hidden = facet.values.len() - shown.len();
    if hidden > 0 {
        let sum: u64 = facet.values[shown.len()..].iter().map(|value| value.count).sum();
        let more = count(hidden as u64, &format!("more {}", value_word(facet.by)));
        out.push_str(&format!("  {DIM}{more}, {} together; --top N shows them{PLAIN}\n", number(sum)));
    }
    out
}

fn is_days(by: By) -> bool {
    by.field.spec().kind == Kind::Day
}

/// The values that are shown: the first of names, all periods of days.
fn shown(facet: &Facet, top: usize) -> &[FacetCount] {
    if is_days(facet.by) { &facet.values } else { &facet.values[..facet.values.len().min(top)] }
}

fn value_word(by: By) -> &'static str {
    match (by.field, by.unit) {
        (Field::Speaker, _) => "speaker",
        (Field::Country | Field::About | Field::Filed | Field::Home | Field::SpeakerCountry, _) => "country",
        (_, Some(Unit::Month)) => "month",
        (_, Some(Unit::Year)) => "year",
        _ if is_days(by) => "day",
        _ => "value",
    }
}

/// A value as people read it: a country's code with its name.
fn label(by: By, value: &str) -> String {
    match by.field {
        Field::Country | Field::About | Field::Filed | Field::Home | Field::SpeakerCountry => {
            match countries::name(value) {
                Some(name) => format!("{value}  {name}"),
                None => safe::line(value),
            }
        }
        _ => safe::line(value),
    }
}

/// Ids are copied, so that they stand whole.
fn is_id(by: By) -> bool {
    matches!(by.field, Field::Id | Field::Article | Field::Story)
}

/// The columns that labels get: as many as the longest needs up to `most`.
fn label_width(by: By, labels: &[String], most: usize) -> usize {
    let longest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    if is_id(by) { longest } else { longest.min(most) }
}

/// A bar in eighths of a column, never nothing for something.
fn bar(count: u64, most: u64, columns: usize) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    if count == 0 || most == 0 {
        return String::new();
    }
    let eighths = ((u128::from(count) * columns as u128 * 8) / u128::from(most)).max(1) as usize;
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8]);
    }
    bar
}

/// All that was counted as one object: `{"total": 812, "facets": {"speaker": […]}}`, in the order asked, with `"tables":
/// […]` where facets were crossed.
pub fn json(total: u64, facets: &[Facet], crossed: &[Cross], top: usize) -> Value {
    let mut by_name = Map::new();
    for facet in facets {
        let values: Vec<Value> = shown(facet, top).iter().map(|value| json_value(facet, value)).collect();
        by_name.insert(name(facet.by), json!(values));
    }
    let mut object =
        Map::from_iter([("total".to_owned(), json!(total)), ("facets".to_owned(), json!(by_name))]);
    if !crossed.is_empty() {
        let tables: Vec<Value> = crossed
            .iter()
            .map(|cross| json!({ "by": names(cross), "rows": rows_json(cross, top).collect::<Vec<_>>() }))
            .collect();
        object.insert("tables".to_owned(), json!(tables));
    }
    Value::Object(object)
}

fn names(cross: &Cross) -> [String; 2] {
    [name(cross.rows.by), name(cross.columns.by)]
}

/// The rows of a cross-tab with their cells, empty ones left out.
fn rows_json(cross: &Cross, top: usize) -> impl Iterator<Item = Value> {
    let (rows, columns) = shown_cross(cross, top);
    rows.iter().zip(&cross.cells).map(move |(row, cells)| {
        let mut object = json_value(&cross.rows, row);
        let cell = |(&column, &count): (&usize, &u64)| {
            let column = &columns.get(column)?.value;
            let query = cross.query(&row.value, column).to_string();
            Some(json!({ "value": column, "count": count, "query": query }))
        };
        object["cells"] = cells.iter().filter_map(cell).collect();
        object
    })
}

fn json_value(facet: &Facet, value: &FacetCount) -> Value {
    json!({ "value": value.value, "count": value.count, "query": facet.query(&value.value).to_string() })
}

/// One value as a line of JSON.
pub fn jsonl(facet: &Facet, top: usize) -> String {
    let mut out = String::new();
    for value in shown(facet, top) {
        let mut object = Map::from_iter([("facet".to_owned(), json!(name(facet.by)))]);
        if let Value::Object(rest) = json_value(facet, value) {
            object.extend(rest);
        }
        out.push_str(&Value::Object(object).to_string());
        out.push('\n');
    }
    out
}

/// The names of the columns of [`csv()`].
pub fn csv_header() -> String {
    row(["facet", "value", "count", "query"].map(str::to_owned))
}

/// One value a row.
pub fn csv(facet: &Facet, top: usize) -> String {
    let line = |value: &FacetCount| {
        let query = safe::cell(&facet.query(&value.value).to_string());
        row([name(facet.by), safe::cell(&value.value), value.count.to_string(), query])
    };
    shown(facet, top).iter().map(line).collect()
}

/// The rows and columns of a cross-tab that are shown.
fn shown_cross(cross: &Cross, top: usize) -> (&[FacetCount], &[FacetCount]) {
    (shown(&cross.rows, top), shown(&cross.columns, top))
}

/// Two facets crossed as a table.
pub fn cross_text(cross: &Cross, layout: Layout) -> String {
    let (rows, columns) = shown_cross(cross, layout.top);
    let longest = if is_id(cross.columns.by) { usize::MAX } else { 12 };
    let short = |value: &FacetCount| cut(&safe::line(&value.value), longest);
    let row_labels: Vec<String> = rows.iter().map(|value| label(cross.rows.by, &value.value)).collect();
    let label_width = label_width(cross.rows.by, &row_labels, layout.columns / 3).max(8);
    let cell = |row: usize, column: usize| cross.cells[row].get(&column).copied().unwrap_or(0);
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(column, value)| {
            let widest = (0..rows.len()).map(|row| number(cell(row, column)).len()).max().unwrap_or(1);
            widest.max(width(&short(value)))
        })
        .collect();
    let total_width = rows.iter().map(|row| number(row.count).len()).max().unwrap_or(1).max(5);
    // as many columns as the terminal has room for, but one at least, those that hold most
    let mut by_count: Vec<usize> = (0..columns.len()).collect();
    by_count.sort_by_key(|&column| Reverse((0..rows.len()).map(|row| cell(row, column)).sum::<u64>()));
    let mut used = 2 + label_width + 2 + total_width;
    let mut fitting: Vec<usize> = by_count
        .into_iter()
        .enumerate()
        .take_while(|&(place, column)| {
            used += widths[column] + 2;
            place == 0 || used <= layout.columns
        })
        .map(|(_, column)| column)
        .collect();
    fitting.sort_unstable();
    let right =
        |text: &str, columns: usize| format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))));
    let heading = format!("{} by {}", name(cross.rows.by), name(cross.columns.by));
    let mut out = format!(
        "{BOLD}{heading}{PLAIN}\n  {}  {DIM}{}{PLAIN}",
        " ".repeat(label_width),
        right("total", total_width)
    );
    for &column in &fitting {
        out.push_str(&format!("  {}", right(&short(&columns[column]), widths[column])));
    }
    out.push('\n');
    for (row, label) in row_labels.iter().enumerate() {
        let label = cut(label, label_width);
        let pad = " ".repeat(label_width - width(&label));
        let total = right(&number(rows[row].count), total_width);
        out.push_str(&format!("  {label}{pad}  {DIM}{total}{PLAIN}"));
        for &column in &fitting {
            match cell(row, column) {
                0 => out.push_str(&format!("  {DIM}{}{PLAIN}", right("·", widths[column]))),
                count => out.push_str(&format!("  {}", right(&number(count), widths[column]))),
            }
        }
        out.push('\n');
    }
    if fitting.len() < columns.len() {
        let more = columns.len() - fitting.len();
        out.push_str(&format!("  {DIM}{more} more columns of fewer; --format csv has all{PLAIN}\n"));
    }
    out
}

/// One row a line.
pub fn cross_jsonl(cross: &Cross, top: usize) -> String {
    let mut out = String::new();
    for row in rows_json(cross, top) {
        let mut object = Map::from_iter([("table".to_owned(), json!(names(cross)))]);
        if let Value::Object(rest) = row {
            object.extend(rest);
        }
        out.push_str(&format!("{}\n", Value::Object(object)));
    }
    out
}

/// A cross-tab as rows of value, value, count, query, under their names; empty cells left out.
pub fn cross_csv(cross: &Cross, top: usize) -> String {
    let (rows, columns) = shown_cross(cross, top);
    let [first, second] = names(cross);
    let mut out = row([first, second, "count".to_owned(), "query".to_owned()]);
    for (place, value) in rows.iter().enumerate() {
        for (column, &count) in
            cross.cells[place].iter().filter_map(|(&n, count)| Some((columns.get(n)?, count)))
        {
            let query = safe::cell(&cross.query(&value.value, &column.value).to_string());
            out.push_str(&row([
                safe::cell(&value.value),
                safe::cell(&column.value),
                count.to_string(),
                query,
            ]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Layout, bar, cross_text};
    use crate::answer::{By, Cross, Facet, FacetCount};
    use crate::query::Query;
    use index_schema::Field;

    #[test]
    fn ids_stand_whole_in_every_column() {
        let id = "the-daily-record/2024/03/a-very-long-name-of-an-article#12";
        let facet = |field, value: &str| Facet {
            by: By { field, unit: None },
            values: vec![FacetCount { value: value.to_owned(), count: 3 }],
            within: Query::Everything,
        };
        let layout = Layout { columns: 60, top: 5, queries: false };
        for (rows, columns) in [(Field::Speaker, Field::Id), (Field::Story, Field::Article)] {
            let (rows, columns) = (facet(rows, id), facet(columns, id));
            let cross = Cross { rows, columns, cells: vec![[(0, 3)].into()] };
            let shown = cross_text(&cross, layout);
            let whole = if cross.rows.by.field == Field::Speaker { 1 } else { 2 };
            assert_eq!(shown.matches(id).count(), whole, "{shown}");
        }
    }

    #[test]
    fn bars_are_drawn_in_eighths() {
        assert_eq!(bar(0, 10, 8), "");
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 16, 2), "▋");
        assert_eq!(bar(1, 1_000_000, 8), "▏");
    }
}
