//! What is wrong with a file, by line and column, in these very words.

use rstest::rstest;

use super::*;

const LOCATION: &str = "id,name,address,city,country,lat,lon,zone,rooms";
const COMPLETION: &str = "person,course,completed_on";
const SESSION: &str = "id,course,location,room,starts,length,capacity,minimum,waitlist,instructors,status";
const COURSE: &str =
    "id,title,summary,programme_type,topics,track,length,validity,travel,prerequisites,equivalents";
const A: &str = "018f3c6e-7a10-7cc2-9d2e-3f6f0c1b2a4d";

#[rstest]
#[case::a_missing_and_an_unknown_column(
    Kind::Completions,
    "person,curse,completed_on",
    "",
    "the header lacks course, and has unknown columns: curse; completions has the columns person,course,completed_on"
)]
#[case::an_id_that_is_none(
    Kind::Completions,
    COMPLETION,
    "x,ID,2026-01-02",
    "line 2, person: `x` is not a UUID"
)]
#[case::an_empty_id(
    Kind::Completions,
    COMPLETION,
    "ID,,2026-01-02",
    "line 2, course: is empty: a UUID was expected"
)]
#[case::a_day_that_does_not_exist(
    Kind::Completions,
    COMPLETION,
    "ID,ID,2026-02-30",
    "line 2, completed_on: `2026-02-30` is not a day such as 2026-03-28"
)]
#[case::an_instant_where_a_day_is_wanted(
    Kind::Completions,
    COMPLETION,
    "ID,ID,2026-03-28T23:30:00-08:00",
    "line 2, completed_on: `2026-03-28T23:30:00-08:00` is not a day such as 2026-03-28"
)]
#[case::an_offset_at_a_wall_clock(
    Kind::Sessions,
    SESSION,
    "ID,ID,ID,,2027-03-15T09:00+02:00,PT6H,2,0,true,,published",
    "line 2, starts: `2027-03-15T09:00+02:00` is not a wall clock without an offset, such as 2027-03-15T09:00"
)]
#[case::a_quotation_that_never_ends(
    Kind::Completions,
    COMPLETION,
    "ID,ID,\"2026-01-02\nID,ID,2026-01-03",
    "line 2: a quotation mark is opened here and never closed: was the file cut off?"
)]
#[case::a_clock_that_nobody_reads(
    Kind::Sessions,
    SESSION,
    "ID,ID,ID,,28.03.2027 09:00,PT6H,2,0,true,,published",
    "line 2, starts: `28.03.2027 09:00` is not a wall clock without an offset, such as 2027-03-15T09:00"
)]
#[case::a_day_without_a_clock(
    Kind::Sessions,
    SESSION,
    "ID,ID,ID,,2027-03-15;2027-03-16T09:00Z,PT6H,2,0,true,,published",
    "line 2, starts: `2027-03-15` is not a wall clock without an offset, such as 2027-03-15T09:00"
)]
#[case::a_line_too_short(
    Kind::Completions,
    COMPLETION,
    "ID,ID",
    "line 2: has 2 cells where the header has 3"
)]
#[case::an_unknown_zone(
    Kind::Locations,
    LOCATION,
    "ID,N,,C,,1,2,Mars/Olympus,",
    "line 2, zone: `Mars/Olympus` is not an IANA time zone such as Europe/Berlin"
)]
#[case::degrees_in_words(
    Kind::Locations,
    LOCATION,
    "ID,N,,C,,north,2,Europe/Berlin,",
    "line 2, lat: `north` is not a number of degrees"
)]
#[case::a_programme_type_of_its_own(
    Kind::Courses,
    COURSE,
    "ID,T,,fun,,,PT6H,,false,,",
    "line 2, programme_type: `fun` is none of onboarding, new-hire, compliance, employee-development, customer-partner"
)]
#[case::a_length_in_words(
    Kind::Courses,
    COURSE,
    "ID,T,,compliance,,,6 hours,,false,,",
    "line 2, length: `6 hours` is not a length such as PT6H"
)]
#[case::a_validity_of_days(
    Kind::Courses,
    COURSE,
    "ID,T,,compliance,,,PT6H,P10D,false,,",
    "line 2, validity: must be whole months or years, such as P24M or P2Y"
)]
#[case::a_validity_of_months_and_minutes(
    Kind::Courses,
    COURSE,
    "ID,T,,compliance,,,PT6H,P24MT5M,false,,",
    "line 2, validity: must be whole months or years, such as P24M or P2Y"
)]
#[case::a_column_that_comes_twice(
    Kind::Completions,
    "person,course,completed_on,person",
    "ID,ID,2026-01-02,ID",
    "the header has more than once: person; completions has the columns person,course,completed_on"
)]
#[case::a_column_that_comes_twice_in_another_case(
    Kind::Completions,
    "person,course,completed_on,Person",
    "ID,ID,2026-01-02,ID",
    "the header has more than once: person; completions has the columns person,course,completed_on"
)]
#[case::a_mail_address_where_an_id_should_be(
    Kind::Completions,
    COMPLETION,
    "ada@dealer.example,ID,2026-01-02",
    "line 2, person: a mail address is not a UUID"
)]
#[case::neither_true_nor_false(
    Kind::Courses,
    COURSE,
    "ID,T,,compliance,,,PT6H,,perhaps,,",
    "line 2, travel: `perhaps` is neither true nor false"
)]
#[case::a_list_with_a_bad_entry(
    Kind::Courses,
    COURSE,
    "ID,T,,compliance,,,PT6H,,false,ID;y,",
    "line 2, prerequisites: `y` is not a UUID"
)]
fn a_bad_file_says_where(#[case] kind: Kind, #[case] header: &str, #[case] line: &str, #[case] said: &str) {
    let text = format!("{header}\n{}\n", line.replace("ID", A));
    let problems = read(kind, text.as_bytes()).map(drop).expect_err("a bad file");
    assert_eq!(problems[0].to_string(), said);
}

