//! The days before the demo is opened: classes take place and are marked, and what is due comes when it is due.
//!
//! The network is imagined as it was [`DAYS`] ago. A clock that is put forward by hand brings it to today, through the same desk
//! and the same timers as any other day.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};

use ilt_core::access::Sight;
use ilt_core::desk::{Command, MarkPlan};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::Clock;
use ilt_core::session::Session;
use ilt_example_data::Network;
use jiff::{SignedDuration, Timestamp};

use super::ask::ask;
use super::life::colleague;
use ilt_engine::{Engine, timers};

/// How long ago the demo begins.
pub const DAYS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// After the start of a part, whoever is there is marked, and people walk in.
const AT_THE_DOOR: SignedDuration = SignedDuration::from_mins(10);
/// After the end of a class, its instructor closes it; a class of yesterday may still be open.
const PAPERWORK: SignedDuration = SignedDuration::from_hours(20);
/// After that, somebody says that they were there.
const SECOND_THOUGHTS: SignedDuration = SignedDuration::from_hours(1);

/// Minutes after which some leave: more than a no-show, and not enough.
const LEFT_AFTER: u32 = 150;

/// A clock that is put forward by hand.
pub struct HandClock(AtomicI64);

impl HandClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    fn put_forward(&self, to: Timestamp) {
        self.0.fetch_max(to.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// What an instructor does in a class.
#[derive(Debug, Clone, Copy)]
enum Doing {
    LetIn,
    MarkWhoIsThere(u32),
    MarkWhoIsNot(u32),
    Complete,
    Correct,
}

/// Lets the days pass until `until`.
///
/// # Errors
/// When the store fails.
pub async fn pass(
    engine: &Engine,
    clock: &HandClock,
    network: &Network,
    until: Timestamp,
) -> anyhow::Result<()> {
    let mut classes = classes(engine, network, until).await?;
    loop {
        let due = engine.ports().timers.next_due().await?;
        let class = classes.front().map(|(at, ..)| *at);
        let Some(next) = [due, class].into_iter().flatten().min().filter(|at| *at <= until) else { break };
        // Never standing still, so that a timer that another worker died with comes back.
        clock.put_forward(next.max(clock.now() + SignedDuration::from_secs(1)));
        while timers::turn(engine).await? > 0 {}
        while classes.front().is_some_and(|(at, ..)| *at <= clock.now()) {
            if let Some((_, session, doing)) = classes.pop_front() {
                teach(engine, network, &session, doing).await?;
            }
        }
    }
    clock.put_forward(until);
    Ok(())
}

/// What instructors do until `until`, in the order of time.
async fn classes(
    engine: &Engine,
    network: &Network,
    until: Timestamp,
) -> anyhow::Result<VecDeque<(Timestamp, Session, Doing)>> {
    let ids: Vec<_> = network.sessions.iter().map(|it| SessionId(it.id)).collect();
    let now = engine.ports().clock.now();
    let sessions = engine.ports().reads.sessions(&ids).await?;
    let mut found = Vec::new();
    for session in sessions.into_iter().filter(|it| it.is_live(now)) {
        let mut add = |at: Timestamp, doing| found.push((at, session.clone(), doing));
        add(session.starts_at() + AT_THE_DOOR, Doing::LetIn);
        for (number, part) in (1..).zip(&session.parts) {
            add(part.starts_at + AT_THE_DOOR, Doing::MarkWhoIsThere(number));
            add(part.ends_at(), Doing::MarkWhoIsNot(number));
        }
        add(session.ends_at() + PAPERWORK, Doing::Complete);
        add(session.ends_at() + PAPERWORK + SECOND_THOUGHTS, Doing::Correct);
    }
    found.retain(|(at, ..)| *at > now && *at <= until);
    found.sort_by_key(|(at, session, _)| (*at, session.id));
    Ok(found.into())
}

async fn teach(engine: &Engine, network: &Network, session: &Session, doing: Doing) -> anyhow::Result<()> {
    let roster = engine.ports().reads.roster(session.id, &Sight::Everyone).await?;
    let mut seated = roster.map(|roster| roster.lines).unwrap_or_default();
    seated.retain(|line| line.registration.status.word() == "confirmed");
    let Some(instructor) = session.instructors.first().filter(|_| !seated.is_empty()) else { return Ok(()) };
    let learners = seated.iter().map(|line| (line.registration.id, line.registration.learner));
    for command in doing.commands(network, session, &learners.collect::<Vec<_>>()) {
        ask(engine, Actor::Person(*instructor), command).await?;
    }
    Ok(())
}

impl Doing {
    fn commands(
        self,
        network: &Network,
        session: &Session,
        seated: &[(RegistrationId, PersonId)],
    ) -> Vec<Command> {
        let mark = |marks: Vec<MarkPlan>| {
            if marks.is_empty() {
                Vec::new()
            } else {
                vec![Command::MarkAttendance { session: session.id, marks }]
            }
        };
        let those = |wanted: fn(Presence) -> bool| {
            seated.iter().map(|(id, learner)| (*id, Presence::of(*learner))).filter(move |it| wanted(it.1))
        };
        match self {
            Self::LetIn => {
                let walks_in = seated.first().and_then(|(_, learner)| colleague(network, *learner));
                let reason = Some("came along".to_owned());
                walks_in
                    .map(|learner| Command::WalkIn { session: session.id, learner, reason })
                    .into_iter()
                    .collect()
            }
            Self::MarkWhoIsThere(part) => {
                mark(those(Presence::begins).map(|(id, _)| MarkPlan::whole(id, part)).collect())
            }
            Self::MarkWhoIsNot(part) => mark(
                those(|it| it != Presence::Whole)
                    .map(|(id, presence)| MarkPlan {
                        minutes: Some(if presence == Presence::LeavesEarly { LEFT_AFTER } else { 0 }),
                        excused: presence == Presence::Excused,
                        ..MarkPlan::whole(id, part)
                    })
                    .collect(),
            ),
            Self::Complete => vec![Command::CompleteSession { session: session.id }],
            Self::Correct => {
                let reason = Some("was there, and had not signed the list".to_owned());
                let plan = |id, part| MarkPlan { reason: reason.clone(), ..MarkPlan::whole(id, part) };
                let parts = (1..).zip(&session.parts).map(|(number, _)| number);
                let missed = those(|it| it == Presence::No).next();
                mark(missed.map(|(id, _)| parts.map(|part| plan(id, part)).collect()).unwrap_or_default())
            }
        }
    }
}

/// Whether somebody comes; the same in each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Whole,
    LeavesEarly,
    Excused,
    No,
}

impl Presence {
    const fn of(learner: PersonId) -> Self {
        match learner.0.as_u128() % 12 {
            3 => Self::LeavesEarly,
            6 => Self::Excused,
            9 => Self::No,
            _ => Self::Whole,
        }
    }

    fn begins(self) -> bool {
        matches!(self, Self::Whole | Self::LeavesEarly)
    }
}
