//! The contract that plugins are built on is frozen: whoever has built one must be able to go on with it.

use sha2::{Digest as _, Sha256};

/// Each version that plugins may speak, and the SHA-256 of its files.
const FROZEN: [(&str, &str); 1] =
    [("0.1.0", "cd7f62e9f4cbbd2160e0677f4c45d094f774c2a56b20a63ebc344c6c3a2e8520")];

#[test]
fn what_was_published_once_is_never_changed() {
    let wit = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/wit");
    let folders = std::fs::read_dir(&wit).expect("contracts").map(|it| it.expect("a folder").file_name());
    let versions: std::collections::BTreeSet<_> =
        folders.map(|it| it.to_string_lossy().into_owned()).collect();
    assert_eq!(versions, FROZEN.map(|(version, _)| version.to_owned()).into());
    for (version, digest) in FROZEN {
        let text = std::fs::read(wit.join(version).join("plugin.wit")).expect("a contract");
        let is = Sha256::digest(&text).iter().fold(String::new(), |text, it| format!("{text}{it:02x}"));
        assert_eq!(is, digest, "a change of {version} is a new version, in a folder of its own");
    }
}
