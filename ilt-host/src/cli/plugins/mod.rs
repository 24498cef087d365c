//! `plugins`: dealers' own rules.

mod rehearse;

use clap::{Args as ClapArgs, Subcommand};
use ilt_engine::config::Config;

/// Dealers' own rules.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// See what a plugin would have changed, had it been used: what happened is asked again, and nothing is written.
    Rehearse(rehearse::Args),
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    match args.what {
        What::Rehearse(args) => rehearse::run(args, config).await,
    }
}
