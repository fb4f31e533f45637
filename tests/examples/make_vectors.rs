//! Writes the attacks of `tests/vectors` anew: `cargo run -p cqm-tests --example make_vectors`.

#![expect(clippy::print_stdout, reason = "a program says what it did")]

use std::{fs, io};

use cqm_tests::{repository, vectors};

fn main() -> io::Result<()> {
    let folder = repository("tests/vectors");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (twins, attacks) = (vectors::twins(), vectors::attacks());
    for (name, pdf) in &twins {
        fs::write(folder.join(name), pdf)?;
    }
    for attack in &attacks {
        let path = folder.join(&attack.name).with_extension("txt");
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, attack.text(&twins, &attacks))?;
    }
    println!("{} attacks", attacks.len());
    Ok(())
}
