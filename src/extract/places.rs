//! Places in the text and the countries they lie in, and which of these the story is about.

use super::sentences::Sentence;
use super::tokens::Token;
use crate::article::Article;
use crate::findings::{Country, CountryCount, Place};

/// The namings of countries and of places in them, in text order, not overlapping.
pub fn places(_article: &Article, _tokens: &[Token], _sentences: &[Sentence]) -> Vec<Place> {
    Vec::new()
}

/// The countries of a story as a whole.
pub struct About {
    /// Best first.
    pub countries: Vec<CountryCount>,
    pub dateline: Option<Country>,
    pub source: Option<Country>,
}

/// Weighs the article's places, title, dateline and speakers' countries.
pub fn about(_article: &Article, _places: &[Place], _speakers: &[Country]) -> About {
    About { countries: Vec::new(), dateline: None, source: None }
}
