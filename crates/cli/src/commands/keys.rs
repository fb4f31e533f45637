//! `cqm keys`: makes a test PKI.

use cqm_files::shown;
use cqm_keys::{KeyAlgorithm, Pki, PkiOptions, Role, system_rng};

use crate::{
    args::{KeysArgs, KeysCommand, KeysNewArgs},
    clock,
    exit::Exit,
    passphrase,
    terminal::{FAINT, STRONG, outln, print_warning, styled},
};

/// Viewers that call an Ed25519 signature of a PDF invalid.
pub(crate) const VIEWERS_WITHOUT_ED25519: &str = "Okular, Evince and other viewers built on poppler";

pub(crate) fn run(arguments: &KeysArgs) -> anyhow::Result<Exit> {
    match &arguments.command {
        KeysCommand::New(arguments) => new(arguments),
    }
}

fn new(arguments: &KeysNewArgs) -> anyhow::Result<Exit> {
    let valid_from = match arguments.valid_from {
        Some(date) => date,
        None => clock::today()?,
    };
    if arguments.document_signer == KeyAlgorithm::Ed25519 {
        print_warning(format_args!("{VIEWERS_WITHOUT_ED25519} call an Ed25519 signature of a PDF invalid"));
    }
    let passphrase = match arguments.encrypt {
        true => Some(passphrase::new().map_err(anyhow::Error::from_boxed)?),
        false => None,
    };
    let mut rng = system_rng()?;
    let options = PkiOptions {
        valid_from: valid_from.start(),
        years: arguments.years.into(),
        document_signer: arguments.document_signer,
    };
    let pki = Pki::generate(&options, &mut rng)?;
    pki.write(&arguments.dir, passphrase.as_ref(), &mut rng)?;

    let dir = shown(&arguments.dir);
    outln!("{} in {dir}", styled(STRONG, "A test PKI"));
    for (role, purpose) in [
        (Role::Root, "banks trust this root: publish root.pem, lock root.key.pem away"),
        (Role::IssuingCa, "issues the certificates of the signers below"),
        (Role::DocumentSigner, "signs the PDF"),
        (Role::TokenSigner, "signs the certificate token"),
        (Role::StatusSigner, "signs status lists"),
    ] {
        let certificate = role.certificate_file();
        let algorithm = pki.key_pair(role).key().algorithm();
        outln!("  {certificate:<20} {purpose} {}", styled(FAINT, format_args!("({algorithm})")));
    }
    for (file, _) in pki.crls() {
        outln!("  {file:<20} lists revoked X.509 certificates: none yet");
    }
    outln!("The private keys are in NAME.key.pem; only you can read them.");
    Ok(Exit::Valid)
}
