//! Which yes is believed, and what a no says.

use ilt_lrs::{Dead, Trouble};
use serde_json::json;

use super::{Looking, Lrs, dead, forward, is_number};

#[tokio::test]
async fn a_dead_letter_says_what_the_record_store_said() {
    let lrs = Lrs::that(|batch, _| Some((if batch.iter().any(is_number(2)) { 400 } else { 204 }, ""))).await;
    lrs.looking.lock().expect("a lock").says = Some(json!({ "message": "no such verb" }).to_string());
    let refused = forward(&lrs.forwarder(), 1..=3).await.expect("settled");
    assert_eq!(refused, [Dead { said: "no such verb".to_owned(), ..dead(2, "invalid", 400) }]);
}

#[tokio::test]
async fn a_page_that_says_yes_is_none_and_everything_waits() {
    for (headers, page) in [
        ("content-type: text/html\r\n", "<!doctype html><title>Please sign in</title>"),
        ("content-type: application/json\r\n", r#"{"login": "please"}"#),
        ("", ""),
    ] {
        let lrs = Lrs::that(move |_, _| Some((200, headers))).await;
        *lrs.looking.lock().expect("a lock") =
            Looking { says: Some(page.to_owned()), forgets: true, ..Looking::default() };
        let forwarder = lrs.forwarder();
        for _ in 0..2 {
            let said = forward(&forwarder, 1..=12).await.expect_err("nothing is stored");
            assert!(matches!(said, Trouble::Unconfirmed(200)) && !said.wants_more(), "{said:?}");
        }
        *lrs.looking.lock().expect("a lock") = Looking::default();
        assert_eq!(forward(&forwarder, 1..=12).await.expect("nobody is in between"), []);
        assert_eq!(lrs.stored().len(), 12);
    }
}

#[tokio::test]
async fn another_way_of_saying_yes_is_believed_once_a_question_has_confirmed_it() {
    let lrs = Lrs::that(|_, _| Some((202, "content-type: application/json\r\n"))).await;
    let says = |says: &str| lrs.looking.lock().expect("a lock").says = Some(says.to_owned());
    let times = || lrs.looking.lock().expect("a lock").times;
    let forwarder = lrs.forwarder();
    says(r#"{"status": "ok", "took": 17}"#);
    forward(&forwarder, 1..=10).await.expect("confirmed");
    assert_eq!(times(), 1);
    says(r#"{"status": "ok", "took": 4}"#);
    forward(&forwarder, 11..=40).await.expect("known");
    assert_eq!(times(), 1, "once is enough");
    says(r#"{"status": "please sign in"}"#);
    lrs.looking.lock().expect("a lock").forgets = true;
    let said = forward(&forwarder, 41..=42).await.expect_err("nothing is stored");
    assert!(matches!(said, Trouble::Unconfirmed(202)), "{said:?}");
    // What is there already proves nothing of what comes next: a page is never believed.
    says("<p>read only</p>");
    forward(&forwarder, 1..=3).await.expect("all of it is there");
    let said = forward(&forwarder, 41..=42).await.expect_err("nothing is stored");
    assert!(matches!(said, Trouble::Unconfirmed(202)), "{said:?}");
}
