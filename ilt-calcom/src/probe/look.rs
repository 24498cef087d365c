//! Asking: first whose key it is, then something small of each family.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::report::{Report, State, Verdict};
use crate::api::{Account, Error, Family, Kind, Me};
use crate::ids::UserId;

/// An event type that slots can be asked of when the user has none. Anybody may, and it need not be there.
const ANY_EVENT_TYPE: u64 = 1;

/// A schedule, by what its version has and the oldest has not.
#[derive(Deserialize)]
struct ScheduleShape {
    #[serde(rename = "overrides")]
    _overrides: IgnoredAny,
}

/// An event type, by the same.
#[derive(Deserialize)]
struct EventTypeShape {
    id: u64,
    #[serde(rename = "lengthInMinutes")]
    _length: IgnoredAny,
}

/// A booking, by the same: the oldest answers with an object that has a list in it (recorded: 056).
#[derive(Deserialize)]
struct BookingShape {
    #[serde(rename = "start")]
    _start: IgnoredAny,
}

/// Looks at a Cal.com by one user's key. `known` is whose key it was when it was last looked at, if it ever was.
pub async fn probe(account: &Account, known: Option<UserId>) -> Report {
    let (me, requests) = match account.me_and_limit().await {
        Ok(found) => found,
        Err(error) => return Report::of(refused(error, known.is_some())),
    };
    if let Some(expected) = known.filter(|known| *known != me.id) {
        let verdict = Verdict::OtherUser { expected, found: me.id };
        return Report { me: Some(me), requests, ..Report::of(verdict) };
    }
    let families = families(account, &me).await;
    let is_whole = families.values().all(|state| *state == State::Understood);
    let verdict = if is_whole { Verdict::Usable } else { Verdict::Lacking };
    Report { verdict, me: Some(me), families, requests }
}

async fn families(account: &Account, me: &Me) -> BTreeMap<Family, State> {
    let schedules = account.look::<Vec<ScheduleShape>>(Family::Schedules, &["schedules"], &[]).await;
    let named = [("username", me.username.clone())];
    let event_types = account.look::<Vec<EventTypeShape>>(Family::EventTypes, &["event-types"], &named).await;
    let any = event_types.as_ref().ok().and_then(|all| all.first()).map_or(ANY_EVENT_TYPE, |it| it.id);
    let few = [("take", "1".to_owned())];
    let bookings = account.look::<Vec<BookingShape>>(Family::Bookings, &["bookings"], &few).await;
    let webhooks = account.look::<Vec<IgnoredAny>>(Family::Webhooks, &["webhooks"], &few).await;
    let asked = [
        ("eventTypeId", any.to_string()),
        ("start", "2027-01-01".to_owned()),
        ("end", "2027-01-02".to_owned()),
        ("timeZone", "UTC".to_owned()),
        ("format", "range".to_owned()),
    ];
    let slots =
        match account.look::<BTreeMap<String, Vec<IgnoredAny>>>(Family::Slots, &["slots"], &asked).await {
            // That the event type is not there, or not to be shown, was understood.
            Err(Error { kind: Kind::NotFound | Kind::Invalid { .. } | Kind::NotAllowed, .. }) => {
                State::Understood
            }
            answer => state(&answer),
        };
    BTreeMap::from([
        (Family::Me, State::Understood),
        (Family::Schedules, state(&schedules)),
        (Family::EventTypes, state(&event_types)),
        (Family::Slots, slots),
        (Family::Bookings, state(&bookings)),
        (Family::Webhooks, state(&webhooks)),
    ])
}

fn state<T: DeserializeOwned>(answer: &Result<T, Error>) -> State {
    match answer.as_ref().map_err(|error| error.kind.clone()) {
        Ok(_) => State::Understood,
        Err(Kind::Unreadable { .. }) => State::FellBack,
        Err(Kind::NoSuchCall(_)) => State::Missing,
        Err(kind) => State::Failed(kind),
    }
}

/// What it means that not even the plainest question is answered. `was_known` is whether the key was good before.
fn refused(error: Error, was_known: bool) -> Verdict {
    match (error.kind, error.status) {
        (Kind::BadKey | Kind::NoKey | Kind::NotAllowed, _) if was_known => Verdict::RevokedKey,
        (Kind::BadKey | Kind::NoKey | Kind::NotAllowed, _) => Verdict::WrongKey,
        (Kind::KeyExpired, _) => Verdict::ExpiredKey,
        (Kind::Throttled { reset }, _) => Verdict::Throttled { reset },
        (Kind::NoSuchCall(_) | Kind::NotFound | Kind::Gone, _) | (Kind::NotCalcom, Some(404)) => {
            Verdict::NoApi
        }
        (Kind::NotCalcom | Kind::Unreadable { .. } | Kind::TooLong, _) => Verdict::OtherProduct,
        (kind, _) => Verdict::Unreachable(kind),
    }
}
