//! The language of queries: what is read can be typed again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::query::parse::parse;

fuzz_target!(|typed: &str| match parse(typed) {
    Ok(query) => assert_eq!(parse(&query.to_string()), Ok(query)),
    Err(error) => assert!(typed.get(error.at()).is_some(), "{error}"),
});
