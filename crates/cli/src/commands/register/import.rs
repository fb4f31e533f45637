//! `cqm register import`: takes a dossier into the register.

use std::fmt::Display;

use cqm_core::Company;
use cqm_office::ImportProposal;
use cqm_register::ImportChanges;
use serde::Serialize;

use crate::{
    args::register::ImportArgs,
    commands::check,
    exit::Exit,
    input, office,
    terminal::{FAINT, STRONG, outln, print_json, printable, styled},
};

pub(crate) fn run(arguments: &ImportArgs) -> anyhow::Result<Exit> {
    let toml = input::read_text(&arguments.dossier)?;
    let dossier = check::dossier(&arguments.dossier, &toml)?;
    let stamp = office::stamp(&arguments.stamp)?;
    let on = office::today(&arguments.stamp.clock)?;
    let mut register = arguments.location.open()?;
    let proposal = ImportProposal::new(&mut register, dossier, toml, on)?;
    if !arguments.json {
        print(proposal.changes());
    }
    if !proposal.changes().is_empty() {
        office::confirm(&arguments.confirm)?;
    }
    let done = proposal.commit(&stamp)?;
    let changes = done.changes();
    if arguments.json {
        print_json(&Shown::from(changes))?;
    } else if changes.is_empty() {
        outln!("Nothing changes.");
    } else {
        outln!("{}.", styled(STRONG, format_args!("Imported {}", printable(&changes.name))));
    }
    Ok(Exit::Valid)
}

fn print(changes: &ImportChanges) {
    let row = |name: &str, value: &dyn Display| outln!("  {} {value}", styled(FAINT, format_args!("{name:<11}")));
    let list = |name: &str, items: Vec<String>, what: &str| {
        if !items.is_empty() {
            row(name, &format_args!("{} {what}", items.join(", ")));
        }
    };
    outln!("{}", styled(STRONG, printable(&changes.name)));
    match &changes.former_name {
        _ if changes.is_new_holder => row("Holder", &"new"),
        Some(former) => row("Holder", &format_args!("was {}", printable(former))),
        None => row("Holder", &"known"),
    }
    list("Companies", texts(&changes.companies_new), "new");
    list("Companies", texts(&changes.companies_joined), "join the group");
    list("Companies", texts(&changes.companies_left), "leave the group");
    let renamed = changes.companies_named.iter().filter(|company| !changes.companies_new.contains(&company.number));
    for Company { number, name } in renamed {
        row("Company", &format_args!("{number} gets the name {}", printable(name)));
    }
    list("Sites", texts(&changes.sites_new), "new");
    list("Sites", texts(&changes.sites_changed), "changed");
    list("Labels", texts(&changes.approved), "approved");
    let until = |(label, until): &(cqm_core::Label, cqm_core::Date)| format!("{label} until {until}");
    list("Labels", changes.recognized.iter().map(until).collect(), "recognized");
    list("Labels", texts(&changes.stopped), "stopped, and stay so");
    match (changes.is_new_number, changes.is_same_dossier) {
        (true, _) => row("Certificate", &format_args!("{}, the next one", changes.number)),
        (false, true) => {}
        (false, false) => row("Dossier", &"replaces the one before"),
    }
}

fn texts<T: Display>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

/// The changes of an import, as JSON shows them.
#[derive(Serialize)]
struct Shown<'a> {
    holder: &'a str,
    changed: bool,
    companies_new: Vec<String>,
    companies_joined: Vec<String>,
    companies_left: Vec<String>,
    sites_new: Vec<String>,
    sites_changed: Vec<String>,
    labels_approved: Vec<String>,
    labels_recognized: Vec<String>,
    labels_stopped: Vec<String>,
    certificate: String,
}

impl<'a> From<&'a ImportChanges> for Shown<'a> {
    fn from(changes: &'a ImportChanges) -> Self {
        let recognized: Vec<_> = changes.recognized.iter().map(|(label, _)| *label).collect();
        Self {
            holder: &changes.name,
            changed: !changes.is_empty(),
            companies_new: texts(&changes.companies_new),
            companies_joined: texts(&changes.companies_joined),
            companies_left: texts(&changes.companies_left),
            sites_new: texts(&changes.sites_new),
            sites_changed: texts(&changes.sites_changed),
            labels_approved: texts(&changes.approved),
            labels_recognized: texts(&recognized),
            labels_stopped: texts(&changes.stopped),
            certificate: changes.number.to_string(),
        }
    }
}
