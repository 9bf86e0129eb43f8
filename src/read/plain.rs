//! Plain text as people save it: header lines, captions, body, and a tail that is none of the story.

use super::{Piece, ReadError};
use crate::article::Article;

/// The text's article.
pub(super) fn article(piece: &Piece) -> Result<Article, ReadError> {
    let text = String::from_utf8(piece.bytes.clone()).map_err(|cause| {
        ReadError::content(
            &piece.path,
            0,
            format!("not valid UTF-8 at byte {}", cause.utf8_error().valid_up_to()),
        )
    })?;
    Ok(Article { path: piece.path.clone(), line: 1, text, ..Article::default() })
}
