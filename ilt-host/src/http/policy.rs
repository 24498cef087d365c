//! The rules that can be set, and where each setting comes from.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ilt_core::desk::{Ask, Command, Key, Refusal};
use ilt_core::fault::FieldProblem;
use ilt_core::ids::CourseId;
use ilt_core::policy::{Override, Rule, Rules, Scope, Source};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::{Admin, Caller};
use crate::http::contract::words;
use crate::http::wire::extract::{Params, Posted};
use crate::http::wire::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rules, set_rule, clear_rule))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct For {
    /// As they are for this course.
    course: Option<Uuid>,
    /// As they are for dealers of this group.
    dealer_group: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct RuleView {
    #[schema(value_type = words::Rule)]
    rule: &'static str,
    unit: &'static str,
    value: i64,
    #[schema(value_type = words::RuleSource)]
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
    #[schema(value_type = words::Rule)]
    rule: String,
    /// In the rule's unit; a switch is 0 or 1.
    value: i64,
    /// For this course only.
    #[serde(default)]
    course: Option<Uuid>,
    /// For dealers of this group only.
    #[serde(default)]
    dealer_group: Option<String>,
}

/// A rule and for whom it is set, once it is known that they exist.
async fn rule_for(
    app: &App,
    word: &str,
    course: Option<Uuid>,
    dealer_group: Option<String>,
) -> Result<(Scope, Rule), Problem> {
    let rule = Rule::from_word(word);
    // From the store: the catalogue of this host may be a moment behind.
    let ask = Ask { courses: course.map(CourseId).into_iter().collect(), ..Ask::default() };
    let known = app.engine.ports().reads.look(&ask).await?;
    let known_course = course.is_none_or(|id| known.courses.contains_key(&CourseId(id)));
    let is_group = |group: &String| known.dealers.values().any(|dealer| dealer.group.as_ref() == Some(group));
    let mut fields = Vec::new();
    let mut wrong = |pointer: &str, detail: &str| fields.push(FieldProblem::new(pointer, detail));
    if rule.is_none() {
        wrong("/rule", &format!("must be one of {}", Rule::ALL.map(Rule::word).join(", ")));
    }
    if course.is_some() && dealer_group.is_some() {
        wrong("/course", "name a course or a dealer group, not both");
    }
    if !known_course {
        wrong("/course", "this course does not exist");
    }
    if !dealer_group.as_ref().is_none_or(is_group) {
        wrong("/dealer_group", "no dealer belongs to this group");
    }
    let scope = match (course, dealer_group) {
        (Some(course), _) => Scope::Course(CourseId(course)),
        (None, Some(group)) => Scope::DealerGroup(group),
        (None, None) => Scope::Global,
    };
    match rule.filter(|_| fields.is_empty()) {
        Some(rule) => Ok((scope, rule)),
        None => Err(Refusal::InvalidRequest { fields }.into()),
    }
}

async fn have_done(
    app: &App,
    caller: &Caller,
    command: Command,
    key: Option<(Key, String)>,
) -> Result<StatusCode, Problem> {
    app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    app.engine.feed().wait_for(app.engine.feed().committed()).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a rule for everybody, for a dealer group or for a course.
#[utoipa::path(put, path = "/v1/policy", tag = "policy", request_body = RuleBody, responses((status = 204)))]
async fn set_rule(
    State(app): State<App>,
    Admin(caller): Admin,
    posted: Posted<RuleBody>,
) -> Result<StatusCode, Problem> {
    let key = posted.key(caller.id);
    let RuleBody { rule, value, course, dealer_group } = posted.body;
    let (scope, rule) = rule_for(&app, &rule, course, dealer_group).await?;
    have_done(&app, &caller, Command::SetRule(Override { scope, rule, value }), key).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichRule {
    #[param(value_type = words::Rule, inline)]
    rule: String,
    /// As it is set for this course.
    course: Option<Uuid>,
    /// As it is set for dealers of this group.
    dealer_group: Option<String>,
}

/// Sets a rule back to the next wider scope.
#[utoipa::path(delete, path = "/v1/policy", tag = "policy", params(WhichRule), responses((status = 204)))]
async fn clear_rule(
    State(app): State<App>,
    Admin(caller): Admin,
    Params(which): Params<WhichRule>,
) -> Result<StatusCode, Problem> {
    let (scope, rule) = rule_for(&app, &which.rule, which.course, which.dealer_group).await?;
    have_done(&app, &caller, Command::ClearRule(scope, rule), None).await
}
