//! CSV and its columns.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| onrecord_fuzz::file("csv", bytes));
