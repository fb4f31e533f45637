//! Issues certificate revocation lists (RFC 5280, section 5).

use cqm_core::UnixTime;
use cqm_sign::{Signer, x509::X509Certificate};
use der::{
    Decode, Encode, EncodePem,
    asn1::{BitString, Uint},
    pem::LineEnding,
};
pub use x509_cert::ext::pkix::CrlReason;
use x509_cert::{
    Version,
    crl::{CertificateList, RevokedCert, TbsCertList},
    ext::{ToExtension, pkix::CrlNumber},
};

use crate::{
    CertifyError, Validity,
    certificate::{Authority, algorithm_identifier, parse, x509_time},
};

/// An X.509 certificate to revoke.
#[derive(Debug, Clone, Copy)]
pub struct Revocation<'a> {
    /// The certificate.
    pub certificate: &'a X509Certificate,
    /// The reason (RFC 5280, 5.3.1). `Unspecified` is not written, as that clause requires.
    pub reason: CrlReason,
    /// The time of the revocation.
    pub at: UnixTime,
}

/// A signed certificate revocation list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crl(Vec<u8>);

impl Crl {
    /// Issues a list. The first second of `validity` is its `thisUpdate`, the last second its
    /// `nextUpdate`. `number` must grow with every list of the issuer (RFC 5280, 5.2.3).
    ///
    /// # Errors
    /// If the issuer has no certificate or does not sign, or a date is not possible.
    pub fn issue(
        issuer: &dyn Signer,
        number: u64,
        validity: Validity,
        revocations: &[Revocation<'_>],
    ) -> Result<Self, CertifyError> {
        let authority = Authority::of(issuer)?;
        // `CrlBuilder` of x509-cert copies the issuer's own authority key identifier instead, and
        // OpenSSL then does not find the CRL.
        let extensions = vec![
            (&authority.key_identifier()).to_extension(&authority.name, &[])?,
            (&CrlNumber(Uint::new(&number.to_be_bytes())?)).to_extension(&authority.name, &[])?,
        ];
        let revoked = revocations.iter().map(Revocation::entry).collect::<Result<Vec<_>, _>>()?;
        let tbs_cert_list = TbsCertList {
            version: Version::V2,
            signature: algorithm_identifier(issuer.algorithm())?,
            issuer: authority.name,
            this_update: x509_time(validity.not_before())?,
            next_update: Some(x509_time(validity.not_after())?),
            // An empty list is left out (RFC 5280, 5.1.2.6).
            revoked_certificates: Some(revoked).filter(|revoked| !revoked.is_empty()),
            crl_extensions: Some(extensions),
        };
        let signature = issuer.sign(&tbs_cert_list.to_der()?)?;
        let list = CertificateList {
            signature_algorithm: tbs_cert_list.signature.clone(),
            tbs_cert_list,
            signature: BitString::from_bytes(&signature)?,
        };
        Ok(Self(list.to_der()?))
    }

    /// The list in DER.
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// The list in PEM, under the label `X509 CRL` (RFC 7468).
    ///
    /// # Errors
    /// If it cannot be encoded. Every issued list can.
    pub fn to_pem(&self) -> Result<String, CertifyError> {
        Ok(CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&self.0)?.to_pem(LineEnding::LF)?)
    }
}

impl Revocation<'_> {
    fn entry(&self) -> Result<RevokedCert, CertifyError> {
        let certificate = parse(self.certificate)?;
        let extensions = match self.reason {
            CrlReason::Unspecified => None,
            reason => Some(vec![(&reason).to_extension(certificate.tbs_certificate().subject(), &[])?]),
        };
        Ok(RevokedCert {
            serial_number: certificate.tbs_certificate().serial_number().clone(),
            revocation_date: x509_time(self.at)?,
            crl_entry_extensions: extensions,
        })
    }
}
