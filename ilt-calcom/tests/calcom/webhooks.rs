//! Every recorded webhook: whose it is, what it tells, and what is refused.

use std::path::Path;

use ilt_calcom::webhook::{Delivery, Digest, Event, Received, Refused, WebhookLimits, Who, receive};
use ilt_calcom::{AttendeeId, Personal};
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::support::{files, folder, number_of};

const SECRET: &str = "fixture-webhook-secret";

fn read(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).expect("a text")).expect("JSON")
}

/// Its signature and its bytes.
fn sent(all: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&all["request"]["headers"]["X-Cal-Signature-256"]), text(&all["request"]["raw_body"]))
}

fn webhook(number: u32) -> (String, String) {
    let all = files(&folder().join("webhooks"));
    let file = all.into_iter().find(|it| number_of(it) == number).expect("a webhook");
    sent(&read(&file))
}

fn secrets(all: &[&str]) -> Vec<SecretString> {
    all.iter().map(|it| (*it).to_owned().into()).collect()
}

fn take(signature: Option<&str>, body: &[u8]) -> Result<Received, Refused> {
    receive(Delivery { signature, body }, &secrets(&[SECRET]), WebhookLimits::default())
}

fn recorded(number: u32) -> Received {
    let (signature, body) = webhook(number);
    take(Some(&signature), body.as_bytes()).unwrap_or_else(|refused| panic!("{number}: {refused}"))
}

/// A body of our own, signed as Cal.com would.
fn signed(body: &[u8]) -> Result<Received, Refused> {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let signer = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("a secret of any length");
    let signature = signer.chain_update(body).finalize().into_bytes();
    take(Some(&Digest(signature.into()).to_string()), body)
}

/// Every webhook of a folder: taken as what it says it is, or refused because nobody signed it.
fn replay(folder: &Path) -> usize {
    let files = files(folder);
    for file in &files {
        let (number, all) = (number_of(file), read(file));
        let (signature, body) = sent(&all);
        let secret = all["hmac_check"]["secret"].as_str().unwrap_or(SECRET);
        let delivery = Delivery { signature: Some(&signature), body: body.as_bytes() };
        let taken = receive(delivery, &secrets(&[secret]), WebhookLimits::default());
        if all["hmac_check"]["matches"] != true {
            assert_eq!(taken, Err(Refused::NoSecret), "{number}");
            continue;
        }
        let event = taken.unwrap_or_else(|refused| panic!("{number}: {refused}")).event;
        let said: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(said["triggerEvent"], event.trigger(), "{number}");
    }
    files.len()
}

#[test]
fn every_recorded_webhook_is_taken_but_those_that_nobody_signed() {
    assert_eq!(replay(&folder().join("webhooks")), 33);
}

/// The full set, where somebody has it.
#[test]
fn every_webhook_of_the_full_set_is_taken() {
    if let Some(folder) = std::env::var_os("ILT_TEST_CALCOM_RECORDINGS") {
        assert!(replay(&Path::new(&folder).join("webhooks")) > 0);
    }
}

#[rstest]
#[case::the_first(1, "ed773a2f-60e6-4993-857a-c32723968f77", "alice@example.com", Some("enr-alice"))]
#[case::another(2, "1e4fc3b8-1110-4875-a4d4-117910a71690", "bob@example.com", Some("enr-bob"))]
#[case::by_nobody_with_a_registration(19, "a49cfee3-055f-4c1e-8d77-cf2f506cdb64", "gil@example.com", None)]
fn a_seat_that_was_booked_is_named(
    #[case] number: u32,
    #[case] seat: &str,
    #[case] address: &str,
    #[case] registration: Option<&str>,
) {
    let Event::Created(created) = recorded(number).event else { panic!("a seat was booked") };
    assert_eq!(created.seat, Some(seat.into()));
    assert_eq!(created.address, Personal::new(address));
    assert_eq!(created.registration.as_deref(), registration);
    assert_eq!(created.slug.as_deref(), Some("ilt-gs-101-2027-01-12"));
}

#[test]
fn one_who_gave_a_seat_back_is_told_from_all() {
    let who = |number| match recorded(number).event {
        Event::Cancelled(cancelled) => (cancelled.booking.0, cancelled.start.to_string(), cancelled.who),
        other => panic!("{other:?}"),
    };
    let one = Who::One { attendee: AttendeeId(2), address: Personal::new("bob@example.com") };
    assert_eq!(who(3), ("3wYnXCh2e83FhtWrihX1bY".into(), "2027-01-12T08:00:00Z".into(), one));
    let all = Who::All(["dave@example.com", "carol@example.com"].map(Personal::new).into());
    assert_eq!(who(18), ("r5QHNm6FDPtKJFpRBQkRVe".into(), "2027-01-19T08:00:00Z".into(), all));
    let last = Who::All(vec![Personal::new("gil@example.com")]);
    assert_eq!(who(20).2, last, "the last seat takes the booking along");
}

