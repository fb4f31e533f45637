//! The contents of a file, without trust and without judgement.

use cqm_core::{
    Company, Holder, UnixTime,
    claims::{Claims, TOKEN_TYPE},
};
use cqm_pdf::{
    TOKEN_NAME,
    any::{AnyPdf, Coverage},
    letter,
    syntax::Document,
};
use cqm_sign::{
    cms::{self, SignedData},
    json,
    jws::Jws,
    x509::X509Certificate,
};
use cqm_status::TokenDigest;
use serde::Serialize;

use crate::{
    input::Form,
    policy::MESSAGE_LIMIT,
    report::{NAME_LIMIT, cut, signer_name},
};

/// The number of attachments, signatures and problems that are shown. The rest is counted.
const MOST_SHOWN: usize = 100;

/// The number of labels that are shown.
const MOST_LABELS_SHOWN: usize = 2000;

/// The contents of a file. None of it has been verified: anyone can write anything into a file.
#[derive(Debug, Clone, Serialize)]
pub struct Contents {
    /// What kind of file it is.
    pub kind: ContentKind,
    /// The number of revisions of a PDF.
    pub revisions: Option<usize>,
    /// The number of pages of a PDF.
    pub pages: Option<usize>,
    /// The signatures of a PDF, and of the token.
    pub signatures: Vec<ContentSignature>,
    /// The files attached to a PDF.
    pub attachments: Vec<ContentAttachment>,
    /// The content of the token.
    pub certificate: Option<ContentCertificate>,
    /// What could not be read, and what a certificate must not have.
    pub problems: Vec<String>,
}

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentKind {
    /// A PDF.
    Pdf,
    /// A certificate token, or a file that looks like one.
    Token,
    /// Another file.
    Unknown,
}

/// A signature in a file.
#[derive(Debug, Clone, Serialize)]
pub struct ContentSignature {
    /// The form field in a PDF. `None` for a token.
    pub field: Option<String>,
    /// The common name of the signer's certificate.
    pub signer: Option<String>,
    /// The issuer of that certificate.
    pub issuer: Option<String>,
    /// The serial number of that certificate, in hexadecimal.
    pub serial: Option<String>,
    /// The first and the last second of that certificate.
    pub certificate_validity: Option<[String; 2]>,
    /// The algorithm of the signature, in words.
    pub algorithm: Option<String>,
    /// The claimed time of signing.
    pub signed_at: Option<String>,
    /// Whether it covers every byte of the file except itself.
    pub covers_whole_file: bool,
}

/// A file attached to a PDF.
#[derive(Debug, Clone, Serialize)]
pub struct ContentAttachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub size: usize,
}

/// The content of a token.
#[derive(Debug, Clone, Serialize)]
pub struct ContentCertificate {
    /// The certificate's number.
    pub number: String,
    /// The holder's name.
    pub holder: String,
    /// The holder's companies, each with its number and its name.
    pub companies: Vec<String>,
    /// Its first day.
    pub valid_from: String,
    /// Its last day.
    pub valid_until: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// The digest and the length of the letter's body.
    pub letter: String,
    /// The first 16 bytes of the token's SHA-256 digest, by which a status list names it.
    pub token: String,
}

/// Looks inside a file. Long texts and lists are cut, with a count of what is left out, because a
/// hostile file may have megabytes of both.
pub fn inspect(file: &[u8]) -> Contents {
    let mut contents = Contents {
        kind: ContentKind::Unknown,
        revisions: None,
        pages: None,
        signatures: Vec::new(),
        attachments: Vec::new(),
        certificate: None,
        problems: Vec::new(),
    };
    match Form::of(file) {
        Ok(Form::Pdf(bytes)) => contents.pdf(bytes),
        Ok(Form::Token(bytes)) => {
            contents.kind = ContentKind::Token;
            contents.token(bytes);
        }
        Err(finding) => contents.problems.push(finding.message),
    }
    contents.bound();
    contents
}

