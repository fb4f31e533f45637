//! Runs every file of the fuzz targets' corpora once:
//! `cargo run -p cqm-tests --example replay_corpora -- FOLDER`, where `FOLDER` has a folder for
//! each target. `tests/coverage` uses it.

#![expect(clippy::print_stdout, reason = "it says what it read")]

use std::{env, fs, path::PathBuf};

use cqm_tests::fuzzing::TARGETS;

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("the folder of the corpora"));
    for (name, target) in TARGETS {
        let Ok(corpus) = fs::read_dir(folder.join(name)) else {
            println!("{name}: no corpus");
            continue;
        };
        let files = corpus.map(|entry| fs::read(entry.expect("an entry").path()).expect("a file"));
        println!("{name}: {} files", files.map(|bytes| target(&bytes)).count());
    }
}
