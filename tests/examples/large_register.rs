//! Issues 1,000 certificates from a register in a SQLite file, one after the other, each durable
//! before the next, and prints how many it issues in a second. Then it fills another register with
//! a million labels, stops one in a hundred, and leaves it for publishing:
//!
//! ```text
//! cargo run --release -p cqm-tests --example large_register -- FOLDER
//! cd FOLDER
//! time cqm status publish --register office.db --keys keys --out status.jwt \
//!     --now 2024-01-15T12:00:00Z
//! ```

#![expect(clippy::print_stdout, reason = "a program says what it measured")]

use std::{error::Error, fmt::Write as _, path::PathBuf, time::Instant as Clock};

use cqm_core::{
    Date,
    status::{ListUri, Reason},
};
use cqm_issue::{Draft, Office, dossier};
use cqm_keys::Role;
use cqm_letter::Template;
use cqm_register::{Grant, Location, Register, Signed, Stamp, StatusRequest};
use cqm_tests::{
    office::{ISSUED_ON, test_key},
    repository,
};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "large-register".into()));
    std::fs::create_dir(&folder)?;
    std::os::unix::fs::symlink(repository("keys-test").canonicalize()?, folder.join("keys"))?;

    let mut register = new(folder.join("issuing.db"))?;
    let text = std::fs::read_to_string(repository("fixtures/dossiers/dummy-card-company.toml"))?;
    import(&mut register, &text)?;
    let count = 1000;
    let start = Clock::now();
    for _ in 0..count {
        register.issue("99".parse()?, ISSUED_ON, &stamp(), &mut sign)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{count} certificates in {seconds:.1} s: {:.0} a second", f64::from(count) / seconds);

    let mut register = new(folder.join("office.db"))?;
    let start = Clock::now();
    let characters: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    let numbers = || characters.iter().flat_map(|a| characters.iter().map(move |b| format!("{a}{b}")));
    let companies: Vec<String> = numbers().filter(|number| number != "00").take(334).collect();
    let sites: Vec<String> = numbers().filter(|number| number != "00").take(300).collect();
    for company in &companies {
        import(&mut register, &dossier_of(&text, company, &sites))?;
        for (site, nth) in sites.iter().step_by(100).zip(0..) {
            let request = StatusRequest::EndAtSite(format!("{company}-{site}").parse()?);
            let reason = [Reason::AuditFailed, Reason::FeesOverdue, Reason::VendorRequest].get(nth).copied();
            let effective = ISSUED_ON.plus_days(nth.try_into()?);
            let plan = register.plan_status(&request, reason, effective, ISSUED_ON)?;
            register.change_status(&request, reason, effective, &plan, &stamp())?;
        }
    }
    println!("{} labels in {:.0} s", companies.len() * sites.len() * 10, start.elapsed().as_secs_f64());
    Ok(())
}

fn stamp() -> Stamp {
    Stamp { who: "example".into(), at: ISSUED_ON.start(), why: String::new() }
}

fn new(file: PathBuf) -> Result<Register, Failure> {
    let location = Location::File(file);
    Register::create(&location, ListUri::default(), &stamp())?;
    Ok(Register::open(&location)?)
}

fn import(register: &mut Register, toml: &str) -> Result<(), Failure> {
    let dossier = dossier::read(toml)?;
    let plan = register.plan_import(&dossier, toml, ISSUED_ON)?;
    Ok(register.import(&dossier, toml, ISSUED_ON, &plan, &stamp())?)
}

/// A company of many sites with ten labels each. An import does not ask for the evidence, which
/// only issuing needs.
fn dossier_of(example: &str, company: &str, sites: &[String]) -> String {
    let head = example.split("[[sites]]").next().unwrap_or_default();
    let tail = example.find("[gvcp]").and_then(|at| example.get(at..)).unwrap_or_default();
    let mut text = head
        .replace("\"99\"", &format!("\"{company}\""))
        .replace("CQM-2023-0099", &format!("CQM-2023-{company}"))
        .replace("Dummy Card Company", &format!("Company {company}"));
    for site in sites {
        let labels: Vec<String> =
            "123456789P".chars().map(|activity| format!("\"{activity}{company}{site}000DA\"")).collect();
        let _ = write!(
            text,
            "[[sites]]\nsite = \"{company}-{site}\"\ncountry = \"CN\"\ncity = \"Shenzhen\"\nlabels = [{}]\n\n",
            labels.join(", ")
        );
    }
    text + tail
}

/// Signs as `cqm issue --company` does, without verifying the result.
fn sign(grant: &Grant) -> Result<Option<Signed>, Failure> {
    let mut dossier = dossier::read(grant.standing.dossier())?;
    grant.standing.restrict(&mut dossier, Date::constant(2023, 5, 6));
    dossier.number = grant.number.clone();
    let checked = Draft::new(&dossier, ISSUED_ON).approve().map_err(|refused| refused.to_string())?;
    let labels = grant.label_references(checked.certificate().labels().map(|(_, label)| label.identity()));
    let checked = checked.with_status(grant.reference(), labels, grant.min_status_seq())?;
    let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    let root = test_key(Role::Root).certificate().clone();
    let template = Template::default();
    let office =
        Office { document_signer: &document_signer, token_signer: &token_signer, root: &root, template: &template };
    let issued = checked.issue(&office)?;
    Ok(Some(Signed { valid_until: issued.certificate.valid_until, token: issued.token, pdf: issued.pdf }))
}
