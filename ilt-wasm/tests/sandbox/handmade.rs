//! Components that no compiler would make.

use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

/// The contract.
pub const CONTRACT: &str = include_str!("../../../plugins/wit/0.1.0/plugin.wit");

/// A component of a world of this contract: it ends itself as soon as it is asked.
pub fn of_contract(wit: &str, world: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("plugin.wit", wit).expect("a contract");
    let world = resolve.select_world(&[package], Some(world)).expect("a world");
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("a module");
    ComponentEncoder::default().module(&module).and_then(|mut it| it.encode()).expect("a component")
}

/// A component that exports the names of the contract, and brings this along: whatever it does, it does before it is asked anything.
pub fn bringing(core: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (core module $brought {core})
            (core instance $is (instantiate $brought))
            (core module $plain (func (export "f")))
            (core instance $does (instantiate $plain))
            (func $f (canon lift (core func $does "f")))
            (instance $about (export "describe" (func $f)) (export "check-config" (func $f)))
            (instance $noticing (export "advise" (func $f)))
            (export "ilt:plugin/about@0.1.0" (instance $about))
            (export "ilt:plugin/noticing@0.1.0" (instance $noticing)))"#
    );
    self::text(&text)
}

/// A component as it is written by hand.
pub fn text(of: &str) -> Vec<u8> {
    wat::parse_str(of).expect("a component")
}
