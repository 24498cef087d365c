//! What happens in a history, written down beforehand, so that it can be played again with something left out.

use fastrand::Rng;
use jiff::SignedDuration;

use crate::kind::Kind;
use crate::town;

/// Sessions that a history is mostly about: a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hot(u32);

impl Hot {
    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One of them, as chance has it.
    pub fn nth(self, chance: u32) -> u32 {
        let chosen = chance % self.0.count_ones().max(1);
        (1..=town::SESSIONS).filter(|it| self.0 & (1 << it) != 0).nth(chosen as usize).unwrap_or(1)
    }
}

/// Whom and what a history is mostly about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Focus {
    /// Which sessions.
    pub sessions: Hot,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Somebody asks for something on a host.
    Ask {
        /// Where.
        host: usize,
        /// For what.
        kind: Kind,
        /// What exactly, as things are then.
        chance: u64,
        /// Under a number of its own, by which it can be repeated.
        number: u32,
    },
    /// A request is repeated under its key, here or on another host.
    Again {
        /// Where.
        host: usize,
        /// Which.
        number: u32,
    },
    /// A host fires what is due.
    Timers(usize),
    /// A host reads what others committed.
    Feed(usize),
    /// A host tidies up.
    Upkeep(usize),
    /// A host tells of what happened, and counts it.
    Follow(usize),
    /// A host dies after so many more steps, and another takes its place.
    Crash(usize, u16),
    /// A host's clock jumps to so much ahead, or behind.
    Jump(usize, SignedDuration),
    /// Everything under way comes to an end, and time passes.
    Wait(SignedDuration),
    /// Everything under way comes to an end, and time passes until so long after a session begins.
    Until(u32, SignedDuration),
}

/// An act, and how many steps are taken before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// What happens.
    pub act: Act,
    /// Steps taken then.
    pub then: u16,
}

/// A history before it is played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The seed it came from.
    pub seed: u64,
    /// How steps of different hosts follow each other.
    pub schedule: u64,
    /// Hosts there are.
    pub hosts: usize,
    /// Desks of each.
    pub desks: usize,
    /// Others go on before one step in so many.
    pub gives_way: u32,
    /// A connection is lost at one step in so many; never when 0.
    pub loses: u32,
    /// Whom and what it is mostly about.
    pub focus: Focus,
    /// What happens.
    pub turns: Vec<Turn>,
}

impl Script {
    /// The history that a seed tells.
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let hosts = 1 + rng.usize(1..3);
        let hot = if rng.u8(0..10) < 8 { rng.u32(0..256) << 1 & rng.u32(0..256) << 1 } else { 0 };
        let mut script = Self {
            seed,
            schedule: rng.u64(..),
            hosts,
            desks: 1 + usize::from(rng.u8(0..4) == 0),
            gives_way: [1, 2, 4][rng.usize(0..3)],
            loses: [0, 0, 400][rng.usize(0..3)],
            focus: Focus { sessions: Hot(hot) },
            turns: Vec::new(),
        };
        let (mix, mut number) = (Mix::of(&mut rng), 0);
        for _ in 0..6 + rng.u32(0..6) {
            script.day(&mut rng, &mix, &mut number);
        }
        script
    }

    /// Some requests that meet, what hosts do beside them, and time that passes.
    fn day(&mut self, rng: &mut Rng, mix: &Mix, number: &mut u32) {
        let asked_today = *number;
        for _ in 0..3 + rng.u32(0..8) {
            let host = rng.usize(0..self.hosts);
            let act = Act::Ask { host, kind: mix.draw(rng), chance: rng.u64(..), number: *number };
            *number += 1;
            self.push(rng, act);
            if rng.u8(0..6) == 0 {
                let again =
                    Act::Again { host: rng.usize(0..self.hosts), number: rng.u32(asked_today..*number) };
                self.push(rng, again);
            }
            if rng.u8(0..5) == 0 {
                let beside = self.beside(rng);
                self.push(rng, beside);
            }
        }
        let fires = rng.usize(0..self.hosts);
        let wait = match rng.u8(0..12) {
            0 => Act::Until(1 + rng.u32(0..town::SESSIONS), SignedDuration::from_mins(-10 + rng.i64(0..30))),
            1 => Act::Until(1 + rng.u32(0..town::SESSIONS), SignedDuration::from_hours(6 + rng.i64(0..80))),
            2 => Act::Wait(SignedDuration::from_hours(26)),
            3 => Act::Wait(SignedDuration::from_hours(24 * rng.i64(2..6))),
            4 | 5 => Act::Wait(SignedDuration::from_hours(rng.i64(2..9))),
            6 => Act::Wait(SignedDuration::from_secs(31)),
            _ => Act::Wait(SignedDuration::from_secs(1)),
        };
        self.turns.push(Turn { act: wait, then: 0 });
        self.push(rng, Act::Timers(fires));
    }

    fn beside(&self, rng: &mut Rng) -> Act {
        let host = rng.usize(0..self.hosts);
        match rng.u8(0..12) {
            0..=2 => Act::Timers(host),
            3..=5 => Act::Feed(host),
            6 => Act::Upkeep(host),
            7 | 8 => Act::Follow(host),
            9 | 10 => Act::Crash(host, rng.u16(0..60)),
            _ => {
                let small = SignedDuration::from_millis(rng.i64(-1_900..1_900));
                let large = SignedDuration::from_mins(rng.i64(-90..90));
                Act::Jump(host, if rng.u8(0..3) == 0 { large } else { small })
            }
        }
    }

    fn push(&mut self, rng: &mut Rng, act: Act) {
        let then = match rng.u8(0..8) {
            0..=2 => 0,
            3 | 4 => rng.u16(0..8),
            5 | 6 => rng.u16(0..30),
            _ => rng.u16(0..120),
        };
        self.turns.push(Turn { act, then });
    }
}

/// What is asked in a history, and how often.
struct Mix(Vec<(Kind, u32)>);

impl Mix {
    /// Everything in some histories, a part of it in most: what is seldom in the way of each other meets more often then.
    fn of(rng: &mut Rng) -> Self {
        let is_everything = rng.u8(0..4) == 0;
        let (all, mut chosen) = (Kind::ALL.iter().copied(), Vec::new());
        for (kind, weight) in all {
            let is_often = weight >= 5;
            if is_everything || rng.u8(0..10) < if is_often { 8 } else { 3 } {
                chosen.push((kind, weight));
            }
        }
        Self(chosen)
    }

    fn draw(&self, rng: &mut Rng) -> Kind {
        let all: u32 = self.0.iter().map(|(_, weight)| weight).sum();
        let mut left = rng.u32(0..all.max(1));
        for (kind, weight) in &self.0 {
            if left < *weight {
                return *kind;
            }
            left -= weight;
        }
        Kind::Register
    }
}
