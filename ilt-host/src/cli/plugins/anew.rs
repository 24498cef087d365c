//! `plugins ask-anew`: those who wait already, where the rules want them now.

use anyhow::ensure;
use clap::Args as ClapArgs;
use ilt_core::ids::PluginId;
use ilt_engine::config::Config;
use indicatif::{ProgressBar, ProgressStyle};

use super::manage::{Beside, in_words};
use crate::cli::say;

/// Asks the rules that count now about each learner for whom a plugin speaks and who waits already. Whoever was put in front by a
/// person stays there, and so do people who wait together. Asking twice changes nothing.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Which plugin: see `list`.
    plugin: PluginId,
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let beside = Beside::the_hosts(config).await?;
    let plugin = beside.plugin(args.plugin).await?;
    beside.workshop.caught_up().await;
    let style = ProgressStyle::with_template("{spinner} {pos} of those who wait were asked about, {elapsed}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let (mut moved, mut unanswered, mut after) = (0, 0, None);
    loop {
        let id = beside.engine.ports().ids.next();
        let anew = beside.engine.ask_anew(&plugin.whose, after, id).await.map_err(in_words)?;
        bar.inc(anew.asked as u64);
        moved += anew.moved;
        unanswered += anew.unanswered;
        if anew.next.is_none() {
            break;
        }
        after = anew.next;
    }
    bar.finish_and_clear();
    say(format!("{} of those who wait were asked about, {moved} come earlier or later now", bar.position()));
    beside.engine.stop().await;
    ensure!(unanswered == 0, "{unanswered} stay where they are, since a rule gave no answer about them");
    Ok(())
}
