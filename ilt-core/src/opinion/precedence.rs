//! Who waits in front.
//!
//! | a wish for precedence | is |
//! |---|---|
//! | of level 0 | dropped: that is the order of joining |
//! | of a level above 9 | cut to 9 |
//! | without a reason that can be shown | dropped |
//! | after that of another plugin | dropped; the first in the order of the plugins counts |

use crate::ids::PersonId;
use crate::opinion::weigh::showable;
use crate::opinion::{Fault, Speaker};
use crate::registration::Priority;

/// How far in front somebody would put one who joins a queue, as they said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedence {
    /// Who says so.
    pub by: Speaker,
    /// How far: whoever has more comes first.
    pub level: u8,
    /// Why.
    pub reason: String,
}

/// What the rules said who were asked for a precedence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// In their order.
    pub said: Vec<Precedence>,
    /// How many of them gave no answer: what they would have said is not known.
    pub silent: usize,
}

/// A precedence that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Who has it.
    pub to: PersonId,
    /// Who gave it.
    pub by: Speaker,
    /// What was given, and why.
    pub priority: Priority,
}

/// Which of these counts, in the order of their plugins, and what is wrong with the others.
pub fn first_in_line(to: PersonId, said: Vec<Precedence>) -> (Option<Granted>, Vec<(Speaker, Fault)>) {
    let (mut granted, mut faults) = (None, Vec::new());
    for Precedence { by, level, reason } in said {
        let mut fault = |fault| faults.push((by.clone(), fault));
        let shown = showable(&reason);
        if level == 0 {
            continue;
        }
        if shown.is_empty() {
            fault(Fault::NoReason);
            continue;
        }
        if level > Priority::HIGHEST {
            fault(Fault::TooMuch);
        }
        if shown != reason {
            fault(Fault::Cleaned);
        }
        let priority = Priority { level: level.min(Priority::HIGHEST), reason: shown };
        granted.get_or_insert(Granted { to, by, priority });
    }
    (granted, faults)
}
