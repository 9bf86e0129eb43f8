//! What can go wrong with an index, and what to do about it.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// Why an index could not be opened, written or asked; what lies behind it is its `source`.
#[derive(Debug)]
pub struct IndexError {
    message: String,
    hint: Option<String>,
    missing: bool,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl IndexError {
    /// There is no index there.
    pub fn missing(place: impl fmt::Display) -> IndexError {
        IndexError {
            message: format!("no index in `{place}`"),
            hint: Some("run `onrecord index PATH...` to make one, or name another with --index".into()),
            missing: true,
            cause: None,
        }
    }

    /// Another process writes the index.
    pub fn locked(dir: &Path) -> IndexError {
        IndexError {
            message: format!("another onrecord is writing the index in `{}`", dir.display()),
            hint: Some("wait for it to end; searching goes on meanwhile".into()),
            missing: false,
            cause: None,
        }
    }

    /// The index was made by a version that keeps other fields.
    pub fn version(place: impl fmt::Display, found: Option<u32>, ours: u32) -> IndexError {
        let found = found.map_or("another schema".to_owned(), |version| format!("schema {version}"));
        IndexError {
            message: format!("the index in `{place}` has {found}, this program writes schema {ours}"),
            hint: Some("run `onrecord index --fresh PATH...` to build it anew from the files".into()),
            missing: false,
            cause: None,
        }
    }

    /// This program was built to know folders only.
    #[cfg(not(feature = "opensearch"))]
    pub(super) fn no_clusters() -> IndexError {
        let why = "this onrecord was built without the feature `opensearch`";
        IndexError::new("cannot reach an index on a cluster", why)
            .with_hint("`cargo install onrecord` builds one with it")
    }

    /// `doing` what failed: `cannot write the index in …`.
    pub fn new(doing: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> IndexError {
        IndexError { message: doing.into(), hint: None, missing: false, cause: Some(cause.into()) }
    }

    /// The same with what to do about it.
    pub fn with_hint(mut self, hint: impl Into<String>) -> IndexError {
        self.hint = Some(hint.into());
        self
    }

    pub fn is_not_found(&self) -> bool {
        self.missing
    }

    /// The way out, where there is one.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The cause is part of the message; told as a `source` too, a chain would print it twice.
impl Error for IndexError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}
