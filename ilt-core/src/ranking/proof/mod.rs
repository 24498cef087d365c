//! That looking at few sessions finds what looking at all of them would, on worlds nobody thought of.

mod worlds;

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::ids::{CourseId, SessionId};
use crate::opinion::Adjusted;
use crate::ranking::hunt::{Hunt, Scored, View};
use crate::ranking::rules::{Town, WANTED, id, now};
use crate::ranking::score::{self, Terms};
use crate::ranking::{Catalogue, Learner, alternatives};
use crate::session::Session;
use worlds::any_town;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The three that are offered are the three best of all that the rules let in.
    #[test]
    fn offered_is_the_best_of_all(town in any_town()) {
        let offered: Vec<_> = town.offered().into_iter().map(|told| (told.session, told.score)).collect();
        prop_assert_eq!(offered, by_hand(&town));
    }

    /// So it is when one thing is put aside, which is how the sentences of "what would have to change" are found.
    #[test]
    fn every_view_finds_its_best(
        town in any_town(), aside in 0..3_usize, worth in 0.0..=1.0_f64, above in -0.1..1.0_f64, most in 1..4_usize
    ) {
        let catalogue = Catalogue::new(&town.world);
        town.as_learner(|ada| {
            let hunt = hunt(&town, &catalogue, ada);
            let mut view = View { counts: &|slot| slot.id.0.as_u128() % 3 > 0, ..hunt.plain_view() };
            match aside {
                0 => view.proximity.iter_mut().step_by(2).for_each(|near| *near = near.map(|_| worth)),
                1 => view.soon_at_least = worth,
                _ => view.seats_at_least = worth,
            }
            view.proximity[1] = None;
            let all = seen(&town, &catalogue, &hunt, &view);
            let told = |found: &[Scored]| found.iter().map(|one| (one.id, one.score)).collect::<Vec<_>>();
            prop_assert_eq!(told(&hunt.best(&view, most)), told(&all[..most.min(all.len())]));
            for is_same in [true, false] {
                let counts = |one: &&Scored| one.is_same == is_same && one.score > above;
                let expected: Vec<_> = all.iter().filter(counts).take(most).copied().collect();
                prop_assert_eq!(told(&hunt.best_of(is_same, &view, most, above)), told(&expected));
            }
            Ok(())
        })?;
    }

    /// Each sentence is kept: what is offered with seats has them, and everything has a score that its parts add up to.
    #[test]
    fn what_is_told_is_so(town in any_town()) {
        let catalogue = Catalogue::new(&town.world);
        let wanted = &town.world.sessions[&SessionId(id(WANTED))];
        town.as_learner(|ada| {
            for one in alternatives(&catalogue, ada, wanted, town.weights, &Adjusted::new(), now()) {
                let parts = [one.parts.proximity, one.parts.availability, one.parts.relevance];
                prop_assert!(parts.iter().all(|part| (0.0..=1.0).contains(part)), "{parts:?}");
                prop_assert!((score::sum(one.parts, score::shares(town.weights)) - one.score).abs() < 1e-12);
                let open = one.candidate.session.seats.open();
                prop_assert_eq!(one.reason.contains("open"), open > 0);
                prop_assert_eq!(one.reason.contains("full"), open == 0);
            }
            Ok(())
        })?;
    }
}

