//! Statements, as they are counted and as a session that another system schedules is read from them.

use ilt_core::ports::{Counting, Month};
use ilt_core::statement::{Verb, event_type, sort_of};
use ilt_engine::consumers::plan::read;
use ilt_engine::events::counting::counting;
use serde_json::Value;

use crate::host::on_host;
use crate::{Target, privacy};

pub const TARGET: Target = Target {
    name: "statement",
    reads: "statements of every verb, as they are counted and planned",
    run,
    words: &[
        "\"timestamp\":\"2027-03-15T08:00:00Z\"",
        "\"timestamp\":\"-009999-01-01T00:00:00Z\"",
        "\"object\":{\"id\":",
        "/50000000-0000-4000-8000-000000000001",
        "\"context\":{\"contextActivities\":{\"parent\":[{\"id\":",
        "\"extensions\":{",
        "/scheduled_time\":",
        "mailto:ada@dealer.example",
        "null",
        "[[[[[[[[[[[[[[[[",
    ],
};

/// Reasons for which a statement of a session may be refused.
const MOST_WRONG: usize = 10;

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some((topic, verb)) = sort_of(text.trim()) {
        assert_eq!(event_type(topic, verb), text.trim(), "a type of event is read and printed");
    }
    for verb in Verb::ALL {
        match counting(verb, text) {
            Ok(Some(Counting::Counts { month, .. })) => {
                assert_eq!(month.to_string().parse::<Month>(), Ok(month), "{text}");
            }
            Ok(Some(Counting::TakesBack { .. }) | None) => {}
            Err(unreadable) => privacy::no_mail(input, &unreadable.to_string()),
        }
    }
    let Ok(statement) = serde_json::from_str::<Value>(text) else { return };
    on_host(|host| {
        for verb in ["scheduled", "rescheduled", "cancelled"] {
            let catalogue = host.engine.catalogue();
            let wrong = read(verb, &statement, "http://nlj.platform/extensions", &catalogue).err();
            let wrong = wrong.unwrap_or_else(|| vec!["nothing".to_owned()]);
            assert!((1..=MOST_WRONG).contains(&wrong.len()), "{wrong:?}");
            for said in &wrong {
                privacy::no_mail(input, said);
            }
        }
    });
}
