//! The dear part, on any thread: from the bytes of an article to its documents.

use super::plan::{Stat, Step};
use crate::article::Article;
use crate::compose;
use crate::document::Document;
use crate::extract;
use crate::ledger::{ArticleRecord, FileRecord};
use crate::read::{self, About, ReadError};
use crate::story::Fingerprint;
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// The outcome of a step, understood; with each article the bytes it stood in.
pub(super) enum Done {
    Unchanged(Stat),
    Unread(ReadError),
    Begin(Stat),
    /// An article the index holds as it is.
    Same(ArticleRecord, u64),
    Article(Box<Found>, u64),
    Failed(ReadError, u64),
    End(About, Option<String>),
}

/// An article for the index, whose documents do not yet say the story that the record has.
pub(super) struct Found {
    pub(super) record: ArticleRecord,
    pub(super) documents: Vec<Document>,
}

/// What is known of the articles of the files to be read.
pub(super) struct Known<'k> {
    /// By the file's number and the article's place.
    articles: HashMap<(usize, &'k str), &'k ArticleRecord>,
    stories: &'k HashMap<String, String>,
}

impl<'k> Known<'k> {
    /// `files` are by number; `stories` leads from an article's id to its story's.
    pub(super) fn new(
        files: &'k [Option<Arc<FileRecord>>],
        stories: &'k HashMap<String, String>,
    ) -> Known<'k> {
        let mut articles = HashMap::new();
        for (number, file) in files.iter().enumerate() {
            for article in file.iter().flat_map(|file| &file.articles) {
                articles.insert((number, article.place.as_str()), article);
            }
        }
        Known { articles, stories }
    }
}

/// Understands a step of the file of that number.
pub(super) fn understand(number: usize, step: Step, known: &Known) -> Done {
    let piece = match step {
        Step::Piece(piece) => piece,
        Step::Unchanged(stat) => return Done::Unchanged(stat),
        Step::Unread(error) => return Done::Unread(error),
        Step::Begin(stat) => return Done::Begin(stat),
        Step::Failed(error) => return Done::Failed(error, 0),
        Step::End(about, map) => return Done::End(about, map),
    };
    let bytes = piece.bytes.len() as u64;
    let article = match read::article(&piece) {
        Ok(article) => article,
        Err(error) => return Done::Failed(error, bytes),
    };
    let place = article.place();
    let hash = hash(&article);
    if let Some(&record) = known.articles.get(&(number, place.as_str())).filter(|record| record.hash == hash)
    {
        return Done::Same(record.clone(), bytes);
    }
    let documents = read::guarded(&article, || {
        let findings = extract::extract(&article);
        compose::documents(&article, &findings)
    });
    match documents {
        Ok(documents) => {
            let record = ArticleRecord {
                id: article.id.clone(),
                hash,
                identity: article.identity(),
                place,
                published: article.published,
                fingerprint: Fingerprint::of(&article.text),
                story: known.stories.get(&article.id).cloned(),
            };
            Done::Article(Box::new(Found { record, documents }), bytes)
        }
        Err(error) => Done::Failed(error, bytes),
    }
}

/// A hash of all that was read of an article, never 0.
fn hash(article: &Article) -> u64 {
    let Article {
        id,
        url,
        title,
        byline,
        source,
        lang,
        published,
        published_at,
        dateline,
        text,
        captions,
        ..
    } = article;
    let all =
        format!("{:?}", (id, url, title, byline, source, lang, published, published_at, dateline, captions));
    let mut hasher = Xxh3::new();
    hasher.update(all.as_bytes());
    hasher.update(text.as_bytes());
    hasher.digest().max(1)
}
