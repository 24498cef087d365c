//! A service as it may answer: what is no yes and no no means that nothing is known.

use std::collections::BTreeSet;
use std::time::Duration;

use ilt_core::catalog::Completion;
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::ports::{Doubt, Elsewhere, Evidence as _};
use ilt_core::testing::plans::id;
use ilt_evidence::{BadService, Service};
use rstest::rstest;
use wiremock::matchers::{body_json_string, header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

const PATIENCE: Duration = Duration::from_secs(5);

fn doubt(course: u32) -> Doubt {
    (PersonId(id(1)), CourseId(id(course)))
}

fn doubts(courses: impl IntoIterator<Item = u32>) -> BTreeSet<Doubt> {
    courses.into_iter().map(doubt).collect()
}

async fn asked(answer: ResponseTemplate, patience: Duration) -> Elsewhere {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let service = Service::new(&server.uri(), None, patience).expect("a service");
    service.about(&doubts([2, 3, 4])).await
}

fn said(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_string(body)
}

#[tokio::test]
async fn what_is_completed_what_is_unknown_and_what_is_neither() {
    let (person, two, three) = (id(1), id(2), id(3));
    let body = format!(
        r#"{{"completed":[{{"person":"{person}","course":"{two}","completed_at":"2026-03-28T16:00:00Z"}}],
             "unknown":[{{"person":"{person}","course":"{three}"}}], "more": "is not read"}}"#
    );
    let completed_at = "2026-03-28T16:00:00Z".parse().expect("an instant");
    let completion = Completion { person: PersonId(person), course: CourseId(two), completed_at };
    let known = Elsewhere { completed: [completion].into(), unknown: doubts([3]) };
    assert_eq!(asked(said(&body), PATIENCE).await, known);
}

#[tokio::test]
async fn it_is_asked_in_its_own_words_and_with_its_token() {
    let server = MockServer::start().await;
    let body = format!(r#"{{"doubts":[{{"person":"{}","course":"{}"}}]}}"#, id(1), id(2));
    Mock::given(method("POST"))
        .and(header("authorization", "Bearer let me ask"))
        .and(body_json_string(body))
        .respond_with(said(r#"{"completed":[]}"#))
        .expect(1)
        .mount(&server)
        .await;
    let service = Service::new(&server.uri(), Some("let me ask".into()), PATIENCE).expect("a service");
    assert_eq!(service.about(&doubts([2])).await, Elsewhere::default());
}

#[rstest]
#[case::it_fails(ResponseTemplate::new(500))]
#[case::it_wants_another_token(ResponseTemplate::new(401))]
#[case::it_sends_elsewhere(ResponseTemplate::new(302).insert_header("location", "/sign-in"))]
#[case::a_page_to_sign_in(said("<html>please sign in</html>"))]
#[case::nothing(said(""))]
#[case::no_word_of_what_was_completed(said("{}"))]
#[case::no_id(said(
    r#"{"completed":[{"person":"ada","course":"basics","completed_at":"2026-03-28T16:00:00Z"}]}"#
))]
#[case::a_bare_day(said(&format!(r#"{{"completed":[{{"person":"{}","course":"{}","completed_at":"2026-03-28"}}]}}"#, id(1), id(2))))]
#[case::lists_for_objects(said("[[],[]]"))]
#[case::a_list_for_an_object(said(&format!(r#"{{"completed":[["{}","{}","2026-03-28T16:00:00Z"]]}}"#, id(1), id(2))))]
#[case::deep_nesting(said(&format!(r#"{{"completed":{}"#, "[".repeat(100_000))))]
#[case::megabytes(said(&format!(r#"{{"completed":[],"more":"{}"}}"#, "x".repeat(2 << 20))))]
#[tokio::test]
async fn whatever_else_is_answered_means_that_nothing_is_known(#[case] answer: ResponseTemplate) {
    assert_eq!(
        asked(answer, PATIENCE).await,
        Elsewhere { unknown: doubts([2, 3, 4]), ..Elsewhere::default() }
    );
}

#[tokio::test]
async fn whoever_takes_too_long_is_not_waited_for() {
    let late = said(r#"{"completed":[]}"#).set_delay(Duration::from_mins(1));
    let known = asked(late, Duration::from_millis(100)).await;
    assert_eq!(known.unknown, doubts([2, 3, 4]));
}

#[tokio::test]
async fn nobody_there() {
    let service = Service::new("http://127.0.0.1:9", None, PATIENCE).expect("a service");
    assert_eq!(service.about(&doubts([2])).await.unknown, doubts([2]));
}

#[tokio::test]
async fn many_are_asked_in_pages() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(said(r#"{"completed":[]}"#)).expect(3).mount(&server).await;
    let service = Service::new(&server.uri(), None, PATIENCE).expect("a service");
    assert_eq!(service.about(&doubts(1..=1_001)).await, Elsewhere::default());
}

#[rstest]
#[case("")]
#[case("academy.example/completed")]
#[case("ftp://academy.example/completed")]
#[case("mailto:academy@example")]
fn what_is_no_address_of_a_service(#[case] url: &str) {
    assert!(matches!(Service::new(url, None, PATIENCE), Err(BadService::Url)));
}

#[test]
fn a_token_that_no_request_can_carry() {
    let service = Service::new("https://academy.example/completed", Some("two\nlines".into()), PATIENCE);
    assert!(matches!(service, Err(BadService::Secret)));
}
