//! What the journal keeps of each event, word for word: others read it, so it changes only by additions.

use jiff::SignedDuration;

use crate::attendance::{Mark, Outcome};
use crate::catalog::{Completion, Person, Place};
use crate::desk::Refusal;
use crate::ids::{EventId, PersonId};
use crate::journal::{Actor, Entry, Event};
use crate::plugin::Step;
use crate::policy::{Override, Rule, Scope};
use crate::ranking::{Parts, Shown, Weights};
use crate::registration::Priority;
use crate::session::Seats;
use crate::testing::plans::{course, dealer, id, location, now, person, plugin, session};
use crate::testing::statements::moved;

/// One of each, with something in it.
pub(crate) fn every_event() -> Vec<Event> {
    let koeln = Place { lat: 50.9375, lon: 6.9603 };
    let set = Override { scope: Scope::DealerGroup("north".to_owned()), rule: Rule::OfferFar, value: 72 };
    let shown = Shown {
        id: id(900).into(),
        learner: id(7).into(),
        wanted: id(100).into(),
        session: id(101).into(),
        rank: 1,
        score: 0.81,
        parts: Parts { proximity: 0.92, availability: 0.71, relevance: 0.8 },
        weights: Weights::default(),
        distance_km: Some(41.3),
        days_later: 6,
        seats_open: 5,
        reason: "Six days later, 41 km from you, 5 seats open.".to_owned(),
        adjustments: Vec::new(),
        would_change: None,
        shown_at: now(),
        expires_at: now() + SignedDuration::from_mins(30),
        taken: None,
    };
    let until = now() + SignedDuration::from_hours(48);
    let completion = Completion { person: id(7).into(), course: id(1).into(), completed_at: now() };
    vec![
        Event::CoursesSaved(vec![course(1, "High voltage", Some("high-voltage"), &["safety"])]),
        Event::LocationsSaved(vec![location(1, "Köln", koeln)]),
        Event::DealersSaved(vec![dealer(koeln)]),
        Event::PeopleSaved(vec![Person { name: String::new(), email: String::new(), ..person(7) }]),
        Event::CompletionsRecorded(vec![completion]),
        Event::RuleSet(set.clone()),
        Event::RuleCleared(set.scope, set.rule),
        Event::PluginChanged { did: Step::Activated, plugin: Box::new(plugin(1)) },
        Event::SessionScheduled(Box::new(session(100, 1, 1, 35))),
        Event::SessionChanged(Box::new(session(100, 1, 1, 35))),
        Event::SessionPublished,
        Event::SessionCancelled,
        Event::SessionBelowMinimum { confirmed: 2, minimum: 4, decide: true },
        Event::SessionCompleted,
        Event::BlockSaved(crate::session::Block {
            dealer: id(1).into(),
            seats: 5,
            used: 2,
            users: [id(8).into(), id(9).into()].into(),
            name_by: Some(until),
            release_at: until,
        }),
        Event::BlockUsed(id(1).into()),
        Event::BlockRefilled(id(1).into()),
        Event::BlockNamingDue(id(1).into()),
        Event::BlockReleased(id(1).into()),
        Event::ClashArose { with: Vec::new() },
        moved(now(), until),
        Event::Reminded { days: 7 },
        Event::Registered,
        Event::Waitlisted { automatic: true, gives_back: None, group: None },
        Event::Waitlisted { automatic: false, gives_back: Some(id(3).into()), group: Some(id(4).into()) },
        Event::AdmittedBeyond,
        Event::WalkedIn { beyond: false },
        Event::AttendanceMarked {
            part: 1,
            mark: Mark {
                minutes: 180,
                excused: false,
                at: until,
                client: Some(id(9)),
                arrived_at: Some(until),
            },
        },
        Event::AttendanceSettled { outcome: Outcome::NoShow, stay: None },
        Event::AttendanceMissing { unmarked: 3, escalated: false },
        Event::CompletionsWithdrawn(vec![completion]),
        Event::Requested { until, gives_back: None },
        Event::RequestPassedOn,
        Event::Approved,
        Event::ApprovedBeforehand,
        Event::Declined,
        Event::RequestLapsed,
        Event::OfferMade { until, warn_at: now() + SignedDuration::from_hours(24) },
        Event::OfferWarned,
        Event::OfferTaken,
        Event::OfferDeclined,
        Event::OfferLapsed,
        Event::WaitPaused,
        Event::Prioritised { priority: Some(Priority { level: 3, reason: "deadline".to_owned() }), by: None },
        Event::WaitResumed,
        Event::SeatAnnounced,
        Event::WaitEnded,
        Event::Promoted,
        Event::Skipped { why: Refusal::Clash { with: Vec::new() } },
        Event::Cancelled { late: true },
        Event::Transferred { to: id(501).into(), late: false },
        Event::Substituted { to: id(501).into() },
        Event::Displaced { to: Some(id(3).into()) },
        Event::TookOver { of: id(500).into() },
        Event::EndedWithSession,
        Event::AlternativesShown(vec![shown]),
        Event::AlternativeTaken(id(900).into()),
        Event::FeedRenewed,
        Event::SeatsRecounted(Seats::empty(20)),
    ]
}

fn entry(event: Event) -> Entry {
    Entry {
        sequence: 1,
        id: EventId(id(1)),
        at: now(),
        actor: Actor::Person(PersonId(id(7))),
        session: Some(id(100).into()),
        learner: Some(id(7).into()),
        registration: Some(id(500).into()),
        reason: Some("ill".to_owned()),
        correlation: id(2),
        event,
        seats: None,
    }
}

#[test]
fn every_event_is_kept_word_for_word() {
    let line =
        |event: &Event| format!("{}\n    {}", event.word(), serde_json::to_string(event).expect("json"));
    let kept: Vec<_> = every_event().iter().map(line).collect();
    insta::assert_snapshot!(kept.join("\n"));
}

#[test]
fn what_is_kept_reads_back_as_what_happened() {
    for event in every_event() {
        let entry = entry(event);
        let text = serde_json::to_string(&entry).expect("json");
        assert_eq!(serde_json::from_str::<Entry>(&text).expect("an entry"), entry);
    }
}

#[test]
fn an_actor_is_a_person_or_a_part_of_the_system() {
    for actor in [Actor::Person(id(7).into()), Actor::system("timer")] {
        assert_eq!(actor.to_string().parse(), Ok(actor));
    }
    assert!("ada".parse::<Actor>().is_err());
}
