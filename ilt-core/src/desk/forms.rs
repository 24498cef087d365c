//! Names, addresses and words of an order in one form (NFC), whoever sends them: two spellings that look alike are one.

use crate::catalog::{Course, Dealer, Location, Person};
use crate::desk::{Command, SessionPlan};
use crate::text::composed;

impl Command {
    /// The same order, with whatever has a name or is sought by one in one form.
    #[must_use]
    pub fn composed(mut self) -> Self {
        match &mut self {
            Self::SaveCourses(courses) => courses.iter_mut().for_each(course),
            Self::SaveLocations(locations) => locations.iter_mut().for_each(location),
            Self::SaveDealers(dealers) => dealers.iter_mut().for_each(dealer),
            Self::SavePeople(people) => people.iter_mut().for_each(person),
            Self::SavePreferences { preferences, .. } => preferences.interests.iter_mut().for_each(compose),
            Self::SaveSessions { plans, .. } => plans.iter_mut().for_each(plan),
            _ => {}
        }
        self
    }
}

fn course(it: &mut Course) {
    [&mut it.title, &mut it.summary].into_iter().chain(&mut it.topics).chain(&mut it.track).for_each(compose);
}

fn location(it: &mut Location) {
    let texts = [&mut it.name, &mut it.address, &mut it.city, &mut it.country];
    texts.into_iter().chain(&mut it.rooms).for_each(compose);
}

fn dealer(it: &mut Dealer) {
    [&mut it.name, &mut it.city].into_iter().chain(&mut it.group).chain(&mut it.region).for_each(compose);
}

fn person(it: &mut Person) {
    [&mut it.name, &mut it.email].into_iter().chain(&mut it.preferences.interests).for_each(compose);
}

fn plan(it: &mut SessionPlan) {
    it.parts.iter_mut().for_each(|part| compose(&mut part.room));
}

fn compose(text: &mut String) {
    if !text.is_ascii() {
        *text = composed(text);
    }
}
