//! Who the people are that hear of a gap, step by step.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::catalog::{Dealer, Person, Role};
use crate::compliance::Step;
use crate::ids::{DealerId, PersonId};

/// Who hears at `step` of what `learner` lacks. A step at which there is nobody is the next one's; only where there is no admin
/// either does nobody hear.
pub fn hearers(
    step: Step,
    learner: &Person,
    people: &BTreeMap<PersonId, Person>,
    dealers: &BTreeMap<DealerId, Dealer>,
) -> BTreeSet<PersonId> {
    let others = || people.values().filter(|person| person.active && person.id != learner.id);
    let ids = |found: Vec<&Person>| found.into_iter().map(|person| person.id).collect::<BTreeSet<_>>();
    let at = |step| match step {
        Step::Manager => {
            let leads = |person: &&Person| access::over(person, learner).is_ok();
            let manager = others().find(|person| Some(person.id) == learner.manager).filter(leads);
            let deputies = others().filter(|person| {
                learner.manager.is_some_and(|manager| person.stands_in_for.contains(&manager))
                    && leads(person)
            });
            ids(manager.map_or_else(|| deputies.collect(), |manager| vec![manager]))
        }
        Step::DealerAdmin => ids(others()
            .filter(|person| learner.dealer.is_some() && person.is_at(Role::DealerAdmin, learner.dealer))
            .collect()),
        Step::RegionalAdmin => {
            let region = |person: &Person| dealers.get(&person.dealer?)?.region.as_deref();
            let admins: Vec<_> = others().filter(|person| person.is(Role::Admin)).collect();
            let near = |person: &&Person| region(learner).is_some() && region(person) == region(learner);
            let of_region = ids(admins.iter().copied().filter(near).collect());
            if of_region.is_empty() { ids(admins) } else { of_region }
        }
    };
    let from_here = Step::ALL.into_iter().filter(|it| *it >= step);
    from_here.map(at).find(|found| !found.is_empty()).unwrap_or_default()
}
