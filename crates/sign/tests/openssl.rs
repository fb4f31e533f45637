//! CMS signatures by OpenSSL are accepted, and changed ones are refused.

#![expect(clippy::print_stdout, reason = "a skipped test reports that it was skipped")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::{SystemTime, UNIX_EPOCH},
};

use cqm_sign::{
    DigestAlgorithm, SignatureAlgorithm,
    cms::{CmsError, SignedData},
    x509::{PathError, TrustStore},
};

const CONTENT: &[u8] = b"what is signed\n";

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

fn run(dir: &Path, arguments: &str) {
    let output = openssl(dir, arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "openssl {arguments}: {text}");
}

/// Makes a root and, for each key, a signer `NAME.pem` with `NAME.key`.
fn pki(keys: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("content"), CONTENT).unwrap();
    run(
        path,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root \
         -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign",
    );
    for (name, new_key) in keys {
        run(
            path,
            &format!(
                "req -x509 -CA root.pem -CAkey root.key -newkey {new_key} -nodes -keyout {name}.key -out {name}.pem -days 30 \
                 -subj /CN={name} -addext basicConstraints=critical,CA:false -addext keyUsage=critical,nonRepudiation"
            ),
        );
    }
    dir
}

const P256: &str = "ec -pkeyopt ec_paramgen_curve:P-256";
const P384: &str = "ec -pkeyopt ec_paramgen_curve:P-384";
const RSA: &str = "rsa:2048";

/// Signs with OpenSSL and these arguments.
fn sign(dir: &Path, arguments: &str) -> Vec<u8> {
    run(dir, &format!("cms -sign -binary -in content -outform DER -out cms {arguments}"));
    fs::read(dir.join("cms")).unwrap()
}

fn accepts(cms: &[u8]) -> SignedData {
    let signed = SignedData::from_foreign(cms).unwrap();
    signed.verify(&[CONTENT]).unwrap();
    signed.verify(&[b"other bytes"]).unwrap_err();
    signed
}

#[test]
fn every_algorithm() {
    if !openssl_is_there() {
        return;
    }
    let dir = pki(&[("p256", P256), ("p384", P384), ("rsa", RSA), ("odd", "rsa:2049")]);
    let dir = dir.path();
    let algorithm = |arguments: &str| accepts(&sign(dir, arguments)).algorithm();
    let pss = |digest, salt_length| SignatureAlgorithm::RsaPss { digest, salt_length };
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    for (arguments, expected) in [
        ("-signer p256.pem -inkey p256.key -md sha256", SignatureAlgorithm::EcdsaP256Sha256),
        ("-signer p256.pem -inkey p256.key -md sha384", SignatureAlgorithm::EcdsaP256Sha384),
        ("-signer p256.pem -inkey p256.key -md sha512", SignatureAlgorithm::EcdsaP256Sha512),
        ("-signer p384.pem -inkey p384.key -md sha256", SignatureAlgorithm::EcdsaP384Sha256),
        ("-signer p384.pem -inkey p384.key -md sha384", SignatureAlgorithm::EcdsaP384Sha384),
        ("-signer p384.pem -inkey p384.key -md sha512", SignatureAlgorithm::EcdsaP384Sha512),
        ("-signer rsa.pem -inkey rsa.key -md sha256", SignatureAlgorithm::RsaPkcs1Sha256),
        ("-signer rsa.pem -inkey rsa.key -md sha384", SignatureAlgorithm::RsaPkcs1Sha384),
        ("-signer rsa.pem -inkey rsa.key -md sha512", SignatureAlgorithm::RsaPkcs1Sha512),
    ] {
        assert_eq!(algorithm(arguments), expected, "{arguments}");
    }
    for (md, salt, expected) in [
        ("sha256", "digest", pss(Sha256, 32)),
        ("sha384", "digest", pss(Sha384, 48)),
        ("sha512", "digest", pss(Sha512, 64)),
        ("sha256", "max", pss(Sha256, 222)),
        ("sha256", "0", pss(Sha256, 0)),
    ] {
        let arguments = format!(
            "-signer rsa.pem -inkey rsa.key -md {md} -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:{salt}"
        );
        assert_eq!(algorithm(&arguments), expected, "{arguments}");
    }
    // A modulus of whole bytes and one bit.
    let odd = "-signer odd.pem -inkey odd.key -md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest";
    assert_eq!(algorithm(odd), pss(Sha256, 32));
    // MGF1 with another digest, and a salt of the default length, which is then not stated.
    for refused in [
        "-md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_mgf1_md:sha512",
        "-md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20",
    ] {
        let cms = sign(dir, &format!("-signer rsa.pem -inkey rsa.key {refused}"));
        let error = SignedData::from_foreign(&cms).unwrap_err();
        assert!(matches!(error, CmsError::UnsupportedSignatureAlgorithm), "{error}");
    }
    let cms = sign(dir, "-signer rsa.pem -inkey rsa.key -md sha1");
    assert!(matches!(SignedData::from_foreign(&cms), Err(CmsError::UnsupportedDigest)));
}

