//! stub
use super::ReadError;
use super::cut::{Cut, Place};
use std::io::BufRead;
pub(super) fn items(_: &mut dyn BufRead, p: &Place, c: &mut Cut) {
    c.error(ReadError::content(&p.path, 0, "not yet"))
}
pub(super) fn nitf(p: &super::Piece) -> Result<crate::article::Article, super::ReadError> {
    Err(super::ReadError::content(&p.path, 0, "not yet"))
}
pub(super) fn item(p: &super::Piece) -> Result<crate::article::Article, super::ReadError> {
    Err(super::ReadError::content(&p.path, 0, "not yet"))
}
