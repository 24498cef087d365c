//! Between the words of the core and those of the contract, where notices are concerned.

use ilt_core::attendance::Outcome;
use ilt_core::notice::advice::{Advice, Change, Happening, Notification, Pace, Telling, ToldAs};
use ilt_core::opinion::Speaker;

use crate::ask::{minute, weekday};
use crate::bindings::exports::ilt::plugin::noticing;

/// What happened and who will be told of it, in the words of the contract.
pub fn question(asked: &Telling) -> noticing::Question {
    let notice = |it: &Notification| {
        let clock = asked.clock_of(it);
        noticing::Notice {
            person: it.person.to_string(),
            role: role(it.told_as),
            pace: pace(it.pace),
            may_be_muted: it.may_be_muted,
            day: weekday(clock.weekday()),
            minute: minute(clock),
        }
    };
    noticing::Question {
        happening: happening(&asked.happening),
        notices: asked.notices.iter().map(notice).collect(),
    }
}

/// What a plugin advises; what names no notice is advice on one that nobody asked for.
pub fn advice(by: &Speaker, said: noticing::Advice) -> Advice {
    let at = |it: u32| usize::try_from(it).unwrap_or(usize::MAX);
    let change = match said.change {
        noticing::Change::Mute(it) => Change::Mute(at(it)),
        noticing::Change::ToDigest(it) => Change::ToDigest(at(it)),
        noticing::Change::AtMinute((it, minute)) => Change::AtMinute(at(it), minute),
        noticing::Change::Add((role, pace)) => Change::Add(told_as(role), pace_of(pace)),
    };
    Advice { by: by.clone(), change, reason: said.reason }
}

fn happening(it: &Happening) -> noticing::Happening {
    noticing::Happening {
        kind: it.kind.to_owned(),
        at: it.at.as_second(),
        session: it.session.map(|id| id.to_string()),
        course: it.course.map(|id| id.to_string()),
        starts: it.starts_at.map(jiff::Timestamp::as_second),
        learner: Some(it.learner.to_string()),
        dealer: it.dealer.map(|id| id.to_string()),
        outcome: it.outcome.map(Outcome::word).map(str::to_owned),
        no_shows: it.no_shows,
        late: it.late,
    }
}

const fn role(told_as: ToldAs) -> noticing::Role {
    match told_as {
        ToldAs::Learner => noticing::Role::Learner,
        ToldAs::Manager => noticing::Role::Manager,
        ToldAs::Approver => noticing::Role::Approver,
        ToldAs::Instructor => noticing::Role::Instructor,
        ToldAs::DealerAdmin => noticing::Role::DealerAdmin,
        ToldAs::Admin => noticing::Role::Admin,
    }
}

/// What somebody is to a learner, in the words of the core.
pub const fn told_as(role: noticing::Role) -> ToldAs {
    match role {
        noticing::Role::Learner => ToldAs::Learner,
        noticing::Role::Manager => ToldAs::Manager,
        noticing::Role::Approver => ToldAs::Approver,
        noticing::Role::Instructor => ToldAs::Instructor,
        noticing::Role::DealerAdmin => ToldAs::DealerAdmin,
        noticing::Role::Admin => ToldAs::Admin,
    }
}

const fn pace(pace: Pace) -> noticing::Pace {
    match pace {
        Pace::Urgent => noticing::Pace::Urgent,
        Pace::AtOnce => noticing::Pace::AtOnce,
        Pace::Digest => noticing::Pace::Digest,
    }
}

/// How soon, in the words of the core.
pub const fn pace_of(pace: noticing::Pace) -> Pace {
    match pace {
        noticing::Pace::Urgent => Pace::Urgent,
        noticing::Pace::AtOnce => Pace::AtOnce,
        noticing::Pace::Digest => Pace::Digest,
    }
}
