//! Members of a group that come, go and die.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ilt_core::ports::Numbered;
use ilt_core::statement::Topic;
use ilt_core::testing::plans::id;
use ilt_kafka::Settings;
use ilt_kafka::testing::{settings, shared, told};

use super::keeper::{Keeper, Onlooker, Running, count, published, put, until};

/// A member in a process of its own, so that it can die as processes do: nobody is told, and nothing is finished.
struct Mortal {
    process: Child,
    file: PathBuf,
}

/// What tells such a process where Kafka is, what its topics begin with, and where it writes.
const MORTAL: &str = "ILT_TEST_MORTAL";

impl Mortal {
    fn start(settings: &Settings) -> Self {
        let file = std::env::temp_dir().join(format!("{}kept", settings.topics.prefix));
        let place = format!("{}|{}|{}", settings.brokers, settings.topics.prefix, file.display());
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command.args(["--exact", "members::a_member_that_is_killed_by_another_test"]).env(MORTAL, place);
        Self { process: command.stdout(Stdio::null()).spawn().expect("it starts"), file }
    }

    fn has_kept_something(&self) -> bool {
        std::fs::metadata(&self.file).is_ok_and(|it| it.len() > 0)
    }

    fn die(mut self, heir: &Keeper) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is dead");
        heir.inherit(&self.file);
        std::fs::remove_file(&self.file).expect("it wrote something down");
    }
}

/// Does nothing unless another test has started it in a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_is_killed_by_another_test() {
    let Ok(place) = std::env::var(MORTAL) else { return };
    let [brokers, prefix, file] = place.split('|').collect::<Vec<_>>()[..] else { panic!("{place}") };
    let mut settings = settings(brokers, "mortal");
    prefix.clone_into(&mut settings.topics.prefix);
    let mut keeper = Keeper::default();
    (keeper.file, keeper.is_slow) = (Some(file.into()), AtomicBool::new(true));
    let running = Running::start(&settings, &Arc::new(keeper), &Arc::default());
    // Long after whoever was to kill it.
    tokio::time::sleep(Duration::from_mins(2)).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_come_and_go_and_die_lose_nothing() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "members");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    keeper.is_slow.store(true, Ordering::SeqCst);
    let first = Running::start(&settings, &keeper, &watch);
    let (mut order, mut mortal, mut second) = (BTreeMap::new(), None, None);
    for round in 0..6 {
        order = published(&settings, round * 500 + 1..round * 500 + 501).await;
        match round {
            1 => mortal = Some(Mortal::start(&settings)),
            2 => {
                let mortal = mortal.take().expect("running");
                // What was there before it came, the other may have settled by now.
                for more in 100..200 {
                    if mortal.has_kept_something() {
                        break;
                    }
                    order = published(&settings, more * 100 + 1..more * 100 + 101).await;
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
                assert!(mortal.has_kept_something(), "it never had a share");
                mortal.die(&keeper);
            }
            4 => second = Some(Running::start(&settings, &keeper, &watch)),
            5 => second.take().expect("running").stop().await,
            _ => tokio::time::sleep(Duration::from_millis(700)).await,
        }
    }
    let all: BTreeSet<_> = order.values().flatten().cloned().collect();
    until("settled", || all.iter().cloned().collect::<BTreeSet<_>>() == keeper.ids().into_iter().collect())
        .await;
    first.stop().await;
    for (partition, ids) in keeper.order() {
        assert_eq!(ids, order[&partition], "the order of partition {partition}");
    }
}

/// A statement so large that a partition is paused after some of them.
fn heavy(number: u32) -> Numbered {
    let mut one = told(number);
    (one.told.topic, one.told.key) = (Topic::Registration, id(1_000_000));
    one.told.body = format!(r#"{{"filler":"{}"}}"#, "x".repeat(200_000));
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_that_was_paused_flows_on_when_members_have_come_and_gone() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "paused");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let order = put(&settings, &(1..61).map(heavy).collect::<Vec<_>>()).await;
    keeper.stuck.lock().expect("unharmed").extend(order.keys().next());
    let first = Running::start(&settings, &keeper, &watch);
    until("stuck", || !watch.said.lock().expect("unharmed").is_empty()).await;
    // By now more has come than is kept waiting.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let second = Running::start(&settings, &keeper, &watch);
    // Members hear of one who comes with their next heartbeat.
    tokio::time::sleep(Duration::from_secs(5)).await;
    second.stop().await;
    keeper.stuck.lock().expect("unharmed").clear();
    // What a member had settled, and not yet said so, another settles again.
    until("settled", || count(&keeper.order()) >= count(&order)).await;
    first.stop().await;
    assert_eq!(keeper.order(), order);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_member_has_by_now_is_not_counted_as_left() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "handed");
    let order = published(&settings, 1..501).await;
    let (idle, look) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    idle.stuck.lock().expect("unharmed").extend(order.keys());
    let first = Running::start(&settings, &idle, &look);
    until("told that everything is left", || look.behind.load(Ordering::SeqCst) == count(&order) as u64)
        .await;
    let (busy, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let second = Running::start(&settings, &busy, &watch);
    until("settled", || watch.settled.load(Ordering::SeqCst) > 0).await;
    until("told that the rest is left", || {
        let (settled, left) = (watch.settled.load(Ordering::SeqCst), look.behind.load(Ordering::SeqCst));
        left > 0 && left + settled == count(&order) as u64
    })
    .await;
    second.stop().await;
    first.stop().await;
}
