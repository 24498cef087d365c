//! The contract that every store passes: memory, SQLite, PostgreSQL, and whatever a user brings.
//!
//! [`store_contract!`](crate::store_contract) makes one test of each of its cases. What only a database can promise (locks,
//! constraints, plans of queries) is tested beside the database.

pub mod counting;
pub mod data;
pub mod delivering;
pub mod following;
pub mod keying;
pub mod mirroring;
pub mod pages;
pub mod queues;
pub mod rows;
pub mod signing_in;
pub mod telling;
pub mod timing;
mod together;
pub mod transactions;
pub mod uploads;

use std::collections::BTreeSet;

use crate::desk::{Ask, Changes, Ledger};
use crate::ports::{
    Analytics, ApiKeys, Components, DeadLetters, Deliveries, Journal, Leases, Mirrors, Reads, SignIns,
    Statements, Store, StoreError, Timers,
};
use crate::session::{Claim, Seats};
use crate::testing::put_rows;
use crate::world::World;

/// Everything that a store promises.
pub trait Backend:
    Store
    + Journal
    + Timers
    + Reads
    + Statements
    + Leases
    + DeadLetters
    + Analytics
    + Components
    + Mirrors
    + Deliveries
    + SignIns
    + ApiKeys
{
}
impl<T> Backend for T where
    T: Store
        + Journal
        + Timers
        + Reads
        + Statements
        + Leases
        + DeadLetters
        + Analytics
        + Components
        + Mirrors
        + Deliveries
        + SignIns
        + ApiKeys
{
}

/// One test for each case of the contract, driven by tokio. `$open` is an async function that opens an empty store; whatever it must keep
/// alive comes second in its answer; `None` skips the case, where there is no such database.
#[macro_export]
macro_rules! store_contract {
    ($open:path) => {
        $crate::store_contract! { $open:
            rows::everything_that_is_saved_is_read_back,
            rows::saving_again_overwrites,
            rows::who_has_an_address_and_who_leads_are_found,
            rows::a_ledger_changes_nothing_but_seats,
            rows::what_is_not_there_is_absent,
            rows::rules_are_set_and_set_back,
            rows::a_renewed_calendar_address_voids_the_old_one,
            transactions::nothing_is_seen_before_the_commit,
            transactions::what_is_dropped_never_was,
            transactions::no_update_is_lost_between_transactions,
            transactions::one_key_is_answered_by_one_transaction,
            following::numbers_have_no_gaps_and_follow_the_commits,
            following::a_reader_never_skips_a_late_commit,
            following::nothing_is_recorded_before_what_it_follows,
            following::one_registrations_history_is_in_order,
            following::entries_are_found_by_what_is_known_of_them,
            following::a_checkpoint_never_goes_back,
            queues::the_first_of_a_queue_are_known_in_order,
            queues::a_whole_session_is_known_whole,
            queues::positions_count_those_before,
            queues::past_queues_tell_how_many_were_placed,
            telling::statements_come_back_in_order_and_to_the_byte,
            telling::faulty_statements_are_mended_once,
            telling::entries_are_told_of_once,
            telling::what_was_told_last_can_be_corrected,
            telling::a_dead_letter_is_kept_once_with_the_checkpoint,
            telling::a_lease_is_one_hosts_at_a_time,
            counting::a_statement_counts_once,
            counting::what_is_taken_back_does_not_count,
            counting::numbers_come_by_month_and_course_in_pages,
            timing::timers_are_claimed_in_order_and_by_one,
            timing::a_timer_that_is_not_cleared_comes_again,
            timing::a_claim_is_kept_by_whoever_renews_it,
            timing::setting_a_timer_again_moves_it,
            timing::answers_are_forgotten_after_a_while,
            uploads::plugins_are_saved_changed_and_removed,
            uploads::what_was_uploaded_is_kept_once_and_to_the_byte,
            uploads::what_no_plugin_uses_is_forgotten,
            uploads::what_was_done_to_a_plugin_comes_latest_first,
            mirroring::a_session_that_is_due_is_claimed_by_one,
            mirroring::a_claim_is_kept_while_somebody_works,
            mirroring::what_was_wanted_again_meanwhile_stays_due,
            mirroring::what_failed_waits_until_something_happens_to_it,
            mirroring::what_is_to_come_is_due_for_what_it_refers_to,
            mirroring::everything_to_come_can_be_made_due,
            mirroring::the_calendars_checkpoint_moves_with_what_is_due,
            mirroring::what_is_in_a_calendar_is_remembered,
            mirroring::what_differs_is_told_until_it_does_not,
            mirroring::how_far_a_session_is_shown_is_told,
            mirroring::sessions_and_seats_are_known_by_the_calendars_names,
            mirroring::calendars_are_linked_and_unlinked,
            delivering::letters_come_back_in_their_order_and_to_the_byte,
            delivering::a_letter_that_comes_again_changes_nothing,
            delivering::a_letter_makes_due_what_it_is_about,
            delivering::a_reader_never_skips_a_late_letter,
            delivering::old_letters_are_forgotten_and_numbers_go_on,
            keying::a_key_is_found_by_its_digest_until_it_ends,
            keying::so_many_keys_and_no_more,
            signing_in::a_sign_in_is_found_by_its_token_until_it_ends,
            signing_in::a_token_is_replaced_once,
            signing_in::so_many_sign_ins_and_no_more,
            signing_in::old_sign_ins_are_forgotten,
            pages::people_are_found_by_name_and_mail_in_any_case,
            pages::people_come_in_pages_that_stay_stable,
            pages::people_beyond_reach_are_not_seen,
            pages::registrations_come_by_start_of_their_session,
            pages::registrations_are_narrowed_by_learner_status_and_time,
            pages::a_roster_has_seats_by_name_then_the_queue,
            pages::the_seats_of_dealers_are_counted,
            pages::the_catalogue_holds_what_is_not_over,
        }
    };
    ($open:path: $($module:ident :: $case:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $case() {
                let Some((store, _kept_alive)) = $open(stringify!($case)).await else { return };
                $crate::testing::contract::$module::$case(&store).await;
            }
        )*
    };
}

