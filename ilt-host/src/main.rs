//! The host's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ilt_host::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
