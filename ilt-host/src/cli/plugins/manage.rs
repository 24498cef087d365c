//! `plugins add`, `change`, `activate`, …: for whom a plugin counts. Beside the hosts, on their store: each of them follows within a second.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use ilt_core::catalog::Dealer;
use ilt_core::desk::{Ask, Command, Refusal};
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::plugin::{Act, Change, Plugin, Whose};
use ilt_engine::config::Config;
use ilt_engine::workshop::Workshop;
use ilt_engine::{Engine, Trouble, open, rehearsal};

use crate::cli::say;

/// Takes a component, and uses it for somebody's learners. It is off at first.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  ilt-host plugins add close_to_home.wasm --settings close-to-home.toml --dealer 01890a5d-ac96-774b-bcce-b302099a8057"
)]
pub struct Add {
    /// The component, a file of WebAssembly.
    component: PathBuf,
    /// Its settings, a file of TOML or JSON; none when absent.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// For the learners of this dealer.
    #[arg(long, value_name = "ID")]
    dealer: Option<DealerId>,
    /// For the learners of the dealers of this group.
    #[arg(long, value_name = "NAME", conflicts_with = "dealer")]
    group: Option<String>,
    /// For everybody's learners.
    #[arg(long, conflicts_with_all = ["dealer", "group"], required_unless_present_any = ["dealer", "group"])]
    everybody: bool,
    /// Where it comes among others: the smallest first.
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    place: u32,
}

/// Gives a plugin another component, other settings or another place: a new edition, which counts once it is activated.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = true, id = "other", args = ["component", "settings", "place"])]
pub struct Revise {
    /// Which plugin: see `list`.
    plugin: PluginId,
    /// Another component, a file of WebAssembly.
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Other settings, a file of TOML or JSON.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Where it comes among others: the smallest first.
    #[arg(long, value_name = "NUMBER")]
    place: Option<u32>,
}

/// Has an edition of a plugin count from now on.
#[derive(Debug, ClapArgs)]
pub struct Activate {
    /// Which plugin: see `list`.
    plugin: PluginId,
    /// The number of the edition; the newest when absent.
    #[arg(long, value_name = "NUMBER")]
    edition: Option<u32>,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// A plugin, and why it is to be otherwise.
#[derive(Debug, ClapArgs)]
pub struct Switch {
    /// Which plugin: see `list`.
    plugin: PluginId,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// A plugin.
#[derive(Debug, ClapArgs)]
pub struct Which {
    /// Which plugin: see `list`.
    plugin: PluginId,
}

/// How plugins are listed.
#[derive(Debug, ClapArgs)]
pub struct List {
    /// How they are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// An engine for one command, with what takes and tries plugins.
pub struct Beside {
    pub engine: Engine,
    pub workshop: Arc<dyn Workshop>,
}

impl Beside {
    /// On the store that is configured.
    pub async fn the_hosts(config: &Config) -> anyhow::Result<Self> {
        let (engine, workshop) = open::beside(config, open::migrated_store(config).await?).await?;
        Ok(Self { engine, workshop })
    }

    /// A plugin as the store has it.
    pub async fn plugin(&self, id: PluginId) -> anyhow::Result<Plugin> {
        let world = self.engine.ports().reads.look(&Ask::default()).await?;
        let missing = || format!("there is no plugin {id}: `ilt-host plugins list` has those there are");
        world.plugins.get(&id).cloned().with_context(missing)
    }

    async fn upload(&self, component: &PathBuf) -> anyhow::Result<String> {
        let bytes = std::fs::read(component).with_context(|| component.display().to_string())?;
        let said = self.workshop.take(bytes, actor()).await.map_err(in_words)?;
        Ok(said.by.digest)
    }

