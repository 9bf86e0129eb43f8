//! What can go wrong while reading, in words for the person whose file it is.

use std::fmt;

/// Why a file, or one article in it, could not be read.
#[derive(Debug)]
pub struct ReadError {
    path: String,
    /// From 1; 0 where lines mean nothing.
    line: u32,
    why: String,
    not_article: bool,
    cause: Option<std::io::Error>,
}

impl ReadError {
    /// The file could not be opened or read.
    pub fn io(path: &str, cause: std::io::Error) -> ReadError {
        let why = match cause.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            std::io::ErrorKind::UnexpectedEof => "cut short".to_owned(),
            // Decoders and limits speak for themselves; the system adds a number that helps nobody.
            _ => without_number(&cause.to_string()).to_owned(),
        };
        ReadError { path: path.to_owned(), line: 0, why, not_article: false, cause: Some(cause) }
    }

    /// The bytes were there but are not what they should be; `why` is lowercase, without a final dot.
    pub fn content(path: &str, line: u32, why: impl Into<String>) -> ReadError {
        ReadError { path: path.to_owned(), line, why: why.into(), not_article: false, cause: None }
    }

    /// The file is whole, but no article: an image beside a page, a style sheet, a program.
    pub fn not_article(path: &str, why: impl Into<String>) -> ReadError {
        ReadError { path: path.to_owned(), line: 0, why: why.into(), not_article: true, cause: None }
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

    /// Whether the file is not there.
    pub fn is_not_found(&self) -> bool {
        self.cause.as_ref().is_some_and(|cause| cause.kind() == std::io::ErrorKind::NotFound)
    }

    /// Whether nothing is wrong with the file, it only holds no article: to be counted, not complained about.
    pub fn is_not_article(&self) -> bool {
        self.not_article
    }
}

/// `permission denied (os error 13)` without its bracket.
fn without_number(message: &str) -> &str {
    message.split(" (os error ").next().unwrap_or(message)
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read `{}`: ", self.path)?;
        // A hint stands on its own line, after the place.
        let (why, hint) = self.why.split_once('\n').unwrap_or((&self.why, ""));
        match self.line {
            0 => f.write_str(why)?,
            line => write!(f, "{why} on line {line}")?,
        }
        if hint.is_empty() { Ok(()) } else { write!(f, "\n{hint}") }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::ReadError;

    #[test]
    fn one_clear_line() {
        let check = |error: ReadError, expected: &str| assert_eq!(error.to_string(), expected);
        check(
            ReadError::content("x.jsonl", 7, "not a JSON object"),
            "cannot read `x.jsonl`: not a JSON object on line 7",
        );
        check(
            ReadError::io("gone.txt", std::io::ErrorKind::NotFound.into()),
            "cannot read `gone.txt`: no such file or folder",
        );
        check(
            ReadError::io("loop", std::io::Error::other("too many links (os error 40)")),
            "cannot read `loop`: too many links",
        );
        check(
            ReadError::content("t.csv", 0, "no column holds the text\nhint: name it"),
            "cannot read `t.csv`: no column holds the text\nhint: name it",
        );
    }
}
