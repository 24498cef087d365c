//! What a key may be used for: groups of operations, as the contract groups them.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use axum::http::Method;

/// Groups that no key opens: with one, somebody could make another, or end what its owner does.
const CLOSED: [&str; 4] = ["keys", "sign-in", "health", "contract"];

struct Groups {
    /// By method and address.
    of: HashMap<(String, String), String>,
    open: BTreeSet<String>,
}

static GROUPS: LazyLock<Groups> = LazyLock::new(|| {
    let mut groups = Groups { of: HashMap::new(), open: BTreeSet::new() };
    for (path, item) in crate::http::openapi().paths.paths {
        let methods = [
            ("GET", item.get),
            ("PUT", item.put),
            ("POST", item.post),
            ("PATCH", item.patch),
            ("DELETE", item.delete),
        ];
        for (method, operation) in methods {
            let Some(group) = operation.and_then(|it| it.tags).and_then(|tags| tags.into_iter().next())
            else {
                continue;
            };
            if !CLOSED.contains(&group.as_str()) {
                groups.open.insert(group.clone());
            }
            groups.of.insert((method.to_owned(), path.clone()), group);
        }
    }
    groups
});

/// The group of the operation at this address.
pub fn group(method: &Method, route: &str) -> Option<&'static str> {
    // Whoever asks for the head of something reads it.
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    GROUPS.of.get(&(method.to_owned(), route.to_owned())).map(String::as_str)
}

/// Whether there is such a scope: a group that a key may open, or that with `:read`.
pub fn is_one(scope: &str) -> bool {
    GROUPS.open.contains(scope.strip_suffix(":read").unwrap_or(scope))
}

/// The groups that a key may open, in words.
pub fn all() -> String {
    GROUPS.open.iter().cloned().collect::<Vec<_>>().join(", ")
}
