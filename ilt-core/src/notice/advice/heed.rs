//! What of advice counts.
//!
//! | advice | is |
//! |---|---|
//! | on a notice that was not asked about | dropped |
//! | on a notice a second time | dropped; of several plugins the first in their order counts |
//! | on one that is urgent | dropped |
//! | to mute what has to be heard | dropped |
//! | to wait for a minute that no clock shows | dropped |
//! | without a reason that can be shown | dropped |
//! | to tell an instructor or an admin as well | dropped: they are no dealer's |
//! | to tell somebody as well, urgently | they are told at once |
//! | to tell somebody as well who is told already | nothing; who would have heard with the digest hears at once when that is advised |
//! | to tell somebody as well who did it, or may not see the learner | nothing |
//! | to tell a sixth person as well | dropped |

use std::collections::BTreeMap;

use crate::catalog::Person;
use crate::ids::PersonId;
use crate::journal::Actor;
use crate::notice::advice::added::{can_be_added, of_the_dealer};
use crate::notice::advice::{Advice, Advised, Change, Heard, Notification, Pace, Telling, ToldAs, When};
use crate::opinion::{Fault, Speaker, showable};
use crate::schedule::next_showing;

/// People that are told as well, at most, because of all advice together.
const ADDED: usize = 5;

/// When each is told after all advice, in its order: those who were to be told, in their order, and then whoever is told as well. With
/// what is wrong with the rest. `actor` did it: nobody is told as well of what they did themselves.
pub fn heed(
    telling: &Telling,
    actor: &Actor,
    people: &BTreeMap<PersonId, Person>,
    said: Vec<Advice>,
) -> (Vec<Heard>, Vec<(Speaker, Fault)>) {
    let planned = |it: &Notification| Heard {
        person: it.person,
        told_as: it.told_as,
        when: it.pace.into(),
        advised: None,
    };
    let heard = telling.notices.iter().map(planned).collect();
    let mut hearing = Hearing { telling, actor, people, heard };
    let mut faults = Vec::new();
    for advice in said {
        let by = advice.by.clone();
        let mut fault = |fault| faults.push((by.clone(), fault));
        if let Err(wrong) = hearing.take(advice, &mut fault) {
            fault(wrong);
        }
    }
    (hearing.heard, faults)
}

/// Who hears, while advice is taken.
struct Hearing<'a> {
    telling: &'a Telling,
    actor: &'a Actor,
    people: &'a BTreeMap<PersonId, Person>,
    heard: Vec<Heard>,
}

impl Hearing<'_> {
    /// Takes what counts of it; tells of what was cut, and gives back why it was dropped.
    fn take(&mut self, advice: Advice, fault: &mut impl FnMut(Fault)) -> Result<(), Fault> {
        let Advice { by, change, reason } = advice;
        let shown = showable(&reason);
        if shown.is_empty() {
            return Err(Fault::NoReason);
        }
        let is_other = shown != reason;
        let advised = Advised { by, reason: shown };
        match change {
            Change::Mute(at) => self.change(at, advised, |notice| {
                if notice.may_be_muted { Ok(When::Never) } else { Err(Fault::MustHear) }
            }),
            Change::ToDigest(at) => self.change(at, advised, |_| Ok(When::Digest)),
            Change::AtMinute(at, minute) => {
                let happened = self.telling.happening.at;
                self.change(at, advised, |notice| {
                    next_showing(minute, &notice.zone, happened).map(When::From).ok_or(Fault::NoMinute)
                })
            }
            Change::Add(told_as, _) if !can_be_added(told_as) => Err(Fault::NotTheirs),
            Change::Add(told_as, pace) => {
                let when = match pace {
                    Pace::Urgent => {
                        fault(Fault::Urgent);
                        When::AtOnce
                    }
                    pace => pace.into(),
                };
                self.add(told_as, when, &advised)
            }
        }?;
        if is_other {
            fault(Fault::Cleaned);
        }
        Ok(())
    }

    fn change(
        &mut self,
        at: usize,
        advised: Advised,
        when: impl FnOnce(&Notification) -> Result<When, Fault>,
    ) -> Result<(), Fault> {
        let (Some(notice), Some(heard)) = (self.telling.notices.get(at), self.heard.get_mut(at)) else {
            return Err(Fault::Unasked);
        };
        if notice.pace == Pace::Urgent {
            return Err(Fault::Urgent);
        }
        if let Some(before) = &heard.advised {
            return if before.by == advised.by { Err(Fault::Again) } else { Ok(()) };
        }
        let when = when(notice)?;
        if heard.when != when {
            (heard.when, heard.advised) = (when, Some(advised));
        }
        Ok(())
    }

    fn add(&mut self, told_as: ToldAs, when: When, advised: &Advised) -> Result<(), Fault> {
        for person in of_the_dealer(told_as, &self.telling.happening, self.people) {
            if self.actor.person() == Some(person.id) {
                continue;
            }
            let advised = Some(advised.clone());
            if let Some(heard) = self.heard.iter_mut().find(|it| it.person == person.id) {
                if heard.advised.is_none() && heard.when == When::Digest && when == When::AtOnce {
                    (heard.when, heard.advised) = (when, advised);
                }
                continue;
            }
            if self.heard.len() == self.telling.notices.len() + ADDED {
                return Err(Fault::TooMany);
            }
            self.heard.push(Heard { person: person.id, told_as, when, advised });
        }
        Ok(())
    }
}
