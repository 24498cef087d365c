//! An academy with people, pages and a sign-in of its own, and training in it: everything that the engine keeps running, its whole contract under
//! a path of the academy's choice, and use cases asked in Rust. All of it is this file.
//!
//! `cargo run -p ilt-example-embed` serves on <http://127.0.0.1:8001>: sign in there as `ada`, as `ben` or as `rut`, who is an admin.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ilt_core::access::Sight;
use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::RegistrationQuery;
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_engine::Trouble;
use ilt_engine::config::{Config, Own, environment, layers_on};
use ilt_engine::import::{Kind, import};
use ilt_host::http::inside::{Opened, Who};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Who has an account here. Passwords are another example's.
const PEOPLE: [(&str, PersonId, &str); 3] = [
    ("ada", PersonId(Uuid::from_u128(0xada)), "learner"),
    ("ben", PersonId(Uuid::from_u128(0xbe1)), "learner"),
    ("rut", PersonId(Uuid::from_u128(0x0c7)), "admin"),
];
const SESSION: SessionId = SessionId(Uuid::from_u128(0x5e1));

const PEOPLE_COLUMNS: &str = "id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active\n";
const DEALERS: &str = "id,name,group,region,city,lat,lon,zone
00000000-0000-0000-0000-0000000000d1,Academy,,,Köln,50.94,6.96,Europe/Berlin";
const LOCATIONS: &str = "id,name,address,city,country,lat,lon,zone,rooms
00000000-0000-0000-0000-0000000000c1,Centre,,Köln,DE,50.94,6.96,Europe/Berlin,1";
const COURSES: &str =
    "id,title,summary,programme_type,topics,track,length,validity,travel,prerequisites,equivalents
00000000-0000-0000-0000-0000000000b1,Brakes,,compliance,brakes,,PT6H,,false,,";
const SESSIONS: &str = "id,course,location,room,starts,length,capacity,minimum,waitlist,instructors,status
00000000-0000-0000-0000-0000000005e1,00000000-0000-0000-0000-0000000000b1,00000000-0000-0000-0000-0000000000c1,1,2099-03-16T09:00,PT6H,1,1,true,,published";

/// The application.
struct Academy {
    opened: Opened,
    /// Who is signed in, by what their browser says.
    signed_in: Mutex<BTreeMap<String, PersonId>>,
}

impl Academy {
    /// Opens the engine on a database in this folder; whatever `ILT__` says of it counts as well.
    async fn open(folder: &Path) -> anyhow::Result<Arc<Self>> {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let url = format!("sqlite:{}", folder.join("academy.db").display());
        let said = Own::Said(json!({ "store": { "url": url }, "log": { "filter": "warn" } }));
        let config = Config::of(&layers_on(said, environment())?)?;
        let academy = Self { opened: Opened::open(&config, None).await?, signed_in: Mutex::default() };
        academy.tell_of_people_and_courses().await?;
        Ok(Arc::new(academy))
    }

    /// Has the engine know them, by the ids that they have here. It changes nothing when it is done again.
    async fn tell_of_people_and_courses(&self) -> anyhow::Result<()> {
        let person = |(name, PersonId(id), role): &(&str, PersonId, &str)| {
            format!(
                "{id},{name},{name}@academy.example,00000000-0000-0000-0000-0000000000d1,{role},,,,,,,Europe/Berlin,true\n"
            )
        };
        let people = PEOPLE_COLUMNS.to_owned() + &PEOPLE.iter().map(person).collect::<String>();
        let tables = [
            (Kind::Dealers, DEALERS),
            (Kind::Locations, LOCATIONS),
            (Kind::Courses, COURSES),
            (Kind::People, &people),
            (Kind::Sessions, SESSIONS),
        ];
        for (kind, table) in tables {
            import(self.opened.ports(), kind, table.as_bytes(), false).await?;
        }
        Ok(())
    }

    /// Who asks, by the cookie of their browser.
    fn caller(&self, headers: &HeaderMap) -> Option<PersonId> {
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let token = cookies.split("; ").find_map(|one| one.strip_prefix("academy="))?;
        self.signed_in.lock().unwrap_or_else(PoisonError::into_inner).get(token).copied()
    }
}

