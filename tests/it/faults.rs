//! A cluster that misbehaves: a proxy between it and the program answers that it is busy, cuts connections, and sends half
//! of a body or far too much of one.

use crate::remote::{fresh, rows};
use crate::run::Run;
use onrecord::index::{Location, Reader};
use onrecord::query::parse::parse;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
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

/// Stands before the cluster at `host`; its own address.
fn proxy(host: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for (number, client) in listener.incoming().flatten().enumerate() {
            let host = host.clone();
            // a client that goes away in the middle is no fault of ours
            thread::spawn(move || drop(serve(client, &host, FAULTS[number % FAULTS.len()])));
        }
    });
    address
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
fn request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
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
    let mut request = b"".to_vec();
    let (first, rest) = lines.split_once("\r\n").unwrap_or((&lines, ""));
    request.extend_from_slice(format!("{first}\r\nConnection: close\r\n{rest}").as_bytes());
    request.extend_from_slice(&bytes[head..]);
    Ok(request)
}

#[test]
fn nothing_is_lost_and_nothing_hangs_behind_a_faulty_proxy() {
    let Some(direct) = fresh("faults") else { return };
    let url = std::env::var("OPENSEARCH_URL").unwrap();
    let host = url.trim_start_matches("http://").split(',').next().unwrap().to_owned();
    let behind = format!("http://{}/onrecord-test-faults", proxy(host));
    let run = Run::new();
    run.file("rows.jsonl", rows(3000));
    run.run(&["index", "--index", &behind, "rows.jsonl"]).code(0).out("indexed 3,000 new");
    run.run(&["index", "--index", &behind, "rows.jsonl"]).code(0).out("nothing changed");
    let count =
        |at: &Location, typed: &str| Reader::open(at).unwrap().count(&parse(typed).unwrap(), None).unwrap();
    for typed in ["kind:article", "kind:statement", "speaker:stone", "trams"] {
        let through = count(&Location::of(behind.as_ref()), typed);
        assert_eq!(through, count(&direct, typed), "{typed}");
    }
    assert_eq!(count(&direct, "kind:article"), 3000);
}
