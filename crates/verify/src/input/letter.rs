//! PDF letters: their structure, their signature, and the token inside.

use cqm_core::{Code, Finding, UnixTime};
use cqm_pdf::letter::{self, Inspection, Problem, ProblemKind, SignatureDictionary, TextLine};
use cqm_sign::{
    cms::{CmsError, SignedData},
    x509::VerifiedPath,
};

use super::{Context, token::Token};
use crate::{
    evidence::{Evidence, Pages, PrintedLine, SignatureEvidence, TrustEvidence},
    report::SignatureKind,
};

/// Reads a letter: its profile, its token, and its one signature.
pub(super) fn read(bytes: &[u8], context: Context<'_>) -> Evidence<'static> {
    let mut evidence = Evidence::default();
    let inspection = letter::inspect(bytes, context.limits);
    evidence.findings.extend(inspection.problems.iter().map(finding));
    let signed_data = signed_data(&inspection, &mut evidence.findings);
    let token = match inspection.attachments.as_slice() {
        [attachment] => Token::read(&attachment.bytes, &mut evidence.findings),
        _ => None,
    };
    let signature = signature(&inspection);
    let signed_at = signature.and_then(|signature| signature.signing_time);
    evidence.pages = Some(Pages { lines: lines(&inspection), signed_at });
    if let (Some(signature), Some(signed_data)) = (signature, &signed_data) {
        // The office claims one time for both signatures. The token's counts, if it can be read.
        let issued_at = token.as_ref().and_then(|token| token.claims.as_ref()).map(|claims| claims.issued_at);
        let signing = issued_at.or(signed_at).unwrap_or(context.at);
        let signature = Signature { bytes, dictionary: signature, signed_data };
        signature.add_to(&mut evidence, signing, context);
    }
    if let Some(token) = token {
        token.add_to(&mut evidence, context);
    }
    evidence
}

/// The text of all pages, line by line.
fn lines(inspection: &Inspection) -> Vec<PrintedLine> {
    let pages = (1..).zip(&inspection.pages);
    let lines = pages.flat_map(|(page, text)| text.text_lines().into_iter().map(move |line| (page, line)));
    lines.map(|(page, TextLine { text, font_size })| PrintedLine { page, text, font_size }).collect()
}

/// The one signature dictionary.
fn signature(inspection: &Inspection) -> Option<&SignatureDictionary> {
    match inspection.signatures.as_slice() {
        [signature] => Some(signature),
        _ => None,
    }
}

/// The CMS of the one signature.
fn signed_data(inspection: &Inspection, findings: &mut Vec<Finding>) -> Option<SignedData> {
    match SignedData::from_der(&signature(inspection)?.contents_der) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            findings.push(Finding::new(Code::CmsMalformed, error.to_string()));
            None
        }
    }
}

/// The signature of a letter with its CMS.
struct Signature<'a> {
    bytes: &'a [u8],
    dictionary: &'a SignatureDictionary,
    signed_data: &'a SignedData,
}

impl Signature<'_> {
    fn add_to(&self, evidence: &mut Evidence<'_>, signing: UnixTime, context: Context<'_>) {
        let ranges = self.dictionary.signed_ranges(self.bytes);
        let errors = ranges.as_ref().and_then(|ranges| self.signed_data.verify(ranges).err()).unwrap_or_default();
        evidence.findings.extend(errors.iter().map(|error| {
            let code = match error {
                CmsError::DigestMismatch { .. } => Code::CmsDigestMismatch,
                _ => Code::CmsBadSignature,
            };
            Finding::new(code, error.to_string())
        }));
        let (signer, intermediates) = (self.signed_data.signer(), self.signed_data.intermediates());
        let (trust, path) = TrustEvidence::of_signer(context.trust, signer, intermediates, signing, context.at);
        self.check_encoding(path.as_ref(), &mut evidence.findings);
        let SignatureDictionary { signing_time, covers_whole_file, .. } = *self.dictionary;
        evidence.signatures.push(SignatureEvidence {
            covers_whole_file,
            ..SignatureEvidence::new(
                SignatureKind::Pdf,
                signer,
                self.signed_data.algorithm(),
                signing_time,
                ranges.is_some() && errors.is_empty(),
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
        if path.is_some_and(|path| !path.intermediates().eq(self.signed_data.intermediates())) {
            let message = "the CMS contains other certificates than those between its signer and the root";
            findings.push(Finding::new(Code::CmsEncoding, message));
        }
    }
}

fn finding(problem: &Problem) -> Finding {
    let code = match problem.kind {
        ProblemKind::Empty | ProblemKind::NotAPdf => Code::NotACertificate,
        ProblemKind::Truncated | ProblemKind::Malformed => Code::PdfMalformed,
        ProblemKind::LimitExceeded(_) => Code::LimitExceeded,
        ProblemKind::Encrypted => Code::PdfEncrypted,
        ProblemKind::Unsigned => Code::PdfUnsigned,
        ProblemKind::SeveralSignatures => Code::PdfSeveralSignatures,
        ProblemKind::ModifiedAfterSigning => Code::PdfModifiedAfterSigning,
        ProblemKind::ByteRange => Code::PdfByteRange,
        ProblemKind::Contents => Code::PdfContents,
        ProblemKind::SignatureDictionary => Code::PdfSignatureDictionary,
        ProblemKind::Certification => Code::PdfCertification,
        ProblemKind::Attachment => Code::PdfAttachment,
        ProblemKind::ActiveContent => Code::PdfActiveContent,
        ProblemKind::Unsupported | ProblemKind::OutsideProfile => Code::PdfOutsideProfile,
        ProblemKind::HiddenText => Code::PdfHiddenText,
    };
    Finding::new(code, problem.to_string())
}
