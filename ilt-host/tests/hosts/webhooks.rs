//! From a click in Cal.com to a session that is looked at: a real host, a store, and a Cal.com that stands in for the real one and tells
//! of what people do inside their request, without an end to waiting.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::served::{auth, found};
use ilt_calcom::Instance;
use ilt_calcom::api::{Base, Dice, Webhook};
use ilt_calcom::stand_in::{Givens, StandIn};
use ilt_core::catalog::Role;
use ilt_core::desk::{Command, Order};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock as _, Deliveries as _, Ids as _, Mirrors as _};
use ilt_core::testing::plans::{in_role, published};
use ilt_engine::calendars;
use ilt_engine::calendars::{Linked, Linking, Unlinked};
use ilt_engine::config::{Config, layers};
use ilt_engine::followers::Followers;
use ilt_engine::open::{self, Running, ports_on};
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_engine::{Engine, batch};
use ilt_host::http::{App, router};
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use jiff::{Timestamp, ToSpan as _};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use uuid::Uuid;

const NEW: &str = "the secret that signs from now on, and is long";
const OLD: &str = "the secret that has signed until now, as long";

fn ina() -> PersonId {
    PersonId(Uuid::from_u128(0x2002))
}

/// A session a month from now, which Ina teaches; and when it starts.
async fn taught(store: &SqlStore) -> (SessionId, Timestamp) {
    let ports = ports_on(store.clone());
    found(&ports, 3, &[]).await;
    let session = SessionId(SystemIds.next());
    let day = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date().saturating_add(30.days());
    let plan =
        ilt_core::desk::SessionPlan { instructors: vec![ina()], ..published(session, day.at(9, 0, 0, 0), 5) };
    for command in [
        Command::SavePeople(vec![in_role(ina(), Role::Instructor)]),
        Command::SaveSessions { plans: vec![plan], historic: false },
    ] {
        let done =
            batch::run(&ports, &[Order::new(Actor::system("import"), command, None, Uuid::nil())]).await;
        let done = done.expect("decided");
        assert!(done.answers[0].is_ok(), "{:?}", done.answers[0]);
    }
    let starts_at = ports.reads.sessions(&[session]).await.expect("read")[0].starts_at();
    (session, starts_at)
}

fn calcom() -> StandIn {
    let givens = Givens { clock: Arc::new(SystemClock), ids: Box::new(|| SystemIds.next()) };
    let calcom = StandIn::start(givens).expect("a port");
    calcom.add_host("ina", "Ina Instructor", "cal_ina", false);
    calcom.world().requests = 10_000;
    calcom
}

/// A host that serves, and listens to a Cal.com.
struct Host {
    at: String,
    engine: Engine,
    followers: Followers,
    linking: Linking,
    http: reqwest::Client,
}

impl Host {
    /// One whose webhooks are signed with the first of these secrets, at an address that it had before, or a new one.
    async fn start(store: &SqlStore, calcom: &StandIn, secrets: &str, at: Option<&str>) -> Self {
        let address = at.map_or("127.0.0.1:0", |it| it.trim_start_matches("http://"));
        let listener = TcpListener::bind(address).await.expect("a port");
        let at = format!("http://{}", listener.local_addr().expect("an address"));
        let set = [
            ("CALCOM__URL", calcom.address()),
            ("CALCOM__SECRET", "0123456789abcdef0123456789abcdef".to_owned()),
            ("CALCOM__WEBHOOKS_AT", at.clone()),
            ("CALCOM__WEBHOOK_SECRET", secrets.to_owned()),
            ("CALCOM__REQUESTS_PER_MINUTE", "10000".to_owned()),
        ];
        let set = set.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let config = Config::of(&layers(None, set).expect("layers")).expect("sound");
        let running = Running::start(&config, store).await.expect("sound");
        let (engine, followers) = (running.engine.clone(), running.followers.clone());
        let (_, linking, _) =
            open::calcom(&config, &Arc::new(store.clone())).expect("sound").expect("a calendar");
        let app = App::on(running, auth(), config.limits(), None);
        tokio::spawn(async move { axum::serve(listener, router(app)).await });
        Self { at, engine, followers, linking, http: reqwest::Client::new() }
    }

    /// Tells it something with this signature, and answers the status.
    async fn is_told(&self, signature: &str, body: &str) -> u16 {
        let request = self.http.post(format!("{}/v1/webhooks/calcom/calcom", self.at));
        let request = request.header("x-cal-signature-256", signature).body(body.to_owned());
        request.send().await.expect("an answer").status().as_u16()
    }

    async fn stop(self) {
        self.engine.stop().await;
        self.followers.stop().await;
    }
}

/// The webhooks of Ina's user over there.
async fn webhooks(calcom: &StandIn) -> Vec<Webhook> {
    let base = Base::new(&calcom.address()).expect("an address");
    let settings = ilt_calcom::Settings::at(base);
    let instance = Instance::new(settings, Arc::new(SystemClock), Dice::seeded(1)).expect("a client");
    instance.account(&"cal_ina".into()).webhooks().await.expect("webhooks")
}

async fn letters(store: &SqlStore) -> u64 {
    store.last_letter().await.expect("read")
}

