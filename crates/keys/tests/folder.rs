//! Key pairs in a folder are written all or none, and loaded only if they are safe to use.

#![expect(clippy::print_stdout, reason = "a skipped test prints why")]

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use cqm_core::UnixTime;
use cqm_files::FileError;
use cqm_keys::{
    CertificateRequest, KeyAlgorithm, KeyError, KeyPairError, LoadError, Passphrase, Pki, PkiOptions, Profile, Role,
    SigningKey, Validity, WriteError, certificate_pem, is_test_key, load, system_rng,
};
use cqm_sign::{Signer, x509::Purpose};
use tempfile::TempDir;

const START: UnixTime = UnixTime::new(1_672_531_200); // 2023-01-01T00:00:00Z

fn pki() -> Pki {
    let options = PkiOptions { valid_from: START, years: 10, document_signer: KeyAlgorithm::P256 };
    Pki::generate(&options, &mut system_rng().unwrap()).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::try_from(text.to_owned()).unwrap()
}

/// A folder of keys inside a temporary folder.
fn folder(pki: &Pki, secret: Option<&str>) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("keys");
    pki.write(&dir, secret.map(passphrase).as_ref(), &mut system_rng().unwrap()).unwrap();
    (parent, dir)
}

fn not_asked() -> Result<Passphrase, Box<dyn Error + Send + Sync>> {
    panic!("no key here is encrypted")
}

fn verifies(signer: &dyn Signer) {
    let signature = signer.sign(b"message").unwrap();
    let key = signer.certificates()[0].public_key().unwrap();
    key.verify(signer.algorithm(), b"message", &signature).unwrap();
    key.verify(signer.algorithm(), b"messagE", &signature).unwrap_err();
}

#[test]
fn every_role_is_loaded_as_it_was_written() {
    let pki = pki();
    let (_parent, dir) = folder(&pki, None);
    for role in Role::ALL {
        let pair = load(&dir, role, not_asked).unwrap();
        assert_eq!(pair.certificates(), pki.key_pair(role).certificates());
        verifies(&pair);
    }
}

