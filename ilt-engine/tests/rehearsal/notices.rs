//! Notices: what is asked again is what whoever sends them would have asked at once, and what differs is told.

use std::sync::Arc;

use ilt_core::attendance::Outcome;
use ilt_core::catalog::Person;
use ilt_core::desk::Command;
use ilt_core::ids::PersonId;
use ilt_core::journal::{Entry, Event};
use ilt_core::notice::advice::{Change, Pace, Telling, ToldAs, When};
use ilt_core::ports::NoRules;
use ilt_engine::rehearsal::{Fate, Hears, Notices, Report, Unasked, Window, rehearse};
use tokio_util::sync::CancellationToken;

use crate::advising::Advising;
use crate::candidate::Lifting;
use crate::faithful::Forgetful;
use crate::team::{Team, admin, leader};
use crate::town::{dealer, learner, person, session};
use crate::{all, rehearsed};

/// Seats are nobody's business, what comes at once waits until seven, queues are told of at once, and of the third empty seat the dealer
/// admin hears too.
fn calmly(telling: &Telling) -> Vec<Change> {
    let of_kind = match telling.happening.kind {
        "registration.confirmed" => Change::Mute(0),
        "registration.waitlisted" => Change::Add(ToldAs::Manager, Pace::AtOnce),
        "attendance.settled" if telling.happening.outcome == Some(Outcome::NoShow) => Change::ToDigest(0),
        "registration.cancelled" if telling.happening.late => Change::AtMinute(0, 420),
        _ => return Vec::new(),
    };
    let again = Change::Add(ToldAs::DealerAdmin, Pace::AtOnce);
    let stayed_away = telling.happening.no_shows >= 3 && telling.happening.outcome == Some(Outcome::NoShow);
    [of_kind].into_iter().chain(stayed_away.then_some(again)).collect()
}

/// A year of the team of dealer 1, in which something of everything is told; and of learner 2, whose dealer has no advice.
async fn year() -> Team {
    let mut team = Team::found(Advising::new(1, calmly)).await;
    team.plan(1, 1, 20, 1).await;
    let seat = team.register(1, 1).await;
    team.register(3, 1).await;
    team.register(2, 1).await;
    team.plan(1, 1, 22, 1).await;
    team.plan(9, 2, 21, 1).await;
    let left_late = team.register(4, 9).await;
    team.pass_hours(20 * 24 + 3).await;
    team.cancel(seat).await;
    team.cancel(left_late).await;
    for number in 2..=4 {
        team.stays_away(1, number, 1).await;
        team.pass(50).await;
    }
    team.stays_away(2, 5, 1).await;
    let corrected = team.stays_away(3, 6, 1).await;
    team.mark(6, corrected, 360).await;
    team.complete(&[1, 2, 4, 7].map(learner)).await;
    team.pass(160).await;
    team.stays_away(1, 7, 1).await;
    let moved = Person { dealer: Some(dealer(2)), version: 0, ..person(4) };
    team.ask(Command::SavePeople(vec![moved])).await;
    team.plan(8, 1, 20, 5).await;
    let seat = team.register(4, 8).await;
    team.cancel(seat).await;
    team
}

async fn asked_again(team: &Team, window: Window) -> (Report, Vec<Telling>) {
    let candidate = Advising::new(1, calmly);
    let report = rehearsed(&team.town, candidate.clone(), window).await;
    (report, candidate.asked())
}

/// Of a journal of which some is lost.
async fn half_remembered(team: &Team, lost: fn(&Entry) -> bool) -> (Report, Vec<Telling>) {
    let candidate = Advising::new(1, calmly);
    let journal = Arc::new(Forgetful { store: team.town.store.clone(), first: 1, lost });
    let never = CancellationToken::new();
    let report = rehearse(journal, Arc::new(candidate.clone()), all(), |_| {}, &never).await;
    (report.expect("a report"), candidate.asked())
}

#[tokio::test]
async fn what_is_asked_again_is_what_was_asked_at_once() {
    let team = year().await;
    let (report, asked) = asked_again(&team, all()).await;
    assert_eq!(asked, team.live.asked(), "{report}");
    assert!(asked.len() >= 20, "{} questions say little", asked.len());
    assert_eq!((report.misfits, report.notices.asked), (0, asked.len() as u64), "{report}");
    assert!(report.notices.unrepeated.is_empty() && report.faults.is_empty(), "{report}");
}