#[rstest]
#[case::to_a_time_that_nobody_had(6, "263b431b-8a51-487a-807e-793651157fc2", "dave@example.com", "enr-dave")]
#[case::to_others(7, "630268de-0dd7-4e51-9e82-f71fe243e22f", "carol@example.com", "enr-carol")]
fn whoever_moved_is_named_and_the_booking_that_was_left(
    #[case] number: u32,
    #[case] seat: &str,
    #[case] address: &str,
    #[case] registration: &str,
) {
    let Event::Rescheduled(moved) = recorded(number).event else { panic!("a seat was moved") };
    assert_eq!(
        (moved.booking, moved.from),
        ("r5QHNm6FDPtKJFpRBQkRVe".into(), Some("3wYnXCh2e83FhtWrihX1bY".into()))
    );
    assert_eq!((moved.seat, moved.address), (Some(seat.into()), Personal::new(address)));
    assert_eq!(moved.slug.as_deref(), Some("ilt-gs-101-2027-01-12"));
    assert_eq!(moved.registration.as_deref(), Some(registration));
}

#[rstest]
#[case::absent(15, &[("alice@example.com", true)])]
#[case::not_absent_after_all(16, &[("alice@example.com", false)])]
#[case::somebody_who_was_never_there(17, &[])]
fn who_was_marked(#[case] number: u32, #[case] marks: &[(&str, bool)]) {
    let Event::NoShow(marked) = recorded(number).event else { panic!("somebody was marked") };
    let expected: Vec<_> = marks.iter().map(|(who, absent)| (Personal::new(*who), *absent)).collect();
    assert_eq!((marked.booking, marked.marks), ("3wYnXCh2e83FhtWrihX1bY".into(), expected));
}

#[test]
fn the_same_bytes_are_the_same_delivery() {
    assert_eq!(recorded(29).digest, recorded(30).digest, "the same event to two addresses");
    assert_ne!(recorded(1).digest, recorded(2).digest);
}

#[test]
fn one_byte_more_or_less_is_not_signed() {
    let (signature, body) = webhook(1);
    for changed in [format!("{body} "), body[..body.len() - 1].to_owned(), body.replace("alice", "alicf")] {
        assert_eq!(take(Some(&signature), changed.as_bytes()), Err(Refused::BadSignature));
    }
}

#[rstest]
#[case::none(None, Refused::NoSignature)]
#[case::nothing(Some(""), Refused::NoSignature)]
#[case::that_there_is_no_secret(Some("no-secret-provided"), Refused::NoSecret)]
#[case::with_a_prefix(
    Some("sha256=ed4119442e669db54b8b9e6ccbe21c721cb73a7324fcb51e159bacd62c752f98"),
    Refused::BadSignature
)]
#[case::in_capitals(
    Some("ED4119442E669DB54B8B9E6CCBE21C721CB73A7324FCB51E159BACD62C752F98"),
    Refused::BadSignature
)]
#[case::cut(Some("ed4119442e669db54b8b9e6ccbe21c721cb73a7324fcb51e159bacd62c752f"), Refused::BadSignature)]
#[case::another(
    Some("e44e01f91cafc1bdc9792003c33e0d41c8e11061c3809f536f4dad61740edd2a"),
    Refused::BadSignature
)]
#[case::letters_of_two_bytes(Some("éééééééééééééééééééééééééééééééé"), Refused::BadSignature)]
fn signatures_that_are_none(#[case] signature: Option<&str>, #[case] why: Refused) {
    assert_eq!(take(signature, webhook(1).1.as_bytes()), Err(why));
}

#[test]
fn while_a_secret_is_replaced_both_are_good_and_an_empty_one_never_is() {
    let (signature, body) = webhook(1);
    let with = |all: &[&str]| {
        let delivery = Delivery { signature: Some(&signature), body: body.as_bytes() };
        receive(delivery, &secrets(all), WebhookLimits::default()).map(|_| ())
    };
    assert_eq!(with(&["new", SECRET]), Ok(()));
    assert_eq!(with(&["new"]), Err(Refused::BadSignature));
    assert_eq!(with(&[]), Err(Refused::BadSignature));
    // What somebody signed who has no secret either.
    let empty = "22f8eea909400af98adf3681a9f31923ef6b7fcba4abb553d92823a3e9d5c25e";
    let delivery = Delivery { signature: Some(empty), body: b"{}" };
    assert_eq!(receive(delivery, &secrets(&[""]), WebhookLimits::default()), Err(Refused::BadSignature));
}

