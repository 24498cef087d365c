//! The webhook is there once and as it should be, whatever people and other hosts do to it.

use ilt_calcom::Account;
use ilt_calcom::api::{NewWebhook, Webhook, WebhookChange};
use ilt_calcom::subscription::{Did, Subscribed, Subscription};
use ilt_calcom::webhook::Trigger;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::World;
use crate::support::{account, impatient, recording};

const NEWEST: &str = "the newest of all the secrets there are";
const FORMER: &str = "the one that it was signed with before!";

fn wanted(at: &str, secrets: &str) -> Subscription {
    Subscription::new(at, "calcom", &secrets.into()).expect("sound")
}

fn did(did: Did) -> Subscribed {
    Subscribed { did, removed: 0, foreign: 0 }
}

async fn hooks(account: &Account) -> Vec<Webhook> {
    account.webhooks().await.expect("webhooks")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_registered_once_kept_and_removed() {
    let (world, here) = (World::new(), wanted("https://here.example", FORMER));
    let account = world.account();
    assert_eq!(account.subscription(&here).await.expect("looked"), did(Did::Registered));
    assert_eq!(hooks(&account).await.len(), 0, "looking changes nothing");
    assert_eq!(account.subscribe(&here).await.expect("there"), did(Did::Registered));
    assert_eq!(account.subscribe(&here).await.expect("there"), did(Did::Nothing));
    let id = hooks(&account).await[0].id.clone();
    let less = WebhookChange { triggers: vec!["BOOKING_CREATED".to_owned()], secret: Some("whose".into()) };
    account.change_webhook(&id, &less).await.expect("somebody changed it");
    assert_eq!(account.subscribe(&here).await.expect("put right"), did(Did::Changed));
    let now = hooks(&account).await;
    assert_eq!((now.len(), &now[0].id, now[0].triggers.len()), (1, &id, Trigger::WANTED.len()));
    assert_eq!(account.subscribe(&here).await.expect("there"), did(Did::Nothing));

    let moved = wanted("https://there.example", &format!("{NEWEST}\n{FORMER}"));
    let came = account.subscribe(&moved).await.expect("moved");
    assert_eq!(came, Subscribed { did: Did::Registered, removed: 1, foreign: 0 });
    let strange = NewWebhook {
        subscriber_url: here.address().to_owned(),
        triggers: vec!["BOOKING_CREATED".to_owned()],
        secret: "somebody else's".into(),
    };
    account.create_webhook(&strange).await.expect("somebody's");
    let came = account.subscribe(&moved).await.expect("there");
    assert_eq!(came, Subscribed { did: Did::Nothing, removed: 0, foreign: 1 });
    assert_eq!(account.unsubscribe(&moved).await.expect("gone"), 1);
    assert_eq!(hooks(&account).await[0].subscriber_url, here.address(), "what may be anybody's stays");
    assert_eq!(account.unsubscribe(&moved).await.expect("gone"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_with_a_template_is_made_anew() {
    let (world, wanted) = (World::new(), wanted("https://here.example", NEWEST));
    let account = world.account();
    let body = json!({ "active": true, "subscriberUrl": wanted.address(), "triggers": Trigger::WANTED, "secret": NEWEST, "payloadTemplate": "{}" });
    let request = reqwest::Client::new().post(format!("{}/v2/webhooks", world.calcom.address())).json(&body);
    let made = request.bearer_auth(crate::contract::run::key("0001")).send().await.expect("an answer");
    assert_eq!(made.status(), 201);
    assert_eq!(account.subscribe(&wanted).await.expect("there"), did(Did::Registered));
    let now = hooks(&account).await;
    assert_eq!((now.len(), now[0].payload_template.as_deref()), (1, None));
}

/// Two hosts start at the same moment, and each sees that nothing is there.
#[tokio::test]
async fn another_host_may_be_faster() {
    let (server, wanted) = (MockServer::start().await, wanted("https://here.example", NEWEST));
    let there = json!({ "id": "w1", "subscriberUrl": wanted.address(), "triggers": Trigger::WANTED, "active": true, "secret": NEWEST, "payloadTemplate": null });
    let list =
        |data: Value| ResponseTemplate::new(200).set_body_json(json!({ "status": "success", "data": data }));
    let get = || Mock::given(method("GET")).and(path("/v2/webhooks"));
    get().respond_with(list(json!([]))).up_to_n_times(1).mount(&server).await;
    get().respond_with(list(json!([there]))).mount(&server).await;
    Mock::given(method("POST")).respond_with(recording(18).template()).expect(1).mount(&server).await;
    let came = account(&server.uri(), impatient()).subscribe(&wanted).await.expect("it is there");
    assert_eq!(came, did(Did::Nothing));
}
