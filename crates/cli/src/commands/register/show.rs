//! `cqm register show`: shows a company with its group, a site, a label or a certificate.

use cqm_core::{CertificateNumber, CompanyNumber, Date, Label, SiteReference};
use cqm_register::{CertificateRecord, CompanyRecord, LabelRecord, SiteRecord};
use serde_json::json;

use crate::{
    args::register::ShowArgs,
    exit::Exit,
    office,
    terminal::{FAINT, STRONG, outln, print_json, printable, styled},
};

use super::record;

pub(crate) fn run(arguments: &ShowArgs) -> anyhow::Result<Exit> {
    let today = office::today(&arguments.clock)?;
    let mut register = arguments.location.open()?;
    let what = arguments.what.as_str();
    if let Ok(company) = what.parse::<CompanyNumber>() {
        let holder = register.holder(company)?;
        if arguments.json {
            print_json(&record::holder_json(&holder, today))?;
            return Ok(Exit::Valid);
        }
        let companies: Vec<String> = holder.companies.iter().map(|company| company.number.to_string()).collect();
        outln!("{}  {}", companies.join(" "), styled(STRONG, printable(&holder.name)));
        if let [_, _, ..] = holder.companies.as_slice() {
            for CompanyRecord { number, name } in &holder.companies {
                outln!("  {number}  {}", printable(name.as_deref().unwrap_or("no name: import the dossier again")));
            }
        }
        for site in &holder.sites {
            print_site(site, today);
        }
        for certificate in &holder.certificates {
            outln!("  {}  {}", certificate.number, certificate_status(certificate, today));
        }
    } else if let Ok(site) = what.parse::<SiteReference>() {
        let site = register.site(site)?;
        if arguments.json {
            print_json(&record::site_json(&site, today))?;
        } else {
            print_site(&site, today);
        }
    } else if let Ok(label) = what.parse::<Label>() {
        let label = register.label(label.identity())?;
        if arguments.json {
            print_json(&record::label_json(&label, today))?;
        } else {
            print_label(&label, today);
        }
    } else {
        let found = register.certificate(&what.parse::<CertificateNumber>()?)?;
        if arguments.json {
            let certificate = record::certificate_json(&found, today);
            print_json(&json!({ "holder": found.holder, "certificate": certificate }))?;
        } else {
            let number = styled(STRONG, found.number.as_str());
            outln!("{number}  {}  {}", printable(&found.holder), certificate_status(&found, today));
        }
    }
    Ok(Exit::Valid)
}

fn print_site(site: &SiteRecord, today: Date) {
    let subcontractor = site.subcontractor.as_ref().map(|name| format!(", {}", printable(name))).unwrap_or_default();
    let cid = site.cid.as_ref().map(|cid| format!("  CID {cid}")).unwrap_or_default();
    outln!("  {}  {} {}{subcontractor}{}", site.site, site.country, printable(&site.city), styled(FAINT, cid));
    for label in &site.labels {
        print_label(label, today);
    }
}

fn certificate_status(certificate: &CertificateRecord, today: Date) -> String {
    record::certificate_status(certificate, today) + &record::announced(certificate.announced(today), "revoked")
}

fn print_label(label: &LabelRecord, today: Date) {
    let status = record::label_status(label, today) + &record::announced(label.announced(today), "stopped");
    outln!("    {} {:<7} {}", label.label(today), label.identity.activity().acronym(), styled(FAINT, status));
}
