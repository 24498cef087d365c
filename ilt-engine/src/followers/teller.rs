//! Tells of the journal in statements, which others send.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::calendar::References;
use ilt_core::desk::Ask;
use ilt_core::journal::Entry;
use ilt_core::ports::{Journal, Mirrors, Numbered, Reads, Statements, StoreError, TELLER};
use ilt_core::statement::{self, Style, Told};
use ilt_core::world::World;

use super::{Follower, Left, Turn, TurnFailed};
use crate::events::{BadSchema, Check, Names};

/// Entries told of at once.
const PAGE: u32 = 1_000;
/// Statements they come to, or little more.
const STATEMENTS: usize = 5_000;

/// Tells of the journal in statements.
pub struct Teller {
    journal: Arc<dyn Journal>,
    reads: Arc<dyn Reads>,
    statements: Arc<dyn Statements>,
    /// By which names calendars know what is told of; absent where there are none.
    mirrors: Option<Arc<dyn Mirrors>>,
    style: Style,
    check: Arc<Check>,
}

#[async_trait]
impl Follower for Teller {
    fn name(&self) -> &'static str {
        TELLER
    }

    async fn left(&self) -> Result<Left, StoreError> {
        let at = self.journal.checkpoint(TELLER).await?;
        let (first, head) = (self.journal.after(at, 1).await?, self.journal.head().await?);
        Ok(Left { behind: head.saturating_sub(at), since: first.first().map(|entry| entry.at) })
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let from = self.journal.checkpoint(TELLER).await?;
        let mut entries = self.journal.after(from, PAGE).await?;
        let (few, subjects) = as_many_as(STATEMENTS, &entries);
        let is_all = entries.len() < PAGE as usize && few == entries.len();
        entries.truncate(few);
        let Some(last) = entries.last().map(|entry| entry.sequence) else { return Ok(Turn::default()) };
        let told = self.tell(&entries, &subjects).await?;
        let behind = if is_all { 0 } else { self.journal.head().await?.saturating_sub(last) };
        // When another host was faster, it is told of all the same.
        self.statements.keep_told(from, last, &told).await?;
        Ok(Turn { done: last - from, behind })
    }
}

/// How many entries can be told of in about so many statements, one at least, and what they may correct. An import of completions
/// or courses has many in an entry.
fn as_many_as(statements: usize, entries: &[Entry]) -> (usize, Vec<String>) {
    let (mut so_far, mut subjects) = (0, Vec::new());
    for (place, entry) in entries.iter().enumerate() {
        so_far += statement::Teller::count(entry);
        if place > 0 && so_far > statements {
            return (place, subjects);
        }
        subjects.extend(statement::Teller::subjects(entry));
    }
    (entries.len(), subjects)
}

impl Teller {
    /// One who reads what happened and what is known of those it happened to, and keeps statements that name things so.
    ///
    /// # Errors
    /// [`BadSchema`] when a name makes a schema that cannot be used.
    pub fn new(
        journal: Arc<dyn Journal>,
        reads: Arc<dyn Reads>,
        statements: Arc<dyn Statements>,
        names: Names,
    ) -> Result<Self, BadSchema> {
        let check = Arc::new(Check::new(&names)?);
        Ok(Self { journal, reads, statements, mirrors: None, style: names.style, check })
    }

    /// The same, where there are calendars.
    #[must_use]
    pub fn with_mirrors(self, mirrors: Option<Arc<dyn Mirrors>>) -> Self {
        Self { mirrors, ..self }
    }

    /// One that names things alike, and follows another journal.
    #[must_use]
    pub fn at(
        &self,
        journal: Arc<dyn Journal>,
        reads: Arc<dyn Reads>,
        statements: Arc<dyn Statements>,
    ) -> Self {
        let (style, check) = (self.style.clone(), self.check.clone());
        Self { journal, reads, statements, mirrors: None, style, check }
    }

    /// Tells anew of what was not as its schema says, with the same ids: whatever made it so may be mended by now. What still is
    /// at fault is left out, and what was corrected since.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn retell(&self, faulty: &[Numbered]) -> Result<Vec<Told>, StoreError> {
        let subjects: Vec<_> = faulty.iter().filter_map(|it| it.told.subject.clone()).collect();
        let last = self.statements.last_told(&subjects).await?;
        let is_last = |told: &Told| told.subject.as_ref().is_none_or(|it| last.get(it) == Some(&told.id));
        let wanted: BTreeMap<_, _> =
            faulty.iter().filter(|it| is_last(&it.told)).map(|it| (it.told.id, it.told.sequence)).collect();
        let mut entries = Vec::with_capacity(wanted.len());
        for sequence in wanted.values().copied().collect::<BTreeSet<_>>() {
            entries.extend(self.journal.after(sequence.saturating_sub(1), 1).await?);
        }
        let world = self.world(&entries).await?;
        // Each for itself, and nothing is taken back: nobody ever heard of it.
        let references = self.references(&entries).await?;
        let teller = || statement::Teller::new(&self.style, &world, BTreeMap::new());
        let tell = |entry| teller().with_references(references.clone()).tell(entry);
        let told = entries.iter().flat_map(tell).map(|told| self.checked(told));
        Ok(told.filter(|it| it.fault.is_none() && wanted.contains_key(&it.id)).collect())
    }

    async fn tell(&self, entries: &[Entry], subjects: &[String]) -> Result<Vec<Told>, StoreError> {
        let world = self.world(entries).await?;
        let last = self.statements.last_told(subjects).await?;
        let references = self.references(entries).await?;
        let mut teller = statement::Teller::new(&self.style, &world, last).with_references(references);
        Ok(entries.iter().flat_map(|entry| teller.tell(entry)).map(|told| self.checked(told)).collect())
    }

    async fn references(&self, entries: &[Entry]) -> Result<References, StoreError> {
        let Some(mirrors) = &self.mirrors else { return Ok(References::default()) };
        mirrors.references(&entries.iter().filter_map(|entry| entry.session).collect()).await
    }

    /// What must be known to tell of these.
    async fn world(&self, entries: &[Entry]) -> Result<World, StoreError> {
        let mut world = self.reads.look(&statement::needs(entries)).await?;
        let teach = world.sessions.values().flat_map(|it| it.instructors.clone());
        let unknown: BTreeSet<_> = teach.filter(|id| !world.people.contains_key(id)).collect();
        if !unknown.is_empty() {
            let instructors = self.reads.look(&Ask { named: unknown, ..Ask::default() }).await?;
            world.people.extend(instructors.people);
        }
        Ok(world)
    }

    fn checked(&self, told: Told) -> Told {
        let fault = self.check.fault(told.topic, told.verb, &told.body);
        if let Some(fault) = &fault {
            tracing::error!(statement = %told.id, fault, "a statement is not as its schema says");
            metrics::counter!("ilt_statements_faulty_total").increment(1);
        }
        Told { fault, ..told }
    }
}
