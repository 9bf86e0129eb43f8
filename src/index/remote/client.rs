//! A small blocking client: one call to a cluster, over all its hosts, tried again while that may help.

use crate::index::IndexError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::{CertificateError, InvalidMessage};
use serde_json::Value;
use std::fmt;
use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use ureq::http::{HeaderValue, Method, Request, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, http};

/// The largest answer read, in bytes; what is larger is no answer.
const LARGEST: u64 = 64 << 20;
/// A body of so many bytes is worth a connection of its own.
const LARGE: usize = 1 << 20;
/// How long hosts may all be out of reach.
const GONE: Duration = Duration::from_secs(7);
/// The first pause before another try, and the longest.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// How long one call may take, tries and pauses together, and one try of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    all: Duration,
    once: Duration,
    /// How long shards may have no copy in service.
    shards: Duration,
}

impl Patience {
    /// For people who wait.
    pub(super) const ASKING: Patience =
        Patience { all: Duration::from_secs(40), once: Duration::from_secs(30), shards: GONE };
    /// For loads, which a cluster may hold back for minutes.
    pub(super) const LOADING: Patience = Patience {
        all: Duration::from_secs(600),
        once: Duration::from_secs(90),
        shards: Duration::from_secs(300),
    };
}

/// What a cluster answered.
#[derive(Clone, Debug)]
pub(super) struct Reply<T = Value> {
    pub(super) status: u16,
    /// What was asked for, else an account of why not.
    pub(super) body: Result<T, Value>,
}

/// How the bytes of an answer of that status are read.
pub(super) type Read<T> = fn(u16, &[u8]) -> serde_json::Result<Reply<T>>;

impl Reply {
    pub(super) fn read(status: u16, bytes: &[u8]) -> serde_json::Result<Reply> {
        let body = match serde_json::from_slice(bytes) {
            Ok(body) => body,
            // a proxy's own page where no answer is promised; a broken answer where one is
            Err(_) if bytes.is_empty() || status >= 400 => Value::Null,
            Err(cause) => return Err(cause),
        };
        Ok(Reply { status, body: if (200..300).contains(&status) { Ok(body) } else { Err(body) } })
    }
}

impl<T> Reply<T> {
    pub(super) fn is_ok(&self) -> bool {
        self.body.is_ok()
    }

    /// The reason of an error answer, as the cluster gives it.
    pub(super) fn reason(&self) -> String {
        let error = self.body.as_ref().err().map_or(&Value::Null, |body| &body["error"]);
        // of shards that are missing, the reason stands below
        let cause = if error["reason"] == "" { &error["caused_by"] } else { error };
        let root = error["root_cause"].get(0).unwrap_or(cause);
        match (root["type"].as_str(), root["reason"].as_str()) {
            (Some(kind), Some(reason)) => format!("{reason} ({kind})"),
            _ => error.as_str().map_or_else(|| self.title(), str::to_owned),
        }
    }

    fn title(&self) -> String {
        let name = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        format!("status {} {}", self.status, name.unwrap_or_default()).trim_end().to_owned()
    }

    /// Whether no copy of some shard is in service.
    fn misses_shards(&self) -> bool {
        let reason = self.reason();
        reason.contains("no_shard_available") || reason.contains("missing shards")
    }
}

