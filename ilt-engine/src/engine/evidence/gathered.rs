//! Questions of many at once, asked together: a place that answers slowly answers hundreds in the time of one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ports::{Doubt, Elsewhere, Evidence};
use tokio::sync::{Semaphore, oneshot};

/// Questions under way at most.
const AT_ONCE: usize = 4;
/// Doubts of several who ask that come into one question; one who has more asks alone.
const TOGETHER: usize = 500;

/// A place that is asked about many at once, while nobody waits for longer than is said.
#[derive(Clone)]
pub struct Gathered(Arc<Inner>);

struct Inner {
    place: Arc<dyn Evidence>,
    patience: Duration,
    waiting: Mutex<Vec<Waiting>>,
    room: Arc<Semaphore>,
}

struct Waiting {
    doubts: Arc<BTreeSet<Doubt>>,
    tell: oneshot::Sender<Elsewhere>,
}

impl Gathered {
    /// This place; whoever asks waits for so long, for a turn and an answer together.
    pub fn of(place: Arc<dyn Evidence>, patience: Duration) -> Self {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Self(Arc::new(Inner { place, patience, waiting: Mutex::default(), room }))
    }

    async fn told(&self, doubts: BTreeSet<Doubt>) -> Option<Elsewhere> {
        let (tell, mut told) = oneshot::channel();
        let doubts = Arc::new(doubts);
        self.0.waiting().push(Waiting { doubts: doubts.clone(), tell });
        loop {
            let turn = tokio::select! {
                biased;
                answer = &mut told => return answer.ok(),
                turn = self.0.room.clone().acquire_owned() => turn.ok()?,
            };
            let inner = self.0.clone();
            // Whoever hangs up leaves others who wait for the same answer.
            let asked = tokio::spawn(async move {
                inner.ask().await;
                drop(turn);
            });
            asked.await.ok()?;
            // Others were before this one, or are just asking for it.
            if !self.0.waiting().iter().any(|one| Arc::ptr_eq(&one.doubts, &doubts)) {
                return told.await.ok();
            }
        }
    }
}

impl Inner {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for those who have waited longest, and tells each what there is to know about theirs.
    async fn ask(&self) {
        let next = self.next();
        let doubts: BTreeSet<_> = next.iter().flat_map(|one| &*one.doubts).copied().collect();
        if doubts.is_empty() {
            return;
        }
        let known = self.place.about(&doubts).await;
        for Waiting { doubts, tell } in next {
            let completed = known.completed.iter().filter(|it| doubts.contains(&(it.person, it.course)));
            let completed = completed.copied().collect();
            let unknown = known.unknown.intersection(&doubts).copied().collect();
            // Nobody who does not wait any more has to hear it.
            let _ = tell.send(Elsewhere { completed, unknown });
        }
    }

    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        waiting.retain(|one| !one.tell.is_closed());
        let mut sum = 0;
        let fits = |one: &Waiting| {
            sum += one.doubts.len();
            sum <= TOGETHER
        };
        let many = waiting.iter().map(fits).take_while(|it| *it).count().max(1).min(waiting.len());
        waiting.drain(..many).collect()
    }
}

#[async_trait]
impl Evidence for Gathered {
    fn is_nowhere(&self) -> bool {
        self.0.place.is_nowhere()
    }

    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        let told = tokio::time::timeout(self.0.patience, self.told(doubts.clone())).await;
        let silence = || Elsewhere { completed: BTreeSet::new(), unknown: doubts.clone() };
        told.ok().flatten().unwrap_or_else(silence)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ilt_core::catalog::Completion;
    use ilt_core::testing::plans::{id, now};

    use super::*;

    /// Takes a while; whoever has an even number has completed everything, and of the fifth nothing is known.
    #[derive(Default)]
    struct Slow {
        asked: AtomicUsize,
        at_once: AtomicUsize,
        most_at_once: AtomicUsize,
    }

    const WHILE: Duration = Duration::from_millis(100);

    fn doubt(person: u32) -> Doubt {
        (id(person).into(), id(1).into())
    }

    #[async_trait]
    impl Evidence for Slow {
        async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.most_at_once.fetch_max(self.at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(WHILE).await;
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            let even = doubts.iter().filter(|(person, _)| person.0.as_u128().is_multiple_of(2));
            let completed = even.map(|&(person, course)| Completion { person, course, completed_at: now() });
            let unknown = doubts.iter().filter(|it| **it == doubt(5)).copied();
            Elsewhere { completed: completed.collect(), unknown: unknown.collect() }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn hundreds_who_ask_at_once_are_answered_by_a_few_questions_and_each_about_themselves() {
        let slow = Arc::new(Slow::default());
        let place = Gathered::of(slow.clone(), WHILE * 3);
        let asking = (0..300).map(|person| {
            let place = place.clone();
            async move { (person, place.about(&[doubt(person)].into()).await) }
        });
        for (person, known) in futures::future::join_all(asking).await {
            let completed = known.completed.iter().map(|it| (it.person, it.course)).collect::<Vec<_>>();
            assert_eq!(completed, if person % 2 == 0 { vec![doubt(person)] } else { Vec::new() });
            assert_eq!(known.unknown, if person == 5 { [doubt(5)].into() } else { BTreeSet::new() });
        }
        assert!(slow.asked.load(Ordering::SeqCst) <= 2 * AT_ONCE, "{:?}", slow.asked);
        assert!(slow.most_at_once.load(Ordering::SeqCst) <= AT_ONCE);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_than_is_said_and_one_who_hangs_up_leaves_the_others() {
        let slow = Arc::new(Slow::default());
        let place = Gathered::of(slow.clone(), WHILE / 2);
        let asked = tokio::time::timeout(WHILE * 3 / 4, async { place.about(&[doubt(2)].into()).await });
        assert_eq!(asked.await.expect("in time").unknown, [doubt(2)].into());

        let place = Gathered::of(slow, WHILE * 3);
        let hangs_up = tokio::time::timeout(WHILE / 2, async { place.about(&[doubt(2)].into()).await });
        let all = (10..20).map(|person| {
            let place = place.clone();
            async move { place.about(&[doubt(person)].into()).await.unknown.len() }
        });
        let (gone, unknown) = tokio::join!(hangs_up, futures::future::join_all(all));
        assert!(gone.is_err());
        assert_eq!(unknown.iter().sum::<usize>(), 0);
    }
}
