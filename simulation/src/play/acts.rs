//! What happens in a history, act by act.

use std::rc::Rc;

use ilt_core::desk::{Command, Key};
use ilt_core::ids::PersonId;
use ilt_core::session::Session;
use ilt_core::testing::read_committed::GiveWay;
use ilt_engine::{Trouble, feed, timers, upkeep};
use jiff::SignedDuration;
use uuid::Uuid;

use super::looking::said;
use super::{Play, Request};
use crate::check::{Broken, Promise, Said};
use crate::client::{self, Answered, Waits};
use crate::draw::{Draw, Want};
use crate::host::Host;
use crate::kind::Kind;
use crate::script::Act;
use crate::town;

/// Steps after which a host renews the timers that it has claimed.
const STEPS_TO_RENEW: u32 = 40;

impl Play<'_> {
    pub(super) fn act(&mut self, act: Act) -> Result<(), Broken> {
        match act {
            Act::Ask { host, kind, chance, number } => self.ask(host, kind, chance, number),
            Act::Again { host, number } => self.send(host, number, false),
            Act::Timers(host) => {
                self.tell(|_| format!("host {host} fires what is due"));
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move { timers::turn_with(&engine, pause).await.map(|_| ()) });
            }
            Act::Feed(host) => {
                // One reader at a time, as there is one in each host.
                let Some(reads) = self.hosts[host].may_read() else { return Ok(()) };
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move {
                    let read = feed::catch_up(&engine).await;
                    drop(reads);
                    Ok(read?)
                });
            }
            Act::Upkeep(host) => {
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move {
                    upkeep::turn(&engine).await?;
                    upkeep::turn_queues(&engine).await
                });
            }
            Act::Follow(host) => {
                self.follows = true;
                let (followers, faults) = (self.hosts[host].followers.clone(), self.faults.clone());
                self.beside(host, async move {
                    // One that fails takes its turn again.
                    if let Err(failed) = followers.turn().await
                        && !failed.said.contains("connection")
                    {
                        faults.borrow_mut().push(failed.said);
                    }
                    Ok(())
                });
            }
            Act::Crash(host, after) => self.crashes.push((self.executor.steps() + u64::from(after), host)),
            Act::Jump(host, ahead) => {
                self.tell(|_| format!("the clock of host {host} is {ahead:#} ahead"));
                self.hosts[host].jump(ahead);
            }
            Act::Wait(time) => {
                self.settle()?;
                self.time.pass(time);
                self.tell(|_| format!("{time:#} pass"));
            }
            Act::Until(number, after) => {
                self.settle()?;
                let starts = self
                    .database
                    .see(|world, _| world.sessions.get(&town::session(number)).map(Session::starts_at));
                let then = starts.and_then(|it| it.checked_add(after).ok());
                let left =
                    then.map(|it| it.duration_since(self.time.now())).filter(SignedDuration::is_positive);
                if let Some(left) = left {
                    self.time.pass(left);
                    self.tell(|_| format!("{left:#} pass, until {after:#} after S{number} begins"));
                }
            }
        }
        Ok(())
    }

    /// Somebody asks for something, as things are now.
    fn ask(&mut self, host: usize, kind: Kind, chance: u64, number: u32) {
        // Of marks nobody hears again: whether somebody may is a question of the session that was marked.
        let can_be_recalled = |it: &&u32| self.requests[*it].kind != Kind::MarkAttendance;
        if kind == Kind::Recall
            && let Some(asked) = nth(self.requests.keys().filter(can_be_recalled), chance)
        {
            return self.send(host, asked, true);
        }
        let (focus, now) = (self.script.focus, self.time.now());
        let drawn = self.database.see(|world, _| {
            let draw = |kind| {
                let rng = fastrand::Rng::with_seed(chance);
                Some((kind, Draw { rng, world, now, focus }.draw(kind)?))
            };
            // Where there is nothing to ask it of, somebody registers.
            draw(kind).or_else(|| draw(Kind::Register))
        });
        let Some((kind, (actor, want))) = drawn else { return };
        let said = Said::since(self.database.see(|_, entries| entries.len()));
        let open = Rc::default();
        let request = Request { kind, actor, want, attempts: 0, said, asked_at: now, open };
        self.requests.insert(number, request);
        self.send(host, number, false);
    }

    /// A request goes to a host, for the first time or again; or somebody asks there what was answered to it.
    fn send(&mut self, host: usize, number: u32, recalls: bool) {
        let Some(request) = self.requests.get_mut(&number) else { return };
        if request.attempts > 0 && !(request.want.has_key() && (!recalls || request.actor.person().is_some()))
        {
            return;
        }
        request.attempts += 1;
        let correlation = Uuid::from_u128((u128::from(number) + 1) << 32 | request.attempts);
        let recall = Want::Do(Command::Recall { session: town::session(1) });
        let (actor, kind) = (request.actor.clone(), if recalls { Kind::Recall } else { request.kind });
        let is_keyed = request.want.has_key();
        let want = if recalls { recall } else { request.want.clone() };
        let key = |person: PersonId| (Key { person, key: number.to_string() }, String::from("the same body"));
        let key = actor.person().filter(|_| is_keyed).map(key);
        if key.is_some() {
            self.attempts.note(correlation, number);
        }
        self.outcome.asked.entry(kind).or_default().0 += 1;
        let (request_open, was_heard) = (request.open.clone(), request.said.first().is_some());
        let again = if request.attempts > 1 { " again" } else { "" };
        let now = self.time.now();
        self.tell(|names| {
            format!(
                "{} host {host}: {} wants{again} {} (request {number})",
                now.strftime("%d.%m. %H:%M:%S"),
                names.actor(&actor),
                names.want(&want)
            )
        });
        let (engine, heard) = (self.hosts[host].engine.clone(), self.heard.clone());
        let (waits, asks) = (Waits::on(&self.waiting), Waits::on(&request_open));
        self.executor.spawn(host, async move {
            let answer = client::ask(engine, actor, want, key, correlation).await;
            heard.borrow_mut().push(Answered { number, kind, was_heard, answer });
            drop((waits, asks));
        });
    }

    /// Something that a host does by itself.
    fn beside(&mut self, host: usize, work: impl Future<Output = Result<(), Trouble>> + 'static) {
        let (faults, waits) = (self.faults.clone(), Waits::on(&self.waiting));
        self.executor.spawn(host, async move {
            if let Err(trouble) = work.await
                && client::is_ours(&trouble)
            {
                faults.borrow_mut().push(said(&trouble));
            }
            drop(waits);
        });
    }

    pub(super) fn crash(&mut self, host: usize) -> Result<(), Broken> {
        self.tell(|_| format!("host {host} dies, and starts again"));
        self.executor.kill(host);
        self.start(host)
    }

    pub(super) fn start(&mut self, number: usize) -> Result<(), Broken> {
        let started =
            Host::start(&self.database, &self.time, &self.ids, self.script.desks, &self.town.teller);
        let Some((host, desks)) = started else {
            return Err(Broken::new(Promise::Answered, format!("host {number} does not start")));
        };
        for desk in desks {
            self.executor.spawn(number, desk.run());
        }
        if number < self.hosts.len() {
            self.hosts[number] = host;
        } else {
            self.hosts.push(host);
        }
        Ok(())
    }
}

/// One of the numbers, as chance has it.
fn nth<'a>(numbers: impl Iterator<Item = &'a u32>, chance: u64) -> Option<u32> {
    let numbers: Vec<_> = numbers.copied().collect();
    let chosen = chance.checked_rem(numbers.len() as u64)?;
    numbers.get(usize::try_from(chosen).ok()?).copied()
}

/// How long a host works before it renews what it has claimed.
async fn pause() {
    for _ in 0..STEPS_TO_RENEW {
        GiveWay::once().await;
    }
}
