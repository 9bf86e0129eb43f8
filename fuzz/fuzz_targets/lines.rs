//! JSON, in lines and in arrays, cut into objects.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    onrecord_fuzz::file("json", bytes);
    onrecord_fuzz::file("jsonl", bytes);
});
