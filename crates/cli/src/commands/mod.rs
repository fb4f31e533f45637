//! The subcommands, each in a file of its own.

mod check;
mod demo;
mod explain;
mod inspect;
mod issue;
mod keys;
mod label;
mod manual;
mod register;
mod status;
mod verify;

use crate::{args::Command, exit::Exit};

/// Runs a command. Fails if it could not run; a negative verdict is not an error.
pub(crate) fn run(command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Issue(arguments) => issue::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Label(arguments) => label::run(&arguments),
        Command::Register(arguments) => register::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    }
}
