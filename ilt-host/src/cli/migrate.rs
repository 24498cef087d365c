//! `migrate`: the schema, up to date.

use clap::Args as ClapArgs;

use super::say;
use ilt_engine::config::Config;
use ilt_engine::open;

#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Only say what would be applied.
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let store = open::store(config).await?;
    let (applied, word) = if args.dry_run {
        (store.pending().await?, "would apply")
    } else {
        (store.migrate().await?.applied, "applied")
    };
    for one in &applied {
        say(format!("{word} {} {}", one.version, one.name));
    }
    if applied.is_empty() {
        say("the schema is up to date");
    }
    Ok(())
}
