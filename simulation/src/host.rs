//! One host: an engine that is driven step by step, on its own clock.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use ilt_core::journal::Entry;
use ilt_core::ports::Ids;
use ilt_core::testing::ReadCommitted;
use ilt_engine::desk::Desk;
use ilt_engine::followers::teller::Teller;
use ilt_engine::{Engine, Ports, Settings};
use jiff::SignedDuration;
use tokio::sync::broadcast;

use crate::check::{Broken, Followed};
use crate::client::Waits;
use crate::clocks::{HostClock, Time};
use crate::executor::{Course, Executor};
use crate::followers::Followers;

/// Orders decided in one transaction at most.
const BATCH: usize = 6;

/// A host that is up.
pub struct Host {
    /// What it runs.
    pub engine: Engine,
    /// Who follows the journal there.
    pub followers: Followers,
    reads: Rc<Cell<u32>>,
    clock: Arc<HostClock>,
    listener: broadcast::Receiver<Arc<Entry>>,
    followed: Followed,
}

impl Host {
    /// Starts one, with the desks that it has.
    pub fn start(
        database: &ReadCommitted,
        time: &Arc<Time>,
        ids: &Arc<dyn Ids>,
        desks: usize,
        teller: &Teller,
    ) -> Option<(Self, Vec<Desk>)> {
        let (store, clock) = (database.host(), HostClock::on(time));
        let ports = Ports {
            store: Arc::new(store.clone()),
            journal: Arc::new(store.clone()),
            timers: Arc::new(store.clone()),
            reads: Arc::new(store.clone()),
            clock: clock.clone(),
            ids: ids.clone(),
            rules: Arc::new(ilt_core::ports::NoRules),
            evidence: Arc::new(ilt_core::ports::OwnCompletions),
        };
        let settings = Settings { desks, batch: BATCH, ..Settings::default() };
        let started = Course::calmly(|| Executor::finish(Engine::assemble(ports, settings)));
        let (engine, desks) = started?.ok()?;
        let (listener, followed) = (engine.feed().listen(), Followed::from(engine.feed().seen()));
        let followers = Followers::on(&store, teller);
        Some((Self { engine, followers, reads: Rc::default(), clock, listener, followed }, desks))
    }

    /// Leave to read the journal, as long as nobody else there does.
    pub fn may_read(&self) -> Option<Waits> {
        (self.reads.get() == 0).then(|| Waits::on(&self.reads))
    }

    /// Sets its clock ahead, or behind.
    pub fn jump(&self, ahead: SignedDuration) {
        self.clock.jump(ahead);
    }

    /// Looks at what its feed has passed on since.
    pub fn listen(&mut self) -> Option<Broken> {
        let mut broken = None;
        while let Ok(entry) = self.listener.try_recv() {
            broken = broken.or(self.followed.next(&entry));
        }
        broken.or_else(|| self.followed.seen(self.engine.feed().seen()))
    }
}
