//! What is sent, what is sent again, what is waited for, and what an error never says.

mod again;
mod ensuring;
mod limiting;
mod silence;

use ilt_calcom::api::{Listing, Mark, NewAttendee, NewBooking};
use ilt_calcom::{Account, EventTypeId, Kind, Limits, Personal, ScheduleId};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{account, impatient, recording};
use wiremock::matchers::{any, method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate, Times};

/// A Cal.com of few words.
pub struct Server(MockServer);

impl Server {
    pub async fn start() -> Self {
        Self(MockServer::start().await)
    }

    /// Answers so, that often, to what is asked like this; what was said first comes first.
    pub async fn says(&self, verb: &str, path: &str, times: u64, answer: ResponseTemplate) -> &Self {
        let mock = Mock::given(method(verb)).and(path_regex(format!("^/v2/{path}$"))).respond_with(answer);
        mock.up_to_n_times(times).mount(&self.0).await;
        self
    }

    /// The same by a recording.
    pub async fn says_again(&self, verb: &str, path: &str, times: u64, number: u32) -> &Self {
        self.says(verb, path, times, recording(number).template()).await
    }

    pub fn account(&self, limits: Limits) -> Account {
        account(&self.0.uri(), limits)
    }

    /// What was asked, such as `GET /v2/me`.
    pub async fn asked(&self) -> Vec<String> {
        let requests = self.0.received_requests().await.expect("requests are kept");
        requests.iter().map(|it| format!("{} {}", it.method, it.url.path())).collect()
    }

    /// What was asked last, with its question and body.
    pub async fn last(&self) -> (String, Value) {
        let requests = self.0.received_requests().await.expect("requests are kept");
        let last = requests.last().expect("a request");
        (
            last.url.query().unwrap_or_default().to_owned(),
            serde_json::from_slice(&last.body).unwrap_or_default(),
        )
    }
}

/// A seat for Carol.
pub fn seat() -> NewBooking {
    let (name, email) = (Personal::new("Carol Cole"), Personal::new("carol@example.com"));
    let attendee =
        NewAttendee { name, email, time_zone: "Europe/Berlin".to_owned(), language: Some("en".to_owned()) };
    let metadata = [("iltEnrolmentId".to_owned(), "enr-carol".to_owned())].into();
    let start = "2027-01-12T08:00:00Z".parse().expect("a time");
    NewBooking { start, event_type_id: EventTypeId(1), attendee, metadata }
}

pub fn yes(data: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "status": "success", "data": data }))
}

#[rstest]
#[case::me("me", None)]
#[case::schedules("schedules", Some("2024-06-11"))]
#[case::event_types("event-types", Some("2024-06-14"))]
#[case::slots("slots", Some("2024-09-04"))]
#[case::bookings("bookings", Some("2024-08-13"))]
#[case::attendance("mark-absent", Some("2024-08-13"))]
#[case::webhooks("webhooks", None)]
#[tokio::test]
async fn each_family_is_spoken_to_in_its_version(#[case] family: &str, #[case] version: Option<&str>) {
    let server = Server::start().await;
    Mock::given(any()).respond_with(yes(&json!([]))).expect(Times::from(1)).mount(&server.0).await;
    let account = server.account(impatient());
    // Whether the answer can be read is nothing to this test.
    match family {
        "me" => drop(account.me().await),
        "schedules" => drop(account.schedule(ScheduleId(1)).await),
        "event-types" => drop(account.event_types("ines").await),
        "slots" => {
            drop(account.slots(EventTypeId(1), jiff::civil::Date::ZERO, jiff::civil::Date::ZERO).await);
        }
        "bookings" => drop(account.bookings(&Listing::default()).await),
        "mark-absent" => {
            let mark = Mark { email: Personal::new("a@b.example"), absent: true };
            drop(account.mark_absent(&"uid".into(), &[mark]).await);
        }
        _ => drop(account.webhooks().await),
    }
    let requests = server.0.received_requests().await.expect("requests are kept");
    let said = |name: &str| requests[0].headers.get(name).map(|it| it.to_str().expect("a text").to_owned());
    assert_eq!(said("cal-api-version").as_deref(), version);
    assert_eq!(said("authorization").as_deref(), Some("Bearer cal_fixture0000000000000000000000001"));
}

#[tokio::test]
async fn a_booking_is_sent_as_it_was_recorded() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 1, 37).await;
    let booked = server.account(impatient()).create_booking(&seat()).await.expect("a seat");
    assert_eq!(booked.seat_uid, "630268de-0dd7-4e51-9e82-f71fe243e22f".into());
    assert_eq!(server.last().await.1, recording(37).body);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_nothing_twice() {
    let server = Server::start().await;
    let page = |uids: &[&str], more: bool| {
        let booking = |uid: &&str| {
            let mut booking = recording(26).answer["data"].clone();
            booking["uid"] = json!(uid);
            booking
        };
        let all: Vec<_> = uids.iter().map(booking).collect();
        let pagination = json!({ "hasNextPage": more, "totalItems": 5 });
        let body = json!({ "status": "success", "data": all, "pagination": pagination });
        ResponseTemplate::new(200).set_body_json(body)
    };
    for answer in [page(&["a", "b"], true), page(&["b", "c"], true), page(&["d"], false)] {
        server.says("GET", "bookings", 1, answer).await;
    }
    let account = server.account(Limits { page: 2, ..impatient() });
    let instant = |text: &str| text.parse().expect("an instant");
    let listing = Listing {
        event_types: vec![EventTypeId(1), EventTypeId(2)],
        attendee: Some(Personal::new("Amy@Example.com")),
        which: Some(ilt_calcom::api::Which::Upcoming),
        between: Some((instant("2027-01-11T00:00:00Z"), instant("2027-01-13T00:00:00Z"))),
    };
    let found = account.bookings(&listing).await.expect("a list");
    assert_eq!(found.iter().map(|it| it.uid.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    let asked = "sortStart=asc&eventTypeIds=1%2C2&attendeeEmail=amy%40example.com&status=upcoming\
         &afterStart=2027-01-11T00%3A00%3A00Z&beforeEnd=2027-01-13T00%3A00%3A00Z&take=2&skip=4";
    assert_eq!(server.last().await.0, asked);
}

#[tokio::test]
async fn a_list_without_an_end_has_one() {
    let server = Server::start().await;
    let mut answer = recording(123).answer;
    answer["pagination"]["hasNextPage"] = json!(true);
    server.says("GET", "bookings", 9, ResponseTemplate::new(200).set_body_json(answer)).await;
    let listed = server.account(Limits { pages: 3, ..impatient() }).bookings(&Listing::default()).await;
    assert_eq!(listed.expect_err("no end").kind, Kind::Endless { pages: 3 });
    assert_eq!(server.asked().await.len(), 3);
}

#[tokio::test]
async fn who_says_that_there_is_more_and_shows_nothing_is_not_asked_again() {
    let server = Server::start().await;
    let body =
        json!({ "status": "success", "data": [], "pagination": { "hasNextPage": true, "totalItems": 9 } });
    server.says("GET", "bookings", 9, ResponseTemplate::new(200).set_body_json(body)).await;
    assert_eq!(server.account(impatient()).bookings(&Listing::default()).await.expect("a list"), []);
    assert_eq!(server.asked().await.len(), 1);
}
