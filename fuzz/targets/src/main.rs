//! Tries targets without a nightly compiler: see `scripts/fuzz`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use ilt_fuzz::{TARGETS, Target, corpus, run};

/// Tries targets for a while, from a seed.
#[derive(Parser)]
struct Asked {
    /// Only this one.
    #[arg(long)]
    target: Option<String>,
    /// How long each is tried.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Try this file, and nothing else.
    #[arg(long, requires = "target")]
    input: Option<PathBuf>,
    /// Say what targets there are.
    #[arg(long)]
    list: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let asked = Asked::parse();
    let is_asked = |target: &&Target| asked.target.as_ref().is_none_or(|name| name == target.name);
    let targets: Vec<_> = TARGETS.iter().filter(is_asked).collect();
    anyhow::ensure!(!targets.is_empty(), "there is no such target; --list says which there are");
    if asked.list {
        for target in &targets {
            println!("{:<14} {}", target.name, target.reads);
        }
        return Ok(ExitCode::SUCCESS);
    }
    // What does not hold is told once, at the end.
    std::panic::set_hook(Box::new(|_| ()));
    for target in targets {
        let tried = match &asked.input {
            Some(file) => run::known(target, &[std::fs::read(file)?]).map(|()| 1),
            None => for_a_while(target, asked.seed, Duration::from_secs(asked.seconds))?,
        };
        match tried {
            Ok(tried) => eprintln!("{}: {tried} inputs, and everything held", target.name),
            Err(finding) => {
                eprintln!("{finding}");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn for_a_while(target: &Target, seed: u64, length: Duration) -> anyhow::Result<Result<u64, run::Finding>> {
    let known = corpus::of(target)?;
    #[expect(clippy::disallowed_methods, reason = "how long to try is measured, and decides nothing")]
    let begun = Instant::now();
    let in_time = |_| begun.elapsed() < length;
    Ok(run::known(target, &known).and_then(|()| run::neighbours(target, &known, seed, in_time)))
}
