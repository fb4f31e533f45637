//! PDFs without a certificate token, read for their signatures (`docs/reference/any-pdf.md`).

use std::collections::BTreeSet;

use cqm_core::{Code, Finding, Label, ReservedPositions};
use cqm_pdf::{
    Limits,
    any::{self, AnySignature, Coverage, Survey, mentions_token},
    syntax::{ReadError, ReadErrorKind},
};
use cqm_sign::{
    KeyError,
    cms::{self, CmsError, SignedData},
};

use super::{Context, Refusal};
use crate::{
    evidence::{Evidence, SignatureEvidence, TrustEvidence},
    policy::PdfPolicy,
    report::SignatureKind,
};

/// A PDF without a token.
pub(crate) struct AnyPdf<'a> {
    bytes: &'a [u8],
    pdf: any::AnyPdf<'a>,
    /// An error if a limit was reached before all objects were looked at.
    survey: Result<Survey, ReadError>,
}

impl<'a> AnyPdf<'a> {
    /// Looks for a token in the file. `None` if it is to be judged as a letter: it has a token,
    /// or nothing can tell.
    pub(super) fn look(bytes: &'a [u8], limits: &Limits, policy: PdfPolicy) -> Result<Option<Self>, Refusal> {
        // A letter names its token in plain bytes, so it costs one search to know it.
        if mentions_token(bytes) {
            return Ok(None);
        }
        let pdf = match any::AnyPdf::open(bytes, limits) {
            Ok(pdf) => pdf,
            Err(error) if *error.kind() == ReadErrorKind::Encrypted && policy == PdfPolicy::WithoutToken => {
                return Err(Finding::new(Code::PdfUnsupportedEncryption, error.to_string()).into());
            }
            Err(_) => return Ok(None),
        };
        let survey = pdf.survey();
        match (&survey, policy) {
            (Ok(survey), _) if survey.holds_token => Ok(None),
            // The stricter way, since it is unknown whether there is a token.
            (Err(_), PdfPolicy::LettersOnly) => Ok(None),
            (Ok(_), PdfPolicy::LettersOnly) => Err(Refusal {
                finding: Finding::new(Code::NotACertificate, "the PDF carries no certificate token"),
                is_pdf_without_token: true,
            }),
            (_, PdfPolicy::WithoutToken) => Ok(Some(Self { bytes, pdf, survey })),
        }
    }

