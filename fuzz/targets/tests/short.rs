//! The short form: every target over what is known of it and over neighbours of that, from a seed.
//!
//! `ILT_FUZZ_SEED` begins elsewhere, `ILT_FUZZ_INPUTS` tries more or fewer for each target.

use std::collections::BTreeSet;
use std::path::Path;

use ilt_fuzz::{TARGETS, Target, corpus, run};

/// Neighbours that are tried for each target.
const INPUTS: u64 = 2_000;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

fn holds(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let known = corpus::of(target).expect("a folder of inputs");
    let (seed, inputs) = (setting("ILT_FUZZ_SEED", 1), setting("ILT_FUZZ_INPUTS", INPUTS));
    let tried = run::known(target, &known);
    let tried = tried.and_then(|()| run::neighbours(target, &known, seed, |tried| tried < inputs));
    if let Err(finding) = tried {
        panic!("ILT_FUZZ_SEED={seed}\n{finding}");
    }
}

/// A test for each target, and one that there is a test for each.
macro_rules! targets {
    ($($test:ident $name:literal)*) => {
        $(#[test]
        fn $test() {
            holds($name);
        })*

        #[test]
        fn every_target_is_tried_has_inputs_and_can_be_built_by_cargo_fuzz() {
            let tried = BTreeSet::from([$($name),*]);
            assert_eq!(tried, TARGETS.iter().map(|target| target.name).collect());
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
            let manifest = read("Cargo.toml");
            for target in &TARGETS {
                let known = corpus::of(target).expect("inputs").len();
                assert!((4..=30).contains(&known), "{} has {known} inputs", target.name);
                let file = format!("fuzz_targets/{}.rs", target.name);
                assert!(read(&file).contains(&format!("fuzz(\"{}\"", target.name)), "{file}");
                assert!(manifest.contains(&format!("path = \"{file}\"")), "{file} is not in fuzz/Cargo.toml");
            }
        }
    };
}

targets! {
    bodies "body"
    civil_times "civil"
    claims "claims"
    check_in_codes "code"
    csv_files "csv"
    cursors "cursor"
    idempotency_keys "key"
    last_event_ids "last-event-id"
    queries "query"
    records "record"
    statements "statement"
    tokens "token"
    webhooks "webhook"
}

/// The control: a parser with a mistake that is planted in it.
const PLANTED: Target = Target {
    name: "planted",
    reads: "a limit, with a mistake in it",
    run: |input| {
        let text = String::from_utf8_lossy(input);
        let limit = text.strip_prefix("limit=").and_then(|text| text.parse::<u64>().ok());
        assert!(limit.is_none_or(|limit| limit <= 200), "a page of more than 200 lines");
    },
    words: &[],
};

#[test]
fn a_mistake_that_is_planted_is_found_and_made_short() {
    let known = [b"limit=5".to_vec(), b"limit=200&q=ada".to_vec()];
    assert_eq!(run::known(&PLANTED, &known), Ok(()));
    let finding = run::neighbours(&PLANTED, &known, 1, |tried| tried < INPUTS).expect_err("the mistake");
    assert_eq!(finding.said, "a page of more than 200 lines");
    assert!(run::one(&PLANTED, &finding.input).is_err(), "{finding}");
    assert!(finding.input.len() <= 9, "{finding}");
}

/// Whatever a target promises of answers is looked at: a host that answers otherwise is found out.
#[test]
fn an_answer_that_breaks_a_promise_is_seen() {
    use ilt_fuzz::answer::holds;
    use ilt_fuzz::host::Answer;
    let answer = |status: u16, body: String| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("content-type", "application/problem+json".parse().expect("a value"));
        Answer { status, headers, body: body.into() }
    };
    let problem = |pointer: &str, detail: &str| {
        let fields = [serde_json::json!({ "pointer": pointer, "detail": detail })];
        let problem = serde_json::json!({
            "code": "invalid-request", "status": 400, "detail": "it cannot be read", "fields": fields,
        });
        answer(400, problem.to_string())
    };
    let breaks = |answer: Answer| {
        std::panic::catch_unwind(|| holds(b"{\"learner\":\"ada@dealer.example\"}", &answer)).is_err()
    };
    assert!(!breaks(problem("/learner", "is not a person id")));
    assert!(breaks(problem("/learner", "`ada@dealer.example` is not a person id")), "a mail address");
    assert!(breaks(problem("ada dealer", "is not a person id")), "no place");
    assert!(breaks(problem("/learner", &"x".repeat(100_000))), "too long");
    assert!(breaks(answer(500, "{}".to_owned())), "a 500");
    assert!(breaks(answer(404, "not found".to_owned())), "no problem document");
}
