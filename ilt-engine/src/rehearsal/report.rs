//! What a rehearsal found.
//!
//! Its parts are the sections of the report; whoever counts something else adds a part here, its lines to [`Report::rows`] and a few words
//! to the table.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Hears, Looks, Moved, Notices, Overtaking, Places, Retold, Taken};

/// The columns of [`Report::rows`].
pub const COLUMNS: [&str; 13] = [
    "what", "at", "learner", "wanted", "session", "before", "after", "change", "plugin", "reason", "event",
    "told", "told_as",
];

/// What would have differed. Ids and numbers, and the candidate's own reasons; nobody's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Entries of the journal that were followed.
    pub entries: u64,
    /// Entries that do not fit those before them: with some, what was asked again may be wrong.
    pub misfits: u64,
    /// What would have been shown instead.
    pub looks: Looks,
    /// How often the one that was taken would have been first.
    pub taken: Taken,
    /// Who would have waited in front of whom.
    pub waitlist: Places,
    /// Who would have been told of what, and when.
    pub notices: Notices,
    /// How often something was wrong with what a plugin said, by plugin and what.
    pub faults: BTreeMap<String, u64>,
    /// How often the candidate did not answer, by why; whoever knows it fills it in.
    pub failures: BTreeMap<String, u64>,
}

impl Report {
    /// Everything that differs, as far as examples were kept: a line for each session of a look, for each place in a queue, and for each
    /// notice.
    pub fn rows(&self) -> impl Iterator<Item = [String; COLUMNS.len()]> {
        let looks = self.looks.examples.iter().flat_map(of_look);
        let places = self.waitlist.examples.iter().map(of_place);
        looks.chain(places).chain(self.notices.examples.iter().map(of_notice))
    }
}

fn of_look(moved: &Moved) -> Vec<[String; COLUMNS.len()]> {
    let place = |place: Option<u32>| place.map_or_else(String::new, |place| place.to_string());
    let row = |line: &super::Line| {
        let joined = |of: fn(&super::Said) -> String| line.said.iter().map(of).collect::<Vec<_>>().join("; ");
        [
            "alternative".to_owned(),
            moved.at.to_string(),
            moved.learner.to_string(),
            moved.wanted.to_string(),
            line.session.to_string(),
            place(line.before),
            place(line.after),
            joined(|it| it.change.to_string()),
            joined(|it| it.plugin.clone()),
            joined(|it| it.reason.clone()),
            String::new(),
            String::new(),
            String::new(),
        ]
    };
    moved.lines.iter().map(row).collect()
}

fn of_place(place: &Overtaking) -> [String; COLUMNS.len()] {
    let session = place.session.to_string();
    [
        "waitlist".to_owned(),
        place.at.to_string(),
        place.learner.to_string(),
        session.clone(),
        session,
        place.before.to_string(),
        place.after.to_string(),
        place.level.to_string(),
        place.plugin.clone(),
        place.reason.clone(),
        String::new(),
        String::new(),
        String::new(),
    ]
}

fn of_notice(notice: &Retold) -> [String; COLUMNS.len()] {
    let later = notice.from.filter(|_| notice.after == Hears::Later).map(|from| from.to_string());
    [
        "notice".to_owned(),
        notice.at.to_string(),
        notice.learner.to_string(),
        String::new(),
        notice.session.map_or_else(String::new, |session| session.to_string()),
        notice.before.word().to_owned(),
        later.unwrap_or_else(|| notice.after.word().to_owned()),
        notice.change.word().to_owned(),
        notice.plugin.clone(),
        notice.reason.clone(),
        notice.kind.to_owned(),
        notice.person.to_string(),
        notice.told_as.word().to_owned(),
    ]
}
