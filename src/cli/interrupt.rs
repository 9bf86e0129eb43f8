//! Ctrl-C: once, and the work ends with what was done committed; twice, and it ends at once.

use anyhow::{Context, Result};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a shell says of a program that ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Whether the user wants the work to end.
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on; `wake` is called the first time.
    pub(super) fn listen(wake: impl Fn() + Send + 'static) -> Result<Interrupt> {
        let wanted = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&wanted);
        let handler = move || {
            if heard.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED);
            }
            wake();
        };
        ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")?;
        Ok(Interrupt(wanted))
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether to go on.
    pub(super) fn flow(&self) -> ControlFlow<()> {
        if self.is_wanted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
