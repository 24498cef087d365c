//! How long a connection may be silent, with a clock that stands still, and how many there may be.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::{advance, timeout};

use super::*;

const LIMITS: Connections = Connections {
    most: 3,
    most_of_one: 2,
    head: Duration::from_secs(10),
    asking: Duration::from_secs(20),
    idle: Duration::from_secs(75),
};

fn connection() -> (Attentive<DuplexStream>, DuplexStream) {
    let (here, there) = duplex(1_024);
    let place = Arc::<Open>::default().place(IpAddr::from([10, 0, 0, 1]), &LIMITS).expect("room");
    (Attentive::new(here, &LIMITS, place), there)
}

/// Whether it is closed when nothing more is said for so long, and not a second sooner.
async fn is_closed_after(connection: &mut Attentive<DuplexStream>, seconds: u64) -> bool {
    let mut byte = [0];
    let sooner = timeout(Duration::from_secs(seconds - 1), connection.read(&mut byte)).await;
    let later = timeout(Duration::from_secs(2), connection.read(&mut byte)).await;
    sooner.is_err() && matches!(later, Ok(Ok(0)))
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_is_not_waited_for() {
    let (mut connection, _there) = connection();
    assert!(is_closed_after(&mut connection, 10).await);
}

#[tokio::test(start_paused = true)]
async fn half_a_question_is_not_waited_for_however_slowly_it_comes() {
    let (mut connection, mut there) = connection();
    for _ in 0..3 {
        there.write_all(b"a").await.expect("sent");
        connection.read_u8().await.expect("come");
        advance(Duration::from_secs(2)).await;
    }
    assert!(is_closed_after(&mut connection, 4).await, "ten seconds from its beginning");
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_has_its_own_time_from_the_end_of_its_head() {
    let (mut connection, mut there) = connection();
    there.write_all(b"POST / HTTP/1.1\r\nhost: here\r\n").await.expect("sent");
    connection.read_exact(&mut [0; 29]).await.expect("come");
    advance(Duration::from_secs(9)).await;
    there.write_all(b"\r\n").await.expect("sent");
    connection.read_exact(&mut [0; 2]).await.expect("come");
    assert!(is_closed_after(&mut connection, 20).await);
}

/// What comes after `100 Continue` is no head, and may take as long as an upload.
#[tokio::test(start_paused = true)]
async fn what_was_invited_has_the_time_of_an_upload() {
    let (mut connection, mut there) = connection();
    there.write_all(b"POST / HTTP/1.1\r\n\r\n").await.expect("sent");
    connection.read_exact(&mut [0; 19]).await.expect("come");
    connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.expect("told");
    there.write_all(b"{}").await.expect("sent");
    connection.read_exact(&mut [0; 2]).await.expect("come");
    assert!(is_closed_after(&mut connection, 20).await);
}

/// Whoever asks and does not read must not keep what they are answered here.
#[tokio::test(start_paused = true)]
async fn what_nobody_reads_is_not_waited_for() {
    let (mut connection, there) = connection();
    let written = timeout(Duration::from_secs(80), connection.write_all(&[0; 4_096])).await;
    let refused = written.expect("it is given up").expect_err("there is no room for it");
    assert_eq!(refused.kind(), std::io::ErrorKind::TimedOut);
    drop(there);
}

#[tokio::test(start_paused = true)]
async fn after_an_answer_there_is_time_until_the_next_question() {
    let (mut connection, mut there) = connection();
    for _ in 0..3 {
        there.write_all(b"A").await.expect("sent");
        connection.read_u8().await.expect("come");
        advance(Duration::from_secs(9)).await;
        connection.write_all(b"b").await.expect("answered");
        advance(Duration::from_secs(70)).await;
    }
    connection.write_all(b"c").await.expect("told");
    assert!(is_closed_after(&mut connection, 75).await);
}

#[test]
fn so_many_are_let_in_from_one_address_and_in_all() {
    let (open, one) = (Arc::<Open>::default(), |last| IpAddr::from([10, 0, 0, last]));
    let first = open.place(one(1), &LIMITS).expect("room");
    let _second = open.place(one(1), &LIMITS).expect("room");
    assert!(open.place(one(1), &LIMITS).is_none(), "two of one address");
    let _third = open.place(one(2), &LIMITS).expect("room");
    assert!(open.place(one(3), &LIMITS).is_none(), "three in all");
    drop(first);
    assert!(open.place(one(3), &LIMITS).is_some());
    assert_eq!(open.counts().from.len(), 2, "who has gone is forgotten");
}
