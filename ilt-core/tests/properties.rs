//! Whatever is asked in whatever order: the five numbers add up, nobody sits twice, and the journal tells it all.
//!
//! The desk runs here without a store; the host's simulation runs it with one, and with crashes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ilt_core::desk::{BlockPlan, Command, Displaced, OnFull, PartPlan, SessionPlan};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Event;
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::registration::decide::clashes;
use ilt_core::registration::promote::{Next, next};
use ilt_core::registration::{Priority, Registration, Status};
use ilt_core::session::{Block, Claim, Session};
use ilt_core::testing::plans::{id, plan};
use ilt_core::testing::{Network, put_rows};
use ilt_core::world::World;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const LEARNERS: [PersonId; 5] = [Network::ADA, Network::BEN, Network::CEM, Network::DOT, Network::ZOE];

/// Number, seats, days away: two at the same hour, one on the next day, one that is near.
const SESSIONS: [(u32, u32, i32); 4] = [(100, 1, 35), (101, 2, 35), (102, 2, 36), (103, 1, 4)];

/// Something that happens.
#[derive(Debug, Clone)]
enum Act {
    Register { learner: usize, session: usize, on_full: OnFull, automatic: bool, as_admin: bool },
    Gate { closed: bool },
    Approve(usize),
    Decline(usize),
    LapseRequest(usize),
    Cancel(usize),
    TakeOffer(usize),
    Transfer { which: usize, session: usize },
    Swap { which: usize, session: usize, automatic: bool },
    Group { first: usize, size: usize, session: usize, automatic: bool },
    Substitute { which: usize, learner: usize },
    DeclineOffer(usize),
    LapseOffer(usize),
    WarnOffer(usize),
    ResumeWait(usize),
    Prioritise { which: usize, level: u8 },
    EndWait(usize),
    Resize { session: usize, capacity: u32 },
    Move { session: usize, days: i64 },
    CancelSession(usize),
    SetAside { session: usize, dealer: u32, seats: u32 },
    Release { session: usize, dealer: u32 },
    TurnBlocks(usize),
    Displace { which: usize, to: Option<usize> },
    Cap { seats: i64 },
    Wait { hours: i64 },
}

fn act() -> impl Strategy<Value = Act> {
    let (learner, session, which) = (0..LEARNERS.len(), 0..SESSIONS.len(), 0..64_usize);
    prop_oneof![
        8 => (learner.clone(), session.clone(), on_full(), any::<bool>(), any::<bool>()).prop_map(
            |(learner, session, on_full, automatic, as_admin)| Act::Register { learner, session, on_full, automatic, as_admin }
        ),
        1 => any::<bool>().prop_map(|closed| Act::Gate { closed }),
        2 => which.clone().prop_map(Act::Approve),
        1 => which.clone().prop_map(Act::Decline),
        1 => which.clone().prop_map(Act::LapseRequest),
        4 => which.clone().prop_map(Act::Cancel),
        3 => which.clone().prop_map(Act::TakeOffer),
        2 => (which.clone(), session.clone()).prop_map(|(which, session)| Act::Transfer { which, session }),
        2 => (which.clone(), session.clone(), any::<bool>())
            .prop_map(|(which, session, automatic)| Act::Swap { which, session, automatic }),
        2 => (learner.clone(), 2..4_usize, session.clone(), any::<bool>())
            .prop_map(|(first, size, session, automatic)| Act::Group { first, size, session, automatic }),
        2 => (which.clone(), learner.clone()).prop_map(|(which, learner)| Act::Substitute { which, learner }),
        2 => which.clone().prop_map(Act::DeclineOffer),
        2 => which.clone().prop_map(Act::LapseOffer),
        1 => which.clone().prop_map(Act::WarnOffer),
        1 => which.clone().prop_map(Act::ResumeWait),
        2 => (which.clone(), 0..4_u8).prop_map(|(which, level)| Act::Prioritise { which, level }),
        1 => which.prop_map(Act::EndWait),
        1 => (session.clone(), 0..5_u32).prop_map(|(session, capacity)| Act::Resize { session, capacity }),
        1 => (session.clone(), 0..3_i64).prop_map(|(session, days)| Act::Move { session, days }),
        2 => (session.clone(), 1..3_u32, 1..3_u32)
            .prop_map(|(session, dealer, seats)| Act::SetAside { session, dealer, seats }),
        1 => (session.clone(), 1..3_u32).prop_map(|(session, dealer)| Act::Release { session, dealer }),
        1 => session.clone().prop_map(Act::TurnBlocks),
        1 => (0..64_usize, prop::option::of(session.clone())).prop_map(|(which, to)| Act::Displace { which, to }),
        1 => (0..3_i64).prop_map(|seats| Act::Cap { seats }),
        1 => session.prop_map(Act::CancelSession),
        3 => (0..60_i64).prop_map(|hours| Act::Wait { hours }),
    ]
}

