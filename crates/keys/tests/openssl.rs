//! OpenSSL reads the keys of this crate, and this crate those of OpenSSL.

#![expect(clippy::print_stdout, reason = "a skipped test prints why")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cqm_core::UnixTime;
use cqm_keys::{
    Crl, CrlReason, KeyAlgorithm, KeyError, Passphrase, Pki, PkiOptions, Revocation, Role, SigningKey, Validity,
    system_rng,
};
use cqm_sign::{DigestAlgorithm, x509::Purpose};

const START: UnixTime = UnixTime::new(1_672_531_200); // 2023-01-01T00:00:00Z

/// Returns whether OpenSSL is installed. Fails if it is missing and `CQM_INTEROP` requires it.
fn openssl_is_there() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    if !there {
        assert_ne!(std::env::var("CQM_INTEROP").as_deref(), Ok("required"), "openssl is missing");
        println!("skipped: openssl is missing");
    }
    there
}

fn openssl(dir: &Path, arguments: &str) -> Output {
    Command::new("openssl").args(arguments.split_whitespace()).current_dir(dir).output().unwrap()
}

/// The output of a call that must succeed.
fn accepts(dir: &Path, arguments: &str) -> String {
    let output = openssl(dir, arguments);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "openssl {arguments}: {text}");
    text
}

