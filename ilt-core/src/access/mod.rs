//! Who may do what, and to whom: role and scope, checked together.
//!
//! A refusal says what was missing. Nobody learns that another dealer's people exist.

mod key;
mod sign_in;

use std::collections::{BTreeMap, BTreeSet};

pub use key::{ApiKey, KEY_DAYS, MOST_KEY_DAYS, MOST_KEYS, key_ends};
pub use sign_in::{Lasts, MOST_SIGN_INS, SignIn, TOKEN_OVERLAPS, powers};

use crate::catalog::{Dealer, Grant, Person, Role};
use crate::desk::Refusal;
use crate::ids::{DealerId, PersonId};
use crate::plugin::{Plugin, Whose};
use crate::session::Session;

/// Whose records a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's.
    Everyone,
    /// Their own, those of the teams they decide for at the first dealers, and everybody's at the second.
    Some {
        /// Their own.
        own: PersonId,
        /// Whose teams they decide for: their own, and those of managers they stand in for.
        teams: Vec<PersonId>,
        /// Dealers at which they lead a team.
        team_at: Vec<DealerId>,
        /// Dealers they look after.
        dealers: Vec<DealerId>,
    },
}

impl Sight {
    /// Whose records `actor` may see.
    pub fn of(actor: &Person) -> Self {
        if actor.is(Role::Admin) {
            return Self::Everyone;
        }
        let at = |role| {
            actor.roles.iter().filter(move |grant| grant.role == role).filter_map(|grant| grant.dealer)
        };
        Self::Some {
            own: actor.id,
            teams: std::iter::once(actor.id).chain(actor.stands_in_for.iter().copied()).collect(),
            team_at: at(Role::Manager).collect(),
            dealers: at(Role::DealerAdmin).collect(),
        }
    }

    /// Whether they reach `person`.
    pub fn reaches(&self, person: &Person) -> bool {
        match self {
            Self::Everyone => true,
            Self::Some { own, teams, team_at, dealers } => {
                let at = |list: &[DealerId]| person.dealer.is_some_and(|dealer| list.contains(&dealer));
                let is_led = person.manager.is_some_and(|manager| teams.contains(&manager));
                person.id == *own || (is_led && at(team_at)) || at(dealers)
            }
        }
    }
}

/// Whether `actor` may see and decide for `person`: themselves, their team, their dealer, or everybody.
///
/// # Errors
/// `forbidden` within the same dealer, `not-found` beyond it.
pub fn over(actor: &Person, person: &Person) -> Result<(), Refusal> {
    active(actor)?;
    if Sight::of(actor).reaches(person) {
        return Ok(());
    }
    let knows_dealer =
        person.dealer.is_some() && actor.roles.iter().any(|grant| grant.dealer == person.dealer);
    if knows_dealer {
        let needed = "the role manager over this person, or dealer-admin at their dealer".to_owned();
        return Err(Refusal::Forbidden { needed });
    }
    Err(Refusal::not_found("person"))
}

/// Whether `actor` may register `learner`: as [`over`], and the learner must be one.
pub fn register(actor: &Person, learner: &Person) -> Result<(), Refusal> {
    over(actor, learner)?;
    if !learner.active || !learner.is(Role::Learner) {
        let needed = "an active person with the role learner to register".to_owned();
        return Err(Refusal::Forbidden { needed });
    }
    Ok(())
}

/// Whether `actor`, who may decide for a learner, may have `instead` come in their place: whoever leads both, or looks after
/// their dealer.
///
/// # Errors
/// As [`register`].
pub fn substitute(actor: &Person, instead: &Person) -> Result<(), Refusal> {
    register(actor, instead)?;
    if [Role::Manager, Role::DealerAdmin, Role::Admin].into_iter().any(|role| actor.is(role)) {
        return Ok(());
    }
    Err(Refusal::Forbidden {
        needed: "the role manager over both, or dealer-admin at their dealer".to_owned(),
    })
}

/// Whether `actor` may approve what `learner` asks for: whoever leads the learner, or looks after their dealer. Nobody but an
/// admin approves their own requests.
pub fn approve(actor: &Person, learner: &Person) -> Result<(), Refusal> {
    over(actor, learner)?;
    if actor.id != learner.id || actor.is(Role::Admin) {
        return Ok(());
    }
    Err(Refusal::Forbidden {
        needed: "somebody else: the manager, or the dealer-admin at the same dealer".to_owned(),
    })
}

/// Whether `actor` is an admin.
pub fn admin(actor: &Person) -> Result<(), Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) {
        Ok(())
    } else {
        Err(Refusal::Forbidden { needed: "the role admin".to_owned() })
    }
}

/// Roles that whoever looks after a dealer gives to its people, and takes from them.
const GIVEN_BY_DEALERS: [Role; 3] = [Role::Learner, Role::Instructor, Role::Manager];

