//! Signed letters with one fault each, for verifiers.
//!
//! A vector is a file of `tests/vectors` with a [`Header`] and, made by this module, a whole PDF.
//! `tests/vectors/SHA256SUMS` has the digest of each PDF. `tests/vectors/README.md` describes the
//! folder, and how to write it anew or export it with the PDFs.

mod active_content;
mod attachment;
mod certification;
mod file_format;
mod folder;
mod header;
mod hidden_text;
pub mod hostile;
mod hostile_lines;
mod hostile_parts;
mod incremental_saving;
mod other;
mod pdf;
mod second_wall;
mod shadow;
mod signature_wrapping;
mod stolen_key;
mod structure;
mod text_placement;
mod twins;
mod universal_forgery;

use std::sync::LazyLock;

pub use folder::{ADVICE, committed_headers, committed_sums, export, sums, write};
pub use header::{By, Header};
pub use other::{Other, others, without_token};
pub use text_placement::placed_in_every_way;

/// The name of the letter as it is issued.
pub const LETTER: &str = "letter";

/// The name of the letter with the content of its first page not compressed.
pub const PLAIN: &str = "plain";

/// The family that is made from all others.
const STOLEN_KEY: &str = "stolen-key";

/// A vector as the program makes it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The name within the family.
    name: String,
    /// What is wrong, and what a verifier must find.
    pub header: Header,
    /// The whole file.
    pub pdf: Vec<u8>,
}

/// The folders of `tests/vectors` with their vectors, each made at its first use. The twins of all
/// others are in the folder itself.
static FAMILIES: [(&str, LazyLock<Vec<Vector>>); 14] = [
    ("", LazyLock::new(twins::vectors)),
    ("universal-forgery", LazyLock::new(universal_forgery::vectors)),
    ("incremental-saving", LazyLock::new(incremental_saving::vectors)),
    ("signature-wrapping", LazyLock::new(signature_wrapping::vectors)),
    ("shadow", LazyLock::new(shadow::vectors)),
    ("certification", LazyLock::new(certification::vectors)),
    ("structure", LazyLock::new(structure::vectors)),
    ("attachment", LazyLock::new(attachment::vectors)),
    ("file-format", LazyLock::new(file_format::vectors)),
    ("active-content", LazyLock::new(active_content::vectors)),
    ("hidden-text", LazyLock::new(hidden_text::vectors)),
    ("text-placement", LazyLock::new(text_placement::vectors)),
    ("second-wall", LazyLock::new(second_wall::vectors)),
    (STOLEN_KEY, LazyLock::new(stolen_key::vectors)),
];

/// All vectors by their names: `FAMILY/NAME`, or `NAME` of a twin.
pub fn all() -> impl Iterator<Item = (String, &'static Vector)> {
    let named = |family: &'static str, vector: &'static Vector| match family {
        "" => (vector.name.clone(), vector),
        family => (format!("{family}/{}", vector.name), vector),
    };
    FAMILIES.iter().flat_map(move |(family, vectors)| vectors.iter().map(move |vector| named(family, vector)))
}

/// All vectors but those of [`STOLEN_KEY`].
pub(crate) fn of_other_families() -> impl Iterator<Item = (String, &'static Vector)> {
    FAMILIES
        .iter()
        .filter(|(family, _)| *family != STOLEN_KEY)
        .flat_map(|(family, vectors)| vectors.iter().map(move |vector| (format!("{family}/{}", vector.name), vector)))
}

/// The vector of a name. Only its family is made.
pub fn named(name: &str) -> Option<&'static Vector> {
    let (family, name) = name.split_once('/').unwrap_or(("", name));
    let (_, vectors) = FAMILIES.iter().find(|(known, _)| *known == family)?;
    vectors.iter().find(|vector| vector.name == name)
}

impl Vector {
    fn new(by: By, name: &str, fault: &str, verdict: &str, codes: &str, pdf: Vec<u8>) -> Self {
        let header = Header {
            fault: fault.into(),
            by,
            verdict: verdict.into(),
            codes: codes.split_ascii_whitespace().map(str::to_owned).collect(),
            twin: Some(LETTER.into()),
        };
        Self { name: name.into(), header, pdf }
    }

    /// A letter that someone without keys changed, with a code that must be among the findings.
    fn outsider(name: &str, fault: &str, code: &str, pdf: Vec<u8>) -> Self {
        Self::new(By::Outsider, name, fault, "invalid", code, pdf)
    }

    /// A file that the office signed, with the codes of all its errors.
    fn office(name: &str, fault: &str, codes: &str, pdf: Vec<u8>) -> Self {
        Self::new(By::Office, name, fault, "invalid", codes, pdf)
    }

    /// A file that the office signed and that is accepted.
    fn accepted(name: &str, what: &str, pdf: Vec<u8>) -> Self {
        Self::new(By::Office, name, what, "valid", "", pdf)
    }

    /// Names another twin than the letter.
    fn twin(mut self, twin: &str) -> Self {
        self.header.twin = Some(twin.into());
        self
    }
}
