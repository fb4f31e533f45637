//! `cqm register log`: shows who changed what, when and why.

use crate::{
    args::register::LogArgs,
    exit::Exit,
    terminal::{FAINT, STRONG, outln, print_json, printable, styled},
};

pub(crate) fn run(arguments: &LogArgs) -> anyhow::Result<Exit> {
    for entry in arguments.location.open()?.log()? {
        if arguments.json {
            print_json(&entry)?;
            continue;
        }
        outln!(
            "{:>6}  {}  {}  {}",
            entry.seq,
            entry.at,
            styled(STRONG, format_args!("{:<10}", printable(&entry.what))),
            printable(&entry.who)
        );
        if !entry.why.is_empty() {
            outln!("        {}", printable(&entry.why));
        }
        outln!("        {}", styled(FAINT, printable(&entry.details)));
    }
    Ok(Exit::Valid)
}
