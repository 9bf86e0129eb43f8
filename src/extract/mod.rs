//! The verb extract: from an article to what a careful reader finds in it.
//!
//! Pure and total: no input makes it fail, and the same article gives the same findings. The order is that of need:
//! words and sentences, then dates and places, then statements, whose speakers lean on both.

pub mod tokens;
mod headings;
pub mod sentences;
pub mod words;
mod keys;
mod hashed;
mod lexicon;
mod quotes;
mod phrases;
mod verbs;
mod subjects;
mod bounds;
mod contents;
mod around;
mod turns;
mod names;
mod setting;
mod bodies;
mod introductions;
mod people;
mod speakers;
mod reports;
mod quotation_reports;
mod noun_reports;
mod verb_reports;
pub mod dates;
pub mod places;
pub mod statements;

use crate::article::Article;
use crate::findings::{Country, Findings, Place, SpeakerKind, Statement};

/// Finds statements, speakers, countries and dates in the article.
pub fn extract(article: &Article) -> Findings {
    let text = article.text.as_str();
    let mut tokens = tokens::tokens(text);
    headings::part(text, &mut tokens);
    let words = words::words(text, &tokens);
    let sentences = sentences::sentences(text, &tokens);
    let dates = dates::dates(article, &tokens, &words, &sentences);
    let geography = places::places(article, &tokens);
    let places = &geography.places;
    let mut statements = statements::statements(article, &tokens, &words, &sentences, places);
    let speaker_countries: Vec<Country> =
        statements.iter().filter_map(|statement| statement.speaker.as_ref()?.country).collect();
    let about = places::about(&geography, &speaker_countries);
    if let [only] = &about.countries[..]
        && (only.mentions > 1 || about.dateline == Some(only.country))
    {
        // a story of one country is told by its people
        let named = statements.iter_mut().filter_map(|statement| statement.speaker.as_mut());
        for speaker in
            named.filter(|speaker| matches!(speaker.kind, SpeakerKind::Person | SpeakerKind::Organisation))
        {
            speaker.country = speaker.country.or(Some(only.country));
        }
    }
    for statement in &mut statements {
        statement.countries = countries_named(statement, places);
        let stated = dates::said_on(article, statement, &tokens, &words, &sentences, &dates);
        statement.said_on_stated = stated.is_some();
        statement.said_on = stated.or(article.published);
    }
    Findings {
        statements,
        places: geography.places,
        countries: about.countries,
        dateline_country: about.dateline,
        source_country: about.source,
        dates,
    }
}

/// The countries a statement's own words name, first named first.
fn countries_named(statement: &Statement, places: &[Place]) -> Vec<Country> {
    let mut countries = Vec::new();
    for span in &statement.spans {
        let first = places.partition_point(|place| place.span.end <= span.start);
        for place in places[first..].iter().take_while(|place| place.span.start < span.end) {
            if span.contains(place.span) && !countries.contains(&place.country) {
                countries.push(place.country);
            }
        }
    }
    countries
}
