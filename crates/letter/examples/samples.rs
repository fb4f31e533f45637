//! Writes sample letters into a folder: `cargo run -p cqm-letter --example samples -- FOLDER`.

#![allow(missing_docs)]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{env, error::Error, fs, path::PathBuf};

use cqm_letter::{Template, Verification, compose, preview};

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = env::args_os().nth(1).ok_or("expected a folder")?.into();
    let verification = Verification { root_fingerprint: std::array::from_fn(|index| index as u8 ^ 0xa5) };
    let write = |name: &str, pdf: Vec<u8>| fs::write(folder.join(name).with_extension("pdf"), pdf);
    let certificates = [("dummy", samples::dummy()), ("group", samples::group()), ("extreme", samples::extreme())];
    for (name, certificate) in &certificates {
        write(name, compose(certificate, &Template::default(), &verification)?)?;
    }
    let url = "verify_url = 'https://cqm.example/verify/'\n";
    for language in ["fr", "de", "es", "pt"] {
        let toml = format!("language = '{language}'\n{url}");
        let template = Template::from_toml(&toml, |logo| fs::read(logo))?;
        write(&format!("all-{language}"), compose(&samples::all_activities(), &template, &verification)?)?;
        write(&format!("preview-{language}"), preview(&samples::dummy(), &template, None)?)?;
    }
    Ok(())
}