/// The control: a rehearsal that does not know how often somebody stayed away asks something else, and somebody is not told.
#[tokio::test]
async fn without_an_empty_seat_of_the_year_the_dealer_admin_would_not_hear_of_the_third() {
    let team = year().await;
    let whole = asked_again(&team, all()).await.0.notices.added;
    let is_lost = |entry: &Entry| {
        entry.session == Some(session(2)) && matches!(entry.event, Event::AttendanceSettled { .. })
    };
    let (report, asked) = half_remembered(&team, is_lost).await;
    assert_ne!(asked, team.live.asked());
    assert_eq!(
        (whole, report.notices.added),
        ([(ToldAs::DealerAdmin, 2)].into(), [(ToldAs::DealerAdmin, 1)].into())
    );
}

#[tokio::test]
async fn more_and_fewer_notices_are_counted_and_told() {
    let team = year().await;
    let (report, _) = asked_again(&team, all()).await;
    let table = report.to_string();
    let section = table.split("\nNOTICES\n").nth(1).and_then(|it| it.split("\n\n").next());
    insta::assert_snapshot!(section.expect("a section"), @r"
      happened to these dealers' learners          22
      asked again, once for each of them           24
      told without the candidate                   23
        at once                                    6
        with the digest                            17
      the same with the candidate                  9 (39.1 %)
      not told                                     7 (30.4 %)
      with the digest instead                      5 (21.7 %)
      at another minute instead                    1 (4.3 %)
      at once instead                              1 (4.3 %)
      told as well                                 2
        as dealer-admin                            2
      attendance.settled                           2 more, 0 fewer, 5 moved
      registration.cancelled                       0 more, 0 fewer, 1 moved
      registration.confirmed                       0 more, 7 fewer, 0 moved
      registration.waitlisted                      0 more, 0 fewer, 1 moved
    ");
    let kinds: Vec<_> = report.notices.examples.iter().map(|it| (it.kind, it.change)).collect();
    assert!(kinds.contains(&("registration.cancelled", Fate::ToMinute)), "{kinds:?}");
    let later = report.notices.examples.iter().find(|it| it.after == Hears::Later).expect("one");
    assert_eq!(
        later.from.map(|it| it.to_string()).as_deref(),
        Some("2027-03-22T06:00:00Z"),
        "seven in Berlin"
    );
    let rows: Vec<_> = report.rows().filter(|row| row[0] == "notice").collect();
    assert_eq!(rows.len(), report.notices.examples.len());
    let row = rows.iter().find(|row| row[7] == "added").expect("a row");
    let (admin, learner) = (admin(1).to_string(), learner(1).to_string());
    assert_eq!((&row[2], &row[11], row[12].as_str()), (&learner, &admin, "dealer-admin"));
    assert_eq!(
        (row[5].as_str(), row[6].as_str(), row[8].as_str(), row[9].as_str(), row[10].as_str()),
        ("never", "at-once", "calm", "We agreed so.", "attendance.settled")
    );
    let json = serde_json::to_value(&report).expect("JSON");
    let first = &json["notices"]["examples"][0];
    assert_eq!((&first["person"], &first["told_as"]), (&leader(1).to_string().into(), &"manager".into()));
    assert!(![json.to_string(), table].iter().any(|text| text.contains("Person ")), "no names");
}

/// What is told with the candidate is what whoever sends notices would have told.
#[tokio::test]
async fn what_is_counted_is_what_would_have_been_sent() {
    let team = year().await;
    let notices = asked_again(&team, all()).await.0.notices;
    let sent = team.heard.iter().filter(|it| it.telling.happening.dealer == Some(dealer(1)));
    let sent: Vec<_> = sent.flat_map(|it| &it.heard).collect();
    let muted = sent.iter().filter(|it| it.when == When::Never).count() as u64;
    assert_eq!(
        (notices.muted, sent.len() as u64),
        (muted, told(&notices) + notices.added.values().sum::<u64>())
    );
    let others = team.heard.iter().filter(|it| it.telling.happening.dealer == Some(dealer(2)));
    let others: Vec<_> = others.flat_map(|it| &it.heard).collect();
    assert!(others.len() >= 3 && others.iter().all(|it| it.advised.is_none()), "{others:?}");
}

fn told(notices: &Notices) -> u64 {
    notices.urgently + notices.at_once + notices.digest
}

#[tokio::test]
async fn a_window_knows_who_stayed_away_before_it() {
    let team = year().await;
    let whole = asked_again(&team, all()).await.0.notices;
    let added: Vec<_> = whole.examples.iter().filter(|it| it.change == Fate::Added).map(|it| it.at).collect();
    let window = Window { since: added[1], ..all() };
    let (report, asked) = asked_again(&team, window).await;
    assert_eq!(report.notices.added, [(ToldAs::DealerAdmin, 1)].into(), "{report}");
    assert!(asked.iter().all(|it| it.happening.at >= added[1]) && report.notices.asked < whole.asked);
    let until = Window { until: added[1], ..all() };
    let before = asked_again(&team, until).await.0.notices;
    assert_eq!(before.asked + report.notices.asked, whole.asked);
    let few = asked_again(&team, Window { examples: 2, ..all() }).await.0.notices;
    assert_eq!(few.examples, whole.examples[..2]);
    assert_eq!(Notices { examples: Vec::new(), ..few }, Notices { examples: Vec::new(), ..whole });
}

#[tokio::test]
async fn nobody_is_asked_where_no_dealer_has_advice() {
    let team = year().await;
    let nobodys = Advising::new(3, calmly);
    let reports = [
        rehearsed(&team.town, nobodys.clone(), all()).await,
        rehearsed(&team.town, Lifting::default(), all()).await,
        rehearsed(&team.town, NoRules, all()).await,
    ];
    assert!(reports.iter().all(|it| it.notices == Notices::default()), "{}", reports[0]);
    assert!(nobodys.asked().is_empty());
}

#[tokio::test]
async fn what_is_settled_long_afterwards_cannot_be_asked_again() {
    let mut team = Team::found(Advising::new(1, calmly)).await;
    team.stays_away(1, 1, 29).await;
    team.stays_away(1, 2, 32).await;
    let (report, asked) = asked_again(&team, all()).await;
    assert_eq!(report.notices.unrepeated, [(Unasked::SessionUnknown, 1)].into(), "{report}");
    assert_eq!(asked.len() + 1, team.live.asked().len());
    assert!(report.to_string().contains("not asked again: the session is not known any more"), "{report}");
}

fn saves(entry: &Entry, person: PersonId) -> bool {
    matches!(&entry.event, Event::PeopleSaved(people) if people.iter().any(|it| it.id == person))
}

/// The control: a rehearsal that does not know the people says so, and asks nothing that would not have been asked.
#[tokio::test]
async fn whom_the_journal_does_not_tell_of_is_counted() {
    let team = year().await;
    let whole = asked_again(&team, all()).await.0.notices;
    let (report, asked) = half_remembered(&team, |it| saves(it, leader(1))).await;
    let unknown = [(Unasked::ManagerUnknown, whole.asked - 1)].into();
    assert_eq!(report.notices.unrepeated, unknown, "{report}");
    let asked: Vec<_> = asked.iter().map(|it| it.happening.learner).collect();
    assert_eq!(asked, [learner(7)], "whom nobody leads");
    assert!(report.notices.examples.is_empty());
    // Of those who completed something together learner 7 alone is not known; the others were saved again.
    let (report, asked) = half_remembered(&team, |it| saves(it, learner(7))).await;
    assert_eq!(report.notices.unrepeated, [(Unasked::LearnerUnknown, 1)].into(), "{report}");
    assert!(asked.iter().all(|it| it.happening.learner != learner(7)));
    assert_eq!((asked.len() as u64, report.notices.asked), (whole.asked - 1, whole.asked - 1));
    let (report, asked) = half_remembered(&team, |it| matches!(it.event, Event::PeopleSaved(_))).await;
    let unknown = report.notices.unrepeated[&Unasked::LearnerUnknown];
    assert!(
        asked.is_empty() && unknown > whole.asked,
        "whose dealer's they are is not known either: {report}"
    );
    assert!(report.notices.kinds.is_empty());
}
