//! What dealers' rules are asked in tests.

use jiff::civil::date;

use crate::attendance::Outcome;
use crate::ids::{DealerId, PersonId};
use crate::notice::advice::{Happening, Notification, Pace, Telling, ToldAs};
use crate::opinion::{CandidateFacts, CourseFacts, Joining, LearnerFacts, PlaceFacts, Question};
use crate::ranking::Parts;
use crate::testing::Network;
use crate::testing::plans::{berlin, id, now};

/// So many sessions, 100 and those that follow, every other one on the topic `electric`; for a learner of dealer 1, who holds course 2.
pub fn question(candidates: u32) -> Question {
    let course = |number, topic: &str| CourseFacts {
        id: id(number).into(),
        programme_type: "compliance",
        topics: vec![topic.to_owned()],
        track: None,
        prerequisites: Vec::new(),
    };
    let candidate = |number: u32| CandidateFacts {
        id: id(100 + number).into(),
        course: number as usize % 2,
        place: 0,
        starts_at: now(),
        ends_at: now(),
        starts: date(2027, 3, 1).at(9, 0, 0, 0),
        parts: 1,
        open: 3,
        waiting: 0,
        is_same: number.is_multiple_of(2),
        days_later: 1,
        score: 0.5,
        of: Parts { proximity: 0.5, availability: 0.5, relevance: 0.5 },
    };
    Question {
        now: now(),
        learner: LearnerFacts { id: id(7).into(), dealer: Some(DealerId(id(1))), holds: vec![id(2).into()] },
        wanted: id(99).into(),
        wanted_course: 0,
        courses: vec![course(1, "brakes"), course(3, "electric")],
        places: vec![PlaceFacts { id: id(5).into(), country: "DE".to_owned(), distance_km: Some(41.0) }],
        candidates: (0..candidates).map(candidate).collect(),
    }
}

/// Somebody who joins a queue.
pub fn joining() -> Joining {
    let Question { now, learner, mut courses, mut places, candidates, wanted, .. } = question(1);
    let (course, place, starts_at) = (courses.remove(0), places.remove(0), candidates[0].starts_at);
    Joining { now, learner, course, place, session: wanted, starts_at, waiting: 2 }
}

/// Ada of dealer 1 did not come for the third time, and it is settled on a Monday at nine: Mia hears of it with the digest, which may be
/// muted, Ada herself at once, and Ina urgently.
pub fn telling() -> Telling {
    let notice = |person: PersonId, told_as, pace, may_be_muted| Notification {
        person,
        told_as,
        pace,
        may_be_muted,
        zone: berlin(),
    };
    Telling {
        happening: Happening {
            kind: "attendance.settled",
            at: now(),
            session: Some(id(100).into()),
            course: Some(id(1).into()),
            starts_at: Some(now()),
            learner: Network::ADA,
            dealer: Some(DealerId(id(1))),
            outcome: Some(Outcome::NoShow),
            no_shows: 3,
            late: false,
        },
        notices: vec![
            notice(Network::MIA, ToldAs::Manager, Pace::Digest, true),
            notice(Network::ADA, ToldAs::Learner, Pace::AtOnce, false),
            notice(Network::INA, ToldAs::Instructor, Pace::Urgent, false),
        ],
    }
}
