//! `calcom reconcile`: what differs, what is done about it, and what is somebody's to decide.

use std::time::Duration;

use anyhow::ensure;
use ilt_core::calendar::{Concern, Deed, Difference};
use ilt_core::ids::SessionId;
use ilt_core::ports::Reads as _;
use ilt_engine::calendars::{Asks, Compared, Keeper};
use ilt_store::SqlStore;
use serde_json::json;

use super::bar;
use crate::cli::say;

/// How long it is waited between two looks at a session that a host has.
const LOOK: Duration = Duration::from_millis(500);
/// How often: for longer than a host has it that is not heard of.
const LOOKS: u32 = 80;

pub async fn rehearse(
    store: &SqlStore,
    keeper: &Keeper,
    session: Option<SessionId>,
    json: bool,
) -> anyhow::Result<()> {
    let sessions = if let Some(session) = session {
        vec![session]
    } else {
        let now = keeper.clock.now();
        let (world, _) = store.catalogue(now).await?;
        world.sessions.values().filter(|it| it.is_live(now)).map(|it| it.id).collect()
    };
    let (bar, mut sum) = (bar(sessions.len() as u64, json), Sum::default());
    let seen = |one: &Compared| {
        bar.suspend(|| sum.add(one, true, json));
        bar.inc(1);
    };
    keeper.rehearse(&sessions, seen).await?;
    bar.finish_and_clear();
    sum.end("not yet done", json)
}

pub async fn repair(keeper: &Keeper, session: Option<SessionId>, json: bool) -> anyhow::Result<()> {
    let (now, mirrors) = (keeper.clock.now(), &keeper.mirrors);
    if let Some(session) = session {
        let concern = Concern { sessions: [session].into(), ..Concern::default() };
        mirrors.want(&concern, now, None).await?;
    } else {
        mirrors.want_all(now).await?;
    }
    let wanted = mirrors.waiting().await?.count;
    let (bar, mut sum) = (bar(wanted, json), Sum::default());
    let mut looks = 0;
    loop {
        let due = mirrors.waiting().await?.count;
        let seen = |one: &Compared| {
            bar.suspend(|| sum.add(one, false, json));
            bar.inc(1);
        };
        keeper.work_off(due, seen).await?;
        let is_anothers = match session.filter(|_| sum.sessions == 0) {
            Some(session) => mirrors.showing(session).await?.waits_since.is_some(),
            None => false,
        };
        if !is_anothers {
            break;
        }
        // A host has it just now: it is done soon, or left to whoever comes next.
        looks += 1;
        ensure!(looks < LOOKS, "a host looks after this session, and takes long: ask again");
        tokio::time::sleep(LOOK).await;
    }
    bar.finish_and_clear();
    let others = wanted.saturating_sub(sum.sessions);
    if session.is_none() && others > 0 && !json {
        say(format!(
            "{others} more were due: hosts that serve look after them. `--dry-run` compares all, and says what is left"
        ));
    }
    if let Some(session) = session.filter(|_| sum.sessions == 0 && !json) {
        say(format!("{session}: a host has looked after it"));
    }
    sum.end("done", json)
}

/// What it came to.
#[derive(Default)]
struct Sum {
    sessions: u64,
    deeds: usize,
    differing: u64,
    failed: u64,
}

impl Sum {
    fn add(&mut self, one: &Compared, is_rehearsed: bool, json: bool) {
        self.sessions += 1;
        self.deeds += one.done.len();
        self.differing += u64::from(!one.differs.is_empty());
        self.failed += u64::from(one.trouble.is_some());
        if json {
            say(json!(one));
            return;
        }
        let session = one.session;
        for Deed { did, part, registration } in &one.done {
            let verb = if is_rehearsed { "not yet " } else { "" };
            say(format!("{session} day {}: {verb}{}{}", part + 1, did.word(), of(*registration)));
        }
        for Asks { part, learner } in &one.asks {
            say(format!(
                "{session} day {}: it would be asked whether learner {learner} can be registered",
                part + 1
            ));
        }
        for Difference { why, part, registration } in &one.differs {
            let day = part.map_or_else(String::new, |it| format!(" day {}", it + 1));
            say(format!("{session}{day}: {why}{}", of(*registration)));
        }
        if let Some(trouble) = &one.trouble {
            say(format!("{session} waits: {trouble}"));
        }
    }

    fn end(&self, verb: &str, json: bool) -> anyhow::Result<()> {
        let Self { sessions, deeds, differing, failed } = self;
        if !json {
            say(format!(
                "{sessions} sessions compared, {deeds} things {verb}, {differing} sessions differ in what is yours to decide"
            ));
        }
        ensure!(*failed == 0, "{failed} sessions could not be compared");
        Ok(())
    }
}

fn of(registration: Option<ilt_core::ids::RegistrationId>) -> String {
    registration.map_or_else(String::new, |it| format!(" (registration {it})"))
}
