//! Controls that must fail: known bugs, planted one at a time, each found within so many histories.

use ilt_core::planted::{self, Bug};

use crate::check::{Broken, Promises};
use crate::play::{Town, play};
use crate::script::Script;

/// Histories within which a bug must be found.
const fn within(bug: Bug) -> u64 {
    match bug {
        Bug::CheckApartFromWrite
        | Bug::LockOrderReversed
        | Bug::SeatsOfUnlockedWritten
        | Bug::SeatsOfUnlockedSent
        | Bug::OfferWithoutQueue
        | Bug::PromotionLeftToTimer
        | Bug::LeaversStay => 200,
        Bug::GateOnRegisterOnly | Bug::PromotionWithoutGate => 2_000,
        Bug::AnswerWorkedOutAnew | Bug::ReaderSkipsLateCommits => 1_000,
        Bug::CheckpointBeforeEffect => 5_000,
    }
}

/// What became of one control.
#[derive(Debug)]
pub struct Control {
    /// The bug.
    pub bug: Bug,
    /// Within how many histories it must be found.
    pub within: u64,
    /// After how many it was, and what it broke.
    pub found: Option<(u64, Broken)>,
}

/// Plants a bug, and plays histories until one is broken that is sound without it.
///
/// # Errors
/// When the town cannot be founded.
pub fn control(bug: Bug, seed: u64, promises: Promises) -> anyhow::Result<Control> {
    let town = Town::found()?;
    let within = within(bug);
    let found = (0..within).find_map(|number| {
        let script = Script::of(seed.wrapping_add(number));
        planted::plant(Some(bug));
        let broken = play(&town, &script, promises, false).broken;
        planted::plant(None);
        let broken = broken?;
        let is_sound_without = play(&town, &script, promises, false).broken.is_none();
        is_sound_without.then_some((number + 1, broken))
    });
    Ok(Control { bug, within, found })
}
