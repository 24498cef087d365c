//! What a component exports of the contract.

use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Result, Store};

use crate::bindings::exports::ilt::plugin::{about, noticing, scoring};
use crate::guest::Guest;

/// What a plugin has a say in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say {
    /// Which sessions are offered first, and who waits in front.
    pub sessions: bool,
    /// Who is told of what, and when.
    pub notices: bool,
}

/// Where a component has what it exports of the contract.
pub(crate) struct Exports {
    pub about: about::GuestIndices,
    pub scoring: Option<scoring::GuestIndices>,
    pub noticing: Option<noticing::GuestIndices>,
}

impl Exports {
    /// Finds them by their names: what is there only in part is an error, and so is a component that has a say in nothing.
    pub fn of(ready: &InstancePre<Guest>) -> Result<Self> {
        let has = |interface: &str| {
            let name = format!("ilt:plugin/{interface}@0.1.0");
            ready.component().get_export_index(None, &name).is_some()
        };
        let about = about::GuestIndices::new(ready)?;
        let scoring = has("scoring").then(|| scoring::GuestIndices::new(ready)).transpose()?;
        let noticing = has("noticing").then(|| noticing::GuestIndices::new(ready)).transpose()?;
        if scoring.is_none() && noticing.is_none() {
            return Err(wasmtime::Error::msg("it exports neither scoring nor noticing"));
        }
        Ok(Self { about, scoring, noticing })
    }

    pub const fn say(&self) -> Say {
        Say { sessions: self.scoring.is_some(), notices: self.noticing.is_some() }
    }

    /// Whether each function takes and gives what the contract says: names alone do not tell.
    pub fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> Result<()> {
        self.about.load(&mut *store, instance)?;
        self.scoring.as_ref().map(|it| it.load(&mut *store, instance)).transpose()?;
        self.noticing.as_ref().map(|it| it.load(&mut *store, instance)).transpose()?;
        Ok(())
    }
}
