//! What is told to whoever looks on: trouble until nothing is in the way any more, and since when the oldest record waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Watch;
use super::way::Hindrance;

/// How a consumer stands as a whole. A partition that flows does not hide one that waits.
pub struct Outlook {
    watch: Arc<dyn Watch>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    posts: u64,
    partitions: BTreeMap<u64, Partition>,
    hindrance: Option<Hindrance>,
    /// Whether trouble was told of, and not yet that it is over.
    is_told: bool,
}

/// How a partition stands.
#[derive(Default)]
struct Partition {
    /// When the first record came to Kafka that is not settled yet.
    oldest: Option<Timestamp>,
    waits: bool,
}

impl Outlook {
    pub fn new(watch: Arc<dyn Watch>) -> Self {
        Self { watch, seen: Mutex::default() }
    }

    /// A place from which one partition is looked after. What was said there is forgotten when it is given up.
    pub fn post(self: &Arc<Self>) -> Post {
        let mut seen = self.lock();
        seen.posts += 1;
        let number = seen.posts;
        seen.partitions.insert(number, Partition::default());
        drop(seen);
        Post { outlook: self.clone(), number }
    }

    /// Something is in the way to Kafka. Answers whether that is news.
    pub fn hindered(&self, hindrance: Hindrance, said: &str) -> bool {
        let mut seen = self.lock();
        let before = seen.hindrance;
        // What only a new share of partitions ends is not hidden by what ends sooner.
        seen.hindrance = before.max(Some(hindrance));
        self.trouble(&mut seen, said);
        seen.hindrance != before
    }

    /// Whether this is in the way.
    pub fn is_hindered_by(&self, hindrance: Hindrance) -> bool {
        self.lock().hindrance == Some(hindrance)
    }

    /// This is not in the way any more.
    pub fn is_over(&self, hindrance: Hindrance) {
        let mut seen = self.lock();
        if seen.hindrance == Some(hindrance) {
            seen.hindrance = None;
        }
        self.tell(&mut seen);
    }

    /// So much is left.
    pub fn behind(&self, records: u64) {
        let seen = self.lock();
        let oldest = seen.partitions.values().filter_map(|it| it.oldest).min();
        self.watch.behind(records, oldest);
    }

    fn trouble(&self, seen: &mut Seen, said: &str) {
        seen.is_told = true;
        self.watch.waits(said);
    }

    /// Tells that trouble is over, once it is over everywhere.
    fn tell(&self, seen: &mut Seen) {
        let waits = seen.hindrance.is_some() || seen.partitions.values().any(|it| it.waits);
        if seen.is_told && !waits {
            seen.is_told = false;
            self.watch.flows();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where one partition is looked after.
pub struct Post {
    outlook: Arc<Outlook>,
    number: u64,
}

impl Post {
    /// The first record that is not settled came to Kafka then; none when every one is.
    pub fn has_since(&self, oldest: Option<Timestamp>) {
        self.partition(&mut self.outlook.lock()).oldest = oldest;
    }

    /// Its records cannot be settled just now.
    pub fn waits(&self, said: &str) {
        let mut seen = self.outlook.lock();
        self.partition(&mut seen).waits = true;
        self.outlook.trouble(&mut seen, said);
    }

    /// So many of its records were settled, of which so many are dead letters now.
    pub fn settled(&self, records: u64, dead: u64) {
        let mut seen = self.outlook.lock();
        self.outlook.watch.settled(records, dead);
        self.partition(&mut seen).waits = false;
        self.outlook.tell(&mut seen);
    }

    fn partition<'a>(&self, seen: &'a mut Seen) -> &'a mut Partition {
        seen.partitions.entry(self.number).or_default()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let mut seen = self.outlook.lock();
        seen.partitions.remove(&self.number);
        self.outlook.tell(&mut seen);
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::now;

    use super::*;

    /// Writes down what is told.
    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl Notes {
        fn taken(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().expect("unharmed"))
        }

        fn note(&self, note: String) {
            self.0.lock().expect("unharmed").push(note);
        }
    }

    impl Watch for Notes {
        fn settled(&self, records: u64, dead: u64) {
            self.note(format!("{records} settled, {dead} dead"));
        }

        fn waits(&self, said: &str) {
            self.note(said.to_owned());
        }

        fn flows(&self) {
            self.note("flows".to_owned());
        }

        fn behind(&self, records: u64, oldest: Option<Timestamp>) {
            self.note(format!("{records} since {oldest:?}"));
        }
    }

    fn outlook() -> (Arc<Notes>, Arc<Outlook>) {
        let notes = Arc::<Notes>::default();
        (notes.clone(), Arc::new(Outlook::new(notes)))
    }

    #[test]
    fn a_partition_that_flows_does_not_hide_one_that_waits() {
        let (notes, outlook) = outlook();
        let (stuck, free) = (outlook.post(), outlook.post());
        stuck.waits("frozen");
        free.settled(5, 0);
        assert_eq!(notes.taken(), ["frozen", "5 settled, 0 dead"]);
        stuck.settled(1, 1);
        free.settled(2, 0);
        assert_eq!(notes.taken(), ["1 settled, 1 dead", "flows", "2 settled, 0 dead"], "told once");
    }

    #[test]
    fn what_somebody_else_takes_is_no_trouble_of_ours() {
        let (notes, outlook) = outlook();
        let post = outlook.post();
        post.has_since(Some(now()));
        post.waits("frozen");
        drop(post);
        outlook.behind(0);
        assert_eq!(notes.taken(), ["frozen", "flows", "0 since None"]);
    }

    #[test]
    fn brokers_that_are_back_end_their_own_trouble_only() {
        let (notes, outlook) = outlook();
        outlook.hindered(Hindrance::Brokers, "away");
        outlook.is_over(Hindrance::Group);
        assert_eq!(notes.taken(), ["away"]);
        outlook.is_over(Hindrance::Brokers);
        outlook.is_over(Hindrance::Brokers);
        assert_eq!(notes.taken(), ["flows"]);
        outlook.hindered(Hindrance::Group, "no topic");
        outlook.hindered(Hindrance::Brokers, "away");
        outlook.is_over(Hindrance::Brokers);
        assert_eq!(notes.taken(), ["no topic", "away"]);
        outlook.is_over(Hindrance::Group);
        assert_eq!(notes.taken(), ["flows"]);
    }

    #[test]
    fn the_oldest_of_all_partitions_is_told() {
        let (notes, outlook) = outlook();
        let earlier = now() - jiff::SignedDuration::from_secs(60);
        let (one, other) = (outlook.post(), outlook.post());
        one.has_since(Some(now()));
        other.has_since(Some(earlier));
        outlook.behind(7);
        other.has_since(None);
        outlook.behind(3);
        assert_eq!(
            notes.taken(),
            [format!("7 since {:?}", Some(earlier)), format!("3 since {:?}", Some(now()))]
        );
    }
}
