//! The common parts of the office's commands: opening the register, who does it and when, and
//! asking.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::Context as _;
use cqm_core::{Date, UnixTime};
use cqm_register::{Location, Register, Stamp};

use crate::{
    args::register::{ClockArgs, ConfirmArgs, LocationArgs, StampArgs},
    clock,
};

/// The location of the register. A URL without a password gets the one in PGPASSWORD.
pub(crate) fn register_location(text: &str) -> anyhow::Result<Location> {
    Ok(match text.parse::<Location>()? {
        Location::Server(server) => match std::env::var("PGPASSWORD") {
            Ok(password) => Location::Server(server.with_password(&password)),
            Err(_) => Location::Server(server),
        },
        file => file,
    })
}

/// Opens the register at a location.
pub(crate) fn open_register(text: &str) -> anyhow::Result<Register> {
    let location = register_location(text)?;
    Register::open(&location).with_context(|| format!("the register `{location}` could not be opened"))
}

impl LocationArgs {
    pub(crate) fn open(&self) -> anyhow::Result<Register> {
        open_register(&self.register)
    }
}

/// The person, the time and the reason, for the log.
pub(crate) fn stamp(arguments: &StampArgs) -> anyhow::Result<Stamp> {
    let who = match &arguments.who {
        Some(who) => who.clone(),
        None => whoami::username().context("the name of the user is unknown\nhint: name the person with --who NAME")?,
    };
    anyhow::ensure!(!who.trim().is_empty(), "the name of the person is empty\nhint: name the person with --who NAME");
    Ok(Stamp { who, at: now(&arguments.clock)?, why: arguments.note.clone() })
}

/// The time of the machine's clock, unless an option sets another.
fn now(arguments: &ClockArgs) -> anyhow::Result<UnixTime> {
    match &arguments.now {
        None => clock::now(),
        Some(text) => Ok(text.parse()?),
    }
}

/// The UTC day of the machine's clock, unless an option sets another time.
pub(crate) fn today(arguments: &ClockArgs) -> anyhow::Result<Date> {
    now(arguments)?.date().context("the time is beyond the calendar")
}

/// Asks whether to go on, unless an option answers. An answer other than yes is an error.
pub(crate) fn confirm(arguments: &ConfirmArgs) -> anyhow::Result<()> {
    if arguments.yes {
        return Ok(());
    }
    anyhow::ensure!(
        io::stdin().is_terminal(),
        "there is no terminal to ask on, so nothing was changed\nhint: --yes does it without asking"
    );
    let mut stderr = io::stderr();
    write!(stderr, "Go on? [y/N]: ").and_then(|()| stderr.flush()).context("the question could not be asked")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("the answer could not be read")?;
    let is_yes = ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str());
    anyhow::ensure!(is_yes, "not confirmed, so nothing was changed");
    Ok(())
}
