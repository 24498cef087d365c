//! Files to import: the word of their kind in the first line, then the file.

use ilt_engine::import::{ImportError, Imported, Kind, Problem, columns, import};

use crate::host::on_host;
use crate::script::first_line;
use crate::{Target, privacy};

pub const TARGET: Target = Target {
    name: "csv",
    reads: "files of each kind, as the importer reads them, and what importing them again does",
    run,
    words: &[
        ",",
        ";",
        "\"",
        "\r\n",
        "\u{feff}",
        "ada@dealer.example",
        "manager@20000000-0000-4000-8000-000000000001",
        "10000000-0000-4000-8000-0000000000a1",
        "2027-03-28T02:30",
        "-009999-01-01",
        "P24M",
        "PT6H",
        "true",
        "TRUE",
        "NaN",
        "inf",
        "1e308",
        "tuesday 08:00-13:00",
    ],
};

/// Characters that a problem may have.
const LONGEST_PROBLEM: usize = 1_000;

fn run(input: &[u8]) {
    let (word, file) = first_line(input);
    let named = std::str::from_utf8(word).ok().and_then(|word| word.trim().parse().ok());
    let kind = named.unwrap_or(Kind::ALL[word.len() % Kind::ALL.len()]);
    on_host(|host| {
        let ports = host.engine.ports();
        match host.wait(import(ports, kind, file, true)) {
            Ok(rehearsed) => {
                host.spend();
                let done = host.wait(import(ports, kind, file, false)).expect("what was rehearsed is done");
                assert_eq!(done, rehearsed, "what was rehearsed is what is done");
                let again = host.wait(import(ports, kind, file, false)).expect("what was done is done again");
                let nothing = Imported { added: 0, changed: 0, ..done };
                assert_eq!(again, nothing, "the same file changes nothing more");
            }
            Err(ImportError::Problems(problems)) => are_told_well(kind, file, &problems),
            Err(ImportError::Trouble(trouble)) => panic!("{trouble}"),
        }
    });
}

fn are_told_well(kind: Kind, file: &[u8], problems: &[Problem]) {
    assert!(!problems.is_empty(), "nothing is wrong, and nothing was imported");
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let lines = 1 + file.split(ends).count() as u64;
    let columns = columns::columns(kind);
    for problem in problems {
        assert!(problem.line <= lines, "{problem:?} is beyond the file's {lines} lines");
        let is_known = columns.iter().any(|it| it.name == problem.column) || problem.column.is_empty();
        assert!(is_known, "{problem:?} names no column of {}", kind.word());
        assert!(
            problem.detail.chars().count() <= LONGEST_PROBLEM,
            "{} characters: {problem}",
            problem.detail.len()
        );
        privacy::no_mail(file, &problem.detail);
    }
    let said = ImportError::Problems(problems.to_vec()).to_string();
    assert!(said.len() <= 64 << 10, "{} bytes are told", said.len());
}
