//! The figures of quality and the floors they may not fall under, kept in `floors.json`.

use crate::run::repository;
use serde_json::{Map, Value};
use std::fmt::Write;
use std::fs;
use std::sync::Mutex;

const FLOORS: &str = "tests/it/floors.json";
/// A figure this far above its floor asks for a higher one.
const SLACK: f64 = 1.0;
/// Mistakes shown where a figure has fallen.
const SHOWN: usize = 12;

/// What was measured of one family: each figure in percent, and the mistakes that cost it, in reading order.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) measured: Vec<(String, f64)>,
    pub(crate) mistakes: Vec<String>,
}

/// Right, wrongly found and missed, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
}

impl Counts {
    /// Counts one value that the gold gives, the program gives, or both; whether they agree is the caller's word.
    pub(crate) fn value(&mut self, gold: bool, found: bool, agree: bool) {
        let right = gold && found && agree;
        self.right += usize::from(right);
        self.wrong += usize::from(found && !right);
        self.missed += usize::from(gold && !right);
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

impl Figures {
    /// Precision, recall and their harmonic mean.
    pub(crate) fn rates(&mut self, name: &str, counts: Counts) {
        let Counts { right, wrong, missed } = counts;
        self.measured.push((format!("{name} precision"), percent(right, right + wrong)));
        self.measured.push((format!("{name} recall"), percent(right, right + missed)));
        self.measured.push((format!("{name} F1"), percent(2 * right, 2 * right + wrong + missed)));
    }

    /// The share that is right.
    pub(crate) fn share(&mut self, name: &str, right: usize, all: usize) {
        self.measured.push((name.to_owned(), percent(right, all)));
    }

    pub(crate) fn mistake(&mut self, what: impl Into<String>) {
        self.mistakes.push(what.into());
    }

    /// Fails where a figure is under its floor, with the table and the first mistakes. `UPDATE=1` raises floors to
    /// today's figures and lowers none.
    #[track_caller]
    pub(crate) fn hold(&self, family: &str) {
        static FILE: Mutex<()> = Mutex::new(());
        // A family that has fallen says so itself; the others still have the file to themselves.
        let _alone = FILE.lock().unwrap_or_else(|fallen| fallen.into_inner());
        let mut floors: Map<String, Value> =
            serde_json::from_slice(&fs::read(repository(FLOORS)).unwrap()).unwrap();
        let mut kept = floors.get(family).and_then(Value::as_object).cloned().unwrap_or_default();
        if std::env::var_os("UPDATE").is_some() {
            kept = self.raised(&kept);
            floors.insert(family.to_owned(), kept.clone().into());
            fs::write(repository(FLOORS), serde_json::to_string_pretty(&floors).unwrap() + "\n").unwrap();
        }
        let (table, sound) = self.table(family, &kept);
        println!("{table}");
        assert!(sound, "quality fell, see {FLOORS}\n{table}\n{}", self.first_mistakes());
    }

    /// The floors after today, in the order of the figures.
    fn raised(&self, kept: &Map<String, Value>) -> Map<String, Value> {
        let floor = |name: &str, figure: f64| {
            let before = kept.get(name).and_then(Value::as_f64).unwrap_or(0.0);
            // A hair above, so that 83.3 written as 83.29999 stays 83.3.
            before.max((figure * 10.0 + 1e-6).floor() / 10.0)
        };
        self.measured.iter().map(|(name, figure)| (name.clone(), floor(name, *figure).into())).collect()
    }

    fn table(&self, family: &str, kept: &Map<String, Value>) -> (String, bool) {
        let mut table = format!("{family:<40} today   floor\n");
        let mut sound = true;
        for (name, figure) in &self.measured {
            let floor = kept.get(name).and_then(Value::as_f64);
            let verdict = match floor {
                None => "no floor yet: UPDATE=1 cargo test",
                Some(floor) if *figure + 1e-6 < floor => "FELL",
                Some(floor) if *figure > floor + SLACK => "raise the floor: UPDATE=1 cargo test",
                Some(_) => "",
            };
            sound &= floor.is_some_and(|floor| *figure + 1e-6 >= floor);
            let floor = floor.map_or("-".to_owned(), |floor| format!("{floor:.1}"));
            let _ = writeln!(table, "  {name:<36} {figure:>7.1} {floor:>7}  {verdict}");
        }
        for name in kept.keys().filter(|name| self.measured.iter().all(|(known, _)| known != *name)) {
            sound = false;
            let _ = writeln!(table, "  {name:<36} {:>7} {:>7}  no longer measured", "-", kept[name]);
        }
        (table, sound)
    }

    fn first_mistakes(&self) -> String {
        let mut out = format!("the first of {} mistakes:\n", self.mistakes.len());
        for mistake in self.mistakes.iter().take(SHOWN) {
            let _ = writeln!(out, "  {mistake}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Figures};
    use serde_json::json;

    fn figures(measured: &[(&str, f64)]) -> Figures {
        let measured = measured.iter().map(|&(name, figure)| (name.to_owned(), figure)).collect();
        Figures { measured, mistakes: Vec::new() }
    }

    #[test]
    fn floors_hold_and_only_rise() {
        let kept = json!({"a": 80.0, "b": 50.0}).as_object().unwrap().clone();
        let check = |measured: &[(&str, f64)], sound: bool, word: &str| {
            let (table, found) = figures(measured).table("f", &kept);
            assert_eq!(found, sound, "{table}");
            assert!(table.contains(word), "{table}");
        };
        check(&[("a", 80.0), ("b", 50.9)], true, "80.0");
        check(&[("a", 79.9), ("b", 50.0)], false, "FELL");
        check(&[("a", 81.5), ("b", 50.0)], true, "raise the floor");
        check(&[("a", 80.0)], false, "no longer measured");
        check(&[("a", 80.0), ("b", 50.0), ("c", 1.0)], false, "no floor yet");
        let raised = figures(&[("a", 70.0), ("b", 66.68), ("c", 83.3)]).raised(&kept);
        assert_eq!(serde_json::Value::from(raised), json!({"a": 80.0, "b": 66.6, "c": 83.3}));
    }

    #[test]
    fn rates_from_counts() {
        let mut counts = Counts::default();
        counts.value(true, true, true);
        counts.value(true, true, false);
        counts.value(false, true, false);
        counts.value(true, false, false);
        counts.value(false, false, true);
        assert_eq!((counts.right, counts.wrong, counts.missed), (1, 2, 2));
    }
}
