//! The sentence of `extract`: read, extract, render, without an index.

use crate::article::Article;
use crate::extract;
use crate::findings::Findings;
use crate::pipeline;
use crate::read::{self, ReadError, Source};
use std::ops::ControlFlow;

/// Reads the files on `threads` threads and hands on each article, rendered, in file order.
pub fn each(
    sources: &[Source],
    options: &read::Options,
    threads: usize,
    render: fn(&Article, &Findings) -> String,
    take: &mut dyn FnMut(Result<String, ReadError>) -> ControlFlow<()>,
) {
    pipeline::in_order(
        threads,
        |give| {
            for source in sources {
                let mut flow = ControlFlow::Continue(());
                read::pieces(source, options, &mut |piece| {
                    if flow.is_continue() {
                        let bytes = piece.as_ref().map_or(0, |piece| piece.bytes.len());
                        flow = give(piece, bytes);
                    }
                });
                if flow.is_break() {
                    return;
                }
            }
        },
        |piece| {
            let article = piece.and_then(|piece| read::article(&piece))?;
            read::guarded(&article, || render(&article, &extract::extract(&article)))
        },
        take,
    );
}
