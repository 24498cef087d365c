//! Worlds nobody thought of.

use jiff::SignedDuration;
use proptest::prelude::*;

use crate::catalog::{Course, Place};
use crate::ids::{CourseId, PersonId, SessionId};
use crate::policy::{Override, Rule, Scope};
use crate::ranking::Weights;
use crate::ranking::rules::{ADA, Changed, Town, WANTED, WANTED_COURSE, course, id, now, session};
use crate::session::{Session, SessionStatus};

const TOPICS: [&str; 4] = ["battery", "safety", "paint", "sales"];
const TRACKS: [&str; 2] = ["high-voltage", "bodywork"];

/// Six courses and up to 160 sessions that have much in common, so that there are ties.
pub fn any_town() -> impl Strategy<Value = Town> {
    let courses = proptest::collection::vec(any_course(), 6);
    let sessions = proptest::collection::vec(any_session(), 0..160);
    let rules = proptest::collection::vec(any_rule(), 0..4);
    (courses, sessions, rules, any_learner()).prop_map(|(courses, sessions, rules, learner)| {
        let mut town = Town::new();
        for (number, plan) in (WANTED_COURSE..).zip(courses) {
            town.teach(plan.of(number));
        }
        for (number, plan) in (WANTED + 1..).zip(sessions) {
            town = town.hold(plan.of(number));
        }
        town.world.rules = rules;
        learner.enter(&mut town);
        town
    })
}

#[derive(Debug, Clone)]
struct CoursePlan {
    topics: [bool; 4],
    track: Option<usize>,
    equivalent: Option<u32>,
    prerequisite: Option<u32>,
    validity_months: Option<u32>,
}

impl CoursePlan {
    fn of(self, number: u32) -> Course {
        let topics: Vec<_> =
            TOPICS.iter().zip(self.topics).filter_map(|(it, has)| has.then_some(*it)).collect();
        let track = self.track.map(|track| TRACKS[track]);
        let other = |other: Option<u32>| other.filter(|it| *it != number).map(|it| CourseId(id(it)));
        Course {
            equivalents: other(self.equivalent).into_iter().collect(),
            prerequisites: other(self.prerequisite).into_iter().collect(),
            validity_months: self.validity_months,
            ..course(number, &format!("Course {number}"), track, &topics)
        }
    }
}

fn any_course() -> impl Strategy<Value = CoursePlan> {
    let rarely = |numbers| proptest::option::weighted(0.2, numbers);
    (any::<[bool; 4]>(), proptest::option::of(0..2_usize), rarely(1..7_u32), rarely(1..8), rarely(1..4))
        .prop_map(|(topics, track, equivalent, prerequisite, validity_months)| CoursePlan {
            topics,
            track,
            equivalent,
            prerequisite,
            validity_months,
        })
}

#[derive(Debug, Clone)]
struct SessionPlan {
    course: u32,
    location: u32,
    days: i32,
    open: u32,
    waitlisted: u32,
    waitlist: bool,
    status: SessionStatus,
}

impl SessionPlan {
    fn of(self, number: u32) -> Session {
        let session = session(number, self.course, self.location, self.days);
        let session = if self.open > 0 { session.open(self.open) } else { session.full(self.waitlisted) };
        Session { waitlist: self.waitlist, status: self.status, ..session }
    }
}

fn any_session() -> impl Strategy<Value = SessionPlan> {
    let status = prop_oneof![
        9 => Just(SessionStatus::Published { at: now() }),
        1 => Just(SessionStatus::Draft),
        1 => Just(SessionStatus::Cancelled { at: now(), reason: String::new(), announced: true }),
    ];
    // Course 7 and location 6 are not known to anybody.
    (1..8_u32, 1..7_u32, -1..100_i32, 0..7_u32, 0..4_u32, proptest::bool::weighted(0.8), status).prop_map(
        |(course, location, days, open, waitlisted, waitlist, status)| SessionPlan {
            course,
            location,
            days,
            open,
            waitlisted,
            waitlist,
            status,
        },
    )
}

fn any_rule() -> impl Strategy<Value = Override> {
    let scope = prop_oneof![
        Just(Scope::Global),
        Just(Scope::DealerGroup("north".to_owned())),
        Just(Scope::DealerGroup("south".to_owned())),
        (1..7_u32).prop_map(|number| Scope::Course(CourseId(id(number)))),
    ];
    let value = prop_oneof![
        (0..10_i64).prop_map(|days| (Rule::RegistrationCloses, days)),
        (0..2_i64).prop_map(|switch| (Rule::Waitlist, switch)),
    ];
    (scope, value).prop_map(|(scope, (rule, value))| Override { scope, rule, value })
}

#[derive(Debug, Clone)]
struct LearnerPlan {
    place: Option<(f64, f64)>,
    interests: [bool; 4],
    times: Vec<&'static str>,
    completed: Vec<(u32, i64)>,
    registered: Vec<u32>,
    deadline: Option<i64>,
    weights: (u8, u8, u8),
}

impl LearnerPlan {
    fn enter(self, town: &mut Town) {
        town.place = self.place.map(|(lat, lon)| Place { lat, lon });
        town.deadline = self.deadline.map(|days| now() + SignedDuration::from_hours(24 * days));
        let (proximity, availability, relevance) = self.weights;
        town.weights = Weights {
            proximity: f64::from(proximity),
            availability: f64::from(availability),
            relevance: f64::from(relevance),
        };
        for (course, days_ago) in self.completed {
            town.completed(course, days_ago);
        }
        for session in self.registered {
            if town.world.sessions.contains_key(&SessionId(id(session))) {
                town.registered(session);
            }
        }
        let ada = town.world.people.get_mut(&PersonId(id(ADA))).expect("Ada");
        let topics = TOPICS.iter().zip(self.interests).filter(|(_, has)| *has);
        ada.preferences.interests = topics.map(|(topic, _)| (*topic).to_owned()).collect();
        ada.preferences.times = self.times.iter().map(|words| words.parse().expect("a time")).collect();
    }
}

fn any_learner() -> impl Strategy<Value = LearnerPlan> {
    let completed = proptest::collection::vec((1..7_u32, 1..100_i64), 0..4);
    let registered = proptest::collection::vec(WANTED + 1..WANTED + 160, 0..4);
    let place = proptest::option::weighted(0.9, (50.0..53.6_f64, 6.0..10.0_f64));
    let weights = (0..5_u8, 0..5_u8, 0..5_u8);
    let times = proptest::sample::subsequence(vec!["monday", "tuesday 08:00-12:00", "thursday"], 0..=3);
    let likes = (any::<[bool; 4]>(), times);
    (place, likes, completed, registered, proptest::option::of(5..90_i64), weights).prop_map(
        |(place, (interests, times), completed, registered, deadline, weights)| LearnerPlan {
            place,
            interests,
            times,
            completed,
            registered,
            deadline,
            weights,
        },
    )
}
