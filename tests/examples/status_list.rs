//! Writes a status list of a million entries, one in a hundred not valid, and the token of a
//! certificate with 120 labels: `cargo run --release -p cqm-tests --example status_list -- FOLDER`.
//! Then these commands, in that folder, measure the size of the list and the memory of a question:
//!
//! ```text
//! wc -c list.jwt
//! /usr/bin/time -f '%M kB' cqm verify token.jwt --trust root.pem --status list.jwt \
//!     --at 2024-01-31 --state-dir state
//! ```
//!

use std::path::PathBuf;

use cqm_tests::{office, status};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("list.jwt"), status::sign(status::a_million()))?;
    std::fs::write(folder.join("token.jwt"), status::token(&status::certificate_of_120_labels(), 500_000))?;
    std::fs::write(folder.join("root.pem"), office::test_root())
}
