//! What is tried first: the files of `fuzz/corpus`.

use std::io;
use std::path::{Path, PathBuf};

use crate::Target;

/// Where the inputs of a target are.
pub fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus").join(target.name)
}

/// The inputs of a target, in the order of their names.
///
/// # Errors
/// When they cannot be read.
pub fn of(target: &Target) -> io::Result<Vec<Vec<u8>>> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder(target))?.collect();
    let mut files: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    files.into_iter().map(std::fs::read).collect()
}
