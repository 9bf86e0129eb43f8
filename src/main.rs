//! The program: extraction only, for now.

use onrecord::{extract, read, render};
use std::io::Write;

fn main() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for argument in
        std::env::args().skip(1).filter(|a| !a.starts_with("--") && a != "extract" && a != "jsonl")
    {
        let source = read::Source::file(std::path::Path::new(&argument));
        read::pieces(&source, &read::Options::default(), &mut |piece| match piece
            .and_then(|piece| read::article(&piece))
        {
            Ok(article) => {
                let findings = extract::extract(&article);
                let _ = writeln!(out, "{}", render::findings::json(&article, &findings));
            }
            Err(error) if error.is_not_article() => {}
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "error: {error}");
            }
        });
    }
}
