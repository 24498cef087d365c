//! What can be said wrong of notices.

use ilt_plugin::noticing::Question;
use ilt_plugin::{Advice, Change, Notices, Pace, Role, Rules};

use crate::{Settings, Trouble, misbehaved, unknown};

fn all(changes: impl IntoIterator<Item = Change>, reason: &str) -> Vec<Advice> {
    changes.into_iter().map(|change| Advice { change, reason: reason.to_owned() }).collect()
}

impl Notices for Trouble {
    type Settings = Settings;
    const NAME: &str = <Self as Rules>::NAME;
    const VERSION: &str = <Self as Rules>::VERSION;
    const SUMMARY: &str = <Self as Rules>::SUMMARY;
    const SETTINGS: &str = <Self as Rules>::SETTINGS;

    fn advise(question: &Question, settings: &Settings) -> Result<Vec<Advice>, String> {
        let what = settings.what.as_str();
        if misbehaved(what)? {
            return Ok(Vec::new());
        }
        let notices = || (0..).take(question.notices.len());
        Ok(match what {
            "mute everybody" => all(notices().map(Change::Mute), "Quiet."),
            "wait for ever" => all(notices().map(|it| Change::AtMinute((it, u32::MAX))), "Later."),
            "tell everybody" => {
                let roles = [Role::Instructor, Role::Admin, Role::Manager, Role::Approver, Role::DealerAdmin];
                all(roles.map(|role| Change::Add((role, Pace::Urgent))), "Hear, hear.")
            }
            "another notice" => all([Change::Mute(4_711), Change::ToDigest(u32::MAX)], "Mine."),
            "say too much" => all((0..200_000).map(Change::Mute), "Much."),
            "say it long" => all([Change::Mute(0)], &"long ".repeat(1_000_000)),
            "markup" => all([Change::ToDigest(1)], "<script>alert(1)</script>Later."),
            other => return unknown(other),
        })
    }
}
