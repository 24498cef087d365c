//! What is known of each target, on the databases: what can be kept in memory cannot be kept everywhere.
//!
//! One host for all of it, so that each input finds what those before it have left.

use ilt_fuzz::host::{Host, staying_on};
use ilt_fuzz::{TARGETS, corpus, run};
use ilt_store::Options;
use ilt_store::testing::{Database, postgres, sqlite};
use tokio::runtime::Builder;

fn holds_on(database: &Database) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let options = Options { careless: true, ..Options::default() };
    let store = runtime.block_on(database.store(options));
    staying_on(Host::on(runtime, store), || {
        for target in &TARGETS {
            let known = corpus::of(target).expect("a folder of inputs");
            if let Err(finding) = known.iter().try_for_each(|input| run::one(target, input)) {
                panic!("{}: {finding}", target.name);
            }
        }
    });
}

#[test]
fn what_is_known_holds_on_sqlite() {
    holds_on(&sqlite());
}

#[test]
fn what_is_known_holds_on_postgres() {
    if let Some(database) = postgres("fuzz") {
        holds_on(&database);
    }
}