/// Whether `actor` may save somebody who was `before` (nobody, when they are new) as `after`: an admin, or whoever looks after
/// the dealer at which they are and stay. Of their roles only those of the dealer's people change, and an admin is no dealer's.
///
/// # Errors
/// As [`over`] for somebody who is known; `forbidden` otherwise.
pub fn manage(actor: &Person, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) {
        return Ok(());
    }
    before.map_or(Ok(()), |before| over(actor, before))?;
    let looks_after = |dealer| actor.is_at(Role::DealerAdmin, dealer);
    if !looks_after(after.dealer) || !before.is_none_or(|before| looks_after(before.dealer)) {
        let needed = "the role dealer-admin at the dealer of this person, or admin".to_owned();
        return Err(Refusal::Forbidden { needed });
    }
    // What others have given them is neither taken from them nor added to.
    let given_by_others = |person: &Person| -> BTreeSet<Grant> {
        let is_given_here = |grant: &Grant| {
            GIVEN_BY_DEALERS.contains(&grant.role) && (grant.dealer.is_none() || looks_after(grant.dealer))
        };
        person.roles.iter().copied().filter(|grant| !is_given_here(grant)).collect()
    };
    let has_moved = before.is_some_and(|before| before.dealer != after.dealer);
    let is_above = before.is_some_and(|before| before.is(Role::Admin));
    if has_moved || is_above || before.map(given_by_others).unwrap_or_default() != given_by_others(after) {
        let needed =
            "the role admin, for other dealers, and for roles beyond learner, instructor and manager";
        return Err(Refusal::Forbidden { needed: needed.to_owned() });
    }
    Ok(())
}

/// Whether `actor` looks after a dealer.
pub fn look_after(actor: &Person, dealer: DealerId) -> Result<(), Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) || actor.is_at(Role::DealerAdmin, Some(dealer)) {
        return Ok(());
    }
    Err(Refusal::Forbidden { needed: "the role dealer-admin at this dealer, or admin".to_owned() })
}

/// Whether `actor` may say which plugins speak for these learners.
pub fn look_after_plugins(actor: &Person, whose: &Whose) -> Result<(), Refusal> {
    match whose {
        Whose::Dealer(dealer) => look_after(actor, *dealer),
        Whose::DealerGroup(_) | Whose::Everybody => admin(actor),
    }
}

/// Whether `actor` may know of a plugin: whoever looks after a dealer for which it speaks.
pub fn know_of_plugin(actor: &Person, plugin: &Plugin, dealers: &BTreeMap<DealerId, Dealer>) -> bool {
    let is_told =
        |dealer: &Dealer| actor.is_at(Role::DealerAdmin, Some(dealer.id)) && plugin.speaks_for(dealer);
    active(actor).is_ok() && (actor.is(Role::Admin) || dealers.values().any(is_told))
}

/// Whether `actor` may upload what a plugin is made of.
pub fn upload(actor: &Person) -> Result<(), Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) || actor.is(Role::DealerAdmin) {
        return Ok(());
    }
    Err(Refusal::Forbidden { needed: "the role dealer-admin or admin".to_owned() })
}

/// Whether a session names this person, who is an instructor still.
fn teaches(actor: &Person, session: &Session) -> bool {
    actor.is(Role::Instructor) && session.instructors.contains(&actor.id)
}

/// Whether `actor` teaches a session: marks attendance, lets people in who walk in, completes it.
pub fn teach(actor: &Person, session: &Session) -> Result<(), Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) || teaches(actor, session) {
        return Ok(());
    }
    Err(Refusal::Forbidden { needed: "to be an instructor of this session, or the role admin".to_owned() })
}

/// Whether `actor` may see the roster of a session, and whose lines of it.
pub fn roster(actor: &Person, session: &Session) -> Result<Sight, Refusal> {
    active(actor)?;
    if actor.is(Role::Admin) || teaches(actor, session) {
        return Ok(Sight::Everyone);
    }
    if actor.is(Role::Manager) || actor.is(Role::DealerAdmin) {
        return Ok(Sight::of(actor));
    }
    let needed = "to be an instructor of this session, or the role manager, dealer-admin or admin".to_owned();
    Err(Refusal::Forbidden { needed })
}

/// Whether `actor` may know of a session: one that was never published is for its instructors and admins.
pub fn know_of(actor: &Person, session: &Session) -> bool {
    !session.is_private() || actor.is(Role::Admin) || teaches(actor, session)
}

fn active(actor: &Person) -> Result<(), Refusal> {
    if actor.active {
        Ok(())
    } else {
        Err(Refusal::Forbidden { needed: "an account that is active".to_owned() })
    }
}

#[cfg(test)]
mod rules;
