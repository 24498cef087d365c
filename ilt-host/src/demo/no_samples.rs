//! Dealers' own rules in the demo, where this program was built without them: nobody has any.

use ilt_core::ids::PersonId;
use ilt_engine::open::Running;

/// Does nothing.
///
/// # Errors
/// None.
pub async fn use_samples(_: &Running, _: PersonId) -> anyhow::Result<()> {
    Ok(())
}
