//! The program: run, print the error, choose the exit code.

use onrecord::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(outcome) => outcome.into(),
        Err(error) => cli::report(&error).into(),
    }
}