pub(super) struct Client {
    hosts: Vec<String>,
    agent: Agent,
    authorization: Option<HeaderValue>,
    /// The host that calls go to first: the one that answered the last of them, so that its connection is used again. What
    /// is large goes to another each time.
    next: AtomicUsize,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(hosts: Vec<String>, ca: Option<&std::path::Path>) -> Result<Client, IndexError> {
        let roots = match ca {
            Some(file) => RootCerts::from(certificates(file)?),
            None => RootCerts::WebPki,
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(3)))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .user_agent(concat!("onrecord/", env!("CARGO_PKG_VERSION")))
            .build();
        // many clients begin with different hosts
        let next = AtomicUsize::new(std::process::id() as usize % hosts.len());
        Ok(Client { hosts, agent: agent.into(), authorization: authorization()?, next })
    }

    /// Whether calls say who we are.
    pub(super) fn signs_in(&self) -> bool {
        self.authorization.is_some()
    }

    /// Calls the cluster. A host that is away, cuts the answer, or says that it is busy is no answer: another is tried,
    /// with growing pauses. Every call can be made twice without harm.
    pub(super) fn call<T>(
        &self,
        method: Method,
        path: &str,
        body: &[u8],
        patience: Patience,
        read: Read<T>,
    ) -> Result<Reply<T>, IndexError> {
        let started = Instant::now();
        let first = match body.len() {
            0..LARGE => self.next.load(Ordering::Relaxed),
            _ => self.next.fetch_add(1, Ordering::Relaxed),
        };
        let mut answered = started;
        let mut missed = started;
        let mut tries: usize = 0;
        loop {
            let host = &self.hosts[(first + tries) % self.hosts.len()];
            let rest = patience.all.saturating_sub(started.elapsed()).min(patience.once);
            let why = match self.once(&method, host, path, body, rest, read) {
                Ok(reply) if !is_busy(&reply) => {
                    if tries > 0 {
                        self.next.store(first + tries, Ordering::Relaxed);
                    }
                    return Ok(reply);
                }
                Ok(reply) => {
                    answered = Instant::now();
                    if !reply.misses_shards() {
                        missed = answered;
                    } else if missed.elapsed() > patience.shards {
                        return Ok(reply);
                    }
                    reply.reason()
                }
                Err(cause) => {
                    if let Some(error) = distrust(host, &cause) {
                        return Err(error);
                    }
                    if !is_away(&cause) {
                        answered = Instant::now();
                        missed = answered;
                    }
                    cause.to_string()
                }
            };
            tries += 1;
            let pause = pause(tries / self.hosts.len());
            if answered.elapsed() + pause > GONE {
                return Err(self.away(&why));
            }
            if started.elapsed() + pause >= patience.all {
                return Err(IndexError::new("the cluster gives no answer", why).with_hint(
                    "it is overloaded or losing nodes: `onrecord check` says how it stands; try again later",
                ));
            }
            if tries.is_multiple_of(self.hosts.len()) {
                sleep(pause);
            }
        }
    }

    fn once<T>(
        &self,
        method: &Method,
        host: &str,
        path: &str,
        body: &[u8],
        rest: Duration,
        read: Read<T>,
    ) -> Result<Reply<T>, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{host}{path}"));
        if let Some(authorization) = &self.authorization {
            request = request.header(http::header::AUTHORIZATION, authorization);
        }
        let kind = if path.contains("_bulk") || path.contains("_msearch") {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        let request = request.header(http::header::CONTENT_TYPE, kind).body(body)?;
        let request = self
            .agent
            .configure_request(request)
            .allow_non_standard_methods(true)
            .timeout_global(Some(rest.max(Duration::from_millis(200))))
            .build();
        let mut response = self.agent.run(request)?;
        let status = response.status().as_u16();
        let length = response.body().content_length().unwrap_or(0).min(LARGEST);
        let mut bytes = Vec::with_capacity(length as usize);
        response.body_mut().with_config().limit(LARGEST).reader().read_to_end(&mut bytes)?;
        read(status, &bytes).map_err(|cause| ureq::Error::Io(std::io::Error::other(cause)))
    }

    fn away(&self, why: &str) -> IndexError {
        IndexError::new(format!("no host of the cluster answers ({})", self.hosts.join(", ")), why.to_owned())
            .with_hint("see whether it runs, and whether the address in --index is right")
    }
}

/// Whether the cluster asks to be left alone for a while: by its status, or where a node has no memory free now, of
/// which a cancelled task tells in its own words. A full disk does not pass by waiting.
fn is_busy<T>(reply: &Reply<T>) -> bool {
    let busy = matches!(reply.status, 429 | 502 | 503 | 504);
    let reason = || reply.reason();
    busy && !reason().contains("flood") || !busy && !reply.is_ok() && reason().contains("Data too large")
}

