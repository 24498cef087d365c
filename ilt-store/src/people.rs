//! People by name, and the roster of a session.

use std::collections::BTreeMap;

use ilt_core::access::Sight;
use ilt_core::catalog::Person;
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::{PeopleQuery, Roster, RosterLine, StoreError};
use ilt_core::text::folded;

use crate::rows;
use crate::seam::{Param, Pool, Tx};

/// The people that a [`Sight`] of `$1` (their own id), `$2` (whose teams they decide for), `$3` (dealers at which they do) and `$4` (their dealers) reaches.
macro_rules! in_reach {
    () => {
        "(p.id = $1 OR (p.manager_id {in $2} AND p.dealer_id {in $3}) OR p.dealer_id {in $4})"
    };
}

/// The same, or everybody when `$1` is empty.
macro_rules! in_sight {
    () => {
        "($1 IS NULL OR p.id = $1 OR (p.manager_id {in $2} AND p.dealer_id {in $3}) OR p.dealer_id {in $4})"
    };
}
pub(crate) use {in_reach, in_sight};

/// The parameters `$1` to `$4` of a sight.
pub(crate) fn reach(sight: &Sight) -> [Param; 4] {
    match sight {
        Sight::Everyone => {
            [Param::MaybeId(None), Param::Ids(Vec::new()), Param::Ids(Vec::new()), Param::Ids(Vec::new())]
        }
        Sight::Some { own, teams, team_at, dealers } => {
            let ids = |list: &[ilt_core::ids::DealerId]| Param::Ids(list.iter().map(|id| id.0).collect());
            let teams = Param::Ids(teams.iter().map(|id| id.0).collect());
            [Param::MaybeId(Some(own.0)), teams, ids(team_at), ids(dealers)]
        }
    }
}

macro_rules! page {
    ($whose:expr) => {
        concat!(
            "SELECT p.* FROM person p WHERE ",
            $whose,
            r" AND (p.folded LIKE $5 ESCAPE '\' OR p.email LIKE $5 ESCAPE '\')
               AND ($6 IS NULL OR p.dealer_id = $6)
               AND (p.folded, p.id) > ($7, $8)
             ORDER BY p.folded, p.id LIMIT $9"
        )
    };
}

pub(crate) async fn page(pool: &Pool, query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
    let text = match query.sight {
        Sight::Everyone => page!("true"),
        Sight::Some { .. } => page!(in_reach!()),
    };
    let [own, teams, team_at, dealers] = reach(&query.sight);
    let after = query.after.as_ref();
    let params = vec![
        own,
        teams,
        team_at,
        dealers,
        Param::Text(containing(query.text.as_deref().unwrap_or_default())),
        Param::MaybeId(query.dealer),
        Param::Text(after.map_or_else(String::new, |cursor| cursor.value.clone())),
        Param::Id(after.map_or(uuid::Uuid::nil(), |cursor| cursor.id)),
        Param::Int(query.limit.into()),
    ];
    pool.rows(text, params).await?.iter().map(rows::person).collect()
}

pub(crate) async fn by_mail(pool: &Pool, mail: &str) -> Result<Option<PersonId>, StoreError> {
    // Nobody has such an address, and PostgreSQL would take the question for a fault.
    if mail.contains('\0') {
        return Ok(None);
    }
    let text = "SELECT id FROM person WHERE email = $1 ORDER BY active DESC, id LIMIT 1";
    let found = pool.rows(text, vec![Param::Text(mail.to_owned())]).await?;
    found.first().map(|row| row.id("id").map(PersonId)).transpose()
}

/// A pattern that matches whatever contains `text`, folded, letter for letter.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in folded(text).chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern + "%"
}

/// Who comes to a session. `tx` shows one consistent view, so that its seats are those of its lines.
pub(crate) async fn roster(
    mut tx: Tx,
    session: SessionId,
    sight: &Sight,
) -> Result<Option<Roster>, StoreError> {
    let found = tx.rows("SELECT * FROM session WHERE id = $1", vec![Param::Id(session.0)]).await?;
    let Some(found) = found.first().map(rows::session).transpose()? else { return Ok(None) };
    let text = "SELECT r.*, CASE WHEN r.status = 'waitlisted'
                          THEN row_number() OVER (PARTITION BY r.status ORDER BY r.turn, r.since, r.id) END AS position
           FROM registration r
          WHERE r.session_id = $1 AND r.status IN ('confirmed', 'held', 'waitlisted', 'offered')";
    let lines = tx.rows(text, vec![Param::Id(session.0)]).await?;
    let lines = lines.iter().map(rows::placed).collect::<Result<Vec<_>, _>>()?;
    let learners = Param::Ids(lines.iter().map(|(registration, _)| registration.learner.0).collect());
    let text = concat!("SELECT p.* FROM person p WHERE p.id {in $5} AND ", in_sight!());
    let [own, teams, team_at, dealers] = reach(sight);
    let people = tx.rows(text, vec![own, teams, team_at, dealers, learners]).await?;
    let people: BTreeMap<PersonId, Person> = people
        .iter()
        .map(|row| rows::person(row).map(|person| (person.id, person)))
        .collect::<Result<_, _>>()?;
    let mut lines: Vec<_> = lines
        .into_iter()
        .filter_map(|(registration, position)| {
            let person = people.get(&registration.learner)?.clone();
            Some(RosterLine { registration, person, position })
        })
        .collect();
    lines.sort_by_cached_key(|line| (line.position, folded(&line.person.name), line.person.id));
    Ok(Some(Roster { session: found, lines }))
}
