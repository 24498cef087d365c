//! Saving what everything refers to: courses, locations, dealers, people, completions, rules.
//!
//! A thing that is saved as it already is changes nothing and is not journalled, so that a file can be imported twice.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::access;
use crate::catalog::{Completion, Course, Dealer, Location, Person};
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply};
use crate::fault::FieldProblem;
use crate::journal::Event;
use crate::policy::{self, Override, Rule, Scope};
use crate::prerequisite;
use crate::schedule::EARLIEST;

/// What is wrong with a record that comes twice in one order: only one of them could be kept.
pub(super) const TWICE: &str = "is that of another one before it";

/// Most records in one journal entry.
const ENTRY_RECORDS: usize = 500;

/// What the records that can be saved have in common.
pub(super) trait Record: Clone + PartialEq {
    const WHAT: &'static str;
    fn id(&self) -> Uuid;
    fn version(&mut self) -> &mut u64;
    fn problems(&self) -> Vec<FieldProblem>;
}

macro_rules! record {
    ($type:ty, $what:literal) => {
        impl Record for $type {
            const WHAT: &'static str = $what;
            fn id(&self) -> Uuid {
                self.id.0
            }
            fn version(&mut self) -> &mut u64 {
                &mut self.version
            }
            fn problems(&self) -> Vec<FieldProblem> {
                self.problems()
            }
        }
    };
}

record!(Course, "course");
record!(Location, "location");
record!(Dealer, "dealer");
record!(Person, "person");

/// Gathers what is wrong with each of several things. A single one keeps its refusal as it is; of several, every problem
/// names its place in the list.
pub(super) struct Problems {
    several: bool,
    fields: Vec<FieldProblem>,
}

impl Problems {
    pub(super) fn of(count: usize) -> Self {
        Self { several: count > 1, fields: Vec::new() }
    }

    pub(super) fn add(&mut self, at: usize, refusal: Refusal) -> Result<(), Refusal> {
        let before = if self.several { format!("/{at}") } else { String::new() };
        match refusal {
            Refusal::InvalidRequest { fields } => {
                let prefixed =
                    |field: FieldProblem| FieldProblem { pointer: before.clone() + &field.pointer, ..field };
                self.fields.extend(fields.into_iter().map(prefixed));
            }
            other if self.several => {
                self.fields.push(FieldProblem::new(before + other.pointer(), other.to_string()));
            }
            other => return Err(other),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.fields.is_empty() { Ok(()) } else { Err(Refusal::InvalidRequest { fields: self.fields }) }
    }
}

/// What is new or different, with its next version, and what to answer once it is saved.
///
/// A record that comes with version 0 overwrites; any other version must be the one that is known.
pub(super) fn differing<T: Record>(
    records: &[T],
    known: impl Fn(Uuid) -> Option<T>,
) -> Result<(Vec<T>, Reply), Refusal> {
    let mut problems = Problems::of(records.len());
    let mut differing = Vec::new();
    let (mut added, mut one, mut ids) = (0, None, BTreeSet::new());
    for (at, record) in records.iter().enumerate() {
        if !ids.insert(record.id()) {
            problems.add(at, Refusal::invalid("/id", TWICE))?;
        }
        let found = record.problems();
        if !found.is_empty() {
            problems.add(at, Refusal::InvalidRequest { fields: found })?;
        }
        let mut record = record.clone();
        let asked = *record.version();
        let Some(mut before) = known(record.id()) else {
            *record.version() = 1;
            one = Some((record.id(), 1));
            differing.push(record);
            added += 1;
            continue;
        };
        let version = *before.version();
        if asked != 0 && asked != version {
            problems.add(at, Refusal::Stale { what: T::WHAT.to_owned(), version })?;
        }
        *record.version() = version;
        if record != before {
            *record.version() = version + 1;
        }
        one = Some((record.id(), *record.version()));
        if *record.version() != version {
            differing.push(record);
        }
    }
    problems.finish()?;
    let reply = Reply::Saved {
        added,
        changed: differing.len() - added,
        one: one.filter(|_| records.len() == 1),
        picture: None,
    };
    Ok((differing, reply))
}

/// Puts records in the place of what the same batch was to save of them.
pub(super) fn supersede<T: Record>(saved: &mut Vec<T>, changed: Vec<T>) {
    let ids: BTreeSet<_> = changed.iter().map(Record::id).collect();
    saved.retain(|known| !ids.contains(&known.id()));
    saved.extend(changed);
}

impl Desk<'_> {
    pub(super) fn must_be_admin(&self, order: &Order) -> Result<(), Refusal> {
        self.actor(order)?.map_or(Ok(()), access::admin)
    }

    pub(super) fn journal<T: Clone>(
        &mut self,
        order: &Order,
        records: &[T],
        event: impl Fn(Vec<T>) -> Event,
    ) -> Result<(), Stop> {
        for chunk in records.chunks(ENTRY_RECORDS) {
            self.record(order, &order.actor, About::default(), event(chunk.to_vec()))?;
        }
        Ok(())
    }

