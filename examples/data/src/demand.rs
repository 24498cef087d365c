//! Who wants to register for what: some sessions are asked for more than they have seats, many half.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use crate::Completion;
use crate::courses::Course;
use crate::people::Person;
use crate::sessions::Session;

/// Learners looked at for each seat before it stays empty.
const TRIES: usize = 40;

type Held = BTreeMap<(Uuid, Uuid), Date>;

/// What the story needs.
pub struct Story {
    /// A session that two more ask for than it has seats.
    pub wanted: Uuid,
    /// One like it, of which half the seats stay open.
    pub instead: Uuid,
    /// A learner who has no wish yet.
    pub learner: Uuid,
}

/// Wishes in order, one for each learner at most.
pub fn demand(
    rng: &mut Rng,
    people: &[Person],
    courses: &[Course],
    sessions: &[Session],
    completions: &[Completion],
    story: &Story,
) -> Vec<(Uuid, Uuid)> {
    let mut held = Held::new();
    for completion in completions {
        let latest = held.entry((completion.person, completion.course)).or_insert(completion.completed_on);
        *latest = completion.completed_on.max(*latest);
    }
    let learners: Vec<&Person> = people.iter().filter(|person| person.roles == "learner").collect();
    let mut busy = BTreeSet::from([story.learner]);
    let mut wishes = Vec::new();
    for session in sessions.iter().filter(|session| session.status == "published") {
        let share = [5, 5, 6, 8, 9, 12, 13][rng.usize(0..7)];
        let is_story = session.id == story.wanted;
        let wanted = if is_story {
            session.capacity + 2
        } else if session.id == story.instead {
            session.capacity / 2
        } else {
            session.capacity * share / 10
        };
        for _ in 0..wanted {
            let fits = |who: &&Person| !busy.contains(&who.id) && may_take(who.id, courses, session, &held);
            let tried: Vec<_> = (0..TRIES).map(|_| learners[rng.usize(0..learners.len())]).collect();
            let found =
                if is_story { learners.iter().copied().find(fits) } else { tried.into_iter().find(fits) };
            if let Some(learner) = found {
                busy.insert(learner.id);
                wishes.push((learner.id, session.id));
            }
        }
    }
    wishes
}

/// Whether a learner has, on the first day, what the course requires.
fn may_take(learner: Uuid, courses: &[Course], session: &Session, held: &Held) -> bool {
    let course = &courses[session.course];
    let Some(needed) = course.after else { return true };
    let Some(needed) = courses.iter().find(|it| it.id == needed) else { return false };
    held.get(&(learner, needed.id)).is_some_and(|on| {
        needed.validity_months.is_none_or(|months| on.saturating_add(months.months()) > session.days[0])
    })
}
