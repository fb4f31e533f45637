//! Issues the X.509 certificates and CRLs of the public test keys again:
//!
//! ```text
//! cargo run -p cqm-keys --example make_test_keys -- keys-test
//! ```
//!
//! The private keys in the folder are used as they are, so the same keys give the same files, and a
//! test compares them.

use std::{convert::Infallible, env, error::Error, fs, path::Path};

use cqm_core::UnixTime;
use cqm_keys::{KeyAlgorithm, Pki, PkiOptions, Role, SigningKey, system_rng};
use rand_core::{TryCryptoRng, TryRng};

const OPTIONS: PkiOptions = PkiOptions {
    valid_from: UnixTime::new(1_672_531_200), // 2023-01-01T00:00:00Z
    years: 10,
    document_signer: KeyAlgorithm::P256,
};

fn main() -> Result<(), Box<dyn Error>> {
    let [folder] = &*env::args().skip(1).collect::<Vec<_>>() else { return Err("expected KEYS_FOLDER".into()) };
    let folder = Path::new(folder);
    let made = tempfile::tempdir()?;
    pki(folder)?.write(made.path(), None, &mut system_rng()?)?;
    for file in fs::read_dir(made.path())? {
        let file = file?;
        fs::write(folder.join(file.file_name()), fs::read(file.path())?)?;
    }
    Ok(())
}

/// The PKI of the private keys in a folder.
pub(crate) fn pki(folder: &Path) -> Result<Pki, Box<dyn Error>> {
    for file in Role::ALL.map(|role| folder.join(role.key_file())) {
        fs::metadata(&file).map_err(|error| format!("`{}`: {error}", file.display()))?;
    }
    let key = |role: Role, _: &mut Serials| {
        let text = fs::read_to_string(folder.join(role.key_file())).unwrap_or_default();
        SigningKey::from_pem(&text, None)
    };
    Ok(Pki::certify(&OPTIONS, key, &mut Serials(0))?)
}

/// Numbers for the serial numbers of the X.509 certificates, the same in each run. Nothing else is
/// made of them.
struct Serials(u8);

impl TryRng for Serials {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    /// The next number, in the last octet of as many as are asked for.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0 = self.0.wrapping_add(1);
        bytes.fill(0);
        if let Some(last) = bytes.last_mut() {
            *last = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Serials {}
