//! Calendars follow the ledger, told from end to end on the in-memory store and a Cal.com that stands in for the real one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ilt_calcom::api::{Base, Dice};
use ilt_calcom::mapping::Attendees;
use ilt_calcom::settle::{Calcom, Seal};
use ilt_calcom::stand_in::{Givens, StandIn};
use ilt_calcom::{Instance, Limits, Settings};
use ilt_core::desk::Changes;
use ilt_core::ids::SessionId;
use ilt_core::journal::{Entry, Event};
use ilt_core::ports::{Clock as _, Ids as _, Mirrors as _, Mode, Waiting};
use ilt_core::registration::Status;
use ilt_core::testing::contract::{data, save};
use ilt_core::testing::plans::{id, now};
use ilt_core::testing::{CountingIds, FixedClock, MemoryStore, Network};
use jiff::SignedDuration;
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::linking::LinkTrouble;
use super::*;
use crate::followers::calendar::Calendar;
use crate::followers::{Follower as _, Standing};

struct House {
    store: MemoryStore,
    clock: Arc<FixedClock>,
    calcom: StandIn,
    keeper: Keeper,
    linking: Linking,
    follower: Calendar,
    standing: Standing,
    entries: u32,
    hosts: AtomicU32,
}

impl House {
    /// Two sessions to come that Ina teaches, two days each; Ada has a seat in the first.
    async fn new() -> Self {
        let (store, clock) = (MemoryStore::new(), Arc::new(FixedClock::at(now())));
        let ids = CountingIds::default();
        let givens = Givens { clock: clock.clone(), ids: Box::new(move || ids.next()) };
        let calcom = StandIn::start(givens).expect("a port");
        calcom.add_host("ina", "Ina Instructor", "cal_ina", false);
        calcom.add_host("ivo", "Ivo Instructor", "cal_ivo", false);
        calcom.world().requests = 10_000;
        let base = Base::new(&calcom.address()).expect("an address");
        let limits = Limits { tries: 1, requests: 10_000, ..Limits::default() };
        let settings = Settings { limits, ..Settings::at(base) };
        let instance = Instance::new(settings, clock.clone(), Dice::seeded(1)).expect("a client");
        let seal = Arc::new(Seal::new(&"a secret that nobody would ever guess".into()).expect("a secret"));
        let shown = Calcom::new(instance.clone(), Attendees::Own, seal.clone(), clock.clone());
        let mirrors = Arc::new(store.clone());
        let (reads, calendar) = (mirrors.clone(), Arc::new(shown));
        let keeper =
            Keeper { reads, mirrors: mirrors.clone(), calendar, clock: clock.clone(), reception: None };
        let (subscription, kept) = (None, mirrors.clone());
        let linking = Linking { instance, seal, subscription, mirrors: kept, clock: clock.clone() };
        let follower = Calendar { journal: mirrors.clone(), mirrors, clock: clock.clone() };
        let standing = Standing::new(CALENDARS);
        let mut house = Self {
            store,
            clock,
            calcom,
            keeper,
            linking,
            follower,
            standing,
            entries: 0,
            hosts: AtomicU32::new(1),
        };
        save(&house.store, &data::basics()).await.expect("saved");
        house.happens(500, Network::ADA, Status::Confirmed { at: now() }, Event::Registered).await;
        house
    }

    /// Something happens to somebody's registration for the first session, and the journal says so.
    async fn happens(&mut self, number: u32, who: ilt_core::ids::PersonId, status: Status, event: Event) {
        self.entries += 1;
        let entry = Entry { event, learner: Some(who), ..data::entry(10_000 + self.entries, number) };
        let registrations = vec![data::registration(number, 100, who, status)];
        let changes = Changes { registrations, entries: vec![entry], ..Changes::default() };
        save(&self.store, &changes).await.expect("saved");
        self.follower.turn().await.expect("a turn");
    }

