//! The border at which a panic becomes an error of the file or article that was worked on.

use super::ReadError;
use crate::article::Article;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside [`caught`], where a panic is no news for the terminal.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Does the work; a panic in it is an error about `path`, and nothing is printed.
pub(super) fn guard<T>(path: &str, work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    let gave_up = || ReadError::content(path, 0, "too damaged or too strange, the parser gave up");
    caught(work).unwrap_or_else(|| Err(gave_up()))
}

/// Does what follows from an article. That is meant to be total; should a rule fail on some text all the same, it costs
/// that article and not the run.
pub fn guarded<T>(article: &Article, work: impl FnOnce() -> T) -> Result<T, ReadError> {
    caught(work)
        .ok_or_else(|| ReadError::content(&article.path, article.line, "extraction failed on its text"))
}

/// What the work gives; `None` where it panics.
///
/// Nothing is shared between the work and the world but what it returns, so that nothing can be left half done.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !INSIDE.get() {
                before(panic);
            }
        }));
    });
    let outer = INSIDE.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outer);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::{guard, guarded};
    use crate::article::Article;

    #[test]
    fn a_panic_is_an_error() {
        let caught = guard::<()>("x.pdf", || panic!("deep inside"));
        assert_eq!(
            caught.unwrap_err().to_string(),
            "cannot read `x.pdf`: too damaged or too strange, the parser gave up"
        );
        assert_eq!(guard("x.pdf", || Ok(1)).unwrap(), 1);
        let article = Article { path: "x.jsonl".to_owned(), line: 3, ..Article::default() };
        assert_eq!(
            guarded::<()>(&article, || panic!("deep inside")).unwrap_err().to_string(),
            "cannot read `x.jsonl`: extraction failed on its text on line 3"
        );
    }
}
