//! Algorithms and their parameters (RFC 5754, RFC 5758, RFC 8419, RFC 4055).

use super::*;

/// Names this digest and makes the message digest with it.
fn set_digest(parts: &mut Parts, digest: DigestAlgorithm) {
    let id = match digest {
        DigestAlgorithm::Sha256 => SHA_256,
        DigestAlgorithm::Sha384 => SHA_384,
        DigestAlgorithm::Sha512 => SHA_512,
    };
    parts.digest = der(0x30, &[&oid(id)]);
    parts.digests = vec![parts.digest.clone()];
    attributes(parts)[1] = message_digest(digest);
}

#[test]
fn parameters_of_digests_are_absent_or_null() {
    let digest = |parameters: &[u8]| {
        let mut parts = Parts::new(Key::p256(7));
        parts.digest = der(0x30, &[&oid(SHA_256), parameters]);
        parts.digests = vec![parts.digest.clone()];
        parts.der()
    };
    accepted_outside_the_profile(&digest(&[5, 0]));
    verify(&digest(&[])).unwrap().check_profile().unwrap();
    assert!(matches!(verify(&digest(&[5, 1, 0])), Err(CmsError::UnsupportedDigest)));
    assert!(matches!(verify(&digest(&[4, 0])), Err(CmsError::UnsupportedDigest)));
}

#[test]
fn digests() {
    let sha1 = || der(0x30, &[&oid("1.3.14.3.2.26"), &[5, 0]]);
    refused!(Key::p256(7), |parts| parts.digest = sha1(), CmsError::UnsupportedDigest);
    // An unsupported digest before the content that is not the signer's.
    accepted!(Key::p256(7), |parts| parts.digests.push(der(0x30, &[&oid("1.3.14.3.2.26"), &[5, 0]])));
    refused!(Key::p256(7), |parts| parts.digests = vec![sha1()], CmsError::UnsupportedDigest);
}

/// Makes a CMS with an ECDSA signature over this digest, under this OID.
fn ecdsa(key: Key, digest: DigestAlgorithm, id: &str) -> Vec<u8> {
    let mut parts = Parts::new(key.clone());
    set_digest(&mut parts, digest);
    parts.algorithm = der(0x30, &[&oid(id)]);
    parts.signs = Some(Box::new(move |signed| {
        let digest = digest.digest(&[signed]);
        match &key {
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            Key::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            _ => unreachable!(),
        }
    }));
    parts.der()
}

const ECDSA_SHA_256: &str = "1.2.840.10045.4.3.2";
const ECDSA_SHA_384: &str = "1.2.840.10045.4.3.3";
const ECDSA_SHA_512: &str = "1.2.840.10045.4.3.4";

#[test]
fn a_digest_for_ecdsa_may_be_stronger_or_weaker_than_the_curve() {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    for (key, digest, id, expected) in [
        (Key::p256(7), Sha384, ECDSA_SHA_384, SignatureAlgorithm::EcdsaP256Sha384),
        (Key::p256(7), Sha512, ECDSA_SHA_512, SignatureAlgorithm::EcdsaP256Sha512),
        (Key::p384(7), Sha256, ECDSA_SHA_256, SignatureAlgorithm::EcdsaP384Sha256),
        (Key::p384(7), Sha512, ECDSA_SHA_512, SignatureAlgorithm::EcdsaP384Sha512),
    ] {
        let signed = accepted_outside_the_profile(&ecdsa(key, digest, id));
        assert_eq!(signed.algorithm(), expected);
        // The profile refuses the algorithm itself, not only the encoding.
        assert!(matches!(signed.check_profile(), Err(CmsError::UnsupportedSignatureAlgorithm)));
    }
    let of_no_profile = SignedData::from_der(&ecdsa(Key::p256(7), Sha384, ECDSA_SHA_384));
    assert!(matches!(of_no_profile, Err(CmsError::UnsupportedSignatureAlgorithm)));
    verify(&ecdsa(Key::p384(7), Sha384, ECDSA_SHA_384)).unwrap();
    // The content and the signature have different digests.
    let differs = verify(&ecdsa(Key::p256(7), Sha512, ECDSA_SHA_256));
    assert!(matches!(differs, Err(CmsError::DigestForSignature { digest: Sha512, .. })));
}

#[test]
fn parameters_of_ecdsa_and_ed25519_are_absent() {
    for (key, id) in [(Key::p256(7), ECDSA_SHA_256), (Key::ed25519(7), "1.3.101.112")] {
        changed(key.clone(), |parts| parts.algorithm = der(0x30, &[&oid(id)])).unwrap();
        refused!(
            key,
            |parts| parts.algorithm = der(0x30, &[&oid(id), &[5, 0]]),
            CmsError::UnsupportedSignatureAlgorithm
        );
    }
}

#[test]
fn ed25519_goes_with_sha_512() {
    refused!(
        Key::ed25519(7),
        |parts| set_digest(parts, DigestAlgorithm::Sha256),
        CmsError::DigestForSignature { digest: DigestAlgorithm::Sha256, .. }
    );
}

