//! Two real record stores, Ralph and Learning Locker: every sort of statement that is told is taken by both, once, and what
//! they refuse is found.

use std::collections::BTreeSet;
use std::time::Duration;

use ilt_core::statement::{Actors, Told};
use ilt_core::testing::statements::{every_sort, nlj, real_id, style};
use ilt_lrs::{Dead, Forwarder, Settings};
use serde_json::Value;

/// The record stores that `scripts/test` starts; without them, only continuous integration insists.
fn stores() -> Vec<String> {
    let named = |variable: &str| {
        let found = std::env::var(variable).ok();
        assert!(found.is_some() || std::env::var("CI").is_err(), "{variable} must name a record store");
        found
    };
    ["ILT_TEST_RALPH", "ILT_TEST_LEARNING_LOCKER"].into_iter().filter_map(named).collect()
}

fn forwarder(endpoint: &str) -> Forwarder {
    let credentials = Some(("tester".to_owned(), "secret".to_owned().into()));
    let patience = Duration::from_secs(30);
    let settings = Settings { endpoint: endpoint.to_owned(), credentials, patience, ..Settings::default() };
    Forwarder::new(settings).expect("sound settings")
}

async fn forward(endpoint: &str, told: &[Told]) -> Vec<Dead> {
    let all: Vec<_> = told.iter().map(|it| (it.id, it.body.as_str())).collect();
    forwarder(endpoint).forward(&all).await.unwrap_or_else(|trouble| panic!("{endpoint}: {trouble}"))
}

/// What the record store has of these; one that was voided is found as such.
async fn known(endpoint: &str, told: &[Told]) -> BTreeSet<uuid::Uuid> {
    let client = reqwest::Client::new();
    let mut known = BTreeSet::new();
    for one in told {
        for parameter in ["statementId", "voidedStatementId"] {
            let request = client.get(format!("{endpoint}/statements?{parameter}={}", one.id));
            let request =
                request.basic_auth("tester", Some("secret")).header("X-Experience-API-Version", "1.0.3");
            let answer = request.send().await.expect("an answer");
            if answer.status().is_success() {
                let found: Value = answer.json().await.expect("JSON");
                let listed = found["statements"].as_array().cloned().unwrap_or_default();
                if listed.iter().chain([&found]).any(|it| it["id"] == one.id.to_string()) {
                    known.insert(one.id);
                }
            }
        }
    }
    known
}

#[tokio::test]
async fn every_sort_of_statement_is_taken_and_taken_once() {
    for endpoint in stores() {
        let run = std::process::id();
        for style in [style(Actors::Mbox, 1_000 + run), style(Actors::Account, 2_000 + run), nlj(6_000 + run)]
        {
            let told = every_sort(&style);
            assert!(told.len() >= 18, "{}", told.len());
            assert_eq!(forward(&endpoint, &told).await, [], "{endpoint}");
            assert_eq!(forward(&endpoint, &told).await, [], "again is once: {endpoint}");
            let expected: BTreeSet<_> = told.iter().map(|it| it.id).collect();
            assert_eq!(known(&endpoint, &told).await, expected, "{endpoint}");
        }
    }
}

#[tokio::test]
async fn a_poison_statement_among_500_is_found_and_the_rest_is_stored() {
    for endpoint in stores() {
        let one = &every_sort(&style(Actors::Mbox, 3_000))[6];
        let many = (0..500).map(|number| {
            let id = real_id(4_000_000 + number + 1_000 * std::process::id());
            Told { id, body: one.body.replace(&one.id.to_string(), &id.to_string()), ..one.clone() }
        });
        let mut many: Vec<_> = many.collect();
        many[250].body = many[250].body.replace("\"mailto:", "\"");
        let dead = forward(&endpoint, &many).await;
        assert_eq!(dead.iter().map(|it| it.id).collect::<Vec<_>>(), [many[250].id], "{endpoint}: {dead:?}");
        assert_eq!(known(&endpoint, &many[240..260]).await.len(), 19, "{endpoint}");
    }
}

#[tokio::test]
async fn another_statement_under_the_same_id_is_a_conflict() {
    for endpoint in stores() {
        let told = every_sort(&style(Actors::Mbox, 5_000 + std::process::id()));
        assert_eq!(forward(&endpoint, &told[6..8]).await, []);
        let mut other = told[6..8].to_vec();
        other[0].body = other[0].body.replace("online", "elsewhere");
        let dead = forward(&endpoint, &other).await;
        let found: Vec<_> = dead.iter().map(|it| (it.id, it.reason)).collect();
        assert_eq!(found, [(other[0].id, "conflict")], "{endpoint}");
    }
}
