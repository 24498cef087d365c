//! Refusals that are sent before the body was read, on a connection that is used again.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::harness::{Store, TestApp};

/// A request that is refused for want of a token, with a body of so many bytes of which so many are sent.
fn refused(stream: &mut TcpStream, length: usize, sent: usize, headers: &str) -> String {
    let head = format!(
        "POST /v1/courses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    // The host knows by now what it answers.
    std::thread::sleep(Duration::from_millis(100));
    // It may have hung up, and said so.
    let _sent = stream.write_all(&vec![b'x'; sent]);
    answer(stream)
}

fn answer(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("\"trace_id\"")
        && !String::from_utf8_lossy(&seen).contains("\"version\"")
    {
        let size = stream.read(&mut part).expect("an answer");
        assert!(size > 0, "it hung up: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..size]);
    }
    String::from_utf8_lossy(&seen).to_lowercase()
}

fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_request_on_the_connection_is_answered() {
    let app = TestApp::on(Store::Memory).await;
    let to = app.listens().await;
    tokio::task::spawn_blocking(move || {
        for (length, headers) in [(10, ""), (100_000, ""), (60_000, "connection: keep-alive\r\n")] {
            let mut stream = connect(to);
            for turn in 0..5 {
                let said = refused(&mut stream, length, length, headers);
                assert!(
                    said.starts_with("http/1.1 401") && !said.contains("connection: close"),
                    "{turn}: {said}"
                );
                stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
                assert!(answer(&mut stream).starts_with("http/1.1 200"), "the connection is good");
            }
        }
    })
    .await
    .expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_to_read_ends_the_connection_and_says_so() {
    let app = TestApp::on(Store::Memory).await;
    let to = app.listens().await;
    tokio::task::spawn_blocking(move || {
        for (length, sent, headers) in [
            (1_000_000, 1_000, ""),
            // It never comes.
            (1_000, 10, ""),
            // It only comes when it is asked for.
            (1_000, 0, "expect: 100-continue\r\n"),
        ] {
            let said = refused(&mut connect(to), length, sent, headers);
            assert!(
                said.starts_with("http/1.1 401") && said.contains("connection: close"),
                "{length}: {said}"
            );
        }
    })
    .await
    .expect("no panic");
}
