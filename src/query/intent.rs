//! Reads `Harris statements` as a person means it.
