//! What is somebody else's in topics that we take from: counted by its verb, and said once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Verbs that are told apart; more are counted together.
const MOST: usize = 50;
/// Characters of a verb that are shown.
const LONGEST: usize = 120;

/// What was said already.
#[derive(Default)]
pub struct Others(Mutex<BTreeSet<String>>);

impl Others {
    /// Leaves something alone that is called so.
    pub fn leave(&self, verb: &str) {
        let shown: String = verb.chars().filter(|it| !it.is_control()).take(LONGEST).collect();
        let (name, is_news) = self.name(shown);
        if is_news {
            tracing::info!(
                verb = name,
                "what others tell with this verb is left alone; it is counted from now on"
            );
        }
        metrics::counter!("ilt_kafka_left_alone_total", "verb" => name).increment(1);
    }

    /// Whether this was not said before.
    pub fn is_news(&self, what: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(what.to_owned())
    }

    /// Under which name it is counted, and whether that is said for the first time.
    fn name(&self, shown: String) -> (String, bool) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = if said.len() < MOST || said.contains(&shown) { shown } else { "other".to_owned() };
        let is_news = said.insert(name.clone());
        (name, is_news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_is_said_once_and_of_very_many_the_last_together() {
        let others = Others::default();
        assert_eq!(others.name("a".to_owned()), ("a".to_owned(), true));
        assert_eq!(others.name("a".to_owned()), ("a".to_owned(), false));
        for number in 1..MOST {
            others.leave(&number.to_string());
        }
        assert_eq!(others.name("b".to_owned()), ("other".to_owned(), true));
        assert_eq!(others.name("c".to_owned()), ("other".to_owned(), false));
        assert_eq!(others.name("a".to_owned()), ("a".to_owned(), false));
    }
}
