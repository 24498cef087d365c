//! `calcom`: whose calendars are kept, and whether they show what they are to show.

mod link;
mod reconcile;

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::{Args as ClapArgs, Subcommand};
use ilt_core::catalog::Role;
use ilt_core::desk::Ask;
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::Reads as _;
use ilt_engine::calendars::{Keeper, Reception};
use ilt_engine::config::Config;
use ilt_engine::open;
use ilt_store::SqlStore;
use indicatif::{ProgressBar, ProgressStyle};

/// Sessions and seats, shown in a Cal.com of your own as they are here.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host calcom link-instructor ina@dealer.example < key    link an instructor by the key of her user there\n  ilt-host calcom check                                       what is in the way of each calendar that is linked\n  ilt-host calcom reconcile --dry-run                         what differs, and what would be done about it\n  ilt-host calcom reconcile --session 018f3c6e-7a10-7cc2-9d2e-3f6f0c1b2a4d"
)]
pub struct Args {
    /// Print JSON, one object on a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Look at every calendar that is linked: can it be written to, and is it the same user's?
    Check,
    /// Link an instructor's calendar by the key of the user there, which is read from the input or a file, and kept sealed.
    LinkInstructor {
        /// The instructor: id, or mail address.
        instructor: String,
        /// A file with nothing but the key.
        #[arg(long, value_name = "FILE")]
        key_file: Option<std::path::PathBuf>,
    },
    /// Forget an instructor's key, and where things are in that calendar; they stay there.
    Unlink {
        /// The instructor: id, or mail address.
        instructor: String,
    },
    /// Compare sessions to come with what calendars show, repair what is ours to repair, and decide on what people booked there by
    /// themselves. A host that serves does so by itself.
    Reconcile {
        /// Only say what would be done, and whom the desk would be asked to register.
        #[arg(long)]
        dry_run: bool,
        /// This session only.
        #[arg(long, value_name = "ID")]
        session: Option<SessionId>,
    },
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    const NONE: &str = "no Cal.com is configured: set calcom.url and calcom.secret";
    config.calcom()?.context(NONE)?;
    let store = Arc::new(open::migrated_store(config).await?);
    let (keeper, linking, _) = open::calcom(config, &store)?.context(NONE)?;
    let json = args.json;
    match args.what {
        What::Check => link::check(&linking, json).await,
        What::LinkInstructor { instructor, key_file } => {
            let instructor = person(&store, &instructor).await?;
            link::link(&linking, instructor, key_file.as_deref(), json).await
        }
        What::Unlink { instructor } => link::unlink(&linking, person(&store, &instructor).await?, json).await,
        What::Reconcile { dry_run: true, session } => {
            reconcile::rehearse(&store, &keeper, session, json).await
        }
        What::Reconcile { dry_run: false, session } => {
            let engine = open::plain_engine(config, (*store).clone()).await?;
            let keeper = Keeper { reception: Some(Reception { engine: engine.clone() }), ..keeper };
            let repaired = reconcile::repair(&keeper, session, json).await;
            engine.stop().await;
            repaired
        }
    }
}

/// Who is meant, when that is somebody who teaches.
async fn person(store: &SqlStore, said: &str) -> anyhow::Result<PersonId> {
    let id = match said.parse::<PersonId>() {
        Ok(id) => id,
        Err(_) if said.contains('@') => {
            let found = store.by_mail(&said.trim().to_lowercase()).await?;
            found.context("nobody has this mail address")?
        }
        Err(error) => bail!(error),
    };
    let world = store.look(&Ask { named: [id].into(), ..Ask::default() }).await?;
    let known = world.people.get(&id).with_context(|| format!("there is no person {id}"))?;
    ensure!(known.is(Role::Instructor), "person {id} is no instructor");
    Ok(id)
}

/// A bar on a terminal, nothing elsewhere, and nothing beside JSON.
fn bar(length: u64, json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} {eta} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
