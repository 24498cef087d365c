//! What was answered stays true until an entry takes it away, and the same key gives the same answer.

use ilt_core::desk::{Answer, Refusal, Reply};
use ilt_core::ids::PersonId;
use ilt_core::journal::{Entry, Event};
use ilt_core::registration::Registration;
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// What one request was answered.
#[derive(Debug, Clone, Default)]
pub struct Said {
    first: Option<Answer>,
    since: usize,
}

impl Said {
    /// Nothing yet, to a request that is made when the journal is so long.
    pub const fn since(entries: usize) -> Self {
        Self { first: None, since: entries }
    }

    /// Hears an answer.
    pub fn hear(
        &mut self,
        asker: Option<PersonId>,
        answer: &Answer,
        world: &World,
        entries: &[Entry],
    ) -> Option<Broken> {
        if let Some(first) = &self.first {
            // Who may no longer see it is told so; that needs somebody to have changed, or to have left before they asked.
            let is_hidden = matches!(answer, Err(Refusal::Forbidden { .. } | Refusal::NotFound { .. }));
            let has_left = asker.and_then(|id| world.people.get(&id)).is_some_and(|asker| !asker.active);
            let has_changed =
                has_left || entries[self.since..].iter().any(|it| matches!(it.event, Event::PeopleSaved(_)));
            if first != answer && !(is_hidden && has_changed) {
                let how = format!("answered {first:?} at first, and {answer:?} when it was repeated");
                return Some(Broken::new(Promise::SameAnswer, how));
            }
            return None;
        }
        // Whoever may no longer see what was answered is told so, perhaps before they hear what was.
        if matches!(answer, Err(Refusal::NotFound { what }) if what == "answer") {
            return None;
        }
        self.first = Some(answer.clone());
        match answer {
            Ok(Reply::Registration { registration, .. }) => kept(registration, world),
            Ok(Reply::Group { registrations, .. }) => registrations.iter().find_map(|it| kept(it, world)),
            Ok(Reply::Marked { .. } | Reply::Saved { .. } | Reply::Helped(_) | Reply::Done) | Err(_) => None,
        }
    }

    /// What was answered before, if anything was.
    pub fn first(&self) -> Option<&Answer> {
        self.first.as_ref()
    }
}

/// A registration that is not what was answered, although nothing has happened to it since.
fn kept(answered: &Registration, world: &World) -> Option<Broken> {
    let known = world.registrations.get(answered.id);
    let is_kept = known.is_some_and(|known| match known.sequence.cmp(&answered.sequence) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => known.status == answered.status,
        std::cmp::Ordering::Greater => true,
    });
    (!is_kept).then(|| {
        let how = format!(
            "{} was answered {} in {}, and {}",
            named(answered.learner),
            answered.status.word(),
            named(answered.session),
            known.map_or("is nowhere", |known| known.status.word())
        );
        Broken::new(Promise::Kept, how)
    })
}
