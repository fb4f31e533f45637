//! Signs with stolen keys of the office, which are those of `keys-test`:
//!
//! ```text
//! cargo run -p cqm-tests --example insider -- apart LETTER.pdf FOLDER
//! cargo run -p cqm-tests --example insider -- letter FOLDER document OUT.pdf
//! cargo run -p cqm-tests --example insider -- letter FOLDER both OUT.pdf \
//!     /cqm/holder/name '"Evil Card Corp"'
//! cargo run -p cqm-tests --example insider -- jws token-signer TOKEN.jwt OUT.jwt /iat 1706832000
//! cargo run -p cqm-tests --example insider -- jws status-signer LIST.jwt OUT.jwt \
//!     /cqm/seq 9007199254740991
//! cargo run -p cqm-tests --example insider -- vectors
//! ```
//!
//! `apart` writes the body, the token and the CMS of a letter, to be changed by hand. `letter` puts
//! body and token together again, with a new tail: signed with the document signer's key, with the
//! token signer's (the signature of the PDF stays), or with both (the token names the digest of the
//! body). `jws` changes a claim of a token or a list. `vectors` counts the vectors by family and by
//! the keys that they need.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program reports what it did")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use cqm_keys::Role;
use cqm_tests::insider::{Letter, claims_changed, page_attacks};
use cqm_tests::office::test_key;
use cqm_tests::vectors::{self, By};
use serde_json::Value;

const BODY: &str = "body";
const TOKEN: &str = "certificate.jwt";
const CMS: &str = "signature.cms";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["apart", letter, folder] => apart(Path::new(letter), Path::new(folder)),
        ["letter", folder, keys, to, claims @ ..] => letter(Path::new(folder), keys, Path::new(to), claims),
        ["jws", role, jws, to, claims @ ..] => change(role, Path::new(jws), Path::new(to), claims),
        ["vectors"] => {
            count();
            Ok(())
        }
        _ => Err("expected apart, letter, jws or vectors: see tests/examples/insider.rs".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn apart(letter: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let Letter { body, token, cms } = Letter::take_apart(&fs::read(letter)?);
    fs::create_dir_all(folder)?;
    fs::write(folder.join(BODY), body)?;
    fs::write(folder.join(TOKEN), token)?;
    Ok(fs::write(folder.join(CMS), cms)?)
}

fn letter(folder: &Path, keys: &str, to: &Path, claims: &[&str]) -> Result<(), Box<dyn Error>> {
    let token = fs::read_to_string(folder.join(TOKEN))?.trim_end().to_owned();
    let letter = Letter { body: fs::read(folder.join(BODY))?, token, cms: fs::read(folder.join(CMS))? };
    let claims = read_claims(claims)?;
    let set = |found: &mut Value| claims.iter().for_each(|(at, value)| set(found, at, value));
    let signer = test_key(Role::DocumentSigner);
    let pdf = match keys {
        "document" if claims.is_empty() => letter.sign(&signer),
        "document" => return Err("the claims of a token need the token signer's key".into()),
        "token" => letter.with_claims(set).assemble(),
        "both" => letter.with_own_digest().with_claims(set).sign(&signer),
        other => return Err(format!("`{other}` is not one of document, token, both").into()),
    };
    Ok(fs::write(to, pdf)?)
}

fn change(role: &str, jws: &Path, to: &Path, claims: &[&str]) -> Result<(), Box<dyn Error>> {
    let role = Role::SIGNERS.into_iter().find(|known| known.to_string() == role).ok_or("no such signer")?;
    let claims = read_claims(claims)?;
    let changed = claims_changed(role, fs::read_to_string(jws)?.trim(), |found| {
        claims.iter().for_each(|(at, value)| set(found, at, value));
    });
    Ok(fs::write(to, changed)?)
}

/// Pairs of a JSON pointer and a value in JSON.
fn read_claims(arguments: &[&str]) -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    let pair = |pair: &[&str]| match pair {
        [at, value] => Ok(((*at).to_owned(), serde_json::from_str(value)?)),
        _ => Err("a claim needs a JSON pointer and a value in JSON".into()),
    };
    arguments.chunks(2).map(pair).collect()
}

fn set(claims: &mut Value, at: &str, value: &Value) {
    match claims.pointer_mut(at) {
        Some(found) => *found = value.clone(),
        None => eprintln!("warning: there is no claim {at}"),
    }
}

/// Prints the number of vectors of each family by the keys that they need. Beside those with the
/// document signer's key are the page attacks of the family that a test signs with it.
fn count() {
    let mut counts: BTreeMap<&str, [usize; By::ALL.len() + 1]> = BTreeMap::new();
    let named: Vec<(String, By)> = vectors::all().map(|(name, vector)| (name, vector.header.by)).collect();
    let attacks: Vec<String> = page_attacks().map(|attack| attack.name).collect();
    let family = |name: &'_ str| name.split_once('/').map_or("(twins)", |(family, _)| family).to_owned();
    let families: Vec<String> = named.iter().map(|(name, _)| family(name)).collect();
    for (family, (_, by)) in families.iter().zip(&named) {
        let column = By::ALL.iter().position(|known| known == by).unwrap_or_default();
        counts.entry(family).or_default()[column] += 1;
    }
    let of_attacks: Vec<String> = attacks.iter().map(|name| family(name)).collect();
    for family in &of_attacks {
        counts.entry(family).or_default()[By::ALL.len()] += 1;
    }
    let head = By::ALL.map(By::as_str).into_iter().chain(["pages, document-signer"]);
    println!("{:20}{}", "family", head.map(|word| format!("{word:>24}")).collect::<String>());
    let mut total = [0; By::ALL.len() + 1];
    for (family, row) in counts {
        println!("{family:20}{}", row.map(|count| format!("{count:>24}")).concat());
        total.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
    }
    println!("{:20}{}", "all", total.map(|count| format!("{count:>24}")).concat());
}
