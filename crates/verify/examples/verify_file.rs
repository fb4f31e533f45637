//! Verifies a letter or a certificate token, for signatures and dates:
//!
//! ```text
//! cargo run -p cqm-verify --example verify_file -- FILE ROOT.pem DAY
//! ```

#![allow(clippy::print_stdout, reason = "an example prints what it found")]

use std::{env, error::Error, fs, path::Path};

use cqm_core::Date;
use cqm_sign::x509::TrustStore;
use cqm_verify::{Question, Report, Verifier};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, root, day] = arguments.as_slice() else {
        return Err("expected FILE ROOT.pem DAY".into());
    };
    let report = run(Path::new(file), Path::new(root), day.parse()?)?;
    println!("{}", report.verdict());
    for finding in report.findings() {
        println!("{}: {} ({})", finding.severity(), finding.message, finding.code);
    }
    Ok(())
}

pub(crate) fn run(file: &Path, root: &Path, day: Date) -> Result<Report, Box<dyn Error>> {
    // One verifier serves any number of files, and remembers the signers that it has seen.
    let verifier = Verifier::new(TrustStore::from_pem(&fs::read_to_string(root)?)?);
    // Labels that were stopped since are found only with a status list: see
    // `Verifier::add_status_list`, and `StatusPolicy::Required` below.
    let question = Question::new(day.end()).without_status();
    Ok(verifier.verify(&fs::read(file)?, &question))
}
