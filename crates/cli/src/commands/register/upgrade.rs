//! `cqm register upgrade`: brings a register of an earlier version to the version of this program.

use anyhow::Context as _;
use cqm_register::Register;
use serde_json::json;

use crate::{
    args::register::UpgradeArgs,
    exit::Exit,
    office,
    terminal::{outln, print_json},
};

pub(crate) fn run(arguments: &UpgradeArgs) -> anyhow::Result<Exit> {
    let location = office::register_location(&arguments.location.register)?;
    let stamp = office::stamp(&arguments.stamp)?;
    let before = Register::upgrade(&location, &stamp)
        .with_context(|| format!("the register `{location}` could not be upgraded"))?;
    let after = Register::VERSION;
    if arguments.json {
        print_json(&json!({ "register": location.to_string(), "before": before, "after": after }))?;
    } else if before == after {
        outln!("{location} has version {after} already.");
    } else {
        outln!("Upgraded {location} from version {before} to {after}.");
        outln!("Import the dossiers of groups again: a group names each of its companies now.");
    }
    Ok(Exit::Valid)
}
