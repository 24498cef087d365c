//! `migrate`: the schema, up to date.

use clap::Args as ClapArgs;

use super::say;
use ilt_engine::config::Config;
use ilt_engine::open;

#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Only say what would be applied, and what of it cannot be undone.
    #[arg(long, alias = "dry-run")]
    plan: bool,
}

pub async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let store = open::store(config).await?;
    let pending = store.pending().await?;
    if pending.is_empty() {
        say("the schema is up to date");
    }
    // An empty database has nothing to lose.
    let keeps_something = pending.first().is_none_or(|first| first.version > 1);
    let backup = pending.iter().any(|one| keeps_something && one.for_good.is_some());
    for one in &pending {
        say(format!("to apply: {one}"));
    }
    if backup {
        say("a backup is the only way back: have one before this is applied");
    }
    if !args.plan {
        for one in store.migrate().await?.applied {
            say(format!("applied {} {}", one.version, one.name));
        }
    }
    Ok(())
}
