//! The border at which a parser's panic becomes an error of the file it was reading.

use super::ReadError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside [`guard`], where a panic is no news for the terminal.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Does the work; a panic in it is an error about `path`, and nothing is printed.
///
/// Nothing is shared between the work and the world but what it returns, so that nothing can be left half done.
pub(super) fn guard<T>(path: &str, work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
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
    done.unwrap_or_else(|_| {
        Err(ReadError::content(path, 0, "too damaged or too strange, the parser gave up"))
    })
}

#[cfg(test)]
mod tests {
    use super::guard;

    #[test]
    fn a_panic_is_an_error() {
        let caught = guard::<()>("x.pdf", || panic!("deep inside"));
        assert_eq!(
            caught.unwrap_err().to_string(),
            "cannot read `x.pdf`: too damaged or too strange, the parser gave up"
        );
        assert_eq!(guard("x.pdf", || Ok(1)).unwrap(), 1);
    }
}
