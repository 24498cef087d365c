//! A plugin as a dealer uses it: its settings, its journal, and how often it failed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilt_core::opinion::{Fault, Speaker};
use jiff::{SignedDuration, Timestamp};

use crate::{Plugin, Said, Say, Within};

/// Failures in a row after which a plugin is left alone for a while.
const IN_A_ROW: u32 = 5;
/// For how long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(30);
/// Lines of a log that are kept.
const KEPT: usize = 200;

/// A plugin as a dealer uses it.
pub struct Active {
    plugin: Arc<Plugin>,
    settings: String,
    breaker: Mutex<Breaker>,
    asked: AtomicU64,
    lines: Mutex<VecDeque<Noted>>,
}

/// A line of a plugin's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Timestamp,
    /// Whether it is more than a remark.
    pub is_warning: bool,
    /// What.
    pub text: String,
}

/// How often a plugin failed in a row, and until when it is left alone for that.
#[derive(Default)]
struct Breaker {
    failures: u32,
    until: Option<Timestamp>,
}

impl Active {
    /// A plugin with settings (JSON) that it found nothing wrong with.
    pub fn new(plugin: Arc<Plugin>, settings: String) -> Self {
        let (breaker, asked, lines) = (Mutex::default(), AtomicU64::new(0), Mutex::default());
        Self { plugin, settings, breaker, asked, lines }
    }

    /// Whose opinions these are.
    pub fn speaker(&self) -> Speaker {
        self.plugin.speaker()
    }

    /// What it has a say in.
    pub fn say(&self) -> Say {
        self.plugin.description().say
    }

    /// How often it was asked.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The last lines of its log, the latest last.
    pub fn lines(&self) -> Vec<Noted> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn ask<T>(&self, time: Duration, ask: impl Fn(Within<'_>, &str) -> Said<T>) -> Said<T> {
        ask(self.plugin.within(time), &self.settings)
    }

    pub(crate) fn is_left_alone(&self, now: Timestamp) -> bool {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner).until.is_some_and(|until| now < until)
    }

    /// Writes down how asking ended, for the plugin's owner and for whoever looks at the numbers. One that answers, but slowly, takes
    /// from the others' time: to go on so is a failure too.
    pub(crate) fn note<T>(&self, said: &Said<T>, now: Timestamp, is_slow: bool) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let plugin = self.name();
        // A plugin must not be able to fill the log of everybody else.
        for line in &said.lines {
            tracing::debug!(plugin, line = line.text, warning = line.is_warning, "a plugin says");
            self.write(now, line.is_warning, line.text.clone());
        }
        metrics::counter!("ilt_plugin_asked_total", "plugin" => plugin.clone()).increment(1);
        let wrong = match &said.answer {
            Err(outcome) => outcome.to_string(),
            Ok(_) if is_slow => "it took more than half of the time that all rules have together".to_owned(),
            Ok(_) => {
                *self.breaker.lock().unwrap_or_else(PoisonError::into_inner) = Breaker::default();
                return;
            }
        };
        let is_too_often = self.failed(now);
        tracing::warn!(plugin, wrong, left_alone = is_too_often, "a plugin fails");
        metrics::counter!("ilt_plugin_failed_total", "plugin" => plugin).increment(1);
        self.write(now, true, wrong);
        if is_too_often {
            self.write(now, true, format!("it is not asked for {LEFT_ALONE:#}"));
        }
    }

    /// Writes down that nobody waited for it any more.
    pub(crate) fn passed_over(&self, now: Timestamp) {
        metrics::counter!("ilt_plugin_not_asked_total", "plugin" => self.name()).increment(1);
        self.write_once(now, "it was not asked: others had taken all the time that there is".to_owned());
    }

    /// Writes down what of an answer does not count.
    pub(crate) fn complain(&self, now: Timestamp, faults: impl Iterator<Item = Fault>) {
        let mut often = BTreeMap::<String, u64>::new();
        for fault in faults {
            *often.entry(fault.to_string()).or_default() += 1;
        }
        for (fault, times) in often {
            metrics::counter!("ilt_plugin_faults_total", "plugin" => self.name()).increment(times);
            tracing::debug!(plugin = self.name(), fault, times, "what a plugin said counts in part");
            self.write_once(now, fault);
        }
    }

    fn name(&self) -> String {
        self.plugin.description().name.clone()
    }

    /// Counts a failure, and answers whether it was one too many.
    fn failed(&self, now: Timestamp) -> bool {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker.failures += 1;
        let is_too_often = breaker.failures.is_multiple_of(IN_A_ROW);
        if is_too_often {
            breaker.until = now.checked_add(LEFT_ALONE).ok();
        }
        is_too_often
    }

    fn write(&self, at: Timestamp, is_warning: bool, text: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(Noted { at, is_warning, text });
    }

    /// Writes a warning that would otherwise be the only thing in the log: it stands there once, with when it was true last.
    fn write_once(&self, at: Timestamp, text: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).retain(|it| it.text != text);
        self.write(at, true, text);
    }
}