    /// Reads all signatures, and the labels in the text.
    pub(super) fn read(&self, context: Context<'_>) -> Evidence<'static> {
        let mut evidence = Evidence::default();
        let message = "the labels and dates that it prints were not checked";
        evidence.findings.push(Finding::new(Code::PdfWithoutToken, message));
        match &self.survey {
            Ok(survey) => report_changing(survey, &mut evidence.findings),
            Err(error) => report_unread(error, &mut evidence.findings),
        }
        self.read_signatures(&mut evidence, context);
        self.read_labels(&mut evidence);
        evidence
    }

    fn read_signatures(&self, evidence: &mut Evidence<'_>, context: Context<'_>) {
        let signatures = match self.pdf.signatures() {
            Ok(signatures) => signatures,
            Err(error) => return report_unread(&error, &mut evidence.findings),
        };
        if signatures.is_empty() {
            evidence.findings.push(Finding::new(Code::PdfUnsigned, "no form field has a signature"));
        }
        for signature in &signatures {
            let mut findings = Vec::new();
            evidence.signatures.extend(self.read_signature(signature, context, &mut findings));
            if signatures.len() > 1 {
                for finding in &mut findings {
                    finding.message = format!("{:?}: {}", signature.field, finding.message);
                }
            }
            evidence.findings.append(&mut findings);
        }
    }

    /// Coverage, integrity and path of one signature.
    fn read_signature(
        &self,
        signature: &AnySignature,
        context: Context<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<SignatureEvidence> {
        findings.extend(coverage_finding(&signature.coverage));
        let signed_data = match read_cms(signature) {
            Ok((signed_data, padding)) => {
                findings.extend(padding);
                signed_data
            }
            Err(finding) => {
                findings.push(finding);
                return None;
            }
        };
        let ranges = signature.signed_ranges(self.bytes);
        let errors = ranges.as_ref().and_then(|ranges| signed_data.verify(ranges).err()).unwrap_or_default();
        findings.extend(errors.iter().map(|error| Finding::new(code(error), error.to_string())));
        let signed_at = signature.signing_time.or(signed_data.signing_time());
        let (signer, intermediates) = (signed_data.signer(), signed_data.intermediates());
        if signer.is_for_letters() {
            let message = "its signer signs only letters, and each of them carries a certificate token";
            findings.push(Finding::new(Code::PdfTokenMissing, message));
        }
        let signing = signed_at.unwrap_or(context.at);
        let trust = TrustEvidence::of_foreign_signer(context.trust, signer, intermediates, signing, context.at);
        let is_intact = ranges.is_some() && errors.is_empty();
        Some(SignatureEvidence {
            covers_whole_file: matches!(signature.coverage, Coverage::WholeFile { .. }),
            field: Some(signature.field.clone()),
            covers_up_to: signature.covered_until(self.bytes),
            ..SignatureEvidence::new(SignatureKind::Pdf, signer, signed_data.algorithm(), signed_at, is_intact, trust)
        })
    }

    fn read_labels(&self, evidence: &mut Evidence<'_>) {
        let mut labels = Vec::new();
        match self.pdf.text() {
            Ok(text) => {
                let mut seen = BTreeSet::new();
                let read = text.words.iter().filter_map(|word| Label::parse(word, ReservedPositions::Tolerate).ok());
                labels.extend(read.filter(|label| seen.insert(*label)));
                let unread = text.unread.into_iter().map(|reason| Finding::new(Code::PdfTextUnread, reason));
                evidence.findings.extend(unread);
            }
            Err(error) => report_unread(&error, &mut evidence.findings),
        }
        evidence.labels_in_text = Some(labels);
    }
}

/// Reports what lets the pages show something else without a change of the file.
fn report_changing(Survey { changing, unread, .. }: &Survey, findings: &mut Vec<Finding>) {
    if !changing.is_empty() {
        let names: Vec<&str> = changing.iter().copied().collect();
        findings.push(Finding::new(Code::PdfChangingContent, format!("the PDF has {}", names.join(", "))));
    }
    // A viewer may be able to read what this reader cannot.
    if let Some(error) = unread {
        let message = format!("an object can't be read, so its effect is unknown: {error}");
        findings.push(Finding::new(Code::PdfChangingContent, message));
    }
}

/// Reports what could not be read. A used-up budget is reported once for all that it stopped.
fn report_unread(error: &ReadError, findings: &mut Vec<Finding>) {
    let code = match error.kind() {
        ReadErrorKind::Limit(_) => Code::LimitExceeded,
        _ => Code::PdfMalformed,
    };
    if !findings.iter().any(|finding| finding.code == code) {
        findings.push(Finding::new(code, error.to_string()));
    }
}

fn coverage_finding(coverage: &Coverage) -> Option<Finding> {
    match coverage {
        Coverage::WholeFile { .. } => None,
        Coverage::Revision { end, changes, .. } => {
            let message = format!("the signature covers the file up to byte {end}; after it come {changes}");
            Some(Finding::new(Code::PdfLaterRevision, message))
        }
        Coverage::Wrong { reason } => Some(Finding::new(Code::PdfByteRange, reason.clone())),
    }
}

/// Reads the CMS of a signature. The second value reports a padding that is not zero.
fn read_cms(signature: &AnySignature) -> Result<(SignedData, Option<Finding>), Finding> {
    match signature.sub_filter.as_deref() {
        Some("adbe.pkcs7.detached" | "ETSI.CAdES.detached") => {}
        other => {
            let message = format!("/SubFilter is {}", other.unwrap_or("missing"));
            return Err(Finding::new(Code::PdfUnsupportedSignature, message));
        }
    }
    let malformed = |error: &CmsError| Finding::new(code(error), error.to_string());
    let (cms, padding) = cms::split_padding(&signature.contents).map_err(|error| malformed(&error))?;
    let padding = padding
        .iter()
        .any(|byte| *byte != 0)
        .then(|| Finding::new(Code::PdfContents, "/Contents has bytes other than zero after the signature"));
    match SignedData::from_foreign(cms) {
        Ok(signed_data) => Ok((signed_data, padding)),
        Err(error) => Err(malformed(&error)),
    }
}

fn code(error: &CmsError) -> Code {
    match error {
        CmsError::DigestMismatch { .. } => Code::CmsDigestMismatch,
        CmsError::Signature(_) => Code::CmsBadSignature,
        CmsError::UnsupportedDigest
        | CmsError::UnsupportedSignatureAlgorithm
        | CmsError::Key(KeyError::UnsupportedAlgorithm | KeyError::RsaTooSmall { .. }) => Code::PdfUnsupportedSignature,
        _ => Code::CmsMalformed,
    }
}
