//! The tokens that were issued: for each certificate the digest of its token
//! (`docs/reference/status-list.md`, section 6).

use core::fmt;
use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cqm_core::bounded_list;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::gaps;

/// The largest number of certificates in a list.
const MAX_TOKENS: usize = 1 << 17;

/// The number of bytes of a digest.
const LENGTH: usize = 16;

/// The first 16 bytes of a token's SHA-256 digest. Who wants another token with the same digest has
/// to try 2^128 of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenDigest([u8; LENGTH]);

impl TokenDigest {
    /// Returns the digest of a token, without the white space around it.
    pub fn of(token: &[u8]) -> Self {
        Self::from_sha256(Sha256::digest(token.trim_ascii()).into())
    }

    /// Returns the digest of a token with this SHA-256 digest.
    pub fn from_sha256(sha256: [u8; 32]) -> Self {
        let mut first = [0; LENGTH];
        first.iter_mut().zip(sha256).for_each(|(octet, of_sha256)| *octet = of_sha256);
        Self(first)
    }
}

/// Writes the digest in hexadecimal digits.
impl fmt::Display for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.0))
    }
}

/// The member `issued`: the indices of certificates, and the digests of their tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokensClaim {
    /// The index of the first certificate, then the difference of each index to the one before.
    #[serde(deserialize_with = "bounded_list::<MAX_TOKENS, _, _>")]
    idx: Vec<u32>,
    /// The digests in the order of the indices, in base64url.
    tokens: String,
}

/// Encodes the digests of tokens by the index of their certificate.
pub(crate) fn encode(tokens: &BTreeMap<u32, TokenDigest>) -> TokensClaim {
    let bytes: Vec<u8> = tokens.values().flat_map(|TokenDigest(bytes)| *bytes).collect();
    TokensClaim { idx: gaps::encode(tokens.keys().copied()), tokens: URL_SAFE_NO_PAD.encode(bytes) }
}

/// The digests of all tokens, sorted by the index of their certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuedTokens {
    idx: Vec<u32>,
    digests: Vec<TokenDigest>,
}

impl IssuedTokens {
    pub(crate) fn decode(claim: TokensClaim) -> Result<Self, TokensError> {
        let TokensClaim { idx, tokens } = claim;
        let bytes = URL_SAFE_NO_PAD.decode(tokens).map_err(|_| TokensError::Base64)?;
        let (digests, []) = bytes.as_chunks::<LENGTH>() else {
            return Err(TokensError::Length { bytes: bytes.len(), count: idx.len() });
        };
        if digests.len() != idx.len() {
            return Err(TokensError::Length { bytes: bytes.len(), count: idx.len() });
        }
        let idx = gaps::decode(idx).map_err(|at| TokensError::Index { at })?;
        Ok(Self { idx, digests: digests.iter().copied().map(TokenDigest).collect() })
    }

    /// Returns the digest of the token of the certificate with an index; `None` if the office
    /// issued no certificate with it.
    pub fn get(&self, idx: u32) -> Option<TokenDigest> {
        self.digests.get(self.idx.binary_search(&idx).ok()?).copied()
    }

    /// Returns the number of certificates.
    pub fn len(&self) -> usize {
        self.idx.len()
    }

    /// Returns whether there are no certificates.
    pub fn is_empty(&self) -> bool {
        self.idx.is_empty()
    }

    /// Returns the indices of the certificates and the digests of their tokens.
    pub fn iter(&self) -> impl Iterator<Item = (u32, TokenDigest)> {
        self.idx.iter().copied().zip(self.digests.iter().copied())
    }
}

/// The reason that the digests of tokens can't be read.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokensError {
    /// The digests are not in base64url without padding.
    #[error("has digests that are not encoded in canonical base64url")]
    Base64,
    /// There is not one digest for each index.
    #[error("has {count} indices and {bytes} bytes of digests, expected {LENGTH} bytes for each index")]
    Length {
        /// The number of bytes.
        bytes: usize,
        /// The number of indices.
        count: usize,
    },
    /// An index is not larger than the one before it, or too large.
    #[error("has, as index {at}, one that is not larger than the one before it, or too large")]
    Index {
        /// The position of the index, counted from 0.
        at: usize,
    },
    /// A certificate has an index that is not in use.
    #[error("has a certificate with the index {idx}, which is not in use")]
    NotInUse {
        /// The index.
        idx: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(octet: u8) -> TokenDigest {
        TokenDigest([octet; LENGTH])
    }

    #[test]
    fn a_digest_is_the_first_half_of_sha_256() {
        // `printf abc | sha256sum`
        let digest = TokenDigest::of(b"abc");
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223");
        assert_eq!(TokenDigest::of(b"\nabc\n"), digest);
        assert_eq!(TokenDigest::from_sha256(Sha256::digest(b"abc").into()), digest);
    }

    #[test]
    fn tokens_are_read_as_they_were_written() {
        let tokens = BTreeMap::from([(0, digest(1)), (7, digest(2)), (u32::MAX, digest(3))]);
        let read = IssuedTokens::decode(encode(&tokens)).unwrap();
        assert_eq!(read.iter().collect::<BTreeMap<_, _>>(), tokens);
        assert_eq!((read.get(7), read.get(6), read.get(8)), (Some(digest(2)), None, None));
        assert!(IssuedTokens::decode(encode(&BTreeMap::new())).unwrap().is_empty());
        // The first index need not be 0.
        let tokens = BTreeMap::from([(5, digest(1))]);
        assert_eq!(IssuedTokens::decode(encode(&tokens)).unwrap().get(5), Some(digest(1)));
    }

    #[test]
    fn each_index_is_larger_and_has_one_digest() {
        let read = |idx: &[u32], bytes: usize| {
            let tokens = URL_SAFE_NO_PAD.encode(vec![0; bytes]);
            IssuedTokens::decode(TokensClaim { idx: idx.to_vec(), tokens }).map(|_| ())
        };
        assert_eq!(read(&[0, 1], 32), Ok(()));
        assert_eq!(read(&[0, 0], 32), Err(TokensError::Index { at: 1 }));
        assert_eq!(read(&[1, u32::MAX - 1], 32), Ok(()));
        assert_eq!(read(&[1, u32::MAX], 32), Err(TokensError::Index { at: 1 }));
        for bytes in [0, 16, 31, 33, 48] {
            assert_eq!(read(&[0, 1], bytes), Err(TokensError::Length { bytes, count: 2 }), "{bytes}");
        }
        for tokens in ["AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAA+"] {
            let claim = TokensClaim { idx: vec![0], tokens: tokens.to_owned() };
            assert_eq!(IssuedTokens::decode(claim), Err(TokensError::Base64), "{tokens}");
        }
    }

    #[test]
    fn the_number_of_certificates_has_a_limit() {
        let read = |count: usize| {
            let tokens = URL_SAFE_NO_PAD.encode(vec![0; count * LENGTH]);
            let json = serde_json::json!({"idx": vec![1; count], "tokens": tokens}).to_string();
            serde_json::from_str(&json).map(|claim| IssuedTokens::decode(claim).unwrap().len())
        };
        assert_eq!(read(MAX_TOKENS).unwrap(), MAX_TOKENS);
        assert!(read(MAX_TOKENS + 1).unwrap_err().to_string().starts_with("a list of more than 131072 elements"));
    }
}
