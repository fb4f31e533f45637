//! `cqm status`: one file for each subcommand.

mod show;

use crate::{
    args::{StatusArgs, StatusCommand},
    exit::Exit,
};

pub(crate) fn run(arguments: &StatusArgs) -> anyhow::Result<Exit> {
    match &arguments.command {
        StatusCommand::Show(arguments) => show::run(arguments),
    }
}
