//! What a Cal.com tells, signed with the secret that both know: any bytes.

use std::sync::{Arc, LazyLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use ilt_core::testing::FixedClock;
use ilt_engine::calendars::letters::{CalcomReader, Mailbox, NotTaken, Read, Reader as _, Room};
use ilt_engine::check_in::hex;
use ilt_engine::config::{Config, layers};
use sha2::Sha256;

use crate::{Target, privacy, town};

pub const TARGET: Target = Target {
    name: "webhook",
    reads: "webhooks of a Cal.com, rightly signed, not signed, and with a byte changed",
    run,
    words: &[
        "\"triggerEvent\":\"BOOKING_CREATED\"",
        "\"triggerEvent\":\"BOOKING_CANCELLED\"",
        "\"triggerEvent\":\"BOOKING_RESCHEDULED\"",
        "\"triggerEvent\":\"BOOKING_NO_SHOW_UPDATED\"",
        "\"createdAt\":",
        "\"payload\":{",
        "\"attendees\":[{\"email\":\"ada@dealer.example\"}]",
        "\"uid\":\"\\u0000\"",
        "\"type\":\"ilt-00000000-0000-0000-0000-000000000007-2\"",
        "\"rescheduleUid\":",
        "18446744073709551615",
    ],
};

const SECRET: &str = "a secret that is long enough for tests";

/// As a host that is configured so reads them.
static READER: LazyLock<Arc<CalcomReader>> = LazyLock::new(|| {
    let set = [
        ("CALCOM__URL", "https://cal.example"),
        ("CALCOM__SECRET", SECRET),
        ("CALCOM__WEBHOOKS_AT", "https://training.example"),
        ("CALCOM__WEBHOOK_SECRET", SECRET),
    ];
    let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let config = Config::of(&layers(None, set).expect("layers")).expect("sound");
    let calendar = config.calcom().expect("sound").expect("a calendar");
    Arc::new(CalcomReader(calendar.subscription.expect("somebody listens")))
});

fn sign(body: &[u8]) -> String {
    let signer = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a secret of any length");
    hex(&signer.chain_update(body).finalize().into_bytes())
}

fn run(input: &[u8]) {
    let signature = sign(input);
    for wrong in [None, Some("no-secret-provided"), Some(&signature[1..]), std::str::from_utf8(input).ok()] {
        let refused = READER.read(wrong, input).expect_err("nobody signed it");
        assert!(matches!(refused, NotTaken::Unsigned { .. }), "{refused}");
    }
    if let [first, rest @ ..] = input {
        let changed = [&[first.wrapping_add(1)], rest].concat();
        assert!(READER.read(Some(&signature), &changed).is_err(), "a byte was changed");
    }
    match READER.read(Some(&signature), input) {
        Ok(read) => taken(&read),
        Err(refused) => {
            assert!(matches!(refused, NotTaken::Unreadable { .. }), "{refused}");
            privacy::no_mail(input, &refused.to_string());
        }
    }
    let clock = Arc::new(FixedClock::at(town::now()));
    let mailbox = Mailbox::new("calcom".to_owned(), READER.clone(), clock, Room::default());
    let came = mailbox.leave(Some(&signature), input);
    assert!(came.is_ok() || mailbox.waiting().0 == 0, "what is refused is not kept");
}

fn taken(read: &Read) {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    assert!(read.digest.len() == 64 && is_hex(&read.digest), "{}", read.digest);
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    assert!((1..=64).contains(&read.trigger.len()) && read.trigger.bytes().all(is_word), "{}", read.trigger);
    assert!(read.about.bookings.len() <= 2);
    for booking in &read.about.bookings {
        assert!(booking.chars().count() <= 500 && !booking.chars().any(char::is_control));
    }
}
