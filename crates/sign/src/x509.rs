//! X.509 certificates and the paths between them (RFC 5280).

/// An X.509 certificate: its bytes as they came, and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct X509Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl X509Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// When the bytes are not the DER of exactly one certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, der::Error> {
        use der::Decode as _;
        Ok(Self {
            der: der.to_vec(),
            parsed: x509_cert::Certificate::from_der(der)?,
        })
    }

    /// The DER bytes, as they came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}
