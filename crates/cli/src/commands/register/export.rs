//! `cqm register export`: writes a certificate, a status list or a dossier to files.

use std::path::PathBuf;

use cqm_files::{Access, NewFile, shown, write_new};
use serde_json::json;

use crate::{
    args::register::ExportArgs,
    exit::Exit,
    terminal::{outln, print_json, printable},
};

pub(crate) fn run(arguments: &ExportArgs) -> anyhow::Result<Exit> {
    let mut register = arguments.location.open()?;
    let out = arguments.out.clone();
    let files: Vec<(PathBuf, Vec<u8>)> = match (&arguments.certificate, arguments.list, arguments.company) {
        (Some(number), _, _) => {
            let token_path = out.with_extension("jwt");
            anyhow::ensure!(token_path != out, "the PDF and its token would both be `{}`", shown(&out));
            let (pdf, token) = register.certificate_files(number)?;
            vec![(token_path, token), (out, pdf)]
        }
        (None, Some(seq), _) => vec![(out, register.list(seq)?)],
        (None, None, Some(company)) => vec![(out, register.dossier(company)?)],
        (None, None, None) => anyhow::bail!("nothing to export was named"),
    };
    let new = files.iter().map(|(path, bytes)| NewFile { path, bytes, access: Access::Everyone });
    write_new(&new.collect::<Vec<_>>())?;
    let names: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    if arguments.json {
        print_json(&json!({ "files": names }))?;
    } else {
        names.iter().rev().for_each(|name| outln!("{}", printable(name)));
    }
    Ok(Exit::Valid)
}
