//! The verb render: answers and findings for people and for programs.

pub mod findings;
