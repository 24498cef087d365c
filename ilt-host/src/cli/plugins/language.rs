//! Languages that plugins are written in.

use std::fmt;
use std::path::Path;

use clap::ValueEnum;

/// A language that plugins are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// The smallest and fastest components.
    Rust,
    /// TypeScript, or JavaScript.
    Typescript,
    /// Python.
    Python,
}

impl Language {
    /// What the folder of a plugin is written in.
    pub fn of(folder: &Path) -> Option<Self> {
        let has = |names: &[&str]| names.iter().any(|name| folder.join(name).is_file());
        if has(&["Cargo.toml"]) {
            return Some(Self::Rust);
        }
        if has(&["package.json"]) {
            return Some(Self::Typescript);
        }
        has(&["rules.py", "app.py", "pyproject.toml"]).then_some(Self::Python)
    }

    /// As it is written in commands and folders.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Typescript => "typescript",
            Self::Python => "python",
        }
    }

    /// Its kit among `plugins/`.
    pub const fn kit(self) -> &'static str {
        match self {
            Self::Rust => "sdk",
            Self::Typescript => "sdk-typescript",
            Self::Python => "sdk-python",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::Typescript => "TypeScript",
            Self::Python => "Python",
        })
    }
}
