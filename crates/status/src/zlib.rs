//! The compression of parts of a list: zlib (RFC 1950) in base64url without padding.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use miniz_oxide::{
    deflate::{CompressionLevel, compress_to_vec_zlib},
    inflate::{
        TINFLStatus,
        core::{DecompressorOxide, decompress, inflate_flags},
    },
};

/// Compresses as strongly as possible, because a list is read far more often than it is made.
pub(crate) fn encode(bytes: &[u8]) -> String {
    #[expect(clippy::as_conversions, reason = "the levels are the numbers of an enumeration")]
    let level = CompressionLevel::UberCompression as u8;
    URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(bytes, level))
}

/// Inflates one whole stream of at most `limit` bytes, without bytes after it.
pub(crate) fn decode(text: &str, limit: usize) -> Result<Vec<u8>, ZlibError> {
    let compressed = URL_SAFE_NO_PAD.decode(text).map_err(|_| ZlibError::Base64)?;
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    // One byte more than the limit, to tell a stream that exceeds the limit from one that meets it.
    let most = limit.saturating_add(1);
    let mut inflater = Box::<DecompressorOxide>::default();
    let mut bytes = vec![0; compressed.len().saturating_mul(4).max(1024).min(most)];
    let (mut consumed, mut length) = (0_usize, 0_usize);
    loop {
        let rest = compressed.get(consumed..).unwrap_or_default();
        let (status, read, written) = decompress(&mut inflater, rest, &mut bytes, length, flags);
        consumed = consumed.saturating_add(read);
        length = length.saturating_add(written);
        match status {
            TINFLStatus::Done if length > limit => return Err(ZlibError::TooLong { limit }),
            TINFLStatus::Done if consumed < compressed.len() => return Err(ZlibError::Trailing),
            TINFLStatus::Done => {
                bytes.truncate(length);
                return Ok(bytes);
            }
            TINFLStatus::HasMoreOutput if bytes.len() < most => {
                let larger = bytes.len().saturating_mul(2).min(most);
                bytes.resize(larger, 0);
            }
            TINFLStatus::HasMoreOutput => return Err(ZlibError::TooLong { limit }),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => return Err(ZlibError::Truncated),
            _ => return Err(ZlibError::Damaged),
        }
    }
}

/// The reason that a compressed part of a list can't be read.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZlibError {
    /// The text is not base64url without padding.
    #[error("is not encoded in canonical base64url")]
    Base64,
    /// The bytes are not a zlib stream, or its checksum is wrong.
    #[error("is damaged: it can't be inflated")]
    Damaged,
    /// The stream does not end.
    #[error("is cut short: it can't be inflated to its end")]
    Truncated,
    /// Bytes follow the end of the stream.
    #[error("has bytes after the end of its compressed data")]
    Trailing,
    /// The inflated stream has more bytes than the limit.
    #[error("exceeds the limit of {limit} bytes when it is inflated")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    #[test]
    fn only_a_whole_stream_without_bytes_after_it_is_read() {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
        let text = encode(&bytes);
        assert_eq!(decode(&text, bytes.len()).unwrap(), bytes);
        let compressed = raw(&text);
        for cut in [0, 1, 2, 3, compressed.len() / 2, compressed.len() - 4, compressed.len() - 1] {
            assert_eq!(decode(&URL_SAFE_NO_PAD.encode(&compressed[..cut]), bytes.len()), Err(ZlibError::Truncated));
        }
        let trailing = [&compressed[..], b"\0"].concat();
        assert_eq!(decode(&URL_SAFE_NO_PAD.encode(trailing), bytes.len()), Err(ZlibError::Trailing));
        let mut damaged = compressed.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(decode(&URL_SAFE_NO_PAD.encode(damaged), bytes.len()), Err(ZlibError::Damaged));
        assert_eq!(decode(&format!("{text}="), bytes.len()), Err(ZlibError::Base64));
        assert_eq!(decode(&encode(b""), 0), Ok(Vec::new()));
    }

    #[test]
    fn inflation_ends_at_the_limit() {
        let text = encode(&vec![0; 1 << 20]);
        assert_eq!(decode(&text, 1 << 20).unwrap().len(), 1 << 20);
        assert_eq!(decode(&text, (1 << 20) - 1), Err(ZlibError::TooLong { limit: (1 << 20) - 1 }));
        let bomb = encode(&vec![0; 16 << 20]);
        assert!(bomb.len() < 1 << 16);
        assert_eq!(decode(&bomb, 1 << 20), Err(ZlibError::TooLong { limit: 1 << 20 }));
    }
}