#[test]
fn an_encrypted_key_opens_only_with_its_passphrase() {
    let (_parent, dir) = folder(&pki(), Some("correct horse"));
    verifies(&load(&dir, Role::DocumentSigner, || Ok(passphrase("correct horse"))).unwrap());

    for wrong in ["correct horsf", "correct horse ", "Correct horse"] {
        let error = load(&dir, Role::DocumentSigner, || Ok(passphrase(wrong))).unwrap_err();
        assert!(matches!(&error, LoadError::Key { error: KeyError::WrongPassphrase, .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("orse"), "{error:?}");
    }
    let error = load(&dir, Role::DocumentSigner, || Err("no terminal".into())).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "no terminal");
    assert_eq!(format!("{:?}", passphrase("correct horse")), "Passphrase(..)");
}

#[test]
fn an_empty_passphrase_is_refused() {
    assert!(Passphrase::try_from(String::new()).is_err());
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_private_keys() {
    let (_parent, dir) = folder(&pki(), None);
    assert_eq!(mode(&dir), 0o700);
    for role in Role::ALL {
        let key = dir.join(role.key_file());
        assert_eq!(mode(&key), 0o600);
        for exposed in [0o604, 0o640, 0o644, 0o620] {
            chmod(&key, exposed);
            let error = load(&dir, role, not_asked).unwrap_err();
            assert!(matches!(&error, LoadError::Exposed { mode, .. } if *mode == exposed), "{error:?}");
            assert!(error.to_string().contains(&format!("chmod 600 {}", key.display())), "{error}");
        }
        for safe in [0o600, 0o400] {
            chmod(&key, safe);
            load(&dir, role, not_asked).unwrap();
        }
    }
}

/// The exposed file is refused before the passphrase is requested.
#[cfg(unix)]
#[test]
fn an_exposed_encrypted_key_is_refused_too() {
    let (_parent, dir) = folder(&pki(), Some("secret"));
    chmod(&dir.join("document-signer.key.pem"), 0o644);
    let error = load(&dir, Role::DocumentSigner, not_asked).unwrap_err();
    assert!(matches!(error, LoadError::Exposed { .. }), "{error:?}");
}

/// In a clone, git sets the mode of the test keys.
#[cfg(unix)]
#[test]
fn the_committed_test_keys_are_exempt() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys-test");
    let parent = tempfile::tempdir().unwrap();
    for role in Role::ALL {
        for name in [role.key_file(), role.certificate_file()] {
            fs::copy(committed.join(&name), parent.path().join(&name)).unwrap();
            chmod(&parent.path().join(&name), 0o644);
        }
        let pair = load(parent.path(), role, not_asked).unwrap();
        assert!(is_test_key(pair.key().spki()));
        verifies(&pair);
    }
}

#[test]
fn key_and_certificate_must_match() {
    let (_parent, dir) = folder(&pki(), None);
    let (token, status) = (dir.join("token-signer.key.pem"), dir.join("status-signer.key.pem"));
    fs::rename(&token, dir.join("kept")).unwrap();
    fs::rename(&status, &token).unwrap();
    let error = load(&dir, Role::TokenSigner, not_asked).unwrap_err();
    assert!(
        matches!(&error, LoadError::KeyPair { error: KeyPairError::Mismatch { key, certificate }, .. } if key != certificate),
        "{error:?}"
    );
    fs::rename(dir.join("kept"), &token).unwrap();
    load(&dir, Role::TokenSigner, not_asked).unwrap();
}

/// Two certificates, for two purposes, but of one key.
#[test]
fn a_key_in_two_roles_is_refused() {
    let pki = pki();
    let (_parent, dir) = folder(&pki, None);
    let validity = Validity::of_years(START, 10).unwrap();
    let (token, issuer) = (pki.key_pair(Role::TokenSigner), pki.key_pair(Role::IssuingCa));
    let mut rng = system_rng().unwrap();
    let mut certify = |profile| {
        let request = CertificateRequest::new("CN=Another name", token.key().spki(), profile, validity).unwrap();
        certificate_pem(&request.issue(issuer, &mut rng).unwrap()).unwrap()
    };
    let shared = certify(Profile::Signer(Purpose::StatusListSigning));
    let authority = certify(Profile::Authority { path_len: Some(0) });
    for (other, certificate) in [(Role::StatusSigner, &shared), (Role::IssuingCa, &authority)] {
        load(&dir, Role::TokenSigner, not_asked).unwrap();
        let other = dir.join(other.certificate_file());
        let before = fs::read(&other).unwrap();
        fs::write(&other, certificate).unwrap();
        let error = load(&dir, Role::TokenSigner, not_asked).unwrap_err();
        assert!(matches!(&error, LoadError::SharedKey { other: named, .. } if *named == other), "{error:?}");
        assert!(error.to_string().contains("hint: "), "{error}");
        load(&dir, Role::DocumentSigner, not_asked).unwrap();
        fs::write(&other, before).unwrap();
    }
    // The CA that the signer itself brings.
    let chain = dir.join("token-signer.pem");
    let before = fs::read_to_string(&chain).unwrap();
    fs::write(&chain, before + &authority).unwrap();
    let error = load(&dir, Role::TokenSigner, not_asked).unwrap_err();
    assert!(
        matches!(&error, LoadError::KeyPair { error: KeyPairError::KeyOfAuthority { subject }, .. } if subject == "CN=Another name"),
        "{error:?}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let (_parent, dir) = folder(&pki(), None);
    for name in ["document-signer.pem", "document-signer.key.pem"] {
        fs::rename(dir.join(name), dir.join("kept")).unwrap();
        let error = load(&dir, Role::DocumentSigner, not_asked).unwrap_err();
        assert!(matches!(&error, LoadError::Missing { path } if *path == dir.join(name)), "{error:?}");
        fs::rename(dir.join("kept"), dir.join(name)).unwrap();
    }
    load(&dir, Role::DocumentSigner, not_asked).unwrap();
}

#[test]
fn files_other_than_keys_are_refused() {
    let (_parent, dir) = folder(&pki(), None);
    let path = dir.join("document-signer.key.pem");
    let good = fs::read_to_string(&path).unwrap();
    let refused = |content: &[u8]| {
        fs::write(&path, content).unwrap();
        load(&dir, Role::DocumentSigner, not_asked).unwrap_err()
    };
    let not_pem = |error: &LoadError| matches!(error, LoadError::Key { error: KeyError::NotPem, .. });
    assert!(not_pem(&refused(b"")));
    assert!(not_pem(&refused(b"no PEM at all")));
    assert!(not_pem(&refused(&good.as_bytes()[..good.len() / 2])));
    assert!(matches!(refused(&[0x30, 0x81, 0x87, 0x02]), LoadError::NotText { .. }));
    assert!(matches!(refused(&vec![b'x'; 2 << 20]), LoadError::TooLarge { size: 2_097_152, .. }));

    let certificate = fs::read(dir.join("issuing-ca.pem")).unwrap();
    let error = refused(&certificate);
    assert!(
        matches!(&error, LoadError::Key { error: KeyError::Label { label }, .. } if label == "CERTIFICATE"),
        "{error:?}"
    );
    let older = good.replace("PRIVATE KEY", "EC PRIVATE KEY");
    let LoadError::Key { error, .. } = refused(older.as_bytes()) else { panic!("another error") };
    assert!(error.to_string().contains("openssl pkcs8 -topk8"), "{error}");

    fs::write(&path, &good).unwrap();
    load(&dir, Role::DocumentSigner, not_asked).unwrap();
}

#[test]
fn files_other_than_certificates_are_refused() {
    let (_parent, dir) = folder(&pki(), None);
    let path = dir.join("document-signer.pem");
    let good = fs::read_to_string(&path).unwrap();
    for bad in ["", "no PEM at all", &fs::read_to_string(dir.join("root.crl.pem")).unwrap()] {
        fs::write(&path, bad).unwrap();
        let error = load(&dir, Role::DocumentSigner, not_asked).unwrap_err();
        assert!(matches!(error, LoadError::Certificate { .. }), "{error:?}");
    }
    fs::write(&path, &good).unwrap();
    load(&dir, Role::DocumentSigner, not_asked).unwrap();
}

#[test]
fn intermediates_are_kept_and_the_root_is_not() {
    let mut rng = system_rng().unwrap();
    let validity = Validity::of_years(START, 10).unwrap();
    let root = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
    let authority = |subject, key: &SigningKey, path_len| {
        CertificateRequest::new(subject, key.spki(), Profile::Authority { path_len }, validity).unwrap()
    };
    let root_certificate = authority("CN=Root", &root, Some(1)).self_sign(&root, &mut rng).unwrap();
    let root = cqm_keys::KeyPair::new(root, vec![root_certificate]).unwrap();

    let intermediate = SigningKey::generate(KeyAlgorithm::P256, &mut rng).unwrap();
    let intermediate_certificate = authority("CN=Between", &intermediate, Some(0)).issue(&root, &mut rng).unwrap();
    let intermediate = cqm_keys::KeyPair::new(intermediate, vec![intermediate_certificate]).unwrap();

    let leaf = SigningKey::generate(KeyAlgorithm::Ed25519, &mut rng).unwrap();
    let profile = Profile::Signer(Purpose::DocumentSigning);
    let leaf_certificate = CertificateRequest::new("CN=Signer", leaf.spki(), profile, validity)
        .unwrap()
        .issue(&intermediate, &mut rng)
        .unwrap();

    let (_parent, dir) = folder(&pki(), None);
    let chain = [&leaf_certificate, intermediate.certificate(), root.certificate()];
    let text: String = chain.iter().map(|certificate| certificate_pem(certificate).unwrap()).collect();
    fs::write(dir.join("token-signer.pem"), text).unwrap();
    fs::write(dir.join("token-signer.key.pem"), leaf.to_pem().unwrap()).unwrap();
    let pair = load(&dir, Role::TokenSigner, not_asked).unwrap();
    assert_eq!(pair.certificates(), [leaf_certificate.clone(), intermediate.certificate().clone()]);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_half_written() {
    let pki = pki();
    let (_parent, complete) = folder(&pki, None);
    for entry in complete.read_dir().unwrap() {
        let name = entry.unwrap().file_name();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(&name), "mine").unwrap();
        let error = pki.write(dir.path(), None, &mut system_rng().unwrap()).unwrap_err();
        assert!(
            matches!(&error, WriteError::File(FileError::Exists { path }) if *path == dir.path().join(&name)),
            "{error:?}"
        );
        assert_eq!(fs::read_to_string(dir.path().join(&name)).unwrap(), "mine");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "only the existing file");
    }
    // Other files in the folder do no harm.
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("README.md"), "mine").unwrap();
    pki.write(dir.path(), None, &mut system_rng().unwrap()).unwrap();
    assert_eq!(dir.path().read_dir().unwrap().count(), 1 + 2 * Role::ALL.len() + 2);
}