/// Everything the rules let in, scored one by one.
fn by_hand(town: &Town) -> Vec<(SessionId, f64)> {
    let wanted = &town.world.sessions[&SessionId(id(WANTED))];
    let shares = score::shares(town.weights);
    town.as_learner(|ada| {
        let mut all: Vec<_> = town
            .world
            .sessions
            .values()
            .filter(|session| session.id != wanted.id && town.may_take(session))
            .filter_map(|session| {
                let relevance = relevance_by_hand(town, ada, session, wanted)?;
                let place = town.world.locations.get(&session.location)?.place;
                let days = session.starts_at().duration_since(wanted.starts_at()).as_secs_f64() / 86_400.0;
                let terms = Terms {
                    proximity: score::proximity(ada.places.first().map(|from| from.kilometres_to(place))),
                    soon: score::suited(score::soon(days), ada.preferences.suits(&session.parts)),
                    seats: score::seats(session.seats.open(), session.seats.waitlisted),
                    in_time: f64::from(u8::from(ada.deadline.is_none_or(|end| session.ends_at() <= end))),
                    relevance,
                };
                Some((score::sum(terms.parts(), shares), session))
            })
            .collect();
        let sought = &town.world.courses[&wanted.course];
        let is_same = |it: &Session| it.course == sought.id || sought.equivalents.contains(&it.course);
        all.sort_by(|(score, one), (other_score, other)| {
            let by_course = is_same(other).cmp(&is_same(one));
            let by_start = (one.starts_at(), one.id).cmp(&(other.starts_at(), other.id));
            by_course.then(other_score.total_cmp(score)).then(by_start)
        });
        all.into_iter().take(3).map(|(score, session)| (session.id, score)).collect()
    })
}

fn relevance_by_hand(town: &Town, ada: &Learner<'_>, session: &Session, wanted: &Session) -> Option<f64> {
    let course = town.world.courses.get(&session.course)?;
    let sought = town.world.courses.get(&wanted.course)?;
    if course.id == sought.id {
        return Some(score::SAME_COURSE);
    }
    let holds = |id: &CourseId| ada.holds.contains(id);
    if holds(&course.id) || course.equivalents.iter().any(holds) {
        return None;
    }
    if sought.equivalents.contains(&course.id) {
        return Some(score::EQUIVALENT);
    }
    let tracks: BTreeSet<_> =
        ada.holds.iter().filter_map(|id| town.world.courses[id].track.as_ref()).collect();
    let continues = course.track.as_ref().is_some_and(|track| tracks.contains(track));
    let profile = || score::profile(jaccard(&course.topics, &ada.preferences.interests), continues);
    let is_same_track = course.track.is_some() && course.track == sought.track;
    let relevance = score::kinship(is_same_track, jaccard(&course.topics, &sought.topics), profile);
    (relevance > 0.0).then_some(relevance)
}

#[expect(clippy::cast_precision_loss, reason = "four topics")]
fn jaccard(one: &[String], other: &[String]) -> f64 {
    let (one, other): (BTreeSet<_>, BTreeSet<_>) = (one.iter().collect(), other.iter().collect());
    let all = one.union(&other).count();
    if all == 0 { 0.0 } else { one.intersection(&other).count() as f64 / all as f64 }
}

fn hunt<'a>(town: &Town, catalogue: &'a Catalogue, ada: &'a Learner<'a>) -> Hunt<'a, 'a> {
    Hunt::new(catalogue, ada, &town.world.sessions[&SessionId(id(WANTED))], town.weights, now())
}

/// Every session, seen in a view, best first.
fn seen(town: &Town, catalogue: &Catalogue, hunt: &Hunt<'_, '_>, view: &View<'_>) -> Vec<Scored> {
    let mut all = Vec::new();
    for stand_in in &hunt.stand_ins {
        for slot in catalogue.shelf.of_course(stand_in.course) {
            let near = view.proximity.get(slot.location).copied().flatten();
            let session = &town.world.sessions[&slot.id];
            let Some(near) = near.filter(|_| slot.id.0 != id(WANTED) && town.may_take(session)) else {
                continue;
            };
            let terms = hunt.terms(view, slot, near, stand_in.relevance);
            let score = score::sum(terms.parts(), hunt.shares);
            if (view.counts)(slot) {
                let (starts_at, id, location) = (slot.starts_at, slot.id, slot.location);
                all.push(Scored { score, terms, starts_at, id, location, is_same: stand_in.is_same });
            }
        }
    }
    all.sort_by(Scored::order);
    all
}
