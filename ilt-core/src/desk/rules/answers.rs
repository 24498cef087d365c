//! Every answer can be kept and read again, whatever is in it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::attendance::decide::Merged;
use crate::attendance::{Attendance, Mark, Outcome};
use crate::catalog::{Person, Place};
use crate::desk::{
    Answer, Around, ClashWith, CompletionPicture, Conflict, Help, Picture, Reference, Refusal, RefusedOne,
    Reply, SessionPicture,
};
use crate::fault::{Fault as _, FieldProblem};
use crate::prerequisite::{Missing, Why};
use crate::ranking::{Parts, Shown, Weights};
use crate::registration::{Registration, Status};
use crate::session::Seats;
use crate::testing::Network;
use crate::testing::contract::data::{self, at};
use crate::testing::plans::{course, id, location};

/// Registrations in every state, with everything that can be known of them.
fn registrations() -> Vec<Registration> {
    let states = [
        Status::Confirmed { at: at(1) },
        Status::Held { at: at(1), until: at(2), gives_back: Some(id(4).into()) },
        data::waiting(4),
        data::waiting(5),
        Status::Offered { wait: data::place(4), until: at(9), warn_at: Some(at(8)) },
        Status::Declined { at: at(1) },
        Status::RequestLapsed { at: at(1) },
        Status::NotPlaced { at: at(1) },
        Status::Cancelled { at: at(1) },
        Status::LateCancelled { at: at(1) },
        Status::Transferred { at: at(1), to: id(5).into() },
        Status::Substituted { at: at(1), to: id(5).into() },
        Status::SessionCancelled { at: at(1) },
    ];
    let words: BTreeSet<_> = states.iter().map(Status::word).collect();
    assert_eq!(words, Status::WORDS.into(), "a state is missing here");
    let mark = |minutes| Mark { minutes, excused: true, at: at(3), client: Some(id(6)), arrived_at: None };
    let attendance = |settled| Attendance { marks: [(1, mark(30)), (12, mark(0))].into(), settled };
    let with_marks = |status| Registration {
        attendance: attendance(Some(Outcome::NoShow)),
        ..data::registration(500, 100, Network::ADA, status)
    };
    states.into_iter().map(with_marks).collect()
}

fn session() -> SessionPicture {
    let session = data::session(100, 35);
    let network = Network::new();
    let reference = Reference {
        courses: &network.world.courses,
        locations: &network.world.locations,
        rules: &network.world.rules,
    };
    SessionPicture::of(&session, reference, |_| Some("Ina — „Ü“".to_owned()), at(4))
}

fn around() -> Box<Around> {
    Box::new(Around { session: session(), names: [(Network::ADA, "Ada".to_owned())].into() })
}

fn missing() -> Vec<Missing> {
    let one = |why| Missing { course: id(1).into(), title: "Basics".to_owned(), why };
    vec![one(Why::NeverCompleted), one(Why::Expired { at: at(2) }), one(Why::Unknown)]
}

fn person() -> Person {
    Person { name: "Ada Ahrens".to_owned(), ..data::basics().people.remove(0) }
}

fn pictures() -> Vec<Picture> {
    let completion = data::completion(Network::ADA, 1, 5);
    let network = Network::new();
    let reference = Reference {
        courses: &network.world.courses,
        locations: &network.world.locations,
        rules: &network.world.rules,
    };
    let list = vec![
        Picture::Session {
            session: Box::new(session()),
            mine: Some((id(9).into(), "confirmed".to_owned())),
            set_aside: Some(2),
        },
        Picture::Session { session: Box::new(session()), mine: None, set_aside: None },
        Picture::Course { course: course(2, "Title", Some("track"), &["topic"]), missing: missing() },
        Picture::Location(location(1, "Köln", Place { lat: 50.9, lon: 6.9 })),
        Picture::Person((&person()).into()),
        Picture::Completion(CompletionPicture::of(completion, Some(at(9)), reference, at(1))),
        Picture::Plugin(Box::new(crate::testing::plans::plugin(1))),
    ];
    // Whoever adds one comes by here.
    for picture in &list {
        match picture {
            Picture::Session { .. }
            | Picture::Course { .. }
            | Picture::Location(_)
            | Picture::Person(_)
            | Picture::Completion(_)
            | Picture::Plugin(_) => {}
        }
    }
    list
}

fn shown() -> Shown {
    Shown {
        id: id(900).into(),
        learner: Network::ADA,
        wanted: id(100).into(),
        session: id(101).into(),
        rank: 2,
        score: 0.812_345_678_901_234_5,
        parts: Parts { proximity: 1.0 / 3.0, availability: 0.1, relevance: 0.2 },
        weights: Weights::default(),
        distance_km: Some(41.3),
        days_later: -6,
        seats_open: 5,
        reason: "Sechs Tage früher — 41 km.".to_owned(),
        adjustments: Vec::new(),
        would_change: None,
        shown_at: at(1),
        expires_at: at(2),
        taken: Some(id(500).into()),
    }
}

