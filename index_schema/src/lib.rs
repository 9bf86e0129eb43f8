//! The one table of fields: what onrecord's indexes hold, in no engine's words.
//!
//! A new field is one row here; a new [`Kind`] is one arm in each engine. The tantivy schema and the OpenSearch mapping
//! that follow from the table are kept in `derived/`, so that a change shows as a diff of one row and two small files.

/// The version of the table, stored with every index. Raise it with any change to [`FIELDS`] or to what is written into
/// a field: an index of another version is refused, never misread.
pub const VERSION: u32 = 2;

/// What a field is for, and so how an engine keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Searched word by word in the words' own forms (case and accents folded), positions kept: phrases, names.
    Words,
    /// Searched word by word by English stem, without positions: plain words.
    Stems,
    /// The words of a name, in their own forms; where one stands says all, and it weighs nothing.
    Names,
    /// What a document is found by, one of a kind: `article` and a number say it too.
    Id,
    /// Matched and counted whole: names, codes; every facet.
    Keyword,
    /// A calendar day: ranges, time order.
    Day,
    /// Given back, never searched.
    Stored,
}

/// Where the values of a field are kept that are given back with a hit. An engine that reads a statement together with
/// its article need not keep them twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// Nowhere: only searched.
    Not,
    /// With each document.
    Itself,
    /// With the article, whose values its statements have too.
    ByArticle,
    /// As a slice of the article's body, of which a statement's `spans` say where it is.
    InBody,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    pub field: Field,
    /// Its name in the index and, where people may type it, in the query language.
    pub name: &'static str,
    pub kind: Kind,
    /// Whether one document may hold several values.
    pub many: bool,
    /// Where the values that are given back with a hit are kept.
    pub kept: Kept,
    /// One line for people: what it holds.
    pub about: &'static str,
}

macro_rules! fields {
    ($($field:ident $name:literal $kind:ident $many:ident $kept:ident $about:literal;)*) => {
        /// A field by name. The order is that of [`FIELDS`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $(#[doc = $about] $field,)* }

        /// The table.
        pub const FIELDS: &[Spec] = &[$(Spec {
            field: Field::$field,
            name: $name,
            kind: Kind::$kind,
            many: fields!(@ $many),
            kept: fields!(! $kept),
            about: $about,
        },)*];
    };
    (@ one) => { false };
    (@ many) => { true };
    (! kept) => { Kept::Itself };
    (! shared) => { Kept::ByArticle };
    (! sliced) => { Kept::InBody };
    (! only_searched) => { Kept::Not };
}

fields! {
    Id              "id"              Id      one  kept          "the document's own id: an article's, or `ARTICLE#N` for its N-th statement";
    Article         "article"         Keyword one  kept          "the id of the article; the same on an article and on its statements";
    Story           "story"           Keyword one  kept          "where several articles tell one story: the story, and on a statement the words that its versions repeat";
    Kind            "kind"            Keyword one  kept          "`article` or `statement`";
    Title           "title"           Words   one  kept          "the article's title, on articles";
    TitleStem       "title_stem"      Stems   one  only_searched "the title's stems, on articles and statements alike";
    Text            "text"            Words   one  only_searched "an article's body; a statement's own words";
    Body            "body"            Stored  one  kept          "an article's body, of which every statement is a slice";
    Stem            "stem"            Stems   many only_searched "what plain words search: title, captions and body of an article; a statement's own words";
    Captions        "captions"        Stored  many kept          "photo captions, kept apart from the body";
    Byline          "byline"          Keyword many shared        "who wrote the article";
    Source          "source"          Keyword one  shared        "the outlet";
    Lang            "lang"            Keyword one  shared        "language, ISO 639-1";
    Url             "url"             Stored  one  shared        "the article's address, on articles";
    Path            "path"            Stored  many kept          "the files it stands in, with line where lines mean something: `path:line`";
    Date            "date"            Day     one  shared        "the day the article was published";
    Month           "month"           Keyword one  only_searched "the month of `date`: `2023-09`";
    Year            "year"            Keyword one  only_searched "the year of `date`: `2023`";
    PublishedAt     "published_at"    Stored  one  shared        "the moment of publication, ISO 8601, as its source wrote it";
    Dates           "dates"           Day     many only_searched "the calendar days the text names";
    Country         "country"         Keyword many kept          "countries named, ISO 3166-1 alpha-2: in an article's text, in a statement's own words";
    About           "about"           Keyword many shared        "the few countries the story is about, best first";
    Filed           "filed"           Keyword one  shared        "the country of the dateline";
    Home            "home"            Keyword one  shared        "the outlet's own country";
    Speaker         "speaker"         Keyword one  kept          "who said the statement: full name, else the words that name the speaker";
    SpeakerWords    "speaker_words"   Names   many only_searched "the speaker's name by words, a body's also by its initials";
    SpeakerKind     "speaker_kind"    Keyword one  kept          "`person`, `organisation`, `group`, `unnamed` or `unknown`";
    SpeakerCountry  "speaker_country" Keyword one  kept          "the speaker's country";
    Mention         "mention"         Stored  one  sliced        "the words that name the speaker at the statement: `she`";
    Role            "role"            Keyword one  kept          "the speaker's role";
    RoleWords       "role_words"      Names   one  only_searched "the role by words";
    Org             "org"             Keyword one  kept          "the speaker's organisation";
    OrgWords        "org_words"       Names   many only_searched "the organisation by words and initials";
    Quote           "quote"           Keyword one  kept          "`direct`, `indirect` or `mixed`";
    Conf            "conf"            Keyword one  kept          "how sure the speaker is: `high`, `medium`, `low`";
    Said            "said"            Day     one  kept          "the day the statement was made";
    SaidStated      "said_stated"     Keyword one  kept          "`yes` where the statement's sentence names that day, `no` where it is the day of publication";
    Cue             "cue"             Stored  one  sliced        "the reporting word";
    Spans           "spans"           Stored  one  kept          "where the statement, its cue and its speaker stand in the article's text, code points: `120+51 9+3|-8+4|52+6`";
}

impl Field {
    /// Its row.
    pub const fn spec(self) -> &'static Spec {
        &FIELDS[self as usize]
    }

    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Field> {
        FIELDS.iter().find(|spec| spec.name == name).map(|spec| spec.field)
    }
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Field};

    #[test]
    fn every_field_stands_in_its_own_row_under_its_own_name() {
        for (row, spec) in FIELDS.iter().enumerate() {
            assert_eq!(spec.field as usize, row);
            assert_eq!(Field::named(spec.name), Some(spec.field));
        }
    }
}
