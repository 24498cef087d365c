//! What must hold of every answer of REST.

use serde_json::Value;

use crate::host::Answer;
use crate::privacy;

/// Bytes of an answer that have nothing to do with what was asked: a page of the town, the longest list of words in a problem.
const ANSWER: usize = 64 << 10;
const PROBLEM: usize = 16 << 10;
/// How much longer than what was asked an answer may be beside that.
const TIMES: usize = 4;

/// Looks at an answer to a request that is `asked` in bytes, whatever of it is body, query or header.
///
/// # Panics
/// When something does not hold.
pub fn holds(asked: &[u8], answer: &Answer) {
    let said = String::from_utf8_lossy(&answer.body);
    // One that says that it is not ready is ready in no host without followers. This one has no plugins, and may say so (501).
    assert!(answer.status < 500 || answer.status == 501, "{}: {said}", answer.status);
    let most = if answer.status < 400 { ANSWER } else { PROBLEM } + TIMES * asked.len();
    let shown: String = said.chars().take(400).collect();
    assert!(answer.body.len() <= most, "{} bytes for {}: {shown}", answer.body.len(), asked.len());
    if answer.status >= 400 {
        is_problem(asked, answer);
    }
}

fn is_problem(asked: &[u8], answer: &Answer) {
    let kind = answer.headers.get("content-type").map(|it| it.as_bytes().to_vec());
    assert_eq!(kind.as_deref(), Some(&b"application/problem+json"[..]), "{}", answer.status);
    let problem: Value = serde_json::from_slice(&answer.body).expect("a problem is JSON");
    assert_eq!(problem["status"], answer.status, "{problem}");
    let code = problem["code"].as_str().expect("a problem has a code");
    assert!(ilt_host::http::wire::problem::TABLE.iter().any(|row| row.0 == code), "{code} is in no table");
    let fields = problem["fields"].as_array();
    assert!(code != "invalid-request" || fields.is_some_and(|it| !it.is_empty()), "{problem}");
    for field in fields.into_iter().flatten() {
        let text = |name: &str| field[name].as_str().expect("a text").to_owned();
        let (pointer, detail) = (text("pointer"), text("detail"));
        assert!(names_a_place(&pointer), "`{pointer}` is no place: {problem}");
        assert!(!detail.is_empty(), "{problem}");
        // The name of a field that is not known is its place.
        privacy::no_mail(asked, &detail.replace(&pointer, ""));
    }
    let pointers = fields.into_iter().flatten().filter_map(|it| it["pointer"].as_str());
    let detail = problem["detail"].as_str().expect("a problem says what is wrong").to_owned();
    let detail = pointers.filter(|it| !it.is_empty()).fold(detail, |said, pointer| said.replace(pointer, ""));
    privacy::no_mail(asked, &detail);
}

/// The whole, a field of the body, a parameter of the query, or a header.
fn names_a_place(pointer: &str) -> bool {
    let is_header = |byte: u8| byte.is_ascii_alphabetic() || byte == b'-';
    pointer.is_empty() || pointer.starts_with(['/', '?']) || pointer.bytes().all(is_header)
}