/// A check that follows links would not find it.
#[cfg(unix)]
#[test]
fn a_dangling_link_counts_as_a_file() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", dir.path().join("root.pem")).unwrap();
    let error = pki().write(dir.path(), None, &mut system_rng().unwrap()).unwrap_err();
    assert!(matches!(error, WriteError::File(FileError::Exists { .. })), "{error:?}");
}

#[test]
fn a_folder_that_cannot_be_created_is_named() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("file"), "mine").unwrap();
    for dir in [parent.path().join("file"), parent.path().join("absent/keys")] {
        let error = pki().write(&dir, None, &mut system_rng().unwrap()).unwrap_err();
        assert!(matches!(&error, WriteError::File(FileError::Folder { path, .. }) if *path == dir), "{error:?}");
    }
    assert_eq!(parent.path().read_dir().unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_gets_nothing() {
    let dir = tempfile::tempdir().unwrap();
    chmod(dir.path(), 0o500);
    if fs::write(dir.path().join("probe"), "").is_ok() {
        println!("skipped: this user (root) may write into read-only folders");
        return;
    }
    let error = pki().write(dir.path(), None, &mut system_rng().unwrap()).unwrap_err();
    assert!(matches!(error, WriteError::File(FileError::Write { .. })), "{error:?}");
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

/// A core dump of the process would contain the keys.
#[cfg(target_os = "linux")]
#[test]
fn a_process_with_keys_writes_no_core_dump() {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
    let (_parent, dir) = folder(&pki(), None);
    load(&dir, Role::TokenSigner, not_asked).unwrap();
    assert_eq!(getrlimit(Resource::Core).current, Some(0));
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
}
