//! The contract of `plugins/wit`, as Rust types: all that a plugin can export, of which each exports its part.

wasmtime::component::bindgen!({
    inline: "
        package ilt:host;

        world everything {
            import ilt:plugin/journal@0.1.0;
            export ilt:plugin/about@0.1.0;
            export ilt:plugin/scoring@0.1.0;
            export ilt:plugin/noticing@0.1.0;
        }
    ",
    path: "../plugins/wit/0.1.0",
});
