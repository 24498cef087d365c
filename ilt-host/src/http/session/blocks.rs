//! Seat blocks: what is set aside for which dealer.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use ilt_core::access;
use ilt_core::desk::{BlockPlan, Command};
use ilt_core::ids::{DealerId, SessionId};
use ilt_core::session::Block;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::session::{changed, visible};
use crate::http::views::SessionView;
use crate::http::wire::extract::{Id, Ids, Posted};
use crate::http::wire::problem::Problem;

/// Seats set aside for a dealer.
#[derive(Serialize, ToSchema)]
pub struct BlockView {
    dealer: Uuid,
    /// Seats that are set aside, taken ones included.
    seats: u32,
    /// Seats of these that the dealer's people have taken.
    used: u32,
    /// By when the dealer is to say who comes; absent once it was reminded.
    #[schema(value_type = Option<String>, format = DateTime)]
    name_by: Option<Timestamp>,
    /// When what is left is open to everybody.
    #[schema(value_type = String, format = DateTime)]
    release_at: Timestamp,
}

impl From<&Block> for BlockView {
    fn from(block: &Block) -> Self {
        let Block { dealer, seats, used, users: _, name_by, release_at } = block;
        Self { dealer: dealer.0, seats: *seats, used: *used, name_by: *name_by, release_at: *release_at }
    }
}

/// The seat blocks of a session.
#[derive(Serialize, ToSchema)]
pub struct BlocksView {
    items: Vec<BlockView>,
}

/// What is set aside, for the dealers you look after.
#[utoipa::path(get, path = "/v1/sessions/{id}/blocks", tag = "sessions", params(("id" = Uuid, Path)), responses((status = 200, body = BlocksView)))]
pub async fn blocks(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
) -> Result<Json<BlocksView>, Problem> {
    let session = visible(&app, &caller, session).await?;
    let seen = session.blocks.iter().filter(|block| access::look_after(&caller, block.dealer).is_ok());
    Ok(Json(BlocksView { items: seen.map(BlockView::from).collect() }))
}

/// Seats to be set aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockBody {
    /// How many, taken ones included.
    seats: u32,
    /// By when the dealer is to say who comes; by the rule `block-naming` when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    name_by: Option<Timestamp>,
    /// When what is left is open to everybody; by the rule `block-release` when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    release_at: Option<Timestamp>,
}

/// Sets seats aside for a dealer, or more or fewer than before. Its people take them without asking for them.
///
/// A dealer admin may set aside a share for their own dealer (rule `block-share`), an admin any seats that are open.
#[utoipa::path(put, path = "/v1/sessions/{id}/blocks/{dealer}", operation_id = "save_block", tag = "sessions", params(("id" = Uuid, Path), ("dealer" = Uuid, Path)), request_body = BlockBody, responses((status = 200, body = SessionView)))]
pub async fn save_block(
    State(app): State<App>,
    caller: Caller,
    Ids(session, dealer): Ids<SessionId, DealerId>,
    posted: Posted<BlockBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let BlockBody { seats, name_by, release_at } = posted.body;
    let block = BlockPlan { dealer, seats, name_by, release_at };
    changed(&app, &caller, Command::SaveBlock { session, block }, key).await
}

/// Opens to everybody what is set aside for a dealer and not taken.
#[utoipa::path(delete, path = "/v1/sessions/{id}/blocks/{dealer}", operation_id = "release_block", tag = "sessions", params(("id" = Uuid, Path), ("dealer" = Uuid, Path)), responses((status = 200, body = SessionView)))]
pub async fn release_block(
    State(app): State<App>,
    caller: Caller,
    Ids(session, dealer): Ids<SessionId, DealerId>,
) -> Result<Response, Problem> {
    changed(&app, &caller, Command::ReleaseBlock { session, dealer }, None).await
}
