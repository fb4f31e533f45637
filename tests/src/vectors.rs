//! Attacks on signed letters, as files: `tests/vectors/FAMILY/NAME.txt`, each with one fault.
//!
//! A vector is a text. Its header says what is wrong and what a verifier must find; after an empty line follow the
//! changes that make the file out of its twin, a file that is accepted:
//!
//! ```text
//! fault: text in white on the white page
//! by: office
//! expect: invalid pdf.hidden-text
//! twin: hidden-text/visible
//!
//! at 14871 cut 5 put "1 1 1"
//! ```
//!
//! | line | meaning |
//! | --- | --- |
//! | `fault:` | what is wrong, or what is unusual about a vector that is accepted |
//! | `by:` | `outsider`: someone without keys changed a signed letter. `office`: the signatures verify, so the profile alone can refuse |
//! | `expect:` | the verdict, and the codes that must be among the findings. With `by: office` there are no errors but these |
//! | `twin:` | the accepted file that the changes start from: `letter.pdf`, `plain.pdf` (the letter with the content of its first page not compressed), or another vector |
//! | `at A cut N put "…"` | `N` bytes of the twin from byte `A` on become the quoted bytes; `\n`, `\r`, `\t`, `\"`, `\'`, `\\` and `\xNN` as in Rust |
//!
//! `cargo run -p cqm-tests --example make_vectors` writes them all anew.

mod active_content;
mod attachment;
mod certification;
mod file_format;
mod hidden_text;
pub mod hostile;
mod hostile_lines;
mod incremental_saving;
mod other;
mod patch;
mod pdf;
mod shadow;
mod signature_wrapping;
mod structure;
mod text_placement;
mod universal_forgery;

use std::fmt::Write as _;

pub use other::{Other, others};
pub use patch::Patch;
pub use text_placement::placed_in_every_way;

/// The letter as it is issued, and with the content of its first page not compressed; by the names of their files.
pub fn twins() -> [(&'static str, Vec<u8>); 2] {
    [(LETTER, pdf::Pdf::letter().sign()), (PLAIN, pdf::Pdf::plain().sign())]
}

const LETTER: &str = "letter.pdf";
const PLAIN: &str = "plain.pdf";

/// Who made a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Someone without keys, out of a signed letter.
    Outsider,
    /// The office, deceived or in bad faith: both signatures verify.
    Office,
}

/// An attack that was made, before it is a file.
#[derive(Clone, Debug)]
pub struct Attack {
    /// `FAMILY/NAME`.
    pub name: String,
    fault: &'static str,
    by: By,
    expect: String,
    twin: String,
    pdf: Vec<u8>,
}

/// All attacks, family by family.
pub fn attacks() -> Vec<Attack> {
    let families: [(&str, Vec<Attack>); 11] = [
        ("universal-forgery", universal_forgery::attacks()),
        ("incremental-saving", incremental_saving::attacks()),
        ("signature-wrapping", signature_wrapping::attacks()),
        ("shadow", shadow::attacks()),
        ("certification", certification::attacks()),
        ("structure", structure::attacks()),
        ("attachment", attachment::attacks()),
        ("file-format", file_format::attacks()),
        ("active-content", active_content::attacks()),
        ("hidden-text", hidden_text::attacks()),
        ("text-placement", text_placement::attacks()),
    ];
    let named = |(family, attacks): (&str, Vec<Attack>)| {
        let family = family.to_owned();
        attacks.into_iter().map(move |attack| Attack { name: format!("{family}/{}", attack.name), ..attack })
    };
    families.into_iter().flat_map(named).collect()
}

impl Attack {
    fn new(by: By, name: &str, fault: &'static str, expect: String, pdf: Vec<u8>) -> Self {
        Self { name: name.into(), fault, by, expect, twin: LETTER.into(), pdf }
    }

    /// A letter that someone without keys changed, with a code that must be among the findings.
    fn outsider(name: &str, fault: &'static str, code: &str, pdf: Vec<u8>) -> Self {
        Self::new(By::Outsider, name, fault, format!("invalid {code}"), pdf)
    }

    /// A file that the office signed, with the codes of all its errors.
    fn office(name: &str, fault: &'static str, codes: &str, pdf: Vec<u8>) -> Self {
        Self::new(By::Office, name, fault, format!("invalid {codes}"), pdf)
    }

    /// A file that the office signed and that is accepted.
    fn accepted(name: &str, what: &'static str, pdf: Vec<u8>) -> Self {
        Self::new(By::Office, name, what, "valid".into(), pdf)
    }

    /// Another twin than the letter.
    fn twin(self, twin: &str) -> Self {
        Self { twin: twin.into(), ..self }
    }

    /// The text of the file.
    ///
    /// # Panics
    ///
    /// If the twin is none of the twins and attacks.
    pub fn text(&self, twins: &[(&'static str, Vec<u8>)], attacks: &[Self]) -> String {
        let base = twins.iter().find(|(name, _)| *name == self.twin).map(|(_, pdf)| pdf);
        let base = base.or_else(|| attacks.iter().find(|attack| attack.name == self.twin).map(|attack| &attack.pdf));
        let base = base.unwrap_or_else(|| panic!("{} has the twin {}, which is not there", self.name, self.twin));
        let by = match self.by {
            By::Outsider => "outsider",
            By::Office => "office",
        };
        let mut text = format!("fault: {}\nby: {by}\nexpect: {}\ntwin: {}\n\n", self.fault, self.expect, self.twin);
        write!(text, "{}", Patch::between(base, &self.pdf)).expect("text is written to memory");
        text
    }
}

/// A vector as its file says.
#[derive(Clone, Debug)]
pub struct Vector {
    /// Who made the file.
    pub by: By,
    /// The verdict.
    pub verdict: String,
    /// The codes that must be among the findings.
    pub codes: Vec<String>,
    /// The file that the patch starts from.
    pub twin: String,
    /// What makes the file out of its twin.
    pub patch: Patch,
}

impl Vector {
    /// Reads the text of a file.
    ///
    /// # Panics
    ///
    /// If it does not have the form of a vector.
    pub fn parse(text: &str) -> Self {
        let (header, patch) = text.split_once("\n\n").expect("an empty line after the header");
        let value = |key: &str| {
            let mut lines = header.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
            let value = lines.next().unwrap_or_else(|| panic!("no line {key}: in\n{header}"));
            assert_eq!(lines.next(), None, "{key} twice");
            value
        };
        assert_eq!(header.lines().count(), 4, "other lines in\n{header}");
        assert!(!value("fault").is_empty(), "the fault is named");
        let by = match value("by") {
            "outsider" => By::Outsider,
            "office" => By::Office,
            other => panic!("by: {other}"),
        };
        let mut expect = value("expect").split(' ').map(str::to_owned);
        let verdict = expect.next().expect("a verdict");
        let patch = patch.parse().unwrap_or_else(|line| panic!("no change: {line}"));
        Self { by, verdict, codes: expect.collect(), twin: value("twin").into(), patch }
    }
}
