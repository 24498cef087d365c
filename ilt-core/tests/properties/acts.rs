//! What can happen, and how often.

use ilt_core::desk::{BlockPlan, Command, Displaced, MarkPlan, OnFull, PartPlan, SessionPlan};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::registration::decide::clashes;
use ilt_core::registration::{Priority, Registration, Status};
use ilt_core::testing::Network;
use ilt_core::testing::plans::{id, plan};
use jiff::SignedDuration;
use proptest::prelude::*;

const LEARNERS: [PersonId; 5] = [Network::ADA, Network::BEN, Network::CEM, Network::DOT, Network::ZOE];

/// Number, seats, days away: two at the same hour, one on the next day, one that is near.
const SESSIONS: [(u32, u32, i32); 4] = [(100, 1, 35), (101, 2, 35), (102, 2, 36), (103, 1, 4)];

/// Something that happens.
#[derive(Debug, Clone)]
pub enum Act {
    Register {
        learner: usize,
        session: usize,
        on_full: OnFull,
        automatic: bool,
        as_admin: bool,
    },
    Group {
        first: usize,
        size: usize,
        session: usize,
        automatic: bool,
    },
    /// To one of the registrations there are.
    Claim(usize, Step),
    /// To a session.
    Session(usize, Plan),
    SetRule(Rule, i64),
    Wait {
        hours: i64,
    },
    /// Time goes by until twelve hours before a session.
    Eve(usize),
    /// Time goes by until the next timer is due, if that is soon, and it is fired.
    NextTimer,
}

/// What happens to a registration.
#[derive(Debug, Clone)]
pub enum Step {
    Cancel,
    TakeOffer,
    DeclineOffer,
    LapseOffer,
    WarnOffer,
    ResumeWait,
    EndWait,
    Approve,
    Decline,
    LapseRequest,
    Excuse,
    Prioritise(u8),
    Transfer(usize),
    Swap { session: usize, automatic: bool },
    Substitute(usize),
    Displace(Option<usize>),
}

/// What happens to a session.
#[derive(Debug, Clone)]
pub enum Plan {
    Resize(u32),
    Move(i64),
    SetAside { dealer: u32, seats: u32 },
    Release(u32),
    TurnBlocks,
    WeighMinimum,
    Cancel,
}

pub fn act() -> impl Strategy<Value = Act> {
    let (learner, session) = (0..LEARNERS.len(), 0..SESSIONS.len());
    prop_oneof![
        16 => (learner.clone(), session.clone(), on_full(), any::<bool>(), any::<bool>()).prop_map(
            |(learner, session, on_full, automatic, as_admin)| {
                Act::Register { learner, session, on_full, automatic, as_admin }
            }
        ),
        2 => (learner, 2..4_usize, session.clone(), any::<bool>()).prop_map(
            |(first, size, session, automatic)| Act::Group { first, size, session, automatic }
        ),
        24 => (0..64_usize, step()).prop_map(|(which, step)| Act::Claim(which, step)),
        7 => (session, plan_of_session()).prop_map(|(session, plan)| Act::Session(session, plan)),
        1 => (0..2_i64).prop_map(|value| Act::SetRule(Rule::Approval, value)),
        1 => (0..3_i64).prop_map(|value| Act::SetRule(Rule::DealerCap, value)),
        2 => (1..3_i64).prop_map(|value| Act::SetRule(Rule::WaitlistPause, value)),
        1 => (0..40_i64).prop_map(|hours| Act::Wait { hours }),
        5 => Just(Act::NextTimer),
        1 => (0..SESSIONS.len()).prop_map(Act::Eve),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let (learner, session) = (0..LEARNERS.len(), 0..SESSIONS.len());
    prop_oneof![
        6 => Just(Step::Cancel),
        3 => Just(Step::TakeOffer),
        2 => Just(Step::DeclineOffer),
        3 => Just(Step::LapseOffer),
        1 => Just(Step::WarnOffer),
        4 => Just(Step::ResumeWait),
        1 => Just(Step::EndWait),
        2 => Just(Step::Approve),
        1 => Just(Step::Decline),
        1 => Just(Step::LapseRequest),
        1 => Just(Step::Excuse),
        2 => (0..4_u8).prop_map(Step::Prioritise),
        2 => session.clone().prop_map(Step::Transfer),
        2 => (session.clone(), any::<bool>()).prop_map(|(session, automatic)| Step::Swap { session, automatic }),
        2 => learner.prop_map(Step::Substitute),
        1 => prop::option::of(session).prop_map(Step::Displace),
    ]
}

fn plan_of_session() -> impl Strategy<Value = Plan> {
    prop_oneof![
        3 => (0..5_u32).prop_map(Plan::Resize),
        2 => (0..3_i64).prop_map(Plan::Move),
        4 => (1..3_u32, 1..3_u32).prop_map(|(dealer, seats)| Plan::SetAside { dealer, seats }),
        2 => (1..3_u32).prop_map(Plan::Release),
        1 => Just(Plan::TurnBlocks),
        1 => Just(Plan::WeighMinimum),
        1 => Just(Plan::Cancel),
    ]
}

fn on_full() -> impl Strategy<Value = OnFull> {
    prop_oneof![
        3 => Just(OnFull::Waitlist),
        2 => Just(OnFull::Alternatives),
        1 => Just(OnFull::BeyondCapacity),
    ]
}

/// The network before anything happens.
pub fn network() -> Network {
    let mut network = Network::new();
    for (number, capacity, days) in SESSIONS {
        network.hold(number, capacity, days).minimum = 1;
    }
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::WaitlistPause, value: 1 });
    network
}

