//! `ilt-example-data`: writes a network as CSV files.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use ilt_example_data::{Sizes, generate};
use jiff::civil::Date;

/// Writes a realistic dealer network as CSV files for `ilt-host import`. The same seed, day and scale give the same bytes.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example:\n  ilt-example-data --out data --today 2027-01-11 --scale 0.1 && ilt-host import data"
)]
struct Args {
    /// Where to write the files; made when it is missing.
    #[arg(long)]
    out: PathBuf,
    /// The day from which the past is past.
    #[arg(long)]
    today: Date,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 1 is 120 dealers, 20,000 learners and 600 sessions to come.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.out).with_context(|| format!("{} cannot be made", args.out.display()))?;
    for (name, bytes) in generate(Sizes::scaled(args.scale), args.seed, args.today).files()? {
        let path = args.out.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}
