//! Statements in the text: the reported words, the reporting word, and who said them.

use super::names;
use super::phrases::{self, Reading};
use super::quotes;
use super::reports::{Finder, Report};
use super::sentences::{self, Sentence};
use super::setting::Setting;
use super::speakers::Speakers;
use super::tokens::{self, Token, TokenKind};
use super::turns;
use super::words::{Word, class};
use crate::article::Article;
use crate::findings::{Confidence, Place, Quote, Statement};

/// The statements of the article, in text order.
pub fn statements(
    article: &Article,
    tokens: &[Token],
    words: &[Word],
    sentences: &[Sentence],
    places: &[Place],
) -> Vec<Statement> {
    let text = article.text.as_str();
    if !is_english(tokens, words) {
        return Vec::new();
    }
    let paragraphs = sentences::paragraphs(tokens);
    let quotations = quotes::quotations(text, tokens, &paragraphs);
    let reading = Reading { text, tokens, words, quotations: &quotations };
    let mut finder =
        Finder { reading, found: Vec::new(), pending: None, last: None, subject: None, taken: Vec::new() };
    let turns = turns::turns(&reading, &paragraphs);
    let mut quote = 0;
    for (&(first, end), turn) in paragraphs.iter().zip(turns) {
        match turn {
            Some(turn) => finder.turn(&turn),
            None => {
                let (phrases, ends) = phrases::phrases(&reading, first, end, &mut quote);
                finder.paragraph(&phrases, &ends);
            }
        }
    }
    finder.found.sort_by_key(|report| report.spans[0]);
    if finder.found.is_empty() {
        return Vec::new();
    }
    let elsewhere = full_names(article);
    let runs = names::runs(&reading);
    let setting = Setting { reading, runs: &runs, places };
    let mut speakers = Speakers::new(setting, sentences, &elsewhere);
    finder.found.iter().map(|report| statement(&finder, report, &mut speakers)).collect()
}

/// Whether the words are English ones often enough: articles, prepositions, pronouns and auxiliaries make up some four
/// in ten words of English, and hardly any of the lexicon's stand in other languages.
fn is_english(tokens: &[Token], words: &[Word]) -> bool {
    let closed = class::DET | class::PREP | class::SUBJ | class::AUX | class::CC | class::TO;
    let (mut count, mut known) = (0, 0);
    for (token, word) in tokens.iter().zip(words) {
        count += usize::from(token.is_word());
        known += usize::from(word.is(closed));
    }
    count < 30 || known * 7 >= count
}

/// The full names in the title and the captions.
fn full_names(article: &Article) -> Vec<String> {
    let mut found = Vec::new();
    for text in std::iter::once(&article.title).chain(&article.captions) {
        found.extend(phrases::read(text, names::person_names));
    }
    found
}

fn statement(finder: &Finder, report: &Report, speakers: &mut Speakers) -> Statement {
    let tokens = finder.reading.tokens;
    let span = |&(first, end): &(usize, usize)| tokens::span(tokens, first, end);
    let (speaker, confidence) = match &report.speaker {
        Some(mention) => {
            let (speaker, sure) = speakers.speaker(mention);
            (Some(speaker), report.confidence.min(sure))
        }
        None => (None, Confidence::Low),
    };
    Statement {
        quote: quote(finder, report),
        spans: report.spans.iter().map(span).collect(),
        cue: report.cue.as_ref().map(span),
        speaker,
        confidence,
        countries: Vec::new(),
        said_on: None,
        said_on_stated: false,
    }
}

/// How much of the report stands in quotation marks.
fn quote(finder: &Finder, report: &Report) -> Quote {
    let mut quoted = 0;
    let mut total = 0;
    let quotations = finder.reading.quotations;
    for &(first, end) in &report.spans {
        let mut next = quotations.partition_point(|quotation| quotation.end <= first);
        for at in first..end {
            let token = &finder.reading.tokens[at];
            if token.kind == TokenKind::Mark {
                continue;
            }
            while quotations.get(next).is_some_and(|quotation| quotation.end <= at) {
                next += 1;
            }
            let length = token.end - token.start;
            total += length;
            if quotations.get(next).is_some_and(|quotation| quotation.open <= at) {
                quoted += length;
            }
        }
    }
    if quoted == 0 {
        Quote::Indirect
    } else if quoted * 10 >= total * 9 {
        Quote::Direct
    } else {
        Quote::Mixed
    }
}

