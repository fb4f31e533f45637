//! Certificate revocation lists (RFC 5280 section 5).

use core::fmt;

use const_oid::db::rfc5280;
use cqm_core::UnixTime;
use der::{Decode as _, oid::AssociatedOid as _};
use x509_cert::{
    ext::{Extensions, pkix::CrlNumber},
    name::RdnSequence,
};

use crate::{
    asn1::{self, DerError, Elements},
    x509::{
        PemError, X509Certificate,
        general_name::{Form, GeneralName},
        memo::Memo,
        pem,
        signed::{Link, Signed},
    },
};

/// The greatest length of a CRL in DER: some 400,000 entries.
const MAX_LENGTH: usize = 16 << 20;

/// A CRL. Its signature is verified when a path consults it: its issuer's key is known only then.
#[derive(Debug, Clone)]
pub struct Crl {
    der: Vec<u8>,
    issuer: Vec<u8>,
    issuer_name: String,
    age: CrlAge,
    next_update: UnixTime,
    /// The content of the issuing distribution point, for a CRL that covers only a part of the
    /// issuer's certificates.
    scope: Option<Vec<u8>>,
    /// By serial number; for the same one, what revokes most comes first.
    entries: Vec<(Serial, CrlEntry)>,
}

/// The content octets of a serial number, followed by zeros, and their number. RFC 5280 allows 20
/// octets, and a zero before them for the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Serial([u8; 23], u8);

impl Serial {
    fn new(octets: &[u8]) -> Option<Self> {
        let mut padded = [0; 23];
        padded.get_mut(..octets.len())?.copy_from_slice(octets);
        Some(Self(padded, u8::try_from(octets.len()).ok()?))
    }
}

/// The age of a CRL among those of one issuer: the newest one is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrlAge {
    this_update: UnixTime,
    /// The CRL number, a big-endian integer of at most 20 octets; `None` if it has none.
    number: Option<[u8; 20]>,
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
        if der.len() > MAX_LENGTH {
            return Err(CrlError::TooLong { length: der.len(), limit: MAX_LENGTH });
        }
        Signed::read(der).map_err(|_| CrlError::Malformed)?;
        let Dates { age, next_update } = Dates::read(der)?;
        let next_update = next_update.ok_or(CrlError::NoNextUpdate)?;
        // This parser refuses what RFC 5280 does not allow or is not supported: version 1, delta
        // and indirect CRLs, unknown critical extensions.
        let list = webpki::BorrowedCertRevocationList::from_der(der).map_err(CrlError::unsupported)?;
        let mut entries = Vec::new();
        for revoked in &list {
            let revoked = revoked.map_err(CrlError::unsupported)?;
            let serial = Serial::new(revoked.serial_number);
            let serial = serial.ok_or(CrlError::Unsupported("has a serial number of more than 23 octets"))?;
            entries.push((serial, CrlEntry::new(&revoked)));
        }
        entries.sort_unstable_by_key(|(serial, entry)| (*serial, entry.order()));
        entries.shrink_to_fit();
        let list = webpki::CertRevocationList::from(list);
        let (issuer, scope) = (list.issuer().to_vec(), list.issuing_distribution_point().map(<[u8]>::to_vec));
        if scope.as_deref().is_some_and(|scope| Scope::read(scope).is_err()) {
            return Err(CrlError::Malformed);
        }
        let issuer_name = RdnSequence::from_der(&asn1::encode(asn1::SEQUENCE, &[&issuer]));
        let issuer_name = issuer_name.map_err(|_| CrlError::Malformed)?.to_string();
        Ok(Self { der: der.to_vec(), issuer, issuer_name, age, next_update, scope, entries })
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

    /// Returns whether this authority issued the CRL: it has the issuer's name and may sign CRLs,
    /// and its key made the signature.
    pub fn is_issued_by(&self, authority: &X509Certificate) -> bool {
        self.issuer == authority.subject_content()
            && may_sign(authority)
            && self.is_signed_by(authority, &Memo::default())
    }

    /// Returns whether the CRL covers a certificate: the issuers have the same name, and a CRL for
    /// a part of them names a distribution point of the certificate (RFC 5280 section 6.3.3 (b)).
    pub(super) fn is_for(&self, certificate: &X509Certificate) -> bool {
        let issuer = |content| GeneralName { form: Form::Directory, content };
        issuer(&self.issuer).matches(&issuer(certificate.issuer_content()))
            && self.scope.as_deref().is_none_or(|scope| Scope::read(scope).is_ok_and(|scope| scope.covers(certificate)))
    }

    /// The age of the CRL: by `thisUpdate`, then by its number.
    pub fn age(&self) -> CrlAge {
        self.age
    }

    /// The time from which the CRL speaks.
    pub fn this_update(&self) -> UnixTime {
        self.age.this_update
    }

    /// The time by which the issuer publishes the next CRL.
    pub fn next_update(&self) -> UnixTime {
        self.next_update
    }

    /// Returns whether this CRL is signed with the issuer's key.
    pub(super) fn is_signed_by(&self, issuer: &X509Certificate, memo: &Memo) -> bool {
        let link = Signed::read(&self.der).map(|signed| signed.verify(issuer, memo, || issuer.subject()));
        matches!(link, Ok(Link::Good))
    }

    pub(super) fn entry(&self, certificate: &X509Certificate) -> Option<CrlEntry> {
        let sought = Serial::new(certificate.serial_octets())?;
        let at = self.entries.partition_point(|(serial, _)| *serial < sought);
        let (serial, entry) = self.entries.get(at)?;
        (*serial == sought).then(|| entry.clone())
    }
}

