//! The rules that can be set, and where each setting comes from.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ilt_core::desk::Command;
use ilt_core::ids::CourseId;
use ilt_core::policy::{Override, Rule, Rules, Scope, Source};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::caller::{Admin, Caller};
use super::extract::{Params, Posted};
use super::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rules, set_rule))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct For {
    /// As they are for this course.
    course: Option<Uuid>,
    /// As they are for dealers of this group.
    dealer_group: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct RuleView {
    rule: &'static str,
    unit: &'static str,
    value: i64,
    /// `course`, `dealer-group`, `global` or `default`.
    #[schema(value_type = String)]
    source: Source,
    least: i64,
    most: i64,
}

#[derive(Serialize, ToSchema)]
struct RulesView {
    items: Vec<RuleView>,
}

/// Every rule, with its value and where it comes from.
#[utoipa::path(get, path = "/v1/policy", tag = "policy", params(For), responses((status = 200, body = RulesView)))]
async fn rules(State(app): State<App>, _caller: Caller, Params(about): Params<For>) -> Json<RulesView> {
    let set = app.engine.catalogue().rules().to_vec();
    let rules = Rules::of(&set, about.course.map(CourseId), about.dealer_group.as_deref());
    let view = |rule: Rule| {
        let (setting, (least, most)) = (rules.setting(rule), rule.limits());
        RuleView {
            rule: rule.word(),
            unit: rule.unit(),
            value: setting.value,
            source: setting.source,
            least,
            most,
        }
    };
    Json(RulesView { items: Rule::ALL.map(view).into() })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RuleBody {
    #[schema(example = "registration-closes")]
    rule: String,
    /// In the rule's unit; `null` sets it back to the next wider scope.
    value: Option<i64>,
    /// For this course only.
    #[serde(default)]
    course: Option<Uuid>,
    /// For dealers of this group only.
    #[serde(default)]
    dealer_group: Option<String>,
}

/// Sets a rule for everybody, for a dealer group or for a course; or back.
#[utoipa::path(put, path = "/v1/policy", tag = "policy", request_body = RuleBody, responses((status = 204)))]
async fn set_rule(
    State(app): State<App>,
    Admin(caller): Admin,
    posted: Posted<RuleBody>,
) -> Result<StatusCode, Problem> {
    let body = &posted.body;
    let rule = Rule::from_word(&body.rule).ok_or_else(|| {
        let words = Rule::ALL.map(Rule::word).join(", ");
        Problem::unreadable("/rule", format!("must be one of {words}"))
    })?;
    let scope = match (body.course, &body.dealer_group) {
        (Some(_), Some(_)) => {
            return Err(Problem::unreadable("/course", "name a course or a dealer group, not both"));
        }
        (Some(course), None) => Scope::Course(CourseId(course)),
        (None, Some(group)) => Scope::DealerGroup(group.clone()),
        (None, None) => Scope::Global,
    };
    let command = match body.value {
        Some(value) => Command::SetRule(Override { scope, rule, value }),
        None => Command::ClearRule(scope, rule),
    };
    app.engine.ask(caller.actor(), command, posted.key(caller.id), caller.correlation).await?;
    app.engine.feed().wait_for(app.engine.feed().committed()).await;
    Ok(StatusCode::NO_CONTENT)
}
