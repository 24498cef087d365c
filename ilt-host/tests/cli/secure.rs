//! TLS that ends in the host: with a certificate of its own, real connections, and files that change.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::routing::get;
use ilt_engine::config::{Limits, Tls};
use ilt_host::http::connect::Door;
use ilt_host::http::connect::tls::Certificate;
use reqwest::{Client, Version};

use super::{SECRET, Terminal};

/// A certificate for this machine and its key, as `NAME.pem` and `NAME.key`.
fn certificate(folder: &Path, name: &str) -> Tls {
    let words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
                 -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE";
    let files =
        Tls { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
    let mut make = Command::new("openssl");
    make.args(words.split_whitespace()).stderr(Stdio::null());
    make.arg("-out").arg(&files.certificate).arg("-keyout").arg(&files.key);
    assert!(make.status().expect("openssl runs").success(), "a certificate");
    files
}

/// Somebody who trusts this certificate and no other.
fn trusting(certificate: &Path) -> Client {
    let pem = std::fs::read(certificate).expect("a certificate");
    let root = reqwest::Certificate::from_pem(&pem).expect("PEM");
    Client::builder().tls_certs_only([root]).build().expect("a client")
}

/// A host whose TLS ends with these files, and where it listens.
struct Host(Child, String);

impl Host {
    fn start(terminal: &Terminal, files: &Tls) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ilt-host"))
            .arg("serve")
            .current_dir(terminal.path())
            .env("ILT__AUTH__SECRET", SECRET)
            .env("ILT__HTTP__PORT", "0")
            .env("ILT__HTTP__TLS__CERTIFICATE", &files.certificate)
            .env("ILT__HTTP__TLS__KEY", &files.key)
            .env("ILT__LOG__FILTER", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let base = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("it said {line:?}"));
        Self(process, base.to_owned())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test]
async fn requests_come_over_tls_and_nobody_waits_for_whoever_is_silent() {
    let terminal = Terminal::new();
    let files = certificate(terminal.path(), "host");
    let host = Host::start(&terminal, &files);
    let address = host.1.strip_prefix("https://").expect("https");
    let _silent: Vec<_> = (0..20).map(|_| TcpStream::connect(address).expect("a connection")).collect();

    let client = trusting(&files.certificate);
    let answer = client.get(format!("{}/health/live", host.1)).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    let refused = client.get(format!("{}/v1/me", host.1)).send().await.expect("an answer");
    assert_eq!(refused.status(), 401);

    let stranger = Client::new().get(format!("{}/health/live", host.1)).send().await;
    assert!(stranger.expect_err("nobody has signed it").is_connect());
    let plain = Client::new().get(format!("http://{address}/health/live")).send().await;
    assert!(plain.is_err(), "nothing is answered that others could read");

    terminal.write(
        "ilt.toml",
        &format!(
            "[http]\nport = {}\n[http.tls]\ncertificate = \"host.pem\"\nkey = \"host.key\"\n",
            address.rsplit(':').next().expect("a port")
        ),
    );
    assert!(terminal.ok(&["health"]).contains("it lives"));
}

#[test]
fn files_that_are_none_are_told_of_before_anything_is_opened() {
    let terminal = Terminal::new();
    certificate(terminal.path(), "one");
    certificate(terminal.path(), "other");
    terminal.write("empty.pem", "");
    for (certificate, key, said) in [
        ("nowhere.pem", "one.key", "nowhere.pem cannot be read"),
        ("empty.pem", "one.key", "empty.pem has no certificate in PEM"),
        ("one.pem", "empty.pem", "empty.pem has no private key in PEM"),
        ("one.pem", "other.key", "the certificate and the key cannot be used"),
        ("one.pem", "", "certificate and key belong together"),
    ] {
        terminal.write(
            "ilt.toml",
            &format!("[http]\nport = 0\n[http.tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\n"),
        );
        let told = terminal.fails(&["serve"]);
        assert!(told.contains(said), "{certificate}, {key}: {told}");
    }
    terminal.write("ilt.toml", "[http]\nport = 0\naddress = \"0.0.0.0\"\n");
    let told = terminal.fails(&["serve"]);
    assert!(told.contains("http.tls") && told.contains("http.trusted_proxies"), "it says what to do: {told}");
    assert!(!terminal.path().join("ilt.db").exists(), "nothing was made");
}

#[tokio::test]
async fn another_certificate_is_shown_once_it_is_there_and_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let (files, next) = (certificate(folder.path(), "now"), certificate(folder.path(), "next"));
    let (before, after) = (trusting(&files.certificate), trusting(&next.certificate));
    let shown = Certificate::read(&files).expect("a certificate");
    let tls = shown.clone().acceptor().expect("TLS");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("https://{}/", listener.local_addr().expect("an address"));
    let door = Door::new(listener, &Limits::default(), Some(tls));
    tokio::spawn(axum::serve(door, Router::new().route("/", get(async || "here"))).into_future());
    let trust = async |client: &Client| client.get(&address).send().await.is_ok();

    assert!(trust(&before).await && !trust(&after).await);
    assert!(!shown.renew().expect("nothing is wrong"), "it is the same");
    std::fs::copy(&next.certificate, &files.certificate).expect("written");
    shown.renew().expect_err("the key is still that of the one before");
    assert!(trust(&before).await, "which is shown until the other is whole");
    std::fs::copy(&next.key, &files.key).expect("written");
    assert!(shown.renew().expect("another one"));
    let stranger = Client::builder().tls_certs_only([]).build().expect("a client");
    assert!(trust(&after).await && !trust(&stranger).await);
}

/// It prints tokens, and lets people in who have proven nothing.
#[test]
fn a_demo_is_for_this_machine_alone() {
    let terminal = Terminal::new();
    certificate(terminal.path(), "host");
    for set in [
        "address = \"0.0.0.0\"\ntrusted_proxies = [\"10.0.0.1\"]",
        "[http.tls]\ncertificate = \"host.pem\"\nkey = \"host.key\"",
    ] {
        terminal.write("ilt.toml", &format!("[http]\n{set}\n"));
        let told = terminal.fails(&["demo", "--dir", "demo", "--port", "0", "--scale", "0.01"]);
        assert!(told.contains("for this machine alone"), "{set}: {told}");
        assert!(!terminal.path().join("demo").exists(), "nothing was made");
    }
}
