//! What somebody is told whose own booking cannot stay. It goes through the calendar's mail, and names nobody.

use ilt_core::catalog::{Course, Location};
use ilt_core::desk::Refusal;
use ilt_core::session::Session;

/// Characters that a calendar takes.
pub const LONGEST: usize = 500;
/// To whom nobody knows.
pub const NOBODY: &str =
    "Nobody is known here under this address: book with the address that your training portal knows.";
/// To whoever needs an approval.
pub const WAITS_FOR_APPROVAL: &str =
    "Your registration waits for your manager's approval. It is shown here once it is given.";
/// To whoever waits.
pub const WAITS_IN_LINE: &str =
    "You are on the waitlist of this session. Your seat is shown here once you have one.";
/// To whoever was offered a seat.
pub const HAS_AN_OFFER: &str =
    "A seat in this session is offered to you: take it in your training portal. It is shown here then.";
/// To whoever has given the seat back, or lost it.
pub const NO_MORE: &str =
    "Your registration for this session has ended. You can register again in your training portal.";

/// A refusal's own words, and the best alternative after them where there is one and room for it.
pub fn refused(refusal: &Refusal, instead: Option<&str>) -> String {
    let said = sentence(&refusal.to_string());
    let both = instead.map(|it| format!("{said} {it}")).filter(|it| it.chars().count() <= LONGEST);
    both.unwrap_or_else(|| said.chars().take(LONGEST).collect())
}

/// A session that could be taken instead: which course, when by the clock there, and where.
pub fn instead(session: &Session, course: &Course, location: &Location) -> Option<String> {
    let starts = session.parts.first()?.starts;
    let when = starts.strftime("%A, %-d %B %Y, %H:%M");
    let place: Vec<_> =
        [location.name.trim(), location.city.trim()].into_iter().filter(|it| !it.is_empty()).collect();
    Some(format!("You could take instead: {}, {when}, {}.", course.title.trim(), place.join(", ")))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    let rest = letters.as_str();
    let end = if rest.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{end}")
}

#[cfg(test)]
mod tests {
    use ilt_core::ids::SessionId;
    use ilt_core::testing::plans;
    use rstest::rstest;

    use super::*;

    fn full() -> Refusal {
        Refusal::SessionFull { session: SessionId(plans::id(1)), waitlist_open: true, waitlisted: 0 }
    }

    #[rstest]
    #[case::full(full(), "All seats of this session are taken; you can join the waitlist.")]
    #[case::no_learner(Refusal::Forbidden { needed: "an active person with the role learner".into() },
        "This needs an active person with the role learner.")]
    #[case::too_late(Refusal::RegistrationClosed { closed_at: plans::now() },
        "Registration for this session closed at 2027-03-01T08:00:00Z.")]
    #[case::called_off(Refusal::SessionCancelled { reason: "Storm.".into() }, "This session has been cancelled: Storm.")]
    fn a_refusal_is_one_sentence(#[case] refusal: Refusal, #[case] said: &str) {
        assert_eq!(refused(&refusal, None), said);
    }

    #[test]
    fn an_alternative_is_said_where_there_is_room_for_it() {
        let place = ilt_core::catalog::Place { lat: 50.9, lon: 6.9 };
        let (session, location) = (plans::session(1, 1, 1, 8), plans::location(1, "Köln", place));
        let instead = instead(&session, &plans::course(1, "Forklift Safety", None, &[]), &location);
        let instead = instead.expect("a sentence");
        assert_eq!(
            instead,
            "You could take instead: Forklift Safety, Tuesday, 9 March 2027, 09:00, Training centre Köln, Köln."
        );
        assert!(refused(&full(), Some(&instead)).ends_with(&instead));
        let long = Refusal::SessionCancelled { reason: "a".repeat(450) };
        let said = refused(&long, Some(&instead));
        assert!(!said.contains("Forklift") && said.chars().count() <= LONGEST);
        let longer = refused(&Refusal::SessionCancelled { reason: "ä".repeat(900) }, None);
        assert_eq!(longer.chars().count(), LONGEST);
    }
}