/// Saves changes in a transaction of their own, which holds what they change; seats are made to fit the people.
///
/// # Errors
/// Whatever the store says.
pub async fn save<S: Backend>(store: &S, changes: &Changes) -> Result<u64, StoreError> {
    let mut work = store.begin().await?;
    let world = work.load(&resting_on(changes)).await?;
    let last = work.save(&fitted(&world, changes)).await?;
    work.commit().await?;
    Ok(last)
}

/// What must be held for changes to be saved.
pub fn resting_on(changes: &Changes) -> Ask {
    let sessions = changes.sessions.iter().map(|it| it.id);
    let sessions = sessions.chain(changes.ledgers.iter().map(|it| it.session));
    let registered = changes.registrations.iter().map(|it| it.session);
    let sessions: BTreeSet<_> = sessions.chain(registered).collect();
    let people = changes.people.iter().map(|it| it.id).collect();
    let registrations = changes.registrations.iter().map(|it| it.id).collect();
    Ask { whole_sessions: sessions.clone(), sessions, people, registrations, ..Ask::default() }
}

/// The same changes, with the ledgers that their people ask for.
pub fn fitted(before: &World, changes: &Changes) -> Changes {
    let mut after = before.clone();
    put_rows(&mut after, changes);
    let mut fitted = changes.clone();
    for session in resting_on(changes).sessions {
        let Ok(session) = after.sessions.change(session) else { continue };
        let count = |claim| {
            let theirs = after.registrations.of_session(session.id);
            u32::try_from(theirs.filter(|it| it.status.claim() == Some(claim)).count()).expect("few people")
        };
        let (confirmed, held) = (count(Claim::Confirmed), count(Claim::Held));
        let (offered, waitlisted) = (count(Claim::Offered), count(Claim::Waitlisted));
        session.seats = Seats { confirmed, held, offered, waitlisted, over_capacity: 0, ..session.seats };
        if let Some(saved) = fitted.sessions.iter_mut().find(|it| it.id == session.id) {
            saved.seats = session.seats;
        } else {
            fitted.ledgers.retain(|it| it.session != session.id);
            fitted.ledgers.push(Ledger::from(&*session));
        }
    }
    fitted
}

/// Looks without deciding.
pub async fn look<S: Backend>(store: &S, ask: &Ask) -> World {
    store.look(ask).await.expect("the store can be read")
}
