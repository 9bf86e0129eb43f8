//! Printing for people: how wide the terminal is, and the pager.

use super::args::Colour;
use anyhow::Result;
use std::io::{IsTerminal, Write};

/// The terminal's width; 80 where there is no terminal, unless `$COLUMNS` says otherwise.
pub(super) fn columns() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    named.or(found).unwrap_or(80).clamp(40, 200)
}

/// Settles when colours are printed, on stdout and stderr alike.
pub(super) fn colour(when: Colour) {
    let choice = match when {
        Colour::Auto => anstream::ColorChoice::Auto,
        Colour::Always => anstream::ColorChoice::Always,
        Colour::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// In one piece, with colours where stdout shows them.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(&coloured(text)?)?;
    out.flush()?;
    Ok(())
}

/// The text as stdout shows it: its colours, or none.
fn coloured(text: &str) -> Result<Vec<u8>> {
    let choice = anstream::AutoStream::choice(&std::io::stdout());
    let mut shown = anstream::AutoStream::new(Vec::with_capacity(text.len()), choice);
    shown.write_all(text.as_bytes())?;
    Ok(shown.into_inner())
}

/// Through the pager where stdout is a terminal too low for the text.
pub(super) fn page_or_print(text: &str) -> Result<()> {
    let height = terminal_size::terminal_size().map(|(_, height)| usize::from(height.0));
    let too_long = height.is_some_and(|height| text.lines().count() >= height);
    if !too_long || !std::io::stdout().is_terminal() {
        return print(text);
    }
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return print(text) };
    let mut command = std::process::Command::new(program);
    command.args(words).stdin(std::process::Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return print(text) };
    if let Some(mut stdin) = child.stdin.take() {
        // the pager shows colours where stdout would have; a reader who leaves early closes the pipe
        let _ = stdin.write_all(&coloured(text)?);
    }
    child.wait()?;
    Ok(())
}