#[cfg(test)]
mod tests {
    use super::statements;
    use crate::article::{Article, Span};
    use crate::extract::{sentences::sentences, tokens::tokens, words::words};
    use crate::findings::{Country, Place, Statement};

    fn found(text: &str) -> (Article, Vec<Statement>) {
        let article = Article { text: text.to_owned(), ..Article::default() };
        let tokens = tokens(text);
        let sentences = sentences(text, &tokens);
        let mut places: Vec<Place> = ["Norway", "Norwegian"]
            .iter()
            .flat_map(|word| text.match_indices(word))
            .filter_map(|(at, word)| {
                Some(Place { span: Span::new(at, at + word.len()), country: Country::new("NO")? })
            })
            .collect();
        places.sort_by_key(|place| place.span);
        places.dedup_by_key(|place| place.span.start);
        let found = statements(&article, &tokens, &words(text, &tokens), &sentences, &places);
        (article, found)
    }

    /// Each statement as `quote | cue | speaker | words`, the speaker by full name or else by mention.
    fn check(text: &str, expected: &[&str]) {
        let (article, found) = found(text);
        let rows: Vec<String> = found
            .iter()
            .map(|statement| {
                let cue = statement.cue.map_or("-", |cue| cue.of(&article.text));
                let speaker = statement
                    .speaker
                    .as_ref()
                    .map_or("-", |speaker| speaker.name.as_deref().unwrap_or(speaker.span.of(&article.text)));
                format!("{} | {cue} | {speaker} | {}", statement.quote.name(), statement.words(&article.text))
            })
            .collect();
        assert_eq!(rows, expected, "in {text:?}");
    }

    #[test]
    fn times_and_adverbs_stand_between_the_speaker_and_the_verb() {
        check("Ann Lee later that year said it rained.", &["indirect | said | Ann Lee | it rained"]);
        check(
            "Boreal Corp, which last month said it rained, fell.",
            &["indirect | said | Boreal | it rained"],
        );
        check(
            "Dull lost a deal to Boreal and Ann Lee last month said that it rained.",
            &["indirect | said | Ann Lee | that it rained"],
        );
        check("Separately, a lawyer said it rained.", &["indirect | said | lawyer | it rained"]);
        check("The rain prompted many to say it was late.", &["indirect | to say | many | it was late"]);
        check("It is late, new acting mayor Ann Lee said.", &["indirect | said | Ann Lee | It is late"]);
        check(
            "(Courier) - Boreal Corp, a maker of trams, said it rained.",
            &["indirect | said | Boreal | it rained"],
        );
    }

    #[test]
    fn labels_name_who_speaks_below_them() {
        check(
            "The comments:\n\nANN LEE, ECONOMIST, BOREAL BANK, DULL\n\n\"It will rain for a long time.\"\n\nIt rained.",
            &["direct | - | ANN LEE | \"It will rain for a long time.\""],
        );
        check(
            "It fell. ANN LEE, ECONOMIST, ST. BOREAL: \"It will rain for a long time.\"",
            &["direct | : | ANN LEE | \"It will rain for a long time.\""],
        );
    }

    #[test]
    fn direct_speech_around_its_reporting_clause() {
        check(
            "“We will go,” said Ann Lee, the mayor. “Soon.”",
            &["direct | said | Ann Lee | “We will go,” … “Soon.”"],
        );
        check("“Is it late?” Ann Lee wondered.", &["direct | wondered | Ann Lee | “Is it late?”"]);
        check(
            "“Go!” Ann Lee, the mayor of Dull and a friend of the port, shouted to the crowd.",
            &["direct | shouted | Ann Lee | “Go!”"],
        );
        check("Ann Lee told reporters: ''It is late.''", &["direct | told | Ann Lee | ''It is late.''"]);
        check(
            "“It is late,” Lee, a mayor from Dull, told the Courier.",
            &["direct | told | Lee | “It is late,”"],
        );
        check(
            "“It is late and dark here.” ― Ann Lee",
            &["direct | ― | Ann Lee | “It is late and dark here.”"],
        );
        check("He saw “The Night Boat” and the “great” wall.", &[]);
        check(
            "“It is late,” Joe “Sloppy” Reed said. Reed said it was dark.",
            &["direct | said | Joe Reed | “It is late,”", "indirect | said | Joe Reed | it was dark"],
        );
    }

