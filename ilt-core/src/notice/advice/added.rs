//! Who can be told as well.

use std::collections::BTreeMap;

use crate::access;
use crate::catalog::{Person, Role};
use crate::ids::PersonId;
use crate::notice::advice::{Happening, ToldAs};

/// Whether a dealer's rules can have somebody told as this: only the dealer's own people.
pub(super) const fn can_be_added(told_as: ToldAs) -> bool {
    match told_as {
        ToldAs::Learner | ToldAs::Manager | ToldAs::Approver | ToldAs::DealerAdmin => true,
        ToldAs::Instructor | ToldAs::Admin => false,
    }
}

/// The people of the learner's dealer who are this to the learner, and may see them; whoever leads the learner first, then in the order
/// of their ids.
pub(super) fn of_the_dealer<'a>(
    told_as: ToldAs,
    happening: &Happening,
    people: &'a BTreeMap<PersonId, Person>,
) -> Vec<&'a Person> {
    let Some(learner) = people.get(&happening.learner) else { return Vec::new() };
    let dealer = learner.dealer.filter(|_| learner.dealer == happening.dealer);
    let is_it = |person: &Person| match told_as {
        ToldAs::Learner => person.is_at(Role::Learner, dealer),
        ToldAs::Manager => person.is_at(Role::Manager, dealer),
        ToldAs::Approver => {
            let leads = person.is_at(Role::Manager, dealer) || person.is_at(Role::DealerAdmin, dealer);
            leads && access::approve(person, learner).is_ok()
        }
        ToldAs::DealerAdmin => person.is_at(Role::DealerAdmin, dealer),
        ToldAs::Instructor | ToldAs::Admin => false,
    };
    let may_see = |person: &&Person| is_it(person) && access::over(person, learner).is_ok();
    let only = |id: Option<PersonId>| id.and_then(|id| people.get(&id)).filter(may_see).into_iter().collect();
    match told_as {
        ToldAs::Learner => only(Some(learner.id)),
        ToldAs::Manager => only(learner.manager),
        ToldAs::Approver | ToldAs::DealerAdmin => {
            let mut found: Vec<_> = people.values().filter(may_see).collect();
            found.sort_by_key(|person| learner.manager != Some(person.id));
            found
        }
        ToldAs::Instructor | ToldAs::Admin => Vec::new(),
    }
}
