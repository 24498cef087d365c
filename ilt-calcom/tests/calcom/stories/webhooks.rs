//! What is told of what people do: at once, once, or not at all.

use std::collections::BTreeSet;
use std::time::Duration;

use ilt_calcom::api::{NewWebhook, WebhookChange};
use ilt_calcom::webhook::{Delivery, Event, Received, Refused, Trigger, WebhookLimits, Who, receive};
use ilt_calcom::{Account, Kind, Personal};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{World, plan, put, seat};
use crate::support::impatient;

/// Whoever is told.
struct Sink(MockServer);

impl Sink {
    async fn that(answers: ResponseTemplate) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answers).mount(&server).await;
        Self(server)
    }

    async fn listens(&self, account: &Account) -> ilt_calcom::api::Webhook {
        let triggers = Trigger::WANTED.map(str::to_owned).into();
        let subscriber_url = format!("{}/hook", self.0.uri());
        let new = NewWebhook { subscriber_url, triggers, secret: "a secret".to_owned().into() };
        account.create_webhook(&new).await.expect("a webhook")
    }

    async fn heard(&self) -> Vec<Result<Received, Refused>> {
        let requests = self.0.received_requests().await.expect("requests are kept");
        let take = |it: &wiremock::Request| {
            let signature = it.headers.get("x-cal-signature-256").and_then(|it| it.to_str().ok());
            receive(
                Delivery { signature, body: &it.body },
                &["a secret".to_owned().into()],
                WebhookLimits::default(),
            )
        };
        requests.iter().map(take).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_happens_is_told_before_it_is_answered() {
    let world = World::new();
    let sink = Sink::that(ResponseTemplate::new(200)).await;
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    sink.listens(&account).await;
    let event_type = put(&account, &plan).await.expect("a session");
    let one = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let person = world.calcom.person();
    let (booking, seat) =
        person.books(event_type.id.0, plan.start, "Olga", "olga@example.com").await.expect("a seat");
    person.cancels(&booking, &seat).await.expect("given back");
    account.cancel_booking(&one.booking, "room closed").await.expect("cancelled");
    let heard: Vec<_> = sink.heard().await.into_iter().map(|it| it.expect("signed").event).collect();
    let [Event::Created(ours), Event::Created(theirs), Event::Cancelled(back), Event::Cancelled(all)] =
        &heard[..]
    else {
        panic!("{heard:?}")
    };
    assert_eq!((ours.seat.as_ref(), ours.registration.is_some()), (Some(&one.seat), true));
    assert_eq!(
        (theirs.address.clone(), theirs.registration.clone()),
        (Personal::new("olga@example.com"), None)
    );
    assert!(matches!(&back.who, Who::One { address, .. } if *address == Personal::new("olga@example.com")));
    assert_eq!(all.who, Who::All(vec![Personal::new("l1@example.com")]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_lost_and_another_comes_twice() {
    let world = World::new();
    let sink = Sink::that(ResponseTemplate::new(200)).await;
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    sink.listens(&account).await;
    let event_type = put(&account, &plan).await.expect("a session");
    world.calcom.world().mishaps.lost_webhooks = 1;
    account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    assert_eq!(sink.heard().await.len(), 0);
    world.calcom.world().mishaps.doubled_webhooks = 1;
    account.book(&seat(2, &event_type, &plan)).await.expect("a seat");
    account.book(&seat(3, &event_type, &plan)).await.expect("a seat");
    let digests: Vec<_> = sink.heard().await.into_iter().map(|it| it.expect("signed").digest).collect();
    assert_eq!((digests.len(), digests.iter().collect::<BTreeSet<_>>().len()), (3, 2));
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_slow_to_listen_makes_the_booking_slow() {
    let world = World::new();
    let sink = Sink::that(ResponseTemplate::new(200).set_delay(Duration::from_millis(900))).await;
    let account = world.account();
    sink.listens(&account).await;
    let plan = plan(1, "2027-01-12", 3);
    let event_type = put(&account, &plan).await.expect("a session");
    let hasty = world.account_with(ilt_calcom::Limits {
        patience: Duration::from_millis(300),
        tries: 1,
        ..impatient()
    });
    let error =
        hasty.create_booking(&seat(1, &event_type, &plan)).await.expect_err("it waits for who listens");
    assert_eq!(error.kind, Kind::Silent);
    assert_eq!(world.seated(), [["l1@example.com"]], "it is booked all the same");
    assert!(account.book(&seat(1, &event_type, &plan)).await.expect("a seat").was_there);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_fails_to_listen_is_told_once_and_is_led_nowhere() {
    let elsewhere = Sink::that(ResponseTemplate::new(200)).await;
    let url = format!("{}/hook", elsewhere.0.uri());
    for answer in
        [ResponseTemplate::new(500), ResponseTemplate::new(302).insert_header("Location", url.as_str())]
    {
        let world = World::new();
        let sink = Sink::that(answer).await;
        let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
        sink.listens(&account).await;
        let event_type = put(&account, &plan).await.expect("a session");
        account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
        assert_eq!(sink.heard().await.len(), 1);
    }
    assert_eq!(elsewhere.heard().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_registered_once_changed_and_removed() {
    let world = World::new();
    let sink = Sink::that(ResponseTemplate::new(200)).await;
    let account = world.account();
    let made = sink.listens(&account).await;
    let again = NewWebhook {
        subscriber_url: made.subscriber_url.clone(),
        triggers: vec!["BOOKING_CREATED".to_owned()],
        secret: "a secret".to_owned().into(),
    };
    assert_eq!(account.create_webhook(&again).await.expect_err("it is there").kind, Kind::AddressTaken);
    let unknown = vec!["BOOKING_COMPLETED".to_owned()];
    let change = |triggers| WebhookChange { triggers, secret: Some("another".to_owned().into()) };
    let refused = account.change_webhook(&made.id, &change(unknown)).await.expect_err("no such trigger");
    assert_eq!(refused.kind, Kind::Invalid { fields: vec!["triggers".to_owned()] });
    let wanted = vec!["BOOKING_CREATED".to_owned()];
    assert_eq!(
        account.change_webhook(&made.id, &change(wanted.clone())).await.expect("changed").triggers,
        wanted
    );
    assert_eq!(account.webhook(&made.id).await.expect("it is there").triggers, wanted);
    let plan = plan(1, "2027-01-12", 3);
    let event_type = put(&account, &plan).await.expect("a session");
    account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    assert_eq!(sink.heard().await, [Err(Refused::BadSignature)], "signed with the other secret from now on");
    account.delete_webhook(&made.id).await.expect("removed");
    assert_eq!(account.webhooks().await.expect("webhooks").len(), 0);
    account.book(&seat(2, &event_type, &plan)).await.expect("a seat");
    assert_eq!(sink.heard().await.len(), 1, "nobody is told any more");
}
