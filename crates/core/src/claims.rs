//! The claims of the certificate token (`docs/reference/certificate-token.md`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Certificate, CertificateNumber, Cid, CompanyNumber, CountryCode, Date, Holder, Label, LabelError, LabelIdentity,
    LetterDigest, ReservedPositions, Signatory, Site, SiteNumber, UnixTime, line,
    status::{StatusReference, StatusReferenceError, StatusReferences},
};

/// The media type of the token, without `application/`: the `typ` of its header (RFC 7515 section
/// 4.1.9).
pub const TOKEN_TYPE: &str = "cqm-certificate+jwt";

/// The claim `iss` of all tokens that the program office issues (RFC 7519 section 4.1.1).
pub const ISSUER: &str = "urn:cqm:program-office";

/// The version of the `cqm` claim that this crate writes and reads.
pub const VERSION: u32 = 2;

/// The claims of a certificate token (RFC 7519).
///
/// Other claims beside these are ignored, as the RFC requires. The claim `cqm` has a version, and
/// only the members that its version defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    jti: CertificateNumber,
    iat: UnixTime,
    nbf: UnixTime,
    exp: UnixTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<StatusClaim>,
    cqm: CqmClaim,
}

/// The claim `status` of the IETF Token Status List. Each label has a member of the same form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusClaim {
    status_list: StatusReference,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CqmClaim {
    version: u32,
    number: CertificateNumber,
    letter: LetterDigest,
    holder: Holder,
    valid_from: Date,
    valid_until: Date,
    #[serde(deserialize_with = "line::list::<{ line::MOST_SITES }, _, _>")]
    sites: Vec<SiteClaim>,
    signatory: Signatory,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_status_seq: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteClaim {
    company: CompanyNumber,
    site: SiteNumber,
    country: CountryCode,
    #[serde(deserialize_with = "line::line")]
    city: String,
    #[serde(default, deserialize_with = "line::optional_line", skip_serializing_if = "Option::is_none")]
    subcontractor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cid: Option<Cid>,
    #[serde(deserialize_with = "line::list::<{ line::MOST_LABELS }, _, _>")]
    labels: Vec<LabelClaim>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelClaim {
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<StatusClaim>,
}

impl Claims {
    /// Creates the claims of a certificate that is issued at `iat`, with its status references if
    /// it has any. `letter` is the digest of its letter's body.
    pub fn new(
        certificate: &Certificate,
        status: Option<&StatusReferences>,
        letter: LetterDigest,
        iat: UnixTime,
    ) -> Self {
        Self {
            iss: ISSUER.into(),
            sub: subject(&certificate.holder),
            jti: certificate.number.clone(),
            iat,
            nbf: certificate.valid_from.start(),
            exp: certificate.valid_until.tomorrow().start(),
            status: status.map(|status| StatusClaim::new(status.certificate())),
            cqm: CqmClaim {
                version: VERSION,
                number: certificate.number.clone(),
                letter,
                holder: certificate.holder.clone(),
                valid_from: certificate.valid_from,
                valid_until: certificate.valid_until,
                sites: certificate.sites.iter().map(|site| SiteClaim::new(site, status)).collect(),
                signatory: certificate.signatory.clone(),
                min_status_seq: status.map(StatusReferences::min_status_seq),
            },
        }
    }

    /// Returns when the token was issued.
    pub fn issued_at(&self) -> UnixTime {
        self.iat
    }

    /// Returns the size and the digest of the letter's body.
    pub fn letter(&self) -> LetterDigest {
        self.cqm.letter
    }

    /// Returns the certificate that the claims describe, and its status references: all of them, or
    /// `None` if it has none.
    ///
    /// # Errors
    /// Returns every claim that contradicts another claim, or that its version does not define so.
    pub fn certificate(self) -> Result<(Certificate, Option<StatusReferences>), Vec<ClaimError>> {
        let mut errors = Vec::new();
        let mut differs = |claim, found: String, expected: String| {
            if found != expected {
                errors.push(ClaimError::Differs { claim, found, expected });
            }
        };
        let cqm = &self.cqm;
        differs("cqm.version", cqm.version.to_string(), VERSION.to_string());
        differs("iss", self.iss, ISSUER.into());
        differs("sub", self.sub, subject(&cqm.holder));
        differs("jti", self.jti.to_string(), cqm.number.to_string());
        differs("nbf", self.nbf.to_string(), cqm.valid_from.start().to_string());
        differs("exp", self.exp.to_string(), cqm.valid_until.tomorrow().start().to_string());
        let mut sites = Vec::with_capacity(self.cqm.sites.len());
        let mut status = ReadStatus::default();
        for site in self.cqm.sites {
            match site.site(&mut status) {
                Ok(site) => sites.push(site),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let certificate = Certificate {
            number: self.cqm.number,
            holder: self.cqm.holder,
            valid_from: self.cqm.valid_from,
            valid_until: self.cqm.valid_until,
            sites,
            signatory: self.cqm.signatory,
        };
        match status.references(&certificate, self.status, self.cqm.min_status_seq) {
            Ok(references) => Ok((certificate, references)),
            Err(error) => Err(vec![error.into()]),
        }
    }
}

/// The status references of the labels read so far.
#[derive(Default)]
struct ReadStatus(BTreeMap<LabelIdentity, StatusReference>);

impl ReadStatus {
    fn add(&mut self, label: &Label, claim: Option<StatusClaim>) -> Result<(), StatusReferenceError> {
        let Some(StatusClaim { status_list: reference }) = claim else { return Ok(()) };
        let label = label.identity();
        // That a label is listed once is for a rule to check; here it only must not have two
        // entries.
        match self.0.insert(label, reference.clone()) {
            Some(other) if other != reference => Err(StatusReferenceError::Ambiguous { label }),
            _ => Ok(()),
        }
    }

    fn references(
        self,
        of: &Certificate,
        certificate: Option<StatusClaim>,
        min_status_seq: Option<u64>,
    ) -> Result<Option<StatusReferences>, StatusReferenceError> {
        let missing = |missing| StatusReferenceError::Incomplete { missing };
        match (certificate, min_status_seq) {
            (None, None) if self.0.is_empty() => Ok(None),
            (None, _) => Err(missing("status")),
            (_, None) => Err(missing("cqm.min_status_seq")),
            (Some(claim), Some(seq)) => StatusReferences::new(of, claim.status_list, self.0, seq).map(Some),
        }
    }
}

impl StatusClaim {
    fn new(reference: &StatusReference) -> Self {
        Self { status_list: reference.clone() }
    }
}

impl SiteClaim {
    fn new(site: &Site, status: Option<&StatusReferences>) -> Self {
        let status = |label: &Label| status.and_then(|status| status.label(label.identity())).map(StatusClaim::new);
        let labels = site.labels.iter().map(|label| LabelClaim { label: label.to_string(), status: status(label) });
        Self {
            company: site.company,
            site: site.number,
            country: site.country,
            city: site.city.clone(),
            subcontractor: site.subcontractor.clone(),
            cid: site.cid.clone(),
            labels: labels.collect(),
        }
    }

    fn site(self, status: &mut ReadStatus) -> Result<Site, ClaimError> {
        let labels = self.labels.into_iter().map(|claim| {
            let label = Label::parse(&claim.label, ReservedPositions::Tolerate)?;
            status.add(&label, claim.status)?;
            Ok(label)
        });
        Ok(Site {
            labels: labels.collect::<Result<_, ClaimError>>()?,
            company: self.company,
            number: self.site,
            country: self.country,
            city: self.city,
            subcontractor: self.subcontractor,
            cid: self.cid,
        })
    }
}

/// Returns the claim `sub`, which names the company, or the companies of the group.
fn subject(holder: &Holder) -> String {
    let kind = if holder.companies.len() == 1 { "company" } else { "group" };
    let numbers: Vec<String> = holder.company_numbers().map(|number| number.to_string()).collect();
    format!("urn:cqm:{kind}:{}", numbers.join("."))
}

/// An error in the claims of a token. Its JSON is already known to be right.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// A claim does not have the value that follows from the other claims.
    #[error("the claim `{claim}` is {found}, expected {expected}")]
    Differs {
        /// The name of the claim.
        claim: &'static str,
        /// Its value.
        found: String,
        /// The expected value.
        expected: String,
    },
    /// A text in place of a label is not a label.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The status references are incomplete, or contradict each other.
    #[error(transparent)]
    Status(#[from] StatusReferenceError),
}
