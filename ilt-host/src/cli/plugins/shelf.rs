//! What a new plugin is made of: templates, kits and the contract, kept in this program.

use rust_embed::RustEmbed;

use super::language::Language;

#[derive(RustEmbed)]
#[folder = "../plugins"]
#[include = "templates/*"]
#[include = "sdk*"]
#[include = "wit/*"]
#[include = "Cargo.lock"]
#[exclude = "*/target/*"]
#[exclude = "*/node_modules/*"]
#[exclude = "*/__pycache__/*"]
#[exclude = "*.wasm"]
struct Shelf;

/// A file of a new plugin.
pub struct File {
    /// Where, in its folder.
    pub path: String,
    /// What.
    pub bytes: Vec<u8>,
}

/// The files of a new plugin of this name, which needs nothing else; none when there is no such template.
pub fn files(name: &str, language: Language, is_of_notices: bool) -> Vec<File> {
    let template =
        if is_of_notices { format!("{}-notices", language.word()) } else { language.word().to_owned() };
    let mut files = under(&format!("templates/{template}/"), "");
    if files.is_empty() {
        return files;
    }
    for file in &mut files {
        if let Ok(text) = std::str::from_utf8(&file.bytes) {
            file.bytes = text.replace("{{name}}", name).into_bytes();
        }
    }
    files.extend(under(&format!("{}/", language.kit()), "sdk/"));
    files.extend(under("wit/", "wit/"));
    if language == Language::Rust {
        // The versions that were tried here; Cargo leaves out what the plugin does not use.
        files.extend(under("Cargo.lock", "Cargo.lock"));
    }
    files
}

/// What lies under this path, put under another.
fn under(from: &str, to: &str) -> Vec<File> {
    let file = |path: std::borrow::Cow<'static, str>| {
        let rest = path.strip_prefix(from)?;
        let bytes = Shelf::get(&path)?.data.into_owned();
        Some(File { path: format!("{to}{rest}"), bytes })
    };
    Shelf::iter().filter_map(file).collect()
}
