//! The entries of a status list, packed into bits (IETF Token Status List, section "Compressed Byte
//! Array").

use serde::{Deserialize, Serialize};

use crate::zlib::{self, ZlibError};

/// The largest inflated size of the entries: 4 MiB, which are 16,777,216 entries of two bits.
pub(crate) const MAX_BYTES: usize = 4 << 20;

/// The number of bits of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    /// 1 bit: valid or invalid.
    One,
    /// 2 bits, as in the lists of the program.
    Two,
    /// 4 bits.
    Four,
    /// 8 bits.
    Eight,
}

impl Bits {
    /// Returns the number of bits.
    pub const fn get(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    fn new(bits: u8) -> Option<Self> {
        [Self::One, Self::Two, Self::Four, Self::Eight].into_iter().find(|known| known.get() == bits)
    }

    const fn per_byte(self) -> u8 {
        8_u8.div_ceil(self.get())
    }
}

/// The claim `status_list`: the entries of a list as they are transmitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusListClaim {
    /// The number of bits of one entry: 1, 2, 4 or 8.
    pub bits: u8,
    /// The entries, compressed with zlib, in base64url.
    pub lst: String,
}

/// The entries of a list, of 1, 2, 4 or 8 bits each. The first entry is in the lowest bits of the
/// first byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Entries {
    bits: Bits,
    bytes: Vec<u8>,
}

impl Entries {
    /// Packs values of two bits. `filling` is the value of the remaining entries in the last byte.
    pub(crate) fn of_two_bits(values: impl Iterator<Item = u8>, filling: u8) -> Self {
        let mut bytes = Vec::with_capacity(values.size_hint().0.div_ceil(4));
        let mut values = values.peekable();
        while values.peek().is_some() {
            let quarters = [0_u8, 2, 4, 6].map(|shift| (values.next().unwrap_or(filling) & 3) << shift);
            bytes.push(quarters.into_iter().fold(0, |byte, quarter| byte | quarter));
        }
        Self { bits: Bits::Two, bytes }
    }

    /// Reads the claim `status_list`.
    ///
    /// # Errors
    /// Fails if the number of bits is not 1, 2, 4 or 8, or if `lst` is not the base64url of one
    /// whole zlib stream of at most 4 MiB.
    pub fn decode(claim: &StatusListClaim) -> Result<Self, EntriesError> {
        let bits = Bits::new(claim.bits).ok_or(EntriesError::Bits { found: claim.bits })?;
        Ok(Self { bits, bytes: zlib::decode(&claim.lst, MAX_BYTES)? })
    }

    /// Returns the claim `status_list` with these entries.
    pub(crate) fn encode(&self) -> StatusListClaim {
        StatusListClaim { bits: self.bits.get(), lst: zlib::encode(&self.bytes) }
    }

    /// Returns the number of bits of one entry.
    pub fn bits(&self) -> Bits {
        self.bits
    }

    /// Returns the number of entries.
    pub fn len(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX).saturating_mul(self.bits.per_byte().into())
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the value of an entry; `None` beyond the end.
    pub fn get(&self, idx: u32) -> Option<u8> {
        let (per_byte, bits) = (u32::from(self.bits.per_byte()), u32::from(self.bits.get()));
        let byte = *self.bytes.get(usize::try_from(idx.checked_div(per_byte)?).ok()?)?;
        let shift = idx.checked_rem(per_byte)?.saturating_mul(bits);
        let mask = u8::MAX.unbounded_shr(8_u32.saturating_sub(bits));
        Some(byte.unbounded_shr(shift) & mask)
    }

    /// Returns the first entry of two bits that was given out, and was not in `later`.
    pub(crate) fn first_taken_back(&self, later: &Self) -> Option<u32> {
        let pairs = self.bytes.iter().zip(later.bytes.iter().map(Some).chain(core::iter::repeat(None)));
        let bits = pairs.map(|(byte, later)| given_out(*byte) & !later.map_or(0, |later| given_out(*later)));
        let (bits, at) = bits.zip(0_u32..).find(|(bits, _)| *bits != 0)?;
        Some(at.saturating_mul(4).saturating_add(bits.trailing_zeros() / 2))
    }

