//! Where people complete what this ledger does not see.

use std::sync::Arc;

use anyhow::Context as _;
use ilt_core::ports::{Evidence, OwnCompletions};
use ilt_store::View;
use secrecy::ExposeSecret as _;

use crate::config::{Config, Elsewhere};

/// Where it is configured to be.
///
/// # Errors
/// When it is configured in a way that makes no sense, or the database of the view cannot be opened.
pub async fn evidence(config: &Config) -> anyhow::Result<Arc<dyn Evidence>> {
    Ok(match config.evidence()? {
        Elsewhere::Nowhere => Arc::new(OwnCompletions),
        Elsewhere::Service(service) => Arc::new(service),
        Elsewhere::View { name, database, patience } => {
            let is_the_stores = database.expose_secret().is_empty();
            let url = if is_the_stores { config.store_url()? } else { database };
            let view = View::open(url.expose_secret(), &name, patience).await;
            Arc::new(view.context("the view of what was completed elsewhere cannot be opened ([evidence])")?)
        }
    })
}
