//! Certificate revocation lists (RFC 5280 section 5).

use core::fmt;
use std::sync::Arc;

use cqm_core::UnixTime;
use der::Decode as _;
use x509_cert::crl::CertificateList;

use crate::{
    SignatureAlgorithm,
    asn1::{self, DerError, Elements},
    x509::{PemError, X509Certificate, memo::Memo, pem},
};

/// A CRL. Its signature is verified when a path consults it: its issuer's key is known only then.
#[derive(Debug, Clone)]
pub struct Crl {
    der: Vec<u8>,
    issuer: Vec<u8>,
    issuer_name: String,
    this_update: UnixTime,
    next_update: UnixTime,
    list: Arc<webpki::CertRevocationList<'static>>,
    tbs: Vec<u8>,
    /// The content of the algorithm identifier.
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

/// The entry of one certificate in a CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CrlEntry {
    pub(super) date: UnixTime,
    pub(super) reason: Option<RevocationReason>,
    pub(super) invalidity_date: Option<UnixTime>,
}

impl Crl {
    /// Reads a CRL in DER, or in PEM under `X509 CRL`.
    ///
    /// # Errors
    /// Fails if the bytes are not a complete CRL of version 2 with a `nextUpdate`.
    pub fn read(bytes: &[u8]) -> Result<Self, CrlError> {
        match core::str::from_utf8(bytes) {
            Ok(text) if text.contains("-----BEGIN ") => Self::from_der(&pem::one(text, "X509 CRL")?),
            _ => Self::from_der(bytes),
        }
    }

    /// Reads a CRL in DER.
    ///
    /// # Errors
    /// Fails if the bytes are not a complete CRL of version 2 with a `nextUpdate`.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        // The first parser gives access to the times. The second refuses what RFC 5280 does not
        // allow or is not supported: version 1, delta and indirect CRLs, no nextUpdate, unknown
        // critical extensions.
        let parsed =
            CertificateList::<x509_cert::certificate::Rfc5280>::from_der(der).map_err(|_| CrlError::Malformed)?;
        let list = webpki::OwnedCertRevocationList::from_der(der).map_err(CrlError::unsupported)?;
        let list = webpki::CertRevocationList::from(list);
        if list.issuing_distribution_point().is_some() {
            return Err(CrlError::Partial);
        }
        let next_update = parsed.tbs_cert_list.next_update.ok_or(CrlError::NoNextUpdate)?;
        let signed = Signed::read(der).map_err(|_| CrlError::Malformed)?;
        Ok(Self {
            der: der.to_vec(),
            issuer: list.issuer().to_vec(),
            issuer_name: parsed.tbs_cert_list.issuer.to_string(),
            this_update: seconds(parsed.tbs_cert_list.this_update)?,
            next_update: seconds(next_update)?,
            list: Arc::new(list),
            tbs: signed.tbs.to_vec(),
            algorithm: signed.algorithm.to_vec(),
            signature: signed.signature.to_vec(),
        })
    }

    /// The original DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The issuer in the form of RFC 4514. The text may contain anything; escape it before
    /// printing.
    pub fn issuer(&self) -> &str {
        &self.issuer_name
    }

    /// Returns whether this authority issued the CRL: it has the issuer's name, and its key made
    /// the signature.
    pub fn is_issued_by(&self, authority: &X509Certificate) -> bool {
        self.issuer == authority.subject_content() && self.is_signed_by(authority, &Memo::default())
    }

    /// Returns whether the certificate and this CRL have an issuer of the same name.
    pub(super) fn is_for(&self, certificate: &X509Certificate) -> bool {
        self.issuer == certificate.issuer_content()
    }

    /// The time from which the CRL speaks.
    pub fn this_update(&self) -> UnixTime {
        self.this_update
    }

    /// The time by which the issuer publishes the next CRL.
    pub fn next_update(&self) -> UnixTime {
        self.next_update
    }

    /// Returns whether this CRL is signed with the issuer's key.
    pub(super) fn is_signed_by(&self, issuer: &X509Certificate, memo: &Memo) -> bool {
        // The kind of the key can't be seen from its bits.
        issuer
            .public_key()
            .ok()
            .and_then(|key| SignatureAlgorithm::from_identifier(&self.algorithm, key.kind()))
            .is_some_and(|algorithm| memo.verify(algorithm, issuer.key_bits(), &self.tbs, &self.signature).is_ok())
    }

    pub(super) fn entry(&self, certificate: &X509Certificate) -> Option<CrlEntry> {
        // A list that owns its entries never fails here: they were parsed when the list was read.
        let entry = self.list.find_serial(certificate.serial_octets()).ok()??;
        let seconds =
            |time: rustls_pki_types::UnixTime| UnixTime::new(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Some(CrlEntry {
            date: seconds(entry.revocation_date),
            reason: entry.reason_code.map(RevocationReason::from),
            invalidity_date: entry.invalidity_date.map(seconds),
        })
    }
}

