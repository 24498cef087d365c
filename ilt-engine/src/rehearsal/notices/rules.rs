//! What is counted of advice on one question, as a table: Mia, the manager, hears with the digest, Ada, the learner, at once, and Ina, who
//! teaches, urgently; Dan looks after their dealer.

use ilt_core::catalog::Role;
use ilt_core::journal::Actor;
use ilt_core::notice::advice::Change::{Add, AtMinute, Mute, ToDigest};
use ilt_core::notice::advice::{Advice, Change, Pace, ToldAs, heed};
use ilt_core::opinion::Speaker;
use ilt_core::testing::Network;
use ilt_core::testing::plans::{id, in_role};
use ilt_core::testing::questions::telling;
use rstest::rstest;

use super::{Fate, Hears, Notices, Noticing, Shift};
use crate::hearing::Hearing;

fn noticing(changes: &[Change], examples: usize) -> Noticing {
    let mut network = Network::new();
    (40..42).for_each(|number| network.meet(in_role(id(number).into(), Role::DealerAdmin)));
    let by = Speaker { plugin: "quiet".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
    let advice = |change: &Change| Advice { by: by.clone(), change: *change, reason: "So.".to_owned() };
    let said = changes.iter().map(advice).collect();
    let (heard, faults) = heed(&telling(), &Actor::system("desk"), &network.world.people, said);
    let mut noticing = Noticing::new(examples);
    noticing.compare(&Hearing { telling: telling(), heard, faults });
    noticing
}

fn summary(found: &Notices) -> String {
    let changes = [
        (found.unchanged, Fate::Unchanged),
        (found.muted, Fate::Muted),
        (found.to_digest, Fate::ToDigest),
        (found.to_minute, Fate::ToMinute),
        (found.to_at_once, Fate::ToAtOnce),
    ];
    let changes = changes
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, fate)| format!("{count} {}", fate.word()));
    let added = found.added.iter().map(|(told_as, count)| format!("{count} {} added", told_as.word()));
    changes.chain(added).collect::<Vec<_>>().join(", ")
}

#[rstest]
#[case::nothing(&[], "3 unchanged", (0, 0, 0))]
#[case::not_told(&[Mute(0)], "2 unchanged, 1 muted", (0, 1, 0))]
#[case::what_has_to_be_heard(&[Mute(1)], "3 unchanged", (0, 0, 0))]
#[case::urgent(&[ToDigest(2), Mute(2)], "3 unchanged", (0, 0, 0))]
#[case::with_the_digest(&[ToDigest(1)], "2 unchanged, 1 to-digest", (0, 0, 1))]
#[case::with_the_digest_already(&[ToDigest(0)], "3 unchanged", (0, 0, 0))]
#[case::tomorrow_at_seven(&[AtMinute(1, 420)], "2 unchanged, 1 to-minute", (0, 0, 1))]
#[case::out_of_the_digest_at_noon(&[AtMinute(0, 720)], "2 unchanged, 1 to-minute", (0, 0, 1))]
#[case::at_the_minute_it_happened(&[AtMinute(1, 540)], "3 unchanged", (0, 0, 0))]
#[case::out_of_the_digest_that_minute(&[AtMinute(0, 540)], "2 unchanged, 1 to-at-once", (0, 0, 1))]
#[case::sooner(&[Add(ToldAs::Manager, Pace::AtOnce)], "2 unchanged, 1 to-at-once", (0, 0, 1))]
#[case::told_already(&[Add(ToldAs::Learner, Pace::AtOnce)], "3 unchanged", (0, 0, 0))]
#[case::told_as_well(&[Add(ToldAs::DealerAdmin, Pace::Digest)], "3 unchanged, 3 dealer-admin added", (3, 0, 0))]
#[case::told_before_and_as_well(&[Add(ToldAs::Approver, Pace::AtOnce)], "2 unchanged, 1 to-at-once, 3 approver added", (3, 0, 1))]
#[case::all_at_once(&[Mute(0), ToDigest(1), Add(ToldAs::DealerAdmin, Pace::AtOnce)], "1 unchanged, 1 muted, 1 to-digest, 3 dealer-admin added", (3, 1, 1))]
fn what_becomes_of_notices(#[case] changes: &[Change], #[case] counts: &str, #[case] shift: (u64, u64, u64)) {
    let found = noticing(changes, 10).found;
    assert_eq!(summary(&found), counts);
    assert_eq!((found.asked, found.urgently, found.at_once, found.digest), (1, 1, 1, 1), "without advice");
    let of_kind = found.kinds.get("attendance.settled").copied().unwrap_or_default();
    let (more, fewer, moved) = shift;
    assert_eq!(of_kind, Shift { more, fewer, moved });
    assert_eq!(found.examples.len() as u64, more + fewer + moved);
    let told = found.unchanged + found.muted + found.to_digest + found.to_minute + found.to_at_once;
    assert_eq!(told, 3, "each is counted once");
}

#[test]
fn examples_are_counted_out_and_name_who_hears_when_and_why() {
    let found = noticing(&[Mute(0), AtMinute(1, 420), Add(ToldAs::DealerAdmin, Pace::AtOnce)], 3).found;
    assert_eq!((found.examples.len(), found.added[&ToldAs::DealerAdmin]), (3, 3));
    let said: Vec<_> = found
        .examples
        .iter()
        .map(|it| {
            (it.person, it.told_as, it.change, it.before, it.after, it.from.map(|from| from.to_string()))
        })
        .collect();
    let seven = Some("2027-03-02T06:00:00Z".to_owned());
    assert_eq!(
        said,
        [
            (Network::MIA, ToldAs::Manager, Fate::Muted, Hears::Digest, Hears::Never, None),
            (Network::ADA, ToldAs::Learner, Fate::ToMinute, Hears::AtOnce, Hears::Later, seven),
            (Network::DAN, ToldAs::DealerAdmin, Fate::Added, Hears::Never, Hears::AtOnce, None),
        ]
    );
    let one = &found.examples[0];
    assert_eq!((one.at, one.kind, one.learner), (telling().happening.at, "attendance.settled", Network::ADA));
    assert_eq!(
        (one.session, one.plugin.as_str(), one.reason.as_str()),
        (Some(id(100).into()), "quiet", "So.")
    );
}

#[test]
fn what_is_wrong_with_advice_is_counted() {
    let noticing = noticing(&[Mute(1), Mute(9), Mute(9)], 3);
    let counts: Vec<_> = noticing.faults.0.values().copied().collect();
    assert_eq!((noticing.found.unchanged, counts), (3, vec![2, 1]));
}

#[test]
fn each_has_one_word() {
    let words = |word: &str| serde_json::Value::from(word);
    assert!(Hears::ALL.iter().all(|it| serde_json::to_value(it).is_ok_and(|said| said == words(it.word()))));
    assert!(Fate::ALL.iter().all(|it| serde_json::to_value(it).is_ok_and(|said| said == words(it.word()))));
}