    /// Returns the indices and values of all entries that are not 0.
    pub fn iter_set(&self) -> impl Iterator<Item = (u32, u8)> {
        let per_byte = self.bits.per_byte();
        self.bytes.iter().zip(0_u32..).filter(|(byte, _)| **byte != 0).flat_map(move |(_, at)| {
            let first = at.saturating_mul(per_byte.into());
            (0..per_byte).filter_map(move |offset| {
                let idx = first.saturating_add(offset.into());
                self.get(idx).filter(|value| *value != 0).map(|value| (idx, value))
            })
        })
    }
}

/// Has the lower bit of each two-bit entry set that was given out: whose value is not 3.
fn given_out(byte: u8) -> u8 {
    !(byte & byte.unbounded_shr(1)) & 0b0101_0101
}

/// Writes only the number of entries, because a list can have millions.
impl core::fmt::Debug for Entries {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Entries").field("bits", &self.bits).field("len", &self.len()).finish_non_exhaustive()
    }
}

/// The reason that a claim `status_list` can't be read.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// The number of bits is not 1, 2, 4 or 8.
    #[error("`bits` is {found}, expected 1, 2, 4 or 8")]
    Bits {
        /// Returns the number of bits.
        found: u8,
    },
    /// The entries are not one whole zlib stream in base64url, or there are too many.
    #[error("`lst` {0}")]
    Zlib(#[from] ZlibError),
}

#[cfg(test)]
mod tests {
    use cqm_core::status::NOT_ISSUED;

    use super::*;

    #[test]
    fn the_first_entry_is_in_the_lowest_bits() {
        // The examples of the IETF draft, in the section "Compressed Byte Array" and its appendix.
        let one = Entries { bits: Bits::One, bytes: vec![0xb9, 0xa3] };
        let values: Vec<_> = (0..17).map(|idx| one.get(idx)).collect();
        let expected = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1].map(Some);
        assert_eq!((&values[..16], values[16]), (&expected[..], None));
        let two = Entries { bits: Bits::Two, bytes: vec![0xc9, 0x44, 0xf9] };
        let values: Vec<_> = (0..12).filter_map(|idx| two.get(idx)).collect();
        assert_eq!(values, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
        assert_eq!(Entries::of_two_bits(values.into_iter(), 0), two);
        assert_eq!(two.iter_set().take(3).collect::<Vec<_>>(), [(0, 1), (1, 2), (3, 3)]);
        assert_eq!(two.iter_set().last(), Some((11, 3)));
        assert_eq!((two.len(), two.get(12), two.get(u32::MAX)), (12, None, None));
    }

    #[test]
    fn the_last_byte_is_filled_up() {
        let entries = Entries::of_two_bits([1, 0, 2, 0, 1].into_iter(), 3);
        assert_eq!((0..8).filter_map(|idx| entries.get(idx)).collect::<Vec<_>>(), [1, 0, 2, 0, 1, 3, 3, 3]);
        assert!(Entries::of_two_bits([].into_iter(), 3).is_empty());
    }

    #[test]
    fn an_entry_that_was_given_out_stays_so() {
        let entries = |values: &[u8]| Entries::of_two_bits(values.iter().copied(), NOT_ISSUED);
        let earlier = entries(&[0, 1, 2, 3, 0, 0]);
        for (later, expected) in [
            (&[0, 1, 2, 3, 0, 0][..], None),
            (&[1, 2, 0, 0, 1, 2, 0, 0, 0], None),
            (&[3, 1, 2, 3, 0, 0], Some(0)),
            (&[0, 1, 3, 3, 0, 0], Some(2)),
            (&[0, 1, 2, 3, 0, 3, 0, 0], Some(5)),
            (&[0, 1, 2, 3], Some(4)),
            (&[], Some(0)),
        ] {
            assert_eq!(earlier.first_taken_back(&entries(later)), expected, "{later:?}");
        }
        assert_eq!(entries(&[]).first_taken_back(&earlier), None);
        assert_eq!(entries(&[3, 3, 3, 3]).first_taken_back(&entries(&[])), None);
    }

    #[test]
    fn only_the_four_numbers_of_bits_are_read() {
        let lst = zlib::encode(&[0]);
        for bits in 0..=u8::MAX {
            let claim = StatusListClaim { bits, lst: lst.clone() };
            assert_eq!(Entries::decode(&claim).is_ok(), [1, 2, 4, 8].contains(&bits), "{bits}");
        }
    }
}
