//! Who completed what in the last two years: level after level.

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use crate::Completion;
use crate::courses::Course;
use crate::people::Person;

/// Days over which history goes back.
const BACK: i32 = 730;

/// Completions of everybody who learns. The story's learner has what the story needs.
pub fn completions(
    rng: &mut Rng,
    people: &[Person],
    courses: &[Course],
    today: Date,
    cast: Uuid,
) -> Vec<Completion> {
    let subjects = courses.iter().map(|course| course.subject).max().map_or(0, |last| last + 1);
    let mut completions = Vec::new();
    for person in people.iter().filter(|person| person.roles.contains("learner")) {
        // The story's learner has not taken the course they want.
        let from = usize::from(person.id == cast);
        let mut taken = Vec::new();
        for _ in 0..rng.usize(2..6) {
            let subject = rng.usize(from..subjects);
            if !taken.contains(&subject) {
                taken.push(subject);
                levels(rng, &mut completions, person.id, &of(courses, subject), today);
            }
        }
    }
    completions
}

fn of(courses: &[Course], subject: usize) -> Vec<&Course> {
    courses.iter().filter(|course| course.subject == subject).collect()
}

/// One level after the other, each some weeks after the one below.
fn levels(rng: &mut Rng, completions: &mut Vec<Completion>, person: Uuid, courses: &[&Course], today: Date) {
    let mut day = today.saturating_sub(rng.i32(30..BACK).days());
    let reached = [1, 2, 2, 3, 3][rng.usize(0..5)];
    for course in courses.iter().take(reached) {
        if day >= today {
            return;
        }
        completions.push(Completion { person, course: course.id, completed_on: day });
        day = day.saturating_add(rng.i32(20..150).days());
    }
}