fn replies() -> Vec<Reply> {
    let seats = Seats::empty(5);
    let mut replies = vec![
        Reply::Group {
            registrations: registrations(),
            positions: vec![Some(2), None],
            seats,
            fresh: true,
            around: Some(around()),
        },
        Reply::Marked {
            results: vec![
                Ok(Merged::Applied),
                Ok(Merged::Unchanged),
                Ok(Merged::Superseded),
                Err(Refusal::AttendanceNotOpen { opens_at: at(1) }),
            ],
        },
        Reply::Helped(Box::new(Help { shown: vec![(shown(), session())], sessions: vec![session()] })),
        Reply::Saved { added: 2, changed: 3, one: None, picture: None },
        Reply::Done,
    ];
    for registration in registrations() {
        let registration = Box::new(registration);
        for around in [Some(around()), None] {
            let registration = registration.clone();
            replies.push(Reply::Registration { registration, position: Some(3), seats, fresh: true, around });
        }
    }
    for picture in pictures() {
        let picture = Some(Box::new(picture));
        replies.push(Reply::Saved { added: 0, changed: 1, one: Some((id(3), u64::MAX)), picture });
    }
    for reply in &replies {
        match reply {
            Reply::Registration { .. }
            | Reply::Group { .. }
            | Reply::Marked { .. }
            | Reply::Saved { .. }
            | Reply::Helped(_)
            | Reply::Done => {}
        }
    }
    replies
}

fn refusals() -> Vec<Refusal> {
    let clash = ClashWith {
        registration: Some(id(1).into()),
        session: Some(id(2).into()),
        starts_at: at(1),
        ends_at: at(2),
        travel_minutes: 30,
    };
    let conflict = Conflict {
        session: Some(id(2).into()),
        starts_at: at(1),
        ends_at: at(2),
        room: Some("2.04".to_owned()),
        instructors: vec![Network::INA],
    };
    let was = || "cancelled".to_owned();
    let mut list = vec![
        Refusal::not_found("person"),
        Refusal::Forbidden { needed: "the role admin".to_owned() },
        Refusal::InvalidRequest { fields: vec![FieldProblem::new("/a", "b")] },
        Refusal::SessionFull { session: id(1).into(), waitlist_open: true, waitlisted: 3 },
        Refusal::GroupTooLarge { needed: 3, open: 2 },
        Refusal::GroupHeldUp,
        Refusal::DealerCapReached { most: 2 },
        Refusal::DoubleBooked { conflicts: vec![conflict.clone(), Conflict { room: None, ..conflict }] },
        Refusal::RegistrationNotOpen,
        Refusal::RegistrationClosed { closed_at: at(1) },
        Refusal::SessionCancelled { reason: "storm".to_owned() },
        Refusal::PrerequisitesMissing { missing: missing() },
        Refusal::PrerequisitesMissing { missing: missing().split_off(2) },
        Refusal::Clash { with: vec![clash] },
        Refusal::AlreadyCancelled { was: was() },
        Refusal::NotConfirmed { was: was() },
        Refusal::NotWaiting { was: was() },
        Refusal::NotRequested { was: was() },
        Refusal::AttendanceNotOpen { opens_at: at(1) },
        Refusal::AttendanceUnmarked { registrations: vec![id(1).into()] },
        Refusal::LateCancellationNeedsReason { late_from: at(1) },
        Refusal::OfferExpired,
        Refusal::AlternativeExpired { wanted: id(1).into(), learner: Network::ADA },
        Refusal::CapacityBelowTaken { asked: 1, taken: 2 },
        Refusal::PrerequisiteCycle { path: vec!["A".to_owned()] },
        Refusal::TimeDoesNotExist { detail: "x".to_owned() },
        Refusal::TimeIsAmbiguous { detail: "x".to_owned(), first: at(1), second: at(2) },
        Refusal::Stale { what: "course".to_owned(), version: u64::MAX },
        Refusal::IdempotencyKeyReused,
    ];
    let refused = list.iter().map(|why| RefusedOne { learner: Network::ADA, why: Box::new(why.clone()) });
    let refused = refused.collect();
    list.push(Refusal::GroupRefused { refused });
    list
}

/// Every way to refuse is listed above: the codes that this file's source of them knows are those that are tried.
#[test]
fn no_way_to_refuse_is_left_out() {
    let source = include_str!("../refusal.rs");
    let (_, of_codes) = source.split_once("fn code(&self)").expect("there are codes");
    let (of_codes, _) = of_codes.split_once("fn facts(&self)").expect("and facts after them");
    let codes: BTreeSet<_> =
        of_codes.split('"').skip(1).step_by(2).filter(|word| !word.contains(' ')).collect();
    let tried: BTreeSet<_> = refusals().iter().map(Refusal::code).collect();
    assert_eq!(tried, codes);
}

/// As SQLite keeps them, and as PostgreSQL does: as text, and as values whose fields come in any order.
#[test]
fn every_answer_is_read_as_it_was_kept() {
    let replies = replies().into_iter().map(Ok);
    for answer in replies.chain(refusals().into_iter().map(Err::<Reply, _>)) {
        let text = serde_json::to_string(&answer).expect("it can be kept");
        let read: Answer = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read, answer);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let read: Answer = serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read, answer);
    }
}