#[test]
fn every_problem_is_told_at_once() {
    let text = format!("{COMPLETION}\nx,y,z\n{A},{A},2026-01-02\n{A},q,2026-01-02\n");
    let problems = read(Kind::Completions, text.as_bytes()).map(drop).expect_err("a bad file");
    let lines: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
    assert_eq!(lines, [(2, "person"), (2, "course"), (2, "completed_on"), (4, "course")]);
}

/// A file in which everything is wrong is told of in few words, whatever it holds.
#[test]
fn what_is_told_of_a_cell_is_short_and_nobodys_mail_address() {
    let (long, mails) = ("x".repeat(10_000), "ada@dealer.example;bob@dealer.example");
    let cells = format!("{A},N,{A},{mails},{mails},{long},{long},{long},,,,,{long}");
    let text = format!(
        "{}\n{cells}\n",
        columns::columns(Kind::People).iter().map(|it| it.name).collect::<Vec<_>>().join(",")
    );
    let problems = read(Kind::People, text.as_bytes()).map(drop).expect_err("a bad file");
    for problem in problems.iter().map(ToString::to_string) {
        assert!(problem.len() < 300 && !problem.contains("@dealer.example"), "{problem}");
    }
    let header = "ada@dealer.example,".repeat(1_000);
    let problems = read(Kind::People, header.as_bytes()).map(drop).expect_err("no header");
    assert!(problems[0].detail.len() < 1_000 && !problems[0].detail.contains("ada@"), "{}", problems[0]);
}

#[test]
fn a_byte_order_mark_and_other_orders_of_columns_do_no_harm() {
    let text = format!("\u{feff}completed_on,person,course\n2026-01-02,{A},{A}\n");
    assert_eq!(read(Kind::Completions, text.as_bytes()).map(|file| file.lines).unwrap_or_default(), [2]);
}

/// What spreadsheets make of a file when they save it.
#[rstest]
#[case::capitals("TRUE", true)]
#[case::german("Wahr", true)]
#[case::ja("Ja", true)]
#[case::nein("NEIN", false)]
#[case::falsch("FALSCH", false)]
#[case::no("No", false)]
fn yes_and_no_are_read_as_they_are_written(#[case] word: &str, #[case] meant: bool) {
    let text = format!("{COURSE}\n{A},T,,compliance,,,PT6H,,{word},,\n");
    let Ok(File { command: Command::SaveCourses(courses), .. }) = read(Kind::Courses, text.as_bytes()) else {
        panic!("{word} is read")
    };
    assert_eq!(courses[0].travel, meant);
}

#[rstest]
#[case::commas_at_the_end("P,C,D\nID,ID,2026-01-02\n,,\n,,,,\n", &[2])]
#[case::capitals_in_the_header("PERSON,Course,Completed_On\nID,ID,2026-01-02\n", &[2])]
#[case::empty_lines("P,C,D\n\nID,ID,2026-01-02\n\n\nID,ID,2026-01-03\n", &[3, 6])]
#[case::lines_that_end_as_on_windows("P,C,D\r\nID,ID,2026-01-02\r\n\r\nID,ID,2026-01-03\r\n", &[2, 4])]
#[case::a_cell_of_two_lines("P,C,D\nID,ID,\"2026-01-02\n\"\nID,ID,2026-01-03\n", &[2, 4])]
fn lines_are_counted_as_an_editor_does(#[case] text: &str, #[case] lines: &[u64]) {
    let text = text.replace("P,C,D", COMPLETION).replace("ID", A);
    let read = read(Kind::Completions, text.as_bytes()).map(|file| file.lines);
    assert_eq!(read.as_deref(), Ok(lines));
}

#[test]
fn letters_that_are_not_utf8_are_told_by_line() {
    let bytes = [COMPLETION.as_bytes(), b"\n\xff\xfe,b,c\n"].concat();
    let problems = read(Kind::Completions, &bytes).map(drop).expect_err("a bad file");
    assert_eq!(problems[0].to_string(), "line 2: is not UTF-8");
}

#[test]
fn the_documentation_lists_the_columns_that_are_read() {
    let page = include_str!("../../../docs/import.md");
    assert!(
        page.contains(&columns::in_words()),
        "docs/import.md is out of date; it must hold:\n{}",
        columns::in_words()
    );
}

#[test]
fn a_deputy_who_is_no_manager_is_warned_of() {
    let header = "id,name,email,dealer,roles,manager,stands_in_for,preferred_locations,preferred_times,interests,notify_by,zone,active";
    let person = |roles: &str| format!("{A},Ada,ada@dealer.example,{A},{roles},,{A},,,,,UTC,true\n");
    let file = format!("{header}\n{}\n{}", person("learner;manager"), person("learner"));
    let Ok(read) = read(Kind::People, file.as_bytes()) else { panic!("it can be read") };
    assert_eq!(read.warnings, ["line 4, stands_in_for: has no effect without the role manager"]);
}