fn on_full() -> impl Strategy<Value = OnFull> {
    prop_oneof![
        3 => Just(OnFull::Waitlist),
        2 => Just(OnFull::Alternatives),
        1 => Just(OnFull::BeyondCapacity),
    ]
}

fn network() -> Network {
    let mut network = Network::new();
    for (number, capacity, days) in SESSIONS {
        network.hold(number, capacity, days);
    }
    network
}

/// Does it, whatever the answer.
fn perform(network: &mut Network, act: &Act) {
    let session = |at: usize| SessionId(id(SESSIONS[at].0));
    let all: Vec<_> = network.world.registrations.iter().map(|it| it.id).collect();
    let registration =
        |which: usize| if all.is_empty() { RegistrationId(id(0)) } else { all[which % all.len()] };
    let as_planned = |network: &Network, at: usize| plan(network.session(SESSIONS[at].0), 2);
    let (actor, command) = match *act {
        Act::Wait { hours } => return network.later(hours),
        Act::LapseOffer(which) => {
            return due(network, Command::LapseOffer { registration: registration(which) });
        }
        Act::WarnOffer(which) => {
            return due(network, Command::WarnOffer { registration: registration(which) });
        }
        Act::EndWait(which) => {
            return due(network, Command::EndWait { registration: registration(which), shown: Vec::new() });
        }
        Act::Register { learner, session: at, on_full, automatic, as_admin } => {
            network.now = network.now.saturating_add(SignedDuration::from_micros(1)).expect("in range");
            let (session, learner) = (session(at), LEARNERS[learner]);
            let reason = (on_full == OnFull::BeyondCapacity).then(|| "the works council asked".to_owned());
            let actor = if as_admin { Network::ROOT } else { learner };
            // With a reason an admin may override a clash, and nobody could be held to have none.
            let on_full = if reason.is_some() && !clash_free(network, learner, session) {
                OnFull::Waitlist
            } else {
                on_full
            };
            let reason = reason.filter(|_| on_full == OnFull::BeyondCapacity);
            (actor, Command::Register { session, learner, on_full, automatic, reason })
        }
        Act::Gate { closed } => {
            let set = Override { scope: Scope::Global, rule: Rule::Approval, value: i64::from(closed) };
            (Network::ROOT, Command::SetRule(set))
        }
        Act::Approve(which) => (Network::MIA, Command::Approve { registration: registration(which) }),
        Act::Decline(which) => {
            let reason = "not this quarter".to_owned();
            (Network::ROOT, Command::Decline { registration: registration(which), reason })
        }
        Act::LapseRequest(which) => {
            return due(network, Command::LapseRequest { registration: registration(which) });
        }
        Act::Cancel(which) => {
            let registration = registration(which);
            (Network::ROOT, Command::Cancel { registration, reason: Some("ill".to_owned()) })
        }
        Act::TakeOffer(which) => (Network::ROOT, Command::TakeOffer { registration: registration(which) }),
        Act::Transfer { which, session: at } => {
            let (registration, session) = (registration(which), session(at));
            (Network::ROOT, Command::Transfer { registration, session, reason: Some("ill".to_owned()) })
        }
        Act::Swap { which, session: at, automatic } => {
            let (registration, session) = (registration(which), session(at));
            (
                Network::ROOT,
                Command::Swap { registration, session, automatic, reason: Some("ill".to_owned()) },
            )
        }
        Act::Group { first, size, session: at, automatic } => {
            network.now = network.now.saturating_add(SignedDuration::from_micros(1)).expect("in range");
            let learners = LEARNERS.iter().cycle().skip(first).take(size).copied().collect();
            let (session, on_full) = (session(at), OnFull::Waitlist);
            (Network::ROOT, Command::RegisterGroup { session, learners, on_full, automatic })
        }
        Act::Substitute { which, learner } => {
            let (registration, learner) = (registration(which), LEARNERS[learner]);
            (Network::ROOT, Command::Substitute { registration, learner, reason: None })
        }
        Act::Prioritise { which, level } => {
            let priority = (level > 0).then(|| Priority { level, reason: "deadline".to_owned() });
            (Network::ROOT, Command::Prioritise { registration: registration(which), priority })
        }
        Act::ResumeWait(which) => (Network::ROOT, Command::ResumeWait { registration: registration(which) }),
        Act::DeclineOffer(which) => {
            (Network::ROOT, Command::DeclineOffer { registration: registration(which) })
        }
        Act::Resize { session: at, capacity } => {
            let plans = vec![SessionPlan { capacity, ..as_planned(network, at) }];
            (Network::ROOT, Command::SaveSessions { plans, historic: false })
        }
        Act::Move { session: at, days } => {
            let plans = vec![moved(as_planned(network, at), days)];
            (Network::ROOT, Command::SaveSessions { plans, historic: false })
        }
        Act::SetAside { session: at, dealer, seats } => {
            let block = BlockPlan { dealer: id(dealer).into(), seats, name_by: None, release_at: None };
            (Network::ROOT, Command::SaveBlock { session: session(at), block })
        }
        Act::Release { session: at, dealer } => {
            (Network::ROOT, Command::ReleaseBlock { session: session(at), dealer: id(dealer).into() })
        }
        Act::TurnBlocks(at) => return due(network, Command::TurnBlocks { session: session(at) }),
        Act::Displace { which, to } => {
            let registration = registration(which);
            let Some(known) = network.world.registrations.get(registration) else { return };
            let (from, to) = (known.session, to.map(session));
            let capacity = network.world.sessions[&from].seats.capacity.saturating_sub(1);
            let displaced = vec![Displaced { registration, to }];
            let reason = Some("the hall is closed".to_owned());
            (Network::ROOT, Command::Resize { session: from, capacity, displaced, reason, version: None })
        }
        Act::Cap { seats } => {
            let set = Override { scope: Scope::Global, rule: Rule::DealerCap, value: seats };
            (Network::ROOT, Command::SetRule(set))
        }
        Act::CancelSession(at) => (
            Network::ROOT,
            Command::CancelSession {
                session: session(at),
                reason: "storm".to_owned(),
                proposals: Vec::new(),
            },
        ),
    };
    let _whatever_the_answer = network.ask(actor, command);
}

