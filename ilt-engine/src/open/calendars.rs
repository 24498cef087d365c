//! Opening calendars: what makes sessions due, what keeps and links calendars, what listens to them, and what tells how far they are.

use std::sync::Arc;

use ilt_calcom::api::{Base, Dice};
use ilt_calcom::{Instance, mapping::Slug, settle::Calcom};
use ilt_core::ports::{Ids as _, Mirrors};
use ilt_store::SqlStore;
use uuid::Uuid;

use crate::calendars::letters::{CalcomReader, LETTERS, Mailbox, Room, Writer};
use crate::calendars::{
    CALENDARS, Counted, Habits, Keeper, Linking, PageOf, Reception, Shows, Subscriber, WEBHOOKS, Worker,
};
use crate::config::{CalcomSettings, Config};
use crate::engine::Engine;
use crate::engine::system::{SystemClock, SystemIds};
use crate::followers::calendar::Calendar;
use crate::followers::{Follower, Followers, Standing};

/// By which names calendars know what is told of, where there is one.
pub(super) fn mirrors(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<Arc<dyn Mirrors>>> {
    Ok(config.calcom()?.map(|_| store.clone() as Arc<dyn Mirrors>))
}

/// What makes sessions due for calendars, where there is one.
pub(super) fn follower(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<Box<dyn Follower>>> {
    let (journal, mirrors, clock) = (store.clone(), store.clone(), Arc::new(SystemClock));
    let follower = || Box::new(Calendar { journal, mirrors, clock }) as Box<dyn Follower>;
    Ok(config.calcom()?.map(|_| follower()))
}

/// Calendars, opened once: whoever asks them shares one client, and with it what is left of each key's calls.
pub(super) struct Calendars {
    keeper: Keeper,
    linking: Linking,
    habits: Habits,
    pages_at: Option<Base>,
}

impl Calendars {
    /// Those that are configured, if any.
    pub(super) fn of(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<Self>> {
        let Some(configured) = config.calcom()? else { return Ok(None) };
        let CalcomSettings { settings, attendees, seal, subscription, habits, pages_at } = configured;
        let clock = Arc::new(SystemClock);
        let dice = Dice::seeded(SystemIds.next().as_u64_pair().1);
        let instance = Instance::new(settings, clock.clone(), dice)?.watched_by(Arc::new(Counted));
        let seal = Arc::new(seal);
        let calendar = Calcom::new(instance.clone(), attendees, seal.clone(), clock.clone());
        let (reads, mirrors) = (store.clone(), store.clone());
        let keeper =
            Keeper { reads, mirrors, calendar: Arc::new(calendar), clock: clock.clone(), reception: None };
        let linking = Linking { instance, seal, subscription, mirrors: store.clone(), clock };
        Ok(Some(Self { keeper, linking, habits, pages_at }))
    }

    /// What tells how far they show something.
    pub(super) fn shows(&self) -> Shows {
        let pages_at = self.pages_at.clone();
        let page_of: PageOf = Arc::new(move |username, session, part| {
            Some(pages_at.as_ref()?.page(username, &Slug { session, part }.to_string()))
        });
        let (mirrors, calendar) = (self.keeper.mirrors.clone(), self.keeper.calendar.clone());
        Shows { mirrors, calendar, page_of }
    }

    /// The same followers, and beside them who keeps calendars and who listens to them; and where what they tell is left.
    pub(super) fn kept(
        self,
        followers: Followers,
        store: &Arc<SqlStore>,
        engine: &Engine,
        holder: Uuid,
    ) -> (Followers, Option<Mailbox>) {
        let Self { keeper, linking, habits, .. } = self;
        let keeper = Keeper { reception: Some(Reception { engine: engine.clone() }), ..keeper };
        let standing = Standing::new(CALENDARS);
        let worker = Worker { keeper, leases: store.clone(), holder, habits, standing: standing.clone() };
        let followers = followers.beside(standing, |stopping| worker.until_stopped(stopping));
        let Some(subscription) = linking.subscription.clone() else { return (followers, None) };

        let (standing, every) = (Standing::new(WEBHOOKS), habits.compare_every);
        let subscriber =
            Subscriber { linking, leases: store.clone(), holder, every, standing: standing.clone() };
        let followers = followers.beside(standing, |stopping| subscriber.until_stopped(stopping));

        let (instance, clock) = (subscription.instance().to_owned(), engine.ports().clock.clone());
        let mailbox =
            Mailbox::new(instance, Arc::new(CalcomReader(subscription)), clock.clone(), Room::default());
        let standing = Standing::new(LETTERS);
        let (deliveries, standing_of) = (store.clone(), standing.clone());
        let writer = Writer { mailbox: mailbox.clone(), deliveries, clock, standing: standing_of };
        (followers.beside(standing, |stopping| writer.until_stopped(stopping)), Some(mailbox))
    }
}

/// What keeps calendars, what links them, and how that is done; none where there is none. Nobody decides on strangers yet.
///
/// # Errors
/// When it is configured in a way that makes no sense.
pub fn calcom(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<(Keeper, Linking, Habits)>> {
    Ok(Calendars::of(config, store)?.map(|it| (it.keeper, it.linking, it.habits)))
}
