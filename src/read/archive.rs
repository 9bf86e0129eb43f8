//! stub
use super::ReadError;
use super::cut::{Cut, Place};
use std::io::{BufRead, Read, Seek};
pub(super) fn zip<R: Read + Seek>(_: R, p: &Place, c: &mut Cut) {
    c.error(ReadError::content(&p.path, 0, "not yet"))
}
pub(super) fn gzip(_: &mut dyn BufRead, p: &Place, c: &mut Cut) {
    c.error(ReadError::content(&p.path, 0, "not yet"))
}
pub(super) fn zstd(_: &mut dyn BufRead, p: &Place, c: &mut Cut) {
    c.error(ReadError::content(&p.path, 0, "not yet"))
}
