//! Text from articles and files made safe to show: it is data, whatever it says.

/// For a terminal, in one line: control characters and those that turn the direction of writing become visible marks,
/// white space of any kind one space.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
            _ if is_unsafe(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out
}

/// For a terminal, lines kept.
pub fn lines(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Controls (C0, C1) and the marks that reorder what follows (Unicode TR9).
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One CSV cell that no spreadsheet takes for a formula: those begin with `= + - @`, tab or return, and get an
/// apostrophe before them (OWASP, CSV injection).
pub fn cell(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, line};

    #[test]
    fn escapes_and_reordering_marks_become_visible() {
        assert_eq!(line("a\x1b[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c d");
        assert_eq!(line("naïve “quotes” 北京"), "naïve “quotes” 北京");
    }

    #[test]
    fn formulas_become_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("plain"), "plain");
    }
}
