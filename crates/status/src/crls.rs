//! The CRLs of a list: whether its signers, and those of the certificates, were revoked
//! (`docs/reference/status-list.md`, section 7).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cqm_sign::x509::Crl;

/// The largest number of CRLs in a list.
pub(crate) const MAX_CRLS: usize = 8;

/// The largest length of a CRL in DER: about 2,500 revoked certificates.
pub(crate) const MAX_CRL_LENGTH: usize = 128 << 10;

/// The largest length of a CRL in base64.
const MAX_TEXT_LENGTH: usize = MAX_CRL_LENGTH.div_ceil(3).saturating_mul(4);

/// Encodes CRLs in base64 of their DER, as the certificates in `x5c` are.
pub(crate) fn encode(crls: &[Crl]) -> Vec<String> {
    crls.iter().map(|crl| STANDARD.encode(crl.der())).collect()
}

/// Reads CRLs. Their signatures are verified when a path consults them.
pub(crate) fn decode(texts: &[String]) -> Result<Vec<Crl>, CrlsError> {
    texts.iter().enumerate().map(|(at, text)| crl(at, text)).collect()
}

fn crl(at: usize, text: &str) -> Result<Crl, CrlsError> {
    if text.len() > MAX_TEXT_LENGTH {
        return Err(CrlsError::TooLong { at });
    }
    let der = STANDARD.decode(text).map_err(|_| CrlsError::Base64 { at })?;
    if der.len() > MAX_CRL_LENGTH {
        return Err(CrlsError::TooLong { at });
    }
    Crl::from_der(&der).map_err(|error| CrlsError::Malformed { at, reason: error.to_string() })
}

/// The reason that the CRLs of a list can't be read. Positions are counted from 0.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlsError {
    /// A CRL is too long.
    #[error("has, as CRL {at}, one of more than {MAX_CRL_LENGTH} bytes")]
    TooLong {
        /// The position of the CRL.
        at: usize,
    },
    /// A CRL is not encoded in base64.
    #[error("has, as CRL {at}, one that is not encoded in canonical base64")]
    Base64 {
        /// The position of the CRL.
        at: usize,
    },
    /// A CRL can't be read.
    #[error("has, as CRL {at}, one that can't be read: {reason}")]
    Malformed {
        /// The position of the CRL.
        at: usize,
        /// The error.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use cqm_core::bounded_list;

    use super::*;

    fn text() -> String {
        let pem = include_str!("../../../keys-test/root.crl.pem");
        pem.lines().filter(|line| !line.starts_with('-')).collect()
    }

    #[test]
    fn crls_are_read_as_they_were_written() {
        let crls = decode(&[text()]).unwrap();
        assert_eq!(encode(&crls), [text()]);
        assert!(decode(&[]).unwrap().is_empty());
    }

    #[test]
    fn only_crls_in_base64_of_der_are_read() {
        let at = 1;
        let read = |other: String| decode(&[text(), other]).map(|crls| crls.len());
        assert_eq!(read(text()), Ok(2));
        for other in [format!("{}=", text()), format!("{}\n", text()), text().replace('+', "-")] {
            assert_eq!(read(other), Err(CrlsError::Base64 { at }));
        }
        for other in [String::new(), "AAAA".to_owned(), text()[..text().len() - 4].to_owned()] {
            assert!(matches!(read(other), Err(CrlsError::Malformed { at: 1, .. })));
        }
    }

    #[test]
    fn number_and_length_have_limits() {
        #[derive(Debug, serde::Deserialize)]
        struct Part {
            #[serde(deserialize_with = "bounded_list::<MAX_CRLS, _, _>")]
            crls: Vec<String>,
        }
        let read = |count: usize| {
            serde_json::from_value::<Part>(serde_json::json!({"crls": vec![text(); count]}))
                .map(|part| decode(&part.crls).unwrap().len())
        };
        assert_eq!(read(MAX_CRLS).unwrap(), MAX_CRLS);
        assert!(read(MAX_CRLS + 1).unwrap_err().to_string().starts_with("a list of more than 8 elements"));
        // Too long ones are not even read.
        let read = |length: usize| decode(&[STANDARD.encode(vec![0x30; length])]).unwrap_err();
        assert!(matches!(read(MAX_CRL_LENGTH), CrlsError::Malformed { .. }));
        assert_eq!(read(MAX_CRL_LENGTH + 1), CrlsError::TooLong { at: 0 });
        assert_eq!(read(MAX_CRL_LENGTH * 2), CrlsError::TooLong { at: 0 });
    }
}
