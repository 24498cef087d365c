//! One step after the other, and a look at what each did.

use ilt_core::desk::Refusal;
use ilt_core::ports::StoreError;
use ilt_engine::Trouble;
use jiff::SignedDuration;

use super::Play;
use crate::check::{Broken, Promise, Said};
use crate::client::{self, Answered};
use crate::executor::{Course, Executor, Stepped};
use crate::followers::{self, Followers};
use crate::kind::Kind;
use crate::words::Names;

/// Steps within which everything that is under way comes to an end.
const MOST_STEPS: u64 = 30_000;
/// Answers are kept for at least so long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(6 * 24);
/// Time that a step takes.
const STEP: SignedDuration = SignedDuration::from_micros(100);

impl Play<'_> {
    /// One step, and a look at what it did. False when there is none to take.
    pub(super) fn step(&mut self) -> Result<bool, Broken> {
        let now = self.executor.steps();
        if let Some(at) = self.crashes.iter().position(|(at, _)| *at <= now) {
            let (_, host) = self.crashes.swap_remove(at);
            self.crash(host)?;
        }
        self.time.pass(STEP);
        let stepped = self.executor.step(&self.dice);
        if let Stepped::Panicked(how) = stepped {
            return Err(Broken::new(Promise::Sound, format!("a host panicked: {how}")));
        }
        self.look()?;
        Ok(stepped == Stepped::On)
    }

    fn look(&mut self) -> Result<(), Broken> {
        if self.database.commits() != self.commits {
            self.commits = self.database.commits();
            let (watch, attempts, latest) = (&mut self.watch, &mut self.attempts, self.time.latest());
            let broken = self.database.see(|world, entries| {
                watch.after_commit(world, entries, latest).or_else(|| attempts.broken(entries))
            });
            self.tell_entries();
            self.demand(broken)?;
        }
        if self.database.was_deadlocked() {
            let how =
                format!("transactions waited for each other at {}", self.database.deadlocks().join(", "));
            self.demand(Some(Broken::new(Promise::LockOrder, how)))?;
        }
        if !self.heard.borrow().is_empty() {
            for answered in self.heard.take() {
                self.hear(&answered)?;
            }
        }
        let fault = self.faults.borrow_mut().pop();
        self.demand(fault.map(|how| Broken::new(Promise::Sound, how)))
    }

    fn hear(&mut self, answered: &Answered) -> Result<(), Broken> {
        let Answered { number, kind, was_heard, answer } = answered;
        let Some(request) = self.requests.get_mut(number) else { return Ok(()) };
        let is_old = self.time.now().duration_since(request.asked_at) > REMEMBERED;
        let (kind, has_no_answer) = (*kind, is_old || !was_heard);
        let broken = match answer {
            // Nothing was answered yet, or it is forgotten, so there is nothing to hear again.
            Ok(Err(Refusal::NotFound { .. })) if kind == Kind::Recall && has_no_answer => None,
            Ok(answer) => {
                let said = &mut request.said;
                let is_kept = request.actor.person().is_some() && request.want.has_key();
                let mut once = Said::default();
                let said = if is_kept { said } else { &mut once };
                let asker = request.actor.person();
                self.database.see(|world, entries| said.hear(asker, answer, world, entries))
            }
            Err(trouble) if client::is_ours(trouble) => {
                let how = format!("{} is answered with a fault: {}", kind.word(), said(trouble));
                Some(Broken::new(Promise::Sound, how))
            }
            Err(_) => None,
        };
        if matches!(answer, Ok(Ok(_))) {
            self.outcome.asked.entry(kind).or_default().1 += 1;
        }
        self.tell(|names| match answer {
            Ok(answer) => format!("        request {number}: {}", names.answer(answer)),
            Err(trouble) => format!("        request {number}: nothing, {}", said(trouble)),
        });
        self.demand(broken)
    }

    /// Everything that is under way comes to an end.
    pub(super) fn settle(&mut self) -> Result<(), Broken> {
        let begun = self.executor.steps();
        while self.step()? {
            if self.executor.steps() - begun > MOST_STEPS {
                return self.stuck(&format!("after {MOST_STEPS} steps"));
            }
        }
        if self.waiting.get() > 0 {
            return self.stuck("and nobody can go on");
        }
        self.watch.all_is_quiet();
        for host in 0..self.hosts.len() {
            let broken = self.hosts[host].listen();
            self.demand(broken)?;
        }
        Ok(())
    }

    fn stuck(&self, how: &str) -> Result<(), Broken> {
        let open = self.requests.iter().filter(|(_, request)| request.open.get() > 0);
        let open = self.database.see(|world, _| {
            let names = Names(world);
            open.map(|(number, request)| format!("request {number} ({})", names.want(&request.want)))
                .collect::<Vec<_>>()
        });
        let locks = self.database.waiting().join("; ");
        let how = format!("not answered {how}: {}; {locks}", open.join(", "));
        Err(Broken::new(Promise::Answered, how))
    }

    /// Nothing, or the end of this history.
    #[expect(clippy::unused_self, reason = "it reads as what it is")]
    fn demand(&self, broken: Option<Broken>) -> Result<(), Broken> {
        broken.map_or(Ok(()), Err)
    }

    /// Whoever follows the journal catches up, and nothing of it was missed.
    pub(super) fn follow_to_the_end(&mut self) -> Result<(), Broken> {
        if !self.follows {
            return Ok(());
        }
        let followers = Followers::on(&self.database, &self.town.teller);
        let work = async {
            for _ in 0..3 {
                followers.turn().await.map_err(|failed| Broken::new(Promise::Following, failed.said))?;
            }
            followers::broken(&self.database).await.map_or(Ok(()), Err)
        };
        let stuck = || Err(Broken::new(Promise::Following, "followers wait for somebody"));
        Course::calmly(|| Executor::finish(work)).unwrap_or_else(stuck)
    }
}

/// What went wrong, in words.
pub(super) fn said(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Store(
            StoreError::Failed(source) | StoreError::Conflict(source) | StoreError::Away(source),
        ) => source.to_string(),
        other => other.to_string(),
    }
}
