//! The town as the table finds it.

use serde_json::{Value, json};

use super::spots::Kind;
use crate::harness::{Store, TestApp};
use crate::pretended::DIGEST;
use crate::town::{ADA, BASICS, BOB, COLOGNE, DRAFT, FIRST, LATER, OTTO, ROOT, SECOND, SELLING, SESSION};

/// Nobody's and nothing's.
const NONE: &str = "90000000-0000-4000-8000-000000000009";

/// Whose or which thing an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Ada,
    Bob,
    Otto,
    Taught,
    Other,
    Draft,
    GivenUp,
    First,
    Second,
    Everybody,
    Some,
    None,
}

impl Subject {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ada => "ada",
            Self::Bob => "bob",
            Self::Otto => "otto",
            Self::Taught => "taught",
            Self::Other => "other",
            Self::Draft => "draft",
            Self::GivenUp => "given-up",
            Self::First => "first",
            Self::Second => "second",
            Self::Everybody => "everybody",
            Self::Some => "-",
            Self::None => "none",
        }
    }
}

/// What was made beyond the town, by its ids.
pub struct Scene {
    given_up: String,
    /// A session that nobody is registered for.
    empty: String,
    /// Ada's, Bob's and Otto's.
    registrations: [String; 3],
    alternatives: [String; 3],
    /// The first dealer's, the second's and everybody's.
    plugins: [String; 3],
}

/// The ids that a question is asked with.
pub struct Ids {
    pub person: String,
    pub registration: String,
    pub session: String,
    pub dealer: String,
    pub course: String,
    pub location: String,
    pub alternative: String,
    pub plugin: String,
}

impl Ids {
    /// The one that the question is about.
    pub fn chosen(&self, kind: Kind) -> &str {
        match kind {
            Kind::Person => &self.person,
            Kind::Registration => &self.registration,
            Kind::Session => &self.session,
            Kind::Dealer => &self.dealer,
            Kind::Course => &self.course,
            Kind::Location => &self.location,
            Kind::Alternative => &self.alternative,
            Kind::Plugin => &self.plugin,
            Kind::Nothing => NONE,
        }
    }
}

impl Scene {
    /// Sets it, on a host of its own.
    pub async fn set() -> (TestApp, Self) {
        let app = TestApp::on(Store::Memory).await;
        let root = app.client(ROOT);
        for (session, instructors) in [(LATER, json!([])), (DRAFT, json!([]))] {
            let change = json!({ "instructors": instructors, "version": 1 });
            root.patch(format!("/v1/sessions/{session}"), change).await.json(200);
        }
        root.post(format!("/v1/sessions/{SESSION}/capacity"), json!({ "capacity": 10 })).await.json(200);
        let session = async |starts: &str| {
            let plan = json!({ "course": SELLING, "location": COLOGNE, "capacity": 9,
                "parts": [{ "starts": starts, "length": "PT2H", "room": "2.04" }] });
            text(&root.post("/v1/sessions", plan).await.json(201)["id"])
        };
        let (given_up, empty, instead) = (
            session("2027-05-03T09:00").await,
            session("2027-05-04T09:00").await,
            session("2027-05-05T09:00").await,
        );
        root.post(format!("/v1/sessions/{given_up}/cancel"), json!({ "reason": "a mistake" }))
            .await
            .json(200);
        for one in [&empty, &instead] {
            root.post(format!("/v1/sessions/{one}/publish"), json!({})).await.json(200);
        }
        app.settled().await;
        let (mut registrations, mut alternatives) = (Vec::new(), Vec::new());
        for learner in [ADA, BOB, OTTO] {
            let path = format!("/v1/sessions/{SESSION}/registrations");
            registrations.push(text(&root.post(path, json!({ "learner": learner })).await.json(201)["id"]));
            let path = format!("/v1/sessions/{empty}/alternatives?learner={learner}");
            alternatives.push(text(&root.get(path).await.json(200)["items"][0]["id"]));
        }
        app.settled().await;
        let three = |list: Vec<String>| list.try_into().expect("three of them");
        let (registrations, alternatives) = (three(registrations), three(alternatives));
        let mut plugins = Vec::new();
        for whose in [json!({ "dealer": FIRST }), json!({ "dealer": SECOND }), json!({})] {
            let mut body = json!({ "component": DIGEST });
            body.as_object_mut().expect("an object").extend(whose.as_object().cloned().unwrap_or_default());
            plugins.push(text(&root.post("/v1/plugins", body).await.json(201)["id"]));
        }
        let plugins = three(plugins);
        (app, Self { given_up, empty, registrations, alternatives, plugins })
    }

    /// The ids for a question: what is asked about is this subject's, and everything else is in nobody's way.
    pub fn ids(&self, operation: &str, kind: Kind, subject: Subject) -> Ids {
        let own = |list: &[String; 3]| list[0].clone();
        let is_new = matches!(operation, "register" | "register_group" | "walk_in" | "alternatives");
        let mut ids = Ids {
            person: ADA.to_owned(),
            registration: own(&self.registrations),
            session: if is_new { self.empty.clone() } else { SESSION.to_owned() },
            dealer: FIRST.to_owned(),
            course: BASICS.to_owned(),
            location: COLOGNE.to_owned(),
            alternative: own(&self.alternatives),
            plugin: own(&self.plugins),
        };
        let [people, registrations, alternatives] =
            [[ADA, BOB, OTTO].map(str::to_owned), self.registrations.clone(), self.alternatives.clone()];
        let of = |list: [String; 3]| match subject {
            Subject::Ada => list[0].clone(),
            Subject::Bob => list[1].clone(),
            Subject::Otto => list[2].clone(),
            _ => NONE.to_owned(),
        };
        let known = |id: &str| if subject == Subject::None { NONE.to_owned() } else { id.to_owned() };
        match kind {
            Kind::Person => ids.person = of(people),
            Kind::Registration => ids.registration = of(registrations),
            Kind::Alternative => ids.alternative = of(alternatives),
            Kind::Session => {
                ids.session = match subject {
                    Subject::Taught => SESSION.to_owned(),
                    Subject::Other => LATER.to_owned(),
                    Subject::Draft => DRAFT.to_owned(),
                    Subject::GivenUp => self.given_up.clone(),
                    _ => NONE.to_owned(),
                }
            }
            Kind::Dealer => {
                ids.dealer = if subject == Subject::Second { SECOND.to_owned() } else { known(FIRST) }
            }
            Kind::Plugin => {
                ids.plugin = match subject {
                    Subject::First => self.plugins[0].clone(),
                    Subject::Second => self.plugins[1].clone(),
                    Subject::Everybody => self.plugins[2].clone(),
                    _ => NONE.to_owned(),
                }
            }
            Kind::Course => ids.course = known(BASICS),
            Kind::Location => ids.location = known(COLOGNE),
            Kind::Nothing => {}
        }
        ids
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("an id").to_owned()
}
