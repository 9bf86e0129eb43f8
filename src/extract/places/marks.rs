//! Marks of a country that are no words of the gazetteer: where a company is listed, how a county is named.

use super::neighbours::Roles;
use crate::extract::tokens::{Token, TokenKind};
use crate::findings::Country;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// How much points to each country without naming it.
pub(super) type Marks = BTreeMap<Country, usize>;

/// `country TAB exchanges`, a space between them.
const EXCHANGES: &str = include_str!("../tables/exchanges.tsv");

static COUNTRIES: LazyLock<HashMap<&str, Country>> = LazyLock::new(|| {
    let rows =
        EXCHANGES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(country, exchanges)| Some((Country::new(country)?, exchanges)))
        .flat_map(|(country, exchanges)| exchanges.split(' ').map(move |exchange| (exchange, country)))
        .collect()
});

/// The country of the exchange where the company at token `at` is listed, as Reuters writes it: `SIEG.F`, `0941.HK`. Its
/// letters alone in angle brackets, `<GM>`, are American.
pub(super) fn exchange(text: &str, tokens: &[Token], at: usize) -> Option<Country> {
    let company = &tokens[at];
    if !matches!(company.kind, TokenKind::Upper | TokenKind::Number) || company.end - company.start > 6 {
        return None;
    }
    let is = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.of(text) == mark);
    if is(at + 1, ">") && at > 0 && is(at - 1, "<") {
        return Some(Country::US);
    }
    let dot = tokens.get(at + 1).is_some_and(|token| token.glued && token.of(text) == ".");
    let exchange = tokens.get(at + 2).filter(|token| dot && token.glued && token.is_capitalised())?;
    COUNTRIES.get(exchange.of(text)).copied()
}

/// The country whose money the sign at token `at` stands for, before an amount: `$20`, not `HK$20`. Where nothing else
/// tells, dollars are American.
pub(super) fn currency(text: &str, tokens: &[Token], at: usize) -> Option<(Country, usize)> {
    let (country, weight) = match tokens[at].of(text) {
        "$" => ("US", 1),
        "£" => ("GB", 2),
        "¥" => ("JP", 1),
        "₹" => ("IN", 2),
        _ => return None,
    };
    let amount = tokens.get(at + 1).is_some_and(|token| token.glued && token.kind == TokenKind::Number);
    let foreign = tokens[at].glued && at > 0 && tokens[at - 1].is_word();
    Some((Country::new(country)?, weight)).filter(|_| amount && !foreign)
}

/// Whether the token is the party of an American member, `D-Columbus`, `R-Tex.`.
pub(super) fn is_party(text: &str, tokens: &[Token], at: usize) -> bool {
    matches!(tokens[at].of(text), "D" | "R")
        && tokens.get(at + 1).is_some_and(|token| token.glued && token.of(text) == "-")
        && tokens.get(at + 2).is_some_and(|token| token.glued && token.is_capitalised())
}

/// Whether the name that ends with token `at` is a county's as Americans write it, `Clarke County`: elsewhere the word
/// comes first or a council follows.
pub(super) fn is_american_county(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens[at].kind == TokenKind::Capital
        && tokens.get(at + 1).is_some_and(|token| token.of(text) == "County")
        && !tokens.get(at + 2).is_some_and(|token| Roles::of(token.of(text)).any(Roles::COUNTY))
}
