//! `config`: what is set, and where it comes from.

use clap::{Args as ClapArgs, Subcommand};
use figment::Figment;
use figment::value::Value;

use super::say;
use ilt_engine::config::{Config, DEFAULT, NLJ_DEFAULT};

#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum What {
    /// Every setting as it is, and where it comes from; secrets are left out.
    Print,
    /// The default file, with the meaning of every setting: a beginning for your own.
    Default,
    /// What is set otherwise with `statements.dialect = "nlj"`, for readers that the NLJ platform has already.
    Nlj,
}

/// Whether a value is nobody's business: every secret, addresses of databases and whatever else has somebody's name in front of the host or a
/// question behind it, and what goes to Kafka's client.
fn is_secret(key: &str, value: &Value) -> bool {
    let may_hold_a_password = |text: &str| text.contains("://") && text.contains(['@', '?']);
    key.ends_with(".secret")
        || matches!(key, "store.url" | "evidence.database" | "kafka.client")
        || value.as_str().is_some_and(may_hold_a_password)
}

pub fn run(args: &Args, layers: &Figment) -> anyhow::Result<()> {
    match args.what {
        What::Default => say(DEFAULT.trim_end()),
        What::Nlj => say(NLJ_DEFAULT.trim_end()),
        What::Print => {
            Config::of(layers)?;
            let all: Value = layers.extract()?;
            for (section, values) in all.as_dict().into_iter().flatten() {
                say(format!("[{section}]"));
                for (name, value) in values.as_dict().into_iter().flatten() {
                    let key = format!("{section}.{name}");
                    let source = layers.find_metadata(&key).map_or("", |metadata| &metadata.name);
                    let source = if source.starts_with("TOML source string") { "default" } else { source };
                    say(format!("{name} = {:<40} # {source}", shown(&key, value)));
                }
            }
        }
    }
    Ok(())
}

fn shown(key: &str, value: &Value) -> String {
    let is_empty = value.as_dict().is_some_and(std::collections::BTreeMap::is_empty);
    let is_set = value.as_str().map_or(!is_empty, |text| !text.is_empty() && !text.starts_with("sqlite:"));
    if is_secret(key, value) && is_set {
        return "\"***\"".to_owned();
    }
    serde_json::to_string(value).unwrap_or_default()
}
