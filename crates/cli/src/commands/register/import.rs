//! `cqm register import`: a dossier becomes what the office knows of its holder.

use std::fmt::Display;

use cqm_register::ImportPlan;
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
    let plan = register.plan_import(&dossier, &toml, on)?;
    if !arguments.json {
        print(&plan);
    }
    if !plan.is_empty() {
        office::confirm(&arguments.confirm)?;
        register.import(&dossier, &toml, on, &plan, &stamp)?;
    }
    if arguments.json {
        print_json(&Shown::new(&plan))?;
    } else if plan.is_empty() {
        outln!("Nothing changes.");
    } else {
        outln!("{}.", styled(STRONG, format_args!("Imported {}", printable(&plan.name))));
    }
    Ok(Exit::Valid)
}

fn print(plan: &ImportPlan) {
    let row = |name: &str, value: &dyn Display| outln!("  {} {value}", styled(FAINT, format_args!("{name:<11}")));
    let list = |name: &str, items: Vec<String>, what: &str| {
        if !items.is_empty() {
            row(name, &format_args!("{} {what}", items.join(", ")));
        }
    };
    outln!("{}", styled(STRONG, printable(&plan.name)));
    match &plan.former_name {
        _ if plan.is_new_holder => row("Holder", &"new"),
        Some(former) => row("Holder", &format_args!("was {}", printable(former))),
        None => row("Holder", &"known"),
    }
    list("Companies", texts(&plan.companies_new), "new");
    list("Companies", texts(&plan.companies_joined), "join the group");
    list("Companies", texts(&plan.companies_left), "leave the group");
    list("Sites", texts(&plan.sites_new), "new");
    list("Sites", texts(&plan.sites_changed), "changed");
    list("Labels", texts(&plan.approved), "approved");
    let until = |(label, until): &(cqm_core::Label, cqm_core::Date)| format!("{label} until {until}");
    list("Labels", plan.recognized.iter().map(until).collect(), "recognized");
    list("Labels", texts(&plan.stopped), "stopped, and stay so");
    match (plan.is_new_number, plan.is_same_dossier) {
        (true, _) => row("Certificate", &format_args!("{}, the next one", plan.number)),
        (false, true) => {}
        (false, false) => row("Dossier", &"replaces the one before"),
    }
}

fn texts<T: Display>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

/// What an import changed, as JSON shows it.
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

impl<'a> Shown<'a> {
    fn new(plan: &'a ImportPlan) -> Self {
        let recognized: Vec<_> = plan.recognized.iter().map(|(label, _)| *label).collect();
        Self {
            holder: &plan.name,
            changed: !plan.is_empty(),
            companies_new: texts(&plan.companies_new),
            companies_joined: texts(&plan.companies_joined),
            companies_left: texts(&plan.companies_left),
            sites_new: texts(&plan.sites_new),
            sites_changed: texts(&plan.sites_changed),
            labels_approved: texts(&plan.approved),
            labels_recognized: texts(&recognized),
            labels_stopped: texts(&plan.stopped),
            certificate: plan.number.to_string(),
        }
    }
}
