//! The schemas that follow from the table of fields are the ones checked in: a change shows in review.

use crate::run::golden;

#[test]
fn the_tantivy_schema_follows_from_the_table() {
    golden("index_schema/derived/local.json", &onrecord::index::local::schema_json());
}

#[cfg(feature = "opensearch")]
#[test]
fn the_opensearch_mapping_follows_from_the_table() {
    golden("index_schema/derived/remote.json", &onrecord::index::remote::mapping_json());
}

#[test]
fn help_is_as_it_was_reviewed() {
    let mut command = onrecord::cli::command().term_width(100).help_expected(true);
    command.build();
    let mut help = command.render_long_help().to_string();
    for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
        let name = sub.get_name().to_owned();
        help.push_str(&format!("\n─── onrecord {name} ───\n\n{}", sub.render_long_help()));
    }
    golden("tests/it/golden/help.txt", &help);
}
