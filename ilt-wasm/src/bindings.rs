//! The contract of `plugins/wit`, as Rust types.

wasmtime::component::bindgen!({ path: "../plugins/wit/0.1.0", world: "scorer" });