/// The error of a host that is not who it should be; waiting does not change that.
fn distrust(host: &str, cause: &ureq::Error) -> Option<IndexError> {
    let cause = match cause {
        ureq::Error::Rustls(cause) => cause,
        ureq::Error::Io(cause) => cause.get_ref()?.downcast_ref()?,
        _ => return None,
    };
    let (why, hint) = match cause {
        rustls::Error::InvalidCertificate(wrong) => match wrong {
            CertificateError::UnknownIssuer => (
                "its certificate is signed by none that is trusted here".to_owned(),
                "name the certificate of the authority that signed it with --ca FILE or ONRECORD_CA",
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                "its certificate has expired".to_owned(),
                "let the cluster's administrator renew it, and see whether the clock of this machine is right",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
                "its certificate is for another host".to_owned(),
                "name the host in --index as its certificate does",
            ),
            _ => (cause.to_string(), "let the cluster's administrator see to it"),
        },
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            ("it does not speak TLS".to_owned(), "write http:// in --index, or the port that speaks TLS")
        }
        _ => return None,
    };
    Some(IndexError::new(format!("cannot trust `{host}`"), why).with_hint(hint))
}

/// Whether the host could not be reached at all.
fn is_away(cause: &ureq::Error) -> bool {
    match cause {
        ureq::Error::Io(cause) => {
            use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
            // a name that does not resolve has no kind of its own
            matches!(cause.kind(), ConnectionRefused | HostUnreachable | NetworkUnreachable)
                || cause.to_string().contains("lookup address")
        }
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => true,
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => true,
        _ => false,
    }
}

/// Grows with the rounds over all hosts, and differs from call to call so that clients do not come back together.
fn pause(round: usize) -> Duration {
    let whole = PAUSE.0.saturating_mul(1 << round.min(8)).min(PAUSE.1);
    let noise = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos());
    let share = 50 + xxhash_rust::xxh3::xxh3_64(&noise.to_le_bytes()) % 51;
    whole * share as u32 / 100
}

fn certificates(file: &std::path::Path) -> Result<Vec<Certificate<'static>>, IndexError> {
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| {
        IndexError::new(format!("cannot read the certificates in `{}`", file.display()), cause)
    };
    let pem = std::fs::read(file).map_err(|cause| failed(cause.into()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|cause| failed(cause.into()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(failed("it holds none".into()));
    }
    Ok(certificates)
}

/// Who we are to the cluster, from the environment or a file it names; never shown.
fn authorization() -> Result<Option<HeaderValue>, IndexError> {
    let header = |value: String| {
        let mut value = HeaderValue::try_from(value).map_err(|_| {
            IndexError::new("cannot sign in to the cluster", "ONRECORD_API_KEY holds what no key can")
        })?;
        value.set_sensitive(true);
        Ok(Some(value))
    };
    if let Some(key) = secret("ONRECORD_API_KEY")? {
        return header(format!("ApiKey {key}"));
    }
    let (user, password) = (secret("ONRECORD_USER")?, secret("ONRECORD_PASSWORD")?);
    match (user, password) {
        (Some(user), Some(password)) => {
            header(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
        }
        (None, None) => Ok(None),
        _ => Err(IndexError::new(
            "cannot sign in to the cluster",
            "one of ONRECORD_USER and ONRECORD_PASSWORD is set without the other".to_owned(),
        )),
    }
}

fn secret(name: &str) -> Result<Option<String>, IndexError> {
    if let Some(value) = std::env::var(name).ok().filter(|value| !value.is_empty()) {
        return Ok(Some(value));
    }
    let Some(file) = std::env::var_os(format!("{name}_FILE")) else { return Ok(None) };
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim_end().to_owned())),
        Err(cause) => {
            Err(IndexError::new(format!("cannot read `{}`", std::path::Path::new(&file).display()), cause))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Engine, PAUSE, STANDARD, pause};

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for round in 0..40 {
            let pause = pause(round);
            assert!(pause >= PAUSE.0 / 2 && pause <= PAUSE.1, "{pause:?}");
        }
        assert!(pause(20) >= PAUSE.1 / 2);
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(STANDARD.encode(plain), coded);
        }
    }
}