impl Contents {
    fn pdf(&mut self, bytes: &[u8]) {
        let limits = cqm_pdf::Limits::default();
        let inspection = letter::inspect(bytes, &limits);
        self.kind = ContentKind::Pdf;
        self.revisions = Document::open(bytes, &limits).ok().map(|document| document.sections().len());
        self.pages = Some(inspection.pages.len());
        self.problems.extend(inspection.problems.iter().map(ToString::to_string));
        for signature in AnyPdf::open(bytes, &limits).and_then(|pdf| pdf.signatures()).unwrap_or_default() {
            let signed_data = cms::split_padding(&signature.contents);
            let signed_data = signed_data.and_then(|(cms, _)| SignedData::from_foreign(cms));
            self.problems.extend(signed_data.as_ref().err().map(ToString::to_string));
            let mut shown = ContentSignature::by(signed_data.as_ref().ok().map(SignedData::signer));
            shown.field = Some(signature.field.clone());
            shown.algorithm = signed_data.ok().map(|signed_data| signed_data.algorithm().to_string());
            shown.signed_at = signature.signing_time.map(|time| time.to_string());
            shown.covers_whole_file = matches!(signature.coverage, Coverage::WholeFile { .. });
            self.signatures.push(shown);
        }
        if let Some(parts) = inspection.parts {
            let size = parts.token().len();
            let media_type = Some("application/jose".into());
            self.attachments.push(ContentAttachment { name: TOKEN_NAME.into(), media_type, size });
            self.token(parts.token());
        }
    }

    fn token(&mut self, bytes: &[u8]) {
        let jws = match Jws::parse(bytes) {
            Ok(jws) => jws,
            Err(error) => return self.problems.push(error.to_string()),
        };
        let mut shown = ContentSignature::by(Some(jws.signer()));
        shown.algorithm = Some(jws.algorithm().to_string());
        shown.covers_whole_file = true;
        if jws.typ() != Some(TOKEN_TYPE) {
            let typ = jws.typ().unwrap_or("no type");
            self.problems.push(format!("the token is of another kind, {typ}, and no certificate"));
        }
        match json::from_slice::<Claims>(jws.payload()) {
            Ok(claims) => {
                shown.signed_at = Some(claims.issued_at().to_string());
                let letter = claims.letter().to_string();
                self.problems.extend(jws.verify_issued_at(claims.issued_at()).err().map(|error| error.to_string()));
                match claims.certificate() {
                    Ok((certificate, _)) => {
                        self.certificate = Some(ContentCertificate {
                            number: certificate.number.to_string(),
                            holder: certificate.holder.name.clone(),
                            companies: companies(&certificate.holder),
                            valid_from: certificate.valid_from.to_string(),
                            valid_until: certificate.valid_until.to_string(),
                            labels: certificate.labels().map(|(_, label)| label.to_string()).collect(),
                            letter,
                            token: TokenDigest::of(bytes).to_string(),
                        });
                    }
                    Err(errors) => self.problems.extend(errors.iter().map(ToString::to_string)),
                }
            }
            // The claims of another kind of token are not read.
            Err(_) if jws.typ() != Some(TOKEN_TYPE) => {}
            Err(error) => self.problems.push(error.to_string()),
        }
        self.signatures.push(shown);
    }

    /// Cuts texts and lists to what people read.
    fn bound(&mut self) {
        let mut left_out = Vec::new();
        let mut note = |count: usize, what: &str| {
            if count > 0 {
                left_out.push(format!("{count} more {what} are not shown"));
            }
        };
        note(shorten(&mut self.problems, MOST_SHOWN), "problems");
        note(shorten(&mut self.signatures, MOST_SHOWN), "signatures");
        note(shorten(&mut self.attachments, MOST_SHOWN), "attachments");
        if let Some(certificate) = &mut self.certificate {
            note(shorten(&mut certificate.labels, MOST_LABELS_SHOWN), "labels");
        }
        self.problems.extend(left_out);
        self.problems.iter_mut().for_each(|problem| cut(problem, MESSAGE_LIMIT));
        for ContentAttachment { name, media_type, .. } in &mut self.attachments {
            [Some(name), media_type.as_mut()].into_iter().flatten().for_each(|text| cut(text, NAME_LIMIT));
        }
        for ContentSignature { field, signer, issuer, serial, .. } in &mut self.signatures {
            [field, signer, issuer, serial].into_iter().flatten().for_each(|text| cut(text, NAME_LIMIT));
        }
    }
}

impl ContentSignature {
    fn by(signer: Option<&X509Certificate>) -> Self {
        let instant = |time: UnixTime| time.to_string();
        Self {
            field: None,
            signer: signer.map(signer_name),
            issuer: signer.map(X509Certificate::issuer),
            serial: signer.map(X509Certificate::serial),
            certificate_validity: signer.map(|signer| [signer.not_before(), signer.not_after()].map(instant)),
            algorithm: None,
            signed_at: None,
            covers_whole_file: false,
        }
    }
}

/// "21 Ångström Kort AS"
fn companies(holder: &Holder) -> Vec<String> {
    holder.companies.iter().map(|Company { number, name }| format!("{number} {name}")).collect()
}

/// Shortens a list, and returns how many elements are left out.
fn shorten<T>(list: &mut Vec<T>, most: usize) -> usize {
    let more = list.len().saturating_sub(most);
    list.truncate(most);
    more
}
