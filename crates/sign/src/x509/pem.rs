//! PEM texts (RFC 7468).

use crate::x509::{CertificateError, X509Certificate};

/// The label of a certificate.
const CERTIFICATE: &str = "CERTIFICATE";

/// The certificates of a PEM text, in their order. Text between the blocks is ignored.
pub(super) fn certificates(text: &str) -> Result<Vec<X509Certificate>, PemError> {
    let mut certificates = Vec::new();
    for (at, block) in blocks(text).enumerate() {
        let block_number = at.saturating_add(1);
        let (label, der) = decode(block_number, block?)?;
        if label != CERTIFICATE {
            return Err(PemError::Label { block: block_number, label: label.to_owned() });
        }
        let certificate =
            X509Certificate::from_der(&der).map_err(|error| PemError::Certificate { block: block_number, error })?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(PemError::Empty);
    }
    Ok(certificates)
}

/// The bytes of the one block that `text` holds under `label`.
pub(super) fn one(text: &str, label: &str) -> Result<Vec<u8>, PemError> {
    let mut blocks = blocks(text);
    let block = blocks.next().ok_or(PemError::Empty)??;
    let (found, der) = decode(1, block)?;
    if found != label {
        return Err(PemError::Label { block: 1, label: found.to_owned() });
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

/// The blocks of a text, from `-----BEGIN` to the line that ends it.
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

/// Why a PEM text is refused. Blocks are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// No PEM block is there.
    #[error("no PEM block is in the text")]
    Empty,
    /// Several blocks where one is expected.
    #[error("several PEM blocks are in the text, expected one")]
    Several,
    /// A block has no end.
    #[error("PEM block {block} has no end line")]
    Unfinished {
        /// Which block.
        block: usize,
    },
    /// A block is not PEM as RFC 7468 has it.
    #[error("PEM block {block} is malformed: {error}")]
    Malformed {
        /// Which block.
        block: usize,
        /// What is wrong.
        error: String,
    },
    /// A block holds something else.
    #[error("PEM block {block} holds a {label:?}, which is not expected here")]
    Label {
        /// Which block.
        block: usize,
        /// What the block says that it holds.
        label: String,
    },
    /// A block holds no certificate.
    #[error("PEM block {block} is not a certificate: {error}")]
    Certificate {
        /// Which block.
        block: usize,
        /// What is wrong.
        error: CertificateError,
    },
}
