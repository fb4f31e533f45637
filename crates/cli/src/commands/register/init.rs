//! `cqm register init`: creates an empty register.

use anyhow::Context as _;
use cqm_register::Register;
use serde_json::json;

use crate::{
    args::register::InitArgs,
    exit::Exit,
    office,
    terminal::{STRONG, outln, print_json, styled},
};

pub(crate) fn run(arguments: &InitArgs) -> anyhow::Result<Exit> {
    let location = office::register_location(&arguments.location.register)?;
    let stamp = office::stamp(&arguments.stamp)?;
    Register::create(&location, arguments.list.clone(), &stamp)
        .with_context(|| format!("the register `{location}` could not be made"))?;
    if arguments.json {
        print_json(&json!({ "register": location.to_string(), "list": arguments.list }))?;
    } else {
        outln!("{} in {location}", styled(STRONG, "An empty register"));
        outln!("Its status list is {}.", arguments.list);
    }
    Ok(Exit::Valid)
}