fn clash_free(network: &Network, learner: PersonId, session: SessionId) -> bool {
    clashes(&network.world, learner, &network.world.sessions[&session], None).is_empty()
}

/// A timer's order, at whatever time.
fn due(network: &mut Network, command: Command) {
    let _whatever_the_answer = network.by_itself(command);
}

fn moved(plan: SessionPlan, days: i64) -> SessionPlan {
    let part = |part: PartPlan| {
        let starts = part.starts.checked_add(jiff::Span::new().days(days)).expect("in range");
        PartPlan { starts, ..part }
    };
    SessionPlan { parts: plan.parts.into_iter().map(part).collect(), ..plan }
}

/// The five numbers are a count of the registrations, and add up.
fn numbers_add_up(world: &World) -> Result<(), TestCaseError> {
    for session in world.sessions.values() {
        let count = |claim| {
            world.registrations.of_session(session.id).filter(|it| it.status.claim() == Some(claim)).count()
        };
        let seats = session.seats;
        prop_assert_eq!((seats.confirmed + seats.over_capacity) as usize, count(Claim::Confirmed));
        prop_assert!(
            seats.over_capacity == 0 || seats.open() == 0,
            "a seat is open beside people beyond the capacity"
        );
        prop_assert_eq!(seats.held as usize, count(Claim::Held));
        prop_assert_eq!(seats.reserved, session.blocks.iter().map(Block::free).sum::<u32>());
        prop_assert_eq!(seats.offered as usize, count(Claim::Offered));
        prop_assert_eq!(seats.waitlisted as usize, count(Claim::Waitlisted));
        prop_assert_eq!(seats.taken() + seats.open(), seats.capacity);
    }
    Ok(())
}

/// The higher priority first, then whoever joined earlier.
fn turn(registration: &Registration) -> (Reverse<u8>, Timestamp) {
    let level = match &registration.status {
        Status::Waitlisted { wait } => wait.priority.as_ref().map_or(0, |priority| priority.level),
        other => panic!("{} waits for nothing", other.word()),
    };
    (Reverse(level), registration.created_at)
}