    #[test]
    fn indirect_speech_and_its_bounds() {
        check("Ann Lee said on Monday that it was late.", &["indirect | said | Ann Lee | that it was late"]);
        check("The boat, she said, was late.", &["indirect | said | she | The boat … was late"]);
        check(
            "The boat was late, according to Ann Lee.",
            &["indirect | according to | Ann Lee | The boat was late"],
        );
        check("As Lee noted, the boat was late.", &["indirect | noted | Lee | the boat was late"]);
        check("While Lee said it was late, the boat sailed.", &["indirect | said | Lee | it was late"]);
        check(
            "Ann Lee said it was late, adding that the boat had gone.",
            &[
                "indirect | said | Ann Lee | it was late",
                "indirect | adding | Ann Lee | that the boat had gone",
            ],
        );
        check("Lee called it late and said “we” must go.", &["mixed | said | Lee | “we” must go"]);
    }

    #[test]
    fn clauses_without_that() {
        check("Ann Lee said there was a plan.", &["indirect | said | Ann Lee | there was a plan"]);
        check(
            "Lee said selling boats to others has been hard.",
            &["indirect | said | Lee | selling boats to others has been hard"],
        );
        check(
            "Lee said praise from Reed would not help.",
            &["indirect | said | Lee | praise from Reed would not help"],
        );
        check("Half said they liked it.", &["indirect | said | Half | they liked it"]);
        check("Lee said after the vote he would go.", &["indirect | said | Lee | he would go"]);
        check("He found a boat. He found that few care.", &["indirect | found | He | that few care"]);
        check("A poll found few people cared.", &["indirect | found | poll | few people cared"]);
    }

    #[test]
    fn clauses_before_and_around_the_reporting_one() {
        check("That pier was late, Mr. Reed said.", &["indirect | said | Reed | That pier was late"]);
        check(
            "Under the plan it would rain, officials said.",
            &["indirect | said | officials | Under the plan it would rain"],
        );
        check("Now, she said, the boats are late.", &["indirect | said | she | Now … the boats are late"]);
        check(
            "The solution, the mayor told them, was simple.",
            &["indirect | told | mayor | The solution … was simple"],
        );
        check(
            "It is a pier which officials said will open soon.",
            &["indirect | said | officials | which … will open soon"],
        );
        check(
            "The boats that rot at the pier must be sold, Lee said.",
            &["indirect | said | Lee | The boats that rot at the pier must be sold"],
        );
        check(
            "It is late, according to the most recent data.",
            &["indirect | according to | most recent data | It is late"],
        );
        check(
            "It is late, said mayor and driver Tom Reed, the chief.",
            &["indirect | said | mayor | It is late"],
        );
        check(
            "Lee told a crowd in Dull, Norway, on Monday that it was late.",
            &["indirect | told | Lee | that it was late"],
        );
    }

    #[test]
    fn subjects_behind_what_hides_them() {
        let check = |text: &str, speaker: &str| {
            check(text, &[&format!("indirect | said | {speaker} | it was late")]);
        };
        check("Ann Lee (D-Dull), a supporter of the mayor said it was late.", "Ann Lee");
        check("The pier closed. Ann Lee and Tom Reed both said it was late.", "Ann Lee");
        check("The officials whose boats were lost said it was late.", "officials");
        check("The No. 2 airline, which left the port, said it was late.", "No. 2 airline");
        check("Ann Lee late on Friday said it was late.", "Ann Lee");
        check("He saw the boat in August and last week said it was late.", "He");
        check("Officials in Dull and at the port said it was late.", "Officials in Dull and at the port");
    }

