//! People: learners in teams, their managers, dealer admins, instructors, admins.

use fastrand::Rng;
use uuid::Uuid;

use crate::names::{FIRST, LAST};
use crate::places::{Dealer, Location};
use crate::{id, pick};

/// Learners whom one manager leads, about.
const TEAM: usize = 30;
const INSTRUCTORS: usize = 48;
const ADMINS: usize = 3;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// First and family name.
    pub name: String,
    /// Mail address at a name reserved for examples.
    pub email: String,
    /// Where they work.
    pub dealer: Option<Uuid>,
    /// Roles, as the file has them.
    pub roles: String,
    /// Who leads them.
    pub manager: Option<Uuid>,
    /// Managers they are deputies of.
    pub stands_in_for: Vec<Uuid>,
    /// Where they would rather be trained.
    pub preferred_locations: Vec<Uuid>,
    /// When.
    pub preferred_times: Vec<&'static str>,
    /// Topics they care about.
    pub interests: Vec<&'static str>,
    /// Their zone.
    pub zone: &'static str,
    /// Where they are.
    pub place: (f64, f64),
}

const INTERESTS: [&str; 10] = [
    "electric",
    "battery",
    "diagnosis",
    "sales",
    "service",
    "leadership",
    "body",
    "charging",
    "customers",
    "safety",
];

const TIMES: [&[&str]; 3] =
    [&["monday", "friday"], &["tuesday", "wednesday", "thursday"], &["thursday 08:00-18:00"]];

/// Everybody; the first learner of the first dealer is the story's.
pub fn people(rng: &mut Rng, learners: usize, dealers: &[Dealer], locations: &[Location]) -> Vec<Person> {
    let mut people = Vec::with_capacity(learners + learners / TEAM + 300);
    for number in 0..ADMINS + INSTRUCTORS {
        let (role, host) = if number < ADMINS { ("admin", "network") } else { ("instructor", "academy") };
        let at = pick(rng, locations);
        let name = name(rng);
        people.push(Person {
            id: id(rng),
            email: address(&name, people.len(), host),
            name,
            dealer: None,
            roles: role.to_owned(),
            manager: None,
            stands_in_for: Vec::new(),
            preferred_locations: Vec::new(),
            preferred_times: Vec::new(),
            interests: Vec::new(),
            zone: at.zone,
            place: at.place,
        });
    }
    for (number, dealer) in dealers.iter().enumerate() {
        let share = learners / dealers.len() + usize::from(number < learners % dealers.len());
        staff(rng, &mut people, dealer, share, locations);
    }
    people
}

fn staff(rng: &mut Rng, people: &mut Vec<Person>, dealer: &Dealer, learners: usize, locations: &[Location]) {
    // One word: a dot before a hyphen is in nobody's address.
    let host = ascii(&format!("{}-{}", dealer.name, &dealer.id.simple().to_string()[..4])).replace('.', "-");
    let member = |rng: &mut Rng, people: &[Person], roles: &str, manager: Option<Uuid>| {
        let name = name(rng);
        Person {
            id: id(rng),
            email: address(&name, people.len(), &host),
            name,
            dealer: Some(dealer.id),
            roles: roles.to_owned(),
            manager,
            stands_in_for: Vec::new(),
            preferred_locations: Vec::new(),
            preferred_times: Vec::new(),
            interests: Vec::new(),
            zone: dealer.zone,
            place: dealer.place,
        }
    };
    let admin = member(rng, people, "learner;dealer-admin", None);
    let admin_id = admin.id;
    people.push(admin);
    let mut managers = Vec::new();
    for _ in 0..=learners / TEAM {
        let mut manager = member(rng, people, "learner;manager", Some(admin_id));
        // Each is the deputy of the one before.
        manager.stands_in_for.extend(managers.last());
        managers.push(manager.id);
        people.push(manager);
    }
    for _ in 0..learners {
        let manager = Some(*pick(rng, &managers));
        let mut learner = member(rng, people, "learner", manager);
        if rng.u32(0..6) == 0 {
            learner.preferred_locations.push(pick(rng, locations).id);
        }
        if rng.u32(0..8) == 0 {
            learner.preferred_times.extend(*pick(rng, &TIMES));
        }
        for _ in 0..rng.usize(0..4) {
            let interest = *pick(rng, &INTERESTS);
            if !learner.interests.contains(&interest) {
                learner.interests.push(interest);
            }
        }
        people.push(learner);
    }
}

/// The learner of the story: the first of the first dealer, who has no wish to travel far.
pub fn cast_learner(people: &[Person]) -> &Person {
    let found = people.iter().find(|it| {
        it.roles == "learner" && it.preferred_locations.is_empty() && it.preferred_times.is_empty()
    });
    found.unwrap_or(&people[0])
}

fn name(rng: &mut Rng) -> String {
    format!("{} {}", pick(rng, &FIRST), pick(rng, &LAST))
}

fn address(name: &str, number: usize, host: &str) -> String {
    format!("{}.{number}@{host}.example", ascii(&name.replace(' ', ".")))
}

/// Small letters that mail addresses know.
fn ascii(text: &str) -> String {
    let letter = |letter: char| match letter {
        'ä' | 'á' | 'ą' => 'a',
        'è' | 'é' | 'ę' | 'ë' => 'e',
        'í' | 'ı' | 'ï' => 'i',
        'ö' | 'ó' => 'o',
        'ü' | 'ú' => 'u',
        'ł' => 'l',
        'ń' | 'ñ' => 'n',
        'ß' | 'ś' => 's',
        'ź' | 'ż' => 'z',
        'ç' | 'ć' => 'c',
        other if other.is_ascii_alphanumeric() || other == '.' => other,
        _ => '-',
    };
    text.to_lowercase().chars().map(letter).collect()
}
