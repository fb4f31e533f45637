//! The successors of certificates: for each superseded certificate the number of the one that
//! replaced it (`docs/reference/status-list.md`, section 5.1).

use std::collections::BTreeMap;

use cqm_core::{CertificateNumber, bounded_list, status::Event};
use cqm_sign::json::{self, JsonError};
use serde::{Deserialize, Serialize};

use crate::{
    IssuedTokens, gaps,
    list::events_of,
    zlib::{self, ZlibError},
};

/// The largest number of successors in a list: as many as there can be certificates.
const MOST: usize = 1 << 17;

/// The largest inflated size of the successors.
const MAX_BYTES: usize = 4 << 20;

/// The successors, one array for each property.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// The index of the first superseded certificate, then the difference of each index to the one
    /// before.
    #[serde(deserialize_with = "bounded_list::<MOST, _, _>")]
    idx: Vec<u32>,
    /// The number of the certificate that replaced each.
    #[serde(deserialize_with = "bounded_list::<MOST, _, _>")]
    number: Vec<CertificateNumber>,
}

/// Encodes successors by the index of the superseded certificate; `None` if there are none.
pub(crate) fn encode(successors: &BTreeMap<u32, CertificateNumber>) -> Result<Option<String>, serde_json::Error> {
    if successors.is_empty() {
        return Ok(None);
    }
    let number = successors.values().cloned().collect();
    let columns = Columns { idx: gaps::encode(successors.keys().copied()), number };
    Ok(Some(zlib::encode(&serde_json::to_vec(&columns)?)))
}

/// The successors, sorted by the index of the superseded certificate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Successors {
    idx: Vec<u32>,
    numbers: Vec<CertificateNumber>,
}

impl Successors {
    pub(crate) fn decode(text: &str) -> Result<Self, SuccessorsError> {
        let Columns { idx, number: numbers } = json::from_slice(&zlib::decode(text, MAX_BYTES)?)?;
        if idx.is_empty() || idx.len() != numbers.len() {
            return Err(SuccessorsError::Length { indices: idx.len(), numbers: numbers.len() });
        }
        let idx = gaps::decode(idx).map_err(|at| SuccessorsError::Index { at })?;
        Ok(Self { idx, numbers })
    }

    /// Checks that each index is that of a certificate that was superseded: its token is known, and
    /// the last of its events ends it for that reason.
    pub(crate) fn check(&self, tokens: &IssuedTokens, events: &[Event]) -> Result<(), SuccessorsError> {
        let is_superseded = |idx: u32| events_of(events, idx).last().is_some_and(Event::supersedes);
        match self.idx.iter().find(|idx| tokens.get(**idx).is_none() || !is_superseded(**idx)) {
            Some(idx) => Err(SuccessorsError::NotSuperseded { idx: *idx }),
            None => Ok(()),
        }
    }