/// The queue is in order of priority and then of joining, and no seat is left open that somebody in it could have been given.
fn the_queue_is_fair(before: &BTreeMap<SessionId, Session>, after: &Network) -> Result<(), TestCaseError> {
    for session in after.world.sessions.values() {
        let turns: Vec<_> = after.world.registrations.queue(session.id).map(turn).collect();
        prop_assert!(turns.is_sorted(), "{:?}", turns);
        if before.get(&session.id).is_some_and(|known| known.seats.open() < session.seats.open()) {
            let rest = next(&after.world, session.id, after.now);
            let left_out = matches!(
                rest,
                Next::Step(
                    _,
                    Event::OfferMade { .. }
                        | Event::SeatAnnounced
                        | Event::Promoted
                        | Event::Requested { .. }
                )
            );
            prop_assert!(!left_out, "{:?}", rest);
        }
    }
    Ok(())
}

/// Nobody has two seats that they cannot both attend, but one that is given back for the other.
fn nobody_is_in_two_places(world: &World) -> Result<(), TestCaseError> {
    for held in world.registrations.iter().filter(|it| it.status.takes_a_seat()) {
        let mut clash = clashes(world, held.learner, &world.sessions[&held.session], None);
        let is_for = |one: RegistrationId, other: RegistrationId| {
            world.registrations.get(one).is_some_and(|it| it.status.gives_back() == Some(other))
        };
        clash.retain(|it| !is_for(it.registration, held.id) && !is_for(held.id, it.registration));
        prop_assert!(clash.is_empty(), "{:?}", clash);
    }
    Ok(())
}

/// Those who wait together are all in the queue, or all offered a seat.
fn groups_are_whole(world: &World) -> Result<(), TestCaseError> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for registration in world.registrations.iter() {
        if let Some(group) = registration.status.group().filter(|_| registration.status.is_live()) {
            groups.entry(group).or_default().push(registration.status.waits());
        }
    }
    for waits in groups.values() {
        prop_assert!(waits.iter().all(|it| *it == waits[0]), "{:?}", groups);
    }
    Ok(())
}

/// Nobody gets past a closed gate: with the approval on, a seat that is new has been approved by whoever may.
fn the_gate_holds(network: &Network, from: usize) -> Result<(), TestCaseError> {
    let is_closed = network.world.rules_for(None, None).is_on(Rule::Approval);
    let news: Vec<_> = network.entries().skip(from).collect();
    for entry in news.iter().filter(|_| is_closed) {
        let got_in = matches!(entry.event, Event::Registered | Event::Promoted | Event::OfferTaken);
        let by_learner = entry.actor.person() == entry.learner || entry.actor.person().is_none();
        let earlier = network.entries().filter(|it| it.registration == entry.registration);
        let approved = earlier.into_iter().any(|it| it.event == Event::Approved);
        let moved = news.iter().any(|it| matches!(it.event, Event::Transferred { .. }));
        prop_assert!(!got_in || !by_learner || approved || moved, "{:?}", entry);
    }
    Ok(())
}

/// Replaying the journal leads to the same sessions and registrations, and every entry tells the seats it left.
fn replay_agrees(end: &Network) -> Result<(), TestCaseError> {
    let mut replayed = network().world;
    for entry in end.entries() {
        replayed.apply(entry).expect("it follows what is known");
        if let Some(session) = entry.session {
            prop_assert_eq!(entry.seats, replayed.sessions.get(&session).map(|session| session.seats));
        }
    }
    prop_assert_eq!(&replayed.sessions, &end.world.sessions);
    prop_assert_eq!(&replayed.registrations, &end.world.registrations);
    Ok(())
}

/// What was saved is all that changed: rows alone lead to the same state as the journal.
fn rows_agree(end: &Network) -> Result<(), TestCaseError> {
    let mut kept = network().world;
    for changes in &end.saved {
        put_rows(&mut kept, changes);
    }
    prop_assert_eq!(&kept.sessions, &end.world.sessions);
    prop_assert_eq!(&kept.registrations, &end.world.registrations);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_rules_hold(acts in prop::collection::vec(act(), 1..60)) {
        let mut network = network();
        // A session that is moved tells its people; it does not throw out those who have another one then.
        let stays = !acts.iter().any(|act| matches!(act, Act::Move { .. }));
        for act in &acts {
            let before = network.world.sessions.clone();
            let told = network.entries().count();
            perform(&mut network, act);
            network.turn_queues();
            numbers_add_up(&network.world)?;
            the_queue_is_fair(&before, &network)?;
            the_gate_holds(&network, told)?;
            groups_are_whole(&network.world)?;
            if stays {
                nobody_is_in_two_places(&network.world)?;
            }
        }
        replay_agrees(&network)?;
        rows_agree(&network)?;
    }
}
