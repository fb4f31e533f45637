//! PEM texts (RFC 7468).

use crate::x509::{CertificateError, X509Certificate};

/// The PEM label of a certificate.
const CERTIFICATE: &str = "CERTIFICATE";

/// The greatest length of a PEM text. The largest CRL accepted fits, and 5,000 certificates do.
const MAX_LENGTH: usize = 24 << 20;

/// Reads the certificates of a PEM text in their order. Text between the blocks is ignored.
pub(super) fn certificates(text: &str) -> Result<Vec<X509Certificate>, PemError> {
    let certificates = each_certificate(text)?.map(|(_, certificate)| certificate).collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() { Err(PemError::Empty) } else { Ok(certificates) }
}

/// The certificates of a PEM text, or the error of a block that is not one, each with the number of
/// its block.
pub(super) fn each_certificate(
    text: &str,
) -> Result<impl Iterator<Item = (usize, Result<X509Certificate, PemError>)>, PemError> {
    check_length(text)?;
    Ok(blocks(text).enumerate().map(|(at, block)| {
        let number = at.saturating_add(1);
        (number, block.and_then(|block| certificate(number, block)))
    }))
}

fn certificate(block_number: usize, block: &str) -> Result<X509Certificate, PemError> {
    let (label, der) = decode(block_number, block)?;
    if label != CERTIFICATE {
        return Err(PemError::Label { block: block_number, label: short(label) });
    }
    X509Certificate::from_der(&der).map_err(|error| PemError::Certificate { block: block_number, error })
}

/// The beginning of a label for a message.
fn short(label: &str) -> String {
    const SHOWN: usize = 40;
    label.chars().take(SHOWN).collect()
}

fn check_length(text: &str) -> Result<(), PemError> {
    let length = text.len();
    if length > MAX_LENGTH { Err(PemError::TooLong { length, limit: MAX_LENGTH }) } else { Ok(()) }
}

/// Returns the bytes of the only block in `text`, which must have this label.
pub(super) fn one(text: &str, label: &str) -> Result<Vec<u8>, PemError> {
    check_length(text)?;
    let mut blocks = blocks(text);
    let block = blocks.next().ok_or(PemError::Empty)??;
    let (found, der) = decode(1, block)?;
    if found != label {
        return Err(PemError::Label { block: 1, label: short(found) });
    }
    match blocks.next() {
        None => Ok(der),
        Some(_) => Err(PemError::Several),
    }
}

fn decode(number: usize, block: &str) -> Result<(&str, Vec<u8>), PemError> {
    pem_rfc7468::decode_vec(block.as_bytes())
        .map_err(|error| PemError::Malformed { block: number, error: error.to_string() })
}

/// The blocks of a text, each from `-----BEGIN` to the end of its last line.
fn blocks(text: &str) -> impl Iterator<Item = Result<&str, PemError>> {
    let mut rest = text;
    let mut number = 0_usize;
    core::iter::from_fn(move || {
        let start = rest.find("-----BEGIN ")?;
        number = number.saturating_add(1);
        let block = rest.get(start..)?;
        let end = block.find("-----END ").and_then(|end| {
            let line = block.get(end..)?;
            let length = line.find('\n').map_or(line.len(), |at| at.saturating_add(1));
            end.checked_add(length)
        });
        let Some((block, after)) = end.and_then(|end| block.split_at_checked(end)) else {
            rest = "";
            return Some(Err(PemError::Unfinished { block: number }));
        };
        rest = after;
        Some(Ok(block))
    })
}

/// A PEM text that is refused. Blocks are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// The text has no PEM block.
    #[error("no PEM block is in the text")]
    Empty,
    /// The text has several blocks, and one is expected.
    #[error("several PEM blocks are in the text, expected one")]
    Several,
    /// The text is too long.
    #[error("the PEM text has {length} bytes, at most {limit} are accepted")]
    TooLong {
        /// The length of the text.
        length: usize,
        /// The greatest length accepted.
        limit: usize,
    },
    /// A block has no end line.
    #[error("PEM block {block} has no end line")]
    Unfinished {
        /// The number of the block.
        block: usize,
    },
    /// A block is not PEM (RFC 7468).
    #[error("PEM block {block} is malformed: {error}")]
    Malformed {
        /// The number of the block.
        block: usize,
        /// The decoder's error.
        error: String,
    },
    /// A block has another label than expected.
    #[error("PEM block {block} holds a {label:?}, which is not expected here")]
    Label {
        /// The number of the block.
        block: usize,
        /// The label of the block.
        label: String,
    },
    /// A block is not a certificate.
    #[error("PEM block {block} is not a certificate: {error}")]
    Certificate {
        /// The number of the block.
        block: usize,
        /// The error of the certificate.
        error: CertificateError,
    },
}
