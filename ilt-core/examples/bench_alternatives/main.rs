//! How long the top three take over a hundred thousand open sessions. `bench/alternatives` runs it, beside PostgreSQL.

mod dice;
mod export;
mod learners;
mod network;

use std::path::Path;
use std::time::{Duration, Instant};

use dice::Dice;
use ilt_core::ids::EventId;
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::opinion::Adjusted;
use ilt_core::ranking::{Catalogue, Near, Query, Sort, Weights, alternatives, search};
use learners::{Request, requests};
use network::{Size, network, now, place};

fn main() -> std::io::Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: usize| {
        let at = options.iter().position(|option| option == name);
        at.and_then(|at| options.get(at + 1)).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let size = Size {
        sessions: number("--sessions", 100_000),
        locations: number("--locations", 200),
        courses: number("--courses", 400),
    };
    let mut dice = Dice::new(u64::try_from(number("--seed", 1)).unwrap_or(1));
    let world = network(size, &mut dice);
    let requests = requests(&world, number("--requests", 20_000), &mut dice);
    let (mut catalogue, loading) = timed(|| Catalogue::new(&world));
    println!(
        "{} open sessions, {} locations, {} courses; loaded in {} ms",
        catalogue.len(),
        size.locations,
        size.courses,
        loading.as_millis()
    );
    top_three(&catalogue, &requests);
    following(&mut catalogue, &requests);
    searching(&catalogue, &mut dice);
    if let Some(at) = options.iter().position(|option| option == "--write") {
        export::write(Path::new(&options[at + 1]), &world, &catalogue, &requests)?;
    }
    Ok(())
}

/// What is measured: the rules asked, three ranked, every sentence written.
fn top_three(catalogue: &Catalogue, requests: &[Request]) {
    let ask = |request: &Request| {
        let wanted = catalogue.session(request.wanted).expect("the wanted session is there");
        request.ask(|learner| {
            alternatives(catalogue, learner, wanted, Weights::default(), &Adjusted::new(), now()).len()
        })
    };
    let (mut offered, mut times) = ([0; 4], Vec::with_capacity(requests.len()));
    for request in requests.iter().take(500) {
        std::hint::black_box(ask(request));
    }
    for request in requests {
        let (found, took) = timed(|| ask(request));
        offered[found] += 1;
        times.push(took);
    }
    println!("offered 0/1/2/3 alternatives: {offered:?}");
    report("top three with reasons", &mut times);
}

fn following(catalogue: &mut Catalogue, requests: &[Request]) {
    let mut times = Vec::new();
    for (request, number) in requests.iter().zip(1..) {
        let seats = catalogue.session(request.wanted).map(|session| session.seats);
        let entry = Entry {
            sequence: number,
            id: EventId(uuid::Uuid::nil()),
            at: now(),
            actor: Actor::Person(request.person),
            session: Some(request.wanted),
            learner: Some(request.person),
            registration: None,
            reason: None,
            correlation: uuid::Uuid::nil(),
            event: Event::Waitlisted { automatic: false, gives_back: None, group: None },
            seats,
        };
        times.push(timed(|| catalogue.apply(&entry)).1);
    }
    report("follow one registration", &mut times);
}

fn searching(catalogue: &Catalogue, dice: &mut Dice) {
    let page = Query { limit: 50, ..Query::everything() };
    let near = |dice: &mut Dice, radius_km| Some(Near { place: place(dice).0, radius_km });
    let mut run = |name: &str, query: &mut dyn FnMut(&mut Dice) -> Query<'static>| {
        let mut times: Vec<_> =
            (0..300).map(|_| timed(|| search(catalogue, &query(dice), now()).len()).1).collect();
        report(name, &mut times);
    };
    run("search: first page", &mut |_| Query { ..page });
    run("search: two words, open seats", &mut |_| Query {
        text: Some("batt town"),
        open_seats: true,
        ..page
    });
    run("search: a word nobody uses", &mut |_| Query { text: Some("zebra"), ..page });
    run("search: within 50 km", &mut |dice| Query { near: near(dice, Some(50.0)), ..page });
    run("search: nearest first", &mut |dice| Query {
        near: near(dice, None),
        sort: Sort::Distance(None),
        ..page
    });
}

/// Percentiles, in microseconds.
fn report(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |permille: usize| times[(times.len() * permille / 1_000).min(times.len() - 1)].as_micros();
    let max = times[times.len() - 1].as_micros();
    println!("{name}: n={} p50={} p99={} p99.9={} max={max} us", times.len(), at(500), at(990), at(999));
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = std::hint::black_box(work());
    (done, start.elapsed())
}
