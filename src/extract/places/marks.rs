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
    if tokens[at].kind != TokenKind::Mark {
        return None;
    }
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
    tokens[at].kind == TokenKind::Capital
        && matches!(tokens[at].of(text), "D" | "R")
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

#[cfg(test)]
mod tests {
    use super::{currency, exchange, is_american_county, is_party};
    use crate::extract::tokens::tokens;

    /// The marks found at any token of the text, in order.
    fn check(text: &str, expected: &str) {
        let tokens = tokens(text);
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            let money = currency(text, &tokens, at).map(|(country, _)| country);
            let countries = [exchange(text, &tokens, at), money];
            found.extend(countries.iter().flatten().map(|country| country.code().to_owned()));
            found.extend(is_american_county(text, &tokens, at).then(|| "county".to_owned()));
            found.extend(is_party(text, &tokens, at).then(|| "party".to_owned()));
        }
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn exchanges() {
        check("Siemens <SIEG.F> and Exxon ( XOM.N ) and <GM> and 0941.HK", "DE US US HK");
        check("U.S. Steel, see p. 3. The END.", "");
    }

    #[test]
    fn money() {
        check("It cost $20, £3 or ¥400.", "US GB JP");
        check("HK$20 or US$3 or $ and £", "");
    }

    #[test]
    fn counties_and_parties() {
        check("Clarke County jail, Cork County Council, County Durham", "county");
        check("Sen. Roe, D-Columbus, and a D-day", "party");
    }
}
