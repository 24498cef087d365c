//! The store of the simulation is held to the real one: what is left of a history is written to an SQLite file, and whatever was
//! asked for in that history has both load the very same world.

use ilt_core::desk::{Ask, Changes, Order};
use ilt_core::ports::{Reads, Store};
use ilt_core::testing::ReadCommitted;
use ilt_core::world::World;
use ilt_simulation::play::{Town, remains};
use ilt_simulation::script::Script;
use ilt_store::testing::sqlite;
use ilt_store::{Options, SqlStore};

const HISTORIES: u64 = 12;

/// Everything that is known, to be saved at once.
fn everything(world: &World) -> Changes {
    Changes {
        courses: world.courses.values().cloned().collect(),
        locations: world.locations.values().cloned().collect(),
        dealers: world.dealers.values().cloned().collect(),
        people: world.people.values().cloned().collect(),
        completions: world.completions.values().flatten().copied().collect(),
        sessions: world.sessions.values().cloned().collect(),
        registrations: world.registrations.iter().cloned().collect(),
        shown: world.shown.values().cloned().collect(),
        rules_set: world.rules.clone(),
        plugins: world.plugins.iter().map(|(id, plugin)| (*id, Some(plugin.clone()))).collect(),
        feeds: world.feeds.iter().map(|(person, digest)| (*person, digest.clone())).collect(),
        ..Changes::default()
    }
}

/// Loads what some orders ask for from both, with every queue that deep, and compares.
async fn compare(simulated: &ReadCommitted, real: &SqlStore, orders: &[Order], depth: u32, seed: u64) {
    let mut ask = Ask::of(orders);
    ask.queues.values_mut().chain(ask.freeing.values_mut()).for_each(|known| *known = depth);
    let [mut one, mut other] =
        [simulated.look(&ask).await.expect("loaded"), real.look(&ask).await.expect("loaded")];
    for world in [&mut one, &mut other] {
        world.rules.sort_by_key(|it| (it.scope.clone(), it.rule));
        // Whoever has completed nothing is not there, or is with nothing.
        world.completions.retain(|_, completed| !completed.is_empty());
    }
    assert_eq!(one, other, "seed {seed}, {orders:?}, {depth} deep");
}

#[tokio::test]
async fn both_stores_load_the_same_world_for_every_order() {
    let town = Town::found().expect("the town is founded");
    for seed in 0..HISTORIES {
        // Nothing is in the way of whoever compares.
        let script = Script { loses: 0, ..Script::of(seed) };
        let (simulated, orders) = remains(&town, &script);
        let database = sqlite();
        let options = Options { careless: true, ..Options::default() };
        let real = SqlStore::connect(&database.url, &options).await.expect("a file");
        real.migrate().await.expect("a schema");
        let mut work = real.begin().await.expect("begun");
        work.save(&simulated.see(|world, _| everything(world))).await.expect("saved");
        work.commit().await.expect("committed");
        for depth in [1, 2, Ask::FIRST_DEPTH] {
            for order in &orders {
                compare(&simulated, &real, std::slice::from_ref(order), depth, seed).await;
            }
            compare(&simulated, &real, &orders, depth, seed).await;
        }
    }
}
