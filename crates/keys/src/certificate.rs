//! Issues X.509 certificates (RFC 5280).

use core::{str::FromStr, time::Duration};

use const_oid::{AssociatedOid, ObjectIdentifier};
use cqm_core::UnixTime;
use cqm_sign::{
    SignatureAlgorithm, Signer, SignerError,
    x509::{Purpose, X509Certificate},
};
use der::{
    DateTime, Decode, Encode, Sequence,
    asn1::{Any, BitString, Null, OctetString},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::{
    Version,
    ext::{
        Extension, ToExtension,
        pkix::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier},
    },
    name::Name,
    serial_number::SerialNumber,
    time::Time,
};

use crate::{KeyError, SigningKey};

/// The time during which an X.509 certificate is valid, first and last second included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    not_before: DateTime,
    not_after: DateTime,
}

impl Validity {
    /// The validity between two times.
    ///
    /// # Errors
    /// If a time is before 1970 or after 9999, or the end is before the start.
    pub fn new(not_before: UnixTime, not_after: UnixTime) -> Result<Self, ValidityError> {
        if not_after < not_before {
            return Err(ValidityError::Reversed { not_before, not_after });
        }
        Ok(Self { not_before: date_time(not_before)?, not_after: date_time(not_after)? })
    }

    /// A validity of whole years: from 00:00:00 of a day to the second before the same day of the
    /// month, `years` later. If that day is a 29th of February that does not exist, the end is the
    /// second before the 28th.
    ///
    /// # Errors
    /// If `valid_from` is not the first second of a day (UTC), `years` is 0, or the end is after
    /// 9999.
    pub fn of_years(valid_from: UnixTime, years: u16) -> Result<Self, ValidityError> {
        if valid_from.seconds().rem_euclid(86_400) != 0 {
            return Err(ValidityError::NotMidnight { valid_from });
        }
        if years == 0 {
            return Err(ValidityError::NoYears);
        }
        let start = date_time(valid_from)?;
        let too_late = ValidityError::TooLong { years };
        let year = start.year().checked_add(years).ok_or(too_late.clone())?;
        let end = DateTime::new(year, start.month(), start.day(), 0, 0, 0)
            .or_else(|_| DateTime::new(year, start.month(), 28, 0, 0, 0))
            .ok()
            .and_then(|end| end.unix_duration().checked_sub(Duration::from_secs(1)))
            .and_then(|end| DateTime::from_unix_duration(end).ok())
            .ok_or(too_late)?;
        Ok(Self { not_before: start, not_after: end })
    }

    /// The first second.
    pub fn not_before(&self) -> UnixTime {
        unix_time(self.not_before)
    }

    /// The last second.
    pub fn not_after(&self) -> UnixTime {
        unix_time(self.not_after)
    }
}

fn date_time(time: UnixTime) -> Result<DateTime, ValidityError> {
    u64::try_from(time.seconds())
        .ok()
        .and_then(|seconds| DateTime::from_unix_duration(Duration::from_secs(seconds)).ok())
        .ok_or(ValidityError::OutOfRange { time })
}