impl CrlEntry {
    /// Returns whether the certificate counts as revoked at a time.
    ///
    /// It is revoked from the revocation date on, or from the invalidity date on if that is
    /// earlier. After a compromise it is revoked at every time, because whoever has the key can
    /// sign with any date.
    pub(super) fn revokes_at(&self, at: UnixTime) -> bool {
        let since = self.invalidity_date.map_or(self.date, |invalidity| invalidity.min(self.date));
        since <= at || self.reason.is_some_and(RevocationReason::is_compromise)
    }
}

/// The parts of a CRL that its signature is verified with.
struct Signed<'a> {
    tbs: &'a [u8],
    /// The content of the algorithm identifier.
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    fn read(der: &'a [u8]) -> Result<Self, DerError> {
        let mut elements = Elements::only(der, asn1::SEQUENCE)?;
        let signed = Self {
            tbs: elements.element(asn1::SEQUENCE)?.raw,
            algorithm: elements.expect(asn1::SEQUENCE)?,
            signature: asn1::bit_string_octets(elements.expect(asn1::BIT_STRING)?)?,
        };
        elements.finish()?;
        Ok(signed)
    }
}

fn seconds(time: x509_cert::time::Time) -> Result<UnixTime, CrlError> {
    i64::try_from(time.to_unix_duration().as_secs()).map(UnixTime::new).map_err(|_| CrlError::Malformed)
}

/// The reason of a revocation (RFC 5280 section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// The CRL gives no particular reason.
    Unspecified,
    /// Someone else has, or may have, the subject's private key.
    KeyCompromise,
    /// Someone else has, or may have, the certification authority's private key.
    CaCompromise,
    /// The subject's name or other data changed.
    AffiliationChanged,
    /// Another certificate replaces this one.
    Superseded,
    /// The certificate is no longer needed.
    CessationOfOperation,
    /// The certificate is on hold.
    CertificateHold,
    /// An entry that belongs into delta CRLs only. In a complete CRL it counts as revoked.
    RemoveFromCrl,
    /// A privilege that the certificate asserts was withdrawn.
    PrivilegeWithdrawn,
    /// Someone else has, or may have, an attribute authority's private key.
    AaCompromise,
}

impl RevocationReason {
    /// Returns whether someone else may have a private key.
    fn is_compromise(self) -> bool {
        matches!(self, Self::KeyCompromise | Self::CaCompromise | Self::AaCompromise)
    }
}

impl From<webpki::RevocationReason> for RevocationReason {
    fn from(reason: webpki::RevocationReason) -> Self {
        use webpki::RevocationReason as Reason;
        match reason {
            Reason::Unspecified => Self::Unspecified,
            Reason::KeyCompromise => Self::KeyCompromise,
            Reason::CaCompromise => Self::CaCompromise,
            Reason::AffiliationChanged => Self::AffiliationChanged,
            Reason::Superseded => Self::Superseded,
            Reason::CessationOfOperation => Self::CessationOfOperation,
            Reason::CertificateHold => Self::CertificateHold,
            Reason::RemoveFromCrl => Self::RemoveFromCrl,
            Reason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
            Reason::AaCompromise => Self::AaCompromise,
        }
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// Bytes that are refused as a CRL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// The bytes are not a CRL.
    #[error("not an X.509 CRL, neither in DER nor in PEM under `X509 CRL`")]
    Malformed,
    /// The CRL is of an unsupported kind or has an unsupported extension (RFC 5280 section 5).
    #[error("the CRL {0}; only complete CRLs of version 2 are read")]
    Unsupported(&'static str),
    /// The PEM text around the CRL is malformed.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The CRL covers only a part of its issuer's certificates.
    #[error("the CRL has an issuing distribution point; only complete CRLs are read")]
    Partial,
    /// The CRL has no date of the next one.
    #[error("the CRL has no nextUpdate, so its age can't be judged")]
    NoNextUpdate,
}

impl CrlError {
    fn unsupported(error: webpki::Error) -> Self {
        use webpki::Error as E;
        Self::Unsupported(match error {
            E::UnsupportedCrlVersion => "is not of version 2",
            E::UnsupportedDeltaCrl => "is a delta CRL",
            E::UnsupportedIndirectCrl => "is an indirect CRL",
            E::UnsupportedCrlIssuingDistributionPoint => "covers only a part of its issuer's certificates",
            E::UnsupportedCriticalExtension => "has an unknown critical extension",
            E::InvalidCrlNumber => "has no valid CRL number of at most 20 octets",
            _ => "departs from RFC 5280",
        })
    }
}
