//! Writes the headers and digests of `tests/vectors` anew:
//! `cargo run -p cqm-tests --example make_vectors`. With `--export FOLDER` it writes the whole
//! files into a new folder instead, for other implementations.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program reports what it did")]

use std::path::Path;
use std::process::ExitCode;

use cqm_tests::vectors;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, written) = match arguments.as_slice() {
        [] => ("tests/vectors", vectors::write()),
        [option, folder] if option == "--export" => (folder.as_str(), vectors::export(Path::new(folder))),
        _ => {
            eprintln!("usage: make_vectors [--export FOLDER]");
            return ExitCode::from(2);
        }
    };
    match written {
        Ok(count) => {
            println!("{count} vectors in {folder}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: the vectors can't be written to {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