#[test]
fn keys_of_another_kind() {
    refused!(
        Key::p256(7),
        |parts| parts.algorithm = der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
        CmsError::Signature(SignatureError::WrongAlgorithm { .. })
    );
    refused!(
        Key::p256(7),
        |parts| parts.algorithm = pss_identifier(&Pss256::default()),
        CmsError::Signature(SignatureError::WrongAlgorithm { .. })
    );
}

#[test]
fn rsa_pkcs1() {
    fn rsa(digest: DigestAlgorithm, identifier: Vec<u8>) -> Vec<u8> {
        let key = Key::rsa();
        let mut parts = Parts::new(key.clone());
        set_digest(&mut parts, digest);
        parts.algorithm = identifier;
        parts.signs = Some(Box::new(move |signed| {
            let Key::Rsa(key) = &key else { unreachable!() };
            let hash = digest.digest(&[signed]);
            let padding = match digest {
                DigestAlgorithm::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
                DigestAlgorithm::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
                DigestAlgorithm::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
            };
            key.sign(padding, &hash).unwrap()
        }));
        parts.der()
    }
    let rsa_encryption = "1.2.840.113549.1.1.1";
    for (digest, id) in [
        (DigestAlgorithm::Sha256, "1.2.840.113549.1.1.11"),
        (DigestAlgorithm::Sha384, "1.2.840.113549.1.1.12"),
        (DigestAlgorithm::Sha512, "1.2.840.113549.1.1.13"),
    ] {
        // RFC 4055 section 5: the parameters are NULL, and absent ones must be accepted.
        verify(&rsa(digest, der(0x30, &[&oid(id), &[5, 0]]))).unwrap();
        verify(&rsa(digest, der(0x30, &[&oid(id)]))).unwrap();
        let other = verify(&rsa(digest, der(0x30, &[&oid(id), &[4, 0]])));
        assert!(matches!(other, Err(CmsError::UnsupportedSignatureAlgorithm)));
        // RFC 3370 section 3.2: the parameters are NULL.
        verify(&rsa(digest, der(0x30, &[&oid(rsa_encryption), &[5, 0]]))).unwrap();
        let absent = verify(&rsa(digest, der(0x30, &[&oid(rsa_encryption)])));
        assert!(matches!(absent, Err(CmsError::UnsupportedSignatureAlgorithm)));
    }
    let differs = verify(&rsa(DigestAlgorithm::Sha512, der(0x30, &[&oid("1.2.840.113549.1.1.11"), &[5, 0]])));
    assert!(matches!(differs, Err(CmsError::DigestForSignature { .. })));
    let sha1 = verify(&rsa(DigestAlgorithm::Sha256, der(0x30, &[&oid("1.2.840.113549.1.1.5"), &[5, 0]])));
    assert!(matches!(sha1, Err(CmsError::UnsupportedSignatureAlgorithm)));
}

/// The parameters of RSASSA-PSS as whole elements. The default is SHA-256 with a salt of 32.
struct Pss256 {
    hash: Vec<u8>,
    mask: Vec<u8>,
    salt: Vec<u8>,
    trailer: Vec<u8>,
}

fn hash(id: &str) -> Vec<u8> {
    der(0xa0, &[&der(0x30, &[&oid(id), &[5, 0]])])
}

fn mask(id: &str) -> Vec<u8> {
    let generator = der(0x30, &[&oid("1.2.840.113549.1.1.8"), &der(0x30, &[&oid(id), &[5, 0]])]);
    der(0xa1, &[&generator])
}

impl Default for Pss256 {
    fn default() -> Self {
        Self { hash: hash(SHA_256), mask: mask(SHA_256), salt: der(0xa2, &[&[2, 1, 32]]), trailer: vec![] }
    }
}

fn pss_identifier(parameters: &Pss256) -> Vec<u8> {
    let Pss256 { hash, mask, salt, trailer } = parameters;
    der(0x30, &[&oid("1.2.840.113549.1.1.10"), &der(0x30, &[hash, mask, salt, trailer])])
}

fn pss_signature(key: &Key, digest: DigestAlgorithm, salt: usize, signed: &[u8]) -> Vec<u8> {
    let Key::Rsa(key) = key else { unreachable!() };
    let (mut rng, hash) = (rsa::rand_core::UnwrapErr(getrandom::SysRng), digest.digest(&[signed]));
    match digest {
        DigestAlgorithm::Sha256 => key.sign_with_rng(&mut rng, Pss::<Sha256>::new_with_salt(salt), &hash),
        DigestAlgorithm::Sha384 => key.sign_with_rng(&mut rng, Pss::<Sha384>::new_with_salt(salt), &hash),
        DigestAlgorithm::Sha512 => key.sign_with_rng(&mut rng, Pss::<Sha512>::new_with_salt(salt), &hash),
    }
    .unwrap()
}