    pub(super) fn save_courses(&mut self, order: &Order, courses: &[Course]) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let (changed, reply) = differing(courses, |id| self.world.courses.get(&id.into()).cloned())?;
        let mut after: BTreeMap<_, _> = self.world.courses.as_ref().clone();
        after.extend(changed.iter().map(|course| (course.id, course.clone())));
        let mut problems = Problems::of(courses.len());
        for (at, course) in courses.iter().enumerate() {
            for (pointer, ids) in
                [("/prerequisites", &course.prerequisites), ("/equivalents", &course.equivalents)]
            {
                for id in ids.iter().filter(|id| !after.contains_key(id)) {
                    problems.add(at, Refusal::invalid(pointer, format!("course {id} does not exist")))?;
                }
            }
        }
        if let Some(circle) = prerequisite::cycle(&after) {
            let path = circle.iter().map(|id| after[id].title.clone()).collect();
            let at = courses.iter().position(|course| circle.contains(&course.id)).unwrap_or(0);
            problems.add(at, Refusal::PrerequisiteCycle { path })?;
        }
        problems.finish()?;
        self.journal(order, &changed, Event::CoursesSaved)?;
        supersede(&mut self.changes.courses, changed);
        Ok(reply)
    }

    pub(super) fn save_dealers(&mut self, order: &Order, dealers: &[Dealer]) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let (changed, reply) = differing(dealers, |id| self.world.dealers.get(&id.into()).cloned())?;
        self.journal(order, &changed, Event::DealersSaved)?;
        supersede(&mut self.changes.dealers, changed);
        Ok(reply)
    }

    pub(super) fn record_completions(
        &mut self,
        order: &Order,
        completions: &[Completion],
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let mut problems = Problems::of(completions.len());
        let mut new = Vec::new();
        for (at, completion) in completions.iter().enumerate() {
            if !self.world.people.contains_key(&completion.person) {
                problems.add(at, Refusal::invalid("/person", "this person does not exist"))?;
            }
            if !self.world.courses.contains_key(&completion.course) {
                problems.add(at, Refusal::invalid("/course", "this course does not exist"))?;
            }
            if completion.completed_at > self.context.now {
                problems.add(at, Refusal::invalid("/completed_on", "must not be in the future"))?;
            }
            if completion.completed_at < EARLIEST {
                problems.add(at, Refusal::invalid("/completed_on", "must not be before the year 1900"))?;
            }
            if self.world.completions_of(completion.person).binary_search(completion).is_err() {
                new.push(*completion);
            }
        }
        problems.finish()?;
        new.sort_unstable();
        new.dedup();
        self.journal(order, &new, Event::CompletionsRecorded)?;
        for completion in &new {
            self.unblock(completion.person);
        }
        let added = new.len();
        self.changes.completions.extend(new);
        Ok(Reply::Saved { added, changed: 0, one: None, picture: None })
    }

    pub(super) fn set_rule(&mut self, order: &Order, set: &Override) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        set.rule.check(set.value).map_err(|bad| Refusal::invalid("/value", bad.to_string()))?;
        self.not_muddled(&set.scope, set.rule, Some(set.value))?;
        self.record(order, &order.actor, About::default(), Event::RuleSet(set.clone()))?;
        self.changes.rules_set.push(set.clone());
        Ok(Reply::Done)
    }

    /// Nobody may come to have attended and to be a no-show by one rule. Where that is so already, it may stay until it is mended.
    fn not_muddled(&self, scope: &Scope, rule: Rule, value: Option<i64>) -> Result<(), Refusal> {
        let before = &self.world.rules;
        let mut after = before.clone();
        after.retain(|known| known.scope != *scope || known.rule != rule);
        after.extend(value.map(|value| Override { scope: scope.clone(), rule, value }));
        if policy::muddled(&after).is_subset(&policy::muddled(before)) {
            return Ok(());
        }
        let (attended, no_show) = (Rule::AttendedShare.word(), Rule::NoShowShare.word());
        Err(Refusal::invalid("/value", format!("{attended} must not be below {no_show} anywhere")))
    }

    pub(super) fn clear_rule(&mut self, order: &Order, scope: &Scope, rule: Rule) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        self.not_muddled(scope, rule, None)?;
        self.record(order, &order.actor, About::default(), Event::RuleCleared(scope.clone(), rule))?;
        self.changes.rules_set.retain(|set| set.scope != *scope || set.rule != rule);
        self.changes.rules_cleared.push((scope.clone(), rule));
        Ok(Reply::Done)
    }

    pub(super) fn renew_feed(&mut self, order: &Order, digest: &str) -> Result<Reply, Stop> {
        let person = order.actor.person().ok_or_else(|| Refusal::not_found("person"))?;
        let about = About { learner: Some(person), ..About::default() };
        self.record(order, &order.actor, about, Event::FeedRenewed)?;
        self.world.feeds.insert(person, digest.to_owned());
        self.changes.feeds.push((person, digest.to_owned()));
        Ok(Reply::Done)
    }
}
