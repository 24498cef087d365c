//! `simulate`: plays histories, and tells the smallest that is broken.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::Parser;
use ilt_simulation::check::{Promise, Promises};
use ilt_simulation::play::Town;
use ilt_simulation::run::{Plan, Played, run};
use ilt_simulation::shrink::shrink;
use mimalloc::MiMalloc;

/// Worlds are copied all the time; with the allocator of the system an eighth fewer histories are played.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Plays histories of several hosts on one database, and looks after every commit whether all that is promised holds.
#[derive(Parser)]
#[command(name = "simulate")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
struct Arguments {
    /// Histories to play
    #[arg(long, default_value_t = 10_000)]
    histories: u64,
    /// The seed of the first; the others follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads
    #[arg(long, default_value_t = 2)]
    jobs: u64,
    /// Look after these promises only, by their words
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Do not look after these
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// Tell the broken history as it is, without looking for a smaller one
    #[arg(long)]
    whole: bool,
    /// Go on when a history is broken, and say how many broke each promise
    #[arg(long)]
    count: bool,
    /// Plant known bugs one after the other, and say after how many histories each is found
    #[arg(long)]
    controls: bool,
    /// Say how often each kind of request was asked, and how often the answer was yes
    #[arg(long)]
    kinds: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let promises = promises(&arguments)?;
    if arguments.controls {
        return controls(arguments.seed, promises);
    }
    let Arguments { histories, seed, jobs, .. } = arguments;
    // A panic of a host is found, and told with its history.
    std::panic::set_hook(Box::new(|_| {}));
    let played = with_progress(Plan { seed, histories, jobs, promises, counts: arguments.count })?;
    if arguments.kinds {
        for (kind, (asked, yes)) in &played.asked {
            println!("{:>20} {asked:>9} asked {yes:>9} yes", kind.word());
        }
    }
    if arguments.count {
        for (promise, count) in &played.breaks {
            println!("{count:>9} broke {}", promise.word());
        }
    }
    let Some((script, broken)) = played.broken else {
        println!("all is well");
        return Ok(());
    };
    println!("seed {}: {} is broken: {}", script.seed, broken.promise.word(), broken.how);
    println!("({})\n", broken.promise.says().trim());
    let town = Town::found()?;
    let (script, outcome) = if arguments.whole {
        let outcome = ilt_simulation::play::play(&town, &script, promises, true);
        (script, outcome)
    } else {
        shrink(&town, &script, &broken)
    };
    println!("what is left of it: {} acts, {} hosts\n", script.turns.len(), script.hosts);
    for line in &outcome.told {
        println!("{line}");
    }
    let broken = outcome.broken.unwrap_or(broken);
    println!("\nbroken: {}: {}", broken.promise.word(), broken.how);
    std::process::exit(1);
}

#[cfg(feature = "planted")]
fn controls(seed: u64, promises: Promises) -> anyhow::Result<()> {
    use ilt_core::planted::Bug;

    println!("{:<52} {:>7} {:>7}  what it broke", "planted", "within", "found");
    let mut missed = 0;
    for bug in Bug::ALL {
        let control = ilt_simulation::controls::control(bug, seed, promises)?;
        let (found, what) = match &control.found {
            Some((number, broken)) => {
                (number.to_string(), format!("{}: {}", broken.promise.word(), broken.how))
            }
            None => ("never".to_owned(), "nothing".to_owned()),
        };
        missed += u32::from(control.found.is_none());
        println!("{:<52} {:>7} {found:>7}  {what:.120}", bug.says(), control.within);
    }
    anyhow::ensure!(missed == 0, "{missed} of the controls were not found");
    Ok(())
}

#[cfg(not(feature = "planted"))]
fn controls(_: u64, _: Promises) -> anyhow::Result<()> {
    anyhow::bail!("bugs can be planted with the feature `planted` only")
}

fn promises(arguments: &Arguments) -> anyhow::Result<Promises> {
    let promise = |word: &String| {
        let known = Promise::ALL.iter().find(|it| it.word() == word);
        known.copied().ok_or_else(|| {
            let words: Vec<_> = Promise::ALL.iter().map(|it| it.word()).collect();
            anyhow::anyhow!("there is no promise {word}; there are {}", words.join(", "))
        })
    };
    let mut chosen = if arguments.only.is_empty() { Promises::ALL } else { Promises::NONE };
    for word in &arguments.only {
        chosen = chosen.and(promise(word)?);
    }
    for word in &arguments.without {
        chosen = chosen.without(promise(word)?);
    }
    Ok(chosen)
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch, and nothing that decides looks at it")]
fn with_progress(plan: Plan) -> anyhow::Result<Played> {
    let (done, begun) = (AtomicU64::new(0), std::time::Instant::now());
    let is_over = AtomicU64::new(0);
    let played = std::thread::scope(|scope| {
        scope.spawn(|| {
            let every = if std::io::stderr().is_terminal() { 1 } else { 10 };
            let mut seconds = 0_u64;
            while is_over.load(Ordering::Relaxed) == 0 {
                std::thread::sleep(Duration::from_millis(100));
                seconds += 1;
                if seconds.is_multiple_of(every * 10) {
                    report(done.load(Ordering::Relaxed), plan.histories, begun.elapsed());
                }
            }
        });
        let played = run(plan, &done, &|| {});
        is_over.store(1, Ordering::Relaxed);
        played
    })?;
    report(played.histories, plan.histories, begun.elapsed());
    let per = |sum: u64| sum / played.histories.max(1);
    eprintln!("{} commits and {} steps in a history", per(played.commits), per(played.steps));
    Ok(played)
}

#[expect(clippy::cast_precision_loss, reason = "a rate to be read by people")]
fn report(done: u64, of: u64, time: Duration) {
    let rate = done as f64 / time.as_secs_f64().max(0.001);
    eprintln!("{done} of {of} histories, {rate:.0} a second");
}
