//! `plugins`: dealers' own rules, for those who write them and for those who use them.

mod anew;
mod bench;
mod build;
mod component;
mod figures;
mod language;
mod manage;
mod new;
mod rehearse;
mod shelf;
mod test;
mod toolchain;

use clap::{Args as ClapArgs, Subcommand};
use ilt_core::plugin::Act;
use ilt_engine::config::Config;

use super::say;

/// Dealers' own rules: write them, see what they would have changed, and say for whom they count.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "From nothing to a plugin (docs/plugins-guide.md):\n  ilt-host plugins new close-to-home     a folder with a plugin that works, to change\n  ilt-host plugins build close-to-home   compile it, and see whether a host would take it\n  ilt-host plugins test close-to-home    ask it what its golden files ask\n  ilt-host plugins bench close-to-home   what an answer costs, beside what a host allows\n\nFrom a plugin to its use (docs/plugins.md): add, rehearse, activate; roll-back and switch-off take it back,\nand ask-anew moves those who wait already."
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a folder with a plugin that works, to change.
    New(new::Args),
    /// Compile a plugin to a component, and see whether a host would take it.
    Build(build::Args),
    /// Ask a plugin what its golden files ask, and compare the answers.
    Test(test::Args),
    /// See what an answer of a plugin costs, beside what a host allows.
    Bench(bench::Args),
    /// See what a plugin would have changed, had it been used: what happened is asked again, and nothing is written.
    Rehearse(rehearse::Args),
    /// Take a component, and use it for somebody's learners; off at first.
    Add(manage::Add),
    /// Give a plugin another component, other settings or another place.
    Change(manage::Revise),
    /// Have an edition of a plugin count from now on.
    Activate(manage::Activate),
    /// Have what counted before count again.
    RollBack(manage::Switch),
    /// Have nothing of a plugin count any more.
    SwitchOff(manage::Switch),
    /// Ask the rules that count now about those who wait already, after a change.
    AskAnew(anew::Args),
    /// Use a plugin no more; it must be off.
    Remove(manage::Which),
    /// Which plugins are used, for whom, in their order.
    List(manage::List),
    /// What was done to a plugin, by whom and why.
    History(manage::Which),
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    match args.what {
        What::New(args) => new::run(&args),
        What::Build(args) => build::run(&args, config),
        What::Test(args) => test::run(&args, config),
        What::Bench(args) => bench::run(&args, config),
        What::Rehearse(args) => rehearse::run(args, config).await,
        What::Add(args) => manage::add(args, config).await,
        What::Change(args) => manage::revise(args, config).await,
        What::Activate(args) => manage::activate(args, config).await,
        What::RollBack(args) => manage::switch(args, Act::RollBack, config).await,
        What::SwitchOff(args) => manage::switch(args, Act::SwitchOff, config).await,
        What::AskAnew(args) => anew::run(args, config).await,
        What::Remove(args) => manage::remove(args, config).await,
        What::List(args) => manage::list(args, config).await,
        What::History(args) => manage::history(args, config).await,
    }
}
