//! What runs: tasks of hosts and clients on one thread, one step at a time, in an order that the dice choose.

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use ilt_core::testing::read_committed::{Fate, Pace, Step};

use crate::dice::Dice;

/// Somebody has called for this task to go on.
struct Ready(AtomicBool);

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Task {
    host: usize,
    ready: Arc<Ready>,
    waker: Waker,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

/// What became of a step.
#[derive(Debug, PartialEq, Eq)]
pub enum Stepped {
    /// Something went on.
    On,
    /// Nothing can go on by itself.
    Idle,
    /// A task panicked, with these words.
    Panicked(String),
}

/// Tasks that take turns.
#[derive(Default)]
pub struct Executor {
    tasks: Vec<Task>,
    steps: u64,
}

impl Executor {
    /// Steps taken so far.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Has something go on for a host, until it is over or the host dies.
    pub fn spawn(&mut self, host: usize, future: impl Future<Output = ()> + 'static) {
        let ready = Arc::new(Ready(AtomicBool::new(true)));
        let waker = Waker::from(ready.clone());
        self.tasks.push(Task { host, ready, waker, future: Box::pin(future) });
    }

    /// Ends everything that a host does, wherever it is.
    pub fn kill(&mut self, host: usize) {
        self.tasks.retain(|task| task.host != host);
    }

    /// One task that can go on goes on until it gives way.
    pub fn step(&mut self, dice: &Dice) -> Stepped {
        let ready = self.tasks.iter().filter(|task| task.ready.0.load(Ordering::Relaxed)).count();
        let Ok(ready) = u32::try_from(ready) else { return Stepped::Idle };
        if ready == 0 {
            return Stepped::Idle;
        }
        self.steps += 1;
        let chosen = dice.below(ready) as usize;
        let mut can = self.tasks.iter().enumerate().filter(|(_, task)| task.ready.0.load(Ordering::Relaxed));
        let Some(at) = can.nth(chosen).map(|(at, _)| at) else { return Stepped::Idle };
        drop(can);
        let task = &mut self.tasks[at];
        task.ready.0.store(false, Ordering::Relaxed);
        let mut context = Context::from_waker(&task.waker);
        match catch_unwind(AssertUnwindSafe(|| task.future.as_mut().poll(&mut context))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(())) => drop(self.tasks.swap_remove(at)),
            Err(panic) => {
                drop(self.tasks.swap_remove(at));
                let said = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
                let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
                return Stepped::Panicked(said.unwrap_or_default());
            }
        }
        Stepped::On
    }

    /// Runs something that waits for nobody to its end.
    pub fn finish<T>(future: impl Future<Output = T>) -> Option<T> {
        let mut future = Box::pin(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..1_000 {
            if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
                return Some(done);
            }
        }
        None
    }
}

/// How a history goes on between two steps of a transaction.
pub struct Course {
    dice: Dice,
    /// Others go on before one step in so many.
    pub gives_way: u32,
    /// A connection is lost at one step in so many; never when 0.
    pub loses: u32,
}

thread_local! {
    /// Hosts that start are left in peace.
    static CALM: Cell<bool> = const { Cell::new(false) };
}

impl Course {
    /// One that the dice choose.
    pub const fn of(dice: Dice, gives_way: u32, loses: u32) -> Self {
        Self { dice, gives_way, loses }
    }

    /// Does something while nobody is in the way.
    pub fn calmly<T>(work: impl FnOnce() -> T) -> T {
        CALM.set(true);
        let done = work();
        CALM.set(false);
        done
    }
}

impl Pace for Course {
    fn before(&self, step: Step) -> Fate {
        if CALM.get() {
            return Fate::GoOn;
        }
        if self.loses > 0 && self.dice.below(self.loses) == 0 {
            return Fate::Lost;
        }
        // After each commit somebody looks whether everything is still as it must be.
        if step == Step::Committed || self.dice.below(self.gives_way) == 0 {
            Fate::GiveWay
        } else {
            Fate::GoOn
        }
    }
}
