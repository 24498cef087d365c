//! A problem code without a test is a promise that nobody checks.

use ilt_host::http::wire::problem::TABLE;

#[test]
fn every_problem_code_has_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rest");
    let files = std::fs::read_dir(folder).expect("this folder").map(|file| file.expect("a file").path());
    let tests: String = files
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .map(|path| std::fs::read_to_string(path).expect("a text"))
        .collect();
    let untested: Vec<_> =
        TABLE.iter().map(|row| row.0).filter(|code| !tests.contains(&format!("\"{code}\""))).collect();
    assert!(untested.is_empty(), "{untested:?}");
}
