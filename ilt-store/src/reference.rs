//! Courses, locations, dealers, rules and plugins: read by every decision, changed by hardly any.
//!
//! They are kept in memory with the version they had. Each transaction reads the version, so that a change made through
//! another host a moment ago is seen, and loads them anew only when it has moved.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use ilt_core::catalog::{Course, Dealer, Location};
use ilt_core::ids::{CourseId, DealerId, LocationId, PluginId};
use ilt_core::plugin::Plugin;
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::ports::StoreError;

use crate::error::corrupt;
use crate::rows;
use crate::seam::{Row, Tx};

/// What everything refers to, as of a version.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reference {
    pub version: i64,
    pub courses: Arc<BTreeMap<CourseId, Course>>,
    pub locations: Arc<BTreeMap<LocationId, Location>>,
    pub dealers: Arc<BTreeMap<DealerId, Dealer>>,
    pub rules: Vec<Override>,
    pub plugins: Arc<BTreeMap<PluginId, Plugin>>,
}

/// The reference last loaded.
#[derive(Debug, Default)]
pub(crate) struct ReferenceCache(RwLock<Option<Reference>>);

impl ReferenceCache {
    /// The reference as this transaction sees it. With `lock`, nobody else changes it until the transaction ends.
    pub(crate) async fn load(&self, tx: &mut Tx, lock: bool) -> Result<Reference, StoreError> {
        let text =
            if lock { "SELECT version FROM reference {lock}" } else { "SELECT version FROM reference" };
        let rows = tx.rows(text, Vec::new()).await?;
        let version = rows.first().ok_or_else(|| corrupt("the reference has no version"))?.int("version")?;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.version == version) {
            return Ok(known);
        }
        let loaded = load(tx, version).await?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
        Ok(loaded)
    }
}

async fn load(tx: &mut Tx, version: i64) -> Result<Reference, StoreError> {
    let courses = all(tx, "SELECT * FROM course", rows::course).await?;
    let locations = all(tx, "SELECT * FROM location", rows::location).await?;
    let dealers = all(tx, "SELECT * FROM dealer", rows::dealer).await?;
    let rules =
        all(tx, "SELECT scope, scope_of, rule, value FROM rule ORDER BY scope, scope_of, rule", rule).await?;
    let plugins = all(tx, "SELECT body FROM plugin", |row| row.json::<Plugin>("body")).await?;
    Ok(Reference {
        version,
        courses: Arc::new(courses.into_iter().map(|course| (course.id, course)).collect()),
        locations: Arc::new(locations.into_iter().map(|location| (location.id, location)).collect()),
        dealers: Arc::new(dealers.into_iter().map(|dealer| (dealer.id, dealer)).collect()),
        rules,
        plugins: Arc::new(plugins.into_iter().map(|plugin| (plugin.id, plugin)).collect()),
    })
}

async fn all<T>(
    tx: &mut Tx,
    text: &'static str,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    tx.rows(text, Vec::new()).await?.iter().map(read).collect()
}

fn rule(row: &Row) -> Result<Override, StoreError> {
    let (scope, of, word) = (row.text("scope")?, row.text("scope_of")?, row.text("rule")?);
    let scope = match scope.as_str() {
        "global" => Scope::Global,
        "dealer-group" => Scope::DealerGroup(of),
        "course" => Scope::Course(of.parse().map_err(corrupt)?),
        other => return Err(corrupt(format!("rule scope {other}"))),
    };
    let rule = Rule::from_word(&word).ok_or_else(|| corrupt(format!("rule {word}")))?;
    Ok(Override { scope, rule, value: row.int("value")? })
}

/// A scope as it is kept: its word, and of what.
pub(crate) fn scope_words(scope: &Scope) -> (&'static str, String) {
    match scope {
        Scope::Global => ("global", String::new()),
        Scope::DealerGroup(group) => ("dealer-group", group.clone()),
        Scope::Course(course) => ("course", course.to_string()),
    }
}
