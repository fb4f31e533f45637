//! `cqm status publish`: the status list, signed.

use std::path::Path;

use anyhow::Context as _;
use cqm_core::UnixTime;
use cqm_files::Staged;
use cqm_keys::Role;
use cqm_register::{KnownLists, ListContents, Register};
use cqm_sign::{
    Signer as _,
    x509::{TrustStore, X509Certificate},
};
use cqm_status::{Digest, ListDraft, SignedList};
use serde_json::json;

use crate::{
    args::status::PublishArgs,
    exit::Exit,
    input, office, passphrase,
    terminal::{STRONG, outln, print_json, styled},
};

/// After a day a reader should look for a newer list.
const TTL: u64 = 86_400;

pub(super) fn run(arguments: &PublishArgs) -> anyhow::Result<Exit> {
    let stamp = office::stamp(&arguments.stamp)?;
    let signer = Publisher::load(&arguments.keys)?;
    let mut register = arguments.location.open()?;
    refuse_foreign(&arguments.out, &register.known_lists()?)?;

    let mut files = None;
    let mut expires_at = stamp.at;
    let seq = register.publish(&stamp, &mut |contents| {
        let list = signer.sign(contents, stamp.at, arguments.valid_for);
        let (list, expires) = list.map_err(anyhow::Error::into_boxed_dyn_error)?;
        let room = Staged::reserve(&[(&arguments.out, list.len())])?;
        files = Some(room);
        expires_at = expires;
        Ok(list.into_bytes())
    })?;
    let place = place(&mut register, seq, &arguments.out, files.context("no list was made")?, &stamp);
    let is_newest = place.with_context(|| {
        format!(
            "list {seq} is published in the register, but its file could not be written\n\
             hint: `cqm register export --list {seq} --out FILE` writes it"
        )
    })?;

    let out = arguments.out.display();
    if arguments.json {
        print_json(&json!({
            "file": out.to_string(), "seq": seq, "issued_at": stamp.at, "expires_at": expires_at, "newest": is_newest,
        }))?;
    } else {
        outln!("{}, good until {expires_at}", styled(STRONG, format_args!("Published status list {seq}")));
        match is_newest {
            true => outln!("  {out}"),
            false => outln!("  {out} holds a newer list already"),
        }
    }
    Ok(Exit::Valid)
}

/// Puts a list where it is read, unless a newer one is there. Says whether it did.
fn place(
    register: &mut Register,
    seq: u64,
    out: &Path,
    mut files: Staged,
    stamp: &cqm_register::Stamp,
) -> anyhow::Result<bool> {
    let placed = register.place_list(seq, stamp, |known, list| {
        let place = || {
            let there = refuse_foreign(out, known)?;
            if there.is_some_and(|there| there > seq) {
                return Ok(false);
            }
            files.fill(&[&list])?;
            match there {
                Some(_) => files.replace()?,
                None => files.persist()?,
            }
            Ok(true)
        };
        place().map_err(anyhow::Error::into_boxed_dyn_error)
    })?;
    Ok(placed)
}

/// The number of the list that a file holds; `None` if there is no file. Fails when it holds anything else.
fn refuse_foreign(path: &Path, known: &KnownLists) -> anyhow::Result<Option<u64>> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    match path.is_file().then(|| input::read(path)).transpose()?.and_then(|there| known.number_of(&there)) {
        Some(seq) => Ok(Some(seq)),
        None => anyhow::bail!(
            "`{}` exists already, and is no status list that this register published\n\
             hint: choose another name; nothing but an earlier list is replaced",
            path.display()
        ),
    }
}

/// What signs status lists, and what they name.
struct Publisher {
    signer: cqm_keys::KeyPair,
    certs: Vec<X509Certificate>,
    trust: TrustStore,
}

impl Publisher {
    fn load(dir: &Path) -> anyhow::Result<Self> {
        anyhow::ensure!(dir.is_dir(), "there is no folder `{}`\nhint: `cqm keys new` makes one", dir.display());
        let role = Role::StatusSigner;
        let signer = cqm_keys::load(dir, role, || passphrase::existing(&role.key_file()))?;
        let token_signer = dir.join(Role::TokenSigner.certificate_file());
        let mut certs = X509Certificate::from_pem_chain(&input::read_text(&token_signer)?)
            .with_context(|| format!("`{}` holds no X.509 certificate", token_signer.display()))?;
        certs.truncate(1);
        let root = dir.join(Role::Root.certificate_file());
        let trust = TrustStore::from_pem(&input::read_text(&root)?)
            .with_context(|| format!("`{}` holds no root certificate", root.display()))?;
        Ok(Self { signer, certs, trust })
    }

    /// Signs a list, and verifies it before anyone sees it. It never outlives its signer.
    fn sign(&self, contents: &ListContents, at: UnixTime, days: u16) -> anyhow::Result<(String, UnixTime)> {
        let signer = self.signer.certificates().first().context("the status signer has no X.509 certificate")?;
        let asked = at.plus_seconds(i64::from(days) * 86_400);
        let expires_at = asked.min(signer.not_after().plus_seconds(1));
        let draft = ListDraft {
            uri: contents.uri.clone(),
            issued_at: at,
            expires_at,
            ttl: TTL,
            seq: contents.seq,
            prev: contents.prev.as_deref().map(Digest::of_list),
            log_head: contents.log_head.parse()?,
            certs: self.certs.clone(),
            issued: contents.len,
            events: contents.events.clone(),
        };
        let list = draft.sign(&self.signer)?;
        let verified = SignedList::parse(list.as_bytes()).and_then(|signed| signed.verify(&self.trust));
        verified.context("what was signed does not verify, so it was not published")?;
        Ok((list, expires_at))
    }
}