#[test]
fn a_trigger_that_is_not_known_is_taken_as_such() {
    for word in ["MEETING_ENDED", "OOO_CREATED", "INSTANT_MEETING", "SOMETHING_NEW_2"] {
        let body = json!({ "triggerEvent": word, "createdAt": "2026-11-23T19:08:55.775Z", "payload": null });
        let Event::Other(trigger) = signed(body.to_string().as_bytes()).expect("taken").event else {
            panic!("{word} means something")
        };
        assert_eq!(trigger.word(), word);
    }
}

#[rstest]
#[case::no_json(b"trigger=BOOKING_CREATED", Refused::NotJson)]
#[case::nothing(b"", Refused::NotJson)]
#[case::of_a_template(br#"{"trigger":"BOOKING_CREATED"}"#, Refused::Incomplete { field: "triggerEvent" })]
#[case::a_trigger_that_is_a_name(br#"{"triggerEvent":"Alice Able"}"#, Refused::Incomplete { field: "triggerEvent" })]
#[case::without_a_time(br#"{"triggerEvent":"X","createdAt":"soon"}"#, Refused::Incomplete { field: "createdAt" })]
#[case::without_anything(
    br#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-11-23T19:08:55Z","payload":[]}"#,
    Refused::Incomplete { field: "attendees" }
)]
fn what_is_signed_and_says_nothing_is_refused(#[case] body: &[u8], #[case] why: Refused) {
    assert_eq!(signed(body), Err(why));
}

#[rstest]
#[case::no_booking("uid", json!(null), Refused::Incomplete { field: "uid" })]
#[case::a_number_for_it("uid", json!(7), Refused::Incomplete { field: "uid" })]
#[case::too_long("uid", json!("u".repeat(501)), Refused::FieldTooLong { field: "uid" })]
#[case::nobody("attendees", json!([]), Refused::Incomplete { field: "attendees" })]
#[case::somebody_without_an_address("attendees", json!([{ "name": "Alice" }]), Refused::Incomplete { field: "attendees" })]
#[case::far_too_many("attendees", json!(vec![json!({ "email": "a@b" }); 1_001]), Refused::FieldTooLong { field: "attendees" })]
#[case::no_start("startTime", json!("tomorrow"), Refused::Incomplete { field: "startTime" })]
#[case::a_long_registration("metadata", json!({ "iltEnrolmentId": "r".repeat(501) }), Refused::FieldTooLong { field: "metadata" })]
fn what_is_relied_upon_must_be_there(#[case] field: &str, #[case] value: Value, #[case] why: Refused) {
    let mut body: Value = serde_json::from_str(&webhook(1).1).expect("JSON");
    body["payload"][field] = value;
    assert_eq!(signed(body.to_string().as_bytes()), Err(why));
}

#[test]
fn what_is_not_relied_upon_may_be_anything() {
    let mut body: Value = serde_json::from_str(&webhook(1).1).expect("JSON");
    for field in
        ["responses", "organizer", "location", "iCalUID", "bookingId", "metadata", "attendeeSeatId", "type"]
    {
        body["payload"][field] = json!([[[1]]]);
    }
    let Event::Created(created) = signed(body.to_string().as_bytes()).expect("taken").event else {
        panic!("a seat")
    };
    assert_eq!((created.seat, created.registration), (None, None), "as images from before 2024-05 have it");
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_before_it_is_looked_at() {
    let limits = WebhookLimits { body: 10, ..WebhookLimits::default() };
    let delivery = Delivery { signature: None, body: &[b'x'; 11] };
    assert_eq!(receive(delivery, &[], limits), Err(Refused::TooLong { most: 10 }));
    let deep = format!(
        r#"{{"triggerEvent":"X","createdAt":"2026-11-23T19:08:55Z","payload":{}"#,
        "[".repeat(100_000)
    );
    assert_eq!(signed(deep.as_bytes()), Err(Refused::NotJson));
    let closed = format!(
        r#"{{"triggerEvent":"X","createdAt":"2026-11-23T19:08:55Z","payload":{}{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    assert_eq!(signed(closed.as_bytes()), Err(Refused::NotJson));
}

#[test]
fn nothing_that_can_be_printed_says_who_it_is() {
    for number in (1..=33).filter(|it| *it != 31) {
        let said = format!("{:?}", recorded(number));
        assert!(!said.contains('@') && !said.contains("Alice"), "{said}");
    }
}
