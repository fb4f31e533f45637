//! The tools of others, which judge what we make.
//!
//! `tests/interop/setup` installs them. Where one is missing, its tests say so and pass; under
//! `CQM_INTEROP=required` they fail.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repository;

/// A program on the search path, for instance `openssl`.
///
/// # Panics
///
/// If it is missing under `CQM_INTEROP=required`.
pub fn tool(name: &str) -> Option<Command> {
    let search_path = std::env::var_os("PATH").unwrap_or_default();
    let program = std::env::split_paths(&search_path)
        .map(|folder| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
        .find(|program| program.is_file());
    found(name, program).map(Command::new)
}

/// A Python program of `tests/interop`, run by the interpreter that `CQM_PYTHON` names or else the one that
/// `tests/interop/setup` made.
///
/// # Panics
///
/// If the interpreter is missing under `CQM_INTEROP=required`.
pub fn python(script: &str) -> Option<Command> {
    let interpreter =
        std::env::var_os("CQM_PYTHON").map_or_else(|| repository("target/interop/venv/bin/python"), PathBuf::from);
    let mut command = Command::new(found("a Python with pyHanko and PyJWT", Some(interpreter))?);
    command.arg(program(script));
    Some(command)
}

/// A JavaScript program of `tests/interop`, run by Node.js.
///
/// # Panics
///
/// If Node.js or the packages are missing under `CQM_INTEROP=required`.
pub fn node(script: &str) -> Option<Command> {
    for package in ["jose", "@signpdf/signpdf", "pdf-lib"] {
        let folder = repository("tests/interop/node_modules").join(package);
        found(&format!("{package} of npm"), Some(folder))?;
    }
    let mut command = tool("node")?;
    command.arg(program(script));
    Some(command)
}

/// The folder with the programs of PostgreSQL's server, the newest version that is installed.
///
/// # Panics
///
/// If there is none under `CQM_INTEROP=required`.
pub fn postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).max();
    found("the server of PostgreSQL", newest)
}

fn program(script: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(script)
}

fn found(what: &str, path: Option<PathBuf>) -> Option<PathBuf> {
    let path = path.filter(|path| path.exists());
    if path.is_none() {
        let message = format!("{what} is not installed; tests/interop/setup installs it");
        assert!(std::env::var_os("CQM_INTEROP").is_none_or(|value| value != "required"), "{message}");
        eprintln!("skipped: {message}");
    }
    path
}
