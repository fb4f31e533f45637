//! `cqm register`: one file for each subcommand.

mod export;
mod import;
mod init;
mod list;
mod log;
mod record;
mod show;
mod upgrade;
mod verify;

use crate::{
    args::register::{RegisterArgs, RegisterCommand},
    exit::Exit,
    hints,
};

pub(crate) fn run(arguments: &RegisterArgs) -> anyhow::Result<Exit> {
    let outcome = match &arguments.command {
        RegisterCommand::Init(arguments) => init::run(arguments),
        RegisterCommand::Import(arguments) => import::run(arguments),
        RegisterCommand::List(arguments) => list::run(arguments),
        RegisterCommand::Show(arguments) => show::run(arguments),
        RegisterCommand::Export(arguments) => export::run(arguments),
        RegisterCommand::Log(arguments) => log::run(arguments),
        RegisterCommand::Verify(arguments) => verify::run(arguments),
        RegisterCommand::Upgrade(arguments) => upgrade::run(arguments),
    };
    outcome.map_err(hints::add)
}
