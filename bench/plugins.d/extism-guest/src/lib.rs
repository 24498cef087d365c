//! What the templates of plugins say, as a plugin of Extism: sessions that are further away than we travel come last.

use extism_pdk::{FnResult, Json, plugin_fn};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Question {
    most_km: f64,
    places: Vec<Option<f64>>,
    candidates: Vec<Candidate>,
}

#[derive(Deserialize)]
pub struct Candidate {
    place: usize,
}

#[derive(Serialize)]
pub struct Adjustment {
    candidate: usize,
    change: f64,
    reason: &'static str,
}

#[plugin_fn]
pub fn adjust(Json(question): Json<Question>) -> FnResult<Json<Vec<Adjustment>>> {
    let is_far = |it: &Candidate| question.places.get(it.place).copied().flatten().is_some_and(|km| km > question.most_km);
    let far = question.candidates.iter().enumerate().filter(|(_, it)| is_far(it));
    let adjust = |(candidate, _)| Adjustment { candidate, change: -0.3, reason: "Further than your dealer travels." };
    Ok(Json(far.map(adjust).collect()))
}
