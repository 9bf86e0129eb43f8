//! The program: run, print the error, choose the exit code.

use onrecord::cli;
use std::process::ExitCode;

/// A tenth of the work on an article is in allocations, many freed on another thread than made them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(outcome) => outcome.into(),
        Err(error) => cli::report(&error).into(),
    }
}