#[test]
fn every_form() {
    if !openssl_is_there() {
        return;
    }
    let dir = pki(&[("signer", P256), ("second", RSA)]);
    let dir = dir.path();
    let with = |arguments: &str| sign(dir, &format!("-signer signer.pem -inkey signer.key {arguments}"));
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let signed = accepts(&with(""));
    assert!(signed.signing_time().is_some_and(|time| (now - time.seconds()).abs() < 3600));
    accepts(&with("-keyid"));
    accepts(&with("-cades"));
    accepts(&with("-cades -keyid -certfile root.pem"));
    assert_eq!(accepts(&with("-noattr")).signing_time(), None);
    // A streaming OpenSSL writes BER with indefinite lengths and the content inside. Without the
    // content the signature is detached.
    let streamed = with("-stream -keyid");
    assert_eq!(streamed[..2], [0x30, 0x80]);
    assert!(matches!(SignedData::from_foreign(&streamed), Err(CmsError::ContentInside)));
    let length = u8::try_from(CONTENT.len()).unwrap();
    let inside = [&[0xa0, 0x80, 0x24, 0x80, 4, length], CONTENT, &[0; 4]].concat();
    let at = streamed.windows(inside.len()).position(|window| window == inside).unwrap();
    let detached = [&streamed[..at], &streamed[at + inside.len()..]].concat();
    accepts(&detached);
    assert!(matches!(SignedData::from_der(&detached), Err(CmsError::Malformed(_))));

    let refused = |arguments: &str| SignedData::from_foreign(&with(arguments)).unwrap_err();
    assert!(matches!(refused("-nodetach"), CmsError::ContentInside));
    assert!(matches!(refused("-nocerts"), CmsError::NoCertificate));
    assert!(matches!(refused("-signer second.pem -inkey second.key"), CmsError::SeveralSigners));
    run(dir, "cms -data_create -in content -outform DER -out cms");
    assert!(matches!(SignedData::from_foreign(&fs::read(dir.join("cms")).unwrap()), Err(CmsError::NotSignedData)));
}

#[test]
fn paths() {
    if !openssl_is_there() {
        return;
    }
    let dir = pki(&[("signer", P384)]);
    let dir = dir.path();
    let trust = TrustStore::from_pem(&fs::read_to_string(dir.join("root.pem")).unwrap()).unwrap();
    let signed = accepts(&sign(dir, "-signer signer.pem -inkey signer.key -md sha384"));
    let at = signed.signing_time().unwrap();
    let path = trust.verify_foreign_path(signed.signer(), signed.intermediates(), at).unwrap();
    assert_eq!(path.root().common_name().as_deref(), Some("Root"));
    let later = at.plus_seconds(40 * 86_400);
    let errors = trust.verify_foreign_path(signed.signer(), signed.intermediates(), later).unwrap_err();
    assert!(errors.iter().all(|error| matches!(error, PathError::Expired { .. })));
    // Another root of the same name.
    let other = pki(&[]);
    let trust = TrustStore::from_pem(&fs::read_to_string(other.path().join("root.pem")).unwrap()).unwrap();
    let errors = trust.verify_foreign_path(signed.signer(), signed.intermediates(), at).unwrap_err();
    assert!(matches!(errors[..], [PathError::BadSignature { .. }]), "{errors:?}");
}
