//! `cqm completions` and `cqm man`: shell completions and man pages for packagers.

use anyhow::Context as _;
use clap::CommandFactory as _;
use cqm_files::shown;

use crate::{
    args::{Arguments, CompletionsArgs, ManArgs},
    exit::Exit,
    terminal::print_bytes,
};

pub(crate) fn completions(arguments: &CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "cqm", &mut script);
    print_bytes(&script);
    Ok(Exit::Valid)
}

pub(crate) fn man(arguments: &ManArgs) -> anyhow::Result<Exit> {
    let folder = &arguments.dir;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
        .with_context(|| format!("man pages could not be written to `{}`", shown(folder)))?;
    Ok(Exit::Valid)
}
