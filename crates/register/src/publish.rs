//! Publishing status lists, and placing them where banks read them.

use std::collections::BTreeMap;

use cqm_core::{
    CertificateNumber,
    status::{EntryStatus, Event, ListUri, Reason},
};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, NEXT_IDX},
    database::{Row, UnexpectedValue, Value, text},
    history::event,
    log::sha256,
    register::{Reader, Transaction},
};

/// The contents of a status list.
#[derive(Debug)]
pub struct ListContents {
    /// The name of the list.
    pub uri: ListUri,
    /// Its number: 1 for the first list, then one more for each.
    pub seq: u64,
    /// The list before it, as it was signed.
    pub prev: Option<Vec<u8>>,
    /// The hash of the log's newest entry.
    pub log_head: String,
    /// The number of entries that were given out, from 0 on.
    pub len: u32,
    /// The tokens that were issued: the entry of each certificate, and the SHA-256 of its token in
    /// hexadecimal digits.
    pub tokens: Vec<(u32, String)>,
    /// The events of the entries, in the order in which they were recorded.
    pub events: Vec<Event>,
    /// The number of the certificate that superseded each other one, by the entry of the superseded
    /// certificate.
    pub successors: BTreeMap<u32, CertificateNumber>,
}

impl Register {
    /// Begins to publish the next status list. Waits until another writer ends.
    ///
    /// # Errors
    /// If the database fails.
    pub fn begin_publish(&mut self, stamp: &Stamp) -> Result<PendingList<'_>, RegisterError> {
        let mut transaction = self.begin()?;
        let contents = contents(&mut transaction.reader())?;
        Ok(PendingList { transaction, stamp: stamp.clone(), contents })
    }

    /// Begins to place a published list where banks read it. Waits until another writer ends.
    ///
    /// # Errors
    /// If there is no such list, or the database fails.
    pub fn begin_placing(&mut self, seq: u64) -> Result<PendingPlace<'_>, RegisterError> {
        let mut transaction = self.begin()?;
        let mut reader = transaction.reader();
        let list = list(&mut reader, seq)?;
        let known = KnownLists::read(&mut reader)?;
        Ok(PendingPlace { _transaction: transaction, list, known })
    }

    /// The bytes of a published list.
    ///
    /// # Errors
    /// If there is no such list, or the database fails.
    pub fn list(&mut self, seq: u64) -> Result<Vec<u8>, RegisterError> {
        self.read(|reader| list(reader, seq))
    }

    /// All published lists.
    ///
    /// # Errors
    /// If the database fails.
    pub fn known_lists(&mut self) -> Result<KnownLists, RegisterError> {
        self.read(KnownLists::read)
    }
}

/// A status list that has its number and is not signed yet.
///
/// No one else writes to the register while it lives, so no two lists have the same number.
/// [`commit`](Self::commit) publishes the list; dropping it leaves the register as it was.
#[must_use = "dropping it publishes nothing"]
pub struct PendingList<'a> {
    transaction: Transaction<'a>,
    stamp: Stamp,
    contents: ListContents,
}

impl PendingList<'_> {
    /// The contents to sign.
    pub fn contents(&self) -> &ListContents {
        &self.contents
    }

    /// Stores the signed list and returns its number.
    ///
    /// # Errors
    /// If the database fails. Nothing is published.
    pub fn commit(self, list: &[u8]) -> Result<u64, RegisterError> {
        let Self { mut transaction, stamp, contents: ListContents { seq, log_head, .. } } = self;
        transaction.append(&stamp, &Action::Published { seq, list: sha256(list), log_head }, &[list])?;
        transaction.commit()?;
        Ok(seq)
    }
}

/// A published list that is being placed where banks read it.
///
/// No one else publishes or places a list while it lives, so an older list cannot replace a newer
/// one. It changes nothing in the register; dropping it ends the placing.
#[must_use = "dropping it ends the placing"]
pub struct PendingPlace<'a> {
    _transaction: Transaction<'a>,
    list: Vec<u8>,
    known: KnownLists,
}

impl PendingPlace<'_> {
    /// The bytes of the list.
    pub fn list(&self) -> &[u8] {
        &self.list
    }

    /// All published lists, to recognize the one that is there.
    pub fn known(&self) -> &KnownLists {
        &self.known
    }
}

