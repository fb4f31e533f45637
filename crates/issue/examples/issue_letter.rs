//! Issues the letter of a dossier:
//!
//! ```text
//! cargo run -p cqm-issue --example issue_letter -- DOSSIER.toml KEYS_FOLDER DAY [LETTER.pdf]
//! ```
//!
//! With `fixtures/dossiers/dummy-card-company.toml keys-test 2023-05-06`, it uses the test keys of
//! this repository. Without a name for the letter, nothing is written.

#![allow(clippy::print_stdout, reason = "an example prints what it did")]

use std::{env, error::Error, fs, path::Path};

use cqm_core::Date;
use cqm_issue::{Draft, Issued, Office, dossier};
use cqm_keys::Role;
use cqm_letter::Template;
use cqm_sign::x509::X509Certificate;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (dossier, keys, on, out) = match arguments.as_slice() {
        [dossier, keys, on] => (dossier, keys, on, None),
        [dossier, keys, on, out] => (dossier, keys, on, Some(out)),
        _ => return Err("expected DOSSIER.toml KEYS_FOLDER DAY [LETTER.pdf]".into()),
    };
    let issued = run(Path::new(dossier), Path::new(keys), on.parse()?)?;
    println!("issued {} for {}", issued.certificate.number, issued.certificate.holder.name);
    if let Some(out) = out {
        fs::write(out, &issued.pdf)?;
    }
    Ok(())
}

pub(crate) fn run(dossier: &Path, keys: &Path, on: Date) -> Result<Issued, Box<dyn Error>> {
    // The draft shows what the certificate would contain, and what every rule found.
    let dossier = dossier::read(&fs::read_to_string(dossier)?)?;
    let draft = Draft::new(&dossier, on);
    for finding in draft.findings() {
        println!("{}: {}", finding.severity(), finding.message);
    }
    // Only a draft that no rule forbids becomes a checked one, and only that can be issued.
    let checked = draft.approve()?;

    // The test keys are not encrypted; an office asks for the passphrase here.
    let load = |role| cqm_keys::load(keys, role, || Err("the keys are encrypted".into()));
    let (document_signer, token_signer) = (load(Role::DocumentSigner)?, load(Role::TokenSigner)?);
    let root = X509Certificate::from_pem_chain(&fs::read_to_string(keys.join("root.pem"))?)?;
    let office = Office {
        document_signer: &document_signer,
        token_signer: &token_signer,
        root: root.first().ok_or("root.pem has no certificate")?,
        template: &Template::default(),
    };
    // The letter has been verified against the root when it is returned.
    Ok(checked.issue(&office)?)
}