/// Waits until something holds, and answers how long that took.
async fn until(what: &str, holds: impl AsyncFn() -> bool) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

/// How often bookings were looked at over there.
fn looks(calcom: &StandIn) -> usize {
    calcom.world().asked.iter().filter(|it| *it == "GET /v2/bookings").count()
}

async fn stores() -> Vec<(Database, SqlStore)> {
    let mut stores = Vec::new();
    for database in [Some(sqlite()), postgres("webhooks")].into_iter().flatten() {
        let store = database.store(Options::default()).await;
        stores.push((database, store));
    }
    stores
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_over_there_is_looked_at_within_a_second() {
    for (_kept, store) in stores().await {
        let ((session, starts_at), calcom) = (taught(&store).await, calcom());
        let host = Host::start(&store, &calcom, OLD, None).await;
        let Linked { webhook, .. } = host.linking.link(ina(), &"cal_ina".into()).await.expect("linked");
        assert_eq!(webhook, calendars::Webhook::Stands { foreign: 0 });
        let is_settled = async || store.waiting().await.expect("read").count == 0;
        let is_shown =
            async || !store.remembered(session).await.expect("read").places.is_empty() && is_settled().await;
        until("the session is shown", is_shown).await;
        let event_type = store.remembered(session).await.expect("read").places.into_values().next();
        let event_type = event_type.and_then(|it| it.event_type?.parse().ok()).expect("an event type");

        let (before, person) = (looks(&calcom), calcom.person());
        let booked = person.books(event_type, starts_at, "Olga", "olga@example.com").await;
        let took = until("it is looked at", async || looks(&calcom) > before).await;
        // Within a second where the machine does nothing else; the next comparison is an hour away.
        assert!(took < Duration::from_secs(3), "{took:?}");
        booked.expect("a seat");
        // Nobody knows her here: that she came is told, and then that she was turned away.
        until("both are heard", async || letters(&store).await >= 2).await;
        until("all is settled", is_settled).await;
        assert!(calcom.world().bookings().all(|it| it.is_cancelled || it.guests.is_empty()));

        let heard = letters(&store).await;
        calcom.world().mishaps.doubled_webhooks = 1;
        person.books(event_type, starts_at, "Olaf", "olaf@example.com").await.expect("a seat");
        until("both are heard", async || letters(&store).await >= heard + 2).await;
        until("all is settled", is_settled).await;
        let all = store.letters_after(0, 99).await.expect("read");
        let digests: std::collections::BTreeSet<_> = all.iter().map(|it| &it.letter.digest).collect();
        assert_eq!(digests.len(), all.len(), "each once");
        assert!(all.iter().all(|it| it.letter.body.contains("triggerEvent")));

        let heard = letters(&store).await;
        assert_eq!(host.is_told(&"0".repeat(64), "{}").await, 401);
        assert_eq!(host.is_told("no-secret-provided", "{}").await, 401);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(letters(&store).await, heard, "nothing is kept");
        host.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_over_there_follows_the_secret_and_the_address_and_goes_with_the_link() {
    let database = sqlite();
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    let calcom = calcom();
    taught(&store).await;
    let host = Host::start(&store, &calcom, OLD, None).await;
    host.linking.link(ina(), &"cal_ina".into()).await.expect("linked");
    let ours = async || {
        let [it] = <[Webhook; 1]>::try_from(webhooks(&calcom).await).expect("one webhook");
        (it.subscriber_url.clone(), it.secret.expect("signed").expose_secret().to_owned())
    };
    let address = |at: &str| format!("{at}/v1/webhooks/calcom/calcom");
    assert_eq!(ours().await, (address(&host.at), OLD.to_owned()));
    host.linking.link(ina(), &"cal_ina".into()).await.expect("linked once more");
    assert_eq!(webhooks(&calcom).await.len(), 1, "never doubled");

    let at = host.at.clone();
    host.stop().await;
    let both = format!("{NEW}\n{OLD}");
    let host = Host::start(&store, &calcom, &both, None).await;
    assert_ne!(host.at, at);
    let is_moved = async || ours().await == (address(&host.at), NEW.to_owned());
    let is_one = async || webhooks(&calcom).await.len() == 1 && is_moved().await;
    until("the webhook follows", is_one).await;
    let checked = host.linking.check(|_| ()).await.expect("checked");
    assert_eq!(checked[0].webhook, Some(calendars::Webhook::Stands { foreign: 0 }));
    assert_eq!(host.linking.unlink(ina()).await.expect("unlinked"), Unlinked::Gone { webhooks: 1 });
    assert_eq!(webhooks(&calcom).await.len(), 0);
    assert_eq!(host.linking.unlink(ina()).await.expect("unlinked"), Unlinked::Was);

    host.linking.link(ina(), &"cal_ina".into()).await.expect("linked");
    calcom.world().hosts[0].keys = vec!["another".to_owned()];
    let left = host.linking.unlink(ina()).await.expect("unlinked");
    assert!(matches!(&left, Unlinked::Left { said } if !said.contains("cal_ina")), "{left:?}");
    host.stop().await;
}
