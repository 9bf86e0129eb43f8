//! What the targets share: reading bytes as an article or as a file, with every panic a crash.

use onrecord::article::Article;
use onrecord::extract;
use onrecord::read::{self, Format, Options, Piece, ReadError, Source};
use onrecord::render::findings::json;

/// `read` turns a panic into this; a fuzzer has to see it.
const GAVE_UP: &str = "the parser gave up";

fn seen(read: Result<Article, ReadError>) {
    match read {
        Ok(article) => {
            // Every offset that leaves the program is checked on its way.
            json(&article, &extract::extract(&article));
        }
        Err(error) => assert!(!error.why().contains(GAVE_UP), "{error}"),
    }
}

/// Reads the bytes as one article of the format, and extracts from it.
pub fn article(format: Format, bytes: &[u8]) {
    seen(read::article(&Piece::new(format, "x", bytes.to_vec())));
}

/// Reads the bytes as a file of that ending, cut into its articles.
pub fn file(ending: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder to write to");
    let path = folder.path().join(format!("x.{ending}"));
    std::fs::write(&path, bytes).expect("a folder just made");
    read::pieces(&Source::file(&path), &Options::default(), &mut |piece| {
        seen(piece.and_then(|piece| read::article(&piece)));
    });
}