    /// Works for as long as something is due, at most ten seconds; each time as another host, of which the first compares everything.
    async fn works(&self) {
        let habits = Habits { at_once: 2, compare_every: SignedDuration::from_hours(1) };
        let (leases, standing) = (Arc::new(self.store.clone()), self.standing.clone());
        let holder = id(self.hosts.fetch_add(1, Ordering::SeqCst));
        let worker = Worker { keeper: self.keeper.clone(), leases, holder, habits, standing };
        let stopping = CancellationToken::new();
        let task = tokio::spawn(worker.until_stopped(stopping.clone()));
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if self.waiting().await.count == 0 || self.standing.seen().trouble.is_some() {
                break;
            }
        }
        stopping.cancel();
        task.await.expect("it stops");
    }

    async fn waiting(&self) -> Waiting {
        self.store.waiting().await.expect("read")
    }

    /// Who has a seat there, by start.
    fn seated(&self) -> BTreeSet<(String, String)> {
        let world = self.calcom.world();
        let alive = world.bookings().filter(|it| !it.is_cancelled);
        alive.flat_map(|it| it.guests.iter().map(|who| (it.start.to_string(), who.email.clone()))).collect()
    }
}

fn seats(addresses: &[&str]) -> BTreeSet<(String, String)> {
    let days = ["2027-04-05T07:00:00Z", "2027-04-06T07:00:00Z"];
    days.iter().flat_map(|day| addresses.iter().map(|it| ((*day).to_owned(), (*it).to_owned()))).collect()
}

