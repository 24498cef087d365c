//! `demo`: the whole product on one SQLite file.

use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args as ClapArgs;
use ilt_core::ids::PersonId;
use indicatif::{ProgressBar, ProgressStyle};
use metrics_exporter_prometheus::PrometheusBuilder;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::SecretString;

use super::say;
use super::serve::{listen, serve};
use crate::demo::{Story, check, fill, is_full, keep, kept, use_samples};
use crate::http::access::auth::Auth;
use crate::http::connect::Door;
#[cfg(feature = "dev-login")]
use crate::http::sign_in::ways::Ways;
use crate::http::{App, EventDocuments};
use crate::shutdown::StopSignals;
use ilt_engine::config::Config;
use ilt_engine::config::{Expected, Keys};
use ilt_engine::open::{self, Running};
use ilt_engine::system::SystemClock;
use ilt_example_data::Cast;
use ilt_store::SqlStore;

/// Serves a realistic network on one SQLite file: dealers, centres, courses, 20,000 learners, sessions that are full and
/// sessions that are not. Prints where to look, tokens, and a story to try.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host demo\n  ilt-host demo --fresh --scale 0.1     a small one, ready at once\n  ilt-host demo --check                 plays the story itself, and ends"
)]
pub struct Args {
    /// Where the demo is kept.
    #[arg(long, default_value = "ilt-demo", value_name = "FOLDER")]
    dir: PathBuf,
    /// Where to listen, when not where the configuration says.
    #[arg(long)]
    port: Option<u16>,
    /// Begin anew.
    #[arg(long)]
    fresh: bool,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 1 is 120 dealers, 20,000 learners and 600 sessions to come.
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// Play the story, say whether it is true, and end.
    #[arg(long)]
    check: bool,
}

/// So large a network, and no larger: it is imagined whole.
const LARGEST: f64 = 20.0;

fn scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok().filter(|scale| (0.01..=LARGEST).contains(scale));
    scale.ok_or_else(|| format!("must be a number from 0.01 to {LARGEST}"))
}

pub async fn run(args: Args, mut config: Config) -> anyhow::Result<()> {
    // It prints tokens, and signs people in who have proven nothing.
    ensure!(
        config.http.address.is_loopback() && config.http.tls()?.is_none(),
        "a demo is for this machine alone: leave http.address on 127.0.0.1, and http.tls to `ilt-host serve`"
    );
    let file = args.dir.join("ilt.db");
    if args.fresh {
        forget(&file)?;
    }
    std::fs::create_dir_all(&args.dir).with_context(|| format!("{} cannot be made", args.dir.display()))?;
    config.store.url = SecretString::from(format!("sqlite:{}", file.display()));
    config.http.port = args.port.unwrap_or(config.http.port);
    // What is compiled once is there when the demo is started again.
    config.plugins.cache = args.dir.join("compiled-plugins");
    // Whoever cannot listen should hear it before a network has been imported.
    let listener = listen(&config).await.context("another program listens there; choose --port")?;
    "journal".clone_into(&mut config.analytics.from);
    let database = open::ready_store(&config).await?;
    let _alone = open::alone(&database);
    let ports = open::ports_on(database.clone());
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    let (cast_file, made_with) = (args.dir.join("cast.json"), (args.seed, args.scale));
    let cast = match kept(&cast_file, args.seed, args.scale) {
        Some(cast) if is_full(&ports, cast).await? => cast,
        _ => {
            let cast = fill(&ports, config.engine(), args.seed, args.scale, &bar).await?;
            bar.set_message("compiling a dealer's own rules, telling and counting what happened");
            told(&config, &database, cast).await?;
            keep(&cast_file, made_with, cast)?;
            bar.finish_and_clear();
            drop(listener);
            return anew();
        }
    };
    bar.finish_and_clear();

    let keys = Keys::Secret(secret(&args.dir.join("token-secret"))?);
    let expected = Expected::by(keys);
    let auth = Auth::new(expected, Arc::new(SystemClock))?;
    let base = format!("http://{}", listener.local_addr()?);
    let story = Story::at(base, cast, &auth)?;
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics cannot be collected")?;
    crate::metrics::describe();
    let running = Running::start(&config, &database).await?;
    let app = App::on(running, auth, config.limits(), Some(metrics));
    let app = app.with_check_in(config.check_in()?).with_events(EventDocuments::of(&config)?);
    #[cfg(feature = "dev-login")]
    let app = app.with_ways(Ways::demo_of(cast.parts().map(|(part, id)| (part, PersonId(id)))));
    let grace = config.http.grace.0;
    let (door, stop) = (Door::new(listener, &app.limits, None), StopSignals::watch());
    if args.check {
        let server = tokio::spawn(serve(door, app.clone(), grace, stop));
        let outcome = check(&story).await;
        app.engine.stop().await;
        app.followers.stop().await;
        server.abort();
        outcome.context("the story is not true")?;
        say("the story is true");
        return Ok(());
    }
    say(&story);
    serve(door, app, grace, stop).await
}

/// Has a dealer use rules of its own, and lets what follows the journal come to its end, so that whoever tries the demo has the machine
/// for themselves.
async fn told(config: &Config, database: &SqlStore, cast: Cast) -> anyhow::Result<()> {
    let running = Running::start(config, database).await?;
    use_samples(&running, PersonId(cast.learner)).await?;
    let mut looks_level = 0;
    for _ in 0..MOST_LOOKS {
        let is_level = running.followers.seen().iter().all(|it| it.behind == Some(0));
        // One of them goes on with what the other has done, and has not looked yet perhaps.
        looks_level = if is_level { looks_level + 1 } else { 0 };
        if looks_level == 5 {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    running.stop().await;
    Ok(())
}

/// How often it is looked how far they are.
const LOOK: Duration = Duration::from_millis(200);
/// After ten minutes they go on while the demo is served.
const MOST_LOOKS: u32 = 3_000;

/// Begins anew as the same program, on what is full now: filling takes five times the memory that serving does, and a program that has had
/// memory seldom gives it back.
fn anew() -> anyhow::Result<()> {
    let words = std::env::args_os().skip(1).filter(|word| word != "--fresh");
    let failed = Process::new(std::env::current_exe()?).args(words).exec();
    Err(failed).context("the demo is full and could not be started: start it once more")
}

fn forget(file: &Path) -> anyhow::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be removed", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The secret that signs the demo's tokens: made once, readable by its owner only.
fn secret(path: &Path) -> anyhow::Result<SecretString> {
    if let Ok(known) = std::fs::read_to_string(path) {
        return Ok(SecretString::from(known.trim().to_owned()));
    }
    let mut bytes = [0_u8; 48];
    OsRng.try_fill_bytes(&mut bytes).context("this machine gives no random bytes")?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path);
    let written = file.as_mut().map(|file| std::io::Write::write_all(file, secret.as_bytes()));
    if !matches!(written, Ok(Ok(()))) {
        anyhow::bail!("{} cannot be written", path.display());
    }
    Ok(SecretString::from(secret))
}
