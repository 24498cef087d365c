//! Who is in the demo's story, kept beside it: to find them out anew the whole network would have to be imagined once more.

use std::path::Path;

use anyhow::Context as _;
use ilt_example_data::Cast;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Kept {
    seed: u64,
    scale: f64,
    learner: Uuid,
    instructor: Uuid,
    manager: Uuid,
    dealer_admin: Uuid,
    admin: Uuid,
    session: Uuid,
}

/// The cast of the demo that was made with this seed and scale, as far as it is known.
pub fn kept(path: &Path, seed: u64, scale: f64) -> Option<Cast> {
    let kept: Kept = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let Kept { learner, instructor, manager, dealer_admin, admin, session, .. } = kept;
    let cast = Cast { learner, instructor, manager, dealer_admin, admin, session };
    ((kept.seed, kept.scale.to_bits()) == (seed, scale.to_bits())).then_some(cast)
}

/// Keeps the cast of the demo that was made with this seed and scale.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(path: &Path, (seed, scale): (u64, f64), cast: Cast) -> anyhow::Result<()> {
    let Cast { learner, instructor, manager, dealer_admin, admin, session } = cast;
    let kept = Kept { seed, scale, learner, instructor, manager, dealer_admin, admin, session };
    std::fs::write(path, serde_json::to_vec(&kept)?)
        .with_context(|| format!("{} cannot be written", path.display()))
}
