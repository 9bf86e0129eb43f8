//! Everything that is tested from outside, in one binary.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "figures and what was skipped are read in the runner's output")]

mod run;
#[cfg(unix)]
mod denied;
mod derived;
mod durability;
mod asking;
mod facets;
mod floors;
mod fuzz;
mod formats;
mod hostile;
mod parsers;
mod scenes;
mod ranking;
mod statements;
mod index;
#[cfg(unix)]
mod watch;
mod languages;
mod linear;
mod order;
mod properties;
mod quality;
#[cfg(feature = "opensearch")]
mod faults;
#[cfg(feature = "opensearch")]
mod remote;
#[cfg(feature = "opensearch")]
mod tls;
mod tidy;
mod who;
