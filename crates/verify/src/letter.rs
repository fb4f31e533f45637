//! The integrity of a PDF letter: its structure by the profile, and its signature.

use cqm_core::{Code, Finding, UnixTime};
use cqm_pdf::{
    Limits,
    letter::{self, Inspection, Problem, ProblemKind, SignatureDictionary},
};
use cqm_sign::{
    cms::{CmsError, SignedData},
    x509::VerifiedPath,
};

use crate::report::{SignatureKind, SignatureReport, signer_name};

/// A letter as it was read: what it holds, and its one signature if that can be read.
pub(crate) struct Letter<'a> {
    bytes: &'a [u8],
    inspection: Inspection,
    signed_data: Option<SignedData>,
}

impl<'a> Letter<'a> {
    /// Reads a PDF and reports everything in it that is not as the profile has it.
    pub(crate) fn read(bytes: &'a [u8], limits: &Limits, findings: &mut Vec<Finding>) -> Self {
        let inspection = letter::inspect(bytes, limits);
        findings.extend(inspection.problems.iter().map(finding));
        let mut signed_data = None;
        if let [signature] = inspection.signatures.as_slice() {
            match SignedData::from_der(&signature.contents_der) {
                Ok(parsed) => signed_data = Some(parsed),
                Err(error) => findings.push(Finding::new(Code::CmsMalformed, error.to_string())),
            }
        }
        Self { bytes, inspection, signed_data }
    }

    /// The one signature dictionary.
    fn signature(&self) -> Option<&SignatureDictionary> {
        match self.inspection.signatures.as_slice() {
            [signature] => Some(signature),
            _ => None,
        }
    }

    /// The CMS of the one signature.
    pub(crate) fn signed_data(&self) -> Option<&SignedData> {
        self.signed_data.as_ref()
    }

    /// When the PDF was signed, as its signature dictionary says.
    pub(crate) fn signed_at(&self) -> Option<UnixTime> {
        self.signature()?.signing_time
    }

    /// The token: the one attachment.
    pub(crate) fn token(&self) -> Option<&[u8]> {
        match self.inspection.attachments.as_slice() {
            [attachment] => Some(&attachment.bytes),
            _ => None,
        }
    }

    /// Whether the file carries exactly one attachment, under the name of the token.
    pub(crate) fn names_token(&self) -> bool {
        matches!(self.inspection.attachments.as_slice(), [attachment] if attachment.name == letter::TOKEN_NAME)
    }

    /// What the pages print, line by line.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.inspection.pages.iter().flat_map(|page| page.lines()).collect()
    }

    /// Checks the signature over the bytes that it says it covers.
    pub(crate) fn verify_signature(&self, findings: &mut Vec<Finding>) {
        let (Some(signature), Some(signed_data)) = (self.signature(), &self.signed_data) else { return };
        let Some(ranges) = signature.signed_ranges(self.bytes) else { return };
        let errors = signed_data.verify(&ranges).err().unwrap_or_default();
        findings.extend(errors.into_iter().map(|error| {
            let code = match error {
                CmsError::DigestMismatch { .. } => Code::CmsDigestMismatch,
                _ => Code::CmsBadSignature,
            };
            Finding::new(code, error.to_string())
        }));
    }

    /// Checks that the CMS is the one encoding that the profile allows, with no other certificates than those of the
    /// path.
    pub(crate) fn verify_encoding(&self, path: Option<&VerifiedPath>, findings: &mut Vec<Finding>) {
        let Some(signed_data) = &self.signed_data else { return };
        if let Err(error) = signed_data.check_profile() {
            findings.push(Finding::new(Code::CmsEncoding, error.to_string()));
        }
        if let Some(path) = path
            && !path.intermediates().eq(signed_data.intermediates())
        {
            let message = "the CMS holds other certificates than those between its signer and the root";
            findings.push(Finding::new(Code::CmsEncoding, message));
        }
    }

    pub(crate) fn signature_report(&self) -> Option<SignatureReport> {
        let signed_data = self.signed_data()?;
        Some(SignatureReport {
            kind: SignatureKind::Pdf,
            signer: signer_name(signed_data.signer()),
            algorithm: signed_data.algorithm().to_string(),
            signed_at: self.signed_at().map(|instant| instant.to_string()),
            covers_whole_file: self.signature()?.covers_whole_file,
            field: None,
            covers_up_to: None,
        })
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
