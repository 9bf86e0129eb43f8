//! The progress bar of an ingest: bytes passed of bytes given, on a terminal only.

use crate::ingest::Tally;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// A bar over the bytes to pass, hidden where stderr is no terminal or nothing is to be said.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// `bytes` is asked only for a bar that is seen: it looks at every file.
    pub(super) fn new(bytes: impl FnOnce() -> u64, hidden: bool) -> Progress {
        let hidden = hidden || !std::io::stderr().is_terminal();
        let target =
            if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        let bar = ProgressBar::with_draw_target((!hidden).then(bytes), target);
        let style = "{bar:24} {percent:>3}%  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left  {msg}";
        bar.set_style(
            ProgressStyle::with_template(style).expect("a template of known keys").progress_chars("██░"),
        );
        if !hidden {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Progress(bar)
    }

    pub(super) fn show(&self, bytes: u64, tally: &Tally) {
        if !self.0.is_hidden() {
            self.0.set_position(bytes);
            self.0.set_message(format!("{} articles", tally.new + tally.changed + tally.unchanged));
        }
    }

    /// Lets `print` write to stderr without breaking the bar.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
