//! Verifies letters and tokens offline: bytes, trust and a time in, a report with a verdict out.
//!
//! | to | use |
//! | --- | --- |
//! | verify a letter or a token | [`Verifier`], which answers a [`Question`] with a [`Report`] |
//! | judge other PDFs too, by their signatures | [`Verifier::with_pdfs`], [`PdfPolicy`] |
//! | also ask whether a label was stopped | [`Verifier::add_status_list`] |
//! | show a report to people | [`report::text`], the same words for terminal and page |
//! | look inside a file without judging it | [`inspect`](inspect()), which returns [`Contents`] |
//!
//! Verifying is a pipeline, and data flows one way: the kind of the input is identified once
//! (`input`), the input is read into evidence (`evidence`), the checks turn evidence into findings
//! (`checks`), and the findings decide the verdict (`policy`) in the report ([`report`]). Every
//! check runs, whatever the ones before found, and every finding is in the report.
//!
//! ```
//! use cqm_core::{Date, Verdict};
//! use cqm_sign::x509::TrustStore;
//! use cqm_verify::{Question, Verifier};
//!
//! # let root = include_str!("../../../keys-test/root.pem");
//! let verifier = Verifier::new(TrustStore::from_pem(root)?);
//! let at = "2024-01-31".parse::<Date>()?.end();
//! let report = verifier.verify(b"some file", &Question::new(at));
//! assert_eq!(report.verdict(), Verdict::Invalid);
//! assert_eq!(report.findings()[0].code.as_str(), "cqm.not-a-certificate");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate has no clock, reads no file, and needs no network.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::panic
    )
)]

mod checks;
mod evidence;
mod input;
mod inspect;
mod policy;
pub mod report;
mod verifier;

pub use input::FILE_SIZE_LIMIT;
pub use inspect::{ContentAttachment, ContentCertificate, ContentKind, ContentSignature, Contents, inspect};
pub use policy::{PdfPolicy, StatusPolicy};
pub use report::{LabelReport, Report, SignatureKind, SignatureReport, StatusAnswer, StatusReport};
pub use verifier::{Question, Verifier};
