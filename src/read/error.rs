//! What can go wrong while reading, in words for the person whose file it is.

use std::fmt;

/// Why a file, or one article in it, could not be read.
#[derive(Debug)]
pub struct ReadError {
    path: String,
    /// From 1; 0 where lines mean nothing.
    line: u32,
    why: String,
    cause: Option<std::io::Error>,
}

impl ReadError {
    /// The file could not be opened or read.
    pub fn io(path: &str, cause: std::io::Error) -> ReadError {
        ReadError { path: path.to_owned(), line: 0, why: cause.to_string(), cause: Some(cause) }
    }

    /// The bytes were there but are not what they should be; `why` is lowercase, without a final dot.
    pub fn content(path: &str, line: u32, why: impl Into<String>) -> ReadError {
        ReadError { path: path.to_owned(), line, why: why.into(), cause: None }
    }

    /// The path it is about, as the user named it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line it is about, from 1; 0 where lines mean nothing.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// What is wrong, without the path.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Whether the file is no article by its name.
    pub fn is_not_article(&self) -> bool {
        false
    }

    /// Whether the file is not there.
    pub fn is_not_found(&self) -> bool {
        self.cause.as_ref().is_some_and(|cause| cause.kind() == std::io::ErrorKind::NotFound)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "cannot read `{}`: {}", self.path, self.why),
            line => write!(f, "cannot read `{}`: {} on line {line}", self.path, self.why),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}
