//! Publishing the status list.

use std::{collections::BTreeMap, path::Path};

use cqm_core::UnixTime;
use cqm_files::Staged;
use cqm_register::{KnownLists, ListContents, PendingPlace, Register, Stamp};
use cqm_sign::{Signer as _, x509::Crl};
use cqm_status::{Digest, ListDraft, TokenDigest};

use crate::{OfficeError, PublishingKeys, read};

/// The seconds after which a reader should look for a newer list: a day.
const TTL: u64 = 86_400;

/// A status list that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedList {
    /// Its number.
    pub seq: u64,
    /// When it expires.
    pub expires_at: UnixTime,
    /// The issuer of the CRL that makes the list expire earlier than asked for.
    pub shortened_by: Option<String>,
    /// True if this list is in the file. False if another process has meanwhile published a newer
    /// one.
    pub is_newest: bool,
}

/// Signs the next status list, stores it in the register, and writes it to a file. An earlier list
/// of the register is replaced; no other file is.
///
/// The list contains the current CRLs of the folder. It is valid for `days`, but not longer than
/// its signer, and not after the next CRL is due. The space for the file is reserved before the
/// register stores the list.
///
/// # Errors
/// If the file exists and is not an earlier list, an authority above the signers has no current
/// CRL, or a step fails. Nothing is published, except for
/// [`OfficeError::PublishedButNotWritten`].
pub fn publish(
    register: &mut Register,
    keys: &PublishingKeys,
    out: &Path,
    days: u16,
    stamp: &Stamp,
) -> Result<PublishedList, OfficeError> {
    published_number(out, &register.known_lists()?)?;
    let pending = register.begin_publish(stamp)?;
    let SignedList { list, expires_at, shortened_by } = sign(pending.contents(), keys, stamp.at, days)?;
    let staged = Staged::reserve(&[(out, list.len())])?;
    let seq = pending.commit(list.as_bytes())?;
    let place = || place(&register.begin_placing(seq)?, seq, out, staged);
    let is_newest = place().map_err(|error| OfficeError::PublishedButNotWritten { seq, source: Box::new(error) })?;
    Ok(PublishedList { seq, expires_at, shortened_by, is_newest })
}

/// Writes a list to its file, unless a newer one is there. Returns whether it was written.
fn place(pending: &PendingPlace<'_>, seq: u64, out: &Path, mut staged: Staged) -> Result<bool, OfficeError> {
    let there = published_number(out, pending.known())?;
    if there.is_some_and(|there| there > seq) {
        return Ok(false);
    }
    staged.fill(&[pending.list()])?;
    match there {
        Some(_) => staged.replace()?,
        None => staged.persist()?,
    }
    Ok(true)
}

/// The number of the list in a file, or `None` if there is no file. Refuses a file that is not a
/// list of this register.
fn published_number(path: &Path, known: &KnownLists) -> Result<Option<u64>, OfficeError> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let number = if path.is_file() { known.number_of(&read::bytes(path)?) } else { None };
    match number {
        Some(seq) => Ok(Some(seq)),
        None => Err(OfficeError::NotAnEarlierList { path: path.to_owned() }),
    }
}

/// A list that was signed and verified.
struct SignedList {
    list: String,
    expires_at: UnixTime,
    shortened_by: Option<String>,
}

/// Signs a list and verifies it.
fn sign(contents: &ListContents, keys: &PublishingKeys, at: UnixTime, days: u16) -> Result<SignedList, OfficeError> {
    let signer = keys.status_signer.certificates().first().ok_or(OfficeError::NoStatusSigner)?;
    let asked = at.plus_seconds(i64::from(days) * 86_400);
    // A list expires at the first second after its last.
    let mut expires_at = asked.min(signer.not_after().plus_seconds(1));
    let crls = current_crls(keys, at)?;
    let first_due = crls.iter().min_by_key(|crl| crl.next_update()).filter(|crl| crl.next_update() < expires_at);
    if let Some(crl) = first_due {
        expires_at = crl.next_update();
    }
    let shortened_by = first_due.map(|crl| crl.issuer().to_owned());
    let draft = ListDraft {
        uri: contents.uri.clone(),
        issued_at: at,
        expires_at,
        ttl: TTL,
        seq: contents.seq,
        prev: contents.prev.as_deref().map(Digest::of_list),
        log_head: contents.log_head.parse()?,
        crls,
        issued: contents.len,
        tokens: tokens(contents)?,
        events: contents.events.clone(),
        successors: contents.successors.clone(),
    };
    let list = draft.sign(&keys.status_signer)?;
    cqm_status::SignedList::parse(list.as_bytes())
        .and_then(|signed| signed.verify(&keys.trust))
        .map_err(OfficeError::ListDoesNotVerify)?;
    Ok(SignedList { list, expires_at, shortened_by })
}

/// Returns the newest CRL of every authority above the signers, and the current CRLs of all other
/// authorities, such as one whose signers were replaced.
fn current_crls(keys: &PublishingKeys, at: UnixTime) -> Result<Vec<Crl>, OfficeError> {
    let is_current = |crl: &Crl| crl.this_update() <= at && at < crl.next_update();
    let mut crls: Vec<Crl> = Vec::new();
    for authority in &keys.authorities {
        let own = keys.crls.iter().filter(|crl| crl.is_issued_by(authority));
        let newest = own.max_by_key(|crl| (is_current(crl), crl.this_update()));
        let Some(crl) = newest else { return Err(OfficeError::NoCrl { authority: authority.subject() }) };
        if !is_current(crl) {
            let (this_update, next_update) = (crl.this_update(), crl.next_update());
            let authority = authority.subject();
            return Err(OfficeError::CrlNotCurrent { authority, this_update, next_update, issued_at: at });
        }
        crls.push(crl.clone());
    }
    let of_others = |crl: &&Crl| !keys.authorities.iter().any(|authority| crl.is_issued_by(authority));
    crls.extend(keys.crls.iter().filter(of_others).filter(|crl| is_current(crl)).cloned());
    Ok(crls)
}

/// Returns the digests by which the list names the tokens.
fn tokens(contents: &ListContents) -> Result<BTreeMap<u32, TokenDigest>, OfficeError> {
    let digest = |(idx, sha256): &(u32, String)| {
        let Digest(sha256) = sha256.parse().map_err(|_| OfficeError::TokenHash { idx: *idx })?;
        Ok((*idx, TokenDigest::from_sha256(sha256)))
    };
    contents.tokens.iter().map(digest).collect()
}
