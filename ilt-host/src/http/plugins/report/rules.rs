//! What REST shows of a report is what the command line writes of it, and nothing is left out.

use std::collections::BTreeSet;

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::notice::advice::ToldAs;
use ilt_engine::rehearsal::{
    Fate, Hears, Line, Looks, Moved, Notices, Overtaking, Places, Report, Retold, Said, Shift, Taken,
    Unasked, Unrepeated,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use uuid::Uuid;

use super::ReportView;
use super::looks::{LineView, LooksView, MovedView, SaidView, TakenView};
use super::notices::{NoticesView, RetoldView, ShiftView};
use super::places::{OvertakingView, PlacesView};

const PERSON: PersonId = PersonId(Uuid::from_u128(1));
const SESSION: SessionId = SessionId(Uuid::from_u128(2));

/// Some of everything, and each number another.
fn report() -> Report {
    let (at, plugin, reason) = (Timestamp::UNIX_EPOCH, "calm".to_owned(), "We agreed so.".to_owned());
    let said = Said { plugin: plugin.clone(), change: 0.3, reason: reason.clone() };
    let line = Line { session: SESSION, before: Some(3), after: None, said: vec![said] };
    let looks = Looks {
        shown: 1,
        repeated: 2,
        same: 3,
        ruled: 4,
        different: 5,
        unrepeated: [(Unrepeated::SessionUnknown, 6)].into(),
        opinions: 7,
        moved: 8,
        other_first: 9,
        dropped: 10,
        new: 11,
        reasons: [(reason.clone(), 12)].into(),
        examples: vec![Moved { at, learner: PERSON, wanted: SESSION, lines: vec![line] }],
    };
    let overtaking = Overtaking {
        at,
        learner: PERSON,
        session: SESSION,
        before: 2,
        after: 1,
        level: 9,
        reason: reason.clone(),
        plugin: plugin.clone(),
        overtaken: vec![PERSON],
    };
    let retold = Retold {
        at,
        kind: "registration.cancelled",
        session: Some(SESSION),
        learner: PERSON,
        person: PERSON,
        told_as: ToldAs::DealerAdmin,
        change: Fate::ToMinute,
        before: Hears::AtOnce,
        after: Hears::Later,
        from: Some(at),
        plugin,
        reason,
    };
    let notices = Notices {
        entries: 13,
        asked: 14,
        unrepeated: [(Unasked::ManagerUnknown, 15)].into(),
        urgently: 16,
        at_once: 17,
        digest: 18,
        unchanged: 19,
        muted: 20,
        to_digest: 21,
        to_minute: 22,
        to_at_once: 23,
        added: [(ToldAs::Approver, 24)].into(),
        kinds: [("registration.cancelled", Shift { more: 25, fewer: 26, moved: 27 })].into(),
        examples: vec![retold],
    };
    Report {
        since: at,
        until: at,
        entries: 28,
        misfits: 29,
        looks,
        taken: Taken { count: 30, first_as_shown: 31, first_without: 32, first_with: 33, shown_with: 34 },
        waitlist: Places { joined: 35, unrepeated: 36, granted: 37, moved: 38, examples: vec![overtaking] },
        notices,
        faults: [("calm: too much".to_owned(), 39)].into(),
        failures: [("fuel".to_owned(), 40)].into(),
    }
}

#[test]
fn it_is_shown_as_it_is_written() {
    let report = report();
    let shown = serde_json::to_value(ReportView::from(&report)).expect("JSON");
    assert_eq!(shown, serde_json::to_value(&report).expect("JSON"));
    assert_eq!(shown["notices"]["unrepeated"], json!({"manager-unknown": 15}));
}

/// Clients are generated from what the contract says: every field of every part is in it, and none is free.
#[test]
fn the_contract_has_every_field() {
    fn fields<V: PartialSchema>(shown: &Value) {
        let RefOr::T(Schema::Object(object)) = V::schema() else { panic!("no object") };
        let said: BTreeSet<_> = object.properties.keys().collect();
        let is: BTreeSet<_> = shown.as_object().expect("an object").keys().collect();
        assert_eq!(said, is);
    }
    let shown = serde_json::to_value(ReportView::from(&report())).expect("JSON");
    let (look, place, notice) =
        (&shown["looks"]["examples"][0], &shown["waitlist"]["examples"][0], &shown["notices"]["examples"][0]);
    fields::<ReportView>(&shown);
    fields::<LooksView>(&shown["looks"]);
    fields::<MovedView>(look);
    fields::<LineView>(&look["lines"][0]);
    fields::<SaidView>(&look["lines"][0]["said"][0]);
    fields::<TakenView>(&shown["taken"]);
    fields::<PlacesView>(&shown["waitlist"]);
    fields::<OvertakingView>(place);
    fields::<NoticesView>(&shown["notices"]);
    fields::<ShiftView>(&shown["notices"]["kinds"]["registration.cancelled"]);
    fields::<RetoldView>(notice);
}
