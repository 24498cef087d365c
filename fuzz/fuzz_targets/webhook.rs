#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| ilt_fuzz::fuzz("webhook", input));