    /// Returns the number of the certificate that replaced the one with an index.
    pub(crate) fn get(&self, idx: u32) -> Option<&CertificateNumber> {
        self.numbers.get(self.idx.binary_search(&idx).ok()?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &CertificateNumber)> {
        self.idx.iter().copied().zip(&self.numbers)
    }
}

/// The reason that successors can't be read.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum SuccessorsError {
    /// The successors are not one whole zlib stream in base64url, or there are too many.
    #[error(transparent)]
    Zlib(#[from] ZlibError),
    /// The successors are not the expected JSON object.
    #[error("is {0}")]
    Json(#[from] JsonError),
    /// There is not one number for each index, or none at all.
    #[error("has {indices} indices and {numbers} numbers, expected at least one index, and one number for each")]
    Length {
        /// The number of indices.
        indices: usize,
        /// The number of certificate numbers.
        numbers: usize,
    },
    /// An index is not larger than the one before it, or too large.
    #[error("has, as index {at}, one that is not larger than the one before it, or too large")]
    Index {
        /// The position of the index, counted from 0.
        at: usize,
    },
    /// The entry does not belong to a superseded certificate.
    #[error("names a successor of the entry {idx}, which is not that of a superseded certificate")]
    NotSuperseded {
        /// The index.
        idx: u32,
    },
}

#[cfg(test)]
mod tests {
    use cqm_core::{
        Date,
        status::{EntryStatus, Reason},
    };

    use super::*;
    use crate::{TokenDigest, tokens};

    fn number(text: &str) -> CertificateNumber {
        text.parse().unwrap()
    }

    fn read(json: &str) -> Result<Vec<(u32, String)>, SuccessorsError> {
        let successors = Successors::decode(&zlib::encode(json.as_bytes()))?;
        Ok(successors.iter().map(|(idx, number)| (idx, number.to_string())).collect())
    }

    #[test]
    fn successors_are_read_as_they_were_written() {
        let successors = BTreeMap::from([(0, number("CQM-2024-0100")), (7, number("A")), (u32::MAX, number("A"))]);
        let read = Successors::decode(&encode(&successors).unwrap().unwrap()).unwrap();
        assert!(read.iter().eq(successors.iter().map(|(idx, number)| (*idx, number))));
        assert_eq!((read.get(7), read.get(6), read.get(8)), (Some(&number("A")), None, None));
        assert_eq!(encode(&BTreeMap::new()).unwrap(), None);
    }

    #[test]
    fn each_index_is_larger_and_has_one_number() {
        assert_eq!(read(r#"{"idx":[3,1],"number":["A","B"]}"#).unwrap(), [(3, "A".into()), (4, "B".into())]);
        for wrong in [r#"{"idx":[3,0],"number":["A","B"]}"#, r#"{"idx":[3,4294967295],"number":["A","B"]}"#] {
            assert!(matches!(read(wrong), Err(SuccessorsError::Index { at: 1 })), "{wrong}");
        }
        for wrong in [r#"{"idx":[3,1],"number":["A"]}"#, r#"{"idx":[3],"number":["A","B"]}"#] {
            assert!(matches!(read(wrong), Err(SuccessorsError::Length { .. })), "{wrong}");
        }
        // Without successors the member is left out.
        assert!(matches!(read(r#"{"idx":[],"number":[]}"#), Err(SuccessorsError::Length { indices: 0, numbers: 0 })));
        for wrong in [
            r#"{"idx":[3],"number":["a"]}"#,
            r#"{"idx":[3],"number":[""]}"#,
            r#"{"idx":[3],"number":[1]}"#,
            r#"{"idx":[-3],"number":["A"]}"#,
            r#"{"idx":[3],"number":["A"],"note":1}"#,
            r#"{"idx":[3],"idx":[3],"number":["A"]}"#,
            r#"{"idx":[3]}"#,
            r#"[[3],["A"]]"#,
        ] {
            assert!(matches!(read(wrong), Err(SuccessorsError::Json(_))), "{wrong}");
        }
    }

    #[test]
    fn their_number_and_size_have_limits() {
        let count = |count: usize| {
            let columns = serde_json::json!({"idx": vec![1; count], "number": vec!["A"; count]});
            read(&columns.to_string()).map(|read| read.len())
        };
        assert_eq!(count(MOST).unwrap(), MOST);
        let error = count(MOST + 1).unwrap_err().to_string();
        assert!(error.contains("a list of more than 131072 elements"), "{error}");
        let spaces = |bytes: usize| {
            let json = r#"{"idx":[3],"number":["A"]}"#;
            read(&format!("{json}{}", " ".repeat(bytes - json.len()))).map(|read| read.len())
        };
        assert_eq!(spaces(MAX_BYTES).unwrap(), 1);
        assert!(matches!(spaces(MAX_BYTES + 1), Err(SuccessorsError::Zlib(ZlibError::TooLong { .. }))));
    }

    #[test]
    fn only_a_superseded_certificate_has_a_successor() {
        let event = |idx, status, reason, day| {
            let effective = Date::constant(2024, 1, day);
            Event { idx, status, reason, effective, recorded: effective }
        };
        use EntryStatus::{Invalid, Suspended};
        use Reason::{KeyCompromise, Superseded, VendorRequest};
        let events = [
            event(0, Invalid, KeyCompromise, 1),
            event(2, Suspended, VendorRequest, 1),
            event(2, Invalid, Superseded, 2),
            event(3, Invalid, Superseded, 1),
            event(3, Invalid, KeyCompromise, 2),
            event(4, Suspended, Superseded, 1),
            event(5, Invalid, Superseded, 1),
            event(6, Invalid, Superseded, 1),
        ];
        // Entry 5 is a label.
        let issued = [0, 1, 2, 3, 4, 6, 7].map(|idx: u32| (idx, TokenDigest::of(&idx.to_be_bytes())));
        let tokens = IssuedTokens::decode(tokens::encode(&issued.into())).unwrap();
        let check = |indices: &[u32]| {
            let numbers = vec![number("A"); indices.len()];
            Successors { idx: indices.to_vec(), numbers }.check(&tokens, &events)
        };
        assert!(check(&[2, 6]).is_ok() && check(&[6]).is_ok() && check(&[]).is_ok());
        for wrong in [0, 1, 3, 4, 5, 7, 8] {
            let mut indices = vec![2, 6, wrong];
            indices.sort_unstable();
            let is_named = |error| matches!(error, SuccessorsError::NotSuperseded { idx } if idx == wrong);
            assert!(check(&indices).is_err_and(is_named), "{wrong}");
        }
    }
}
