//! Rules that need no engine: pure functions of the core, on small values.
//!
//! # Invariants
//! * Nothing is decided here. What comes from Python is put into the core's own types, and its answer is given back.
//! * What takes long does so without the interpreter's lock. A panic becomes an exception.

mod facts;
mod ranking;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ilt_core::catalog::Completion;
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::policy::Rule;
use ilt_core::prerequisite::{Book, Why};
use ilt_core::schedule::{Stretch, Travel};
use ilt_core::session::{Claim, Seats};
use jiff::{SignedDuration, Timestamp};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use uuid::Uuid;

use facts::{CourseFacts, StretchFacts};
pub use ranking::Sessions;

/// Half way round the earth, in kilometres: nobody has further to go.
const FURTHEST: f64 = 20_100.0;

/// More seats than any session has.
const MOST_SEATS: u64 = 1_000_000;

/// Does it without the interpreter's lock.
fn apart<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    done.map_err(|_| PyRuntimeError::new_err("a fault of ours: a rule panicked"))
}

/// What a learner lacks for `course`, who has completed these courses at these times: id, title, and until when it held, if it ever did.
#[pyfunction]
pub fn missing(
    py: Python<'_>,
    course: Uuid,
    courses: Vec<CourseFacts>,
    completions: Vec<(Uuid, Timestamp)>,
    at: Timestamp,
) -> PyResult<Vec<(Uuid, String, Option<Timestamp>)>> {
    let found = apart(py, move || {
        let courses: BTreeMap<_, _> = courses.into_iter().map(|it| (CourseId(it.id), it.course())).collect();
        let course = courses.get(&CourseId(course))?;
        let person = PersonId(Uuid::nil());
        let completion =
            |(course, completed_at)| Completion { person, course: CourseId(course), completed_at };
        let mut completions: Vec<_> = completions.into_iter().map(completion).collect();
        completions.sort_unstable();
        let missing = Book { courses: &courses, rules: &[] }.missing(course, &completions, at);
        let ended = |why| if let Why::Expired { at } = why { Some(at) } else { None };
        Some(missing.into_iter().map(|it| (it.course.0, it.title, ended(it.why))).collect())
    })?;
    found.ok_or_else(|| PyValueError::new_err("course is not among courses"))
}

/// Which of these stretches one person cannot be at both, by their places in the list.
#[pyfunction]
pub fn clashes(
    py: Python<'_>,
    stretches: Vec<StretchFacts>,
    kilometres_per_hour: Option<u32>,
    least_minutes: Option<u32>,
) -> PyResult<Vec<(usize, usize)>> {
    apart(py, move || {
        let said =
            |said: Option<u32>, rule: Rule| said.or_else(|| u32::try_from(rule.default()).ok()).unwrap_or(0);
        let kilometres_per_hour = said(kilometres_per_hour, Rule::TravelSpeed).max(1);
        let least_minutes = said(least_minutes, Rule::TravelLeast);
        let travel = Travel { kilometres_per_hour, least_minutes };
        let longest = SignedDuration::from_secs_f64(FURTHEST / f64::from(kilometres_per_hour) * 3_600.0)
            .max(SignedDuration::from_mins(i64::from(least_minutes)));
        let mut listed: Vec<(usize, Stretch)> =
            stretches.into_iter().map(StretchFacts::stretch).enumerate().collect();
        listed.sort_by_key(|(at, stretch)| (stretch.from, *at));
        let mut found = Vec::new();
        for (next, (at, one)) in listed.iter().enumerate() {
            let reached = |(_, other): &&(usize, Stretch)| other.from.duration_since(one.to) < longest;
            for (other_at, other) in listed[next + 1..].iter().take_while(reached) {
                if travel.clashes(one, other) {
                    found.push((*at.min(other_at), *at.max(other_at)));
                }
            }
        }
        found.sort_unstable();
        found
    })
}

/// The seats of a session with so many of each claim: capacity, confirmed, held, offered, reserved, open, waitlisted, beyond the capacity.
#[pyfunction]
pub fn seats(capacity: u32, reserved: u32, claims: Vec<(String, u32)>) -> PyResult<[u32; 8]> {
    let said = claims.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
    if u64::from(capacity.max(reserved)).max(said) > MOST_SEATS {
        return Err(PyValueError::new_err(format!("no session has more than {MOST_SEATS} seats")));
    }
    let mut seats = Seats::default().with_reserved(reserved);
    for (word, count) in claims {
        let claim = match word.as_str() {
            "confirmed" => Claim::Confirmed,
            "held" => Claim::Held,
            "offered" => Claim::Offered,
            "waitlisted" => Claim::Waitlisted,
            "beyond" => Claim::Beyond,
            _ => return Err(PyValueError::new_err("claims has a word that is no claim")),
        };
        for _ in 0..count {
            seats = match claim {
                // Those beyond the capacity have no seat, until there is one for them.
                Claim::Beyond => Seats { over_capacity: seats.over_capacity + 1, ..seats },
                Claim::Confirmed | Claim::Held | Claim::Offered | Claim::Waitlisted => seats
                    .shift(None, Some(claim))
                    .ok_or_else(|| PyValueError::new_err("claims are too many"))?,
            };
        }
    }
    let seats = seats.with_capacity(capacity).map_err(|below| PyValueError::new_err(below.to_string()))?;
    let Seats { capacity, confirmed, held, offered, reserved, waitlisted, over_capacity } = seats;
    Ok([capacity, confirmed, held, offered, reserved, seats.open(), waitlisted, over_capacity])
}
