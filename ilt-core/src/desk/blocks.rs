//! Seat blocks: setting seats aside for a dealer, taking them without asking for them, opening what is left.

use jiff::Timestamp;

use crate::access;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{BlockPlan, Order, Refusal, Reply, TimerKind};
use crate::ids::{DealerId, SessionId};
use crate::journal::Event;
use crate::policy::Rule;
use crate::session::{Block, Session};

impl Desk<'_> {
    pub(super) fn save_block(
        &mut self,
        order: &Order,
        id: SessionId,
        plan: &BlockPlan,
    ) -> Result<Reply, Stop> {
        let block = self.planned_block(order, id, plan)?;
        let session = &self.world.sessions[&id];
        if session.block_of(Some(plan.dealer)) == Some(&block) {
            return Ok(self.session_reply(id, 0));
        }
        self.record(order, &order.actor, About::session(id), Event::BlockSaved(block))?;
        self.watch_blocks(id);
        Ok(self.session_reply(id, 1))
    }

    pub(super) fn release_block(
        &mut self,
        order: &Order,
        id: SessionId,
        dealer: DealerId,
    ) -> Result<Reply, Stop> {
        let actor = self.actor(order)?;
        actor.map_or(Ok(()), |actor| access::look_after(actor, dealer))?;
        let session = self.visible(actor, id)?;
        if session.block_of(Some(dealer)).is_none() {
            return Ok(self.session_reply(id, 0));
        }
        self.record(order, &order.actor, About::session(id), Event::BlockReleased(dealer))?;
        self.watch_blocks(id);
        Ok(self.session_reply(id, 1))
    }

    pub(super) fn turn_blocks(&mut self, order: &Order, id: SessionId) -> Result<Reply, Stop> {
        let now = self.context.now;
        let blocks = self.world.sessions.get(&id).map_or_else(Vec::new, |session| session.blocks.clone());
        for block in blocks {
            let event = if block.release_at <= now {
                Event::BlockReleased(block.dealer)
            } else if block.name_by.is_some_and(|at| at <= now) {
                Event::BlockNamingDue(block.dealer)
            } else {
                continue;
            };
            self.record(order, &order.actor, About::session(id), event)?;
        }
        self.watch_blocks(id);
        Ok(Reply::Done)
    }

    /// What is set aside in a session that was moved is opened as long before its start as it would have been.
    pub(super) fn move_blocks(
        &mut self,
        order: &Order,
        id: SessionId,
        started: Timestamp,
    ) -> Result<(), Stop> {
        let Some(session) = self.world.sessions.get(&id) else { return Ok(()) };
        let moved = session.starts_at().duration_since(started);
        let shifted = |at: Timestamp| at.saturating_add(moved).unwrap_or(at);
        for block in session.blocks.clone() {
            let (release_at, name_by) = (shifted(block.release_at), block.name_by.map(shifted));
            let event = if release_at <= self.context.now {
                Event::BlockReleased(block.dealer)
            } else {
                Event::BlockSaved(Block { name_by, release_at, ..block })
            };
            self.record(order, &order.actor, About::session(id), event)?;
        }
        self.watch_blocks(id);
        Ok(())
    }

    /// A seat that one of a dealer's people is about to take is taken from what is set aside for the dealer.
    pub(super) fn use_block(&mut self, order: &Order, about: &About) -> Result<(), Stop> {
        let dealer = self.dealer_of(about);
        let theirs = self.session_with_blocks(about).and_then(|session| session.block_of(dealer));
        match theirs.filter(|block| block.free() > 0) {
            Some(block) => {
                let event = Event::BlockUsed(block.dealer);
                self.record(order, &order.actor, about.of_block(), event)
            }
            None => Ok(()),
        }
    }

    /// A seat that was given back is set aside again for the dealer whom it was taken from.
    pub(super) fn refill_block(&mut self, order: &Order, about: &About) -> Result<(), Stop> {
        let (Some(session), Some(id)) = (self.session_with_blocks(about), about.registration) else {
            return Ok(());
        };
        let lender = session.lender(id, self.dealer_of(about));
        match lender.filter(|_| session.is_live(self.context.now) && session.seats.open() > 0) {
            Some(block) => {
                let event = Event::BlockRefilled(block.dealer);
                self.record(order, &order.actor, about.of_block(), event)
            }
            None => Ok(()),
        }
    }

    fn session_with_blocks(&self, about: &About) -> Option<&Session> {
        self.world.sessions.get(&about.session?).filter(|session| !session.blocks.is_empty())
    }

    fn dealer_of(&self, about: &About) -> Option<DealerId> {
        self.world.people.get(&about.learner?)?.dealer
    }

    /// Has the blocks of a session looked at when the next thing is due to one of them.
    fn watch_blocks(&mut self, id: SessionId) {
        let blocks = self.world.sessions.get(&id).map_or(&[][..], |session| &session.blocks);
        let due = blocks.iter().flat_map(|block| [Some(block.release_at), block.name_by]).flatten().min();
        self.set_timer(TimerKind::Blocks, id, due);
    }

    fn planned_block(&self, order: &Order, id: SessionId, plan: &BlockPlan) -> Result<Block, Refusal> {
        let session = self.visible(self.actor(order)?, id)?;
        let actor = self.actor(order)?;
        actor.map_or(Ok(()), |actor| access::look_after(actor, plan.dealer))?;
        if !self.world.dealers.contains_key(&plan.dealer) {
            return Err(Refusal::not_found("dealer"));
        }
        actor.map_or(Ok(()), |actor| self.within_share(session, plan.seats, access::admin(actor)))?;
        let now = self.context.now;
        if session.starts_at() <= now || !session.is_planned() {
            return Err(Refusal::RegistrationClosed { closed_at: session.starts_at() });
        }
        let known = session.block_of(Some(plan.dealer));
        let (used, had) = known.map_or((0, 0), |known| (known.used, known.seats));
        let users = known.map(|known| known.users.clone()).unwrap_or_default();
        if plan.seats < used.max(1) {
            return Err(Refusal::invalid("/seats", format!("must be at least {}", used.max(1))));
        }
        let most = had + session.seats.open();
        if plan.seats > most {
            return Err(Refusal::invalid(
                "/seats",
                format!("must be at most {most}: no more seats are open"),
            ));
        }
        let rules = self.world.rules_for(Some(session.course), None);
        let before_start = |rule| session.starts_at().saturating_sub(rules.days(rule)).unwrap_or(now);
        let release_at = plan.release_at.unwrap_or_else(|| before_start(Rule::BlockRelease));
        if release_at <= now || release_at > session.starts_at() {
            return Err(Refusal::invalid("/release_at", "must be in the future, and not after the start"));
        }
        let name_by = plan.name_by.unwrap_or_else(|| before_start(Rule::BlockNaming));
        if plan.name_by.is_some() && (name_by <= now || name_by > release_at) {
            return Err(Refusal::invalid("/name_by", "must be in the future, and not after the release"));
        }
        let name_by = Some(name_by).filter(|at| (now..=release_at).contains(at) && *at > now);
        Ok(Block { dealer: plan.dealer, seats: plan.seats, used, users, name_by, release_at })
    }

    /// A dealer's own admin sets a share aside; more is for an admin to decide.
    fn within_share(
        &self,
        session: &Session,
        seats: u32,
        is_admin: Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let share = self.world.rules_for(Some(session.course), None).count(Rule::BlockShare);
        if u64::from(seats) * 100 <= u64::from(session.seats.capacity) * u64::from(share) {
            return Ok(());
        }
        is_admin.map_err(|_| Refusal::Forbidden {
            needed: format!("the role admin to set more than {share} % of the seats aside"),
        })
    }
}

impl About {
    pub(super) fn session(id: SessionId) -> Self {
        Self { session: Some(id), ..Self::default() }
    }

    /// What is told of a seat that was set aside: in which session, and by which registration it is used.
    fn of_block(&self) -> Self {
        Self { session: self.session, registration: self.registration, ..Self::default() }
    }
}