/// The part of an issuer's certificates that a CRL covers (RFC 5280 section 5.2.5).
struct Scope<'a> {
    names: Vec<GeneralName<'a>>,
    only_signers: bool,
    only_issuers: bool,
}

impl<'a> Scope<'a> {
    /// Reads an issuing distribution point. What it may not contain was refused with the CRL.
    fn read(value: &'a [u8]) -> Result<Self, DerError> {
        const ONLY_CONTAINS_USER_CERTS: u8 = 0x81;
        const ONLY_CONTAINS_CA_CERTS: u8 = 0x82;
        let mut elements = Elements::only(value, asn1::SEQUENCE)?;
        let names = match elements.optional(asn1::CONTEXT_0)? {
            Some(point) => full_names(point.value)?,
            None => Vec::new(),
        };
        let mut flag = |tag| Ok(elements.optional(tag)?.is_some_and(|flag| flag.value != [0]));
        Ok(Self { names, only_signers: flag(ONLY_CONTAINS_USER_CERTS)?, only_issuers: flag(ONLY_CONTAINS_CA_CERTS)? })
    }

    fn covers(&self, certificate: &X509Certificate) -> bool {
        let points = certificate.extension(rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS).map(distribution_points);
        let points = points.and_then(Result::ok).unwrap_or_default();
        let kind = if certificate.is_ca() { !self.only_signers } else { !self.only_issuers };
        kind && points.iter().any(|point| self.names.iter().any(|name| name.matches(point)))
    }
}

/// The full names of the distribution points of a certificate. Points for some reasons only, or for
/// CRLs of other issuers, are left out.
fn distribution_points(value: &[u8]) -> Result<Vec<GeneralName<'_>>, DerError> {
    let mut points = Elements::only(value, asn1::SEQUENCE)?;
    let mut names = Vec::new();
    while !points.is_empty() {
        let mut point = points.enter(asn1::SEQUENCE)?;
        let found = point.optional(asn1::CONTEXT_0)?;
        if let (Some(found), true) = (found, point.is_empty()) {
            names.extend(full_names(found.value)?);
        }
    }
    Ok(names)
}

/// Reads the `fullName` of a `DistributionPointName`; nothing for a name relative to the issuer.
fn full_names(value: &[u8]) -> Result<Vec<GeneralName<'_>>, DerError> {
    let mut names = Elements::new(value);
    match names.optional(asn1::CONTEXT_0)? {
        Some(names) => GeneralName::read_all(Elements::new(names.value)),
        None => Ok(Vec::new()),
    }
}

/// The times and the number of a CRL.
struct Dates {
    age: CrlAge,
    next_update: Option<UnixTime>,
}

