//! `token`: a token for a person.

use anyhow::Context as _;
use clap::Args as ClapArgs;
use ilt_core::ids::PersonId;
use ilt_core::ports::Reads as _;
use jiff::SignedDuration;

use super::say;
use crate::http::access::auth::{Auth, LONGEST_HOURS};
use ilt_engine::config::Config;
use ilt_engine::open;
use ilt_engine::system::SystemClock;

#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Whose: a person's id or mail address.
    #[arg(long, value_name = "ID OR MAIL")]
    person: String,
    /// How long it is valid; no token is taken that is valid for longer than a day.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(i64).range(1..=LONGEST_HOURS))]
    hours: i64,
}

pub async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let auth = Auth::new(config.auth()?, std::sync::Arc::new(SystemClock))?;
    let person = match args.person.parse::<PersonId>() {
        Ok(id) => id,
        Err(_) => by_mail(&args.person, config).await?,
    };
    let token = auth.mint(person, SignedDuration::from_hours(args.hours));
    let token = token.context("tokens are signed elsewhere (auth.jwks_url), so none can be made here")?;
    say(token);
    Ok(())
}

async fn by_mail(mail: &str, config: &Config) -> anyhow::Result<PersonId> {
    let found = open::store(config).await?.by_mail(&mail.to_lowercase()).await?;
    found.context("nobody has this mail address; see `ilt-host import --help` for bringing people in")
}