fn session(at: usize) -> SessionId {
    SessionId(id(SESSIONS[at].0))
}

/// Does it, whatever the answer; queues whose turn it is then get it.
pub fn perform(network: &mut Network, act: &Act) {
    let (actor, command) = match act {
        Act::Wait { hours } => return network.later(*hours),
        Act::Eve(at) => {
            let eve = network.session(SESSIONS[*at].0).starts_at() - SignedDuration::from_hours(12);
            network.now = network.now.max(eve);
            return;
        }
        Act::NextTimer => {
            // A far leap would leave the rest of the history with nothing to do.
            let soon = network.now + SignedDuration::from_hours(72);
            let timers = network.timers().into_iter().filter(|timer| timer.due <= soon);
            let Some(timer) = timers.min_by_key(|timer| timer.due) else { return };
            network.now = network.now.max(timer.due);
            (None, timer.command())
        }
        Act::SetRule(rule, value) => {
            let set = Override { scope: Scope::Global, rule: *rule, value: *value };
            (Some(Network::ROOT), Command::SetRule(set))
        }
        Act::Register { learner, session: at, on_full, automatic, as_admin } => {
            let (session, learner, automatic) = (session(*at), LEARNERS[*learner], *automatic);
            let actor = if *as_admin { Network::ROOT } else { learner };
            // With a reason an admin overrides a clash as well, and nobody could be held to have none.
            let clash = clashes(&network.world, learner, &network.world.sessions[&session], None);
            let on_full = if clash.is_empty() { *on_full } else { OnFull::Waitlist };
            let reason = (on_full == OnFull::BeyondCapacity).then(|| "the works council asked".to_owned());
            (Some(actor), Command::Register { session, learner, on_full, automatic, reason })
        }
        Act::Group { first, size, session: at, automatic } => {
            let learners = LEARNERS.iter().cycle().skip(*first).take(*size).copied().collect();
            let (session, on_full, automatic) = (session(*at), OnFull::Waitlist, *automatic);
            (Some(Network::ROOT), Command::RegisterGroup { session, learners, on_full, automatic })
        }
        Act::Claim(which, step) => {
            let Some(claim) = aim(network, *which, step) else { return };
            of_claim(network, claim, step)
        }
        Act::Session(at, plan) => of_session(network, *at, plan),
    };
    network.now = network.now.saturating_add(SignedDuration::from_micros(1)).expect("in range");
    let _whatever_the_answer = match actor {
        Some(actor) => network.ask(actor, command),
        None => network.by_itself(command),
    };
    network.turn_queues();
}

/// One of the registrations there are; mostly one to which the step can happen.
fn aim(network: &Network, which: usize, step: &Step) -> Option<RegistrationId> {
    let fits = |it: &&Registration| match step {
        Step::TakeOffer | Step::DeclineOffer | Step::LapseOffer | Step::WarnOffer => {
            matches!(it.status, Status::Offered { .. })
        }
        Step::ResumeWait => matches!(&it.status, Status::Waitlisted { wait } if wait.paused),
        Step::Approve | Step::Decline => it.status.is_live(),
        Step::LapseRequest => matches!(it.status, Status::Held { .. }),
        Step::EndWait | Step::Prioritise(_) => it.status.waits(),
        Step::Cancel
        | Step::Excuse
        | Step::Transfer(_)
        | Step::Swap { .. }
        | Step::Substitute(_)
        | Step::Displace(_) => it.status.takes_a_seat(),
    };
    let all = || network.world.registrations.iter();
    let fitting: Vec<_> = all().filter(fits).map(|it| it.id).collect();
    let any: Vec<_> = all().map(|it| it.id).collect();
    let from = if fitting.is_empty() || which.is_multiple_of(8) { any } else { fitting };
    from.get(which % from.len().max(1)).copied()
}

