//! Where people complete what this ledger does not see.

use std::sync::Arc;

use anyhow::Context as _;
use ilt_core::ports::{Evidence, OwnCompletions};
use ilt_store::View;
use secrecy::ExposeSecret as _;

use crate::config::{Config, Elsewhere};
use crate::engine::Gathered;
use crate::system::SystemClock;

/// Where it is configured to be. Nothing is asked there yet: it may be away.
///
/// # Errors
/// When it is configured in a way that makes no sense.
pub fn evidence(config: &Config) -> anyhow::Result<Arc<dyn Evidence>> {
    let (place, patience): (Arc<dyn Evidence>, _) = match config.evidence()? {
        Elsewhere::Nowhere => return Ok(Arc::new(OwnCompletions)),
        Elsewhere::Service { service, patience } => (Arc::new(service), patience),
        Elsewhere::View { name, database, patience } => {
            let is_the_stores = database.expose_secret().is_empty();
            let url = if is_the_stores { config.store_url()? } else { database };
            let view = View::open(url.expose_secret(), &name, patience, Arc::new(SystemClock));
            let what = "the view of what was completed elsewhere cannot be asked: check evidence.view and evidence.database";
            (Arc::new(view.context(what)?), patience)
        }
    };
    Ok(Arc::new(Gathered::of(place, patience)))
}