/// All published lists, by number and hash.
#[derive(Debug)]
pub struct KnownLists(Vec<(u64, String)>);

impl KnownLists {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RegisterError> {
        let rows = reader.rows("SELECT seq, list FROM lists ORDER BY seq", &[])?;
        let list = |row: &Row| Ok((row.column(0)?, row.column(1)?));
        Ok(Self(rows.iter().map(list).collect::<Result<_, UnexpectedValue>>()?))
    }

    /// The number of the list with these bytes, or `None` if this register did not publish it.
    pub fn number_of(&self, list: &[u8]) -> Option<u64> {
        let hash = sha256(list);
        self.0.iter().find(|(_, known)| *known == hash).map(|(seq, _)| *seq)
    }

    /// The number of the newest list.
    pub fn newest(&self) -> Option<u64> {
        self.0.last().map(|(seq, _)| *seq)
    }
}

fn list(reader: &mut Reader<'_>, seq: u64) -> Result<Vec<u8>, RegisterError> {
    let unknown = || RegisterError::Unknown { what: "status list", name: seq.to_string() };
    let number: Value = i64::try_from(seq).unwrap_or(i64::MAX).into();
    let row = reader.first_row("SELECT list FROM lists WHERE seq = $1", &[number])?.ok_or_else(unknown)?;
    let hash: String = row.column(0)?;
    reader.document(&hash)
}

/// The contents of the next list.
fn contents(reader: &mut Reader<'_>) -> Result<ListContents, RegisterError> {
    let (_, log_head) = reader.log_head()?;
    let last: Option<u64> = reader.one("SELECT MAX(seq) FROM lists", &[])?;
    let prev = match last {
        Some(last) => Some(list(reader, last)?),
        None => None,
    };
    let mut events = Vec::new();
    let sql = "SELECT idx, status, reason, effective, recorded FROM events ORDER BY id";
    reader.connection.each(sql, &[], &mut |row| {
        events.push(event(&row)?);
        Ok(())
    })?;
    let mut tokens = Vec::new();
    let sql = "SELECT idx, token FROM certificates WHERE idx IS NOT NULL AND token IS NOT NULL ORDER BY idx";
    reader.connection.each(sql, &[], &mut |row| {
        tokens.push((row.column(0)?, row.column(1)?));
        Ok(())
    })?;
    let successors = successors(reader, &events)?;
    let (uri, len) = (reader.list_uri()?, reader.counter(NEXT_IDX)?);
    let seq = last.map_or(1, |last| last.saturating_add(1));
    Ok(ListContents { uri, seq, prev, log_head, len, tokens, events, successors })
}

/// The successors of superseded certificates.
///
/// A certificate supersedes those of its holder from its own first day on. So of the later
/// certificates of the holder that begin on the day of the event, the first is the successor.
fn successors(reader: &mut Reader<'_>, events: &[Event]) -> Result<BTreeMap<u32, CertificateNumber>, RegisterError> {
    let mut successors = BTreeMap::new();
    let sql = "SELECT earlier.idx, later.number \
               FROM (SELECT idx, MIN(effective) AS day FROM events \
                     WHERE status = $1 AND reason = $2 GROUP BY idx) ended \
               JOIN certificates earlier ON earlier.idx = ended.idx \
               JOIN certificates later ON later.holder = earlier.holder \
                    AND later.idx > earlier.idx AND later.valid_from = ended.day \
               ORDER BY earlier.idx, later.idx";
    let superseded = [text(EntryStatus::Invalid), text(Reason::Superseded)];
    reader.connection.each(sql, &superseded, &mut |row| {
        successors.entry(row.column(0)?).or_insert(row.parsed(1)?);
        Ok(())
    })?;
    // A list names a successor only if the certificate stays superseded.
    let mut last: BTreeMap<u32, &Event> = BTreeMap::new();
    for event in events.iter().filter(|event| successors.contains_key(&event.idx)) {
        let last = last.entry(event.idx).or_insert(event);
        if last.effective <= event.effective {
            *last = event;
        }
    }
    successors.retain(|idx, _| last.get(idx).is_some_and(|event| event.supersedes()));
    Ok(successors)
}
