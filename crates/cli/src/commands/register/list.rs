//! `cqm register list`: lists the holders.

use crate::{
    args::register::ListArgs,
    exit::Exit,
    office,
    terminal::{FAINT, STRONG, outln, print_json, printable, styled},
};

use super::record;

pub(crate) fn run(arguments: &ListArgs) -> anyhow::Result<Exit> {
    let today = office::today(&arguments.clock)?;
    let holders = arguments.location.open()?.holders()?;
    for holder in &holders {
        if arguments.json {
            print_json(&record::holder_json(holder, today))?;
            continue;
        }
        let companies: Vec<String> = holder.companies.iter().map(|company| company.number.to_string()).collect();
        let labels = holder.sites.iter().map(|site| site.labels.len()).sum::<usize>();
        let certificate = match holder.certificates.iter().rev().find(|one| one.validity.is_some()) {
            Some(last) => format!("{}, {}", last.number, record::certificate_status(last, today)),
            None => "no certificate yet".into(),
        };
        outln!(
            "{}  {}  {}",
            companies.join(" "),
            styled(STRONG, printable(&holder.name)),
            styled(FAINT, format_args!("{labels} labels at {} sites; {certificate}", holder.sites.len()))
        );
    }
    if holders.is_empty() && !arguments.json {
        outln!("The register is empty; `cqm register import DOSSIER` brings a holder in.");
    }
    Ok(Exit::Valid)
}
