//! What life does to registrations: somebody is ill, somebody else comes, a class is moved or called off.
//!
//! Who was there is not here: classes take place in [`super::days`].

use std::collections::BTreeSet;

use ilt_core::access::Sight;
use ilt_core::desk::{Command, MarkPlan, SessionPlan};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::RegistrationQuery;
use ilt_core::registration::{Priority, Registration};
use ilt_core::session::Session;
use ilt_example_data::Network;
use jiff::ToSpan as _;

use super::ask::ask;
use ilt_engine::Engine;

/// How often each thing happens.
const OF_EACH: usize = 6;
/// Classes that get a larger room, and classes that are moved.
const MOVED: usize = 2;
/// Registrations that are looked at.
const LOOKED_AT: u32 = 2_000;

/// Goes on with what there is. Every registration has one thing happen to it at most.
///
/// # Errors
/// When the store fails.
pub async fn go_on(engine: &Engine, network: &Network, sessions: &[Session]) -> anyhow::Result<()> {
    let ours: BTreeSet<_> = sessions.iter().map(|it| it.id).collect();
    prefer(engine, &ours).await?;
    let seats = registrations(engine, "confirmed", &ours).await?;
    let (wanted, others): (Vec<_>, Vec<_>) = seats.into_iter().partition(|(_, it)| it.seats.waitlisted > 0);
    let ill = wanted.into_iter().take(OF_EACH);
    let elsewhere = |from: &Session| {
        let fits = |it: &&Session| it.course == from.course && it.id != from.id && it.seats.open() > 0;
        sessions.iter().find(fits).map(|it| it.id)
    };
    // Whoever can move comes first.
    let (can_move, stuck): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, it)| elsewhere(it).is_some());
    let mut others = can_move.into_iter().chain(stuck);
    let mut some = |many| others.by_ref().take(many).collect::<Vec<_>>();
    // Many a colleague lacks what the course requires.
    let (moving, replaced, excused) = (some(OF_EACH), some(4 * OF_EACH), some(OF_EACH));
    let demo = || Actor::system("demo");
    for (seat, _) in ill {
        let (registration, reason) = (seat.id, Some("ill".to_owned()));
        ask(engine, Actor::Person(seat.learner), Command::Cancel { registration, reason }).await?;
    }
    for (seat, session) in moving {
        if let Some(to) = elsewhere(&session) {
            ask(engine, demo(), transfer(seat.id, to)).await?;
        }
    }
    for (seat, _) in replaced {
        if let Some(learner) = colleague(network, seat.learner) {
            let (registration, reason) = (seat.id, Some("on holiday".to_owned()));
            ask(engine, demo(), Command::Substitute { registration, learner, reason }).await?;
        }
    }
    for (seat, session) in excused {
        let mark = MarkPlan { excused: true, minutes: Some(0), ..MarkPlan::whole(seat.id, 1) };
        ask(engine, demo(), Command::MarkAttendance { session: session.id, marks: vec![mark] }).await?;
    }
    make_room(engine, sessions).await?;
    postpone(engine, sessions).await?;
    call_off(engine, sessions).await
}

/// The last of some queues come first, and everybody who may see their place is told why.
async fn prefer(engine: &Engine, ours: &BTreeSet<SessionId>) -> anyhow::Result<()> {
    for (waits, _) in registrations(engine, "waitlisted", ours).await?.into_iter().rev().take(OF_EACH) {
        let priority = Some(Priority { level: 3, reason: "the certificate expires in May".to_owned() });
        let command = Command::Prioritise { registration: waits.id, priority };
        ask(engine, Actor::system("demo"), command).await?;
    }
    Ok(())
}

/// Classes that people wait for get a larger room.
async fn make_room(engine: &Engine, sessions: &[Session]) -> anyhow::Result<()> {
    for session in sessions.iter().filter(|it| it.seats.waitlisted > 0).take(MOVED) {
        let (session, capacity) = (session.id, session.seats.capacity + 2);
        let command =
            Command::Resize { session, capacity, displaced: Vec::new(), reason: None, version: None };
        ask(engine, Actor::system("demo"), command).await?;
    }
    Ok(())
}

/// Classes in which somebody sits are moved by a week, and their people are told.
async fn postpone(engine: &Engine, sessions: &[Session]) -> anyhow::Result<()> {
    for session in sessions.iter().filter(|it| it.seats.confirmed > 2).take(MOVED) {
        let mut plan = SessionPlan::from(session);
        for part in &mut plan.parts {
            part.starts += 7.days();
        }
        plan.override_reason = Some("agreed with those who are there as well".to_owned());
        let command = Command::SaveSessions { plans: vec![plan], historic: false };
        ask(engine, Actor::system("demo"), command).await?;
    }
    Ok(())
}

/// The last class in which somebody sits does not take place; each of its learners is shown what to take instead.
async fn call_off(engine: &Engine, sessions: &[Session]) -> anyhow::Result<()> {
    engine.feed().wait_for(engine.feed().committed()).await;
    let taken = |it: &&Session| engine.catalogue().session(it.id).is_some_and(|it| it.seats.confirmed > 2);
    let Some(session) = sessions.iter().rev().find(taken).map(|it| it.id) else { return Ok(()) };
    let proposals = engine.rebooking(session).await?;
    let reason = "the instructor is ill, and nobody else can teach it".to_owned();
    ask(engine, Actor::system("demo"), Command::CancelSession { session, reason, proposals }).await
}

fn transfer(registration: RegistrationId, session: SessionId) -> Command {
    Command::Transfer { registration, session, reason: Some("nearer".to_owned()) }
}

/// Somebody of the same team.
pub(super) fn colleague(network: &Network, learner: PersonId) -> Option<PersonId> {
    let one = network.people.iter().find(|it| it.id == learner.0)?;
    let others = network.people.iter().filter(|it| it.roles == "learner" && it.id != one.id);
    others
        .filter(|it| it.manager == one.manager && one.manager.is_some())
        .map(|it| PersonId(it.id))
        .next_back()
}

/// Registrations for these sessions, by start.
async fn registrations(
    engine: &Engine,
    status: &str,
    ours: &BTreeSet<SessionId>,
) -> anyhow::Result<Vec<(Registration, Session)>> {
    let query = RegistrationQuery {
        sight: Sight::Everyone,
        learner: None,
        statuses: vec![status.to_owned()],
        from: Some(engine.ports().clock.now()),
        to: None,
        after: None,
        limit: LOOKED_AT,
    };
    let found = engine.ports().reads.registrations(&query).await?;
    let known = found.into_iter().map(|(registration, session, _)| (registration, session));
    Ok(known.filter(|(_, session)| ours.contains(&session.id)).collect())
}
