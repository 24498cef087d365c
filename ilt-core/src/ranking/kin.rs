//! Which courses can stand in for which, and how well.

use std::collections::BTreeMap;

use crate::catalog::Course;
use crate::ids::CourseId;
use crate::ranking::numbers::Numbers;
use crate::ranking::{Learner, score};

/// What courses have in common, in small numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Kin {
    topics: Numbers<String>,
    tracks: Numbers<String>,
    /// By the course's number; `None` for a number without a course.
    traits: Vec<Option<Traits>>,
}

#[derive(Debug, Clone)]
struct Traits {
    /// Ascending, each once.
    topics: Vec<usize>,
    track: Option<usize>,
    equivalents: Vec<usize>,
    /// For each prerequisite the courses of which one must be held.
    needs: Vec<Vec<usize>>,
}

/// A course that can stand in, by number, and how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StandIn {
    pub course: usize,
    pub relevance: f64,
    /// Whether it is the wanted course, or counts as it. Sessions of these come before all others.
    pub is_same: bool,
}

impl Kin {
    /// What `courses` have in common.
    pub fn of(courses: &BTreeMap<CourseId, Course>, numbers: &mut Numbers<CourseId>) -> Self {
        let mut kin = Self::default();
        for course in courses.values() {
            let number = numbers.give(&course.id);
            let traits = kin.traits_of(course, courses, numbers);
            if kin.traits.len() <= number {
                kin.traits.resize(number + 1, None);
            }
            kin.traits[number] = Some(traits);
        }
        kin
    }

    /// The courses that can stand in for `wanted`, itself among them, best first: never one whose prerequisites are not
    /// held, nor, but for `wanted`, one that is held already.
    pub fn stand_ins(
        &self,
        wanted: usize,
        learner: &Learner<'_>,
        numbers: &Numbers<CourseId>,
    ) -> Vec<StandIn> {
        let Some(Some(sought)) = self.traits.get(wanted) else { return Vec::new() };
        let profile = Profile::of(self, learner, numbers);
        let mut found = Vec::new();
        for (course, traits) in self.traits.iter().enumerate() {
            let Some(traits) = traits else { continue };
            let is_same = course == wanted || sought.equivalents.contains(&course);
            let relevance = if course == wanted {
                score::SAME_COURSE
            } else if is_same {
                score::EQUIVALENT
            } else {
                let is_same_track = traits.track.is_some() && traits.track == sought.track;
                let topics = likeness(&traits.topics, &sought.topics, sought.topics.len());
                score::kinship(is_same_track, topics, || profile.share(traits))
            };
            let is_superfluous = course != wanted && profile.holds_any(course, traits);
            if relevance > 0.0 && !is_superfluous && profile.unlocks(traits) {
                found.push(StandIn { course, relevance, is_same });
            }
        }
        found.sort_unstable_by(|one, other| {
            let by_relevance = other.relevance.total_cmp(&one.relevance);
            other.is_same.cmp(&one.is_same).then(by_relevance).then(one.course.cmp(&other.course))
        });
        found
    }

    fn traits_of(
        &mut self,
        course: &Course,
        courses: &BTreeMap<CourseId, Course>,
        numbers: &mut Numbers<CourseId>,
    ) -> Traits {
        let mut topics: Vec<_> = course.topics.iter().map(|topic| self.topics.give(topic)).collect();
        topics.sort_unstable();
        topics.dedup();
        let mut give = |ids: &[CourseId]| ids.iter().map(|id| numbers.give(id)).collect::<Vec<_>>();
        // A prerequisite that is not in the catalogue keeps nobody out, here as in `prerequisite::missing`.
        let known = course.prerequisites.iter().filter_map(|id| courses.get(id));
        let needs = known.map(|needed| [give(&[needed.id]), give(&needed.equivalents)].concat()).collect();
        let equivalents = give(&course.equivalents);
        let track = course.track.as_ref().map(|track| self.tracks.give(track));
        Traits { topics, track, equivalents, needs }
    }
}

/// What relevance asks of a learner.
struct Profile {
    /// By course number.
    holds: Vec<bool>,
    /// Tracks of what they hold, by number.
    tracks: Vec<bool>,
    /// Topics they care about that some course has, ascending.
    interests: Vec<usize>,
    /// How many topics they care about.
    all_interests: usize,
}

impl Profile {
    fn of(kin: &Kin, learner: &Learner<'_>, numbers: &Numbers<CourseId>) -> Self {
        let mut holds = vec![false; numbers.len()];
        let mut tracks = vec![false; kin.tracks.len()];
        for course in learner.holds.iter().filter_map(|id| numbers.get(id)) {
            holds[course] = true;
            if let Some(track) = kin.traits.get(course).and_then(Option::as_ref).and_then(|it| it.track) {
                tracks[track] = true;
            }
        }
        let mut wishes: Vec<&str> = learner.preferences.interests.iter().map(String::as_str).collect();
        wishes.sort_unstable();
        wishes.dedup();
        let mut interests: Vec<_> = wishes.iter().filter_map(|topic| kin.topics.get(*topic)).collect();
        interests.sort_unstable();
        Self { holds, tracks, interests, all_interests: wishes.len() }
    }

    /// How much a course is what this learner cares about, and continues what they have begun.
    fn share(&self, course: &Traits) -> f64 {
        let cares = likeness(&course.topics, &self.interests, self.all_interests);
        let continues = course.track.is_some_and(|track| self.tracks[track]);
        score::profile(cares, continues)
    }

    fn holds(&self, course: usize) -> bool {
        self.holds.get(course).is_some_and(|held| *held)
    }

    /// Whether a course, or one that counts as it, is held.
    fn holds_any(&self, course: usize, traits: &Traits) -> bool {
        self.holds(course) || traits.equivalents.iter().any(|other| self.holds(*other))
    }

    fn unlocks(&self, course: &Traits) -> bool {
        course.needs.iter().all(|one_of| one_of.iter().any(|course| self.holds(*course)))
    }
}

/// How much two ascending lists have in common, from 0 to 1 (Jaccard); the other one has `size` entries, of which some may
/// not be listed.
fn likeness(one: &[usize], other: &[usize], size: usize) -> f64 {
    let common = one.iter().filter(|entry| other.binary_search(entry).is_ok()).count();
    let all = one.len() + size - common;
    if all == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "lists of topics are short")]
    let share = common as f64 / all as f64;
    share
}
