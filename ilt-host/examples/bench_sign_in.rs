//! What it costs to know who asks: by a token, by the cookie of a sign-in, and by a key, in turn, through the router of a host on a database.
//! `bench/sign-in` runs it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use ilt_core::access::{ApiKey, SignIn, powers};
use ilt_core::catalog::{Dealer, Person, Place, Role};
use ilt_core::desk::Command;
use ilt_core::ids::{KeyId, PersonId, SignInId};
use ilt_core::journal::Actor;
use ilt_core::ports::{ApiKeys as _, Clock as _, Ids as _, SignIns as _};
use ilt_core::testing::plans::{dealer, in_role};
use ilt_engine::config::{Expected, Keys, Limits};
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_engine::{Engine, Ports, Settings};
use ilt_host::http::access::auth::Auth;
use ilt_host::http::keys::kept;
use ilt_host::http::sign_in::kept::Token;
use ilt_host::http::{App, router};
use ilt_store::{Options, SqlStore};
use jiff::SignedDuration;
use secrecy::SecretString;
use tower::ServiceExt as _;
use uuid::Uuid;

const PEOPLE: u32 = 1_000;
/// Browsers of one person, and keys; so there are ten thousand of each.
const EACH: u32 = 10;
const ROUNDS: usize = 5;

/// What a request shows: the name of a header, and its value.
type Shown = (&'static str, String);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("the address of a database is missing")?;
    let store = Arc::new(SqlStore::connect(&url, &Options::default()).await?);
    store.migrate().await?;
    let ports = Ports {
        store: store.clone(),
        journal: store.clone(),
        timers: store.clone(),
        reads: store.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        rules: Arc::new(ilt_core::ports::NoRules),
        evidence: Arc::new(ilt_core::ports::OwnCompletions),
    };
    let engine = Engine::start(ports, Settings::default()).await?;
    let people = people(&engine).await?;
    let secret = Keys::Secret(SecretString::from("a secret that is long enough for this"));
    let auth = Auth::new(Expected::by(secret), Arc::new(SystemClock))?;
    let (tokens, cookies, keys) =
        (tokens(&auth, &people)?, cookies(&store, &people).await?, keys(&store, &people).await?);
    let app = App::new(engine, auth, Limits::default(), None).with_doors(store.clone(), store);
    let router = router(app);
    for (name, shown) in [("token", &tokens), ("cookie", &cookies), ("key", &keys)] {
        ask(&router, shown).await.with_context(|| format!("by {name}"))?;
    }
    let mut medians = Vec::new();
    for round in 1..=ROUNDS {
        let [token, cookie, key] =
            [ask(&router, &tokens).await?, ask(&router, &cookies).await?, ask(&router, &keys).await?];
        println!("{round}: token {token:.1} µs, cookie {cookie:.1} µs, key {key:.1} µs a request (median)");
        medians.push((cookie / token, key - token));
    }
    medians.sort_by(|one, other| one.0.total_cmp(&other.0));
    println!("a request by cookie: {:.2} times one by token (median of {ROUNDS})", medians[ROUNDS / 2].0);
    medians.sort_by(|one, other| one.1.total_cmp(&other.1));
    println!("a request by key: {:+.1} µs beside one by token (median of {ROUNDS})", medians[ROUNDS / 2].1);
    Ok(())
}

async fn people(engine: &Engine) -> anyhow::Result<Vec<Person>> {
    let ask = async |command| engine.ask(Actor::import(), command, None, Uuid::nil()).await;
    let dealer = Dealer { version: 0, ..dealer(Place { lat: 50.9, lon: 6.9 }) };
    ask(Command::SaveDealers(vec![dealer])).await.context("a dealer")?;
    let learner = |number: u32| PersonId(Uuid::from_u128((1 << 64) + u128::from(number)));
    let person = |number| Person { version: 0, ..in_role(learner(number), Role::Learner) };
    let people: Vec<_> = (0..PEOPLE).map(person).collect();
    ask(Command::SavePeople(people.clone())).await.context("people")?;
    Ok(people)
}

fn tokens(auth: &Auth, people: &[Person]) -> anyhow::Result<Vec<Shown>> {
    let token = |person: &Person| {
        let token = auth.mint(person.id, SignedDuration::from_hours(1)).context("a token")?;
        anyhow::Ok(("authorization", format!("Bearer {token}")))
    };
    (0..EACH).flat_map(|_| people).map(token).collect()
}

async fn cookies(store: &SqlStore, people: &[Person]) -> anyhow::Result<Vec<Shown>> {
    let (mut cookies, now) = (Vec::new(), SystemClock.now());
    for number in 0..EACH {
        for person in people {
            let token = format!("{number}-{}", person.id);
            let sign_in = SignIn {
                id: SignInId(SystemIds.next()),
                person: person.id,
                way: "bench".to_owned(),
                begun_at: now,
                seen_at: now,
                proven_at: now,
                powers: powers(person),
            };
            store.begin_sign_in(&sign_in, &Token::from(token.clone()).digest(), EACH as usize).await?;
            cookies.push(("cookie", format!("ilt={token}")));
        }
    }
    Ok(cookies)
}

async fn keys(store: &SqlStore, people: &[Person]) -> anyhow::Result<Vec<Shown>> {
    let (mut keys, now) = (Vec::new(), SystemClock.now());
    for _ in 0..EACH {
        for person in people {
            let id = KeyId(SystemIds.next());
            let (text, digest) = kept::new(id).map_err(|problem| anyhow::anyhow!("{}", problem.code()))?;
            let key = ApiKey {
                id,
                owner: person.id,
                name: "bench".to_owned(),
                scopes: vec!["people".to_owned()],
                made_by: person.id,
                made_at: now,
                ends_at: ilt_core::access::key_ends(now, 1),
                used_at: Some(now),
            };
            ensure!(store.keep_key(&key, &digest, EACH as usize).await?, "a key is kept");
            store.key_used(id, now).await?;
            keys.push(("authorization", format!("Bearer {text}")));
        }
    }
    Ok(keys)
}

/// Asks who they are with each of these, one after the other: microseconds, the median.
async fn ask(router: &Router, shown: &[Shown]) -> anyhow::Result<f64> {
    let mut times = Vec::with_capacity(shown.len());
    for (name, value) in shown {
        let request = Request::get("/v1/me/preferences").header(*name, value).body(Body::empty())?;
        let begun = now();
        let answer = router.clone().oneshot(request).await?;
        times.push(begun.elapsed());
        ensure!(answer.status() == 200, "answered {}", answer.status());
    }
    times.sort_unstable();
    Ok(micros(times[times.len() / 2]))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn now() -> Instant {
    Instant::now()
}
