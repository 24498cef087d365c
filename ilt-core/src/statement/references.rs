//! By which names of a calendar's own something is told of.

use std::collections::BTreeMap;

use super::{Style, Teller};
use crate::calendar::References;
use crate::journal::Event;
use crate::testing::Network;
use crate::testing::plans::id;
use crate::testing::statements::entry;

/// A seat is told of before a calendar knows of it; what is told later names what is known by then.
#[test]
fn what_calendars_know_is_named() {
    let network = Network::new().with_session(100, 12, 35);
    let references = References {
        event_types: [(id(100).into(), "7".to_owned())].into(),
        bookings: [(id(500).into(), "bk".to_owned())].into(),
    };
    let entries = [entry(1, Event::Registered), entry(2, Event::SessionPublished)];
    let style = Style::default();
    let mut teller = Teller::new(&style, &network.world, BTreeMap::new()).with_references(references);
    let told: Vec<_> = entries.iter().flat_map(|entry| teller.tell(entry)).map(|it| it.body).collect();
    let names = [r#"extensions/cal_event_id":"7""#, r#"extensions/cal_booking_id":"bk""#];
    assert!(names.iter().all(|name| told[0].contains(name)), "{}", told[0]);
    assert!(told[1].contains(names[0]) && !told[1].contains("cal_booking_id"), "{}", told[1]);
}
