//! Every recorded exchange, read by our types: what matters in it is in what is returned, and a refusal is understood.
//!
//! The table says which call each recording is. A recording that is in no row fails, so whoever records more says what it is.

mod calls;
mod table;

use std::path::{Path, PathBuf};

use ilt_calcom::Kind;

use crate::support::{self, answering, recordings};

/// What reading a recording came to.
pub enum Came {
    /// Read, and nothing of it lost.
    Read,
    /// A refusal that was understood so.
    Refused(Kind),
}

async fn replay(folder: &Path) {
    let all = recordings(folder);
    assert!(!all.is_empty(), "{} has no recordings", folder.display());
    let mut wrong = Vec::new();
    for recorded in all {
        let number = recorded.number;
        let Some(call) = table::call(number) else {
            wrong.push(format!("{number:03}: in no row of the table"));
            continue;
        };
        let server = answering(recorded.template()).await;
        let account =
            support::account(&server.uri(), ilt_calcom::Limits { tries: 1, ..support::impatient() });
        let came = calls::make(&account, call, &recorded).await;
        let is_right = match (&came, table::refusal(number)) {
            (Ok(Came::Read), None) => true,
            (Ok(Came::Refused(kind)), Some(expected)) => *kind == expected,
            _ => false,
        };
        if !is_right {
            let came = match came {
                Ok(Came::Read) => "it was read".to_owned(),
                Ok(Came::Refused(kind)) => format!("it was refused: {kind:?}"),
                Err(lost) => lost,
            };
            wrong.push(format!("{number:03} ({call:?}), expected {:?}: {came}", table::refusal(number)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_the_tests_bring_along_is_read() {
    replay(&support::folder()).await;
}

/// The full set, where somebody has it.
#[tokio::test]
async fn the_full_set_is_read() {
    if let Some(folder) = std::env::var_os("ILT_TEST_CALCOM_RECORDINGS") {
        replay(&PathBuf::from(folder)).await;
    }
}