    #[test]
    fn those_who_speak_in_recordings_and_writings() {
        check(
            "He showed footage of Ann Lee saying it was late.",
            &["indirect | saying | Ann Lee | it was late"],
        );
        check("Reed sent a letter to Lee saying it was late.", &["indirect | saying | Reed | it was late"]);
    }

    #[test]
    fn headings_are_no_statements() {
        check(
            "Lee said it was late.\n\n'All bets are off'\n\nThe boat left.",
            &["indirect | said | Lee | it was late"],
        );
    }

    #[test]
    fn a_report_within_a_clause_or_a_report_ends_with_it() {
        check(
            "As Ann Lee announced that it was late, he sailed.",
            &["indirect | announced | Ann Lee | that it was late"],
        );
        check("Asked why it was late, Ann Lee left.", &["indirect | Asked | - | why it was late"]);
        check(
            "When voters were asked who was late, Lee left.",
            &["indirect | were asked | - | who was late"],
        );
        check("Piers are dear, although Boreal has charged more.", &[]);
        check("The port added 20 jobs in May, and Dull lost some.", &[]);
        check(
            "Ann Lee told the port she was late, the Courier reported on Friday.",
            &[
                "indirect | reported | Courier | Ann Lee told the port she was late",
                "indirect | told | Ann Lee | she was late",
            ],
        );
    }

    #[test]
    fn acts_report_what_they_quote() {
        check(
            "It ended with Ann Lee asking why it was late.",
            &["indirect | asking | Ann Lee | why it was late"],
        );
        check("Lee criticized the plan and mocked the mayor.", &[]);
        check("Lee called the plan “a mess.”", &["mixed | called | Lee | the plan “a mess.”"]);
        check("Lee pledged to go.", &["indirect | pledged | Lee | to go"]);
    }

    #[test]
    fn reports_of_reports_and_nouns_that_report() {
        check(
            "“It is late,” Tom Reed said, according to Ann Lee.",
            &[
                "direct | said | Tom Reed | “It is late,”",
                "mixed | according to | Ann Lee | “It is late,” Tom Reed said",
            ],
        );
        check(
            "She knew of Ann Lee's claim that it was late.",
            &["indirect | claim | Ann Lee | that it was late"],
        );
        check(
            "Nobody believed the warning that it was late.",
            &["indirect | warning | - | that it was late"],
        );
        check("He made a claim that shocked them.", &[]);
        check("As the Courier put it, “It is late.”", &["direct | put | Courier | “It is late.”"]);
        check("“It is late,” Ann Lee went on.", &["direct | went | Ann Lee | “It is late,”"]);
    }

    #[test]
    fn speakers_behind_descriptions() {
        check(
            "Boreal Motors Corp. was sold on Monday. The company said it was late.",
            &["indirect | said | Boreal Motors | it was late"],
        );
        check(
            "Ann Lee, 54, was waiting with Tom Reed, 61. The 61-year-old said it was late.",
            &["indirect | said | Tom Reed | it was late"],
        );
        check("Dull's Corp. said it was late.", &["indirect | said | Dull's | it was late"]);
        check("The IMF said it was late.", &["indirect | said | International Monetary Fund | it was late"]);
        check("Apple Inc said it was late.", &["indirect | said | Apple | it was late"]);
        check("Dull's Inc DLL.N said it was late.", &["indirect | said | Dull's | it was late"]);
        check(
            "Norwegian Tram Group Inc said it was late.",
            &["indirect | said | Norwegian Tram Group | it was late"],
        );
        check(
            "The Department of Justice said it was late.",
            &["indirect | said | Department of Justice | it was late"],
        );
        check("OSLO (Courier) - Ann Lee said it was late.", &["indirect | said | Ann Lee | it was late"]);
        check("The boat left. (Additional reporting by Ann Lee)", &[]);
        check(
            "Bank of Dullshire Governor Ann Lee said it was late.",
            &["indirect | said | Ann Lee | it was late"],
        );
        check("The club’s coach, Ann Lee, said it was late.", &["indirect | said | Ann Lee | it was late"]);
        check("“It is late,” said the mason, Hedda Lyng.", &["direct | said | Hedda Lyng | “It is late,”"]);
        check("The club, Dull's Corp., said it was late.", &["indirect | said | club | it was late"]);
        check(
            "After talks with the coach, Ann Lee said it was late.",
            &["indirect | said | Ann Lee | it was late"],
        );
        check(
            "Sources close to the mayor said it was late.",
            &["indirect | said | Sources close to the mayor | it was late"],
        );
    }