impl Dates {
    /// Reads them without the entries, which may be many.
    fn read(der: &[u8]) -> Result<Self, CrlError> {
        let read = || {
            let mut tbs = Elements::only(der, asn1::SEQUENCE)?.enter(asn1::SEQUENCE)?;
            tbs.optional(asn1::INTEGER)?;
            tbs.expect(asn1::SEQUENCE)?;
            tbs.expect(asn1::SEQUENCE)?;
            let this_update = tbs.next()?.raw;
            // What follows instead of a time is the list of entries, or the extensions.
            let (mut next_update, mut extensions) = (None, None);
            while !tbs.is_empty() {
                let element = tbs.next()?;
                match element.tag {
                    asn1::CONTEXT_0 => extensions = Some(element.value),
                    asn1::SEQUENCE => {}
                    _ => next_update = Some(element.raw),
                }
            }
            Ok::<_, DerError>((this_update, next_update, extensions))
        };
        let (this_update, next_update, extensions) = read().map_err(|_| CrlError::Malformed)?;
        let time = |raw| x509_cert::time::Time::from_der(raw).map_err(|_| CrlError::Malformed).and_then(seconds);
        let number = extensions.map(number).transpose()?.flatten();
        let age = CrlAge { this_update: time(this_update)?, number };
        Ok(Self { age, next_update: next_update.map(time).transpose()? })
    }
}

/// The CRL number among the extensions of a CRL.
fn number(extensions: &[u8]) -> Result<Option<[u8; 20]>, CrlError> {
    let extensions = Extensions::from_der(extensions).map_err(|_| CrlError::Malformed)?;
    let Some(extension) = extensions.iter().find(|extension| extension.extn_id == CrlNumber::OID) else {
        return Ok(None);
    };
    let number = CrlNumber::from_der(extension.extn_value.as_bytes()).map_err(|_| CrlError::Malformed)?;
    let octets = number.0.as_bytes();
    let mut padded = [0; 20];
    let start = padded.len().checked_sub(octets.len()).ok_or(CrlError::Malformed)?;
    padded.get_mut(start..).ok_or(CrlError::Malformed)?.copy_from_slice(octets);
    Ok(Some(padded))
}

/// Returns whether the key usage of a certificate, if it has one, allows signing CRLs.
pub(super) fn may_sign(issuer: &X509Certificate) -> bool {
    issuer.key_usage().is_none_or(|usage| usage.crl_sign())
}

impl CrlEntry {
    fn new(revoked: &webpki::BorrowedRevokedCert<'_>) -> Self {
        let seconds =
            |time: rustls_pki_types::UnixTime| UnixTime::new(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Self {
            date: seconds(revoked.revocation_date),
            reason: revoked.reason_code.map(RevocationReason::from),
            invalidity_date: revoked.invalidity_date.map(seconds),
        }
    }

    /// Sorts what revokes for good, or earlier, before the rest.
    fn order(&self) -> (bool, UnixTime) {
        (!self.is_compromise(), self.since())
    }

    /// Returns whether the certificate was revoked because someone else has, or may have, its key.
    pub(super) fn is_compromise(&self) -> bool {
        self.reason.is_some_and(RevocationReason::is_compromise)
    }

    fn since(&self) -> UnixTime {
        self.invalidity_date.map_or(self.date, |invalidity| invalidity.min(self.date))
    }

    /// Returns whether the certificate counts as revoked at a time.
    ///
    /// It is revoked from the revocation date on, or from the invalidity date on if that is
    /// earlier. After a compromise it is revoked at every time, because whoever has the key can
    /// sign with any date.
    pub(super) fn revokes_at(&self, at: UnixTime) -> bool {
        self.since() <= at || self.is_compromise()
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
    #[error("the CRL {0}; only CRLs of version 2 that are complete, or complete for a distribution point, are read")]
    Unsupported(&'static str),
    /// The PEM text around the CRL is malformed.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The CRL is too long.
    #[error("the CRL has {length} bytes, at most {limit} are accepted")]
    TooLong {
        /// The length of the CRL.
        length: usize,
        /// The greatest length accepted.
        limit: usize,
    },
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
            E::UnsupportedCrlIssuingDistributionPoint => {
                "covers a part of its issuer's certificates without a full name"
            }
            E::UnsupportedRevocationReasonsPartitioning => "covers only some reasons of revocation",
            E::UnsupportedCriticalExtension => "has an unknown critical extension",
            E::InvalidCrlNumber => "has no valid CRL number of at most 20 octets",
            _ => "departs from RFC 5280",
        })
    }
}
