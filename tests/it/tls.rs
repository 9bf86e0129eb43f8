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
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

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
    serves_every_command(serve("server", Some(host)), "tls", ADA);
}

fn serves_every_command(port: u16, test: &str, signed_in: &[(&str, &str)]) {
    let address = format!("https://localhost:{port}/onrecord-test-{test}");
    let ca = pem("authority.pem").display().to_string();
    let folder = Run::new();
    folder.file("rows.jsonl", rows(500));
    let go = |args: &[&str]| {
        run(&folder, &[args, &["--index", &address, "--ca", &ca]].concat(), signed_in).code(0)
    };
    go(&["index", "rows.jsonl"]).out("indexed 500 new");
    go(&["index", "rows.jsonl"]).out("nothing changed");
    go(&["search", "--explain", "trams"]).err("term");
    go(&["facets", "--by", "speaker", "fault"]).out("Ada Stone");
    go(&["show", "499"]).out("Row 499");
    go(&["stats"]).out("500");
    go(&["check"]).out("sound");
}

/// The server nginx before the cluster, ended with the value; everything it keeps lies in a folder of its own.
struct Nginx {
    server: Child,
    folder: Run,
    /// Where users sign in, where keys do, and where users do that may send little.
    ports: [u16; 3],
}

impl Nginx {
    fn start() -> Option<Nginx> {
        let known = std::env::var_os("PATH").unwrap_or_default();
        let mut places: Vec<PathBuf> = std::env::split_paths(&known).collect();
        places.push("/usr/sbin".into());
        let Some(program) = places.into_iter().map(|place| place.join("nginx")).find(|file| file.exists())
        else {
            println!("skipped: needs nginx");
            return None;
        };
        let folder = Run::new();
        let free = [(); 3].map(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = free.map(|listener| listener.local_addr().unwrap().port());
        let url = std::env::var("OPENSEARCH_URL").unwrap();
        let hosts: String =
            url.trim_start_matches("http://").split(',').map(|host| format!("server {host};")).collect();
        let at = folder.folder().display().to_string();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
            .concat();
        let users = format!("auth_basic news; auth_basic_user_file {at}/users;");
        let key = "if ($http_authorization != \"ApiKey other-sesame\") { return 401; }";
        let servers: String = [(&*users, "8m"), (key, "8m"), (&*users, "64k")]
            .iter()
            .zip(ports)
            .map(|((letting_in, most), port)| {
                format!(
                    "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {};\n\
                     {letting_in} client_max_body_size {most};\n\
                     location / {{ proxy_pass http://cluster; proxy_set_header Authorization \"\"; }} }}\n",
                    pem("server.pem").display(),
                    pem("server.key").display(),
                )
            })
            .collect();
        folder.file("users", format!("ada:{{PLAIN}}{PASSWORD}\n"));
        folder.file(
            "nginx.conf",
            format!(
                "daemon off; master_process off; pid {at}/pid; error_log {at}/errors;\nevents {{}}\n\
                 http {{ access_log off;\n{temporary}upstream cluster {{ {hosts} }}\n{servers}}}\n"
            ),
        );
        let config = format!("{at}/nginx.conf");
        let server = Command::new(program)
            .args(["-p", &at, "-e", &format!("{at}/errors"), "-c", &config])
            .spawn()
            .unwrap();
        let mut nginx = Nginx { server, folder, ports };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", nginx.ports[2])).is_err() {
            let ended = nginx.server.try_wait().unwrap().is_some();
            let errors = nginx.folder.folder().join("errors");
            assert!(
                !ended && started.elapsed() < Duration::from_secs(10),
                "{:?}",
                std::fs::read_to_string(errors)
            );
            thread::sleep(Duration::from_millis(20));
        }
        Some(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_cluster_behind_nginx_serves_every_command_to_who_is_let_in() {
    let (Some(_), Some(_), Some(_)) = (fresh("nginx"), fresh("nginx-key"), fresh("nginx-little")) else {
        return;
    };
    let Some(nginx) = Nginx::start() else { return };
    let [users, keys, little] = nginx.ports;
    const KEY: &[(&str, &str)] = &[("ONRECORD_API_KEY", "other-sesame")];
    serves_every_command(users, "nginx", ADA);
    serves_every_command(keys, "nginx-key", KEY);
    // batches that are too large for it are sent in parts
    serves_every_command(little, "nginx-little", ADA);
    let authority = Some("authority.pem");
    let check = |port: u16, ca: Option<&str>, signed_in: &[(&str, &str)], why: &str, hint: &str| {
        let address = format!("https://localhost:{port}/onrecord-test-nginx");
        let ca = ca.map(|name| pem(name).display().to_string());
        nginx.folder.file("rows.jsonl", rows(1));
        for asked in [&["search", "trams"][..], &["facets", "--by", "date"], &["index", "rows.jsonl"]] {
            let mut args = [asked, &["--index", &address]].concat();
            args.extend(ca.iter().flat_map(|ca| ["--ca", ca]));
            run(&nginx.folder, &args, signed_in).code(2).err(why).err(hint);
        }
    };
    check(users, None, ADA, "signed by none that is trusted", "--ca FILE");
    check(users, Some("stranger.pem"), ADA, "signed by none that is trusted", "--ca FILE");
    check(users, authority, &[], "401 Unauthorized", "set ONRECORD_USER");
    check(users, authority, KEY, "401 Unauthorized", "are right");
    let wrong = [("ONRECORD_USER", "ada"), ("ONRECORD_PASSWORD", "close-sesame")];
    check(users, authority, &wrong, "401 Unauthorized", "are right");
    check(keys, authority, &[("ONRECORD_API_KEY", "no-sesame")], "401 Unauthorized", "are right");
    // one article that is too large for it cannot be sent in parts
    let long = format!("{{\"id\":\"long\",\"title\":\"Long\",\"text\":\"{}\"}}\n", "tram ".repeat(20_000));
    nginx.folder.file("long.jsonl", long);
    let address = format!("https://localhost:{little}/onrecord-test-nginx-little");
    let ca = pem("authority.pem").display().to_string();
    run(&nginx.folder, &["index", "--index", &address, "--ca", &ca, "long.jsonl"], ADA)
        .code(2)
        .err("413")
        .err("client_max_body_size");
}