/// Who asks for what; nobody when it is a timer.
fn of_claim(network: &Network, registration: RegistrationId, step: &Step) -> (Option<PersonId>, Command) {
    let reason = Some("ill".to_owned());
    let command = match step {
        Step::LapseOffer => return (None, Command::LapseOffer { registration }),
        Step::WarnOffer => return (None, Command::WarnOffer { registration }),
        Step::EndWait => return (None, Command::EndWait { registration, shown: Vec::new() }),
        Step::LapseRequest => return (None, Command::LapseRequest { registration }),
        Step::Approve => return (Some(Network::MIA), Command::Approve { registration }),
        Step::Cancel => Command::Cancel { registration, reason },
        Step::TakeOffer => Command::TakeOffer { registration },
        Step::DeclineOffer => Command::DeclineOffer { registration },
        Step::ResumeWait => Command::ResumeWait { registration },
        Step::Decline => Command::Decline { registration, reason: "not this quarter".to_owned() },
        Step::Excuse => {
            let marks = vec![MarkPlan { excused: true, ..MarkPlan::whole(registration, 1) }];
            let session = network.world.registrations.get(registration).map(|known| known.session);
            Command::MarkAttendance { session: session.expect("it is there"), marks }
        }
        Step::Prioritise(level) => {
            let priority = (*level > 0).then(|| Priority { level: *level, reason: "deadline".to_owned() });
            Command::Prioritise { registration, priority }
        }
        Step::Transfer(to) => Command::Transfer { registration, session: session(*to), reason },
        Step::Swap { session: to, automatic } => {
            Command::Swap { registration, session: session(*to), automatic: *automatic, reason }
        }
        Step::Substitute(learner) => {
            Command::Substitute { registration, learner: LEARNERS[*learner], reason: None }
        }
        Step::Displace(to) => {
            let from = network.world.registrations.get(registration).expect("it is there").session;
            let capacity = network.world.sessions[&from].seats.capacity.saturating_sub(1);
            let displaced = vec![Displaced { registration, to: to.map(session) }];
            Command::Resize { session: from, capacity, displaced, reason, version: None }
        }
    };
    (Some(Network::ROOT), command)
}

fn of_session(network: &Network, at: usize, plan: &Plan) -> (Option<PersonId>, Command) {
    let session = session(at);
    let command = match plan {
        Plan::TurnBlocks => return (None, Command::TurnBlocks { session }),
        Plan::WeighMinimum => return (None, Command::WeighMinimum { session, proposals: Vec::new() }),
        Plan::Resize(capacity) => {
            let plans = vec![SessionPlan { capacity: *capacity, minimum: 0, ..as_planned(network, at) }];
            Command::SaveSessions { plans, historic: false }
        }
        Plan::Move(days) => {
            let plans = vec![moved(as_planned(network, at), *days)];
            Command::SaveSessions { plans, historic: false }
        }
        Plan::SetAside { dealer, seats } => {
            let dealer = id(*dealer).into();
            let block = BlockPlan { dealer, seats: *seats, name_by: None, release_at: None };
            Command::SaveBlock { session, block }
        }
        Plan::Release(dealer) => Command::ReleaseBlock { session, dealer: id(*dealer).into() },
        Plan::Cancel => Command::CancelSession { session, reason: "storm".to_owned(), proposals: Vec::new() },
    };
    (Some(Network::ROOT), command)
}

fn as_planned(network: &Network, at: usize) -> SessionPlan {
    let known = network.session(SESSIONS[at].0);
    SessionPlan { minimum: known.minimum, ..plan(known, 2) }
}

fn moved(plan: SessionPlan, days: i64) -> SessionPlan {
    let part = |part: PartPlan| {
        let starts = part.starts.checked_add(jiff::Span::new().days(days)).expect("in range");
        PartPlan { starts, ..part }
    };
    SessionPlan { parts: plan.parts.into_iter().map(part).collect(), ..plan }
}
