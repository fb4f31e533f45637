//! Foreign tools, which judge what cqm makes.
//!
//! `tests/interop/setup` installs them. If one is missing, its tests report that and pass; with
//! `CQM_INTEROP=required` in the environment they fail.

use std::path::PathBuf;
use std::process::Command;

use crate::{repository, skipped};

/// A program on the search path, for instance `openssl`; `None` if it is not installed.
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

/// A Python program of `tests/interop`. `CQM_PYTHON` names the interpreter; the default is the one
/// that `tests/interop/setup` installs.
///
/// # Panics
///
/// If the interpreter is missing under `CQM_INTEROP=required`.
pub fn python(script: &str) -> Option<Command> {
    const PACKAGES: &str = "a Python with pyHanko and PyJWT";
    let interpreter = match std::env::var_os("CQM_PYTHON") {
        Some(interpreter) => interpreter.into(),
        None => {
            // `setup` writes this file last: without it the folder is not complete.
            let venv = repository("target/interop/venv");
            found(PACKAGES, Some(venv.join("requirements.txt")))?;
            venv.join("bin/python")
        }
    };
    let mut command = Command::new(found(PACKAGES, Some(interpreter))?);
    command.arg(program(script));
    Some(command)
}

/// A JavaScript program of `tests/interop`, run by Node.js.
///
/// # Panics
///
/// If Node.js or the packages are missing under `CQM_INTEROP=required`.
pub fn node(script: &str) -> Option<Command> {
    // `setup` writes this file last: without it the folder is not complete.
    found("the packages of npm", Some(repository("tests/interop/node_modules/installed-lock.json")))?;
    let mut command = tool("node")?;
    command.arg(program(script));
    Some(command)
}

/// The folder with the server programs of the newest PostgreSQL that is installed.
///
/// # Panics
///
/// If no server is installed under `CQM_INTEROP=required`.
pub fn postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).max();
    found("the server of PostgreSQL", newest)
}

fn program(script: &str) -> PathBuf {
    repository("tests/interop").join(script)
}

fn found(what: &str, path: Option<PathBuf>) -> Option<PathBuf> {
    let path = path.filter(|path| path.exists());
    if path.is_none() {
        let message = format!("{what} is not installed; tests/interop/setup installs it");
        assert!(std::env::var_os("CQM_INTEROP").is_none_or(|value| value != "required"), "{message}");
        skipped(&message);
    }
    path
}
