//! Whose certificate is not trusted gets nothing, and the answer says so.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ilt_core::fault::with_causes;
use ilt_core::testing::plans::id;
use ilt_lrs::{Forwarder, Settings, Trouble};

/// A server with a certificate from nobody whom machines trust.
struct Stranger {
    process: Child,
    endpoint: String,
    certificate: Vec<u8>,
}

impl Stranger {
    async fn start(folder: &Path) -> Self {
        let run = |arguments: &[&str]| {
            let mut command = Command::new("openssl");
            command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        let make =
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout key.pem -out cert.pem";
        let mut make: Vec<_> = make.split(' ').collect();
        make.extend([
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        assert!(run(&make).status().expect("openssl runs").success(), "a certificate");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let serve = ["s_server", "-accept", &address, "-cert", "cert.pem", "-key", "key.pem", "-www"];
        let process = run(&serve).spawn().expect("it starts");
        while std::net::TcpStream::connect(&address).is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let certificate = std::fs::read(folder.join("cert.pem")).expect("a certificate");
        Self { process, endpoint: format!("https://{address}/xAPI"), certificate }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _dead_already = self.process.kill();
        let _reaped = self.process.wait();
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_a_clear_answer_and_nobodys_dead_letter() {
    let folder = tempfile::tempdir().expect("a folder");
    let stranger = Stranger::start(folder.path()).await;
    let settings = Settings { endpoint: stranger.endpoint.clone(), ..Settings::default() };
    let forwarder = Forwarder::new(settings.clone()).expect("sound settings");
    let said = forwarder.forward(&[(id(1), "{}")]).await.expect_err("a stranger");
    assert!(matches!(said, Trouble::Away(_)), "{said:?}");
    assert!(with_causes(&said).contains("certificate"), "{}", with_causes(&said));
    let knowing = Settings { authorities: stranger.certificate.clone(), ..settings };
    let said = Forwarder::new(knowing).expect("sound settings").greet().await.expect_err("only a page");
    assert!(matches!(said, Trouble::Elsewhere(200)), "somebody who is known, and no record store: {said:?}");
}
