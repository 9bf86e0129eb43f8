//! Where an index on a cluster is: `http://host:9200,other:9200/news`.

use crate::index::IndexError;
/// The hosts of a cluster and the name of an index on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `http://host:port`, one for each host.
    pub(super) hosts: Vec<String>,
    /// The alias; the index itself bears the version too.
    pub(super) name: String,
}

impl Address {
    /// Reads an address. Passwords in it are refused, and never repeated in a message.
    pub(super) fn read(typed: &str) -> Result<Address, IndexError> {
        const SHAPE: &str =
            "an index on a cluster is http://HOST:9200/NAME, several hosts with commas between";
        let wrong = |what: &str| IndexError::new("cannot use this --index", what.to_owned()).with_hint(SHAPE);
        let (scheme, rest) = typed.split_once("://").ok_or_else(|| wrong("it is no URL"))?;
        if rest.contains('@') {
            return Err(IndexError::new("cannot use this --index", "it holds a user or password".to_owned())
                .with_hint(
                    "set ONRECORD_USER and ONRECORD_PASSWORD, or ONRECORD_API_KEY; or name a file that holds it \
                     in ONRECORD_PASSWORD_FILE or ONRECORD_API_KEY_FILE",
                ));
        }
        let (hosts, name) = rest.split_once('/').ok_or_else(|| wrong("it names no index"))?;
        let name = name.trim_end_matches('/');
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        if name.is_empty()
            || name.len() > 200
            || !name.chars().all(plain)
            || name.starts_with(['-', '_', '.'])
        {
            return Err(wrong(
                "the name of its index holds other than small letters, digits, `-`, `_` and `.`",
            ));
        }
        let hosts: Vec<String> = hosts.split(',').map(|host| format!("{scheme}://{}", host.trim())).collect();
        let host_is_wrong = |host: &String| host.ends_with('/') || host.contains(['?', '#', ' ']);
        if hosts.iter().any(host_is_wrong) {
            return Err(wrong("a host is missing or holds what no host can"));
        }
        Ok(Address { hosts, name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use std::error::Error;
    fn check(typed: &str, expected: &str) {
        let read = match Address::read(typed) {
            Ok(address) => format!("{} {}", address.hosts.join(" "), address.name),
            Err(error) => error.source().map_or(error.to_string(), |cause| format!("{error}: {cause}")),
        };
        assert!(read.contains(expected), "{typed}: {read}");
    }

    #[test]
    fn addresses_are_read_and_passwords_never_repeated() {
        check("http://a:9200,b:9200/news", "http://a:9200 http://b:9200 news");
        check("https://search.example/news-2024/", "https://search.example news-2024");
        check("http://a:9200", "names no index");
        check("http://a:9200/News", "small letters");
        check("http:///news", "host is missing");
        check("http://a,,b/news", "host is missing");
        check("http://ada:secret@a/news", "a user or password");
        let error = Address::read("http://ada:secret@a/news").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
