//! Dealers' own rules in the demo: samples of the repository, which one dealer uses. They are compiled already (`plugins/prebuilt`).

use anyhow::Context as _;
use ilt_core::catalog::{Course, Dealer};
use ilt_core::desk::Command;
use ilt_core::ids::{DealerId, PersonId, PluginId};
use ilt_core::journal::Actor;
use ilt_core::plugin::{Act, Change, Whose};
use ilt_engine::Engine;
use ilt_engine::open::Running;
use ilt_engine::workshop::Workshop;
use rust_embed::RustEmbed;
use serde_json::{Value, json};

#[derive(RustEmbed)]
#[folder = "../plugins/prebuilt"]
#[include = "*.wasm"]
struct Prebuilt;

/// Has another dealer than this person's use the samples, where no plugin is used yet.
///
/// # Errors
/// When a sample is refused, or the store fails.
pub async fn use_samples(running: &Running, not_of: PersonId) -> anyhow::Result<()> {
    let (engine, Some(workshop)) = (&running.engine, &running.workshop) else { return Ok(()) };
    let theirs = engine.people().get(not_of).await?.and_then(|person| person.dealer);
    let (is_used, dealer, certificate) = {
        let catalogue = engine.catalogue();
        let certificate = first_on(catalogue.courses().values(), "electric").map(|course| course.id);
        (!catalogue.plugins().is_empty(), other_than(theirs, catalogue.dealers().values()), certificate)
    };
    let (Some(dealer), Some(certificate), false) = (dealer, certificate, is_used) else { return Ok(()) };
    let samples = [
        ("ev_certified_first", json!({ "certificate": certificate })),
        ("close_to_home", json!({ "most_km": 150, "weekends": "last" })),
    ];
    for (place, (name, settings)) in (1..).zip(samples) {
        used(engine, &**workshop, name, settings, dealer, place)
            .await
            .with_context(|| format!("the sample {name}"))?;
    }
    Ok(())
}

fn first_on<'a>(courses: impl Iterator<Item = &'a Course>, topic: &str) -> Option<&'a Course> {
    courses.filter(|course| course.topics.iter().any(|it| it == topic)).min_by_key(|course| course.id)
}

fn other_than<'a>(theirs: Option<DealerId>, dealers: impl Iterator<Item = &'a Dealer>) -> Option<DealerId> {
    dealers.map(|dealer| dealer.id).filter(|id| Some(*id) != theirs).min()
}

async fn used(
    engine: &Engine,
    workshop: &dyn Workshop,
    name: &str,
    settings: Value,
    dealer: DealerId,
    place: u32,
) -> anyhow::Result<()> {
    let (actor, settings) = (Actor::system("demo"), settings.to_string());
    let bytes = Prebuilt::get(&format!("{name}.wasm")).context("it is not in this program")?;
    let taken = workshop.take(bytes.data.into_owned(), actor.clone()).await?;
    let by = workshop.try_settings(&taken.by.digest, &settings).await?;
    let plugin = PluginId(engine.ports().ids.next());
    let steps = [
        (Act::Add { whose: Whose::Dealer(dealer), place, by, settings }, None),
        (Act::Activate { edition: None }, Some("A sample, for whoever tries the demo.".to_owned())),
    ];
    for (act, reason) in steps {
        let change = Box::new(Change { plugin, act, reason, version: None });
        engine.ask(actor.clone(), Command::ChangePlugin(change), None, engine.ports().ids.next()).await?;
    }
    Ok(())
}
