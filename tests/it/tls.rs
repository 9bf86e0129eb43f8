//! A cluster behind TLS and a password: who is trusted, who is let in, and that no secret is ever shown.

use crate::faults::request;
use crate::remote::{fresh, rows};
use crate::run::{Ran, Run, repository};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

const PASSWORD: &str = "open-sesame";
/// `ada:open-sesame` and `other-sesame`, as a call carries them.
const ACCEPTED: [&str; 2] = ["basic ywrhom9wzw4tc2vzyw1l", "apikey other-sesame"];
/// What must be in no output.
const SECRETS: [&str; 3] = [PASSWORD, "YWRhOm9wZW4tc2VzYW1l", "other-sesame"];

fn pem(name: &str) -> PathBuf {
    repository("tests/it/tls").join(name)
}

/// A server of that certificate before the cluster at `host`, or before none; its port.
fn serve(certificate: &str, host: Option<String>) -> u16 {
    let chain = vec![CertificateDer::from_pem_file(pem(&format!("{certificate}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(pem(&format!("{certificate}.key"))).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (config, host) = (config.clone(), host.clone());
            // a client that trusts us not goes away
            thread::spawn(move || drop(answer(client, config, host)));
        }
    });
    port
}

fn answer(client: TcpStream, config: Arc<ServerConfig>, host: Option<String>) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut client = StreamOwned::new(connection, client);
    let request = request(&mut client)?;
    let head = String::from_utf8_lossy(&request).to_lowercase();
    let is_known = ACCEPTED.iter().any(|known| head.contains(&format!("authorization: {known}\r\n")));
    let answer = match host {
        _ if !is_known => {
            b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 12\r\n\r\n<p>No way</p"
                .to_vec()
        }
        None => b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec(),
        Some(host) => {
            let mut cluster = TcpStream::connect(host)?;
            cluster.write_all(&request)?;
            let mut answer = Vec::new();
            cluster.read_to_end(&mut answer)?;
            answer
        }
    };
    client.write_all(&answer)?;
    client.conn.send_close_notify();
    client.flush()
}

/// Runs the program signed in with these variables, and sees that it keeps its secrets.
fn run(run: &Run, args: &[&str], signed_in: &[(&str, &str)]) -> Ran {
    let output = run.command(args).envs(signed_in.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() };
    for secret in SECRETS {
        assert!(!format!("{ran:?}").contains(secret), "{args:?} shows {secret}");
    }
    ran
}

const ADA: &[(&str, &str)] = &[("ONRECORD_USER", "ada"), ("ONRECORD_PASSWORD", PASSWORD)];

#[test]
fn who_is_not_trusted_is_told_with_what_to_do() {
    let check = |certificate: &str, host: &str, ca: Option<&str>, why: &str, hint: &str| {
        let address = format!("https://{host}:{}/news", serve(certificate, None));
        let ca = ca.map(|name| pem(name).display().to_string());
        let mut args = vec!["search", "--index", &address, "trams"];
        args.extend(ca.iter().flat_map(|ca| ["--ca", ca]));
        run(&Run::new(), &args, ADA).code(2).err(why).err(hint);
    };
    let ca = Some("authority.pem");
    check("server", "localhost", None, "signed by none that is trusted", "--ca FILE");
    check("server", "localhost", Some("stranger.pem"), "signed by none that is trusted", "--ca FILE");
    check("expired", "localhost", ca, "has expired", "renew it");
    check("elsewhere", "localhost", ca, "is for another host", "as its certificate does");
    check("elsewhere", "127.0.0.1", ca, "is for another host", "as its certificate does");
    check("server", "localhost", Some("server.key"), "cannot read the certificates", "it holds none");
    check("server", "localhost", Some("none.pem"), "cannot read the certificates", "none.pem");
    // trusted, and then kept out by the cluster
    check("server", "localhost", ca, "403 Forbidden", "this user may not do it");
    check("server", "127.0.0.1", ca, "403 Forbidden", "this user may not do it");
}

#[test]
fn a_port_without_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/news", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let _ = client.read(&mut [0; 1000]);
            let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        }
    });
    run(&Run::new(), &["search", "--index", &address, "trams"], ADA)
        .code(2)
        .err("it does not speak TLS")
        .err("http://");
}

#[test]
fn who_is_not_let_in_is_told_what_to_set() {
    let address = format!("https://localhost:{}/news", serve("server", None));
    let ca = pem("authority.pem").display().to_string();
    let folder = Run::new();
    folder.file("password", format!("{PASSWORD}\n")).file("key", "other-sesame\n");
    let at = |name: &str| folder.folder().join(name).display().to_string();
    let (password, key, missing) = (at("password"), at("key"), at("missing"));
    let check = |signed_in: &[(&str, &str)], why: &str, hint: &str| {
        run(&folder, &["search", "--index", &address, "--ca", &ca, "trams"], signed_in)
            .code(2)
            .err(why)
            .err(hint);
    };
    let (user, words) = ("ONRECORD_USER", "ONRECORD_PASSWORD");
    check(&[], "401 Unauthorized", "set ONRECORD_USER");
    check(&[(user, "ada"), (words, "close-sesame")], "401 Unauthorized", "are right");
    check(&[("ONRECORD_API_KEY", "no-sesame")], "401 Unauthorized", "are right");
    check(&[(user, "ada")], "cannot sign in", "set without the other");
    check(&[("ONRECORD_API_KEY", "other-sesame\n\n")], "cannot sign in", "what no key can");
    check(&[("ONRECORD_API_KEY_FILE", &missing)], "cannot read", "missing");
    // let in, by each of the ways
    for signed_in in [
        ADA,
        &[(user, "ada"), ("ONRECORD_PASSWORD_FILE", &password)],
        &[("ONRECORD_API_KEY", "other-sesame")],
        &[("ONRECORD_API_KEY_FILE", &key)],
    ] {
        check(signed_in, "403 Forbidden", "this user may not do it");
    }
}

#[test]
fn a_cluster_behind_tls_and_a_password_serves_every_command() {
    let Some(_) = fresh("tls") else { return };
    let url = std::env::var("OPENSEARCH_URL").unwrap();
    let host = url.trim_start_matches("http://").split(',').next().unwrap().to_owned();
    let address = format!("https://localhost:{}/onrecord-test-tls", serve("server", Some(host)));
    let ca = pem("authority.pem").display().to_string();
    let folder = Run::new();
    folder.file("rows.jsonl", rows(500));
    let go = |args: &[&str]| run(&folder, &[args, &["--index", &address, "--ca", &ca]].concat(), ADA).code(0);
    go(&["index", "rows.jsonl"]).out("indexed 500 new");
    go(&["search", "--explain", "trams"]).err("term");
    go(&["facets", "--by", "speaker", "fault"]).out("Ada Stone");
    go(&["show", "499"]).out("Row 499");
    go(&["stats"]).out("500");
    go(&["check"]).out("sound");
}