/// The output of a call that must fail.
fn refuses(dir: &Path, arguments: &str) -> String {
    let output = openssl(dir, arguments);
    let text = [output.stdout, output.stderr].concat();
    assert!(!output.status.success(), "openssl {arguments} succeeded");
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn openssl_reads_the_keys_and_verifies_their_signatures() {
    if !openssl_is_there() {
        return;
    }
    let (dir, mut rng) = (tempfile::tempdir().unwrap(), system_rng().unwrap());
    let dir = dir.path();
    let passphrase = Passphrase::try_from("sesame".to_owned()).unwrap();
    // RSA 4096 shares the code of RSA 3072, and its generation takes seconds.
    for algorithm in KeyAlgorithm::ALL.into_iter().filter(|&algorithm| algorithm != KeyAlgorithm::Rsa4096) {
        let key = SigningKey::generate(algorithm, &mut rng).unwrap();
        fs::write(dir.join("plain"), key.to_pem().unwrap()).unwrap();
        fs::write(dir.join("encrypted"), key.to_encrypted_pem(&passphrase, &mut rng).unwrap()).unwrap();
        accepts(dir, "pkey -in plain -noout -check");
        accepts(dir, "pkey -in encrypted -passin pass:sesame -pubout -outform DER -out public");
        assert_eq!(fs::read(dir.join("public")).unwrap(), key.spki());
        refuses(dir, "pkey -in encrypted -passin pass:sesamE -noout");

        fs::write(dir.join("message"), "message").unwrap();
        fs::write(dir.join("signature"), key.sign(b"message").unwrap()).unwrap();
        let digest = match (algorithm, key.algorithm().digest()) {
            (KeyAlgorithm::Ed25519, _) => "",
            (_, DigestAlgorithm::Sha256) => "-digest sha256",
            (_, DigestAlgorithm::Sha384) => "-digest sha384",
            (_, DigestAlgorithm::Sha512) => "-digest sha512",
        };
        let verify = format!("pkeyutl -verify -rawin {digest} -pubin -inkey public -keyform DER -sigfile signature");
        accepts(dir, &format!("{verify} -in message"));
        refuses(dir, &format!("{verify} -in plain"));
    }
}

#[test]
fn the_keys_of_openssl_are_read() {
    if !openssl_is_there() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let read = |name: &str, passphrase: &str| {
        let passphrase = Passphrase::try_from(passphrase.to_owned()).unwrap();
        SigningKey::from_pem(&fs::read_to_string(dir.join(name)).unwrap(), Some(&passphrase))
    };
    for kind in [
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "RSA -pkeyopt rsa_keygen_bits:3072",
        "RSA -pkeyopt rsa_keygen_bits:4096",
        "ED25519",
    ] {
        accepts(dir, &format!("genpkey -algorithm {kind} -out plain"));
        accepts(dir, "pkey -in plain -pubout -outform DER -out public");
        let spki = fs::read(dir.join("public")).unwrap();
        assert_eq!(read("plain", "unused").unwrap().spki(), spki);
        for encryption in ["-scrypt", "-v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 10000", "-v2 aes-128-cbc"] {
            accepts(dir, &format!("pkcs8 -topk8 -in plain {encryption} -passout pass:sesame -out encrypted"));
            assert_eq!(read("encrypted", "sesame").unwrap().spki(), spki, "{kind} {encryption}");
            assert_eq!(read("encrypted", "sesamE").unwrap_err(), KeyError::WrongPassphrase);
        }
    }

    // Unsupported algorithms and sizes, and a file that takes too long to decrypt.
    accepts(dir, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521");
    assert!(matches!(read("p521", "unused"), Err(KeyError::Algorithm { .. })));
    accepts(dir, "genpkey -algorithm X25519 -out x25519");
    assert!(matches!(read("x25519", "unused"), Err(KeyError::Algorithm { .. })));
    accepts(dir, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa2048");
    assert_eq!(read("rsa2048", "unused").unwrap_err(), KeyError::RsaSize { bits: 2048 });
    let costly = "-scrypt -scrypt_N 16384 -scrypt_r 8 -scrypt_p 65";
    accepts(dir, &format!("pkcs8 -topk8 -in plain {costly} -passout pass:sesame -out costly"));
    assert_eq!(read("costly", "sesame").unwrap_err(), KeyError::DerivationCost);
}

#[test]
fn openssl_verifies_the_chains_and_the_crls() {
    if !openssl_is_there() {
        return;
    }
    let (parent, mut rng) = (tempfile::tempdir().unwrap(), system_rng().unwrap());
    let dir = parent.path().join("keys");
    let options = PkiOptions { valid_from: START, years: 40, document_signer: KeyAlgorithm::P256 };
    let pki = Pki::generate(&options, &mut rng).unwrap();
    pki.write(&dir, None, &mut rng).unwrap();

    let verify = format!(
        "verify -x509_strict -crl_check_all -attime {} -CAfile root.pem -CRLfile root.crl.pem -untrusted issuing-ca.pem",
        START.seconds() + 60
    );
    for role in Role::SIGNERS {
        accepts(&dir, &format!("{verify} -CRLfile issuing-ca.crl.pem {}", role.certificate_file()));
        // Without its CRL, the issuing CA may have revoked the signer.
        let text = refuses(&dir, &format!("{verify} {}", role.certificate_file()));
        assert!(text.contains("unable to get certificate CRL"), "{text}");
    }
    for (file, length) in [("root.pem", 1), ("issuing-ca.pem", 0)] {
        let text = accepts(&dir, &format!("x509 -in {file} -noout -text"));
        assert!(text.contains(&format!("CA:TRUE, pathlen:{length}")), "{text}");
        assert!(text.contains("Certificate Sign, CRL Sign"), "{text}");
        assert!(text.contains("Not Before: Jan  1 00:00:00 2023"), "{text}");
        assert!(text.contains("Not After : Dec 31 23:59:59 2062"), "{text}");
    }
    let text = accepts(&dir, "x509 -in document-signer.pem -noout -text");
    assert!(text.contains("CA:FALSE") && text.contains("Digital Signature, Non Repudiation\n"), "{text}");
    let usages: Vec<_> = Purpose::DocumentSigning.oids().collect();
    assert!(text.contains(&usages.join(", ")), "{text}");

    // A CRL of each CA that revokes what is below it, and its twin that revokes nothing.
    let validity = Validity::new(START, START.plus_seconds(86_400)).unwrap();
    let revoke = |issuer, revoked: &[Role]| {
        let revocation = |role: &Role| Revocation {
            certificate: pki.key_pair(*role).certificate(),
            reason: CrlReason::KeyCompromise,
            at: START,
        };
        let revocations: Vec<_> = revoked.iter().map(revocation).collect();
        Crl::issue(pki.key_pair(issuer), 2, validity, &revocations).unwrap().to_pem().unwrap()
    };
    let verify = "verify -x509_strict -crl_check_all -CAfile root.pem -untrusted issuing-ca.pem -CRLfile above.pem";
    let verify = format!("{verify} -CRLfile below.pem -attime {}", START.seconds() + 60);
    let write = |above: &[Role], below: &[Role]| {
        fs::write(dir.join("above.pem"), revoke(Role::Root, above)).unwrap();
        fs::write(dir.join("below.pem"), revoke(Role::IssuingCa, below)).unwrap();
    };
    for role in Role::SIGNERS {
        let verify = format!("{verify} {}", role.certificate_file());
        write(&[], &[]);
        accepts(&dir, &verify);
        for (above, below) in [(&[][..], &[role][..]), (&[Role::IssuingCa], &[])] {
            write(above, below);
            let text = refuses(&dir, &verify);
            assert!(text.contains("certificate revoked"), "{text}");
        }
    }
    write(&[], &[Role::DocumentSigner]);
    accepts(&dir, &format!("{verify} token-signer.pem"));
    let text = accepts(&dir, "crl -in below.pem -noout -text");
    assert!(text.contains("Key Compromise"), "{text}");
}
