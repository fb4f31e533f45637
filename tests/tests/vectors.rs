//! Runs each vector of `tests/vectors` as a test of its own, named by its path:
//! `cargo test -p cqm-tests --test vectors hidden-text/white`.

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use cqm_core::Severity;
use cqm_tests::office::{errors, verify};
use cqm_tests::vectors::{ADVICE, By, Header, all, committed_headers, committed_sums, export, named, sums};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let trials = committed_headers()
        .into_iter()
        .map(|(name, text)| Trial::test(name.clone(), move || judge(&name, &text)))
        .chain([
            Trial::test("the_program_makes_these_files", || the_program_makes_these_files().map_err(Failed::from)),
            Trial::test("the_export_has_these_files", || the_export_has_these_files().map_err(Failed::from)),
        ])
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The verdict and the codes are those of the header, and the twin is accepted.
fn judge(name: &str, text: &str) -> Result<(), Failed> {
    let header: Header = text.parse()?;
    let vector = named(name).ok_or_else(|| format!("the program makes no vector {name}; {ADVICE}"))?;
    if let Some(twin) = &header.twin {
        let twin = named(twin).ok_or_else(|| format!("the program makes no twin {twin}"))?;
        if twin.header.verdict != "valid" {
            return Err("the twin is not accepted".into());
        }
    }
    let report = verify(&vector.pdf);
    let found: BTreeSet<&str> = errors(&report).into_iter().collect();
    let expected: BTreeSet<&str> = header.codes.iter().map(String::as_str).collect();
    let as_expected = match header.by {
        By::Office => found == expected,
        By::Outsider | By::DocumentSigner | By::TokenSigner => {
            found.is_superset(&expected) && expected.is_empty() == (header.verdict == "valid")
        }
    };
    if report.verdict().to_string() == header.verdict && as_expected {
        return Ok(());
    }
    let mut message = format!("{} {found:?}, not {} {expected:?}", report.verdict(), header.verdict);
    for finding in report.findings().iter().filter(|finding| finding.severity() == Severity::Error) {
        message += &format!("\n    {} {}", finding.code, finding.message);
    }
    Err(message.into())
}

fn the_program_makes_these_files() -> Result<(), String> {
    let committed = committed_headers();
    let names: BTreeSet<String> = all().map(|(name, _)| name).collect();
    let checks = [
        (committed.len() > 300, format!("only {} vectors", committed.len())),
        (names.len() == all().count(), "two vectors have the same name".into()),
        (committed.keys().eq(&names), "other names than those of the program".into()),
        (
            sums() == committed_sums(),
            "other digests in SHA256SUMS: the letter, or how it is changed, is another".into(),
        ),
    ];
    for (holds, fault) in checks {
        if !holds {
            return Err(format!("{fault}; {ADVICE}"));
        }
    }
    match all().find(|(name, vector)| committed[name] != vector.header.to_string()) {
        Some((name, _)) => Err(format!("{name} has another header; {ADVICE}")),
        None => Ok(()),
    }
}

fn the_export_has_these_files() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let target = folder.path().join("vectors");
    let count = export(&target).map_err(|error| error.to_string())?;
    for (name, text) in committed_headers() {
        let path = target.join(&name);
        let header = fs::read_to_string(path.with_extension("txt")).map_err(|error| format!("{name}: {error}"))?;
        let pdf = fs::read(path.with_extension("pdf")).map_err(|error| format!("{name}: {error}"))?;
        if header != text || named(&name).is_none_or(|vector| vector.pdf != pdf) {
            return Err(format!("{name} is exported otherwise than it is committed"));
        }
    }
    if count != committed_headers().len()
        || fs::read_to_string(target.join("SHA256SUMS")).ok() != Some(committed_sums())
    {
        return Err(format!("{count} vectors, or other digests, were exported"));
    }
    // A folder that exists may have files of the same names.
    match export(&target) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => Err(format!("a second export to the same folder ended with {other:?}")),
    }
}
