//! Times reading and checking of the largest dossiers that are accepted:
//! `cargo run --release -p cqm-tests --example largest_dossier`.

#![expect(clippy::print_stdout, reason = "an example prints what it measures")]

use std::{fmt::Write as _, time::Instant};

use cqm_core::Date;
use cqm_issue::{Draft, dossier};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let on: Date = "2023-05-06".parse()?;
    for (name, grade) in [("grade A", Some("A")), ("grade C", Some("C")), ("no grade", None)] {
        let text = largest(grade);
        let start = Instant::now();
        let dossier = dossier::read(&text)?;
        let read = start.elapsed();
        let start = Instant::now();
        let draft = Draft::new(&dossier, on);
        let checked = start.elapsed();
        println!(
            "{name:8}  {} bytes, {} labels, {} audits: read {read:.1?}, checked {checked:.1?}, {} findings",
            text.len(),
            draft.certificate().labels().count(),
            dossier.audits.len(),
            draft.findings().count()
        );
    }
    Ok(())
}

/// A dossier of one company with 5,000 audits of one site and activity, and as many labels that
/// rest on them as there is room for.
fn largest(grade: Option<&str>) -> String {
    let mut text = String::from(
        r#"
number = "CQM-2023-0099"
services_expiration_date = 2024-05-31
holder = { name = "Dummy", address = ["Street"], country = "CN", companies = ["99"] }
signatory = { name = "Bruno", title = "Director" }
gvcp = { checked = 2023-05-02, sites = [] }
audit_plan = { committed = 2023-04-17 }
"#,
    );
    let grade = grade.map(|grade| format!("grade=\"{grade}\"\n")).unwrap_or_default();
    for day in 0..5000 {
        let end = format!("{}-{:02}-{:02}", 1990 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
        write!(
            text,
            "[[audits]]\nid=\"{day}\"\nsite=\"99-02\"\nactivities=[\"CB\"]\nstart={end}\nend={end}\n{grade}nc_major=0\nnc_minor=0\nreport={end}\n"
        )
        .expect("a text grows");
    }
    let labels = "\"39902000DA\",".repeat(200);
    let site = format!("[[sites]]\nsite=\"99-02\"\ncountry=\"CN\"\ncity=\"S\"\nlabels=[{labels}]\n");
    while text.len() + site.len() <= dossier::MAX_SIZE {
        text += &site;
    }
    text
}
