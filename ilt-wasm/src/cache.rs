//! What was compiled once, on disk, so that a host that starts again compiles nothing.
//!
//! What lies there is machine code that is run as it is: the folder belongs to the host's user alone, or it is not used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wasmtime::{Cache, CacheConfig};

/// Why a folder is not used for what is compiled.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// It cannot be made or looked at.
    #[error("the folder {} cannot be used for compiled plugins", .0.display())]
    Unusable(PathBuf, #[source] io::Error),
    /// Others could put something in it that this host would run.
    #[error("{} is not for compiled plugins: {what}", path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The runtime does not take it.
    #[error("the folder for compiled plugins is not taken: {0}")]
    Refused(String),
}

/// A cache in a folder that only this user can write to; made when it is not there.
///
/// # Errors
/// When it is a link, somebody else's, or open to others.
pub fn in_folder(path: &Path) -> Result<Cache, Unsafe> {
    let unusable = |error| Unsafe::Unusable(path.to_owned(), error);
    make(path).map_err(unusable)?;
    let open = |what| Unsafe::Open { path: path.to_owned(), what };
    let metadata = fs::symlink_metadata(path).map_err(unusable)?;
    if !metadata.is_dir() {
        return Err(open("it is a link, or no folder"));
    }
    only_ours(path, &metadata).map_err(unusable)?.map_or(Ok(()), |what| Err(open(what)))?;
    let path = fs::canonicalize(path).map_err(unusable)?;
    let mut config = CacheConfig::new();
    config.with_directory(path);
    Cache::new(config).map_err(|error| Unsafe::Refused(error.to_string()))
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Whether it is ours: what we make in it has its owner.
#[cfg(unix)]
fn only_ours(path: &Path, metadata: &fs::Metadata) -> io::Result<Option<&'static str>> {
    use std::os::unix::fs::MetadataExt as _;
    if metadata.mode() & 0o077 != 0 {
        return Ok(Some("others may look into it or write to it: chmod 700"));
    }
    let probe = path.join(".owner");
    // One that lies there already would keep the owner that it has.
    match fs::remove_file(&probe) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let made = fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    let owner = made.metadata()?.uid();
    Ok((owner != metadata.uid()).then_some("it belongs to somebody else"))
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(not(unix))]
fn only_ours(_: &Path, _: &fs::Metadata) -> io::Result<Option<&'static str>> {
    Ok(Some("whose it is cannot be told on this system"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_folder_of_ones_own_is_made_and_used_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b");
        in_folder(&path).expect("made");
        in_folder(&path).expect("used again");
        assert_eq!(fs::metadata(&path).expect("made").permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_others_could_write_to_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let (open, link, file) =
            (folder.path().join("open"), folder.path().join("link"), folder.path().join("file"));
        fs::create_dir(&open).expect("made");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o770)).expect("opened");
        assert!(matches!(in_folder(&open), Err(Unsafe::Open { what, .. }) if what.contains("chmod 700")));
        let real = folder.path().join("real");
        in_folder(&real).expect("made");
        symlink(&real, &link).expect("linked");
        assert!(matches!(in_folder(&link), Err(Unsafe::Open { what, .. }) if what.contains("link")));
        fs::write(&file, "x").expect("written");
        assert!(matches!(in_folder(&file), Err(Unsafe::Unusable(..) | Unsafe::Open { .. })));
    }
}
