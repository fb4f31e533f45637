//! Publishing: what a status list says, and which lists there were.

use cqm_core::status::{Event, ListUri};

use crate::{
    Register, RegisterError, Stamp,
    action::{Action, NEXT_IDX},
    database::{DatabaseError, Value, text},
    log::sha256,
    records::event,
    register::Reader,
};

/// What a status list says.
#[derive(Debug)]
pub struct ListContents {
    /// The name of the list.
    pub uri: ListUri,
    /// Its number: 1 for the first, one more for each that follows.
    pub seq: u64,
    /// The list before it.
    pub prev: Option<Vec<u8>>,
    /// The hash of the log's last entry.
    pub log_head: String,
    /// How many entries were given out, from 0 on.
    pub len: u32,
    /// What happened to them, in the order in which it was recorded.
    pub events: Vec<Event>,
}

/// What signs a list.
pub type SignList<'a> = dyn FnMut(&ListContents) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> + 'a;

impl Register {
    /// Publishes a status list: has it signed while nobody else writes, and keeps it. Gives its number. Until it is kept
    /// it exists nowhere else, so no two lists have the same number.
    ///
    /// # Errors
    /// When `sign` fails, or the database; there is no such list then.
    pub fn publish(&mut self, stamp: &Stamp, sign: &mut SignList<'_>) -> Result<u64, RegisterError> {
        self.write(stamp, |writer| {
            let log_head = writer.head().to_owned();
            let contents = contents(&mut writer.reader, log_head)?;
            let list = sign(&contents)?;
            let ListContents { seq, log_head, .. } = contents;
            writer.append(&Action::Published { seq, list: sha256(&list), log_head }, &[&list])?;
            Ok(seq)
        })
    }

    /// Lets `place` put a list where it is read, while nobody else publishes: with the list's bytes and the number of the
    /// newest list. So an older list never replaces a newer one.
    ///
    /// # Errors
    /// When there is no such list, `place` fails, or the database does.
    pub fn place_list<T>(
        &mut self,
        seq: u64,
        stamp: &Stamp,
        place: impl FnOnce(&KnownLists, Vec<u8>) -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
    ) -> Result<T, RegisterError> {
        self.write(stamp, |writer| {
            let list = list(&mut writer.reader, seq)?;
            let known = KnownLists::read(&mut writer.reader)?;
            Ok(place(&known, list)?)
        })
    }

    /// The bytes of a list that was published.
    ///
    /// # Errors
    /// When there is none of this number, or the database fails.
    pub fn list(&mut self, seq: u64) -> Result<Vec<u8>, RegisterError> {
        self.read(|reader| list(reader, seq))
    }

    /// The lists that were published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn known_lists(&mut self) -> Result<KnownLists, RegisterError> {
        self.read(KnownLists::read)
    }
}

/// The lists that were published, by number and hash.
#[derive(Debug)]
pub struct KnownLists(Vec<(u64, String)>);

impl KnownLists {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RegisterError> {
        let rows = reader.rows("SELECT seq, list FROM lists ORDER BY seq", &[])?;
        let list = |row: &crate::database::Row| Ok((row.column(0)?, row.column(1)?));
        Ok(Self(rows.iter().map(list).collect::<Result<_, DatabaseError>>()?))
    }

    /// The number of the list with these bytes, if it was published here.
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
    let row = reader.row("SELECT list FROM lists WHERE seq = $1", &[number])?.ok_or_else(unknown)?;
    let hash: String = row.column(0).map_err(DatabaseError::from)?;
    reader.document(&hash)
}

/// What the next list says.
fn contents(reader: &mut Reader<'_>, log_head: String) -> Result<ListContents, RegisterError> {
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
    let (uri, len) = (reader.list_uri()?, reader.counter(NEXT_IDX)?);
    Ok(ListContents { uri, seq: last.map_or(1, |last| last.saturating_add(1)), prev, log_head, len, events })
}

/// Documents of certificates.
impl Register {
    /// The letter and the token of a certificate that was issued.
    ///
    /// # Errors
    /// When there is no such certificate, it was never issued, or the database fails.
    pub fn certificate_files(
        &mut self,
        number: &cqm_core::CertificateNumber,
    ) -> Result<(Vec<u8>, Vec<u8>), RegisterError> {
        self.read(|reader| {
            crate::records::certificate(reader, number)?;
            let row = reader.row("SELECT pdf, token FROM certificates WHERE number = $1", &[text(number)])?;
            let row = row.unwrap_or(crate::database::Row(Vec::new()));
            let pdf: Option<String> = row.column(0).map_err(DatabaseError::from)?;
            let token: Option<String> = row.column(1).map_err(DatabaseError::from)?;
            match pdf.zip(token) {
                Some((pdf, token)) => Ok((reader.document(&pdf)?, reader.document(&token)?)),
                None => Err(RegisterError::NotIssued { number: number.clone() }),
            }
        })
    }
}
