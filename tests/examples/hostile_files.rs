//! Writes hostile files of up to 16 MiB into a folder, for `tests/budgets`, which measures what
//! they cost: `cargo run -p cqm-tests --example hostile_files -- FOLDER [PART]`. With `PART` it
//! writes only files with that part in their name.

use std::path::PathBuf;

use cqm_tests::vectors::hostile;

/// The most bytes that a file may have.
const SIZE: usize = 16 << 20;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    std::fs::create_dir_all(&folder)?;
    let wanted = std::env::args().nth(2).unwrap_or_default();
    for name in hostile::names().into_iter().filter(|name| name.contains(&wanted)) {
        std::fs::write(folder.join(&name), hostile::make(&name, SIZE - 1024))?;
    }
    std::fs::write(folder.join("listed.token"), hostile::listed_token())
}
