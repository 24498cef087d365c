//! What is no plugin, and says why.

use ilt_wasm::{Heft, Limits, Outcome, Sandbox, Unfit};
use rstest::rstest;

use crate::handmade::{CONTRACT, bringing, of_contract, text};
use crate::{component, limits};

fn unfit(bytes: &[u8]) -> Unfit {
    Sandbox::new(limits()).load(bytes).err().expect("unfit")
}

#[rstest]
#[case::nothing(Vec::new())]
#[case::a_program(b"MZ, or whatever".to_vec())]
#[case::a_text(b"dealer = \"01890a5d-ac96-774b-bcce-b302099a8057\"".to_vec())]
#[case::a_component_as_text(b"(component)".to_vec())]
#[case::a_core_module(text("(module)"))]
fn what_is_no_component_is_no_plugin(#[case] bytes: Vec<u8>) {
    assert!(matches!(unfit(&bytes), Unfit::NoComponent(_)));
}

#[test]
fn a_component_that_was_cut_off_is_none() {
    let sandbox = Sandbox::new(limits());
    let Some(whole) = component("ev_certified_first.wasm") else { return };
    for length in [7, 100, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(sandbox.load(&whole[..length]), Err(Unfit::NoComponent(_))), "{length}");
    }
}

#[test]
fn what_is_too_large_is_not_looked_at() {
    let (sandbox, bytes) = (Sandbox::new(limits()), 100 << 20);
    let too_large = Unfit::TooLarge { bytes, most: Limits::default().component };
    assert_eq!(sandbox.admit(bytes), Err(too_large.clone()), "by its length alone");
    assert_eq!(sandbox.load(&vec![0; bytes]).err(), Some(too_large));
}

/// A function with so many locals, and branches that mix them: twelve bytes each.
fn intricate(locals: usize, branches: usize) -> Vec<u8> {
    let branch = "local.get 1 i64.eqz if local.get 2 local.get 3 i64.add local.set 1 end ";
    let code = branch.repeat(branches);
    text(&format!("(component (core module (func (local {}) {code})))", "i64 ".repeat(locals)))
}

#[test]
fn what_would_keep_the_compiler_at_work_is_not_compiled() {
    let bytes = intricate(1_000, 10_000);
    assert!(bytes.len() < 200_000, "it is small, and would take a minute");
    assert_eq!(unfit(&bytes), Unfit::TooHeavy);
    assert!(!matches!(unfit(&intricate(10, 10_000)), Unfit::TooHeavy), "long code is no trouble by itself");
}

#[rstest]
#[case::rust("ev_certified_first.wasm")]
#[case::typescript("close_to_home.wasm")]
#[case::python("quiet_hours.wasm")]
fn what_the_kits_make_weighs_much_less(#[case] name: &str) {
    let Some(bytes) = component(name) else { return };
    let Heft { one, all } = Heft::of(&bytes).expect("a component");
    assert!(Heft { one: 2 * one, all: 2 * all }.is_bearable(), "{name}: {one} of {all}");
}

/// The contract with more worlds.
fn with(worlds: &str) -> String {
    format!("{CONTRACT}\n{worlds}")
}

const BOTH: &str = "world both { import journal; export about; export scoring; export noticing; }";

#[rstest]
#[case::as_it_is("", "")]
#[case::a_field_more_of_a_candidate("seats-open: u32,", "seats-open: u32, seats-held: u32,")]
#[case::a_field_less("days-later: s32,", "")]
#[case::another_type("level: u8,", "level: u32,")]
#[case::a_field_more_of_a_description("summary: string,", "summary: string, author: string,")]
#[case::a_field_more_of_what_happened("late: bool,", "late: bool, reason: option<string>,")]
#[case::a_case_more("mute(u32),", "mute(u32), forget(u32),")]
#[case::a_function_that_takes_less(
    "advise: func(question: question, settings: string)",
    "advise: func(question: question)"
)]
#[case::a_function_less("describe: func() -> description;", "")]
fn what_was_built_on_other_records_is_refused_before_it_is_asked(#[case] is: &str, #[case] becomes: &str) {
    assert!(CONTRACT.contains(is));
    let said = unfit(&of_contract(&with(BOTH).replace(is, becomes), "both"));
    if is.is_empty() {
        assert_eq!(said, Unfit::Undescribed(Outcome::Panicked), "nothing else is wrong with it");
    } else {
        assert!(matches!(said, Unfit::OtherContract(_)), "{said}");
    }
}

#[rstest]
#[case::a_clock(
    "interface clock { now: func() -> u64; } world wants { import clock; include scorer; }",
    "ilt:plugin/clock"
)]
#[case::an_import_of_its_own("world wants { import more-fuel: func(); include scorer; }", "more-fuel")]
#[case::answers_of_the_host(
    "world wants { import noticing; import journal; export about; export scoring; }",
    "ilt:plugin/noticing"
)]
#[case::no_say("world wants { import journal; export about; }", "neither scoring nor noticing")]
#[case::nothing_about_itself("world wants { import journal; export scoring; }", "ilt:plugin/about")]
fn what_wants_more_or_does_less_than_the_contract_is_refused(#[case] world: &str, #[case] says: &str) {
    let said = unfit(&of_contract(&with(world), "wants"));
    assert!(matches!(said, Unfit::OtherContract(_)) && said.to_string().contains(says), "{said}");
}

#[rstest]
#[case::as_it_is("", None)]
#[case::a_table_that_is_too_long("(table 1000000 funcref)", Some("table"))]
#[case::a_table_that_grows(
    "(table 0 funcref)
     (func $grow (loop $on (drop (table.grow (ref.null func) (i32.const 10000))) (br $on)))
     (start $grow)",
    Some("table")
)]
#[case::too_much_memory("(memory 1025)", Some("memory"))]
#[case::a_write_beyond_memory(
    "(memory 1) (func $write (i32.store (i32.const 65535) (i32.const 1))) (start $write)",
    Some("outside of its memory")
)]
#[case::a_call_of_nothing(
    "(type $f (func)) (table 1 funcref) (func $call (call_indirect (type $f) (i32.const 0))) (start $call)",
    Some("uninitialized")
)]
fn what_takes_too_much_before_it_is_asked_is_refused(#[case] core: &str, #[case] says: Option<&str>) {
    let said = unfit(&bringing(core));
    match says {
        None => assert!(matches!(said, Unfit::OtherContract(_)), "nothing else is wrong with it: {said}"),
        Some(says) => {
            assert!(matches!(said, Unfit::Undescribed(_) | Unfit::TooMuch(_)), "{said}");
            assert!(said.to_string().contains(says), "{said}");
        }
    }
}

#[test]
fn too_many_tables_are_refused() {
    let said = unfit(&bringing(&"(table 1 funcref)".repeat(65)));
    assert!(matches!(said, Unfit::TooMuch(_)), "{said}");
}

#[rstest]
#[case::without_end("(func $begin (loop $on (br $on))) (start $begin)")]
#[case::with_few_steps_that_do_much(
    "(memory 512)
     (func $fill (loop $on (memory.fill (i32.const 0) (i32.const 1) (i32.const 33554432)) (br $on)))
     (start $fill)"
)]
fn a_beginning_that_costs_too_much_is_stopped(#[case] core: &str) {
    assert_eq!(unfit(&bringing(core)), Unfit::Undescribed(Outcome::OutOfFuel));
}
