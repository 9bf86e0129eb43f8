//! A cluster that misbehaves: a proxy between it and the program answers that it is busy, cuts connections, and sends half
//! of a body or far too much of one; an index that is damaged, blocked or not ours.

use crate::remote::{fresh, named, rows};
use crate::run::Run;
use index_schema::VERSION;
use onrecord::answer::Distinct;
use onrecord::index::{Location, Reader};
use onrecord::query::parse::parse;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What is done to each call in turn.
const FAULTS: [Fault; 8] = [
    Fault::None,
    Fault::Status("429 Too Many Requests"),
    Fault::None,
    Fault::Status("503 Service Unavailable"),
    Fault::Cut,
    Fault::None,
    Fault::Half,
    Fault::Flood,
];

#[derive(Clone, Copy)]
enum Fault {
    None,
    /// An answer of the proxy's own; the cluster does not hear of the call.
    Status(&'static str),
    /// The cluster has done it, and nothing of its answer arrives.
    Cut,
    /// The cluster has done it, and half of its answer arrives.
    Half,
    /// 1 GB for an answer.
    Flood,
}

/// Stands before the cluster and does these to its calls, one after the other; its own address, and how many there were.
fn proxy(faults: &'static [Fault]) -> (String, Arc<AtomicUsize>) {
    let url = std::env::var("OPENSEARCH_URL").unwrap();
    let host = url.trim_start_matches("http://").split(',').next().unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let fault = faults[counted.fetch_add(1, Ordering::Relaxed) % faults.len()];
            let host = host.clone();
            // a client that goes away in the middle is no fault of ours
            thread::spawn(move || drop(serve(client, &host, fault)));
        }
    });
    (address, calls)
}

fn serve(mut client: TcpStream, host: &str, fault: Fault) -> std::io::Result<()> {
    let request = request(&mut client)?;
    match fault {
        Fault::Status(status) => {
            return write!(client, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        }
        Fault::Flood => {
            write!(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000000000\r\n\r\n")?;
            return (0..1000).try_for_each(|_| client.write_all(&[b' '; 1_000_000]));
        }
        Fault::None | Fault::Cut | Fault::Half => {}
    }
    let mut cluster = TcpStream::connect(host)?;
    cluster.write_all(&request)?;
    let mut answer = Vec::new();
    cluster.read_to_end(&mut answer)?;
    match fault {
        Fault::None => client.write_all(&answer),
        Fault::Half => client.write_all(&answer[..answer.len() / 2]),
        _ => Ok(()),
    }
}

/// One request whole, asking for a connection of its own.
pub(crate) fn request(client: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1 << 16];
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        match client.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let lines = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let length =
        |line: &str| line.to_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok();
    let whole = head + lines.lines().find_map(length).unwrap_or(0);
    while bytes.len() < whole {
        match client.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    let (first, rest) = lines.split_once("\r\n").unwrap_or((&lines, ""));
    let mut request = format!("{first}\r\nConnection: close\r\n{rest}").into_bytes();
    request.extend_from_slice(&bytes[head..]);
    Ok(request)
}

#[test]
fn nothing_is_lost_and_nothing_hangs_behind_a_faulty_proxy() {
    let Some(direct) = fresh("faults") else { return };
    let behind = format!("http://{}/onrecord-test-faults", proxy(&FAULTS).0);
    let run = Run::new();
    run.file("rows.jsonl", rows(3000));
    run.run(&["index", "--index", &behind, "rows.jsonl"]).code(0).out("indexed 3,000 new");
    run.run(&["index", "--index", &behind, "rows.jsonl"]).code(0).out("nothing changed");
    let count = |at: &Location, typed: &str| {
        Reader::open(at).unwrap().count(&parse(typed).unwrap(), Distinct::Document).unwrap()
    };
    for typed in ["kind:article", "kind:statement", "speaker:stone", "trams"] {
        let through = count(&Location::of(behind.as_ref()), typed);
        assert_eq!(through, count(&direct, typed), "{typed}");
    }
    assert_eq!(count(&direct, "kind:article"), 3000);
}

#[test]
fn a_question_is_one_call_after_that_which_opens_the_index() {
    let Some(direct) = fresh("calls") else { return };
    let run = Run::new();
    // two versions of each story
    let versions = rows(20).replace("\"id\":\"", "\"id\":\"again-");
    run.file("rows.jsonl", rows(20)).file("versions.jsonl", versions);
    run.run(&["index", "--index", &direct.to_string(), "rows.jsonl", "versions.jsonl"]).code(0);
    let (address, calls) = proxy(&[Fault::None]);
    let behind = format!("http://{address}/onrecord-test-calls");
    let check = |args: &[&str], expected: usize| {
        calls.store(0, Ordering::Relaxed);
        run.run(&[args, &["--index", &behind]].concat()).code(0);
        assert_eq!(calls.load(Ordering::Relaxed), expected, "{args:?}");
    };
    check(&["search", "trams"], 2);
    check(&["search", "trams", "--all-versions"], 2);
    check(&["search", "trams", "--distinct", "article"], 2);
    check(&["search", "trams", "--format", "json", "--limit", "5"], 2);
    check(&["search", "speaker:stone", "--page", "2"], 2);
    check(&["facets", "--by", "speaker"], 2);
    check(&["facets", "--by", "speaker", "--by", "country", "speaker:stone", "--format", "json"], 2);
    check(&["facets", "--by", "date"], 2);
    check(&["show", "1"], 2);
    // the day of the newest is asked first, who is meant by a name, or the article of a statement
    check(&["search", "trams", "--recent"], 3);
    check(&["search", "Stone statements"], 3);
    check(&["facets", "--by", "speaker,country"], 3);
}

/// A server that answers what is asked of it by the first part of its path that is named.
fn canned(answers: &'static [(&str, &str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/news", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let request = request(&mut client).unwrap_or_default();
            let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
            let answer = answers.iter().find(|(path, _)| line.contains(path));
            let (status, body) = answer.map_or(("404 Not Found", "{}"), |(_, body)| ("200 OK", *body));
            let length = body.len();
            let _ = write!(
                client,
                "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
            );
        }
    });
    address
}

