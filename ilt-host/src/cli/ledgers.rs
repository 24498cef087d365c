//! `ledgers`: sessions whose seats differ from their people, and putting them right with an entry in the journal.

use ilt_core::desk::{Command, Order};
use ilt_core::fault::with_causes;
use ilt_core::ids::SessionId;
use ilt_core::journal::Actor;
use ilt_core::ports::Reads as _;

use super::say;
use ilt_engine::batch;
use ilt_engine::config::Config;
use ilt_engine::open;

/// Sessions looked at in one run at most.
const MOST: u32 = 10_000;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing should ever be found: the database holds each ledger to its people. What an older version left behind, \
                        or a hand in the database, is put right with --repair; the journal says so."
)]
pub struct Args {
    /// Make the seats those that the people have. Whoever sits beyond the capacity is counted apart.
    #[arg(long)]
    repair: bool,
}

pub async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let store = open::migrated_store(config).await?;
    let differing = store.differing_ledgers(MOST).await?;
    if differing.is_empty() {
        say("every session's seats are those of its people");
        return Ok(());
    }
    let mut left = 0;
    for session in differing {
        if !args.repair {
            say(format!("{session} differs"));
            left += 1;
        } else if let Err(why) = repair(&open::ports_on(store.clone()), session).await {
            say(format!("{session} stays as it is: {why}"));
            left += 1;
        } else {
            say(format!("{session} is right again"));
        }
    }
    let advice = if args.repair { "see above" } else { "--repair puts them right" };
    anyhow::ensure!(left == 0, "{left} sessions have other seats than their people: {advice}");
    Ok(())
}

async fn repair(ports: &ilt_engine::Ports, session: SessionId) -> Result<(), String> {
    let (actor, command) = (Actor::system("ledgers"), Command::RecountSeats { session });
    let order = Order::new(actor, command, None, ports.ids.next());
    let done = batch::run(ports, &[order]).await.map_err(|trouble| with_causes(&trouble))?;
    match done.answers.into_iter().next() {
        Some(Err(refusal)) => Err(refusal.to_string()),
        _ => Ok(()),
    }
}
