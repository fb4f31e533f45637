//! The `cqm` command: issue CQM certificates, and verify them offline.

mod args;
mod commands;
mod exit;
mod hints;
mod input;
mod office;
mod passphrase;
mod report;
mod state;
mod terminal;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let arguments = args::Arguments::parse();
    match commands::run(arguments.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal::print_error(&error);
            exit::Exit::CouldNotRun.into()
        }
    }
}
