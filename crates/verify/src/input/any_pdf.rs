//! PDFs that carry no certificate token, judged by their signatures alone (`docs/reference/any-pdf.md`).

use std::collections::BTreeSet;

use cqm_core::{Code, Finding, Label, ReservedPositions, UnixTime, Verdict, conclude};
use cqm_pdf::{
    Limits,
    any::{self, AnySignature, Coverage, Survey, mentions_token},
    syntax::{ReadError, ReadErrorKind},
};
use cqm_sign::{
    KeyError,
    cms::{self, CmsError, SignedData},
    x509::TrustStore,
};

use crate::{
    report::{SignatureKind, SignatureReport, signer_name},
    trust,
};

/// Which PDFs are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfPolicy {
    /// Letters, which carry a certificate token. Any other PDF is no certificate.
    LettersAlone,
    /// A PDF without a token too: by its signatures alone. What it says is not checked against anything.
    WithoutToken,
}

/// What a look at a PDF tells about its token.
pub(crate) enum Kind<'a> {
    /// It carries a token, or what looks like one, or can't be read: the profile of letters judges it.
    Letter,
    /// It carries no token.
    WithoutToken(Box<AnyPdf<'a>>),
    /// It is encrypted, so nobody can tell.
    Encrypted(Finding),
}

/// A PDF without a token.
pub(crate) struct AnyPdf<'a> {
    bytes: &'a [u8],
    pdf: any::AnyPdf<'a>,
    /// None where a limit was reached before all was looked at.
    survey: Result<Survey, ReadError>,
}

/// What was found in a PDF without a token.
pub(crate) struct Judgement {
    pub(crate) signatures: Vec<SignatureReport>,
    pub(crate) labels: Vec<Label>,
}

