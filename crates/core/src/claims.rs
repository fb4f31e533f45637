//! The claims of the certificate token: what the JWT says, member by member (`docs/certificate-token.md`).

use serde::{Deserialize, Serialize};

use crate::{
    Certificate, CertificateNumber, Cid, CompanyNumber, CountryCode, Date, Holder, Instant, Label, LabelError,
    ReservedPositions, Signatory, Site, SiteNumber,
};

/// The media type of the token, without `application/`: the `typ` of its header (RFC 7515 section 4.1.9).
pub const TOKEN_TYPE: &str = "cqm-certificate+jwt";

/// Who issues certificate tokens: the claim `iss` (RFC 7519 section 4.1.1).
pub const ISSUER: &str = "urn:cqm:program-office";

/// The version of the `cqm` claim that this crate writes and reads.
pub const VERSION: u32 = 1;

/// The claims of a certificate token (RFC 7519). Registered claims that it doesn't name are ignored, as the RFC asks;
/// the claim `cqm` is versioned and has no other members than its version defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    jti: CertificateNumber,
    iat: Instant,
    nbf: Instant,
    exp: Instant,
    cqm: CqmClaim,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CqmClaim {
    version: u32,
    number: CertificateNumber,
    holder: Holder,
    valid_from: Date,
    valid_until: Date,
    sites: Vec<SiteClaim>,
    signatory: Signatory,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteClaim {
    company: CompanyNumber,
    site: SiteNumber,
    country: CountryCode,
    city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subcontractor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cid: Option<Cid>,
    labels: Vec<LabelClaim>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelClaim {
    label: String,
}

impl Claims {
    /// The claims of a certificate that is issued at `iat`.
    pub fn new(certificate: &Certificate, iat: Instant) -> Self {
        Self {
            iss: ISSUER.into(),
            sub: subject(&certificate.holder),
            jti: certificate.number.clone(),
            iat,
            nbf: certificate.valid_from.start(),
            exp: certificate.valid_until.tomorrow().start(),
            cqm: CqmClaim {
                version: VERSION,
                number: certificate.number.clone(),
                holder: certificate.holder.clone(),
                valid_from: certificate.valid_from,
                valid_until: certificate.valid_until,
                sites: certificate.sites.iter().map(SiteClaim::new).collect(),
                signatory: certificate.signatory.clone(),
            },
        }
    }

    /// When the token was issued.
    pub fn issued_at(&self) -> Instant {
        self.iat
    }

    /// The certificate that the claims describe.
    ///
    /// # Errors
    /// Every claim that contradicts another or isn't what its version defines.
    pub fn certificate(self) -> Result<Certificate, Vec<ClaimError>> {
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
        for site in self.cqm.sites {
            match site.site() {
                Ok(site) => sites.push(site),
                Err(error) => errors.push(ClaimError::Label(error)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Certificate {
            number: self.cqm.number,
            holder: self.cqm.holder,
            valid_from: self.cqm.valid_from,
            valid_until: self.cqm.valid_until,
            sites,
            signatory: self.cqm.signatory,
        })
    }
}

impl SiteClaim {
    fn new(site: &Site) -> Self {
        let labels = site.labels.iter().map(|label| LabelClaim { label: label.to_string() });
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

    fn site(self) -> Result<Site, LabelError> {
        let labels = self.labels.iter().map(|claim| Label::parse(&claim.label, ReservedPositions::Tolerate));
        Ok(Site {
            labels: labels.collect::<Result<_, _>>()?,
            company: self.company,
            number: self.site,
            country: self.country,
            city: self.city,
            subcontractor: self.subcontractor,
            cid: self.cid,
        })
    }
}

/// The claim `sub`: the company, or the companies of the group.
fn subject(holder: &Holder) -> String {
    let kind = if holder.companies.len() == 1 { "company" } else { "group" };
    let numbers: Vec<String> = holder.companies.iter().map(ToString::to_string).collect();
    format!("urn:cqm:{kind}:{}", numbers.join("."))
}

/// What is wrong with the claims of a token whose JSON is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// A claim has another value than the rest of the token asks for.
    #[error("the claim `{claim}` is {found}, expected {expected}")]
    Differs {
        /// The name of the claim.
        claim: &'static str,
        /// Its value.
        found: String,
        /// The value it must have.
        expected: String,
    },
    /// A label of the token is none.
    #[error(transparent)]
    Label(#[from] LabelError),
}
