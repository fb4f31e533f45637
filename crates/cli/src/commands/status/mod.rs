//! `cqm status`: one file for each subcommand; those that change a status share theirs.

mod change;
mod publish;
mod show;

use crate::{
    args::status::{StatusArgs, StatusCommand},
    exit::Exit,
};

pub(crate) fn run(arguments: &StatusArgs) -> anyhow::Result<Exit> {
    match &arguments.command {
        StatusCommand::Stop(arguments) => change::stop(arguments),
        StatusCommand::Revoke(arguments) => change::revoke(arguments),
        StatusCommand::Suspend(arguments) => change::suspend(arguments),
        StatusCommand::Resume(arguments) => change::resume(arguments),
        StatusCommand::Publish(arguments) => publish::run(arguments),
        StatusCommand::Show(arguments) => show::run(arguments),
    }
}