impl<'a> AnyPdf<'a> {
    /// Looks for a token everywhere in the file.
    pub(crate) fn look(bytes: &'a [u8], limits: &Limits, policy: PdfPolicy) -> Kind<'a> {
        let pdf = match any::AnyPdf::open(bytes, limits) {
            Ok(pdf) => pdf,
            Err(error)
                if *error.kind() == ReadErrorKind::Encrypted
                    && policy == PdfPolicy::WithoutToken
                    && !mentions_token(bytes) =>
            {
                return Kind::Encrypted(Finding::new(Code::PdfUnsupportedEncryption, error.to_string()));
            }
            Err(_) => return Kind::Letter,
        };
        let survey = pdf.survey();
        match (&survey, policy) {
            (Ok(survey), _) if survey.holds_token => Kind::Letter,
            // Nobody can tell whether there is a token: the stricter way.
            (Err(_), PdfPolicy::LettersAlone) => Kind::Letter,
            _ => Kind::WithoutToken(Box::new(Self { bytes, pdf, survey })),
        }
    }

    /// Judges all signatures, and reads the labels.
    pub(crate) fn judge(&self, trust: &TrustStore, at: UnixTime, findings: &mut Vec<Finding>) -> Judgement {
        let message = "the labels and dates that it prints were not checked";
        findings.push(Finding::new(Code::PdfWithoutToken, message));
        match &self.survey {
            Ok(Survey { changing, unread, .. }) => {
                if !changing.is_empty() {
                    let names: Vec<&str> = changing.iter().copied().collect();
                    findings.push(Finding::new(Code::PdfChangingContent, format!("the PDF has {}", names.join(", "))));
                }
                // A viewer may read what this program can't.
                if let Some(error) = unread {
                    let message = format!("an object can't be read, so nobody knows what it does: {error}");
                    findings.push(Finding::new(Code::PdfChangingContent, message));
                }
            }
            Err(error) => unread(error, findings),
        }
        let mut judgement = Judgement { signatures: Vec::new(), labels: Vec::new() };
        match self.pdf.signatures() {
            Ok(signatures) if signatures.is_empty() => {
                findings.push(Finding::new(Code::PdfUnsigned, "no form field has a signature"));
            }
            Ok(signatures) => {
                for signature in &signatures {
                    let mut found = Vec::new();
                    judgement.signatures.extend(self.signature(signature, trust, at, &mut found));
                    let of = |finding: Finding| match signatures.len() {
                        1 => finding,
                        _ => Finding::new(finding.code, format!("{:?}: {}", signature.field, finding.message)),
                    };
                    findings.extend(found.into_iter().map(of));
                }
            }
            Err(error) => unread(&error, findings),
        }
        match self.pdf.text() {
            Ok(text) => {
                let mut seen = BTreeSet::new();
                let labels = text.words.iter().filter_map(|word| Label::parse(word, ReservedPositions::Tolerate).ok());
                // What nobody vouches for is not shown.
                if conclude(&*findings) != Verdict::Invalid {
                    judgement.labels.extend(labels.filter(|label| seen.insert(*label)));
                }
                findings.extend(text.unread.into_iter().map(|reason| Finding::new(Code::PdfTextUnread, reason)));
            }
            Err(error) => unread(&error, findings),
        }
        judgement
    }

    /// Coverage, integrity and trust of one signature.
    fn signature(
        &self,
        signature: &AnySignature,
        trust: &TrustStore,
        at: UnixTime,
        findings: &mut Vec<Finding>,
    ) -> Option<SignatureReport> {
        let mut find = |code, message: String| findings.push(Finding::new(code, message));
        match &signature.coverage {
            Coverage::WholeFile { .. } => {}
            Coverage::Revision { end, changes, .. } => {
                let message = format!("the signature covers the file up to byte {end}; after it come {changes}");
                find(Code::PdfLaterRevision, message);
            }
            Coverage::Wrong { reason } => find(Code::PdfByteRange, reason.clone()),
        }
        match signature.sub_filter.as_deref() {
            Some("adbe.pkcs7.detached" | "ETSI.CAdES.detached") => {}
            other => {
                find(Code::PdfUnsupportedSignature, format!("/SubFilter is {}", other.unwrap_or("missing")));
                return None;
            }
        }
        let (cms, padding) = match cms::split_padding(&signature.contents) {
            Ok(parts) => parts,
            Err(error) => {
                find(code(&error), error.to_string());
                return None;
            }
        };
        if padding.iter().any(|byte| *byte != 0) {
            find(Code::PdfContents, "/Contents has bytes other than zero after the signature".to_owned());
        }
        let signed_data = match SignedData::from_foreign(cms) {
            Ok(signed_data) => signed_data,
            Err(error) => {
                find(code(&error), error.to_string());
                return None;
            }
        };
        if let Some(ranges) = signature.signed_ranges(self.bytes) {
            let errors = signed_data.verify(&ranges).err().unwrap_or_default();
            findings.extend(errors.iter().map(|error| Finding::new(code(error), error.to_string())));
        }
        let signed_at = signature.signing_time.or(signed_data.signing_time());
        if let Some(signed_at) = signed_at
            && signed_at > at
        {
            let message = format!("the PDF was signed at {signed_at}, the question is about {at}");
            findings.push(Finding::new(Code::DateNotYetValid, message));
        }
        let (signer, intermediates) = (signed_data.signer(), signed_data.intermediates());
        let signing = signed_at.unwrap_or(at);
        trust::foreign_path(trust, signer, intermediates, signing, at, findings);
        Some(SignatureReport {
            kind: SignatureKind::Pdf,
            signer: signer_name(signer),
            algorithm: signed_data.algorithm().to_string(),
            signed_at: signed_at.map(|instant| instant.to_string()),
            covers_whole_file: matches!(signature.coverage, Coverage::WholeFile { .. }),
            field: Some(signature.field.clone()),
            covers_up_to: signature.covered_until(self.bytes),
        })
    }
}

/// Says what could not be read. A budget that is used up is said once, not for all that it was missing for.
fn unread(error: &ReadError, findings: &mut Vec<Finding>) {
    let code = match error.kind() {
        ReadErrorKind::Limit(_) => Code::LimitExceeded,
        _ => Code::PdfMalformed,
    };
    if !findings.iter().any(|finding| finding.code == code) {
        findings.push(Finding::new(code, error.to_string()));
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
