//! Publishing the status list.

use std::path::Path;

use cqm_core::UnixTime;
use cqm_files::Staged;
use cqm_register::{KnownLists, ListContents, PendingPlace, Register, Stamp};
use cqm_sign::Signer as _;
use cqm_status::{Digest, ListDraft, SignedList};

use crate::{OfficeError, PublishingKeys, read};

/// The seconds after which a reader should look for a newer list: a day.
const TTL: u64 = 86_400;

/// A status list that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedList {
    /// Its number.
    pub seq: u64,
    /// When it expires.
    pub expires_at: UnixTime,
    /// True if this list is in the file. False if another process has meanwhile published a newer
    /// one.
    pub is_newest: bool,
}

/// Signs the next status list, stores it in the register, and writes it to a file. An earlier list
/// of the register is replaced; no other file is.
///
/// The list is valid for `days`, but not longer than its signer. The space for the file is reserved
/// before the register stores the list.
///
/// # Errors
/// If the file exists and is not an earlier list, or a step fails. Nothing is published, except for
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
    let (list, expires_at) = sign(pending.contents(), keys, stamp.at, days)?;
    let staged = Staged::reserve(&[(out, list.len())])?;
    let seq = pending.commit(list.as_bytes())?;
    let place = || place(&register.begin_placing(seq)?, seq, out, staged);
    let is_newest = place().map_err(|error| OfficeError::PublishedButNotWritten { seq, source: Box::new(error) })?;
    Ok(PublishedList { seq, expires_at, is_newest })
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

/// Signs a list and verifies it. Returns it with its expiry.
fn sign(
    contents: &ListContents,
    keys: &PublishingKeys,
    at: UnixTime,
    days: u16,
) -> Result<(String, UnixTime), OfficeError> {
    let signer = keys.status_signer.certificates().first().ok_or(OfficeError::NoStatusSigner)?;
    let asked = at.plus_seconds(i64::from(days) * 86_400);
    // A list expires at the first second after its last.
    let expires_at = asked.min(signer.not_after().plus_seconds(1));
    let draft = ListDraft {
        uri: contents.uri.clone(),
        issued_at: at,
        expires_at,
        ttl: TTL,
        seq: contents.seq,
        prev: contents.prev.as_deref().map(Digest::of_list),
        log_head: contents.log_head.parse()?,
        certs: vec![keys.token_signer.clone()],
        issued: contents.len,
        events: contents.events.clone(),
    };
    let list = draft.sign(&keys.status_signer)?;
    SignedList::parse(list.as_bytes())
        .and_then(|signed| signed.verify(&keys.trust))
        .map_err(OfficeError::ListDoesNotVerify)?;
    Ok((list, expires_at))
}
