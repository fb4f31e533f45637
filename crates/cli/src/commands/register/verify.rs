//! `cqm register verify`: checks the chain of the log, and everything else against the log.

use cqm_register::Verification;
use serde_json::json;

use crate::{
    args::register::VerifyArgs,
    exit::Exit,
    terminal::{BAD, STRONG, outln, print_json, printable, styled},
};

pub(crate) fn run(arguments: &VerifyArgs) -> anyhow::Result<Exit> {
    let verification = arguments.location.open()?.verify()?;
    if arguments.json {
        print_json(&match &verification {
            Verification::Good { entries, head } => json!({ "whole": true, "entries": entries, "head": head }),
            Verification::Broken { entry, what } => json!({ "whole": false, "entry": entry, "what": what }),
        })?;
    }
    match verification {
        Verification::Good { entries, head } => {
            if !arguments.json {
                outln!("{}: {entries} entries of the log, and all that follows from them", styled(STRONG, "whole"));
                outln!("  head {head}");
            }
            Ok(Exit::Valid)
        }
        Verification::Broken { entry, what } => {
            if !arguments.json {
                let place = entry.map(|entry| format!(" at entry {entry} of the log")).unwrap_or_default();
                outln!("{}: {}", styled(BAD, format_args!("broken{place}")), printable(&what));
            }
            Ok(Exit::Invalid)
        }
    }
}
