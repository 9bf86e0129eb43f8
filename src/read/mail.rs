//! stub
pub(super) fn article(p: &super::Piece) -> Result<crate::article::Article, super::ReadError> {
    Err(super::ReadError::content(&p.path, 0, "not yet"))
}
