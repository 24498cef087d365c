//! What is done about webhooks that are there, as a table.

use rstest::rstest;

use super::*;
use crate::api::Webhook;
use crate::ids::WebhookId;
use crate::webhook::Trigger;

const HERE: &str = "https://training.example/v1/webhooks/calcom/calcom";
const BEFORE: &str = "https://former.example/v1/webhooks/calcom/calcom";
const NEWEST: &str = "the newest of all the secrets there are";
const FORMER: &str = "the one that it was signed with before!";

fn wanted() -> Subscription {
    let secrets = format!("{NEWEST}\n\n  {FORMER}\n").into();
    Subscription::new("https://training.example/", "calcom", &secrets).expect("sound")
}

fn hook(id: &str, url: &str, secret: Option<&str>) -> Webhook {
    Webhook {
        id: WebhookId::from(id),
        subscriber_url: url.to_owned(),
        triggers: Trigger::WANTED.iter().rev().map(|it| (*it).to_owned()).collect(),
        active: true,
        secret: secret.map(Into::into),
        payload_template: None,
    }
}

fn ours() -> Webhook {
    hook("ours", HERE, Some(NEWEST))
}

fn stands() -> Own {
    Own::Stands("ours".into())
}

fn changes() -> Own {
    Own::Change("ours".into())
}

#[rstest]
#[case::nothing_is_there(vec![], Own::Register, &[], 0)]
#[case::it_is_as_it_should_be(vec![ours()], stands(), &[], 0)]
#[case::it_is_switched_off(vec![Webhook { active: false, ..ours() }], changes(), &[], 0)]
#[case::it_tells_of_less(vec![Webhook { triggers: vec!["BOOKING_CREATED".into()], ..ours() }], changes(), &[], 0)]
#[case::it_tells_of_more(vec![Webhook { triggers: [ours().triggers, vec!["MEETING_ENDED".into()]].concat(), ..ours() }], changes(), &[], 0)]
#[case::it_is_signed_with_a_former_secret(vec![hook("ours", HERE, Some(FORMER))], changes(), &[], 0)]
#[case::it_is_signed_with_something_else(vec![hook("ours", HERE, Some("whatever"))], changes(), &[], 0)]
#[case::it_is_not_signed(vec![hook("ours", HERE, None)], changes(), &[], 0)]
#[case::it_has_a_template(vec![Webhook { payload_template: Some("{}".into()), ..ours() }], Own::Replace("ours".into()), &[], 0)]
#[case::it_went_elsewhere_before(vec![hook("old", BEFORE, Some(FORMER))], Own::Register, &["old"], 0)]
#[case::it_went_elsewhere_and_goes_here(vec![hook("old", BEFORE, Some(NEWEST)), ours()], stands(), &["old"], 0)]
#[case::somebodys_goes_to_such_a_path(vec![hook("who", BEFORE, Some("whose")), ours()], stands(), &[], 1)]
#[case::nobodys_goes_to_such_a_path(vec![hook("who", BEFORE, None), ours()], stands(), &[], 1)]
#[case::it_was_called_otherwise(vec![hook("old", &HERE.replace("/calcom/calcom", "/calcom/former"), Some(NEWEST)), ours()], stands(), &["old"], 0)]
#[case::another_instance_is_elsewhere(vec![hook("second", "https://former.example/v1/webhooks/calcom/second", Some(NEWEST)), ours()], stands(), &[], 0)]
#[case::others_tell_others(vec![hook("crm", "https://crm.example/hook", Some(NEWEST)), hook("odd", "no address", None), ours()], stands(), &[], 0)]
fn webhooks_are_kept_when(
    #[case] there: Vec<Webhook>,
    #[case] own: Own,
    #[case] former: &[&str],
    #[case] foreign: u32,
) {
    let former = former.iter().map(|it| WebhookId::from(*it)).collect();
    assert_eq!(wanted().plan(&there), Plan { own, former, foreign });
}

#[test]
fn only_what_is_certainly_ours_goes() {
    let there = [
        hook("old", BEFORE, Some(FORMER)),
        hook("who", BEFORE, Some("whose")),
        hook("ours", HERE, None),
        hook("crm", "https://crm.example/hook", Some(NEWEST)),
    ];
    assert_eq!(wanted().plan(&there).ours(), [&WebhookId::from("ours"), &WebhookId::from("old")]);
    assert_eq!(wanted().plan(&there[1..2]).ours(), <[&WebhookId; 0]>::default());
}

#[rstest]
#[case::plain("https://training.example", Ok("https://training.example/v1/webhooks/calcom/calcom"))]
#[case::below_a_path("https://a.example/ilt/", Ok("https://a.example/ilt/v1/webhooks/calcom/calcom"))]
#[case::a_neighbour("http://ilt-host:8080", Ok("http://ilt-host:8080/v1/webhooks/calcom/calcom"))]
#[case::the_same_machine("http://127.0.0.1:80", Ok("http://127.0.0.1/v1/webhooks/calcom/calcom"))]
#[case::the_same_machine_in_new_numbers(
    "http://[::1]:8080",
    Ok("http://[::1]:8080/v1/webhooks/calcom/calcom")
)]
#[case::the_same_network("http://10.0.0.7", Ok("http://10.0.0.7/v1/webhooks/calcom/calcom"))]
#[case::through_the_open("http://training.example", Err(BadSubscription::Open))]
#[case::through_the_open_by_number("http://203.0.113.9", Err(BadSubscription::Open))]
#[case::no_address("training.example", Err(BadSubscription::Address))]
#[case::another_way("ftp://training.example", Err(BadSubscription::Address))]
#[case::with_a_question("https://training.example/?a=b", Err(BadSubscription::Address))]
#[case::with_somebodys_name("https://me:pw@training.example", Err(BadSubscription::Address))]
fn addresses_are(#[case] at: &str, #[case] expected: Result<&str, BadSubscription>) {
    let found = Subscription::new(at, "calcom", &NEWEST.into());
    assert_eq!(found.as_ref().map(Subscription::address), expected.as_ref().copied());
}

#[rstest]
#[case::none(&["", " "], BadSubscription::NoSecret)]
#[case::short(&["0123456789abcdef0123456789abcde"], BadSubscription::ShortSecret)]
#[case::a_short_one_behind(&[NEWEST, "short"], BadSubscription::ShortSecret)]
#[case::many(&[NEWEST; 6], BadSubscription::ManySecrets)]
fn secrets_that_are_none(#[case] lines: &[&str], #[case] why: BadSubscription) {
    let said = lines.join("\n").into();
    assert_eq!(Subscription::new("https://a.example", "calcom", &said).map(drop), Err(why));
}

#[rstest]
#[case::none("")]
#[case::a_path("cal/com")]
#[case::a_blank("cal com")]
#[case::long("ccccccccccccccccccccccccccccccccccccccccc")]
fn names_that_are_none(#[case] name: &str) {
    assert_eq!(Subscription::names(name), Err(BadSubscription::Instance));
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?}", wanted()), format!("Subscription {{ address: {HERE:?}, .. }}"));
}
