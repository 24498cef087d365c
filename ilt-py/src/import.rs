//! Bringing data in from CSV, as `ilt-host import` does.

use ilt_core::fault::{Fault as _, FieldProblem};
use ilt_engine::import::{ImportError, Imported, Kind, LARGEST_FILE, MOST_TOLD, Problem, import};
use ilt_host::http::inside::Opened;
use serde_json::{Value, json};

use crate::answer::Outcome;

/// Imports one file; answers what it did as JSON, or the problem document that says why it did not.
pub async fn bring_in(opened: &Opened, kind: &str, file: &[u8], rehearse: bool) -> Outcome {
    let kind: Kind = match kind.parse() {
        Ok(kind) => kind,
        Err(wrong) => return problem("invalid-request", 400, &wrong, &[("kind".to_owned(), wrong.clone())]),
    };
    if file.len() > LARGEST_FILE {
        let wrong = format!("is larger than {} MiB: split it", LARGEST_FILE >> 20);
        return problem("too-large", 413, &wrong, &[("file".to_owned(), wrong.clone())]);
    }
    let error = match import(opened.ports(), kind, file, rehearse).await {
        Ok(Imported { rows, added, changed, warnings, left_out }) => {
            let left_out: Vec<_> = left_out.iter().map(line).collect();
            let done = json!({ "rows": rows, "added": added, "changed": changed, "warnings": warnings, "left_out": left_out });
            return Outcome::Piece(Some(done.to_string().into()));
        }
        Err(error) => error,
    };
    let detail = error.to_string();
    match error {
        ImportError::Problems(problems) => {
            let told = problems.iter().take(MOST_TOLD).map(|it| (it.to_string(), it.detail.clone()));
            problem("invalid-request", 422, &detail, &told.collect::<Vec<_>>())
        }
        ImportError::Trouble(trouble) => {
            let status = if trouble.code() == "busy" { 503 } else { 500 };
            problem(trouble.code(), status, &detail, &[])
        }
    }
}

fn line(problem: &Problem) -> Value {
    json!({ "line": problem.line, "column": problem.column, "detail": problem.detail })
}

fn problem(code: &str, status: u16, detail: &str, fields: &[(String, String)]) -> Outcome {
    let fields: Vec<_> =
        fields.iter().map(|(place, detail)| FieldProblem::new(place.clone(), detail.clone())).collect();
    let title = "Nothing was imported";
    let kind = format!("/problems/{code}");
    let document = json!({ "type": kind, "title": title, "status": status, "code": code, "detail": detail, "fields": fields });
    Outcome::failed("problem", document.to_string())
}
