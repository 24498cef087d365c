//! Opening calendars: what makes sessions due, what keeps and links calendars, what listens to them, and what tells how far they are.

use std::sync::Arc;

use ilt_calcom::{Instance, api::Dice, mapping::Slug, settle::Calcom};
use ilt_core::ports::{Ids as _, Mirrors};
use ilt_store::SqlStore;
use uuid::Uuid;

use crate::calendars::letters::{CalcomReader, LETTERS, Mailbox, Room, Writer, forget_letters};
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

/// The same followers, and beside them who keeps the calendars.
pub(super) fn kept(
    followers: Followers,
    config: &Config,
    store: &Arc<SqlStore>,
    engine: &Engine,
    holder: Uuid,
) -> anyhow::Result<Followers> {
    let Some((keeper, linking, habits)) = calcom(config, store)? else { return Ok(followers) };
    let keeper = Keeper { reception: Some(Reception { engine: engine.clone() }), ..keeper };
    let standing = Standing::new(CALENDARS);
    let worker = Worker { keeper, leases: store.clone(), holder, habits, standing: standing.clone() };
    let followers = followers.beside(standing, |stopping| worker.until_stopped(stopping));
    if linking.subscription.is_none() {
        return Ok(followers);
    }
    let (standing, every) = (Standing::new(WEBHOOKS), habits.compare_every);
    let subscriber = Subscriber { linking, leases: store.clone(), holder, every, standing: standing.clone() };
    Ok(followers.beside(standing, |stopping| subscriber.until_stopped(stopping)))
}

/// Where what calendars tell is left, and beside the same followers who keeps it; nothing where nobody is listened to. What was kept is
/// forgotten after a while, also where nobody is listened to any more.
///
/// # Errors
/// When it is configured in a way that makes no sense.
pub fn mailbox(
    config: &Config,
    store: &SqlStore,
    engine: &Engine,
    followers: Followers,
) -> anyhow::Result<(Followers, Option<Mailbox>)> {
    let (deliveries, clock) = (Arc::new(store.clone()), engine.ports().clock.clone());
    engine.alongside(forget_letters(deliveries.clone(), clock.clone()));
    if let Some(subscription) = config.calcom()?.and_then(|it| it.subscription) {
        let instance = subscription.instance().to_owned();
        let reader = Arc::new(CalcomReader(subscription));
        let mailbox = Mailbox::new(instance, reader, clock.clone(), Room::default());
        let standing = Standing::new(LETTERS);
        let writer = Writer { mailbox: mailbox.clone(), deliveries, clock, standing: standing.clone() };
        return Ok((followers.beside(standing, |stopping| writer.until_stopped(stopping)), Some(mailbox)));
    }
    Ok((followers, None))
}

/// What keeps calendars, what links them, and how that is done; none where there is none. Nobody decides on strangers yet.
///
/// # Errors
/// When it is configured in a way that makes no sense.
pub fn calcom(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<(Keeper, Linking, Habits)>> {
    let Some(CalcomSettings { settings, attendees, seal, subscription, habits, .. }) = config.calcom()?
    else {
        return Ok(None);
    };
    let clock = Arc::new(SystemClock);
    let dice = Dice::seeded(SystemIds.next().as_u64_pair().1);
    let instance = Instance::new(settings, clock.clone(), dice)?.watched_by(Arc::new(Counted));
    let seal = Arc::new(seal);
    let calendar = Calcom::new(instance.clone(), attendees, seal.clone(), clock.clone());
    let (reads, mirrors) = (store.clone(), store.clone());
    let keeper =
        Keeper { reads, mirrors, calendar: Arc::new(calendar), clock: clock.clone(), reception: None };
    let linking = Linking { instance, seal, subscription, mirrors: store.clone(), clock };
    Ok(Some((keeper, linking, habits)))
}

/// What tells how far calendars show something; nothing where there are none.
///
/// # Errors
/// When they are configured in a way that makes no sense.
pub fn shows(config: &Config, store: &SqlStore) -> anyhow::Result<Option<Shows>> {
    let store = Arc::new(store.clone());
    let Some((Keeper { mirrors, calendar, .. }, ..)) = calcom(config, &store)? else { return Ok(None) };
    let pages_at = config.calcom()?.and_then(|it| it.pages_at);
    let page_of: PageOf = Arc::new(move |username, session, part| {
        Some(pages_at.as_ref()?.page(username, &Slug { session, part }.to_string()))
    });
    Ok(Some(Shows { mirrors, calendar, page_of }))
}
