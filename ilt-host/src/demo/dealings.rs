//! What dealers do beside single registrations: requests that wait for an approval, seats set aside, groups in a queue, swaps.
//!
//! All of it goes through the desk, and none of it touches the course of the demo's story.

use std::collections::BTreeSet;

use ilt_core::access::Sight;
use ilt_core::desk::{BlockPlan, Command, OnFull};
use ilt_core::ids::{CourseId, DealerId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::ports::RegistrationQuery;
use ilt_core::session::Session;
use ilt_example_data::Network;
use jiff::SignedDuration;

use super::ask::ask;
use ilt_engine::Engine;

/// Dealers for which seats are set aside, people who ask, groups, and people who would rather be elsewhere.
const OF_EACH: usize = 12;
/// People in a group.
const GROUP: usize = 3;

/// How long before a class they still do.
const NOTICE: SignedDuration = SignedDuration::from_hours(6 * 24);

/// Has dealers deal. What a rule refuses is left: in life it is, too.
///
/// # Errors
/// When the store fails.
pub async fn deal(engine: &Engine, network: &Network) -> anyhow::Result<()> {
    engine.feed().wait_for(engine.feed().committed()).await;
    let now = engine.ports().clock.now();
    let story = engine.catalogue().session(SessionId(network.cast.session)).map(|session| session.course);
    let mut sessions: Vec<Session> = Vec::new();
    let mut courses = BTreeSet::new();
    for planned in &network.sessions {
        let catalogue = engine.catalogue();
        let session = catalogue
            .session(SessionId(planned.id))
            .filter(|it| it.is_live(now) && it.starts_at() > now + NOTICE);
        if let Some(session) = session.filter(|it| Some(it.course) != story) {
            courses.insert(session.course);
            sessions.push(session.clone());
        }
    }
    if let Some(course) = courses.into_iter().next() {
        request(engine, network, &sessions, course).await?;
    }
    set_aside(engine, network, &sessions).await?;
    wait_together(engine, network, &sessions).await?;
    swap(engine, &sessions).await?;
    super::life::go_on(engine, network, &sessions).await
}

/// A course that needs an approval, and people who have asked.
async fn request(
    engine: &Engine,
    network: &Network,
    sessions: &[Session],
    course: CourseId,
) -> anyhow::Result<()> {
    let set = Override { scope: Scope::Course(course), rule: Rule::Approval, value: 1 };
    ask(engine, Actor::system("demo"), Command::SetRule(set)).await?;
    let open = sessions.iter().filter(|it| it.course == course && it.seats.open() > 0);
    let learners = network.people.iter().rev().filter(|it| it.roles == "learner");
    for (session, learner) in open.cycle().zip(learners).take(OF_EACH) {
        let learner = PersonId(learner.id);
        let on_full = OnFull::Waitlist;
        let command =
            Command::Register { session: session.id, learner, on_full, automatic: false, reason: None };
        ask(engine, Actor::Person(learner), command).await?;
    }
    Ok(())
}

async fn set_aside(engine: &Engine, network: &Network, sessions: &[Session]) -> anyhow::Result<()> {
    let roomy = sessions.iter().filter(|it| it.seats.open() >= 4);
    for (session, dealer) in roomy.zip(&network.dealers).take(OF_EACH) {
        let block = BlockPlan { dealer: DealerId(dealer.id), seats: 2, name_by: None, release_at: None };
        ask(engine, Actor::system("demo"), Command::SaveBlock { session: session.id, block }).await?;
    }
    Ok(())
}

async fn wait_together(engine: &Engine, network: &Network, sessions: &[Session]) -> anyhow::Result<()> {
    let teams: Vec<Vec<PersonId>> = network
        .dealers
        .iter()
        .map(|dealer| {
            let learners = network.people.iter().rev().filter(|it| it.roles == "learner");
            let of_dealer = learners.filter(|it| it.dealer == Some(dealer.id));
            of_dealer.take(GROUP).map(|it| PersonId(it.id)).collect()
        })
        .collect();
    let full = sessions.iter().filter(|it| it.seats.open() == 0 && it.waitlist);
    for (session, learners) in full.zip(teams).take(OF_EACH) {
        let (session, on_full) = (session.id, OnFull::Waitlist);
        let command = Command::RegisterGroup { session, learners, on_full, automatic: false };
        ask(engine, Actor::system("demo"), command).await?;
    }
    Ok(())
}

/// People with a seat who wait for an earlier session of the same course.
async fn swap(engine: &Engine, sessions: &[Session]) -> anyhow::Result<()> {
    let query = RegistrationQuery {
        sight: Sight::Everyone,
        learner: None,
        statuses: vec!["confirmed".to_owned()],
        from: Some(engine.ports().clock.now()),
        to: None,
        after: None,
        limit: 500,
    };
    let better = |session: &Session| {
        let is_better = |it: &&Session| {
            it.course == session.course
                && it.starts_at() < session.starts_at()
                && it.seats.open() == 0
                && it.waitlist
        };
        sessions.iter().find(is_better).map(|it| it.id)
    };
    let held = engine.ports().reads.registrations(&query).await?;
    let swaps = held.iter().filter_map(|(held, session, _)| Some((held.id, better(session)?)));
    for (registration, session) in swaps.take(OF_EACH) {
        let command = Command::Swap { registration, session, automatic: true, reason: None };
        ask(engine, Actor::system("demo"), command).await?;
    }
    Ok(())
}
