//! Between the words of the core and those of the contract.

use ilt_core::opinion::{CandidateFacts, CourseFacts, Joining, LearnerFacts, PlaceFacts, Question, Wish};
use jiff::civil;

use crate::bindings::exports::ilt::plugin::scoring;

/// A question in the words of the contract.
pub fn question(asked: &Question) -> scoring::Question {
    scoring::Question {
        now: asked.now.as_second(),
        learner: learner(&asked.learner),
        wanted: asked.wanted.to_string(),
        wanted_course: number(asked.wanted_course),
        courses: asked.courses.iter().map(course).collect(),
        places: asked.places.iter().map(place).collect(),
        candidates: asked.candidates.iter().map(candidate).collect(),
    }
}

/// What a plugin wishes, by the sessions that it was asked about; what names none of them is a wish about the session nobody asked for.
pub fn wishes(asked: &Question, said: Vec<scoring::Adjustment>) -> Vec<Wish> {
    let session = |at: u32| usize::try_from(at).ok().and_then(|at| asked.candidates.get(at)).map(|it| it.id);
    let wish = |it: scoring::Adjustment| Wish {
        session: session(it.candidate).unwrap_or(asked.wanted),
        change: it.change,
        reason: it.reason,
    };
    said.into_iter().map(wish).collect()
}

/// Somebody who joins a queue, in the words of the contract.
pub fn joining(asked: &Joining) -> scoring::Joining {
    scoring::Joining {
        now: asked.now.as_second(),
        learner: learner(&asked.learner),
        course: course(&asked.course),
        place: place(&asked.place),
        session: asked.session.to_string(),
        starts: asked.starts_at.as_second(),
        waiting: asked.waiting,
    }
}

fn learner(it: &LearnerFacts) -> scoring::Learner {
    scoring::Learner {
        id: it.id.to_string(),
        dealer: it.dealer.map(|id| id.to_string()),
        holds: it.holds.iter().map(ToString::to_string).collect(),
    }
}

fn place(it: &PlaceFacts) -> scoring::Place {
    scoring::Place { id: it.id.to_string(), country: it.country.clone(), distance_km: it.distance_km }
}

fn course(it: &CourseFacts) -> scoring::Course {
    scoring::Course {
        id: it.id.to_string(),
        programme_type: it.programme_type.to_owned(),
        topics: it.topics.clone(),
        track: it.track.clone(),
        prerequisites: it.prerequisites.iter().map(ToString::to_string).collect(),
    }
}

fn candidate(it: &CandidateFacts) -> scoring::Candidate {
    scoring::Candidate {
        id: it.id.to_string(),
        course: number(it.course),
        place: number(it.place),
        starts: it.starts_at.as_second(),
        ends: it.ends_at.as_second(),
        day: weekday(it.starts.weekday()),
        minute: minute(it.starts),
        parts: number(it.parts),
        seats_open: it.open,
        waiting: it.waiting,
        same: it.is_same,
        days_later: it.days_later,
        score: it.score,
        proximity: it.of.proximity,
        availability: it.of.availability,
        relevance: it.of.relevance,
    }
}

/// Minutes after midnight.
pub fn minute(clock: civil::DateTime) -> u32 {
    u32::from(clock.hour().unsigned_abs()) * 60 + u32::from(clock.minute().unsigned_abs())
}

pub const fn weekday(day: civil::Weekday) -> scoring::Weekday {
    match day {
        civil::Weekday::Monday => scoring::Weekday::Monday,
        civil::Weekday::Tuesday => scoring::Weekday::Tuesday,
        civil::Weekday::Wednesday => scoring::Weekday::Wednesday,
        civil::Weekday::Thursday => scoring::Weekday::Thursday,
        civil::Weekday::Friday => scoring::Weekday::Friday,
        civil::Weekday::Saturday => scoring::Weekday::Saturday,
        civil::Weekday::Sunday => scoring::Weekday::Sunday,
    }
}

fn number(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}