/// Answers with these, to an index of our version.
fn canned_ours(searched: &str) -> String {
    let mapping = format!(r#"{{"news":{{"mappings":{{"_meta":{{"version":{VERSION}}}}}}}}}"#);
    let one = format!(r#"{{{searched},"hits":{{"total":{{"value":7}},"hits":[]}}}}"#);
    let many = format!(r#"{{"responses":[{one}]}}"#);
    let answers = [("/news/_mapping", mapping), ("_search", one), ("_msearch", many)];
    canned(Vec::from(answers.map(|(path, body)| (path, &*body.leak()))).leak())
}

#[test]
fn a_part_of_an_answer_is_an_error_and_no_smaller_count() {
    let check = |address: String| {
        for args in [&["search", "trams"][..], &["facets", "--by", "speaker", "trams"], &["stats"]] {
            let ran = Run::new().run(&[args, &["--index", &address]].concat());
            assert_eq!(ran.stdout, "", "{args:?}");
            ran.code(2).err("shards failed or ran out of time").err("onrecord check");
        }
    };
    for why in [
        r#""timed_out":false,"_shards":{"total":3,"failed":1}"#,
        r#""timed_out":true,"_shards":{"total":3,"failed":0}"#,
    ] {
        check(canned_ours(why));
    }
}

#[test]
fn another_engine_or_an_older_one_is_told() {
    let check = |address: String, why: &str| {
        let run = Run::new();
        run.file("rows.jsonl", rows(1));
        for args in [&["search", "trams"][..], &["index", "rows.jsonl"]] {
            run.run(&[args, &["--index", &address]].concat()).code(2).err(why).err("OpenSearch 3 or later");
        }
    };
    check(canned(&[("GET / ", r#"{"version":{"number":"8.15.0"}}"#)]), "no OpenSearch");
    check(
        canned(&[("GET / ", r#"{"version":{"number":"2.19.1","distribution":"opensearch"}}"#)]),
        "opensearch 2.19.1",
    );
}

/// Sends a call to the cluster itself; its answer's body.
pub(crate) fn call(method: &str, path: &str, body: &str) -> String {
    let url = std::env::var("OPENSEARCH_URL").unwrap();
    let host = url.trim_start_matches("http://").split(',').next().unwrap().to_owned();
    let mut cluster = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        cluster,
        "{method} {path} HTTP/1.1\r\nHost: cluster\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    cluster.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
    answer
}

#[test]
fn an_index_that_takes_no_documents_says_why_and_what_to_do() {
    let Some(at) = fresh("blocked") else { return };
    let address = at.to_string();
    let run = Run::new();
    run.file("rows.jsonl", rows(10));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0);
    run.file("rows.jsonl", rows(20));
    let index = named("blocked");
    let settings = &format!("/{index}/_settings");
    for (block, why, hint) in [
        // what a cluster sets by itself at its flood stage
        ("read_only_allow_delete", "flood-stage", "a disk of the cluster is full: free space"),
        ("read_only", "read-only", "lift the block"),
        ("write", "index write", "lift the block"),
    ] {
        call("PUT", settings, &format!("{{\"index.blocks.{block}\": true}}"));
        run.run(&["index", "--index", &address, "rows.jsonl"]).code(2).err(why).err(hint);
        // reading goes on
        run.run(&["search", "--index", &address, "kind:article"]).code(0);
        call("PUT", settings, &format!("{{\"index.blocks.{block}\": null}}"));
    }
    let alias = |writes: bool| {
        let action = format!(
            "{{\"index\": \"{index}\", \"alias\": \"onrecord-test-blocked\", \"is_write_index\": {writes}}}"
        );
        call("POST", "/_aliases", &format!("{{\"actions\": [{{\"add\": {action}}}]}}"));
    };
    alias(false);
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(2).err("for reading only").err("hint:");
    alias(true);
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0).out("10 new");
}

#[test]
fn an_index_that_is_not_there_not_ours_or_not_one_is_told() {
    let Some(at) = fresh("whose") else { return };
    let address = at.to_string();
    let run = Run::new();
    let search = || run.run(&["search", "--index", &address, "trams"]).code(2);
    search().err("no index in").err("onrecord index PATH...");
    run.file("rows.jsonl", rows(1));
    run.run(&["index", "--index", &address, "rows.jsonl"]).code(0);
    let index = named("whose");
    let version = |version: u32| {
        let meta = format!("{{\"_meta\": {{\"version\": {version}}}}}");
        call("PUT", &format!("/{index}/_mapping"), &meta);
    };
    version(999);
    let told = format!("has schema 999, this program writes schema {VERSION}");
    search().err(&told).err("--fresh");
    version(VERSION);
    let action = format!("{{\"index\": \"{index}-ledger\", \"alias\": \"onrecord-test-whose\"}}");
    call("POST", "/_aliases", &format!("{{\"actions\": [{{\"add\": {action}}}]}}"));
    search().err("stands for 2 indices").err("let the alias name one of them");
    call("POST", "/_aliases", &format!("{{\"actions\": [{{\"remove\": {action}}}]}}"));
    run.run(&["search", "--index", &address, "trams"]).code(0);
}

#[test]
fn shards_without_a_copy_are_told_in_ten_seconds() {
    let Some(at) = fresh("red") else { return };
    let mut index: serde_json::Value =
        serde_json::from_str(&onrecord::index::remote::mapping_json()).unwrap();
    index["settings"]["index.routing.allocation.include._name"] = "nobody".into();
    index["aliases"] = serde_json::json!({ "onrecord-test-red": {} });
    let name = named("red");
    call("PUT", &format!("/{name}?wait_for_active_shards=0"), &index.to_string());
    call("PUT", &format!("/{name}-ledger"), "{}");
    let run = Run::new();
    run.file("rows.jsonl", rows(1));
    let address = at.to_string();
    for (args, why) in
        [(&["search", "trams"][..], "shards"), (&["index", "rows.jsonl"], "without any copy in service")]
    {
        let started = std::time::Instant::now();
        run.run(&[args, &["--index", &address]].concat()).code(2).err(why).err("hint:");
        assert!(started.elapsed().as_secs() < 15, "{args:?} took {:?}", started.elapsed());
    }
}