fn unix_time(time: DateTime) -> UnixTime {
    // Never out of range: a `DateTime` ends with the year 9999.
    UnixTime::new(i64::try_from(time.unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// A time in the form of certificates and CRLs: UTCTime through 2049, GeneralizedTime from 2050
/// (RFC 5280, 4.1.2.5).
pub(crate) fn x509_time(time: UnixTime) -> Result<Time, ValidityError> {
    date_time(time).map(Time::from)
}

/// The uses of a key that its X.509 certificate allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Issue certificates and CRLs.
    Authority {
        /// The `pathLenConstraint`: the most intermediates below it; `None` for any number.
        path_len: Option<u8>,
    },
    /// Sign for one purpose: its extended key usages and `digitalSignature`, and
    /// `contentCommitment` for documents.
    Signer(Purpose),
}

/// An X.509 certificate to issue.
#[derive(Debug, Clone)]
pub struct CertificateRequest {
    subject: Name,
    spki: SubjectPublicKeyInfoOwned,
    validity: Validity,
    extensions: Vec<Extension>,
}

impl CertificateRequest {
    /// A certificate for a public key, with the extensions of its profile. `subject` is a name
    /// after RFC 4514, such as `CN=Signer,O=Office`; `spki` is a `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// If `subject` is empty or not such a name, or `spki` is not a public key.
    pub fn new(subject: &str, spki: &[u8], profile: Profile, validity: Validity) -> Result<Self, CertifyError> {
        let name = Name::from_str(subject)
            .ok()
            .filter(|name| !name.is_empty())
            .ok_or_else(|| CertifyError::Subject(subject.to_owned()))?;
        let spki = SubjectPublicKeyInfoOwned::from_der(spki)?;
        let identifier = SubjectKeyIdentifier(key_identifier(&spki)?);
        Self { subject: name, spki, validity, extensions: Vec::new() }.with(&identifier)?.with_profile(profile)
    }

    fn with_profile(self, profile: Profile) -> Result<Self, CertifyError> {
        match profile {
            Profile::Authority { path_len } => self
                .with((true, &BasicConstraints { ca: true, path_len_constraint: path_len }))?
                .with(&KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)),
            Profile::Signer(purpose) => {
                let usage = match purpose {
                    // RFC 9336 leaves key usage open; validators of PDF signatures require
                    // contentCommitment.
                    Purpose::DocumentSigning => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
                    Purpose::TokenSigning | Purpose::StatusListSigning | Purpose::TimeStamping => {
                        KeyUsages::DigitalSignature.into()
                    }
                };
                let extended_key_usage = Extension {
                    extn_id: ExtendedKeyUsage::OID,
                    // RFC 3161, 2.3 requires critical. Elsewhere it is not, so that readers that do
                    // not know the program's OIDs accept the certificate.
                    critical: purpose == Purpose::TimeStamping,
                    extn_value: OctetString::new(purpose.extended_key_usage())?,
                };
                Ok(self
                    .with((true, &BasicConstraints { ca: false, path_len_constraint: None }))?
                    .with(&KeyUsage(usage))?
                    .with_extension(extended_key_usage))
            }
        }
    }

    fn with(self, extension: impl ToExtension<Error = der::Error>) -> Result<Self, CertifyError> {
        let extension = extension.to_extension(&self.subject, &self.extensions)?;
        Ok(self.with_extension(extension))
    }

    /// Adds an extension, or replaces the one of its kind.
    #[must_use]
    pub fn with_extension(mut self, extension: Extension) -> Self {
        self = self.without_extension(extension.extn_id);
        self.extensions.push(extension);
        self
    }

    /// Removes the extension of this kind.
    #[must_use]
    pub fn without_extension(mut self, kind: ObjectIdentifier) -> Self {
        self.extensions.retain(|extension| extension.extn_id != kind);
        self
    }

    /// Issues the certificate, signed by `issuer` under the name in its first certificate. The
    /// serial number comes from `rng`.
    ///
    /// # Errors
    /// If the issuer has no certificate or does not sign.
    pub fn issue<R: CryptoRng + ?Sized>(
        self,
        issuer: &dyn Signer,
        rng: &mut R,
    ) -> Result<X509Certificate, CertifyError> {
        let authority = Authority::of(issuer)?;
        let request = self.with(&authority.key_identifier())?;
        request.sign(authority.name, issuer.algorithm(), rng, |tbs| Ok(issuer.sign(tbs)?))
    }

    /// Issues the certificate, signed by its own key. The serial number comes from `rng`.
    ///
    /// # Errors
    /// If the key does not sign.
    pub fn self_sign<R: CryptoRng + ?Sized>(
        self,
        key: &SigningKey,
        rng: &mut R,
    ) -> Result<X509Certificate, CertifyError> {
        let issuer = self.subject.clone();
        self.sign(issuer, key.algorithm(), rng, |tbs| Ok(key.sign(tbs)?))
    }

    fn sign<R: CryptoRng + ?Sized>(
        self,
        issuer: Name,
        algorithm: SignatureAlgorithm,
        rng: &mut R,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, CertifyError>,
    ) -> Result<X509Certificate, CertifyError> {
        let tbs_certificate = TbsCertificate {
            version: Version::V3,
            serial_number: serial_number(rng)?,
            signature: algorithm_identifier(algorithm)?,
            issuer,
            validity: x509_cert::time::Validity::new(self.validity.not_before.into(), self.validity.not_after.into()),
            subject: self.subject,
            subject_public_key_info: self.spki,
            extensions: self.extensions,
        };
        let signature = BitString::from_bytes(&sign(&tbs_certificate.to_der()?)?)?;
        let certificate =
            SignedCertificate { signature_algorithm: tbs_certificate.signature.clone(), tbs_certificate, signature };
        X509Certificate::from_der(&certificate.to_der()?).map_err(|error| CertifyError::Unreadable(error.to_string()))
    }
}

/// `Certificate` of RFC 5280, 4.1, for writing. The type of x509-cert can only be made by its
/// builder, which derives the key identifiers with SHA-1.
#[derive(Sequence)]
struct SignedCertificate {
    tbs_certificate: TbsCertificate,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// `TBSCertificate` of RFC 5280, 4.1.
#[derive(Sequence)]
struct TbsCertificate {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: Version,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: x509_cert::time::Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// The issuer of a certificate or CRL.
pub(crate) struct Authority {
    pub(crate) name: Name,
    key_identifier: OctetString,
}

impl Authority {
    /// The subject of a signer's first certificate.
    pub(crate) fn of(signer: &dyn Signer) -> Result<Self, CertifyError> {
        let certificate = parse(signer.certificates().first().ok_or(CertifyError::NoIssuerCertificate)?)?;
        let tbs = certificate.tbs_certificate();
        let key_identifier = match tbs.get_extension::<SubjectKeyIdentifier>()? {
            Some((_, identifier)) => identifier.0,
            None => key_identifier(tbs.subject_public_key_info())?,
        };
        Ok(Self { name: tbs.subject().clone(), key_identifier })
    }

    /// The extension of issued certificates and CRLs that names the issuer's key.
    pub(crate) fn key_identifier(&self) -> AuthorityKeyIdentifier {
        AuthorityKeyIdentifier { key_identifier: Some(self.key_identifier.clone()), ..Default::default() }
    }
}

pub(crate) fn parse(certificate: &X509Certificate) -> Result<x509_cert::Certificate, der::Error> {
    x509_cert::Certificate::from_der(certificate.der())
}

/// The key identifier of RFC 7093, method 1: the first 160 bits of the public key's SHA-256.
fn key_identifier(public_key: &SubjectPublicKeyInfoOwned) -> Result<OctetString, der::Error> {
    let digest = Sha256::digest(public_key.subject_public_key.raw_bytes());
    OctetString::new(&digest[..20])
}

/// A serial number of 126 random bits, positive and always 16 octets long (RFC 5280, 4.1.2.2).
fn serial_number<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<SerialNumber, der::Error> {
    let mut octets = [0; 16];
    rng.fill_bytes(&mut octets);
    octets[0] = (octets[0] & 0x3f) | 0x40;
    SerialNumber::new(&octets)
}

/// The `AlgorithmIdentifier` of a signature (RFC 5758, RFC 4055, RFC 8410).
pub(crate) fn algorithm_identifier(algorithm: SignatureAlgorithm) -> Result<AlgorithmIdentifierOwned, der::Error> {
    let (oid, parameters) = match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => ("1.2.840.10045.4.3.2", None),
        SignatureAlgorithm::EcdsaP384Sha384 => ("1.2.840.10045.4.3.3", None),
        SignatureAlgorithm::RsaPkcs1Sha256 => ("1.2.840.113549.1.1.11", Some(Any::encode_from(&Null)?)),
        SignatureAlgorithm::RsaPkcs1Sha384 => ("1.2.840.113549.1.1.12", Some(Any::encode_from(&Null)?)),
        SignatureAlgorithm::RsaPkcs1Sha512 => ("1.2.840.113549.1.1.13", Some(Any::encode_from(&Null)?)),
        SignatureAlgorithm::Ed25519 => ("1.3.101.112", None),
        SignatureAlgorithm::EcdsaP256Sha384
        | SignatureAlgorithm::EcdsaP256Sha512
        | SignatureAlgorithm::EcdsaP384Sha512
        | SignatureAlgorithm::RsaPss { .. } => return Err(der::ErrorKind::Failed.into()),
    };
    Ok(AlgorithmIdentifierOwned { oid: ObjectIdentifier::new(oid)?, parameters })
}

/// The reason that a validity is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidityError {
    /// X.509 certificates cannot express the time.
    #[error("{time} is outside the range of X.509 certificates: expected a time from 1970 to 9999")]
    OutOfRange {
        /// The time.
        time: UnixTime,
    },
    /// The end is before the start.
    #[error("the validity ends at {not_after}, before it starts at {not_before}")]
    Reversed {
        /// The start.
        not_before: UnixTime,
        /// The end.
        not_after: UnixTime,
    },
    /// The start is not the first second of a day.
    #[error("the validity starts at {valid_from}: expected 00:00:00 UTC of a day")]
    NotMidnight {
        /// The start.
        valid_from: UnixTime,
    },
    /// The number of years is 0.
    #[error("a validity of 0 years is empty: expected 1 or more")]
    NoYears,
    /// The end is after the year 9999.
    #[error("a validity of {years} years ends after the year 9999")]
    TooLong {
        /// The number of years.
        years: u16,
    },
}

/// The reason that an X.509 certificate or a CRL was not issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertifyError {
    /// The subject is not a distinguished name.
    #[error("`{0}` is not a distinguished name: expected one such as `CN=Signer,O=Office`")]
    Subject(String),
    /// The issuer has no X.509 certificate.
    #[error("the issuer has no X.509 certificate")]
    NoIssuerCertificate,
    /// A key could not be generated or used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key and its X.509 certificate do not match.
    #[error(transparent)]
    KeyPair(#[from] crate::KeyPairError),
    /// The issuer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The dates are not possible.
    #[error(transparent)]
    Validity(#[from] ValidityError),
    /// The X.509 certificate or CRL could not be encoded.
    #[error("the X.509 certificate or CRL could not be encoded")]
    Encoding(#[from] der::Error),
    /// This workspace's reader refuses the X.509 certificate that was issued.
    #[error("the issued X.509 certificate is not readable: {0}")]
    Unreadable(String),
}
