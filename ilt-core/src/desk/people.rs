//! Saving people: each with an address of their own, and led by somebody whom they do not lead.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{self, Sight};
use crate::catalog::{Person, Preferences};
use crate::desk::batch::{Desk, Stop};
use crate::desk::records::{Problems, differing, supersede};
use crate::desk::{Order, Refusal, Reply};
use crate::ids::{DealerId, PersonId};
use crate::journal::Event;
use crate::schedule::Zone;
use crate::world::World;

/// Where a problem is told: which field, and what is wrong with it.
type Tell<'a> = dyn FnMut(String, &str) + 'a;

impl Desk<'_> {
    pub(super) fn save_people(&mut self, order: &Order, people: &[Person]) -> Result<Reply, Stop> {
        let actor = self.actor(order)?;
        if let Some(actor) = actor {
            people.iter().try_for_each(|one| access::manage(actor, self.world.people.get(&one.id), one))?;
        }
        let sight = actor.map_or(Sight::Everyone, Sight::of);
        let together = Together::of(self.world, people);
        let look = |world: &World, person: &Person, tell: &mut Tell<'_>| {
            refers_to_what_exists(world, (&together, &sight), person, tell);
            let before = world.people.get(&person.id);
            if before.is_none_or(|before| before.email != person.email) && together.shares(person) {
                tell("/email".to_owned(), "is the address of somebody else");
            }
            if before.is_none_or(|before| before.manager != person.manager)
                && together.leads_themselves(world, person)
            {
                tell("/manager".to_owned(), "is led by them in turn");
            }
        };
        self.put_people(order, people, look)
    }

    pub(super) fn save_preferences(
        &mut self,
        order: &Order,
        preferences: &Preferences,
        zone: &Zone,
        version: u64,
    ) -> Result<Reply, Stop> {
        let person = self.actor(order)?.ok_or_else(|| Refusal::not_found("person"))?;
        let (preferences, zone) = (preferences.clone(), zone.clone());
        let one = Person { preferences, zone, version, ..person.clone() };
        self.put_people(order, &[one], |_, _, _| {})
    }

    /// Saves people, after `look` has told of whatever is wrong with them beside others; preferred locations are looked at here.
    fn put_people(
        &mut self,
        order: &Order,
        people: &[Person],
        look: impl Fn(&World, &Person, &mut Tell<'_>),
    ) -> Result<Reply, Stop> {
        let (changed, reply) = differing(people, |id| self.world.people.get(&id.into()).cloned())?;
        let mut problems = Problems::of(people.len());
        for (at, person) in people.iter().enumerate() {
            let mut found = Vec::new();
            let mut tell = |pointer: String, detail: &str| found.push((pointer, detail.to_owned()));
            look(self.world, person, &mut tell);
            for (place, id) in person.preferences.locations.iter().enumerate() {
                if !self.world.locations.contains_key(id) {
                    tell(format!("/preferred_locations/{place}"), "this location does not exist");
                }
            }
            for (pointer, detail) in found {
                problems.add(at, Refusal::invalid(pointer, detail))?;
            }
        }
        problems.finish()?;
        let left = self.who_leaves(&changed);
        self.journal(order, &changed, Event::PeopleSaved)?;
        self.give_all_back(order, &left)?;
        for person in &changed {
            self.unblock(person.id);
        }
        supersede(&mut self.changes.people, changed);
        Ok(reply)
    }
}

/// Whoever saves them learns of nobody whom they do not see.
fn refers_to_what_exists(
    world: &World,
    (together, sight): (&Together<'_>, &Sight),
    person: &Person,
    tell: &mut Tell<'_>,
) {
    let before = world.people.get(&person.id);
    let was_named = |id: &PersonId| {
        before.is_some_and(|before| before.manager == Some(*id) || before.stands_in_for.contains(id))
    };
    let is_seen = |id: &PersonId| world.people.get(id).is_some_and(|it| sight.reaches(it));
    let is_nobody = |id: &PersonId| !together.people.contains_key(id) && !was_named(id) && !is_seen(id);
    if person.manager.as_ref().is_some_and(is_nobody) {
        tell("/manager".to_owned(), "this person does not exist");
    }
    for (place, _) in person.stands_in_for.iter().enumerate().filter(|(_, id)| is_nobody(id)) {
        tell(format!("/stands_in_for/{place}"), "this person does not exist");
    }
    let is_no_dealer = |id: &DealerId| !world.dealers.contains_key(id);
    if person.dealer.as_ref().is_some_and(is_no_dealer) {
        tell("/dealer".to_owned(), "this dealer does not exist");
    }
    for (role, grant) in person.roles.iter().enumerate() {
        if grant.dealer.as_ref().is_some_and(is_no_dealer) {
            tell(format!("/roles/{role}/dealer"), "this dealer does not exist");
        }
    }
}

/// People who are saved together, and who will have which address then.
struct Together<'a> {
    people: BTreeMap<PersonId, &'a Person>,
    holders: BTreeMap<String, u32>,
}

impl<'a> Together<'a> {
    fn of(world: &World, people: &'a [Person]) -> Self {
        let together: BTreeMap<_, _> = people.iter().map(|person| (person.id, person)).collect();
        let others = world.people.values().filter(|it| !together.contains_key(&it.id));
        let mut holders = BTreeMap::new();
        for person in others.chain(together.values().copied()) {
            *holders.entry(person.email.clone()).or_insert(0) += 1;
        }
        Self { people: together, holders }
    }

    /// Whether somebody else will have their address. Two who have had one in common for long keep it until one of them changes theirs.
    fn shares(&self, person: &Person) -> bool {
        self.holders.get(&person.email).is_some_and(|count| *count > 1)
    }

    /// Whether somebody whom they lead, or who is led by such a one, leads them. Circles of others are not theirs.
    fn leads_themselves(&self, world: &World, person: &Person) -> bool {
        let leader = |id: &PersonId| {
            let known = self.people.get(id).copied().or_else(|| world.people.get(id));
            known.and_then(|known| known.manager)
        };
        let mut seen = BTreeSet::from([person.id]);
        let mut above = person.manager;
        while let Some(id) = above.filter(|id| seen.insert(*id)) {
            above = leader(&id);
        }
        // Whoever is their own manager is told so elsewhere.
        above == Some(person.id) && person.manager != Some(person.id)
    }
}
