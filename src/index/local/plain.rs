//! What the system refused, in its own words: tantivy's errors wrap them in Rust's.

use std::error::Error;
use std::io;
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// The cause as people read it: `permission denied`, `no storage space`, else what it says of itself.
pub(super) fn plain(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Box<dyn Error + Send + Sync> {
    let cause = cause.into();
    match refused(&*cause) {
        // These stand for what a reader of the bytes found wrong, and it says more.
        None | Some(io::ErrorKind::Other | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            match number(&cause.to_string()) {
                Some(number) => io::Error::from_raw_os_error(number).kind().to_string().into(),
                None => cause,
            }
        }
        Some(kind) => kind.to_string().into(),
    }
}

/// The system's number in an error that has passed through a string: `'File too large (os error 27)'`.
fn number(told: &str) -> Option<i32> {
    told.rsplit_once("(os error ")?.1.split_once(')')?.0.parse().ok()
}

fn refused(cause: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    if let Some(io) = cause.downcast_ref::<io::Error>() {
        return Some(io.kind());
    }
    if let Some(OpenDirectoryError::IoError { io_error, .. }) = cause.downcast_ref() {
        return Some(io_error.kind());
    }
    match cause.downcast_ref::<TantivyError>()? {
        TantivyError::IoError(io)
        | TantivyError::LockFailure(LockError::IoError(io), _)
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: io, .. }) => Some(io.kind()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;
    use std::io::{Error, ErrorKind};
    use tantivy::TantivyError;
    use tantivy::directory::error::{LockError, OpenWriteError};

    #[test]
    fn the_system_speaks_for_itself() {
        let denied = || Error::from(ErrorKind::PermissionDenied);
        let check = |cause: TantivyError, expected: &str| assert_eq!(plain(cause).to_string(), expected);
        check(denied().into(), "permission denied");
        check(TantivyError::LockFailure(LockError::wrap_io_error(denied()), None), "permission denied");
        check(
            OpenWriteError::wrap_io_error(ErrorKind::StorageFull.into(), "x".into()).into(),
            "no storage space",
        );
        check(
            TantivyError::InternalError("No space left on device (os error 28)".into()),
            "no storage space",
        );
        check(TantivyError::Poisoned, "A thread holding the locked panicked and poisoned the lock");
        assert_eq!(plain(Error::other("a word of ours")).to_string(), "a word of ours");
    }
}
