//! Writes sample letters into a folder: `cargo run -p cqm-letter --example samples -- FOLDER`.

#![allow(missing_docs)]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{env, error::Error, fs, path::PathBuf};

use cqm_letter::{Template, Verification, compose};

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = env::args_os().nth(1).ok_or("expected a folder")?.into();
    let verification = Verification { root_fingerprint: std::array::from_fn(|index| index as u8 ^ 0xa5) };
    for (name, certificate) in [("dummy", samples::dummy()), ("group", samples::group())] {
        let pdf = compose(&certificate, &Template::default(), &verification)?;
        fs::write(folder.join(name).with_extension("pdf"), pdf)?;
    }
    Ok(())
}
