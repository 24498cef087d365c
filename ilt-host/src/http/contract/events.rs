//! What others are told, for whoever reads it: schemas, and the document of all topics.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::http::App;
use crate::http::wire::problem::Problem;
use ilt_engine::config::{BadConfig, Config};
use ilt_engine::events::{schema, wanted};

/// The documents by name, as they are served.
#[derive(Debug, Clone, Default)]
pub struct EventDocuments(Arc<BTreeMap<String, Bytes>>);

/// The name of the document of all topics.
const ASYNCAPI: &str = "asyncapi.json";

impl EventDocuments {
    /// Those of an installation.
    ///
    /// # Errors
    /// [`BadConfig`] for a setting that makes no sense.
    pub fn of(config: &Config) -> Result<Self, BadConfig> {
        let names = config.names()?;
        let schemas = schema::all(&names)
            .into_iter()
            .chain(wanted::all(&names))
            .map(|(kind, schema)| (format!("{kind}.json"), Bytes::from(format!("{schema:#}"))));
        #[cfg_attr(not(feature = "kafka"), expect(unused_mut, reason = "there are no topics without Kafka"))]
        let mut documents: BTreeMap<_, _> = schemas.collect();
        #[cfg(feature = "kafka")]
        {
            let kafka = config.kafka()?.unwrap_or_default();
            let document = ilt_engine::events::asyncapi::document(&names, &kafka);
            documents.insert(ASYNCAPI.to_owned(), Bytes::from(format!("{document:#}")));
        }
        Ok(Self(Arc::new(documents)))
    }
}

pub fn routes() -> Router<App> {
    let all = async |State(app): State<App>| document(&app, ASYNCAPI);
    let one = async |State(app): State<App>, Path(name): Path<String>| document(&app, &name);
    Router::new().route("/asyncapi.json", get(all)).route("/schemas/{name}", get(one))
}

fn document(app: &App, name: &str) -> Response {
    match app.events.0.get(name) {
        Some(json) => ([(CONTENT_TYPE, "application/json")], json.clone()).into_response(),
        None => Problem::new("not-found", "there is no document of this name").into_response(),
    }
}