    async fn change(&self, plugin: PluginId, act: Act, reason: Option<String>) -> anyhow::Result<()> {
        let change = Change { plugin, act, reason, version: None };
        let id = self.engine.ports().ids.next();
        let command = Command::ChangePlugin(Box::new(change));
        self.engine.ask(actor(), command, None, id).await.map_err(in_words)?;
        Ok(())
    }
}

/// Every field that is wrong, in its words.
pub fn in_words(trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::Refused(Refusal::InvalidRequest { fields }) => {
            let said = fields.iter().map(|it| match it.pointer.trim_start_matches('/') {
                "" | "id" => it.detail.clone(),
                pointer => format!("{pointer} {}", it.detail),
            });
            anyhow::anyhow!(said.collect::<Vec<_>>().join("; "))
        }
        other => other.into(),
    }
}

fn actor() -> Actor {
    Actor::system("command-line")
}

/// Takes a component, and uses it.
pub async fn add(args: Add, config: &Config) -> anyhow::Result<()> {
    let whose = match (args.dealer, args.group) {
        (Some(dealer), _) => Whose::Dealer(dealer),
        (None, Some(group)) => Whose::DealerGroup(group),
        (None, None) => Whose::Everybody,
    };
    let beside = Beside::the_hosts(config).await?;
    let settings = rehearsal::settings(args.settings.as_deref())?.to_string();
    let digest = beside.upload(&args.component).await?;
    let by = beside.workshop.try_settings(&digest, &settings).await.map_err(in_words)?;
    let (id, name) = (PluginId(beside.engine.ports().ids.next()), by.plugin.clone());
    beside.change(id, Act::Add { whose, place: args.place, by, settings }, None).await?;
    say(format!("{id}  {name}, off: see what it would have changed, then switch it on"));
    say(format!("  ilt-host plugins rehearse --plugin {id}"));
    say(format!("  ilt-host plugins activate {id} --reason \"…\""));
    beside.engine.stop().await;
    Ok(())
}

/// Gives a plugin a new edition, or another place.
pub async fn revise(args: Revise, config: &Config) -> anyhow::Result<()> {
    let beside = Beside::the_hosts(config).await?;
    let known = beside.plugin(args.plugin).await?;
    let newest = known.newest().context("this plugin has no edition")?;
    let digest = match &args.component {
        Some(component) => beside.upload(component).await?,
        None => newest.by.digest.clone(),
    };
    let settings = match &args.settings {
        Some(_) => rehearsal::settings(args.settings.as_deref())?.to_string(),
        None => newest.settings.clone(),
    };
    let by = beside.workshop.try_settings(&digest, &settings).await.map_err(in_words)?;
    let act = Act::Revise { by: Some(by), settings: Some(settings), place: args.place };
    finish(beside, args.plugin, act, None).await
}

/// Has an edition count.
pub async fn activate(args: Activate, config: &Config) -> anyhow::Result<()> {
    let beside = Beside::the_hosts(config).await?;
    finish(beside, args.plugin, Act::Activate { edition: args.edition }, Some(args.reason)).await
}

/// Rolls back, or switches off.
pub async fn switch(args: Switch, act: Act, config: &Config) -> anyhow::Result<()> {
    finish(Beside::the_hosts(config).await?, args.plugin, act, Some(args.reason)).await
}

/// Uses a plugin no more.
pub async fn remove(args: Which, config: &Config) -> anyhow::Result<()> {
    let beside = Beside::the_hosts(config).await?;
    beside.change(args.plugin, Act::Remove, None).await?;
    say(format!("{} is used no more", args.plugin));
    beside.engine.stop().await;
    Ok(())
}

async fn finish(beside: Beside, id: PluginId, act: Act, reason: Option<String>) -> anyhow::Result<()> {
    beside.change(id, act, reason).await?;
    say(line(&beside.plugin(id).await?, beside.engine.catalogue().dealers()));
    beside.engine.stop().await;
    Ok(())
}

/// Plugins in the order in which they are asked.
pub async fn list(args: List, config: &Config) -> anyhow::Result<()> {
    let store = open::migrated_store(config).await?;
    let world = ilt_core::ports::Reads::look(&store, &Ask::default()).await?;
    let mut plugins: Vec<_> = world.plugins.values().collect();
    plugins.sort_by_key(|plugin| plugin.turn());
    if args.format == Format::Json {
        say(serde_json::to_string_pretty(&plugins)?);
        return Ok(());
    }
    if plugins.is_empty() {
        say("no plugin is used: `ilt-host plugins add` takes one");
    }
    for plugin in plugins {
        say(line(plugin, &world.dealers));
    }
    Ok(())
}

/// What was done to a plugin, the latest first.
pub async fn history(args: Which, config: &Config) -> anyhow::Result<()> {
    let store = open::migrated_store(config).await?;
    let steps = ilt_core::ports::Components::history(&store, args.plugin, 200).await?;
    ensure!(!steps.is_empty(), "nothing was ever done to a plugin {}", args.plugin);
    for step in &steps {
        say(told(step));
    }
    Ok(())
}

fn told(step: &Entry) -> String {
    let Event::PluginChanged { did, plugin } = &step.event else { return String::new() };
    let counts = plugin.active.map_or_else(|| "off".to_owned(), |number| format!("edition {number} counts"));
    let why = step.reason.as_deref().unwrap_or("");
    let word = did.word().trim_start_matches("plugin.");
    format!("{:.0}  {word:13} {counts:17} {}  {why}", step.at, step.actor)
}

fn line(plugin: &Plugin, dealers: &BTreeMap<DealerId, Dealer>) -> String {
    let name = plugin.newest().map_or("", |edition| &edition.by.plugin);
    let whose = match &plugin.whose {
        Whose::Everybody => "everybody's learners".to_owned(),
        Whose::DealerGroup(group) => format!("the dealers of {group}"),
        Whose::Dealer(id) => dealers.get(id).map_or_else(|| id.to_string(), |dealer| dealer.name.clone()),
    };
    let stands = match plugin.active() {
        Some(edition) => format!("edition {} ({}) counts", edition.number, edition.by.version),
        None => "off".to_owned(),
    };
    let newest = plugin.newest().map_or(0, |edition| edition.number);
    format!("{}  {:>4}  {name}, for {whose}: {stands}, of {newest}", plugin.id, plugin.place)
}