    #[test]
    fn text_in_another_language_gives_nothing() {
        check(
            "Le ministre des Finances a déclaré mardi que le budget serait présenté en automne après une longue séance \
             avec les députés. « Nous sommes prêts », a-t-il dit devant la presse réunie, selon plusieurs témoins.",
            &[],
        );
    }

    /// A story in the manner of a summit report: every statement with its speaker, kind, role and country.
    #[test]
    fn a_whole_story() {
        let text = "Northland leader Kang Dae-ho boarded a ferry on Friday, palace sources confirmed to The Harbor Courier.\n\n\
            The ferry was moving toward the strait, according to coast guard officials who asked not to be named.\n\n\
            Given that Citadel spokesperson Anton Belov on Friday dismissed the plan to meet, the two may talk elsewhere.\n\n\
            Norway's Defense Minister Lars Holm acknowledged the arms shipments between the two states during a hearing.\n\n\
            \"If we learn that submarines were part of the bargain, we will raise the matter with our partners.\"\n\n\
            Norway's Fisheries Ministry on Friday said, \"The government is worried about the catch.\"\n\n\
            \"We stress that no deal may harm the fleet,\" ministry spokesperson Kari Lund told a weekly briefing.\n\n\
            Norwegian Vice President Nora Blake emphasized in an interview with Radio Nine, which aired on Sunday, that \
            the meeting shows Northland's \"weakness\" and \"poor judgment\" in a hard year.\n\n\
            Blake also reiterated the cabinet's plain and often repeated warning to Northland.\n\n\
            \"It would be a grave error. They know where this leads,\" Blake said when asked about the visit.\n\n\
            \"I am also certain that it will leave both of them alone.\"";
        let (_, found) = found(text);
        let rows: Vec<String> = found
            .iter()
            .filter_map(|statement| {
                let speaker = statement.speaker.as_ref()?;
                Some(format!(
                    "{} {} {} / {} / {}",
                    statement.quote.name(),
                    speaker.kind.name(),
                    speaker.name.as_deref().unwrap_or("-"),
                    speaker.role.as_deref().unwrap_or("-"),
                    speaker.country.as_ref().map_or("-", |country| country.code()),
                ))
            })
            .collect();
        let blake = "person Nora Blake / Vice President / NO";
        assert_eq!(
            rows,
            [
                "indirect unnamed palace sources / - / -",
                "indirect unnamed coast guard officials / - / -",
                "indirect person Anton Belov / spokesperson / -",
                "indirect person Lars Holm / Defense Minister / NO",
                "direct person Lars Holm / Defense Minister / NO",
                "direct organisation Fisheries Ministry / - / NO",
                "direct person Kari Lund / spokesperson / NO",
                &format!("mixed {blake}"),
                &format!("indirect {blake}"),
                &format!("direct {blake}"),
                &format!("direct {blake}"),
            ]
        );
    }

    #[test]
    fn a_shared_surname_is_not_settled_in_silence() {
        let (_, found) = found("Ann Lee met Tom Lee at the pier. Lee said it was late.");
        let statement = found.last().expect("the second sentence reports");
        assert_eq!(statement.confidence, crate::findings::Confidence::Low);
        assert_eq!(statement.speaker.as_ref().and_then(|s| s.name.as_deref()), Some("Lee"));
    }

    #[test]
    fn hostile_text_is_read_without_panic() {
        for text in [
            "",
            "\"",
            "“",
            "’’’",
            "said",
            "said.",
            "said,",
            ": “”",
            "“a” —",
            "according to",
            "Mr.",
            "A.",
            "-",
            "who said",
            "“\n\n“\n\n”",
            "X: “",
            "'a'",
            "— A",
            "said: \"",
            "B. said C.’s",
            "“…” É said ‘",
            "the, said",
            "(said",
            ") said (",
        ] {
            found(text);
            found(&text.repeat(50));
        }
    }
}
