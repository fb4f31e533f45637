//! PDF letters: their structure, their signature, and the token inside.

use cqm_core::{Code, Finding, LetterDigest, UnixTime};
use cqm_pdf::{
    TailEntries,
    letter::{self, PageText, Parts, Problem, ProblemKind, TextLine},
};
use cqm_sign::{
    Hashed,
    cms::{CmsError, DigestPlace, SignedData, StatedDigest},
    x509::{Purpose, VerifiedPath, X509Certificate},
};

use super::{Context, token::Token};
use crate::{
    evidence::{Claims, Evidence, Pages, PrintedLine, SignatureEvidence, TrustEvidence},
    report::SignatureKind,
};

/// Reads a letter: its profile, its token, and its signature.
pub(super) fn read(bytes: &[u8], context: Context<'_>) -> Evidence<'static> {
    let mut evidence = Evidence::default();
    let inspection = letter::inspect(bytes, context.limits);
    evidence.findings.extend(inspection.problems.iter().map(finding));
    let Some(parts) = inspection.parts else { return evidence };
    let body = Hashed::new(parts.body());
    let sha256 = body.sha256();
    let size = u64::try_from(parts.body().len()).unwrap_or(u64::MAX);
    let lines = lines(&inspection.pages);
    evidence.pages = Some(Pages { lines, digest: LetterDigest { size, sha256 } });

    let signed_data = SignedData::from_der(parts.cms());
    let token = Token::read(parts.token(), &mut evidence.findings);
    let claims = token.as_ref().and_then(|token| token.claims.as_ref());
    let tail = compare_tail(&parts, sha256, claims, bytes.len());
    let signed_tail = parts.signed_tail(tail.end);
    match signed_data {
        Ok(signed_data) => {
            // The office signs both at one time, that of the token: the tail repeats it.
            let signed_at = claims.map(|claims| claims.issued_at);
            let signature = Signature { body, tail: signed_tail, signed_data, signed_at };
            signature.add_to(&mut evidence, tail.end == bytes.len(), context);
        }
        Err(error) => {
            // A changed file is called changed, even if its signature can't be read.
            let [first, second] = signed_tail;
            let compared = StatedDigest::read(parts.cms(), DigestPlace::Attribute)
                .map(|stated| stated.compare(&[body.bytes(), first, second]));
            if let Some(Err(mismatch)) = compared {
                evidence.findings.push(Finding::new(Code::CmsDigestMismatch, mismatch.to_string()));
            }
            evidence.findings.push(Finding::new(Code::CmsMalformed, error.to_string()));
        }
    }
    // Another body has another tail, so this follows the finding that the file was changed.
    evidence.findings.extend(tail.problem.as_ref().map(finding));
    if let Some(token) = token {
        token.add_to(&mut evidence, context);
    }
    evidence
}

/// The text of all pages, line by line.
fn lines(pages: &[PageText]) -> Vec<PrintedLine> {
    let lines = (1..).zip(pages).flat_map(|(page, text)| text.text_lines().into_iter().map(move |line| (page, line)));
    lines.map(|(page, TextLine { text, font_size })| PrintedLine { page, text, font_size }).collect()
}

/// Compares the tail. Without claims it cannot be written again; the token has errors then.
fn compare_tail(parts: &Parts<'_>, body_sha256: [u8; 32], claims: Option<&Claims>, end: usize) -> letter::Comparison {
    match claims {
        Some(Claims { issued_at, certificate, .. }) => {
            let signatory = &certificate.signatory.name;
            parts.compare(&TailEntries { body_sha256, issued_at: *issued_at, signatory })
        }
        None => letter::Comparison { problem: None, end },
    }
}

/// The signature of a letter.
struct Signature<'a> {
    body: Hashed<'a>,
    /// The parts of the tail that it covers.
    tail: [&'a [u8]; 2],
    signed_data: SignedData,
    signed_at: Option<UnixTime>,
}

impl Signature<'_> {
    fn add_to(&self, evidence: &mut Evidence<'_>, covers_whole_file: bool, context: Context<'_>) {
        let errors = self.signed_data.verify_after(&self.body, &self.tail).err().unwrap_or_default();
        evidence.findings.extend(errors.iter().map(|error| {
            let code = match error {
                CmsError::DigestMismatch { .. } => Code::CmsDigestMismatch,
                _ => Code::CmsBadSignature,
            };
            Finding::new(code, error.to_string())
        }));
        let signing = self.signed_at.unwrap_or(context.at);
        let (signer, intermediates) = (self.signed_data.signer(), self.signed_data.intermediates());
        let purpose = Purpose::DocumentSigning;
        let (trust, path) =
            TrustEvidence::of_signer(context.trust, signer, intermediates, purpose, signing, context.at);
        self.check_encoding(path.as_ref(), &mut evidence.findings);
        evidence.signatures.push(SignatureEvidence {
            covers_whole_file,
            ..SignatureEvidence::new(
                SignatureKind::Pdf,
                signer,
                self.signed_data.algorithm(),
                self.signed_at,
                errors.is_empty(),
                trust,
            )
        });
    }

    /// Checks that the CMS is in the one encoding that the profile allows, and contains exactly
    /// the certificates between the signer and the root.
    fn check_encoding(&self, path: Option<&VerifiedPath>, findings: &mut Vec<Finding>) {
        if let Err(error) = self.signed_data.check_profile() {
            findings.push(Finding::new(Code::CmsEncoding, error.to_string()));
        }
        if path.is_some_and(|path| !is_chain_of(path, self.signed_data.intermediates())) {
            let message = "the CMS contains other certificates than those between its signer and the root";
            findings.push(Finding::new(Code::CmsEncoding, message));
        }
    }
}

/// Returns whether these certificates are those between the signer and the root. If the path ends
/// before the root, at another CA that the user trusts, the CA and those above it follow.
fn is_chain_of(path: &VerifiedPath, brought: &[X509Certificate]) -> bool {
    let count = path.intermediates().len();
    let above = brought.get(count..).unwrap_or_default();
    let continues = above.windows(2).all(|pair| matches!(pair, [below, above] if below.issuer() == above.subject()));
    path.intermediates().eq(brought.iter().take(count))
        && above.first().is_none_or(|first| first == path.root())
        && continues
        && !above.iter().any(X509Certificate::is_self_issued)
}

fn finding(problem: &Problem) -> Finding {
    let code = match problem.kind {
        ProblemKind::Empty | ProblemKind::NotAPdf => Code::NotACertificate,
        ProblemKind::Truncated | ProblemKind::Malformed => Code::PdfMalformed,
        ProblemKind::LimitExceeded(_) => Code::LimitExceeded,
        ProblemKind::Encrypted => Code::PdfEncrypted,
        ProblemKind::Unsigned => Code::PdfUnsigned,
        ProblemKind::ModifiedAfterSigning => Code::PdfModifiedAfterSigning,
        ProblemKind::Tail => Code::PdfTail,
        ProblemKind::LongTermData => Code::PdfLongTermData,
        ProblemKind::Attachment => Code::PdfAttachment,
        ProblemKind::ActiveContent => Code::PdfActiveContent,
        ProblemKind::Unsupported | ProblemKind::OutsideProfile => Code::PdfOutsideProfile,
        ProblemKind::HiddenText => Code::PdfHiddenText,
    };
    Finding::new(code, problem.to_string())
}