/// Makes a CMS that is signed with this digest and salt, and states this identifier.
fn pss(digest: DigestAlgorithm, salt: usize, identifier: Vec<u8>) -> Vec<u8> {
    let key = Key::rsa();
    let mut parts = Parts::new(key.clone());
    set_digest(&mut parts, digest);
    parts.algorithm = identifier;
    parts.signs = Some(Box::new(move |signed| pss_signature(&key, digest, salt, signed)));
    parts.der()
}

fn salt(length: u16) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    let integer = match (high, low) {
        (0, 0..=0x7f) => vec![2, 1, low],
        _ => vec![2, 2, high, low],
    };
    der(0xa2, &[&integer])
}

#[test]
fn rsa_pss_of_every_digest_and_salt() {
    for (digest, id, length) in [
        (DigestAlgorithm::Sha256, SHA_256, 32_u16),
        (DigestAlgorithm::Sha384, SHA_384, 48),
        (DigestAlgorithm::Sha512, SHA_512, 64),
    ] {
        // The longest salt for 3072 bits is the default of OpenSSL.
        let longest = 384 - 2 * length + length - 2;
        for stated in [length, 0, 20, longest] {
            let parameters = Pss256 { hash: hash(id), mask: mask(id), salt: salt(stated), ..Pss256::default() };
            let cms = pss(digest, usize::from(stated), pss_identifier(&parameters));
            let signed = accepted_outside_the_profile(&cms);
            assert_eq!(signed.algorithm(), SignatureAlgorithm::RsaPss { digest, salt_length: stated });
        }
    }
}

#[test]
fn rsa_pss_parameters_are_stated_and_alike() {
    let verdict = |change: fn(&mut Pss256)| {
        let mut parameters = Pss256::default();
        change(&mut parameters);
        verify(&pss(DigestAlgorithm::Sha256, 32, pss_identifier(&parameters)))
    };
    verdict(|_| ()).unwrap();
    verdict(|parameters| parameters.trailer = der(0xa3, &[&[2, 1, 1]])).unwrap();
    // The digests have no parameters.
    verdict(|parameters| {
        let digest = der(0x30, &[&oid(SHA_256)]);
        parameters.hash = der(0xa0, &[&digest]);
        parameters.mask = der(0xa1, &[&der(0x30, &[&oid("1.2.840.113549.1.1.8"), &digest])]);
    })
    .unwrap();
    let refused: [fn(&mut Pss256); 12] = [
        |parameters| parameters.trailer = der(0xa3, &[&[2, 1, 2]]),
        // Nothing stated means SHA-1 and a salt of 20.
        |parameters| parameters.hash.clear(),
        |parameters| parameters.mask.clear(),
        |parameters| parameters.salt.clear(),
        |parameters| *parameters = Pss256 { hash: vec![], mask: vec![], salt: vec![], trailer: vec![] },
        // MGF1 and the message have different digests.
        |parameters| parameters.mask = mask(SHA_512),
        // The mask generator is not MGF1.
        |parameters| {
            let generator = der(0x30, &[&oid("1.2.3.4"), &der(0x30, &[&oid(SHA_256)])]);
            parameters.mask = der(0xa1, &[&generator]);
        },
        |parameters| parameters.salt = der(0xa2, &[&[2, 1, 0xff]]),
        |parameters| parameters.salt = der(0xa2, &[&[2, 3, 1, 0, 0]]),
        |parameters| parameters.salt = der(0xa2, &[&[2, 1, 32], &[2, 1, 32]]),
        |parameters| parameters.trailer = der(0xa4, &[&[2, 1, 1]]),
        |parameters| parameters.hash = hash("1.3.14.3.2.26"),
    ];
    for (at, change) in refused.into_iter().enumerate() {
        let verdict = verdict(change);
        assert!(matches!(verdict, Err(CmsError::UnsupportedSignatureAlgorithm)), "{at}: {verdict:?}");
    }
    let absent = verify(&pss(DigestAlgorithm::Sha256, 32, der(0x30, &[&oid("1.2.840.113549.1.1.10")])));
    assert!(matches!(absent, Err(CmsError::UnsupportedSignatureAlgorithm)));
}

#[test]
fn rsa_pss_is_as_its_parameters_say() {
    let identifier = pss_identifier(&Pss256::default());
    verify(&pss(DigestAlgorithm::Sha256, 32, identifier.clone())).unwrap();
    // Salts of another length than stated, and a length that no signature has room for.
    for made in [31, 33, 0] {
        let verdict = verify(&pss(DigestAlgorithm::Sha256, made, identifier.clone()));
        assert!(matches!(verdict, Err(CmsError::Signature(SignatureError::Invalid))));
    }
    let huge = Pss256 { salt: salt(0x7fff), ..Pss256::default() };
    let verdict = verify(&pss(DigestAlgorithm::Sha256, 32, pss_identifier(&huge)));
    assert!(matches!(verdict, Err(CmsError::Signature(SignatureError::Invalid))));
    // The signer info names another digest (RFC 4056 section 3).
    let other = pss(DigestAlgorithm::Sha512, 32, identifier);
    assert!(matches!(verify(&other), Err(CmsError::DigestForSignature { .. })));
}
