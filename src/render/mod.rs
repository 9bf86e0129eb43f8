//! The verb render: answers and findings for people and for programs.

pub mod findings;
pub mod hits;
pub mod facets;
pub mod show;
pub mod export;
mod wrap;
pub mod safe;

pub use wrap::number;

/// An error as people see it: what went wrong, where that takes lines of its own, and on the last what to do.
pub fn error(message: &str, hint: Option<&str>) -> String {
    let mut out = format!("\x1b[1;31merror:\x1b[0m {}", safe::lines(message));
    if let Some(hint) = hint {
        out.push_str(&format!("\n\x1b[1mhint:\x1b[0m {}", safe::line(hint)));
    }
    out
}

/// JSON that is one line to every reader: serde escapes the control characters, and this the three line ends beyond
/// them (U+0085, U+2028, U+2029), at which some programs cut lines.
fn one_line(json: String) -> String {
    if !json.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return json;
    }
    json.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
