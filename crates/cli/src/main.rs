//! The `cqm` command: issues CQM certificates, and verifies them offline.

mod args;
mod clock;
mod commands;
mod exit;
mod hints;
mod input;
mod office;
mod passphrase;
mod report;
mod terminal;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return terminal::print_usage_error(&error),
    };
    match commands::run(arguments.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal::print_error(&error);
            exit::Exit::CouldNotRun.into()
        }
    }
}
