//! ECDSA on P-256 (FIPS 186-5, section 6.4.2), by keys that verify one signature or ten thousand.
//!
//! A signature is checked by the point `u1·G + u2·Q` of the generator and the key. The first one by a key is left to
//! the library, which doubles a point 256 times on the way. For those that follow, the scalars are cut into pieces of 32
//! bits and the multiples `2^32·Q`, `2^64·Q`, … are kept, so that 32 doublings do. All of it is public, so time may
//! depend on it.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "scalars are numbers modulo the order of the curve: they don't overflow"
)]

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, OnceLock};

use p256::{
    FieldBytes, ProjectivePoint, Scalar,
    ecdsa::{Signature, VerifyingKey},
    elliptic_curve::{
        Group as _,
        ff::PrimeField as _,
        ops::{Invert as _, Reduce as _},
        point::AffineCoordinates as _,
    },
};
use signature::hazmat::PrehashVerifier as _;
use wnaf::{WnafBase, WnafScalar, array::typenum::U6};

/// How many bytes of a scalar one piece has.
const PIECE: usize = 4;

/// How many pieces a scalar has.
const PIECES: usize = 8;

/// How many bits of a piece are looked up at once: larger tables cost more to make than they save.
type Window = U6;

/// A public key, with what was made of it for the signatures to come.
pub(crate) struct P256Key {
    key: VerifyingKey,
    /// Whether it has verified a signature.
    was_used: AtomicBool,
    multiples: OnceLock<Multiples>,
}

impl P256Key {
    /// Reads a point of the curve (SEC 1, section 2.3.4); `None` if it isn't one.
    pub(crate) fn from_sec1_bytes(bytes: &[u8]) -> Option<Self> {
        let key = VerifyingKey::from_sec1_bytes(bytes).ok()?;
        Some(Self { key, was_used: AtomicBool::new(false), multiples: OnceLock::new() })
    }

    /// Whether `signature`, a DER `Ecdsa-Sig-Value`, is one over this digest, of which the first 256 bits count.
    pub(crate) fn verify(&self, digest: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_der(signature) else { return false };
        let Some(digest) = digest.first_chunk::<32>() else { return false };
        if !self.was_used.swap(true, Ordering::Relaxed) {
            return self.key.verify_prehash(digest, &signature).is_ok();
        }
        let multiples = self.multiples.get_or_init(|| Multiples::of(self.key.as_affine().into()));
        let (r, s) = signature.split_scalars();
        let inverse = *s.invert_vartime();
        let u1 = Scalar::reduce(&FieldBytes::from(*digest)) * inverse;
        let u2 = *r * inverse;
        let point = sum_of_products([(&GENERATOR, u1), (multiples, u2)]);
        Scalar::reduce(&point.to_affine().x()) == *r
    }
}

impl PartialEq for P256Key {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for P256Key {}

static GENERATOR: LazyLock<Multiples> = LazyLock::new(|| Multiples::of(ProjectivePoint::GENERATOR));

/// A point times 1, 2^32, 2^64, …, each with its table of small odd multiples.
struct Multiples([WnafBase<ProjectivePoint, Window>; PIECES]);

impl Multiples {
    fn of(mut point: ProjectivePoint) -> Self {
        Self(core::array::from_fn(|_| {
            let base = WnafBase::new(&point);
            for _ in 0..PIECE * 8 {
                point = point.double();
            }
            base
        }))
    }
}

/// The sum of the points, each times its scalar.
fn sum_of_products(terms: [(&Multiples, Scalar); 2]) -> ProjectivePoint {
    let pieces = terms.map(|(_, scalar)| {
        let mut bytes = scalar.to_repr();
        bytes.reverse();
        let (pieces, _) = bytes.as_chunks::<PIECE>();
        pieces.iter().map(|piece| WnafScalar::from_le_bytes(piece)).collect::<Vec<WnafScalar<Scalar, Window>>>()
    });
    let bases = terms.iter().flat_map(|(multiples, _)| &multiples.0);
    WnafBase::multiscalar_mul(bases.zip(pieces.iter().flatten()))
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{SigningKey, signature::Signer as _};
    use sha2::{Digest as _, Sha256, Sha512};

    use super::*;

    /// The first verification is the library's, the later ones are ours: both say the same.
    #[test]
    fn later_verifications_say_what_the_first_says() {
        for seed in 1..=16_u8 {
            let signing_key = SigningKey::from_slice(&[seed; 32]).unwrap();
            let public = signing_key.verifying_key().to_sec1_point(false);
            let signature: Signature = signing_key.sign(b"message");
            let other: Signature = signing_key.sign(b"another message");
            let high_s = Signature::from_scalars(signature.r(), -signature.s()).unwrap();
            let cases: [(&[u8], Signature, bool); 5] = [
                (b"message", signature, true),
                (b"message", high_s, true),
                (b"massage", signature, false),
                (b"message", other, false),
                (b"message", Signature::from_scalars(signature.s(), signature.r()).unwrap(), false),
            ];
            for (message, signature, good) in cases {
                let key = P256Key::from_sec1_bytes(public.as_bytes()).unwrap();
                let der = signature.to_der();
                for time in 1..=3 {
                    assert_eq!(key.verify(&Sha256::digest(message), der.as_bytes()), good, "seed {seed}, time {time}");
                }
                assert!(key.multiples.get().is_some());
            }
        }
    }

    #[test]
    fn of_a_longer_digest_the_first_256_bits_count() {
        let signing_key = SigningKey::from_slice(&[7; 32]).unwrap();
        let digest = Sha512::digest(b"message");
        let (signature, _): (Signature, _) = signing_key.sign_prehash_recoverable(&digest);
        let key = P256Key::from_sec1_bytes(signing_key.verifying_key().to_sec1_point(false).as_bytes()).unwrap();
        for _ in 1..=3 {
            assert!(key.verify(&digest, signature.to_der().as_bytes()));
            assert!(key.verify(&digest[..32], signature.to_der().as_bytes()));
            assert!(!key.verify(&digest[1..], signature.to_der().as_bytes()));
            assert!(!key.verify(&digest[..31], signature.to_der().as_bytes()));
        }
    }

    #[test]
    fn the_pieces_of_a_scalar_make_up_the_whole() {
        let multiples = Multiples::of(ProjectivePoint::GENERATOR);
        for scalar in [Scalar::ZERO, Scalar::ONE, -Scalar::ONE, Scalar::from(u64::MAX), -Scalar::from(u64::MAX)] {
            let sum = sum_of_products([(&multiples, scalar), (&GENERATOR, Scalar::ONE)]);
            assert_eq!(sum, ProjectivePoint::GENERATOR * scalar + ProjectivePoint::GENERATOR);
        }
    }
}
