//! The `cqm` command that belongs to the running test.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::succeed;

/// The `cqm` of this workspace, in the build profile of the running test.
///
/// The binary belongs to another package than the tests, so Cargo does not give them its path. Each
/// test program builds it once, which takes a moment if nothing has changed.
///
/// # Panics
///
/// If the build fails.
pub fn cqm() -> Command {
    static BINARY: LazyLock<PathBuf> = LazyLock::new(build);
    Command::new(&*BINARY)
}

fn build() -> PathBuf {
    // TARGET/PROFILE/deps/TEST
    let test = std::env::current_exe().expect("the test program has a path");
    let folder = test.ancestors().nth(2).expect("test programs lie in a folder of their profile");
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(name) => name,
        None => panic!("{} names no profile", folder.display()),
    };
    let target = folder.parent().expect("profiles lie in the target folder");
    succeed(
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["build", "--quiet", "--package", "cqm-cli", "--bin", "cqm", "--profile", profile, "--target-dir"])
            .arg(target),
    );
    folder.join("cqm").with_extension(std::env::consts::EXE_EXTENSION)
}