/// The academy's own pages, and training beside them: whoever is signed in here is signed in there.
fn pages(academy: &Arc<Academy>) -> Router {
    let sign_in_of = academy.clone();
    let training = academy.opened.inside().router(move |headers| sign_in_of.caller(headers).map(Who::Person));
    Router::new()
        .route("/", get(front))
        .route("/sign-in", post(sign_in))
        .route("/take", post(take))
        .with_state(academy.clone())
        .nest("/training", training)
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

#[expect(clippy::disallowed_methods, reason = "nobody may guess it, a simulation neither")]
async fn sign_in(State(academy): State<Arc<Academy>>, Form(SignIn { name }): Form<SignIn>) -> Response {
    let Some((_, person, _)) = PEOPLE.iter().find(|(known, ..)| *known == name) else {
        return (StatusCode::UNAUTHORIZED, "Nobody of that name works here.").into_response();
    };
    let token = format!("{:032x}", rand::random::<u128>());
    academy.signed_in.lock().unwrap_or_else(PoisonError::into_inner).insert(token.clone(), *person);
    let cookie = format!("academy={token}; HttpOnly; SameSite=Strict; Path=/");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

/// A use case, asked in Rust: what the caller is registered for.
async fn front(State(academy): State<Arc<Academy>>, headers: HeaderMap) -> Result<Html<String>, StatusCode> {
    let Some(person) = academy.caller(&headers) else {
        return Ok(Html("<form method=post action=/sign-in><input name=name placeholder=ada><button>Sign in</button></form>".to_owned()));
    };
    let query = RegistrationQuery {
        sight: Sight::Everyone,
        learner: Some(person),
        statuses: Vec::new(),
        from: None,
        to: None,
        after: None,
        limit: 20,
    };
    let mine = academy.opened.ports().reads.registrations(&query).await;
    let mine = mine.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let line = |(one, session, _): &(Registration, Session, Option<u32>)| {
        format!("<li>{} on {}", one.status.word(), session.starts_at())
    };
    let list: String = mine.iter().map(line).collect();
    Ok(Html(format!("<ul>{list}</ul><form method=post action=/take><button>Take the seat</button></form>")))
}

/// Another: the seat, or in words why there is none.
async fn take(
    State(academy): State<Arc<Academy>>,
    headers: HeaderMap,
) -> Result<Redirect, (StatusCode, Json<Value>)> {
    let told = |status, detail: String| (status, Json(json!({ "detail": detail })));
    let learner =
        academy.caller(&headers).ok_or_else(|| told(StatusCode::UNAUTHORIZED, "sign in first".to_owned()))?;
    let register = Command::Register {
        session: SESSION,
        learner,
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    match academy.opened.engine().ask(Actor::Person(learner), register, None, Uuid::nil()).await {
        Ok(_) => Ok(Redirect::to("/")),
        Err(Trouble::Refused(refusal)) => Err(told(StatusCode::CONFLICT, refusal.to_string())),
        Err(_) => Err(told(StatusCode::SERVICE_UNAVAILABLE, "please try again".to_owned())),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let academy = Academy::open(Path::new("academy-data")).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8001").await?;
    println!("http://{}", listener.local_addr()?);
    let until = async { drop(tokio::signal::ctrl_c().await) };
    let opened = academy.clone();
    let stopping = async move {
        until.await;
        opened.opened.end_streams();
    };
    axum::serve(listener, pages(&academy)).with_graceful_shutdown(stopping).await?;
    academy.opened.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    struct Browser {
        pages: Router,
        cookie: String,
    }

    impl Browser {
        async fn signed_in(academy: &Arc<Academy>, name: &str) -> Self {
            let mut browser = Self { pages: pages(academy), cookie: String::new() };
            let answer = browser
                .send("POST", "/sign-in", "application/x-www-form-urlencoded", &format!("name={name}"))
                .await;
            let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text");
            cookie.split(';').next().expect("a cookie").clone_into(&mut browser.cookie);
            browser
        }

        async fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Response {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::COOKIE, &self.cookie)
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body.to_owned()))
                .expect("a request");
            self.pages.clone().oneshot(request).await.expect("an answer")
        }

        async fn asks(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
            let answer = self.send(method, path, "application/json", body).await;
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            (status, serde_json::from_slice(&body).unwrap_or_default())
        }
    }

    #[tokio::test]
    async fn whoever_is_signed_in_here_is_signed_in_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let academy = Academy::open(folder.path()).await.expect("an academy");
        let stranger = Browser { pages: pages(&academy), cookie: "academy=0123456789abcdef".to_owned() };
        assert_eq!(stranger.asks("GET", "/training/v1/me", "").await.0, 401);
        assert_eq!(stranger.asks("POST", "/take", "").await.0, 401);

        let (ada, ben) =
            (Browser::signed_in(&academy, "ada").await, Browser::signed_in(&academy, "ben").await);
        let (status, me) = ada.asks("GET", "/training/v1/me", "").await;
        assert_eq!((status, &me["name"]), (200, &json!("ada")));
        let seats = format!("/training/v1/sessions/{}/registrations", SESSION.0);
        let (status, registration) = ada.asks("POST", &seats, "{}").await;
        assert_eq!((status, &registration["status"]), (201, &json!("confirmed")));
        let (status, refused) = ben.asks("POST", "/take", "").await;
        assert_eq!(status, 409, "{refused}");
        assert_eq!(ben.asks("POST", &seats, "{}").await.1["code"], "session-full");
        let front = ada.send("GET", "/", "text/html", "").await.into_body().collect().await.expect("a page");
        assert!(String::from_utf8_lossy(&front.to_bytes()).contains("<li>confirmed on 2099-03-16"));
        academy.opened.close().await;
    }
}
