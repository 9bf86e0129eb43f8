//! One article whole: every statement with its speaker, kind, role, country and day, as reviewed.

use crate::run::{golden, repository};
use onrecord::extract::extract;
use onrecord::read::{self, Source};

#[test]
fn who_said_what_at_the_leaders_meeting() {
    let mut found = String::new();
    let source = Source::file(&repository("corpus/sample/leaders-meeting-opens.txt"));
    read::pieces(&source, &read::Options::default(), &mut |piece| {
        let article = read::article(&piece.unwrap()).unwrap();
        for statement in extract(&article).statements {
            let speaker = statement.speaker.as_ref();
            let of = |value: Option<&str>| value.unwrap_or("-").to_owned();
            let facts = [
                statement.quote.name().to_owned(),
                of(speaker.and_then(|speaker| speaker.name.as_deref())),
                of(speaker.map(|speaker| speaker.kind.name())),
                of(speaker.and_then(|speaker| speaker.role.as_deref())),
                of(speaker.and_then(|speaker| speaker.organisation.as_deref())),
                of(speaker.and_then(|speaker| speaker.country.as_ref()).map(|country| country.code())),
                of(statement.said_on.map(|day| day.to_string()).as_deref()),
            ];
            found.push_str(&format!("{}\n  {}\n", facts.join(" | "), statement.words(&article.text)));
        }
    });
    golden("tests/it/golden/leaders-meeting.txt", &found);
}
