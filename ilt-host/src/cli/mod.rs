//! The command line: `ilt-host --help` is its manual.

#[cfg(feature = "calcom")]
mod calcom;
mod config;
mod demo;
mod doctor;
mod events;
mod health;
mod import;
mod ledgers;
mod migrate;
#[cfg(feature = "plugins")]
mod plugins;
mod serve;
mod token;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use ilt_engine::config::{Config, environment, layers};

/// Registration and scheduling of instructor-led training.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Try `ilt-host demo` first: it needs nothing else.\nSettings: `ilt-host config default` prints all of them with their meaning; a variable such as ILT__HTTP__PORT=8080 sets one."
)]
struct Cli {
    /// The file with your settings; ilt.toml in this folder when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the REST API until told to stop.
    Serve,
    /// Serve a realistic network on one SQLite file, and print where to look.
    Demo(demo::Args),
    /// Bring the database's schema up to date.
    Migrate(migrate::Args),
    /// Import dealers, locations, courses, people, sessions or completions from CSV.
    Import(import::Args),
    /// See what happened as others are told of it, and send it again.
    Events(events::Args),
    /// See whether the seats of every session are those that its people have, and put them right.
    Ledgers(ledgers::Args),
    /// Calendars of instructors in a Cal.com: link them, and see whether they show what is so.
    #[cfg(feature = "calcom")]
    Calcom(calcom::Args),
    /// Dealers' own rules: write them, see what they would have changed, and say for whom they count.
    #[cfg(feature = "plugins")]
    Plugins(Box<plugins::Args>),
    /// Print a token for a person, when the secret is configured.
    Token(token::Args),
    /// Print the configuration.
    Config(config::Args),
    /// Ask the host that runs here whether it lives.
    Health,
    /// Check configuration, database, clock and secrets; say what to do about each.
    Doctor,
}

/// Runs the command line.
///
/// # Errors
/// Whatever the command says; the caller prints it.
pub fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let layers = layers(cli.config.as_deref(), environment())?;
    if let Command::Config(args) = &cli.command {
        return config::run(args, &layers);
    }
    let config = Config::of(&layers)?;
    log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("threads could not be started")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::run(&config).await,
            Command::Demo(args) => demo::run(args, config).await,
            Command::Migrate(args) => migrate::run(&args, &config).await,
            Command::Import(args) => import::run(&args, &config).await,
            Command::Events(args) => events::run(args, &config).await,
            Command::Ledgers(args) => ledgers::run(&args, &config).await,
            #[cfg(feature = "calcom")]
            Command::Calcom(args) => calcom::run(args, &config).await,
            #[cfg(feature = "plugins")]
            Command::Plugins(args) => plugins::run(*args, &config).await,
            Command::Token(args) => token::run(&args, &config).await,
            Command::Health => health::run(&config).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Config(_) => Ok(()),
        }
    })
}

fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter).context("log.filter cannot be read")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A file of logs is read by programs, and colours are noise to them.
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    if config.log.format == "json" {
        builder.json().init();
    } else {
        builder.init();
    }
    Ok(())
}

/// Prints a line for whoever runs the command. The only place of this crate that writes to standard output.
fn say(line: impl std::fmt::Display) {
    // Whoever reads no further, such as `head`, has read enough.
    let _closed = writeln!(std::io::stdout().lock(), "{line}");
}
