//! What a person would rather have: where, when, about what, and how they are told.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time, Weekday};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::LocationId;
use crate::schedule::Part;

/// How somebody is told of what concerns them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// To their mail address.
    Mail,
    /// To their telephone, as text.
    Sms,
    /// To the devices on which they agreed to it.
    Push,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Push];

    /// The word used in the API, in CSV files and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }

    /// The channel that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.word() == word)
    }
}

/// What a person would rather have. Nothing said means that they do not mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Where they would rather be trained than near their dealer; the nearest of them counts.
    #[serde(
        rename = "preferred_locations",
        alias = "preferred_location",
        default,
        deserialize_with = "one_or_several"
    )]
    pub locations: Vec<LocationId>,
    /// When they would rather be trained.
    #[serde(rename = "preferred_times", default)]
    pub times: Vec<PreferredTime>,
    /// Topics they care about, lower-case.
    #[serde(default)]
    pub interests: Vec<String>,
    /// How they are told; not at all when empty.
    #[serde(default = "by_mail")]
    pub notify_by: Vec<Channel>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { locations: Vec::new(), times: Vec::new(), interests: Vec::new(), notify_by: by_mail() }
    }
}

impl Preferences {
    /// Whether every part of a session is at a time they prefer; `None` when they prefer none.
    pub fn suits(&self, parts: &[Part]) -> Option<bool> {
        let suits = |part: &Part| self.times.iter().any(|time| time.holds(part));
        (!self.times.is_empty()).then(|| parts.iter().all(suits))
    }
}

fn by_mail() -> Vec<Channel> {
    vec![Channel::Mail]
}

/// Entries of the journal from before there were several have one location, or null.
fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LocationId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrSeveral {
        Several(Vec<LocationId>),
        One(Option<LocationId>),
    }
    Ok(match OneOrSeveral::deserialize(deserializer)? {
        OneOrSeveral::Several(list) => list,
        OneOrSeveral::One(one) => one.into_iter().collect(),
    })
}

/// A stretch of a weekday on the wall clock of wherever the training is: `tuesday`, or `tuesday 08:00-13:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreferredTime {
    weekday: Weekday,
    /// From and until; the whole day when absent.
    stretch: Option<(Time, Time)>,
}

/// Words that name no stretch of a weekday.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no such time: a weekday such as `tuesday`, or `tuesday 08:00-13:00`, was expected")]
pub struct BadTimeWords(String);

impl PreferredTime {
    fn holds(&self, part: &Part) -> bool {
        let ends = part.starts.saturating_add(part.length);
        let (from, until) = self.stretch.unwrap_or((Time::MIN, Time::MAX));
        let day = |time: Time| DateTime::from_parts(part.starts.date(), time);
        part.starts.weekday() == self.weekday && day(from) <= part.starts && ends <= day(until)
    }
}

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

impl FromStr for PreferredTime {
    type Err = BadTimeWords;

    fn from_str(text: &str) -> Result<Self, BadTimeWords> {
        let bad = || BadTimeWords(text.chars().take(40).collect());
        let (day, stretch) =
            text.trim().split_once(' ').map_or((text.trim(), None), |(day, rest)| (day, Some(rest)));
        let known = WEEKDAYS.iter().find(|(_, word)| *word == day.to_lowercase());
        let clock = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        let stretch = match stretch {
            None => None,
            Some(text) => {
                let (from, until) = text.split_once('-').ok_or_else(bad)?;
                let both = clock(from).zip(clock(until)).filter(|(from, until)| from < until);
                Some(both.ok_or_else(bad)?)
            }
        };
        Ok(Self { weekday: known.ok_or_else(bad)?.0, stretch })
    }
}

impl fmt::Display for PreferredTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = WEEKDAYS.iter().find(|(day, _)| *day == self.weekday).map_or("", |(_, word)| word);
        match self.stretch {
            None => f.write_str(word),
            Some((from, until)) => {
                write!(f, "{word} {}-{}", from.strftime("%H:%M"), until.strftime("%H:%M"))
            }
        }
    }
}

impl Serialize for PreferredTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PreferredTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
