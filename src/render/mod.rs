//! The verb render: answers and findings for people and for programs.

pub mod findings;
pub mod hits;
pub mod facets;
pub mod show;
pub mod export;
mod wrap;
pub mod safe;

/// An error as people see it: what went wrong, and on its own line what to do.
pub fn error(message: &str, hint: Option<&str>) -> String {
    let mut out = format!("\x1b[1;31merror:\x1b[0m {}", safe::line(message));
    if let Some(hint) = hint {
        out.push_str(&format!("\n\x1b[1mhint:\x1b[0m {}", safe::line(hint)));
    }
    out
}
