//! Verifying: bytes, trust and a time become a report with a verdict.
//!
//! | to | use |
//! | --- | --- |
//! | say whether a letter or a token is valid | [`Verifier`], asked a [`Question`], which answers with a [`Report`] |
//! | judge a PDF that carries no token by its signatures too | [`Verifier::with_pdfs`], told a [`PdfPolicy`] |
//! | see what is inside a file, without any judgement | [`inspect`](inspect()), which gives [`Contents`] |
//! | ask about stopped labels too | [`Verifier::add_status_list`] |
//!
//! Every check runs, whatever the one before found, and everything found stands in the report. The order is always the
//! same: integrity of the bytes, trust in the signers, the rules of the program, dates, status; then the verdict.
//!
//! ```
//! use cqm_core::{Date, Verdict};
//! use cqm_sign::x509::TrustStore;
//! use cqm_verify::{Question, StatusPolicy, Verifier};
//!
//! # let root = include_str!("../../../keys-test/root.pem");
//! let verifier = Verifier::new(TrustStore::from_pem(root)?);
//! let at = "2024-01-31".parse::<Date>()?.end();
//! let report = verifier.verify(b"some file", &Question { at, status: StatusPolicy::Required, labels: &[] });
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

mod any_pdf;
mod compare;
mod contents;
mod file;
mod letter;
mod report;
mod status;
mod token;
mod trust;
mod verifier;

pub use any_pdf::PdfPolicy;
pub use contents::{ContentAttachment, ContentCertificate, ContentKind, ContentSignature, Contents, inspect};
pub use file::FILE_SIZE_LIMIT;
pub use report::{LabelReport, Report, SignatureKind, SignatureReport, StatusAnswer, StatusReport};
pub use verifier::{Question, StatusPolicy, Verifier};
