//! Tokens, sentences, quotations, statements, dates and places in any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::{Article, Day};
use onrecord::extract::extract;
use onrecord::render::findings::{csv, json, text};

fuzz_target!(|words: &str| {
    let article = Article {
        text: words.to_owned(),
        published: Some(Day::constant(2024, 2, 29)),
        lang: Some("en".to_owned()),
        ..Article::default()
    };
    let findings = extract(&article);
    json(&article, &findings);
    csv(&article, &findings);
    text(&article, &findings);
    assert_eq!(findings, extract(&article));
});
