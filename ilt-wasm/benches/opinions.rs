//! What an opinion on twenty candidates costs: a function of our own, and a component in a fresh instance each time.
//!
//! `bench/plugins` compiles the component and runs this.

use ilt_core::opinion::{CandidateFacts, Question, Wish};
use ilt_core::testing::plans::id;
use ilt_core::testing::questions::question;
use ilt_wasm::{Limits, Plugin, Sandbox};

fn main() {
    divan::main();
}

/// What the sample says, as a function.
fn natively(question: &Question) -> Vec<Wish> {
    if !question.learner.holds.contains(&id(2).into()) {
        return Vec::new();
    }
    let on_topic = question
        .candidates
        .iter()
        .filter(|it| question.courses[it.course].topics.iter().any(|it| it == "electric"));
    let wish = |it: &CandidateFacts| Wish {
        session: it.id,
        change: 0.2,
        reason: "Goes on from the certificate that you hold.".to_owned(),
    };
    on_topic.map(wish).collect()
}

fn sample() -> (Sandbox, Plugin) {
    let folder = std::env::var("ILT_TEST_PLUGINS").expect("bench/plugins says where components are");
    let bytes = std::fs::read(format!("{folder}/ev_certified_first.wasm")).expect("compiled");
    let sandbox = Sandbox::new(Limits::default());
    let plugin = sandbox.load(&bytes).expect("a plugin");
    (sandbox, plugin)
}

#[divan::bench(args = [20, 1_000])]
fn native(bencher: divan::Bencher<'_, '_>, candidates: u32) {
    let question = question(candidates);
    bencher.bench_local(|| natively(divan::black_box(&question)));
}

#[divan::bench(args = [20, 1_000])]
fn component(bencher: divan::Bencher<'_, '_>, candidates: u32) {
    let (question, (_sandbox, plugin)) = (question(candidates), sample());
    let settings = format!(r#"{{"certificate": "{}"}}"#, id(2));
    let said = plugin.alone().adjust(&question, &settings);
    assert_eq!(said.answer.expect("an opinion").wishes, natively(&question), "they say the same");
    bencher.bench_local(|| plugin.alone().adjust(divan::black_box(&question), &settings).fuel);
}

/// What is done once, when something is uploaded.
#[divan::bench(sample_count = 10)]
fn compiling(bencher: divan::Bencher<'_, '_>) {
    let folder = std::env::var("ILT_TEST_PLUGINS").expect("bench/plugins says where components are");
    let bytes = std::fs::read(format!("{folder}/ev_certified_first.wasm")).expect("compiled");
    let sandbox = Sandbox::new(Limits::default());
    bencher.bench_local(|| sandbox.load(&bytes).is_ok());
}
