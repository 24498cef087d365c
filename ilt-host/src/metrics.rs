//! What `/metrics` counts, in words: a metric that is not told of here fails a test.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram};

/// Tells the recorder what each metric means, and in what it is counted.
///
/// What is counted without labels is there from now on, at 0: an alert on its increase would not see the first one otherwise.
pub fn describe() {
    let by_label = |name: &'static str, said: &'static str| describe_counter!(name, Unit::Count, said);
    let counted = |name: &'static str, said: &'static str| {
        describe_counter!(name, Unit::Count, said);
        counter!(name).increment(0);
    };
    let now = |name, said| describe_gauge!(name, Unit::Count, said);
    now(
        "ilt_calendar_calls_left",
        "Requests that the instructor's key with the fewest has left until Cal.com counts anew",
    );
    by_label(
        "ilt_calendar_calls_total",
        "Requests to Cal.com, by what they were about and how they were answered",
    );
    by_label(
        "ilt_calendar_differences_total",
        "Differences found in calendars that are somebody's to decide, by why",
    );
    now(
        "ilt_calendar_differing",
        "Sessions that calendars show otherwise, in a way that is somebody's to decide",
    );
    by_label("ilt_calendar_done_total", "What was done to calendars, by what");
    by_label("ilt_calendar_failed_total", "Sessions that wait for their calendar, by why");
    counted(
        "ilt_calendar_unasked_total",
        "Plans of sessions whose instructors' own calendars could not be looked at in time",
    );
    counted(
        "ilt_desk_conflicts_total",
        "Batches decided again, since another host had locked what they are about",
    );
    by_label("ilt_desk_refused_total", "Orders that were refused unheard, since too many waited");
    describe_histogram!("ilt_desk_batch_orders", Unit::Count, "Orders decided in one transaction");
    now("ilt_desk_waiting", "Orders that wait for the desk");
    describe_gauge!(
        "ilt_desk_stuck_seconds",
        Unit::Seconds,
        "For how long the batch that takes longest has been under way; infinite when a part of the engine has died"
    );
    counted("ilt_desk_looks_again_total", "Decisions made again, since they needed to know more");
    now(
        "ilt_ledgers_differing",
        "Sessions whose seats differ from their people; more than 0 is a fault of ours",
    );
    now("ilt_feed_seen", "The last entry of the journal that this host's catalogue knows of");
    by_label("ilt_follower_done_total", "Entries, statements or records that a follower has done");
    by_label("ilt_follower_failed_total", "Turns of a follower that failed and are taken again");
    now("ilt_follower_behind", "Entries, statements or records that a follower has not done yet");
    describe_gauge!(
        "ilt_follower_oldest_seconds",
        Unit::Seconds,
        "How long ago the first thing happened that a follower has not done yet"
    );
    now("ilt_http_connections", "Connections that are open");
    counted("ilt_http_connections_refused_total", "Connections that were one too many, and closed at once");
    by_label("ilt_http_requests_total", "Requests that were answered");
    describe_histogram!("ilt_http_request_seconds", Unit::Seconds, "How long answers took");
    counted("ilt_kafka_dead_letters_total", "Records that were buried in a topic's dead letters");
    by_label("ilt_kafka_left_alone_total", "Records of others that are about something else, by verb");
    counted(
        "ilt_kafka_unknown_types_total",
        "Records of a type that this version does not know, which were left alone",
    );
    counted("ilt_lrs_dead_letters_total", "Statements that the record store never takes");
    counted("ilt_lrs_retries_total", "Requests sent again, since the record store failed inside");
    by_label("ilt_plugin_asked_total", "Questions that a dealer's plugin was asked");
    by_label(
        "ilt_plugin_failed_total",
        "Questions to which a plugin had no answer: it broke, or took too much",
    );
    by_label("ilt_plugin_faults_total", "Parts of a plugin's opinions that were dropped or cut");
    counted("ilt_plugin_unloaded_total", "Plugins that were switched on and could not be loaded");
    by_label(
        "ilt_plugin_not_asked_total",
        "Questions that a plugin was not asked, since others took the time that there is",
    );
    counted(
        "ilt_statements_faulty_total",
        "Statements that are not as their schema says, which nobody is sent",
    );
    by_label("ilt_webhooks_total", "Webhooks, by what became of them");
    now("ilt_webhooks_waiting", "Webhooks that were answered and wait to be kept");
}
