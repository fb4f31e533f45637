//! Measures a large register in two parts.
//!
//! The first issues 1,000 certificates from a register in a SQLite file, each durable before the
//! next, and prints how many a second. The second fills another register with a million labels,
//! stops one in a hundred, and leaves it to publish from:
//!
//! ```text
//! cargo run --release -p cqm-tests --example large_register -- FOLDER
//! cd FOLDER
//! time cqm status publish --register office.db --keys keys --out status.jwt \
//!     --now 2024-01-15T12:00:00Z
//! ```

#![expect(clippy::print_stdout, reason = "the program prints what it measured")]

use std::{error::Error, fmt::Write as _, path::PathBuf, time::Instant as Clock};

use cqm_core::status::{ListUri, Reason};
use cqm_issue::{Draft, Office, dossier};
use cqm_keys::Role;
use cqm_letter::Template;
use cqm_register::{Location, PendingIssue, Register, Signed, Stamp, StatusAction, StatusRequest};
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
        issue(register.begin_issue("99".parse()?, ISSUED_ON, &stamp())?)?;
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
            let action = StatusAction::EndAtSite(format!("{company}-{site}").parse()?);
            let reason = [Reason::AuditFailed, Reason::FeesOverdue, Reason::VendorRequest].get(nth).copied();
            let effective = ISSUED_ON.plus_days(nth.try_into()?);
            let plan = register.plan_status(StatusRequest { action, reason, effective }, ISSUED_ON)?;
            register.change_status(&plan, &stamp())?;
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
    let plan = register.plan_import(dossier, toml.to_owned(), ISSUED_ON)?;
    Ok(register.import(&plan, &stamp())?)
}

/// The dossier of a company with ten labels at each site. Importing does not ask for the evidence
/// for them; only issuing would.
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

/// Issues as `cqm issue --company` does, but writes no files.
fn issue(pending: PendingIssue<'_>) -> Result<(), Failure> {
    let mut dossier = dossier::read(pending.basis().dossier())?;
    pending.basis().restrict(&mut dossier, ISSUED_ON);
    dossier.number = pending.number().clone();
    let checked = Draft::new(&dossier, ISSUED_ON).approve().map_err(|refused| refused.to_string())?;
    let labels = pending.label_references(checked.certificate().labels().map(|(_, label)| label.identity()));
    let checked = checked.with_status(pending.reference(), labels, pending.min_status_seq())?;
    let (document_signer, token_signer) = (test_key(Role::DocumentSigner), test_key(Role::TokenSigner));
    let root = test_key(Role::Root).certificate().clone();
    let template = Template::default();
    let office =
        Office { document_signer: &document_signer, token_signer: &token_signer, root: &root, template: &template };
    let issued = checked.issue(&office)?;
    let valid_until = issued.certificate.valid_until;
    pending.commit(Signed { valid_until, token: &issued.token, pdf: &issued.pdf })?;
    Ok(())
}
