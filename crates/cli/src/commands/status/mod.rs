//! `cqm status`: one file for each subcommand. Those that change a status share one.

mod change;
mod publish;
mod show;

use crate::{
    args::status::{StatusArgs, StatusCommand},
    exit::Exit,
    hints,
};

pub(crate) fn run(arguments: &StatusArgs) -> anyhow::Result<Exit> {
    let outcome = match &arguments.command {
        StatusCommand::Stop(arguments) => change::stop(arguments),
        StatusCommand::Revoke(arguments) => change::revoke(arguments),
        StatusCommand::Suspend(arguments) => change::suspend(arguments),
        StatusCommand::Resume(arguments) => change::resume(arguments),
        StatusCommand::Publish(arguments) => publish::run(arguments),
        StatusCommand::Show(arguments) => show::run(arguments),
    };
    outcome.map_err(hints::add)
}