const ADA: &str = "p7@dealer.example";
const BEN: &str = "p8@dealer.example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_ledger_says_is_shown_and_what_people_change_is_found() {
    let mut house = House::new().await;
    house.works().await;
    assert_eq!((house.seated(), house.waiting().await.count), (seats(&[]), 0));
    assert_eq!(
        house.store.differing(house.clock.now(), 9).await.expect("read").len(),
        2,
        "nobody is linked, which is told"
    );
    house.linking.link(Network::INA, &"cal_ina\n".into()).await.expect("linked");
    house.works().await;
    assert_eq!(house.seated(), seats(&[ADA]), "both days, and what was there before anybody was linked");
    assert_eq!(house.store.differing(house.clock.now(), 9).await.expect("read"), []);
    house.happens(501, Network::BEN, Status::Confirmed { at: now() }, Event::Registered).await;
    house.happens(500, Network::ADA, Status::Cancelled { at: now() }, Event::Cancelled { late: false }).await;
    assert_eq!(house.waiting().await.count, 1, "both are one thing to look at");
    house.works().await;
    assert_eq!(house.seated(), seats(&[BEN]));
    let session = SessionId(id(100));
    let kept = house.store.remembered(session).await.expect("read");
    assert_eq!((kept.places.len(), kept.seats.len()), (2, 2));
    // Somebody cancels over there, and nobody hears of it.
    let at = kept.seats.values().next().expect("a seat").clone();
    house.calcom.person().cancels(&at.booking, &at.seat).await.expect("cancelled");
    let rehearsed = house.keeper.settle(session, Mode::Rehearse).await.expect("rehearsed");
    assert_eq!((rehearsed.done.len(), house.seated().len()), (1, 1));
    house.clock.set(now() + SignedDuration::from_hours(2));
    house.works().await;
    assert_eq!(house.seated(), seats(&[BEN]), "the next comparison finds it");
    assert_eq!(house.standing.seen().trouble, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_calendar_is_away_everything_goes_on_and_it_catches_up() {
    let mut house = House::new().await;
    house.linking.link(Network::INA, &"cal_ina".into()).await.expect("linked");
    house.works().await;
    house.calcom.stop();
    house.happens(501, Network::BEN, Status::Confirmed { at: now() }, Event::Registered).await;
    house.works().await;
    let seen = house.standing.seen();
    assert_eq!((house.waiting().await.count, seen.behind), (1, Some(1)));
    assert!(seen.trouble.is_some_and(|(_, said)| said.contains("is away")), "and that is told");
    house.calcom.start_again().expect("its port");
    house.standing.flows();
    house.works().await;
    assert_eq!(house.seated(), seats(&[ADA]), "it rests first");
    house.clock.set(now() + rest(0));
    house.works().await;
    assert_eq!((house.seated(), house.waiting().await.count), (seats(&[ADA, BEN]), 0));
    assert_eq!(house.standing.seen().trouble, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_revoked_is_told_of_and_another_takes_its_place() {
    let mut house = House::new().await;
    house.linking.link(Network::INA, &"cal_ina".into()).await.expect("linked");
    house.works().await;
    house.calcom.world().hosts[0].keys = vec!["cal_new".to_owned()];
    house.happens(501, Network::BEN, Status::Confirmed { at: now() }, Event::Registered).await;
    house.works().await;
    let (_, said) = house.standing.seen().trouble.expect("trouble");
    assert!(said.contains(&Network::INA.to_string()) && !said.contains("cal_"), "{said}");
    let checked = house.linking.check(|_| ()).await.expect("checked");
    assert!(checked[0].missing[0].contains("does not know the key any more"), "{checked:?}");
    house.linking.link(Network::INA, &"cal_new".into()).await.expect("linked");
    house.standing.flows();
    house.works().await;
    assert_eq!(house.seated(), seats(&[ADA, BEN]), "at once, since it is due again");
    assert_eq!(house.linking.check(|_| ()).await.expect("checked")[0].missing, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_is_linked_with_one_instructor_and_a_key_that_opens_nothing_with_none() {
    let house = House::new().await;
    let wrong = house.linking.link(Network::INA, &"cal_wrong".into()).await.expect_err("no key");
    assert!(
        matches!(&wrong, LinkTrouble::Lacking(said) if said[0].contains("does not know the key")),
        "{wrong}"
    );
    house.linking.link(Network::INA, &"cal_ina".into()).await.expect("linked");
    let taken = house.linking.link(Network::MIA, &"cal_ina".into()).await.expect_err("it is Ina's");
    assert!(matches!(taken, LinkTrouble::Taken(Network::INA)), "{taken}");
    let other = house.linking.link(Network::INA, &"cal_ivo".into()).await.expect_err("it is Ivo's");
    assert!(matches!(other, LinkTrouble::Another { .. }), "{other}");
    let kept = format!("{:?}", house.store.links(None).await.expect("read"));
    assert!(!kept.contains("cal_") && kept.contains("Link"), "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_begins_with_a_long_journal_looks_at_what_is_to_come_only() {
    let store = MemoryStore::new();
    let entries =
        (1..=30).map(|number| Entry { event: Event::Registered, ..data::entry(number, 500) }).collect();
    save(&store, &Changes { entries, ..data::basics() }).await.expect("saved");
    let (shared, clock) = (Arc::new(store.clone()), Arc::new(FixedClock::at(now())));
    let follower = Calendar { journal: shared.clone(), mirrors: shared, clock };
    assert_eq!(follower.left().await.expect("read").behind, 30);
    assert_eq!(follower.turn().await.expect("a turn").done, 30);
    assert_eq!(follower.left().await.expect("read"), crate::followers::Left::default());
    let due = store.claim_due(now(), now(), 9).await.expect("claimed");
    let due: Vec<_> = due.into_iter().map(|it| it.session).collect();
    assert_eq!(due, [SessionId(id(100)), SessionId(id(101))]);
}

#[rstest]
#[case::at_first(0, 5)]
#[case::then(1, 10)]
#[case::later(6, 320)]
#[case::at_last(10, 3_600)]
#[case::for_ever(u32::MAX, 3_600)]
fn a_session_rests_longer_each_time(#[case] attempts: u32, #[case] seconds: i64) {
    assert_eq!(rest(attempts), SignedDuration::from_secs(seconds));
}
